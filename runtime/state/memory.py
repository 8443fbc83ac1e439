"""A store in memory: for tests, the simulator and the witness, who must need nothing but the standard library. Pure.

Values stand in a dictionary. The ordered list of keys is brought up to date only when a scan needs it, so a batch of
thousands costs one merge and not thousands of insertions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from runtime.state.store import final_writes, scan_outlived

_MERGE_FROM_KEYS = 64
"""From this many new or removed keys on, one pass over all keys is quicker than moving the list for each of them."""


class MemoryStore:
    """A Store whose durability ends with the process."""

    __slots__ = ("_commits", "_ordered", "_unordered", "_values")

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}
        self._ordered: list[bytes] = []
        self._unordered: dict[bytes, None] = {}
        """Keys that came or went since `_ordered` was last right."""
        self._commits = 0

    def get(self, key: bytes) -> bytes | None:
        """Return the value under a key, or None."""
        return self._values.get(key)

    def scan(self, prefix: bytes, start: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Yield (key, value) for every key that begins with prefix, ascending, from the key `start` on."""
        self._order()
        return self._scan(prefix, prefix if start is None or start < prefix else start, self._commits)

    def _scan(self, prefix: bytes, first: bytes, commits: int) -> Iterator[tuple[bytes, bytes]]:
        position = bisect_left(self._ordered, first)
        while True:
            if commits != self._commits:
                raise scan_outlived()
            if position == len(self._ordered) or not self._ordered[position].startswith(prefix):
                return
            key = self._ordered[position]
            yield key, self._values[key]
            position += 1

    def commit(self, writes: Sequence[tuple[bytes, bytes | None]]) -> None:
        """Take all writes at once; None deletes."""
        final = final_writes(writes)
        self._commits += 1
        for key, value in final.items():
            if value is None:
                if self._values.pop(key, None) is not None:
                    self._unordered[key] = None
            else:
                if key not in self._values:
                    self._unordered[key] = None
                self._values[key] = value

    def close(self) -> None:
        """Do nothing: memory goes with its last user."""

    def _order(self) -> None:
        if len(self._unordered) < _MERGE_FROM_KEYS:
            for key in self._unordered:
                self._order_one(key)
        else:
            # Both a sort of the dictionary's keys and this are right; this is linear in what has not changed.
            kept = [key for key in self._ordered if key not in self._unordered]
            kept.extend(key for key in self._unordered if key in self._values)
            kept.sort()
            self._ordered = kept
        self._unordered.clear()

    def _order_one(self, key: bytes) -> None:
        position = bisect_left(self._ordered, key)
        is_listed = position < len(self._ordered) and self._ordered[position] == key
        if key in self._values and not is_listed:
            self._ordered.insert(position, key)
        elif key not in self._values and is_listed:
            del self._ordered[position]
