"""How near `kerasrun check` comes to the time of an epoch: `python benchmarks/estimates.py`. Limit: a factor of 1.5."""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
CONFIGS = {
    "@sine": "training.epochs=2000",
    "@digits": "training.epochs=30",
    "@mnist_two_layer": "training.epochs=6",
    "@mnist_dnn": "training.epochs=5",
    "@mnist_mlp": "training.epochs=6",
    "@mnist_two_layer_steps": "training.steps=4000",
}
CONVOLUTIONS = """\
name: convolutions
data: {source: mnist, validation: 0.2}
model:
  - Reshape: [28, 28, 1]
  - Conv2D: {filters: 16, kernel_size: 3, activation: relu}
  - MaxPooling2D: 2
  - Flatten
  - Dense: {units: 10, activation: softmax}
training: {epochs: 3, batch_size: 128, loss: sparse_categorical_crossentropy, optimizer: Adam}
"""


def output(folder: str, *args: str) -> str:
    """What the command prints."""
    return subprocess.run([KERASRUN, *args], cwd=folder, capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Print a line a config: the estimate, the median epoch of a training, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "convolutions.yaml").write_text(CONVOLUTIONS)
        for config, length in {**CONFIGS, "convolutions.yaml": "training.epochs=3"}.items():
            guess = json.loads(output(folder, "check", config, "--json"))["epoch_time_s"]
            run = output(folder, "train", config, "--set", length, "--set", "output.plots=[]", "-q").strip()
            history = json.loads((Path(folder) / run / "history.json").read_text())
            times = (history.get("epochs") or history["evaluations"])["epoch_time_s"]
            took = statistics.median(times[1:])
            print(f"{config:24} {guess:9.4f} s guessed  {took:9.4f} s taken  {guess / took:5.2f}", flush=True)


if __name__ == "__main__":
    main()
