"""A model file passes where it holds what Keras writes; anything else is refused before Keras opens it.

What is refused is told with its place, and with what a user can do who trusts the file all the same.
"""

import io
import json
import random
import re
import struct
import time
import zipfile

import h5py
import keras
import numpy as np
import pytest
from keras import layers, ops
from keras.src.applications.convnext import LayerScale, StochasticDepth

import kerasrun as package
from kerasrun.config.catalogue import load_catalogue
from kerasrun.data.files.arrays import read_npz
from kerasrun.errors import InputError
from kerasrun.model.judging.config import judge_config
from kerasrun.model.judging.file import judge_model_file
from kerasrun.model.judging.names import Refusal
from kerasrun.model.judging.sizes import rows_at_once
from kerasrun.model.judging.weights import judge_weights
from kerasrun.model.saved import load_keras_model
from kerasrun.report.history import load_history
from tests.conftest import TINY

TRUST = "if you trust whoever made the file, load it all the same with --trust-model (from Python trust_model=True)"
NUM_WEIGHTS = 3 * 4 + 4 + 4 * 2 + 2
NUM_IN_FILE = NUM_WEIGHTS + 2  # and the optimizer's: how many steps were made, and the learning rate


def perceptron():
    net = [keras.Input((3,), name="x"), layers.Dense(4, "relu", name="hidden"), layers.Dense(2, name="out")]
    model = keras.Sequential(net, name="net")
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def convolutional():
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Rescaling(1 / 255),
            layers.RandomFlip("horizontal", seed=1),
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-3)),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(3, layers.LeakyReLU(0.1), kernel_constraint="max_norm", bias_initializer="ones"),
        ]
    )


def recurrent():
    return keras.Sequential(
        [
            keras.Input((5, 2)),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True), backward_layer=None),
            layers.RNN([layers.GRUCell(3), layers.LSTMCell(2)], return_sequences=True),
            layers.TimeDistributed(layers.Dense(2, activation=keras.ops.tanh)),
            layers.GRU(2, unroll=True),
        ]
    )


def graph():
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    both = layers.Concatenate()([layers.Dense(3)(a), layers.Dense(3)(b)])
    model = keras.Model({"a": a, "b": b}, {"u": layers.Dense(1, name="u")(both), "v": layers.Dense(2, name="v")(both)})
    model.compile("adam", {"u": "mse", "v": keras.losses.Huber()}, metrics={"u": ["mae"], "v": None})
    return model


def nested():
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(3)], name="inner")
    x, y = keras.Input((3,)), keras.Input((3,))
    shared = keras.Model(x, layers.Add()([inner(x), inner(inner(x))]), name="shared")
    return keras.Model([x, y], layers.Average()([shared(x), shared(y)]))


def operations():
    x = keras.Input((6, 2))
    y = (ops.exp(x[:, ::2, 0]) + 1.0) * 2 / ops.mean(x)
    return keras.Model(x, ops.concatenate([y, ops.relu(y), ops.cast(ops.argmax(x, axis=1), "float32")], axis=-1))


def attention():
    x = keras.Input((5, 4))
    y = layers.LayerNormalization()(layers.MultiHeadAttention(2, 3)(x, x) + x)
    return keras.Model(x, layers.GlobalAveragePooling1D()(layers.EinsumDense("abc,cd->abd", (None, 3))(y)))


def with_vocabulary():
    return keras.Sequential(
        [
            keras.Input((1,), dtype="string"),
            layers.TextVectorization(vocabulary=["one", "two", "Lambda"], output_sequence_length=4),
            layers.Embedding(5, 2),
            layers.GlobalAveragePooling1D(),
        ]
    )


def with_adapted_vocabulary():
    text = layers.TextVectorization(output_mode="multi_hot")
    text.adapt(["one two", "two three"])
    return keras.Sequential([keras.Input((1,), dtype="string"), text, layers.Dense(1)])


def application():
    return keras.applications.MobileNetV3Small((32, 32, 3), weights=None, classes=3)


def parts_of_applications():
    x = keras.Input((4,))
    return keras.Model(x, StochasticDepth(0.1)(LayerScale(1e-6, 4)(x)))


def mixed_precision():
    net = [keras.Input((3,)), layers.Dense(2, dtype="mixed_float16"), layers.Dense(2, dtype="bfloat16")]
    model = keras.Sequential(net)
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(1e-3)), "mse")
    return model


def quantized():
    model = keras.Sequential([keras.Input((8,)), layers.Dense(4), layers.Dense(2)])
    for layer in model.layers:
        layer.quantize("int8")
    return model


def scheduled():
    model = perceptron()
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 100)
    metrics = [keras.metrics.AUC(name="auc"), "accuracy", keras.metrics.mean_absolute_error]
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=0.1), keras.losses.cosine_similarity, metrics)
    return model


MADE = {
    make.__name__: make
    for make in (
        perceptron,
        convolutional,
        recurrent,
        graph,
        nested,
        operations,
        attention,
        with_vocabulary,
        with_adapted_vocabulary,
        application,
        parts_of_applications,
        mixed_precision,
        quantized,
        scheduled,
    )
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A model file of each kind, by its name."""
    folder = tmp_path_factory.mktemp("saved")
    for name, make in MADE.items():
        make().save(folder / f"{name}.keras")
    return {name: folder / f"{name}.keras" for name in MADE}


class TestWhatKerasWritesPasses:
    @pytest.mark.parametrize("name", MADE)
    def test_a_model(self, saved, name):
        with h5py.File(io.BytesIO(zipfile.ZipFile(saved[name]).read("model.weights.h5"))) as weights:
            sizes = []
            weights.visititems(lambda _, thing: sizes.append(getattr(thing, "size", 0)))
        assert judge_model_file(saved[name]) == sum(sizes)
        assert load_keras_model(saved[name]).count_params() > 0 or name == "operations"

    @pytest.mark.parametrize("name", load_catalogue().kinds["optimizers"].entries)
    def test_every_optimizer(self, name):
        model = perceptron()
        inner = [keras.optimizers.SGD()] if name == "LossScaleOptimizer" else []
        model.compile(getattr(keras.optimizers, name)(*inner), "mse")
        judge_config(written(model), frozenset(), NUM_WEIGHTS)

    @pytest.mark.parametrize("name", load_catalogue().kinds["losses"].entries)
    def test_every_loss(self, name):
        model = perceptron()
        model.compile("sgd", getattr(keras.losses, name)())
        judge_config(written(model), frozenset(), NUM_WEIGHTS)

    @pytest.mark.parametrize("name", load_catalogue().kinds["activations"].functions)
    def test_every_activation(self, name):
        model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation=name)])
        judge_config(written(model), frozenset(), 16)

    def test_a_file_that_was_packed_again(self, saved, tmp_path):
        with zipfile.ZipFile(tmp_path / "model.keras", "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in members_of(saved["convolutional"]).items():
                packed.writestr(name, content)
        assert judge_model_file(tmp_path / "model.keras") == judge_model_file(saved["convolutional"])

    def test_classes_of_the_users_own(self, tmp_path):
        (tmp_path / "own.py").write_text(
            "import keras\n\nclass Doubled(keras.layers.Layer):\n    def call(self, x):\n        return x * 2\n"
        )
        text = TINY.replace("  - Dense: 1", "  - Dense: 1\n  - Doubled")
        (tmp_path / "config.yaml").write_text(text)
        imports = [tmp_path / "own.py"]
        run = package.train(tmp_path / "config.yaml", imports=imports, output=tmp_path / "outputs")
        assert package.evaluate(run.folder, imports=imports).figures == pytest.approx(run.metrics["validation"])
        with pytest.raises(InputError) as refused:
            judge_model_file(run.folder / "model.keras")
        assert "is 'kerasrun_import_own.Doubled' registered as 'own>Doubled': it is none of Keras's own" in str(
            refused.value
        )


def written(model):
    """The config.json of a model."""
    return json.loads(json.dumps(keras.saving.serialize_keras_object(model)))


def members_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_zip(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def remade(saved, tmp_path):
    """The perceptron's file with some members replaced."""

    def remake(**changed):
        members = members_of(saved["perceptron"])
        change = changed.pop("config", None)
        if change:
            config = json.loads(members["config.json"])
            change(config)
            members["config.json"] = json.dumps(config)
        members |= {name.replace("_", "."): content for name, content in changed.items()}
        return write_zip(tmp_path / "model.keras", members)

    return remake


def refused(path, **options):
    """The message of a refusal, without the path, and without what it always ends with."""
    with pytest.raises(InputError) as error:
        judge_model_file(path, **options)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    return message.removeprefix(f"{path}: ").removesuffix(f"; {TRUST}")


def hidden(config):
    """The layer of the perceptron that is named hidden."""
    return config["config"]["layers"][1]


def with_class(module, name, /, **inner):
    """Makes the hidden layer one of another class."""
    return lambda config: hidden(config).update(module=module, class_name=name, config={"name": "hidden", **inner})


def with_argument(**arguments):
    return lambda config: hidden(config)["config"].update(arguments)


def compiled_with(**arguments):
    return lambda config: config["compile_config"].update(arguments)


def made_of(module, name, /, **inner):
    return {"module": module, "class_name": name, "config": inner, "registered_name": None}


def distributed(times):
    """Time-distributed layers, one within the other."""
    layer = made_of("keras.layers", "Dense", units=1)
    for _ in range(times):
        layer = made_of("keras.layers", "TimeDistributed", layer=layer)
    return layer


def doubled(times):
    """A model that calls a model twice, which calls one twice, and so on."""
    model = made_of("keras.layers", "Dense", units=1)
    for number in range(times):
        model["inbound_nodes"] = [{"args": [], "kwargs": {}}] * 2
        model = made_of("keras.src.models.functional", "Functional", name=f"m{number}", layers=[model])
    return model


def shared(times):
    """The same by stubs, each of which stands for what bore its number before."""
    models = [
        made_of("keras", "Sequential", name="m0", layers=[made_of("keras.layers", "Dense")]) | {"shared_object_id": 0}
    ]
    for number in range(1, times):
        stub = made_of("keras", "Sequential", name="stub", layers=[]) | {"shared_object_id": number - 1}
        models.append(
            made_of("keras", "Sequential", name=f"m{number}", layers=[stub] * 2) | {"shared_object_id": number}
        )
    return models


PYTHON = {"class_name": "__lambda__", "config": {"value": "4wEAAAAA"}}

REFUSED = {
    "a Lambda": (
        with_class("keras.layers", "Lambda", function=PYTHON),
        "the layer 'hidden' is 'keras.layers.Lambda': it is Python code in the file itself",
    ),
    "Python code as an activation": (
        with_argument(activation=PYTHON),
        "'activation' of the layer 'hidden' is '__lambda__': it is Python code in the file itself",
    ),
    "a saved model elsewhere": (
        with_class("keras.layers", "TFSMLayer", filepath="/tmp/model"),
        "the layer 'hidden' is 'keras.layers.TFSMLayer': it loads another model from a path",
    ),
    "a pickled module": (
        with_class("keras.layers", "TorchModuleWrapper", module="gASV"),
        "the layer 'hidden' is 'keras.layers.TorchModuleWrapper': it unpickles, which can run any code",
    ),
    "a function of the system": (
        with_argument(activation=made_of("os", "function") | {"config": "system"}),
        "'activation' of the layer 'hidden' is the function 'os.system', which is none of Keras's own",
    ),
    "a function of Keras that reads files": (
        with_argument(activation=made_of("keras.saving", "function") | {"config": "load_model"}),
        "'activation' of the layer 'hidden' is the function 'keras.saving.load_model', which is none of Keras's own",
    ),
    "a function of Keras that builds objects": (
        with_argument(activation=made_of("builtins", "function") | {"config": "deserialize"}),
        "'activation' of the layer 'hidden' is the function 'builtins.deserialize', which is none of Keras's own",
    ),
    "a class of the system": (
        with_class("subprocess", "Popen", args=["true"]),
        "the layer 'hidden' is 'subprocess.Popen': it is none of Keras's own that are known to do no harm",
    ),
    "a class of Keras that is no layer": (
        with_class("keras.utils", "get_file", origin="http://localhost"),
        "the layer 'hidden' is 'keras.utils.get_file': it is none of Keras's own that are known to do no harm",
    ),
    "a class within Keras, by its inner module": (
        with_class("keras.src.layers.core.lambda_layer", "Lambda", function="x"),
        "the layer 'hidden' is 'keras.src.layers.core.lambda_layer.Lambda': it is Python code in the file itself",
    ),
    "an operation that takes a function": (
        with_class("keras.src.ops.core", "Map", f="x"),
        "the layer 'hidden' is 'keras.src.ops.core.Map': it is none of Keras's own that are known to do no harm",
    ),
    "a class without a module, which Keras reads in an older way": (
        lambda config: hidden(config).pop("module"),
        "the layer 'hidden' is 'Dense': it is none of Keras's own that are known to do no harm",
    ),
    "a class of Keras under another name": (
        lambda config: hidden(config).update(registered_name="own>Dense"),
        "the layer 'hidden' is 'keras.layers.Dense' registered as 'own>Dense': "
        "it is none of Keras's own that are known to do no harm",
    ),
    "a type of TensorFlow": (
        with_argument(kernel_initializer=made_of("os", "__typespec__") | {"spec_name": "system"}),
        "'kernel_initializer' of the layer 'hidden' is 'os.__typespec__': "
        "it is none of Keras's own that are known to do no harm",
    ),
    "a class whose name is no text": (
        lambda config: hidden(config).update(class_name=["Dense"]),
        "the model 'net' holds a class_name that is no text",
    ),
    "an object where Keras expects none": (
        lambda config: config["build_config"].update(input_shape={"class_name": "Lambda", "config": {}}),
        "'input_shape' of 'build_config' of the model 'net' is 'Lambda': it is Python code in the file itself",
    ),
    "a metric of Python code": (
        compiled_with(metrics=[made_of("keras.metrics", "MeanMetricWrapper", fn=PYTHON)]),
        "'fn' of 'metrics' of 'compile_config' of the model 'net' is '__lambda__': "
        "it is Python code in the file itself",
    ),
    "a loss that Keras does not have": (
        compiled_with(loss="os.system"),
        "'loss' of the model 'net' is 'os.system', which is none of Keras's own",
    ),
    "an optimizer that Keras does not have": (
        compiled_with(optimizer="eval"),
        "'optimizer' of the model 'net' is 'eval', which is none of Keras's own",
    ),
    "an activation that Keras does not have": (
        with_argument(activation="os.system"),
        "'activation' of the layer 'hidden' is 'os.system', which is none of Keras's own",
    ),
    "a vocabulary in a file": (
        with_class("keras.layers", "StringLookup", vocabulary="/etc/passwd"),
        "the layer 'hidden' reads the file '/etc/passwd'",
    ),
    "a text layer with its vocabulary in a file": (
        with_class("keras.layers", "TextVectorization", vocabulary="http://localhost/words"),
        "the layer 'hidden' reads the file 'http://localhost/words'",
    ),
    "what is no model": (
        lambda config: config.update(hidden(config)),
        "its config.json describes 'keras.layers.Dense', which is no model",
    ),
    "a name with control characters": (
        with_class("keras.layers", "Lambda\x1b[2J"),
        r"the layer 'hidden' is 'keras.layers.Lambda\x1b[2J': it is none of Keras's own that are known to do no harm",
    ),
    "a billion units": (
        with_argument(units=10**9),
        "the layer 'hidden' asks for units 1,000,000,000, and the file holds 28 weights in all",
    ),
    "a billion rows of one": (
        with_class("keras.layers", "RepeatVector", n=10**9),
        "the layer 'hidden' asks for n 1,000,000,000; at most 67,108,864 is taken",
    ),
    "an input without end": (
        lambda config: config["config"]["layers"][0]["config"].update(batch_shape=[None, 10**6, 10**6]),
        "the layer 'x' asks for batch_shape 1,000,000,000,000; at most 67,108,864 is taken",
    ),
    "a metric with a billion thresholds": (
        compiled_with(metrics=[made_of("keras.metrics", "AUC", num_thresholds=10**9)]),
        "'metrics' of 'compile_config' of the model 'net' asks for num_thresholds 1,000,000,000; "
        "at most 1,048,576 is taken",
    ),
    "an array of texts without end": (
        with_argument(bias_initializer={"class_name": "__numpy__", "config": {"value": ["a"], "dtype": "U1000000000"}}),
        "'bias_initializer' of the layer 'hidden' holds values of the type 'U1000000000', which is none of Keras's",
    ),
    "a stack of a thousand layers": (
        lambda config: config["config"].update(layers=[made_of("keras.layers", "Flatten")] * 1000),
        "the model 'net' stacks 1,000 layers, which Keras takes hours to build where they are many",
    ),
    "two hundred layers, one within the other": (
        lambda config: config["config"]["layers"].append(distributed(200)),
        "it is nested more than 100 levels deep",
    ),
    "models that call each other a million times": (
        lambda config: config["config"]["layers"].append(doubled(20)),
        "the model 'm11' calls 16,382 layers, counting those within; at most 10,000 are taken",
    ),
    "the same with one for all": (
        lambda config: config["config"]["layers"].extend(shared(20)),
        "the model 'm12' calls 12,287 layers, counting those within; at most 10,000 are taken",
    ),
}


class TestWhatAConfigNames:
    @pytest.mark.parametrize("what", REFUSED)
    def test_is_refused(self, remade, what):
        change, message = REFUSED[what]
        path = remade(config=change)
        with pytest.raises(InputError) as error:
            judge_model_file(path)
        assert str(error.value) == f"{path}: {message}; {TRUST}"

    def test_a_name_of_the_users_own_opens_no_other_way(self, remade):
        def change(config):
            with_class("keras.layers", "Lambda", function=PYTHON)(config)
            hidden(config)["registered_name"] = "own>Layer"

        assert judge_model_file(remade(config=lambda config: None), frozenset({"own>Layer"})) == NUM_IN_FILE
        message = "'function' of the layer 'hidden' is '__lambda__': it is Python code in the file itself"
        assert refused(remade(config=change), own_names=frozenset({"own>Layer"})) == message

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("[" * 100_000, "its config.json is not readable as JSON"),
            ("[" * 900 + "]" * 900, "its config.json describes no model"),
            (
                "[" + "[]," * 2_000_000 + "0]",
                "its config.json holds some 4,000,001 values; at most 2,000,000 are taken",
            ),
            ('{"class_name": ' + "1" * 10_000 + "}", "its config.json is not readable as JSON"),
            ("not JSON", "its config.json is not readable as JSON"),
            ("null", "its config.json describes no model"),
            (b"\xff\xfe\x00", "its config.json is not readable as JSON"),
        ],
    )
    def test_json_that_does_harm(self, remade, content, message):
        begin = time.monotonic()
        assert refused(remade(config_json=content)) == message
        assert time.monotonic() - begin < 5


def weights_file(fill):
    """The bytes of an HDF5 file."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        fill(file)
    return content.getvalue()


def huge(file):
    created = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    created.set_alloc_time(h5py.h5d.ALLOC_TIME_LATE)
    space = h5py.h5s.create_simple((2_000_000_000,))
    h5py.h5d.create(file.id, b"vast", h5py.h5t.NATIVE_FLOAT, space, created)


def virtual(file):
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "data", (4,))
    file.create_virtual_dataset("virtual", layout)


def deep(file):
    for _ in range(100):
        file = file.create_group("g")


def linked_twice(file):
    file.create_group("a/b")
    file["a/b/up"] = file["a"]


def a_type(file):
    file["type"] = np.dtype("f4")


def an_attribute(file):
    file.attrs["words"] = "x" * 40_000
    file.attrs["numbers"] = np.zeros(10)


HOSTILE_WEIGHTS = {
    "a link into another file": (
        lambda file: file.__setitem__("out", h5py.ExternalLink("/etc/passwd", "/")),
        "the group '/' of its weights leads elsewhere by a ExternalLink, 'out'",
    ),
    "a soft link": (
        lambda file: file.__setitem__("soft", h5py.SoftLink("/vars")),
        "the group '/' of its weights leads elsewhere by a SoftLink, 'soft'",
    ),
    "a link in a circle": (linked_twice, "the group '/a/b/up' of its weights stands there more than once"),
    "an array in another file": (
        lambda file: file.create_dataset("out", (4,), "u1", external=[("/etc/passwd", 0, 4)]),
        "the array '/out' of its weights lies in another file",
    ),
    "an array made of others": (virtual, "the array '/virtual' of its weights is made of other arrays"),
    "an array that is not there": (
        huge,
        "the array '/vast' of its weights asks for 8,000,000,000 bytes, and the weights have 2,048 in all",
    ),
    "an array that is packed": (
        lambda file: file.create_dataset("packed", (10**9,), "f4", chunks=(2**20,), compression="gzip"),
        "the array '/packed' of its weights is packed or in pieces; Keras writes each in one piece",
    ),
    "texts": (
        lambda file: file.__setitem__("texts", ["a", "b"]),
        "the array '/texts' of its weights holds something other than numbers",
    ),
    "records": (
        lambda file: file.__setitem__("records", np.zeros(2, [("a", "f4")])),
        "the array '/records' of its weights holds something other than numbers",
    ),
    "references": (
        lambda file: file.create_dataset("references", (1,), h5py.ref_dtype),
        "the array '/references' of its weights holds something other than numbers",
    ),
    "a type of its own": (a_type, "the group '/' of its weights holds a type of its own, 'type'"),
    "an attribute of numbers": (
        an_attribute,
        "the group '/' of its weights has an attribute that is no text, 'numbers'",
    ),
    "many attributes": (
        lambda file: [file.attrs.__setitem__(str(number), "x") for number in range(20)],
        "the group '/' of its weights has 20 attributes",
    ),
    "groups in groups": (deep, "its weights are nested more than 64 levels deep"),
}


class TestWeights:
    @pytest.mark.parametrize("what", HOSTILE_WEIGHTS)
    def test_are_refused(self, remade, what):
        fill, message = HOSTILE_WEIGHTS[what]
        content = weights_file(fill)
        message = message.replace("2,048", f"{len(content):,}")
        path = remade(model_weights_h5=content)
        with pytest.raises(InputError) as error:
            judge_model_file(path)
        assert str(error.value) == f"{path}: {message}; {TRUST}"

    def test_arrays_that_lie_over_each_other_count_each(self):
        content = weights_file(lambda file: [file.__setitem__(name, np.full(500, 7.0)) for name in "abc"])
        with h5py.File(io.BytesIO(content)) as file:
            first, second, third = (struct.pack("<Q", file[name].id.get_offset()) for name in "abc")
        end = struct.unpack("<Q", second)[0]  # the file ends where the second array lay
        assert judge_weights(content) == 1500
        for old, new in ((second, first), (third, first), (struct.pack("<Q", len(content)), struct.pack("<Q", end))):
            assert content.count(old) == 1
            content = content.replace(old, new)
        with pytest.raises(Refusal) as error:
            judge_weights(content[:end])
        message = f"the array '/b' of its weights asks for 4,000 bytes, and the weights have {end:,} in all"
        assert str(error.value) == message

    def test_what_is_no_hdf5(self):
        for content in (b"", b"\x89HDF\r\n\x1a\n", b"\x89HDF\r\n\x1a\n" + b"\xff" * 5000):
            with pytest.raises(Refusal, match="its weights are not readable as HDF5"):
                judge_weights(content)

    def test_made_up_headers_come_to_an_end(self, saved):
        whole, chance = members_of(saved["graph"])["model.weights.h5"], random.Random(0)
        begin = time.monotonic()
        for _ in range(300):
            content = bytearray(whole)
            for _ in range(chance.randrange(1, 8)):
                content[chance.randrange(len(content))] = chance.choice((0, 1, 127, 255, chance.randrange(256)))
            try:
                num_numbers = judge_weights(bytes(content))
            except Refusal:
                continue
            assert num_numbers <= len(whole)
        assert time.monotonic() - begin < 60


class TestZip:
    def member(self, path, change):
        """Writes a zip with one member more, of which a field is changed."""
        info = zipfile.ZipInfo("assets/words.txt")
        change(info)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(info, "words")
        return path

    @pytest.mark.parametrize(
        "name",
        [
            "../out.txt",
            "/tmp/out.txt",
            "assets/../../out.txt",
            "assets//words.txt",
            "assets\\..\\out.txt",
            "assets/",
            "C:out.txt",
            "module.py",
            "model.weights.npz",
        ],
    )
    def test_other_members_are_refused(self, remade, name):
        path = remade()
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, "")
        assert refused(path) == f"it has a member that Keras does not write, {name!r}"

    def test_a_link_is_refused(self, remade):
        path = self.member(remade(), lambda info: setattr(info, "external_attr", 0o120777 << 16))
        assert refused(path) == "its member 'assets/words.txt' is encrypted, a link, or packed in an unusual way"

    def test_unusual_packing_is_refused(self, remade):
        path = self.member(remade(), lambda info: setattr(info, "compress_type", zipfile.ZIP_LZMA))
        assert refused(path) == "its member 'assets/words.txt' is encrypted, a link, or packed in an unusual way"

    def test_two_members_of_one_name_are_refused(self, remade):
        path = remade()
        with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("config.json", "{}")
        assert refused(path) == "it has 4 members of 3 names; at most 1,000 are taken"

    def test_thousands_of_members_are_refused(self, remade):
        path = remade(**{f"assets/{number}": "" for number in range(2000)})
        assert refused(path) == "it has 2,003 members of 2,003 names; at most 1,000 are taken"

    def test_a_table_of_contents_without_end_is_not_read(self, remade):
        path = remade(**{f"assets/{number}{'x' * 200}": "" for number in range(20_000)})
        assert refused(path) == "is damaged: its table of contents is too long"

    def test_a_bomb_is_refused_by_its_headers(self, remade):
        path = remade()
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("assets/zeros", bytes(100_000_000))
        size = path.stat().st_size
        total = sum(info.file_size for info in zipfile.ZipFile(path).infolist())
        assert refused(path) == f"it would unpack to {total:,} bytes, and has {size:,}: a zip bomb"

    def test_a_member_of_another_size_than_it_says_is_damage(self, remade):
        path = remade()
        content = path.read_bytes()
        size = struct.pack("<L", len(members_of(path)["config.json"]))
        path.write_bytes(content.replace(size, struct.pack("<L", 1_000)))
        assert refused(path).startswith("is damaged: ")

    def test_every_flipped_bit_is_noticed_whether_the_file_is_trusted_or_not(self, saved, tmp_path):
        whole, chance, path = saved["perceptron"].read_bytes(), random.Random(0), tmp_path / "model.keras"
        with zipfile.ZipFile(saved["perceptron"]) as archive:
            starts = [(info.header_offset + 30 + len(info.filename), info.file_size) for info in archive.infolist()]
        for number in range(200):
            start, size = starts[number % len(starts)]
            content = bytearray(whole)
            content[start + chance.randrange(size)] ^= 1 << chance.randrange(8)
            path.write_bytes(content)
            with pytest.raises(InputError, match=re.escape(f"{path}: is damaged: Bad CRC-32 for file")):
                judge_model_file(path, trust_model=number % 2 == 0)


class TestMemory:
    def test_variables_larger_than_the_file_are_not_made(self, remade):
        def change(config):
            for layer in config["config"]["layers"][1:]:
                layer["config"]["units"] = layer["build_config"]["input_shape"][1] = 2**20

        path = remade(config=change)
        with pytest.raises(InputError) as error:
            load_keras_model(path)
        message = "it makes variables up to [1048576, 1048576], and the file holds 28 weights in all"
        assert str(error.value) == f"{path}: {message}; {TRUST}"
        assert load_keras_model(remade()).count_params() == NUM_WEIGHTS

    @pytest.mark.parametrize(
        ("stack", "shape", "message"),
        [
            (
                lambda: [layers.UpSampling2D(512, name="grow"), layers.UpSampling2D(512)],
                (8, 8, 1),
                "the layer 'up_sampling2d' makes 4,398,046,511,104 numbers of a row; at most 67,108,864 are taken",
            ),
            (
                lambda: [
                    layers.TimeDistributed(
                        keras.Sequential([layers.ZeroPadding1D(10**7, name="pad"), layers.Flatten()])
                    )
                ],
                (10, 2, 3),
                "the layer 'time_distributed' makes 600,000,060 numbers of a row; at most 67,108,864 are taken",
            ),
            (
                lambda: [layers.RepeatVector(100_000), layers.Attention(name="attend")],
                (1,),
                "the layer 'attend' makes 10,000,000,000 numbers of a row; at most 67,108,864 are taken",
            ),
        ],
    )
    def test_tensors_without_end_are_not_made(self, stack, shape, message):
        x = tensor = keras.Input((None,) * (len(shape) - 1) + shape[-1:])
        keras.utils.clear_session(free_memory=False)
        for layer in stack():
            tensor = layer([tensor, tensor]) if isinstance(layer, layers.Attention) else layer(tensor)
        with pytest.raises(Refusal) as error:
            rows_at_once(keras.Model(x, tensor), {None: shape}, 32)
        assert str(error.value) == message

    def test_loops_written_out_without_end_are_refused(self):
        model = keras.Sequential([keras.Input((1,)), layers.RepeatVector(50_000), layers.LSTM(1, unroll=True)])
        with pytest.raises(Refusal, match=r"the layer 'lstm.*' is called step by step, more than 10,000 times"):
            rows_at_once(model, {None: (1,)}, 32)

    def test_fewer_rows_are_given_at_once_where_each_is_large(self):
        model = keras.Sequential([keras.Input((256, 256, 1)), layers.Conv2D(64, 3, padding="same")])
        largest = 256 * 256 * 64
        assert rows_at_once(model, {None: (256, 256, 1)}, 1024) == 2**26 // largest == 16
        assert rows_at_once(model, {None: (256, 256, 1)}, 8) == 8

    def test_outputs_without_end_are_not_kept(self):
        model = keras.Sequential([keras.Input((1,)), layers.RepeatVector(1000)])
        assert rows_at_once(model, {None: (1,)}, 1024, num_kept=2**16) == 1024
        with pytest.raises(Refusal) as error:
            rows_at_once(model, {None: (1,)}, 1024, num_kept=10**6)
        assert str(error.value) == (
            "it puts out 1,000,000,000 numbers for 1,000,000 rows, and at most 67,108,864 are taken; give it fewer rows"
        )

    def test_a_model_that_was_never_built_is_told(self, tmp_path):
        with pytest.warns(UserWarning, match="not yet been built"):
            keras.Sequential([layers.Dense(2)]).save(tmp_path / "model.keras")
        with pytest.raises(InputError, match="this model was saved before it was built, so it has no weights"):
            load_keras_model(tmp_path / "model.keras")

    def test_a_model_within_a_model_is_looked_into(self, saved):
        model = load_keras_model(saved["nested"])
        assert rows_at_once(model, {None: (3,)}, 2**30) == 2**26 // 3
        graph = load_keras_model(saved["graph"])
        assert rows_at_once(graph, {"a": (4,), "b": (4,)}, 1000) == 1000


class TestTrust:
    @pytest.fixture
    def with_code(self, tmp_path):
        model = keras.Sequential([keras.Input((3,)), layers.Lambda(lambda x: x * 2, output_shape=(3,))])
        model.compile(loss="mse")
        model.save(tmp_path / "model.keras")
        np.savez(tmp_path / "rows.npz", x=np.ones((4, 3), "float32"), y=np.full((4, 3), 5.0))
        return tmp_path / "model.keras", tmp_path / "rows.npz"

    def test_a_user_who_trusts_the_file_says_so(self, with_code):
        path, rows = with_code
        for work in (package.evaluate, package.predict):
            with pytest.raises(InputError, match=re.escape(TRUST)):
                work(path, data=rows)
        assert package.evaluate(path, data=rows, trust_model=True).figures == {"loss": 9.0}
        np.testing.assert_array_equal(package.predict(path, data=rows, trust_model=True).outputs, np.full((4, 3), 2.0))

    @pytest.mark.parametrize("setting", ["load", "weights"])
    def test_training_takes_none_such(self, with_code, tmp_path, setting):
        model = {"load": str(with_code[0])}
        if setting == "weights":
            model = {"layers": [{"Dense": 1}], "weights": str(with_code[0])}
        config = {"data": {"source": "sine"}, "model": model, "training": {"epochs": 1, "loss": "mse"}}
        with pytest.raises(InputError) as error:
            package.train(config, output=tmp_path / "outputs")
        assert str(error.value).endswith(
            "is 'keras.layers.Lambda': it is Python code in the file itself; training takes no such file: name classes "
            "of your own with --import, or see the model with kerasrun evaluate and --trust-model if you trust whoever "
            "made it"
        )


def npy(descr, shape, data=b""):
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n" + data


class TestArrays:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (npy("<f8", "(2000000000,)"), "says that it has 16,000,000,000 bytes, and the file holds 77"),
            (npy("<U100000000", "(9,)"), "says that it has 3,600,000,000 bytes, and the file holds 76"),
            (npy("|O", "(1,)", b"cos\nsystem\n"), "is not read: it holds pickled objects, which could run code"),
            (b"cos\nsystem\n(S'true'\ntR.", "is not read: not in numpy's format"),
            (npy("<f8", "(" * 3000), "is not read: not in numpy's format"),
            (npy("<f8", "__import__('os')"), "is not read: not in numpy's format"),
        ],
    )
    def test_made_up_headers_are_refused(self, saved, tmp_path, content, message):
        packed = write_zip(tmp_path / "rows.npz", {"x.npy": content})
        with pytest.raises(InputError, match=re.escape(f"{packed}: the array 'x' {message}")):
            read_npz(packed)
        (tmp_path / "rows.npy").write_bytes(content)
        with pytest.raises(InputError, match=re.escape(f"{tmp_path / 'rows.npy'} {message}")):
            package.predict(saved["perceptron"], data=tmp_path / "rows.npy")

    def test_a_bomb_is_refused_before_it_is_unpacked(self, tmp_path):
        np.savez_compressed(tmp_path / "rows.npz", x=np.zeros(50_000_000))
        with pytest.raises(InputError, match=r"would unpack to 400,000,\d+ bytes, 1,\d+ times its size, as a zip bomb"):
            read_npz(tmp_path / "rows.npz")

    def test_what_is_packed_in_earnest_is_read(self, tmp_path):
        x = np.eye(10)[np.arange(100_000) % 10]
        np.savez_compressed(tmp_path / "rows.npz", x=x)
        np.testing.assert_array_equal(read_npz(tmp_path / "rows.npz")["x"], x)


class TestHistories:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('{"loss": ' + "[" * 200_000, "nested too deeply"),
            ('{"loss": [' + "1" * 100_000 + "]}", "not a history"),
            ('{"loss": ["__import__(\'os\')"]}', "loss"),
        ],
    )
    def test_are_refused_in_no_time(self, tmp_path, text, message):
        (tmp_path / "history.json").write_text(text)
        begin = time.monotonic()
        with pytest.raises(InputError, match=message):
            load_history(tmp_path / "history.json")
        assert time.monotonic() - begin < 5
