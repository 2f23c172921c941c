"""`python -m kerasrun` is the command `kerasrun`."""

from kerasrun.cli import run_command

if __name__ == "__main__":
    run_command()
