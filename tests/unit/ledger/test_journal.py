"""The state as a transaction sees it, and what is left of it when the transaction is dropped or the block ends."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from runtime.journal import Journal
from runtime.state.memory import MemoryStore
from runtime.state_view import STATE, StateView


def journal_over(**entries: bytes) -> Journal:
    """Return a journal over a committed state."""
    store = MemoryStore()
    store.commit([(STATE + key.encode(), value) for key, value in entries.items()])
    return Journal(StateView(store))


def names(journal: Journal) -> tuple[bytes, ...]:
    """Return what stands under the prefix "a" by the journal's memo."""
    return journal.derived(b"a", lambda: tuple([key for key, _ in journal.scan(b"a")]))


def test_a_key_that_ends_as_it_began_has_not_changed() -> None:
    journal = journal_over(kept=b"1", removed=b"1")
    for value in (b"2", b"1"):
        journal.put(b"kept", value)
        journal.put(b"came and went", value)
        journal.keep(0)
    journal.put(b"removed", None)
    journal.put(b"came and went", None)
    journal.put(b"was never there", None)
    journal.keep(1)
    assert journal.changes() == ((b"removed", None),)


def test_changes_are_in_the_order_of_keys_and_name_who_wrote_last() -> None:
    journal = journal_over(b=b"1")
    for index, key in enumerate((b"c", b"a", b"b", b"c")):
        journal.put(key, b"%d" % (index + 5))
        journal.keep(index)
    assert journal.changes() == ((b"a", b"6"), (b"b", b"7"), (b"c", b"8"))
    assert journal.attribution == {b"a": 1, b"b": 2, b"c": 3}


def test_of_a_dropped_transaction_nothing_is_seen() -> None:
    journal = journal_over(a1=b"1")
    journal.put(b"a2", b"2")
    journal.keep(0)
    journal.put(b"a1", None)
    journal.put(b"a2", b"9")
    journal.put(b"a3", b"3")
    assert (journal.get(b"a1"), journal.get(b"a2"), journal.get(b"a3")) == (None, b"9", b"3")
    journal.drop()
    assert (journal.get(b"a1"), journal.get(b"a2"), journal.get(b"a3")) == (b"1", b"2", None)
    assert list(journal.scan(b"")) == [(b"a1", b"1"), (b"a2", b"2")]
    journal.keep(1)
    assert journal.changes() == ((b"a2", b"2"),)


def test_what_was_gathered_is_gathered_again_when_an_entry_comes_goes_or_is_dropped() -> None:
    journal = journal_over(a1=b"1")
    assert names(journal) == (b"a1",)
    journal.put(b"a2", b"2")
    assert names(journal) == (b"a1", b"a2")
    journal.drop()
    assert names(journal) == (b"a1",), "nobody may see what a dropped transaction had written"
    journal.put(b"a1", None)
    journal.keep(0)
    assert names(journal) == ()


def test_what_was_gathered_is_held_while_nothing_under_its_prefix_changes() -> None:
    journal, asked = journal_over(a1=b"1"), []

    def gather() -> int:
        asked.append(1)
        return len(asked)

    for _ in range(2):
        assert journal.derived(b"a", gather) == 1
        journal.put(b"b", b"1")
        journal.keep(0)
    journal.put(b"a1", b"2")
    assert journal.derived(b"a", gather) == 2


CHANGES = (b"unchanged", None, b"2")
TRANSACTIONS = ([None, b"3", b"unchanged"], [b"unchanged", None, b"3"], [b"3", b"unchanged", None])


@pytest.mark.parametrize("prefix", [b"", b"a", b"ab", b"b", b"c"])
def test_a_scan_is_the_committed_state_with_the_newest_word_on_each_key(prefix: bytes) -> None:
    """Whatever stands below, and whatever the block and then the transaction make of each of three keys."""
    keys = (b"a", b"ab", b"b")
    for committed in product((None, b"1"), repeat=3):
        entries = {key.decode(): value for key, value in zip(keys, committed, strict=True) if value is not None}
        for block, transaction in product(product(CHANGES, repeat=3), TRANSACTIONS):
            journal, expected = journal_over(**entries), {key.encode(): value for key, value in entries.items()}
            for layer in (block, transaction):
                for key, change in zip(keys, layer, strict=True):
                    if change != b"unchanged":
                        journal.put(key, change)
                        expected.pop(key, None)
                        expected.update({} if change is None else {key: change})
                if layer is block:
                    journal.keep(0)
            found = list(journal.scan(prefix))
            assert found == sorted((key, value) for key, value in expected.items() if key.startswith(prefix))
            assert found == [(key, journal.get(key)) for key, _ in found]


def test_what_was_asked_for_once_is_not_read_again_while_the_block_lasts() -> None:
    store = CountingReader()
    journal = Journal(store)
    assert [journal.get(b"a") for _ in range(3)] == [b"1"] * 3
    assert store.asked == [b"a"]


class CountingReader:
    """A committed state that holds one value everywhere and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def get(self, key: bytes) -> bytes | None:
        self.asked.append(key)
        return b"1"

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        yield prefix, b"1"
