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
from gbalang.isa.types import Date, Enumeration, List, Number, Option, Ratio, Record, Reference, Set, Text, Time, Type
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


# ---------------------------------------------------------------- every bound from both sides


def sample(**changes: object) -> p.Program:
    """Return the sample with other tables. A container need not be sound."""
    return replace(SAMPLE, **changes)  # type: ignore[arg-type]  # names of its fields


def function(**changes: object) -> p.Program:
    base = p.Function("f", p.FunctionKind.RULE, 0, (), (), False, None, (), (), (), (), 0, ())
    return sample(functions=(replace(base, **changes),))  # type: ignore[arg-type]  # names of its fields


def named(count: int, shared: p.Program, **row: object) -> p.Program:
    """Return the program with a table of so many equal rows."""
    ((table, value),) = row.items()
    return replace(shared, **{table: (value,) * count})  # type: ignore[arg-type]  # names of its fields


def nested(wrap: Callable[[Type], Type], times: int) -> p.Program:
    type_: Type = TRUTH
    for _ in range(times):
        type_ = wrap(type_)
    return sample(types=(type_,))


DROP = p.Instruction(0x04, ())
EMPTY = sample(
    articles=(), enumerations=(), records=(), registers=(), roles=(), parameters=(), refusals=(), events=(),
    conditions=(), notes=(), marks=(), calendars=(), types=(), constants=(), functions=(),
)  # fmt: skip
ROWS: dict[str, object] = {
    "articles": p.Article("", (), (), (), ""),
    "enumerations": p.Enumeration("e", (), 0),
    "records": p.Record("r", (p.Field("f", TRUTH),), 0),
    "registers": p.Register("r", 0, (), 0),
    "roles": p.Role("r", True, (), 0),
    "parameters": p.Parameter("p", TRUTH, (), None, 0),
    "refusals": p.Refusal("r", (), 0),
    "events": p.Event("e", (), 0),
    "conditions": p.Condition("c", 0, 0),
    "notes": p.Note("n", TRUTH),
    "marks": p.Mark("m", 0),
    "calendars": p.CalendarSet(p.CalendarMode.ANY, ()),
    "types": TRUTH,
    "constants": (TRUTH, True),
    "functions": function().functions[0],
}
NUMBER_RULE, LENGTH_RULE = ENCODING.NUMBER_MUST_BE_WITHIN_SIZE, ENCODING.LENGTH_MUST_BE_WITHIN_LIMIT
NESTING_RULE = ENCODING.NESTING_MUST_BE_WITHIN_LIMIT
TAGS = ("en", "t")
BOUNDS: tuple[tuple[str, int, EncodingRule, Callable[[int], p.Program]], ...] = (
    # what, the last that has a container, why the next one has none, the program of it
    ("a name", 128, LENGTH_RULE, lambda n: sample(name="n" * n)),
    ("a version", 2**32 - 1, NUMBER_RULE, lambda n: sample(version=n)),
    ("an index", 2**32 - 1, NUMBER_RULE, lambda n: sample(marks=(p.Mark("m", n),))),
    ("an operand", 2**32 - 1, NUMBER_RULE, lambda n: function(code=(p.Instruction(0x01, (n,)),))),
    ("a day", 2**32 - 1, NUMBER_RULE, lambda n: sample(effective=n)),
    ("a day before", 2**32 - 1, NUMBER_RULE, lambda n: sample(effective=-n)),
    ("a day of a value", 2**32 - 1, NUMBER_RULE, lambda n: sample(
        parameters=(p.Parameter("p", NUMBER, ((n, 1),), None, 0),)
    )),
    ("titles", 16, LENGTH_RULE, lambda n: sample(titles=(TAGS,) * n)),
    ("a tag", 16, LENGTH_RULE, lambda n: sample(titles=(("t" * n, "t"),))),
    ("a text", 65_536, LENGTH_RULE, lambda n: sample(titles=(("en", "t" * n),))),
    ("bases", 256, LENGTH_RULE, lambda n: sample(bases=("b",) * n)),
    ("parties", 256, LENGTH_RULE, lambda n: sample(parties=("p",) * n)),
    ("prevailing languages", 16, LENGTH_RULE, lambda n: sample(prevailing=("en",) * n)),
    ("a prevailing language", 16, LENGTH_RULE, lambda n: sample(prevailing=("l" * n,))),
    ("members", 256, LENGTH_RULE, lambda n: sample(enumerations=(p.Enumeration("e", ("m",) * n, 0),))),
    ("fields", 256, LENGTH_RULE, lambda n: sample(events=(p.Event("e", (p.Field("f", TRUTH),) * n, 0),))),
    ("keys", 256, LENGTH_RULE, lambda n: sample(registers=(p.Register("r", 0, (0,) * n, 0),))),
    ("kinds", 16, LENGTH_RULE, lambda n: sample(roles=(p.Role("r", True, ("k",) * n, 0),))),
    ("a kind", 16, LENGTH_RULE, lambda n: sample(roles=(p.Role("r", True, ("k" * n,), 0),))),
    ("calendars of a set", 256, LENGTH_RULE, lambda n: sample(
        calendars=(p.CalendarSet(p.CalendarMode.ANY, ("c",) * n),)
    )),
    ("values", 4_096, LENGTH_RULE, lambda n: sample(parameters=(p.Parameter("p", TRUTH, ((0, True),) * n, None, 0),))),
    ("a scale", 255, NUMBER_RULE, lambda n: sample(types=(Number(n),))),
    ("a unit", 3, LENGTH_RULE, lambda n: sample(types=(Number(0, "U" * n),))),
    ("a unit of a quotient", 3, LENGTH_RULE, lambda n: sample(types=(Ratio("U" * n),))),
    ("bits", 256, NUMBER_RULE, lambda n: sample(types=(Number(0, "", 0, (1 << n) - 1),))),
    ("bits below", 256, NUMBER_RULE, lambda n: sample(types=(Number(0, "", 1 - (1 << n), 0),))),
    ("a kind of holder", 16, LENGTH_RULE, lambda n: sample(types=(Reference("k" * n),))),
    ("lists", 8, NESTING_RULE, lambda n: nested(lambda item: List(item, 1), n)),
    ("sets", 8, NESTING_RULE, lambda n: nested(lambda item: Set(item, 1), n)),
    ("options", 8, NESTING_RULE, lambda n: nested(Option, n)),
    ("locals", 512, LENGTH_RULE, lambda n: function(locals=(TRUTH,) * n)),
    ("permissions", 256, LENGTH_RULE, lambda n: function(permissions=(p.Permission(None),) * n)),
    ("parameters of a function", 256, LENGTH_RULE, lambda n: function(parameters=(p.Field("f", TRUTH),) * n)),
    ("reads", 4_096, LENGTH_RULE, lambda n: function(reads=(0,) * n)),
    ("a cost", 2**63, NUMBER_RULE, lambda n: function(cost_max=n)),
    ("instructions", 65_536, LENGTH_RULE, lambda n: function(code=(DROP,) * n)),
    *((f"rows of {table}", 4_096, LENGTH_RULE, lambda n, table=table, row=row: named(n, EMPTY, **{table: row}))
      for table, row in ROWS.items()),
)  # fmt: skip


@pytest.mark.parametrize(
    ("last", "encoding", "make"), [each[1:] for each in BOUNDS], ids=[what for what, *_ in BOUNDS]
)
def test_the_last_has_a_container_and_the_next_one_has_none(
    last: int, encoding: EncodingRule, make: Callable[[int], p.Program]
) -> None:
    program = make(last)
    assert decode_program(encode_program(program))[0] == program
    with pytest.raises(ContainerRefused) as refused:
        encode_program(make(last + 1))
    assert (refused.value.reason, refused.value.encoding) == (RULE.SECTION_MUST_BE_CANONICAL, encoding)


def test_a_container_is_as_large_as_it_may_be_and_no_larger() -> None:
    """Texts of 65,536 characters, and one that fills what is left: from 16,384 on a length takes three bytes."""
    full = p.Article("", (), ("b" * 65_536,) * 15, (), "")
    shorter = sample(articles=(*SAMPLE.articles, full, p.Article("", (), (), (), "t" * 20_000)))
    rest = PROGRAM_BYTES_MAX - len(encode_program(shorter))
    longest, longer = (
        sample(articles=(*SAMPLE.articles, full, p.Article("", (), (), (), "t" * (20_000 + more))))
        for more in (rest, rest + 1)
    )
    data = encode_program(longest)
    assert len(data) == PROGRAM_BYTES_MAX
    assert decode_program(data) == (longest, None)
    with pytest.raises(ContainerRefused) as refused:
        encode_program(longer)
    assert refused.value.reason is RULE.SIZE_MUST_BE_WITHIN_LIMIT
    content = data[:-CHECKSUM_BYTES] + b"\x00"
    with pytest.raises(ContainerRefused) as refused:
        decode_program(content + hashlib.sha256(content).digest())
    assert refused.value.reason is RULE.SIZE_MUST_BE_WITHIN_LIMIT


@pytest.mark.parametrize("number", range(1, 17))
def test_a_refusal_names_the_section(number: int) -> None:
    for data, rule in (
        (changed(number, lambda content: content + b"\x00"), RULE.SECTION_MUST_BE_CANONICAL),
        (without(number), RULE.SECTIONS_MUST_STAND_IN_ORDER if number < 16 else RULE.SECTION_MUST_BE_CANONICAL),
    ):
        with pytest.raises(ContainerRefused) as refused:
            decode_program(data)
        assert (refused.value.reason, refused.value.section) == (rule, number)


def test_a_refusal_of_the_whole_names_no_section() -> None:
    for data in (b"", MARK, container(sections(), MARK + b"\x02")):
        with pytest.raises(ContainerRefused) as refused:
            decode_program(data)
        assert refused.value.section == 0


ALL_TYPES: tuple[Type, ...] = (
    TRUTH, NUMBER, Ratio(), Text(1), Date(), Time(), Reference("city"), Enumeration(0), Record(1), List(TRUTH, 1),
    Set(TRUTH, 1), Option(TRUTH),
)  # fmt: skip


def test_every_type_has_its_number() -> None:
    """1 to 12 in this order, and every one is read back."""
    for place, type_ in enumerate(ALL_TYPES):
        program = sample(types=(type_,))
        assert dict(sections(program))[13][:2] == bytes([1, 1 + place])
        assert decode_program(encode_program(program))[0].types == (type_,)


@pytest.mark.parametrize(
    ("given", "sound"),
    [(Record(1), True), (Record(2), False), (Record(3), False), (Enumeration(0), True), (Enumeration(1), False)],
)
@pytest.mark.parametrize("wrap", [lambda item: item, lambda item: List(item, 1), lambda item: Set(item, 1), Option])
def test_fields_are_of_types_that_there_are(given: Type, sound: bool, wrap: Callable[[Type], Type]) -> None:
    """The sample has two records and an enumeration; a record more may hold those, and neither itself nor others."""
    program = sample(records=(*SAMPLE.records, p.Record("R", (p.Field("f", wrap(given)),), 0)))
    if sound:
        assert decode_program(encode_program(program))[0] == program
        return
    with pytest.raises(ContainerRefused) as refused:
        encode_program(program)
    assert refused.value.reason is RULE.TYPES_MUST_BE_DEFINED


@pytest.mark.parametrize("instruction", [p.Instruction(0xFE, ()), p.Instruction(0x04, (0,)), p.Instruction(0x01, ())])
def test_an_instruction_that_is_none_has_no_encoding(instruction: p.Instruction) -> None:
    with pytest.raises(ContainerRefused) as refused:
        encode_program(function(code=(instruction,)))
    assert (refused.value.section, refused.value.encoding) == (14, ENCODING.TAG_MUST_BE_KNOWN)


def test_bytes_that_are_no_instruction_and_no_type() -> None:
    """A rule called f in article 0 without anything but one instruction: its last two bytes are the count and 0x04."""
    content = dict(sections(function(code=(DROP,))))[14]
    assert content.endswith(b"\x01\x04")
    unknown = container(
        [(each, content[:-1] + b"\x05" if each == 14 else whole) for each, whole in sections(function(code=(DROP,)))]
    )
    for data, section, rule in (
        (unknown, 14, ENCODING.TAG_MUST_BE_KNOWN),
        (type_section(b"\x00"), 13, ENCODING.TAG_MUST_BE_KNOWN),
        (type_section(b"\x0d"), 13, ENCODING.TAG_MUST_BE_KNOWN),
        *((type_section(wrap * 9 + b"\x01"), 13, NESTING_RULE) for wrap in (b"\x0a\x01", b"\x0b\x01", b"\x0c")),
    ):
        with pytest.raises(ContainerRefused) as refused:
            decode_program(data)
        assert (refused.value.section, refused.value.encoding) == (section, rule)


@pytest.mark.parametrize(
    ("last", "make"),
    [
        (65_536, lambda n: LineMap(("a",), (((0, 0, 1),) * n,))),
        (65_536, lambda n: LineMap(("a" * n,), ())),
        (4_096, lambda n: LineMap(("a",) * n, ())),
        (4_096, lambda n: LineMap((), ((),) * n)),
        (2**32 - 1, lambda n: LineMap(("a",), (((n, n, n),),))),
    ],
    ids=["positions", "a path", "paths", "functions", "a line"],
)
def test_the_line_map_has_bounds_and_a_section_of_its_own(last: int, make: Callable[[int], LineMap]) -> None:
    assert decode_program(encode_program(SAMPLE, make(last)))[1] == make(last)
    with pytest.raises(ContainerRefused) as refused:
        encode_program(SAMPLE, make(last + 1))
    assert (refused.value.reason, refused.value.section) == (RULE.SECTION_MUST_BE_CANONICAL, 127)
