"""Completion in a shell: what each argument is offered, and that three real shells take it."""

import fcntl
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.conftest import TINY

COMMANDS = [
    *("init", "data", "check", "train", "resume", "reproduce", "watch", "evaluate", "predict", "plot", "report"),
    *("runs", "verify"),
]
BREAKS = "\"'@><=;|&(:"
SHIPPED = [f"@{path.stem}" for path in sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))]


@pytest.fixture
def offered(called):
    """The candidates for a line, as zsh or another shell gets them."""

    def complete(line, shell="zsh", **env):
        done = called(env={"_KERASRUN_COMPLETE": shell, "COMP_LINE": line, "COMP_WORDBREAKS": BREAKS, **env})
        assert (done.returncode, done.stderr) == (0, "")
        return [candidate.split("\t")[0] for candidate in done.stdout.splitlines() if candidate]

    return complete


@pytest.fixture
def runs(tmp_path):
    """The folders of three runs, as far as completion looks into them; the first has a config."""
    for name in ("sine/first", "sine/second", "digits/2026"):
        folder = tmp_path / "outputs" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
    (tmp_path / "outputs/sine/first/config.yaml").write_text(TINY)


class TestCommands:
    def test_their_names(self, offered):
        assert offered("kerasrun ")[: len(COMMANDS)] == COMMANDS
        assert offered("kerasrun re") == ["resume", "reproduce", "report"]

    def test_with_what_they_do(self, called):
        done = called(env={"_KERASRUN_COMPLETE": "fish", "COMP_LINE": "kerasrun plo"})
        assert done.stdout == "plot\tDraw the pictures of a run, or of a saved history.\n"

    def test_their_options_and_choices(self, offered):
        assert offered("kerasrun train --ba") == ["--backend"]
        assert offered("kerasrun train --backend ") == ["tensorflow", "jax"]
        assert offered("kerasrun completion ") == ["bash", "zsh", "fish"]


class TestFilesAndRuns:
    def test_a_config_is_a_yaml_file_or_a_shipped_one(self, offered, write, tmp_path):
        for name in ("a.yaml", "b.yml", "c.txt", ".hidden.yaml"):
            write("", name)
        (tmp_path / "folder").mkdir()
        write("", "folder/d.yaml")
        assert offered("kerasrun train ") == [*SHIPPED, "a.yaml", "b.yml", "folder/"]
        assert offered("kerasrun train @si") == ["@sine"]
        assert offered("kerasrun train folder/") == ["folder/d.yaml"]
        assert offered("kerasrun train ./a") == ["./a.yaml"]
        assert offered(f"kerasrun train {tmp_path}/a") == [f"{tmp_path}/a.yaml"]
        assert offered("kerasrun train .h") == [".hidden.yaml"]

    def test_a_name_that_takes_two_lines_is_left_out(self, offered, write):
        write("", "a\nb.yaml")
        assert offered("kerasrun train a") == []

    def test_a_home_folder_stays_as_it_was_typed(self, offered, write, tmp_path):
        write("", "a.yaml")
        assert offered("kerasrun train ~/a", HOME=str(tmp_path)) == ["~/a.yaml"]

    @pytest.mark.usefixtures("runs")
    def test_a_run_goes_by_its_name(self, offered):
        assert offered("kerasrun resume ") == ["latest", "digits/2026", "sine/first", "sine/second"]
        assert offered("kerasrun compare sine/first sine/s") == ["sine/second"]
        assert offered("kerasrun plot sine/first digits/2") == ["digits/2026"]
        assert offered("kerasrun runs ") == ["digits/", "sine/"]
        assert offered("kerasrun runs sine/f") == ["sine/first"]
        assert offered("kerasrun verify sine/s") == ["sine/second"]
        assert offered("kerasrun resume outp") == ["outputs/"]
        assert offered("kerasrun train @sine --resume la") == ["latest"]

    @pytest.mark.usefixtures("runs")
    def test_of_the_output_folder_that_is_named(self, offered, tmp_path):
        (tmp_path / "outputs").rename(tmp_path / "others")
        assert offered("kerasrun resume ") == []
        assert offered("kerasrun resume --output others dig") == ["digits/2026"]
        assert offered("kerasrun resume dig", KERASRUN_OUTPUT_DIR="others") == ["digits/2026"]

    @pytest.mark.usefixtures("runs")
    def test_models_and_histories_are_files_or_runs(self, offered, write):
        for name in ("m.keras", "h.json", "rows.npz", "own.py"):
            write("", name)
        assert offered("kerasrun evaluate m") == ["m.keras"]
        assert offered("kerasrun predict ")[:2] == ["latest", "digits/2026"]
        assert offered("kerasrun plot h") == ["h.json"]
        assert offered("kerasrun evaluate latest --data r") == ["rows.npz"]
        assert offered("kerasrun train @sine --import ") == ["outputs/", "own.py"]
        assert offered("kerasrun plot latest -o ") == ["outputs/"]

    @pytest.mark.usefixtures("runs")
    def test_diff_takes_two_of_both_kinds(self, offered, write):
        write("", "a.yaml")
        assert offered("kerasrun diff a") == ["a.yaml"]
        assert offered("kerasrun diff a.yaml sine/f") == ["sine/first"]
        assert offered("kerasrun diff a.yaml sine/first x") == []

    def test_starters(self, offered):
        assert offered("kerasrun init ") == ["mlp", "conv", "sine", "table", "images", "text", "graph"]

    def test_what_a_shell_would_take_for_its_own_is_escaped(self, offered, write):
        write("", "my $new config.yaml")
        assert offered("kerasrun train my") == ["my\\ \\$new\\ config.yaml"]
        assert offered("kerasrun train my\\ ") == ["my\\ \\$new\\ config.yaml"]
        assert offered("kerasrun train 'my ") == ["my $new config.yaml"]
        assert offered("kerasrun train my", shell="fish") == ["my $new config.yaml"]


class TestSettings:
    def test_one_level_at_a_time(self, offered, write):
        write(TINY)
        start = "kerasrun train config.yaml --set "
        assert offered(start) == [
            *("name=", "seed=", "threads=", "backend=", "data.", "training.", "output."),
            "model.",
        ]
        assert offered(start + "training.e") == ["training.epochs=", "training.evaluate_every="]
        # `Dense: 1` holds no keys: it is set as a whole
        assert offered(start + "model.") == ["model.0.Dense.", "model.1.Dense="]
        assert offered(start + "model.0.Dense.u") == ["model.0.Dense.units=", "model.0.Dense.use_bias="]

    def test_of_callbacks_optimizer_and_source(self, offered, write):
        adam = TINY.replace("optimizer: SGD", "optimizer: {Adam: {beta_1: 0.8}}")
        write(adam + "callbacks:\n  - EarlyStopping: {monitor: loss}\n")
        start = "kerasrun train config.yaml --set "
        assert offered(start + "callbacks.0.EarlyStopping.p") == ["callbacks.0.EarlyStopping.patience="]
        assert offered(start + "training.optimizer.Adam.b") == [
            "training.optimizer.Adam.beta_1=",
            "training.optimizer.Adam.beta_2=",
        ]
        assert offered(start + "data.noi") == ["data.noise="]
        assert offered(start.replace("config.yaml", "@digits") + "data.noi") == []

    def test_say_what_they_take(self, called, write):
        write(TINY)
        line = "kerasrun train config.yaml --set training.ep"
        done = called(env={"_KERASRUN_COMPLETE": "zsh", "COMP_LINE": line})
        assert done.stdout == "training.epochs=\twhole number; now 3\n"

    def test_values_after_the_key(self, offered):
        assert offered("kerasrun train @sine --set training.loop=") == ["training.loop=kerasrun", "training.loop=keras"]
        assert offered("kerasrun train @sine --set training.optimizer=Adam") == [
            f"training.optimizer={name}" for name in ("Adam", "AdamW", "Adamax")
        ]
        assert offered("kerasrun train @sine --set training.epochs=") == []

    def test_after_other_settings_and_in_one_word(self, offered):
        assert offered("kerasrun train --set seed=1 @sine --set data.so") == ["data.source="]
        assert offered("kerasrun train @sine --set=data.so") == ["--set=data.source="]

    @pytest.mark.usefixtures("runs")
    def test_a_run_that_goes_on_may_change_its_length_and_output(self, offered):
        assert offered("kerasrun resume sine/first --set ") == ["training.", "output."]
        assert offered("kerasrun resume sine/first --set training.") == ["training.epochs=", "training.steps="]

    @pytest.mark.parametrize("text", ["a: [", "model: 3\ndata: 4", "\0", "", "- x"])
    def test_a_faulty_config_still_has_the_keys_of_the_sections(self, offered, write, text):
        write(text)
        assert offered("kerasrun train config.yaml --set training.ep") == ["training.epochs="]

    def test_a_config_that_is_not_there_too(self, offered, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        for name in ("no.yaml", "@no", ".", "~nobody/x", "pipe"):
            assert offered(f"kerasrun train {name} --set training.ep") == ["training.epochs="]


class TestSilence:
    """Whatever is typed: no error, no traceback, exit code 0."""

    @pytest.mark.parametrize(
        "line",
        [
            "kerasrun nothing ",
            "kerasrun nothing --x y ",
            "kerasrun train --nothing ",
            "kerasrun train @sine --set nothing.at.all=",
            "kerasrun train no/such/folder/",
            "kerasrun train \"'",
            "kerasrun train ~nobody-here/",
            "kerasrun init x y z ",
            "",
        ],
    )
    def test_what_makes_no_sense(self, offered, line):
        offered(line)

    def test_nothing_to_offer_is_not_an_empty_candidate(self, called):
        done = called(env={"_KERASRUN_COMPLETE": "bash", "COMP_LINE": "kerasrun train nothing-like-this"})
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_a_shell_that_is_not_known(self, offered):
        assert offered("kerasrun ", shell="tcsh") == []

    def test_keras_is_not_loaded(self, tmp_path, write):
        write(TINY)
        code = (
            "import atexit, os, sys\n"
            "atexit.register(lambda: print(sorted({'keras', 'tensorflow', 'numpy'} & set(sys.modules))))\n"
            "from kerasrun.cli import main; main()"
        )
        line = "kerasrun train config.yaml --set model.0.Dense.un"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "_KERASRUN_COMPLETE": "bash", "COMP_LINE": line},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "model.0.Dense.units=\n[]\n"


class TestCatalogueNames:
    def test_kinds_and_names_for_a_command_that_shows_them(self):
        from kerasrun.cli.completion import complete_names

        assert next(item.value for item in complete_names(None, None, "Dense")) == "Dense"
        assert "layers" in [item.value for item in complete_names(None, None, "la")]
        assert "EarlyStopping" in [item.value for item in complete_names(None, None, "Early")]


PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"


class TestShells:
    def test_the_function_of_bash_fills_compreply(self, tmp_path, write):
        write(TINY)
        program = (
            'source <(kerasrun completion bash); compopt() { nospace=" ($*)"; }\n'
            'try() { COMP_LINE="$1" COMP_POINT=${#1}; nospace=; _kerasrun_completion kerasrun\n'
            'echo "${COMPREPLY[*]}$nospace"; }\n'
            'try "kerasrun tra"\n'
            'try "kerasrun train @sin"\n'
            'try "kerasrun train conf"\n'
            'try "kerasrun train config.yaml --set training.ep"\n'
            'try "kerasrun train config.yaml --set training.loop=ker"\n'
            'try "kerasrun train config.yaml --set=training.ep"\n'
            'try "kerasrun nothing here"\n'
        )
        done = subprocess.run(
            ["bash", "-c", program],
            cwd=tmp_path,
            env={**os.environ, "PATH": PATH},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stderr == ""
        assert done.stdout.splitlines() == [
            "train",
            "@sine",
            "config.yaml",
            "training.epochs= (-o nospace)",
            "kerasrun keras",  # what stands after the `=`, where bash breaks the word
            "training.epochs= (-o nospace)",
            "",
        ]

    @pytest.mark.parametrize("shell", ["bash", "zsh"])
    def test_someone_types_and_presses_tab(self, shell, tmp_path, write):
        if shutil.which(shell) is None:
            pytest.skip(f"{shell} is not installed here")
        write(TINY, "my config.yaml")
        terminal = Terminal(shell, tmp_path)
        try:
            for typed, becomes in [
                ("kerasrun ini\tta\t", "kerasrun init table "),
                ("kerasrun train @si\t", "kerasrun train @sine "),
                ("kerasrun train my\t", r"kerasrun train my\ config.yaml "),
                ("kerasrun train @sine --set training.ep\t7", "kerasrun train @sine --set training.epochs=7"),
                ("kerasrun train @sine --set training.program=x\t", "@sine --set training.program=xla "),
            ]:
                assert becomes in terminal.type(typed, becomes)
        finally:
            terminal.close()

    def test_fish_takes_them_too(self, tmp_path, write):
        if shutil.which("fish") is None:
            pytest.skip("fish is not installed here")
        write(TINY, "my config.yaml")
        lines = ["kerasrun ini", "kerasrun train @si", "kerasrun train my", "kerasrun train @sine --set training.ep"]
        program = "kerasrun completion fish | source\n" + "\n".join(f"complete -C '{line}'" for line in lines)
        done = subprocess.run(
            ["fish", "--no-config", "-c", program],
            cwd=tmp_path,
            env={**os.environ, "PATH": PATH, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines() == [
            "init\tWrite a commented config to start from.",
            "@sine",
            "my config.yaml",
            "training.epochs=\twhole number; now 2000",
        ]


ARGS = {"bash": ["--norc", "-i"], "zsh": ["-f", "-i"]}
SOURCE = {
    "bash": 'eval "$(kerasrun completion bash)"',
    "zsh": 'eval "$(kerasrun completion zsh)"',
}


class Terminal:
    """A shell in which someone types, with completion switched on."""

    def __init__(self, shell, folder):
        self.ours, its = pty.openpty()
        self.process = subprocess.Popen(
            [shell, *ARGS[shell]],
            cwd=folder,
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, "PATH": PATH, "TERM": "xterm", "PS1": "$ ", "HOME": str(folder), "COLUMNS": "120"},
        )
        os.close(its)
        self.type(f"{SOURCE[shell]}; echo rea''dy\n", "ready\r")

    def type(self, text, expected):
        """Type on a line of its own; what the line reads once it holds what is expected, or after 20 s."""
        clear = b"\x15"
        os.write(self.ours, clear + text.encode())
        written, deadline = "", time.monotonic() + 20
        while time.monotonic() < deadline and expected not in plain(written):
            if select.select([self.ours], [], [], 0.1)[0]:
                written += os.read(self.ours, 65536).decode(errors="replace")
        return plain(written)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)


def plain(written):
    """What a terminal shows, but for its colours and for what is drawn again on the same line."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\([B0]|\x1b\][^\x07]*\x07", "", written)
    while "\x08" in text:
        text = re.sub("[^\x08]\x08|^\x08", "", text, count=1)
    return text.replace("\a", "")
