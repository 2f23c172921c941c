"""A run as the rules see it: its two curves of the loss, and what is known beside them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kerasrun.report.diagnosis.curve import Curve, Trend, curve, trend
from kerasrun.report.diagnosis.facts import Facts
from kerasrun.report.history import History, Table, row_count

# On fewer validation rows than this nothing is read from the course of their loss.
FEW_ROWS = 10

# From so many points on a trend is told from noise: if they all fall, or chance makes a fall like theirs in less than
# one case of a hundred, and if they fall by so many times their noise.
MIN_POINTS = 5
SURE, OUT_OF_NOISE = 2.6, 2.0


@dataclass(frozen=True)
class Case:
    """A run to read.

    Args:
        table: of a run counted in epochs its epochs, of one counted in steps its evaluations.
        unit: what `at` counts in a curve: `epoch` or `step`.
    """

    facts: Facts
    table: Table
    unit: str

    @staticmethod
    def of(history: History, facts: Facts) -> "Case":
        """The case of a run."""
        in_steps = not history.epochs and bool(history.evaluations)
        return Case(facts, history.evaluations if in_steps else history.epochs, "step" if in_steps else "epoch")

    @property
    def num_points(self) -> int:
        """How many epochs, or evaluations, there are."""
        return row_count(self.table)

    @cached_property
    def loss(self) -> Curve | None:
        return curve(self.table, "loss", self.unit)

    @cached_property
    def val_loss(self) -> Curve | None:
        return curve(self.table, "val_loss", self.unit)

    @property
    def judged(self) -> Curve | None:
        """The curve by which the course of the training is judged."""
        return self.val_loss if self.val_loss is not None and not self.has_few_rows else self.loss

    @property
    def has_few_rows(self) -> bool:
        """Whether there are too few validation rows to read anything from the course of their loss."""
        count = self.facts.num_validation
        return count is not None and count < FEW_ROWS

    @property
    def chance(self) -> float:
        """By which share the mean loss of the validation rows differs from that of others like them, at most.

        The losses of single rows are spread about as wide as their mean is high (they are if they are exponentially
        distributed; a few bad mistakes make up most of it), so that the standard error of their mean is a share of
        1 / √rows; twice that is left to chance.
        """
        count = self.facts.num_validation
        return 2 / count**0.5 if count else 0.0

    @property
    def train_reference(self) -> float | None:
        """The loss of the best constant answer on the training rows, if the training loss can be held against it."""
        is_like = not self.facts.has_penalty and not self.facts.is_weighted
        return self.facts.references.get("train") or None if is_like else None

    def figure(self, part: str, name: str = "loss") -> float | None:
        """A figure measured after training, if it is known."""
        return self.facts.figures.get(part, {}).get(name)

    def place(self, at: float) -> str:
        """A place on the curves in words: `epoch 12`, `step 7,200`."""
        return f"{self.unit} {at:,.0f}"

    def stretch(self, part: Curve) -> str:
        """How long a part of a curve is: `the last 5 epochs`, `the last 600 steps`."""
        count = part.at[-1] - part.at[0] + (1 if self.unit == "epoch" else 0)
        return f"the last {count:,.0f} {self.unit}s"


def falling(whole: Curve, least: float) -> Trend | None:
    """The trend at the end of a curve, if it surely falls, and by at least that share of its level."""
    part = whole.tail()
    if len(part) < MIN_POINTS:
        return None
    found = trend(part)
    is_sure = found.z < -SURE or bool((np.diff(part.values) < 0).all())
    is_far = -found.change > OUT_OF_NOISE * part.noise and found.share < -least
    return found if is_sure and is_far else None
