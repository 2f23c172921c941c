"""`kerasrun report`: a run as one page of HTML."""

import click

from kerasrun.cli.completion import complete_runs
from kerasrun.cli.options import output_option


@click.command(short_help="Write a run as one page of HTML.")
@click.argument("run", shell_complete=complete_runs)
@click.option("-o", "file", metavar="FILE", help="Where the page goes.  [default: report.html in the run]")
@output_option
def report(run: str, file: str | None, output: str | None) -> None:
    """Write RUN as a page that needs no server and no network: its folder, its name, or latest.

    A training writes it when it ends. This writes it again, or for a run still going, broken off, or of an older
    version: with what there is, and a word on what is missing.

    \b
    Examples:
      kerasrun report latest
      kerasrun report latest -o page.html
    """
    from kerasrun.runs.past.report import report_run

    click.echo(report_run(run, file, output))
