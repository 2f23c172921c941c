"""What the course of the curves tells: whether the training went well, and whether it is done."""

import numpy as np

from kerasrun.report.diagnosis.case import MIN_POINTS, Case, falling
from kerasrun.report.diagnosis.curve import Curve
from kerasrun.report.diagnosis.findings import Finding
from kerasrun.report.numbers import number

# A training is not done while its last fifth lowers the loss by this share.
STILL_FALLING = 0.05

# The training loss has risen if it ends at so many times its lowest level, and that is far beside its start.
RISEN, FAR = 1.5, 0.1

# It swings if its noise is this share of its level; where few rows make it up, several times what chance makes of them;
# and if it rises so often. What is a trifle beside its start may swing.
SWINGS, TIMES_CHANCE, RISES, TRIFLE = 0.1, 3.0, 0.2, 0.02

# So far above a constant answer the steps are too large to learn even that one, if the loss wavers by that share.
ABOVE, WAVERS = 1.01, 0.001

LOWER_RATE = "a learning rate 3 to 10 times lower, or clipnorm: 1 in the optimizer"


def diverged(case: Case) -> Finding | None:
    """The loss stopped being a number, or rose for good."""
    column = np.asarray(case.table.get("loss", []), np.float64)
    bad = np.flatnonzero(~np.isfinite(column))
    if len(bad):
        at = float((case.table.get(case.unit) or range(1, len(column) + 1))[bad[0]])
        advice = f"{LOWER_RATE}; inputs scaled to about 0 to 1; targets inside the loss's range"
        return Finding("diverged", f"loss is no finite number in {case.place(at)}", {case.unit: at}, advice)
    loss = case.loss
    if loss is None or len(loss) < MIN_POINTS or rate_too_high(case):
        return None
    at = loss.lowest[0]
    low, end = loss.level_at(at), loss.end
    is_risen = end > RISEN * low and end - low > max(FAR * loss.start, 3 * loss.level_error)
    if low < 0 or not is_risen:
        return None
    sentence = f"loss, which training is to lower, rose from {number(low)} in {case.place(at)} to {loss.last_words}"
    return Finding("diverged", sentence, {case.unit: at, "loss_lowest": low, "loss_end": loss.last_value}, LOWER_RATE)


def rate_too_high(case: Case) -> Finding | None:
    """The training loss goes up and down without end, by more than chance makes of so few rows."""
    if case.loss is None or len(case.loss) < 2 * MIN_POINTS:
        return None
    half = case.loss.tail(0.5)
    level, rises = float(np.median(half.values)), int((np.diff(half.values) > 0).sum())
    if level <= TRIFLE * case.loss.start or rises < RISES * (len(half) - 1):
        return None
    rows, swing, times = case.facts.num_train, half.noise / level, f"{rises} of the last {len(half) - 1} {case.unit}s"
    figures = {"loss_level": level, "noise_share": swing, "num_rises": rises, "num_steps": len(half) - 1}
    if swing >= max(SWINGS, TIMES_CHANCE / rows**0.5 if rows else 0.0):
        sentence = (
            f"loss goes up and down by about {swing:.0%} of itself from {case.unit} to {case.unit}, up in {times}"
        )
        return Finding("rate_too_high", sentence, figures, f"{LOWER_RATE}; or a larger batch_size")
    reference = case.train_reference
    is_above = reference is not None and level > ABOVE * reference and half.values.min() > reference
    if reference is None or not is_above or case.facts.unlike_in_training or swing < WAVERS:
        return None
    sentence = (
        f"loss wavers about {number(level)}, up in {times}, and stays above {number(reference)}, "
        "that of an answer without any input"
    )
    return Finding("rate_too_high", sentence, figures | {"reference": reference}, LOWER_RATE)


def not_yet_converged(case: Case) -> Finding | None:
    """The loss still falls at the end."""
    judged = case.judged
    if judged is None:
        return None
    found, last = falling(judged, STILL_FALLING), judged.tail()
    if found is None and 2 < case.num_points < MIN_POINTS:
        return _falls_each_time(case, judged)
    if found is None:
        return None
    start, end, about = float(last.values[0]), float(last.values[-1]), ""
    if abs(end - start - found.change) > 0.5 * abs(found.change):  # one of the two stands far off the line
        start, end, about = found.start, found.start + found.change, "about "
    sentence = f"{judged.name} still falls: from {about}{number(start)} to {number(end)} in {case.stretch(last)}"
    figures = {"start": start, "end": end, "change_share": found.share}
    return Finding("not_yet_converged", sentence, figures, f"more {case.unit}s, or a higher learning rate")


def _falls_each_time(case: Case, judged: Curve) -> Finding | None:
    """Of three or four points: both losses fall every time, which chance makes one time in 36, and far at the end."""
    both = [column for column in (case.loss, case.val_loss) if column is not None]
    falls = all((np.diff(column.values) < 0).all() for column in both)
    before, end = (float(value) for value in judged.values[-2:])
    if len(both) < 2 or case.has_few_rows or not falls or end > (1 - STILL_FALLING) * before:
        return None
    sentence = (
        f"both losses fall in every {case.unit}, {judged.name} from {number(before)} to {number(end)} in the last"
    )
    return Finding("not_yet_converged", sentence, {"start": before, "end": end}, f"more {case.unit}s")


def stopped_early(case: Case) -> Finding | None:
    """A callback ended the training: what it kept, and whether it came too soon."""
    stopping, monitored = case.facts.stopping, None
    if not case.facts.stopped:
        return None
    told = case.facts.stopped.removeprefix("stopped ")
    if stopping is not None:
        sign = 1 if stopping.mode == "min" else -1
        column = np.asarray(case.table.get(stopping.monitor, []), np.float64) * sign
        monitored = int(np.nanargmin(column)) if np.isfinite(column).any() else None
    if stopping is None or monitored is None:
        return Finding("stopped_early", f"it ended {told}")
    at, best = float(case.table[case.unit][monitored]), float(case.table[stopping.monitor][monitored])
    end = float(case.table[stopping.monitor][-1])
    figures = {case.unit: at, "best": best, "end": end}
    kept = case.place(at) if stopping.restores_best else case.place(float(case.table[case.unit][-1]))
    sentence = f"{stopping.monitor} was best in {case.place(at)} ({number(best)}); the weights kept are those of {kept}"
    is_worse = not stopping.restores_best and sign * (end - best) > 0
    return Finding(
        "stopped_early", sentence, figures, "restore_best_weights: true in EarlyStopping" if is_worse else ""
    )
