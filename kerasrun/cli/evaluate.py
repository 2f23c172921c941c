"""`kerasrun evaluate`: figures of a saved model."""

import click

from kerasrun.cli.completion import complete_data, complete_models
from kerasrun.cli.options import as_paths, backend_option, import_option, output_option, trust_option, verbose_option


@click.command(short_help="Loss and metrics of a saved model on its test data.")
@click.argument("model", shell_complete=complete_models)
@click.option(
    "--data",
    metavar="FILE",
    help="Other data: an .npz with x and y, or a config (path or @NAME).",
    shell_complete=complete_data,
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@backend_option
@output_option
@import_option
@trust_option
@verbose_option
def evaluate(
    model: str,
    data: str | None,
    as_json: bool,
    backend: str | None,
    output: str | None,
    imports: tuple[str, ...],
    trust_model: bool,
    verbose: bool,
) -> None:
    """Evaluate MODEL: a .keras file, a run's folder, its name, or `latest`.

    A model that kerasrun saved knows its data; one from elsewhere needs --data.

    \b
    Examples:
      kerasrun evaluate latest
      kerasrun evaluate model.keras --data rows.npz --json
    """
    from kerasrun.runs.lines import number
    from kerasrun.runs.models.evaluate import evaluate_model

    found = evaluate_model(model, data, output, as_paths(imports), backend, verbose, trust_model)
    if as_json:
        import json

        figures = {name: value if abs(value) < float("inf") else None for name, value in found.figures.items()}
        click.echo(
            json.dumps(
                {"model": str(found.model), "data": found.data, "rows": found.num_rows, "figures": figures},
                indent=2,
            )
        )
        return
    click.echo(f"{found.model} on {found.data} ({found.num_rows:,} rows)")
    width = max(map(len, found.figures))
    for name, value in found.figures.items():
        click.echo(f"  {name:{width}}  {number(value)}")
