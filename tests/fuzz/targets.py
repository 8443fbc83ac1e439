"""Everything that reads bytes or texts from outside, each with sound samples and the refusals that it may give."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gbalang import bundled
from gbalang.ast.parser import decode_source
from gbalang.cli.proving import evidence_of
from gbalang.diagnostics.model import Diagnostic
from gbalang.isa.container import CHECKSUM_BYTES
from gbalang.isa.encoding import EncodingRefused
from gbalang.isa.types import Record
from gbalang.literals import LiteralRefused, parse_value
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from runtime import codec, keys
from runtime.certificates import CertificateRefusal
from runtime.crypto.oracle import NativeOracle
from runtime.evidence import EvidenceRefused, check_evidence
from runtime.node import BLOCK, META_CHAIN, META_GENESIS, RECEIPT
from runtime.programs import ProgramRefused, open_program
from runtime.state.proofs import decode_proof, encode_proof, prove
from tests.determinism.test_witness import HISTORY
from tests.network.harness import World, standard_calendars
from tests.network.sample import APPLICANT, apply, container, world_in_force

LITERALS = (b"Guangzhou", b"4_000.50 CNY", b"2026-01-01", b"15%")


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads. `read`: reads one sample, and returns its one encoding, or None where there is none.

    `refusals`: what it may raise. `share`: how many of a thousand executions are its own, fewer where one takes long.
    """

    name: str
    samples: tuple[bytes, ...]
    read: Callable[[bytes], bytes | None]
    refusals: tuple[type[Exception], ...]
    share: int


@functools.cache
def world() -> World:
    """Return a ledger on which something has happened."""
    made = world_in_force()
    made.carry_out(APPLICANT, apply())
    return made


@functools.cache
def targets() -> tuple[Target, ...]:
    """Return every target."""
    return (*_encodings(), *_others())


def _encodings() -> tuple[Target, ...]:
    """What codec.py reads: whatever decodes has one encoding, that which was decoded."""
    names = [name.removeprefix("decode_") for name in sorted(vars(codec)) if name.startswith("decode_")]
    samples = _samples()
    share = 880 // len(names)
    return tuple(
        Target(name, samples.get(name, ()) or samples["transaction"], _read_whole(name), (codec.Undecodable,), share)
        for name in names
    )


def _read_whole(name: str) -> Callable[[bytes], bytes]:
    decode: Callable[[bytes], Any] = getattr(codec, "decode_" + name)
    encode: Callable[[Any], bytes] = getattr(codec, "encode_" + name)
    return lambda data: encode(decode(data))


@functools.cache
def _samples() -> dict[str, tuple[bytes, ...]]:
    node = world().network.leader()
    store = node.store
    block = node.block(node.end.height)
    assert block is not None
    genesis = store.get(META_GENESIS)
    chain = store.get(META_CHAIN)
    assert genesis is not None
    assert chain is not None
    decoded = codec.decode_genesis(genesis)
    tables = {
        "certificate": keys.TABLE_CERTIFICATE, "ballot": keys.TABLE_BALLOT, "vote": keys.TABLE_VOTE,
        "contract_version": keys.TABLE_CONTRACT, "calendar": keys.TABLE_CALENDAR,
    }  # fmt: skip
    return {
        "transaction": tuple(block.transactions),
        "block": tuple(value for _, value in store.scan(BLOCK))[-4:],
        "receipt": tuple(value for _, value in store.scan(RECEIPT))[-8:],
        "genesis": (genesis,),
        "chain_end": (chain,),
        "header": (codec.encode_header(block.header),),
        "members": (codec.encode_members(decoded.members),),
        **{name: tuple(value for _, value in node.state.scan(table)) for name, table in tables.items()},
        "calendar": standard_calendars(),
        "member": tuple(codec.encode_member(member) for member in decoded.members),
        "recording": (HISTORY.read_bytes()[:20_000],),
        "evidence": (evidence_of(node, node.receipts(node.end.height)[0].transaction),),
    }


def _others() -> tuple[Target, ...]:
    opened = open_program(container())
    program, codecs = opened.program, opened.codecs
    entry = Record(program.registers[0].record)
    entries = tuple(value for _, value in world().network.leader().state.scan(keys.TABLE_ENTRY))
    node = world().network.leader()
    oracle = NativeOracle()

    def resealed(data: bytes) -> None:
        open_program(data + codec.hash_of(data))

    def literal(data: bytes) -> None:
        fields = program.records[entry.index].fields
        parse_value(fields[len(data) % len(fields)].type, data.decode("utf-8", "replace"), program)

    def certificate(data: bytes) -> None:
        assert isinstance(oracle.judge_certificate(data, ()), CertificateRefusal)

    def source(data: bytes) -> None:
        decoded = decode_source("fuzz.gba", data)
        if not isinstance(decoded, Diagnostic):
            compilation = compile_bundle(SourceBundle(SourceFile("fuzz.gba", decoded.text)))
            assert compilation.failed or compilation.typed is not None

    def evidence(data: bytes) -> None:
        check_evidence(data, oracle, node.members_hash, node.ledger)

    (proven,) = _samples()["evidence"]
    return (
        Target("program", (container(),), _nothing(open_program), (ProgramRefused,), 30),
        Target("resealed program", (container()[:-CHECKSUM_BYTES],), _nothing(resealed), (ProgramRefused,), 10),
        Target(
            "entry", entries, lambda data: codecs.encode(entry, codecs.decode(entry, data)), (EncodingRefused,), 40
        ),
        Target("literal", LITERALS, _nothing(literal), (LiteralRefused,), 20),
        Target("certificate in DER", world().genesis.city_certificates, _nothing(certificate), (), 10),
        Target("evidence file", (proven,), _nothing(evidence), (EvidenceRefused,), 5),
        Target("proof", _proofs(), _proof, (), 24),
        Target("source", (_SMALL.encode("utf-8"),), _nothing(source), (), 1),
    )


def _proofs() -> tuple[bytes, ...]:
    node = world().network.leader()
    found = [key for key, _ in node.state.scan(b"")][::40]
    return tuple(encode_proof(prove(node.store, node.state.get, key)) for key in found)


def _proof(data: bytes) -> bytes | None:
    decoded = decode_proof(data)
    return None if decoded is None else encode_proof(decoded)


def _nothing(read: Callable[[bytes], object]) -> Callable[[bytes], None]:
    def reading(data: bytes) -> None:
        read(data)

    return reading


_SMALL = bundled.read_standard_library("splits")[:1_500]
