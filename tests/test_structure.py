"""The house rules that a reader relies on: imports point one way, and nothing heavy loads early."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "kerasrun"

# What the modules of a folder may import from the package.
MAY_IMPORT = {
    "errors": set(),
    "config": {"errors"},
    "data": {"config", "errors"},
    "report": {"errors"},
    "model": {"data", "config", "errors"},
    "training": {"data", "errors"},
    "runs": {"data", "model", "training", "report", "config", "errors"},
    "cli": {"runs", "config", "errors"},
    "api": {"cli", "runs", "config", "errors"},  # cli for what shows a training
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("place", MAY_IMPORT)
def test_imports_point_one_way(place):
    paths = [PACKAGE / f"{place}.py"] if (PACKAGE / f"{place}.py").is_file() else list((PACKAGE / place).rglob("*.py"))
    assert paths
    for path in paths:
        for module in imported(path):
            parts = module.split(".")
            if parts[0] == "kerasrun" and len(parts) > 1:
                assert parts[1] in MAY_IMPORT[place] | {place}, f"{path.name} imports {module}"


@pytest.mark.parametrize("place", ["config", "data", "report", "cli", "errors"])
def test_no_tensorflow_in_the_parts_that_need_none(place):
    paths = [PACKAGE / f"{place}.py"] if place == "errors" else list((PACKAGE / place).rglob("*.py"))
    for path in paths:
        assert not {m.split(".")[0] for m in imported(path)} & {"keras", "tensorflow", "jax", "torch"}, path


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_what_knows_a_backend_lies_in_one_place_each(backend):
    knowing = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(module.split(".")[0] == backend for module in imported(path))
    }
    assert knowing == {f"training/on_{backend}.py", "model/backend.py"}


@pytest.mark.parametrize(
    "code",
    [
        "import kerasrun",
        "from kerasrun.config import load_config; load_config('@sine')",
        "import kerasrun.config as c, kerasrun.data as d; d.load_data(c.load_config('@digits'))",
        "import kerasrun.cli.train, kerasrun.cli.evaluate, kerasrun.cli.predict, kerasrun.cli.plot",
        "from kerasrun.runs.past.plot import plot_history",
        "from kerasrun.runs.past.compared import compare_several",
        "from kerasrun.runs.past.listing import list_runs",
        "from kerasrun.report.plots.panels import history_panels",
        "from kerasrun.cli import cli; cli(['show', 'Dense'], standalone_mode=False)",
        "from kerasrun.cli import cli; cli(['schema', '-o', '/dev/null'], standalone_mode=False)",
    ],
)
def test_neither_keras_nor_tensorflow_loads(code):
    check = "import sys; print(sorted({'keras', 'tensorflow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{check}"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["train", "evaluate", "predict", "plot", "show", "schema", "runs", "compare"])
def test_a_command_module_imports_click_alone_at_module_level(command):
    code = (
        f"import sys, click; before = set(sys.modules); import kerasrun.cli.{command}; print(set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for heavy in ("numpy", "yaml", "pydantic", "rich", "matplotlib"):
        assert f"'{heavy}'" not in done.stdout
