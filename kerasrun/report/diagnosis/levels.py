"""What the losses tell beside that of an answer that looks at no input."""

from kerasrun.report.diagnosis.case import MIN_POINTS, Case, falling
from kerasrun.report.diagnosis.courses import STILL_FALLING, rate_too_high
from kerasrun.report.diagnosis.findings import Finding
from kerasrun.report.numbers import number

# Of what a constant answer loses, a model that underfits loses this share, and one that has learnt nothing that.
UNDERFITS, LEARNT_NOTHING = 0.5, 0.95


def underfitting(case: Case) -> Finding | None:
    """On the very rows that it trains on, the model is not much better than an answer that looks at no input."""
    train, reference, loss = case.figure("train"), case.train_reference, case.loss
    if train is None or reference is None or loss is None or len(loss) < MIN_POINTS:
        return None
    share = train / reference
    if share < UNDERFITS or rate_too_high(case):
        return None
    figures = {"loss": train, "reference": reference}
    if share >= LEARNT_NOTHING:
        sentence = (
            f"loss on the training rows is {number(train)}, that of an answer without any input {number(reference)}"
        )
        slow = f"a higher learning rate, or many more {case.unit}s"
        stuck = "a lower or a higher learning rate; see that inputs are scaled, labels right, layers not frozen"
        return Finding("underfitting", sentence, figures, slow if falling(loss, 0.0) else stuck)
    if falling(loss, STILL_FALLING):
        return None  # it may be on its way yet: not_yet_converged
    sentence = (
        f"loss comes no lower than {number(train)} on the rows that it trains on, {share:.0%} of that of an answer "
        f"without any input ({number(reference)})"
    )
    advice = "more units or layers, a higher learning rate, less Dropout; or the inputs hold no more"
    return Finding("underfitting", sentence, figures, advice)


def healthy(case: Case) -> Finding | None:
    """Nothing is wrong with the curves: where they have come to, and whether that is good, if it is known."""
    part, val_loss = case.facts.validation_part, case.val_loss
    train, held_out = case.figure("train"), case.figure(part)
    reference = case.facts.references.get(part)
    if val_loss is None or case.loss is None or case.has_few_rows:
        return None
    if train is None or held_out is None or not reference or held_out > UNDERFITS * reference:
        ends = {"loss_end": case.loss.last_value, "val_loss_end": val_loss.last_value}
        words = "nothing stands out; in the end loss is about {} and val_loss {}"
        return Finding("levelled_off", words.format(*map(number, ends.values())), ends)
    sentence = (
        f"the losses level off; measured alike, it is {number(train)} on the training rows, {number(held_out)} on "
        f"{part}, and {number(reference)} for an answer without any input"
    )
    return Finding("healthy", sentence, {"loss": train, "val_loss": held_out, "reference": reference})
