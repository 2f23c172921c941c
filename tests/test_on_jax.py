"""The tests of the training loop once more, on JAX: Keras runs on one backend a process."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

# One test of each kind; the slow test below runs all.
FEW = "Adam] or xla and (each_loss or predicts or Masks and seed or pauses)"
TESTS = Path(__file__).parent / "training"


pytestmark = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")


def test_the_training_loop_on_jax():
    run_tests("-m", "not slow", "-k", FEW)


@pytest.mark.slow
def test_the_whole_training_loop_on_jax():
    run_tests("-m", "slow or not slow")


def run_tests(*chosen):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, str(TESTS)]
    # Options meant for the tests around could leave out the line that counts those that passed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    done = subprocess.run(
        command,
        cwd=TESTS.parents[1],
        env={**environment, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
