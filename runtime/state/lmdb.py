"""A store in a folder of its own, kept by LMDB: what a node holds across restarts. The form of its file: lmdb_form.py.

LMDB gives atomic, durable commits: after a crash its file shows the last commit and nothing of a later one. It does not
notice when a disk changes what was written, or tells a lie about what it has written; a damaged page can take the
process down. So four things are added:

- Each value is kept behind a checksum of its key and itself, checked at each reading.
- With the entries stands a *tally*: the number of the commit and the sum of all checksums after it. A page of an
  earlier commit in the place of a later one holds right checksums, and gives a wrong sum.
- When a store is closed its file is *sealed*: a file beside it holds the file's digest, checked before LMDB opens the
  file again, and removed for good before the first write. A file that was changed, shortened or exchanged while it was
  at rest is recognised whatever the place. After a crash there is no seal: then another process reads the whole file
  first, every value against its checksum and all of them against the tally, so that a damaged page takes down that
  process and not this one. It writes the entries into a new file, which takes the place of the old: what else stands in
  LMDB's pages, such as which of them are free, nothing vouches for.
- A lock file tells a second process (or a second opening in this one) that the folder is in use.

Whether the state as a whole is the one that the cities signed is asked elsewhere, by its root.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any, Final

import lmdb

from runtime.crash_points import CrashPoint, pass_point
from runtime.files import SEAL, put_file, sync_folder
from runtime.state.lmdb_form import (
    CHECKSUM_BYTES,
    DATA_FILE,
    ENTRIES,
    FILE_MODE,
    NO_ROOM,
    SOUND,
    SUMS,
    Unsound,
    checksum,
    put_tally,
    read_tally,
    require_length,
)
from runtime.state.store import StoreDamaged, StoreInUse, StoreLimits, StoreUnavailable, final_writes, scan_outlived

LOCK_FILE: Final = "in-use"
SEAL_FILE: Final = "seal"

MAP_BYTES_FIRST: Final = 64 * 1024 * 1024
"""Room of a new store. It is address space, not disk: the file grows with its contents, the room is doubled at need."""

MAP_BYTES_MAX: Final = 1 << 40
"""1 TiB: beyond any ledger of eleven cities; a bound, so that a mistake of ours cannot fill a disk for ever."""

SEAL_FILE_BYTES_MAX: Final = 256 * 1024 * 1024
"""The seal of a larger file has no digest, which would take longer than a second: it says that the file was closed."""

_SEAL_BYTES: Final = 32
_SEAL_OF_LARGE: Final = b"closed"
_SCAN_ENTRIES: Final = 128
_SCAN_BYTES: Final = 1024 * 1024
"""A scan reads ahead this much at a time, so no reading transaction stays open while its user thinks."""


class LmdbStore:
    """A Store over one folder, used by one thread.

    Raises StoreUnavailable when the folder is in use or cannot be used, StoreDamaged when its file is not what was
    written. `durable=False` leaves it to the operating system when to write: for tests and benchmarks alone.
    """

    __slots__ = (
        "_commits", "_entries", "_environment", "_is_sealed", "_is_suspect", "_lock", "_path", "_reading", "_sum",
    )  # fmt: skip

    def __init__(self, path: Path, map_size_bytes: int = MAP_BYTES_FIRST, *, durable: bool = True) -> None:
        self._path = path
        self._commits = 0
        self._reading: Any = None
        self._environment: Any = None
        self._is_sealed = False
        self._is_suspect = False
        self._lock: int | None = _lock_folder(path)
        try:
            self._is_sealed = _check_seal(path)
            if not self._is_sealed and (path / DATA_FILE).exists():
                _recover(path)
            self._environment = _open_environment(path, map_size_bytes, durable=durable)
            self._entries, self._sum = _open_entries(path, self._environment)
        except BaseException:
            self._release(and_seal=False)
            raise

    def get(self, key: bytes) -> bytes | None:
        """Return the value under a key as of the latest commit, or None. Raises StoreDamaged."""
        if not 0 < len(key) <= StoreLimits.KEY_BYTES_MAX:
            return None
        try:
            stored = (self._reading or self._begin_reading()).get(key)
        except lmdb.Error as error:
            self._is_suspect = True
            raise _damaged(error, key) from None
        return None if stored is None else self._checked(key, stored)

    def _checked(self, key: bytes, stored: bytes) -> bytes:
        value = stored[CHECKSUM_BYTES:]
        if stored[:CHECKSUM_BYTES] != checksum(key, value):
            self._is_suspect = True
            raise StoreDamaged(key, "the value under this key is not what was written")
        return value

    def scan(self, prefix: bytes, start: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Yield (key, value) for every key that begins with prefix, ascending, from the key `start` on."""
        first = prefix if start is None or start < prefix else start
        return self._scan(prefix, first, self._commits)

    def _scan(self, prefix: bytes, first: bytes, commits: int) -> Iterator[tuple[bytes, bytes]]:
        if commits != self._commits:
            raise scan_outlived()
        next_key: bytes | None = first
        while next_key is not None:
            entries, next_key = self._read_ahead(prefix, next_key)
            for entry in entries:
                yield entry
                if commits != self._commits:
                    raise scan_outlived()

    def _read_ahead(self, prefix: bytes, first: bytes) -> tuple[list[tuple[bytes, bytes]], bytes | None]:
        """Return some entries, and the key to go on with or None at the end."""
        entries: list[tuple[bytes, bytes]] = []
        size_bytes = 0
        try:
            with (self._reading or self._begin_reading()).cursor() as cursor:
                # LMDB seeks no key longer than it takes; then the one it finds may come before `first`.
                seek = first[: StoreLimits.KEY_BYTES_MAX]
                found = cursor.set_range(seek) if seek else cursor.first()
                if found and cursor.key() < first:
                    found = cursor.next()
                while found:
                    key, stored = cursor.item()
                    if not key.startswith(prefix):
                        break
                    if len(entries) == _SCAN_ENTRIES or size_bytes > _SCAN_BYTES:
                        return entries, key
                    entries.append((key, self._checked(key, stored)))
                    size_bytes += len(stored)
                    found = cursor.next()
        except lmdb.Error as error:
            self._is_suspect = True
            raise _damaged(error, first) from None
        return entries, None

    def commit(self, writes: Sequence[tuple[bytes, bytes | None]]) -> None:
        """Make all writes durable at once, or none. Raises StoreUnavailable, StoreDamaged."""
        final = final_writes(writes)
        self._stop_reading()
        self._commits += 1
        environment = self._open()
        if self._is_sealed:
            _remove_seal(self._path)
            self._is_sealed = False
            pass_point(CrashPoint.SEAL_REMOVED)
        while True:
            try:
                self._sum = self._write(environment, final)
            except lmdb.MapFullError:
                _grow(environment)
                pass_point(CrashPoint.STORE_GROWN)
            except lmdb.Error as error:
                self._is_suspect = True
                raise _not_written(error) from None
            else:
                pass_point(CrashPoint.COMMIT_DONE)
                return

    def _write(self, environment: Any, final: dict[bytes, bytes | None]) -> int:
        """Write in one transaction; return the sum of all checksums after it."""
        with environment.begin(write=True, db=self._entries, buffers=True) as transaction:
            pass_point(CrashPoint.COMMIT_BEGUN)
            total = self._sum
            for key in sorted(final):  # neighbours share pages
                value = final[key]
                before = transaction.get(key)
                if before is not None:
                    total -= int.from_bytes(before[:CHECKSUM_BYTES], "big")
                if value is None:
                    transaction.delete(key)
                else:
                    after = checksum(key, value)
                    total += int.from_bytes(after, "big")
                    transaction.put(key, after + value)
            total %= SUMS
            put_tally(environment, transaction, total)
            pass_point(CrashPoint.COMMIT_PREPARED)
        return total

    def close(self) -> None:
        """Seal and release the folder. Closing twice does nothing.

        After damage was found, or a commit failed, no seal vouches for the file: it is examined when it is opened.
        """
        self._release(and_seal=not self._is_suspect)

    def _release(self, *, and_seal: bool) -> None:
        self._stop_reading()
        self._commits += 1
        environment, self._environment = self._environment, None
        if environment is not None:
            with suppress(lmdb.Error):
                environment.sync(True)
            environment.close()
            pass_point(CrashPoint.STORE_SYNCED)
            if and_seal and not self._is_sealed:
                with suppress(OSError):  # without a seal the next opening relies on the checksums
                    _seal(self._path)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _open(self) -> Any:
        if self._environment is None:
            raise StoreUnavailable("the store is closed")
        return self._environment

    def _begin_reading(self) -> Any:
        """One reading transaction serves until the next commit: to begin one costs more than to read with it."""
        self._reading = self._open().begin(db=self._entries)
        return self._reading

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.abort()
            self._reading = None


# ---------------------------------------------------------------- entries and their tally


def _open_entries(path: Path, environment: Any) -> tuple[Any, int]:
    """Return the entries' database and the sum of their checksums. What LMDB has never written to begins here."""
    try:
        require_length(str(path), environment)
        if environment.info()["last_txnid"] == 0:
            with environment.begin(write=True) as transaction:
                entries = environment.open_db(ENTRIES, txn=transaction)
                put_tally(environment, transaction, 0)
            return entries, 0
        entries = environment.open_db(ENTRIES, create=False)
        with environment.begin() as transaction:
            return entries, read_tally(transaction)
    except Unsound as found:
        raise StoreDamaged(b"", found.reason) from None
    except lmdb.NotFoundError:
        raise StoreDamaged(b"", "the file of the store holds no entries") from None
    except lmdb.Error as error:
        raise _not_written(error) from None


# ---------------------------------------------------------------- the folder


def _lock_folder(path: Path) -> int:
    """Take the folder for this opening alone. The operating system lets go of it however the process ends."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = os.open(path / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnavailable(f"the folder of the store cannot be used: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise StoreInUse("the store is in use by another process") from None
    except OSError as error:
        os.close(lock)
        raise StoreUnavailable(f"the folder of the store cannot be locked: {error.strerror}") from None
    if not (path / DATA_FILE).exists():
        pass_point(CrashPoint.STORE_FOLDER_MADE)
    return lock


def _open_environment(path: Path, map_size_bytes: int, *, durable: bool) -> Any:
    is_new = not (path / DATA_FILE).exists()
    try:
        environment = lmdb.open(
            os.fsencode(path), map_size=map_size_bytes, max_dbs=1, sync=durable, metasync=durable, readahead=False,
            mode=FILE_MODE,
        )  # fmt: skip
        environment.reader_check()  # readers of a process that was killed would keep old pages for ever
    except (lmdb.DiskError, lmdb.LockError, lmdb.MemoryError, OSError) as error:
        raise StoreUnavailable(f"the store cannot be opened: {_words(error)}") from None
    except lmdb.Error as error:
        raise _damaged(error, b"") from None
    if is_new:
        pass_point(CrashPoint.STORE_FILE_MADE)
        sync_folder(path)
    return environment


def _grow(environment: Any) -> None:
    size_bytes = environment.info()["map_size"] * 2
    if size_bytes > MAP_BYTES_MAX:
        raise StoreUnavailable("the store is full")
    try:
        environment.set_mapsize(size_bytes)
    except lmdb.Error as error:
        raise StoreUnavailable(f"the store cannot grow: {_words(error)}") from None


# ---------------------------------------------------------------- the seal


def _seal(path: Path) -> None:
    data = path / DATA_FILE
    is_large = data.stat().st_size > SEAL_FILE_BYTES_MAX
    put_file(path / SEAL_FILE, _SEAL_OF_LARGE if is_large else _digest(data), FILE_MODE, SEAL)


def _check_seal(path: Path) -> bool:
    """Return whether there is a seal. Raises StoreDamaged when the file is not the one that was sealed."""
    try:
        with (path / SEAL_FILE).open("rb") as file:
            seal = file.read(_SEAL_BYTES + 1)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreUnavailable(f"the store cannot be opened: {_words(error)}") from None
    if seal == _SEAL_OF_LARGE:
        _examine(path)
        return True
    try:
        data = path / DATA_FILE
        is_right = data.stat().st_size <= SEAL_FILE_BYTES_MAX and seal == _digest(data)
    except OSError:
        is_right = False
    if not is_right:
        raise StoreDamaged(b"", "the file of the store was changed while it was closed")
    return True


def _remove_seal(path: Path) -> None:
    """The removal must be on the disk before the file changes, or a power failure would bring back an old seal."""
    try:
        (path / SEAL_FILE).unlink(missing_ok=True)
        sync_folder(path)
    except OSError as error:
        raise StoreUnavailable(f"the store cannot be written: {_words(error)}") from None


def _digest(data: Path) -> bytes:
    with data.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=_SEAL_BYTES)).digest()


# ---------------------------------------------------------------- after a crash


def _recover(path: Path) -> None:
    """Put a file with the entries alone in the place of the one that a crash left. Raises StoreDamaged."""
    pass_point(CrashPoint.RECOVERY_BEGUN)
    copy: Path | None = None
    try:
        for unfinished in path.glob(DATA_FILE + ".*"):  # by whoever was killed in the middle of this
            unfinished.unlink()
        descriptor, name = tempfile.mkstemp(dir=path, prefix=DATA_FILE + ".")
        os.close(descriptor)
        copy = Path(name)
        _examine(path, copy)
        pass_point(CrashPoint.RECOVERY_COPIED)
        copy.replace(path / DATA_FILE)
        pass_point(CrashPoint.RECOVERY_RENAMED)
        sync_folder(path)
    except OSError as error:
        raise StoreUnavailable(f"the store cannot be written: {_words(error)}") from None
    finally:
        if copy is not None:
            copy.unlink(missing_ok=True)


def _examine(path: Path, copy: Path | None = None) -> None:
    """Let another process read the whole file, and copy it. Raises StoreDamaged, StoreUnavailable."""
    said = _examine_elsewhere(path, copy)
    if said == NO_ROOM:
        raise StoreUnavailable("there is no room for the copy of the store that is made after a crash")
    if said != SOUND:
        raise StoreDamaged(b"", said or "the file of the store cannot be read to its end")


def _examine_elsewhere(path: Path, copy: Path | None) -> str:
    """Return what the examination said: nothing when it came to no end."""
    # It finds its modules where this process does, and starts sooner when it does not look for them itself.
    program = f"import sys; sys.path[:] = {[str(Path(__file__).parents[2]), *sys.path]!r}; {_EXAMINATION}"
    command = [sys.executable, "-S", "-c", program, str(path), *([] if copy is None else [str(copy)])]
    ended = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, text=True)  # noqa: S603
    return ended.stdout if ended.returncode == 0 else ""


_EXAMINATION: Final = "from runtime.state.lmdb_form import examine; sys.stdout.write(examine(*sys.argv[1:]))"


# ---------------------------------------------------------------- failures


def _words(error: Exception) -> str:
    """What the library or the system says, without the path of the file that it puts first."""
    return getattr(error, "strerror", None) or str(error).rpartition(": ")[2]


def _damaged(error: Exception, key: bytes) -> StoreDamaged:
    return StoreDamaged(key, f"the file of the store cannot be read: {_words(error)}")


def _not_written(error: Exception) -> StoreDamaged | StoreUnavailable:
    if isinstance(error, lmdb.CorruptedError | lmdb.PageNotFoundError | lmdb.PanicError | lmdb.InvalidError):
        return _damaged(error, b"")
    return StoreUnavailable(f"the store cannot be written: {_words(error)}")
