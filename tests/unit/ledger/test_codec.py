"""The one encoding: of every kind of object, and of nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime import codec
from runtime.records import SignedTransaction, Transaction
from tests.unit.ledger.samples import HEADER, SAMPLES, TRANSACTION

IDENTIFIERS = [f"{kind.mark.split(b':')[1].decode()}-{index}" for index, (kind, _) in enumerate(SAMPLES)]


def test_every_kind_has_a_sample() -> None:
    assert {kind.mark for kind in codec.KINDS} == {kind.mark for kind, _ in SAMPLES}


@pytest.mark.parametrize(("kind", "value"), SAMPLES, ids=IDENTIFIERS)
def test_decoding_gives_back_what_was_encoded(kind: codec.Kind[object], value: object) -> None:
    assert kind.decode(kind.encode(value)) == value


@pytest.mark.parametrize(("kind", "value"), SAMPLES, ids=IDENTIFIERS)
def test_a_shortened_or_lengthened_encoding_is_refused(kind: codec.Kind[object], value: object) -> None:
    data = kind.encode(value)
    for end in range(len(data)):
        with pytest.raises(codec.Undecodable):
            kind.decode(data[:end])
    with pytest.raises(codec.Undecodable):
        kind.decode(data + b"\x00")


@pytest.mark.parametrize(("kind", "value"), SAMPLES, ids=IDENTIFIERS)
def test_whatever_decodes_is_the_encoding_of_what_it_decodes_to(kind: codec.Kind[object], value: object) -> None:
    """No byte string but the canonical one stands for a value: every single-byte change is another value or refused."""
    data = kind.encode(value)
    for position in range(len(data)):
        for change in (0x01, 0x80, 0xFF):
            changed = data[:position] + bytes([data[position] ^ change]) + data[position + 1 :]
            _decodes_canonically_or_not_at_all(kind, changed)


@settings(max_examples=300)
@given(index=st.integers(0, len(SAMPLES) - 1), body=st.binary(max_size=200))
def test_any_bytes_are_refused_or_canonical(index: int, body: bytes) -> None:
    kind = SAMPLES[index][0]
    _decodes_canonically_or_not_at_all(kind, body)
    _decodes_canonically_or_not_at_all(kind, kind.mark + body)


def _decodes_canonically_or_not_at_all(kind: codec.Kind[object], data: bytes) -> None:
    try:
        value = kind.decode(data)
    except codec.Undecodable:
        return
    assert kind.encode(value) == data


def test_one_kind_is_never_taken_for_another() -> None:
    for kind, value in SAMPLES:
        for other in codec.KINDS:
            if other is not kind:
                with pytest.raises(codec.Undecodable):
                    other.decode(kind.encode(value))


def test_an_oversized_object_is_refused_before_it_is_read() -> None:
    with pytest.raises(codec.Undecodable, match="object_must_be_within_its_size"):
        codec.HEADER.decode(codec.HEADER.encode(HEADER) + bytes(codec.HEADER.bytes_max))


def test_the_identity_of_a_transaction_does_not_depend_on_its_signature() -> None:
    one = codec.decode_transaction(codec.encode_transaction(SignedTransaction(TRANSACTION, b"a" * 64)))
    other = codec.decode_transaction(codec.encode_transaction(SignedTransaction(TRANSACTION, b"b" * 64)))
    assert codec.transaction_id(one.transaction) == codec.transaction_id(other.transaction)


@pytest.mark.parametrize("size", [0, 1, 64, 72])
def test_the_identity_is_read_off_the_bytes_that_were_signed(size: int) -> None:
    transactions = [value for kind, value in SAMPLES if kind is codec.TRANSACTION]
    assert transactions
    for transaction in transactions:
        assert isinstance(transaction, Transaction)
        signed = SignedTransaction(transaction, b"s" * size)
        data = codec.encode_transaction(signed)
        assert codec.transaction_id_within(data, signed) == codec.transaction_id(transaction)
