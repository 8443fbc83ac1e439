"""The canonical primitives from which every encoding is made: of programs, values, transactions, blocks.

Each value has one encoding, and the reader refuses every other. Unsigned integers are minimal LEB128 varints; signed
integers a length and minimal two's complement, big-endian; bytes and texts a length and their content. Nothing is ever
allocated for a length before it has been compared with the bytes that are there.
"""

from __future__ import annotations

from enum import Enum

SIGNED_BYTES_MAX = 64
"""Bytes of a signed integer: twice what the machine can hold, so a value out of range is told apart from nonsense."""

UNSIGNED_BITS_MAX = 64


class EncodingRule(Enum):
    """The rule that bytes break. The value is the name shown in messages."""

    BYTES_MUST_NOT_END_EARLY = "bytes_must_not_end_early"
    NOTHING_MUST_FOLLOW = "nothing_must_follow"
    NUMBER_MUST_BE_MINIMAL = "number_must_be_minimal"
    NUMBER_MUST_BE_WITHIN_SIZE = "number_must_be_within_size"
    LENGTH_MUST_BE_WITHIN_LIMIT = "length_must_be_within_limit"
    TEXT_MUST_BE_UTF8 = "text_must_be_utf8"
    TAG_MUST_BE_KNOWN = "tag_must_be_known"
    VALUE_MUST_BE_OF_ITS_TYPE = "value_must_be_of_its_type"
    ITEMS_MUST_ASCEND = "items_must_ascend"
    NESTING_MUST_BE_WITHIN_LIMIT = "nesting_must_be_within_limit"


class EncodingRefused(Exception):  # noqa: N818  # a refusal, not a failure of ours
    """The bytes are not the encoding of anything that was asked for, or the value has none."""

    def __init__(self, reason: EncodingRule) -> None:
        super().__init__(reason.value)
        self.reason = reason


_SHORT = tuple([bytes((value,)) for value in range(0x80)])
"""The encodings of the unsigned integers that take one byte."""


def unsigned_bytes(value: int) -> bytes:
    """Return the encoding of a non-negative integer below 2**64."""
    assert 0 <= value < 1 << UNSIGNED_BITS_MAX
    if value <= 0x7F:
        return _SHORT[value]
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def signed_bytes(value: int) -> bytes:
    """Return the encoding of an integer of at most SIGNED_BYTES_MAX bytes; zero has none."""
    if value == 0:
        return _SHORT[0]
    length = ((value if value > 0 else ~value).bit_length() >> 3) + 1
    assert length <= SIGNED_BYTES_MAX
    return _SHORT[length] + value.to_bytes(length, "big", signed=True)


def text_bytes(text: str) -> bytes:
    """Return the length and the UTF-8 of a text. Raises EncodingRefused for a lone surrogate, which has none."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise EncodingRefused(EncodingRule.TEXT_MUST_BE_UTF8) from None
    return unsigned_bytes(len(data)) + data


class Writer:
    """Appends encodings."""

    __slots__ = ("_parts",)

    def __init__(self) -> None:
        self._parts = bytearray()

    def raw(self, data: bytes) -> None:
        """Append bytes as they are."""
        self._parts += data

    def unsigned(self, value: int) -> None:
        """Append a non-negative integer below 2**64."""
        self._parts += unsigned_bytes(value)

    def signed(self, value: int) -> None:
        """Append an integer of at most SIGNED_BYTES_MAX bytes; zero has none."""
        self._parts += signed_bytes(value)

    def octets(self, data: bytes) -> None:
        """Append a length and the bytes."""
        self._parts += unsigned_bytes(len(data))
        self._parts += data

    def text(self, text: str) -> None:
        """Append a length and the UTF-8 of a text. Raises EncodingRefused for a lone surrogate, which has none."""
        self._parts += text_bytes(text)

    def finish(self) -> bytes:
        """Return everything that was appended."""
        return bytes(self._parts)


class Reader:
    """Reads encodings from bytes. Every method raises EncodingRefused for what is not canonical."""

    __slots__ = ("_data", "_end", "_position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self._position = position
        self._end = len(data)

    def remaining(self) -> int:
        """Return how many bytes have not been read."""
        return self._end - self._position

    def position(self) -> int:
        """Return how many bytes stand before the next one."""
        return self._position

    def since(self, position: int) -> bytes:
        """Return the bytes read since an earlier position."""
        return self._data[position : self._position]

    def take(self, count: int) -> bytes:
        """Read so many bytes as they are."""
        start = self._position
        end = start + count
        if end > self._end:
            raise EncodingRefused(EncodingRule.BYTES_MUST_NOT_END_EARLY)
        self._position = end
        return self._data[start:end]

    def byte(self) -> int:
        """Read one byte."""
        position = self._position
        if position >= self._end:
            raise EncodingRefused(EncodingRule.BYTES_MUST_NOT_END_EARLY)
        self._position = position + 1
        return self._data[position]

    def unsigned(self) -> int:
        """Read a non-negative integer below 2**64."""
        byte = self.byte()
        if byte < 0x80:
            return byte
        value, shift = byte & 0x7F, 7
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > UNSIGNED_BITS_MAX:
                raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_WITHIN_SIZE)
        if byte == 0:
            raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_MINIMAL)
        if value >> UNSIGNED_BITS_MAX:
            raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_WITHIN_SIZE)
        return value

    def signed(self) -> int:
        """Read an integer."""
        length = self.byte()
        if length > SIGNED_BYTES_MAX:
            raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_WITHIN_SIZE)
        if length == 0:
            return 0
        value = int.from_bytes(self.take(length), "big", signed=True)
        if value == 0 or ((value if value > 0 else ~value).bit_length() >> 3) + 1 != length:
            raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_MINIMAL)
        return value

    def octets(self, limit: int) -> bytes:
        """Read a length, at most limit, and so many bytes."""
        length = self.unsigned()
        if length > limit:
            raise EncodingRefused(EncodingRule.LENGTH_MUST_BE_WITHIN_LIMIT)
        return self.take(length)

    def text(self, limit_bytes: int) -> str:
        """Read a text of at most so many bytes of UTF-8."""
        try:
            return self.octets(limit_bytes).decode("utf-8")
        except UnicodeDecodeError:
            raise EncodingRefused(EncodingRule.TEXT_MUST_BE_UTF8) from None

    def count(self, limit: int) -> int:
        """Read how many items follow: at most limit, and no more than bytes are left, as no item is empty."""
        count = self.unsigned()
        if count > limit:
            raise EncodingRefused(EncodingRule.LENGTH_MUST_BE_WITHIN_LIMIT)
        if count > self._end - self._position:
            raise EncodingRefused(EncodingRule.BYTES_MUST_NOT_END_EARLY)
        return count

    def finish(self) -> None:
        """Refuse anything that follows."""
        if self._position != self._end:
            raise EncodingRefused(EncodingRule.NOTHING_MUST_FOLLOW)
