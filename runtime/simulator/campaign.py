"""Many simulations of one instrument, and what they showed together. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from runtime.simulator.faults import FAULTS
from runtime.simulator.run import Engines, Result, simulate
from runtime.simulator.scenario import TRAFFIC_MAX, Scenario, draw_scenario
from runtime.simulator.shrink import ATTEMPTS_MAX, shrink
from runtime.simulator.stage import Stage

REAL_SIGNATURES_EVERY = 10
"""Of so many simulations the last runs on real signatures; the others on signatures that cost nothing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is simulated: turns of each simulation, kinds of fault by name, the engines, acts of a turn at most."""

    turns: int
    kinds: tuple[str, ...]
    engines: Engines
    acts: int = TRAFFIC_MAX


@dataclass(slots=True)
class Tally:
    """The sums of a campaign."""

    seeds: int = 0
    blocks: int = 0
    halts: int = 0
    executions: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    alive: dict[str, int] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    pairs: dict[tuple[str, str], None] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Add a simulation."""
        self.seeds += 1
        self.blocks += result.blocks
        self.halts += result.halts
        self.executions += result.executions
        for sums, found in ((self.outcomes, result.outcomes), (self.alive, result.alive), (self.checks, result.checks)):
            for name, count in found.items():
                sums[name] = sums.get(name, 0) + count
        for pair in result.pairs():
            self.pairs[pair] = None

    @property
    def transactions(self) -> int:
        """How many byte strings have a receipt."""
        return sum(self.outcomes.values())

    def alive_in_order(self) -> tuple[tuple[str, int], ...]:
        """Return the kinds that happened with how often, in the order of the table."""
        return tuple((kind.name, self.alive[kind.name]) for kind in FAULTS if kind.name in self.alive)


def simulate_seeds(
    stage_of: Callable[[int], Stage], first_seed: int, seeds: int, settings: Settings
) -> Iterator[tuple[Scenario, Result]]:
    """Run one simulation after the other, and stop after the first that fails."""
    for number in range(seeds):
        stage = stage_of(first_seed + number)
        scenario = draw_scenario(stage, first_seed + number, settings.turns, settings.kinds, settings.acts)
        result = simulate(stage, scenario, settings.engines)
        yield scenario, result
        if result.failures:
            return


def uses_real_signatures(seed: int) -> bool:
    """Whether the simulation of a seed runs on real signatures."""
    return seed % REAL_SIGNATURES_EVERY == REAL_SIGNATURES_EVERY - 1


def smallest(
    scenario: Scenario, result: Result, play: Callable[[Scenario], Result], attempts: int = ATTEMPTS_MAX
) -> tuple[Scenario, Result]:
    """Return the smallest scenario found that fails the check that failed first, and what it showed."""
    check = result.failures[0].check
    shown = {scenario: result}

    def still_fails(fewer: Scenario) -> bool:
        found = play(fewer)
        fails = any(failure.check is check for failure in found.failures)
        if fails:
            shown[fewer] = found
        return fails

    shrunk = shrink(scenario, still_fails, attempts)
    return shrunk, shown[shrunk]
