"""Encodings of a program's types as text of Python, and memos of what is read and tested over and over.

`Codecs` in isa/values.py says what the encodings are; a test holds the two against each other. The memos are bounded,
follow from bytes and texts alone, and never change what is returned: a node that has forgotten decides the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_never

from gbalang.errors import InternalError
from gbalang.isa.encoding import EncodingRefused, signed_bytes, text_bytes, unsigned_bytes
from gbalang.isa.types import (
    Date,
    Enumeration,
    List,
    Number,
    Option,
    Ratio,
    Record,
    Reference,
    Set,
    Text,
    Time,
    Truth,
    Type,
)
from gbalang.isa.values import Codecs, key_part
from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.compiled.body import INDENT, Constants

ENTRIES_BYTES_MAX = 1_048_576
"""Encoded entries of one register that a memo holds; it starts again when it is full."""
KEYS_MAX = 4_096
"""References whose keys a memo holds."""


class Entries:
    """The entries of one register by their encoding."""

    __slots__ = ("_bytes", "_codecs", "_held", "_name", "_type")

    def __init__(self, name: str, type_: Record, codecs: Codecs) -> None:
        self._name = name
        self._type = type_
        self._codecs = codecs
        self._held: dict[bytes, tuple[Any, ...]] = {}
        self._bytes = 0

    def read(self, data: bytes) -> tuple[Any, ...]:
        """Return the entry of an encoding."""
        found = self._held.get(data)
        return self._decode(data) if found is None else found

    def read_all(self, found: tuple[bytes, ...]) -> tuple[tuple[Any, ...], ...]:
        """Return the entries of encodings."""
        return tuple([self.read(data) for data in found])

    def remember(self, data: bytes, entry: tuple[Any, ...]) -> bytes:
        """Keep an entry that is about to be written, and return its encoding."""
        if self._bytes + len(data) > ENTRIES_BYTES_MAX:
            self._held.clear()
            self._bytes = 0
        self._held[data] = entry
        self._bytes += len(data)
        return data

    def _decode(self, data: bytes) -> tuple[Any, ...]:
        try:
            entry: tuple[Any, ...] = self._codecs.decode(self._type, data)
        except EncodingRefused as refused:
            raise InternalError(f"register {self._name} holds what is no entry: {refused.reason.value}") from None
        self.remember(data, entry)
        return entry


def key_of_references(type_: Reference, codecs: Codecs) -> Callable[[str], bytes | None]:
    """Return what gives the part of a key that a reference makes, or None if it is not of the kind."""
    test, part = codecs.test(type_), key_part(type_)
    held: dict[str, bytes | None] = {}

    def key(value: str) -> bytes | None:
        if value in held:
            return held[value]
        if len(held) >= KEYS_MAX:
            held.clear()
        found = held[value] = part(value) if test(value) else None
        return found

    return key


def writer_texts(verified: VerifiedProgram, constants: Constants) -> list[str]:
    """Return the text of a function for each record, e0, e1 …: from a conforming value to its encoding."""
    signed, text = constants.name(signed_bytes), constants.name(text_bytes)
    unsigned = constants.name(unsigned_bytes)
    known = _Writing(verified.program.enumerations, signed, text, unsigned)
    texts = []
    for index, record in enumerate(verified.program.records):
        names = [f"p{place}" for place in range(len(record.fields))]
        parts = [known.expression(field.type, name) for field, name in zip(record.fields, names, strict=True)]
        texts.append(
            f"def e{index}(value):\n"
            f"{INDENT}{''.join([f'{name}, ' for name in names])}= value\n"
            f"{INDENT}return {' + '.join(parts)}\n"
        )
    return texts


class _Writing:
    def __init__(self, enumerations: tuple[Any, ...], signed: str, text: str, unsigned: str) -> None:
        self._enumerations = enumerations
        self._signed = signed
        self._text = text
        self._unsigned = unsigned
        self._depth = 0

    def expression(self, type_: Type, name: str) -> str:
        """Return the expression of a value's encoding."""
        match type_:
            case Truth():
                return f"(b'\\x01' if {name} else b'\\x00')"
            case Enumeration():
                return f"{self._unsigned}({name})"
            case Number() | Date() | Time():
                return f"{self._signed}({name})"
            case Ratio():
                return f"{self._signed}({name}[0]) + {self._signed}({name}[1])"
            case Text() | Reference():
                return f"{self._text}({name})"
            case Record(index=index):
                return f"e{index}({name})"
            case List(item=item) | Set(item=item):
                self._depth += 1
                each = f"x{self._depth}"
                return f"{self._unsigned}(len({name})) + b''.join([{self.expression(item, each)} for {each} in {name}])"
            case Option(item=item):
                return f"(b'\\x01' + {self.expression(item, f'{name}[0]')} if {name} else b'\\x00')"
            case _:
                assert_never(type_)
