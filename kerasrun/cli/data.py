"""`kerasrun data`: a look at the data of a config before training."""

import click

from kerasrun.cli.completion import complete_configs, complete_folders
from kerasrun.cli.options import as_paths, format_option, import_option, set_option


@click.command(short_help="Look at the data of a config before training.")
@click.argument("config", shell_complete=complete_configs)
@set_option
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option(
    "--plots", metavar="DIR", shell_complete=complete_folders, help="Draw samples, or how columns are distributed."
)
@format_option
@import_option
def data(
    config: str,
    overrides: tuple[str, ...],
    as_json: bool,
    plots: str | None,
    formats: tuple[str, ...],
    imports: tuple[str, ...],
) -> None:
    """Show what the data of CONFIG is: the path of a YAML file, or @NAME for a shipped config.

    The rows are read and parted as in training: how many each part has, of which classes, the ranges of the training
    rows' columns, what is missing or constant, and rows that stand there twice. Neither TensorFlow nor JAX is loaded.

    \b
    Examples:
      kerasrun data config.yaml
      kerasrun data @digits --plots seen
      kerasrun data config.yaml --set data.split=stratified --json
    """
    from kerasrun.config import load_config
    from kerasrun.runs.looking.look import draw_data, look_at_data
    from kerasrun.runs.looking.look_lines import look_lines, look_to_dict

    look = look_at_data(load_config(config, overrides, as_paths(imports)))
    if as_json:
        import json

        click.echo(json.dumps(look_to_dict(look), indent=2, ensure_ascii=False))
    else:
        for warning in look.config.warnings:
            click.echo(warning, err=True)
        click.echo("\n".join(look_lines(look)))
    if plots is not None:
        from kerasrun.runs.pictures import write_asked_for

        for path in write_asked_for(draw_data(look, list(formats)), plots):
            click.echo(path, err=as_json)
