"""The one clock of a simulation, and each city's own, which may be wrong. Pure."""

from __future__ import annotations


class Clock:
    """Milliseconds since 1970 that pass only when they are told to."""

    __slots__ = ("_skew_ms", "now_ms")

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms
        self._skew_ms: dict[str, int] = {}

    def advance(self, by_ms: int) -> None:
        """Let time pass."""
        assert by_ms >= 0, "time does not go back; a city's own clock may"
        self.now_ms += by_ms

    def reading(self, city: str) -> int:
        """Return what a city's own clock shows."""
        return self.now_ms + self._skew_ms.get(city, 0)

    def set_wrong(self, city: str, skew_ms: int) -> None:
        """Let a city's clock be so much ahead (or, below 0, behind)."""
        self._skew_ms[city] = skew_ms

    def set_right(self, city: str) -> None:
        """Set a city's clock right."""
        self._skew_ms.pop(city, None)
