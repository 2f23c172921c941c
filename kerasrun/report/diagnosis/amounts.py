"""Whether there is enough to read from: enough epochs, and enough rows that were held out."""

import math

from kerasrun.report.diagnosis.case import MIN_POINTS, Case
from kerasrun.report.diagnosis.courses import not_yet_converged
from kerasrun.report.diagnosis.findings import Finding

# Where no accuracy is known: fewer rows than this are few. Where one is: an interval wider than this is wide.
FEW_VALUES, WIDE = 30, 0.1


def too_little_to_tell(case: Case) -> Finding | None:
    """So few points that trend and noise cannot be told apart, or no loss at all."""
    if case.loss is None:
        return Finding("too_little_to_tell", "the history has no finite loss to read from")
    count = len(case.loss)
    if count >= MIN_POINTS or not_yet_converged(case):
        return None
    points = f"{count} {'epoch' if case.unit == 'epoch' else 'evaluation'}{'s' if count > 1 else ''}"
    sentence = f"{points} {'are' if count > 1 else 'is'} too few to tell a trend from noise; {MIN_POINTS} are enough"
    return Finding("too_little_to_tell", sentence, {"num_points": count})


def too_little_validation_data(case: Case) -> Finding | None:
    """So few validation rows that their figures are not to be relied on."""
    rows = case.facts.num_validation
    if not rows or case.val_loss is None:
        return None
    found = _accuracy(case)
    if found is not None:
        name, value = found
        low, high = wilson_interval(value, rows)
        if high - low <= WIDE:
            return None
        sentence = f"on {rows:,} rows a {name} of {value:.2f} may by chance stand for {low:.2f} to {high:.2f} (95%)"
        figures = {"num_validation": rows, name: value, "low": low, "high": high}
    elif rows < FEW_VALUES:
        sentence = f"val_loss is the mean of {rows} row{'s' if rows > 1 else ''}, of which each weighs {1 / rows:.0%}"
        figures = {"num_validation": rows}
    else:
        return None
    return Finding("too_little_validation_data", sentence, figures, "a larger data.validation, or cross-validation")


def no_validation(case: Case) -> Finding | None:
    """Nothing was held out."""
    if case.val_loss is not None or case.loss is None:
        return None
    seen = "overfitting" if case.figure("test") is not None else "how it does on rows it has not seen, and overfitting,"
    sentence = f"nothing was validated, so {seen} cannot be read"
    return Finding("no_validation", sentence, {}, "data.validation: 0.2")


def wilson_interval(share: float, rows: int, z: float = 1.96) -> tuple[float, float]:
    """Where a share that was counted on so many rows lies for all rows like them, in 95 of 100 cases.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    centre, scale = share + z**2 / (2 * rows), 1 + z**2 / rows
    half = z * math.sqrt(share * (1 - share) / rows + z**2 / (4 * rows**2))
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def _accuracy(case: Case) -> tuple[str, float] | None:
    """The first accuracy on the validation rows, as it was in the end."""
    for name, column in case.table.items():
        if name.startswith("val_") and "acc" in name and column and 0 <= column[-1] <= 1:
            return name, column[-1]
    return None
