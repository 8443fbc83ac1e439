"""DER as X.690 has it: one encoding for each value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.crypto.der import (
    INTEGER,
    OCTET_STRING,
    DerError,
    NonCanonicalError,
    Reader,
    element,
    flags,
    object_identifier,
    read_flags,
    read_octets,
    read_true,
    read_unsigned,
    unsigned,
)


@pytest.mark.parametrize(
    ("dotted", "encoded"),
    [
        ("1.2.840.113549", "06062a864886f70d"),  # "A Layman's Guide to a Subset of ASN.1, BER, and DER", 5.9
        ("1.3.101.112", "06032b6570"),  # RFC 8410, section 3
        ("1.2.840.10045.3.1.7", "06082a8648ce3d030107"),  # prime256v1, RFC 5480
        ("0.9.2342.19200300.100.1.1", "060a0992268993f22c640101"),  # uid, RFC 4519
    ],
)
def test_object_identifiers(dotted: str, encoded: str) -> None:
    assert object_identifier(dotted).hex() == encoded


@pytest.mark.parametrize(
    ("number", "encoded"),
    [(0, "020100"), (127, "02017f"), (128, "02020080"), (256, "02020100")],  # Layman's Guide, 5.7
)
def test_integers(number: int, encoded: str) -> None:
    assert unsigned(number).hex() == encoded
    assert read_unsigned(Reader(bytes.fromhex(encoded)).read(INTEGER)) == number


@pytest.mark.parametrize(("content", "error"), [("", DerError), ("80", DerError), ("0001", NonCanonicalError)])
def test_integers_that_are_refused(content: str, error: type[DerError]) -> None:
    with pytest.raises(DerError) as caught:
        read_unsigned(bytes.fromhex(content))
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("number", "encoded"),
    [
        (1, "03020780"),  # digitalSignature
        (1 << 5 | 1 << 6, "03020106"),  # keyCertSign, cRLSign
        (0xFF, "030200ff"),
    ],
)
def test_named_bits(number: int, encoded: str) -> None:
    assert flags(number).hex() == encoded
    assert read_flags(bytes.fromhex(encoded)[2:]) == number


def test_the_ninth_bit_stands_in_the_second_octet() -> None:
    assert read_flags(bytes.fromhex("070080")) == 1 << 8
    assert read_flags(b"\0") == 0


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", DerError),
        ("0880", DerError),
        ("00808080", DerError),
        ("01", NonCanonicalError),  # unused bits of nothing
        ("0080", NonCanonicalError),  # zero bits at the end that are not declared unused
        ("0781", NonCanonicalError),  # an unused bit that is set
        ("0600", NonCanonicalError),
        ("008000", NonCanonicalError),
    ],
)
def test_named_bits_that_are_refused(content: str, error: type[DerError]) -> None:
    with pytest.raises(DerError) as caught:
        read_flags(bytes.fromhex(content))
    assert type(caught.value) is error


@pytest.mark.parametrize("content", ["", "00", "01", "ffff"])
def test_only_true_is_written(content: str) -> None:
    assert read_true(b"\xff")
    with pytest.raises(NonCanonicalError):
        read_true(bytes.fromhex(content))


def test_a_bit_string_of_part_octets_is_refused() -> None:
    assert read_octets(b"\0ab") == b"ab"
    for content in (b"", b"\x01ab"):
        with pytest.raises(DerError):
            read_octets(content)


@given(st.integers(0, 70_000), st.binary(max_size=3))
def test_what_is_written_is_read_again(size: int, rest: bytes) -> None:
    reader = Reader(element(OCTET_STRING, bytes(size)) + rest)
    assert len(reader.read(OCTET_STRING)) == size
    assert reader.at_end == (rest == b"")


@pytest.mark.parametrize(("size", "length"), [(127, "7f"), (128, "8180"), (255, "81ff"), (256, "820100")])
def test_lengths(size: int, length: str) -> None:
    """X.690, 8.1.3 and 10.1."""
    assert element(OCTET_STRING, bytes(size))[1:-size].hex() == length


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ("", DerError),
        ("04", DerError),
        ("0401", DerError),
        ("0500", DerError),  # another tag
        ("0482", DerError),
        ("04840000000100", DerError),
        ("04ff", DerError),
        ("0480", NonCanonicalError),
        ("04810100", NonCanonicalError),
        ("0482000100", NonCanonicalError),
    ],
)
def test_elements_that_are_refused(data: str, error: type[DerError]) -> None:
    with pytest.raises(DerError) as caught:
        Reader(bytes.fromhex(data)).read(OCTET_STRING)
    assert type(caught.value) is error


def test_what_is_left_over_is_seen() -> None:
    reader = Reader(b"\x04\x00\x00")
    reader.read(OCTET_STRING)
    with pytest.raises(DerError):
        reader.finish()


def test_tags_of_more_than_one_byte_are_refused() -> None:
    for data in (b"", b"\x1f\x81\x00\x00", b"\xbf\x20\x00"):
        with pytest.raises(DerError):
            Reader(data).read_any()
