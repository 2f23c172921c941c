"""Every argument of every callback changes what a short training does, prints or leaves behind."""

import contextlib
import importlib.util
import io
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import tensorflow as tf
from walk import Other, Stages, Walk, around, beside, fails, names_of, shown

import kerasrun.api

EPOCHS = 8

# What the run writes for itself, whatever the callbacks are.
OWN = (
    *(".lock", "config.yaml", "manifest.json", "metrics.json", "history.json", "log.txt", "saves.json"),
    *("initial_filters.npz", "model.json", "reading.json", "report.html", "results.npz"),
)
ECHO = ("_strings.json",)  # the model's config, in what Orbax saves

# Models that read the one number x of the sine.
NUMBERS = [{"Dense": 4}, {"Dense": 1}]
WORDS = [{"Embedding": {"input_dim": 9, "output_dim": 2}}, "Flatten", {"Dense": 1}]


def observe_callback(
    name: str, arguments: dict[str, Any], model: Any = NUMBERS, behind: Any = (), **training: Any
) -> Stages:
    """Train with the callback: a learning rate far too large lets the losses rise and fall.

    Args:
        behind: callbacks that act after it.
        training: settings of that section.
    """
    config = {
        "name": "walk",
        "seed": 1,
        "data": {"source": "sine", "num_samples": 20, "validation": 0.2},
        "model": model,
        "training": {
            "epochs": EPOCHS,
            "batch_size": 4,
            "loss": "mse",
            "optimizer": {"Adam": {"learning_rate": 0.45}},
            "program": "graph",
        }
        | training,
        "callbacks": [{name: arguments}, *behind],
        "output": {"save": [], "plots": [], "report": False, "checkpoint_every_s": 3_600},
        "silence": [
            *("mode_against_monitor", "patience_too_long", "backup_never_restored", "large_learning_rate"),
            "embeddings_not_shown",
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            run = kerasrun.api.train(config, name="run", output=folder)
        files = [path for path in sorted(run.folder.rglob("*")) if path.is_file() and path.name not in (*OWN, *ECHO)]
        written: dict[str, list[Any]] = {}
        for path in files:  # a folder may hold several files of events, in an order of chance
            written.setdefault(nameless(path.relative_to(run.folder)), []).append(content(path))
        written |= {name: [sorted(set().union(*found))] for name, found in written.items() if name.endswith("events")}
    yield "history", {column: values for column, values in run.history.epochs.items() if column != "epoch_time_s"}
    yield "weights", run.model.get_weights()
    yield "printed", printed.getvalue()
    yield "files", written


def nameless(path: Path) -> str:
    """A file's name without the time and the process, or the random digits, that some writers put there."""
    return str(path.parent / "events" if "tfevents" in path.name else re.sub("[0-9a-f]{32}.*", "…", str(path)))


def content(path: Path) -> Any:
    """What a file holds that does not depend on the time."""
    if "tfevents" in path.name:
        return sorted(set(events(path)))
    if path.suffix == ".keras":
        with zipfile.ZipFile(path) as archive:
            return arrays(io.BytesIO(archive.read("model.weights.h5")))
    if path.suffix == ".h5":
        return arrays(path)
    written_as_text = path.suffix in (".csv", ".json", ".pbtxt") or path.name == "_METADATA"
    return path.read_text(errors="replace") if written_as_text else ""


def events(path: Path) -> Any:
    """What TensorBoard can show of an events file: tag, step and number where there is one."""
    for event in tf.compat.v1.train.summary_iterator(str(path)):
        for value in event.summary.value:
            yield f"{value.tag} {event.step} {value.metadata.plugin_data.plugin_name}"


def arrays(file: Any) -> dict[str, Any]:
    """All arrays of an HDF5 file."""
    found: dict[str, Any] = {}
    with h5py.File(file) as h5:
        h5.visititems(
            lambda name, item: found.update({name: np.asarray(item)}) if isinstance(item, h5py.Dataset) else None
        )
    return found


# What nothing here can show, and why.
UNSEEN = {
    "OrbaxCheckpoint.save_on_background": "it decides which thread writes the same files",
}

AVERAGING = {"Adam": {"learning_rate": 0.45, "use_ema": True}}

WALK = Walk(
    "callbacks",
    {
        # Those that watch a figure.
        "ModelCheckpoint.monitor OrbaxCheckpoint.monitor": beside("loss", save_best_only=True),
        "monitor": "val_loss",
        "ModelCheckpoint.mode OrbaxCheckpoint.mode": beside("max", save_best_only=True),
        "mode": "max",
        "verbose": 1,
        "min_delta": 0.5,
        "patience": 1,
        "baseline": 0.01,
        "restore_best_weights": True,
        "start_from_epoch": 4,
        "factor": 0.5,
        "cooldown": shown(2, patience=1),
        "min_lr": 0.2,
        # Those that write.
        "filepath": "other/{epoch}.keras",
        "save_best_only": True,
        "directory": "other",
        "max_to_keep": 3,
        "save_on_background": False,
        "OrbaxCheckpoint.save_weights_only": True,
        "save_weights_only": fails(True, "weights alone are saved in a file that ends in .weights.h5"),
        "initial_value_threshold": beside(0.01, save_best_only=True),
        "backup_dir": "other",
        "save_freq": 3,
        "double_checkpoint": True,
        "delete_checkpoint": True,
        "filename": "other.csv",
        "separator": ";",
        "append": True,
        # TensorBoard.
        "log_dir": "other",
        "histogram_freq": 1,
        "write_graph": False,
        "write_images": beside(True, histogram_freq=1),
        "write_steps_per_second": True,
        "update_freq": "batch",
        "profile_batch": 2,
        "embeddings_freq": around(1, model=WORDS),
        "embeddings_metadata": Other("words.tsv", {"embeddings_freq": 1}, {"model": WORDS}),
        # The others.
        "swap_on_epoch": around(True, optimizer=AVERAGING, behind=[{"ModelCheckpoint": {"filepath": "{epoch}.keras"}}]),
        "raise_error": Other(True, {}, {"optimizer": {"SGD": {"learning_rate": 1e30}}, "on_nan": "continue"}, "NaN"),
    },
    UNSEEN,
    observe_callback,
    {
        "BackupAndRestore": {"backup_dir": "backup", "delete_checkpoint": False},
        "CSVLogger": {"filename": "log.csv"},
        "ModelCheckpoint": {"filepath": "saved/{epoch}.keras"},
        "OrbaxCheckpoint": {"directory": "saved"},
        "EarlyStopping ReduceLROnPlateau": {"monitor": "loss", "patience": 2},
    },
)


# One run takes half a second; the fast tests hold those with few arguments.
SLOW = (
    "BackupAndRestore",
    "CSVLogger",
    "EarlyStopping",
    "ModelCheckpoint",
    "OrbaxCheckpoint",
    "ReduceLROnPlateau",
    "TensorBoard",
)
NEEDS_ORBAX = pytest.mark.skipif(importlib.util.find_spec("orbax") is None, reason="it needs orbax-checkpoint")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW) + [NEEDS_ORBAX] * name.startswith("Orbax"))
        for name in names_of("callbacks")
    ],
)
def test_every_argument_acts(name):
    assert WALK.faults(name) == []


def test_every_row_of_the_tables_is_of_use():
    assert WALK.unused_rows() == []


def test_every_epochs_of_a_checkpoint_acts():
    """A key of kerasrun's own, which stands among Keras's arguments."""
    saved = [
        dict(observe_callback("ModelCheckpoint", {"filepath": "{epoch}.keras"} | more))["files"]
        for more in ({}, {"every_epochs": 3})
    ]
    assert [list(files) for files in saved] == [[f"{n}.keras" for n in range(1, 9)], ["3.keras", "6.keras"]]
