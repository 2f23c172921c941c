"""Starters found from data as `kerasrun init --from` finds them, read back and loaded."""

from pathlib import Path

from kerasrun.config import load_config
from kerasrun.config.yaml_text import read_yaml
from kerasrun.data.loading import load_data
from kerasrun.runs.starting.starting import start_config


def started(data, target=None, wanted="auto", source="auto"):
    """The settings and the text of a starter, which fits a page, checks without a warning, and whose data loads."""
    text = start_config(data, target, wanted, "config.yaml", source).text
    assert max(map(len, text.splitlines())) <= 120
    Path("config.yaml").write_text(text, encoding="utf-8")
    config = load_config("config.yaml")
    assert config.warnings == []
    load_data(config)
    return read_yaml(text, "config.yaml")[0], text


def comment_of(text, words):
    """The comment behind the line with these words, or the lines of comment right above it."""
    lines = text.splitlines()
    [number] = [n for n, line in enumerate(lines) if words in line and not line.strip().startswith("#")]
    if "  # " in lines[number] or " # " in lines[number]:
        return lines[number].split("# ", 1)[1]
    above = []
    while lines[number - 1].strip().startswith("#"):
        number -= 1
        above.insert(0, lines[number].strip("# "))
    return " ".join(above)


def layers_of(config):
    """The layers of a config, whose model is a list or a graph."""
    model = config["model"]
    return model["layers"] if isinstance(model, dict) else model
