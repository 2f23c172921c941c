"""`kerasrun runs`: the runs that there are, and how each stands."""

import sys

import click

from kerasrun.cli.completion import complete_run_names
from kerasrun.cli.options import may_color, output_option, terminal_width


@click.command(short_help="List the runs, and how each stands.")
@click.argument("pattern", required=False, default="", shell_complete=complete_run_names)
@click.option("--sort", "key", metavar="KEY", help="Sort by a column, a figure or a setting; figures the best first.")
@click.option("--reverse", is_flag=True, help="Turn the order round.")
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="CONDITION",
    help="Only runs that meet it: val_accuracy>0.97, state=finished, batch_size=32. Repeatable.",
)
@click.option("-n", "--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, a line a run, with their settings.")
@output_option
def runs(
    pattern: str,
    key: str | None,
    reverse: bool,
    conditions: tuple[str, ...],
    limit: int | None,
    as_json: bool,
    output: str | None,
) -> None:
    """List the runs, the newest first: name, when it began, state, the best figures, and what it was.

    PATTERN is what their names begin with, or a pattern such as 'digits/*-wide'.

    \b
    Examples:
      kerasrun runs
      kerasrun runs digits --sort val_accuracy -n 10
      kerasrun runs --where "val_loss<0.1" --where optimizer=Adam
    """
    from kerasrun.runs.past.choosing import choose_runs

    found = choose_runs(output, pattern, conditions, key, reverse, limit)
    if as_json:
        import json

        from kerasrun.runs.past.listing import listed_tree

        rows = ",\n".join(json.dumps(listed_tree(run), ensure_ascii=False) for run in found.runs)
        click.echo(f"[\n{rows}\n]" if rows else "[]")
        return
    for note in found.notes:
        click.echo(note, err=True)
    if found.runs:
        from kerasrun.runs.past.list_table import list_lines

        is_terminal = sys.stdout.isatty()
        for line in list_lines(
            found.runs, found.keys, terminal_width() if is_terminal else None, is_terminal and may_color()
        ):
            click.echo(line)
