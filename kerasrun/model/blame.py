"""Whose fault an error within the loop is."""

import traceback
from typing import Any

import keras

from kerasrun.model.objects import first_lines


def blame(error: BaseException) -> str | None:
    """What of the user's input an error in the loop comes from: a callback, or rows that a layer cannot take.

    Returns:
        A line that names it, or None where it is neither and so a bug.
    """
    callback = _callback_in(error)
    if callback is not None:
        return f"the callback {type(callback).__name__} failed: {first_lines(error)}"
    kind = type(error).__name__ + str(error)  # JAX has one class for all errors, and puts the kind before the text
    if "ResourceExhausted" in kind or "RESOURCE_EXHAUSTED" in kind:
        return f"there is not enough memory: {first_lines(error, 1)}; a smaller batch_size needs less"
    if type(error).__name__ == "InvalidArgumentError" or ("INVALID_ARGUMENT" in kind and "onat" not in kind):
        return f"the data does not fit the model: {first_lines(error, 1)}"
    return None


def layer_in(error: BaseException) -> Any:
    """The innermost layer whose call an error passed through, or None."""
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        owner = frame.f_locals.get("self")
        if isinstance(owner, keras.layers.Layer) and not isinstance(owner, keras.Model):
            found = owner
    return found


def _callback_in(error: BaseException) -> Any:
    """The innermost callback whose method the error passed through."""
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        owner = frame.f_locals.get("self")
        if isinstance(owner, keras.callbacks.Callback) and not isinstance(owner, keras.callbacks.CallbackList):
            found = owner
    return found
