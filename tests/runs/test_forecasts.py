"""Forecasts of a saved model: for each window of a file, and for the rows that come after its last."""

import csv
import json
import zipfile

import numpy as np
import pytest

import kerasrun as package
from kerasrun.errors import InputError

DAYS = [f"2024-{1 + number // 28:02d}-{1 + number % 28:02d}" for number in range(60)]
SALES = 50 + 10 * np.sin(np.arange(60) / 4)

CONFIG = """
data: {source: series, path: sales.csv, target: sales, time: day, lag: 4, horizon: 2, test: 0.25}
model: [Flatten, {Dense: 2}, {Rescaling: {scale: 10, offset: 50}}]
training: {epochs: 3, batch_size: 8, loss: mse, optimizer: {Adam: {learning_rate: 0.05}}, metrics: [mae]}
output: {plots: [], report: false}
"""


def write(path, days, sales):
    path.write_text("day,sales\n" + "".join(f"{day},{value:.6f}\n" for day, value in zip(days, sales, strict=True)))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sales")
    write(folder / "sales.csv", DAYS, SALES)
    (folder / "config.yaml").write_text(CONFIG)
    return package.train(folder / "config.yaml", output=folder / "outputs")


def test_each_window_has_a_forecast_and_the_end_of_the_file_too(run, tmp_path):
    write(tmp_path / "new.csv", DAYS[:12], SALES[:12])
    predicted = package.predict(run.folder, data=tmp_path / "new.csv")
    assert list(predicted.columns) == ["after_day", "sales +1", "sales +2"]
    assert predicted.columns["after_day"] == DAYS[3:12]
    kernel, bias = (np.asarray(weight) for weight in run.model.get_weights()[:2])
    spread = SALES[:45].astype("f4").astype(float)
    x = ((SALES[8:12] - spread.mean()) / spread.std()) @ kernel + bias
    np.testing.assert_allclose(predicted.outputs[-1], 10 * x + 50, rtol=1e-4)
    rows = list(csv.DictReader(predicted.to_csv().splitlines()))
    assert rows[-1]["after_day"] == "2024-01-12"


def test_evaluation_gives_the_runs_own_figures(run):
    own = package.evaluate(run.folder)
    np.testing.assert_allclose(own.figures["mae"], run.metrics["test"]["mae"], rtol=0)
    # The test rows are the last 15, and their windows look back four rows more.
    write(run.folder.parent / "end.csv", DAYS[41:], SALES[41:])
    again = package.evaluate(run.folder, data=run.folder.parent / "end.csv")
    assert again.num_rows == own.num_rows == 14
    assert again.figures == own.figures


def test_the_target_is_not_needed_for_a_forecast_of_a_file_that_is_long_enough(run, tmp_path):
    write(tmp_path / "short.csv", DAYS[:3], SALES[:3])
    with pytest.raises(InputError, match=r"short.csv: has 3 rows, and a forecast is made from 4 rows"):
        package.predict(run.folder, data=tmp_path / "short.csv")
    write(tmp_path / "short.csv", DAYS[:5], SALES[:5])
    with pytest.raises(InputError, match=r"a forecast is made from 4 rows, and 2 to compare it with"):
        package.evaluate(run.folder, data=tmp_path / "short.csv")


def test_a_record_that_someone_altered_is_refused(run, tmp_path):
    with zipfile.ZipFile(run.folder / "model.keras") as source, zipfile.ZipFile(tmp_path / "m.keras", "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(".json") and b'"series"' in content and b'"reading"' in content:
                record = json.loads(content)
                record["reading"]["series"]["lag"] = -1
                content = json.dumps(record).encode()
            target.writestr(name, content)
    write(tmp_path / "new.csv", DAYS[:12], SALES[:12])
    with pytest.raises(InputError, match="what it carries of its series is damaged"):
        package.predict(tmp_path / "m.keras", data=tmp_path / "new.csv")
