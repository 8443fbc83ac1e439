"""Values: their canonical encoding, their conformity to a type, and keys whose bytes keep the values' order.

One law ties this file together: `decode_value` returns exactly the values that conform to the type, each from one byte
string. Codecs are built once per type and then cost one call for each part of a value. Records must not contain
themselves (`record_depths` tells), and types must be nested within bounds; the container and the verifier see to both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import gcd
from typing import Any, Protocol, TypeAlias, assert_never

from gbalang.isa import program as p
from gbalang.isa.civil import DATE_MAX, DATE_MIN, TIME_MAX, TIME_MIN
from gbalang.isa.encoding import EncodingRefused, EncodingRule, Reader, Writer
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
    Value,
)
from gbalang.limits import NUMBER_BITS_MAX, VALUE_DEPTH_MAX

CITIES = (
    "HongKong",
    "Macao",
    "Guangzhou",
    "Shenzhen",
    "Zhuhai",
    "Foshan",
    "Huizhou",
    "Dongguan",
    "Zhongshan",
    "Jiangmen",
    "Zhaoqing",
)
"""The cities by the identifiers that references begin with."""
_CITIES = frozenset(CITIES)

HOLDER_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
HOLDER_CHARACTERS_MAX = 64
CITY_CHARACTERS_MAX = max(len(city) for city in CITIES)
REFERENCE_CHARACTERS_MAX = CITY_CHARACTERS_MAX + 1 + HOLDER_CHARACTERS_MAX

KEY_TYPES = (Truth, Number, Text, Date, Time, Reference, Enumeration)
"""The types that a key may have: those with an order that bytes can keep."""

Write: TypeAlias = Callable[[Writer, Any], None]
Read: TypeAlias = Callable[[Reader], Any]
Test: TypeAlias = Callable[[Any], bool]


class Definitions(Protocol):
    """What a codec needs of a program: the records and enumerations that types refer to."""

    @property
    def records(self) -> tuple[p.Record, ...]: ...

    @property
    def enumerations(self) -> tuple[p.Enumeration, ...]: ...


def encode_value(type_: Type, value: Value, program: Definitions) -> bytes:
    """Return the canonical encoding of a value that conforms to the type.

    Of a value that does not conform, the result is undefined: ask `conforms` first about values from outside.
    """
    return Codecs(program).encode(type_, value)


def decode_value(type_: Type, data: bytes, program: Definitions) -> Value:
    """Return the conforming value that these bytes encode. Raises EncodingRefused for all other bytes."""
    value: Value = Codecs(program).decode(type_, data)
    return value


def conforms(type_: Type, value: object, program: Definitions) -> bool:
    """Whether any Python object is a value of the type: kind, range, length, canonical form."""
    return Codecs(program).test(type_)(value)


def encode_key(types: Sequence[Type], values: Sequence[Value]) -> bytes:
    """Return the values as a key: bytes in the values' order, and each leading part a prefix of its keys alone.

    Raises EncodingRefused for a lone surrogate in a text.
    """
    return b"".join([key_part(type_)(value) for type_, value in zip(types, values, strict=True)])


class Codecs:
    """Writers, readers and tests of types, each built once. A memo: what it returns depends on the program alone."""

    __slots__ = ("_enumerations", "_readers", "_records", "_tests", "_writers")

    def __init__(self, program: Definitions) -> None:
        self._records = program.records
        self._enumerations = program.enumerations
        self._writers: dict[Type, Write] = {}
        self._readers: dict[Type, Read] = {}
        self._tests: dict[Type, Test] = {}

    def encode(self, type_: Type, value: Value) -> bytes:
        """Return the encoding of a conforming value."""
        writer = Writer()
        self.writer(type_)(writer, value)
        return writer.finish()

    def decode(self, type_: Type, data: bytes) -> Any:
        """Return the value. Raises EncodingRefused."""
        reader = Reader(data)
        value = self.reader(type_)(reader)
        reader.finish()
        return value

    def writer(self, type_: Type) -> Write:
        """Return what appends a value of the type."""
        found = self._writers.get(type_)
        if found is None:
            found = self._writers[type_] = self._make_writer(type_)
        return found

    def reader(self, type_: Type) -> Read:
        """Return what reads a value of the type."""
        found = self._readers.get(type_)
        if found is None:
            found = self._readers[type_] = self._make_reader(type_)
        return found

    def test(self, type_: Type) -> Test:
        """Return what tells whether an object is a value of the type."""
        found = self._tests.get(type_)
        if found is None:
            found = self._tests[type_] = self._make_test(type_)
        return found

    def _make_writer(self, type_: Type) -> Write:
        match type_:
            case Truth() | Enumeration():
                return Writer.unsigned
            case Number() | Date() | Time():
                return Writer.signed
            case Ratio():
                return _write_ratio
            case Text() | Reference():
                return Writer.text
            case Record(index=index):
                return _record_writer(tuple([self.writer(field.type) for field in self._records[index].fields]))
            case List(item=item) | Set(item=item):
                return _items_writer(self.writer(item))
            case Option(item=item):
                return _option_writer(self.writer(item))
            case _:
                assert_never(type_)

    def _make_reader(self, type_: Type) -> Read:
        match type_:
            case Truth() | Number() | Ratio() | Text() | Date() | Time() | Reference() | Enumeration():
                return _tested(self._make_primitive_reader(type_), self.test(type_))
            case Record(index=index):
                return _record_reader(tuple([self.reader(field.type) for field in self._records[index].fields]))
            case List(item=item, limit=limit):
                return _list_reader(self.reader(item), limit)
            case Set(item=item, limit=limit):
                return _set_reader(self.reader(item), limit)
            case Option(item=item):
                return _option_reader(self.reader(item))
            case _:
                assert_never(type_)

    @staticmethod
    def _make_primitive_reader(
        type_: Truth | Number | Ratio | Text | Date | Time | Reference | Enumeration,
    ) -> Read:
        match type_:
            case Truth():
                return _read_truth
            case Number() | Date() | Time():
                return Reader.signed
            case Ratio():
                return lambda reader: (reader.signed(), reader.signed())
            case Text(limit=limit):
                return lambda reader: reader.text(4 * limit)
            case Reference():
                return lambda reader: reader.text(REFERENCE_CHARACTERS_MAX)
            case Enumeration():
                return Reader.unsigned
            case _:
                assert_never(type_)

    def _make_test(self, type_: Type) -> Test:
        match type_:
            case Truth():
                return lambda value: type(value) is bool
            case Number():
                return _number_test(*number_range(type_))
            case Date():
                return _number_test(DATE_MIN, DATE_MAX)
            case Time():
                return _number_test(TIME_MIN, TIME_MAX)
            case Enumeration(index=index):
                return _number_test(0, len(self._enumerations[index].members) - 1)
            case Ratio():
                return _is_ratio
            case Text(limit=limit):
                return lambda value: type(value) is str and len(value) <= limit and _has_utf8(value)
            case Reference(kind=kind):
                return _reference_test(kind)
            case Record(index=index):
                return _record_test(tuple([self.test(field.type) for field in self._records[index].fields]))
            case List(item=item, limit=limit):
                return _list_test(self.test(item), limit)
            case Set(item=item, limit=limit):
                return _set_test(self.test(item), limit, lambda value: self.encode(item, value))
            case Option(item=item):
                test = self.test(item)
                return lambda value: type(value) is tuple and (not value or (len(value) == 1 and test(value[0])))
            case _:
                assert_never(type_)


# ---------------------------------------------------------------- parts of codecs


def _write_ratio(writer: Writer, value: tuple[int, int]) -> None:
    writer.signed(value[0])
    writer.signed(value[1])


def _record_writer(fields: tuple[Write, ...]) -> Write:
    def write(writer: Writer, value: tuple[Any, ...]) -> None:
        for field, part in zip(fields, value, strict=True):
            field(writer, part)

    return write


def _items_writer(item: Write) -> Write:
    def write(writer: Writer, value: tuple[Any, ...]) -> None:
        writer.unsigned(len(value))
        for part in value:
            item(writer, part)

    return write


def _option_writer(item: Write) -> Write:
    def write(writer: Writer, value: tuple[Any, ...]) -> None:
        writer.unsigned(len(value))
        if value:
            item(writer, value[0])

    return write


def _read_truth(reader: Reader) -> bool:
    value = reader.byte()
    if value > 1:
        raise EncodingRefused(EncodingRule.TAG_MUST_BE_KNOWN)
    return value == 1


def _tested(read: Read, test: Test) -> Read:
    def read_tested(reader: Reader) -> Any:
        value = read(reader)
        if not test(value):
            raise EncodingRefused(EncodingRule.VALUE_MUST_BE_OF_ITS_TYPE)
        return value

    return read_tested


def _record_reader(fields: tuple[Read, ...]) -> Read:
    return lambda reader: tuple([field(reader) for field in fields])


def _list_reader(item: Read, limit: int) -> Read:
    return lambda reader: tuple([item(reader) for _ in range(reader.count(limit))])


def _set_reader(item: Read, limit: int) -> Read:
    def read(reader: Reader) -> tuple[Any, ...]:
        items = []
        before = b""
        for number in range(reader.count(limit)):
            start = reader.position()
            items.append(item(reader))
            encoded = reader.since(start)
            if number and encoded <= before:
                raise EncodingRefused(EncodingRule.ITEMS_MUST_ASCEND)
            before = encoded
        return tuple(items)

    return read


def _option_reader(item: Read) -> Read:
    return lambda reader: (item(reader),) if _read_truth(reader) else ()


def number_range(type_: Number) -> tuple[int, int]:
    """Return the least and the greatest mantissa of a number type; what the machine can hold where none is stated."""
    bound = (1 << NUMBER_BITS_MAX) - 1
    return (-bound if type_.low is None else type_.low), (bound if type_.high is None else type_.high)


def _number_test(low: int, high: int) -> Test:
    return lambda value: type(value) is int and low <= value <= high


def _is_ratio(value: object) -> bool:
    if type(value) is not tuple or len(value) != 2:
        return False
    numerator, denominator = value
    return (
        type(numerator) is int
        and type(denominator) is int
        and numerator.bit_length() <= NUMBER_BITS_MAX
        and denominator.bit_length() <= NUMBER_BITS_MAX
        and denominator > 0
        and gcd(numerator, denominator) == 1
    )


def _has_utf8(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def _reference_test(kind: str) -> Test:
    city, holder = kind in ("city", "actor"), kind != "city"

    def test(value: object) -> bool:
        if type(value) is not str or len(value) > REFERENCE_CHARACTERS_MAX:
            return False
        place, slash, name = value.partition("/")
        if place not in _CITIES:
            return False
        return (holder and _is_holder(name)) if slash else city

    return test


def _is_holder(name: str) -> bool:
    # Nothing is left only if every character is one of those that may go.
    return 0 < len(name) <= HOLDER_CHARACTERS_MAX and not name.strip(HOLDER_CHARACTERS)


def _record_test(fields: tuple[Test, ...]) -> Test:
    count = len(fields)

    def test(value: object) -> bool:
        if type(value) is not tuple or len(value) != count:
            return False
        return all(map(_holds, fields, value))

    return test


def _holds(test: Test, value: object) -> bool:
    return test(value)


def _list_test(item: Test, limit: int) -> Test:
    return lambda value: type(value) is tuple and len(value) <= limit and all(item(part) for part in value)


def _set_test(item: Test, limit: int, encode: Callable[[Any], bytes]) -> Test:
    items = _list_test(item, limit)

    def test(value: object) -> bool:
        if not items(value):
            return False
        assert isinstance(value, tuple)
        encoded = [encode(part) for part in value]
        return all(before < after for before, after in pairwise(encoded))

    return test


# ---------------------------------------------------------------- keys


def key_part(type_: Type) -> Callable[[Any], bytes]:
    """Return what encodes one part of a key. The type is one of KEY_TYPES; any value of its kind is encoded."""
    match type_:
        case Text() | Reference():
            return _text_key
        case Truth() | Number() | Date() | Time() | Enumeration():
            return _number_key
        case _:
            raise EncodingRefused(EncodingRule.VALUE_MUST_BE_OF_ITS_TYPE)


def _number_key(value: int) -> bytes:
    """The first byte is 128 plus (or minus) the number of bytes of the magnitude, so more bytes are further from zero;
    the bytes of a negative number are complemented, so that they ascend with it.
    """
    length = (value.bit_length() + 7) >> 3
    if value >= 0:
        return bytes((0x80 + length,)) + value.to_bytes(length, "big")
    return bytes((0x80 - length,)) + ((1 << (8 * length)) - 1 + value).to_bytes(length, "big")


def _text_key(value: str) -> bytes:
    """UTF-8, whose order is that of the characters; a zero byte is followed by 255, and two zero bytes end the text, so
    that no text's key begins another's.
    """
    try:
        data = value.encode("utf-8")
    except UnicodeEncodeError:
        raise EncodingRefused(EncodingRule.TEXT_MUST_BE_UTF8) from None
    return data.replace(b"\x00", b"\x00\xff") + b"\x00\x00"


def largest_key_part(type_: Type) -> int:
    """Return how many bytes a conforming value of one of KEY_TYPES takes in a key at most."""
    match type_:
        case Text(limit=limit):
            return 4 * limit + 2
        case Reference(kind=kind):
            return (CITY_CHARACTERS_MAX if kind == "city" else REFERENCE_CHARACTERS_MAX) + 2
        case Number():
            return 1 + max([(bound.bit_length() + 7) >> 3 for bound in number_range(type_)])
        case _:
            return 6


# ---------------------------------------------------------------- sizes, depths, zero values


class Sizes:
    """How large and how deep values of a type can be. A memo like Codecs."""

    __slots__ = ("_by_record", "_enumerations", "_records")

    def __init__(self, program: Definitions) -> None:
        self._records = program.records
        self._enumerations = program.enumerations
        self._by_record: dict[int, int] = {}

    def bytes_max(self, type_: Type) -> int:
        """Return the length of the longest encoding of a value of the type."""
        match type_:
            case Truth():
                return 1
            case Number():
                return 2 + max([bound.bit_length() >> 3 for bound in number_range(type_)])
            case Ratio():
                return 2 * (2 + (NUMBER_BITS_MAX >> 3))
            case Text(limit=limit):
                return 4 * limit + 3
            case Date() | Time() | Enumeration():
                return 6
            case Reference(kind=kind):
                return 1 + (CITY_CHARACTERS_MAX if kind == "city" else REFERENCE_CHARACTERS_MAX)
            case Record(index=index):
                return self._record_bytes_max(index)
            case List(item=item, limit=limit) | Set(item=item, limit=limit):
                return 3 + limit * self.bytes_max(item)
            case Option(item=item):
                return 1 + self.bytes_max(item)
            case _:
                assert_never(type_)

    def units(self, type_: Type) -> int:
        """Return the same in units of 64 bytes, begun ones counted: what costs are reckoned in."""
        return 1 + (self.bytes_max(type_) >> 6)

    def _record_bytes_max(self, index: int) -> int:
        found = self._by_record.get(index)
        if found is None:
            found = sum([self.bytes_max(field.type) for field in self._records[index].fields])
            self._by_record[index] = found
        return found


def record_depths(records: tuple[p.Record, ...]) -> tuple[int, ...] | None:
    """Return how deep values of each record can be, or None when a record contains itself, stands deeper than
    VALUE_DEPTH_MAX, or refers to a record that is not there.

    Rounds instead of recursion: after VALUE_DEPTH_MAX rounds every depth within the limit is settled.
    """
    parts = [_parts_of_record(record) for record in records]
    if any(index >= len(records) for found in parts for index, _ in found):
        return None
    depths = [1] * len(records)
    for _ in range(VALUE_DEPTH_MAX + 1):
        settled = [max([1, *[1 + below + depths[index] for index, below in found]]) for found in parts]
        if settled == depths:
            return tuple(depths) if max(depths, default=0) <= VALUE_DEPTH_MAX else None
        depths = settled
    return None


def _parts_of_record(record: p.Record) -> tuple[tuple[int, int], ...]:
    """The records that a record's fields hold, each with the lists, sets and options around it."""
    found = []
    for field in record.fields:
        type_, below = field.type, 0
        while isinstance(type_, List | Set | Option):
            type_, below = type_.item, below + 1
        if isinstance(type_, Record):
            found.append((type_.index, below))
    return tuple(found)


def zero_value(type_: Type, program: Definitions) -> Value:
    """Return the plainest value that conforms to the type: zero or the number nearest to it, nothing, the first."""
    match type_:
        case Truth():
            return False
        case Number():
            low, high = number_range(type_)
            return min(max(0, low), high)
        case Ratio():
            return (0, 1)
        case Text():
            return ""
        case Date() | Time() | Enumeration():
            return 0
        case Reference(kind=kind):
            return CITIES[0] if kind in ("city", "actor") else f"{CITIES[0]}/0"
        case Record(index=index):
            return tuple([zero_value(field.type, program) for field in program.records[index].fields])
        case List() | Set() | Option():
            return ()
        case _:
            assert_never(type_)
