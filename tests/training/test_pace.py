"""How many steps a call takes."""

from kerasrun.training import pace as module
from kerasrun.training.pace import Pace


def test_what_lies_between_two_calls_makes_none_smaller(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "perf_counter", lambda: now[0])

    def sizes(between):
        pace, found = Pace(), []
        for start, stop in pace.chunks(100_000):
            with pace.measured(stop - start):
                now[0] += (stop - start) / 1024  # exactly so many a second
            now[0] += between
            found.append(stop - start)
        return found

    alone = sizes(0.0)
    assert max(alone) == 256
    assert sizes(1.0) == alone
