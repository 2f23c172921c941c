"""`kerasrun reproduce`: train a run again, and compare."""

import click

from kerasrun.cli.completion import complete_runs
from kerasrun.cli.options import as_paths, import_option, output_option, verbose_option


@click.command(short_help="Train a run again, and compare to the bit.")
@click.argument("run", shell_complete=complete_runs)
@click.option("--name", metavar="NAME", help="The new run's name.  [default: the time]")
@output_option
@import_option
@verbose_option
def reproduce(run: str, name: str | None, output: str | None, imports: tuple[str, ...], verbose: bool) -> None:
    """Train RUN again as a new run: its folder, its name, or latest.

    Where weights or history are not the same to the bit, it names what differs and ends with exit code 3.

    \b
    Examples:
      kerasrun reproduce latest
      kerasrun reproduce from-a-friend/sine/first --output outputs
    """
    from kerasrun.cli.console import show_training
    from kerasrun.runs.reproduce import reproduce_run

    show_training(reproduce_run(run, name, output, as_paths(imports), verbose), every_epoch=verbose)
