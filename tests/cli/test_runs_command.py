"""`kerasrun runs`, as a person meets it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import kerasrun as package
from tests.made_runs import make_run

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))


@pytest.fixture
def output(tmp_path):
    make_run(tmp_path / "outputs", "tiny/a", figures={"val_loss": 0.5})
    make_run(tmp_path / "outputs", "tiny/b", ["training.batch_size=8"], figures={"val_loss": 0.25})
    make_run(tmp_path / "outputs", "other/c", status="running", figures=None)
    return tmp_path / "outputs"


def on_a_terminal(folder, *args, columns=80, **env):
    """What the command writes to a terminal."""
    ours, its = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm", **env}
    process = subprocess.Popen([KERASRUN, *args], cwd=folder, stdin=its, stdout=its, stderr=its, env=env)
    os.close(its)
    written = b""
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:  # the terminal is closed
        pass
    assert process.wait(timeout=60) == 0, written.decode()
    return written.decode()


def test_a_pipe_gets_plain_lines_with_every_column(called, output):
    done = called("runs", "tiny", "--sort", "val_loss")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["run", "tiny/b", "tiny/a"]
    assert done.stdout.splitlines()[1].endswith("Dense 4 – Dense 1, SGD, 3 epochs")
    assert "\x1b" not in done.stdout


def test_a_terminal_gets_colours_and_no_line_that_is_too_long(output, tmp_path):
    lines = on_a_terminal(tmp_path, "runs", columns=60).splitlines()
    assert lines[0].startswith("\x1b[1mrun") and any("\x1b[33mbroken off" in line for line in lines)
    plain = on_a_terminal(tmp_path, "runs", columns=60, NO_COLOR="1").splitlines()
    assert len(plain) == 4
    assert max(map(len, plain)) <= 60 and not any("\x1b" in line for line in plain)


def test_a_list_loads_nothing_that_takes_its_time(output):
    heavy = {"keras", "tensorflow", "numpy", "matplotlib", "pydantic", "yaml"}
    code = (
        "import sys; from kerasrun.cli import main\n"
        f"try: main(['runs', '--output', {str(output)!r}])\n"
        f"finally: print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0].startswith("run") and done.stdout.splitlines()[-1] == "[]"


def test_conditions_and_limits(called, output):
    done = called("runs", "--where", "state=finished", "--where", "batch_size=8", "-n", "1", "--json")
    [run] = json.loads(done.stdout)
    assert (run["name"], run["figures"], run["settings"]["training"]["batch_size"]) == ("b", {"val_loss": 0.25}, 8)
    assert set(run) >= {"path", "experiment", "state", "started", "time_s", "model", "optimizer", "num_parameters"}


def test_what_is_not_there_is_told(called, output):
    done = called("runs", "--where", "val_los<1")
    assert (done.returncode, done.stderr) == (2, "Error: no run here has 'val_los'; did you mean 'val_loss'?\n")
    done = called("runs", "--where", "val_loss<0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "none of 3 runs is so\n")
    assert json.loads(called("runs", "x*", "--json").stdout) == []
    done = called("runs", "--output", "nowhere")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "Error: nowhere: no such folder\n")
    (output / "none").mkdir()
    done = called("runs", "--output", str(output / "none"))
    assert (done.stdout, done.stderr) == ("", "there are no runs yet; make one with: kerasrun train @sine\n")


def test_the_same_from_python(output):
    assert [run.name for run in package.list_runs("tiny", sort="val_loss", output=output)] == ["b", "a"]
    compared = package.compare("a", output / "tiny/b", output=output)
    assert compared.differences["settings"][0].values == (4, 8)
    [picture] = package.plot([output / "tiny/a", output / "tiny/b"], folder=output.parent / "p")
    assert picture.name == "compared.png"
