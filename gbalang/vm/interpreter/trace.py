"""The reference interpreter with a pen: what it did, step by step. For explaining, never for deciding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.host import Context, Host
from gbalang.vm.interpreter import run as interpreter
from gbalang.vm.interpreter.frame import Call, Frame, Handler, Loaded

STEPS_MAX = 20_000
"""Steps that are written down of one call; what follows is left out."""


@dataclass(frozen=True, slots=True)
class TracedStep:
    """An instruction that was carried out: the function's index, the place in it, and what then lay on top."""

    function: int
    instruction: int
    top: str


@dataclass(frozen=True, slots=True)
class TracedWrite:
    """A write, and the instruction that made it. `value`: the encoded entry, None if it was removed."""

    function: int
    instruction: int
    register: int
    key: bytes
    value: bytes | None


@dataclass(slots=True)
class Trace:
    """What one call did. `begun`: how many calls have begun; each one begins the record anew."""

    begun: int = 0
    steps: list[TracedStep] = field(default_factory=list)
    writes: list[TracedWrite] = field(default_factory=list)
    place: tuple[int, int] = (0, 0)

    def begin(self, verified: VerifiedProgram, host: Host, context: Context) -> Call:
        """Return a call that writes down what it does."""
        self.begun += 1
        self.steps.clear()
        self.writes.clear()
        functions = tuple(self._traced(index, each) for index, each in enumerate(interpreter.load(verified)))
        return Call(functions, _Watched(host, self), context, interpreter.run)

    def _traced(self, index: int, function: Loaded) -> Loaded:
        steps = [
            (charge, self._step(index, place, handler), operand)
            for place, (charge, handler, operand) in enumerate(function.steps)
        ]
        return Loaded(tuple(steps), function.blanks)

    def _step(self, function: int, place: int, handler: Handler) -> Callable[[Frame, Any], int | None]:
        def step(frame: Frame, operand: Any) -> int | None:
            self.place = (function, place)
            target = handler(frame, operand)
            if len(self.steps) < STEPS_MAX:
                self.steps.append(TracedStep(function, place, shown(frame.stack[-1]) if frame.stack else ""))
            return target

        return step


class _Watched:
    """A ledger whose writes are written down."""

    def __init__(self, host: Host, trace: Trace) -> None:
        self._host = host
        self._trace = trace
        self.read = host.read
        self.scan = host.scan
        self.calendar_day = host.calendar_day

    def write(self, register: int, key: bytes, value: bytes | None) -> None:
        self._trace.writes.append(TracedWrite(*self._trace.place, register, key, value))
        self._host.write(register, key, value)


def shown(value: object) -> str:
    """Return a value of the machine as text: the same under every limit and locale."""
    match value:
        case bool() | None:
            return str(value)
        case int():  # in hexadecimal, of which no limit of digits is known
            return hex(value)
        case str():
            return "'" + value.encode("unicode_escape").decode("ascii") + "'"
        case tuple():
            return "(" + ", ".join(shown(each) for each in value) + ")"
        case _:
            return "…"
