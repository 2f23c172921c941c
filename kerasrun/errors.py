"""What can go wrong, as a tree.

KerasrunError
├── InputError          the user's input is at fault            exit code 2
│   └── ConfigError     … in a config: one or more faults       exit code 2
├── UnsoundError        it ran, and the result is not sound     exit code 3
├── RunInterruptedError ended by a signal                       exit code 128 + n
└── WatchedRunError     a run that was watched did not end well its own exit code

They are shown once, at the edge, without a traceback. Anything else is a bug (exit code 1).
"""

from collections.abc import Sequence
from typing import Any


class KerasrunError(Exception):
    """Base of every error that kerasrun raises on purpose."""

    exit_code = 1


class InputError(KerasrunError):
    """The user's input is at fault: a file, a setting, an argument."""

    exit_code = 2


class ConfigError(InputError):
    """A config with faults. The message tells all of them, each with its place.

    Args:
        faults: each as a dict: message, hint, path, and file, line and column from 1, or the flag.
    """

    def __init__(self, message: str, faults: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(message)
        self.faults = list(faults)


class UnsoundError(KerasrunError):
    """The work ran, and its result is not sound: a loss that is not finite, say."""

    exit_code = 3


class SignalInterrupt(KeyboardInterrupt):
    """A signal that ends a run as Ctrl-C does, raised where it arrives.

    Args:
        number: the signal's number.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class RunInterruptedError(KerasrunError):
    """A run ended by a signal.

    Args:
        message: what was kept and how to go on.
        signal_number: the number n of the signal; the exit code is 128 + n.
    """

    def __init__(self, message: str, signal_number: int = 2) -> None:
        super().__init__(message)
        self.exit_code = 128 + signal_number


class WatchedRunError(KerasrunError):
    """A run that was watched did not end well.

    Args:
        message: how it ended, and how to go on.
        exit_code: what the run itself ended with.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
