"""What `kerasrun init --from` comes to without a hand laid on it, against scikit-learn on the same rows.

    python benchmarks/baselines.py                 # prints the table; some minutes on two cores
    python benchmarks/baselines.py --write         # and writes it into docs/data.md
    python benchmarks/baselines.py --seeds 1 iris  # one set, one split

Each of scikit-learn's packaged sets is written to a CSV file as a user would have it, `init` finds a config from it,
and that is trained as it stands, once for each seed of the split and of the weights. scikit-learn's models are fitted
on the training rows and, where some are kept to stop by, on these too, and measured on the same test rows.
"""

import argparse
import csv
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import kerasrun
from kerasrun.config import load_config
from kerasrun.data import load_data
from kerasrun.runs.starting.starting import start_config

PAGE = Path(__file__).parents[1] / "docs" / "data.md"
START, END = "<!-- baselines -->", "<!-- end of baselines -->"
SETS: dict[str, Callable[..., Any]] = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast_cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
    "diabetes": datasets.load_diabetes,
}
QUIET = {"output.plots": [], "output.report": False, "output.save": []}


@dataclass(frozen=True)
class Scores:
    """What the three came to on each split's test rows: accuracy, or R² where the target is a number."""

    figure: str
    ours: list[float]
    linear: list[float]
    boosting: list[float]

    def row(self, name: str) -> str:
        """A line of the table: means over the splits."""
        means = [statistics.mean(scores) for scores in (self.ours, self.linear, self.boosting)]
        differences = [ours - linear for ours, linear in zip(self.ours, self.linear, strict=True)]
        cells = [f"{mean:.3f}" for mean in means] + [f"{statistics.mean(differences):+.3f}"]
        span = f"{min(differences):+.3f} … {max(differences):+.3f}"
        return f"| `{name}` | {self.figure} | {' | '.join(cells)} | {span} |"


def main() -> None:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--seeds", type=int, default=5, help="so many splits, from seed 0 on")
    parser.add_argument("--write", action="store_true", help="write the table into docs/data.md")
    options = parser.parse_args()
    lines = [
        "| set | figure | `init` | linear | boosting | `init` − linear | least … most |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    print("\n".join(lines), flush=True)
    for name in options.sets or SETS:
        lines.append(measure(name, options.seeds).row(name))
        print(lines[-1], flush=True)
    if options.write:
        text = PAGE.read_text(encoding="utf-8")
        before, rest = text.split(START)
        PAGE.write_text(f"{before}{START}\n\n" + "\n".join(lines) + f"\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


def measure(name: str, num_seeds: int) -> Scores:
    """Train and fit on so many splits of a set."""
    with tempfile.TemporaryDirectory() as folder:
        is_classes = write_csv(name, Path(folder) / f"{name}.csv")
        config = Path(folder) / "config.yaml"
        starter = start_config(str(Path(folder) / f"{name}.csv"), "target", "auto", str(config))
        config.write_text(starter.text, encoding="utf-8")
        scores = [score(config, seed, is_classes, folder) for seed in range(num_seeds)]
    ours, linear, boosting = zip(*scores, strict=True)
    return Scores("accuracy" if is_classes else "R²", list(ours), list(linear), list(boosting))


def write_csv(name: str, path: Path) -> bool:
    """Write a set as a table whose last column is `target`, classes by their names; whether it is of classes."""
    bunch = SETS[name]()
    is_classes = hasattr(bunch, "target_names")
    targets = bunch.target_names[bunch.target] if is_classes else bunch.target
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*bunch.feature_names, "target"])
        writer.writerows([*map(float, row), target] for row, target in zip(bunch.data, targets, strict=True))
    return is_classes


def score(config: Path, seed: int, is_classes: bool, folder: str) -> tuple[float, float, float]:
    """What a training, a linear model and gradient boosting come to on the test rows of a split."""
    settings = {"data.seed": seed, "seed": seed}
    data: Any = load_data(load_config(config, [f"{key}={value}" for key, value in settings.items()]))
    parts = [part for part in (data.train, data.validation) if part is not None]
    x, y = np.concatenate([part.x for part in parts]), np.concatenate([part.y for part in parts]).ravel()
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=10_000) if is_classes else LinearRegression())
    boosted = HistGradientBoostingClassifier if is_classes else HistGradientBoostingRegressor
    models = (linear, boosted(random_state=seed))
    fitted = [model.fit(x, y).score(data.test.x, data.test.y.ravel()) for model in models]
    run = kerasrun.train(config, overrides=settings | QUIET, output=folder, name=f"{seed}", progress=False)
    return run.metrics["test"]["accuracy" if is_classes else "r2_score"], *fitted


if __name__ == "__main__":
    main()
