"""`kerasrun diff`: what differs between two configs or runs."""

import click

from kerasrun.cli.completion import complete_configs_and_runs
from kerasrun.cli.options import as_paths, import_option, output_option


@click.command(short_help="What differs between two configs or runs.")
@click.argument("a", shell_complete=complete_configs_and_runs)
@click.argument("b", shell_complete=complete_configs_and_runs)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, with every value in full.")
@output_option
@import_option
def diff(a: str, b: str, as_json: bool, output: str | None, imports: tuple[str, ...]) -> None:
    """Show what differs between A and B, each a config (path or @NAME) or a run: its folder, its name, or latest.

    Defaults count as if they were written. Of two runs, data, environment and results are compared too.

    \b
    Examples:
      kerasrun diff @mnist_mlp my_config.yaml
      kerasrun diff first latest
    """
    from kerasrun.runs.past.compare_lines import comparison_lines, comparison_tree
    from kerasrun.runs.past.compare_runs import compare

    comparison = compare((a, b), output, as_paths(imports))
    if as_json:
        import json

        click.echo(json.dumps(comparison_tree(comparison), indent=2, ensure_ascii=False))
        return
    for line in comparison_lines(comparison):
        click.echo(line)
