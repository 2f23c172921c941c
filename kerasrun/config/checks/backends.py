"""Settings that one of the backends cannot follow."""

from typing import Any

from kerasrun.config.faults import Faults
from kerasrun.config.specs import ObjectSpec

# Keras 3.15 on TensorFlow: the momentum is overwritten before it is read, so that this cancels out.
LOST_BETA = "on TensorFlow, Keras overwrites what beta_1 acts on before it is read"


def check_backend(backend: str, training: dict[str, Any], optimizer: ObjectSpec | None, faults: Faults) -> None:
    """Note what the chosen backend cannot do as a fault.

    Args:
        training: the section as written.
    """
    if backend == "jax" and training.get("program") == "graph":
        faults.add(("training", "program"), "JAX always compiles with XLA; a graph is TensorFlow's", at_key=True)
    if backend == "jax" and training.get("dtype_policy") == "float64":
        faults.add(("training", "dtype_policy"), "Keras on JAX computes in single precision at most", at_key=True)
    if optimizer is None or optimizer.own or optimizer.class_name != "ScheduleFreeAdamW":
        return
    if backend == "tensorflow" and optimizer.arguments.get("beta_1", 0.9) != 0.9:
        place = (*optimizer.path, optimizer.name, "beta_1")
        message = f"ScheduleFreeAdamW: 'beta_1' has no effect: {LOST_BETA}"
        faults.add(place, message, "leave it out, or write backend: jax", at_key=True)
