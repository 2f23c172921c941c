"""Topics as lines of text, readable at 80 columns."""

import textwrap
from typing import Any

from kerasrun.config.reference.words import an

Topic = dict[str, Any]
WIDTH = 80
MAX_NAME, MAX_DEFAULT = 27, 19


def tell(topic: Topic) -> list[str]:
    """The lines of a topic."""
    return TOLD[topic["topic"]](topic)


def _overview(topic: Topic) -> list[str]:
    lines = [
        f"What a config can name and set, with Keras {topic['keras']}.",
        "",
        "Names: `kerasrun show layers` lists a kind, `kerasrun show Dense` tells of one.",
        "",
    ]
    for kind in topic["kinds"]:
        lines.append(f"  {kind['name']:14}{kind['count']:4}   {', '.join(kind['favourites'])}")
    lines += ["", "Sections: `kerasrun show training` lists its settings, `kerasrun show epochs`", "tells of one.", ""]
    lines += _table([(item["name"], item["text"]) for item in topic["sections"]])
    lines += ["", "Settings beside the sections:", ""]
    lines += _table([(item["name"], item["text"]) for item in topic["settings"]])
    return lines + _example(topic)


def _kind(topic: Topic) -> list[str]:
    lines = [f"{topic['count']} {topic['name']} of Keras {topic['keras']}. One of them: kerasrun show NAME"]
    longest = max(len(member["name"]) for group in topic["groups"] for member in group["members"])
    for group in topic["groups"]:
        lines += ["", *([group["name"]] if group["name"] else [])]
        lines += [_one_line(member["name"], member["text"], min(longest, MAX_NAME)) for member in group["members"]]
    if topic["refused"]:
        lines += ["", *_wrapped(f"Refused, and `kerasrun show NAME` says why: {', '.join(topic['refused'])}")]
    return lines + _example(topic)


def _one_line(name: str, text: str, width: int) -> str:
    """A name and as much of its text as fits beside it."""
    head = f"  {name:{width}}  "
    room = WIDTH - len(head)
    if room < 20:
        return head.rstrip()
    return (head + textwrap.shorten(text, room, placeholder=" …")).rstrip()


def _class(topic: Topic) -> list[str]:
    of_whom = "of your own" if topic["own"] else f"of Keras {topic['keras']}"
    group = f" ({topic['group']})" if topic["group"] and not topic["own"] else ""
    lines = [*_wrapped(f"{topic['name']}: {an(topic['word'])} {of_whom}{group}"), *_wrapped(topic["text"])]
    if topic["also"]:
        lines += _wrapped(f"Also written {', '.join(topic['also'])}.")
    lines += ["", "Arguments" if topic["arguments"] else "It takes no arguments."]
    lines += _arguments(topic["arguments"], topic["first_argument"])
    if topic["kind"] == "layers":
        lines += ["", "Beside it, as beside every layer: name, from, reuse (kerasrun show model.layers)"]
    return lines + _example(topic)


def _arguments(arguments: list[Topic], first: str | None) -> list[str]:
    if not arguments:
        return []
    name_width = min(max(len(item["name"]) for item in arguments), MAX_NAME) + 2
    defaults = ["required" if item["required"] else item["default"] for item in arguments]
    default_width = min(max(map(len, defaults)), MAX_DEFAULT) + 2
    lines = []
    for item, default in zip(arguments, defaults, strict=True):
        text = [item["text"].rstrip(".") + "."] if item["text"] else []
        text += ["May be written alone, without its name."] if item["name"] == first else []
        text += [f"Takes {item['takes']}."] if _tells_more(item) else []
        lines += _row(item["name"], default, " ".join(text), name_width, default_width)
    return lines


def _tells_more(item: Topic) -> bool:
    """Whether what an argument takes is more than its text and default show."""
    takes, text = item["takes"], item["text"]
    if takes.startswith("one of "):
        return not all(word in text for word in takes.removeprefix("one of ").split(", or ")[0].split(", "))
    return "(" in takes


def _row(name: str, default: str, text: str, name_width: int, default_width: int) -> list[str]:
    """Name, default, and the text wrapped beside them; what is too long for its column has a line of its own."""
    head = "  " + f"{name}  ".ljust(name_width) + (f"{default}  ".ljust(default_width) if default_width else "")
    indent = " " * (2 + name_width + default_width)
    wrapped = textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent) or [""]
    if len(head) > len(indent):
        return [head.rstrip(), *filter(None, wrapped)]
    return [(head + wrapped[0][len(indent) :]).rstrip(), *wrapped[1:]]


def _name(topic: Topic) -> list[str]:
    return [
        f"{topic['name']}: {an(topic['word'])}, written by its name alone",
        *_wrapped(topic["text"]),
        *_example(topic),
    ]


def _refused(topic: Topic) -> list[str]:
    return _wrapped(f"{topic['name']}: {an(topic['word'])} of Keras that a config cannot hold: {topic['text']}.")


def _sources(topic: Topic) -> list[str]:
    lines = ["What data.source may be. The settings of one: kerasrun show data.NAME", ""]
    return lines + _table([(item["name"], item["text"]) for item in topic["members"]]) + _example(topic)


def _warnings(topic: Topic) -> list[str]:
    lines = ["What a config is warned of, and silence: [NAME] says is meant so.", ""]
    return lines + _table([(item["name"], item["text"]) for item in topic["members"]]) + _example(topic)


def _section(topic: Topic) -> list[str]:
    lines = [
        f"{topic['name']}: a section of a config" if "." not in topic["name"] else topic["name"],
        *_wrapped(topic["text"]),
    ]
    if topic["sources"]:
        lines += _wrapped(
            f"Each source has more: {', '.join(f'kerasrun show data.{name}' for name in topic['sources'])}"
        )
    if topic["settings"]:
        lines += ["", "Settings"]
    for item in topic["settings"]:
        lines += [_head(item), *_below(item)]
    return lines + _example(topic)


def _setting(topic: Topic) -> list[str]:
    name = f"{topic['section']}.{topic['name']}" if topic["section"] else topic["name"]
    lines = [name, *_wrapped(topic["text"]), ""]
    lines += _wrapped(f"takes    {topic['takes']}", "         ") if topic["takes"] else []
    return [*lines, "required" if topic["required"] else f"default  {topic['default'] or 'none'}"]


def _head(item: Topic) -> str:
    end = "required" if item["required"] else f"default {item['default']}" if item["default"] else ""
    return f"  {item['name']:24}{end}".rstrip()


def _below(item: Topic) -> list[str]:
    takes = f" Takes {item['takes']}." if item["takes"] else ""
    return textwrap.wrap(item["text"] + takes, WIDTH, initial_indent="      ", subsequent_indent="      ")


def _table(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in rows) + 2
    return [line for name, text in rows for line in _row(name, "", text, width, 0)]


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent)


def _example(topic: Topic) -> list[str]:
    return ["", "Example", *(f"  {line}" for line in topic["example"])]


TOLD = {
    "overview": _overview,
    "kind": _kind,
    "class": _class,
    "name": _name,
    "refused": _refused,
    "sources": _sources,
    "warnings": _warnings,
    "section": _section,
    "setting": _setting,
}
