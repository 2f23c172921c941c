"""`kerasrun completion`, and what there is to offer for each argument. A fault offers nothing, and is not told."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

import click

Items = Iterable[Any]


@click.command(short_help="Print the script that completes commands in your shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script with which SHELL completes commands, files, runs and the keys of --set.

    \b
    Examples:
      eval "$(kerasrun completion bash)"          in ~/.bashrc
      eval "$(kerasrun completion zsh)"           in ~/.zshrc
      kerasrun completion fish | source           in ~/.config/fish/config.fish
    """
    from kerasrun.cli.shells import SCRIPTS

    click.echo(SCRIPTS[shell], nl=False)


def _offers(find: Callable[[click.Context, str], Items]) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """A function for `shell_complete=`: of what is found, that which begins with what was typed."""

    @functools.wraps(find)
    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        try:
            found = [item if isinstance(item, tuple) else (item, "") for item in find(ctx, incomplete)]
        except Exception:  # a shell that completes shows no error
            return []
        from click.shell_completion import CompletionItem

        return [CompletionItem(value, help=about) for value, about in found if value.startswith(incomplete)]

    return complete


@_offers
def complete_configs(ctx: click.Context, incomplete: str) -> Items:
    """YAML files and shipped configs."""
    return [*_shipped(), *_files(incomplete, ".yaml", ".yml")]


@_offers
def complete_runs(ctx: click.Context, incomplete: str) -> Items:
    """Runs, and folders once something is typed."""
    return [*_runs(ctx), *(_files(incomplete) if incomplete else ())]


@_offers
def complete_run_names(ctx: click.Context, incomplete: str) -> Items:
    """Runs alone, and their experiments."""
    names = [name for name in _runs(ctx) if name != "latest"]
    return [*dict.fromkeys(f"{name.partition('/')[0]}/" for name in names), *(names if "/" in incomplete else ())]


@_offers
def complete_models(ctx: click.Context, incomplete: str) -> Items:
    """Model files and runs."""
    return [*_runs(ctx), *_files(incomplete, ".keras")]


@_offers
def complete_histories(ctx: click.Context, incomplete: str) -> Items:
    """Histories and runs."""
    return [*_runs(ctx), *_files(incomplete, ".json")]


@_offers
def complete_configs_and_runs(ctx: click.Context, incomplete: str) -> Items:
    """What can be compared."""
    return [*_runs(ctx), *_shipped(), *_files(incomplete, ".yaml", ".yml")]


@_offers
def complete_data(ctx: click.Context, incomplete: str) -> Items:
    """Files with rows, pictures, folders, and configs."""
    endings = (".npz", ".npy", ".csv", ".tsv", ".png", ".jpg", ".jpeg", ".yaml", ".yml")
    return [*_files(incomplete, *endings), *_shipped()]


@_offers
def complete_python(ctx: click.Context, incomplete: str) -> Items:
    """Python files."""
    return _files(incomplete, ".py")


@_offers
def complete_folders(ctx: click.Context, incomplete: str) -> Items:
    """Folders."""
    return _files(incomplete)


@_offers
def complete_starters(ctx: click.Context, incomplete: str) -> Items:
    """The templates of `kerasrun init`."""
    from kerasrun.config.starters import load_starters

    return [(starter.name, starter.title) for starter in load_starters()]


@_offers
def complete_names(ctx: click.Context, incomplete: str) -> Items:
    """The kinds of objects, and every name of the catalogue."""
    kinds = _catalogue().kinds
    return [*kinds, *sorted({name for kind in kinds.values() for name in kind.names} - kinds.keys())]


@_offers
def complete_settings(ctx: click.Context, incomplete: str) -> Items:
    """Keys for `--set`, one level at a time; after `key=` the values that it takes."""
    from kerasrun.config.keys import next_keys, setting_keys

    keys = setting_keys(_tree(ctx), _catalogue())
    if ctx.info_name == "resume":  # of a run that goes on only these may change
        keys = {key: about for key, about in keys.items() if key.startswith("output.") or key in LENGTHS}
    key, equals, _ = incomplete.partition("=")
    if equals:
        return [f"{key}={value}" for value in keys[key].values]
    return next_keys(keys, incomplete)


LENGTHS = ("training.epochs", "training.steps")


def _tree(ctx: click.Context) -> Any:
    """The config that the command line names, as it is written; nothing of one that cannot be read."""
    from kerasrun.config.reading import read_text
    from kerasrun.config.shipped import find_config
    from kerasrun.config.yaml_text import read_yaml
    from kerasrun.errors import InputError
    from kerasrun.runs.store.finding import find_run

    # Where an option still lacks its value, click leaves the arguments unassigned.
    reference = ctx.params.get("config") or ctx.params.get("run") or next(iter(ctx.args), "")
    try:
        is_run = ctx.info_name == "resume"
        path = find_run(reference, ctx.params.get("output")).config if is_run else find_config(reference)
        return read_yaml(read_text(path), "")[0] if path.is_file() else {}  # a pipe would make it wait
    except (InputError, OSError, ValueError, RuntimeError):
        return {}


def _catalogue() -> Any:
    """The shipped catalogue: to describe another Keras anew would take too long here."""
    import json

    from kerasrun.config.catalogue import SHIPPED, Catalogue

    return Catalogue(json.loads(SHIPPED.read_text(encoding="utf-8")))


def _runs(ctx: click.Context) -> list[str]:
    from kerasrun.runs.store.folder import all_runs

    found = sorted(f"{run.path.parent.name}/{run.path.name}" for run in all_runs(ctx.params.get("output")))
    return ["latest", *found] if found else []


def _shipped() -> list[str]:
    from kerasrun.config.shipped import shipped_names

    return [f"@{name}" for name in shipped_names()]


def _files(incomplete: str, *endings: str) -> list[str]:
    """Files of these endings, and folders with a slash behind them."""
    import os

    folder, slash, start = incomplete.rpartition("/")
    found = []
    try:
        with os.scandir(os.path.expanduser(folder + slash) or ".") as entries:  # noqa: PTH111
            for entry in entries:
                is_meant = entry.name.startswith(start) and (start or not entry.name.startswith("."))
                if is_meant and entry.name.isprintable():  # a candidate is a line
                    if entry.is_dir():
                        found.append(f"{folder}{slash}{entry.name}/")
                    elif endings and entry.name.endswith(endings):
                        found.append(f"{folder}{slash}{entry.name}")
    except OSError:
        return []  # no folder of that name: runs may still begin like this
    return sorted(found)
