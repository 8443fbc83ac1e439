"""The transition: a block applied to a state gives receipts and changes. A pure function; there is one, not one per driver.

    apply_block(state, content, oracle, programs) → Applied(receipts, changes, attribution)

Every byte string in a block, garbage too, gives exactly one receipt, and nothing in a block can stop the ledger. The
only clock is the block's time. Whether a signature verifies and what a certificate says are answers of an oracle that
the driver hands in: a node computes them, a witness reads them from a recording.

The checks of a transaction run in the order of the numbers in rejections.py. A transaction that passes the checks of
identity and time uses up its sequence number whatever becomes of it afterwards, so it cannot be replayed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, assert_never

from gbalang.isa.civil import day_of_time
from runtime import codec, governance, keys
from runtime.calls import call_act
from runtime.certificates import CertificateFields, CertificateRefusal, HolderKind
from runtime.identities import admit_certificate, certificate_fields, judge_signer, revoke_certificate
from runtime.journal import Journal, StateReader
from runtime.limits import (
    BLOCK_TRANSACTIONS_MAX,
    CALL_BYTES_MAX,
    LAST_HEIGHT_AHEAD_MAX,
    TRANSACTION_BYTES_MAX,
)
from runtime.outcome import Circumstances, Ending, rejected
from runtime.programs import ProgramCache
from runtime.records import (
    AdmitCertificate,
    Adopt,
    BlockContent,
    Call,
    CastVote,
    OutcomeKind,
    Propose,
    Receipt,
    RevokeCertificate,
    SignedTransaction,
)
from runtime.rejections import Rejection
from runtime.signing import signing_message


class Oracle(Protocol):
    """What the transition asks of cryptography."""

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Return whether the signature verifies; never raises."""

    def judge_certificate(
        self, certificate: bytes, authorities: tuple[bytes, ...]
    ) -> CertificateFields | CertificateRefusal:
        """Return what an X.509 certificate says if one of the authorities issued it, or why it is not acceptable."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a block does. `changes` in key order; `attribution`: which transaction wrote a changed key last."""

    receipts: tuple[Receipt, ...]
    changes: tuple[tuple[bytes, bytes | None], ...]
    attribution: tuple[tuple[bytes, int], ...]


def day_of(time_ms: int) -> int:
    """Return the day, counted from 1970-01-01, of a moment in Unix milliseconds, at UTC+8."""
    return day_of_time(time_ms // 1000)


def apply_block(state: StateReader, content: BlockContent, oracle: Oracle, programs: ProgramCache) -> Applied:
    """Apply a block's transactions, in their order, to a state."""
    assert len(content.transactions) <= BLOCK_TRANSACTIONS_MAX, "drivers check a block's size before they apply it"
    journal = Journal(state)
    circumstances = Circumstances(
        height=content.height, now_s=content.time_ms // 1000, today=day_of(content.time_ms), programs=programs
    )
    receipts = []
    for index, data in enumerate(content.transactions):
        transaction, identity, ending = _apply(journal, data, circumstances, oracle)
        if transaction is not None and ending.outcome is not OutcomeKind.DONE:
            journal.drop()
        if transaction is not None:
            _use_sequence(journal, transaction)
        journal.keep(index)
        receipts.append(
            Receipt(
                height=content.height,
                index=index,
                transaction=identity,
                outcome=ending.outcome,
                code=ending.code,
                detail=ending.detail,
                cost=ending.cost,
                program=ending.program,
                events=ending.events,
                reasons=ending.reasons,
            )
        )
    changes = journal.changes()
    return Applied(tuple(receipts), changes, tuple((key, journal.attribution[key]) for key, _ in changes))


def check_transaction(
    state: StateReader, data: bytes, height: int, time_ms: int, oracle: Oracle
) -> tuple[SignedTransaction | None, Rejection | None]:
    """Judge a transaction for a queue: everything up to and including its sequence number.

    A sequence number ahead of the next one is not held against it here, since the ones before may be waiting too.
    """
    journal = Journal(state)
    signed, rejection = _identify(journal, data, height, time_ms // 1000, oracle)
    if rejection is Rejection.SEQUENCE_MUST_BE_NEXT:
        rejection = None
    return signed, rejection


def _apply(
    journal: Journal, data: bytes, circumstances: Circumstances, oracle: Oracle
) -> tuple[SignedTransaction | None, bytes, Ending]:
    """Return the transaction if it uses up its sequence number (else None), its identity, and how it ended."""
    signed, rejection = _identify(journal, data, circumstances.height, circumstances.now_s, oracle)
    identity = codec.transaction_id(signed.transaction) if signed is not None else codec.hash_of(data)
    if signed is None or rejection is not None:
        assert rejection is not None
        return None, identity, rejected(rejection)
    return signed, identity, _carry_out(journal, signed, identity, circumstances, oracle)


def _identify(
    journal: Journal, data: bytes, height: int, now_s: int, oracle: Oracle
) -> tuple[SignedTransaction | None, Rejection | None]:
    if len(data) > TRANSACTION_BYTES_MAX:
        return None, Rejection.TRANSACTION_MUST_BE_WITHIN_SIZE
    try:
        signed = codec.decode_transaction(data)
    except codec.Undecodable:
        return None, Rejection.TRANSACTION_MUST_DECODE
    transaction = signed.transaction
    if len(data) > CALL_BYTES_MAX and not isinstance(transaction.payload, Propose):
        return signed, Rejection.TRANSACTION_MUST_BE_WITHIN_SIZE
    if transaction.ledger != journal.get(keys.META_LEDGER):
        return signed, Rejection.LEDGER_MUST_BE_THIS_ONE
    rejection = judge_signer(journal, transaction.signer, now_s)
    if rejection is None:
        rejection = _judge_signature(journal, signed, oracle)
    if rejection is None:
        rejection = _judge_moment(journal, signed, height)
    return signed, rejection


def _judge_signature(journal: Journal, signed: SignedTransaction, oracle: Oracle) -> Rejection | None:
    signer = certificate_fields(journal, signed.transaction.signer)
    assert signer is not None, "judge_signer has found it"
    message = signing_message("transaction", codec.transaction_id(signed.transaction))
    if oracle.verify(signer.suite, signer.public_key, message, signed.signature):
        return None
    return Rejection.SIGNATURE_MUST_VERIFY


def _judge_moment(journal: Journal, signed: SignedTransaction, height: int) -> Rejection | None:
    transaction = signed.transaction
    if transaction.last_height < height:
        return Rejection.LAST_HEIGHT_MUST_NOT_HAVE_PASSED
    if transaction.last_height > height + LAST_HEIGHT_AHEAD_MAX:
        return Rejection.LAST_HEIGHT_MUST_BE_NEAR
    expected = next_sequence(journal, transaction.signer)
    if transaction.sequence < expected:
        return Rejection.SEQUENCE_MUST_BE_UNUSED
    if transaction.sequence > expected:
        return Rejection.SEQUENCE_MUST_BE_NEXT
    return None


def next_sequence(state: StateReader | Journal, signer: bytes) -> int:
    """Return the sequence number that the signer's next transaction must carry."""
    stored = state.get(keys.sequence(signer))
    return 0 if stored is None else int.from_bytes(stored, "big")


def _use_sequence(journal: Journal, signed: SignedTransaction) -> None:
    transaction = signed.transaction
    journal.put(keys.sequence(transaction.signer), (transaction.sequence + 1).to_bytes(8, "big"))


def _carry_out(
    journal: Journal, signed: SignedTransaction, identity: bytes, circumstances: Circumstances, oracle: Oracle
) -> Ending:
    transaction = signed.transaction
    signer = certificate_fields(journal, transaction.signer)
    assert signer is not None
    payload = transaction.payload
    if isinstance(payload, Call):
        return call_act(journal, signer, payload, circumstances)
    if signer.kind != HolderKind.CITY:
        return rejected(Rejection.SIGNER_MUST_BE_A_CITY)
    match payload:
        case Propose():
            return governance.propose(journal, signer.city, identity, payload, circumstances)
        case CastVote():
            return governance.cast_vote(journal, signer.city, payload, circumstances)
        case Adopt():
            return governance.adopt(journal, payload, circumstances)
        case AdmitCertificate():
            return admit_certificate(journal, signer.city, payload, circumstances, oracle)
        case RevokeCertificate():
            return revoke_certificate(journal, signer.city, transaction.signer, payload, circumstances)
        case _:
            assert_never(payload)
