"""`kerasrun show`: what a config can name and set."""

import click

from kerasrun.cli.completion import complete_names
from kerasrun.cli.options import as_paths, read_option


@click.command(short_help="What a config can name and set, with examples.")
@click.argument("what", required=False, shell_complete=complete_names)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@read_option
def show(what: str | None, as_json: bool, imports: tuple[str, ...]) -> None:
    """Tell of WHAT: a class of Keras, a kind of them, a section or a setting. Left out: what there is.

    \b
    Kinds: layers, optimizers, schedules, losses, metrics, initializers,
    regularizers, constraints, callbacks, activations, sources.

    \b
    Examples:
      kerasrun show layers
      kerasrun show Dense
      kerasrun show training.batch_size
      kerasrun show MyLayer --import my_layers.py
    """
    from kerasrun.config.catalogue import load_catalogue
    from kerasrun.config.reference import Reference, tell
    from kerasrun.config.texts import load_texts

    reference = Reference(load_catalogue(as_paths(imports)), load_texts())
    topics = [reference.overview()] if what is None else reference.find(what)
    if as_json:
        import json

        click.echo(json.dumps(topics, indent=2, ensure_ascii=False))
        return
    click.echo("\n\n".join("\n".join(tell(topic)) for topic in topics))
