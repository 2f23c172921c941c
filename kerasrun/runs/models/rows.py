"""The rows that a saved model is to work on: its own test rows, or those that files on the command line hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kerasrun.config import load_config
from kerasrun.data import Rows, load_data, load_rows
from kerasrun.data.files.array_rows import are_arrays
from kerasrun.data.files.folders import PICTURES, FoundFile, find_files, is_table, told
from kerasrun.errors import InputError
from kerasrun.runs.models.chosen import Chosen, check_labels, folder_labels
from kerasrun.runs.models.opened import ModelFile

TABLES = (".csv", ".tsv")
# What a model of tables reads.
ALL_TABLES = (*TABLES, ".txt", ".gz", ".parquet", ".pq")


@dataclass(frozen=True)
class PictureOptions:
    """How pictures become rows.

    Args:
        pixel_max: the value of white, where the model's record does not say it.
        invert: whether dark and light change places.
    """

    pixel_max: float | None = None
    invert: bool = False


def choose_rows(
    opened: ModelFile, data: Sequence[str | Path], need_labels: bool, options: PictureOptions | None = None
) -> Chosen:
    """The rows of `data`, else the test rows of the model's config.

    Args:
        data: pictures and folders of pictures; tables, for a model of tables; or one `.npz`, `.npy` or `.csv` file, a
            folder of `.npy` files, or a config (its data section counts); nothing for the model's own data.

    Raises:
        InputError: there is no data, or it cannot be read.
    """
    paths = [Path(item).expanduser() for item in data]
    if not paths or (len(paths) == 1 and _is_config(data[0])):
        return _of_config(opened, data[0] if data else None)
    if "series" in opened.reading and len(paths) == 1:
        from kerasrun.runs.models.series_rows import series_rows

        return series_rows(paths[0], str(data[0]), opened, need_labels)
    if len(paths) == 1 and _are_arrays(paths[0], opened):
        return _arrays(opened, paths[0], str(data[0]), need_labels)
    if opened.reading.get("kind") == "text":
        from kerasrun.runs.models.own_files import choose_texts

        return choose_texts(opened, paths, need_labels)
    if "pictures" in opened.reading and is_table(paths[0]):
        return _listed_pictures(opened, paths, need_labels, options or PictureOptions())
    if all(path.suffix.lower() in PICTURES or path.is_dir() for path in paths):
        return _pictures(opened, paths, need_labels, options or PictureOptions())
    if "table" in opened.reading and all(path.suffix.lower() in ALL_TABLES for path in paths):
        return _tables(opened, paths, need_labels)
    if len(paths) > 1:
        raise InputError("several files are read together only where all are pictures or folders of them; give one")
    if paths[0].suffix.lower() in TABLES:
        if need_labels:
            raise InputError(f"{paths[0]}: a table holds no labels here; give an .npz with x and y")
        from kerasrun.data.files.table import read_table

        return Chosen(str(data[0]), Rows(read_table(paths[0], opened.row_shape), None))
    return _arrays(opened, paths[0], str(data[0]), need_labels)


def _are_arrays(path: Path, opened: ModelFile) -> bool:
    """Whether a path is that of arrays; for a model of files of another kind a folder is one of these."""
    is_filed = "pictures" in opened.reading or opened.reading.get("kind") == "text"
    return are_arrays(path) and not (path.is_dir() and is_filed)


def _arrays(opened: ModelFile, path: Path, name: str, need_labels: bool) -> Chosen:
    """Those of a file or folder; for a model of an earlier version its config says how they are read."""
    data = opened.config.data if opened.config else None
    written = {key: getattr(data, key) for key in ("inputs", "targets", "one_hot") if hasattr(data, key)}
    try:
        return Chosen(name, load_rows(path, {**written, **opened.reading}, opened.classes, need_labels))
    except ValueError:
        raise InputError(f"{opened.path}: what it carries beside the model is damaged") from None


def _tables(opened: ModelFile, paths: list[Path], need_labels: bool) -> Chosen:
    from kerasrun.data.tables.more import read_more

    name = str(paths[0]) if len(paths) == 1 else f"{len(paths):,} tables"
    try:
        rows, notes = read_more(paths, opened.reading, opened.classes, need_labels)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(f"{opened.path}: what it carries beside the model is damaged") from None
    return Chosen(name, rows, notes=notes)


def _of_config(opened: ModelFile, written: str | Path | None) -> Chosen:
    config = load_config(written, imports=opened.imports) if written is not None else opened.config
    if config is None:
        raise InputError(
            f"{opened.path}: this model carries no config, so its data is not known; "
            "pass --data with an .npz file (arrays x and y) or a config"
        )
    dataset = load_data(config)
    return Chosen(dataset.judging_part, dataset.parts()[dataset.judging_part], dataset)


def _is_config(data: str | Path) -> bool:
    return str(data).startswith("@") or Path(data).suffix in (".yaml", ".yml")


def _pictures(opened: ModelFile, paths: list[Path], need_labels: bool, options: PictureOptions) -> Chosen:
    files, others = find_files(paths, PICTURES, "picture")
    labels = folder_labels([file.folder for file in files], opened)
    name = str(paths[0]) if len(paths) == 1 else f"{len(files):,} pictures"
    if need_labels:
        check_labels(labels, name, "pictures", opened)
    rows = Rows(_read(files, opened, options), labels)
    notes = (f"no pictures, left out: {told(others)}",) if others else ()
    return Chosen(name, rows, None, tuple(file.name for file in files), notes)


def _listed_pictures(opened: ModelFile, paths: list[Path], need_labels: bool, options: PictureOptions) -> Chosen:
    """Those that a table names, as the model's own was."""
    from kerasrun.data.tables.cells import read_filled
    from kerasrun.runs.models.own_files import column_of, read_own_table

    table, labels = read_own_table(opened, paths, need_labels)
    names = read_filled(table, column_of(opened, "image", table))
    files = [FoundFile(Path(table.name).parent / name, str(name)) for name in names]
    return Chosen(str(paths[0]), Rows(_read(files, opened, options), labels), None, tuple(names))


def _read(files: list[FoundFile], opened: ModelFile, options: PictureOptions) -> np.ndarray:
    """Pictures in the form that they had in training; where it had none, as the model reads them."""
    if "pictures" not in opened.reading:
        from kerasrun.data.files.pictures import Target, read_pictures

        return read_pictures(files, Target(*_form_of(opened, options), options.invert))
    from kerasrun.data.files.decoded import decode_sound
    from kerasrun.data.files.decoding import Form

    try:
        form = Form.from_dict(opened.reading["pictures"])
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{opened.path}: what it carries beside the model is damaged") from None
    rows = decode_sound([file.path for file in files], form)
    return 255 - rows if options.invert else rows


def _form_of(opened: ModelFile, options: PictureOptions) -> tuple[tuple[int, ...], float]:
    """The shape of a row, and the value of white."""
    shape, white = opened.row_shape, options.pixel_max or opened.pixel_max
    if shape is None:
        raise InputError(
            f"{opened.path}: it is not known what rows this model reads, so no pictures can be made into them; "
            "give an .npz or .npy file"
        )
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in (1, 3, 4)):
        raise InputError(f"{opened.path}: this model reads rows of the shape {list(shape)}, which are no pictures")
    if white is None:
        raise InputError(
            f"{opened.path}: it is not known which value white has in the data of this model; say it by --pixel-max, "
            "such as 255 or 1"
        )
    return shape, white
