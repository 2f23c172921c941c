"""What the parser's complaints about YAML mean to someone who writes a config."""

import re

import yaml

from kerasrun.config.faults import Faults, Position

# (what PyYAML says, what is wrong, how to mend it); `{0}` is what the pattern's group caught, `{begun}` the line where
# what encloses it began.
MEANINGS = [
    (
        "mapping values are not allowed",
        "a ':' stands where no key can be",
        "check the indentation of this line and the one before it, and put texts that hold ': ' in quotes",
    ),
    (
        "expected <block end>, but found ('-'|'<block sequence start>')",
        "this '-' begins a list where a key is expected",
        "align it with the items of its list, or write the key that the list belongs to above it",
    ),
    ("expected <block end>, but found '([]}])'", "this '{0}' closes nothing", "remove it, or open it before"),
    (
        "expected <block end>",
        "this line's indentation fits nothing above it",
        "align it with the keys of its section",
    ),
    (
        r"expected ',' or '(.)', but got '<stream end>'",
        "the bracket that begins in line {begun} is not closed",
        "close it with '{0}'",
    ),
    (
        r"expected ',' or '(.)'",
        "a ',' or '{0}' is missing before this, in the brackets that begin in line {begun}",
        "put a text that holds brackets or ${{…}} in quotes",
    ),
    (
        "found unexpected end of stream",
        "the quote that begins in line {begun} is not closed",
        "close it on the same line",
    ),
    ("could not find expected ':'", "this line has no ':' after its key", "write key: value, with a space after ':'"),
    (
        r"found character '(.+)' that cannot start any token",
        "a value cannot begin with '{0}'",
        "put it in quotes",
    ),
    (
        r"found undefined alias '?([^']*)'?",
        "'*{0}' refers to an anchor that is not there",
        "put a text that begins with '*' in quotes",
    ),
    ("expected a comment or a line break", "after '|' or '>' the text begins in the next line", "indent it there"),
    ("found another document", "a second document begins here", "a config is one document; remove the '---'"),
    ("found unknown escape character '(.)'", "'\\{0}' means nothing within double quotes", "use single quotes"),
]


def note_syntax(error: yaml.MarkedYAMLError, faults: Faults) -> None:
    """Note a fault of the syntax in plain words, with its place; the text is the source's."""
    mark = error.problem_mark or error.context_mark
    begun = error.context_mark.line + 1 if error.context_mark else 1
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = faults.source.texts[faults.source.name].splitlines()
    if line >= len(lines) and lines:
        line, column = (begun - 1, error.context_mark.column) if error.context_mark else (len(lines) - 1, 0)
    faults.source.values[()] = Position(line + 1, column + 1, file=faults.source.name)
    problem, hint = _meaning(error.problem or "not readable", begun)
    unspaced = _unspaced_colon(lines, line) if "':'" in problem else None
    if unspaced:
        problem, hint = "a space is missing after this ':'", "write key: value"
        faults.source.values[()] = Position(*unspaced, file=faults.source.name)
    if line < len(lines) and "\t" in lines[line][: column + 1]:
        problem, hint = "a tab stands where YAML wants spaces", "indent with spaces only"
    faults.add((), f"not readable as YAML: {problem}", hint)


def _unspaced_colon(lines: list[str], line: int) -> tuple[int, int] | None:
    """Line and column, from 1, of a `key:value` at the fault or in the line before it."""
    for number in (line, line - 1):
        found = re.match(r"\s*(?:- )?\w+(:)[^\s:/\\]", lines[number]) if 0 <= number < len(lines) else None
        if found:
            return number + 1, found.start(1) + 1
    return None


def _meaning(problem: str, begun: int) -> tuple[str, str]:
    for pattern, meaning, hint in MEANINGS:
        found = re.search(pattern, problem)
        if found:
            return meaning.format(*found.groups(), begun=begun), hint.format(*found.groups(), begun=begun)
    return problem, ""
