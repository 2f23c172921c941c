"""`kerasrun evaluate`: figures of a saved model."""

from typing import Any

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


@click.command(short_help="Figures of a saved model, class by class, and pictures.")
@click.argument("model", shell_complete=complete_models)
@click.option(
    "--data",
    metavar="FILE",
    help="Other data: an .npz with x and y, a folder of pictures with a folder a class, or a config (path or @NAME).",
    shell_complete=complete_data,
)
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON; draw with -o alone.")
@click.option("--all-classes", is_flag=True, help="Show every class, not the worst 10 of more than 20.")
@click.option(
    "-o",
    "folder",
    metavar="DIR",
    shell_complete=complete_folders,
    help="Where the pictures go.  [default: evaluation/ in the model's run; of a model that lies in none, nowhere]",
)
@format_option
@click.option("--no-plots", is_flag=True, help="Draw nothing.")
@click.option("--pixel-max", type=click.FloatRange(0, min_open=True), metavar="NUMBER", help="See predict.")
@click.option("--invert", is_flag=True, help="Let dark and light of pictures change places; see predict.")
@backend_option
@output_option
@import_option
@trust_option
@verbose_option
def evaluate(
    model: str,
    data: str | None,
    as_json: bool,
    all_classes: bool,
    folder: str | None,
    formats: tuple[str, ...],
    no_plots: bool,
    pixel_max: float | None,
    invert: bool,
    backend: str | None,
    output: str | None,
    imports: tuple[str, ...],
    trust_model: bool,
    verbose: bool,
) -> None:
    """Evaluate MODEL: a .keras file, a run's folder, its name, or `latest`.

    A model that kerasrun saved knows its data; one from elsewhere needs --data. Loss and metrics come first, then
    precision, recall and F1 of each class, or R² and errors of each column of numbers.

    \b
    Examples:
      kerasrun evaluate latest
      kerasrun evaluate model.keras --data rows.npz --json
      kerasrun evaluate latest --data pictures -o seen --format svg
    """
    from kerasrun.runs.models.evaluate import evaluate_model
    from kerasrun.runs.models.evaluated_lines import evaluation_lines, evaluation_tree
    from kerasrun.runs.models.rows import PictureOptions
    from kerasrun.runs.models.serving import Loading

    if no_plots and folder:
        raise click.UsageError("-o draws, and --no-plots does not")
    loading = Loading(output, as_paths(imports), backend, verbose, trust_model)
    found = evaluate_model(model, (data,) if data else (), loading, PictureOptions(pixel_max, invert))
    for note in found.notes:
        click.echo(note, err=True)
    if not as_json:
        click.echo("\n".join(evaluation_lines(found, all_classes)))
    drawn = _draw(found, folder, formats, quiet=as_json) if not no_plots and (folder or not as_json) else []
    if as_json:
        import json

        click.echo(json.dumps(evaluation_tree(found) | {"pictures": drawn}, indent=2, ensure_ascii=False))


def _draw(found: Any, folder: str | None, formats: tuple[str, ...], quiet: bool) -> list[str]:
    """Draw, and say what was written where."""
    from kerasrun.errors import InputError
    from kerasrun.runs.lines import wrapped_names
    from kerasrun.runs.models.evaluate import draw_evaluation

    try:
        written = draw_evaluation(found, folder, formats)
    except InputError as error:
        if folder:
            raise
        click.echo(f"not drawn: {error}", err=True)
        return []
    if written and not quiet:
        click.echo("\n".join(["", f"{'drawn in':10}{written[0].parent}", *wrapped_names([p.name for p in written])]))
    return [str(path) for path in written]
