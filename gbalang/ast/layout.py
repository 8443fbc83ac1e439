"""Breaking lines: a small language of documents and its renderer, after Wadler's "A prettier printer" (2003).

A group is written on one line if it fits and broken at its lines if not. The renderer keeps a list of its own instead
of recursing, looks ahead no further than one line, and leaves no white space at the end of a line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, assert_never


@dataclass(frozen=True, slots=True)
class Line:
    """A place to break; `flat` is what stands there in a group that fits."""

    flat: str


@dataclass(frozen=True, slots=True)
class HardLine:
    """A break that every group around it takes part in."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment that ends its line: nothing but a break may follow it."""

    text: str


@dataclass(frozen=True, slots=True)
class Nest:
    """Lines broken inside begin so many columns further right."""

    columns: int
    inner: Doc


@dataclass(frozen=True, slots=True)
class Group:
    """One line if it fits."""

    inner: Doc


Doc: TypeAlias = str | Line | HardLine | Remark | Nest | Group | tuple["Doc", ...]

LINE = Line(" ")
SOFT_LINE = Line("")
HARD_LINE = HardLine()
MARK = "\x01"
"""Set around names by the printer and taken out at the end; it has no width."""

_Item: TypeAlias = tuple[int, bool, Doc]


def width_of(text: str) -> int:
    """Columns of a text, a wide or full-width character counting two."""
    if text.isascii():
        return len(text) - text.count(MARK)
    return sum(
        0 if each == MARK or unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


def join(separator: Doc, docs: Iterable[Doc]) -> Doc:
    """Put a separator between documents."""
    parts: list[Doc] = []
    for doc in docs:
        if parts:
            parts.append(separator)
        parts.append(doc)
    return tuple(parts)


def render_flat(doc: Doc) -> str:
    """Write a document on one line, without its remarks."""
    pieces: list[str] = []
    waiting: list[Doc] = [doc]
    while waiting:
        match waiting.pop():
            case str() as text:
                pieces.append(text)
            case Line(flat=flat):
                pieces.append(flat)
            case HardLine():
                pieces.append(" ")
            case Remark():
                pass
            case Nest(inner=inner) | Group(inner=inner):
                waiting.append(inner)
            case tuple() as parts:
                waiting.extend(reversed(parts))
            case other:
                assert_never(other)
    return "".join(pieces)


def render(doc: Doc, columns: int) -> str:
    """Write a document on lines of at most so many columns, where its breaks allow it."""
    pieces: list[str] = []
    column, indentation = 0, 0
    waiting: list[_Item] = [(0, False, doc)]
    while waiting:
        nested, flat, item = waiting.pop()
        match item:
            case str() as text:
                if text and indentation:
                    pieces.append(" " * indentation)
                    indentation = 0
                pieces.append(text)
                column = width_of(text.rpartition("\n")[2]) if "\n" in text else column + width_of(text)
            case Line(flat=text) if flat:
                pieces.append(text)
                column += len(text)
            case Line() | HardLine():
                pieces.append("\n")
                column = indentation = nested
            case Remark(text=text):
                pieces.append(f"  # {text}".rstrip())
            case Nest(columns=more, inner=inner):
                waiting.append((nested + more, flat, inner))
            case Group(inner=inner):
                waiting.append((nested, flat or _fits(inner, columns - column, waiting), inner))
            case tuple() as parts:
                waiting.extend((nested, flat, part) for part in reversed(parts))
            case other:
                assert_never(other)
    return "".join(pieces)


def _fits(doc: Doc, room: int, rest: list[_Item]) -> bool:
    """Whether a group and what follows it up to the next possible break fit into the room."""
    inside: list[tuple[bool, Doc]] = [(True, doc)]
    following = len(rest)
    while room >= 0:
        if not inside:
            if following == 0:
                return True
            following -= 1
            inside.append(rest[following][1:])
        flat, item = inside.pop()
        match item:
            case str() as text:
                room -= width_of(text.partition("\n")[0])
                if "\n" in text:
                    return room >= 0
            case Line(flat=text):
                if not flat:
                    return True
                room -= len(text)
            case HardLine() | Remark():
                return not flat
            case Nest(inner=inner):
                inside.append((flat, inner))
            case Group(inner=inner):
                inside.append((flat, inner))
            case tuple() as parts:
                inside.extend((flat, part) for part in reversed(parts))
            case other:
                assert_never(other)
    return False
