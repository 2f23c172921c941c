"""`kerasrun train`: train a config."""

import click

from kerasrun.cli.completion import complete_configs, complete_runs
from kerasrun.cli.options import (
    as_paths,
    backend_option,
    every_epoch_option,
    import_option,
    output_option,
    quiet_option,
    set_option,
)


@click.command(short_help="Train a config; save the model, its history and its pictures.")
@click.argument("config", shell_complete=complete_configs)
@set_option
@click.option("--name", metavar="NAME", help="The run's name.  [default: the time]")
@click.option(
    "--resume",
    metavar="RUN",
    help="Go on with a run that was broken off, or ask for more epochs of it.",
    shell_complete=complete_runs,
)
@backend_option
@output_option
@import_option
@quiet_option
@every_epoch_option
def train(
    config: str,
    overrides: tuple[str, ...],
    name: str | None,
    resume: str | None,
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

    if resume and name:
        raise click.UsageError("--name names a new run, and --resume goes on with one that has a name")
    chosen = (f"backend={backend}",) if backend else ()
    checked = load_config(config, overrides + chosen, as_paths(imports))
    for warning in checked.warnings:
        click.echo(warning, err=True)
    # A faulty config is told before what only a training needs is loaded.
    from kerasrun.cli.console import show_training
    from kerasrun.runs.train import train_run

    if resume is None:
        show_training(train_run(checked, name, output, verbose), quiet, every_epoch=verbose)
        return
    from kerasrun.cli.resume import go_on
    from kerasrun.runs.resumable import find_resumable

    go_on(find_resumable(resume, checked, output=output, imports=as_paths(imports)), quiet, verbose)
