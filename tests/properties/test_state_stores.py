"""Every store is a sorted dictionary; one on disk is the same after it was closed and opened."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from runtime.state.lmdb import LmdbStore
from runtime.state.lmdb_form import examine
from runtime.state.memory import MemoryStore

KEYS = st.binary(min_size=1, max_size=3) | st.integers(0, 200).map(lambda number: b"k%d" % number)
VALUES = st.binary(max_size=20) | st.integers(0, 9_000).map(bytes)
WRITES = st.lists(st.tuples(KEYS, st.none() | VALUES), max_size=120)


class StoresAreSortedDictionaries(RuleBasedStateMachine):
    """Both stores are given the same commits, and asked the same questions as the model."""

    @initialize()
    def open(self) -> None:
        self.path = Path(tempfile.mkdtemp())
        self.disk = LmdbStore(self.path, map_size_bytes=64 * 1024, durable=False)
        self.memory = MemoryStore()
        self.model: dict[bytes, bytes] = {}

    def teardown(self) -> None:
        if hasattr(self, "path"):
            self.disk.close()
            shutil.rmtree(self.path)

    @rule(writes=WRITES)
    def commit(self, writes: list[tuple[bytes, bytes | None]]) -> None:
        self.disk.commit(writes)
        self.memory.commit(writes)
        for key, value in writes:
            if value is None:
                self.model.pop(key, None)
            else:
                self.model[key] = value

    @rule(key=KEYS)
    def get(self, key: bytes) -> None:
        assert self.disk.get(key) == self.memory.get(key) == self.model.get(key)

    @rule(prefix=st.binary(max_size=2) | st.just(b"k1"), start=st.none() | KEYS)
    def scan(self, prefix: bytes, start: bytes | None) -> None:
        expected = [
            (key, value)
            for key, value in sorted(self.model.items())
            if key.startswith(prefix) and (start is None or key >= start)
        ]
        assert list(self.memory.scan(prefix, start)) == expected
        assert list(self.disk.scan(prefix, start)) == expected

    @rule()
    def reopen(self) -> None:
        self.disk.close()
        self.disk = LmdbStore(self.path, durable=False)

    @rule()
    def crash(self) -> None:
        self.disk._release(and_seal=False)
        with pytest.MonkeyPatch.context() as patch:  # what another process would do is done here, and sooner
            patch.setattr("runtime.state.lmdb._examine_elsewhere", lambda path, copy: examine(str(path), str(copy)))
            self.disk = LmdbStore(self.path, durable=False)

    @invariant()
    def all_is_there(self) -> None:
        if hasattr(self, "model"):
            assert list(self.disk.scan(b"")) == list(self.memory.scan(b"")) == sorted(self.model.items())


TestStores = StoresAreSortedDictionaries.TestCase
TestStores.settings = settings(max_examples=60, stateful_step_count=20)
