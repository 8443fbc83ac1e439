"""An evidence file proves who acted, whenever it is made; what is false in that part is refused by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gbalang.cli.proving import evidence_of
from runtime import codec, keys
from runtime.certificates import HolderKind
from runtime.chain import header_message
from runtime.crypto.suites import sign
from runtime.evidence import EvidenceRefusal, EvidenceRefused, Proven, check_evidence
from runtime.identities import reference
from runtime.merkle_log import log_root
from runtime.records import (
    EventRecord,
    EvidenceFile,
    FinalHeader,
    Header,
    HeaderSignature,
    OutcomeKind,
    ReasonKind,
    ReasonRecord,
    RevokeCertificate,
    StateEntry,
)
from runtime.state.proofs import encode_proof, prove
from tests.network.harness import World
from tests.network.sample import APPLICANT, OFFICE, apply, container, decide, world_in_force

STRANGER = "Macao/rui"


@pytest.fixture(scope="module")
def world() -> World:
    made = world_in_force()
    made.add_holder(STRANGER, HolderKind.PERSON)
    return made


@pytest.fixture(scope="module")
def old(world: World) -> EvidenceFile:
    """The evidence of an act, made when another block stands above it."""
    applied = world.carry_out(APPLICANT, apply()).transaction
    world.carry_out(OFFICE, decide())
    return codec.decode_evidence(evidence_of(world.network.leader(), applied)[:-32])


def check(world: World, evidence: EvidenceFile) -> Proven:
    """Seal and check a file."""
    data = codec.encode_evidence(evidence)
    node = world.network.leader()
    return check_evidence(data + codec.hash_of(data), world.oracle, node.members_hash, node.ledger)


def finalised(world: World, header: Header) -> FinalHeader:
    """Return a header signed by every city: what no three of them could make."""
    message = header_message(header)
    signatures = tuple(HeaderSignature(city, sign(key.suite, key, message)) for city, key in sorted(world.keys.items()))
    return FinalHeader(header, signatures)


def entry(world: World, who: str) -> StateEntry:
    """Return a holder's certificate with its proof in the last state."""
    node = world.network.leader()
    key = keys.certificate(world.holders[who].fingerprint)
    value = node.state.get(key)
    assert value is not None
    return StateEntry(key, value, encode_proof(prove(node.store, node.state.get, key)))


def test_the_signer_is_proven_under_a_later_header(world: World, old: EvidenceFile) -> None:
    proven = check(world, old)
    assert proven.signer is not None
    assert reference(proven.signer) == APPLICANT
    assert old.later is not None
    assert proven.state_header == old.later.header
    assert proven.state_header.height == proven.header.height + 1


def test_the_signer_is_proven_under_the_blocks_own_header(world: World) -> None:
    made = world.copy()
    receipt = made.carry_out(STRANGER, apply())
    evidence = codec.decode_evidence(evidence_of(made.network.leader(), receipt.transaction)[:-32])
    assert evidence.later is None
    signer = check(made, evidence).signer
    assert signer is not None
    assert reference(signer) == STRANGER


def test_a_certificate_revoked_since_still_proves_who_acted(world: World, old: EvidenceFile) -> None:
    made = world.copy()
    made.carry_out("Guangzhou", RevokeCertificate(made.holders[APPLICANT].fingerprint, "lost"))
    evidence = evidence_of(made.network.leader(), codec.decode_receipt(old.receipt).transaction)
    signer = check(made, codec.decode_evidence(evidence[:-32])).signer
    assert signer is not None
    assert (reference(signer), signer.revocation_reason) == (APPLICANT, "lost")


def _other_holder(world: World, old: EvidenceFile) -> EvidenceFile:
    return replace(old, entries=(entry(world, STRANGER),))


def _other_value(world: World, old: EvidenceFile) -> EvidenceFile:
    return replace(old, entries=(replace(old.entries[0], value=entry(world, STRANGER).value),))


def _under_the_blocks_own_root(world: World, old: EvidenceFile) -> EvidenceFile:
    del world
    return replace(old, later=None)


def _later_is_the_block_itself(world: World, old: EvidenceFile) -> EvidenceFile:
    del world
    return replace(old, later=FinalHeader(old.header, old.signatures))


def _later_of_another_ledger(world: World, old: EvidenceFile) -> EvidenceFile:
    assert old.later is not None
    return replace(old, later=finalised(world, replace(old.later.header, ledger=bytes(32))))


def _later_signed_by_seven(world: World, old: EvidenceFile) -> EvidenceFile:
    del world
    assert old.later is not None
    return replace(old, later=replace(old.later, signatures=old.later.signatures[:7]))


def _the_program_of_another_version(world: World, old: EvidenceFile) -> EvidenceFile:
    """A sound program that would have allowed more: the reader must not be told the decision in its words."""
    del world
    return replace(old, program=container(ceiling="700 CNY"))


def _a_signature_of_nobody(world: World, old: EvidenceFile) -> EvidenceFile:
    """Even eleven cities that sign a decision on a forged transaction cannot make it the holder's."""
    signed = codec.decode_transaction(old.transaction)
    forged = codec.encode_transaction(replace(signed, signature=bytes(len(signed.signature))))
    assert old.count == 1
    header = finalised(world, replace(old.header, transactions_root=log_root((forged,))))
    return replace(old, transaction=forged, header=header.header, signatures=header.signatures)


@pytest.mark.parametrize(("forge", "refusal"), [
    (lambda world, old: replace(old, entries=()), EvidenceRefusal.SIGNER_MUST_STAND_IN_THE_STATE),
    (_other_holder, EvidenceRefusal.SIGNER_MUST_STAND_IN_THE_STATE),
    (_other_value, EvidenceRefusal.ENTRY_MUST_STAND_IN_THE_STATE),
    (_under_the_blocks_own_root, EvidenceRefusal.ENTRY_MUST_STAND_IN_THE_STATE),
    (_later_is_the_block_itself, EvidenceRefusal.LATER_HEADER_MUST_FOLLOW),
    (_later_of_another_ledger, EvidenceRefusal.LATER_HEADER_MUST_FOLLOW),
    (_later_signed_by_seven, EvidenceRefusal.LATER_HEADER_MUST_BE_FINAL),
    (_the_program_of_another_version, EvidenceRefusal.PROGRAM_MUST_BE_THE_RECEIPTS),
    (_a_signature_of_nobody, EvidenceRefusal.SIGNATURE_MUST_BE_THE_SIGNERS),
])  # fmt: skip
def test_what_is_false_is_refused_by_name(
    world: World, old: EvidenceFile, forge: Callable[[World, EvidenceFile], EvidenceFile], refusal: EvidenceRefusal
) -> None:
    with pytest.raises(EvidenceRefused) as caught:
        check(world, forge(world, old))
    assert caught.value.refusal is refusal


def test_a_file_whose_end_is_not_the_hash_of_what_stands_before_it_is_damaged(
    world: World, old: EvidenceFile
) -> None:
    data = codec.encode_evidence(old)
    whole = data + codec.hash_of(data)
    node = world.network.leader()
    assert check_evidence(whole, world.oracle, node.members_hash, node.ledger).receipt.outcome is OutcomeKind.DONE
    for damaged in (whole[:-1], whole + b"\x00", data, data + codec.hash_of(data + b"\x00"), data + bytes(32), b""):
        with pytest.raises(EvidenceRefused) as refused:
            check_evidence(damaged, world.oracle, node.members_hash, node.ledger)
        assert refused.value.refusal is EvidenceRefusal.FILE_MUST_BE_UNDAMAGED


def test_what_the_ledger_turned_away_may_have_no_proven_signer(world: World) -> None:
    made = world.copy()
    made.certify("Macao/never-admitted", HolderKind.PERSON)
    _, data = made.transaction("Macao/never-admitted", apply())
    noise = made.put_in_block(data, b"noise")
    for receipt in noise.receipts:
        assert receipt.outcome is OutcomeKind.REJECTED
        evidence = codec.decode_evidence(evidence_of(made.network.leader(), receipt.transaction)[:-32])
        assert evidence.entries == ()
        assert check(made, evidence).signer is None


# ---------------------------------------------------------------- a ledger of a forger's own


def forged(world: World, original: EvidenceFile, **changes: object) -> EvidenceFile:
    """Return a file about a changed receipt that stands in a block signed by every city, as a forger with all keys can.

    `time_ms` changes the header; everything else the receipt.
    """
    header_changes = {name: value for name, value in changes.items() if name == "time_ms"}
    receipt_changes = {name: value for name, value in changes.items() if name != "time_ms"}
    receipt = replace(codec.decode_receipt(original.receipt), index=0, **receipt_changes)  # type: ignore[arg-type]
    data = codec.encode_receipt(receipt)
    header = replace(
        original.header, receipts_root=log_root((data,)), transactions_root=log_root((original.transaction,)),
        **header_changes,  # type: ignore[arg-type]
    )  # fmt: skip
    signed = finalised(world, header)
    return replace(
        original, header=header, signatures=signed.signatures, index=0, count=1, transaction_proof=(), receipt=data,
        receipt_proof=(),
    )  # fmt: skip


UNREADABLE: tuple[dict[str, object], ...] = (
    {"outcome": OutcomeKind.REFUSED, "code": 999},
    {"outcome": OutcomeKind.FAULTED, "code": 999},
    {"outcome": OutcomeKind.FAULTED, "code": 1, "detail": 2**40},
    {"outcome": OutcomeKind.REJECTED, "code": 999},
    {"outcome": OutcomeKind.REJECTED, "code": 70, "detail": 999},
    {"outcome": OutcomeKind.DONE, "code": 1},
    {"reasons": (ReasonRecord(ReasonKind.MARK, 999, b""),)},
    {"reasons": (ReasonRecord(ReasonKind.CONDITION_MET, 999, b""),)},
    {"reasons": (ReasonRecord(ReasonKind.NOTE, 0, b"\xff"),)},
    {"events": (EventRecord(99, ()),)},
    {"events": (EventRecord(0, ()),)},
    {"events": (EventRecord(0, (b"\xff", b"\xff")),)},
    {"time_ms": 2**61},
)


@pytest.mark.parametrize("changes", UNREADABLE, ids=str)
def test_a_receipt_that_cannot_be_read_is_refused_though_every_proof_holds(
    world: World, old: EvidenceFile, changes: dict[str, object]
) -> None:
    assert check(world, forged(world, old)).receipt.outcome is OutcomeKind.DONE, "the forger's own file is sound"
    with pytest.raises(EvidenceRefused) as refused:
        check(world, forged(world, old, **changes))
    assert refused.value.refusal is EvidenceRefusal.RECEIPT_MUST_BE_LEGIBLE
