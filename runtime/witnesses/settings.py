"""What may differ between two machines without changing a byte, and how eleven cities are made to differ in it. Pure.

Trying every combination would take thousands of processes. A failure nearly always needs one setting, seldom two; so
the eleven rows are chosen such that every two values of two axes meet in one of them, as far as eleven rows can do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from gbalang.vm.engines import ENGINES
from runtime.cities import CITIES
from runtime.simulator.chance import Chance, Stream

INTERPRETERS_MAX = 3
"""Interpreters of a machine that take part: more of them would leave too few rows for everything else."""

SEED = 11
CANDIDATES = 40
"""Rows tried before the best one is taken."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing in which processes differ. The first value is that of an ordinary machine."""

    name: str
    values: tuple[str, ...]


INTERPRETER, ENGINE = "interpreter", "engine"
HASH_SEED, LOCALE, TIME_ZONE, OPTIMISATION = "hash-seed", "locale", "time-zone", "optimisation"
WARNINGS, DIGITS, RECURSION, COLLECTOR = "warnings", "digits", "recursion", "collector"
THREAD, TEXT = "thread", "text"

FIXED_AXES: tuple[Axis, ...] = (
    Axis(ENGINE, tuple(sorted(ENGINES))),
    Axis(HASH_SEED, ("0", "1", "4294967295")),
    Axis(LOCALE, ("C", "tr_TR.UTF-8", "zh_CN.UTF-8")),
    Axis(TIME_ZONE, ("UTC", "Pacific/Kiritimati", "America/St_Johns")),
    Axis(OPTIMISATION, ("none", "-O", "-OO")),
    Axis(WARNINGS, ("shown", "are errors")),
    Axis(DIGITS, ("4300", "640")),
    Axis(RECURSION, ("1000", "500")),
    Axis(COLLECTOR, ("ordinary", "off", "eager")),
    Axis(THREAD, ("main", "other")),
    Axis(TEXT, ("utf-8", "of the locale")),
)
"""Every axis but the interpreter, of which each machine has its own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process: a value for each axis, in the order of the axes."""

    axes: tuple[Axis, ...]
    values: tuple[str, ...]

    def of(self, name: str) -> str:
        """Return the value on an axis."""
        return next(value for axis, value in zip(self.axes, self.values, strict=True) if axis.name == name)

    def differing(self, other: Settings) -> tuple[str, ...]:
        """Return the names of the axes on which two processes differ."""
        return tuple(
            axis.name for axis, one, two in zip(self.axes, self.values, other.values, strict=True) if one != two
        )

    def only(self, name: str, other: Settings) -> Settings:
        """Return these settings with the value of another process on one axis."""
        pairs = zip(self.axes, self.values, strict=True)
        return Settings(self.axes, tuple(other.of(name) if axis.name == name else value for axis, value in pairs))


@dataclass(frozen=True, slots=True)
class Design:
    """The settings of the eleven cities, by city, and how many pairs of values meet in them, of how many there are."""

    cities: dict[str, Settings]
    met: int
    pairs: int


def all_axes(interpreters: tuple[str, ...]) -> tuple[Axis, ...]:
    """Return the axes on a machine that has these interpreters, its own first."""
    return (Axis(INTERPRETER, interpreters[:INTERPRETERS_MAX]), *FIXED_AXES)


def ordinary(axes: tuple[Axis, ...]) -> Settings:
    """Return the settings of an ordinary machine."""
    return Settings(axes, tuple(axis.values[0] for axis in axes))


def design(axes: tuple[Axis, ...]) -> Design:
    """Return settings for each city, so that as many pairs of values as possible meet. The same for equal axes."""
    missing = {
        ((one, left), (two, right)): None
        for one, two in combinations(range(len(axes)), 2)
        for left in axes[one].values
        for right in axes[two].values
    }
    pairs = len(missing)
    cities: dict[str, Settings] = {}
    chance = Chance(SEED)
    for city in CITIES:
        row = ordinary(axes).values
        if cities:
            drawn = [_row(axes, missing, chance.stream(city.identifier, each)) for each in range(CANDIDATES)]
            row = max(drawn, key=lambda values: len(_meeting(values, missing)))
        for pair in _meeting(row, missing):
            del missing[pair]
        cities[city.identifier] = Settings(axes, row)
    return Design(cities, pairs - len(missing), pairs)


_Pair = tuple[tuple[int, str], tuple[int, str]]


def _meeting(row: tuple[str, ...], missing: dict[_Pair, None]) -> list[_Pair]:
    return [pair for pair in combinations(enumerate(row), 2) if pair in missing]


def _row(axes: tuple[Axis, ...], missing: dict[_Pair, None], stream: Stream) -> tuple[str, ...]:
    """Return a row in which one value after the other, in an order that is drawn, lets most pairs meet."""
    left = list(range(len(axes)))
    chosen: dict[int, str] = {}
    while left:
        place = left.pop(stream.below(len(left)))
        turn = stream.below(len(axes[place].values))
        values = axes[place].values[turn:] + axes[place].values[:turn]
        chosen[place] = max(values, key=lambda value: _gain(missing, chosen, (place, value)))
    return tuple(chosen[place] for place in range(len(axes)))


def _gain(missing: dict[_Pair, None], chosen: dict[int, str], cell: tuple[int, str]) -> int:
    return sum(((other, cell) if other < cell else (cell, other)) in missing for other in chosen.items())
