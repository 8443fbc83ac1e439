"""DER, the one encoding of ASN.1 (ITU-T X.690), as far as certificates need it. Standard library alone.

Certificates are read here and not by a library, because a refusal is written into a receipt: eleven cities with eleven
versions of a library must refuse the same bytes for the same reason. The reader never recurses.
"""

from __future__ import annotations

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER = 0x01, 0x02, 0x03, 0x04, 0x06
UTF8_STRING, PRINTABLE_STRING, IA5_STRING, UTC_TIME, GENERALIZED_TIME = 0x0C, 0x13, 0x16, 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31


class DerError(ValueError):
    """The bytes are not the structure that was expected."""


class NonCanonicalError(DerError):
    """The bytes can be read, but DER writes the same value in another way."""


class Reader:
    """Reads tag-length-value elements one after the other from bytes it does not change."""

    __slots__ = ("_data", "_end", "_position")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._end = len(data)

    @property
    def at_end(self) -> bool:
        """Whether everything has been read."""
        return self._position == self._end

    def next_tag(self) -> int | None:
        """Return the tag of the next element without reading it, or None at the end."""
        return None if self.at_end else self._data[self._position]

    def read(self, tag: int) -> bytes:
        """Return the content of the next element, which must have that tag. Raises DerError."""
        if self.next_tag() != tag:
            raise DerError("another tag")
        start, end = self._bounds()
        self._position = end
        return self._data[start:end]

    def read_element(self, tag: int) -> bytes:
        """Return the next element whole, with tag and length. Raises DerError."""
        begin = self._position
        self.read(tag)
        return self._data[begin : self._position]

    def read_any(self) -> tuple[int, bytes]:
        """Return tag and content of the next element. Raises DerError."""
        tag = self.next_tag()
        if tag is None or tag & 0x1F == 0x1F:
            raise DerError("no element, or a tag of more than one byte")
        return tag, self.read(tag)

    def finish(self) -> None:
        """Raise DerError if something is left."""
        if not self.at_end:
            raise DerError("bytes are left over")

    def _bounds(self) -> tuple[int, int]:
        """Return where the content of the next element begins and ends. At most three bytes of length are read."""
        start = self._position + 2
        if start > self._end:
            raise DerError("cut off")
        length = self._data[start - 1]
        if length == 0x80:
            raise NonCanonicalError("DER knows no indefinite length")
        if length > 0x80:
            size = length - 0x80
            if size > 3 or start + size > self._end:
                raise DerError("cut off, or far too long")
            length = int.from_bytes(self._data[start : start + size], "big")
            if length < 0x80 or length >> (8 * (size - 1)) == 0:
                raise NonCanonicalError("the length fits fewer bytes")
            start += size
        if start + length > self._end:
            raise DerError("cut off")
        return start, start + length


def read_unsigned(content: bytes) -> int:
    """Return the number of an INTEGER's content. Raises DerError if it is negative, empty or padded."""
    if not content or content[0] & 0x80:
        raise DerError("empty or negative")
    if len(content) > 1 and content[0] == 0 and not content[1] & 0x80:
        raise NonCanonicalError("the number fits fewer bytes")
    return int.from_bytes(content, "big")


def read_true(content: bytes) -> bool:
    """Return True for a BOOLEAN's content. FALSE is the default where certificates use it, and DER omits defaults."""
    if content != b"\xff":
        raise NonCanonicalError("only TRUE is written, as ff")
    return True


def read_octets(content: bytes) -> bytes:
    """Return the whole octets of a BIT STRING's content. Raises DerError."""
    if not content or content[0] != 0:
        raise DerError("not a whole number of octets")
    return content[1:]


def read_flags(content: bytes) -> int:
    """Return a BIT STRING of named bits as a number in which bit 0 of the string is 1, bit 1 is 2, and so on."""
    if not content or content[0] > 7 or len(content) > 3:
        raise DerError("no bit string of up to 16 bits")
    unused, octets = content[0], content[1:]
    if (
        (not octets and unused)
        or (octets and not octets[-1] >> unused & 1)
        or (octets and octets[-1] & ((1 << unused) - 1))
    ):
        raise NonCanonicalError("DER omits zero bits at the end")
    return sum(
        1 << (8 * index + bit) for index, octet in enumerate(octets) for bit in range(8) if octet & (0x80 >> bit)
    )


def element(tag: int, *contents: bytes) -> bytes:
    """Return an element whose content is the given parts joined."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def unsigned(number: int) -> bytes:
    """Return an INTEGER that is not negative."""
    return element(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets_as_bits(octets: bytes) -> bytes:
    """Return a BIT STRING of whole octets."""
    return element(BIT_STRING, b"\0", octets)


def flags(number: int) -> bytes:
    """Return a BIT STRING of named bits; the reverse of read_flags for numbers below 256."""
    assert 0 < number < 256
    octet = sum(0x80 >> bit for bit in range(8) if number >> bit & 1)
    unused = (octet & -octet).bit_length() - 1
    return element(BIT_STRING, bytes((unused, octet)))


def object_identifier(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER, whole, from its dotted form."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    content = b""
    for arc in (40 * first + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | arc & 0x7F)
        content += bytes(reversed(septets))
    return element(OBJECT_IDENTIFIER, content)
