"""Files from strangers: none runs code, reads or writes outside, opens a connection, or takes the machine down.

Each file is given to the installed command, in a process that is watched from within by an audit hook of Python, and
from without by the clock and by what it took of memory. All are refused, with a word on what was found in them.
"""

import io
import json
import marshal
import os
import pickle
import shutil
import struct
import subprocess
import sys
import time
import zipfile
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.conftest import TINY

pytestmark = pytest.mark.soak

KERASRUN = str(Path(sys.executable).with_name("kerasrun"))
EXTRA_SECONDS, EXTRA_BYTES = 10, 1_000_000_000

# Runs within every watched process, as soon as Python starts. It writes down what could do harm.
WATCH = """\
import os
import sys

log = os.open(os.environ["AUDIT_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
NAMES = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "pickle.",
         "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "shutil.", "urllib.",
         "ctypes.dlopen", "webbrowser.", "ftplib.", "smtplib.", "http.")


def watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        written = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC) if isinstance(flags, int) else 0
        os.write(log, f"{'write' if written else 'read'}\\t{path}\\n".encode(errors="replace"))
    elif event == "import":
        os.write(log, f"import\\t{arguments[0]}\\n".encode())
    elif event.startswith(NAMES):
        os.write(log, f"{event}\\t{arguments[0] if arguments else ''}\\n".encode(errors="replace"))


sys.addaudithook(watch)
"""


@dataclass
class Watched:
    """What a process did."""

    returncode: int
    stderr: str
    seconds: float
    num_bytes: int
    events: set[tuple[str, str]]

    def kinds(self):
        """Events beside reading and importing, without what they were about; for `write` see `written`."""
        return {event for event, _ in self.events} - {"read", "write", "import"}

    def paths(self, event):
        return {Path(path) for name, path in self.events if name == event and not path.isdigit()}


class Place:
    """A working folder with a hostile file in it, and folders around that must stay as they are."""

    def __init__(self, path):
        self.path = path
        self.work, self.outside, self.home = (path / name for name in ("work", "outside", "home"))
        self.temporary, self.shim = path / "temporary", path / "shim"
        for folder in (self.work, self.outside, self.home, self.temporary, self.shim):
            folder.mkdir()
        (self.shim / "sitecustomize.py").write_text(WATCH)
        (self.outside / "secret.txt").write_text("a secret word")
        self.canary = self.outside / "canary"
        (self.work / "evilmodule.py").write_text(f"open({str(self.canary)!r}, 'w')\n")

    def run(self, *args, limit_s=120):
        """Run the command in the working folder; it is killed when its time is over."""
        log = self.path / "audit.log"
        log.unlink(missing_ok=True)
        searched = os.pathsep.join(filter(None, (str(self.shim), os.environ.get("PYTHONPATH"))))
        variables = {"PYTHONPATH": searched, "PYTHONDONTWRITEBYTECODE": "1", "AUDIT_LOG": str(log)}
        folders = {"HOME": str(self.home), "TMPDIR": str(self.temporary), "XDG_CACHE_HOME": str(self.home / "cache")}
        begin = time.monotonic()
        with (self.path / "stderr.txt").open("w") as stderr:
            process = subprocess.Popen(
                [KERASRUN, *args],
                cwd=self.work,
                env={**os.environ, **variables, **folders},
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                stdin=subprocess.DEVNULL,
            )
            pid = 0
            while not pid:
                if time.monotonic() - begin > limit_s:
                    process.kill()
                time.sleep(0.01)
                pid, status, used = os.wait4(process.pid, os.WNOHANG)
            process.returncode = os.waitstatus_to_exitcode(status)
        events = {tuple(line.split("\t", 1)) for line in log.read_text(errors="replace").splitlines() if "\t" in line}
        seconds, text = time.monotonic() - begin, (self.path / "stderr.txt").read_text()
        return Watched(process.returncode, text, seconds, used.ru_maxrss * 1024, events)


@pytest.fixture(scope="module")
def good(trained):
    """A sound model file, whose data is the sine."""
    return (trained / "outputs/tiny/first/model.keras").read_bytes()


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory, good):
    """What each command does where nothing is wrong."""
    place = Place(tmp_path_factory.mktemp("ordinary"))
    (place.work / "good.keras").write_bytes(good)
    (place.work / "config.yaml").write_text(TINY)
    (place.work / "history.json").write_text('{"loss": [2.0, 1.0]}')
    np.save(place.work / "rows.npy", np.ones((4, 1)))
    commands = {
        "evaluate": ["evaluate", "good.keras"],
        "predict": ["predict", "good.keras", "--data", "rows.npy"],
        "plot": ["plot", "history.json"],
        "train": ["train", "config.yaml"],
    }
    done = {name: place.run(*args) for name, args in commands.items()}
    assert {name: watched.returncode for name, watched in done.items()} == dict.fromkeys(commands, 0), done
    return done


class Model:
    """The members of the sound model file, to be spoiled and written again."""

    def __init__(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.members = {name: archive.read(name) for name in archive.namelist()}
        self.config = json.loads(self.members["config.json"])
        self.record = json.loads(self.members["kerasrun.json"])
        self.layer = self.config["config"]["layers"][1]

    def content(self):
        self.members |= {"config.json": json.dumps(self.config), "kerasrun.json": json.dumps(self.record)}
        return self.written(self.members)

    @staticmethod
    def written(members, compression=zipfile.ZIP_STORED):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", compression) as archive:
            for name, member in members.items():
                archive.writestr(name, member)
        return content.getvalue()


def code_that_writes(place):
    """A function of Python, marshalled as Keras does it."""
    code = compile(f"lambda x: open({str(place.canary)!r}, 'w')", "<evil>", "eval").co_consts[0]
    return b64encode(marshal.dumps(code)).decode()


class Evil:
    """Pickles to something that writes the canary when it is read."""

    def __init__(self, canary):
        self.canary = canary

    def __reduce__(self):
        return os.system, (f"touch {self.canary}",)


def made_of(module, name, /, **config):
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def function(module, name):
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def lambda_of(place):
    code = code_that_writes(place)
    return {"class_name": "__lambda__", "config": {"value": code, "code": code, "defaults": None, "closure": None}}


def layer_of(module, name, **config):
    """Makes the first layer another one."""

    def change(model, place):
        model.layer.update(made_of(module, name, name="evil", **config))

    return change


def argument(**arguments):
    return lambda model, place: model.layer["config"].update(arguments)


def compiled(**arguments):
    return lambda model, place: model.config["compile_config"].update(arguments)


def lambda_layer(model, place):
    model.layer.update(made_of("keras.layers", "Lambda", name="evil", function=lambda_of(place)))


def older_lambda(model, place):
    inner = {"name": "evil", "function": [code_that_writes(place), None, None], "function_type": "lambda"}
    model.layer.clear()
    model.layer.update({"class_name": "Lambda", "config": inner})


def registered_lambda(model, place):
    lambda_layer(model, place)
    model.layer["registered_name"] = "Custom>Dense"


def lambda_activation(model, place):
    model.layer["config"]["activation"] = lambda_of(place)


def lambda_in_a_metric(model, place):
    model.config["compile_config"]["metrics"] = [made_of("keras.metrics", "MeanMetricWrapper", fn=lambda_of(place))]


def lambda_in_a_build(model, place):
    model.layer["build_config"] = {"input_shape": lambda_of(place)}


def pickled_torch(model, place):
    pickled = b64encode(pickle.dumps(Evil(place.canary))).decode()
    model.layer.update(made_of("keras.layers", "TorchModuleWrapper", name="evil", module=pickled))


def own_module(model, place):
    model.layer.update(made_of("evilmodule", "Evil", name="evil"))


def read_secret(model, place):
    secret = str(place.outside / "secret.txt")
    model.layer.update(made_of("keras.layers", "StringLookup", name="evil", vocabulary=secret))


def read_secret_as_text(model, place):
    secret = str(place.outside / "secret.txt")
    model.layer.update(made_of("keras.layers", "TextVectorization", name="evil", vocabulary=secret))


def saved_elsewhere(model, place):
    model.layer.update(made_of("keras.layers", "TFSMLayer", name="evil", filepath=str(place.outside)))


def nested(times):
    def change(model, place):
        layer = made_of("keras.layers", "Dense", units=1)
        for _ in range(times):
            layer = made_of("keras.layers", "TimeDistributed", layer=layer)
        model.config["config"]["layers"].append(layer)

    return change


def doubled(model, place):
    """Thirty models, each of which calls the next one twice."""
    inner = made_of("keras.layers", "Dense", units=1)
    for number in range(20):
        inner["inbound_nodes"] = [{"args": [], "kwargs": {}}] * 2
        inner = made_of("keras.src.models.functional", "Functional", name=f"m{number}", layers=[inner])
    model.config["config"]["layers"].append(inner)


def wide(model, place):
    """Two layers of a million units each: a trillion weights between them."""
    for layer in model.config["config"]["layers"][1:]:
        layer["config"]["units"] = layer["build_config"]["input_shape"][1] = 2**20


def stacked(*layers):
    """Further layers at the end, without weights."""

    def change(model, place):
        for number, (name, config) in enumerate(layers):
            model.config["config"]["layers"].append(made_of("keras.layers", name, name=f"evil{number}", **config))

    return change


def in_the_preparation(change):
    """Does it to a model that stands for what is done to the rows, a file within the file."""

    def change_it(model, place):
        inner = Model(model.content())
        change(inner, place)
        model.members["preparation.keras"] = inner.content()

    return change_it


def record(**changed):
    def change(model, place):
        model.record["config"] |= changed

    return change


SAFE = "none of Keras's own"

# What is done to the config.json or the record of a sound model file, and what the message speaks of.
CONFIGS = {
    "code in a Lambda": (lambda_layer, "'keras.layers.Lambda': it is Python code in the file itself"),
    "code in a Lambda of an older format": (older_lambda, "it is Python code in the file itself"),
    "code under the name of a class of the user's": (registered_lambda, "registered as 'Custom>Dense'"),
    "code as an activation": (lambda_activation, "'__lambda__': it is Python code in the file itself"),
    "code in a metric": (lambda_in_a_metric, "'__lambda__': it is Python code in the file itself"),
    "code in a shape": (lambda_in_a_build, "'__lambda__': it is Python code in the file itself"),
    "code in the preparation": (
        in_the_preparation(lambda_layer),
        "preparation.keras: the layer 'evil' is 'keras.layers.Lambda'",
    ),
    "a pickle": (pickled_torch, "it unpickles, which can run any code"),
    "a module beside the file": (own_module, f"'evilmodule.Evil': it is {SAFE}"),
    "os.system": (argument(activation=function("os", "system")), "the function 'os.system'"),
    "os.system as a class": (layer_of("os", "system", command="true"), "'os.system'"),
    "subprocess.Popen": (layer_of("subprocess", "Popen", args=["true"]), "'subprocess.Popen'"),
    "builtins.eval": (argument(activation=function("builtins", "eval")), "the function 'builtins.eval'"),
    "builtins.exec as a loss": (compiled(loss=function("builtins", "exec")), "the function 'builtins.exec'"),
    "a download": (layer_of("keras.utils", "get_file", origin="http://127.0.0.1:9/x"), "'keras.utils.get_file'"),
    "a file that Keras loads": (
        argument(activation=function("keras.saving", "load_model")),
        "the function 'keras.saving.load_model'",
    ),
    "a setting of Keras": (
        argument(activation=function("keras.config", "enable_unsafe_deserialization")),
        "the function 'keras.config.enable_unsafe_deserialization'",
    ),
    "a callback of Keras": (layer_of("keras.callbacks", "CSVLogger", filename="x.csv"), "'keras.callbacks.CSVLogger'"),
    "a wrapper of scikit-learn": (layer_of("keras.wrappers", "SKLearnClassifier", model="x"), "SKLearnClassifier"),
    "a saved model elsewhere": (saved_elsewhere, "it loads another model from a path"),
    "a layer of JAX": (layer_of("keras.layers", "JaxLayer", call_fn="x"), "it runs code from elsewhere"),
    "another module of the family": (layer_of("keras_hub.layers", "Evil"), f"'keras_hub.layers.Evil': it is {SAFE}"),
    "a vocabulary outside": (read_secret, "reads the file"),
    "a text layer with its vocabulary outside": (read_secret_as_text, "reads the file"),
    "a vocabulary on a machine elsewhere": (
        layer_of("keras.layers", "IntegerLookup", vocabulary="gs://127.0.0.1/words"),
        "reads the file 'gs://127.0.0.1/words'",
    ),
    "an operation of functions": (layer_of("keras.src.ops.core", "WhileLoop", cond="x", body="y"), "WhileLoop"),
    "a type of TensorFlow": (
        argument(kernel_initializer=made_of("tensorflow", "__typespec__") | {"spec_name": "TensorSpec"}),
        "__typespec__",
    ),
    "a billion units": (argument(units=10**9), "asks for units 1,000,000,000"),
    "a trillion weights between two layers": (wide, "it makes variables up to"),
    "a billion copies": (layer_of("keras.layers", "RepeatVector", n=10**9), "asks for n 1,000,000,000"),
    "an embedding of a trillion": (
        layer_of("keras.layers", "Embedding", input_dim=10**12, output_dim=8),
        "asks for input_dim 1,000,000,000,000",
    ),
    "a metric of a billion thresholds": (
        compiled(metrics=[made_of("keras.metrics", "AUC", num_thresholds=10**9)]),
        "asks for num_thresholds 1,000,000,000",
    ),
    "a metric of a square of a million": (
        compiled(metrics=[made_of("keras.metrics", "MeanIoU", num_classes=10**6)]),
        "it makes variables up to [1000000, 1000000]",
    ),
    "an array of long texts": (
        argument(bias_initializer={"class_name": "__numpy__", "config": {"value": ["a"], "dtype": "U100000000"}}),
        "values of the type 'U100000000'",
    ),
    "copies of copies": (
        stacked(
            ("RepeatVector", {"n": 50_000}),
            ("Reshape", {"target_shape": [50_000, 1, 1]}),
            ("UpSampling2D", {"size": [1000, 1000]}),
            ("GlobalAveragePooling2D", {}),
        ),
        "numbers of a row; at most 67,108,864 are taken",
    ),
    "copies of zeros": (
        stacked(
            ("RepeatVector", {"n": 2}),
            ("ZeroPadding1D", {"padding": [0, 50_000_000]}),
            ("UpSampling1D", {"size": 1000}),
            ("GlobalAveragePooling1D", {}),
        ),
        "numbers of a row; at most 67,108,864 are taken",
    ),
    "a loop of a million steps, written out": (
        stacked(
            ("RepeatVector", {"n": 10**6}),
            ("Reshape", {"target_shape": [10**6, 1, 1]}),
            ("TimeDistributed", {"layer": made_of("keras.layers", "Flatten")}),
            ("GlobalAveragePooling1D", {}),
        ),
        "is called step by step, more than 10,000 times",
    ),
    "a stack of five thousand layers": (
        stacked(*[("Activation", {"activation": "relu"})] * 5000),
        "the model 'sequential' stacks 5,003 layers",
    ),
    "layers in layers": (nested(200), "it is nested more than 100 levels deep"),
    "models that call each other": (doubled, "layers, counting those within; at most 10,000 are taken"),
    "no model at all": (lambda model, place: model.config.update(model.layer), "which is no model"),
    "a data file named in the record": (
        record(data={"source": "npz", "path": "/etc/passwd", "inputs": ["x"], "targets": ["y"]}),
        "its data is not known; pass --data",
    ),
    "a trillion samples in the record": (record(data={"source": "sine", "num_samples": 10**12}), "num_samples"),
    "a record nested deeply": (
        record(model=json.loads("[" * 400 + "]" * 400)),
        "the config that it carries is not read",
    ),
    "a record without a part": (
        lambda model, place: model.record.pop("reading"),
        "what it carries beside the model is damaged",
    ),
    "a record that is no config": (lambda model, place: model.record.update(config=[1]), "is damaged"),
}


def bomb(name):
    """A hundred megabytes of zeros as a member."""

    def content(members):
        members[name] = b" " * 200_000_000 if name.endswith("json") else bytes(200_000_000)
        return Model.written(members, zipfile.ZIP_DEFLATED)

    return content


def with_member(name, text="x", **fields):
    def content(members):
        whole = io.BytesIO(Model.written(members))
        info = zipfile.ZipInfo(name)
        for field, value in fields.items():
            setattr(info, field, value)
        with zipfile.ZipFile(whole, "a") as archive:
            archive.writestr(info, text)
        return whole.getvalue()

    return content


def with_weights(fill):
    def content(members):
        made = io.BytesIO()
        with h5py.File(made, "w") as file:
            fill(file)
        return Model.written(members | {"model.weights.h5": made.getvalue()})

    return content


def replaced(**changed):
    return lambda members: Model.written(members | {name.replace("__", "."): text for name, text in changed.items()})


def many(members):
    return Model.written(members | {f"assets/{number}{'x' * 200}": b"" for number in range(30_000)})


def lying(members):
    """A member whose contents say that it has four gigabytes."""
    whole = Model.written(members)
    size = struct.pack("<L", len(members["model.weights.h5"]))
    return whole.replace(size, struct.pack("<L", 4_000_000_000))


def flipped(members):
    whole = bytearray(Model.written(members))
    whole[whole.index(b"\x89HDF") + 3000] ^= 1
    return bytes(whole)


def huge(file):
    created = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    created.set_alloc_time(h5py.h5d.ALLOC_TIME_LATE)
    space = h5py.h5s.create_simple((4_000_000_000,))
    h5py.h5d.create(file.create_group("layers/dense/vars").id, b"0", h5py.h5t.NATIVE_FLOAT, space, created)


def virtual(file):
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "data", (4,))
    file.create_virtual_dataset("layers/dense/vars/0", layout)


def deep_groups(file):
    for _ in range(200):
        file = file.create_group("g")


# What is done to the zip or to its weights.
ZIPS = {
    "a member that leads up": (with_member("../canary"), "a member that Keras does not write, '../canary'"),
    "a member that leads up from the assets": (with_member("assets/../../canary"), "does not write"),
    "a member with a path of its own": (with_member("/tmp/kerasrun-canary"), "does not write"),
    "a member with backslashes": (with_member("assets\\..\\..\\canary"), "does not write"),
    "a module of Python": (with_member("sitecustomize.py", "import os"), "does not write"),
    "a link": (with_member("assets/out", "/etc", external_attr=0o120777 << 16), "a link"),
    "an unusual packing": (with_member("assets/out", compress_type=zipfile.ZIP_LZMA), "packed in an unusual way"),
    "thirty thousand members": (many, "not a .keras model file, or a damaged one"),
    "a bomb in the config": (bomb("config.json"), "a zip bomb"),
    "a bomb in the weights": (bomb("model.weights.h5"), "a zip bomb"),
    "a bomb in the assets": (bomb("assets/words"), "a zip bomb"),
    "a bomb in the record": (bomb("kerasrun.json"), "its kerasrun.json is damaged"),
    "a size that is not so": (lying, "it would unpack to"),
    "a flipped bit": (flipped, "is damaged"),
    "brackets without end": (replaced(config__json="[" * 10_000_000), "values; at most 2,000,000 are taken"),
    "a number without end": (replaced(config__json="1" * 1_000_000), "is not readable as JSON"),
    "a config that is not a mapping": (replaced(config__json="NaN"), "describes no model"),
    "deep brackets in the record": (replaced(kerasrun__json="[" * 100_000), "its kerasrun.json is damaged"),
    "weights that are none": (replaced(model__weights__h5=b"\x89HDF\r\n\x1a\n" + b"\xff" * 9000), "as HDF5"),
    "a link into another file": (
        with_weights(lambda file: file.__setitem__("layers", h5py.ExternalLink("/etc/passwd", "/"))),
        "leads elsewhere by a ExternalLink",
    ),
    "a soft link": (
        with_weights(lambda file: file.__setitem__("layers", h5py.SoftLink("/"))),
        "leads elsewhere by a SoftLink",
    ),
    "a link in a circle": (
        with_weights(lambda file: file.create_group("layers").__setitem__("layers", file["/"])),
        "stands there more than once",
    ),
    "an array in another file": (
        with_weights(lambda file: file.create_dataset("a", (4,), "u1", external=[("/etc/passwd", 0, 4)])),
        "lies in another file",
    ),
    "an array made of others": (with_weights(virtual), "is made of other arrays"),
    "sixteen gigabytes in two kilobytes": (with_weights(huge), "asks for 16,000,000,000 bytes"),
    "a packed array": (
        with_weights(lambda file: file.create_dataset("a", (10**10,), "f4", chunks=(2**20,), compression="gzip")),
        "is packed or in pieces",
    ),
    "objects of Python": (
        with_weights(lambda file: file.create_dataset("a", (4,), h5py.ref_dtype)),
        "holds something other than numbers",
    ),
    "groups in groups": (with_weights(deep_groups), "nested more than 64 levels deep"),
}


def npy(descr, shape, data=b""):
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n" + data


def pickled(place):
    return pickle.dumps(Evil(place.canary))


def npz(**members):
    return Model.written({f"{name}.npy": content for name, content in members.items()})


def packed_npz(place):
    return Model.written({"x.npy": npy("<f8", "(40000000,)", bytes(320_000_000))}, zipfile.ZIP_DEFLATED)


# The name of a data file, its content by its place, and what the message speaks of.
ARRAYS = {
    "a pickle for an npy": ("rows.npy", pickled, "not in numpy's format"),
    "a pickle for an npz": ("rows.npz", pickled, "not an .npz file"),
    "a pickled array": ("rows.npy", lambda place: npy("|O", "(1,)", pickled(place)), "pickled objects"),
    "a pickled array in an npz": (
        "rows.npz",
        lambda place: npz(x=npy("|O", "(1,)", pickled(place))),
        "pickled objects",
    ),
    "a pickle in an npz": ("rows.npz", lambda place: npz(x=pickled(place)), "not in numpy's format"),
    "eight terabytes": ("rows.npy", lambda _: npy("<f8", "(1000000000000,)"), "says that it has 8,000,000,000,000"),
    "eight terabytes in an npz": ("rows.npz", lambda _: npz(x=npy("<f8", "(1000000000000,)")), "says that it has"),
    "long texts": ("rows.npy", lambda _: npy("<U500000000", "(8,)"), "says that it has 16,000,000,000"),
    "fewer than none": ("rows.npy", lambda _: npy("<f8", "(-5,)"), "rows.npy"),
    "code in a header": ("rows.npy", lambda _: npy("<f8", "__import__('evilmodule')"), "not in numpy's format"),
    "brackets in a header": ("rows.npy", lambda _: npy("<f8", "(" * 9000), "not in numpy's format"),
    "a bomb": ("rows.npz", packed_npz, "as a zip bomb does"),
    "a member that leads up": (
        "rows.npz",
        lambda _: Model.written({"../canary.npy": npy("<f8", "(1,)", bytes(8))}),
        "x",
    ),
    "nothing": ("rows.npz", lambda _: b"", "not an .npz file"),
}

# The text of a history, and what the message speaks of.
HISTORIES = {
    "deep brackets": ('{"loss": ' + "[" * 5_000_000, "nested too deeply"),
    "deep mappings": ('{"loss":' * 1_000_000, "nested too deeply"),
    "a number without end": ('{"loss": [' + "9" * 10_000_000 + "]}", "not a history"),
    "Python": ('__import__("evilmodule")', "not valid JSON"),
    "a pickle": (pickle.dumps({"loss": [1.0]}).decode("latin-1"), "history"),
    "text for numbers": ('{"loss": ["__import__(\'evilmodule\')"]}', "loss"),
    "lists of unequal length": ('{"loss": [1, 2], "val_loss": [1]}', "differ in length"),
    "a list of lists": ('{"loss": [[1, 2], [3, 4]]}', "loss"),
    "nothing": ("", "the file is empty"),
}

RUNS_CODE = '!!python/object/apply:os.system ["touch {canary}"]'
ALIASES = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + of] * 9)}]\n" for name, of in zip("bcdefgh", "abcdefg", strict=True)
)

# The text of a config, and what the message speaks of.
YAML = {
    "code": (RUNS_CODE, "where a mapping is expected"),
    "code in a value": (TINY.replace("name: tiny", f"name: {RUNS_CODE}"), "is not allowed here"),
    "a module": (TINY.replace("seed: 7", "seed: !!python/module:evilmodule"), "is not allowed here"),
    "aliases of aliases": (ALIASES, "an alias counts as what it repeats"),
    "an alias in a circle": ("a: &a [*a]\n", "levels"),
    "brackets without end": ("[" * 100_000, "nested too deeply"),
    "a text without end": ("name: " + "x" * 20_000_000, "larger than 10,000,000 characters"),
    "a number without end": (TINY.replace("seed: 7", "seed: " + "9" * 100_000), "config.yaml"),
    "a name that leads up": (TINY.replace("name: tiny", "name: ../../outside"), "cannot name a folder"),
    "a log outside": (TINY + "callbacks: [{CSVLogger: ../outside/canary}]\n", "leaves the run's folder"),
    "a model outside": (TINY + "callbacks: [{ModelCheckpoint: '{outside}/a.keras'}]\n", "leaves the run's folder"),
    "pictures of the board outside": (
        TINY + "callbacks: [{TensorBoard: {log_dir: '{outside}'}}]\n",
        "leaves the run's folder",
    ),
    "a report to another machine": (
        TINY + "callbacks: [{RemoteMonitor: {root: 'http://127.0.0.1:9'}}]\n",
        "it sends your data to another machine",
    ),
    "a Lambda": (TINY.replace("Dense: 1", "Lambda: os.system"), "layer 'Lambda' is refused"),
    "a device for data": (
        TINY.replace("source: sine\n  num_samples: 20", "source: npz\n  path: /dev/zero"),
        "is a device or a pipe",
    ),
    "a model with code": (TINY.replace("model:\n", "model: {load: evil.keras}\nold:\n"), "unknown"),
    "a model with code to go on from": (
        "name: tiny\ndata: {source: sine}\nmodel: {load: evil.keras}\ntraining: {epochs: 1, loss: mse}\n",
        "training takes no such file",
    ),
    "weights with code": (
        "name: tiny\ndata: {source: sine}\nmodel: {layers: [{Dense: 1}], weights: evil.keras}\n"
        "training: {epochs: 1, loss: mse}\n",
        "training takes no such file",
    ),
    "pickled weights": (
        "name: tiny\ndata: {source: sine}\nmodel: {layers: [{Dense: 1}], weights: evil.npz}\n"
        "training: {epochs: 1, loss: mse}\n",
        "not in numpy's format",
    ),
}


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.fixture(scope="module")
def refused():
    """For each file that was refused, seconds and bytes beyond what is usual; printed at the end."""
    costs = []
    yield costs
    seconds, num_bytes = (max(cost) for cost in zip(*costs, strict=True))
    print(f"\n{len(costs)} hostile files were refused; no code was run, nothing written outside, no socket opened")
    print(f"at most {seconds:.1f} s and {num_bytes / 1e6:.0f} MB beyond an ordinary run of the command")


def check(place, ordinary, refused, args, expected):
    """Run the command, and look at all that it did."""
    usual = ordinary[args[0]]
    before = {path: path.stat().st_mtime_ns for path in place.work.rglob("*")}
    done = place.run(*args, limit_s=usual.seconds + EXTRA_SECONDS)

    assert done.returncode == 2, (done.returncode, done.stderr[-2000:])
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert done.seconds < usual.seconds + EXTRA_SECONDS
    assert done.num_bytes < usual.num_bytes + EXTRA_BYTES
    assert not place.canary.exists()
    assert {path.name for path in place.outside.iterdir()} == {"secret.txt"}
    assert {path: path.stat().st_mtime_ns for path in place.work.rglob("*") if path.name != "outputs"} == before
    assert place.outside / "secret.txt" not in done.paths("read")
    assert ("import", "evilmodule") not in done.events
    assert not done.kinds() & {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
    assert done.kinds() <= usual.kinds() | ordinary["train"].kinds()
    inside = (place.home, place.temporary, place.work / "outputs", place.path / "audit.log", Path(os.devnull))
    for path in done.paths("write"):
        assert any(folder in (place.work / path).parents or folder == path for folder in inside), path
    refused.append((done.seconds - usual.seconds, done.num_bytes - usual.num_bytes))


@pytest.mark.parametrize("what", CONFIGS)
def test_a_model_file_with_a_hostile_config(place, ordinary, good, refused, what):
    change, expected = CONFIGS[what]
    model = Model(good)
    change(model, place)
    (place.work / "evil.keras").write_bytes(model.content())
    check(place, ordinary, refused, ["evaluate", "evil.keras"], expected)


@pytest.mark.parametrize("what", ZIPS)
def test_a_model_file_that_is_hostile_itself(place, ordinary, good, refused, what):
    make, expected = ZIPS[what]
    (place.work / "evil.keras").write_bytes(make(Model(good).members))
    check(place, ordinary, refused, ["evaluate", "evil.keras"], expected)


@pytest.mark.parametrize("what", ARRAYS)
def test_a_hostile_data_file(place, ordinary, good, refused, what):
    name, make, expected = ARRAYS[what]
    (place.work / "good.keras").write_bytes(good)
    (place.work / name).write_bytes(make(place))
    check(place, ordinary, refused, ["predict", "good.keras", "--data", name], expected)


@pytest.mark.parametrize("what", HISTORIES)
def test_a_hostile_history(place, ordinary, refused, what):
    text, expected = HISTORIES[what]
    (place.work / "evil.json").write_text(text)
    check(place, ordinary, refused, ["plot", "evil.json"], expected)


@pytest.mark.parametrize("what", YAML)
def test_a_hostile_config(place, ordinary, good, refused, what):
    text, expected = YAML[what]
    model = Model(good)
    lambda_layer(model, place)
    (place.work / "evil.keras").write_bytes(model.content())
    (place.work / "evil.npz").write_bytes(npz(**{"dense/kernel": pickled(place)}))
    text = text.replace("{canary}", str(place.canary)).replace("{outside}", str(place.outside))
    (place.work / "config.yaml").write_text(text)
    check(place, ordinary, refused, ["train", "config.yaml"], expected)


def test_a_hostile_folder(place, ordinary, good, refused):
    """A run's folder whose files are links to elsewhere."""
    run = place.work / "run"
    run.mkdir()
    (run / "model.keras").symlink_to("/dev/zero")
    check(place, ordinary, refused, ["evaluate", "run"], "is a folder without a model.keras in it")
    (run / "model.keras").unlink()
    (run / "model.keras").symlink_to(place.outside / "secret.txt")
    done = place.run("evaluate", "run")
    assert done.returncode == 2
    assert "not a .keras model file" in done.stderr
    assert "secret" not in done.stderr.replace("secret.txt", "")


def test_the_watch_sees_what_it_is_to_see(place, good):
    """Where the user trusts the file, its code does run: then the canary is there, and the log tells of it."""
    model = Model(good)
    layer = made_of("keras.layers", "Lambda", name="evil", function=lambda_of(place), output_shape=[1], arguments={})
    model.config["config"]["layers"].append(layer)
    (place.work / "evil.keras").write_bytes(model.content())
    done = place.run("evaluate", "evil.keras", "--trust-model")
    assert place.canary.exists(), done.stderr
    assert place.canary in done.paths("write")
    shutil.rmtree(place.outside)
