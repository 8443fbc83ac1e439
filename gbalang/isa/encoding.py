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
    VALUE_MUST_BE_OF_ITS_TYPE = "value_must_be_of_its_type"


class EncodingRefused(Exception):  # noqa: N818  # a refusal, not a failure of ours
    """The bytes are not the encoding of anything that was asked for."""

    def __init__(self, reason: EncodingRule) -> None:
        super().__init__(reason.value)
        self.reason = reason


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
        assert 0 <= value < 1 << UNSIGNED_BITS_MAX
        while value > 0x7F:
            self._parts.append(value & 0x7F | 0x80)
            value >>= 7
        self._parts.append(value)

    def signed(self, value: int) -> None:
        """Append an integer."""
        data = encode_signed(value)
        self._parts.append(len(data))
        self._parts += data

    def octets(self, data: bytes) -> None:
        """Append a length and the bytes."""
        self.unsigned(len(data))
        self._parts += data

    def text(self, text: str) -> None:
        """Append a length and the UTF-8 of a text."""
        self.octets(text.encode("utf-8"))

    def finish(self) -> bytes:
        """Return everything that was appended."""
        return bytes(self._parts)


def encode_signed(value: int) -> bytes:
    """Return the minimal two's complement of an integer, big-endian; zero is the empty string."""
    if value == 0:
        return b""
    magnitude = value if value > 0 else ~value
    return value.to_bytes(magnitude.bit_length() // 8 + 1, "big", signed=True)


class Reader:
    """Reads encodings from bytes. Every method raises EncodingRefused for what is not canonical."""

    __slots__ = ("_data", "_position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self._position = position

    def remaining(self) -> int:
        """Return how many bytes have not been read."""
        return len(self._data) - self._position

    def take(self, count: int) -> bytes:
        """Read so many bytes as they are."""
        end = self._position + count
        if end > len(self._data):
            raise EncodingRefused(EncodingRule.BYTES_MUST_NOT_END_EARLY)
        taken = self._data[self._position : end]
        self._position = end
        return taken

    def unsigned(self) -> int:
        """Read a non-negative integer below 2**64."""
        data, position = self._data, self._position
        value, shift = 0, 0
        while True:
            if position >= len(data):
                raise EncodingRefused(EncodingRule.BYTES_MUST_NOT_END_EARLY)
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > UNSIGNED_BITS_MAX:
                raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_WITHIN_SIZE)
        if byte == 0 and shift:
            raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_MINIMAL)
        if value >> UNSIGNED_BITS_MAX:
            raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_WITHIN_SIZE)
        self._position = position
        return value

    def signed(self) -> int:
        """Read an integer."""
        length = self.take(1)[0]
        if length > SIGNED_BYTES_MAX:
            raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_WITHIN_SIZE)
        data = self.take(length)
        value = int.from_bytes(data, "big", signed=True)
        if encode_signed(value) != data:
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

    def finish(self) -> None:
        """Refuse anything that follows."""
        if self._position != len(self._data):
            raise EncodingRefused(EncodingRule.NOTHING_MUST_FOLLOW)
