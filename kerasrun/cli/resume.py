"""`kerasrun resume`: go on with a run that was broken off."""

from typing import Any

import click

from kerasrun.cli.completion import complete_runs, complete_settings
from kerasrun.cli.options import as_paths, every_epoch_option, import_option, output_option, quiet_option


@click.command(short_help="Go on with a run that was broken off.")
@click.argument("run", shell_complete=complete_runs)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=complete_settings,
    help="More epochs or steps, or other output: training.epochs=20. Repeatable.",
)
@output_option
@import_option
@quiet_option
@every_epoch_option
def resume(
    run: str, overrides: tuple[str, ...], output: str | None, imports: tuple[str, ...], quiet: bool, verbose: bool
) -> None:
    """Go on with RUN: its folder, its name, or latest.

    It ends with the same bits as if it had never been broken off.

    \b
    Examples:
      kerasrun resume latest
      kerasrun resume outputs/sine/first --set training.epochs=4000
    """
    from kerasrun.runs.resumable import find_resumable

    go_on(find_resumable(run, None, overrides, as_paths(imports), output), quiet, verbose)


def go_on(resumable: Any, quiet: bool, verbose: bool) -> None:
    """Train what is left of a run, or say that nothing is."""
    if resumable.is_finished:
        click.echo(str(resumable.run.path) if quiet else f"{resumable.run.path}: this run is finished; {HINT}")
        return
    from kerasrun.cli.console import show_training
    from kerasrun.runs.train import resume_run

    show_training(resume_run(resumable, verbose), quiet, every_epoch=verbose)


HINT = "for more, --set training.epochs or training.steps to a larger number"
