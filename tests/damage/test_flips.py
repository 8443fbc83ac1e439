"""Any single byte that is changed is noticed: in a program's file, in an evidence file, in a stored block.

All of them are tried, each with one changed bit that moves from byte to byte and with all bits turned.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest

from gbalang import bundled
from gbalang.cli.proving import evidence_of
from gbalang.isa.container import CHECKSUM_BYTES, ContainerRefused, decode_program, digest_bytes, encode_program
from runtime import codec
from runtime.crypto.oracle import NativeOracle
from runtime.evidence import EvidenceRefused, check_evidence
from runtime.node import BLOCK, BlockRefused, begin
from runtime.oracle import RememberingOracle
from runtime.programs import ProgramRefused, open_program
from runtime.state.memory import MemoryStore
from runtime.state.store import StoreDamaged
from tests.instruments.stage import INSTRUMENTS
from tests.network.harness import World, compile_text
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


@functools.cache
def program_file(name: str) -> bytes:
    """Return an instrument's file as the compiler writes it, with its line map."""
    data = compile_text(f"contracts/{name}/contract.gba", bundled.read_contract_file(name).decode("utf-8"))
    assert decode_program(data)[1] is not None
    return data


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_changed_program_file_is_refused(name: str) -> None:
    """Its line map too, which has no meaning and is no part of the digest."""
    for place, other in changed(program_file(name)):
        assert _is_refused(ProgramRefused, open_program, other), f"byte {place}"


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_cut_program_file_is_refused(name: str) -> None:
    data = program_file(name)
    for length in range(len(data)):
        assert _is_refused(ProgramRefused, open_program, data[:length]), f"cut to {length} bytes"
    assert _is_refused(ProgramRefused, open_program, data + b"\x00")


def test_a_changed_program_with_its_checksum_made_anew_is_refused_or_is_another_program() -> None:
    """What somebody may try who can compute a hash: never is there a second file of what the cities voted on."""
    data = container()
    body = data[:-CHECKSUM_BYTES]
    program, line_map = decode_program(data)
    assert line_map is not None
    meaning_ends = len(encode_program(program)) - CHECKSUM_BYTES
    refused = 0
    for place, byte in enumerate(body):
        other = body[:place] + bytes([byte ^ 1 << place % 8]) + body[place + 1 :]
        try:
            found, _ = decode_program(other + codec.hash_of(other))
        except ContainerRefused:
            refused += 1
            continue
        assert (digest_bytes(found) == digest_bytes(program)) == (place >= meaning_ends), f"byte {place}"
    assert refused > 0


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
