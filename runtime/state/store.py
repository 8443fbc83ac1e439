"""The one interface between the ledger and whatever keeps its bytes: a flat space of byte keys in order. Pure.

Everything a node holds stands in one such space, tables being told apart by the first byte of a key, so that one commit
makes state, tree, block, receipts and height durable together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from gbalang.errors import InternalError
from runtime.limits import BLOCK_BYTES_MAX, STATE_KEY_BYTES_MAX, STATE_VALUE_BYTES_MAX


class StoreLimits:
    """What any store takes. Whoever writes keeps to these, so a breach is a mistake of ours."""

    KEY_BYTES_MAX: Final = 511
    """The longest key that LMDB accepts as it is usually built."""

    VALUE_BYTES_MAX: Final = 16 * 1024 * 1024 + 1024 * 1024
    """16 MiB for the transactions of the largest block, and 1 MiB for its header and signatures."""


assert StoreLimits.KEY_BYTES_MAX > STATE_KEY_BYTES_MAX, "a key of the state and its table fit a store"
assert StoreLimits.VALUE_BYTES_MAX > BLOCK_BYTES_MAX, "a block with its header and signatures fits a store"
assert StoreLimits.VALUE_BYTES_MAX >= STATE_VALUE_BYTES_MAX, "a value of the state fits a store"


class Store(Protocol):
    """An ordered, durable map of bytes, used by one thread."""

    def get(self, key: bytes) -> bytes | None:
        """Return the value under a key as of the latest commit, or None. Raises StoreDamaged."""

    def scan(self, prefix: bytes, start: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Yield (key, value) for every key that begins with prefix, ascending, from the key `start` on (inclusive).

        `start` is a whole key, not a remainder. A scan shows one commit: going on with it after a later commit is a
        mistake and raises InternalError, so a mixture of two states is never seen. Raises StoreDamaged.
        """

    def commit(self, writes: Sequence[tuple[bytes, bytes | None]]) -> None:
        """Make all writes durable at once, or none; None deletes, and of two writes to one key the later stands.

        Raises StoreUnavailable when nothing could be written.
        """

    def close(self) -> None:
        """Release what the store holds. Closing twice does nothing."""


class StoreDamaged(Exception):  # noqa: N818  # what is so, not an error of ours
    """What is kept cannot be what was written. The remedy is to rebuild the store from the other cities."""

    def __init__(self, key: bytes, reason: str) -> None:
        super().__init__(f"{reason} (key {key.hex() or 'none'})")
        self.key = key
        self.reason = reason


class StoreUnavailable(Exception):  # noqa: N818  # the same
    """The store cannot be used now: in use elsewhere, closed, no permission, no room. Its contents are not in doubt."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class StoreInUse(StoreUnavailable):
    """Another process, or another opening in this one, holds the store."""


def final_writes(writes: Sequence[tuple[bytes, bytes | None]]) -> dict[bytes, bytes | None]:
    """Return the last write to each key. Raises InternalError for a key or value that no store takes."""
    final = dict(writes)
    for key, value in final.items():
        if not 0 < len(key) <= StoreLimits.KEY_BYTES_MAX:
            raise InternalError(f"a store's key has 1 to {StoreLimits.KEY_BYTES_MAX} bytes, not {len(key)}")
        if value is not None and len(value) > StoreLimits.VALUE_BYTES_MAX:
            raise InternalError(f"a store's value has at most {StoreLimits.VALUE_BYTES_MAX} bytes, not {len(value)}")
    return final


def scan_outlived() -> InternalError:
    """The mistake of going on with a scan after a commit."""
    return InternalError("a scan of a store was continued after a later commit")
