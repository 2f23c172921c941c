"""Read the curves of a run."""

from collections.abc import Callable

from kerasrun.report.diagnosis.amounts import no_validation, too_little_to_tell, too_little_validation_data
from kerasrun.report.diagnosis.case import Case
from kerasrun.report.diagnosis.courses import diverged, not_yet_converged, rate_too_high, stopped_early
from kerasrun.report.diagnosis.facts import Facts
from kerasrun.report.diagnosis.findings import Finding, Reading
from kerasrun.report.diagnosis.gaps import learnt_by_heart, overfitting, training_above_validation, worse_in_test
from kerasrun.report.diagnosis.levels import healthy, underfitting
from kerasrun.report.history import History

Rule = Callable[[Case], Finding | None]

# What is wrong with a training, the weightiest first; and what is worth knowing of it.
FAULTS: tuple[Rule, ...] = (
    diverged,
    rate_too_high,
    underfitting,
    overfitting,
    not_yet_converged,
    learnt_by_heart,
    worse_in_test,
    too_little_to_tell,
)
NOTES: tuple[Rule, ...] = (stopped_early, too_little_validation_data, no_validation, training_above_validation)


def read_curves(history: History, facts: Facts | None = None) -> Reading:
    """What the curves of a run tell, as page and console show it; nothing is claimed that the figures do not carry.

    Args:
        facts: what is known beside them; the more, the more can be told.
    """
    case = Case.of(history, facts or Facts())
    faults = _apply(FAULTS, case)
    if any(finding.name == "diverged" for finding in faults):
        return Reading((faults[0], *_apply((stopped_early,), case)))
    notes = _apply(NOTES, case)
    return Reading((*faults, *notes) if faults else (*_apply((healthy,), case), *notes))


def _apply(rules: tuple[Rule, ...], case: Case) -> tuple[Finding, ...]:
    return tuple(finding for rule in rules if (finding := rule(case)) is not None)
