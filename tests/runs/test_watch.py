"""A run is followed from what it writes; the one that writes here is the test."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys

import pytest

from kerasrun.errors import InputError, WatchedRunError
from kerasrun.runs.past import watch as module
from kerasrun.runs.past.watch import Logged, watch_run
from kerasrun.runs.standing import Standing, write_standing
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.tail import LogTail

PLAN = ["net  →  outputs/net/x", "", "model     13 parameters", "", "  epoch      loss      time"]
STANDING = Standing("epoch", 3.5, 1000, 5, 4, 0.5, True, {"loss": 0.5}, ("loss", 0.25, 2), {"loss": [1.0, 0.25, 0.5]})


def row(epoch):
    return f"{f'{epoch}/1000':>9}    0.5000    2.0 ms"


class Process:
    """Stands in for the process that trains."""

    def __init__(self, folder):
        self.run = RunFolder(folder / "outputs/net/x")
        self.run.path.mkdir(parents=True)
        self.lock = None

    def begin(self):
        self.own()
        self.run.write_manifest({"status": "running", "started": "2026-01-31T12:00:00.000Z"})
        self.run.write_log(PLAN)

    def own(self):
        if self.lock:
            self.lock.close()
        self.lock = self.run.lock.open("a+")
        fcntl.flock(self.lock, fcntl.LOCK_EX)

    def die(self):
        self.lock.close()

    def end(self, **values):
        self.run.write_manifest({"status": "finished", "started": "2026-01-31T12:00:00.000Z"} | values)
        self.die()

    @property
    def reference(self):
        return str(self.run.path)


@pytest.fixture
def process(tmp_path):
    process = Process(tmp_path)
    yield process
    if process.lock:
        process.lock.close()


@pytest.fixture
def meanwhile(monkeypatch):
    """What happens while the watcher waits: a list of functions, one each time; afterwards it waits no more."""
    steps, waited = [], []

    def sleep(seconds):
        waited.append(seconds)
        steps.pop(0)()

    monkeypatch.setattr(module.time, "sleep", sleep)
    yield steps
    assert all(seconds >= 0.5 for seconds in waited)  # twice a second at most
    assert not steps


def lines(events):
    return [line for event in events if isinstance(event, Logged) for line in event.lines]


def test_a_run_is_followed_to_its_end(process, meanwhile):
    process.begin()
    meanwhile += [
        lambda: process.run.write_log([row(1), row(2)]),
        lambda: write_standing(process.run, STANDING),
        lambda: None,
        lambda: (process.run.write_log([row(3), "", "saved in  x"]), process.end()),
    ]
    assert list(watch_run(process.reference)) == [
        Logged(PLAN),
        Logged([row(1), row(2)]),
        STANDING,
        Logged([row(3), "", "saved in  x"]),
    ]


def test_of_what_is_there_the_plan_and_the_last_lines_are_told(process):
    process.begin()
    process.run.write_log([row(epoch) for epoch in range(1, 31)])
    process.end()
    assert lines(watch_run(process.reference, num_lines=3)) == [*PLAN, "…", row(28), row(29), row(30)]
    assert lines(watch_run(process.reference, num_lines=30))[-31:] == [PLAN[-1], *map(row, range(1, 31))]


def test_of_a_log_of_100_000_epochs_only_the_ends_are_read(process, monkeypatch):
    process.begin()
    process.run.write_log([row(epoch) for epoch in range(1, 100_001)])
    process.end()
    read = []

    class Counted:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def seek(self, *args):
            return self.file.seek(*args)

        def read(self, size):
            read.append(size)
            return self.file.read(size)

    opened = type(process.run.log).open
    monkeypatch.setattr(
        type(process.run.log),
        "open",
        lambda path, mode="r", **more: (
            Counted(opened(path, mode)) if path.name == "log.txt" else opened(path, mode, **more)
        ),
    )
    assert lines(watch_run(process.reference, num_lines=2)) == [*PLAN, "…", row(99_999), row(100_000)]
    assert sum(read) <= 3 * 65536


def test_many_epochs_at_once_are_told_as_the_last_of_them(process, meanwhile):
    process.begin()
    meanwhile += [lambda: process.run.write_log(list(map(row, range(1, 400)))), process.end]
    assert lines(watch_run(process.reference)) == [*PLAN, row(399)]


def test_or_all_of_them(process, meanwhile):
    process.begin()
    meanwhile += [lambda: process.run.write_log(list(map(row, range(1, 400)))), process.end]
    assert lines(watch_run(process.reference, every_epoch=True)) == [*PLAN, *map(row, range(1, 400))]


def test_a_line_that_is_half_written_waits(process, meanwhile):
    def write(text):
        with process.run.log.open("a") as log:
            log.write(text)

    process.begin()
    meanwhile += [lambda: write(row(1)[:7]), lambda: write(row(1)[7:] + "\n"), process.end]
    assert list(watch_run(process.reference)) == [Logged(PLAN), Logged([row(1)])]


def test_one_that_has_not_begun_yet_is_waited_for(process, meanwhile):
    process.own()
    meanwhile += [lambda: None, process.begin, process.end]
    assert lines(watch_run(process.reference)) == PLAN


@pytest.mark.parametrize(
    ("values", "message", "code"),
    [
        ({"status": "interrupted", "exit_code": 143}, "{run}: interrupted; go on with: kerasrun resume {run}", 143),
        ({"status": "interrupted"}, "{run}: interrupted; go on with: kerasrun resume {run}", 130),
        ({"status": "failed", "error": "the loss is nan", "exit_code": 3}, "{run}: the loss is nan", 3),
        ({"status": "failed", "error": "a bug", "exit_code": 1}, "{run}: a bug", 1),
        ({"status": "failed", "error": "the loss is nan"}, "{run}: the loss is nan", 3),
        ({"status": "failed", "error": "", "exit_code": "x"}, "{run}: failed", 3),
    ],
)
def test_one_that_did_not_end_well_gives_its_exit_code(process, values, message, code):
    process.begin()
    process.end(**values)
    with pytest.raises(WatchedRunError) as caught:
        list(watch_run(process.reference))
    assert str(caught.value) == message.format(run=process.run.path)
    assert caught.value.exit_code == code


def test_one_whose_process_dies_is_broken_off(process, meanwhile):
    process.begin()
    meanwhile += [process.die]
    with pytest.raises(
        WatchedRunError, match=r"broken off, since its process ended without .* kerasrun resume"
    ) as caught:
        list(watch_run(process.reference))
    assert caught.value.exit_code == 1


def test_one_that_is_deleted_is_told(process, meanwhile):
    process.begin()
    meanwhile += [lambda: (shutil.rmtree(process.run.path), process.die())]
    with pytest.raises(InputError, match="is no longer there"):
        list(watch_run(process.reference))


def test_one_that_is_resumed_goes_on(process, meanwhile):
    def resume():
        process.own()
        process.run.write_manifest({"status": "interrupted"})

    def go_on():  # cut back to the checkpoint after epoch 1
        os.truncate(process.run.log, sum(len((line + "\n").encode()) for line in [*PLAN, row(1)]))
        process.run.write_manifest({"status": "running"})

    process.begin()
    process.run.write_log([row(1), row(2)])
    process.end(status="interrupted")
    resume()
    meanwhile += [go_on, lambda: None, lambda: process.run.write_log([row(2), row(3)]), process.end]
    assert lines(watch_run(process.reference)) == [*PLAN, row(1), row(2), row(2), row(3)]


def test_a_log_that_was_cut_back_and_has_grown_again_is_gone_on_with_at_its_end(tmp_path):
    path = tmp_path / "log.txt"
    path.write_text("one\ntwo\nthree\n")
    tail = LogTail(path)
    assert tail.new_lines() == ["one", "two", "three"]
    path.write_text("one\ntwo again\nthree again\nfour\n")
    assert tail.new_lines() == []
    with path.open("a") as log:
        log.write("five\n")
    assert tail.new_lines() == ["five"]


def test_what_a_terminal_would_obey_is_not_handed_on(tmp_path):
    (tmp_path / "log.txt").write_bytes(b"\x1b[2Jgone\x07 \xff\n")
    assert LogTail(tmp_path / "log.txt").new_lines() == ["�[2Jgone� �"]


def test_it_writes_nothing_and_loads_no_backend(process):
    process.begin()
    process.end()
    before = {path: path.stat().st_mtime_ns for path in process.run.path.rglob("*")}
    process.run.path.chmod(0o500)
    code = (
        "import sys; from kerasrun.cli import main\n"
        "try: main(['watch', sys.argv[1]])\n"
        "finally: print(sorted({'keras', 'tensorflow', 'jax', 'matplotlib'} & set(sys.modules)))"
    )
    with contextlib.ExitStack() as stack:
        stack.callback(process.run.path.chmod, 0o700)
        done = subprocess.run(
            [sys.executable, "-c", code, process.reference], capture_output=True, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [*PLAN, "[]"]
    assert {path: path.stat().st_mtime_ns for path in process.run.path.rglob("*")} == before
