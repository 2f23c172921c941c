"""The configs that come with kerasrun: `@sine` names `sine.yaml`."""

from pathlib import Path

from kerasrun.config.faults import closest
from kerasrun.errors import InputError

# In an installed package the folder lies inside it; in a checkout beside it.
FOLDERS = (Path(__file__).parents[1] / "configs", Path(__file__).parents[2] / "configs")


def shipped_folder() -> Path:
    """The folder of the shipped configs."""
    return next((folder for folder in FOLDERS if folder.is_dir()), FOLDERS[0])


def shipped_names() -> list[str]:
    """The names of the shipped configs, sorted."""
    return sorted(path.stem for path in shipped_folder().glob("*.yaml"))


def find_config(name: str) -> Path:
    """The path of a config: of a shipped one for `@name`, else the path itself.

    Raises:
        InputError: no shipped config bears that name.
    """
    if not name.startswith("@"):
        return Path(name).expanduser()
    names = shipped_names()
    if name[1:] not in names:
        hint = closest(name, [f"@{known}" for known in names]) or f"there are {', '.join('@' + n for n in names)}"
        raise InputError(f"no shipped config is called '{name}'; {hint}")
    return shipped_folder() / f"{name[1:]}.yaml"
