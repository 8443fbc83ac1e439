"""Sources as the compiler sees them: text in memory, places in it, and lines.

Nothing here reads a disk. A driver (the command line, a test) gathers texts into a `SourceBundle`; every later
stage speaks of places as `Span`s into those texts, and only the renderer turns offsets into lines and columns.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in one source: offsets in Unicode code points, the end exclusive."""

    path: str
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of the other (same source)."""
        return Span(self.path, self.start, max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class LineMap:
    """Where the lines of a text begin, so that an offset can be shown as line and column."""

    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> LineMap:
        """Index the lines of a text."""
        starts = [0]
        starts.extend(offset + 1 for offset, character in enumerate(text) if character == "\n")
        return cls(tuple(starts))

    def position(self, offset: int) -> tuple[int, int]:
        """Return (line, column), both counted from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One `.gba` text under the name it is shown by."""

    path: str
    text: str
    lines: LineMap = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", LineMap.of(self.text))


@dataclass(frozen=True, slots=True)
class SourceBundle:
    """An instrument with everything it may import.

    `modules` maps what an `import` may name to its source: a standard-library module by its bare name, a
    neighbouring file by the string written after `from`. It is a tuple of pairs so that its order is fixed.
    """

    main: SourceFile
    modules: tuple[tuple[str, SourceFile], ...] = ()

    def module(self, name: str) -> SourceFile | None:
        """Return the module of that import name, if the bundle has it."""
        for key, source in self.modules:
            if key == name:
                return source
        return None

    def file(self, path: str) -> SourceFile | None:
        """Return the file that a span's path names."""
        if self.main.path == path:
            return self.main
        for _, source in self.modules:
            if source.path == path:
                return source
        return None
