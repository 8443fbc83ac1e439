"""A block applied to a state: sizes, heights and sequence numbers at their edges, and what a block leaves behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime import codec, keys
from runtime.certificates import CertificateFields, CertificateRefusal, HolderKind
from runtime.limits import (
    ARGUMENT_BYTES_MAX,
    BLOCK_TRANSACTIONS_MAX,
    CALL_BYTES_MAX,
    LAST_HEIGHT_AHEAD_MAX,
    TRANSACTION_BYTES_MAX,
)
from runtime.records import BlockContent, Call, OutcomeKind, Payload, Propose, SignedTransaction, Subject, Transaction
from runtime.rejections import Rejection
from runtime.transition import Applied, apply_block, check_transaction, day_of
from tests.unit.ledger.samples import CERTIFICATE
from tests.unit.ledger.states import NOW_S, PROGRAMS, journal_of

LEDGER, SIGNER = bytes(range(32)), bytes(range(32, 64))
HEIGHT, SEQUENCE = 7, 41
CLERK = replace(CERTIFICATE, kind=int(HolderKind.PERSON), not_before_s=0, not_after_s=2 * NOW_S, revoked_s=None)
STATE = journal_of(
    (keys.META_LEDGER, LEDGER),
    (keys.certificate(SIGNER), codec.encode_certificate(CLERK)),
    (keys.sequence(SIGNER), SEQUENCE.to_bytes(8, "big")),
)
UNKNOWN = Call("nothing", 1, "act", ())
"""A call that passes the checks of identity and time, and no further."""


class Oracle:
    """Finds every signature true, and looks at no certificate."""

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        return (suite, public_key, signature) == (CLERK.suite, CLERK.public_key, b"s" * 64) and bool(message)

    def judge_certificate(
        self, certificate: bytes, authorities: tuple[bytes, ...]
    ) -> CertificateFields | CertificateRefusal:
        raise AssertionError(certificate, authorities)


def signed(payload: Payload = UNKNOWN, sequence: int = SEQUENCE, last_height: int = HEIGHT) -> bytes:
    transaction = Transaction(LEDGER, SIGNER, sequence, last_height, payload)
    return codec.encode_transaction(SignedTransaction(transaction, b"s" * 64))


def applied(*transactions: bytes) -> Applied:
    content = BlockContent(HEIGHT, NOW_S * 1000 + 999, "Macao", 0, transactions)
    return apply_block(STATE, content, Oracle(), PROGRAMS)


def code_of(data: bytes) -> int:
    (receipt,) = applied(data).receipts
    assert receipt.outcome is OutcomeKind.REJECTED
    return receipt.code


def at_the_queue(data: bytes) -> Rejection | None:
    return check_transaction(STATE, data, HEIGHT, NOW_S * 1000, Oracle())[1]


@pytest.mark.parametrize(
    ("time_ms", "day"),
    [(-28_800_001, -1), (-28_800_000, 0), (0, 0), (57_599_999, 0), (57_600_000, 1), (143_999_999, 1), (144_000_000, 2)],
)
def test_a_day_begins_at_midnight_eight_hours_ahead_of_universal_time(time_ms: int, day: int) -> None:
    assert day_of(time_ms) == day


def test_a_block_holds_its_most_transactions_each_with_a_receipt_in_its_place() -> None:
    made = applied(*[b"%d" % number for number in range(BLOCK_TRANSACTIONS_MAX)])
    assert [receipt.index for receipt in made.receipts] == list(range(BLOCK_TRANSACTIONS_MAX))
    assert {receipt.height for receipt in made.receipts} == {HEIGHT}
    assert {receipt.code for receipt in made.receipts} == {Rejection.TRANSACTION_MUST_DECODE}
    assert [receipt.transaction for receipt in made.receipts[:2]] == [codec.hash_of(b"0"), codec.hash_of(b"1")]
    assert (made.changes, made.attribution) == ((), ())
    with pytest.raises(AssertionError):
        applied(*[b""] * (BLOCK_TRANSACTIONS_MAX + 1))


def test_what_passes_identity_and_time_uses_up_its_sequence_number_and_nothing_else() -> None:
    made = applied(b"garbage", signed(), signed(sequence=SEQUENCE + 1), signed(sequence=SEQUENCE + 1))
    codes = [receipt.code for receipt in made.receipts]
    unknown = Rejection.CONTRACT_MUST_BE_KNOWN
    assert codes == [Rejection.TRANSACTION_MUST_DECODE, unknown, unknown, Rejection.SEQUENCE_MUST_BE_UNUSED]
    key = keys.sequence(SIGNER)
    assert made.changes == ((key, (SEQUENCE + 2).to_bytes(8, "big")),)
    assert made.attribution == ((key, 2),), "the third of the block wrote it last"


@pytest.mark.parametrize(
    ("sequence", "code", "queue"),
    [
        (0, Rejection.SEQUENCE_MUST_BE_UNUSED, Rejection.SEQUENCE_MUST_BE_UNUSED),
        (SEQUENCE - 1, Rejection.SEQUENCE_MUST_BE_UNUSED, Rejection.SEQUENCE_MUST_BE_UNUSED),
        (SEQUENCE, Rejection.CONTRACT_MUST_BE_KNOWN, None),
        (SEQUENCE + 1, Rejection.SEQUENCE_MUST_BE_NEXT, None),
    ],
)
def test_a_sequence_number_is_the_next_and_a_queue_lets_a_later_one_wait(
    sequence: int, code: Rejection, queue: Rejection | None
) -> None:
    assert code_of(signed(sequence=sequence)) == code
    assert at_the_queue(signed(sequence=sequence)) == queue


@pytest.mark.parametrize(
    ("last_height", "code"),
    [
        (HEIGHT - 1, Rejection.LAST_HEIGHT_MUST_NOT_HAVE_PASSED),
        (HEIGHT, None),
        (HEIGHT + LAST_HEIGHT_AHEAD_MAX, None),
        (HEIGHT + LAST_HEIGHT_AHEAD_MAX + 1, Rejection.LAST_HEIGHT_MUST_BE_NEAR),
    ],
)
def test_a_last_height_has_not_passed_and_is_near(last_height: int, code: Rejection | None) -> None:
    assert code_of(signed(last_height=last_height)) == (code or Rejection.CONTRACT_MUST_BE_KNOWN)
    assert at_the_queue(signed(last_height=last_height)) == code


def test_the_first_sequence_number_is_nought() -> None:
    state = journal_of((keys.META_LEDGER, LEDGER), (keys.certificate(SIGNER), codec.encode_certificate(CLERK)))
    for sequence, answer in ((0, None), (1, None)):
        assert check_transaction(state, signed(sequence=sequence), HEIGHT, NOW_S * 1000, Oracle())[1] == answer
    content = BlockContent(HEIGHT, NOW_S * 1000, "Macao", 0, (signed(sequence=1), signed(sequence=0)))
    first, second = apply_block(state, content, Oracle(), PROGRAMS).receipts
    assert (first.code, second.code) == (Rejection.SEQUENCE_MUST_BE_NEXT, Rejection.CONTRACT_MUST_BE_KNOWN)


def call_of(size: int) -> bytes:
    """Return a call of so many bytes."""
    bare = len(signed(Call("nothing", 1, "act", (bytes(ARGUMENT_BYTES_MAX), bytes(20_000))))) - 20_000
    data = signed(Call("nothing", 1, "act", (bytes(ARGUMENT_BYTES_MAX), bytes(size - bare))))
    assert len(data) == size
    return data


def test_a_call_has_a_size_of_its_own_and_a_proposal_a_larger_one() -> None:
    assert code_of(call_of(CALL_BYTES_MAX)) == Rejection.CONTRACT_MUST_BE_KNOWN
    assert code_of(call_of(CALL_BYTES_MAX + 1)) == Rejection.TRANSACTION_MUST_BE_WITHIN_SIZE
    proposal = signed(Propose(Subject.CONTRACT, bytes(CALL_BYTES_MAX)))
    assert code_of(proposal) == Rejection.SIGNER_MUST_BE_A_CITY
    assert code_of(bytes(TRANSACTION_BYTES_MAX)) == Rejection.TRANSACTION_MUST_DECODE
    assert code_of(bytes(TRANSACTION_BYTES_MAX + 1)) == Rejection.TRANSACTION_MUST_BE_WITHIN_SIZE
    assert code_of(signed() + b"\x00") == Rejection.TRANSACTION_MUST_DECODE
