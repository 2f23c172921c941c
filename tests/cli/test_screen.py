"""What is left to see on a terminal, whatever happens to it while a training is shown."""

import contextlib
import dataclasses
import fcntl
import io
import os
import pty
import select
import struct
import sys
import termios
import types

import pytest
from terminal_emulator import Emulator
from test_display import STANDING

from kerasrun.cli import screen as module
from kerasrun.cli.screen import Notebook, Screen, Terminal, standard_screen


class Pseudo:
    """A pseudo-terminal: its stream, what was written there, and its size."""

    def __init__(self, columns=80, rows=24, encoding="utf-8"):
        self.ours, its = pty.openpty()
        self.stream = os.fdopen(its, "w", encoding=encoding, errors="replace")
        self.resize(columns, rows)

    def resize(self, columns, rows=24):
        fcntl.ioctl(self.stream.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def close(self):
        self.stream.close()
        os.close(self.ours)

    def written(self):
        self.stream.flush()
        found = b""
        while select.select([self.ours], [], [], 0.02)[0]:
            found += os.read(self.ours, 65536)
        return found.decode()


@pytest.fixture
def opened(monkeypatch):
    """Opens terminals, and closes them."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with contextlib.ExitStack() as stack:
        yield lambda *args, **more: stack.enter_context(contextlib.closing(Pseudo(*args, **more)))


@pytest.fixture
def terminal(opened):
    return opened()


def test_lines_stay_above_and_what_goes_on_is_replaced(terminal):
    screen = Terminal(terminal.stream)
    screen.print(["epoch 1"])
    for done in (1.0, 2.5, 3.0):
        screen.show(dataclasses.replace(STANDING, done=done, concluding=True))
        screen.print([f"epoch {done}"])
    seen = Emulator().feed(terminal.written())
    lines = seen.lines()
    assert lines[:5] == ["epoch 1", "epoch 1.0", "epoch 2.5", "epoch 3.0", ""]
    assert lines[5].startswith("epoch 3/60  ━━")
    assert len(lines) == 9


def test_in_the_end_no_trace_of_it_is_left(terminal):
    screen = Terminal(terminal.stream)
    screen.show(STANDING)
    screen.print(["one", "two"])
    screen.clear()
    screen.print(["done"])
    assert Emulator().feed(terminal.written()).lines() == ["one", "two", "done"]


@pytest.mark.parametrize("widths", [(40, 20, 80), (20, 60, 21, 120), (79, 78, 77, 30, 31)])
def test_another_size_leaves_nothing_behind(terminal, widths):
    screen, seen = Terminal(terminal.stream), Emulator(80)
    screen.print(["x" * 70])
    for width in widths:
        screen.show(dataclasses.replace(STANDING, concluding=True))
        seen.feed(terminal.written())
        terminal.resize(width)
        seen.resize(width)
        screen.print([f"now {width}"])  # the same figures, at another width
        seen.feed(terminal.written())
        assert len([line for line in seen.lines() if "60  " in line]) == 1
        assert len(seen.lines()) <= 1 + len(widths) + 1 + 4
    screen.clear()
    assert seen.feed(terminal.written()).lines() == ["x" * 70, *(f"now {width}" for width in widths)]


def test_what_others_write_there_is_not_mixed_with_it(terminal):
    screen = Terminal(terminal.stream)
    screen.show(STANDING)
    terminal.stream.write("a warning\n")
    screen.print(["epoch 2"])
    lines = Emulator().feed(terminal.written()).lines()
    assert lines[:3] == ["a warning", "epoch 2", ""]
    assert len(lines) == 7


def test_no_more_often_than_it_is_worth(terminal, monkeypatch):
    times = iter([10.0, 10.01, 10.4, 10.6, 10.61])  # the first took 10 ms, so for half a second nothing follows
    monkeypatch.setattr(module.time, "monotonic", lambda: next(times))
    screen = Terminal(terminal.stream)
    for done in (1.0, 2.0, 3.0):
        screen.show(dataclasses.replace(STANDING, done=done))
    written = terminal.written()
    assert ["epoch 2/60" in written, "epoch 3/60" in written, "epoch 4/60" in written] == [True, False, True]


def test_no_color_takes_colours_away_and_leaves_the_rest(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    Terminal(terminal.stream).show(STANDING)
    written = terminal.written()
    assert "\x1b[3" not in written
    assert "\x1b[1m" in written


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_encoding_without_blocks_gets_plain_characters(opened, encoding):
    terminal = opened(encoding=encoding)
    Terminal(terminal.stream).show(STANDING)
    written = terminal.written()
    assert written.isascii()
    assert "?" not in written
    assert "###" in written


@pytest.mark.parametrize(("columns", "rows"), [(20, 5), (1, 1), (3, 2), (500, 200)])
def test_any_size(opened, columns, rows):
    terminal = opened(columns, rows)
    screen = Terminal(terminal.stream)
    screen.show(STANDING)
    screen.print(["line"])
    assert Emulator(columns).feed(terminal.written()).rows
    assert len(screen._frame(STANDING).split("\n")) - 1 <= max(1, rows - 2)


@pytest.mark.parametrize("value", ["0", "-5", "x", "99999999", ""])
def test_odd_values_of_columns(monkeypatch, opened, value):
    monkeypatch.setenv("COLUMNS", value)
    terminal = opened(0, 0)  # it does not know its size
    Terminal(terminal.stream).show(STANDING)
    assert "9/60" in terminal.written()


class TestWhatStandardOutputIs:
    def test_a_terminal(self, monkeypatch, terminal):
        monkeypatch.setattr(sys, "stdout", terminal.stream)
        assert type(standard_screen()) is Terminal

    @pytest.mark.parametrize("term", ["dumb", "unknown", ""])
    def test_a_terminal_that_knows_only_lines(self, monkeypatch, terminal, term):
        monkeypatch.setattr(sys, "stdout", terminal.stream)
        monkeypatch.setenv("TERM", term)
        assert type(standard_screen()) is Screen

    def test_a_pipe_or_a_file(self, monkeypatch):
        monkeypatch.setattr(sys, "stdout", io.StringIO())
        screen = standard_screen()
        screen.print(["one"], bold_first=True)
        screen.show(STANDING)
        screen.clear()
        assert sys.stdout.getvalue() == "one\n"

    def test_nothing(self, monkeypatch):
        monkeypatch.setattr(sys, "stdout", None)
        standard_screen().print(["one"])

    def test_a_notebook(self, monkeypatch):
        shown = []

        class Handle:
            def update(self, content, raw):
                shown.append((content, raw))

        def display(content, raw, display_id):
            shown.append((content, raw))
            return Handle()

        ipython = types.ModuleType("IPython")
        ipython.get_ipython = lambda: types.SimpleNamespace(kernel=object())
        ipython.display = types.ModuleType("IPython.display")
        ipython.display.display = display
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        monkeypatch.setitem(sys.modules, "IPython.display", ipython.display)
        monkeypatch.setattr(sys, "stdout", io.StringIO())
        screen = standard_screen()
        assert type(screen) is Notebook
        screen.print(["one"])
        screen.show(STANDING)
        screen.show(STANDING)  # too soon
        screen.clear()
        assert sys.stdout.getvalue() == "one\n"
        [(first, is_raw), (last, _)] = shown
        assert is_raw
        assert first["text/plain"].startswith("epoch 9/60  ━━")
        assert last == {"text/plain": ""}
