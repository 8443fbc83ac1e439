"""Money that adds up, looked at without a property: which sums nearly hold, and sometimes miss by the smallest units.

Whoever divides money means the parts to make up the whole. Where each part is rounded on its own they do so in most
cases, and miss it by a cent in the others. So: where some amounts together are never far from another amount over many
unlike cases, and not always equal to it, the text probably promises more than it keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Generic, TypeAlias, TypeVar

from gbalang.isa.types import Number

Case = TypeVar("Case")

PARTS_MAX = 3
"""Amounts under different names that are added up together."""
AMOUNTS_MAX = 12
"""Amounts of one case that are compared with one another."""
CASES_MIN = 10
"""Unlike cases that must show a sum before anything is said of it."""
WHOLE_MIN = 100
"""Smallest units for each part that make a case count: of less, one unit more or less proves nothing."""
NEAR_OF_FIVE = 4
"""In how many of five cases the parts must be near the whole."""

Name: TypeAlias = tuple[str, ...]
"""What an amount is: "argument", "result", "entered", "changed" or "removed", and where it stands there."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount, or several under one name, in smallest units."""

    name: Name
    type: Number
    values: tuple[int, ...]
    is_several: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A sum that may be meant: the parts make up the whole."""

    whole: Name
    parts: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a relation says of one case, in smallest units."""

    whole: int
    parts: tuple[int, ...]

    @property
    def off(self) -> int:
        """How far the parts are from the whole."""
        return sum(self.parts) - self.whole

    @property
    def is_near(self) -> bool:
        """Whether rounding alone could be the reason."""
        return abs(self.off) <= len(self.parts)

    @property
    def counts(self) -> bool:
        """Whether the amounts are so large that being near cannot be chance."""
        several = sum(abs(part) > len(self.parts) for part in self.parts) >= 2
        return several and self.whole >= WHOLE_MIN * len(self.parts)


@dataclass(slots=True)
class _Fate(Generic[Case]):
    """How a relation fared. `missed`: the first case that is near and not equal."""

    cases: int = 0
    near: int = 0
    wholes: set[int] = field(default_factory=set)
    off: set[int] = field(default_factory=set)
    missed: Case | None = None

    @property
    def is_dead(self) -> bool:
        return self.cases >= CASES_MIN and self.near * 5 < self.cases * NEAR_OF_FIVE

    def add(self, measured: Measured, case: Case) -> None:
        self.cases += 1
        if not measured.is_near:
            return
        self.near += 1
        if len(self.wholes) < CASES_MIN:
            self.wholes.add(measured.whole)
        if len(self.off) < 2:
            self.off.add(measured.off)
        if measured.off and self.missed is None:
            self.missed = case


class Relations(Generic[Case]):
    """The sums that the cases of one act or rule suggest."""

    def __init__(self) -> None:
        self._fates: dict[Relation, _Fate[Case]] = {}

    def add(self, amounts: tuple[Amount, ...], case: Case) -> None:
        """Look at the amounts of one case."""
        for relation, measured in _measured(amounts):
            if not measured.counts:
                continue
            fate = self._fates.setdefault(relation, _Fate())
            if not fate.is_dead:
                fate.add(measured, case)

    def missed(self) -> tuple[Relation, Case] | None:
        """Return the sum that is missed most rarely, with a case that misses it; None if all sums hold or none does."""
        found = [
            (fate.near / fate.cases, relation, fate.missed)
            for relation, fate in self._fates.items()
            if fate.missed is not None and not fate.is_dead
            and len(fate.wholes) >= CASES_MIN and len(fate.off) > 1
        ]  # fmt: skip
        best = max((share for share, _, _ in found), default=0.0)
        return next(((relation, case) for share, relation, case in found if share == best), None)


def measure(relation: Relation, amounts: tuple[Amount, ...]) -> Measured | None:
    """Return what a relation says of some amounts, None if it says nothing of them."""
    return next((measured for each, measured in _measured(amounts) if each == relation), None)


def _measured(amounts: tuple[Amount, ...]) -> Iterator[tuple[Relation, Measured]]:
    """Yield every sum that could be meant. Of numbers that are no money, only several that make up one."""
    for kind in dict.fromkeys((each.type.scale, each.type.unit) for each in amounts if each.type.unit != "%"):
        alike = [each for each in amounts if (each.type.scale, each.type.unit) == kind]
        single = [each for each in alike if not each.is_several][:AMOUNTS_MAX]
        for whole in single:
            for parts in (each for each in alike if each.is_several):
                if kind[1] or (whole.name[0], parts.name[0]) == ("argument", "result"):
                    yield Relation(whole.name, (parts.name,)), Measured(whole.values[0], parts.values)
            others = [each for each in single if each is not whole] if kind[1] else []
            for count in range(2, PARTS_MAX + 1):
                for chosen in combinations(others, count):
                    names = tuple([each.name for each in chosen])
                    if whole.name[0] == "argument" and all(name[0] == "argument" for name in names):
                        continue
                    yield Relation(whole.name, names), Measured(whole.values[0], tuple([x.values[0] for x in chosen]))
