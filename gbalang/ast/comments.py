"""Which node keeps which comment: every comment of a text finds one home, so that printing loses none.

A comment on a line of its own goes to the node that begins after it; one at the end of a line to the node whose line
ends there (innermost first, as nodes are built from the inside); what is left inside a node, between parts that keep
no comments, moves before that node.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from gbalang.ast.nodes import NO_COMMENTS, Comments


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment without its mark. `previous_end` and `next_start` are those of the tokens around it, commas aside."""

    text: str
    start: int
    own_line: bool
    previous_end: int
    next_start: int


@dataclass(slots=True)
class CommentBook:
    """The comments of one text in order, and which of them are taken."""

    _comments: list[Comment] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _taken: set[int] = field(default_factory=set)
    _by_next_start: dict[int, list[int]] = field(default_factory=dict)
    _by_previous_end: dict[int, list[int]] = field(default_factory=dict)

    def add(self, comment: Comment) -> None:
        """Note the next comment of the text."""
        number = len(self._comments)
        self._comments.append(comment)
        self._starts.append(comment.start)
        if comment.own_line:
            self._by_next_start.setdefault(comment.next_start, []).append(number)
        else:
            self._by_previous_end.setdefault(comment.previous_end, []).append(number)

    def take(self, start: int, end: int, line_end: int | None = None, closing: int | None = None) -> Comments:
        """Take what belongs to a node from `start` to `end`.

        `line_end` is where its first line ends, if that is not the end; `closing` where its closing word begins.
        """
        if len(self._taken) == len(self._comments):
            return NO_COMMENTS
        line_end = end if line_end is None else line_end
        before = self._open(self._by_next_start.get(start, ()))
        closed: list[int] = []
        after = self._open(self._by_previous_end.get(line_end, ()))[:1]
        inside = range(bisect_left(self._starts, start), bisect_left(self._starts, end))
        for number in self._open(inside):
            if number in after:
                continue
            in_closing = closing is not None and self._comments[number].next_start == closing
            (closed if in_closing else before).append(number)
        if closing is not None and line_end != end:
            closed += [each for each in self._open(self._by_previous_end.get(end, ())) if each not in closed]
        self._taken.update(before, after, closed)
        return Comments(self._texts(before), self._comments[after[0]].text if after else None, self._texts(closed))

    def take_rest(self) -> tuple[str, ...]:
        """Take what no node has taken: the comments at the end of the text."""
        rest = self._open(range(len(self._comments)))
        self._taken.update(rest)
        return self._texts(rest)

    def _open(self, numbers: range | list[int] | tuple[int, ...]) -> list[int]:
        return [number for number in numbers if number not in self._taken]

    def _texts(self, numbers: list[int]) -> tuple[str, ...]:
        return tuple(self._comments[number].text for number in sorted(numbers))
