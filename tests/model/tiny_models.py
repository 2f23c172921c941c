"""From the text of a config to a model that has trained a step."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import keras
import numpy as np

from kerasrun.data.rows import Rows
from kerasrun.model.build import build_model
from kerasrun.model.compile import compile_model
from kerasrun.model.objects import ObjectBuilder
from kerasrun.training.engine import engine_for
from kerasrun.training.program import Program

NUM_ROWS = 4


@dataclass
class Compiled:
    """A compiled model, and the config it was built from."""

    config: Any
    model: keras.Model

    def train_step(self, x: Any, y: Any) -> dict[str, float]:
        """Train on all rows in one step of the program, a graph since it compiles sooner; loss and metrics."""
        program = Program(self.model, lambda batch, training=False: batch, NUM_ROWS, engine_for(self.model, "graph"))
        rows = program.to_device(Rows(x, y))
        program.build(rows)
        order = program.engine.tensor(np.arange(NUM_ROWS, dtype=np.int32)[None])
        [figures] = program.epochs(rows, [])(order, first=0, num_epochs=1, start=0, stop=1)
        return figures.logs


def shapes_of(x: Any) -> Any:
    """Shape and dtype of the inputs, as the prepared data gives them."""
    if isinstance(x, dict):
        return {name: shapes_of(array) for name, array in x.items()}
    return x.shape[1:], x.dtype.name if x.dtype.kind == "i" else "float32"


def built(config: Any, x: Any) -> keras.Model:
    """The model of a config for such inputs, as a run builds it."""
    keras.utils.clear_session(free_memory=False)  # names of layers count from 0 in each model
    keras.utils.set_random_seed(config.seed)
    return build_model(config, shapes_of(x), ObjectBuilder(config))


def compiled(config: Any, x: Any) -> Compiled:
    """The model of a config for such inputs, built and compiled as a run does it."""
    model = built(config, x)
    compile_model(model, config, ObjectBuilder(config))
    return Compiled(config, model)


def fitting(table: dict[str, Any], name: str) -> Any:
    """What a table says of a class: the value of the first of its patterns that the name fits, or None."""
    found = (value for patterns, value in table.items() if any(fnmatchcase(name, p) for p in patterns.split()))
    return next(found, None)
