"""Every setting of kerasrun's own acts: with another value the training, or what it writes, comes out otherwise.

What merely repeats the config (config.yaml, manifest.json, log.txt) does not count. The walk goes over the sections as
they are defined, so that a new setting without an observation fails here by its name. Keras's arguments have a walk of
their own in `tests/model`.
"""

import copy
import json
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image

import kerasrun as package
from kerasrun.config import config as top
from kerasrun.config import load_config, sections, sources, specs, training_objects
from kerasrun.data import load_data
from kerasrun.errors import KerasrunError
from kerasrun.runs.outcome import result_hashes
from kerasrun.runs.store.folder import RunFolder
from kerasrun.runs.store.results import read_results
from tests.made_sets import write_cifar, write_fashion, write_imdb

ECHO = ("config.yaml", "manifest.json", "log.txt")

BASE = {
    "name": "base",
    "data": {"source": "digits", "num_samples": 80, "validation": 0.25, "flatten": True},
    "model": [{"Dense": {"units": 6, "activation": "relu"}}, {"Dense": {"units": 10, "activation": "softmax"}}],
    "training": {
        "epochs": 2,
        "batch_size": 16,
        "program": "graph",  # compiles sooner
        "optimizer": {"SGD": {"learning_rate": 0.1}},
        "loss": "sparse_categorical_crossentropy",
    },
    "output": {"plots": [], "report": False},
}
SINE = BASE | {
    "data": {"source": "sine", "num_samples": 20, "noise": 0.1, "validation": 0.2},
    "model": [{"Dense": {"units": 4, "activation": "tanh"}}, {"Dense": 1}],
    "training": BASE["training"] | {"loss": "mse"},
}
AUTO = SINE | {"training": {key: value for key, value in SINE["training"].items() if key != "program"}}
GRAPH = BASE | {
    "model": {
        "inputs": {"x": [64]},
        "layers": [
            {"Dense": {"units": 6, "activation": "relu"}, "name": "one"},
            {"Dense": {"units": 6, "activation": "tanh"}, "name": "two"},
            {"Dense": {"units": 10, "activation": "softmax"}, "name": "out"},
        ],
        "outputs": ["out"],
    },
}
TWO = GRAPH | {
    "model": GRAPH["model"] | {"outputs": ["out", "two"]},
    "data": {"source": "npz", "path": "two.npz", "targets": ["out", "two"], "flatten": True},
    "training": BASE["training"] | {"loss": {"out": "sparse_categorical_crossentropy", "two": "mse"}},
}
STEPS = BASE | {"training": {k: v for k, v in BASE["training"].items() if k != "epochs"} | {"steps": 6}}
BAD = SINE | {"training": SINE["training"] | {"optimizer": {"SGD": {"learning_rate": 1e30}}}}
LENIENT = BASE | {"model": [{"Dense": 1}, {"Rescaling": 1.0}], "training": {"epochs": 1, "loss": "mse"}}
LAYERS = "model.layers"

# Sources that have the same settings by the same code as another.
ALIKE = dict.fromkeys(("wine", "breast_cancer", "diabetes"), "iris")

# Settings of the sources whose rows alone they change, each with a source that it stands in, and another value.
DIGITS, SINES = BASE["data"], SINE["data"]
NPZ = {"source": "npz", "path": "one.npz", "flatten": True, "inputs": ["x"]}
IRIS = {"source": "iris", "test": 0.4, "split": "stratified", "validation": 0.2}
FASHION = {"source": "fashion_mnist", "path": "fashion-mnist"}
TEN, HUNDRED = {"source": "cifar10", "path": "ten"}, {"source": "cifar100", "path": "hundred"}
IMDB, HOUSES = {"source": "imdb", "path": "imdb.npz"}, {"source": "california_housing", "path": "houses.npz"}
IMAGES = {"source": "images", "path": "photos", "size": [8, 8], "test": 0.2}
TABLED = IMAGES | {"path": "photos.csv", "image": "file", "target": "label"}
DAMAGED = IMAGES | {"path": "damaged", "skip_damaged": True}
TABLE = {"source": "csv", "path": "table.csv", "target": "price", "test": 0.2, "validation": 0.2}
KINDS = TABLE | {"target": "kind", "ignore": ["price"]}
SERIES = {"source": "series", "path": "series.npz", "target": "a", "lag": 3, "test": 0.2}
REVIEWS = {"source": "text", "path": "reviews", "test": 0.2}
SHEET = REVIEWS | {"path": "reviews.csv", "text": "text", "target": "label"}
OF_DATA = {
    "text.path": (REVIEWS, "other_reviews"),
    "text.text": (SHEET, "other"),
    "text.target": (SHEET, "other_label"),
    "text.tokens": (REVIEWS, {"max_tokens": 10}),
    "text.test": (REVIEWS, "none"),
    "text.split": (REVIEWS, "stratified"),
    "text.seed": (REVIEWS, 4),
    "text.one_hot": (REVIEWS, True),
    "text.stream": (REVIEWS | {"shuffle_window": 6}, True),
    "text.memory_gb": (REVIEWS | {"shuffle_window": 6}, 1e-9),
    "text.shuffle_window": (REVIEWS | {"stream": True}, 6),
    "text.class_names": (REVIEWS, ["dog", "cat"]),
    "data.validation": (DIGITS, 0.5),
    "data.num_samples": (DIGITS, 60),
    "data.flatten": (DIGITS, False),
    "data.scale": (DIGITS, 5.0),
    "data.one_hot": (DIGITS, True),
    "data.num_classes": (DIGITS | {"one_hot": True}, 11),
    "data.class_names": (DIGITS, list("abcdefghij")),
    "digits.test": (DIGITS, 0.5),
    "mnist.path": ({"source": "mnist", "path": "mnist.npz"}, "other_mnist.npz"),
    "sine.start": (SINES, 0.0),
    "sine.stop": (SINES, 1.0),
    "sine.num_samples": (SINES, 30),
    "sine.noise": (SINES, 0.0),
    "sine.seed": (SINES, 3),
    "npz.path": (NPZ, "other.npz"),
    "npz.inputs": (NPZ, ["z"]),
    "npz.targets": (NPZ, ["w"]),
    "npz.num_samples": (NPZ, 20),
    "npz.flatten": (NPZ, False),
    "npz.scale": (NPZ, 255.0),
    "npz.normalize": (NPZ, True),
    "npz.stream": (NPZ | {"shuffle_window": 20}, True),
    "npz.memory_gb": (NPZ | {"shuffle_window": 20}, 1e-9),
    "npz.shuffle_window": (NPZ | {"stream": True}, 20),
    "npz.one_hot": (NPZ, True),
    "npz.class_names": (NPZ, list("abcdefghij")),
    "npz.num_classes": (NPZ | {"one_hot": True}, 12),
    "images.path": (IMAGES, "other_photos"),
    "images.image": (TABLED, "other"),
    "images.target": (TABLED, "other_label"),
    "images.test": (IMAGES, "none"),
    "images.split": (IMAGES, "stratified"),
    "images.seed": (IMAGES, 4),
    "images.one_hot": (IMAGES, True),
    "images.class_names": (IMAGES, ["dog", "cat"]),
    "images.size": (IMAGES, [4, 4]),
    "images.color": (IMAGES, "rgb"),
    "images.resize": (IMAGES, "nearest"),
    "images.fit": (IMAGES, "crop"),
    "images.augment": (IMAGES, [{"RandomFlip": "horizontal"}]),
    "images.scale": (IMAGES, 5.0),
    "images.flatten": (IMAGES, True),
    "images.skip_damaged": (DAMAGED, False),
    "images.stream": (IMAGES | {"shuffle_window": 6}, True),
    "images.memory_gb": (IMAGES | {"shuffle_window": 6}, 1e-9),
    "images.shuffle_window": (IMAGES | {"stream": True}, 6),
    "csv.path": (TABLE, "other_table.csv"),
    "csv.target": (TABLE, "size"),
    "csv.target_type": (TABLE, "classes"),
    "csv.numeric": (TABLE, ["kind"]),
    "csv.categorical": (TABLE, ["size"]),
    "csv.ignore": (TABLE, ["size"]),
    "csv.sample_weight": (TABLE, "size"),
    "csv.num_samples": (TABLE, 20),
    "csv.normalize": (TABLE, False),
    "csv.encode": (TABLE, "integer"),
    "csv.missing": (TABLE | {"missing_values": ["1"], "missing": "mean"}, "median"),
    "csv.missing_values": (TABLE, ["1"]),
    "csv.separator": (TABLE, "|"),
    "csv.encoding": (TABLE, "ascii"),
    "csv.test": (TABLE, 0.4),
    "csv.split": (TABLE, "ordered"),
    "csv.seed": (TABLE, 5),
    "csv.stream": (TABLE | {"shuffle_window": 20}, True),
    "csv.memory_gb": (TABLE | {"shuffle_window": 20}, 1e-9),
    "csv.shuffle_window": (TABLE | {"stream": True}, 20),
    "csv.one_hot": (KINDS, True),
    "csv.class_names": (KINDS, ["small", "large", "héavy"]),
    "iris.test": (IRIS, 0.5),
    "iris.split": (IRIS, "random"),
    "iris.seed": (IRIS, 4),
    "iris.normalize": (IRIS, False),
    "iris.one_hot": (IRIS, True),
    "iris.class_names": (IRIS, list("abc")),
    "fashion_mnist.path": (FASHION, "other_fashion-mnist"),
    "cifar10.path": (TEN, "other_ten"),
    "cifar100.path": (HUNDRED, "other_hundred"),
    "cifar100.labels": (HUNDRED, "coarse"),
    "imdb.path": (IMDB, "other_imdb.npz"),
    "imdb.num_words": (IMDB, 20),
    "imdb.max_length": (IMDB, 5),
    "imdb.num_samples": (IMDB, 3),
    "imdb.one_hot": (IMDB, True),
    "imdb.class_names": (IMDB, ["bad", "good"]),
    "california_housing.path": (HOUSES, "other_houses.npz"),
    "california_housing.num_samples": (HOUSES, 3),
    "california_housing.normalize": (HOUSES, False),
    "series.path": (SERIES, "other_series.npz"),
    "series.target": (SERIES, "b"),
    "series.features": (SERIES, ["b", "a"]),
    "series.lag": (SERIES, 4),
    "series.horizon": (SERIES, 2),
    "series.stride": (SERIES, 2),
    "series.time": (SERIES, "b"),
    "series.missing": (SERIES | {"target": "gaps", "missing": "previous"}, "error"),
    "series.normalize": (SERIES, False),
    "series.test": (SERIES, 0.4),
    "series.stream": (SERIES | {"shuffle_window": 2}, True),
    "series.memory_gb": (SERIES | {"shuffle_window": 2}, 1e-9),
    "series.shuffle_window": (SERIES | {"stream": True}, 2),
}

# Each setting with a config that it stands in, and another value.
OTHER = {
    "extends": (BASE, "base.yaml"),
    "name": (BASE, "other"),
    "seed": (BASE, 5),
    "silence": (BASE | {"training": BASE["training"] | {"batch_size": 5000}}, ["batch_of_all_rows"]),
    "data": (BASE, {"source": "digits", "flatten": True}),
    "model": (BASE, [{"Dense": {"units": 10, "activation": "softmax"}}]),
    "training": (BASE, BASE["training"] | {"epochs": 1}),
    "callbacks": (BASE, [{"CSVLogger": "log.csv"}]),
    "output": (BASE, BASE["output"] | {"save": ["weights"]}),
    "data.source": (BASE, "mnist"),
    "data.shuffle": (BASE, False),
    "data.augment": (BASE, [{"RandomTranslation": {"height_factor": 0.3, "width_factor": 0.3}}]),
    "model.inputs": (GRAPH, {"x": [63]}),
    "model.layers": (GRAPH, [{"Dense": {"units": 10, "activation": "softmax"}, "name": "out"}]),
    "model.outputs": (GRAPH, ["two"]),
    "model.load": (BASE | {"model": {"load": "one.keras"}}, "other.keras"),
    "model.weights": (BASE | {"model": {"layers": BASE["model"]}}, "weights.npz"),
    "model.freeze": (GRAPH, ["one"]),
    "layer.name": (GRAPH, {"layers.0.name": "first"}),
    "layer.from": (GRAPH, {"layers.2.from": "one"}),
    "layer.reuse": (GRAPH, {"layers.1": {"reuse": "out", "name": "two"}}),
    "training.epochs": (BASE, 3),
    "training.steps": (STEPS, 9),
    "training.evaluate_every": (STEPS, 2),
    "training.batch_size": (BASE, 8),
    "training.class_weight": (BASE, {"3": 9.0}),
    "training.loss_weights": (TWO, {"out": 0.1, "two": 2.0}),
    "training.dtype_policy": (BASE, "float64"),
    "training.program": (BASE, "xla"),
    "training.on_nan": (BAD, "continue"),
    "training.optimizer": (BASE, "Adam"),
    "training.loss": (BASE, {"SparseCategoricalCrossentropy": {"ignore_class": 3}}),
    "training.metrics": (BASE, ["accuracy"]),
    "training.weighted_metrics": (BASE, ["accuracy"]),
    "callbacks.every_epochs": (
        BASE | {"callbacks": [{"ModelCheckpoint": {"filepath": "{epoch}.keras", "every_epochs": 1}}]},
        2,
    ),
    "output.save": (BASE, ["model", "weights"]),
    "output.plots": (BASE, ["svg"]),
    "output.report": (BASE, True),
    "output.checkpoint_every_s": (BASE, 0),
}
# Those that are observed in a way of their own below.
ELSEWHERE = {"threads", "backend", "training.loop"}


def settings():
    """Every setting of the config language but Keras's own."""
    found = {*top.TOP_KEYS}
    found |= {f"model.{key}" for key in specs.MODEL_KEYS} | {f"layer.{k}" for k in specs.WIRING_KEYS}
    found |= {f"training.{key}" for key in (*sections.TrainingSection.model_fields, *training_objects.TRAINING_OBJECTS)}
    found |= {f"output.{key}" for key in sections.OutputSection.model_fields} | {"callbacks.every_epochs"}
    shared = {*sources.DataSection.model_fields, *sources.ImageSection.model_fields, "source"}
    found |= {f"data.{key}" for key in shared}
    for source, section in sources.SOURCES.items():
        of_its_own = {*section.model_fields} - {"source", *sources.DataSection.model_fields}
        of_its_own -= {*sources.ImageSection.model_fields} if issubclass(section, sources.ImageSection) else set()
        found |= {f"{ALIKE.get(source, source)}.{key}" for key in of_its_own}
    return sorted(found)


@pytest.fixture(scope="module")
def folder(sets):
    """The same with models and weights that the configs name."""
    (sets / "base.yaml").write_text("seed: 9\n")
    for name in ("one", "other"):
        model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, activation="softmax")])
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.save(sets / f"{name}.keras")
    shapes = {"dense/kernel": (64, 6), "dense/bias": (6,), "dense_1/kernel": (6, 10), "dense_1/bias": (10,)}
    np.savez(sets / "weights.npz", **{name: np.full(shape, 0.5, "float32") for name, shape in shapes.items()})
    return sets


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    """Small files of the formats of every source, and others that differ."""
    folder, chance = tmp_path_factory.mktemp("sets"), np.random.default_rng(3)
    for other in ("", "other_"):
        x, y = chance.integers(0, 255, (40, 8, 8), dtype=np.uint8), np.arange(40) % 10
        named = {"x_train": x, "y_train": y, "x_test": x[:10], "y_test": y[:10]}
        pictures = {key: chance.integers(0, 255, (40, 28, 28), dtype=np.uint8) for key in ("x_train", "x_test")}
        np.savez(folder / f"{other}mnist.npz", **pictures, y_train=y, y_test=y)
        named |= {"z_train": x[::-1], "z_test": x[:10], "w_train": y[::-1], "w_test": y[:10]}
        np.savez(folder / ("other.npz" if other else "one.npz"), **named)
        write_fashion(folder / f"{other}fashion-mnist")
        write_cifar(folder / f"{other}ten", [b"labels"], (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"))
        write_cifar(folder / f"{other}hundred", [b"fine_labels", b"coarse_labels"], ("train", "test"))
        write_imdb(folder / f"{other}imdb.npz")
        np.savez(folder / f"{other}houses.npz", x=chance.normal(size=(9, 8)), y=chance.normal(size=9))
        a, b = chance.normal(size=(2, 30))
        np.savez(folder / f"{other}series.npz", a=a, b=b, gaps=np.where(np.arange(30) == 5, np.nan, a))
        rows = [f"{i * i % 11},{('small', 'large', 'héavy')[i % 3]},{i + 100}\n" for i in range(25 if other else 30)]
        (folder / f"{other}table.csv").write_text("size,kind,price\n" + "".join(rows), encoding="utf-8")
    x = chance.normal(size=(40, 64)).astype("float32")
    np.savez(folder / "two.npz", x=x, out=np.arange(40) % 10, two=chance.normal(size=(40, 6)).astype("float32"))
    for name in ("photos", "other_photos", "damaged"):
        write_pictures(folder / name, chance)
    (folder / "damaged/cat/0.png").write_text("")
    for number in range(20):
        for name in ("reviews", "other_reviews"):
            path = folder / name / ("cat", "dog")[number % 2] / f"{number}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{name} {number}")
    cells = [f"one {n},two {n},{'aab'[n % 3]},{n}\n" for n in range(10)]
    (folder / "reviews.csv").write_text("text,other,label,other_label\n" + "".join(cells))
    lines = [f"photos/cat/{n}.png,photos/dog/{n + 1}.png,{'aab'[n % 3]},{n}\n" for n in range(0, 20, 2)]
    (folder / "photos.csv").write_text("file,other,label,other_label\n" + "".join(lines))
    return folder


def write_pictures(folder, chance):
    """Twenty pictures of two classes, 12 × 16 grey pixels each."""
    for number in range(20):
        path = folder / ("cat", "dog")[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(chance.integers(0, 255, (12, 16), dtype=np.uint8)).save(path)


def with_value(config, setting, value):
    """The config with another value of a setting."""
    config = copy.deepcopy(config)
    section, _, key = setting.partition(".")
    if not key:
        config[setting] = value
    elif section == "layer":
        [(path, new)] = value.items()
        _, index, *inside = path.split(".")
        layers = config["model"]["layers"]
        if inside:
            layers[int(index)][inside[0]] = new
        else:
            layers[int(index)] = new
    elif section == "callbacks":
        config["callbacks"][0]["ModelCheckpoint"][key] = value
    else:
        section = "data" if section in (*sources.SOURCES, "data") else section
        config.setdefault(section, {})[key] = value
    if setting == "data.source":
        config["data"]["path"] = "one.npz"
    return config


def observed(config, folder, tmp_path):
    """What a training does and writes, the echo of its config left out."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            told = load_config(config).warnings
            finished = package.train(config, name="run", output=tmp_path)
    except KerasrunError as error:
        return type(error).__name__
    files = {
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*")
        if path.is_file() and path.name not in (*ECHO, ".lock")
    }
    names = [layer.name for layer in finished.model.layers]
    names += [output.names for output in read_results(RunFolder(finished.folder)).outputs.values()]
    return told, result_hashes(finished.model, finished.history), json.dumps(finished.metrics), files, names


@pytest.fixture(scope="module")
def observed_before(folder, tmp_path_factory):
    """What is observed of a config that settings stand in, trained once for all of them."""
    found = {}

    def observe(config):
        text = json.dumps(config)
        if text not in found:
            found[text] = observed(config, folder, tmp_path_factory.mktemp("before"))
        return found[text]

    return observe


def test_every_setting_has_an_observation():
    assert settings() == sorted({*OTHER, *OF_DATA, *ELSEWHERE})


@pytest.mark.filterwarnings("ignore:.*warning. :UserWarning")
@pytest.mark.parametrize("setting", OTHER)
def test_a_setting_acts(setting, folder, observed_before, tmp_path):
    config, value = OTHER[setting]
    before = observed_before(config)
    assert setting == "training.on_nan" or not isinstance(before, str), before
    after = observed(with_value(config, setting, value), folder, tmp_path)
    if setting == "name":
        assert (tmp_path / "other" / "run").is_dir()
    assert before != after


def loaded(data, folder):
    """What comes of a data section: rows, classes, and what is done to the inputs; or why nothing does.

    Of rows that are streamed, how many are shuffled together too.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        try:
            found = load_data(load_config(LENIENT | {"data": data}))
        except KerasrunError as error:
            return str(error)
    return found.fingerprint(), found.classes, repr(found.steps), getattr(found.train, "window", None)


@pytest.mark.parametrize("setting", OF_DATA)
def test_a_setting_of_data_acts(setting, sets):
    data, value = OF_DATA[setting]
    before = loaded(data, sets)
    assert not isinstance(before, str), before
    assert before != loaded(data | {setting.partition(".")[2]: value}, sets)


def run(code):
    """What a Python process of its own prints in the end."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.split()[-1]


@pytest.mark.parametrize(
    ("setting", "value", "expression"),
    [
        ("threads", "1", "__import__('tensorflow').config.threading.get_intra_op_parallelism_threads()"),
        ("backend", "jax", "__import__('keras').backend.backend()"),
    ],
)
def test_what_is_set_before_the_backend_starts_acts(setting, value, expression, tmp_path):
    config = (SINE if setting == "threads" else AUTO) | {setting: int(value) if value.isdigit() else value}
    code = f"import kerasrun; kerasrun.train({config!r}, output={str(tmp_path)!r}); print({expression})"
    assert run(code) == value


def test_the_loop_acts(tmp_path, monkeypatch):
    fitted = []
    fit = keras.Model.fit
    monkeypatch.setattr(keras.Model, "fit", lambda self, *args, **more: fitted.append(1) or fit(self, *args, **more))
    package.train(AUTO, output=tmp_path)
    assert not fitted
    package.train(with_value(AUTO, "training.loop", "keras"), output=tmp_path)
    assert fitted
