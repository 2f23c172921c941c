"""Judge the HDF5 file of a model's weights by its headers: plain arrays that lie in the file, and nothing else."""

import io
import math
from typing import Any

from kerasrun.model.judging.names import Refusal, shown

MAX_OBJECTS = 200_000
MAX_DEPTH = 64
MAX_ATTRIBUTES, MAX_ATTRIBUTE_BYTES = 16, 65_536

# Reading the headers of an object takes about ten reads.
MAX_READS = 20 * MAX_OBJECTS


class _Counted(io.BytesIO):
    """Bytes that may be read so many times: headers that lead in a circle come to an end."""

    reads = 0

    def readinto(self, buffer: Any) -> int:
        self.reads += 1
        if self.reads > MAX_READS:
            raise OSError("read too often")
        return super().readinto(buffer)


def judge_weights(content: bytes) -> int:
    """Whether Keras may read an HDF5 file of weights; no array is read here.

    Returns:
        How many numbers its arrays hold in all.

    Raises:
        Refusal: it holds something other than arrays of numbers, or arrays larger than the file.
    """
    import h5py  # as late as this: it loads numpy and its own library

    try:
        with h5py.File(_Counted(content), "r") as file:
            walk = _Walk(h5py, len(content))
            walk.visit_group(file, 0)
            return walk.num_numbers
    except Refusal:
        raise
    except Exception as error:  # damaged or made-up headers lead h5py to errors of every kind
        raise Refusal(f"its weights are not readable as HDF5 ({str(error)[:120]})") from None


class _Walk:
    """Visits every object of an HDF5 file once, and adds up what its arrays take."""

    def __init__(self, h5py: Any, size_bytes: int) -> None:
        self.h5py, self.size_bytes = h5py, size_bytes
        self.num_numbers = self._num_bytes = 0
        self._seen: set[int] = set()

    def visit_group(self, group: Any, depth: int) -> None:
        """Visit a group and all in it."""
        place = f"the group {shown(group.name)} of its weights"
        if depth > MAX_DEPTH:
            raise Refusal(f"its weights are nested more than {MAX_DEPTH} levels deep")
        self._visit(group, place)
        if len(self._seen) + len(group) > MAX_OBJECTS:
            raise Refusal(f"its weights are more than {MAX_OBJECTS:,} objects")
        for name in group:
            link = group.get(name, getlink=True)
            if not isinstance(link, self.h5py.HardLink):
                raise Refusal(f"{place} leads elsewhere by a {type(link).__name__}, {shown(name)}")
            child = group[name]
            if isinstance(child, self.h5py.Group):
                self.visit_group(child, depth + 1)
            elif isinstance(child, self.h5py.Dataset):
                self._visit_array(child)
            else:
                raise Refusal(f"{place} holds a type of its own, {shown(name)}")

    def _visit(self, thing: Any, place: str) -> None:
        address = self.h5py.h5o.get_info(thing.id).addr
        if address in self._seen:
            raise Refusal(f"{place} stands there more than once")
        self._seen.add(address)
        if len(thing.attrs) > MAX_ATTRIBUTES:
            raise Refusal(f"{place} has {len(thing.attrs):,} attributes")
        for name in thing.attrs:
            attribute = thing.attrs.get_id(name)
            if attribute.get_type().get_class() != self.h5py.h5t.STRING:
                raise Refusal(f"{place} has an attribute that is no text, {shown(name)}")
            if attribute.get_storage_size() > MAX_ATTRIBUTE_BYTES:
                raise Refusal(f"{place} has an attribute of {attribute.get_storage_size():,} bytes, {shown(name)}")

    def _visit_array(self, array: Any) -> None:
        place = f"the array {shown(array.name)} of its weights"
        self._visit(array, place)
        self._check_storage(array, place)
        size_bytes = self._check_type(array.id.get_type(), place)
        if array.shape is None:
            raise Refusal(f"{place} has no shape")
        count = math.prod(array.shape)
        wanted = count * size_bytes
        offset = array.id.get_offset() or 0
        self.num_numbers += count
        self._num_bytes += wanted
        if self._num_bytes > self.size_bytes or offset + wanted > self.size_bytes:
            raise Refusal(f"{place} asks for {wanted:,} bytes, and the weights have {self.size_bytes:,} in all")
        if array.id.get_storage_size() != wanted:
            raise Refusal(f"{place} asks for {wanted:,} bytes, and {array.id.get_storage_size():,} are there")

    def _check_storage(self, array: Any, place: str) -> None:
        """Keras writes each array in one piece."""
        h5d, created = self.h5py.h5d, array.id.get_create_plist()
        layout = created.get_layout()
        if created.get_external_count():
            raise Refusal(f"{place} lies in another file")
        if layout == h5d.VIRTUAL:
            raise Refusal(f"{place} is made of other arrays")
        if layout not in (h5d.CONTIGUOUS, h5d.COMPACT) or created.get_nfilters():
            raise Refusal(f"{place} is packed or in pieces; Keras writes each in one piece")

    def _check_type(self, kind: Any, place: str) -> int:
        """The size of a number in bytes; bfloat16 is opaque to HDF5, and a boolean is one of two names."""
        h5t, size = self.h5py.h5t, int(kind.get_size())
        found = kind.get_class()
        is_number = found in (h5t.INTEGER, h5t.FLOAT) and size <= 8
        is_small = (found == h5t.OPAQUE and size <= 2) or (found == h5t.ENUM and size == 1 and kind.get_nmembers() == 2)
        if kind.committed() or not (is_number or is_small):
            raise Refusal(f"{place} holds something other than numbers")
        return size
