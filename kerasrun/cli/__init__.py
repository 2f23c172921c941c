"""The command `kerasrun`. Here and in the commands' modules only click is imported at module level."""

import errno
import gc
import importlib
import io
import os
import sys
from typing import Any

import click

COMMANDS = (
    *(
        "init",
        "data",
        "check",
        "train",
        "resume",
        "reproduce",
        "watch",
        "evaluate",
        "predict",
        "plot",
        "report",
        "runs",
    ),
    *("verify", "compare", "diff", "show", "schema", "completion"),
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"kerasrun.cli.{name}"), name)
        return command


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from kerasrun import __version__

        click.echo(f"kerasrun {__version__}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
def cli() -> None:
    """Train Keras models from YAML files.

    \b
    kerasrun train @sine                 train a shipped config
    kerasrun train my_config.yaml        train your own
    kerasrun evaluate latest             figures of the newest run
    """


def main(args: list[str] | None = None) -> Any:
    """Run a command; errors are shown here, once, and become the exit code."""
    _open_closed_streams()
    if "_KERASRUN_COMPLETE" in os.environ:
        from kerasrun.cli.shells import answer

        answer(cli)
    from kerasrun.errors import ConfigError, KerasrunError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an arrow in a message must not end a run
    try:
        code = cli.main(args, prog_name="kerasrun", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = 130
    except KerasrunError as error:
        label = (
            "" if isinstance(error, ConfigError) and "\n" in str(error) else click.style("Error: ", fg="red", bold=True)
        )
        click.echo(f"{label}{error}", err=True, color=None if _may_color() else False)
        code = error.exit_code
    except BrokenPipeError:  # the reader of a pipe has gone, as `head` does
        sys.stderr.close()
        code = 141
    except OSError as error:
        if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EIO):
            raise
        _leave_stdout()
        click.echo(f"Error: the output cannot be written: {error.strerror}", err=True)
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def run_command() -> None:
    """The command of a shell: a process of its own, which ends with it.

    At its end Python would look through all that a backend has loaded for what is no longer used: most of a second.
    """
    try:
        main()
    finally:
        gc.freeze()


def _open_closed_streams() -> None:
    """Open /dev/null where a standard stream was closed, as `>&-` does: else the next file takes its descriptor."""
    for descriptor, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(descriptor)
        except OSError:  # the lowest free descriptor, which is the next to be opened, is this one
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


def _leave_stdout() -> None:
    """Send what is still held back nowhere, so that the end of the process does not fail on it again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _may_color() -> bool:
    return not os.environ.get("NO_COLOR")
