"""What grows while a program is emitted: its tables of types, constants and marks, and one function's code."""

from __future__ import annotations

from dataclasses import dataclass, field

from gbalang.isa import program as p
from gbalang.isa.opcodes import BY_NAME
from gbalang.isa.types import Type, Value
from gbalang.limits import INSTRUCTIONS_MAX, LOCALS_MAX, PROGRAM_BYTES_MAX
from gbalang.source import Span


class BeyondLimit(Exception):  # noqa: N818  # the drafter's text is too large
    """More is written than a container holds. `what`: a term of the messages; `span`: None for the whole text."""

    def __init__(self, what: str, size: int, limit: int, span: Span | None = None) -> None:
        super().__init__(f"{what}: {size} of {limit}")
        self.what = what
        self.size = size
        self.limit = limit
        self.span = span


@dataclass(slots=True)
class Tables:
    """Rows in the order in which the code first needs them, so the same tree gives the same program."""

    types: dict[Type, int] = field(default_factory=dict)
    constants: dict[tuple[Type, Value], int] = field(default_factory=dict)
    marks: dict[p.Mark, int] = field(default_factory=dict)
    code_bytes: int = 0
    """What the instructions emitted so far take in a container at least."""

    def type(self, type_: Type) -> int:
        """Return the row of a type."""
        return self.types.setdefault(type_, len(self.types))

    def constant(self, type_: Type, value: Value) -> int:
        """Return the row of a constant. True and 1 are different ones, because their types are."""
        return self.constants.setdefault((type_, value), len(self.constants))

    def mark(self, name: str, article: int) -> int:
        """Return the row of a rule or exception that may fire."""
        return self.marks.setdefault(p.Mark(name, article), len(self.marks))


@dataclass(slots=True)
class Code:
    """One function's instructions, its local slots, and where each stretch of instructions comes from."""

    tables: Tables
    span: Span
    locals: list[Type]
    instructions: list[p.Instruction] = field(default_factory=list)
    places: list[tuple[int, Span]] = field(default_factory=list)

    def put(self, name: str, *operands: int) -> None:
        """Append an instruction. Raises BeyondLimit when no container could hold it."""
        self.tables.code_bytes += 1 + len(operands)
        if self.tables.code_bytes > PROGRAM_BYTES_MAX:
            raise BeyondLimit("bytes of the program", self.tables.code_bytes, PROGRAM_BYTES_MAX, self.span)
        if len(self.instructions) == INSTRUCTIONS_MAX:
            raise BeyondLimit("instructions", INSTRUCTIONS_MAX + 1, INSTRUCTIONS_MAX, self.span)
        self.instructions.append(p.Instruction(BY_NAME[name].number, operands))

    def constant(self, type_: Type, value: Value) -> None:
        """Append a constant."""
        self.put("constant", self.tables.constant(type_, value))

    def begin_if(self, result: Type | None) -> None:
        """Open an if that leaves a value of that type, or nothing."""
        self.put("if", 0 if result is None else self.tables.type(result) + 1)

    def scratch(self, type_: Type) -> int:
        """Return a further local slot. Raises BeyondLimit."""
        if len(self.locals) >= LOCALS_MAX:
            raise BeyondLimit("local values", len(self.locals) + 1, LOCALS_MAX, self.span)
        self.locals.append(type_)
        return len(self.locals) - 1

    def at(self, span: Span) -> None:
        """Say where the next instructions come from."""
        self.places.append((len(self.instructions), span))
