"""Any mutation of a valid config is either valid too, or refused in plain words with a place inside the file."""

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kerasrun.config import load_config
from kerasrun.config.shipped import shipped_folder, shipped_names
from kerasrun.errors import KerasrunError

TEXTS = [(shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8") for name in shipped_names()] + [
    """\
name: graph
silence: [batch_of_all_rows]
data: {source: sine, num_samples: 20, validation: 0.2}
model:
  inputs: {x: [1]}
  layers:
    - Dense: {units: 4, activation: relu, kernel_regularizer: {L2: 1e-4}}
      name: left
    - Bidirectional: {LSTM: 2}
      from: left
    - Concatenate:
      from: [left, x]
    - Dense: 1
      name: out
  outputs: [out]
training:
  steps: 5
  batch_size: ${data.num_samples}
  optimizer: {Adam: {learning_rate: {CosineDecay: {initial_learning_rate: 0.1, decay_steps: 10}}}}
  loss: {out: mse}
callbacks:
  - ModelCheckpoint: {filepath: "{epoch}.keras", every_epochs: 2}
""",
]
VALUES = [
    *("", "null", "-1", "0", "1e400", "-.inf", ".nan", "9" * 30, "0.5", "true", "no", "[]", "{}", "[1, [2]]", "{a: 1}"),
    *("Dense", "x", "${training}", "${env:HOME}", "${", "&a [*a]", "!!python/none", "'", "\t", "層", "\u0000", "a: b"),
    *("~", "..", "/", "@sine", "2026-11-21", "1:30", "0x10", "[1, 2", "{", "- -", "? a", "%", "- Dense: 1"),
]
WORD = re.compile(r"[\w.@-]+")


def lines_changed(lines, draw):
    """A text with a line doubled, dropped, moved, or set in or out."""
    index = draw(st.integers(0, len(lines) - 1))
    how = draw(st.sampled_from(["drop", "double", "swap", "in", "out", "cut"]))
    if how == "drop":
        return lines[:index] + lines[index + 1 :]
    if how == "double":
        return [*lines[: index + 1], *lines[index:]]
    if how == "swap":
        other = draw(st.integers(0, len(lines) - 1))
        lines[index], lines[other] = lines[other], lines[index]
    elif how == "in":
        lines[index] = draw(st.sampled_from([" ", "  ", "\t", "- "])) + lines[index]
    elif how == "out":
        lines[index] = lines[index].lstrip()
    else:
        lines[index] = lines[index][: draw(st.integers(0, len(lines[index])))]
    return lines


def word_changed(text, draw):
    """A text with a word replaced, or a letter of one."""
    words = list(WORD.finditer(text))
    word = words[draw(st.integers(0, len(words) - 1))]
    other = words[draw(st.integers(0, len(words) - 1))][0]
    at = draw(st.integers(0, len(word[0]) - 1))
    letter = draw(st.characters(codec="utf-8"))
    new = draw(st.sampled_from([*VALUES, other, word[0][:at] + letter + word[0][at + 1 :], word[0][:at]]))
    return text[: word.start()] + new + text[word.end() :]


@st.composite
def mutated(draw):
    """The text of a valid config with one to three changes."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()) or not WORD.search(text):
            text = "\n".join(lines_changed(text.splitlines() or [""], draw)) + "\n"
        else:
            text = word_changed(text, draw)
    return text


def place_in(told, text):
    """Whether a message begins with a place that lies in the text, or is about the file as a whole."""
    found = re.match(r"config\.yaml:(\d+):(\d+): ", told)
    if found is None:
        return re.match(r"config\.yaml: (the config |nested|larger than|more than |not a text file|not readable)", told)
    line, column = int(found[1]), int(found[2])
    lines = text.splitlines() or [""]
    return 1 <= line <= len(lines) + 1 and 1 <= column <= max(map(len, lines)) + 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mutations")


def mutations(count):
    """The same mutations in each run of the tests, as many as are asked for."""
    chosen = settings(max_examples=count, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    return lambda test: chosen(given(text=mutated())(test))


@mutations(200)
def test_a_mutation_is_valid_or_refused_with_its_place(folder, text):
    assert_valid_or_refused(folder, text)


@pytest.mark.slow
@mutations(1500)
def test_so_are_many_mutations(folder, text):
    assert_valid_or_refused(folder, text)


def assert_valid_or_refused(folder, text):
    path = folder / "config.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    begun = time.monotonic()
    try:
        config = load_config(path)
    except KerasrunError as error:
        told = str(error).replace(str(path), "config.yaml").replace(str(folder), "")
        assert told.strip()
        for line in told.splitlines():
            if line.startswith("config.yaml:"):
                assert place_in(line, text), told
        assert place_in(told, text), told
    else:
        again = folder / "again.yaml"
        from kerasrun.config.yaml_text import write_yaml

        again.write_text(write_yaml(config.to_dict()), encoding="utf-8")
        assert load_config(again).to_dict() == config.to_dict()
    assert time.monotonic() - begun < 5
