"""Runs as they lie on the disk, made up without training: config, manifest, history, figures."""

import hashlib

import yaml

from kerasrun.config import load_config
from kerasrun.config.yaml_text import write_yaml
from kerasrun.report.history import History
from kerasrun.runs.store.files import write_json
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.summary import summarise
from tests.conftest import TINY


def make_run(output, name="tiny/first", settings=(), epochs=None, metrics=None, history=True, **more):
    """Make the folder of a finished run.

    Args:
        output: the folder of all runs.
        name: experiment and run.
        settings: overrides of the tiny config, as `--set` has them.
        epochs: the columns of its history; by default the losses 3, 2, 1 and val_losses 3, 1, 2.
        metrics: the figures of its parts at the end.
        more: entries of the manifest that are other than usual; None takes one out.
    """
    experiment, _, own_name = name.partition("/")
    config = load_config(yaml.safe_load(TINY), (f"name={experiment}", *settings))
    run = RunFolder(output / name)
    run.path.mkdir(parents=True)
    text = write_yaml(config.to_dict())
    run.config.write_text(text, encoding="utf-8")
    epochs = epochs or {"epoch": [1, 2, 3], "loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 1.0, 2.0]}
    if history:
        run.history.write_text(History(epochs=epochs).to_json(), encoding="utf-8")
    if metrics:
        write_json(run.metrics, metrics)
    manifest = {
        "kerasrun": "0.1.0",
        "name": experiment,
        "run": own_name,
        "status": "finished",
        "started": "2026-01-01T00:00:00.000Z",
        "summary": summarise(config),
        "environment": {"python": "3.11.7", "keras": "3.15.1", "threads": 2},
        "program": "xla",
        "data": {"sha256": "0123456789abcdef" * 4, "rows": {"train": 16, "validation": 4}},
        "config_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "num_parameters": 13,
        "done": 3,
        "time_s": 2.5,
        "stopped": "",
        "figures": {"loss": 2.0, "val_loss": 1.0},
        "files": {},
    }
    run.write_manifest({key: value for key, value in {**manifest, **more}.items() if value is not None})
    return run
