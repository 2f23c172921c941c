"""Mutations of a small valid config that are valid too train a step (slow): none hangs, none crashes."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kerasrun
from kerasrun.config import load_config
from kerasrun.errors import KerasrunError
from tests.config.test_mutations import lines_changed, word_changed

TEXT = """\
name: small
data: {source: digits, num_samples: 40, validation: 0.2}
model:
  - RandomTranslation: {height_factor: 0.1, width_factor: 0.1}
  - Flatten
  - Dense: {units: 8, activation: relu, kernel_regularizer: {L2: 1e-4}}
  - BatchNormalization: {momentum: 0.9}
  - Dropout: 0.2
  - Dense: {units: 10, activation: softmax}
training:
  epochs: 1
  batch_size: 16
  program: graph
  optimizer: {Adam: {learning_rate: {CosineDecay: {initial_learning_rate: 0.1, decay_steps: 10}}, clipnorm: 1.0}}
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
callbacks:
  - EarlyStopping: {monitor: val_accuracy, patience: 0, start_from_epoch: 1}
output: {plots: [], report: false}
"""


@st.composite
def mutated(draw):
    text = TEXT
    for _ in range(draw(st.integers(1, 2))):
        text = "\n".join(lines_changed(text.splitlines(), draw)) if draw(st.booleans()) else word_changed(text, draw)
    return text


def short(text, folder):
    """The mutated config, if it is valid, cut to what trains in a moment; else None."""
    (folder / "config.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        config = load_config(folder / "config.yaml")
    except KerasrunError:
        return None
    steps, epochs = config.training.steps, config.training.epochs
    return {"training.steps": min(steps, 3)} if steps else {"training.epochs": min(epochs or 0, 1)}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=mutated())
def test_a_valid_mutation_trains_or_is_refused_in_words(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("mutation")
    length = short(text, folder)
    if length is None:
        return
    begun = time.monotonic()
    try:
        kerasrun.train(folder / "config.yaml", overrides=length, output=folder / "outputs")
    except KerasrunError as error:
        assert str(error).strip()
    assert time.monotonic() - begun < 60
