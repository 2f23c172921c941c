"""A checkpoint is written when it is due, whole or not at all; the last good one always loads."""

import kerasrun.runs.store.checkpoints as module
from kerasrun.runs.store.checkpoints import Clock, read_newest, write_checkpoint
from kerasrun.runs.store.folder import RunFolder
from tests.soak.test_failed_writes import fail_writes


class TestTheClock:
    """At the times that `now` says."""

    def at(self, monkeypatch, now):
        monkeypatch.setattr(module.time, "monotonic", lambda: now)

    def test_by_the_rule_one_is_due_every_30_s_and_at_the_end_of_epochs_of_10_s(self, monkeypatch):
        self.at(monkeypatch, 0.0)
        clock = Clock(None)
        for now, within, at_end in ((9.0, False, False), (11.0, False, True), (31.0, True, True)):
            self.at(monkeypatch, now)
            assert (clock.is_due(False), clock.is_due(True)) == (within, at_end)

    def test_it_takes_at_most_a_fiftieth_of_the_time(self, monkeypatch):
        self.at(monkeypatch, 0.0)
        clock = Clock(None)
        self.at(monkeypatch, 2.0)
        clock.done(0.0)  # one took two seconds
        self.at(monkeypatch, 101.0)
        assert not clock.is_due(True)
        self.at(monkeypatch, 103.0)
        assert clock.is_due(False)

    def test_a_first_one_of_400_mb_is_taken_to_cost_two_seconds(self, monkeypatch):
        self.at(monkeypatch, 0.0)
        clock = Clock(None, 400_000_000)
        self.at(monkeypatch, 95.0)
        assert not clock.is_due(True, is_done=True)
        self.at(monkeypatch, 105.0)
        assert clock.is_due(False)

    def test_an_interval_that_is_given_is_kept(self, monkeypatch):
        self.at(monkeypatch, 0.0)
        clock = Clock(5.0)
        self.at(monkeypatch, 4.9)
        assert not clock.is_due(True, is_done=True)
        self.at(monkeypatch, 5.1)
        assert clock.is_due(False)


def test_no_checkpoint_where_none_is_sound(tmp_path):
    run = RunFolder(tmp_path)
    entry = write_checkpoint(run, 1, {"place": {"epoch": 1, "step": 0}})
    (run.checkpoints / entry["file"]).write_bytes(b"")
    assert read_newest(run, [entry, {"file": "gone.npz", "sha256": "0"}]) == (None, ["gone.npz", "000001.npz"])


def test_writes_that_fail_leave_the_last_good_one(tmp_path, monkeypatch):
    fail_writes(tmp_path, monkeypatch, 20)
