"""A ledger in memory for one instrument: registers as sorted maps, calendars by year, and undoing.

For tests, examples and drafting. It keeps the promises of `Host` and nothing else.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from gbalang.isa.civil import DAY_HALF, DAY_OFF, civil_from_days, days_from_civil


class MemoryHost:
    """A host whose writes can be undone back to the last `begin`."""

    __slots__ = ("_calendars", "_entries", "_keys", "_undo")

    def __init__(self) -> None:
        self._entries: dict[tuple[int, bytes], bytes] = {}
        self._keys: dict[int, list[bytes]] = {}
        self._calendars: dict[tuple[str, int], tuple[int, ...]] = {}
        self._undo: list[tuple[int, bytes, bytes | None]] = []

    def read(self, register: int, key: bytes) -> bytes | None:
        """Return the encoded entry under that key, or None."""
        return self._entries.get((register, key))

    def write(self, register: int, key: bytes, value: bytes | None) -> None:
        """Set or (None) remove an entry."""
        self._undo.append((register, key, self._entries.get((register, key))))
        self._put(register, key, value)

    def scan(self, register: int, prefix: bytes, limit: int) -> tuple[bytes, ...]:
        """Return the encoded entries whose keys begin with prefix, in key order, at most limit of them."""
        keys = self._keys.get(register, [])
        found: list[bytes] = []
        for place in range(bisect_left(keys, prefix), len(keys)):
            if len(found) == limit or not keys[place].startswith(prefix):
                break
            found.append(self._entries[register, keys[place]])
        return tuple(found)

    def calendar_day(self, calendar: str, day: int) -> int | None:
        """Return the state of a day, or None if no such calendar year was loaded."""
        year, _, _ = civil_from_days(day)
        days = self._calendars.get((calendar, year))
        return None if days is None else days[day - days_from_civil(year, 1, 1)]

    def load_calendar(self, calendar: str, year: int, days: tuple[int, ...]) -> None:
        """Hold a calendar year: a state for each of its days, 1 January first."""
        if len(days) != days_from_civil(year + 1, 1, 1) - days_from_civil(year, 1, 1):
            raise ValueError("a calendar has a state for each day of its year")
        if not all(DAY_OFF <= state <= DAY_HALF for state in days):
            raise ValueError("the state of a day is off, working or half")
        self._calendars[calendar, year] = days

    def begin(self) -> None:
        """Keep everything written so far."""
        self._undo.clear()

    def rollback(self) -> None:
        """Undo everything written since the last `begin`."""
        while self._undo:
            self._put(*self._undo.pop())

    def contents(self) -> tuple[tuple[int, bytes, bytes], ...]:
        """Return (register, key, encoded entry) of every entry, in order."""
        return tuple([(register, key, self._entries[register, key]) for register, key in sorted(self._entries)])

    def _put(self, register: int, key: bytes, value: bytes | None) -> None:
        keys = self._keys.setdefault(register, [])
        held = (register, key) in self._entries
        if value is not None:
            self._entries[register, key] = value
            if not held:
                insort(keys, key)
        elif held:
            del self._entries[register, key]
            del keys[bisect_left(keys, key)]
