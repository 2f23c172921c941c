"""What Keras's TensorBoard callback leaves out without a word: mended here, or told before the training."""

import functools
from collections.abc import Callable
from typing import Any

import keras


def attend_tensorboard(
    callbacks: list[Any], step_graph: Callable[[], Any], step: Callable[[], int] | None = None
) -> None:
    """Let TensorBoard callbacks write the graph, every epoch, and steps where those are counted.

    Args:
        step_graph: makes the graph of a training step; None where the backend has no graphs.
        step: how many steps are done, where figures are to stand at steps; None where they stand at epochs.
    """
    for callback in _boards(callbacks):
        callback.set_model = functools.partial(_set_model, callback, step_graph)
        if callback.update_freq not in ("epoch", 1):
            callback.on_epoch_end = functools.partial(_epoch_end, callback)
            callback.on_test_end = functools.partial(_test_end, callback)
        if step is not None:
            for name in ("_log_epoch_metrics", "_log_weights"):
                setattr(callback, name, functools.partial(_at_step, callback, getattr(type(callback), name), step))


def _set_model(callback: Any, step_graph: Callable[[], Any], model: keras.Model) -> None:
    """As a training begins: the graph too, which Keras 3 looks for where it is no more; a run that goes on has it."""
    type(callback).set_model(callback, model)
    graph = step_graph() if callback.write_graph else None
    if graph is not None:
        with callback._train_writer.as_default():
            callback.summary.graph(graph)


def _epoch_end(callback: Any, epoch: int, logs: Any = None) -> None:
    """Whichever batch was the last one: `update_freq` chooses among batches, and Keras lets it choose epochs too."""
    with callback.summary.record_if(True):
        type(callback).on_epoch_end(callback, epoch, logs)


def _test_end(callback: Any, logs: Any = None) -> None:
    """The same for a validation, whose writer is given back only when its figures are written."""
    update_freq, callback.update_freq = callback.update_freq, "epoch"
    with callback.summary.record_if(True):
        type(callback).on_test_end(callback, logs)
    callback.update_freq = update_freq
    callback._pop_writer()


def _at_step(callback: Any, write: Callable[..., None], step: Callable[[], int], epoch: int, *rest: Any) -> None:
    """What belongs to an epoch, written at the step where it ends."""
    write(callback, step(), *rest)


def tensorboard_notes(callbacks: list[Any], model: keras.Model, num_batches: int) -> list[str]:
    """What TensorBoard callbacks are asked for and will not show.

    Args:
        num_batches: how many the training has.
    """
    notes = []
    for callback in _boards(callbacks):
        if callback._should_trace and callback._start_batch > num_batches:
            notes.append(f"TensorBoard is to profile batch {callback._start_batch:,}, and there are {num_batches:,}")
        if callback.update_freq != "epoch" and callback.update_freq > num_batches:
            notes.append(f"TensorBoard shows every {callback.update_freq:,}th batch, and there are {num_batches:,}")
        if callback.write_images and callback.histogram_freq:
            weights = [weight for layer in model.layers for weight in layer.weights if not _has_image(weight.shape)]
            notes += [f"TensorBoard shows no image of {w.path}: {'×'.join(map(str, w.shape)) or '1'}" for w in weights]
    return notes


def _has_image(shape: tuple[int, ...]) -> bool:
    """Whether the callback makes images of weights of this shape; axes of one do not count."""
    sizes = [size for size in shape if size != 1]
    return 1 <= len(sizes) <= 3 or (len(sizes) == 4 and sizes[-1] in (3, 4))


def _boards(callbacks: list[Any]) -> list[Any]:
    return [callback for callback in callbacks if isinstance(callback, keras.callbacks.TensorBoard)]
