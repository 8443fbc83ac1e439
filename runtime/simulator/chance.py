"""Chance of our own: every draw is named by what it is for, so another draw elsewhere changes none of these. Pure.

A draw is the SHA-256 of the seed and of its name, as a number. It does not depend on what was drawn before, on the
version of Python or on its hash seed, and a scenario that is cut shorter keeps the draws of what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Name: TypeAlias = str | int


class Chance:
    """The draws of one seed. `below` and the others take the name of the draw last."""

    __slots__ = ("_beginning", "seed")

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._beginning = sha256(b"gbalang:chance\0%d\0" % seed)

    def number(self, *name: Name) -> int:
        """Return 256 bits."""
        hashed = self._beginning.copy()
        hashed.update(repr(name).encode("utf-8"))
        return int.from_bytes(hashed.digest(), "big")

    def below(self, bound: int, *name: Name) -> int:
        """Return a number from 0 to bound - 1. The bias of the remainder is below bound ÷ 2**256."""
        return self.number(*name) % bound

    def happens(self, percent: int, *name: Name) -> bool:
        """Whether what happens so often out of a hundred happens."""
        return self.number(*name) % 100 < percent

    def one_of(self, items: Sequence[T], *name: Name) -> T:
        """Return one of the items."""
        return items[self.number(*name) % len(items)]

    def some_of(self, items: Sequence[T], count: int, *name: Name) -> tuple[T, ...]:
        """Return so many different items (all, when there are fewer), in their order."""
        ranked = sorted(range(len(items)), key=lambda place: self.number(*name, place))
        return tuple(items[place] for place in sorted(ranked[:count]))

    def stream(self, *name: Name) -> Stream:
        """Return a source of draws that follow one another under one name."""
        return Stream(self, name)


class Stream:
    """Draws one after the other, for what is made of many: the arguments of one act."""

    __slots__ = ("_chance", "_count", "_name")

    def __init__(self, chance: Chance, name: tuple[Name, ...]) -> None:
        self._chance = chance
        self._name = name
        self._count = 0

    def below(self, bound: int) -> int:
        """Return the next number, from 0 to bound - 1."""
        self._count += 1
        return self._chance.below(bound, *self._name, self._count)

    def happens(self, percent: int) -> bool:
        """Whether what happens so often out of a hundred happens now."""
        return self.below(100) < percent

    def one_of(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.below(len(items))]
