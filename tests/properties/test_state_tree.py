"""The state tree depends on the contents of the state and on nothing else."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from runtime.state.memory import MemoryStore
from runtime.state.tree import apply_changes, root_of, root_of_entries
from tests.unit.state.reference import reference_nodes

Batch = dict[bytes, bytes | None]

# Few keys, so that batches meet; enough of them that paths share several bits.
KEYS = st.integers(0, 60).map(lambda number: b"key %d" % number)
VALUES = st.none() | st.binary(max_size=3)
BATCHES = st.lists(st.dictionaries(KEYS, VALUES, max_size=40), max_size=8)


def grown(batches: Sequence[Batch]) -> MemoryStore:
    store = MemoryStore()
    for batch in batches:
        update = apply_changes(store, list(batch.items()))
        store.commit(update.node_writes)
        assert root_of(store) == update.root
    return store


def contents_after(batches: Sequence[Batch]) -> dict[bytes, bytes]:
    contents: dict[bytes, bytes | None] = {}
    for batch in batches:
        contents |= batch
    return {key: value for key, value in contents.items() if value is not None}


@given(BATCHES)
def test_any_history_gives_the_tree_of_its_contents(batches: list[Batch]) -> None:
    store, contents = grown(batches), contents_after(batches)
    root, records = reference_nodes(contents)
    assert root_of(store) == root == root_of_entries(contents.items())
    assert dict(store.scan(b"")) == records


@given(BATCHES, st.randoms(use_true_random=False))
def test_the_order_within_a_batch_does_not_matter(batches: list[Batch], order: random.Random) -> None:
    shuffled = []
    for batch in batches:
        items = list(batch.items())
        order.shuffle(items)
        shuffled.append(dict(items))
    assert list(grown(batches).scan(b"")) == list(grown(shuffled).scan(b""))


@given(BATCHES)
def test_each_node_is_written_at_most_once_and_only_when_it_changes(batches: list[Batch]) -> None:
    store = MemoryStore()
    for batch in batches:
        update = apply_changes(store, list(batch.items()))
        keys = [key for key, _ in update.node_writes]
        assert len(keys) == len(set(keys))
        assert all(store.get(key) != record for key, record in update.node_writes)
        store.commit(update.node_writes)


@given(BATCHES)
def test_undoing_everything_leaves_nothing(batches: list[Batch]) -> None:
    contents = contents_after(batches)
    assert list(grown([*batches, dict.fromkeys(contents)]).scan(b"")) == []
