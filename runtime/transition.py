"""The transition: a block applied to a state gives receipts and changes. Pure; there is one for every driver.

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
from runtime.identities import admit_certificate, revoke_certificate, standing_signer
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
    AdmittedCertificate,
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
    signed, _, signer = _identify(journal, data, height, time_ms // 1000, oracle)
    ahead = signer is Rejection.SEQUENCE_MUST_BE_NEXT
    return signed, signer if isinstance(signer, Rejection) and not ahead else None


def _apply(
    journal: Journal, data: bytes, circumstances: Circumstances, oracle: Oracle
) -> tuple[SignedTransaction | None, bytes, Ending]:
    """Return the transaction if it uses up its sequence number (else None), its identity, and how it ended."""
    signed, identity, signer = _identify(journal, data, circumstances.height, circumstances.now_s, oracle)
    if isinstance(signer, Rejection):
        return None, identity, rejected(signer)
    assert signed is not None, "who signed is known of what decodes"
    return signed, identity, _carry_out(journal, signed, identity, signer, circumstances, oracle)


def _identify(
    journal: Journal, data: bytes, height: int, now_s: int, oracle: Oracle
) -> tuple[SignedTransaction | None, bytes, AdmittedCertificate | Rejection]:
    """Return the transaction if the bytes are one, its identity, and who signed it or why it is turned away."""
    if len(data) > TRANSACTION_BYTES_MAX:
        return None, codec.hash_of(data), Rejection.TRANSACTION_MUST_BE_WITHIN_SIZE
    try:
        signed = codec.decode_transaction(data)
    except codec.Undecodable:
        return None, codec.hash_of(data), Rejection.TRANSACTION_MUST_DECODE
    identity = codec.transaction_id_within(data, signed)
    return signed, identity, _judge(journal, signed, len(data), identity, height, now_s, oracle)


def _judge(
    journal: Journal,
    signed: SignedTransaction,
    size: int,
    identity: bytes,
    height: int,
    now_s: int,
    oracle: Oracle,
) -> AdmittedCertificate | Rejection:
    transaction = signed.transaction
    if size > CALL_BYTES_MAX and not isinstance(transaction.payload, Propose):
        return Rejection.TRANSACTION_MUST_BE_WITHIN_SIZE
    if transaction.ledger != journal.get(keys.META_LEDGER):
        return Rejection.LEDGER_MUST_BE_THIS_ONE
    signer = standing_signer(journal, transaction.signer, now_s)
    if isinstance(signer, Rejection):
        return signer
    message = signing_message("transaction", identity)
    if not oracle.verify(signer.suite, signer.public_key, message, signed.signature):
        return Rejection.SIGNATURE_MUST_VERIFY
    refusal = _judge_moment(journal, signed, height)
    return signer if refusal is None else refusal


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
    journal: Journal,
    signed: SignedTransaction,
    identity: bytes,
    signer: AdmittedCertificate,
    circumstances: Circumstances,
    oracle: Oracle,
) -> Ending:
    transaction = signed.transaction
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
