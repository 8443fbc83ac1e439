"""What stands in the file of a store, and how a file that a crash left is read.

The entries stand in one database of the file, each value behind a checksum of its key and itself. Beside it stands the
tally: the number of the commit, and the sum of all checksums after it. A page that was never written, or one of another
commit, may hold right checksums; the sum over all that is found is then another, or the number is.

Another process than the node's runs `examine` on a file that nothing vouches for, since a damaged page may end it. It
imports little, because eleven of them may have to start before a network opens.
"""

from __future__ import annotations

import os
import struct
from hashlib import blake2b
from typing import Any, Final

import lmdb

DATA_FILE: Final = "data.mdb"
ENTRIES: Final = b"entries"
CHECKSUM_BYTES: Final = 8
SUMS: Final = 1 << 8 * CHECKSUM_BYTES
FILE_MODE: Final = 0o600
_TALLY: Final = b"tally"
_TALLY_FORM: Final = struct.Struct(">QQ")

SOUND: Final = "sound"
NO_ROOM: Final = "no room"
"""What `examine` says when it found the file sound and could not copy it."""


class Unsound(Exception):  # noqa: N818  # what is so, not an error of ours
    """The file does not hold what a commit wrote; `reason` says what is wrong with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checksum(key: bytes, value: bytes) -> bytes:
    """Return what stands before a value."""
    hashed = blake2b(key, digest_size=CHECKSUM_BYTES)
    hashed.update(value)
    return hashed.digest()


def put_tally(environment: Any, transaction: Any, total: int) -> None:
    """Write the tally of the commit that the transaction will be."""
    tally = _TALLY_FORM.pack(transaction.id(), total)
    transaction.put(_TALLY, tally, db=environment.open_db(None, txn=transaction))


def read_tally(transaction: Any) -> int:
    """Return the sum of all checksums. Raises Unsound when it is not that of the commit that is read."""
    tally = transaction.get(_TALLY)
    if tally is None or len(tally) != _TALLY_FORM.size:
        raise Unsound("the file of the store does not say what it holds")
    commit, total = _TALLY_FORM.unpack(tally)
    if commit != transaction.id():
        raise Unsound("the file of the store mixes two commits")
    return int(total)


def require_length(path: str, environment: Any) -> None:
    """A file that ends before its last page would end the process at the first look beyond its end. Raises Unsound."""
    needed = (environment.info()["last_pgno"] + 1) * environment.stat()["psize"]
    if os.stat(os.path.join(path, DATA_FILE)).st_size < needed:  # noqa: PTH116, PTH118  # pathlib is slow to import
        raise Unsound("the file of the store is shorter than it was")


def examine(path: str, copy: str | None = None) -> str:
    """Read every value of a store against its checksum and all against the tally; then copy them into a new file.

    Return SOUND, NO_ROOM, or what is wrong with the file.
    """
    try:
        environment = lmdb.open(path, readonly=True, lock=False, max_dbs=1)
    except lmdb.Error:
        return "the file of the store is none of LMDB's"
    try:
        require_length(path, environment)
        if environment.info()["last_txnid"] == 0:
            return SOUND  # nothing was ever written; the copy stays empty, which LMDB takes as new
        with environment.begin() as transaction:
            entries = environment.open_db(ENTRIES, txn=transaction, create=False)
            total = _sum_up(transaction, entries)
            if copy is not None:
                try:
                    _copy(transaction, entries, total, copy, 2 * environment.info()["map_size"])
                except (lmdb.Error, OSError):
                    return NO_ROOM
        return SOUND
    except Unsound as found:
        return found.reason
    except lmdb.Error:
        return "the pages of the file of the store do not fit together"
    finally:
        environment.close()


def _sum_up(transaction: Any, entries: Any) -> int:
    """Read all entries and return the sum of their checksums. Raises Unsound when they are not those of one commit."""
    total, last = 0, b""
    for key, stored in transaction.cursor(entries):
        if stored[:CHECKSUM_BYTES] != checksum(key, stored[CHECKSUM_BYTES:]):
            raise Unsound("a value in the file of the store is not what was written")
        if key <= last:
            raise Unsound("the keys in the file of the store are not in their order")
        total, last = total + int.from_bytes(stored[:CHECKSUM_BYTES], "big"), key
    if total % SUMS != read_tally(transaction):
        raise Unsound("the file of the store mixes two commits")
    return total % SUMS


def _copy(transaction: Any, entries: Any, total: int, copy: str, room: int) -> None:
    """Write the entries alone into a new file: what else stands in LMDB's pages, nothing vouches for."""
    target = lmdb.open(copy, subdir=False, lock=False, map_size=room, max_dbs=1, mode=FILE_MODE, sync=False)
    try:
        with target.begin(write=True) as writing:
            copied = target.open_db(ENTRIES, txn=writing)
            writing.cursor(copied).putmulti(transaction.cursor(entries).iternext(), append=True)
            put_tally(target, writing, total)
        target.sync(True)
    finally:
        target.close()
