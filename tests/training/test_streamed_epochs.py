"""A training on streamed rows is the same as on the same rows, in the same order, from memory."""

import copy

import keras
import numpy as np
import pytest
from parity import PROGRAMS, SEED, TOLERANCE, classifier, loop, rows

from kerasrun.data.streamed import Streamed
from kerasrun.training.blocks import Blocks
from kerasrun.training.engine import engine_for
from kerasrun.training.epochs import EpochLoop
from kerasrun.training.events import EpochEnd, Paused
from kerasrun.training.program import Program
from kerasrun.training.state import State, read_variables
from kerasrun.training.streamed_epochs import StreamedLoop, close_blocks

TRAIN, HELD = rows(53), rows(21, seed=1)
ROW_BYTES, WINDOW, CHUNK, BATCH = 12, 16, 3, 8


def streamed(whole):
    return Streamed(lambda chosen: whole.x[chosen], 0, len(whole), whole.y, ROW_BYTES, WINDOW, CHUNK)


def net():
    keras.utils.set_random_seed(1)  # initializers draw their seeds where layers are made
    return classifier(keras.layers.Dense(8, activation="relu"), keras.layers.Dropout(0.3, seed=4))


def streamed_loop(program, epochs=3, shuffle=True, **more):
    model = net()
    compiled = Program(model, lambda x, training=False: x, BATCH, engine_for(model, program))
    model.optimizer.build(model.trainable_variables)
    compiled.build(compiled.to_device(TRAIN.head()))
    train = Blocks(streamed(TRAIN), compiled.to_device, BATCH, SEED, shuffle)
    held = compiled.supply(streamed(HELD))
    return StreamedLoop(compiled, [], validation=held, seed=SEED, epochs=epochs, train=train, **more)


def ends(running):
    return [event for event in running.run() if isinstance(event, EpochEnd)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_in_the_files_order_its_figures_are_those_of_memory(program):
    ours = streamed_loop(program, shuffle=False)
    theirs = loop(EpochLoop, program, net(), TRAIN, HELD, batch_size=BATCH, shuffle=False, epochs=3)
    for mine, other in zip(ends(ours), ends(theirs), strict=True):
        assert mine.logs.keys() == other.logs.keys() == {"loss", "accuracy", "val_loss", "val_accuracy"}
        np.testing.assert_allclose(list(mine.logs.values()), list(other.logs.values()), **TOLERANCE)
    close_blocks(ours)


def test_a_shuffled_epoch_is_one_on_the_rows_of_its_order():
    """The same rows, laid out in memory in the order of the windows and left in it, make the same epoch."""
    ours = streamed_loop(PROGRAMS[0], epochs=1)
    order = np.concatenate([ours.train.order.rows(0, index, True) for index in range(ours.train.order.num_windows)])
    laid_out = TRAIN.take(order)
    theirs = loop(EpochLoop, PROGRAMS[0], net(), laid_out, HELD, batch_size=BATCH, shuffle=False, epochs=1)
    [mine], [other] = ends(ours), ends(theirs)
    np.testing.assert_allclose(list(mine.logs.values()), list(other.logs.values()), **TOLERANCE)
    close_blocks(ours)


def copied(state):
    """A state that the loop does not go on with."""
    return State(copy.deepcopy(state.place), [np.array(value) for value in state.variables], state.memories)


@pytest.mark.parametrize(
    "single", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["one step a call", "as they come"]
)
def test_from_each_of_some_pauses_it_ends_with_the_same_bits(single):
    first = streamed_loop(PROGRAMS[0], train_batches=single)
    states = [copied(first.state()) for event in first.run() if isinstance(event, Paused) and event.has_state]
    close_blocks(first)
    end = [np.array(value) for value in read_variables(first.model)]
    for state in states[:: max(1, len(states) // 4)]:
        again = streamed_loop(PROGRAMS[0], train_batches=single, resumed=state)
        ends(again)
        close_blocks(again)
        for value, expected in zip(read_variables(again.model), end, strict=True):
            np.testing.assert_array_equal(value, expected)


def test_no_batch_reaches_over_a_windows_end():
    blocks = Blocks(streamed(TRAIN), len, 5)
    assert blocks.order.window == 15
    assert [blocks.window(0, index) for index in range(4)] == [15, 15, 15, 8]
    assert list(blocks.spans(2, 11)) == [(0, 2, 3), (1, 0, 3), (2, 0, 3), (3, 0, 2)]
    assert list(blocks.spans(4, 4)) == [(0, 0, 0)]
    blocks.close()


def test_an_error_of_reading_comes_to_who_trains():
    def broken(chosen):
        if chosen.max() > 20:
            raise ValueError("the disk is gone")
        return TRAIN.x[chosen]

    blocks = Blocks(Streamed(broken, 0, len(TRAIN), TRAIN.y, ROW_BYTES, WINDOW, CHUNK), len, BATCH)
    blocks.window(0, 0)
    with pytest.raises(ValueError, match="the disk is gone"):
        blocks.window(0, 1)
    blocks.close()
