"""`${…}` stands for a value from elsewhere in the config, or from the environment."""

import pytest
import yaml

from kerasrun.config import load_config
from kerasrun.config.yaml_text import write_yaml
from kerasrun.errors import ConfigError
from tests.conftest import TINY


def loaded(write, old, new):
    assert old in TINY
    return load_config(write(TINY.replace(old, new, 1)))


def test_a_value_from_elsewhere_keeps_its_type(write):
    assert loaded(write, "batch_size: 4", "batch_size: ${training.epochs}").training.batch_size == 3


def test_a_list_goes_by_index_and_a_whole_object_may_be_repeated(write):
    config = loaded(write, "- Dense: 1", "- ${model.0}\n  - Dense: 1")
    assert [spec.layer.arguments.get("units") for spec in config.model.layers] == [4, 4, 1]
    assert config.model.layers[1].layer.arguments["activation"] == "tanh"


def test_references_may_refer_to_one_another(write):
    config = loaded(write, "seed: 7", "seed: ${training.batch_size}").training
    assert config.batch_size == 4
    text = TINY.replace("seed: 7", "seed: ${training.batch_size}").replace("batch_size: 4", "batch_size: ${threads}")
    assert load_config(write(text + "threads: 2\n")).seed == 2


def test_within_a_text_it_is_put_in(write):
    assert loaded(write, "name: tiny", "name: tiny-${seed}-${training.optimizer}").name == "tiny-7-SGD"


def test_a_doubled_dollar_is_a_dollar(write):
    config = loaded(write, "name: tiny", "name: a$${seed}")
    assert config.name == "a${seed}"
    assert load_config(write(write_yaml(config.to_dict()))).name == "a${seed}"


class TestTheEnvironment:
    def test_gives_a_value_read_as_yaml(self, write, monkeypatch):
        monkeypatch.setenv("MY_EPOCHS", "12")
        assert loaded(write, "epochs: 3", "epochs: ${env:MY_EPOCHS}").training.epochs == 12

    @pytest.mark.parametrize("value", [None, ""])
    def test_has_a_default_where_it_is_silent(self, write, monkeypatch, value):
        monkeypatch.delenv("MY_EPOCHS", raising=False)
        if value is not None:
            monkeypatch.setenv("MY_EPOCHS", value)
        assert loaded(write, "epochs: 3", "epochs: ${env:MY_EPOCHS:-5}").training.epochs == 5

    @pytest.mark.parametrize(
        ("old", "new", "path", "written"),
        [
            ("name: tiny", "name: run-${env:SECRET}", ["name"], "run-${env:SECRET}"),
            ("epochs: 3", "epochs: ${env:NUMBER}", ["training", "epochs"], "${env:NUMBER}"),
            ("- Dense: 1", "- Dense: ${env:NUMBER}", ["model", 1, "Dense", "units"], "${env:NUMBER}"),
            ("tanh", "${env:WORD}", ["model", 0, "Dense", "activation"], "${env:WORD}"),
            (
                "optimizer: SGD",
                "optimizer: {sgd: {learning_rate: '${env:NUMBER}'}}",
                ["training", "optimizer", "SGD", "learning_rate"],
                "${env:NUMBER}",
            ),
        ],
    )
    def test_is_written_by_its_name_and_not_by_its_value(self, write, monkeypatch, old, new, path, written):
        monkeypatch.setenv("SECRET", "abracadabra")
        monkeypatch.setenv("NUMBER", "11")
        monkeypatch.setenv("WORD", "relu")
        text = TINY.replace("{units: 4, activation: tanh}", "\n      units: 4\n      activation: tanh")
        config = load_config(write(text.replace(old, new, 1)))
        complete = write_yaml(config.to_dict())
        assert "abracadabra" not in complete
        value = yaml.safe_load(complete)
        for part in path:
            value = value[part]
        assert value == written
        assert load_config(write(complete)).to_dict() == config.to_dict()

    def test_may_name_a_folder_of_data_and_the_written_path_finds_it_from_elsewhere(self, write, monkeypatch, tmp_path):
        monkeypatch.setenv("MY_DATA", "rows")
        text = TINY.replace("source: sine\n  num_samples: 20", "source: npz\n  path: ${env:MY_DATA}.npz")
        config = load_config(write(text))
        assert config.data.path == str(tmp_path / "rows.npz")
        (tmp_path / "elsewhere").mkdir()
        again = load_config(write(write_yaml(config.to_dict()), "elsewhere/config.yaml"))
        assert again.data.path == config.data.path

    def test_that_is_not_there_is_told(self, write, monkeypatch):
        monkeypatch.delenv("MY_EPOCHS", raising=False)
        with pytest.raises(ConfigError, match="the environment variable MY_EPOCHS is not set"):
            loaded(write, "epochs: 3", "epochs: ${env:MY_EPOCHS}")


def test_references_that_grow_without_end_are_stopped(write):
    lines = ["a0: [1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: [{', '.join([repr('${a' + str(n - 1) + '}')] * 8)}]" for n in range(1, 9)]
    with pytest.raises(ConfigError, match="more than 1,000,000 values"):
        load_config(write("\n".join(lines)))
