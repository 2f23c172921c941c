"""How long drawing everything takes for a run of 50 epochs: `python benchmarks/pictures.py`.

Each row is measured in processes of its own, from the import of matplotlib to the bytes of the last picture.
"""

import statistics
import subprocess
import sys
import time

import numpy as np

from kerasrun.report.history import History
from kerasrun.report.marks import Marks
from kerasrun.report.results import Classes, Filters, Images, Results, Values

RUNS, LIMIT_S, NUM_EPOCHS, NUM_ROWS = 5, 3.0, 50, 10_000


def history() -> History:
    """Fifty epochs of a loss and an accuracy, with their validation, and a learning rate that drops twice."""
    epochs = np.arange(1, NUM_EPOCHS + 1)
    columns = {
        "loss": 1 / epochs,
        "accuracy": 1 - 0.5 / epochs,
        "val_loss": 1 / epochs + 0.002 * epochs,
        "val_accuracy": 1 - 0.6 / epochs,
        "learning_rate": 0.1 ** (1 + epochs // 20),
    }
    return History(epochs={"epoch": epochs.tolist(), **{name: column.tolist() for name, column in columns.items()}})


def classifier(num_classes: int) -> Results:
    """Answers for pictures, two thirds of them right, and a first layer."""
    random = np.random.default_rng(0)
    y = random.integers(0, num_classes, NUM_ROWS)
    scores = random.random((NUM_ROWS, num_classes)).astype(np.float32) ** 4
    scores[np.arange(NUM_ROWS), y] += random.random(NUM_ROWS)
    output = Classes(y, scores / scores.sum(axis=1, keepdims=True), tuple(f"class {n}" for n in range(num_classes)))
    wrong = np.flatnonzero(output.predicted != y)
    rows = np.union1d(np.arange(30), wrong[np.argsort(-output.confidence[wrong], kind="stable")][:30])
    images = Images(rows, random.integers(0, 256, (len(rows), 28, 28), dtype=np.uint8))
    filters = random.normal(size=(32, 28, 28)).astype(np.float32)
    return Results(
        "test", NUM_ROWS, np.arange(NUM_ROWS), {"out": output}, images, None, Filters("a", filters, filters, 32)
    )


def regression(num_columns: int) -> Results:
    """Predictions of some columns."""
    random = np.random.default_rng(0)
    y = random.normal(size=(NUM_ROWS, num_columns)).astype(np.float32)
    y_pred = y + random.normal(size=y.shape).astype(np.float32)
    output = Values(y, y_pred, tuple(map(str, range(num_columns))))
    return Results("test", NUM_ROWS, np.arange(NUM_ROWS), {"out": output})


KINDS = {
    "the curves alone": lambda: None,
    "10 classes of pictures": lambda: classifier(10),
    "100 classes of pictures": lambda: classifier(100),
    "a regression of 1 column": lambda: regression(1),
    "a regression of 6 columns": lambda: regression(6),
}


def draw(kind: str, form: str) -> None:
    """Draw once, and print how long it took and how many pictures there are."""
    table, results = history(), KINDS[kind]()
    begun = time.perf_counter()
    from kerasrun.runs.pictures import draw_run

    pictures = draw_run(table, results, [form], "validation", Marks((3, 6, 20), (20, 40), NUM_EPOCHS))
    print(time.perf_counter() - begun, len(pictures), sum(map(len, pictures.values())))


def main() -> None:
    """Print a line for each kind of run and each format: its median, and the limit that the project sets itself."""
    for kind in KINDS:
        for form in ("png", "svg", "pdf"):
            command = [sys.executable, __file__, kind, form]
            done = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(RUNS)]
            seconds = statistics.median(float(line.split()[0]) for line in done)
            _, count, size = done[0].split()
            told = f"{count:>2} {form}, {int(size) / 1e6:4.1f} MB"
            print(f"{seconds:6.2f} s  (limit {LIMIT_S} s)  {told}  {kind}")


if __name__ == "__main__":
    draw(*sys.argv[1:]) if len(sys.argv) == 3 else main()
