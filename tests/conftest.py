"""Fixtures: the installed command, tiny configs, and where the real MNIST is."""

import contextlib
import gc
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from kerasrun.cli import main

ROOT = Path(__file__).parents[1]

TINY = """\
name: tiny
seed: 7
data:
  source: sine
  num_samples: 20
  validation: 0.2
model:
  - Dense: {units: 4, activation: tanh}
  - Dense: 1
training:
  epochs: 3
  batch_size: 4
  optimizer: SGD
  loss: mean_squared_error
"""

# The same where neither pictures and page count nor which program trains: these take longer than such a training.
QUICK = TINY.replace("training:\n", "training:\n  program: graph\n") + "output: {plots: [], report: false}\n"


class Command:
    """The installed `kerasrun`, run in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self, *args: str, env: dict[str, str] | None = None, timeout: float = 240
    ) -> subprocess.CompletedProcess:
        """Run the command; its output is captured as text."""
        return subprocess.run(
            [str(Path(sys.executable).with_name("kerasrun")), *args],
            cwd=self.folder,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


class Called(Command):
    """The same command in this process, where TensorFlow is loaded once for all: in a new one it takes seconds."""

    def __call__(self, *args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
        """Run the command; what Python writes is captured as text."""
        output, errors = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, env or {}),
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(errors),
            pytest.raises(SystemExit) as ended,
        ):
            main(list(args))
        return subprocess.CompletedProcess(args, ended.value.code, output.getvalue(), errors.getvalue())


@pytest.fixture(autouse=True, scope="module")
def what_a_module_leaves_is_not_looked_through_again():
    """Models and their compiled programs stay in memory; without this, collections of garbage take ever longer."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
def kerasrun(tmp_path):
    """The command `kerasrun`, in an empty folder."""
    return Command(tmp_path)


@pytest.fixture
def called(tmp_path):
    """The command `kerasrun` in the same folder, without a process of its own."""
    return Called(tmp_path)


@pytest.fixture
def write(tmp_path):
    """Write a text file into the test's folder."""

    def write_file(text: str, name: str = "config.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A folder with one finished run of the tiny config, `outputs/tiny/first`, made by the command in its process."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "config.yaml").write_text(TINY, encoding="utf-8")
    # Keras's own settings name another backend than the config: they count for nothing.
    done = Command(folder)("train", "config.yaml", "--name", "first", env={"KERAS_BACKEND": "jax"})
    assert done.returncode == 0, done.stderr
    (folder / "stdout.txt").write_text(done.stdout, encoding="utf-8")
    (folder / "stderr.txt").write_text(done.stderr, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def mnist_folder():
    """The folder with the real mnist.npz; the test is skipped where there is none."""
    folder = os.environ.get("KERASRUN_DATA_DIR")
    if not folder or not (Path(folder) / "mnist.npz").is_file():
        pytest.skip("no real MNIST here: set KERASRUN_DATA_DIR to the folder of mnist.npz")
    return Path(folder)
