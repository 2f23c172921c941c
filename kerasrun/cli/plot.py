"""`kerasrun plot`: draw a saved history again."""

import click

from kerasrun.cli.completion import complete_folders, complete_histories
from kerasrun.cli.options import output_option


@click.command(short_help="Draw loss and metrics of a saved history.")
@click.argument("history", shell_complete=complete_histories)
@click.option(
    "-o",
    "folder",
    metavar="DIR",
    shell_complete=complete_folders,
    help="Where the pictures go.  [default: plots/ of the run, else beside the file]",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["png", "svg", "pdf"]),
    default=["png"],
    help="Repeatable.  [default: png]",
)
@output_option
def plot(history: str, folder: str | None, formats: tuple[str, ...], output: str | None) -> None:
    """Draw HISTORY: a history.json (kerasrun's or Keras's own), a run's folder, its name, or `latest`.

    \b
    Examples:
      kerasrun plot latest
      kerasrun plot history.json -o pictures --format svg
    """
    from kerasrun.runs.past.plot import plot_history

    for path in plot_history(history, folder, formats, output):
        click.echo(path)
