"""`kerasrun runs`: the runs that there are, and how each stands."""

import click

from kerasrun.cli.options import output_option


@click.command(short_help="List the runs, and how each stands.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@output_option
def runs(as_json: bool, output: str | None) -> None:
    """List the runs, the newest first: its name, when it began (UTC), its state, and its best figures.

    \b
    Examples:
      kerasrun runs
      kerasrun runs --json
    """
    from kerasrun.runs.lines import number
    from kerasrun.runs.past.listing import list_runs

    found = list_runs(output)
    if as_json:
        import json

        rows = [{**vars(run), "path": str(run.path)} for run in found]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    width = max((len(f"{run.experiment}/{run.name}") for run in found), default=0)
    for run in found:
        figures = "  ".join(f"{name} {number(value)}" for name, value in run.figures.items())
        when = run.started[:16].replace("T", " ") or "-"
        click.echo(f"{f'{run.experiment}/{run.name}':{width}}  {when:16}  {run.state:11}  {figures}".rstrip())
    if not found:
        click.echo("there are no runs yet; make one with: kerasrun train @sine")
