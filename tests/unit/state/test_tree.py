"""The state tree: its hashes by the formulas of its definition, its places, and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest

from gbalang.errors import InternalError
from runtime.state.memory import MemoryStore
from runtime.state.store import StoreDamaged
from runtime.state.tree import EMPTY_ROOT, apply_changes, node_key, read_node, root_of, root_of_entries
from tests.unit.state.reference import bits_of, place, reference_nodes

Changes = Sequence[tuple[bytes, bytes | None]]


def hashed(data: bytes) -> bytes:
    return sha256(data).digest()


def leaf(key: bytes, value: bytes) -> bytes:
    return hashed(b"\x00" + hashed(key) + hashed(value))


def inner(left: bytes, right: bytes) -> bytes:
    return hashed(b"\x01" + left + right)


def key_beginning(bits: str, but: bytes = b"") -> bytes:
    """A key whose path begins with these bits."""
    number = 0
    while True:
        key = b"key %d" % number
        if bits_of(key).startswith(bits) and key != but:
            return key
        number += 1


def store_of(*batches: Changes) -> MemoryStore:
    store = MemoryStore()
    for batch in batches:
        store.commit(apply_changes(store, batch).node_writes)
    return store


def nodes(store: MemoryStore) -> dict[bytes, bytes]:
    return dict(store.scan(b""))


def test_the_empty_tree_has_the_empty_root_and_no_node() -> None:
    update = apply_changes(MemoryStore(), [])
    assert update.root == root_of(MemoryStore()) == EMPTY_ROOT == bytes(32)
    assert update.node_writes == ()


def test_one_entry_is_a_leaf_at_the_root() -> None:
    store = store_of([(b"permit 1", b"granted")])
    assert root_of(store) == leaf(b"permit 1", b"granted")
    assert nodes(store) == {b"n\x00\x00": b"\x00" + hashed(b"granted") + b"permit 1"}


def test_two_entries_part_at_their_first_differing_bit() -> None:
    low, high = key_beginning("0"), key_beginning("1")
    store = store_of([(high, b"2"), (low, b"1")])
    assert root_of(store) == inner(leaf(low, b"1"), leaf(high, b"2"))
    assert set(nodes(store)) == {b"n\x00\x00", b"n\x00\x01\x00", b"n\x00\x01\x80"}


def test_entries_that_share_bits_stand_below_nodes_with_an_empty_side() -> None:
    low, high = key_beginning("110"), key_beginning("111")
    expected = inner(EMPTY_ROOT, inner(EMPTY_ROOT, inner(leaf(low, b"1"), leaf(high, b"2"))))
    assert root_of(store_of([(low, b"1"), (high, b"2")])) == expected


def test_a_leaf_that_is_alone_again_moves_up_and_nothing_remains_below() -> None:
    low, high, other = key_beginning("110"), key_beginning("111"), key_beginning("0")
    store = store_of([(low, b"1"), (high, b"2"), (other, b"3")], [(high, None)])
    assert nodes(store) == nodes(store_of([(low, b"1"), (other, b"3")]))
    store.commit(apply_changes(store, [(other, None)]).node_writes)
    assert nodes(store) == nodes(store_of([(low, b"1")]))
    store.commit(apply_changes(store, [(low, None)]).node_writes)
    assert nodes(store) == {}


def test_changes_that_change_nothing_write_nothing() -> None:
    entries: Changes = [(b"%d" % number, b"value") for number in range(50)]
    store = store_of(entries)
    update = apply_changes(store, [*entries[10:20], (b"never there", None)])
    assert update.node_writes == ()
    assert update.root == root_of(store)


def test_a_thousand_entries_in_batches_are_the_tree_of_the_definition() -> None:
    contents = {b"case %d" % number: b"%d" % (number * number) for number in range(1_000)}
    entries = list(contents.items())
    store = store_of(*[entries[at : at + 90] for at in range(0, 1_000, 90)])
    root, records = reference_nodes(contents)
    assert root_of(store) == root == root_of_entries(entries)
    assert nodes(store) == records


@pytest.mark.parametrize("bits", ["", "1", "1111111", "11111111", "101010101", "0" * 16, "01" * 128])
def test_the_key_of_a_node_is_its_depth_and_its_bits(bits: str) -> None:
    path = int((bits + "1" * 256)[:256], 2).to_bytes(32, "big")
    assert node_key(path, len(bits)) == place(bits)


def test_an_empty_value_is_an_entry_too() -> None:
    """No proof of it would convince ICS-23, but a contract that writes it must not stop the ledger."""
    assert root_of(store_of([(b"mark", b"")])) == leaf(b"mark", b"")


def test_a_batch_names_a_key_once_and_no_key_is_empty() -> None:
    with pytest.raises(InternalError, match="names a key once"):
        apply_changes(MemoryStore(), [(b"a", b"1"), (b"a", b"2")])
    with pytest.raises(InternalError, match="at least one byte"):
        apply_changes(MemoryStore(), [(b"", b"1")])


def test_a_missing_node_is_damage() -> None:
    low, high = key_beginning("0"), key_beginning("1")
    store = store_of([(low, b"1"), (high, b"2")])
    store.commit([(b"n\x00\x01\x00", None)])
    with pytest.raises(StoreDamaged) as damaged:
        apply_changes(store, [(low, b"3")])
    assert damaged.value.key == b"n\x00\x01\x00"
    assert apply_changes(store, [(high, b"3")]).root == inner(leaf(low, b"1"), leaf(high, b"3"))


NO_RECORDS = [b"", b"\x00", b"\x01" * 64, b"\x01" * 66, b"\x02" * 65, b"\x00" * 33]
"""Neither a mark and two hashes, nor a mark, a hash and a key."""


@pytest.mark.parametrize("record", NO_RECORDS)
def test_a_record_of_another_shape_is_damage(record: bytes) -> None:
    store = MemoryStore()
    store.commit([(b"n\x00\x00", record)])
    with pytest.raises(StoreDamaged):
        root_of(store)
    with pytest.raises(StoreDamaged):
        apply_changes(store, [(b"a", b"1")])
    with pytest.raises(StoreDamaged):
        read_node(store, bytes(32), 0)


@pytest.mark.parametrize("record", NO_RECORDS)
def test_below_the_root_it_is_damage_too_and_the_place_is_named(record: bytes) -> None:
    low, high = key_beginning("0"), key_beginning("1")
    for change in ((low, b"3"), (low, None), (high, None)):
        store = store_of([(low, b"1"), (high, b"2")])
        store.commit([(b"n\x00\x01\x00", record)])
        with pytest.raises(StoreDamaged) as damaged:
            apply_changes(store, [change])
        assert damaged.value.key == b"n\x00\x01\x00", "a change reads a leaf that it changes or that moves up"


def test_a_leaf_has_a_key_of_one_byte_at_least() -> None:
    store = MemoryStore()
    store.commit([(b"n\x00\x00", b"\x00" + hashed(b"1") + b"a")])
    assert root_of(store) == leaf(b"a", b"1")
