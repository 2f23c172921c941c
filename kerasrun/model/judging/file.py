"""Judge a `.keras` file before Keras opens it: by what is allowed, with budgets taken from its headers.

Keras's own safe mode is a list of what is forbidden. Here a file passes where it holds what Keras writes and nothing
else: the members of the zip, the objects of the HDF5 file, and every class and function that its config.json names.
"""

import json
import re
import stat
import zipfile
from pathlib import Path
from typing import Any

from kerasrun.data.files.arrays import ZIP_ERRORS, open_archive
from kerasrun.errors import InputError
from kerasrun.model.judging.config import judge_config
from kerasrun.model.judging.names import Refusal, shown
from kerasrun.model.judging.weights import judge_weights

CONFIG, WEIGHTS, METADATA = "config.json", "model.weights.h5", "metadata.json"

# Members of the zip that Keras does not know and leaves alone; the second is a `.keras` file, judged as one.
RECORD, PREPARATION = "kerasrun.json", "preparation.keras"

# A layer's own files, such as a vocabulary: no name of dots alone, nothing that leads elsewhere.
ASSET = re.compile(r"assets(/(?!\.+(/|$))[\w.-]+)+")

MAX_MEMBERS = 1_000
MAX_JSON_BYTES, MAX_JSON_VALUES = 50_000_000, 2_000_000

# Keras packs nothing. A file that was packed again may hold this many times its size, and text so many bytes more.
MAX_EXPANSION, FREE_BYTES = 10, 1_000_000

TRUST = "if you trust whoever made the file, load it all the same with --trust-model (from Python trust_model=True)"
TRAIN = (
    "training takes no such file: name classes of your own with --import, or see the model with "
    "kerasrun evaluate and --trust-model if you trust whoever made it"
)


def judge_model_file(
    path: Path, own_names: frozenset[str] = frozenset(), *, trust_model: bool = False, hint: str = TRUST
) -> int | None:
    """Whether Keras may open a model file.

    Args:
        own_names: the registered names of classes and functions of the user's own, which Keras knows by now.
        trust_model: look for damage alone.
        hint: what a message ends with.

    Returns:
        How many numbers its weights are; None for a file that is trusted.

    Raises:
        InputError: the file is damaged, or holds what is not allowed.
    """
    try:
        with open_archive(path) as archive:
            if not trust_model:
                check_members(archive, path.stat().st_size)
            check_whole(archive)
            if trust_model:
                return None
            num_weights = judge_weights(archive.read(WEIGHTS))
            judge_config(read_json(archive, CONFIG), own_names, num_weights)
            return num_weights
    except Refusal as refusal:
        raise InputError(f"{path}: {refusal}; {hint}") from None
    except ZIP_ERRORS as error:
        raise InputError(f"{path}: is damaged: {str(error)[:200]}") from None


def check_members(archive: zipfile.ZipFile, size_bytes: int) -> None:
    """Whether a zip's members are those that Keras and kerasrun write, by what its contents say of them.

    Args:
        size_bytes: the size of the zip.

    Raises:
        Refusal: a member is of another name or kind, or they would unpack to far more than the file.
    """
    members = archive.infolist()
    names = {member.filename for member in members}
    if len(members) > MAX_MEMBERS or len(names) < len(members):
        raise Refusal(f"it has {len(members):,} members of {len(names):,} names; at most {MAX_MEMBERS:,} are taken")
    for member in members:
        known = (CONFIG, WEIGHTS, METADATA, RECORD, PREPARATION)
        if member.orig_filename not in known and not ASSET.fullmatch(member.orig_filename):
            raise Refusal(f"it has a member that Keras does not write, {shown(member.orig_filename)}")
        is_plain = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not member.flag_bits & 0x61
        if not is_plain or stat.S_ISLNK(member.external_attr >> 16):
            raise Refusal(f"its member {shown(member.filename)} is encrypted, a link, or packed in an unusual way")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_EXPANSION * size_bytes + FREE_BYTES:
        raise Refusal(f"it would unpack to {unpacked:,} bytes, and has {size_bytes:,}: a zip bomb")


def check_whole(archive: zipfile.ZipFile) -> None:
    """Read every member in blocks, so that each checksum is looked at.

    Raises:
        ZIP_ERRORS: a member is damaged.
    """
    for member in archive.infolist():
        with archive.open(member) as file:
            while file.read(2**20):
                pass


def read_json(archive: zipfile.ZipFile, name: str) -> Any:
    """A member of JSON, of a size that does no harm.

    Raises:
        Refusal: it is larger, or is not JSON.
        ZIP_ERRORS: it is damaged.
    """
    size_bytes = archive.getinfo(name).file_size
    if size_bytes > MAX_JSON_BYTES:
        raise Refusal(f"its {name} has {size_bytes:,} bytes; at most {MAX_JSON_BYTES:,} are taken")
    content = archive.read(name)
    num_values = sum(content.count(sign) for sign in (b"[", b"{", b","))
    if num_values > MAX_JSON_VALUES:
        raise Refusal(f"its {name} holds some {num_values:,} values; at most {MAX_JSON_VALUES:,} are taken")
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Refusal(f"its {name} is not readable as JSON") from None
