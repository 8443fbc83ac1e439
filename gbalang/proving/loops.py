"""Whether the order of items matters to a loop.

The symbolic registers do not know where in the order of keys a new entry stands, nor sets the order of their items. A
loop over such items is run in one order, which is right only when every order gives the same: the aggregates of the
language do. They are known by the instructions that the compiler writes for them; any other loop is not supported.
"""

from __future__ import annotations

from dataclasses import dataclass

from gbalang.isa.opcodes import BY_NUMBER
from gbalang.isa.program import Function, Program
from gbalang.isa.types import Truth

_EFFECTS = frozenset({"enter", "amend", "remove", "announce"})
_BEST = ("less", "if", "local_get", "some", "else", "local_get", "end", "else", "local_get", "some", "end", "local_set")


@dataclass(frozen=True, slots=True)
class Gathering:
    """What a loop carries from item to item. `listed`: a list, which takes the order over."""

    result: int | None
    listed: bool


@dataclass(frozen=True, slots=True)
class _Code:
    """A function as this module reads it."""

    program: Program
    function: Function
    names: tuple[str, ...]
    partners: tuple[int, ...]

    def uses(self, place: int, local: int) -> bool:
        """Whether an instruction reads or writes a local."""
        return self.names[place] in {"local_get", "local_set"} and self.function.code[place].operands[0] == local

    def is_constant(self, start: int, end: int, value: bool) -> bool:
        """Whether a stretch is nothing but that truth."""
        if self.names[start:end] != ("constant",):
            return False
        return self.program.constants[self.function.code[start].operands[0]] == (Truth(), value)


def gathering_of(
    program: Program, function: Function, partners: tuple[int, ...], start: int, end: int
) -> Gathering | None:
    """Return what a loop with that body gathers, if it gathers the same in every order, else None."""
    code = _Code(program, function, tuple([BY_NUMBER[each.opcode].name for each in function.code]), partners)
    if _EFFECTS.intersection(code.names[start:end]):
        return None
    carried = _carried(code, start, end)
    if not carried:
        return Gathering(None, listed=False)
    if len(carried) > 1:
        return None
    result = carried[0]
    step = _step(code, start, end, result)
    uses = [place for place in range(start, end) if code.uses(place, result)]
    if step is None or any(not step[0] <= place < step[1] for place in uses):
        return None
    return _known_step(code, step, len(uses), result)


def _known_step(code: _Code, step: tuple[int, int], uses: int, result: int) -> Gathering | None:
    first, last = step
    body = code.names[first:last]
    if uses == 2 and body[-2] in {"add", "ratio_add"}:
        return Gathering(result, listed=False)
    if uses == 2 and body[-2] == "append":
        return Gathering(result, listed=True)
    if uses == 2 and body[1] == "if" and body[-2] == "end":
        middle = code.partners[first + 1]
        whole = code.partners[middle] == last - 2
        if whole and (code.is_constant(first + 2, middle, True) or code.is_constant(middle + 1, last - 2, False)):
            return Gathering(result, listed=False)
    if body[-len(_BEST) :] == _BEST:
        return Gathering(result, listed=False)
    return None


def _step(code: _Code, start: int, end: int, result: int) -> tuple[int, int] | None:
    """The part from the first reading of the result to its writing, behind a filter or not."""
    if code.names[end - 1] == "end":
        opened = code.partners[end - 1]
        if code.names[opened] == "if" and not code.function.code[opened].operands[0]:
            start, end = opened + 1, end - 1
    reads = code.names[start] == "local_get" and code.uses(start, result)
    writes = code.names[end - 1] == "local_set" and code.uses(end - 1, result)
    return (start, end) if reads and writes else None


def _carried(code: _Code, start: int, end: int) -> list[int]:
    """The locals that keep something from one item to the next: set in the body, and read elsewhere than after that in
    the same block.
    """
    written: dict[int, int] = {}
    for place in range(start, end):
        if code.names[place] in {"local_set", "each"}:
            written.setdefault(code.function.code[place].operands[0], place)
    reads = [
        (instruction.operands[0], place)
        for place, instruction in enumerate(code.function.code)
        if code.names[place] == "local_get"
    ]
    return [
        local
        for local, first in written.items()
        if any(read == local and not first < place < _block_end(code, first, end) for read, place in reads)
    ]


def _block_end(code: _Code, place: int, end: int) -> int:
    """Where the innermost block around a place ends; an each is inside its own block."""
    if code.names[place] == "each":
        return code.partners[place]
    position = place + 1
    while position < end:
        match code.names[position]:
            case "each":
                position = code.partners[position] + 1
            case "if":
                closing = code.partners[position]
                if code.names[closing] == "else":
                    closing = code.partners[closing]
                position = closing + 1
            case "else" | "end":
                return position
            case _:
                position += 1
    return end
