"""What the manifests of all runs say, without reading each of them every time.

The index is a file in an output folder of many runs, and may be deleted at any time. What it says of a run counts only
while the manifest is the very file that was read: same inode, size, and times of change. Where the folder cannot be
written, or where runs are few, every manifest is read.
"""

import contextlib
import hashlib
import json
import os
import stat
import threading
import time
from pathlib import Path
from typing import Any

from kerasrun.runs.store.folder import RunFolder, output_folder, run_paths

NAME, FORMAT = ".index.json", "kerasrun-index-1"

# What is kept of a manifest.
KEPT = (
    *("status", "started", "ended", "time_s", "stopped", "error"),
    *("seed", "num_parameters", "figures", "summary", "done"),
)

# Fewer runs are read as fast without.
MANY = 100

# A manifest that was read sooner after its last change could have changed again within the same tick of the clock.
SETTLED_NS = 2_000_000_000

Manifest = dict[str, Any]
Entries = dict[str, list[Any]]
"""By `experiment/run`: the identity of its manifest, and what is kept of it."""


def read_manifests(output: str | Path | None = None) -> list[tuple[RunFolder, Manifest]]:
    """Every run under the output folder with the chief entries of its manifest, none of a damaged one; in no order.

    They are as in the manifest, but for the settings in the summary, which are text in JSON.

    Raises:
        InputError: the folder cannot be read.
    """
    root = output_folder(output)
    known, entries, runs = _load(root / NAME), {}, []
    for path in run_paths(root):
        name = path[len(str(root)) + 1 :]
        with contextlib.suppress(OSError):  # no run, or deleted meanwhile
            run, manifest, entry = _read(path, known.get(name))
            runs.append((run, manifest))
            if entry:
                entries[name] = entry
    if entries != known and len(runs) >= MANY:
        _save(root / NAME, entries)
    return runs


def _read(path: str, entry: list[Any] | None) -> tuple[RunFolder, Manifest, list[Any] | None]:
    """A run, what is kept of its manifest, and its entry in the index, if it can have one."""
    run, now = RunFolder(Path(path)), time.time_ns()
    status = os.stat(f"{path}/manifest.json")  # noqa: PTH116 - for thousands Path takes its time
    identity = [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]
    if entry and entry[0] == identity:
        return run, entry[1], entry
    whole = run.read_manifest() if stat.S_ISREG(status.st_mode) else {}  # a FIFO would be waited for
    if not whole:
        run.manifest.stat()  # damaged, or gone
    manifest = _kept(whole)
    is_settled = now - max(status.st_mtime_ns, status.st_ctime_ns) > SETTLED_NS
    return run, manifest, [identity, manifest] if whole and is_settled else None


def _kept(manifest: Manifest) -> Manifest:
    """The chief entries of a manifest; the settings as text: most lists do without them, and they take time to read."""
    kept = {key: manifest[key] for key in KEPT if key in manifest}
    if settings := kept.get("summary", {}).get("settings"):
        kept["summary"] = kept["summary"] | {"settings": json.dumps(settings, ensure_ascii=False)}
    return kept


def _load(path: Path) -> Entries:
    """The entries; none of an index that is not as it was written."""
    try:
        digest, _, text = path.read_text(encoding="utf-8").partition("\n")
        document = json.loads(text) if digest == _digest(text) else {}
        return document["runs"] if document["format"] == FORMAT else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _save(path: Path, entries: Entries) -> None:
    """Replace the index in one step; what another process writes at the same time is as good."""
    text = json.dumps({"format": FORMAT, "runs": entries}, ensure_ascii=False)
    aside = path.with_name(f".{os.getpid()}-{threading.get_ident()}.partial{NAME}")
    try:
        aside.write_text(f"{_digest(text)}\n{text}", encoding="utf-8")
        aside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
