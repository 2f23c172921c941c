"""Start the backend: threads, seed and precision are set before Keras is first imported."""

import contextlib
import gc
import importlib
import os
import platform
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kerasrun.errors import InputError

# Instructions that change in which order and precision sums and products are taken.
INSTRUCTIONS = ("avx", "fma", "avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd", "sve")

# Environment variables that change what the backend computes. Their names are recorded, not their values.
VARIABLES = {"TF_ENABLE_ONEDNN_OPTS", "XLA_FLAGS", "TF_XLA_FLAGS", "TF_DETERMINISTIC_OPS", "NVIDIA_TF32_OVERRIDE"}


def available_cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_backend(threads: int | None, verbose: bool = False, name: str = "tensorflow") -> int:
    """Import Keras on a backend with a fixed number of threads.

    Args:
        threads: how many threads one operation may use; None for as many as there are cores.
        verbose: whether the backend's own messages are shown.
        name: `tensorflow` or `jax`. Whatever Keras's own settings name counts for nothing.

    Returns:
        The number of threads in use. Where the backend already ran, as in a notebook, it may differ from `threads`.

    Raises:
        InputError: Keras already runs on another backend, or cannot be imported.
    """
    count = threads or available_cores()
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = name
    elif (running := sys.modules["keras"].backend.backend()) != name:
        raise InputError(f"Keras runs on {running} here; start anew to use {name}")
    if not verbose:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with contextlib.nullcontext() if verbose else silent_stderr(), no_garbage_collection():
        try:
            in_use = {"tensorflow": _start_tensorflow, "jax": _start_jax}[name](count, verbose)
            importlib.import_module("keras")
        except ImportError as error:
            hint = f"; pip install 'kerasrun[{name}]'" if name == "jax" else ""
            raise InputError(f"Keras cannot be started on {name}: {error}{hint}") from error
    return in_use


_JAX_THREADS: int | None = None


def _start_tensorflow(threads: int, verbose: bool) -> int:
    import tensorflow as tf

    with contextlib.suppress(RuntimeError):  # already running: its threads stay as they are
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    if not verbose:
        tf.get_logger().setLevel("ERROR")
    tf.constant(0)  # starts the runtime, which has more to say
    return tf.config.threading.get_intra_op_parallelism_threads() or available_cores()


def _start_jax(threads: int, verbose: bool) -> int:
    """JAX takes its threads from the environment, once, when its runtime starts."""
    global _JAX_THREADS
    import jax

    if _JAX_THREADS is None:
        before = os.environ.get("NPROC")
        os.environ["NPROC"] = str(threads)
        jax.devices()
        _JAX_THREADS = threads
        os.environ.pop("NPROC") if before is None else os.environ.update(NPROC=before)
    return _JAX_THREADS


def load_tensorflow_quietly() -> None:
    """Load TensorFlow for a callback that writes with it, whatever the backend."""
    with silent_stderr():
        importlib.import_module("tensorflow").constant(0)  # its runtime has things to say too


def set_seed(seed: int) -> None:
    """Seed every generator that building and training a model draws from."""
    import keras

    with tensorflow_left_out():
        keras.utils.set_random_seed(seed)


@contextlib.contextmanager
def tensorflow_left_out() -> Iterator[None]:
    """Where another backend runs, let Keras not load TensorFlow to see whether anything is of its types.

    Keras does so when it seeds and when it saves. What needs TensorFlow itself, as TensorBoard does, still loads it.
    """
    from keras.src.utils import module_utils  # Keras has no public way to say so

    left_out = "tensorflow" not in sys.modules and hasattr(module_utils.tensorflow, "_available")
    before = module_utils.tensorflow._available if left_out else None
    if left_out:
        module_utils.tensorflow._available = False
    try:
        yield
    finally:
        if left_out:
            module_utils.tensorflow._available = before


@contextlib.contextmanager
def isolated_state(dtype_policy: str) -> Iterator[None]:
    """Set the dtype policy and begin naming layers anew; afterwards put all that back, and the generators.

    A notebook that calls kerasrun keeps its own state: policy, names, and Python's and numpy's generators.
    """
    import keras
    import numpy as np
    from keras.src.backend.common import global_state  # Keras has no public way to begin its names anew

    names = global_state.get_global_attribute("object_name_uids")
    floatx = keras.config.floatx()
    policy, python_state, numpy_state = keras.config.dtype_policy(), random.getstate(), np.random.get_state()  # noqa: NPY002
    global_state.set_global_attribute("object_name_uids", None)  # layers are named as in a process of their own
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy(dtype_policy)
    try:
        yield
    finally:
        global_state.set_global_attribute("object_name_uids", names)
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002


@contextlib.contextmanager
def silent_stderr() -> Iterator[None]:
    """Hold back what libraries write to standard error beneath Python; shown after all if an exception passes."""
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:
            os.dup2(saved, 2)
            held.seek(0)
            os.write(2, held.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)


@contextlib.contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Search for no garbage meanwhile: importing TensorFlow makes none, and is a fifth faster so."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def environment(threads: int) -> dict[str, Any]:
    """What the bits of a run depend on beside its config: versions, platform, threads, device."""
    import keras
    import numpy as np

    name = keras.backend.backend()
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": _processor(),
        "instructions": _instructions(),
        "keras": keras.__version__,
        name: sys.modules[name].__version__,
        "numpy": np.__version__,
        "backend": name,
        "threads": threads,
        "device": ", ".join(gpus()) or "CPU",
        "variables": " ".join(sorted(os.environ.keys() & VARIABLES)),
    }


def gpus() -> list[str]:
    """The names of the GPUs that the backend uses."""
    import keras

    if keras.backend.backend() == "jax":
        import jax

        return [device.device_kind for device in jax.devices() if device.platform != "cpu"]
    import tensorflow as tf

    details = tf.config.experimental.get_device_details
    return [details(gpu).get("device_name", gpu.name) for gpu in tf.config.list_physical_devices("GPU")]


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _instructions() -> str:
    """Which of the instructions that change sums and products the processor has, where Linux tells."""
    flags = (_cpuinfo("flags") or _cpuinfo("Features")).split()
    return " ".join(name for name in INSTRUCTIONS if name in flags)


def _cpuinfo(name: str) -> str:
    """What Linux says of the first processor."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "")
    except OSError:
        return ""


def text_batches(batches: Iterable[list[str]]) -> Any:
    """Batches of texts, which are gone through once, as Keras's preprocessing layers adapt to them on any backend."""
    import tensorflow as tf

    return tf.data.Dataset.from_generator(lambda: batches, output_signature=tf.TensorSpec((None,), tf.string))
