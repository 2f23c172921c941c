"""Runs are read when they end: the reading is kept, shown, and made anew where it is missing."""

import copy
import json
import shutil

import pytest

import kerasrun as package
from kerasrun.errors import InputError
from kerasrun.runs.lines import reading_lines
from kerasrun.runs.reading import loss_class, read_run, reading_of
from kerasrun.runs.store.folder import RunFolder

DIGITS = {
    "name": "read",
    "data": {"source": "digits", "flatten": True, "one_hot": True, "validation": "test"},
    "model": [{"Dense": {"units": 32, "activation": "relu"}}, {"Dense": {"units": 10, "activation": "softmax"}}],
    "training": {
        "epochs": 30,
        "batch_size": 32,
        "optimizer": {"Adam": {"learning_rate": 1e-3}},
        "loss": "categorical_crossentropy",
        "metrics": ["accuracy"],
    },
    "output": {"save": [], "plots": [], "report": False},
}


def changed(**settings):
    """The config, with settings by their paths (`training__epochs`) replaced."""
    config = copy.deepcopy(DIGITS)
    for path, value in settings.items():
        *places, last = path.split("__")
        section = config
        for place in places:
            section = section[place]
        section[last] = value
    return config


@pytest.fixture
def run(trained, tmp_path):
    """A copy of a finished run: three epochs on 16 points, validated on 4."""
    return RunFolder(shutil.copytree(trained / "outputs" / "tiny" / "first", tmp_path / "first"))


class TestAFinishedRun:
    def test_says_it_last_and_keeps_it(self, trained, run):
        kept = json.loads(run.reading.read_text())
        assert [finding["name"] for finding in kept["findings"]] == ["too_little_to_tell", "too_little_validation_data"]
        told = [
            "reading   too little to tell: 3 epochs are too few to tell a trend from noise; 5",
            "          are enough",
            "          too little validation data: val_loss is the mean of 4 rows, of which",
            "          each weighs 25%",
            "            try a larger data.validation, or cross-validation",
        ]
        for text in ((trained / "stdout.txt").read_text(), run.log.read_text()):
            assert "\n".join(told) in text

    def test_is_read_as_it_was_kept(self, run):
        run.reading.write_text(run.reading.read_text().replace("too few to tell", "far too few to tell"))
        assert "far too few" in reading_of(run).findings[0].sentence

    def test_is_read_anew_where_that_is_missing(self, run):
        kept = reading_of(run)
        run.reading.unlink()
        assert reading_of(run) == kept

    def test_is_read_without_what_an_older_run_lacks(self, run):
        for path in (run.reading, run.results, run.metrics, run.config):
            path.unlink()
        assert reading_of(run).findings[0].name == "too_little_to_tell"

    @pytest.mark.parametrize("text", ["", "{}", "[1", "null"])
    def test_that_is_damaged_is_told(self, run, text):
        run.reading.write_text(text)
        with pytest.raises(InputError, match=r"reading\.json: is damaged"):
            reading_of(run)


class TestWhatAConfigTells:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("mse", "MeanSquaredError"),
            ("categorical_crossentropy", "CategoricalCrossentropy"),
            ({"CategoricalCrossentropy": {"label_smoothing": 0.0}}, "CategoricalCrossentropy"),
            ({"CategoricalCrossentropy": {"label_smoothing": 0.1}}, ""),
            ({"MeanSquaredError": {"reduction": "sum"}}, ""),
            ({"a": "mse", "b": "mse"}, ""),
            ({"digit": "mse"}, ""),
            (None, ""),
        ],
    )
    def test_a_loss_that_a_constant_answer_can_be_measured_by(self, written, expected):
        assert loss_class({"training": {"loss": written}}) == expected

    @pytest.mark.parametrize(
        ("layer", "named"),
        [
            ({"Dropout": {"rate": 0.2}}, "Dropout acts"),
            ({"SpatialDropout1D": {"rate": 0.2}}, "SpatialDropout1D acts"),
            ("BatchNormalization", "BatchNormalization acts"),
            ({"RandomFlip": {"mode": "horizontal"}}, "RandomFlip acts"),
            ({"LSTM": {"units": 3, "dropout": 0.2}}, "dropout acts"),
            ({"LSTM": {"units": 3, "dropout": 0.0}}, None),
            ({"Dense": {"kernel_initializer": {"RandomNormal": {"stddev": 0.1}}}}, None),
        ],
    )
    def test_layers_that_act_otherwise_in_training(self, layer, named):
        from tests.report.diagnosis.made_curves import decay, history

        figures = {"train": {"loss": 0.1}, "validation": {"loss": 0.1}}
        curves = history(decay(50, 2.3, 0.3, 5), decay(50, 2.3, 0.1, 5))
        found = read_run(curves, {"model": [layer]}, {"train": 1000, "validation": 1000}, {}, figures, {})
        sentence = found.findings[-1].sentence
        assert found.findings[-1].name == "training_above_validation"
        assert (f": {named} otherwise in training and" in sentence) if named else ("acts" not in sentence)


def test_the_lines_fit_a_terminal_and_are_not_too_many():
    from kerasrun.report.diagnosis.findings import Finding, Reading

    findings = tuple(Finding("overfitting", "word " * 40, {}, "advice " * 20) for _ in range(5))
    lines = reading_lines(Reading(findings))
    assert max(map(len, lines)) <= 80
    assert sum("overfitting" in line for line in lines) == 3
    assert reading_lines(Reading()) == []


SOFTMAX = {"Dense": {"units": 10, "activation": "softmax"}}
WIDE = [*({"Dense": {"units": 256, "activation": "relu"}},) * 2, SOFTMAX]
NARROW = [{"Dense": {"units": 1, "activation": "relu"}}, SOFTMAX]
FROZEN = [{"Dense": {"units": 10, "activation": "softmax", "trainable": False}}]


@pytest.mark.slow
class TestRealRuns:
    """Trainings made to show each, on scikit-learn's digits: 1,437 training rows, 360 test rows."""

    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            ({"data__num_samples": 60, "training__epochs": 100, "model": WIDE}, "overfitting"),
            ({"training__epochs": 60, "model": NARROW}, "underfitting"),
            ({"model": FROZEN}, "underfitting"),
            ({"training__optimizer": {"Adam": {"learning_rate": 1e-6}}}, "underfitting"),
            ({"training__optimizer": {"Adam": {"learning_rate": 0.1}}}, "rate_too_high"),
            ({"training__optimizer": {"SGD": {"learning_rate": 3.0}}}, "rate_too_high"),
            ({"training__epochs": 6}, "not_yet_converged"),
        ],
    )
    @pytest.mark.filterwarnings("ignore:The model does not have any trainable weights:UserWarning")
    def test_the_weightiest_finding(self, tmp_path, settings, expected):
        assert package.train(changed(**settings), output=tmp_path).reading.findings[0].name == expected

    def test_few_validation_rows(self, tmp_path):
        found = package.train(changed(data__validation=0.02, training__epochs=60), output=tmp_path).reading.findings
        assert "too_little_validation_data" in [finding.name for finding in found]
        assert "overfitting" not in [finding.name for finding in found]

    def test_an_early_stop(self, tmp_path):
        stopping = {"EarlyStopping": {"monitor": "val_loss", "patience": 5}}
        config = changed(training__epochs=300) | {"callbacks": [stopping]}
        trained = package.train(config, output=tmp_path)
        stop = next(finding for finding in trained.reading.findings if finding.name == "stopped_early")
        best = min(trained.history.epochs["val_loss"])
        assert stop.figures["best"] == best
        assert (
            stop.figures["epoch"]
            == trained.history.epochs["val_loss"].index(best) + 1
            == len(trained.history.epochs["epoch"]) - 5
        )
