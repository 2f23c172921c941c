"""The starter for a series in a table."""

from pathlib import Path

from kerasrun.data.starting.series import FRACTION, FoundSeries, find_series
from kerasrun.data.starting.targets import MIN_ROWS
from kerasrun.data.tables.table import Table
from kerasrun.runs.starting.lines import item, remark, setting, with_comment
from kerasrun.runs.starting.nets import callbacks, target_comment, training
from kerasrun.runs.starting.sections import Sections
from kerasrun.runs.starting.sizes import series_sizes_of
from kerasrun.runs.starting.tables import ignored_remarks


def series_sections(path: Path, shown: str, table: Table, target: str) -> Sections:
    """The sections for a series.

    Raises:
        InputError: see `find_series`.
    """
    found = find_series(path, table, target)
    title = f"A series: the next value of '{target}' in {path.name}, from the {found.lag:,} rows before it."
    data = [
        "data:",
        "  source: series",
        *setting("path", shown, "from this file's folder"),
        *setting("target", target, f"{target_comment(found.target)} over the training rows"),
        *_time(found),
        *_features(found),
        *setting("lag", found.lag, _why(found)),
        *setting("horizon", 1, "how many rows are forecast at once"),
        *_parts(found),
    ]
    return Sections(title, _summary(found), data, _net(found))


def _summary(found: FoundSeries) -> str:
    by = f" by '{found.time}'" if found.time else ""
    season = f"a season of {found.season:,} rows" if found.season else "no season"
    told = ", ".join(f"'{name}'" for name in found.features)
    left_out = f"; left out: {', '.join(column.name for column in found.ignored)}" if found.ignored else ""
    start = (
        f"{found.num_rows:,} rows in order{by} (--source csv takes them without their order), a series with {season}"
    )
    return f"{start}; from {told}{left_out}"


def _time(found: FoundSeries) -> list[str]:
    if found.time is None:
        return remark("no column of times is known: the rows must be in the order of time", 2)
    return setting("time", found.time, "each row must be later than the one before it")


def _features(found: FoundSeries) -> list[str]:
    comment = "each brought to mean 0 and variance 1; the target first, for the guess below is one of it"
    lines = setting("features", list(found.features), comment)
    if found.ignored:
        lines += ignored_remarks(found.ignored)
    if found.num_missing:
        lines += setting("missing", "previous", f"{found.num_missing:,} values are missing: those before them stand in")
    return lines


def _why(found: FoundSeries) -> str:
    if found.season is None or found.season > found.lag:
        return "rows that are looked back upon; no season was found in the training rows"
    count = "twice the season" if found.lag > found.season else "the season"
    return f"rows that are looked back upon: {count} of {found.season:,} rows, found in the training rows"


def _parts(found: FoundSeries) -> list[str]:
    if found.num_rows < MIN_ROWS:
        return remark(f"fewer than {MIN_ROWS} rows: none is kept apart; with more, write test: 0.2", 2)
    return [
        *setting("test", FRACTION, "the last fifth of the rows, to measure on in the end"),
        *setting("validation", FRACTION, "the last fifth of the others, to stop by"),
    ]


def _net(found: FoundSeries) -> list[str]:
    """A net that begins with a guess from the past, and learns by how much it is wrong."""
    has_validation, rows = found.num_rows >= MIN_ROWS, found.best_guess
    sizes = series_sizes_of(found.num_train - found.lag)
    scale, offset = (float(f"{number:.7g}") for number in (found.target.deviation, found.target.mean))
    layers = [
        "model:",
        "  layers:",
        *item({"Cropping1D": {"cropping": [found.lag - rows, rows - 1]}}, _guess(found), 4),
        *item("Flatten", "", 4),
        *item(
            {"Dense": {"units": 1, "use_bias": False, "kernel_initializer": "Identity", "trainable": False}},
            "takes the first feature as it is",
            4,
        ),
        "      name: guess",
        *with_comment("    - Flatten:", "all rows that are looked back upon", 4),
        "      from: input",
        *item({"Dense": {"units": sizes.units[0], "activation": "relu"}}, "", 4),
        *item({"Dense": {"units": 1, "kernel_initializer": "Zeros"}}, "nothing to begin with", 4),
        "      name: change",
        *with_comment("    - Add:", "the guess, and by how much it is wrong", 4),
        "      from: [guess, change]",
        *item({"Rescaling": {"scale": scale, "offset": offset}}, "from mean 0 and variance 1 to the target's unit", 4),
        "",
    ]
    return [*layers, *training(found.target, sizes, has_validation), *callbacks(sizes, has_validation)]


def _guess(found: FoundSeries) -> str:
    best = found.best_guess
    told = [f"{_told(best)}, off by {found.guesses[best]:.3g} on average in the training rows"]
    told += [f"{_told(rows)} is by {error:.3g}" for rows, error in found.guesses.items() if rows != best]
    return f"a guess to start from: {'; '.join(told)}"


def _told(rows: int) -> str:
    return f"the value {rows:,} rows before" if rows > 1 else "the last value"
