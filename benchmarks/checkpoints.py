"""What checkpoints cost: `python benchmarks/checkpoints.py`. For a model of 100 MB at most 2 % of the time."""

import tempfile
import time
from pathlib import Path

from kerasrun.config import load_config
from kerasrun.runs.record import Record
from kerasrun.runs.train import train_run

# 64 × 4,900 + 4,900 × 4,900 weights: 97 MB, and with Adam's averages three times as much.
CONFIG = {
    "name": "large",
    "data": {"source": "digits", "flatten": True},
    "model": [*[{"Dense": {"units": 4900, "activation": "relu"}}] * 2, {"Dense": 10}, {"Activation": "softmax"}],
    "training": {"epochs": 30, "batch_size": 64, "optimizer": "Adam", "loss": "sparse_categorical_crossentropy"},
    "output": {"plots": [], "save": []},
}


def main():
    times, sizes = [], []
    write = Record.checkpoint

    def timed(record):
        begun = time.perf_counter()
        write(record)
        times.append(time.perf_counter() - begun)
        sizes.extend(path.stat().st_size for path in record.run.checkpoints.glob("*.npz"))

    Record.checkpoint = timed
    with tempfile.TemporaryDirectory() as folder:
        begun = None
        for event in train_run(load_config(CONFIG), "x", Path(folder)):
            begun = begun or time.perf_counter()
            if hasattr(event, "epoch"):
                took = time.perf_counter() - begun
    print(f"{len(times)} checkpoints of {max(sizes, default=0) / 1e6:.0f} MB in {took:.0f} s of training")
    print(f"each {1000 * sum(times) / max(len(times), 1):.0f} ms, together {100 * sum(times) / took:.1f} % (limit 2)")


if __name__ == "__main__":
    main()
