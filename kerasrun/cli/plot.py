"""`kerasrun plot`: draw a run, or a saved history, again."""

import click

from kerasrun.cli.completion import complete_folders, complete_histories
from kerasrun.cli.options import format_option, output_option


@click.command(short_help="Draw the pictures of a run, or of a saved history.")
@click.argument("histories", nargs=-1, required=True, metavar="HISTORY...", shell_complete=complete_histories)
@click.option(
    "-o",
    "folder",
    metavar="DIR",
    shell_complete=complete_folders,
    help="Where the pictures go; of several histories the picture too.  "
    "[default: plots/ of the run, else beside the file; of several here]",
)
@format_option
@output_option
def plot(histories: tuple[str, ...], folder: str | None, formats: tuple[str, ...], output: str | None) -> None:
    """Draw HISTORY: a history.json (kerasrun's or Keras's own), a run's folder, its name, or `latest`.

    Of a run that has ended these are all pictures of what its model made of its rows too; TensorFlow is not needed.
    Several histories are laid over one another in one picture, compared.png.

    \b
    Examples:
      kerasrun plot latest
      kerasrun plot history.json -o pictures --format svg
      kerasrun plot first second 'digits/*'
    """
    from kerasrun.runs.past.overlay import plot_histories

    for path in plot_histories(histories, folder, formats, output):
        click.echo(path)
