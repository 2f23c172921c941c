"""Which program and which backend train a run: chosen by a rule or by the user, and written down."""

import importlib.util
import json
import shutil
import subprocess
import sys

import pytest

from tests.conftest import TINY, Called

has_jax = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")


def read(folder, name, run):
    return json.loads((folder / "outputs" / "tiny" / run / f"{name}.json").read_text())


@pytest.fixture(scope="module")
def runs(trained, tmp_path_factory):
    """A folder with runs of the tiny config: one a program, and one on JAX where it is installed."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "config.yaml").write_text(TINY, encoding="utf-8")
    shutil.copytree(trained / "outputs/tiny/first", folder / "outputs/tiny/rule")
    if importlib.util.find_spec("jax"):
        done = python(folder, ON_JAX)
        assert (done.returncode, done.stderr) == (0, "")
        evaluated, loaded = done.stdout.split("---\n")[1:]
        (folder / "evaluated.json").write_text(evaluated)
        (folder / "loaded.txt").write_text(loaded.strip())
    for name, setting in {"graph": "training.program=graph", "fit": "training.loop=keras"}.items():
        settings = (part for one in (setting, "output.plots=[]", "output.report=false") for part in ("--set", one))
        assert Called(folder)("train", "config.yaml", "--name", name, *settings).returncode == 0
    return folder


# The command: it trains, and evaluates the model of the other backend; then which of the backends it has loaded.
ON_JAX = """\
import sys
from kerasrun.cli import main
for arguments in "train config.yaml --name jax", "evaluate outputs/tiny/rule/model.keras --json":
    try:
        main([*arguments.split(), "--backend", "jax"])
    except SystemExit as ended:
        assert ended.code == 0, arguments
    print("---")
print(*({"jax", "tensorflow"} & set(sys.modules)))
"""


def python(folder, script):
    """A Python process of its own."""
    return subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)


class TestTheManifest:
    def test_says_which_program_ran_and_why(self, runs):
        chosen = {name: read(runs, "manifest", name) for name in ("rule", "graph", "fit")}
        assert [(run["program"], run["program_reason"]) for run in chosen.values()] == [
            ("xla", "all layers are known to be fast under XLA"),
            ("graph", "training.program: graph"),
            ("fit", "training.loop: keras"),
        ]

    def test_names_the_backend_of_the_config_whatever_keras_is_set_to(self, runs):
        assert read(runs, "manifest", "rule")["environment"]["backend"] == "tensorflow"

    @has_jax
    def test_names_jax_where_the_flag_chose_it(self, runs):
        environment = read(runs, "manifest", "jax")["environment"]
        assert environment["backend"] == "jax"
        assert "jax" in environment
        assert "tensorflow" not in environment


@pytest.mark.parametrize("program", ["graph", "fit"])
def test_every_program_gives_the_same_history(runs, program):
    rule, other = (read(runs, "history", name)["epochs"] for name in ("rule", program))
    for name in ("loss", "val_loss", "learning_rate"):
        assert other[name] == pytest.approx(rule[name], rel=1e-5)


@has_jax
class TestJax:
    def test_leaves_the_same_files(self, runs):
        def files(name):
            folder = runs / "outputs" / "tiny" / name
            return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

        assert files("jax") == files("rule")

    def test_evaluates_the_model_of_tensorflow(self, runs):
        found = json.loads((runs / "evaluated.json").read_text())
        expected = read(runs, "metrics", "rule")["validation"]["loss"]
        assert found["figures"]["loss"] == pytest.approx(expected, rel=1e-5)

    def test_tensorflow_evaluates_its_model(self, runs):
        done = Called(runs)("evaluate", "outputs/tiny/jax/model.keras", "--backend", "tensorflow", "--json")
        assert done.returncode == 0, done.stderr
        expected = read(runs, "metrics", "jax")["validation"]["loss"]
        assert json.loads(done.stdout)["figures"]["loss"] == pytest.approx(expected, rel=1e-5)

    def test_training_and_evaluating_do_not_load_tensorflow(self, runs):
        assert (runs / "loaded.txt").read_text() == "jax"


REFUSED = {
    ("backend=torch",): "backend must be tensorflow or jax, got 'torch'",
    ("backend=jax", "training.program=graph"): "JAX always compiles with XLA; a graph is TensorFlow's",
    ("training.loop=keras", "training.program=xla"): "program chooses between the programs of kerasrun's loop",
    ("training.program=xlA",): "program must be auto, graph or xla, got 'xlA'",
}


@pytest.mark.parametrize("settings", REFUSED)
def test_what_cannot_be_is_refused(called, write, settings):
    write(TINY)
    done = called("train", "config.yaml", *(part for setting in settings for part in ("--set", setting)))
    assert done.returncode == 2
    assert REFUSED[settings] in done.stderr
    assert not (called.folder / "outputs").exists()


def test_keras_own_loop_counts_no_steps(called, write):
    write(TINY.replace("epochs: 3", "steps: 3\n  loop: keras"))
    done = called("train", "config.yaml")
    assert done.returncode == 2
    assert "Keras's own loop counts epochs, not steps; write epochs: N" in done.stderr


def test_a_jax_that_is_not_installed_is_told_with_what_to_install(write, tmp_path):
    write(TINY)
    script = (
        "import sys; sys.modules['jax'] = None\n"
        "from kerasrun.cli import main\n"
        "main(['train', 'config.yaml', '--backend', 'jax'])"
    )
    done = python(tmp_path, script)
    assert done.returncode == 2
    assert "pip install 'kerasrun[jax]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
