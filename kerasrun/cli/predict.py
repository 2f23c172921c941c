"""`kerasrun predict`: predictions of a saved model, a row each."""

import click

from kerasrun.cli.completion import complete_data, complete_models
from kerasrun.cli.options import as_paths, backend_option, import_option, output_option, trust_option, verbose_option


@click.command(short_help="Predictions of a saved model as CSV.")
@click.argument("model", shell_complete=complete_models)
@click.option(
    "--data",
    metavar="FILE",
    help="Other rows: an .npz with x, an .npy, or a config (path or @NAME).",
    shell_complete=complete_data,
)
@click.option("-o", "target", metavar="FILE.csv", help="Write the table here.  [default: standard output]")
@backend_option
@output_option
@import_option
@trust_option
@verbose_option
def predict(
    model: str,
    data: str | None,
    target: str | None,
    backend: str | None,
    output: str | None,
    imports: tuple[str, ...],
    trust_model: bool,
    verbose: bool,
) -> None:
    """Predict with MODEL: a .keras file, a run's folder, its name, or `latest`.

    A row each: class and probability for classifiers, values otherwise.

    \b
    Examples:
      kerasrun predict latest -o predictions.csv
      kerasrun predict model.keras --data rows.npy
    """
    from kerasrun.runs.models.predict import predict_rows, write_table

    found = predict_rows(model, data, output, as_paths(imports), backend, verbose, trust_model)
    if target is None:
        click.echo(found.to_csv(), nl=False)
    else:
        write_table(found, target)
        click.echo(f"{target}: {len(found.columns['row']):,} rows from {found.data}")
