"""Networks of `keras.applications` by their names, as layers; nothing is downloaded."""

import keras
import numpy as np
import pytest
from tiny_models import NUM_ROWS, built

from kerasrun.config import load_config
from kerasrun.config.catalogue import load_catalogue
from kerasrun.errors import ConfigError

NETWORKS = [name for name, entry in load_catalogue().kinds["layers"].entries.items() if entry.application]
IMAGES = np.random.default_rng(4).uniform(-1, 1, (NUM_ROWS, 32, 32, 3)).astype("float32")


def model_text(weights="null"):
    return f"""\
model:
  - {{MobileNetV2: {{alpha: 0.35, include_top: false, pooling: avg, weights: {weights}}}, name: net}}
  - Dense: 2
"""


def plain_net():
    return keras.applications.MobileNetV2(
        input_shape=(32, 32, 3), alpha=0.35, include_top=False, pooling="avg", weights=None
    )


@pytest.mark.slow
def test_a_network_is_a_layer_that_trains(build):
    ours = build(model_text(), IMAGES)
    net = ours.model.get_layer("net")
    assert [tuple(w.shape) for w in net.weights] == [tuple(w.shape) for w in plain_net().weights]
    before = net.get_weights()
    logs = ours.train_step(IMAGES, np.ones((NUM_ROWS, 2), "float32"))
    assert np.isfinite(logs["loss"])
    changed = [not np.array_equal(*pair) for pair in zip(before, net.get_weights(), strict=True)]
    assert np.mean(changed) > 0.9  # a bias before a normalization has no gradient


def test_a_network_begins_with_the_weights_of_a_file(build, tmp_path):
    """A path in a config starts from the config's own folder."""
    plain = plain_net()
    plain.save_weights(tmp_path / "net.weights.h5")
    net = build(model_text("net.weights.h5"), IMAGES).model.get_layer("net")
    assert np.array_equal(net(IMAGES, training=False), plain(IMAGES, training=False))


def test_the_complete_form_builds_the_same_network(read):
    config = read(model_text())
    complete = load_config(config.to_dict())
    assert complete.to_dict() == config.to_dict()
    net = built(complete, IMAGES).get_layer("net")
    assert net.input_shape == (None, 32, 32, 3)


def test_a_network_needs_a_word_on_its_weights(read):
    """Keras would download them in silence."""
    with pytest.raises(ConfigError, match=r"MobileNetV2 needs 'weights'[^$]*write null for fresh weights"):
        read("model:\n  - MobileNetV2: {include_top: false}\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_is_keras_own(name, read):
    images = np.zeros((1, 96, 96, 3), "float32")
    ours = built(read(f"model:\n  - {name}: {{include_top: false, pooling: avg, weights: null}}\n"), images)
    function = getattr(keras.applications, name)
    plain = function(include_top=False, pooling="avg", weights=None, input_shape=(96, 96, 3))
    assert ours.count_params() == plain.count_params()
    assert ours.output_shape == plain.output_shape
