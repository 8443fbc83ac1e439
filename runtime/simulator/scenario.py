"""What happens in a simulation, drawn from its seed before it begins: turns of traffic, time and faults. Pure.

A scenario is plain data. Whatever is left when a part of it is dropped is a scenario again, and its faults draw what
they drew before: each fault and each turn carries its own number.
"""

from __future__ import annotations

from dataclasses import dataclass

from runtime.cities import CITIES, FAULTY_MAX
from runtime.simulator.chance import Chance
from runtime.simulator.faults import BY_NAME, FaultKind, Scope
from runtime.simulator.stage import Stage
from runtime.simulator.traffic import Pool, Rehearsal, Sent, draw_act
from runtime.transition import day_of

TRAFFIC_MAX = 100
FAULT_PERCENT = 55
"""How often a turn begins with a new fault."""

LASTS_MAX = 4
CITIES_MAX = 5
MANY_PERCENT = 25
"""How often a fault may strike more cities than the ledger can do without."""

PASSING_MS = (1, 1_000, 1_000, 60_000, 3_600_000, 3_600_000, 86_400_000, 86_400_000, 20 * 86_400_000)
_NAMES = tuple(city.identifier for city in CITIES)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: from the turn in which it stands, for so many turns. `place`: what else it draws."""

    number: int
    kind: str
    cities: tuple[str, ...]
    turns: int
    place: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Time passes, faults begin, transactions are sent, a block is made."""

    number: int
    passing_ms: int
    faults: tuple[Fault, ...]
    traffic: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The turns of a simulation."""

    seed: int
    turns: tuple[Turn, ...]


def draw_scenario(
    stage: Stage, seed: int, turns: int, kinds: tuple[str, ...], acts: int = TRAFFIC_MAX
) -> Scenario:
    """Draw a scenario with faults of these kinds, and at most so many acts in a turn."""
    chance = Chance(seed)
    time_ms = stage.time_ms
    pool = Pool(stage.program, stage.holders, day_of(time_ms))
    rehearsal = Rehearsal(stage.verified, stage.calendars)
    enabled = tuple(BY_NAME[name] for name in kinds)
    drawn = []
    for number in range(turns):
        passing_ms = chance.one_of(PASSING_MS, "passing", number)
        time_ms += passing_ms
        pool.day = day_of(time_ms)
        sent = [
            act
            for place in range(1 + chance.below(acts, "traffic", number))
            if (act := draw_act(pool, rehearsal, time_ms // 1_000, chance.stream("act", number, place))) is not None
        ]
        drawn.append(Turn(number, passing_ms, _faults(chance, number, enabled), tuple(sent)))
    return Scenario(seed, tuple(drawn))


def _faults(chance: Chance, turn: int, kinds: tuple[FaultKind, ...]) -> tuple[Fault, ...]:
    if not kinds or not chance.happens(FAULT_PERCENT, "fault", turn):
        return ()
    count = 1 + chance.below(2, "faults", turn)
    chosen = [chance.one_of(kinds, "kind", turn, place) for place in range(count)]
    return tuple(_fault(chance, turn * 4 + place, kind) for place, kind in enumerate(dict.fromkeys(chosen)))


def _fault(chance: Chance, number: int, kind: FaultKind) -> Fault:
    match kind.scope:
        case Scope.FEW:
            count = 1 + chance.below(FAULTY_MAX, "few", number)
        case Scope.ANY:
            most = CITIES_MAX if chance.happens(MANY_PERCENT, "many", number) else FAULTY_MAX
            count = 1 + chance.below(most, "any", number)
        case Scope.ALL:
            count = 0
    cities = chance.some_of(_NAMES, count, "cities", number)
    lasts = 1 + chance.below(LASTS_MAX, "lasts", number) if kind.lasts else 1
    return Fault(number, kind.name, cities, lasts, chance.below(1 << 40, "place", number))
