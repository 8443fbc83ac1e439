"""The numbered points at which a process may be killed while it writes files, and the hook for killing it there.

A process that is killed leaves what it had handed to the operating system, and nothing of what it meant to do next. At
each of these points the two differ. `tests/crashes` kills a process at every one of them and opens what it left behind;
what happens between two writes of LMDB itself, or when power fails, is tried there on the pages of the file.

`pass_point` does nothing outside of tests. What is pure does not know this module: it writes no files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class PointRow:
    """What the table says of a point: its number, what is being written, and what is on the disk then."""

    number: int
    writing: str
    on_disk: str


_S, _R, _N, _C = "a city's store", "a store after a crash", "a new network", "a city's return"
_TEMPORARY = "beside its place, not yet synced; in its place what was there before"
_SYNCED = "beside its place, whole and synced; in its place what was there before"
_RENAMED = "in its place; the folder not yet synced"


class CrashPoint(Enum):
    """Every point. A number is never used again for something else."""

    STORE_FOLDER_MADE = PointRow(1, _S, "the folder with its lock, and no store")
    STORE_FILE_MADE = PointRow(2, _S, "an empty store; the folder not yet synced")
    SEAL_REMOVED = PointRow(3, _S, "the store as it was closed, without its seal")
    COMMIT_BEGUN = PointRow(4, _S, "the store before the commit")
    COMMIT_PREPARED = PointRow(5, _S, "the store before the commit, all of whose writes are in memory")
    STORE_GROWN = PointRow(6, _S, "the store before a commit that found no room and begins again with more")
    COMMIT_DONE = PointRow(7, _S, "the store after the commit, of which nobody has been told")
    STORE_SYNCED = PointRow(8, _S, "all commits, without a seal")
    SEAL_BEGUN = PointRow(9, "a store's seal", _TEMPORARY)
    SEAL_SYNCED = PointRow(10, "a store's seal", _SYNCED)
    SEAL_RENAMED = PointRow(11, "a store's seal", _RENAMED)

    RECOVERY_BEGUN = PointRow(12, _R, "the store as the crash left it")
    RECOVERY_COPIED = PointRow(13, _R, "the store as the crash left it, and beside it a file with its entries")
    RECOVERY_RENAMED = PointRow(14, _R, "the new file in the place of the old; the folder not yet synced")

    KEY_BEGUN = PointRow(15, "a private key", _TEMPORARY)
    KEY_SYNCED = PointRow(16, "a private key", _SYNCED)
    KEY_RENAMED = PointRow(17, "a private key", _RENAMED + "; its certificate is not written")
    CERTIFICATE_BEGUN = PointRow(18, "a certificate", _TEMPORARY)
    CERTIFICATE_SYNCED = PointRow(19, "a certificate", _SYNCED)
    CERTIFICATE_RENAMED = PointRow(20, "a certificate", _RENAMED)

    NETWORK_FOLDER_MADE = PointRow(21, _N, "an empty folder")
    NETWORK_KEYS_MADE = PointRow(22, _N, "the keys of all cities, and no store")
    NETWORK_STORES_MADE = PointRow(23, _N, "keys and stores of all cities, and no genesis: no network")
    CLOCK_BEGUN = PointRow(24, "the mark of the clock", _TEMPORARY)
    CLOCK_SYNCED = PointRow(25, "the mark of the clock", _SYNCED)
    CLOCK_RENAMED = PointRow(26, "the mark of the clock", _RENAMED)
    GENESIS_BEGUN = PointRow(27, "the genesis", _TEMPORARY)
    GENESIS_SYNCED = PointRow(28, "the genesis", _SYNCED)
    GENESIS_RENAMED = PointRow(29, "the genesis", _RENAMED + "; the network is whole")

    MARK_BEGUN = PointRow(30, "the mark of a city that takes no part", _TEMPORARY)
    MARK_SYNCED = PointRow(31, "the mark of a city that takes no part", _SYNCED)
    MARK_RENAMED = PointRow(32, "the mark of a city that takes no part", _RENAMED)
    ENGINE_BEGUN = PointRow(33, "the choice of an engine", _TEMPORARY)
    ENGINE_SYNCED = PointRow(34, "the choice of an engine", _SYNCED)
    ENGINE_RENAMED = PointRow(35, "the choice of an engine", _RENAMED)

    START_CAUGHT_UP = PointRow(36, _C, "a started city has the last block, and its mark still stands")
    START_UNMARKED = PointRow(37, _C, "a started city's mark is gone")
    REBUILD_MARKED = PointRow(38, _C, "the mark of a city that is rebuilt, and its old store")
    REBUILD_REMOVED = PointRow(39, _C, "the mark of a city that is rebuilt, and no store")
    REBUILD_BEGUN = PointRow(40, _C, "the mark of a city that is rebuilt, and a store with the genesis alone")
    REBUILD_CAUGHT_UP = PointRow(41, _C, "a rebuilt city has the last block, and its mark still stands")
    REBUILD_UNMARKED = PointRow(42, _C, "a rebuilt city's mark is gone")

    OUTPUT_BEGUN = PointRow(43, "a file that the user named", _TEMPORARY)
    OUTPUT_SYNCED = PointRow(44, "a file that the user named", _SYNCED)
    OUTPUT_RENAMED = PointRow(45, "a file that the user named", "in its place")


def _go_on(point: CrashPoint) -> None:
    """Nobody watches."""


watcher: Callable[[CrashPoint], None] = _go_on
"""Who is told of each point that is passed. Only tests put something else here."""


def pass_point(point: CrashPoint) -> None:
    """Come by a point."""
    watcher(point)
