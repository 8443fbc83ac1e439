"""Characters that nobody sees, or that change how others are seen. Tables of our own: Python's follow its version.

Pure: every part may read them. What a source may not hold, what a name may not hold, and how text from outside is
shown follow from here.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

UNSEEN: Ranges = (
    (0x0000, 0x0008),  # controls; tabulator and line end aside
    (0x000B, 0x001F),
    (0x007F, 0x009F),  # delete and the second set of controls
    (0x00AD, 0x00AD),  # a hyphen that is mostly not there
    (0x061C, 0x061C),  # direction
    (0x200B, 0x200F),  # of no width, and direction
    (0x2028, 0x202E),  # line ends, direction
    (0x2060, 0x206F),  # of no width, direction, old controls
    (0xD800, 0xDFFF),  # halves of a pair
    (0xFEFF, 0xFEFF),  # byte order
    (0xFFF9, 0xFFFB),  # interlinear annotation
    (0xE0000, 0xE0FFF),  # tags
)
"""What no source may hold, and no terminal is given."""

NOT_IN_NAMES: Ranges = (
    (0x0009, 0x000A),  # tabulator and line end
    (0x00A0, 0x00A0),  # spaces that look like another
    (0x2000, 0x200A),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xE000, 0xF8FF),  # private use
    (0xFDD0, 0xFDEF),  # no characters
    (0xFFF0, 0xFFF8),  # specials
    (0xFFFC, 0xFFFF),
    *[(plane << 16 | 0xFFFE, plane << 16 | 0xFFFF) for plane in range(1, 15)],  # no characters
    (0xF0000, 0x10FFFF),  # private use
)
"""What a text may hold and a name may not, beside UNSEEN."""

_BOUNDS = [bound for first, last in sorted(UNSEEN + NOT_IN_NAMES) for bound in (first, last + 1)]
"""Where what a name may not hold begins and ends, in turns."""

assert sorted(_BOUNDS) == _BOUNDS, "no range reaches into another"

_SURROGATES = range(0xD800, 0xE000)


def is_plain(text: str) -> bool:
    """Whether the text can be a name: it has visible characters only, single spaces aside that stand at neither end."""
    return (
        text != ""
        and text[0] != " "
        and text[-1] != " "
        and not any(bisect_right(_BOUNDS, ord(character)) % 2 for character in text)
    )


def is_visible(text: str) -> bool:
    """Whether the text holds no unseen character; its lines may end."""
    return text.translate(_SHOWN) == text


def visible(text: str) -> str:
    """Return the text with every unseen character written as its code, as JSON writes it; lines stay lines."""
    return text.translate(_SHOWN)


def _written(code: int) -> str:
    """The code in UTF-16, as in JSON; half of a pair has none."""
    if code in _SURROGATES:
        return "\ufffd"
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    return f"\\u{0xD800 + (code - 0x10000 >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


_SHOWN = {code: _written(code) for first, last in UNSEEN for code in range(first, last + 1)}
