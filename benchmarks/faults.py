"""How soon a faulty config is told, as whole processes: `python benchmarks/faults.py`."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5
LIMIT_S = 0.4
KERASRUN = str(Path(sys.executable).with_name("kerasrun"))

SOUND = """\
data: {source: digits, validation: 0.2}
model: [Flatten, {Dense: {units: 10, activation: softmax}}]
training: {epochs: 1, loss: sparse_categorical_crossentropy}
"""
BAD = {
    "a tab": SOUND + "callbacks:\n\t- TerminateOnNaN\n",
    "a misspelt key": SOUND.replace("validation", "validaton"),
    "a misspelt layer": SOUND.replace("Dense", "Dens"),
    "a misspelt argument": SOUND.replace("activation", "activaton"),
    "a value out of range": SOUND.replace("epochs: 1", "epochs: -1"),
    "a wrong loss": SOUND.replace("sparse_categorical", "categorical"),
    "a monitor that no epoch has": SOUND + "callbacks: [EarlyStopping: {monitor: val_los}]\n",
    "a base that is not there": "extends: base.yaml\n" + SOUND,
    "a hundred layers, each misspelt": SOUND.replace("Flatten", ", ".join(["Flaten"] * 100)),
}


def seconds_and_code(command: list[str], folder: str) -> tuple[float, int]:
    """How long a command takes from start to exit, and its exit code."""
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return time.perf_counter() - begun, done.returncode


def median_s(command: list[str], folder: str) -> float:
    """The median of RUNS runs, after one that does not count; each must find the fault."""
    times = []
    for _ in range(RUNS + 1):
        seconds, code = seconds_and_code(command, folder)
        if code != 2:
            raise SystemExit(f"{' '.join(command)}: exit code {code}, not 2")
        times.append(seconds)
    return statistics.median(times[1:])


def main() -> None:
    """Print a line a config: the medians of `check --static` and of `train`, and whether both keep the limit."""
    print(f"{'seconds from start to exit, median of ' + str(RUNS):42}  check --static  train  limit")
    with tempfile.TemporaryDirectory() as folder:
        for what, text in BAD.items():
            (Path(folder) / "config.yaml").write_text(text, encoding="utf-8")
            check = median_s([KERASRUN, "check", "config.yaml", "--static"], folder)
            train = median_s([KERASRUN, "train", "config.yaml"], folder)
            kept = "kept" if max(check, train) <= LIMIT_S else "not kept"
            print(f"{what:42}  {check:14.3f}  {train:5.3f}  {LIMIT_S} s {kept}")


if __name__ == "__main__":
    main()
