"""A disk that fails in all the ways disks do, and a store over one file of it. Pure.

The file is a log. A commit is one record, in this order: the record is written, synced; then one of two superblocks,
in turn, is written with the new length, synced. So after any loss of power the record is whole or was never promised,
and what the newest sound superblock covers must be sound to the last bit. Whatever is not, is StoreDamaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from runtime.state.memory import MemoryStore
from runtime.state.store import StoreDamaged, StoreUnavailable, final_writes

SECTOR_BYTES: Final = 512
CHECKSUM_BYTES: Final = 8
_SLOT_BYTES: Final = 32
_LOG_BEGINS: Final = 2 * SECTOR_BYTES
_COUNT_BYTES: Final = 4
_DELETED: Final = 0xFFFFFFFF

POINTS: Final = (
    "before the record is written",
    "when a part of the record is written",
    "when the record is written and not synced",
    "when the record is synced",
    "when the superblock is written and not synced",
    "when the superblock is synced",
)
"""The numbered points of a commit at which power can fail."""


class PowerLost(Exception):  # noqa: N818  # what happens to a city
    """The machine of a city has lost power in the middle of what it did."""


@dataclass(slots=True)
class DiskFault:
    """What the disk is to do at the next chance. `point`: index of POINTS; `place` chooses where in a file."""

    kind: str
    place: int
    point: int = 0


def _unheard(kind: str, text: str) -> None:
    """Nobody listens."""


class Disk:
    """One file: what is durable, and what was written since the last sync. `happened` is told of each fault."""

    __slots__ = ("_pending", "data", "faults", "full", "happened")

    def __init__(self, happened: Callable[[str, str], None] = _unheard) -> None:
        self.data = bytearray()
        self._pending: list[tuple[int, bytes]] = []
        self.faults: list[DiskFault] = []
        self.full = False
        self.happened = happened

    def copy_of(self, data: bytes) -> None:
        """Begin with these bytes."""
        self.data[:] = data

    def write(self, offset: int, data: bytes) -> None:
        """Write bytes; they are read back at once and durable after a sync. Raises StoreUnavailable."""
        if self.full and offset + len(data) > len(self.data):
            self.happened("disk-full", f"{len(data)} bytes found no room")
            raise StoreUnavailable("there is no room on the disk")
        fault = self._take("misdirected-write")
        if fault is not None and len(self.data) > _LOG_BEGINS + len(data):
            elsewhere = _LOG_BEGINS + fault.place % (len(self.data) - _LOG_BEGINS - len(data))
            if elsewhere != offset:
                self.happened("misdirected-write", f"{len(data)} bytes for {offset} went to {elsewhere}")
                self._put(len(self.data), bytes(max(0, offset + len(data) - len(self.data))))
                offset = elsewhere
        self._put(offset, data)

    def _put(self, offset: int, data: bytes) -> None:
        end = offset + len(data)
        before = bytes(self.data[offset:end])
        self._pending.append((offset, before + bytes(len(data) - len(before)) if len(before) < len(data) else before))
        if end > len(self.data):
            self.data.extend(bytes(end - len(self.data)))
        self.data[offset:end] = data

    def sync(self) -> None:
        """Make what was written durable. Raises StoreUnavailable, after which nobody knows what is durable."""
        fault = self._take("sync-error")
        if fault is not None:
            self.happened("sync-error", "the disk could not make a write durable")
            self.lose_power("dropped-pages", fault.place)
            raise StoreUnavailable("the disk could not make a write durable")
        self._pending.clear()

    def lose_power(self, fate: str, place: int) -> None:
        """Undo what was not synced, as the kind of fault has it."""
        undone = 0
        for number, (offset, before) in enumerate(reversed(self._pending)):
            kept = _sectors_kept(fate, place, number, len(before))
            for sector in range(0, len(before), SECTOR_BYTES):
                if not kept(sector // SECTOR_BYTES):
                    end = min(sector + SECTOR_BYTES, len(before))
                    self.data[offset + sector : offset + end] = before[sector:end]
                    undone += end - sector
        if self._pending and fate in _FATES:
            whole = sum(len(before) for _, before in self._pending)
            self.happened(fate, f"{undone} of {whole} bytes that were not synced are gone")
        self._pending.clear()

    def rot(self, place: int) -> None:
        """Change one bit of what is durable."""
        if len(self.data) > _LOG_BEGINS:
            position = _LOG_BEGINS + place % (len(self.data) - _LOG_BEGINS)
            self.data[position] ^= 1 << (place // len(self.data)) % 8
            self.happened("bit-rot", f"a bit at {position} of {len(self.data)} changed")

    def pass_point(self, point: int) -> None:
        """Come by one of POINTS; power may fail here. Raises PowerLost."""
        for fault in self.faults:
            if fault.kind in _FATES or fault.kind == "crash-at-point":
                if fault.point != point:
                    continue
                self.faults.remove(fault)
                if fault.kind == "crash-at-point":
                    self.happened(fault.kind, f"power failed at point {point + 1}: {POINTS[point]}")
                self.lose_power("half" if point == 1 else fault.kind, fault.place)
                raise PowerLost

    def _take(self, kind: str) -> DiskFault | None:
        for fault in self.faults:
            if fault.kind == kind:
                self.faults.remove(fault)
                return fault
        return None


_FATES: Final = ("lost-write", "torn-write", "reordered-writes")


def _sectors_kept(fate: str, place: int, number: int, size: int) -> Callable[[int], bool]:
    """Return which sectors of an unsynced write are on the disk after all."""
    sectors = -(-size // SECTOR_BYTES)
    match fate:
        case "torn-write" | "half":
            first_lost = (place + number) % (sectors + 1)
            return lambda sector: sector < first_lost
        case "reordered-writes" | "dropped-pages":
            return lambda sector: (place >> ((sector + number) % 61)) & 1 == 1
        case _:
            return lambda sector: sector < 0


# ---------------------------------------------------------------- the store


class DiskStore:
    """A Store over a simulated disk. Raises StoreDamaged when what it opens is not what was written.

    Values are read from the disk at each question and checked, so what changes there is noticed and never served.
    """

    __slots__ = ("_disk", "_end", "_is_open", "_places", "_sequence")

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._places = MemoryStore()
        """Where the value of each key stands: offset and length, checksum included."""
        self._sequence = 0
        self._end = _LOG_BEGINS
        self._is_open = True
        self._open()

    def _open(self) -> None:
        if not self._disk.data:
            self._disk.write(0, bytes(_LOG_BEGINS))
            self._disk.sync()
            return
        slots = [slot for number in (0, 1) if (slot := self._read_slot(number)) is not None]
        if not slots and any(self._disk.data[:_LOG_BEGINS]):
            raise StoreDamaged(b"", "neither superblock can be read")
        places: dict[bytes, bytes | None] = {}
        while self._replay(places):
            pass
        self._places.commit(list(places.items()))
        if slots and (self._sequence, self._end) < max(slots):
            raise StoreDamaged(b"", "a record that was promised cannot be read")
        # What is left was never promised: the power failed before.
        del self._disk.data[self._end :]

    def _read_slot(self, number: int) -> tuple[int, int] | None:
        raw = bytes(self._disk.data[number * SECTOR_BYTES : number * SECTOR_BYTES + _SLOT_BYTES])
        body, checksum = raw[:-CHECKSUM_BYTES], raw[-CHECKSUM_BYTES:]
        if len(raw) < _SLOT_BYTES or checksum != _sum(b"superblock", body):
            return None
        return int.from_bytes(body[:8], "big"), int.from_bytes(body[8:16], "big")

    def _replay(self, places: dict[bytes, bytes | None]) -> bool:
        """Read the record at the end; whether there was a sound one."""
        data, start = self._disk.data, self._end
        size = int.from_bytes(data[start : start + _COUNT_BYTES], "big")
        end = start + _COUNT_BYTES + size + CHECKSUM_BYTES
        if not size or end > len(data):
            return False
        body = bytes(data[start + _COUNT_BYTES : end - CHECKSUM_BYTES])
        if data[end - CHECKSUM_BYTES : end] != _sum(_place(self._sequence + 1, start), body):
            return False
        places.update(_index(body, start + _COUNT_BYTES))
        self._sequence += 1
        self._end = end
        return True

    def get(self, key: bytes) -> bytes | None:
        """Return the value under a key as of the latest commit, or None. Raises StoreDamaged."""
        self._expect_open()
        place = self._places.get(key)
        return None if place is None else self._read(key, place)

    def _read(self, key: bytes, place: bytes) -> bytes:
        offset, size = int.from_bytes(place[:8], "big"), int.from_bytes(place[8:], "big")
        stored = bytes(self._disk.data[offset : offset + size])
        value = stored[CHECKSUM_BYTES:]
        if stored[:CHECKSUM_BYTES] != _sum(key, value):
            raise StoreDamaged(key, "the value under this key is not what was written")
        return value

    def scan(self, prefix: bytes, start: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Yield (key, value) for every key that begins with prefix, ascending, from the key `start` on."""
        self._expect_open()
        return ((key, self._read(key, place)) for key, place in self._places.scan(prefix, start))

    def commit(self, writes: Sequence[tuple[bytes, bytes | None]]) -> None:
        """Make all writes durable at once, or none. Raises StoreUnavailable, PowerLost."""
        self._expect_open()
        final = final_writes(writes)
        body = b"".join([_entry(key, value) for key, value in final.items()])
        disk, start = self._disk, self._end
        record = len(body).to_bytes(_COUNT_BYTES, "big") + body + _sum(_place(self._sequence + 1, start), body)
        disk.pass_point(0)
        disk.write(start, record)
        disk.pass_point(1)
        disk.pass_point(2)
        self._sync()
        disk.pass_point(3)
        self._write_slot(start + len(record))
        self._sequence += 1
        self._end = start + len(record)
        self._places.commit(_index(body, start + _COUNT_BYTES))
        disk.pass_point(5)

    def _sync(self) -> None:
        try:
            self._disk.sync()
        except StoreUnavailable:
            # Nobody knows what the disk holds now; whoever opens it again will see.
            self._is_open = False
            raise

    def _write_slot(self, end: int) -> None:
        body = (self._sequence + 1).to_bytes(8, "big") + end.to_bytes(8, "big") + bytes(8)
        slot = body + _sum(b"superblock", body)
        self._disk.write(self._sequence % 2 * SECTOR_BYTES, slot)
        self._disk.pass_point(4)
        self._sync()

    def close(self) -> None:
        """Release the disk. Closing twice does nothing."""
        self._is_open = False

    def _expect_open(self) -> None:
        if not self._is_open:
            raise StoreUnavailable("the store is closed")


def _entry(key: bytes, value: bytes | None) -> bytes:
    if value is None:
        return len(key).to_bytes(2, "big") + _DELETED.to_bytes(4, "big") + key
    stored = _sum(key, value) + value
    return len(key).to_bytes(2, "big") + len(stored).to_bytes(4, "big") + key + stored


def _index(body: bytes, offset: int) -> list[tuple[bytes, bytes | None]]:
    """Return where the value of each key of a record stands."""
    places: list[tuple[bytes, bytes | None]] = []
    position = 0
    while position < len(body):
        key_size = int.from_bytes(body[position : position + 2], "big")
        size = int.from_bytes(body[position + 2 : position + 6], "big")
        key = body[position + 6 : position + 6 + key_size]
        position += 6 + key_size
        if size == _DELETED:
            places.append((key, None))
        else:
            places.append((key, (offset + position).to_bytes(8, "big") + size.to_bytes(4, "big")))
            position += size
    return places


def _place(sequence: int, offset: int) -> bytes:
    """What a record's checksum covers besides its bytes: a record that stands elsewhere is none."""
    return sequence.to_bytes(8, "big") + offset.to_bytes(8, "big")


def _sum(beginning: bytes, value: bytes) -> bytes:
    hashed = blake2b(beginning, digest_size=CHECKSUM_BYTES)
    hashed.update(value)
    return hashed.digest()
