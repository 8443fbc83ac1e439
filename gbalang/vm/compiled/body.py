"""The text of one function of Python as it grows, and the expressions that stand for the values on the stack.

A value that waits on the stack is kept as the expression that gives it, so that `a b less if` becomes `if a < b:`.
Only what can neither fail nor change the world waits like that. Everything else is put into a variable at its place,
so what happens, happens in the order of the instructions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

WEIGHT_MAX = 12
"""Operators in one expression. Longer ones are put into variables: Python bounds how deep brackets may stand."""
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Expression:
    """A value to come. `locals`: the slots it reads; `weight`: how many operators it holds.

    `quotient`: of a ratio, the names of its numerator and denominator before they are brought to lowest terms, the
    denominator above zero. Rounding and comparing give the same for any terms, and most ratios are only rounded.
    """

    text: str
    locals: tuple[int, ...] = ()
    weight: int = 0
    quotient: tuple[str, str] | None = None


@dataclass(slots=True)
class Constants:
    """What the functions of a program refer to by name: operands made ready, and helpers."""

    held: dict[str, object] = field(default_factory=dict)
    _shared: dict[tuple[object, ...], str] = field(default_factory=dict)

    def name(self, value: object) -> str:
        """Return the name under which a value is held."""
        name = f"k{len(self.held)}"
        self.held[name] = value
        return name

    def shared(self, what: tuple[object, ...], make: Callable[[], object]) -> str:
        """Return the name of something that all functions of the program use, made when it is first wanted."""
        name = self._shared.get(what)
        if name is None:
            name = self._shared[what] = self.name(make())
        return name


@dataclass(slots=True)
class Body:
    """The lines of a function and its stack. `assigned`: the slots that the code sets anywhere."""

    constants: Constants
    assigned: frozenset[int]
    lines: list[str] = field(default_factory=list)
    stack: list[Expression] = field(default_factory=list)
    depth: int = 2
    _variables: int = 0
    _charge_line: int = -1
    _charge: int = 0
    _segment: list[int] = field(default_factory=list)
    rests: dict[int, int] = field(default_factory=dict)
    """For each instruction: what was charged with it and had not run yet, were it to stop there."""
    _costs: list[int] = field(default_factory=list)

    def write(self, line: str) -> None:
        """Append a line at the present depth."""
        self.lines.append(INDENT * self.depth + line)

    def variable(self) -> str:
        """Return the name of a new variable."""
        self._variables += 1
        return f"v{self._variables}"

    # ------------------------------------------------------------ the stack

    def push(self, text: str, operands: tuple[Expression, ...] = ()) -> None:
        """Push an expression made of operands; an expression that grows too long goes into a variable."""
        weight = 1 + sum([operand.weight for operand in operands])
        read = tuple(sorted({local for operand in operands for local in operand.locals}))
        if weight > WEIGHT_MAX:
            self.push_value(text)
        else:
            self.stack.append(Expression(text, read, weight))

    def push_value(self, text: str) -> str:
        """Compute now, keep it in a new variable, push that; return its name."""
        name = self.variable()
        self.write(f"{name} = {text}")
        self.stack.append(Expression(name))
        return name

    def push_atom(self, text: str, local: int | None = None) -> None:
        """Push a name or a literal."""
        self.stack.append(Expression(text, () if local is None else (local,)))

    def pop(self) -> Expression:
        """Take the top."""
        return self.stack.pop()

    def take(self, count: int) -> tuple[Expression, ...]:
        """Take so many values; the last one was on top."""
        if count == 0:
            return ()
        taken = tuple(self.stack[-count:])
        del self.stack[-count:]
        return taken

    def settled(self, value: Expression) -> Expression:
        """Return an expression that can be written twice and is computed once: a name or a literal."""
        return value if value.weight == 0 else self._computed(value)

    def named(self, value: Expression) -> str:
        """Return the text of the same."""
        return self.settled(value).text

    def settle(self, changing: int) -> None:
        """Compute what waits on the stack and reads a slot that is about to change."""
        for place, value in enumerate(self.stack):
            if changing in value.locals:
                self.stack[place] = self._computed(value)

    def settle_all(self) -> None:
        """Compute everything that waits, and whatever a block may change: before control flow parts."""
        for place, value in enumerate(self.stack):
            if value.weight or any(local in self.assigned for local in value.locals):
                self.stack[place] = self._computed(value)

    def _computed(self, value: Expression) -> Expression:
        name = self.variable()
        self.write(f"{name} = {value.text}")
        return Expression(name)

    # ------------------------------------------------------------ cost

    def open_segment(self) -> None:
        """Begin a stretch of instructions that run one after the other: what they cost is charged at its beginning."""
        self._charge_line = len(self.lines)
        self.write("cost += 0")
        self._segment, self._costs = [], []

    def pass_instruction(self, position: int, cost: int) -> None:
        """Charge an instruction with the present stretch."""
        self._segment.append(position)
        self._costs.append(cost)

    def close_segment(self) -> None:
        """End the stretch: now its cost is known, and what is left of it after each instruction."""
        rest = 0
        for position, cost in zip(reversed(self._segment), reversed(self._costs), strict=True):
            self.rests[position] = rest
            rest += cost
        indent = len(self.lines[self._charge_line]) - len(self.lines[self._charge_line].lstrip())
        self.lines[self._charge_line] = " " * indent + (f"cost += {rest}" if rest else "pass")
