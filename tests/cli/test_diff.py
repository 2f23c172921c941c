"""`kerasrun diff`, as a person meets it."""

import json
import re
import shutil

import pytest

from tests.conftest import TINY, Called

OWN = """\
import keras


class Scale(keras.layers.Layer):
    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
"""


@pytest.fixture(scope="module")
def two_runs(trained, tmp_path_factory):
    """A folder with the runs `tiny/first` and `tiny/second`, which has another seed and a wider layer."""
    folder = tmp_path_factory.mktemp("two_runs")
    shutil.copytree(trained / "outputs", folder / "outputs")
    (folder / "config.yaml").write_text(TINY)
    settings = ["--set", "seed=8", "--set", "model.0.Dense.units=5", "--set", "data.num_samples=30"]
    done = Called(folder)("train", "config.yaml", "--name", "second", *settings)
    assert done.returncode == 0, done.stderr
    return folder


class TestConfigs:
    def test_an_inserted_layer_and_changed_settings_aligned(self, called, write):
        write(TINY, "a.yaml")
        changed = TINY.replace("epochs: 3", "epochs: 5").replace("optimizer: SGD", "optimizer: {Adam: {epsilon: 1e-3}}")
        write(changed.replace("  - Dense: 1", "  - Dropout: 0.2\n  - Dense: 1"), "b.yaml")
        done = called("diff", "a.yaml", "b.yaml")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (
            "a  a.yaml\n"
            "b  b.yaml\n"
            "\n"
            "settings\n"
            "  model[1]            –   → Dropout: 0.2\n"
            "  training.epochs     3   → 5\n"
            "  training.optimizer  SGD → Adam: {epsilon: 0.001}\n"
        )

    def test_defaults_and_the_order_of_keys_do_not_count(self, called, write):
        write(TINY, "a.yaml")
        top, rest = TINY.split("data:\n")
        written = rest.replace("optimizer: SGD", "optimizer: {SGD: {learning_rate: 1e-2, momentum: 0}}\n  on_nan: stop")
        write(f"data:\n{written}callbacks: []\n{top}threads: null\n", "b.yaml")
        done = called("diff", "a.yaml", "b.yaml")
        assert (done.returncode, done.stdout) == (0, "a  a.yaml\nb  b.yaml\n\nno difference\n")

    def test_a_loss_is_the_same_by_each_of_its_names(self, called, write):
        write(TINY, "a.yaml")
        write(TINY.replace("loss: mean_squared_error", "loss: mse"), "b.yaml")
        write(TINY.replace("loss: mean_squared_error", "loss: {MeanSquaredError: {reduction: sum}}"), "c.yaml")
        assert called("diff", "a.yaml", "b.yaml").stdout.endswith("\n\nno difference\n")
        done = called("diff", "a.yaml", "c.yaml")
        assert done.stdout.splitlines()[4:] == [
            "  training.loss.MeanSquaredError.reduction",
            "    a  sum_over_batch_size",
            "    b  sum",
        ]

    def test_long_values_stand_below_one_another_within_80_columns(self, called):
        done = called("diff", "@digits", "@mnist_dnn")
        assert all(len(line) <= 80 for line in done.stdout.splitlines())
        assert (
            "  callbacks[1]\n"
            "    a  –\n"
            "    b  ModelCheckpoint: {filepath: 'weights/val_loss{val_loss:.3f}.weights.h5',\n"
            "       save_best_only: true, save_weights_only: true, every_epochs: 3}\n"
        ) in done.stdout
        assert "  callbacks[0]               –       → EarlyStopping: {patience: 10}\n" in done.stdout

    def test_json_has_every_value_in_full(self, called, write):
        write(TINY, "a.yaml")
        write(TINY.replace("seed: 7", "seed: 8").replace("  - Dense: 1", "  - ReLU\n  - Dense: 1"), "b.yaml")
        found = json.loads(called("diff", "a.yaml", "b.yaml", "--json").stdout)
        assert (found["a"], found["b"], found["same"]) == ("a.yaml", "b.yaml", False)
        [layer] = found["differences"]["settings"]
        assert (layer["path"], layer["change"], "a" in layer) == ("model[1]", "added", False)
        assert layer["b"]["ReLU"]["negative_slope"] == 0
        assert found["differences"]["seeds"] == [{"path": "seed", "change": "changed", "a": 7, "b": 8}]
        assert json.loads(called("diff", "a.yaml", "a.yaml", "--json").stdout)["same"] is True

    def test_own_classes_are_named_and_not_run(self, kerasrun, write):
        write(OWN + "\nraise SystemExit('was run')\n", "own.py")
        write(TINY.replace("  - Dense: 1", "  - Scale: 2\n  - Dense: 1"), "a.yaml")
        write(TINY.replace("  - Dense: 1", "  - Scale: 3\n  - Dense: 1"), "b.yaml")
        done = kerasrun("diff", "a.yaml", "b.yaml", "--import", "own.py")
        assert done.stdout.splitlines()[3:] == ["settings", "  model[1].Scale.factor  2 → 3"]
        assert kerasrun("diff", "a.yaml", "b.yaml").returncode == 2


class TestRuns:
    def test_each_kind_of_difference_has_its_group(self, two_runs):
        done = Called(two_runs)("diff", "first", "latest")
        assert (done.returncode, done.stderr) == (0, "")
        assert all(len(line) <= 80 for line in done.stdout.splitlines())
        heading, *groups = done.stdout.split("\n\n")
        assert heading == "a  outputs/tiny/first\nb  outputs/tiny/second"
        settings, seeds, data, results = (group.splitlines() for group in groups)
        assert [line.split() for line in settings] == [
            ["settings"],
            ["data.num_samples", "20", "→", "30"],
            ["model[0].Dense.units", "4", "→", "5"],
        ]
        assert [line.split() for line in seeds] == [["seeds"], ["seed", "7", "→", "8"]]
        assert re.fullmatch(r"  sha256 +[0-9a-f]{12} +→ [0-9a-f]{12}", data[1])
        assert [line.split() for line in data[2:]] == [
            ["rows.train", "16", "→", "24"],
            ["rows.validation", "4", "→", "6"],
        ]
        # 1·4 + 4 + 4·1 + 1 = 13 parameters, and 1·5 + 5 + 5·1 + 1 = 16
        assert results[1].split() == ["num_parameters", "13", "→", "16"]
        assert [line.split()[0] for line in results[2:5]] == ["train.loss", "validation.loss", "best.loss"]
        assert "time" not in done.stdout

    def test_figures_are_those_of_the_runs(self, two_runs):
        found = json.loads(Called(two_runs)("diff", "first", "second", "--json").stdout)["differences"]["results"]
        values = {row["path"]: (row["a"], row["b"]) for row in found}
        for side, name in enumerate(("first", "second")):
            metrics = json.loads((two_runs / "outputs/tiny" / name / "metrics.json").read_text())
            assert values["train.loss"][side] == metrics["train"]["loss"]

    def test_a_run_is_the_same_as_itself_and_as_its_config(self, two_runs):
        called = Called(two_runs)
        assert called("diff", "first", "tiny/first").stdout.endswith("\n\nno difference\n")
        assert called("diff", "config.yaml", "first").stdout.endswith("\n\nno difference\n")
        assert called("diff", "second", "outputs/tiny/second/config.yaml").stdout.endswith("\n\nno difference\n")

    def test_a_run_that_has_no_figures_yet(self, two_runs, tmp_path):
        shutil.copytree(two_runs / "outputs", tmp_path / "outputs")
        (tmp_path / "outputs/tiny/first/metrics.json").unlink()
        done = Called(tmp_path)("diff", "first", "second")
        assert done.returncode == 0
        assert re.search(r"^  train.loss +– +→ \d\.\d{4}$", done.stdout, re.MULTILINE)

    def test_another_environment_is_told(self, two_runs, tmp_path):
        from kerasrun.runs.store.folder import RunFolder

        shutil.copytree(two_runs / "outputs", tmp_path / "outputs")
        run = RunFolder(tmp_path / "outputs/tiny/second")
        shutil.copytree(tmp_path / "outputs/tiny/first", run.path, dirs_exist_ok=True)
        manifest = run.sound_manifest()
        threads = manifest["environment"]["threads"]
        manifest["environment"] |= {"threads": threads + 1, "keras": "3.12.0"}
        run.write_manifest(manifest)
        done = Called(tmp_path)("diff", "first", "second")
        assert [line.split()[::2] for line in done.stdout.splitlines()[3:]] == [
            ["environment"],
            ["keras", "→"],
            ["threads", "→"],
        ]
        assert done.stdout.endswith(f" → {threads + 1}\n")


class TestFaults:
    @pytest.mark.parametrize(
        ("a", "errors"),
        [
            ("no.yaml", "Error: no.yaml: no such file\n"),
            ("nothing", "Error: 'nothing' is no file, and there are no runs in outputs\n"),
            ("@sien", "Error: no shipped config is called '@sien'; did you mean '@sine'?\n"),
            (
                "~nobody-of-that-name",
                "Error: '~nobody-of-that-name': is no path: Could not determine home directory.\n",
            ),
        ],
    )
    def test_what_is_not_there(self, called, a, errors):
        done = called("diff", a, "@sine")
        assert (done.returncode, done.stdout, done.stderr) == (2, "", errors)

    def test_a_faulty_config_is_told_with_its_line(self, called, write):
        write(TINY.replace("epochs: 3", "epohcs: 3"))
        done = called("diff", "@sine", "config.yaml")
        assert done.returncode == 2
        assert done.stderr.startswith("config.yaml:11:3: unknown key 'epohcs' in training\n")
        assert "did you mean 'epochs'?" in done.stderr

    def test_a_run_that_was_altered(self, two_runs, tmp_path):
        shutil.copytree(two_runs / "outputs", tmp_path / "outputs")
        config = tmp_path / "outputs/tiny/second/config.yaml"
        config.write_text(config.read_text().replace("seed: 8", "seed: 9"))
        done = Called(tmp_path)("diff", "first", "second")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "Error: outputs/tiny/second/config.yaml: is not as kerasrun wrote it\n"
        manifest = tmp_path / "outputs/tiny/first/manifest.json"
        manifest.write_text(manifest.read_text().replace('"seed": 7', '"seed": 9'))
        done = Called(tmp_path)("diff", "first", "second")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            "Error: outputs/tiny/first/manifest.json: is not as kerasrun wrote it: damaged, or altered by hand\n"
        )
