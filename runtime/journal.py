"""A view of the state with changes on top: what a block has written so far, and what the current transaction writes.

Reading sees the newest layer first; a transaction that is refused or faults is dropped whole. Scans merge the layers
in key order, so nothing depends on the order in which changes were made.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar, cast

T = TypeVar("T")


class StateReader(Protocol):
    """The committed state: byte keys in order."""

    def get(self, key: bytes) -> bytes | None:
        """Return the value under a key, or None."""

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield (key, value) for every key that begins with prefix, ascending."""


class Layer:
    """Changes by key, with the keys kept in order for scans. None removes."""

    __slots__ = ("changes", "ordered")

    def __init__(self) -> None:
        self.changes: dict[bytes, bytes | None] = {}
        self.ordered: list[bytes] = []

    def put(self, key: bytes, value: bytes | None) -> None:
        """Record a change."""
        if key not in self.changes:
            insort(self.ordered, key)
        self.changes[key] = value

    def within(self, prefix: bytes) -> list[bytes]:
        """Return the changed keys that begin with prefix, ascending."""
        start = bisect_left(self.ordered, prefix)
        end = start
        while end < len(self.ordered) and self.ordered[end].startswith(prefix):
            end += 1
        return self.ordered[start:end]

    def clear(self) -> None:
        """Forget every change."""
        self.changes.clear()
        self.ordered.clear()


class Journal:
    """The state as the current transaction of the current block sees it."""

    __slots__ = ("_base", "_block", "_derived", "_held", "_transaction", "attribution")

    def __init__(self, base: StateReader) -> None:
        self._base = base
        self._block = Layer()
        self._transaction = Layer()
        self._held: dict[bytes, bytes | None] = {}
        """What the committed state says under the keys that were asked for: it does not change while a block lasts."""
        self._derived: dict[bytes, object] = {}
        self.attribution: dict[bytes, int] = {}
        """Which transaction of the block (index) wrote a key last; explains a divergence."""

    def get(self, key: bytes) -> bytes | None:
        """Return the value under a key as the current transaction sees it."""
        for layer in (self._transaction, self._block):
            if key in layer.changes:
                return layer.changes[key]
        return self._committed(key)

    def _committed(self, key: bytes) -> bytes | None:
        if key in self._held:
            return self._held[key]
        value = self._held[key] = self._base.get(key)
        return value

    def put(self, key: bytes, value: bytes | None) -> None:
        """Set (or with None remove) a key within the current transaction."""
        self._transaction.put(key, value)
        self._forget(key)

    def derived(self, prefix: bytes, make: Callable[[], T]) -> T:
        """Return what `make` gathers from the entries under a prefix alone, again only when one of them has changed."""
        if prefix not in self._derived:
            self._derived[prefix] = make()
        return cast("T", self._derived[prefix])

    def _forget(self, key: bytes) -> None:
        for prefix in [prefix for prefix in self._derived if key.startswith(prefix)]:
            del self._derived[prefix]

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield (key, value) in key order, the newest layer's word being last."""
        overlay: dict[bytes, bytes | None] = {}
        for layer in (self._block, self._transaction):
            for key in layer.within(prefix):
                overlay[key] = layer.changes[key]
        pending = sorted(overlay)
        position = 0
        for key, value in self._base.scan(prefix):
            while position < len(pending) and pending[position] < key:
                changed = overlay[pending[position]]
                if changed is not None:
                    yield pending[position], changed
                position += 1
            if position < len(pending) and pending[position] == key:
                changed = overlay[key]
                if changed is not None:
                    yield key, changed
                position += 1
            else:
                yield key, value
        for key in pending[position:]:
            changed = overlay[key]
            if changed is not None:
                yield key, changed

    def keep(self, index: int) -> None:
        """Make the current transaction's changes part of the block; `index` is its place in the block."""
        for key in self._transaction.ordered:
            self._block.put(key, self._transaction.changes[key])
            self.attribution[key] = index
        self._transaction.clear()

    def drop(self) -> None:
        """Undo the current transaction."""
        for key in self._transaction.ordered:
            self._forget(key)
        self._transaction.clear()

    def changes(self) -> tuple[tuple[bytes, bytes | None], ...]:
        """Return the block's changes in key order, leaving out those that change nothing."""
        return tuple(
            (key, self._block.changes[key])
            for key in self._block.ordered
            if self._committed(key) != self._block.changes[key]
        )
