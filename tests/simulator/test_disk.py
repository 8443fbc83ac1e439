"""The simulated disk and the store on it: after any failure what was promised or StoreDamaged, never anything else."""

from __future__ import annotations

from contextlib import suppress

import pytest

from runtime.simulator.disk import POINTS, Disk, DiskFault, DiskStore, PowerLost
from runtime.state.store import StoreDamaged, StoreUnavailable

FIRST = [(b"a", b"1" * 700), (b"b", b"2" * 700), (b"c", b"")]
SECOND = [(b"a", None), (b"b", b"3" * 1_500), (b"d", b"4" * 1_500)]
BEFORE = tuple(FIRST)
AFTER = ((b"b", b"3" * 1_500), (b"c", b""), (b"d", b"4" * 1_500))
DURABLE_FROM_POINT = 3
"""Index of the first of POINTS at which the record is synced."""


def written() -> tuple[Disk, DiskStore]:
    disk = Disk()
    store = DiskStore(disk)
    store.commit(FIRST)
    return disk, store


def contents(store: DiskStore) -> tuple[tuple[bytes, bytes], ...]:
    return tuple(store.scan(b""))


def test_what_is_committed_is_there_after_opening_again() -> None:
    disk, store = written()
    store.commit(SECOND)
    assert contents(store) == contents(DiskStore(disk)) == AFTER
    assert DiskStore(disk).get(b"a") is None
    assert DiskStore(disk).get(b"c") == b""


@pytest.mark.parametrize("kind", ["crash-at-point", "lost-write", "torn-write", "reordered-writes"])
@pytest.mark.parametrize("point", range(len(POINTS)))
def test_a_commit_cut_off_at_any_point_is_there_whole_or_not_at_all(kind: str, point: int) -> None:
    for place in range(0, 200, 7):
        disk, store = written()
        disk.faults.append(DiskFault(kind, place, point))
        with pytest.raises(PowerLost):
            store.commit(SECOND)
        again = DiskStore(disk)
        assert contents(again) in (BEFORE, AFTER)
        if point >= DURABLE_FROM_POINT:
            assert contents(again) == AFTER, "the record was synced"
        again.commit([(b"e", b"5")])
        assert DiskStore(disk).get(b"e") == b"5"


def test_a_changed_bit_is_found_or_lies_where_nothing_is() -> None:
    disk, _ = written()
    sound = bytes(disk.data)
    found = 0
    for position in range(0, len(sound), 3):
        changed = Disk()
        changed.copy_of(sound[:position] + bytes([sound[position] ^ 4]) + sound[position + 1 :])
        try:
            assert contents(DiskStore(changed)) == BEFORE
        except StoreDamaged:
            found += 1
    assert found > len(sound) // 3 // 2


def test_a_changed_bit_under_an_open_store_is_never_served() -> None:
    disk, store = written()
    for place in range(len(disk.data)):
        disk.data[place] ^= 1
        with suppress(StoreDamaged):
            assert contents(store) == BEFORE
        disk.data[place] ^= 1


def test_a_write_that_went_elsewhere_is_found() -> None:
    for place in range(0, 3_000, 13):
        disk, store = written()
        disk.faults.append(DiskFault("misdirected-write", place))
        store.commit([(b"d", b"4" * 100)])
        for opened in (store, None):
            try:
                seen = dict(contents(opened if opened is not None else DiskStore(disk)))
            except StoreDamaged:
                continue
            assert all(dict(BEFORE).get(key, b"4" * 100) == value for key, value in seen.items())


def test_after_a_failed_sync_the_store_is_opened_anew_and_holds_no_half() -> None:
    disk, store = written()
    disk.faults.append(DiskFault("sync-error", 5))
    with pytest.raises(StoreUnavailable):
        store.commit(SECOND)
    with pytest.raises(StoreUnavailable):
        store.get(b"a")
    assert contents(DiskStore(disk)) in (BEFORE, AFTER)


def test_a_full_disk_takes_nothing_and_the_store_goes_on() -> None:
    disk, store = written()
    disk.full = True
    with pytest.raises(StoreUnavailable):
        store.commit(SECOND)
    assert contents(store) == BEFORE
    disk.full = False
    store.commit(SECOND)
    assert contents(store) == contents(DiskStore(disk)) == AFTER
