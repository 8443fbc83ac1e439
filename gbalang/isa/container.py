"""The container (.gbac): a program as bytes, one encoding for each program.

    "GBAC" · format · sections 1 to 16, each its number, its length and its content · the line map's section, if any ·
    SHA-256 of everything before

The digest that the cities vote on covers the mark, the format and sections 1 to 16: everything that has meaning. The
line map stands outside it. The closing hash protects from damage, not from forgery: any flipped bit is seen before
anything is interpreted. Decoding refuses whatever encoding would not have written, by name, whatever the bytes are; it
says that a program is well formed, and the verifier says whether it is sound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from enum import Enum
from types import SimpleNamespace
from typing import Any, TypeAlias

from gbalang.isa import program as p
from gbalang.isa.encoding import EncodingRefused, EncodingRule, Reader, Writer
from gbalang.isa.opcodes import BY_NUMBER
from gbalang.isa.program import PROGRAM_FORMAT, LineMap, Program
from gbalang.isa.shapes import Shape, choice, optional, pair, sequence, signed, structure, text, truth, unsigned
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
from gbalang.isa.values import Codecs, record_depths
from gbalang.limits import (
    INSTRUCTIONS_MAX,
    LOCALS_MAX,
    NAMED_PARTS_MAX,
    NUMBER_BITS_MAX,
    PROGRAM_BYTES_MAX,
    PROGRAM_NAME_CHARACTERS_MAX,
    PROGRAM_TEXT_CHARACTERS_MAX,
    TABLE_ROWS_MAX,
    TYPE_NESTING_MAX,
)

MARK = b"GBAC"
CHECKSUM_BYTES = 32
LINE_MAP_SECTION = 0x7F
INDEX_MAX = 2**32 - 1
DIGEST_ALGORITHM = "sha256"


class ContainerRule(Enum):
    """The rule that a container breaks. The value is the name shown in messages."""

    SIZE_MUST_BE_WITHIN_LIMIT = "size_must_be_within_limit"
    MARK_MUST_STAND_FIRST = "mark_must_stand_first"
    CHECKSUM_MUST_AGREE = "checksum_must_agree"
    FORMAT_MUST_BE_KNOWN = "format_must_be_known"
    SECTIONS_MUST_STAND_IN_ORDER = "sections_must_stand_in_order"
    SECTION_MUST_BE_CANONICAL = "section_must_be_canonical"
    TYPES_MUST_BE_DEFINED = "types_must_be_defined"


class ContainerRefused(Exception):  # noqa: N818  # a refusal, not a failure of ours
    """The bytes are no container, or the program has none. `section` is its number, or 0 outside the sections."""

    def __init__(self, reason: ContainerRule, section: int = 0, encoding: EncodingRule | None = None) -> None:
        super().__init__(f"{reason.value} (section {section}{'' if encoding is None else ', ' + encoding.value})")
        self.reason = reason
        self.section = section
        self.encoding = encoding


def encode_program(program: Program, line_map: LineMap | None = None) -> bytes:
    """Return the container of a program. Raises ContainerRefused when it is larger than a container may be."""
    writer = Writer()
    writer.raw(_encode_meaning(program))
    if line_map is not None:
        _write_section(writer, LINE_MAP_SECTION, lambda part: _LINE_MAP.write(part, line_map))
    content = writer.finish()
    if len(content) + CHECKSUM_BYTES > PROGRAM_BYTES_MAX:
        raise ContainerRefused(ContainerRule.SIZE_MUST_BE_WITHIN_LIMIT)
    return content + hashlib.sha256(content).digest()


def decode_program(data: bytes) -> tuple[Program, LineMap | None]:
    """Return the program and line map of a container. Raises ContainerRefused for every other byte string."""
    if len(data) > PROGRAM_BYTES_MAX:
        raise ContainerRefused(ContainerRule.SIZE_MUST_BE_WITHIN_LIMIT)
    if not data.startswith(MARK):
        raise ContainerRefused(ContainerRule.MARK_MUST_STAND_FIRST)
    content, checksum = data[:-CHECKSUM_BYTES], data[-CHECKSUM_BYTES:]
    if hashlib.sha256(content).digest() != checksum:
        raise ContainerRefused(ContainerRule.CHECKSUM_MUST_AGREE)
    if not content.startswith(_BEGINNING):
        raise ContainerRefused(ContainerRule.FORMAT_MUST_BE_KNOWN)
    return _decode_sections(Reader(content, len(_BEGINNING)))


def digest(program: Program) -> str:
    """Return the program's digest with the name of its algorithm: "sha256:" and 64 hexadecimal digits."""
    return f"{DIGEST_ALGORITHM}:{digest_bytes(program).hex()}"


def digest_bytes(program: Program) -> bytes:
    """Return the 32 bytes of the program's digest. Raises ContainerRefused like encode_program."""
    return hashlib.sha256(_encode_meaning(program)).digest()


# ---------------------------------------------------------------- sections

Write: TypeAlias = Callable[[Writer], None]
Fields: TypeAlias = dict[str, Any]


def _encode_meaning(program: Program) -> bytes:
    if program.format != PROGRAM_FORMAT:
        raise ContainerRefused(ContainerRule.FORMAT_MUST_BE_KNOWN)
    writer = Writer()
    writer.raw(_BEGINNING)
    codecs = _codecs(program)
    for number, shapes in _sections(codecs):
        _write_section(writer, number, _fields_writer(program, shapes))
    return writer.finish()


def _fields_writer(program: Program, shapes: dict[str, Shape[Any]]) -> Write:
    def write(writer: Writer) -> None:
        for name, shape in shapes.items():
            shape.write(writer, getattr(program, name))

    return write


def _write_section(writer: Writer, number: int, write: Write) -> None:
    part = Writer()
    try:
        write(part)
    except EncodingRefused as refused:
        raise ContainerRefused(ContainerRule.SECTION_MUST_BE_CANONICAL, number, refused.reason) from None
    writer.unsigned(number)
    writer.octets(part.finish())


def _decode_sections(reader: Reader) -> tuple[Program, LineMap | None]:
    fields: Fields = {}
    for number, shapes in _PLAIN_SECTIONS:
        _read_section(reader, number, shapes, fields)
    codecs = _codecs(SimpleNamespace(records=fields["records"], enumerations=fields["enumerations"]))
    for number, shapes in _sections(codecs)[len(_PLAIN_SECTIONS) :]:
        _read_section(reader, number, shapes, fields)
    program = Program(format=PROGRAM_FORMAT, **fields)
    if not reader.remaining():
        return program, None
    found: Fields = {}
    _read_section(reader, LINE_MAP_SECTION, {"line_map": _LINE_MAP}, found)
    if reader.remaining():
        raise ContainerRefused(ContainerRule.SECTIONS_MUST_STAND_IN_ORDER)
    return program, found["line_map"]


def _read_section(reader: Reader, number: int, shapes: dict[str, Shape[Any]], fields: Fields) -> None:
    try:
        if reader.byte() != number:
            raise ContainerRefused(ContainerRule.SECTIONS_MUST_STAND_IN_ORDER, number)
        part = Reader(reader.octets(PROGRAM_BYTES_MAX))
        for name, shape in shapes.items():
            fields[name] = shape.read(part)
        part.finish()
    except EncodingRefused as refused:
        raise ContainerRefused(ContainerRule.SECTION_MUST_BE_CANONICAL, number, refused.reason) from None


class _DefinedCodecs:
    """Codecs that refuse types of records and enumerations that are not there."""

    def __init__(self, definitions: Any) -> None:
        self._codecs = Codecs(definitions)
        self._records = len(definitions.records)
        self._enumerations = len(definitions.enumerations)
        for record in definitions.records:
            for field in record.fields:
                self.check(field.type)

    def check(self, type_: Type) -> None:
        while isinstance(type_, List | Set | Option):
            type_ = type_.item
        if (isinstance(type_, Record) and type_.index >= self._records) or (
            isinstance(type_, Enumeration) and type_.index >= self._enumerations
        ):
            raise ContainerRefused(ContainerRule.TYPES_MUST_BE_DEFINED)

    def write(self, writer: Writer, type_: Type, value: Value) -> None:
        self.check(type_)
        if not self._codecs.test(type_)(value):
            raise EncodingRefused(EncodingRule.VALUE_MUST_BE_OF_ITS_TYPE)
        self._codecs.writer(type_)(writer, value)

    def read(self, reader: Reader, type_: Type) -> Any:
        self.check(type_)
        return self._codecs.reader(type_)(reader)


def _codecs(definitions: Any) -> _DefinedCodecs:
    if record_depths(definitions.records) is None:
        raise ContainerRefused(ContainerRule.TYPES_MUST_BE_DEFINED)
    return _DefinedCodecs(definitions)


# ---------------------------------------------------------------- shapes of the parts

_NAME = text(PROGRAM_NAME_CHARACTERS_MAX)
_TEXT = text(PROGRAM_TEXT_CHARACTERS_MAX)
_INDEX = unsigned(INDEX_MAX)
_INDEXES = sequence(_INDEX, TABLE_ROWS_MAX)
_DAY = signed(32)
_TAGGED = sequence(pair(text(16), _TEXT), 16)
_TEXTS = sequence(_TEXT, NAMED_PARTS_MAX)
_NAMES = sequence(_NAME, NAMED_PARTS_MAX)
_BOUND = optional(signed(NUMBER_BITS_MAX))


def _type_shape() -> Shape[Type]:
    """Types by number. Recursion is bounded by TYPE_NESTING_MAX."""
    number = structure(Number, scale=unsigned(255), unit=text(3), low=_BOUND, high=_BOUND)
    leaves: tuple[tuple[int, type[Any], Shape[Any]], ...] = (
        (1, Truth, structure(Truth)),
        (2, Number, number),
        (3, Ratio, structure(Ratio, unit=text(3))),
        (4, Text, structure(Text, limit=_INDEX)),
        (5, Date, structure(Date)),
        (6, Time, structure(Time)),
        (7, Reference, structure(Reference, kind=text(16))),
        (8, Enumeration, structure(Enumeration, index=_INDEX)),
        (9, Record, structure(Record, index=_INDEX)),
    )
    by_class = {cls: (tag, shape) for tag, cls, shape in leaves}
    by_tag = {tag: shape for tag, _, shape in leaves}
    list_tag, set_tag, option_tag = 10, 11, 12

    def write(writer: Writer, type_: Type, nesting: int = 0) -> None:
        if nesting > TYPE_NESTING_MAX:
            raise EncodingRefused(EncodingRule.NESTING_MUST_BE_WITHIN_LIMIT)
        match type_:
            case List(item=item, limit=limit) | Set(item=item, limit=limit):
                writer.unsigned(list_tag if isinstance(type_, List) else set_tag)
                _INDEX.write(writer, limit)
                write(writer, item, nesting + 1)
            case Option(item=item):
                writer.unsigned(option_tag)
                write(writer, item, nesting + 1)
            case _:
                tag, shape = by_class[type(type_)]
                writer.unsigned(tag)
                shape.write(writer, type_)

    def read(reader: Reader, nesting: int = 0) -> Type:
        if nesting > TYPE_NESTING_MAX:
            raise EncodingRefused(EncodingRule.NESTING_MUST_BE_WITHIN_LIMIT)
        tag = reader.byte()
        if tag in (list_tag, set_tag):
            limit = _INDEX.read(reader)
            item = read(reader, nesting + 1)
            return List(item, limit) if tag == list_tag else Set(item, limit)
        if tag == option_tag:
            return Option(read(reader, nesting + 1))
        if tag not in by_tag:
            raise EncodingRefused(EncodingRule.TAG_MUST_BE_KNOWN)
        leaf: Type = by_tag[tag].read(reader)
        return leaf

    return Shape(write, read)


def _instruction_shape() -> Shape[p.Instruction]:
    """The opcode's number and as many operands as its row says."""

    def write(writer: Writer, instruction: p.Instruction) -> None:
        row = BY_NUMBER.get(instruction.opcode)
        if row is None or len(row.operands) != len(instruction.operands):
            raise EncodingRefused(EncodingRule.TAG_MUST_BE_KNOWN)
        writer.unsigned(instruction.opcode)
        for operand in instruction.operands:
            _INDEX.write(writer, operand)

    def read(reader: Reader) -> p.Instruction:
        opcode = reader.unsigned()
        row = BY_NUMBER.get(opcode)
        if row is None:
            raise EncodingRefused(EncodingRule.TAG_MUST_BE_KNOWN)
        return p.Instruction(opcode, tuple([_INDEX.read(reader) for _ in row.operands]))

    return Shape(write, read)


_TYPE = _type_shape()
_FIELD = structure(p.Field, name=_NAME, type=_TYPE)
_FIELDS = sequence(_FIELD, NAMED_PARTS_MAX)


def _some_fields() -> Shape[tuple[p.Field, ...]]:
    """At least one: a record without fields would have values of no bytes, and lists of them no bound."""

    def check(fields: tuple[p.Field, ...]) -> tuple[p.Field, ...]:
        if not fields:
            raise EncodingRefused(EncodingRule.LENGTH_MUST_BE_WITHIN_LIMIT)
        return fields

    return Shape(
        lambda writer, fields: _FIELDS.write(writer, check(fields)), lambda reader: check(_FIELDS.read(reader))
    )


_PERMISSION = structure(
    p.Permission, role=optional(_INDEX), city_parameter=optional(_INDEX), city=optional(_NAME)
)
_FUNCTION = structure(
    p.Function,
    name=_NAME,
    kind=choice(p.FunctionKind),
    article=_INDEX,
    parameters=_FIELDS,
    locals=sequence(_TYPE, LOCALS_MAX),
    dated=truth(),
    result=optional(_TYPE),
    permissions=sequence(_PERMISSION, NAMED_PARTS_MAX),
    reads=_INDEXES,
    writes=_INDEXES,
    announces=_INDEXES,
    cost_max=unsigned(2**63),
    code=sequence(_instruction_shape(), INSTRUCTIONS_MAX),
)
_POSITION = pair(_INDEX, pair(_INDEX, _INDEX))


def _positions() -> Shape[tuple[tuple[int, int, int], ...]]:
    nested = sequence(_POSITION, INSTRUCTIONS_MAX)
    return Shape(
        lambda writer, rows: nested.write(writer, tuple([(a, (b, c)) for a, b, c in rows])),
        lambda reader: tuple([(a, b, c) for a, (b, c) in nested.read(reader)]),
    )


_LINE_MAP = structure(LineMap, paths=sequence(_TEXT, TABLE_ROWS_MAX), entries=sequence(_positions(), TABLE_ROWS_MAX))


def _table(cls: type[Any], **shapes: Shape[Any]) -> Shape[Any]:
    return sequence(structure(cls, **shapes), TABLE_ROWS_MAX)


_PLAIN_SECTIONS: tuple[tuple[int, dict[str, Shape[Any]]], ...] = (
    (1, {
        "name": _NAME, "version": unsigned(INDEX_MAX), "titles": _TAGGED, "bases": _TEXTS, "parties": _NAMES,
        "prevailing": sequence(text(16), 16), "effective": _DAY, "expires": optional(_DAY), "review": optional(_DAY),
    }),
    (2, {"articles": _table(
        p.Article, label=_NAME, headings=_TAGGED, bases=_TEXTS, texts=_TAGGED, text_only=_TEXT,
    )}),
    (3, {"enumerations": _table(p.Enumeration, name=_NAME, members=_NAMES, article=_INDEX)}),
    (4, {"records": _table(p.Record, name=_NAME, fields=_some_fields(), article=_INDEX)}),
    (5, {"registers": _table(
        p.Register, name=_NAME, record=_INDEX, keys=sequence(_INDEX, NAMED_PARTS_MAX), article=_INDEX,
    )}),
    (6, {"roles": _table(p.Role, name=_NAME, open=truth(), kinds=sequence(text(16), 16), article=_INDEX)}),
    (7, {"refusals": _table(p.Refusal, name=_NAME, texts=_TAGGED, article=_INDEX)}),
    (8, {"events": _table(p.Event, name=_NAME, fields=_FIELDS, article=_INDEX)}),
    (9, {"conditions": _table(p.Condition, text=_TEXT, refusal=_INDEX, article=_INDEX)}),
    (10, {"notes": _table(p.Note, text=_TEXT, type=_TYPE)}),
    (11, {"marks": _table(p.Mark, name=_NAME, article=_INDEX)}),
    (12, {"calendars": _table(
        p.CalendarSet, mode=choice(p.CalendarMode), calendars=sequence(_NAME, NAMED_PARTS_MAX),
    )}),
    (13, {"types": sequence(_TYPE, TABLE_ROWS_MAX)}),
    (14, {"functions": sequence(_FUNCTION, TABLE_ROWS_MAX)}),
)


def _sections(codecs: _DefinedCodecs) -> tuple[tuple[int, dict[str, Shape[Any]]], ...]:
    """All sections; those with values of the program's own types come last, when these types are known."""
    return (
        *_PLAIN_SECTIONS,
        (15, {"parameters": sequence(_parameter_shape(codecs), TABLE_ROWS_MAX)}),
        (16, {"constants": sequence(_constant_shape(codecs), TABLE_ROWS_MAX)}),
    )


def _parameter_shape(codecs: _DefinedCodecs) -> Shape[p.Parameter]:
    register = optional(_INDEX)

    def write(writer: Writer, parameter: p.Parameter) -> None:
        _NAME.write(writer, parameter.name)
        _TYPE.write(writer, parameter.type)
        _values(parameter.type).write(writer, parameter.values)
        register.write(writer, parameter.register)
        _INDEX.write(writer, parameter.article)

    def read(reader: Reader) -> p.Parameter:
        name, type_ = _NAME.read(reader), _TYPE.read(reader)
        return p.Parameter(name, type_, _values(type_).read(reader), register.read(reader), _INDEX.read(reader))

    def _values(type_: Type) -> Shape[tuple[tuple[int, Value], ...]]:
        value: Shape[Value] = Shape(
            lambda writer, value: codecs.write(writer, type_, value), lambda reader: codecs.read(reader, type_)
        )
        return sequence(pair(_DAY, value), TABLE_ROWS_MAX)

    return Shape(write, read)


def _constant_shape(codecs: _DefinedCodecs) -> Shape[tuple[Type, Value]]:
    def write(writer: Writer, constant: tuple[Type, Value]) -> None:
        _TYPE.write(writer, constant[0])
        codecs.write(writer, *constant)

    def read(reader: Reader) -> tuple[Type, Value]:
        type_ = _TYPE.read(reader)
        return type_, codecs.read(reader, type_)

    return Shape(write, read)


def _beginning() -> bytes:
    writer = Writer()
    writer.raw(MARK)
    writer.unsigned(PROGRAM_FORMAT)
    return writer.finish()


_BEGINNING = _beginning()
