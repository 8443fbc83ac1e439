"""Shapes: an encoding described once, from which writing and reading both follow.

Relies on the primitives of `encoding`. A shape refuses to write what it would refuse to read, so that nothing can be
encoded that cannot be decoded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Generic, TypeVar

from gbalang.isa.encoding import EncodingRefused, EncodingRule, Reader, Writer

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)
U = TypeVar("U")

UTF8_BYTES_OF_CHARACTER_MAX = 4


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """How a value is written and read."""

    write: Callable[[Writer, T], None]
    read: Callable[[Reader], T]


def unsigned(limit: int) -> Shape[int]:
    """An integer from 0 to limit."""

    def check(value: int) -> int:
        if not 0 <= value <= limit:
            raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_WITHIN_SIZE)
        return value

    return Shape(lambda writer, value: writer.unsigned(check(value)), lambda reader: check(reader.unsigned()))


def signed(bits: int) -> Shape[int]:
    """An integer of at most so many bits, the sign aside."""

    def check(value: int) -> int:
        if value.bit_length() > bits:
            raise EncodingRefused(EncodingRule.NUMBER_MUST_BE_WITHIN_SIZE)
        return value

    return Shape(lambda writer, value: writer.signed(check(value)), lambda reader: check(reader.signed()))


def text(limit: int) -> Shape[str]:
    """A text of at most so many characters."""

    def check(value: str) -> str:
        if len(value) > limit:
            raise EncodingRefused(EncodingRule.LENGTH_MUST_BE_WITHIN_LIMIT)
        return value

    bytes_max = limit * UTF8_BYTES_OF_CHARACTER_MAX
    return Shape(lambda writer, value: writer.text(check(value)), lambda reader: check(reader.text(bytes_max)))


def octets(limit: int, exact: int | None = None) -> Shape[bytes]:
    """At most so many bytes; exactly so many when that is given."""

    def check(value: bytes) -> bytes:
        if len(value) > limit or (exact is not None and len(value) != exact):
            raise EncodingRefused(EncodingRule.LENGTH_MUST_BE_WITHIN_LIMIT)
        return value

    return Shape(lambda writer, value: writer.octets(check(value)), lambda reader: check(reader.octets(limit)))


def truth() -> Shape[bool]:
    """0 or 1."""

    def read(reader: Reader) -> bool:
        value = reader.byte()
        if value > 1:
            raise EncodingRefused(EncodingRule.TAG_MUST_BE_KNOWN)
        return value == 1

    return Shape(lambda writer, value: writer.unsigned(1 if value else 0), read)


def choice(enumeration: type[E]) -> Shape[E]:
    """A member of an enumeration of numbers."""
    members = {int(member): member for member in enumeration}

    def read(reader: Reader) -> E:
        member = members.get(reader.unsigned())
        if member is None:
            raise EncodingRefused(EncodingRule.TAG_MUST_BE_KNOWN)
        return member

    return Shape(lambda writer, value: writer.unsigned(int(value)), read)


def optional(item: Shape[T]) -> Shape[T | None]:
    """0, or 1 and the item."""
    flag = truth()

    def write(writer: Writer, value: T | None) -> None:
        flag.write(writer, value is not None)
        if value is not None:
            item.write(writer, value)

    return Shape(write, lambda reader: item.read(reader) if flag.read(reader) else None)


def sequence(item: Shape[T], limit: int) -> Shape[tuple[T, ...]]:
    """A count, at most limit, and the items. No item may be empty."""

    def write(writer: Writer, values: tuple[T, ...]) -> None:
        if len(values) > limit:
            raise EncodingRefused(EncodingRule.LENGTH_MUST_BE_WITHIN_LIMIT)
        writer.unsigned(len(values))
        for value in values:
            item.write(writer, value)

    def read(reader: Reader) -> tuple[T, ...]:
        return tuple([item.read(reader) for _ in range(reader.count(limit))])

    return Shape(write, read)


def pair(first: Shape[T], second: Shape[U]) -> Shape[tuple[T, U]]:
    """Two values."""

    def write(writer: Writer, value: tuple[T, U]) -> None:
        first.write(writer, value[0])
        second.write(writer, value[1])

    return Shape(write, lambda reader: (first.read(reader), second.read(reader)))


def structure(cls: type[T], **shapes: Shape[Any]) -> Shape[T]:
    """A dataclass, field by field in declared order; every field must have its shape."""
    names = tuple(field.name for field in fields(cls))  # type: ignore[arg-type]  # every cls here is a dataclass
    assert names == tuple(shapes), f"the shape of {cls.__name__} must list its fields in order"
    ordered = tuple(shapes.values())

    def write(writer: Writer, value: T) -> None:
        for name, shape in shapes.items():
            shape.write(writer, getattr(value, name))

    return Shape(write, lambda reader: cls(*[shape.read(reader) for shape in ordered]))


def union(variants: tuple[tuple[int, type[Any], Shape[Any]], ...]) -> Shape[Any]:
    """One of several dataclasses, told apart by a frozen number."""
    by_class = {cls: (number, shape) for number, cls, shape in variants}
    by_number = {number: shape for number, _, shape in variants}
    assert len(by_class) == len(by_number) == len(variants), "every variant has its own number"

    def write(writer: Writer, value: object) -> None:
        number, shape = by_class[type(value)]
        writer.unsigned(number)
        shape.write(writer, value)

    def read(reader: Reader) -> object:
        shape = by_number.get(reader.unsigned())
        if shape is None:
            raise EncodingRefused(EncodingRule.TAG_MUST_BE_KNOWN)
        return shape.read(reader)

    return Shape(write, read)
