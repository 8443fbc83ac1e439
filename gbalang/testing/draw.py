"""Numbers drawn from a seed: the same ones on every machine and under every Python, today and in ten years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

SEED = 20_260_101
"""The seed of everyone who names none: the same report on any machine."""

_WORD = 1 << 64


class Source:
    """SplitMix64, by Steele, Lea and Flood. Python's own generator promises its sequence for floats alone."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed % _WORD

    def word(self) -> int:
        """Return the next 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) % _WORD
        mixed = self._state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % _WORD
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % _WORD
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """Return a number from 0 to limit - 1. The small leaning towards low numbers does not matter here."""
        drawn = self.word()
        size = _WORD
        while size >> 32 < limit:  # at least 32 bits more than are needed
            drawn, size = drawn * _WORD + self.word(), size * _WORD
        return drawn % limit

    def between(self, low: int, high: int) -> int:
        """Return a number from low to high."""
        return low + self.below(high - low + 1)

    def once_in(self, count: int) -> bool:
        """Return true once in so many times."""
        return self.below(count) == 0

    def choose(self, items: Sequence[T]) -> T:
        """Return one of some items."""
        return items[self.below(len(items))]
