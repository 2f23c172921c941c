"""`kerasrun check`: all that can be known of a config before it is trained."""

from typing import Any

import click

from kerasrun.cli.completion import complete_configs
from kerasrun.cli.options import backend_option, import_option, set_option, verbose_option


@click.command(short_help="Find every fault of a config; tell shapes, memory and time.")
@click.argument("config", shell_complete=complete_configs)
@set_option
@click.option("--static", is_flag=True, help="Stop before TensorFlow is loaded.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, faults too.")
@backend_option
@import_option
@verbose_option
def check(
    config: str,
    overrides: tuple[str, ...],
    static: bool,
    as_json: bool,
    backend: str | None,
    imports: tuple[str, ...],
    verbose: bool,
) -> None:
    """Check CONFIG: the path of a YAML file, or @NAME for a shipped config.

    After the text, the model is built and trained for a moment on the real data; nothing is saved.

    \b
    Examples:
      kerasrun check config.yaml
      kerasrun check config.yaml --static --json
    """
    from kerasrun.cli.options import as_paths
    from kerasrun.config import load_config
    from kerasrun.errors import ConfigError, KerasrunError

    chosen = (f"backend={backend}",) if backend else ()
    try:
        checked = load_config(config, overrides + chosen, as_paths(imports))
        found = _try(checked, verbose, static)
    except KerasrunError as error:
        if as_json:
            faults = error.faults if isinstance(error, ConfigError) else []
            _print_json({"sound": False, "faults": faults or [{"message": str(error)}]})
            click.get_current_context().exit(error.exit_code)
        raise
    if as_json:
        _print_json(_as_dict(checked, found))
        return
    for warning in checked.warnings:
        click.echo(warning, err=True)
    words = f"{len(checked.warnings)} warning{'s' * (len(checked.warnings) != 1)}" if checked.warnings else "no faults"
    click.echo(f"{config}: {words}")
    if found is not None:
        from kerasrun.runs.lines import checked_lines

        click.echo("\n".join(checked_lines(found)))


def _try(config: Any, verbose: bool, static: bool) -> Any:
    """What comes of the config; None where only its text is asked about, and whether its data is there."""
    from kerasrun.runs.check import check_files, check_training

    if static:
        check_files(config)
        return None
    return check_training(config, verbose)


def _as_dict(config: Any, found: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"sound": True, "warnings": config.located_warnings}
    if found is None:
        return told
    return told | {
        "data": [
            {"part": part, "rows": int(rows.replace(",", "")), "shapes": shapes} for part, rows, shapes in found.data
        ],
        "classes": [
            {
                "output": counted.output,
                "counts": {
                    part: dict(zip(counted.names, counts, strict=True)) for part, counts in counted.counts.items()
                },
            }
            for counted in found.classes
        ],
        "layers": [vars(layer) for layer in found.layers],
        "num_parameters": found.num_parameters,
        "memory_bytes": found.memory,
        "callbacks": [{"name": name, "task": task} for name, task in found.callbacks],
        "epoch_time_s": found.epoch_time_s,
        "total_time_s": found.total_time_s,
        "notes": found.notes,
    }


def _print_json(value: Any) -> None:
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
