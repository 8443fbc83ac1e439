"""A failing scenario made smaller while it fails in the same way: fewer turns, faults, cities, acts. Pure.

Delta debugging (Zeller and Hildebrandt 2002): halves are left out, then quarters, down to single pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from runtime.simulator.scenario import Fault, Scenario, Turn

T = TypeVar("T")
ATTEMPTS_MAX = 160
"""Simulations run to make one story smaller."""


class _Budget:
    """Asks whether a scenario still fails, so often and no more."""

    def __init__(self, still_fails: Callable[[Scenario], bool], attempts: int) -> None:
        self._still_fails = still_fails
        self._left = attempts

    def holds(self, scenario: Scenario) -> bool:
        if self._left == 0:
            return False
        self._left -= 1
        return self._still_fails(scenario)


def shrink(
    scenario: Scenario, still_fails: Callable[[Scenario], bool], attempts: int = ATTEMPTS_MAX
) -> Scenario:
    """Return a scenario, at most as large, that still fails."""
    budget = _Budget(still_fails, attempts)
    last = 0
    while _size(scenario) != last:
        last = _size(scenario)
        scenario = _fewer_turns(scenario, budget)
        scenario = _without_traffic(scenario, budget)
        scenario = _fewer_faults(scenario, budget)
        scenario = _fewer_acts(scenario, budget)
    return scenario


def _size(scenario: Scenario) -> int:
    return sum(
        1 + len(turn.traffic) + sum(1 + len(fault.cities) for fault in turn.faults) for turn in scenario.turns
    )


def _smallest(items: Sequence[T], fails: Callable[[tuple[T, ...]], bool]) -> tuple[T, ...]:
    """Return few of the items that still fail, by leaving out ever smaller runs of them."""
    kept = tuple(items)
    run = (len(kept) + 1) // 2
    while run:
        place = 0
        while place < len(kept):
            fewer = kept[:place] + kept[place + run :]
            if fails(fewer):
                kept = fewer
            else:
                place += run
        run //= 2
    return kept


def _fewer_turns(scenario: Scenario, budget: _Budget) -> Scenario:
    turns = _smallest(scenario.turns, lambda some: budget.holds(replace(scenario, turns=some)))
    return replace(scenario, turns=turns)


def _without_traffic(scenario: Scenario, budget: _Budget) -> Scenario:
    quiet = replace(scenario, turns=tuple(replace(turn, traffic=()) for turn in scenario.turns))
    return quiet if quiet != scenario and budget.holds(quiet) else scenario


def _fewer_faults(scenario: Scenario, budget: _Budget) -> Scenario:
    faults = [fault for turn in scenario.turns for fault in turn.faults]
    kept = _smallest(faults, lambda some: budget.holds(_with_faults(scenario, some)))
    scenario = _with_faults(scenario, kept)
    for fault in kept:
        scenario = _fewer_cities(scenario, fault, budget)
    return scenario


def _fewer_cities(scenario: Scenario, fault: Fault, budget: _Budget) -> Scenario:
    cities = _smallest(
        fault.cities, lambda some: bool(some) and budget.holds(_with_cities(scenario, fault, some))
    )
    return _with_cities(scenario, fault, cities)


def _with_faults(scenario: Scenario, faults: Sequence[Fault]) -> Scenario:
    numbers = [fault.number for fault in faults]
    return _each_turn(
        scenario, lambda turn: replace(turn, faults=tuple(each for each in turn.faults if each.number in numbers))
    )


def _with_cities(scenario: Scenario, fault: Fault, cities: tuple[str, ...]) -> Scenario:
    return _each_turn(
        scenario,
        lambda turn: replace(
            turn,
            faults=tuple(
                replace(each, cities=cities) if each.number == fault.number else each for each in turn.faults
            ),
        ),
    )


def _each_turn(scenario: Scenario, change: Callable[[Turn], Turn]) -> Scenario:
    return replace(scenario, turns=tuple(change(turn) for turn in scenario.turns))


def _fewer_acts(scenario: Scenario, budget: _Budget) -> Scenario:
    acts = [(turn.number, place) for turn in scenario.turns for place in range(len(turn.traffic))]

    def with_acts(some: tuple[tuple[int, int], ...]) -> Scenario:
        kept = frozenset(some)
        return _each_turn(
            scenario,
            lambda turn: replace(
                turn,
                traffic=tuple(sent for place, sent in enumerate(turn.traffic) if (turn.number, place) in kept),
            ),
        )

    return with_acts(_smallest(acts, lambda some: budget.holds(with_acts(some)))) if acts else scenario
