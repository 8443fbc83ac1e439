"""What every part of a simulation shares: chance, clock, the faults at work, and the trace of what happened. Pure."""

from __future__ import annotations

from runtime.simulator.chance import Chance
from runtime.simulator.clock import Clock
from runtime.simulator.scenario import Fault


class Surroundings:
    """The world around the cities of one simulation. `alive`: how often each kind of fault really happened."""

    __slots__ = ("_until", "alive", "chance", "clock", "message", "trace", "turn")

    def __init__(self, seed: int, time_ms: int) -> None:
        self.chance = Chance(seed)
        self.clock = Clock(time_ms)
        self.trace: list[str] = []
        self.alive: dict[str, int] = {}
        self.turn = 0
        self.message = 0
        """Number of the message within its turn, so that a turn draws the same whatever came before."""
        self._until: list[tuple[int, Fault]] = []

    def tell(self, text: str) -> None:
        """Add a line to the trace."""
        self.trace.append(f"{self.turn} {self.clock.now_ms} {text}")

    def happened(self, kind: str, text: str) -> None:
        """Note that a fault was not only planned but did something."""
        self.alive[kind] = self.alive.get(kind, 0) + 1
        self.tell(f"{kind}: {text}")

    def begin_turn(self, number: int) -> tuple[Fault, ...]:
        """Go to a turn; returns the faults that end before it."""
        self.turn, self.message = number, 0
        ended = tuple(fault for last, fault in self._until if last < number)
        self._until = [entry for entry in self._until if entry[0] >= number]
        return ended

    def begin_fault(self, fault: Fault) -> None:
        """Let a fault work from this turn on."""
        self._until.append((self.turn + fault.turns - 1, fault))

    def end_faults(self) -> tuple[Fault, ...]:
        """Let every fault end; returns them."""
        ended = tuple(fault for _, fault in self._until)
        self._until = []
        return ended

    def faults(self) -> tuple[Fault, ...]:
        """Return the faults at work."""
        return tuple(fault for _, fault in self._until)

    def fault_of(self, kind: str, city: str) -> Fault | None:
        """Return the fault of a kind that works on a city."""
        for _, fault in self._until:
            if fault.kind == kind and city in fault.cities:
                return fault
        return None
