"""What the losses of the parts tell beside one another: of the rows trained on, and of those held out."""

from kerasrun.report.diagnosis.case import MIN_POINTS, Case
from kerasrun.report.diagnosis.findings import Finding
from kerasrun.report.numbers import number

# The validation loss has risen by at least this share, and by what chance makes of its rows. By the same share the
# training loss ends above it.
RISEN = 0.05

# A gap between the parts is told from this share of a constant answer's loss on; from another on, where the training
# rows are known so well, it is overfitting whatever the curves do. That to the test rows is told from the last on.
GAP, WIDE_GAP, BY_HEART, TEST_GAP = 0.1, 0.25, 0.1, 0.03

LESS_FREEDOM = "more training rows, Dropout, an L2 penalty, or a smaller model"


def overfitting(case: Case) -> Finding | None:
    """The validation loss rises while the training loss does not."""
    loss, val_loss = case.loss, case.val_loss
    if loss is None or val_loss is None or case.has_few_rows or len(val_loss) < MIN_POINTS or val_loss.values.min() < 0:
        return None
    at, best = val_loss.lowest
    low, end = val_loss.level_at(at), val_loss.end
    loss_then, loss_end = loss.level_at(at), loss.end
    is_risen = end - low > 3 * val_loss.level_error and end > (1 + max(RISEN, case.chance)) * low
    if not is_risen or loss_end > loss_then or loss_end > end:
        return None
    sentence = (
        f"val_loss rose from {number(best)} in {case.place(at)} to {val_loss.last_words} at the end, "
        f"while loss went from about {number(loss_then)} to {loss.last_words}"
    )
    figures = {case.unit: at, "val_loss_best": best, "val_loss_end": val_loss.last_value}
    figures |= {"loss_then": loss_then, "loss_end": loss.last_value}
    stopping = case.facts.stopping
    kept = stopping is not None and stopping.restores_best and bool(case.facts.stopped)
    advice = LESS_FREEDOM if kept else f"EarlyStopping with restore_best_weights; {LESS_FREEDOM}"
    return Finding("overfitting", sentence, figures, advice)


def learnt_by_heart(case: Case) -> Finding | None:
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
        f"an answer without any input has {number(reference)} there"
    )
    figures = {"loss": train, "val_loss": held_out, "reference": reference}
    name = "overfitting" if gap > WIDE_GAP * reference and train < BY_HEART * reference else "generalization_gap"
    return Finding(name, sentence, figures, f"{LESS_FREEDOM}; see that the {part} rows are like the others")


def worse_in_test(case: Case) -> Finding | None:
    """The test rows come off worse than the validation rows, by more than chance makes of either."""
    held_out, test = case.figure("validation"), case.figure("test")
    reference, rows = case.facts.references.get("test"), case.facts.num_test
    if case.facts.validation_part == "test" or held_out is None or test is None or not reference or not rows:
        return None
    if test - held_out < max(TEST_GAP * reference, (case.chance + 2 / rows**0.5) * held_out):
        return None
    sentence = f"measured alike, the loss is {number(held_out)} on validation and {number(test)} on test"
    advice = "validation rows picked as the test rows were, which tell better what to expect; more varied training rows"
    return Finding("worse_in_test", sentence, {"val_loss": held_out, "test_loss": test}, advice)


def training_above_validation(case: Case) -> Finding | None:
    """The training loss ends above the validation loss, which is no underfitting by itself: why."""
    loss, val_loss = case.loss, case.val_loss
    if loss is None or val_loss is None or len(val_loss) < MIN_POINTS or len(loss) < MIN_POINTS:
        return None
    if val_loss.end <= 0 or loss.end < (1 + RISEN) * val_loss.end:
        return None
    if loss.end - val_loss.end < 3 * max(loss.level_error, val_loss.level_error):
        return None
    part = case.facts.validation_part
    train, held_out = case.figure("train"), case.figure(part)
    figures = {"loss_end": loss.last_value, "val_loss_end": val_loss.last_value}
    ends = f"loss ends above val_loss, {loss.last_words} and {val_loss.last_words}"
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
