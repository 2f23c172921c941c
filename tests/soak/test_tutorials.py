"""The tutorial configs at full size: trained twice, and broken off and resumed, they come out the same to the bit."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
CONFIGS = ["sine", "mnist_two_layer", "mnist_mlp", "mnist_dnn", "mnist_two_layer_steps"]


def results(folder, name):
    [manifest] = (folder / "outputs").glob(f"*/{name}/manifest.json")
    found = json.loads(manifest.read_text())
    assert found["status"] == "finished"
    return found["results"], found["environment"]["threads"]


@pytest.mark.parametrize("config", CONFIGS)
def test_trained_twice_and_interrupted_it_is_the_same(tmp_path, config):
    if config != "sine" and "KERASRUN_DATA_DIR" not in os.environ:
        pytest.skip("no MNIST here: set KERASRUN_DATA_DIR to the folder of mnist.npz")
    for name in ("first", "second"):
        begun = time.monotonic()
        subprocess.run([KERASRUN, "train", f"@{config}", "--name", name, "-q"], cwd=tmp_path, check=True)
        took = time.monotonic() - begun
    command, interrupted = ["train", f"@{config}", "--name", "third"], 0
    for part in (0.3, 0.6):
        process = subprocess.Popen(
            [KERASRUN, *command, "-q"], cwd=tmp_path, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        )
        time.sleep(max(part * took, 3.5))
        process.send_signal(signal.SIGINT)
        interrupted += process.wait() == 130
        if list((tmp_path / "outputs").glob("*/third")):
            command = ["resume", "third"]
    subprocess.run([KERASRUN, *command, "-q"], cwd=tmp_path, check=True)
    print(f"\n{config}: {took:.0f} s; broken off {interrupted} times; the same to the bit three times")
    assert results(tmp_path, "first") == results(tmp_path, "second") == results(tmp_path, "third")
