"""`kerasrun predict`: predictions of a saved model, a row each."""

import click

from kerasrun.cli.completion import complete_data, complete_folders, complete_models
from kerasrun.cli.options import (
    as_paths,
    backend_option,
    format_option,
    import_option,
    output_option,
    trust_option,
    verbose_option,
)


@click.command(short_help="Predictions of a saved model for pictures, a table or arrays.")
@click.argument("model", shell_complete=complete_models)
@click.argument("rows", metavar="[DATA]…", nargs=-1, shell_complete=complete_data)
@click.option("--data", metavar="DATA", help="The same as DATA.", shell_complete=complete_data)
@click.option(
    "-o",
    "target",
    metavar="FILE",
    help="Write a table here, or all arrays where the name ends in .npz.  [default: a table to standard output]",
)
@click.option(
    "--plots", metavar="DIR", shell_complete=complete_folders, help="Draw what the model saw, and what it made of it."
)
@format_option
@click.option("--invert", is_flag=True, help="Let dark and light of pictures change places.")
@click.option(
    "--pixel-max",
    type=click.FloatRange(0, min_open=True),
    metavar="NUMBER",
    help="Which value white has in the model's data: 255, 1, …  [default: as the model's record says]",
)
@backend_option
@output_option
@import_option
@trust_option
@verbose_option
def predict(
    model: str,
    rows: tuple[str, ...],
    data: str | None,
    target: str | None,
    plots: str | None,
    formats: tuple[str, ...],
    invert: bool,
    pixel_max: float | None,
    backend: str | None,
    output: str | None,
    imports: tuple[str, ...],
    trust_model: bool,
    verbose: bool,
) -> None:
    """Predict with MODEL: a .keras file, a run's folder, its name, or `latest`.

    DATA is any number of PNG and JPEG files and folders of them; or one .npz with x, .npy, .csv or .tsv file, or a
    config (path or @NAME). A model of texts takes .txt files and folders of them; one that was trained on a table, or
    on texts or pictures in one, a table with columns of the same names. Without DATA the model takes its own test rows.
    A row each: class and probability for classifiers, values otherwise.

    Pictures are turned as their camera says, laid on white where they are transparent, made grey where the model
    reads grey, and stretched to its height and width (bilinear, antialiased); a model of `source: images` gets them in
    the size, the colours and the fit of its training. MNIST and the digits are light on dark:
    for dark strokes on white paper give --invert.

    \b
    Examples:
      kerasrun predict latest -o predictions.csv
      kerasrun predict model.keras scans/ photo.jpg --invert --plots seen
      kerasrun predict model.keras rows.csv -o predictions.npz
    """
    from kerasrun.runs.models.predict import draw_predicted_rows, predict_rows
    from kerasrun.runs.models.predicted_files import write_predicted
    from kerasrun.runs.models.rows import PictureOptions
    from kerasrun.runs.models.serving import Loading

    if rows and data:
        raise click.UsageError("--data is the same as DATA; give one of them")
    target = None if target == "-" else target
    loading = Loading(output, as_paths(imports), backend, verbose, trust_model)
    found = predict_rows(model, rows or ((data,) if data else ()), loading, PictureOptions(pixel_max, invert), target)
    for note in found.notes:
        click.echo(note, err=True)
    if target is None:
        click.echo(found.to_csv(), nl=False)
    else:
        write_predicted(found, target)
        click.echo(f"{target}: {found.results.num_rows:,} rows from {found.data}")
    for path in draw_predicted_rows(found, plots, formats) if plots else []:
        click.echo(path, err=target is None)
