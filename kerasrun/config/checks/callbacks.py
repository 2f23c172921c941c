"""Whether callbacks can do what they are for: what they watch exists, and they do not stand in one another's way."""

import string
from typing import Any

from kerasrun.config.faults import Faults, Path, closest
from kerasrun.config.specs import ObjectSpec

WATCHING = ("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint")

# What some have in every epoch's logs, and what kerasrun keeps apart.
NOT_WATCHED = "the learning rate is recorded, and is no figure of an epoch"


def check_callbacks(
    callbacks: list[ObjectSpec], names: list[str] | None, training: Any, optimizer: ObjectSpec | None, faults: Faults
) -> None:
    """Note what cannot work as a fault, and what probably does not as a warning.

    Args:
        names: the figures that an epoch will have; None where only Keras knows.
    """
    known = [spec for spec in callbacks if not spec.own]
    for spec in known:
        if names is not None:
            check_monitor(spec, names, faults)
            check_fields(spec, names, faults)
        _check_mode(spec, faults)
        _check_ending(spec, faults)
        _check_schedule(spec, optimizer, faults)
        _check_backup(spec, faults)
        _check_embeddings(spec, faults)
        _check_patience(spec, training, faults)
    _check_same_files(known, faults)
    _check_order(known, faults)


def watched(spec: ObjectSpec) -> str | None:
    """The figure that a callback watches, or None."""
    if spec.class_name not in WATCHING:
        return None
    if spec.class_name == "ModelCheckpoint" and not spec.arguments.get("save_best_only"):
        return None
    return str(spec.arguments.get("monitor", "val_loss"))


def check_monitor(spec: ObjectSpec, names: list[str], faults: Faults) -> None:
    """Whether a callback watches a figure that an epoch has."""
    monitor = watched(spec)
    if monitor is None or monitor in names:
        return
    hint = closest(monitor, names) or f"there {'is' if len(names) == 1 else 'are'} {', '.join(names)}"
    if monitor.removeprefix("val_") in ("accuracy", "acc") and not any("accuracy" in name for name in names):
        hint = "write training.metrics: [accuracy]"
    if monitor.startswith("val_") and not any(name.startswith("val_") for name in names):
        hint = "there is no validation data; set data.validation: 0.2"
        if monitor.removeprefix("val_") in names:
            hint += f", or monitor: {monitor.removeprefix('val_')}"
    place = (*spec.path, spec.name, "monitor")
    faults.add(place, f"{spec.class_name} watches '{monitor}', which no epoch has", hint)


def check_fields(spec: ObjectSpec, names: list[str], faults: Faults) -> None:
    """Whether the fields of a file's name, `{val_loss:.3f}`, are ones that an epoch has."""
    path = spec.arguments.get("filepath")
    if not isinstance(path, str):
        return
    place: Path = (*spec.path, spec.name, "filepath")
    known = ["epoch", *(["batch"] if spec.arguments.get("save_freq", "epoch") != "epoch" else []), *names]
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(path) if field is not None]
        wrong = [field for field in fields if field not in known]
        if not wrong:
            path.format(**dict.fromkeys(names, 0.5), epoch=1, batch=1)
    except (ValueError, IndexError, KeyError) as error:
        faults.add(place, f"'{path}' is no file name with fields: {error}")
        return
    for field in wrong:
        hint = closest(field, known) or f"there are {', '.join(known)}"
        if field.startswith("val_") and not any(name.startswith("val_") for name in names):
            hint = "there is no validation data; set data.validation: 0.2"
        faults.add(place, f"'{path}' names '{field}', which no epoch has", hint)


def _check_mode(spec: ObjectSpec, faults: Faults) -> None:
    monitor, mode = watched(spec), spec.arguments.get("mode")
    if monitor is None or mode not in ("min", "max"):
        return
    better = "min" if monitor.endswith("loss") or "error" in monitor else "max" if "acc" in monitor else mode
    if mode != better:
        place = (*spec.path, spec.name, "mode")
        message = f"mode: {mode} takes a {'smaller' if mode == 'min' else 'larger'} {monitor} for the better one"
        faults.warn("mode_against_monitor", place, message, f"write mode: {better}, or leave it out")


def _check_ending(spec: ObjectSpec, faults: Faults) -> None:
    path = spec.arguments.get("filepath")
    if spec.class_name != "ModelCheckpoint" or not isinstance(path, str):
        return
    only_weights = spec.arguments.get("save_weights_only") is True
    ending = ".weights.h5" if only_weights else ".keras"
    if not path.endswith(ending):
        what = "weights alone are" if only_weights else "a whole model is"
        hint = "" if only_weights or not path.endswith(".weights.h5") else "or write save_weights_only: true"
        place = (*spec.path, spec.name, "filepath")
        faults.add(place, f"'{path}': {what} saved in a file that ends in {ending}", hint)


def _check_schedule(spec: ObjectSpec, optimizer: ObjectSpec | None, faults: Faults) -> None:
    if optimizer is None:
        return
    rate = optimizer.arguments.get("learning_rate")
    if spec.class_name == "ReduceLROnPlateau" and isinstance(rate, ObjectSpec):
        message = f"ReduceLROnPlateau sets the learning rate, and so does the schedule {rate.class_name}"
        faults.add((*spec.path, spec.name), message, "keep one of them", at_key=True)
    if spec.class_name == "SwapEMAWeights" and not optimizer.arguments.get("use_ema"):
        message = "SwapEMAWeights swaps in averages of the weights, which the optimizer does not keep"
        hint = f"write optimizer: {{{optimizer.class_name}: {{use_ema: true}}}}"
        faults.add((*spec.path, spec.name), message, hint, at_key=True)


def _check_embeddings(spec: ObjectSpec, faults: Faults) -> None:
    if spec.class_name == "TensorBoard" and spec.arguments.get("embeddings_freq"):
        message = "Keras 3 saves embeddings as .weights.h5, and TensorBoard's projector reads no such file"
        place = (*spec.path, spec.name, "embeddings_freq")
        faults.warn("embeddings_not_shown", place, message, "leave it out; the files can be read with h5py")


def _check_backup(spec: ObjectSpec, faults: Faults) -> None:
    if spec.class_name == "BackupAndRestore":
        message = "BackupAndRestore restores what lies in its folder, and each run begins with an empty one"
        hint = "leave it out: kerasrun keeps checkpoints, and kerasrun resume goes on from them"
        faults.warn("backup_never_restored", (*spec.path, spec.name), message, hint, at_key=True)


def _check_patience(spec: ObjectSpec, training: Any, faults: Faults) -> None:
    patience = spec.arguments.get("patience", 10 if spec.class_name == "ReduceLROnPlateau" else 0)
    is_given = "patience" in spec.arguments or spec.class_name == "ReduceLROnPlateau"
    if training is None or not is_given or not isinstance(patience, int):
        return
    if spec.arguments.get("restore_best_weights") is True:
        return  # which EarlyStopping does in the end, whether it stopped the training or not
    place = (*spec.path, spec.name, "patience")
    if training.steps is not None:
        message = "this training counts steps, so the patience is counted in evaluations"
        every = training.evaluate_every or "one epoch's worth of"
        faults.warn("evaluations_for_epochs", place, message, f"there is one every {every} steps", at_key=True)
    elif training.epochs is not None and 0 < training.epochs <= patience and not _is_from_flag(faults):
        epochs = f"{training.epochs} epoch{'s' * (training.epochs != 1)}"
        message = f"with patience: {patience}, {spec.class_name} does nothing in {epochs}"
        faults.warn("patience_too_long", place, message, "write a smaller one, or train for longer")


def _is_from_flag(faults: Faults) -> bool:
    """Whether the length was set for this run alone, to try something."""
    position = faults.source.find(("training", "epochs"), at_key=False)
    return position is not None and bool(position.flag)


def _check_same_files(callbacks: list[ObjectSpec], faults: Faults) -> None:
    seen: dict[str, str] = {}
    for spec in callbacks:
        for argument in ("filepath", "filename"):
            path = spec.arguments.get(argument)
            if isinstance(path, str) and path in seen:
                message = f"'{path}' is the file of another {seen[path]}"
                faults.add((*spec.path, spec.name, argument), message, "give each a file of its own")
            elif isinstance(path, str):
                seen[path] = spec.class_name


def _check_order(callbacks: list[ObjectSpec], faults: Faults) -> None:
    """A rate that is to be reduced after the training was stopped never is."""
    stops = [spec for spec in callbacks if spec.class_name == "EarlyStopping"]
    for spec in callbacks:
        if spec.class_name != "ReduceLROnPlateau":
            continue
        patience = spec.arguments.get("patience", 10)
        for stop in stops:
            limit = stop.arguments.get("patience", 0)
            same = watched(stop) == watched(spec)
            if same and isinstance(patience, int) and isinstance(limit, int) and patience >= limit:
                message = f"EarlyStopping stops after {limit} epochs without gain, and this acts after {patience}"
                place: Path = (*spec.path, spec.name)
                faults.warn("stops_before_reducing", place, message, "give it less patience", at_key=True)
