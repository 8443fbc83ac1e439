"""The committed state in a store, as the transition reads it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.state.store import Store

STATE = b"s"
"""Table of the state's entries in a node's store."""


class StateView:
    """State keys are store keys without their table."""

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: bytes) -> bytes | None:
        """Return the value under a key, or None."""
        return self._store.get(STATE + key)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield (key, value) for every key that begins with prefix, ascending."""
        for key, value in self._store.scan(STATE + prefix):
            yield key[1:], value
