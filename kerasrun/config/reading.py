"""From a config's file to its tree: with what it extends, the command line's settings, and `${…}` resolved."""

import copy
from pathlib import Path
from typing import Any

from kerasrun.config.catalogue import Catalogue
from kerasrun.config.extends import merge
from kerasrun.config.faults import Faults, Source, similar_file
from kerasrun.config.overrides import apply_overrides
from kerasrun.config.references import resolve_references
from kerasrun.config.shipped import find_config
from kerasrun.config.wording import show
from kerasrun.config.yaml_text import MAX_SIZE_BYTES, read_yaml
from kerasrun.errors import ConfigError, InputError

MAX_FILES = 50


def read_config(
    config: str | Path | dict[str, Any], overrides: tuple[str, ...], catalogue: Catalogue
) -> tuple[dict[str, Any], Faults]:
    """The tree of a config, and its faults so far with the places of all that it holds.

    Raises:
        InputError: there is no such file, or it is not readable.
        ConfigError: it is no YAML mapping, or an override or a base cannot be applied.
    """
    extending: tuple[Path, ...] = ()
    if isinstance(config, dict):
        faults = Faults(Source("config", folders={"": Path.cwd()}))
        tree = copy.deepcopy(with_text_keys(config))
    else:
        path = find_config(str(config))
        tree, faults = _read_file(str(config), path)
        extending = (path.resolve(),)
    if tree is None or not isinstance(tree, dict):
        what = "is empty" if tree is None else f"holds {show(tree)} where a mapping is expected"
        raise ConfigError(f"{faults.source.name}: the config {what}; write the sections data, model and training")
    tree = _with_bases(tree, faults, catalogue, extending)
    tree = apply_overrides(tree, overrides, faults, catalogue)
    return resolve_references(tree, faults), faults


def _read_file(name: str, path: Path) -> tuple[Any, Faults]:
    faults = Faults(Source(name))
    tree, source = read_yaml(read_text(path), name, faults)
    source.folders[name] = path.resolve().parent
    return tree, faults


def _with_bases(
    tree: dict[str, Any], faults: Faults, catalogue: Catalogue, extending: tuple[Path, ...]
) -> dict[str, Any]:
    """A config laid over those that it extends, the first of them lowest."""
    written = tree.pop("extends", None)
    names = [written] if isinstance(written, str) else written or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        faults.add(("extends",), f"expected the path of a config, or a list of paths, got {show(written)}")
        return tree
    below: dict[str, Any] = {}
    source = Source(faults.source.name)
    for index, name in enumerate(names):
        place = ("extends", index) if isinstance(written, list) else ("extends",)
        base = _read_base(name, place, faults, catalogue, extending)
        if base is not None:
            below, source = merge(below, source, base[0], base[1], catalogue)
    tree, faults.source = merge(below, source, tree, faults.source, catalogue)
    return tree


def _read_base(
    name: str, place: tuple[Any, ...], faults: Faults, catalogue: Catalogue, extending: tuple[Path, ...]
) -> tuple[dict[str, Any], Source] | None:
    position = faults.source.find(place, at_key=False)
    folder = faults.source.folder_of(position)
    try:
        path = find_config(name) if name.startswith("@") else (folder / Path(name).expanduser()).resolve()
        text = read_text(path)
    except (InputError, RuntimeError, ValueError, OSError) as error:
        faults.add(place, f"the config that this one extends cannot be read: {error}")
        return None
    if path in extending or len(extending) >= MAX_FILES:
        faults.add(place, f"'{name}' extends itself, by way of this file", "a base knows nothing of what extends it")
        return None
    shown = name if name.startswith("@") or not position else str(Path(position.file).parent / Path(name).expanduser())
    base_faults = Faults(Source(shown))
    tree, source = read_yaml(text, shown, base_faults)
    source.folders[shown] = path.parent
    if not isinstance(tree, dict):
        faults.add(place, f"'{name}' holds {show(tree)} where a mapping is expected")
        return None
    tree = _with_bases(tree, base_faults, catalogue, (*extending, path))
    base_faults.raise_if_any()
    return tree, base_faults.source


def with_text_keys(tree: Any) -> Any:
    """A dict from Python as YAML would give it: keys are text, tuples are lists."""
    if isinstance(tree, dict):
        return {str(key): with_text_keys(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [with_text_keys(item) for item in tree]
    if type(tree).__module__ == "numpy":
        return tree.tolist()  # scalars and arrays alike
    return str(tree) if isinstance(tree, Path) else tree


def read_text(path: Path) -> str:
    """The text of a config file, or a clear word why not."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.read(MAX_SIZE_BYTES + 1)  # a device may never end
    except FileNotFoundError:
        raise InputError(f"{path}: no such file{similar_file(path)}") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name the YAML file in it") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not a text file in UTF-8 (byte {error.start}); a config is YAML text") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not readable: {getattr(error, 'strerror', None) or error}") from None
