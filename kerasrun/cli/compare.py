"""`kerasrun compare`: several runs side by side."""

import click

from kerasrun.cli.completion import complete_folders, complete_runs
from kerasrun.cli.options import as_paths, output_option, read_option, terminal_width


@click.command(short_help="Compare runs: settings, figures, curves.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN RUN...", shell_complete=complete_runs)
@click.option(
    "-o",
    "picture",
    metavar="PATH",
    shell_complete=complete_folders,
    help="Draw their curves over one another: into this .png, .svg or .pdf, or as compared.png into this folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, with every value in full.")
@output_option
@read_option
def compare(
    runs: tuple[str, ...], picture: str | None, as_json: bool, output: str | None, imports: tuple[str, ...]
) -> None:
    """Show RUNs side by side: what differs between them, their figures, how long they took, and their curves.

    A RUN is its folder, its name, experiment/run, latest, or a pattern of names. Two or more are needed.

    \b
    Examples:
      kerasrun compare first latest
      kerasrun compare 'digits/*' -o curves.png
    """
    from kerasrun.runs.past.compare_table import compared_lines
    from kerasrun.runs.past.compared import compare_several, compared_tree

    compared = compare_several(runs, output, as_paths(imports))
    written = []
    if picture is not None:
        from kerasrun.runs.past.overlay import write_overlay

        written = write_overlay(compared.curves, picture)
    if as_json:
        import json

        click.echo(json.dumps(compared_tree(compared), indent=2, ensure_ascii=False))
        return
    for line in [*compared_lines(compared, terminal_width()), *(["", *map(str, written)] if written else [])]:
        click.echo(line)
