"""Values and locals, and the structured flow of control: if, each, call, refuse, fault."""

from __future__ import annotations

from typing import Any

from gbalang.vm.faults import Fault
from gbalang.vm.interpreter.frame import Entry, Frame, Place, StoppedByRefusal, fault, first_operand, nothing

_NO_MORE = object()


def constant(frame: Frame, value: Any) -> None:
    frame.stack.append(value)


def local_get(frame: Frame, index: int) -> None:
    frame.stack.append(frame.locals[index])


def local_set(frame: Frame, index: int) -> None:
    frame.locals[index] = frame.stack.pop()


def drop(frame: Frame, _: None) -> None:
    frame.stack.pop()


def branch(frame: Frame, otherwise: int) -> int | None:
    return None if frame.stack.pop() else otherwise


def skip(_: Frame, end: int) -> int:
    return end


def close_branch(_: Frame, __: None) -> None:
    pass


def each(frame: Frame, operand: tuple[int, int]) -> int | None:
    local, after = operand
    items = iter(frame.stack.pop())
    item = next(items, _NO_MORE)
    if item is _NO_MORE:
        return after
    frame.loops.append(items)
    frame.locals[local] = item
    return None


def next_item(frame: Frame, operand: tuple[int, int]) -> int | None:
    local, first = operand
    item = next(frame.loops[-1], _NO_MORE)
    if item is _NO_MORE:
        frame.loops.pop()
        return None
    frame.locals[local] = item
    return first


def call(frame: Frame, operand: tuple[int, int]) -> None:
    function, count = operand
    arguments = frame.take(count)
    frame.stack.append(frame.call.run(frame.call, function, list(arguments)))


def refuse(_: Frame, refusal: int) -> None:
    raise StoppedByRefusal(refusal)


def raise_fault(_: Frame, which: Fault) -> None:
    fault(which)


def constant_value(place: Place) -> Any:
    """Prepare a constant's value."""
    return place.program.constants[place.operand][1]


def otherwise_of(place: Place) -> int:
    """Prepare where an if goes on when its condition does not hold: behind its else, or at its end."""
    partner = place.partner
    return partner + 1 if place.facts.partners[partner] != place.position else partner


def partner_of(place: Place) -> int:
    """Prepare the end of an else."""
    return place.partner


def loop_of(place: Place) -> tuple[int, int]:
    """Prepare the local of an each and the instruction after its end."""
    return place.operand, place.partner + 1


def callee_of(place: Place) -> tuple[int, int]:
    """Prepare the function and the number of its arguments, the day included."""
    callee = place.program.functions[place.operand]
    return place.operand, len(callee.parameters) + (1 if callee.dated else 0)


def fault_of(place: Place) -> Fault:
    """Prepare a fault."""
    return Fault(place.operand)


def loop_of_end(place: Place) -> tuple[int, int]:
    """Prepare the local of the each that an end closes and the first instruction of its part."""
    return place.function.code[place.partner].operands[0], place.partner + 1


HANDLERS: dict[str, Entry] = {
    "constant": (constant, constant_value),
    "local_get": (local_get, first_operand),
    "local_set": (local_set, first_operand),
    "drop": (drop, nothing),
    "if": (branch, otherwise_of),
    "else": (skip, partner_of),
    "end": (close_branch, nothing),
    "each": (each, loop_of),
    "call": (call, callee_of),
    "refuse": (refuse, first_operand),
    "fault": (raise_fault, fault_of),
}

END_OF_EACH: Entry = (next_item, loop_of_end)
"""`end` where it closes an each."""
