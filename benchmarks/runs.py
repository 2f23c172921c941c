"""How long lists of thousands of runs take, as whole processes: `python benchmarks/runs.py`. At most a second each."""

import hashlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kerasrun.config import load_config
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.summary import summarise

RUNS, TIMES = 3_000, 7
LISTS = ([], ["--json"], ["--where", "batch_size=32"])
KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
LATEST = "import sys; from kerasrun.runs.store.finding import find_run; find_run('latest', sys.argv[1])"


def make_runs(output: Path, status: str) -> None:
    """Copy a run RUNS times, in ten experiments; with forty files and two checkpoints its manifest is a long one."""
    hashes = [hashlib.sha256(bytes([n])).hexdigest() for n in range(42)]
    manifest = {
        "kerasrun": "0",
        "status": status,
        "started": "2026-01-01T00:00:00.000Z",
        "summary": summarise(load_config("@mnist_dnn")),
        "environment": {f"name{n}": "a value of the usual length" for n in range(12)},
        "data": {"sha256": hashes[0], "rows": {"train": 48_000, "validation": 12_000, "test": 10_000}},
        "num_parameters": 235_146,
        "checkpoints": [{"file": f"00000{n}.npz", "sha256": hashes[n]} for n in (1, 2)],
    }
    if status == "finished":
        figures = {"loss": 0.04, "accuracy": 0.99, "val_loss": 0.08, "val_accuracy": 0.98}
        files = {f"plots/a_picture_{n}.png": digest for n, digest in enumerate(hashes)}
        manifest |= {"done": 19, "time_s": 95.7, "figures": figures, "files": files}
    template = RunFolder(output / "template")
    template.path.mkdir(parents=True)
    template.write_manifest(manifest)
    template.lock.touch()
    for number in range(RUNS):
        shutil.copytree(template.path, output / f"experiment{number % 10}" / f"run{number:05}")
    shutil.rmtree(template.path)
    time.sleep(3)  # what has changed just now is not put into the index


def median_s(command: list[str]) -> float:
    """The median wall time of a command in seconds."""
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    """Print a line a command, for finished runs and for such whose process was killed."""
    for status, told in (("finished", "finished"), ("running", "broken off")):
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder)
            make_runs(output, status)
            begun = time.perf_counter()
            subprocess.run([KERASRUN, "runs", "--output", folder], capture_output=True, check=True)
            print(f"{RUNS:,} runs, {told}, each about {_manifest_bytes(output):,} bytes of manifest")
            print(f"{time.perf_counter() - begun:6.3f} s  kerasrun runs, the first time")
            for args in LISTS:
                took = median_s([KERASRUN, "runs", *args, "--output", folder])
                print(f"{took:6.3f} s  {' '.join(['kerasrun runs', *args])}")
            print(f"{median_s([sys.executable, '-c', LATEST, folder]):6.3f} s  to find `latest`")


def _manifest_bytes(output: Path) -> int:
    return next(output.glob("*/*/manifest.json")).stat().st_size


if __name__ == "__main__":
    main()
