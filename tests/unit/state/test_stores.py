"""What every store promises, whatever keeps its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from gbalang.errors import InternalError
from runtime.state.lmdb import LmdbStore
from runtime.state.memory import MemoryStore
from runtime.state.store import Store, StoreLimits

KINDS: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "lmdb": lambda path: LmdbStore(path / "store", durable=False),
}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = KINDS[request.param](tmp_path)
    yield opened
    opened.close()


def test_what_was_committed_is_read(store: Store) -> None:
    assert store.get(b"a") is None
    store.commit([(b"a", b"1"), (b"b", b"")])
    assert (store.get(b"a"), store.get(b"b"), store.get(b"c")) == (b"1", b"", None)
    store.commit([(b"a", None), (b"b", b"2"), (b"c", None)])
    assert (store.get(b"a"), store.get(b"b"), store.get(b"c")) == (None, b"2", None)


def test_the_later_of_two_writes_to_a_key_stands(store: Store) -> None:
    store.commit([(b"a", b"1"), (b"b", b"1"), (b"a", b"2"), (b"b", None)])
    assert list(store.scan(b"")) == [(b"a", b"2")]


def test_a_scan_is_in_the_order_of_keys_and_within_its_prefix(store: Store) -> None:
    keys = [b"b", b"a\xff\xff", b"a", b"a\xff", b"a\x00", b"b\x00", b"\xff", b"\x00"]
    store.commit([(key, b"=" + key) for key in keys])
    assert list(store.scan(b"")) == [(key, b"=" + key) for key in sorted(keys)]
    assert [key for key, _ in store.scan(b"a")] == [b"a", b"a\x00", b"a\xff", b"a\xff\xff"]
    assert [key for key, _ in store.scan(b"a\xff")] == [b"a\xff", b"a\xff\xff"]
    assert [key for key, _ in store.scan(b"c")] == []
    assert [key for key, _ in store.scan(b"\xff")] == [b"\xff"]


def test_a_scan_begins_at_a_whole_key_inclusive(store: Store) -> None:
    store.commit([(key, b"") for key in (b"a1", b"a2", b"a3", b"b1")])

    def keys(prefix: bytes, start: bytes) -> list[bytes]:
        return [key for key, _ in store.scan(prefix, start)]

    assert keys(b"a", b"a2") == [b"a2", b"a3"]
    assert keys(b"a", b"a2\x00") == [b"a3"]
    assert keys(b"a", b"") == [b"a1", b"a2", b"a3"]
    assert keys(b"a", b"b1") == []
    assert keys(b"b", b"a2") == [b"b1"]


def test_a_long_scan_sees_every_entry_once(store: Store) -> None:
    entries = [(b"k%06d" % number, bytes(number % 700)) for number in range(3_000)]
    store.commit(entries)
    assert list(store.scan(b"k")) == entries
    assert list(store.scan(b"k", b"k002500")) == entries[2_500:]


@pytest.mark.parametrize("removed", [3, 300])
def test_a_scan_follows_what_comes_and_goes(store: Store, removed: int) -> None:
    entries = [(b"k%04d" % number, b"") for number in range(1_000)]
    store.commit(entries)
    assert list(store.scan(b"")) == entries
    store.commit([(key, None) for key, _ in entries[:removed]])
    assert list(store.scan(b"")) == entries[removed:]
    store.commit([(key, None) for key, _ in entries[removed : 2 * removed]])
    store.commit(entries[: 2 * removed : 2])
    assert list(store.scan(b"")) == sorted([*entries[: 2 * removed : 2], *entries[2 * removed :]])


def test_large_values_are_kept_and_scanned(store: Store) -> None:
    values = [bytes([number]) * 700_000 for number in range(6)]
    store.commit([(b"%d" % number, value) for number, value in enumerate(values)])
    assert [value for _, value in store.scan(b"")] == values


def test_a_scan_does_not_outlive_a_commit(store: Store) -> None:
    store.commit([(b"%d" % number, b"") for number in range(5)])
    for taken in (0, 2, 5):
        scan = store.scan(b"")
        assert len(list(islice(scan, taken))) == taken
        store.commit([(b"%d" % taken, b"changed")])
        with pytest.raises(InternalError, match="continued after a later commit"):
            next(scan)


def test_a_key_is_written_up_to_its_limit(store: Store) -> None:
    longest = b"k" * StoreLimits.KEY_BYTES_MAX
    store.commit([(longest[:-1], b"below"), (longest, b"at")])
    assert list(store.scan(b"k")) == [(longest[:-1], b"below"), (longest, b"at")]
    for wrong in (longest + b"k", b""):
        with pytest.raises(InternalError):
            store.commit([(b"a", b"1"), (wrong, b"")])
        assert store.get(wrong) is None
    assert store.get(b"a") is None, "a commit is whole or not at all"
    assert list(store.scan(longest + b"k")) == []
    assert list(store.scan(b"", longest)) == [(longest, b"at")]
    assert list(store.scan(b"", longest + b"k")) == []


def test_a_value_is_written_up_to_its_limit(store: Store) -> None:
    largest = bytes(StoreLimits.VALUE_BYTES_MAX)
    store.commit([(b"a", largest)])
    assert store.get(b"a") == largest
    with pytest.raises(InternalError):
        store.commit([(b"b", largest + b"\x00")])
    assert store.get(b"b") is None


def test_closing_twice_does_nothing(store: Store) -> None:
    store.close()
    store.close()
