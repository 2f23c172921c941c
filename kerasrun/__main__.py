"""`python -m kerasrun` is the command `kerasrun`."""

from kerasrun.cli import main

if __name__ == "__main__":
    main()
