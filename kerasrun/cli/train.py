"""`kerasrun train`: train a config."""

import click

from kerasrun.cli.options import as_paths, backend_option, import_option, output_option


@click.command(short_help="Train a config; save the model, its history and its pictures.")
@click.argument("config")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Replace a setting: training.epochs=5. Repeatable.",
)
@click.option("--name", metavar="NAME", help="The run's name.  [default: the time]")
@backend_option
@output_option
@import_option
@click.option("-q", "--quiet", is_flag=True, help="Print only the run's folder.")
@click.option("-v", "--verbose", is_flag=True, help="Show every epoch however fast, and the backend's own messages.")
def train(
    config: str,
    overrides: tuple[str, ...],
    name: str | None,
    backend: str | None,
    output: str | None,
    imports: tuple[str, ...],
    quiet: bool,
    verbose: bool,
) -> None:
    """Train CONFIG: the path of a YAML file, or @NAME for a shipped config.

    Everything is saved under outputs/<experiment>/<run>; an existing run is never overwritten.

    \b
    Examples:
      kerasrun train @sine
      kerasrun train @digits --set training.epochs=5 --name short
    """
    from kerasrun.config import load_config

    chosen = (f"backend={backend}",) if backend else ()
    checked = load_config(config, overrides + chosen, as_paths(imports))
    # A faulty config is told before what only a training needs is loaded.
    from kerasrun.cli.console import show_training
    from kerasrun.runs.train import train_run

    _end_on_signals()
    show_training(train_run(checked, name, output, verbose), quiet, every_epoch=verbose)


def _end_on_signals() -> None:
    """Let the signals by which systems end a program end a run as Ctrl-C does."""
    import signal

    from kerasrun.errors import SignalInterrupt

    def interrupt(number: int, frame: object) -> None:
        raise SignalInterrupt(number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), interrupt)
