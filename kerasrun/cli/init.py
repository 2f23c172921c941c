"""`kerasrun init`: a commented config to start from."""

from typing import Any

import click

from kerasrun.cli.completion import complete_starters


@click.command(short_help="Write a commented config to start from.")
@click.argument("template", required=False, shell_complete=complete_starters)
@click.option(
    "--from",
    "data",
    metavar="PATH",
    help="Find a starter for your own data: a table, a folder of pictures or texts, arrays.",
)
@click.option("--target", "column", metavar="NAME", help="With --from: the column (or array) to be predicted.")
@click.option(
    "--target-type",
    "kind",
    type=click.Choice(["auto", "classes", "numbers"]),
    default="auto",
    help="With --from: what the target is; auto finds it by a rule.",
    show_default=True,
)
@click.option(
    "--source",
    type=click.Choice(["auto", "csv", "images", "text", "series"]),
    default="auto",
    help="With --from: what to learn from in a table: its columns, the pictures that it lists, its texts, or its "
    "order in time; in a folder: pictures or texts.",
    show_default=True,
)
@click.option(
    "-o", "target", metavar="FILE", default="config.yaml", help="Where it goes; - prints it.", show_default=True
)
def init(template: str | None, data: str | None, column: str | None, kind: Any, source: Any, target: str) -> None:
    """Write the starter TEMPLATE as a config; without TEMPLATE, list the starters.

    With --from PATH it is made for the data there: what the columns are good for, task, loss, metrics, layers and
    split are found from it, and comments say why. An existing file is never overwritten.

    \b
    Examples:
      kerasrun init
      kerasrun init mlp
      kerasrun init conv -o digits.yaml
      kerasrun init --from houses.csv --target price
      kerasrun init --from photos/ -o photos.yaml
      kerasrun init --from sales.csv --target sold --source series
    """
    if data is not None:
        if template is not None:
            raise click.UsageError(f"'{template}' is a starter of its own; leave it out where --from names the data")
        _init_from(data, column, kind, source, target)
        return
    if column is not None or (kind, source) != ("auto", "auto"):
        raise click.UsageError("--target, --target-type and --source go with --from")
    from kerasrun.config.starters import load_starter, load_starters

    if template is None:
        starters = load_starters()
        width = max(len(starter.name) for starter in starters)
        for starter in starters:
            click.echo(f"{starter.name:{width}}  {starter.title}")
        click.echo("\nwrite one to config.yaml with: kerasrun init mlp")
        return
    starter = load_starter(template)
    if target == "-":
        click.echo(starter.text, nl=False)
        return
    path = _write_new(target, starter.text)
    first = f"put {starter.own_data} beside it as its comments say, then " if starter.own_data else ""
    click.echo(f"{path}: the starter '{starter.name}', with a comment to each setting")
    click.echo(f"{first}train it with: kerasrun train {_quoted(str(path))}")


def _init_from(data: str, column: str | None, kind: Any, source: Any, target: str) -> None:
    from kerasrun.runs.starting.starting import start_config

    starter = start_config(data, column, kind, target, source)
    if target == "-":
        click.echo(starter.text, nl=False)
        return
    path = _quoted(str(_write_new(target, starter.text)))
    click.echo(f"{starter.summary}\n\n{path}: a starter for it, with a comment to each setting")
    click.echo(f"look at the data with: kerasrun data {path}\ntrain it with: kerasrun train {path}")


def _write_new(target: str, text: str) -> Any:
    from pathlib import Path

    from kerasrun.errors import InputError

    path = Path(target)
    if not target or path.is_dir():
        raise InputError(f"-o {_quoted(target)}: name a file, such as -o config.yaml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(
            f"{target}: exists already, and is not overwritten; choose another name with -o FILE"
        ) from None
    except FileNotFoundError:
        raise InputError(f"{target}: there is no folder {path.parent} to write to") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{target}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
    return path


def _quoted(target: str) -> str:
    """The path as a shell reads it."""
    import shlex

    return shlex.quote(target)
