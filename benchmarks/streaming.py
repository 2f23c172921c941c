"""What streaming costs: `python benchmarks/streaming.py --rows 20000000 --csv 2000000 --images 100000 --rounds 3`.

Arrays, a table and pictures are made in a folder that is removed. Each training is a whole process; the time of an
epoch is that of the last one's line, and the memory is the process's peak. Streamed and in memory take turns.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow
from PIL import Image
from pyarrow import csv

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
ARRAYS = """\
data: {source: npz, path: rows, validation: 0.1, normalize: true}
model: [{Dense: {units: 64, activation: relu}}, {Dense: {units: 64, activation: relu}}, {Dense: 1}]
training: {epochs: 2, batch_size: 1024, optimizer: Adam, loss: mse}
output: {plots: [], report: false}
"""
CSV = ARRAYS.replace("npz, path: rows,", "csv, path: rows.csv, target: y,")
PICTURES = """\
data: {source: images, path: photos, size: [32, 32], color: rgb, validation: 0.1}
model:
  - Conv2D: {filters: 16, kernel_size: 3, activation: relu}
  - MaxPooling2D
  - Conv2D: {filters: 32, kernel_size: 3, activation: relu}
  - GlobalAveragePooling2D
  - Dense: {units: 4, activation: softmax}
training: {epochs: 2, batch_size: 128, optimizer: Adam, loss: sparse_categorical_crossentropy}
output: {plots: [], report: false}
"""
COLUMNS, ROWS_AT_ONCE, SIDE, CLASSES = 20, 1_000_000, 32, 4


def make_rows(folder: Path, count: int) -> None:
    """`count` rows of 20 floats and what a straight line makes of them, as .npy files."""
    folder.mkdir()
    chance = np.random.Generator(np.random.Philox(0))
    slope = chance.standard_normal(COLUMNS, np.float32)
    x = np.lib.format.open_memmap(folder / "x.npy", "w+", np.float32, (count, COLUMNS))
    y = np.lib.format.open_memmap(folder / "y.npy", "w+", np.float32, (count,))
    for start in range(0, count, ROWS_AT_ONCE):
        part = chance.standard_normal((min(ROWS_AT_ONCE, count - start), COLUMNS), np.float32)
        x[start : start + len(part)], y[start : start + len(part)] = part, part @ slope


def make_csv(folder: Path, count: int) -> None:
    """The same as a table, whose first column is of four words."""
    make_rows(folder / "rows", count)
    x, y = (np.load(folder / "rows" / f"{name}.npy", mmap_mode="r") for name in "xy")
    words = np.array(["red", "green", "blue", "none"], object)
    with (folder / "rows.csv").open("wb") as file:
        for start in range(0, count, ROWS_AT_ONCE):
            part = x[start : start + ROWS_AT_ONCE]
            columns = {f"x{place}": part[:, place] for place in range(1, COLUMNS)}
            word = words[(part[:, 0] > 0) * 2 + (part[:, 1] > 0)]
            table = pyarrow.table({"word": word, **columns, "y": y[start : start + ROWS_AT_ONCE]})
            csv.write_csv(table, file, csv.WriteOptions(include_header=start == 0))


def make_pictures(folder: Path, count: int) -> None:
    """`count` JPEG files of 32 × 32 pixels in a folder for each of four classes."""
    for number in range(CLASSES):
        (folder / f"class{number}").mkdir(parents=True)

    def make(number: int) -> None:
        chance = np.random.Generator(np.random.Philox(number))
        pixels = chance.integers(0, 128, (SIDE, SIDE, 3), np.uint8) + np.uint8(30 * (number % CLASSES))
        Image.fromarray(pixels).save(folder / f"class{number % CLASSES}" / f"{number:07}.jpg", quality=90)

    with ThreadPoolExecutor(os.cpu_count()) as executor:
        for _ in executor.map(make, range(count)):
            pass


def train(folder: Path, config: str, stream: bool) -> tuple[float, float]:
    """Train in a process of its own: seconds of its last epoch, and its peak of memory in GB."""
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    command = [KERASRUN, "train", "config.yaml", "--set", f"data.stream={str(stream).lower()}"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    times = re.findall(r"^ *\d+/\d+ .* ((?:\d+ min )?[\d.]+ m?s)$", told, re.MULTILINE)
    return _seconds(times[-1]), usage.ru_maxrss * 1024 / 1e9


def _seconds(told: str) -> float:
    """The seconds of `1 min 4 s`, `58.3 s` or `36.1 ms`."""
    units = {"min": 60.0, "s": 1.0, "ms": 0.001}
    words = told.split()
    return sum(float(number) * units[unit] for number, unit in zip(words[::2], words[1::2], strict=True))


@contextmanager
def a_folder() -> Iterator[Path]:
    """A folder that is removed."""
    with tempfile.TemporaryDirectory(prefix="kerasrun-streaming-", dir=os.environ.get("TMPDIR")) as folder:
        yield Path(folder)


def report(title: str, folder: Path, config: str, rounds: int) -> None:
    """Print the medians of both ways, and their ratio."""
    found: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for _ in range(rounds):
        for stream, figures in found.items():
            figures.append(train(folder, config, stream))
    times, peaks = (
        {stream: statistics.median(row[column] for row in rows) for stream, rows in found.items()} for column in (0, 1)
    )
    print(f"{title}: an epoch streamed {times[True]:.2f} s, in memory {times[False]:.2f} s", end="")
    print(f" ({times[True] / times[False]:.2f} times), peak {peaks[True]:.2f} and {peaks[False]:.2f} GB", flush=True)


def main() -> None:
    """Print a line for the arrays, one for the table, and one for the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--csv", type=int, default=2_000_000)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    if chosen.rows:
        with a_folder() as folder:
            make_rows(folder / "rows", chosen.rows)
            report(f"{chosen.rows:,} rows of {COLUMNS} floats", folder, ARRAYS, chosen.rounds)
    if chosen.csv:
        with a_folder() as folder:
            make_csv(folder, chosen.csv)
            report(f"a CSV file of {chosen.csv:,} rows of {COLUMNS} columns", folder, CSV, chosen.rounds)
    if chosen.images:
        with a_folder() as folder:
            make_pictures(folder / "photos", chosen.images)
            report(f"{chosen.images:,} pictures of {SIDE} × {SIDE}", folder, PICTURES, chosen.rounds)


if __name__ == "__main__":
    main()
