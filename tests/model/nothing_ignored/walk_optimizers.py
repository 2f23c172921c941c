"""Every argument of every optimizer and schedule changes the steps that it makes, or the names it writes."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from training_parts import operation_names, part_of
from walk import Stages, Walk, beside, fails, shown

from kerasrun.model.backend import isolated_state

GENERATOR = np.random.default_rng(5)

# Two layers' weights, and gradients for three steps; the second one is large.
GRADIENTS = [
    [GENERATOR.normal(size=shape).astype("float32") * size for shape in ((5, 3), (3, 4), (4,))] for size in (1, 100, 1)
]


def observe_optimizer(name: str, arguments: dict[str, Any]) -> Stages:
    keras.utils.set_random_seed(1)
    optimizer = part_of(optimizer={name: arguments})
    embedding = keras.layers.Embedding(5, 3, name="embedding")
    dense = keras.layers.Dense(4, name="dense")
    embedding.build()
    dense.build((None, 3))
    weights = [*embedding.weights, *dense.weights]
    with isolated_state("float32"):
        optimizer.build(weights)
    for gradients in GRADIENTS:
        optimizer.apply([keras.ops.convert_to_tensor(gradient) for gradient in gradients], weights)
    yield "weights", [np.asarray(weight) for weight in weights]
    yield "scaled loss", float(optimizer.scale_loss(1.0))
    optimizer.finalize_variable_values(weights)
    yield "weights in the end", [np.asarray(weight) for weight in weights]
    yield "names of variables", [variable.path for variable in optimizer.variables]


OPTIMIZERS = Walk(
    "optimizers",
    {
        "learning_rate": 0.3,
        "ScheduleFreeAdamW.beta_1": fails(0.5, "has no effect: on TensorFlow"),
        "rho beta_1 beta_2 adam_beta_1 adam_beta_2 rms_rate": 0.5,
        "ema_momentum": beside(0.5, use_ema=True),
        "ema_overwrite_frequency": beside(2, use_ema=True),
        "use_ema centered amsgrad": True,
        "Muon.nesterov": shown(False, momentum=0.9),
        "nesterov": beside(True, momentum=0.9),
        "momentum": 0.5,
        "epsilon epsilon_1 epsilon_2": 0.1,
        "weight_decay adam_weight_decay": 0.1,
        "clipnorm clipvalue global_clipnorm": 0.01,
        "loss_scale_factor": 8.0,
        "gradient_accumulation_steps": 2,
        "name": "mine",
        "beta_2_decay": -0.5,
        "clip_threshold": 0.01,
        "relative_step": beside(False, learning_rate=1.0),
        "initial_accumulator_value beta l?_regularization_strength l2_shrinkage_regularization_strength": 0.5,
        "learning_rate_power": -0.2,
        "inner_optimizer": {"Adam": {"learning_rate": 0.1}},
        "initial_scale": 4.0,
        "dynamic_growth_steps": 2,
        "exclude_layers": ["dense"],
        "exclude_embeddings": False,
        "muon_a muon_b muon_c": 1.5,
        "adam_lr_ratio": 3.0,
        "ns_steps": 2,
        "warmup_steps": 4,
    },
    {},
    observe_optimizer,
    {"LossScaleOptimizer": {"inner_optimizer": "SGD"}, "*": {"learning_rate": 0.1}},
)


def observe_schedule(name: str, arguments: dict[str, Any]) -> Stages:
    schedule = part_of(optimizer={"SGD": {"learning_rate": {name: arguments}}})._learning_rate
    yield "rates", [float(schedule(step)) for step in range(0, 40)]
    yield "names of operations", operation_names(lambda step: schedule(step), tf.constant(1.0))


SCHEDULES = Walk(
    "schedules",
    {
        "initial_learning_rate": 0.3,
        "decay_steps first_decay_steps": 7,
        "decay_rate": 0.2,
        "alpha end_learning_rate": 0.05,
        "power t_mul m_mul": 3.0,
        "staircase cycle": True,
        "name": "mine",
        "warmup_steps": beside(4, warmup_target=0.3),
        "warmup_target": beside(0.5, warmup_steps=4),
        "boundaries": [3, 12],
        "values": [0.2, 0.01, 0.001],
    },
    {},
    observe_schedule,
    {
        "CosineDecay PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10},
        "CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 10},
        "ExponentialDecay InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
        "PiecewiseConstantDecay": {"boundaries": [5, 10], "values": [0.1, 0.01, 0.001]},
    },
)

WALKS = [OPTIMIZERS, SCHEDULES]
