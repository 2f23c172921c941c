"""A reading as a value: to JSON and back."""

import json

import pytest

from kerasrun.report.diagnosis.findings import Finding, Reading

READING = Reading(
    (
        Finding("overfitting", "val_loss rose from 0.2 to 0.4", {"epoch": 12, "val_loss_end": 0.4}, "Dropout"),
        Finding("healthy", "all is well"),
    )
)


def test_it_comes_back_from_json_as_it_was():
    assert Reading.from_dict(json.loads(json.dumps(READING.to_dict()))) == READING


def test_its_title_is_its_name_in_words():
    assert Finding("not_yet_converged", "").title == "not yet converged"


@pytest.mark.parametrize(
    "tree", [None, [], {}, {"format": "other"}, {"format": "kerasrun-reading-1", "findings": [{"what": 1}]}]
)
def test_anything_else_is_none(tree):
    with pytest.raises(ValueError, match="not"):
        Reading.from_dict(tree)
