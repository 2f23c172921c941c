"""`kerasrun watch`: follow a run from another terminal."""

import click

from kerasrun.cli.completion import complete_runs
from kerasrun.cli.options import output_option


@click.command(short_help="Follow a run from another terminal.")
@click.argument("run", shell_complete=complete_runs)
@click.option("-v", "--verbose", is_flag=True, help="Show every epoch, however fast.")
@output_option
def watch(run: str, verbose: bool, output: str | None) -> None:
    """Follow RUN until it ends: its folder, its name, or latest.

    It ends with the run's own exit code: 0 where it finished. Ctrl-C ends the watching, and not the run.

    \b
    Examples:
      kerasrun watch latest
      kerasrun watch sine/first && kerasrun evaluate sine/first
    """
    import shutil

    from kerasrun.cli.console import show_watching
    from kerasrun.runs.past.watch import watch_run

    lines = max(3, shutil.get_terminal_size().lines - 6)
    show_watching(watch_run(run, output, lines, verbose))
