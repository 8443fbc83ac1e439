"""A small instrument in force among eleven cities, as the simulations of these tests begin."""

from __future__ import annotations

import functools

from runtime.simulator.credentials import HashedCredentials
from runtime.simulator.faults import BY_NAME
from runtime.simulator.run import Engines, Result, Simulation, choose_engines
from runtime.simulator.scenario import Scenario, draw_scenario
from runtime.simulator.stage import Stage, prepare
from tests.network.harness import charter, standard_calendars
from tests.network.sample import container

ALL_KINDS = tuple(BY_NAME)
ACTS = 6
"""Acts of a turn, at most: few, as eleven cities execute each of them."""


@functools.cache
def stage() -> Stage:
    """Return where simulations begin."""
    return prepare(charter(), standard_calendars(), container(), HashedCredentials())


@functools.cache
def engines() -> Engines:
    """Return the mixed engines."""
    return choose_engines("mixed")


def scenario(seed: int, turns: int, kinds: tuple[str, ...] = ALL_KINDS, acts: int = ACTS) -> Scenario:
    """Draw a scenario of the small instrument."""
    return draw_scenario(stage(), seed, turns, kinds, acts)


def simulation(seed: int, turns: int, kinds: tuple[str, ...] = ALL_KINDS) -> Simulation:
    """Return a simulation that has yet to run."""
    return Simulation(stage(), scenario(seed, turns, kinds), engines())


def played(seed: int, turns: int, kinds: tuple[str, ...] = ALL_KINDS) -> Result:
    """Run a simulation of the small instrument."""
    return simulation(seed, turns, kinds).run()
