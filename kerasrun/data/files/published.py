"""Sets that Keras publishes: given, in the data folder, in Keras's cache, or downloaded with their checksums."""

import hashlib
import os
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasrun.config import Config
from kerasrun.data.files.arrays import check_file
from kerasrun.errors import InputError

KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Download:
    """A file: its place in Keras's cache, where it comes from, and what it must be."""

    place: str
    url: str
    sha256: str


@dataclass(frozen=True)
class Published:
    """A set, and where it may lie.

    Args:
        title: what people call it.
        places: files, or folders of `files`, in a folder of sets: the first is the one to name to people.
        downloads: what to download into Keras's cache, where the set is then in one of its places.
        files: what lies in such a folder.
    """

    title: str
    places: tuple[str, ...]
    downloads: tuple[Download, ...]
    files: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What the first place is."""
        return "folder" if self.files else "file"


def find_or_download(published: Published, config: Config) -> Path:
    """The file or folder given as `data.path`, or where the set usually is, or where it was downloaded to.

    Raises:
        InputError: it is nowhere to be found, or what was downloaded is not the file expected.
    """
    given: str | None = config.data.path  # type: ignore[attr-defined]
    if given:
        check_given(published, config)
        return Path(given)
    found = _find(published)
    if found is None:
        _download_all(published)
        found = _find(published)
    assert found is not None
    return found


def check_given(published: Published, config: Config) -> None:
    """Whether `data.path` is there, where it is given.

    Raises:
        InputError: it is not.
    """
    given: str | None = config.data.path  # type: ignore[attr-defined]
    if given and not (published.files and Path(given).is_dir()):
        check_file(Path(given), published.places[0])


def _find(published: Published) -> Path | None:
    folder = os.environ.get("KERASRUN_DATA_DIR")
    folders = ([Path(folder)] if folder else []) + [keras_cache()]
    candidates = (folder / place for folder in folders for place in published.places)
    return next((path for path in candidates if _is_whole(path, published)), None)


def _is_whole(path: Path, published: Published) -> bool:
    return path.is_file() or (path.is_dir() and all((path / name).is_file() for name in published.files))


def keras_cache() -> Path:
    """Where Keras keeps its own copies."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    return home / "datasets"


def _download_all(published: Published) -> None:
    try:
        for download in published.downloads:
            target = keras_cache() / download.place
            if not target.is_file():
                _download(download, target, published.title)
    except OSError as error:
        raise InputError(_nowhere(published, getattr(error, "reason", error))) from None


def _nowhere(published: Published, reason: object) -> str:
    """Where the set was looked for, and how to have it there."""
    place, folder = published.places[0], os.environ.get("KERASRUN_DATA_DIR")
    tried = {
        "data.path in the config": "not given",
        f"$KERASRUN_DATA_DIR/{place}": f"no such {published.kind} in {folder}" if folder else "not set",
        "Keras's cache": f"no such {published.kind}: {keras_cache() / place}",
        "a download": f"failed: {reason}",
    }
    width = max(map(len, tried)) + 3
    lines = [f"{where:{width}}{what}" for where, what in tried.items()]
    hint = f"give one of the first three the {published.kind} {place}, or go online once"
    return "\n".join([f"{published.title} is nowhere to be found", *lines, hint])


def _download(download: Download, target: Path, title: str) -> None:
    """Download a file; it appears whole and checked, or not at all."""
    digest, partial = hashlib.sha256(), target.with_name(f"{target.name}.{os.getpid()}.tmp")
    with urllib.request.urlopen(download.url, timeout=30) as response:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as file:
                for chunk in _chunks(response, title):
                    digest.update(chunk)
                    file.write(chunk)
            if digest.hexdigest() != download.sha256:
                message = f"what was downloaded is not {title} (its checksum differs); nothing was kept"
                raise InputError(f"{download.url}: {message}")
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)


def _chunks(response: Any, title: str) -> Iterator[bytes]:
    """The bytes of a response, with a progress bar where someone watches."""
    if not sys.stderr.isatty():
        yield from iter(lambda: response.read(CHUNK_BYTES), b"")
        return
    from rich.console import Console
    from rich.progress import wrap_file

    size = int(response.headers.get("Content-Length", 0))
    console = Console(stderr=True)
    with wrap_file(response, size, description=f"Downloading {title}", console=console, transient=True) as reader:
        yield from iter(lambda: reader.read(CHUNK_BYTES), b"")
