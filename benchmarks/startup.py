"""How long the commands that need no TensorFlow take, as whole processes: `python benchmarks/startup.py`."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 11
KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
HISTORY = {"loss": [1 / n for n in range(1, 51)], "accuracy": [1 - 1 / n for n in range(1, 51)]}


def median_s(command: list[str], folder: str) -> float:
    """The median wall time of a command in seconds, after one run that does not count."""
    times = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        subprocess.run(command, cwd=folder, capture_output=True, check=False)
        times.append(time.perf_counter() - begun)
    return statistics.median(times[1:])


def main() -> None:
    """Print a line a command: its median, and the limit that the project sets itself."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "history.json").write_text(json.dumps(HISTORY))
        (Path(folder) / "bad.yaml").write_text("data: {source: sine}\nmodel: [Dens: 1]\ntraining: {epochs: 1}\n")
        rows = [
            (["--help"], 0.15),
            (["plot", "history.json", "-o", "plots"], 1.5),
            (["train", "bad.yaml"], 0.4),
        ]
        for args, limit in rows:
            print(f"{median_s([KERASRUN, *args], folder):6.3f} s  (limit {limit} s)  kerasrun {' '.join(args)}")


if __name__ == "__main__":
    main()
