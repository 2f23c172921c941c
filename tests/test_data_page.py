"""The examples of docs/data.md are configs that load their data, and their models fit it."""

import datetime
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerasrun.config import load_config
from kerasrun.config.sources import SOURCES
from kerasrun.data import load_data
from kerasrun.runs.class_counts import ClassCounts, class_lines
from tests.made_sets import CHANCE, write_imdb

PAGE = (Path(__file__).parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
HEADINGS = ("Tables", "Arrays", "Named sets", "Series", "Images", "Text", "Bigger than memory", "Class weights")


def section(heading):
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:][[*headings()].index(heading)]


def headings():
    return re.findall(r"^## (.*)$", PAGE, flags=re.MULTILINE)


EXAMPLES = [
    pytest.param(text, id=f"{heading} {number}")
    for heading in HEADINGS
    for number, text in enumerate(re.findall(r"```yaml\n(.*?)```", section(heading), flags=re.DOTALL))
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The files that the examples name."""
    sets = tmp_path / "datasets"
    sets.mkdir()
    write_imdb(sets / "imdb.npz")
    x, y = CHANCE.normal(size=(50, 8)), CHANCE.uniform(1e4, 5e5, 50)
    np.savez(sets / "california_housing.npz", x=x, y=y)
    first = datetime.date(2024, 1, 1)
    days = [(first + datetime.timedelta(number)).isoformat() for number in range(200)]
    rows = [f"{day},{100 + 20 * np.sin(number / 5):.2f},{number % 7}\n" for number, day in enumerate(days)]
    (tmp_path / "sales.csv").write_text("day,sales,price\n" + "".join(rows))
    rows = [f"{n},{60 + n},{('gas', 'oil', 'wood', 'none')[n % 4]},{100 + 2 * n}\n" for n in range(60)]
    (tmp_path / "houses.csv").write_text("id,size,heating,price\n" + "".join(rows))
    x = CHANCE.normal(size=(60, 5)).astype(np.float32)
    np.savez(tmp_path / "rows.npz", x=x, y=x.sum(axis=1))
    (tmp_path / "rows").mkdir()
    np.save(tmp_path / "rows/x.npy", x)
    np.save(tmp_path / "rows/y.npy", x.sum(axis=1))
    write_own_files(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERASRUN_DATA_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_own_files(folder):
    """Twenty pictures and texts of two classes, and tables of them."""
    flowers, reviews = ["file,height,garden\n"], ["review,opinion\n"]
    for number in range(20):
        kind, opinion = ("rose", "tulip")[number % 2], ("bad", "good")[number % 2]
        picture, text = folder / f"flowers/{kind}/{number}.png", folder / f"reviews/{opinion}/{number}.txt"
        for path in (picture, text):
            path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(CHANCE.integers(0, 256, (36, 48, 3), np.uint8)).save(picture)
        text.write_text(f"a {opinion} film, number {number}")
        flowers.append(f"flowers/{kind}/{number}.png,{number / 2},{number % 5}\n")
        reviews.append(f'"a {opinion} film, number {number}",{opinion}\n')
    (folder / "flowers.csv").write_text("".join(flowers))
    (folder / "reviews.csv").write_text("".join(reviews))


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads_its_data_and_its_model_fits(text, folder):
    import keras

    from kerasrun.model.build import build_model
    from kerasrun.model.objects import ObjectBuilder
    from kerasrun.model.preparation import build_preparation
    from kerasrun.model.targets import check_targets

    (folder / "config.yaml").write_text(text)
    config = load_config(folder / "config.yaml")
    assert config.warnings == []
    data, builder = load_data(config), ObjectBuilder(config)
    x = data.train.head().x if config.data.source == "npz" else data.train.x  # of texts all words count
    prepare = build_preparation(data.steps, x, builder)
    model = build_model(config, prepare.output_shape(x), builder)
    assert isinstance(model, keras.Model)
    for rows in data.parts().values():
        check_targets(model, rows, config)


def test_there_are_examples_of_each():
    assert len(EXAMPLES) == 14


def test_every_source_has_its_splits():
    table = section("Splits").split("\n\n")[1]
    assert {name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])} == set(SOURCES)


def test_the_table_of_counts_is_what_is_shown():
    counts = {"train": [32] * 3, "validation": [8] * 3, "test": [10] * 3}
    assert "\n".join(class_lines(ClassCounts("", ("setosa", "versicolor", "virginica"), counts))) in PAGE
