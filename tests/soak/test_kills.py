"""SIGKILL at random instants: every run resumes, and ends with the bits of an unbroken one."""

import json
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
NUM_KILLS, NUM_IN_SAVES = 200, 30
# So many kills on the way to one run's end.
KILLS_A_RUN = 5

NET = """\
name: net
seed: {seed}
threads: 1
data: {{source: digits, num_samples: 400, validation: 0.2}}
model:
{layers}
  - Flatten
  - Dense: {{units: 24, activation: relu}}
{more}
  - Dense: {{units: 10, activation: softmax}}
training: {{{length}, batch_size: 16, optimizer: {optimizer}, loss: sparse_categorical_crossentropy, {program}}}
callbacks:
  - EarlyStopping: {{monitor: val_loss, patience: 500, restore_best_weights: true}}
  - ReduceLROnPlateau: {{monitor: val_loss, patience: 2, min_delta: 0.1}}
  - CSVLogger: log.csv
output: {{plots: [], checkpoint_every_s: {every}}}
"""
AUGMENTED = "  - RandomTranslation: {height_factor: 0.1, width_factor: 0.1}\n  - RandomRotation: 0.05"
NORMALIZED = "  - BatchNormalization\n  - Dropout: 0.3"
KINDS = [
    {
        "layers": AUGMENTED,
        "more": NORMALIZED,
        "length": "epochs: 150",
        "optimizer": "Adam",
        "program": "program: graph",
    },
    {"layers": "", "more": NORMALIZED, "length": "epochs: 1500", "optimizer": "SGD", "program": "program: xla"},
    {
        "layers": "",
        "more": "  - Dropout: 0.5",
        "length": "epochs: 1000",
        "optimizer": "RMSprop",
        "program": "program: graph",
    },
    {
        "layers": "",
        "more": NORMALIZED,
        "length": "steps: 20000, evaluate_every: 700",
        "optimizer": "AdamW",
        "program": "program: xla",
    },
    {
        "layers": AUGMENTED,
        "more": "",
        "length": "steps: 4000, evaluate_every: 300",
        "optimizer": "{SGD: {momentum: 0.9}}",
        "program": "program: graph",
    },
]


def kerasrun(folder, *args):
    done = subprocess.run([KERASRUN, *args], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


def results(run):
    manifest = json.loads((run / "manifest.json").read_text())
    rows = [line.split()[:-2] for line in (run / "log.txt").read_text().splitlines() if "/" in line[:14]]
    return manifest["status"], manifest["results"], rows, (run / "log.csv").read_bytes()


def training_time(run):
    """How long the steps of a run took, in seconds."""
    history = json.loads((run / "history.json").read_text())
    return sum((history.get("epochs") or history["evaluations"])["epoch_time_s"])


def killed(folder, chance, within_s, *args):
    """Kill a process at a random instant after its first step; whether it was saving, or None if it had ended."""
    process = subprocess.Popen([KERASRUN, *args], cwd=folder, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line.lstrip()[:1].isdigit():
            break
    time.sleep(chance.random() * within_s)
    saving = folder / "outputs/net/x/checkpoints"
    if chance.random() < 0.4:  # wait for a save
        deadline = time.monotonic() + 1
        while process.poll() is None and time.monotonic() < deadline and not list(saving.glob(".*.partial.*")):
            pass
    process.kill()
    process.communicate()
    assert process.returncode in (0, -9)
    if process.returncode == 0:
        return None
    return bool(list((folder / "outputs/net/x").rglob("*.partial.*")))


def one_run(folder, kind, seed):
    """Kill a run some times, let it end, and compare; the kills, and how many of them were within a save."""
    chance = random.Random(seed)
    every = chance.choice([0, 0, 0.05, 0.5])
    folder.mkdir()
    (folder / "config.yaml").write_text(NET.format(seed=seed % 7, every=every, **kind))
    kerasrun(folder, "train", "config.yaml", "--name", "whole", "--set", "output.checkpoint_every_s=9999", "-q")
    found, saving = [], False
    within_s = 1.5 * training_time(folder / "outputs/net/whole") / KILLS_A_RUN
    command = ["train", "config.yaml", "--name", "x"]
    for _ in range(KILLS_A_RUN):
        saving = killed(folder, chance, within_s, *command)
        if saving is None:
            break
        found.append(saving)
        command = ["resume", "x"]
    if saving is not None:
        kerasrun(folder, *command, "-q")
    assert results(folder / "outputs/net/x") == results(folder / "outputs/net/whole"), folder
    return found


def test_every_run_that_was_killed_ends_with_the_bits_of_an_unbroken_one(tmp_path):
    kills, number = [], 0
    with ThreadPoolExecutor(2) as executor:
        while len(kills) < NUM_KILLS or sum(kills) < NUM_IN_SAVES:
            seeds = range(number, number + 10)
            jobs = [executor.submit(one_run, tmp_path / str(s), KINDS[s % len(KINDS)], s) for s in seeds]
            kills += [saving for job in jobs for saving in job.result()]
            number += 10
            print(f"\n{len(kills)} kills, {sum(kills)} of them within a save; {number} runs, all the same to the bit")
