"""Every argument of every loss, metric, optimizer, schedule, initializer, regularizer and constraint acts."""

import pytest
import walk_losses
import walk_optimizers
import walk_parts
from walk import names_of

WALKS = [*walk_losses.WALKS, *walk_optimizers.WALKS, *walk_parts.WALKS]
# Of the optimizers, which take longest, the fast tests hold the usual ones.
USUAL = ("SGD", "Adam")


def case(walk, name):
    slow = walk.kind == "optimizers" and name not in USUAL
    return pytest.param(walk, name, id=f"{walk.kind}-{name}", marks=[pytest.mark.slow] * slow)


CLASSES = [case(walk, name) for walk in WALKS for name in names_of(walk.kind)]


@pytest.mark.parametrize(("walk", "name"), CLASSES)
def test_every_argument_acts(walk, name):
    assert walk.faults(name) == []


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.kind)
def test_every_row_of_the_tables_is_of_use(walk):
    assert walk.unused_rows() == []
