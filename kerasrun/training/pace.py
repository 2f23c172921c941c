"""How many steps a call of the program may take, so that a bar moves and a signal is answered."""

import contextlib
import time
from collections.abc import Iterator

CALL_TIME_S = 0.25


class Pace:
    """Learns from each call how fast steps are."""

    def __init__(self) -> None:
        self.rate = 0.0

    def next_steps(self) -> int:
        """How many steps the next call may take."""
        return max(1, int(self.rate * CALL_TIME_S))

    def done(self, steps: int, time_s: float) -> None:
        """So many steps took so long. Of one call that was fast, as a smaller batch is, not too much is made."""
        rate = steps / max(time_s, 1e-9)
        self.rate = min(rate, 2 * self.rate) if self.rate else rate / 4

    @contextlib.contextmanager
    def measured(self, steps: int) -> Iterator[None]:
        """Within, so many steps are done, and nothing else: what others do between two calls makes none smaller."""
        begun = time.perf_counter()
        yield
        self.done(steps, time.perf_counter() - begun)

    def chunks(self, num_steps: int, single: bool = False, start: int = 0) -> Iterator[tuple[int, int]]:
        """Parts `(start, stop)` of so many steps, to be measured as they come; of one step each if `single`."""
        while start < num_steps:
            stop = min(start + (1 if single else self.next_steps()), num_steps)
            yield start, stop
            start = stop
