"""`kerasrun report`: a run, or several, as one page of HTML."""

import click

from kerasrun.cli.completion import complete_runs
from kerasrun.cli.options import output_option


@click.command(short_help="Write a run, or several, as one page of HTML.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", shell_complete=complete_runs)
@click.option(
    "-o",
    "file",
    metavar="FILE",
    help="Where the page goes.  [default: report.html in the run; compared.html for several]",
)
@output_option
def report(runs: tuple[str, ...], file: str | None, output: str | None) -> None:
    """Write RUN as a page that needs no server and no network: its folder, its name, or latest.

    A training writes it when it ends. This writes it again, or for a run still going, broken off, or of an older
    version: with what there is, and a word on what is missing. Several RUNs, or a pattern of names, make one page that
    compares them.

    \b
    Examples:
      kerasrun report latest
      kerasrun report latest -o page.html
      kerasrun report 'digits/*' -o digits.html
    """
    from kerasrun.runs.past.report import report_runs

    click.echo(report_runs(runs, file, output))
