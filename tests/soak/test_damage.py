"""Flipped bits and cut files: none goes unnoticed."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kerasrun.errors import InputError
from kerasrun.runs.past.verify import verify_run

pytestmark = pytest.mark.soak

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
NUM_DAMAGES = 1000


def test_no_damage_to_any_file_of_a_run_goes_unnoticed(tmp_path):
    subprocess.run(
        [
            KERASRUN,
            "train",
            "@digits",
            "--name",
            "whole",
            "--set",
            "training.epochs=2",
            "--set",
            "callbacks=[TensorBoard]",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    run = next((tmp_path / "outputs").glob("*/whole"))
    files = sorted(path for path in run.rglob("*") if path.is_file() and path.name != ".lock")
    chance, found = random.Random(0), 0
    for number in range(NUM_DAMAGES):
        path = files[number % len(files)]
        whole = path.read_bytes()
        path.write_bytes(damaged(whole, chance))
        try:
            found += bool(verify_run(str(run))[1])
        except InputError:
            found += 1
        path.write_bytes(whole)
    assert verify_run(str(run))[1] == []
    print(f"\n{found} of {NUM_DAMAGES} damages to {len(files)} files were noticed")
    assert found == NUM_DAMAGES


def damaged(content, chance):
    if chance.random() < 0.3:
        return content[: chance.randrange(len(content))]
    changed = bytearray(content)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def test_one_owner_of_two_processes_each_time(tmp_path):
    code = (
        "import sys, time; from pathlib import Path\n"
        "from kerasrun.errors import InputError; from kerasrun.runs.store.folder import RunFolder\n"
        "from kerasrun.runs.store.owner import owned\n"
        "while time.time() < float(sys.argv[2]): pass\n"
        "try:\n"
        "    with owned(RunFolder(Path(sys.argv[1]))): print('owner'); time.sleep(0.3)\n"
        "except InputError: print('refused')\n"
    )
    import time

    times = 100
    for _ in range(times):
        begin = str(time.time() + 1.0)
        both = [
            subprocess.Popen([sys.executable, "-c", code, str(tmp_path), begin], stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        assert sorted(process.communicate()[0].strip() for process in both) == ["owner", "refused"]
    print(f"\n{times} times two processes wanted one run: one owner each time")
    shutil.rmtree(tmp_path)
