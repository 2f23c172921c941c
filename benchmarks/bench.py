"""Every work on every side, in turn, several times; prints a table of medians and ratios.

    make bench                                     # all of it, and writes docs/performance.md
    python benchmarks/bench.py --rounds 1 sine lstm  # some works, printed only

A round runs each side of a work once, as a process of its own, one after the other. A ratio is the median over
rounds of the ratios within a round, so that a machine that slows down slows both sides of it.
"""

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path

from works import write_data

HERE = Path(__file__).parent
ROOT = HERE.parent
PAGE = ROOT / "docs" / "performance.md"
KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
NO_CALLBACKS = "callbacks=[]"


@dataclass(frozen=True)
class Work:
    """One row of the table.

    Args:
        config: what kerasrun trains, and the settings that it is given.
        epochs: how many epochs kerasrun trains, and how many the other sides, which are slower.
        targets: the ratio to reach, by side.
    """

    title: str
    config: str
    settings: tuple[str, ...]
    epochs: tuple[int, int]
    targets: dict[str, float]
    sides: tuple[str, ...] = ("keras", "torch")
    function: str = ""


SINE_CALLBACKS = (
    "callbacks=[{EarlyStopping: {monitor: val_loss, patience: 9999}}, "
    "{ReduceLROnPlateau: {monitor: val_loss, patience: 9999}}]"
)
WORKS = {
    "sine": Work("sine, batch 8", "sine", (), (2000, 60), {"keras": 200}),
    "sine_callbacks": Work(
        "sine, EarlyStopping, ReduceLROnPlateau", "sine", (SINE_CALLBACKS,), (2000, 60), {"keras": 100}, ("keras",)
    ),
    "two_layer": Work("MNIST two-layer, batch 100", "mnist_two_layer", (), (9, 4), {"keras": 3.3}),
    "mlp": Work("MNIST MLP, batch 100", "mnist_mlp", (), (7, 4), {"keras": 3.3}),
    "dnn": Work("MNIST DNN, dropout, Adam, batch 32", "mnist_dnn", (NO_CALLBACKS,), (5, 3), {"keras": 4}),
    "dnn_jax": Work(
        "the same, kerasrun on JAX",
        "mnist_dnn",
        (NO_CALLBACKS, "backend=jax"),
        (5, 3),
        {"keras": 5, "keras on jax": 1.5},
        ("keras", "keras on jax"),
        "dnn",
    ),
    "steps": Work(
        "MNIST two-layer by steps (600 of them)",
        "mnist_two_layer_steps",
        (),
        (7, 3),
        {"keras": 5, "numpy": 8},
        ("keras", "torch", "numpy"),
    ),
    "conv": Work("2 × Conv2D, dropout, Adam, batch 128", "conv", (), (9, 6), {"keras": 1.5}),
    "conv_pooling": Work("the same with max pooling", "conv_pooling", (), (5, 4), {}),
    "lstm": Work("LSTM 32 on 30 × 8, batch 64", "lstm", (), (12, 6), {"keras": 2.5}),
    "table": Work("1,000,000 × 20, 64-64-1, Adam, batch 1,024", "table", (), (5, 3), {"keras": 2}),
}
WHOLE = {
    "whole_sine": ("whole command: sine, 2,000 epochs", "sine", "script_sine.py", 18.0),
    "whole_mlp": ("whole command: MLP, 10 epochs", "mnist_mlp", "script_mlp.py", 1.8),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"some of {', '.join([*WORKS, *WHOLE])}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write the table to {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = write_data(folder)
        lines = [f"| {' | '.join(HEADER)} |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
        print(*lines, sep="\n", flush=True)
        for key in options.works or [*WORKS, *WHOLE]:
            measure = measure_whole if key in WHOLE else measure_work
            for row in measure(key, folder, options.rounds):
                lines.append(f"| {' | '.join(row)} |")
                print(lines[-1], flush=True)
    page = PAGE_TEXT.format(table="\n".join(lines), rounds=options.rounds, data=data, date=date.today(), **machine())
    print(page[page.index("Measured on") :])
    if options.write:
        PAGE.write_text(page, encoding="utf-8")


HEADER = ("work", "against", "its seconds", "kerasrun's seconds", "ratio (aim)", "peak MB, its and kerasrun's")


def measure_work(key, folder, rounds):
    """The rows of a work: one a side that kerasrun is held against."""
    work = WORKS[key]
    sides = [side for side in work.sides if is_installed(side)]
    if "backend=jax" in work.settings and not is_installed("jax"):
        return
    results = {side: [] for side in ("kerasrun", *sides)}
    for _ in range(rounds):
        results["kerasrun"].append(run_kerasrun(work, folder))
        for side in sides:
            results[side].append(run_plain(side, work.function or key, folder, work.epochs[1]))
    for side in sides:
        yield row(work.title, side, results[side], results["kerasrun"], work.targets.get(side))


def row(title, side, theirs, ours, target):
    """A row of the table from the rounds of two sides."""
    ratio = statistics.median(a["epoch_s"] / b["epoch_s"] for a, b in zip(theirs, ours, strict=True))
    median = lambda rounds, key: statistics.median(one[key] for one in rounds)  # noqa: E731
    aim = f" (≥ {target:g})" if target else " (> 1)"
    figures = [f"{median(one, 'epoch_s'):.4g}" for one in (theirs, ours)]
    peaks = f"{median(theirs, 'peak_mb'):,.0f}, {median(ours, 'peak_mb'):,.0f}"
    return title, NAMES[side], *figures, f"{ratio:.3g}{aim}", peaks


NAMES = {
    "keras": "`model.fit`",
    "keras on jax": "`model.fit` on JAX",
    "torch": "PyTorch, eager",
    "numpy": "numpy",
    "script": "plain script",
}


def is_installed(side):
    return importlib.util.find_spec({"keras on jax": "jax"}.get(side, side)) is not None


def run_kerasrun(work, folder):
    config = HERE / "configs" / f"{work.config}.yaml"
    epochs = work.epochs[0]
    length = f"training.steps={epochs * 600}" if "steps" in work.config else f"training.epochs={epochs}"
    file = folder / f"{config.stem.split('_')[0]}.npz"
    path = [f"data.path={file}"] if config.exists() else []
    reference = str(config) if config.exists() else f"@{work.config}"
    return run([sys.executable, "with_kerasrun.py", reference, length, *path, *work.settings], folder)


def run_plain(side, function, folder, epochs):
    script = f"plain_{side.split()[0]}.py"
    backend = {"KERAS_BACKEND": "jax" if side == "keras on jax" else "tensorflow"}
    return run([sys.executable, script, function, str(folder), str(epochs)], folder, backend)


def run(command, folder, env=None):
    """Run one side; what it printed last is its figures."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERASRUN_DATA_DIR": str(folder)}
    done = subprocess.run(
        command, cwd=HERE, env={**os.environ, **quiet, **(env or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def measure_whole(key, folder, rounds):
    """A command from its start to its end, and the script that does the same."""
    title, config, script, target = WHOLE[key]
    theirs, ours = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as output:
            ours.append(run_whole([KERASRUN, "train", f"@{config}", "-q", "--output", output], output, folder))
            data = str(folder / "mnist.npz")
            theirs.append(run_whole([sys.executable, str(HERE / script), data], output, folder))
    yield row(title, "script", theirs, ours, target)


def run_whole(command, where, folder):
    begun = time.perf_counter()
    env = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "KERASRUN_DATA_DIR": str(folder), "MPLBACKEND": "agg"}
    with subprocess.Popen(command, cwd=where, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed")
    return {"epoch_s": time.perf_counter() - begun, "peak_mb": usage.ru_maxrss / 1024}


def machine():
    """What the figures depend on, in words."""
    processor = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    names = ("kerasrun", "keras", "tensorflow", "jax", "torch", "numpy")
    versions = [f"{name} {metadata.version(name)}" for name in names if importlib.util.find_spec(name)]
    cores = len(os.sched_getaffinity(0))
    return {"machine": f"{processor}, {cores} cores", "versions": ", ".join(versions)}


PAGE_TEXT = (HERE / "performance.template.md").read_text(encoding="utf-8")

if __name__ == "__main__":
    main()
