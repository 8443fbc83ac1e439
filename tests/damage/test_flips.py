"""Any single byte that is changed is noticed: in a program's file, in an evidence file, in a stored block.

All of them are tried, each with one changed bit that moves from byte to byte and with all bits turned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from gbalang.cli.proving import evidence_of
from runtime import codec
from runtime.crypto.oracle import NativeOracle
from runtime.evidence import EvidenceRefused, check_evidence
from runtime.node import BLOCK, BlockRefused, begin
from runtime.oracle import RememberingOracle
from runtime.programs import ProgramRefused, open_program, program_digest
from runtime.state.memory import MemoryStore
from runtime.state.store import StoreDamaged
from tests.network.harness import World
from tests.network.sample import APPLICANT, apply, container, world_in_force


def changed(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the data with each of its bytes changed in turn."""
    for place, byte in enumerate(data):
        for mask in (1 << place % 8, 0xFF):
            yield place, data[:place] + bytes([byte ^ mask]) + data[place + 1 :]


def _is_refused(refusal: type[Exception], work: Callable[..., object], *arguments: object) -> bool:
    try:
        work(*arguments)
    except refusal:
        return True
    return False


@pytest.fixture(scope="module")
def world() -> World:
    made = world_in_force()
    made.carry_out(APPLICANT, apply())
    return made


def test_a_changed_program_file_is_refused_or_is_another_program() -> None:
    data = container()
    digest = program_digest(open_program(data))
    for place, other in changed(data):
        try:
            verified = open_program(other)
        except ProgramRefused:
            continue
        assert program_digest(verified) != digest, f"byte {place}"


def test_a_cut_program_file_is_refused() -> None:
    data = container()
    for length in range(len(data)):
        with pytest.raises(ProgramRefused):
            open_program(data[:length])
    with pytest.raises(ProgramRefused):
        open_program(data + b"\x00")


def test_a_changed_evidence_file_is_refused(world: World) -> None:
    node = world.network.leader()
    receipt = node.receipts(node.end.height)[0]
    evidence = evidence_of(node, receipt.transaction)
    oracle = RememberingOracle(NativeOracle())
    members, ledger = node.members_hash, node.ledger
    proven = check_evidence(evidence, oracle, members, ledger)
    assert proven.receipt == receipt
    for place, other in changed(evidence):
        assert _is_refused(EvidenceRefused, check_evidence, other, oracle, members, ledger), f"byte {place}"
    # And by somebody who makes the file's own checksum anew.
    for place, other in changed(evidence[:-32]):
        resealed = other + codec.hash_of(other)
        assert _is_refused(EvidenceRefused, check_evidence, resealed, oracle, members, ledger), f"byte {place}"


def test_a_changed_block_is_not_taken(world: World) -> None:
    node = world.network.leader()
    height = node.end.height
    store = MemoryStore()
    begin(store, world.genesis, world.oracle)
    peer = world.open_node("Macao", store)
    for earlier in range(1, height):
        block = node.block(earlier)
        assert block is not None
        peer.take(block)
    stored = node.store.get(BLOCK + height.to_bytes(8, "big"))
    assert stored is not None
    for place, other in changed(stored):
        try:
            block = codec.decode_block(other)
        except codec.Undecodable:
            continue
        assert _is_refused(BlockRefused, peer.take, block), f"byte {place}"


def test_a_changed_block_is_noticed_where_it_is_stored(world: World) -> None:
    """A node that reads its own block finds that it is not the one its chain of headers names."""
    node = world.copy().network.leader()
    height = node.end.height
    key = BLOCK + height.to_bytes(8, "big")
    stored = node.store.get(key)
    assert stored is not None
    for place, other in changed(stored):
        node.store.commit([(key, other)])
        assert _is_refused(StoreDamaged, node.block, height), f"byte {place}"
