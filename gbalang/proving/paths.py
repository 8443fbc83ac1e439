"""What a symbolic run keeps: the registers of a path, where paths part and meet, and every way in which they stop.

A branch is run twice, once for each answer, and the two results meet again in values that depend on the condition. So
the number of paths never grows; a value that one path would not reach is never asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gbalang.isa.program import Program
from gbalang.isa.types import Type
from gbalang.isa.verify import VerifiedProgram
from gbalang.proving import terms as s
from gbalang.proving.values import Party, Symbolic, Values, choose, same
from gbalang.vm.faults import Fault
from gbalang.vm.interpreter.frame import Place


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of a register. `new`: what stands there was entered by the act, so its order is not known."""

    there: s.Truth
    value: tuple[Symbolic, ...]
    new: bool = False


@dataclass(slots=True)
class World:
    """A path. `alive`: what must hold for the run to be on it. `writes`, `events`: how many there are at most."""

    alive: s.Truth
    registers: dict[int, tuple[Entry, ...]]
    writes: int = 0
    events: int = 0

    def fork(self, condition: s.Truth) -> World:
        """Return the path on which a condition holds as well."""
        return World(s.both(self.alive, condition), dict(self.registers), self.writes, self.events)

    def meet(self, condition: s.Truth, then: World, otherwise: World, started: tuple[s.Truth, s.Truth]) -> None:
        """Go on where two paths meet. `started`: what had to hold on each at its beginning."""
        if then.alive is not started[0] or otherwise.alive is not started[1]:
            self.alive = s.either(then.alive, otherwise.alive)
        if then.alive is False or otherwise.alive is False:
            left = otherwise if then.alive is False else then
            self.registers, self.writes, self.events = left.registers, left.writes, left.events
            return
        self.writes, self.events = max(then.writes, otherwise.writes), max(then.events, otherwise.events)
        for register, entries in then.registers.items():
            others = otherwise.registers[register]
            if entries is not others:
                self.registers[register] = _meet(condition, entries, others)


def _meet(condition: s.Truth, then: tuple[Entry, ...], otherwise: tuple[Entry, ...]) -> tuple[Entry, ...]:
    met = []
    for place in range(max(len(then), len(otherwise))):
        one = then[place] if place < len(then) else Entry(False, otherwise[place].value, new=True)
        other = otherwise[place] if place < len(otherwise) else Entry(False, one.value, new=True)
        there = s.choose_truth(condition, one.there, other.there)
        met.append(Entry(there, choose(condition, one.value, other.value), one.new or other.new))
    return tuple(met)


@dataclass(frozen=True, slots=True)
class Stop:
    """A way in which the call stops. `condition`: the required condition that failed, if that is why."""

    when: s.Truth
    fault: Fault | None
    condition: int | None = None


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A working-day question that was taken as unknown: when it is asked, what, and what stands for its answer."""

    asked: s.Truth

    instruction: str
    calendars: int
    arguments: tuple[s.Number, ...]
    result: Any
    missing: s.Truth


@dataclass(slots=True)
class Run:
    """One symbolic call, its callees included."""

    verified: VerifiedProgram
    values: Values
    world: World
    actor: Party | None
    now: s.Number
    today: s.Number
    execute: Callable[[Run, int, list[Symbolic]], Symbolic]
    stops: list[Stop] = field(default_factory=list)
    required: list[tuple[int, s.Truth, s.Truth]] = field(default_factory=list)
    """Required conditions: which, when it is asked, whether it holds then."""
    working_days: list[WorkingDays] = field(default_factory=list)
    guesses: int = 0
    """Places where the machine might fault and the symbols do not say whether."""

    @property
    def program(self) -> Program:
        """The program."""
        return self.verified.program

    def stop(self, when: s.Truth, fault: Fault | None, condition: int | None = None) -> None:
        """Stop where a condition holds; the path goes on where it does not."""
        guard = s.both(self.world.alive, when)
        if guard is not False:
            self.stops.append(Stop(guard, fault, condition))
            self.world.alive = s.both(self.world.alive, s.negation(when))


@dataclass(slots=True)
class Frame:
    """One function while it runs."""

    run: Run
    function: int
    stack: list[Symbolic]
    locals: list[Symbolic]

    def take(self, count: int) -> list[Symbolic]:
        """Take so many values; the last one was on top."""
        taken = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return taken

    def place(self, position: int) -> Place:
        """Return an instruction in its place."""
        return Place(self.run.verified, self.function, position)

def key_types(program: Program, register: int) -> list[Type]:
    """Return the types of a register's key."""
    fields = program.records[program.registers[register].record].fields
    return [fields[key].type for key in program.registers[register].keys]


def key_of(program: Program, register: int, entry: tuple[Symbolic, ...]) -> list[Symbolic]:
    """Return the key under which an entry stands."""
    return [entry[key] for key in program.registers[register].keys]


def stands_under(program: Program, register: int, entry: Entry, keys: list[Symbolic]) -> s.Truth:
    """Whether an entry is there and its key begins with these values."""
    own = key_of(program, register, entry.value)
    return s.both(entry.there, *[same(one, other) for one, other in zip(own, keys, strict=False)])

