"""Trains the same model with kerasrun's programs and with Keras's own `fit`, and holds them against each other.

Tolerance: all run the same float32 operations, but each program may order sums and fuse products in its own way.
Over these few hundred operations that stays within 2e-5 relative (float32 has 1.2e-7 a rounding).
"""

import keras
import numpy as np

from kerasrun.data import Rows
from kerasrun.training.engine import engine_for
from kerasrun.training.epochs import EpochLoop
from kerasrun.training.events import EpochEnd, Evaluation
from kerasrun.training.order import epoch_order
from kerasrun.training.program import Program
from kerasrun.training.steps import StepLoop

TOLERANCE = {"rtol": 2e-5, "atol": 2e-6}
# Every program of the backend: TensorFlow's graph, and XLA on both.
PROGRAMS = ["xla"] if keras.backend.backend() == "jax" else ["graph", "xla"]
SEED = 5


def unprepared(x, training=False):
    """Rows as they come."""
    return x


def rows(count=50, classes=3, seed=0):
    """Rows whose class is the largest of their first inputs."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(count, 6)).astype("float32")
    return Rows(x, x[:, :classes].argmax(axis=1).astype("int32"))


def classifier(*layers, optimizer="adam", **compile_arguments):
    """A compiled net for three classes; alike to the bit in each call."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((6,)), *layers, keras.layers.Dense(3, activation="softmax")])
    arguments = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]} | compile_arguments
    model.compile(optimizer=keras.optimizers.get(optimizer), **arguments)
    return model


def loop(
    kind,
    program,
    model,
    train,
    validation=None,
    batch_size=8,
    callbacks=(),
    prepare=unprepared,
    test_rows=None,
    **more,
):
    """A loop of kerasrun's, ready to run."""
    compiled = Program(model, prepare, batch_size, engine_for(model, program), test_rows)
    on_device = compiled.to_device(train)
    model.optimizer.build(model.trainable_variables)
    compiled.build(on_device)
    held = compiled.to_device(validation) if validation else None
    return kind(compiled, list(callbacks), on_device, held, seed=SEED, **more)


def run(program, model, train, validation=None, epochs=3, **more):
    """The ends of the epochs of kerasrun's loop."""
    events = loop(EpochLoop, program, model, train, validation, epochs=epochs, **more).run()
    return [event for event in events if isinstance(event, EpochEnd)]


def run_steps(program, model, train, validation=None, **more):
    """The evaluations of kerasrun's loop over steps."""
    events = loop(StepLoop, program, model, train, validation, **more).run()
    return [event for event in events if isinstance(event, Evaluation)]


def fit(model, train, validation=None, epochs=3, batch_size=8, callbacks=()):
    """The history of Keras's own loop over the same batches, on TensorFlow as a graph: it compiles sooner."""
    if keras.backend.backend() == "tensorflow":
        model.jit_compile = False

    def batches():
        take = lambda array: array[chosen]  # noqa: E731
        for epoch in range(epochs + 1):
            order = epoch_order(len(train), SEED, epoch)
            for start in range(0, len(train), batch_size):
                chosen = order[start : start + batch_size]
                weights = () if train.sample_weight is None else (train.sample_weight[chosen],)
                yield (keras.tree.map_structure(take, train.x), keras.tree.map_structure(take, train.y), *weights)

    return model.fit(
        batches(),
        epochs=epochs,
        steps_per_epoch=-(-len(train) // batch_size),
        validation_data=None if validation is None else (validation.x, validation.y),
        validation_batch_size=batch_size,
        verbose=0,
        shuffle=False,
        callbacks=list(callbacks),
    ).history


def assert_same_as_fit(make, train, validation=None, callbacks=list, tolerance=TOLERANCE, flags=None, **more):
    """Every program gives fit's figures and weights.

    Args:
        make: makes the compiled model.
        callbacks: makes the callbacks.
        flags: what kerasrun's loop is told of them.

    Returns:
        The ends of the epochs of the last program.
    """
    theirs = make()
    start = [np.array(variable) for variable in theirs.variables]
    history = fit(theirs, train, validation, callbacks=callbacks(), **more)
    for program in PROGRAMS:
        ours = make()
        for variable, value in zip(ours.variables, start, strict=True):
            variable.assign(value)
        epochs = run(program, ours, train, validation, callbacks=callbacks(), **(flags or {}), **more)
        assert len(epochs) == len(history["loss"])
        for name, values in history.items():
            figures = [epoch.learning_rate if name == "learning_rate" else epoch.logs[name] for epoch in epochs]
            np.testing.assert_allclose(figures, values, **tolerance, err_msg=f"{name}, {program}")
        for variable, other in zip(ours.variables, theirs.variables, strict=True):
            if "seed" not in variable.path:
                message = f"{variable.path}, {program}"
                np.testing.assert_allclose(np.array(variable), np.array(other), **tolerance, err_msg=message)
    return epochs
