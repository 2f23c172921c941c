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
        "close them with '{0}', or put a text that holds brackets or ${{…}} in quotes",
    ),
    (
        "found unexpected end of stream",
        "the quote that begins in line {begun} is not closed",
        "close it on the same line",
    ),
    ("expected the node content, but found '<stream end>'", "the text ends within brackets", "close them"),
    (
        "expected the node content, but found '(.)'",
        "a value is missing before this '{0}'",
        "write it, or remove the '{0}'",
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


# Spaces that look like plain ones, as they come with text from a web page.
OTHER_SPACE = re.compile("^ *([\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000])", re.MULTILINE)


def note_other_space(text: str, faults: Faults) -> None:
    """Note a space in the indentation that only looks like one: YAML takes it for a letter."""
    found = OTHER_SPACE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        faults.source.values[()] = Position(line, found.start(1) - found.start() + 1, file=faults.source.name)
        what = f"a space of another kind stands here: U+{ord(found[1]):04X}"
        faults.add((), f"not readable as YAML: {what}", "write a plain space")


def note_syntax(error: yaml.MarkedYAMLError, faults: Faults) -> None:
    """Note a fault of the syntax in plain words, with its place; the text is the source's."""
    begins_before = (error.problem or "").startswith("could not find expected ':'")
    mark = error.context_mark if begins_before else error.problem_mark or error.context_mark
    begun = error.context_mark.line + 1 if error.context_mark else 1
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = faults.source.texts[faults.source.name].splitlines()
    if line >= len(lines) and lines:
        open_ = error.context_mark if begun <= len(lines) else None
        line, column = (open_.line, open_.column) if open_ else (len(lines) - 1, max(0, len(lines[-1]) - 1))
    faults.source.values[()] = Position(line + 1, column + 1, file=faults.source.name)
    problem, hint = _meaning(error.problem or "not readable", begun)
    if line < len(lines) and "\t" in lines[line][: column + 1]:
        problem, hint = "a tab stands where YAML wants spaces", "indent with spaces only"
    elif "':'" in problem and (better := _about_colon(lines, line)):
        line, column, problem, hint = better
        faults.source.values[()] = Position(line, column, file=faults.source.name)
    faults.add((), f"not readable as YAML: {problem}", hint)


def _about_colon(lines: list[str], line: int) -> tuple[int, int, str, str] | None:
    """Line and column, from 1, of the ':' that is missing or lacks a space, at the fault or in the line before it."""
    before = [n for n in range(min(line, len(lines))) if lines[n].strip() and not lines[n].lstrip().startswith("#")]
    for number in [line, *before[-1:]]:
        text = lines[number] if number < len(lines) else ""
        found = re.match(r"\s*(?:- )?\w+(:)[^\s:/\\]", text)
        if found:
            return number + 1, found.start(1) + 1, "a space is missing after this ':'", "write key: value"
        found = re.fullmatch(r"(\s*(?:- )*)(\w+)[^\w:]*([^:#{}\[\]]*)", text)
        if found and number != line and len(found[1]) <= _indentation(lines, line):
            hint = f"write {found[2]}: {found[3]}".rstrip()
            return number + 1, len(found[1]) + 1, "this line has no ':' after its key", hint
    several = re.search(r":\s+[^\s{\['\"][^{\[]*?,\s*\w+(:)\s", lines[line]) if line < len(lines) else None
    if several:
        hint = "write several arguments in braces: {units: 10, activation: relu}"
        return line + 1, several.start(1) + 1, "a ':' stands where no key can be", hint
    return None


def _indentation(lines: list[str], line: int) -> int:
    """The column, from 0, at which a line's text begins, after the dashes of lists."""
    text = lines[line] if line < len(lines) else ""
    return len(text) - len(text.lstrip(" -"))


def _meaning(problem: str, begun: int) -> tuple[str, str]:
    for pattern, meaning, hint in MEANINGS:
        found = re.search(pattern, problem)
        if found:
            return meaning.format(*found.groups(), begun=begun), hint.format(*found.groups(), begun=begun)
    return problem, ""
