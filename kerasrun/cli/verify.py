"""`kerasrun verify`: whether a run's files are as they were written."""

import click

from kerasrun.cli.completion import complete_runs
from kerasrun.cli.options import output_option


@click.command(short_help="Check that a run's files are as they were written.")
@click.argument("run", shell_complete=complete_runs)
@output_option
def verify(run: str, output: str | None) -> None:
    """Check every file of RUN against the hashes in its manifest: its folder, its name, or latest.

    Ends with exit code 3 if one is missing, damaged or altered.

    \b
    Examples:
      kerasrun verify latest
    """
    from kerasrun.errors import UnsoundError
    from kerasrun.runs.past.verify import verify_run

    found, faults, num_files = verify_run(run, output)
    if faults:
        raise UnsoundError("\n  ".join([f"{found.path}: not as it was written", *faults]))
    click.echo(f"{found.path}: all {num_files} files are as they were written")
