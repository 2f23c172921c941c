"""Signals that end a program. While a training runs they are noted, and answered between two calls of its program."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

from kerasrun.errors import SignalInterrupt

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Signals:
    """What has come in.

    Args:
        waits: whether the next signal is only noted; a second one always interrupts at once.
        noted: the number of the signal that is to be answered, or None.
    """

    def __init__(self) -> None:
        self.waits = False
        self.noted: int | None = None

    def answer(self) -> None:
        """Interrupt if a signal was noted.

        Raises:
            SignalInterrupt: one was.
        """
        if self.noted is not None:
            raise SignalInterrupt(self.noted)

    @contextlib.contextmanager
    def deferred(self) -> Iterator[None]:
        """Within, a first signal is only noted."""
        self.waits = True
        try:
            yield
        finally:
            self.waits = False

    def handle(self, number: int, frame: Any) -> None:
        """Note a signal, or interrupt at once."""
        if self.waits and self.noted is None:
            self.noted = number
            return
        self.noted = number
        raise SignalInterrupt(number)


@contextlib.contextmanager
def watched_signals() -> Iterator[Signals]:
    """Take the signals over, and give them back in the end. Only the main thread can; ignored ones stay ignored."""
    signals = Signals()
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in NAMES if hasattr(signal, name)):
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, signals.handle)
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
