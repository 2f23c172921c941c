"""Options that several commands share."""

from typing import Any

import click

from kerasrun.cli.completion import complete_folders, complete_python, complete_settings

output_option = click.option(
    "--output",
    metavar="DIR",
    help="The folder of all runs.  [default: $KERASRUN_OUTPUT_DIR, else outputs]",
    shell_complete=complete_folders,
)
import_option = click.option(
    "--import",
    "imports",
    multiple=True,
    metavar="FILE.py",
    help="Python file with your own Keras classes; it is run. Repeatable.",
    shell_complete=complete_python,
)
set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=complete_settings,
    help="Replace a setting: training.epochs=5. Repeatable.",
)
read_option = click.option(
    "--import",
    "imports",
    multiple=True,
    metavar="FILE.py",
    help="Python file with your own Keras classes; it is read, not run. Repeatable.",
)
trust_option = click.option(
    "--trust-model",
    is_flag=True,
    help="Load the model whatever it holds, Python code included. Only for files from people you trust.",
)
verbose_option = click.option("-v", "--verbose", is_flag=True, help="Show the backend's own messages too.")


backend_option = click.option(
    "--backend",
    type=click.Choice(["tensorflow", "jax"]),
    help="What Keras computes with.  [default: the config's, else tensorflow]",
)


format_option = click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["png", "svg", "pdf"]),
    default=["png"],
    help="Of the pictures. Repeatable.  [default: png]",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print only the run's folder.")
every_epoch_option = click.option(
    "-v", "--verbose", is_flag=True, help="Show every epoch however fast, and the backend's own messages."
)


def as_paths(imports: tuple[str, ...]) -> Any:
    """The paths of `--import`."""
    from pathlib import Path

    return tuple(Path(path).expanduser() for path in imports)


def terminal_width() -> int:
    """The columns of the terminal that the output goes to; 80 for a pipe or a file, so that it is always the same."""
    import shutil
    import sys

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 80


def may_color() -> bool:
    """Whether the user has nothing against colours: see no-color.org."""
    import os

    return not os.environ.get("NO_COLOR")
