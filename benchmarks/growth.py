"""How time and memory grow: `python benchmarks/growth.py`.

Ten times the rows may cost 10.5 times the time; an epoch that does nearly nothing 0.3 ms; 100,000 epochs no memory.
"""

import resource
import statistics
import time

from kerasrun.model.backend import start_backend

start_backend(None)

import keras  # noqa: E402
import numpy as np  # noqa: E402

from kerasrun.data import Rows  # noqa: E402
from kerasrun.training.choice import choose_program  # noqa: E402
from kerasrun.training.engine import engine_for  # noqa: E402
from kerasrun.training.epochs import EpochLoop  # noqa: E402
from kerasrun.training.program import Program  # noqa: E402


def unprepared(x, training=False):
    return x


def loop(num_rows, units, epochs, batch_size, callbacks=()):
    """A loop over random rows of 20 columns."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(units, activation="relu"), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)
    program = Program(model, unprepared, batch_size, engine_for(model, choose_program([model], False)[0]))
    x = np.random.default_rng(0).normal(size=(num_rows, 20)).astype("float32")
    train = program.to_device(Rows(x, x[:, :1]))
    program.build(train)
    made = EpochLoop(program, list(callbacks), train, epochs=epochs)
    made.compile()
    return made


def seconds_of_an_epoch(num_rows):
    """The median of five epochs after the first."""
    ends = [event.time_s for event in loop(num_rows, 64, 6, 1024).run() if hasattr(event, "time_s")]
    return statistics.median(ends[1:])


def main():
    rounds = [(seconds_of_an_epoch(100_000), seconds_of_an_epoch(1_000_000)) for _ in range(3)]
    ratio = statistics.median(many / few for few, many in rounds)
    print(f"ten times the rows: {ratio:.2f} times the time (limit 10.5)")
    for name, callbacks in (("", []), (", with a callback", [keras.callbacks.Callback()])):
        nothing = loop(1, 1, 20_000, 1, callbacks)
        begun = time.perf_counter()
        for _ in nothing.run():
            pass
        each = (time.perf_counter() - begun) / 20_000
        print(f"an epoch of one row{name}: {each * 1000:.3f} ms (limit 0.3)")
    peaks = []
    for event in loop(8, 1, 100_000, 8).run():
        if getattr(event, "epoch", 0) in (1_000, 99_000):
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(f"from epoch 1,000 to 99,000: {peaks[1] - peaks[0]:+.1f} MB")


if __name__ == "__main__":
    main()
