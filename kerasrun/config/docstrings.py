"""What a docstring says about arguments: its "Args:" part, and of each text the line that tells most."""

import inspect
import re

MAX_LENGTH = 180
ARGUMENT = re.compile(r"`?\*{0,2}(\w+)`?(?:\s*\([^)]*\))?\s*:\s*(.*)$")

# An end of a sentence: not the dot of `e.g.`, and followed by what may begin one.
SENTENCE = re.compile(r"(?<!e\.g\.)(?<!i\.e\.)(?<!\bie\.)(?<!etc\.)(?<=[.!?])\s+(?=[A-Z`\"'(\[])")

# A sentence of these words alone says no more than the default beside it: "A float or a tuple of two floats."
TYPE_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a an or of the to is it and in between range single optional positive unsigned two python keras
        scalar tensor value values point floating float floats float32 int ints int32 int64 integer integers number
        numbers bool boolean str string strings tuple tuples list lists dict dictionary none true false default defaults
        callable length elements hyperparameter instance learningratescheduler""",
    )
)
SAYS_DEFAULT = re.compile(r"\(?(?:Defaults? (?:to|is|value)|Default:|Default |Unset by default)", re.IGNORECASE)
MERE_TYPE = re.compile(
    r"(?:\(?optional\)?[.,:]?|(?:A )?bool(?:ean)?(?: \(default[^)]*\))?,?(?= whether| if))\s+", re.IGNORECASE
)


def argument_texts(doc: str) -> dict[str, str]:
    """The whole text of each argument in a docstring's "Args:" part, on one line."""
    texts: dict[str, list[str]] = {}
    heading = depth = None
    name = ""
    for line in inspect.cleandoc(doc).splitlines():
        indent, text = len(line) - len(line.lstrip()), line.strip()
        if not text:
            continue
        if heading is None or indent <= heading:
            heading, depth, name = (indent if text in ("Args:", "Arguments:") else None), None, ""
            continue
        depth = indent if depth is None else depth
        found = ARGUMENT.match(text) if indent == depth else None
        if found:
            name = found[1]
            texts.setdefault(name, []).append(found[2])
        elif name:
            texts[name].append(text)
    return {name: " ".join(filter(None, parts)) for name, parts in texts.items()}


def one_line(text: str) -> str:
    """The first sentence of an argument's text that tells what it does: neither its type nor its default."""
    text = re.sub(r"\[([^\]]+)\]\s*\(\s*http[^)]*\)", r"\1", text.replace("``", "`"))
    text = re.split(r"(?<=[.:)]) - | name: String|\{\{", text)[0]
    sentences = [sentence.strip() for sentence in SENTENCE.split(text) if sentence.strip()]
    line = next(filter(_tells, sentences), sentences[0] if sentences else "")
    line = MERE_TYPE.sub("", line, count=1) if MERE_TYPE.match(line) else line
    if len(line) > MAX_LENGTH:
        line = line[:MAX_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:(") + " …"
    return line[:1].upper() + line[1:]


def _tells(sentence: str) -> bool:
    words = set(re.findall("[a-z]+[0-9]*", sentence.lower()))
    return not (words <= TYPE_WORDS or SAYS_DEFAULT.match(sentence) or "or a callable that takes no" in sentence)
