"""Write errors.md: the messages that a beginner meets first, as the tool prints them: `python docs/errors.py`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
KERASRUN = str(Path(sys.executable).with_name("kerasrun"))

CONFIG = """\
name: digits
data: {source: digits, validation: 0.2}
model:
  - Flatten
  - Dense: {units: 32, activation: relu}
  - Dense: {units: 10, activation: softmax}
training:
  epochs: 5
  optimizer: Adam
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
callbacks:
  - EarlyStopping: {monitor: val_loss, patience: 3}
"""

# Title, what to replace in the config, by what; or the arguments of the command.
CASES = [
    ("A layer's name is misspelt", "- Dense: {units: 32", "- Dens: {units: 32"),
    ("An argument is misspelt", "units: 32, activation", "units: 32, activatoin"),
    ("The loss does not fit the labels", "loss: sparse_cat", "loss: cat"),
    ("The file is not there", "train confg.yaml", ""),
    ("The indentation is wrong", "  optimizer: Adam", " optimizer: Adam"),
    ("A tab indents", "  epochs: 5", "\tepochs: 5"),
    ("MNIST is not here, and there is no net", "source: digits", "source: mnist"),
    ("Shapes do not fit", "  - Flatten\n", "  - Conv2D: {filters: 8, kernel_size: 3}\n"),
    ("A callback watches what is not measured", ", validation: 0.2", ""),
    ("The run exists already", "train config.yaml --name first", ""),
    ("Several at once", "epochs: 5\n  optimizer: Adam", "epoch: 5\n  optimizer: {Adam: {lr: 0.1}}"),
]
HEAD = """\
# The messages that you meet first

As `kerasrun train config.yaml` prints them, each with exit code 2. `kerasrun check config.yaml` finds all that can be
found before a training, and `--static` stops before TensorFlow is loaded. This page is made by `python docs/errors.py`.
"""


def told(folder: Path, old: str, new: str) -> str:
    """What the command prints for a case."""
    command = old.split() if old.startswith("train ") else ["train", "config.yaml"]
    text = CONFIG if old.startswith("train ") else CONFIG.replace(old, new, 1)
    assert text != CONFIG or old.startswith("train "), old
    (folder / "config.yaml").write_text(text)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KERASRUN_")}
    environment |= {"KERAS_HOME": str(folder / ".keras"), "https_proxy": "http://127.0.0.1:9"}  # nothing, and no net
    done = subprocess.run(
        [KERASRUN, *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 2, done
    return f"$ kerasrun {' '.join(command)}\n{done.stderr.rstrip()}".replace(str(folder), "~")


def page() -> str:
    """The whole page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = folder / "outputs" / "digits" / "first"
        run.mkdir(parents=True)
        (run / "manifest.json").touch()
        parts = [f"## {title}\n\n```\n{told(folder, old, new)}\n```\n" for title, old, new in CASES]
    return "\n".join([HEAD, *parts])


if __name__ == "__main__":
    (HERE / "errors.md").write_text(page(), encoding="utf-8")
