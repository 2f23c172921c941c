"""What is sound is neither refused nor warned of, however unusual."""

from pathlib import Path

import pytest

from kerasrun.config import load_config
from tests.config.bad_cases import read_cases

CASES = read_cases(Path(__file__).with_name("sound"))


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_loads_without_a_word(write, case):
    assert load_config(write(case.text)).warnings == []
