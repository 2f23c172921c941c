"""A terminal in a few lines, for tests: what a person would see after a program wrote these characters."""

import re

TOKEN = re.compile(r"\x1b\[(\d*)([A-Za-z])|(.)", re.DOTALL)


class Emulator:
    """Rows of characters with a cursor; everything that was scrolled up is kept too.

    It wraps lines that are too long, and wraps them anew when its width changes, as tmux, kitty and GNOME's do.
    """

    def __init__(self, width=80):
        self.width, self.rows, self.wrapped, self.x, self.y = width, [""], [False], 0, 0

    def feed(self, text):
        """Obey what a program writes; anything that is not known here is an error."""
        for number, command, letter in TOKEN.findall(text.replace("\r\n", "\n")):
            if command:
                self._obey(command, int(number or 0))
            elif letter == "\n":
                self._next_row(False)
            elif letter == "\r":
                self.x = 0
            else:
                assert letter.isprintable(), repr(letter)
                if self.x == self.width:
                    self._next_row(True)
                row = self.rows[self.y].ljust(self.x)
                self.rows[self.y] = row[: self.x] + letter + row[self.x + 1 :]
                self.x += 1
        return self

    def resize(self, width):
        """Another width: rows that were one line are wrapped anew, and the cursor stays at its character."""
        before, at = self._lines(), 0
        for index in range(self.y):
            at += not self.wrapped[index]
        column = self.x + sum(len(self.rows[i]) for i in range(self._start(self.y), self.y))
        self.width, self.rows, self.wrapped = width, [], []
        for index, line in enumerate(before):
            pieces = [line[start : start + width] for start in range(0, max(len(line), 1), width)]
            if index == at:
                self.y, self.x = len(self.rows) + min(column // width, len(pieces) - 1), column % width
            self.rows += pieces
            self.wrapped += [True] * (len(pieces) - 1) + [False]

    def lines(self):
        """What stands there, one text a line however it is wrapped, without the empty end."""
        lines = [line.rstrip() for line in self._lines()]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def _lines(self):
        lines, line = [], ""
        for row, goes_on in zip(self.rows, self.wrapped, strict=True):
            line += row
            if not goes_on:
                lines.append(line)
                line = ""
        return lines

    def _start(self, y):
        while y > 0 and self.wrapped[y - 1]:
            y -= 1
        return y

    def _next_row(self, wraps):
        self.wrapped[self.y] = wraps
        self.x, self.y = 0, self.y + 1
        if self.y == len(self.rows):
            self.rows.append("")
            self.wrapped.append(False)

    def _obey(self, command, number):
        if command == "A":
            self.y = max(0, self.y - number)
        elif command == "J":
            assert number == 0
            self.rows[self.y :] = [self.rows[self.y][: self.x]]
            self.wrapped[self.y :] = [False]
        else:
            assert command == "m", command
