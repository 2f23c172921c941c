"""Where a run stands: followed from its events, and kept in a small file while it goes on."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kerasrun.report.history import History
from kerasrun.runs import telling, tracking
from kerasrun.runs.events import Planned
from kerasrun.runs.standing import Standing, read_standing, remove_standing, write_standing
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.telling import Teller
from kerasrun.runs.tracking import Curve, Tracker
from kerasrun.training.events import EpochEnd, Evaluation, Progress


def plan(counted_in="epochs", total=10):
    return Planned(Path("run"), "net", [], [], 13, "", [], counted_in, total, 5, 4, True)


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets."""

    class Clock:
        now = 100.0

    monkeypatch.setattr(tracking.time, "monotonic", lambda: Clock.now)
    return Clock


def add(history, epoch, loss, val_loss):
    """Record the end of an epoch, as a run does."""
    logs = {"loss": loss, "accuracy": 0.5, "val_loss": val_loss}
    history.append("epochs", {"epoch": epoch, **logs, "learning_rate": 0.1, "epoch_time_s": 2.0})
    return EpochEnd(epoch, logs, 0.1, 2.0)


class TestTheTracker:
    def test_epochs(self, clock):
        history = History()
        tracker = Tracker(plan(), history)
        for epoch, val_loss in ((1, 0.9), (2, 0.4), (3, 0.6)):
            clock.now += 2
            tracker.standing(add(history, epoch, 1 / epoch, val_loss))
        clock.now += 1
        standing = tracker.standing(Progress(4, 2, 5, {"loss": 0.2}))
        assert (standing.unit, standing.done, standing.total) == ("epoch", 3.4, 10)
        assert standing.logs == {"loss": 0.2, "accuracy": 0.5, "val_loss": 0.6}
        assert standing.best == ("val_loss", 0.4, 2)
        assert standing.curves == {"loss": [1, 1 / 2, 1 / 3], "val_loss": [0.9, 0.4, 0.6]}
        assert standing.rate == pytest.approx(3.4 / 7)
        assert standing.time_left_s == pytest.approx(6.6 / (3.4 / 7))

    def test_steps(self, clock):
        history = History()
        tracker = Tracker(plan("steps", 100), history)
        history.append("evaluations", {"step": 0, "epoch": 0.0, "loss": 2.0, "learning_rate": 0.1, "epoch_time_s": 0.1})
        tracker.standing(Evaluation(0, {"loss": 2.0}, np.array([]), 0.1, 0.1))
        clock.now += 10
        standing = tracker.standing(Progress(1, 20, 100, {"loss": 1.5}))
        assert (standing.unit, standing.done, standing.rate, standing.steps_per_unit) == ("step", 20, 2.0, 1)
        assert standing.best == ("loss", 2.0, 0)
        assert standing.curves == {"loss": [2.0]}

    def test_a_run_that_goes_on_has_its_whole_curve_and_its_own_rate(self, clock):
        history = History(epochs={"epoch": [1, 2], "loss": [3.0, 2.0], "val_loss": [1.0, 4.0]})
        tracker = Tracker(plan(), history)
        clock.now += 4
        standing = tracker.standing(add(history, 3, 1.0, 2.0))
        assert standing.curves == {"loss": [3.0, 2.0, 1.0], "val_loss": [1.0, 4.0, 2.0]}
        assert (standing.best, standing.rate) == (("val_loss", 1.0, 1), 0.25)

    def test_the_rate_is_that_of_the_last_quarter_minute(self, clock):
        history = History()
        tracker = Tracker(plan(total=10_000), history)
        for epoch in range(1, 101):
            clock.now += 10 if epoch <= 20 else 1
            rate = tracker.standing(add(history, epoch, 1.0, 1.0)).rate
            assert rate == pytest.approx(0.1) or epoch > 20
        assert rate == pytest.approx(1.0)

    def test_or_of_the_last_epoch_where_that_takes_longer(self, clock):
        tracker = Tracker(plan(), History())
        for part in range(1, 500):  # an epoch takes 500 s: 5 steps, and half of the time the validation
            clock.now += 1
            tracker.standing(Progress(1, part // 50, 5, {"loss": 1.0}) if part % 50 == 0 and part <= 250 else None)
        assert tracker.standing().rate == pytest.approx(1 / 500, rel=0.15)

    def test_nothing_is_known_before_the_first_call(self, clock):
        tracker = Tracker(plan(), History())
        assert (tracker.standing().rate, tracker.standing().time_left_s, tracker.standing().best) == (0.0, None, None)


def test_a_curve_is_thinned_to_means():
    curve = Curve()
    for start in range(0, 100_000, 7):
        curve.extend(range(start, min(start + 7, 100_000)))
    points = np.array(curve.points)
    assert 64 <= len(points) <= 128
    np.testing.assert_allclose(points, np.arange(len(points)) * curve.stride + (curve.stride - 1) / 2)


def test_values_that_are_not_finite_are_none_of_the_best():
    history = History()
    tracker = Tracker(plan(), history)
    for epoch, value in ((1, math.nan), (2, 0.5), (3, math.inf)):
        add(history, epoch, 1.0, value)
    standing = tracker.standing()
    assert standing.best == ("val_loss", 0.5, 2)
    assert math.isnan(standing.curves["val_loss"][0])


STANDING = Standing(
    "epoch", 3.4, 10, 5, 4, 0.5, True, {"loss": math.nan, "accuracy": 0.5}, ("loss", 0.25, 2), {"loss": [1.0, math.inf]}
)


class TestItsFile:
    def test_comes_back_as_it_was(self, tmp_path):
        run = RunFolder(tmp_path)
        write_standing(run, STANDING)
        found = read_standing(run)
        assert math.isnan(found.logs["loss"])
        assert math.isnan(found.curves["loss"][1])
        assert (found.done, found.best, found.logs["accuracy"]) == (3.4, ("loss", 0.25, 2), 0.5)
        json.loads(run.progress.read_text(), parse_constant=lambda name: pytest.fail(name))

    def test_is_none_of_the_runs_files_and_leaves_nothing_aside(self, tmp_path):
        run = RunFolder(tmp_path)
        write_standing(run, STANDING)
        assert run.files() == []
        assert [path.name for path in tmp_path.iterdir()] == [".progress.json"]
        remove_standing(run)
        remove_standing(run)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "null", "[" * 10_000, '{"unit": "epoch", "done": "x"}', '{"best": 3}', "\udcff"]
    )
    def test_what_is_none_tells_nothing(self, tmp_path, text):
        run = RunFolder(tmp_path)
        run.progress.write_text(text, encoding="utf-8", errors="surrogateescape")
        assert read_standing(run) is None

    def test_no_error_in_writing_it_matters(self, tmp_path):
        write_standing(RunFolder(tmp_path / "gone"), STANDING)
        remove_standing(RunFolder(tmp_path / "gone"))
        (tmp_path / ".progress.json").mkdir()
        write_standing(RunFolder(tmp_path), STANDING)
        remove_standing(RunFolder(tmp_path))
        assert [path.name for path in tmp_path.iterdir()] == [".progress.json"]


def test_it_is_told_ten_times_a_second_and_written_once(tmp_path, monkeypatch):
    now, written = [0.0], []
    monkeypatch.setattr(telling.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(telling, "write_standing", lambda run, standing: written.append(now[0]))
    teller, told, history = Teller(RunFolder(tmp_path), plan(total=100_000)), [], History()
    teller.begin(history)
    for epoch in range(1, 5001):
        now[0] = epoch / 1000
        told += [now[0]] * (teller.note(add(history, epoch, 1.0, 1.0)) is not None)
    assert len(told) in (49, 50)
    assert len(written) in (4, 5)
    assert min(np.diff(told)) >= 0.0999
    assert min(np.diff(written)) >= 0.999


def test_a_slow_disk_is_written_to_more_rarely(tmp_path, monkeypatch):
    now, written = [0.0], []

    def write(run, standing):
        written.append(now[0])
        now[0] += 0.1

    monkeypatch.setattr(telling.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(telling, "write_standing", write)
    teller, history = Teller(RunFolder(tmp_path), plan(total=100_000)), History()
    teller.begin(history)
    for epoch in range(1, 400):
        now[0] += 0.1
        teller.note(add(history, epoch, 1.0, 1.0))
    assert min(np.diff(written)) >= 10
