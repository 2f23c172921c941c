"""A run that was broken off goes on, and ends with the bits of one that was not."""

import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import keras
import pytest

import kerasrun as kerasrun_package
from kerasrun.config import load_config
from kerasrun.errors import InputError, RunInterruptedError
from kerasrun.runs.resumable import find_resumable
from kerasrun.runs.saves import read_saves
from kerasrun.runs.store.checkpoints import write_checkpoint
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.packed import read_packed
from kerasrun.runs.train import resume_run, train_run
from kerasrun.training.events import EpochEnd
from tests.made_runs import make_run

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))

CONFIG = """\
name: net
seed: 3
data: {source: digits, num_samples: 300, validation: 0.2}
model:
  - RandomTranslation: {height_factor: 0.1, width_factor: 0.1}
  - Flatten
  - Dense: {units: 16, activation: relu}
  - BatchNormalization
  - Dropout: 0.2
  - Dense: {units: 10, activation: softmax}
training: {epochs: 12, batch_size: 16, optimizer: Adam, loss: sparse_categorical_crossentropy, metrics: [accuracy]}
callbacks:
  - EarlyStopping: {monitor: val_loss, patience: 50, restore_best_weights: true}
  - ReduceLROnPlateau: {monitor: val_loss, patience: 1, min_delta: 0.2}
  - ModelCheckpoint: {filepath: best.weights.h5, monitor: val_loss, save_best_only: true, save_weights_only: true}
  - CSVLogger: log.csv
  - TensorBoard: {histogram_freq: 1}
output: {plots: [], report: false, checkpoint_every_s: 0}
"""


class BrokenError(Exception):
    """What breaks a run off in these tests."""


def trained(folder, name, text=CONFIG, stop_after=None):
    """The run's folder after training, or after it was broken off when so many epochs or evaluations had come."""
    (folder / "config.yaml").write_text(text)
    events, seen = train_run(load_config(folder / "config.yaml"), name, folder / "outputs"), 0
    try:
        for event in events:
            seen += hasattr(event, "learning_rate")
            if stop_after is not None and seen > stop_after:
                events.throw(BrokenError("broken off by the test"))
    except BrokenError:
        pass
    return folder / "outputs" / "net" / name


def resumed(run, **more):
    for _ in resume_run(find_resumable(str(run), **more)):
        pass
    return run


def manifest(run):
    return json.loads((run / "manifest.json").read_text())


def log_rows(run):
    """The lines of the log about epochs, without times."""
    lines = (run / "log.txt").read_text().splitlines()
    return [line.split()[:-2] for line in lines if "/" in line.split(" ")[0] or line.strip()[:1].isdigit()]


def shown(run):
    """Everything in the run's event files, as TensorBoard reads them: tag, step and value."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util import tensor_util

    found = {}
    for part in ("train", "validation"):
        events = EventAccumulator(str(run / "tensorboard" / part), size_guidance={"tensors": 0}).Reload()
        for tag in events.Tags()["tensors"]:
            rows = [
                (event.step, tensor_util.make_ndarray(event.tensor_proto).tolist()) for event in events.Tensors(tag)
            ]
            found[part, tag] = rows
        found[part, "graph"] = events.Tags()["graph"]
    assert found["train", "graph"]
    assert len(found["train", "keras"]) == 1
    assert [step for step, _ in found["train", "dense/kernel/histogram"]]
    return found


def assert_same(run, other):
    assert manifest(run)["results"] == manifest(other)["results"]
    assert log_rows(run) == log_rows(other)
    assert read_saves(RunFolder(run)) == read_saves(RunFolder(other)) != {}
    if (other / "log.csv").exists():
        with (run / "log.csv").open() as one, (other / "log.csv").open() as two:
            assert list(csv.reader(one)) == list(csv.reader(two))
        assert shown(run) == shown(other)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("unbroken"), "whole")


@pytest.fixture(scope="module")
def broken_once(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("broken"), "x", stop_after=7)


@pytest.fixture
def broken(tmp_path, broken_once):
    """A run that was broken off after seven of its twelve epochs, where the command finds it."""
    return shutil.copytree(broken_once, tmp_path / "outputs" / "net" / "x")


@pytest.mark.parametrize("epochs", [0, *(pytest.param(more, marks=pytest.mark.slow) for more in (1, 7, 11))])
def test_it_ends_as_if_it_had_never_been_broken_off(tmp_path, unbroken, epochs):
    run = trained(tmp_path, "x", stop_after=epochs)
    assert manifest(run)["status"] == "failed"
    resumed(run)
    assert manifest(run)["status"] == "finished"
    assert_same(run, unbroken)


@pytest.mark.slow
def test_twice_broken_off(broken, unbroken):
    events = resume_run(find_resumable(str(broken)))
    with pytest.raises(BrokenError):
        for count, _ in enumerate(events):
            if count == 3:
                events.throw(BrokenError())
    resumed(broken)
    assert_same(broken, unbroken)
    assert len(manifest(broken)["resumed"]) == 2


@pytest.mark.slow
def test_a_training_in_steps(tmp_path):
    text = CONFIG.replace("epochs: 12", "steps: 100, evaluate_every: 30")
    whole = trained(tmp_path, "whole", text)
    run = trained(tmp_path, "x", text, stop_after=2)
    resumed(run)
    assert_same(run, whole)


@pytest.mark.slow
def test_keras_own_loop(tmp_path):
    text = CONFIG.replace("epochs: 12", "epochs: 5, loop: keras")
    whole = trained(tmp_path, "whole", text)
    run = trained(tmp_path, "x", text, stop_after=2)
    resumed(run)
    assert_same(run, whole)


def test_a_damaged_checkpoint_is_noticed_and_the_one_before_it_is_used(broken, unbroken):
    newest = broken / "checkpoints" / manifest(broken)["checkpoints"][-1]["file"]
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    events = resume_run(find_resumable(str(broken)))
    assert f"checkpoint {newest.name} is damaged and is not used" in next(events).notes
    for _ in events:
        pass
    assert_same(broken, unbroken)


def test_only_the_last_two_checkpoints_are_kept(unbroken):
    kept = {path.name for path in (unbroken / "checkpoints").glob("*.npz")}
    assert kept == {entry["file"] for entry in manifest(unbroken)["checkpoints"]}
    assert len(kept) == 2


def test_more_epochs_may_be_asked_for(tmp_path, unbroken):
    run = trained(tmp_path, "x", CONFIG.replace("epochs: 12", "epochs: 5"))
    resumed(run, overrides=("training.epochs=12",))
    assert manifest(run)["results"] == manifest(unbroken)["results"]
    assert shown(run) == shown(unbroken)


def test_a_finished_run_says_so(called, unbroken):
    done = called("resume", str(unbroken))
    assert done.returncode == 0
    assert done.stdout.startswith(f"{unbroken}: this run is finished")


class TestWhatMayNotChange:
    def test_settings(self, broken):
        before = (broken / "manifest.json").read_bytes()
        with pytest.raises(InputError) as caught:
            find_resumable(str(broken), overrides=("training.batch_size=8", "seed=4", "output.plots=[svg]"))
        assert "  seed: 3 → 4\n  training.batch_size: 16 → 8\n" in str(caught.value)
        assert "plots" not in str(caught.value)
        assert (broken / "manifest.json").read_bytes() == before

    def test_fewer_epochs(self, broken):
        with pytest.raises(InputError, match=r"training\.epochs: 12 → 3"):
            find_resumable(str(broken), overrides=("training.epochs=3",))

    def test_data(self, tmp_path):
        import numpy as np

        x = np.random.default_rng(0).normal(size=(40, 3)).astype("float32")
        np.savez(tmp_path / "rows.npz", x=x, y=x[:, :1])
        text = (
            "name: net\ndata: {source: npz, path: rows.npz}\nmodel: [{Dense: 1}]\n"
            "training: {epochs: 3, program: graph, optimizer: SGD, loss: mean_squared_error}\n"
            "output: {plots: [], report: false, checkpoint_every_s: 0}\n"
        )
        run = trained(tmp_path, "x", text, stop_after=1)
        np.savez(tmp_path / "rows.npz", x=x + 1, y=x[:, :1])
        with pytest.raises(InputError, match="the data is not what this run began with"):
            resumed(run)
        assert manifest(run)["status"] == "failed"

    def test_files_of_the_record(self, broken):
        for name, old, new in (("config.yaml", "seed: 3", "seed: 4"), ("manifest.json", '"seed": 3', '"seed": 4')):
            (broken / name).write_text((broken / name).read_text().replace(old, new))
            with pytest.raises(InputError, match=f"{re.escape(name)}: is not as kerasrun wrote it"):
                find_resumable(str(broken))


def started(folder, *settings):
    """A process that trains, once it has told of its first epoch or evaluation."""
    process = subprocess.Popen(
        [KERASRUN, "train", "config.yaml", "--name", "x", *settings],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    for line in process.stdout:
        if line.lstrip().startswith(("1/", "0/")):
            return process
    raise AssertionError(process.stderr.read())


def test_killed_at_some_instant_it_is_broken_off_and_resumes(tmp_path, called, unbroken):
    (tmp_path / "config.yaml").write_text(CONFIG)
    process = started(tmp_path)
    time.sleep(random.random() * 0.5)
    process.kill()
    process.communicate()
    run = tmp_path / "outputs/net/x"
    if manifest(run)["status"] == "running":
        assert "  broken off  " in called("runs").stdout.splitlines()[1]
    done = called("resume", "x")
    assert done.returncode == 0, done.stderr
    assert_same(run, unbroken)


def test_a_signal_writes_a_checkpoint(tmp_path, unbroken):
    (tmp_path / "config.yaml").write_text(CONFIG.replace("_s: 0", "_s: 999"))
    process = started(tmp_path)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    run = tmp_path / "outputs/net/x"
    if process.returncode:  # else it had come to its end
        assert process.returncode == 128 + 15
        assert errors.splitlines()[-1].startswith("Error: interrupted after epoch")
        assert manifest(run)["status"] == "interrupted"
    assert len(manifest(run)["checkpoints"]) == 1
    if process.returncode:
        resumed(run)
    assert_same(run, unbroken)


def test_a_signal_while_it_concludes_keeps_the_end_of_the_training(tmp_path, unbroken, monkeypatch):
    def interrupt(*_):
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("kerasrun.runs.train.save_models", interrupt)
    with pytest.raises(RunInterruptedError, match="interrupted after epoch 12; go on with: kerasrun resume"):
        trained(tmp_path, "x", CONFIG.replace("_s: 0", "_s: 999"))
    run = tmp_path / "outputs/net/x"
    assert [entry["epoch"] for entry in manifest(run)["checkpoints"]] == [12]
    assert (manifest(run)["status"], manifest(run)["exit_code"]) == ("interrupted", 128 + 15)
    monkeypatch.undo()
    assert not [event for event in resume_run(find_resumable(str(run))) if isinstance(event, EpochEnd)]
    assert_same(run, unbroken)


def test_a_run_without_its_config_cannot_go_on(tmp_path):
    run = make_run(tmp_path, status="interrupted", files=None)
    run.config.unlink()
    with pytest.raises(InputError, match=r"tiny/first/config\.yaml: is missing, so the run cannot go on$"):
        find_resumable(str(run.path))


def test_a_run_elsewhere_comes_out_the_same(tmp_path, kerasrun, unbroken):
    shutil.copytree(unbroken, tmp_path / "given")
    done = kerasrun("reproduce", "given", "--name", "again")
    assert done.returncode == 0, done.stderr
    assert "reproduced to the bit: weights and history are those of given" in done.stdout


def test_what_does_not_come_out_the_same_is_told(tmp_path, called, unbroken):
    shutil.copytree(unbroken, tmp_path / "given")
    run = RunFolder(tmp_path / "given")
    claimed = run.sound_manifest()
    claimed["results"]["weights"] = "0" * 64
    claimed["environment"]["keras"] = "3.0.0"
    run.write_manifest(claimed)
    done = called("reproduce", "given", "--name", "again")
    assert done.returncode == 3
    assert "weights are not those of given" in done.stderr
    assert "  keras: 3.0.0 → " in done.stderr
    assert "apart by 0" in done.stderr


def test_a_checkpoint_of_a_model_that_was_built_otherwise_is_refused_untouched(broken, called):
    run = RunFolder(broken)
    claimed = run.sound_manifest()
    entry = claimed["checkpoints"][-1]
    tree = read_packed(run.checkpoints / entry["file"])
    tree["variables"][0] = tree["variables"][0][:-1]
    claimed["checkpoints"] = [write_checkpoint(run, 9, tree)]
    claimed["environment"]["keras"] = "3.0.0"
    run.write_manifest(claimed)
    before = {path: path.read_bytes() for path in run.files()}
    done = called("resume", "x")
    assert done.returncode == 2
    now = keras.__version__
    assert done.stderr == (
        "Error: outputs/net/x: its checkpoint does not fit the model that is built from its config here; "
        f"keras is {now} and was 3.0.0\n"
    )
    assert {path: path.read_bytes() for path in run.files()} == before


def test_from_python(tmp_path, broken, unbroken):
    finished = kerasrun_package.resume(broken)
    assert (finished.folder, finished.history.epochs["epoch"][-1]) == (broken, 12)
    assert_same(broken, unbroken)
    with pytest.raises(InputError, match="this run is finished; ask for more epochs"):
        kerasrun_package.resume(broken)
    assert kerasrun_package.reproduce(broken, name="again", output=tmp_path / "outputs").differences == []


class TestVerify:
    def test_a_whole_run(self, called, unbroken):
        done = called("verify", str(unbroken))
        assert (done.returncode, done.stderr) == (0, "")

    def test_pictures_that_were_drawn_again_belong_to_the_run(self, tmp_path, called, unbroken):
        shutil.copytree(unbroken, tmp_path / "run")
        assert called("plot", "run", "--format", "svg").returncode == 0
        assert called("verify", "run").returncode == 0

    def test_every_file_of_a_run_is_watched(self, tmp_path, unbroken):
        from kerasrun.runs.past.verify import verify_run

        run = tmp_path / "run"
        shutil.copytree(unbroken, run)
        chance = random.Random(1)
        files = [path for path in run.rglob("*") if path.is_file() and path.name != ".lock"]
        assert len(files) >= 10
        for path in files:
            whole = path.read_bytes()
            damaged = bytearray(whole)
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
            for content in (bytes(damaged), whole[:-1], b""):
                path.write_bytes(content)
                try:
                    _, faults, _ = verify_run(str(run))
                except InputError as error:
                    faults = [str(error)]
                assert faults, path
            path.write_bytes(whole)
        assert verify_run(str(run))[1] == []
