"""A docstring's "Args:" part becomes a line an argument, which tells what it does."""

import pytest

from kerasrun.config.catalogue import load_catalogue
from kerasrun.config.docstrings import argument_texts, one_line
from kerasrun.config.texts import load_texts
from kerasrun.errors import InputError

DOC = """Something.

    More about it: not an argument.

    Args:
        units: Positive integer, how
            many there are.

            It goes on.
        rate (float): How much.
        `quoted`: In quotes.
        **kwargs: Base layer keyword arguments.

    Call arguments:
        inputs: A tensor.

    Example:
        rate: this is no argument either
    """


def test_the_args_part_and_no_other_is_read():
    assert argument_texts(DOC) == {
        "units": "Positive integer, how many there are. It goes on.",
        "rate": "How much.",
        "quoted": "In quotes.",
        "kwargs": "Base layer keyword arguments.",
    }


@pytest.mark.parametrize("doc", ["", "One line.", "Args:", "Args:\n\n", "Args:\n  no colon here\n  nor here"])
def test_a_docstring_without_arguments_has_none(doc):
    assert argument_texts(doc) == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("Momentum for the moving average.", "Momentum for the moving average."),
        ("Float. The learning rate. Defaults to `0.1`.", "The learning rate."),
        ("Boolean, whether it is so.", "Whether it is so."),
        ("Boolean (default: `False`). If `True`, it is.", "If `True`, it is."),
        ("(Optional) data type of the result.", "Data type of the result."),
        ("A float or a tuple of two floats. How far.", "How far."),
        ("Integer. Defaults to 3.", "Integer."),
        ("Use [this](https://example.org/a) one.", "Use this one."),
        ("Sizes, e.g. Two of them. More.", "Sizes, e.g. Two of them."),
        ("A list of: - `a` for one. - `b` for two.", "A list of:"),
        ("word " * 60, ("Word" + " word" * 35) + " …"),
    ],
)
def test_the_line_that_tells_most_is_chosen(text, line):
    assert one_line(text) == line


OWN = """\
import keras


class Swirl(keras.layers.Layer):
    \"\"\"Turns every row a little.

    Args:
        angle: Float. How far, in radians.
    \"\"\"

    def __init__(self, angle, centre=(0, 0), *, often=2, **kwargs):
        raise SystemExit("this file is read, not run")
"""


def test_a_class_of_ones_own_says_what_its_docstring_does(write):
    entry = load_catalogue((write(OWN, "own.py"),)).kinds["layers"].entries["Swirl"]
    assert entry.doc == "Turns every row a little."
    assert entry.arguments["angle"] == {}
    assert entry.arguments["centre"] == {"default_text": "(0, 0)"}
    assert entry.arguments["often"] == {"default_text": "2"}
    texts = load_texts()
    assert texts.group("layers", entry) == "your own"
    assert texts.argument("layers", entry, "angle") == "How far, in radians."
    assert texts.argument("layers", entry, "trainable") == "Whether training changes the weights."
    assert texts.argument("layers", entry, "centre") == ""


def test_a_file_of_ones_own_that_is_no_python_is_told(write):
    with pytest.raises(InputError, match=r"--import .*own.py: not readable as Python: "):
        load_catalogue((write("class :", "own.py"),))
