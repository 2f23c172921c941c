"""`extends: base.yaml` lays a config over another one."""

import pytest

from kerasrun.config import load_config
from kerasrun.errors import ConfigError
from tests.conftest import TINY


@pytest.fixture
def lay(write):
    """A config over the tiny one."""
    write(TINY, "base.yaml")
    return lambda text: load_config(write("extends: base.yaml\n" + text))


def test_what_is_not_written_is_the_bases(lay):
    assert lay("").to_dict() == lay("name: tiny\n").to_dict()
    assert (lay("").seed, lay("seed: 9\n").seed) == (7, 9)


def test_mappings_merge_key_by_key(lay):
    config = lay("training: {batch_size: 8}\ndata: {noise: 0.5}\n")
    assert (config.training.batch_size, config.training.epochs) == (8, 3)
    assert (config.data.noise, config.data.num_samples) == (0.5, 20)


def test_lists_are_replaced(lay):
    assert [spec.layer.class_name for spec in lay("model: [Dense: 1]\n").model.layers] == ["Dense"]


def test_an_object_merges_with_one_of_its_name_and_replaces_another(write):
    write(TINY.replace("optimizer: SGD", "optimizer: {SGD: {momentum: 0.5, nesterov: true}}"), "base.yaml")
    head = "extends: base.yaml\ntraining: {optimizer: "
    same = load_config(write(head + "{sgd: {learning_rate: 0.3}}}\n"))
    other = load_config(write(head + "{Adam: {learning_rate: 0.3}}}\n"))
    assert other.optimizer.class_name == "Adam"
    assert other.optimizer.arguments == {"learning_rate": 0.3}
    assert same.optimizer.class_name == "SGD"


def test_a_schedule_replaces_another(write):
    rate = "{learning_rate: {CosineDecay: {initial_learning_rate: 0.1, decay_steps: 9}}}"
    write(TINY.replace("optimizer: SGD", f"optimizer: {{SGD: {rate}}}"), "base.yaml")
    new = rate.replace("CosineDecay", "ExponentialDecay").replace("decay_steps: 9", "decay_steps: 5, decay_rate: 0.5")
    config = load_config(write(f"extends: base.yaml\ntraining: {{optimizer: {{SGD: {new}}}}}\n"))
    assert config.optimizer.arguments["learning_rate"].class_name == "ExponentialDecay"
    assert "decay_rate" in config.optimizer.arguments["learning_rate"].arguments


def test_steps_replace_epochs_and_epochs_steps(lay, write):
    config = lay("training: {steps: 40, evaluate_every: 10}\n")
    assert (config.training.epochs, config.training.steps) == (None, 40)
    write(TINY.replace("epochs: 3", "steps: 40\n  evaluate_every: 10"), "steps.yaml")
    config = load_config(write("extends: steps.yaml\ntraining: {epochs: 2}\n"))
    assert (config.training.epochs, config.training.steps, config.training.evaluate_every) == (2, None, None)


def test_data_from_another_source_is_other_data(lay):
    assert (
        lay("data: {source: digits}\nmodel: [Flatten, Dense: 1]\nsilence: classes_as_numbers\n").data.validation is None
    )


def test_bases_have_bases_and_the_last_of_several_counts(write):
    (write("x: 1").parent / "sub").mkdir()
    write(TINY, "sub/lowest.yaml")
    write("extends: lowest.yaml\nseed: 1\nthreads: 1\n", "sub/middle.yaml")
    write("seed: 2\n", "other.yaml")
    config = load_config(write("extends: [sub/middle.yaml, other.yaml]\nname: top\n"))
    assert (config.name, config.seed, config.threads, config.training.epochs) == ("top", 2, 1, 3)


def test_a_shipped_config_may_be_a_base(write):
    assert load_config(write("extends: '@sine'\nname: mine\n")).data.source == "sine"


def test_paths_start_from_the_file_that_they_stand_in(write, tmp_path):
    (tmp_path / "sub").mkdir()
    text = TINY.replace("source: sine\n  num_samples: 20", "source: npz\n  path: rows.npz")
    write(text, "sub/base.yaml")
    assert load_config(write("extends: sub/base.yaml\n")).data.path == str(tmp_path / "sub" / "rows.npz")


def test_flags_act_last(write):
    write(TINY, "base.yaml")
    path = write("extends: base.yaml\nseed: 8\n")
    assert load_config(path, ("seed=9", "training.optimizer.Adam.learning_rate=0.5")).seed == 9


def test_a_fault_in_a_base_is_told_with_its_file(write, tmp_path):
    write(TINY.replace("epochs: 3", "epochs: x"), "base.yaml")
    path = write("extends: base.yaml\nseed: y\n")
    with pytest.raises(ConfigError) as error:
        load_config(path)
    assert str(error.value).replace(str(tmp_path) + "/", "") == (
        "base.yaml:11:11: epochs must be a whole number, got 'x'\n"
        "    11 |   epochs: x\n"
        "       |           ^\n"
        "config.yaml:2:7: seed must be a whole number, got 'y'\n"
        "     2 | seed: y\n"
        "       |       ^"
    )


def test_a_circle_is_refused(write, tmp_path):
    write("extends: config.yaml\n", "base.yaml")
    with pytest.raises(ConfigError, match=r"base.yaml:1:10: 'config.yaml' extends itself"):
        load_config(write("extends: base.yaml\n"))
