"""The installed command, as a person meets it: output, exit codes, files."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from terminal_emulator import Emulator

from tests.conftest import QUICK, TINY, Called
from tests.made_runs import make_run

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class TestTrain:
    def test_in_a_pipe_it_tells_plan_epochs_and_figures_in_plain_lines(self, trained):
        text = (trained / "stdout.txt").read_text()
        assert not CONTROL.search(text)
        lines = text.splitlines()
        assert lines[0] == "tiny  →  outputs/tiny/first"
        assert lines[2] == "data      train              16 rows   x 1 float32 → y 1 float32"
        assert lines[4] == "model     13 parameters"
        assert lines[7] == "training  3 epochs of batches of 4, SGD"
        assert lines[9].split() == ["epoch", "loss", "val_loss", "time"]
        assert [line.split()[0] for line in lines[10:13]] == ["1/3", "2/3", "3/3"]
        assert lines[14].split() == ["loss"]
        assert [line.split()[0] for line in lines[15:17]] == ["train", "validation"]
        assert all(len(line) <= 80 for line in lines)

    def test_tensorflows_chatter_stays_out_of_sight(self, trained):
        assert (trained / "stderr.txt").read_text() == ""

    def test_the_log_says_the_same(self, trained):
        assert (trained / "outputs/tiny/first/log.txt").read_text() == (trained / "stdout.txt").read_text()

    def test_quiet_prints_the_folder_alone(self, called, write):
        write(QUICK)
        done = called("train", "config.yaml", "--name", "q", "--quiet", "--set", "training.epochs=1")
        assert (done.returncode, done.stdout, done.stderr) == (0, "outputs/tiny/q\n", "")

    def test_on_a_terminal_a_bar_moves_and_leaves_no_trace(self, write, tmp_path):
        write(TINY)
        text = in_a_terminal(tmp_path, "train", "config.yaml", "--name", "x", "--set", "training.epochs=4000")
        assert "━" in text
        assert "▁" in text
        assert "evaluates, saves and draws" in text
        shown = Emulator(80).feed(text).lines()
        log = [line.rstrip() for line in (tmp_path / "outputs/tiny/x/log.txt").read_text().splitlines()]
        is_epoch = re.compile(r" *\d+/4000 ").match
        assert [line for line in shown if not is_epoch(line)] == [line for line in log if not is_epoch(line)]
        assert {"1/4000", "4000/4000"} <= {line.split()[0] for line in shown if is_epoch(line)}
        assert set(shown) <= set(log)

    @pytest.mark.slow
    def test_no_color_takes_colours_away(self, write, tmp_path):
        write(QUICK)
        text = in_a_terminal(tmp_path, "train", "config.yaml", env={"NO_COLOR": "1"})
        assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", text)

    def test_goes_on_when_the_reader_of_its_pipe_leaves(self, write, tmp_path):
        write(QUICK)
        done = subprocess.run(
            f"{KERASRUN} train config.yaml --name x | head -1", shell=True, cwd=tmp_path, capture_output=True, text=True
        )
        assert (done.stdout, done.stderr) == ("tiny  →  outputs/tiny/x\n", "")
        manifest = json.loads((tmp_path / "outputs/tiny/x/manifest.json").read_text())
        assert manifest["status"] == "finished"

    @pytest.mark.slow
    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
    def test_goes_on_when_what_it_says_cannot_be_written(self, write, tmp_path):
        write(QUICK)
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [KERASRUN, "train", "config.yaml", "--name", "x"], cwd=tmp_path, stdout=full, check=False
            )
        assert done.returncode == 0
        assert json.loads((tmp_path / "outputs/tiny/x/manifest.json").read_text())["status"] == "finished"


@pytest.fixture(
    scope="class",
    params=[signal.SIGINT, *(pytest.param(n, marks=pytest.mark.slow) for n in (signal.SIGTERM, signal.SIGHUP))],
)
def interrupted(request, tmp_path_factory):
    """A process that trained until it got a signal, and what other commands said meanwhile."""
    folder = tmp_path_factory.mktemp("interrupted")
    (folder / "config.yaml").write_text(QUICK, encoding="utf-8")
    process = subprocess.Popen(
        [KERASRUN, "train", "config.yaml", "--name", "x", "--set", "training.epochs=1000000"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell lets what it starts in the background ignore Ctrl-C, and nohup the end of the terminal.
        preexec_fn=lambda: signal.signal(request.param, signal.SIG_DFL),
    )
    try:
        for line in process.stdout:
            if line.lstrip().startswith("1/1000000"):
                break
        meanwhile = {command: Called(folder)(*command.split()) for command in ("resume x", "runs")}
        process.send_signal(request.param)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    return SimpleNamespace(
        folder=folder,
        number=request.param,
        process=process,
        errors=errors,
        resume=meanwhile["resume x"],
        runs=meanwhile["runs"],
    )


class TestWhileItTrains:
    def test_a_second_process_is_refused(self, interrupted):
        expected = f"Error: outputs/tiny/x: process {interrupted.process.pid} is at work on this run\n"
        assert (interrupted.resume.returncode, interrupted.resume.stderr) == (2, expected)

    def test_the_list_of_runs_says_so(self, interrupted):
        assert "  running  " in interrupted.runs.stdout.splitlines()[1]

    def test_a_signal_ends_it_with_one_line_and_its_exit_code(self, interrupted):
        assert interrupted.process.returncode == 128 + interrupted.number
        assert re.fullmatch(
            r"Error: interrupted after epoch [\d,]+(, step \d)?; go on with: kerasrun resume outputs/tiny/x\n",
            interrupted.errors,
        )
        run = interrupted.folder / "outputs/tiny/x"
        assert json.loads((run / "manifest.json").read_text())["status"] == "interrupted"
        assert len(json.loads((run / "history.json").read_text())["epochs"]["loss"]) >= 1


def in_a_terminal(folder, *args, env=None):
    """What the command writes to a terminal of 80 columns."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("kerasrun")), *args],
        cwd=folder,
        stdin=its,
        stdout=its,
        stderr=its,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", **(env or {})},
    )
    os.close(its)
    written, deadline = b"", time.monotonic() + 120
    while time.monotonic() < deadline:
        ready, _, _ = select.select([ours], [], [], 0.2)
        if ready:
            try:
                chunk = os.read(ours, 65536)
            except OSError:
                break
            if not chunk:
                break
            written += chunk
        elif process.poll() is not None:
            break
    assert process.wait(timeout=60) == 0, written.decode()
    return written.decode()


class TestEvaluate:
    def test_prints_a_table(self, trained, kerasrun):
        done = kerasrun("evaluate", str(trained / "outputs/tiny/first"), "--no-plots")
        assert done.returncode == 0
        assert done.stdout.splitlines()[0].endswith("first/model.keras on validation (4 rows)")
        assert re.fullmatch(r"  loss  \d\.\d{4}", done.stdout.splitlines()[1])
        assert done.stderr == ""

    def test_or_json(self, trained, called):
        done = called("evaluate", "latest", "--output", str(trained / "outputs"), "--json")
        found = json.loads(done.stdout)
        metrics = json.loads((trained / "outputs/tiny/first/metrics.json").read_text())
        assert found["figures"]["loss"] == pytest.approx(metrics["validation"]["loss"], rel=1e-6)
        assert (found["data"], found["rows"]) == ("validation", 4)


class TestPredict:
    def test_prints_a_row_each(self, trained, called):
        done = called("predict", str(trained / "outputs/tiny/first"))
        assert done.stdout.splitlines()[0] == "row,value"
        assert len(done.stdout.splitlines()) == 1 + 4
        assert done.stderr == ""

    def test_or_writes_them(self, trained, called, tmp_path):
        done = called("predict", str(trained / "outputs/tiny/first"), "-o", "out.csv")
        assert done.stdout == "out.csv: 4 rows from validation\n"
        assert (tmp_path / "out.csv").read_text().startswith("row,value\n0,")


class TestPlot:
    def test_draws_what_keras_itself_wrote(self, called, write, tmp_path):
        write(json.dumps({"loss": [3, 2, 1], "acc": [0.1, 0.2, 0.3], "val_loss": [3, 3, 3]}), "history.json")
        done = called("plot", "history.json", "-o", "pictures", "--format", "svg", "--format", "png")
        assert done.returncode == 0, done.stderr
        expected = {
            f"pictures/{name}.{ending}" for name in ("loss", "accuracy", "history") for ending in ("svg", "png")
        }
        assert set(done.stdout.split()) == expected
        assert all((tmp_path / name).stat().st_size > 1000 for name in expected)

    def test_a_folder_named_like_a_picture_is_refused(self, called, write, tmp_path):
        write(json.dumps({"loss": [3, 2, 1]}), "history.json")
        done = called("plot", "history.json", "-o", "loss.png")
        expected = "Error: -o loss.png: is named like a file, and one history makes several pictures; name a folder\n"
        assert (done.returncode, done.stderr) == (2, expected)
        assert not (tmp_path / "loss.png").exists()

    def test_of_a_run_goes_into_its_plots(self, trained, called):
        shutil.copytree(trained / "outputs", called.folder / "outputs")
        done = called("plot", "first", "--format", "pdf")
        names = ("loss", "history", "fit", "predicted", "residuals")
        assert done.stdout.split() == [f"outputs/tiny/first/plots/{name}.pdf" for name in names]
        assert called("verify", "first").returncode == 0


COMMANDS = [
    *("init", "data", "check", "train", "resume", "reproduce", "watch", "evaluate", "predict", "plot", "report"),
    *("runs", "verify", "compare", "diff", "show", "schema", "completion"),
]


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_has_an_example(self, kerasrun, command):
        done = kerasrun(command, "--help")
        assert f"kerasrun {command} " in done.stdout.split("Examples:")[1]
        assert all(len(line) <= 80 for line in done.stdout.splitlines())

    def test_the_command_itself(self, kerasrun):
        done = kerasrun("--help")
        assert [line.split()[0] for line in done.stdout.split("Commands:")[1].strip().splitlines()] == COMMANDS

    def test_as_a_module(self, tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "kerasrun", "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert re.fullmatch(r"kerasrun \d+\.\d+\.\d+\n", done.stdout)


class TestFaults:
    """Each: the arguments, the whole of standard error, exit code 2, and nothing written."""

    @pytest.mark.parametrize(
        ("args", "errors"),
        [
            (["train", "nothing.yaml"], "Error: nothing.yaml: no such file\n"),
            (["train", "."], "Error: .: is a folder; name the YAML file in it\n"),
            (["train", "@nothing"], None),
            (["evaluate", "nothing.keras"], "Error: nothing.keras: no such file\n"),
            (["evaluate", "latest"], "Error: 'latest' is no file, and there are no runs in outputs\n"),
            (["predict", "nothing"], "Error: 'nothing' is no file, and there are no runs in outputs\n"),
            (["plot", "nothing.json"], "Error: nothing.json: no such file\n"),
            (["train"], None),
            (["trian", "x"], None),
        ],
    )
    def test_what_is_not_there(self, called, tmp_path, args, errors):
        done = called(*args)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        if errors is not None:
            assert done.stderr == errors
        assert list(tmp_path.iterdir()) == []

    def test_a_faulty_config_shows_the_line(self, kerasrun, write, tmp_path):
        write(TINY.replace("epochs: 3", "epochs: -3"))
        done = kerasrun("train", "config.yaml")
        assert done.returncode == 2
        assert done.stderr == (
            "config.yaml:11:11: epochs must be at least 0, got -3\n    11 |   epochs: -3\n       |           ^\n"
        )
        assert not (tmp_path / "outputs").exists()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
    def test_an_unwritable_output_folder(self, kerasrun, write, tmp_path):
        write(TINY)
        (tmp_path / "outputs").mkdir(mode=0o500)
        done = kerasrun("train", "config.yaml")
        assert done.returncode == 2
        assert done.stderr == "Error: outputs/tiny: cannot be written: Permission denied; choose another --output\n"

    def test_a_history_that_is_none(self, called, write, tmp_path):
        write("not json", "history.json")
        done = called("plot", "history.json")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("Error: history.json: ")
        assert len(list(tmp_path.iterdir())) == 1

    def test_a_loss_that_is_not_finite_exits_with_3(self, called, write, tmp_path):
        """A loss that is not finite is no fault of the input: exit code 3."""
        write(
            QUICK.replace("optimizer: SGD", "optimizer: {SGD: {learning_rate: 1e30}}")
            + "silence: large_learning_rate\n"
        )
        done = called("train", "config.yaml", "--name", "bad")
        assert done.returncode == 3
        assert done.stderr.startswith("Error: the loss is ")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("command", ["show layers", "init -o -", "--help"])
def test_a_full_disk_behind_the_output_is_told_in_a_line(command):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([KERASRUN, *command.split()], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "Error: the output cannot be written: No space left on device\n"


def closed(redirection, *args):
    """What came of a command with a closed stream."""
    line = f'exec "$@" {redirection}'
    return subprocess.run(["sh", "-c", line, "sh", *args], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", ["runs", "compare"])
def test_a_closed_output_is_no_error(tmp_path, command):
    runs = [str(make_run(tmp_path, name).path) for name in ("tiny/a", "tiny/b")]
    done = closed(">&-", KERASRUN, command, *(runs if command == "compare" else ["--output", str(tmp_path)]))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_standard_error_takes_messages_away_and_nothing_else():
    code = (
        "from kerasrun import cli\n"
        "from kerasrun.model.backend import silent_stderr\n"
        "try: cli.main(['--version'])\n"
        "finally:\n"
        "    with silent_stderr(): print('went on')"
    )
    done = closed("2>&-", sys.executable, "-c", code)
    assert done.stdout.splitlines()[-1] == "went on"
    assert closed("2>&-", KERASRUN, "verify", "nothing").returncode == 2
    assert closed("<&- 2>&-", KERASRUN, "check", "-").returncode == 2


@pytest.mark.parametrize("reference", ["~nosuchuser", "x" * 400])
def test_what_names_no_run_is_told_in_a_line(kerasrun, reference):
    done = kerasrun("verify", reference)
    assert (done.returncode, done.stderr) == (2, f"Error: {reference[:80]!r}: is no path\n")
