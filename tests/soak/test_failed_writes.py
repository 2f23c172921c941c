"""Writes that fail: the last good checkpoint always loads, and nothing crashes."""

import builtins
import errno
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kerasrun.runs.store import checkpoints
from kerasrun.runs.store.folder import RunFolder

pytestmark = pytest.mark.soak

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
NUM_INJECTED, NUM_LIMITED = 270, 30
ERRORS = [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT]


class Failing:
    """Lets the n-th call from now on of what writes a file fail."""

    def __init__(self, monkeypatch):
        self.left, self.error = -1, 0
        for module, name in ((os, "fsync"), (os, "open"), (os, "replace"), (os, "rename"), (builtins, "open")):
            monkeypatch.setattr(module, name, self.wrapped(getattr(module, name)))
        monkeypatch.setattr(Path, "replace", self.wrapped(Path.replace))
        monkeypatch.setattr(Path, "open", self.wrapped(Path.open))
        monkeypatch.setattr(np, "savez", self.half_written)

    def wrapped(self, function):
        def call(*args, **kwargs):
            self.left -= 1
            if self.left == 0:
                raise OSError(self.error, os.strerror(self.error))
            return function(*args, **kwargs)

        return call

    def half_written(self, file, **arrays):
        """What numpy does, but for a disk that may be full in the middle."""
        self.left -= 1
        if self.left == 0:
            file.write(b"PK" * 100)
            raise OSError(self.error, os.strerror(self.error))
        return SAVEZ(file, **arrays)


SAVEZ = np.savez


def tree(number):
    return {"place": {"epoch": number, "step": 0}, "variables": [np.full(1000, number, np.float32)]}


def fail_writes(folder, monkeypatch, count):
    """Write checkpoints until so many writes have failed; the last good one is to load after each."""
    chance, run = random.Random(0), RunFolder(folder)
    manifest = {"checkpoints": []}
    failing = Failing(monkeypatch)
    failed = last_good = number = 0
    while failed < count:
        number += 1
        failing.left, failing.error = chance.randrange(1, 40), chance.choice(ERRORS)
        known = manifest["checkpoints"]
        try:
            entry = checkpoints.write_checkpoint(run, number, tree(number))
            manifest["checkpoints"] = [*known, entry][-checkpoints.NUM_KEPT :]
            run.write_manifest(manifest)
            checkpoints.remove_others(run, manifest["checkpoints"])
            last_good = number
        except OSError:
            failed += 1
        failing.left = -1
        if not run.manifest.is_file():
            continue
        manifest = run.sound_manifest()
        newest, damaged = checkpoints.read_newest(run, manifest["checkpoints"])
        assert not damaged
        assert newest is not None
        assert newest["place"]["epoch"] in (last_good, number)
        last_good = newest["place"]["epoch"]
    assert number > count  # some were written
    print(f"\n{failed} of {number} writes failed: the last good checkpoint loaded after each")


def test_the_last_good_checkpoint_always_loads(tmp_path, monkeypatch):
    fail_writes(tmp_path, monkeypatch, NUM_INJECTED)


CONFIG = """\
name: net
data: {source: digits, num_samples: 300, validation: 0.2}
model: [Flatten, {Dense: {units: 200, activation: relu}}, {Dense: {units: 10, activation: softmax}}]
training: {epochs: 180, batch_size: 16, optimizer: Adam, loss: sparse_categorical_crossentropy}
callbacks:
  - ModelCheckpoint: {filepath: "at{epoch}.keras"}
output: {plots: [], checkpoint_every_s: 0, save: [model, weights]}
"""


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="only root can mount a small disk")
def test_a_full_disk_ends_a_run_with_a_word_and_it_resumes_when_there_is_room(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    chance = random.Random(0)
    for _ in range(NUM_LIMITED):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(disk)], check=True)
        try:
            (disk / "filler").write_bytes(bytes(64_000_000 - 21_000_000 - chance.randrange(10_000_000)))
            done = train(tmp_path, disk, "train", "config.yaml", "--name", "x")
            assert done.returncode == 2, (done.returncode, done.stderr)
            assert "Traceback" not in done.stderr
            run = RunFolder(disk / "net/x")
            if not run.path.exists():
                continue  # told before the first step
            _, damaged = checkpoints.read_newest(run, run.sound_manifest().get("checkpoints", []))
            assert not damaged
            (disk / "filler").unlink()
            resumed = train(tmp_path, disk, "resume", str(run.path))
            assert resumed.returncode == 0, resumed.stderr
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    print(f"\n{NUM_LIMITED} full disks: each run ended with a word, its checkpoint loaded")


def train(folder, disk, *args):
    return subprocess.run(
        [KERASRUN, *args, "--output", str(disk), "-q"], cwd=folder, capture_output=True, text=True, check=False
    )
