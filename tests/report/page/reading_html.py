"""A page as a test reads it: a tree of its elements, and their text."""

from html.parser import HTMLParser

VOID = {"br", "col", "img", "meta"}


class Element:
    """An element with its attributes, and what is in it."""

    def __init__(self, name, attributes=()):
        self.name, self.attributes, self.content = name, dict(attributes), []

    def all(self, name=None, **attributes):
        """Every element below, in order; by its name, and by attributes (`class_` has one of several)."""
        for item in self.content:
            if isinstance(item, Element):
                if name in (None, item.name) and item.has(attributes):
                    yield item
                yield from item.all(name, **attributes)

    def has(self, attributes):
        wanted = {key.rstrip("_"): value for key, value in attributes.items()}
        if "class" in wanted and wanted.pop("class") not in self.attributes.get("class", "").split():
            return False
        return all(self.attributes.get(key) == value for key, value in wanted.items())

    def one(self, name=None, **attributes):
        """The only such element."""
        [found] = self.all(name, **attributes)
        return found

    @property
    def text(self):
        """All text below, white space as one space."""
        parts = (item.text if isinstance(item, Element) else item for item in self.content)
        return " ".join(" ".join(parts).split())

    @property
    def rows(self):
        """The cells' texts of a table's rows."""
        return [[cell.text for cell in row.all() if cell.name in ("td", "th")] for row in self.all("tr")]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = [Element("document")]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs)
        self.open[-1].content.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].content.append(data)


def read_html(text):
    """The document; every element must be closed where it should be."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert [element.name for element in reader.open] == ["document"]
    return reader.open[0]
