"""From a verified program to functions of Python: the text of each function, and the functions that it gives.

    def f3(call, l0, l1, l2):
        reasons = call.reasons
        cost = 0
        at = -1
        try:
            cost += 17                      # a stretch without a branch is charged at its beginning
            v1 = l0 * 150000
            if not -B < v1 < B: at = 2; fault(OVERFLOW)
            …
        except Stopped as stopped:          # what was charged and had not run is taken back
            leave(call, stopped, 3, at, cost, rests)
            raise
        call.cost += cost
        return v9

Loops and branches are those of Python. A function whose blocks are nested deeper than NESTING_MAX is left to the
interpreter, which keeps no stack for them, and so is what lies beyond INSTRUCTIONS_MAX in a very large program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from gbalang.isa.opcodes import BY_NUMBER
from gbalang.isa.program import Function
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.compiled.body import INDENT, Body, Constants, Expression
from gbalang.vm.compiled.codecs import writer_texts
from gbalang.vm.compiled.operations import WRITERS
from gbalang.vm.interpreter.frame import Call, Place, Stopped, StoppedByRefusal, fault

NESTING_MAX = 60
"""Blocks within each other: Python refuses a text whose lines are indented more than a hundred times."""

INSTRUCTIONS_MAX = 60_000
"""Instructions of one program that are translated: some seconds, and less than 200 MB while Python compiles them."""

Compiled: TypeAlias = Callable[..., Any]


def translate(verified: VerifiedProgram, interpreted: Callable[[int], Compiled]) -> tuple[Compiled, ...]:
    """Return the functions of a program; `interpreted` gives the one that must be left to the interpreter."""
    constants = Constants()
    names = range(len(verified.functions))
    texts = {index: function_text(verified, index, constants) for index in _translated(verified)}
    writers = writer_texts(verified, constants)
    space: dict[str, Any] = {
        "Stopped": Stopped, "fault": fault, "refuse": refuse, "leave": leave, "nothing": None, **constants.held,
    }  # fmt: skip
    space.update({f"f{index}": interpreted(index) for index in names if index not in texts})
    # The text holds numbers and names of our own making alone: nothing of an instrument's wording is in it.
    exec(compile("\n".join([*writers, *texts.values()]), "<compiled instrument>", "exec"), space)  # noqa: S102
    return tuple([space[f"f{index}"] for index in names])


def refuse(refusal: int) -> None:
    """Stop the call: refused on that ground."""
    raise StoppedByRefusal(refusal)


def leave(call: Call, stopped: Stopped, index: int, at: int, charged: int, rests: dict[int, int]) -> None:
    """Account for a function that stops before its end."""
    call.cost += charged - rests[at]
    if stopped.function < 0:  # the innermost function is where it happened
        stopped.function, stopped.instruction = index, at


def _translated(verified: VerifiedProgram) -> list[int]:
    """Return the functions that are translated."""
    found, left = [], INSTRUCTIONS_MAX
    for index, function in enumerate(verified.program.functions):
        if len(function.code) <= left and _depth_max(_names(function)) <= NESTING_MAX:
            left -= len(function.code)
            found.append(index)
    return found


def _names(function: Function) -> list[str]:
    return [BY_NUMBER[instruction.opcode].name for instruction in function.code]


def function_text(verified: VerifiedProgram, index: int, constants: Constants) -> str:
    """Return the text of a function."""
    function = verified.program.functions[index]
    names = _names(function)
    assigned = [
        instruction.operands[0]
        for name, instruction in zip(names, function.code, strict=True)
        if name in ("local_set", "each")
    ]
    body = Body(constants, frozenset(assigned))
    flow = _Flow(verified, index, body, names)
    flow.run()
    given = range(len(function.parameters) + (1 if function.dated else 0))
    head = f"def f{index}(call{''.join([f', l{place}' for place in given])}):"
    if not body.rests or "at = " not in "".join(body.lines):
        lines = [head, f"{INDENT}reasons = call.reasons", f"{INDENT}cost = 0", f"{INDENT}if True:", *body.lines]
    else:
        rests = constants.name(body.rests)
        lines = [
            head, f"{INDENT}reasons = call.reasons", f"{INDENT}cost = 0", f"{INDENT}at = -1", f"{INDENT}try:",
            *body.lines,
            f"{INDENT}except Stopped as stopped:", f"{INDENT * 2}leave(call, stopped, {index}, at, cost, {rests})",
            f"{INDENT * 2}raise",
        ]  # fmt: skip
    result = body.stack[0].text if body.stack else "None"
    return "\n".join([*lines, f"{INDENT}call.cost += cost", f"{INDENT}return {result}", ""])


def _depth_max(names: list[str]) -> int:
    depth = deepest = 0
    for name in names:
        depth += 1 if name in ("if", "each") else -1 if name == "end" else 0
        deepest = max(deepest, depth)
    return deepest


class _Flow:
    """Walks a function's instructions once, and writes branches and loops around what the operations write."""

    def __init__(self, verified: VerifiedProgram, index: int, body: Body, names: list[str]) -> None:
        self._verified = verified
        self._index = index
        self._body = body
        self._names = names
        self._results: list[str | None] = []
        """For each open block: the variable that holds what an if leaves."""
        self._kinds: list[str] = []

    def run(self) -> None:
        """Write the whole body."""
        body = self._body
        body.open_segment()
        for position, name in enumerate(self._names):
            place = Place(self._verified, self._index, position)
            cost = place.facts.costs[position]
            match name:
                case "if":
                    self._if(place, cost)
                case "else":
                    self._else(place, cost)
                case "each":
                    self._each(place, cost)
                case "end":
                    self._end(place, cost)
                case _:
                    body.pass_instruction(position, cost)
                    WRITERS[name](body, place)
        body.settle_all()
        body.close_segment()

    def _if(self, place: Place, cost: int) -> None:
        body = self._body
        body.pass_instruction(place.position, cost)
        condition = body.pop().text
        body.settle_all()
        body.close_segment()
        body.write(f"if {condition}:")
        self._results.append(body.variable() if place.operand else None)
        self._open("if")

    def _else(self, place: Place, cost: int) -> None:
        body = self._body
        body.pass_instruction(place.position, cost)
        self._leave_result()
        body.close_segment()
        body.depth -= 1
        body.write("else:")
        body.depth += 1
        body.open_segment()

    def _each(self, place: Place, cost: int) -> None:
        body = self._body
        body.pass_instruction(place.position, cost)
        items = body.pop().text
        body.settle_all()
        body.close_segment()
        body.write(f"for l{place.operand} in {items}:")
        self._results.append(None)
        self._open("each")

    def _end(self, place: Place, cost: int) -> None:
        body = self._body
        kind = self._kinds.pop()
        if kind == "each":
            body.pass_instruction(place.position, cost)
        self._leave_result()
        body.close_segment()
        body.depth -= 1
        result = self._results.pop()
        body.open_segment()
        if kind == "if":
            body.pass_instruction(place.position, cost)
        if result is not None:
            body.stack.append(Expression(result))

    def _open(self, kind: str) -> None:
        self._kinds.append(kind)
        self._body.depth += 1
        self._body.open_segment()

    def _leave_result(self) -> None:
        result = self._results[-1]
        if result is not None:
            self._body.write(f"{result} = {self._body.pop().text}")
