"""What a call and each of its functions keep while they run, and the two ways in which a call stops early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

from gbalang.isa.program import Function, Instruction, Program
from gbalang.isa.types import Type
from gbalang.isa.values import Codecs
from gbalang.isa.verify import VerifiedFunction, VerifiedProgram
from gbalang.limits import EVENTS_MAX, REASONS_MAX, WRITES_MAX
from gbalang.vm.faults import Fault
from gbalang.vm.host import Announcement, Context, Host, Reason


class Stopped(Exception):  # noqa: N818  # the call's ending on its way to the machine, no failure of ours
    """A call stops; `function` and `instruction` say where, once the innermost function has seen it pass."""

    def __init__(self) -> None:
        self.function = -1
        self.instruction = -1


class StoppedByFault(Stopped):
    """The call cannot be carried out."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


class StoppedByRefusal(Stopped):
    """The instrument refuses."""

    def __init__(self, refusal: int) -> None:
        super().__init__()
        self.refusal = refusal


def fault(which: Fault) -> NoReturn:
    """Stop the call with a fault."""
    raise StoppedByFault(which)


@dataclass(slots=True)
class Frame:
    """One function while it runs. The verifier knows the kinds of what stands on the stack."""

    call: Call
    stack: list[Any]
    locals: list[Any]
    loops: list[Iterator[Any]] = field(default_factory=list)
    """What is left of the collections of the open each blocks."""

    def take(self, count: int) -> tuple[Any, ...]:
        """Take so many values; the last one was on top."""
        if count == 0:
            return ()
        taken = tuple(self.stack[-count:])
        del self.stack[-count:]
        return taken


Handler: TypeAlias = Callable[[Frame, Any], "int | None"]
Step: TypeAlias = tuple[int, Handler, Any]
"""An instruction made ready: what it costs, its handler, its prepared operand."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A function made ready. `blanks`: a place for each local that is no parameter."""

    steps: tuple[Step, ...]
    blanks: tuple[None, ...]


@dataclass(slots=True)
class Call:
    """One call: what it asks of the ledger and what it has gathered. `functions`: as its engine has made them."""

    functions: tuple[Any, ...]
    host: Host
    context: Context
    run: Callable[[Call, int, list[Any]], Any]
    """How a function calls another: the engine itself."""
    cost: int = 0
    writes: int = 0
    events: list[Announcement] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    decoded: dict[tuple[int, bytes], Any] = field(default_factory=dict)
    """Entries by register and encoding: a memo, since equal bytes are equal entries."""

    def gather(self, reason: Reason) -> None:
        """Add a reason; the first ones are kept, and the last place stays free for a condition that fails."""
        if len(self.reasons) < REASONS_MAX - 1:
            self.reasons.append(reason)

    def count_write(self) -> None:
        """Count a write or stop."""
        if self.writes >= WRITES_MAX:
            fault(Fault.TOO_MANY_WRITES)
        self.writes += 1

    def announce(self, announcement: Announcement) -> None:
        """Add an event or stop."""
        if len(self.events) >= EVENTS_MAX:
            fault(Fault.TOO_MANY_EVENTS)
        self.events.append(announcement)


@dataclass(frozen=True, slots=True)
class Place:
    """An instruction in its place, for those who prepare its operand."""

    verified: VerifiedProgram
    function_index: int
    position: int

    @property
    def program(self) -> Program:
        return self.verified.program

    @property
    def codecs(self) -> Codecs:
        return self.verified.codecs

    @property
    def function(self) -> Function:
        return self.program.functions[self.function_index]

    @property
    def facts(self) -> VerifiedFunction:
        return self.verified.functions[self.function_index]

    @property
    def instruction(self) -> Instruction:
        return self.function.code[self.position]

    @property
    def operand(self) -> int:
        """The first operand."""
        return self.instruction.operands[0]

    @property
    def inputs(self) -> tuple[Type, ...]:
        """The types taken, the top last."""
        return self.facts.inputs[self.position]

    @property
    def partner(self) -> int:
        """The instruction that the verifier paired with this one."""
        return self.facts.partners[self.position]


Prepare: TypeAlias = Callable[[Place], Any]


def nothing(_: Place) -> None:
    """Prepare no operand."""


def first_operand(place: Place) -> int:
    """Prepare the first operand as it is."""
    return place.operand


Entry: TypeAlias = tuple[Handler, Prepare]
"""A handler and what prepares its operand."""
