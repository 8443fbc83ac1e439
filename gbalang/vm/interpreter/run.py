"""The loop of the reference interpreter, and the loading of a verified program for it."""

from __future__ import annotations

from typing import Any

from gbalang.isa.opcodes import BY_NUMBER
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.host import Context, Host
from gbalang.vm.interpreter import arithmetic, dates, ledger, parts, structure
from gbalang.vm.interpreter.frame import Call, Entry, Frame, Loaded, Place, Step, Stopped

HANDLERS: dict[str, Entry] = {
    **structure.HANDLERS,
    **arithmetic.HANDLERS,
    **parts.HANDLERS,
    **dates.HANDLERS,
    **ledger.HANDLERS,
}
"""The handler of each instruction, by its name in the table."""

NAME = "reference"
"""Under which the loaded program is kept with the verified one."""


def begin(verified: VerifiedProgram, host: Host, context: Context) -> Call:
    """Return a call of a program that this engine runs."""
    return Call(load(verified), host, context, run)


def run(call: Call, index: int, arguments: list[Any], loaded: Loaded | None = None) -> Any:
    """Run a function and return its value, None for an act. Raises Stopped.

    Each step: charge, then the handler takes its operands, computes and pushes. `loaded` is the function made ready,
    where the call does not bring it.
    """
    function: Loaded = call.functions[index] if loaded is None else loaded
    frame = Frame(call, [], [*arguments, *function.blanks])
    steps = function.steps
    end = len(steps)
    position = cost = 0
    try:
        while position < end:
            charge, handler, operand = steps[position]
            cost += charge
            target = handler(frame, operand)
            position = position + 1 if target is None else target
    except Stopped as stopped:
        if stopped.function < 0:  # the innermost function is where it happened
            stopped.function, stopped.instruction = index, position
        raise
    finally:
        call.cost += cost
    return frame.stack[0] if frame.stack else None


def load(verified: VerifiedProgram) -> tuple[Loaded, ...]:
    """Return the program's functions made ready, once for each verified program."""
    loaded = verified.engines.get(NAME)
    if not isinstance(loaded, tuple):
        loaded = tuple([_load(verified, index) for index in range(len(verified.functions))])
        verified.engines[NAME] = loaded
    return loaded


def _load(verified: VerifiedProgram, index: int) -> Loaded:
    function = verified.program.functions[index]
    steps = [_step(Place(verified, index, position)) for position in range(len(function.code))]
    given = len(function.parameters) + (1 if function.dated else 0)
    return Loaded(tuple(steps), (None,) * (len(function.locals) - given))


def _step(place: Place) -> Step:
    name = BY_NUMBER[place.instruction.opcode].name
    handler, prepare = HANDLERS[name]
    if name == "end" and _closes_each(place):
        handler, prepare = structure.END_OF_EACH
    return place.facts.costs[place.position], handler, prepare(place)


def _closes_each(place: Place) -> bool:
    return BY_NUMBER[place.function.code[place.partner].opcode].name == "each"
