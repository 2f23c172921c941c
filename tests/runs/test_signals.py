"""A first signal is noted while a training runs; a second one interrupts at once."""

import os
import signal
import subprocess
import sys

import pytest

from kerasrun.errors import SignalInterrupt
from kerasrun.runs.signals import watched_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_is_noted_and_the_second_interrupts(number):
    before = signal.getsignal(number)
    signal.signal(number, signal.default_int_handler)
    try:
        with watched_signals() as signals:
            with signals.deferred():
                os.kill(os.getpid(), number)
                assert signals.noted == number
                with pytest.raises(SignalInterrupt):
                    os.kill(os.getpid(), number)
            with pytest.raises(SignalInterrupt) as caught:
                signals.answer()
            assert caught.value.number == number
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)


def test_where_nothing_is_to_be_kept_the_first_interrupts():
    with watched_signals(), pytest.raises(SignalInterrupt):
        os.kill(os.getpid(), signal.SIGTERM)


def test_what_was_ignored_stays_ignored():
    code = (
        "import os, signal\n"
        "from kerasrun.runs.signals import watched_signals\n"
        "with watched_signals(): os.kill(os.getpid(), signal.SIGHUP)\n"
        "print('alive')"
    )
    ignore = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)  # noqa: E731
    done = subprocess.run([sys.executable, "-c", code], preexec_fn=ignore, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n")
