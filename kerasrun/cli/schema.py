"""`kerasrun schema`: the config language as a JSON Schema, for editors."""

import click

from kerasrun.cli.options import as_paths, read_option


@click.command(short_help="A JSON Schema of the config language, for editors.")
@click.option("-o", "target", metavar="FILE", help="Write it here.  [default: standard output]")
@read_option
def schema(target: str | None, imports: tuple[str, ...]) -> None:
    """Print a JSON Schema (draft 7) of the whole config language, with every class of the installed Keras.

    An editor with a YAML language server then completes names and arguments, says what they are for, and underlines
    what is wrong. Name the file in the config's first line:

    \b
    # yaml-language-server: $schema=kerasrun.schema.json

    \b
    Examples:
      kerasrun schema -o kerasrun.schema.json
      kerasrun schema --import my_layers.py -o kerasrun.schema.json
    """
    import json

    from kerasrun.config.catalogue import load_catalogue
    from kerasrun.config.schema import make_schema
    from kerasrun.config.texts import load_texts

    made = make_schema(load_catalogue(as_paths(imports)), load_texts())
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if target is None:
        click.echo(text, nl=False)
        return
    from kerasrun.config.schema.writing import write_schema

    write_schema(text, target)
    click.echo(f"{target}: name it in the first line of a config:")
    click.echo(f"# yaml-language-server: $schema={target}")
