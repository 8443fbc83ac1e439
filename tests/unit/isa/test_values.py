"""Values as bytes: a set has one encoding, and keys stand in the order of their values and are never confused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbalang.isa.encoding import EncodingRefused, EncodingRule, Reader, unsigned_bytes
from gbalang.isa.types import Number, Set, Text
from gbalang.isa.values import Codecs, encode_key, key_part
from tests.unit.isa.assembling import NUMBER, SAMPLE

SMALL = Set(Number(0, "", 0, 9), 3)
NAMES = Set(Text(4), 3)
TEXT = Text(12)
TEXTS = st.text(st.sampled_from("\x00\x01a\x7f\xff請😀"), max_size=4)


@pytest.mark.parametrize(
    ("type_", "items"),
    # Numbers and texts are a length and their bytes: docs/ledger.md.
    [
        (SMALL, (b"\x01\x03", b"\x01\x03")),
        (SMALL, (b"\x00", b"\x00")),
        (SMALL, (b"\x01\x01", b"\x01\x03", b"\x01\x03")),
        (SMALL, (b"\x01\x03", b"\x01\x01")),
        (NAMES, (b"\x01a", b"\x01a")),
        (NAMES, (b"\x01b", b"\x01a")),
    ],
)
def test_a_set_that_names_an_item_twice_or_out_of_order_is_no_set(type_: Set, items: tuple[bytes, ...]) -> None:
    codecs = Codecs(SAMPLE)
    with pytest.raises(EncodingRefused) as refused:
        codecs.decode(type_, bytes([len(items)]) + b"".join(items))
    assert refused.value.reason is EncodingRule.ITEMS_MUST_ASCEND
    once = sorted(set(items))
    assert len(codecs.decode(type_, bytes([len(once)]) + b"".join(once))) == len(once)


@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_keys_of_texts_stand_in_their_order_and_tell_them_apart(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Zero bytes in a text included: a name that ends in one is not the name without it."""
    first, second = encode_key((TEXT, TEXT), one), encode_key((TEXT, TEXT), other)
    assert (first < second, first == second) == (one < other, one == other)


@given(TEXTS, TEXTS, TEXTS)
def test_the_first_part_of_a_key_begins_the_keys_of_that_part_alone(one: str, other: str, rest: str) -> None:
    """A scan by the first part of a key finds what has that part, and nothing else."""
    whole = encode_key((TEXT, TEXT), (one, rest))
    assert whole.startswith(key_part(TEXT)(other)) == (one == other)


@given(st.integers(1 - 2**256, 2**256 - 1), st.integers(-300, 300), TEXTS)
def test_keys_of_numbers_stand_in_their_order(one: int, distance: int, text: str) -> None:
    other = one + distance
    first, second = encode_key((NUMBER, TEXT), (one, text)), encode_key((NUMBER, TEXT), (other, ""))
    assert (first < second, first == second) == ((one, text) < (other, ""), (one, text) == (other, ""))


def test_keys_of_numbers_at_the_edges_of_their_lengths_stand_in_their_order() -> None:
    """A negative number of more bytes comes before one of fewer, whatever chance draws."""
    edges = [2 ** (8 * length) + step for length in range(33) for step in (-1, 0, 1)]
    numbers = sorted({0, *edges[:-2], *(-each for each in edges[:-2])})
    keys = [encode_key((NUMBER,), (number,)) for number in numbers]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(numbers)


@pytest.mark.parametrize(("data", "value"), [(b"\x00", 0), (b"\x7f", 127), (b"\x80\x01", 128), (b"\x81\x01", 129)])
def test_a_count_is_written_in_the_fewest_bytes(data: bytes, value: int) -> None:
    """LEB128: seven bits to a byte, the lowest first. A zero byte more at the end would be a second encoding."""
    assert unsigned_bytes(value) == data
    assert Reader(data).unsigned() == value
    with pytest.raises(EncodingRefused) as refused:
        Reader(data[:-1] + bytes([data[-1] | 0x80, 0])).unsigned()
    assert refused.value.reason is EncodingRule.NUMBER_MUST_BE_MINIMAL
