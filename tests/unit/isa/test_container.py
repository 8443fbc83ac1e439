"""The container: what it refuses, for every rule; that it has one encoding; what its digest covers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from gbalang.isa import program as p
from gbalang.isa.container import (
    CHECKSUM_BYTES,
    LINE_MAP_SECTION,
    MARK,
    ContainerRefused,
    ContainerRule,
    decode_program,
    digest,
    digest_bytes,
    encode_program,
)
from gbalang.isa.encoding import EncodingRule, Writer
from gbalang.isa.program import LineMap
from gbalang.isa.types import Enumeration, List, Number, Option, Record, Text, Type
from gbalang.limits import PROGRAM_BYTES_MAX
from tests.unit.isa.assembling import NUMBER, SAMPLE, TRUTH, rich

RULE, ENCODING = ContainerRule, EncodingRule
LINES = LineMap(("contract.gba",), tuple(((0, 0, 1),) for _ in rich().functions))


def sections(program: p.Program | None = None) -> list[tuple[int, bytes]]:
    """Return the sections of a program's container, read by hand: a number, a LEB128 length, the content."""
    data = encode_program(program or rich())[:-CHECKSUM_BYTES]
    at, found = len(MARK) + 1, []
    while at < len(data):
        number, length, shift = data[at], 0, 0
        at += 1
        while data[at] & 0x80:
            length |= (data[at] & 0x7F) << shift
            shift += 7
            at += 1
        length |= data[at] << shift
        at += 1
        found.append((number, data[at : at + length]))
        at += length
    return found


def container(parts: list[tuple[int, bytes]], mark: bytes = MARK + b"\x01", tail: bytes = b"") -> bytes:
    """Return a container of those sections, with its closing hash."""
    writer = Writer()
    writer.raw(mark)
    for number, content in parts:
        writer.unsigned(number)
        writer.octets(content)
    content = writer.finish() + tail
    return content + hashlib.sha256(content).digest()


def changed(number: int, change: Callable[[bytes], bytes]) -> bytes:
    """Return the rich sample's container with one section changed and everything around it made anew."""
    return container([(each, change(content) if each == number else content) for each, content in sections()])


def without(number: int) -> bytes:
    """Return the rich sample's container without one section."""
    return container([each for each in sections() if each[0] != number])


def type_section(data: bytes) -> bytes:
    """Return the container of the sample with one type, given as bytes."""
    return container([(each, b"\x01" + data if each == 13 else content) for each, content in sections(SAMPLE)])


REFUSED: tuple[tuple[ContainerRule, str, Callable[[], bytes]], ...] = (
    (RULE.SIZE_MUST_BE_WITHIN_LIMIT, "too large", lambda: MARK + bytes(PROGRAM_BYTES_MAX)),
    (RULE.MARK_MUST_STAND_FIRST, "nothing", lambda: b""),
    (RULE.MARK_MUST_STAND_FIRST, "another mark", lambda: container(sections(), b"GBAX\x01")),
    (RULE.CHECKSUM_MUST_AGREE, "the mark alone", lambda: MARK),
    (RULE.CHECKSUM_MUST_AGREE, "cut", lambda: encode_program(SAMPLE)[:-1]),
    (RULE.CHECKSUM_MUST_AGREE, "another byte", lambda: encode_program(SAMPLE)[:-1] + b"\x00\x00"),
    (RULE.FORMAT_MUST_BE_KNOWN, "2", lambda: container(sections(), MARK + b"\x02")),
    (RULE.SECTIONS_MUST_STAND_IN_ORDER, "one left out", lambda: without(5)),
    (RULE.SECTIONS_MUST_STAND_IN_ORDER, "exchanged", lambda: container(sections()[1:2] + sections()[:1])),
    (RULE.SECTIONS_MUST_STAND_IN_ORDER, "one twice", lambda: container([sections()[0], *sections()])),
    (RULE.SECTIONS_MUST_STAND_IN_ORDER, "one more", lambda: container([*sections(), (17, b"")])),
    (RULE.SECTIONS_MUST_STAND_IN_ORDER, "after the line map", lambda: container(
        [*sections(), (LINE_MAP_SECTION, b"\x00\x00")], tail=b"\x00"
    )),
    (RULE.SECTION_MUST_BE_CANONICAL, "nothing but the beginning", lambda: container([])),
    (RULE.SECTION_MUST_BE_CANONICAL, "a byte after its end", lambda: changed(3, lambda content: content + b"\x00")),
    (RULE.SECTION_MUST_BE_CANONICAL, "cut", lambda: changed(3, lambda content: content[:-1])),
    (RULE.SECTION_MUST_BE_CANONICAL, "a longer number", lambda: changed(
        5, lambda content: bytes([content[0] | 0x80, 0]) + content[1:]
    )),
    (RULE.SECTION_MUST_BE_CANONICAL, "no text", lambda: changed(1, lambda content: b"\x01\xff" + content[7:])),
    (RULE.SECTION_MUST_BE_CANONICAL, "no such type", lambda: type_section(b"\x0d")),
    (RULE.SECTION_MUST_BE_CANONICAL, "types too deep", lambda: type_section(b"\x0c" * 9 + b"\x01")),
    (RULE.SECTION_MUST_BE_CANONICAL, "a longer length than there is", lambda: changed(
        2, lambda content: b"\xff\x1f" + content[1:]
    )),
    (RULE.TYPES_MUST_BE_DEFINED, "a constant of no record", lambda: container([
        (each, b"\x01\x09\x09" if each == 16 else content) for each, content in sections(SAMPLE)
    ])),
    (RULE.TYPES_MUST_BE_DEFINED, "a record of itself", lambda: container([
        (each, b"\x01\x01R\x01\x01f\x09\x00\x00" if each == 4 else content) for each, content in sections(SAMPLE)
    ])),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "make"), [(rule, make) for rule, _, make in REFUSED],
    ids=[f"{rule.value} {name}" for rule, name, _ in REFUSED],
)  # fmt: skip
def test_the_container_is_refused(rule: ContainerRule, make: Callable[[], bytes]) -> None:
    with pytest.raises(ContainerRefused) as refused:
        decode_program(make())
    assert refused.value.reason is rule


def test_every_rule_is_broken_by_bytes() -> None:
    assert {rule for rule, _, _ in REFUSED} == set(ContainerRule)


def test_sections_made_anew_are_the_container() -> None:
    """The canary: what the cases change is a container when nothing is changed."""
    assert container(sections()) == encode_program(rich())
    assert [number for number, _ in sections()] == list(range(1, 17))


@pytest.mark.parametrize("lines", [None, LINES])
def test_what_was_encoded_is_decoded(lines: LineMap | None) -> None:
    for program in (SAMPLE, rich()):
        assert decode_program(encode_program(program, lines)) == (program, lines)


def test_the_container_begins_and_ends_as_the_document_says() -> None:
    data = encode_program(SAMPLE)
    assert data[:5] == b"GBAC\x01"
    assert data[5] == 1, "the first section"
    assert data[-32:] == hashlib.sha256(data[:-32]).digest()


def test_the_digest_covers_everything_that_has_meaning_and_nothing_else() -> None:
    program = rich()
    meaning = encode_program(program)[:-CHECKSUM_BYTES]
    assert digest_bytes(program) == hashlib.sha256(meaning).digest()
    assert digest(program) == "sha256:" + hashlib.sha256(meaning).hexdigest()
    assert encode_program(program, LINES).startswith(meaning), "the line map stands after it"
    assert digest_bytes(replace(program, titles=())) != digest_bytes(program)


@pytest.mark.parametrize(
    ("program", "rule", "encoding"),
    [
        (replace(SAMPLE, format=2), RULE.FORMAT_MUST_BE_KNOWN, None),
        (replace(SAMPLE, name="n" * 129), RULE.SECTION_MUST_BE_CANONICAL, ENCODING.LENGTH_MUST_BE_WITHIN_LIMIT),
        (replace(SAMPLE, records=(p.Record("r", (), 0),), registers=()), RULE.SECTION_MUST_BE_CANONICAL,
         ENCODING.LENGTH_MUST_BE_WITHIN_LIMIT),
        (replace(SAMPLE, constants=((NUMBER, True),)), RULE.SECTION_MUST_BE_CANONICAL,
         ENCODING.VALUE_MUST_BE_OF_ITS_TYPE),
        (replace(SAMPLE, constants=((Record(9), ()),)), RULE.TYPES_MUST_BE_DEFINED, None),
        (replace(SAMPLE, constants=((Enumeration(9), 0),)), RULE.TYPES_MUST_BE_DEFINED, None),
    ],
)  # fmt: skip
def test_a_program_without_a_container_is_refused_by_name(
    program: p.Program, rule: ContainerRule, encoding: EncodingRule | None
) -> None:
    with pytest.raises(ContainerRefused) as refused:
        encode_program(program)
    assert (refused.value.reason, refused.value.encoding) == (rule, encoding)


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        (TRUTH, b"\x01"),
        (Number(2, "CNY", 0, 100), b"\x02\x02\x03CNY\x01\x00\x01\x01\x64"),
        (Text(12), b"\x04\x0c"),
        (Record(1), b"\x09\x01"),
        (List(TRUTH, 3), b"\x0a\x03\x01"),
        (Option(TRUTH), b"\x0c\x01"),
    ],
)
def test_types_are_written_by_their_numbers(type_: Type, data: bytes) -> None:
    """Tags 1 to 12 in the order of the list of types; numbers as minimal varints, bounds with their lengths."""
    assert dict(sections(replace(SAMPLE, types=(type_,))))[13] == b"\x01" + data
