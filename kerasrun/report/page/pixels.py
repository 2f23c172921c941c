"""Small pictures of pixels as PNG within the page."""

import base64
import struct
import zlib

import numpy as np

from kerasrun.report.page.html import Markup, tag
from kerasrun.report.results import Array

# The PNG type of a picture by its number of channels.
TYPES = {1: 0, 3: 2, 4: 6}
# A sheet of filters: in a row; colours of one sign, from none to the strongest.
COLUMNS, LEVELS = 8, 24
NEGATIVE, POSITIVE = (0, 114, 178), (213, 94, 0)


def picture(pixels: Array, text: str) -> Markup:
    """An image of (height, width) grey or (height, width, 3 or 4) pixels, uint8; `text` says what it shows."""
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    return _image(_png(pixels.reshape(len(pixels), -1), pixels.shape[1], TYPES[channels]), pixels, text)


def filter_sheet(filters: Array, text: str) -> Markup:
    """Filters side by side: (n, height, width) with a colour a sign, or (n, height, width, 3) in their own colours."""
    scale = float(np.nan_to_num(np.abs(filters)).max()) or 1.0
    if filters.ndim == 4:
        sheet = _sheet(np.nan_to_num(np.rint(127.5 * (1 + filters / scale))).astype(np.uint8))
        return picture(sheet, text)
    levels = np.rint(np.nan_to_num(filters) / scale * LEVELS).astype(int) + LEVELS
    sheet = _sheet(levels.astype(np.uint8), LEVELS)
    strengths = np.arange(-LEVELS, LEVELS + 1)
    palette = b"".join(bytes(NEGATIVE if strength < 0 else POSITIVE) for strength in strengths)
    alphas = bytes((255 * np.abs(strengths) // LEVELS).astype(np.uint8))
    chunks = _chunk(b"PLTE", palette) + _chunk(b"tRNS", alphas)
    return _image(_png(sheet, sheet.shape[1], 3, chunks), sheet, text)


def _sheet(filters: Array, empty: int = 0) -> Array:
    """A grid of them, a pixel apart; (height, width) or (height, width, 3)."""
    count, height, width = filters.shape[:3]
    columns = min(COLUMNS, count)
    rows = -(-count // columns)
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1, *filters.shape[3:]), empty, np.uint8)
    for index, one in enumerate(filters):
        top, left = (index // columns) * (height + 1), (index % columns) * (width + 1)
        sheet[top : top + height, left : left + width] = one
    return sheet


def _image(png: bytes, pixels: Array, text: str) -> Markup:
    source = "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    height, width = pixels.shape[:2]
    return tag("img", src=source, alt=text, width=str(width), height=str(height))


def _png(rows: Array, width: int, kind: int, chunks: bytes = b"") -> bytes:
    """A PNG of 8 bits a channel, https://www.w3.org/TR/png-3/; before each row stands 0: no filter."""
    header = struct.pack(">IIBBBBB", width, len(rows), 8, kind, 0, 0, 0)
    data = np.hstack([np.zeros((len(rows), 1), np.uint8), rows]).tobytes()
    whole = _chunk(b"IHDR", header) + chunks + _chunk(b"IDAT", zlib.compress(data, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + whole


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
