"""What training and validation rows tell beside one another, and beside an answer that looks at no input."""

import math

from kerasrun.report.diagnosis.case import Case, falling
from kerasrun.report.diagnosis.findings import Finding
from kerasrun.report.numbers import number

# The validation loss has risen by at least this share, and by what chance makes of its rows.
RISEN = 0.05

# Of what a constant answer loses, a model that underfits loses this share, and one that has learnt nothing that.
UNDERFITS, LEARNT_NOTHING = 0.5, 0.95

# A gap between the parts is told from this share of a constant answer's loss on.
GAP = 0.1

# Where no accuracy is known: fewer rows than this are few. Where one is: an interval wider than this is wide.
FEW_VALUES, WIDE = 30, 0.1

LESS_FREEDOM = "more training rows, Dropout, an L2 penalty, or a smaller model"


def overfitting(case: Case) -> Finding | None:
    """The validation loss rises while the training loss does not."""
    loss, val_loss = case.loss, case.val_loss
    if loss is None or val_loss is None or case.has_few_rows or len(val_loss) < 3 or val_loss.values.min() < 0:
        return None
    at, best = val_loss.lowest
    low, end = val_loss.level_at(at), val_loss.end
    loss_then, loss_end = loss.level_at(at), loss.end
    is_risen = end - low > 3 * val_loss.level_error and end > (1 + max(RISEN, case.chance)) * low
    if not is_risen or loss_end > loss_then or loss_end > end:
        return None
    sentence = (
        f"val_loss rose from {number(best)} in {case.place(at)} to {number(end)} at the end, "
        f"while loss went from {number(loss_then)} to {number(loss_end)}"
    )
    figures = {case.unit: at, "val_loss_best": best, "val_loss_end": end, "loss_then": loss_then, "loss_end": loss_end}
    stopping = case.facts.stopping
    kept = stopping is not None and stopping.restores_best and bool(case.facts.stopped)
    advice = LESS_FREEDOM if kept else f"EarlyStopping with restore_best_weights; {LESS_FREEDOM}"
    return Finding("overfitting", sentence, figures, advice)


def generalization_gap(case: Case) -> Finding | None:
    """Measured alike after training, the validation rows come off much worse than the training rows."""
    part = case.facts.validation_part
    train, held_out = case.figure("train"), case.figure(part)
    reference = case.facts.references.get(part)
    if train is None or held_out is None or not reference or case.facts.is_weighted or case.has_few_rows:
        return None
    gap = held_out - train
    if gap < GAP * reference or gap < case.chance * held_out or overfitting(case):
        return None
    sentence = (
        f"measured alike, the loss is {number(train)} on the training rows and {number(held_out)} on {part}; "
        f"a constant answer there has {number(reference)}"
    )
    figures = {"loss": train, "val_loss": held_out, "reference": reference}
    advice = f"{LESS_FREEDOM}; see that the {part} rows are like the others"
    return Finding("generalization_gap", sentence, figures, advice)


def underfitting(case: Case) -> Finding | None:
    """On the very rows that it trains on, the model is not much better than an answer that looks at no input."""
    train, reference = case.figure("train"), case.facts.references.get("train")
    if train is None or not reference or case.facts.has_penalty or train < UNDERFITS * reference:
        return None
    is_falling = case.loss is not None and falling(case.loss, 0.0) is not None
    if is_falling and train < LEARNT_NOTHING * reference:
        return None  # it may be on its way yet: not_yet_converged
    figures = {"loss": train, "reference": reference}
    if train >= LEARNT_NOTHING * reference:
        sentence = (
            f"loss on the training rows is {number(train)}, and an answer without any input has {number(reference)}"
        )
        slow = "a higher learning rate, or many more epochs"
        stuck = "a lower or a higher learning rate; see that inputs are scaled, labels right, layers not frozen"
        return Finding("underfitting", sentence, figures, slow if is_falling else stuck)
    sentence = (
        f"loss levelled off at {number(train)} on the rows that it trains on, {train / reference:.0%} of that of "
        f"an answer without any input ({number(reference)})"
    )
    advice = "more units or layers, a higher learning rate, less Dropout; or the inputs hold no more"
    return Finding("underfitting", sentence, figures, advice)


def training_above_validation(case: Case) -> Finding | None:
    """The training loss ends above the validation loss, which is no underfitting by itself: why."""
    loss, val_loss = case.loss, case.val_loss
    if loss is None or val_loss is None or val_loss.end <= 0 or loss.end < (1 + RISEN) * val_loss.end:
        return None
    if loss.end - val_loss.end < 3 * max(loss.level_error, val_loss.level_error):
        return None
    part = case.facts.validation_part
    train, held_out = case.figure("train"), case.figure(part)
    figures = {"loss_end": loss.end, "val_loss_end": val_loss.end}
    ends = f"loss ends above val_loss, {number(loss.end)} and {number(val_loss.end)}"
    if train is None or held_out is None:
        return Finding("training_above_validation", f"{ends}; that alone is no underfitting{_causes(case)}", figures)
    figures |= {"loss": train, "val_loss": held_out}
    alike = f"measured alike in the end they are {number(train)} and {number(held_out)}"
    if train <= (1 + case.chance) * held_out:
        return Finding("training_above_validation", f"{ends}; {alike}{_causes(case)}", figures)
    advice = "a larger data.validation; see that its rows are like the others"
    return Finding("training_above_validation", f"{ends}; {alike}: the validation rows seem easier", figures, advice)


def _causes(case: Case) -> str:
    """Why the training loss may be the higher one though the model does as well on either part."""
    layers = ", ".join(case.facts.unlike_in_training)
    causes = [f"{layers} act{'' if ',' in layers else 's'} otherwise in training"] if layers else []
    causes += ["an epoch's loss is the mean along the way"] if case.unit == "epoch" else []
    return f": {' and '.join(causes)}" if causes else ""


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
        sentence = (
            f"on {rows:,} rows a {name} of {value:.2f} is sure to lie between {low:.2f} and {high:.2f} only (95%)"
        )
        figures = {"num_validation": rows, name: value, "low": low, "high": high}
    elif rows < FEW_VALUES:
        sentence = f"val_loss is the mean of {rows} rows, so a single one may be {1 / rows:.0%} of it or more"
        figures = {"num_validation": rows}
    else:
        return None
    return Finding("too_little_validation_data", sentence, figures, "a larger data.validation, or cross-validation")


def no_validation(case: Case) -> Finding | None:
    """Nothing was held out."""
    if case.val_loss is not None or case.loss is None:
        return None
    sentence = "nothing was validated, so how it does on rows it has not seen, and overfitting, cannot be read"
    return Finding("no_validation", sentence, {}, "data.validation: 0.2")


def healthy(case: Case) -> Finding | None:
    """Nothing is wrong with the curves: where they have come to, and whether that is good, if it is known."""
    part, val_loss = case.facts.validation_part, case.val_loss
    train, held_out = case.figure("train"), case.figure(part)
    reference = case.facts.references.get(part)
    if val_loss is None or case.loss is None or case.has_few_rows:
        return None
    if train is None or held_out is None or not reference or held_out > UNDERFITS * reference:
        sentence = (
            f"nothing stands out: in the end loss is about {number(case.loss.end)}, val_loss {number(val_loss.end)}"
        )
        return Finding("levelled_off", sentence, {"loss_end": case.loss.end, "val_loss_end": val_loss.end})
    sentence = (
        f"the losses level off near each other, at {number(train)} (train) and {number(held_out)} ({part}); "
        f"an answer without any input has {number(reference)}"
    )
    return Finding("healthy", sentence, {"loss": train, "val_loss": held_out, "reference": reference})


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
