"""What each instruction takes and leaves, where it may stand, what its operands may be, and what it costs there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gbalang.isa import program as p
from gbalang.isa.costs import FunctionSummary, summarise
from gbalang.isa.opcodes import BY_NAME, OPCODES, Operand
from gbalang.isa.stack import ALLOWED_IN, SIMPLE, Unsound, VerificationRule, flows_into, same_kind
from gbalang.isa.types import Enumeration, List, Number, Option, Ratio, Record, Reference, Set, Text, Time, Type, Value
from tests.unit.isa.assembling import (
    CITY,
    CLAIM,
    DATE,
    MONEY,
    NUMBER,
    PERSON,
    SAMPLE,
    STATUS,
    TAGS,
    TRUTH,
    YEAR,
    Assembler,
    Const,
    Line,
    claim,
    date,
    number,
)

R = VerificationRule
KIND = p.FunctionKind
TRUE: Line = ("constant", Const(TRUTH, True))
RATIO, TIME, NUMBERS, OPTION = Ratio(), Time(), List(NUMBER, 3), Option(NUMBER)
OWN_RATE = Record(1)
VALUES: dict[Type, Value] = {
    TRUTH: True, NUMBER: 1, RATIO: (1, 2), DATE: 1, TIME: 1, CITY: "Macao", STATUS: 0, Text(9): "", NUMBERS: (1,),
    TAGS: (1,), OPTION: (1,), CLAIM: claim(), OWN_RATE: ("Macao", 1, 1), YEAR: 2026, PERSON: "Macao/c", MONEY: 1,
}  # fmt: skip
"""Kinds of values, and one of each."""


def value(type_: Type) -> Line:
    return ("constant", Const(type_, VALUES[type_]))


def broken(
    *lines: Line, kind: KIND = KIND.QUERY, gives: Type | None = None, extra: tuple[Type, ...] = (),
    takes: tuple[Type, ...] = (), dated: bool = False,
) -> VerificationRule | None:
    """Return the rule that code breaks; what it leaves is dropped unless the function gives it."""
    found = summary(*lines, kind=kind, gives=gives, extra=extra, takes=takes, dated=dated)
    return found.reason if isinstance(found, Unsound) else None


def summary(
    *lines: Line, kind: KIND = KIND.QUERY, gives: Type | None = None, extra: tuple[Type, ...] = (),
    takes: tuple[Type, ...] = (), dated: bool = False,
) -> FunctionSummary | Unsound:
    """Return what is known of a function of that code, or why it is not sound."""
    assembler = Assembler()
    assembler.function(KIND.RULE, ("local_get", 0), name="rule", takes=(NUMBER, DATE), gives=NUMBER)
    assembler.function(KIND.EXCEPTION, ("local_get", 0), name="dated", takes=(NUMBERS,), gives=NUMBERS, dated=True)
    assembler.function(kind, *lines, gives=gives, extra=extra, takes=takes, dated=dated)
    try:
        return summarise(assembler.program())[-1]
    except Unsound as unsound:
        return unsound


# What each instruction takes and leaves, from the column of the reference; * stands for as much as its operands say.
# Instructions of blocks and of locals have tests of their own.
TAKES: dict[str, tuple[tuple[Type, ...], Type | None, tuple[int | str | Type, ...]]] = {
    "add": ((NUMBER, NUMBER), NUMBER, ()),
    "subtract": ((NUMBER, NUMBER), NUMBER, ()),
    "multiply": ((NUMBER, NUMBER), NUMBER, ()),
    "negate": ((NUMBER,), NUMBER, ()),
    "rescale": ((NUMBER,), NUMBER, (2,)),
    "to_ratio": ((NUMBER,), RATIO, (2,)),
    "ratio_add": ((RATIO, RATIO), RATIO, ()),
    "ratio_subtract": ((RATIO, RATIO), RATIO, ()),
    "ratio_multiply": ((RATIO, RATIO), RATIO, ()),
    "ratio_divide": ((RATIO, RATIO), RATIO, ()),
    "ratio_negate": ((RATIO,), RATIO, ()),
    "ratio_round": ((RATIO,), NUMBER, (1,)),
    "ratio_compare": ((RATIO, RATIO), NUMBER, ()),
    "equal": ((DATE, DATE), TRUTH, ()),
    "less": ((DATE, DATE), TRUTH, ()),
    "less_or_equal": ((TIME, TIME), TRUTH, ()),
    "not": ((TRUTH,), TRUTH, ()),
    "call": ((NUMBER, DATE), NUMBER, ("rule",)),
    "record": ((CITY, DATE, NUMBER), OWN_RATE, ("OwnRate",)),
    "with_field": ((CLAIM, NUMBER), CLAIM, (2,)),
    "list": ((NUMBER, NUMBER), NUMBERS, (NUMBERS, 2)),
    "set": ((NUMBER, NUMBER), TAGS, (TAGS, 2)),
    "append": ((NUMBERS, NUMBER), NUMBERS, ()),
    "contains": ((NUMBER, NUMBERS), TRUTH, ()),
    "item": ((NUMBERS, NUMBER), NUMBER, ()),
    "numbers": ((NUMBER, NUMBER), List(NUMBER, 5), (5,)),
    "add_days": ((DATE, NUMBER), DATE, ()),
    "add_months": ((DATE, NUMBER), DATE, (1,)),
    "add_working_days": ((DATE, NUMBER), DATE, (0,)),
    "working_days_between": ((DATE, DATE), NUMBER, (0,)),
    "is_working_day": ((DATE,), TRUTH, (0,)),
    "days_between": ((DATE, DATE), NUMBER, ()),
    "date_part": ((DATE,), NUMBER, (1,)),
    "date_of_time": ((TIME,), DATE, ()),
    "add_seconds": ((TIME, NUMBER), TIME, ()),
    "seconds_between": ((TIME, TIME), NUMBER, ()),
    "actor": ((), Reference("actor"), ()),
    "today": ((), DATE, ()),
    "now": ((), TIME, ()),
    "city_of": ((CITY,), CITY, ()),
    "parameter": ((DATE,), MONEY, ("ceiling",)),
    "local_parameter": ((CITY, DATE), Number(6, "%"), ("rate",)),
    "has": ((CITY, DATE), TRUTH, ("own_rates",)),
    "get": ((CITY, DATE), OWN_RATE, ("own_rates",)),
    "enter": ((OWN_RATE,), None, ("own_rates",)),
    "amend": ((OWN_RATE,), None, ("own_rates",)),
    "remove": ((CITY, DATE), None, ("own_rates",)),
    "entries": ((CITY, DATE), List(OWN_RATE, 4), ("own_rates", 2, 4)),
    "announce": ((CITY, NUMBER), None, ("received",)),
    "mark": ((), None, ("subsidy",)),
    "note": ((NUMBER,), NUMBER, (1,)),
    "require": ((TRUTH,), None, (0,)),
    "check": ((NUMBER,), YEAR, (YEAR,)),
}  # fmt: skip
ALSO: dict[tuple[str, int], Type] = {("with_field", 0): OWN_RATE, ("contains", 1): TAGS, ("item", 0): TAGS}
"""Other kinds that an instruction takes in a place: a record with such a field, a set as well as a list."""
OF_ANY_KIND = {"constant", "local_get", "local_set", "drop", "some", "none", "refuse", "fault"}
OF_SEVERAL_KINDS = {"if", "else", "end", "each", "field", "is_present", "unwrap", "length"}


def kind_of(name: str) -> KIND:
    return KIND.ACT if ALLOWED_IN.get(name) == (KIND.ACT,) else KIND.QUERY


def same(one: Type, other: Type) -> bool:
    """References are all texts; numbers and lists of numbers are of one kind each, whatever their range and limit."""
    return type(one) is type(other) and (not isinstance(one, Record) or one == other)


@pytest.mark.parametrize("name", TAKES)
def test_an_instruction_takes_its_kinds_and_leaves_its_own(name: str) -> None:
    takes, leaves, operands = TAKES[name]
    line: Line = (name, *operands)
    kind = kind_of(name)
    lines = [value(type_) for type_ in takes]
    drop = () if leaves is None else ("drop",)
    assert broken(*lines, line, *drop, kind=kind) is None
    for place, wanted in enumerate(takes):
        for other in VALUES:
            if not same(other, wanted) and ALSO.get((name, place)) != other:
                assert broken(*lines[:place], value(other), *lines[place + 1 :], line, kind=kind) is (
                    R.OPERAND_MUST_FIT_TYPE
                ), (name, place, other)
    if takes:
        assert broken(*lines[1:], line, kind=kind) is R.STACK_MUST_HOLD_OPERANDS
        # Nor does it take what stands below the block it is in.
        assert broken(*lines, TRUE, ("if", 0), line, *drop, "end", kind=kind) is R.STACK_MUST_HOLD_OPERANDS
    if leaves is not None:
        for other in VALUES:
            expected = None if flows_into(leaves, other) else R.RESULT_MUST_FIT
            assert broken(*lines, line, kind=kind, gives=other) is expected, (name, other)


def test_every_instruction_has_its_kinds() -> None:
    names = {row.name for row in OPCODES}
    assert {*TAKES, *OF_ANY_KIND, *OF_SEVERAL_KINDS} == names
    assert {*SIMPLE} <= names


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("field", (Record,)), ("is_present", (Option,)), ("unwrap", (Option,)), ("length", (List, Set)),
        ("each", (List, Set)), ("append", (List,)), ("less", (Number, type(DATE), Time)),
        ("less_or_equal", (Number, type(DATE), Time)), ("equal", tuple({type(each) for each in VALUES})),
    ],
)  # fmt: skip
def test_an_instruction_that_takes_values_of_several_kinds(name: str, takes: tuple[type, ...]) -> None:
    operands = (0,) if name in ("field", "each") else ()
    for given in VALUES:
        before = (value(given), value(given)) if name in ("equal", "less", "less_or_equal") else (value(given),)
        if name == "append":
            before = (*before, number(1))
        after = ("end",) if name == "each" else ("drop",)
        expected = None if isinstance(given, takes) else R.OPERAND_MUST_FIT_TYPE
        assert broken(*before, (name, *operands), *after, extra=(NUMBER,)) is expected, given


# ---------------------------------------------------------------- kinds and limits

FLOWS: tuple[tuple[Type, Type, bool, bool], ...] = (
    # what is there, what is wanted, whether it is of the same kind, whether it flows there without a check
    (NUMBER, Number(2, "CNY", 0, 9), True, True),
    (Text(9), Text(1), True, True),
    (PERSON, CITY, True, True),
    (RATIO, Ratio("CNY"), True, True),
    (DATE, TIME, False, False),
    (DATE, NUMBER, False, False),
    (STATUS, STATUS, True, True),
    (STATUS, Enumeration(1), False, False),
    (CLAIM, CLAIM, True, True),
    (CLAIM, OWN_RATE, False, False),
    (Record(0), Enumeration(0), False, False),
    (List(NUMBER, 2), List(NUMBER, 3), True, True),
    (List(NUMBER, 3), List(NUMBER, 3), True, True),
    (List(NUMBER, 4), List(NUMBER, 3), True, False),
    (Set(NUMBER, 4), Set(NUMBER, 3), True, False),
    (List(NUMBER, 3), Set(NUMBER, 3), False, False),
    (List(NUMBER, 3), List(DATE, 3), False, False),
    (List(List(NUMBER, 4), 3), List(List(NUMBER, 3), 3), True, False),
    (Option(NUMBER), Option(YEAR), True, True),
    (Option(NUMBER), Option(DATE), False, False),
    (Option(NUMBER), NUMBER, False, False),
    (Option(List(NUMBER, 4)), Option(List(NUMBER, 3)), True, False),
    (Option(List(NUMBER, 3)), Option(List(NUMBER, 3)), True, True),
    (List(Option(List(NUMBER, 4)), 1), List(Option(List(NUMBER, 3)), 1), True, False),
)


@pytest.mark.parametrize(("actual", "wanted", "kind", "flows"), FLOWS)
def test_what_is_of_the_same_kind_and_what_flows_without_a_check(
    actual: Type, wanted: Type, kind: bool, flows: bool
) -> None:
    """Costs rest on the limits of lists and sets: those are not forgotten on the way to a local, a call or a result."""
    assert (same_kind(actual, wanted), flows_into(actual, wanted)) == (kind, flows)


LARGER = ("constant", Const(List(NUMBER, 4), ()))
LISTS = List(NUMBERS, 2)


@pytest.mark.parametrize(
    ("lines", "gives"),
    [
        ((LARGER,), NUMBERS),
        ((LARGER, ("local_set", 0)), None),
        ((LARGER, ("constant", Const(DATE, 1)), ("call", "dated")), NUMBERS),
        ((TRUE, ("if", NUMBERS), LARGER, "else", value(NUMBERS), "end"), NUMBERS),
        ((TRUE, ("if", NUMBERS), value(NUMBERS), "else", LARGER, "end"), NUMBERS),
        ((LARGER, ("list", LISTS, 1)), LISTS),
        ((("constant", Const(LISTS, ())), LARGER, "append"), LISTS),
        ((("constant", Const(List(List(NUMBER, 4), 1), ())), ("each", 0), "end"), None),
        ((LARGER, ("note", 2)), NUMBERS),
    ],
)
def test_a_longer_list_flows_nowhere_without_a_check(lines: tuple[Line, ...], gives: Type | None) -> None:
    expected = {R.OPERAND_MUST_FIT_TYPE, R.RESULT_MUST_FIT, R.BLOCK_MUST_LEAVE_ITS_RESULT}
    assembler = Assembler(replace(SAMPLE, notes=(*SAMPLE.notes, p.Note("list", NUMBERS))))
    assembler.function(KIND.EXCEPTION, ("local_get", 0), name="dated", takes=(NUMBERS,), gives=NUMBERS, dated=True)
    assembler.function(KIND.QUERY, *lines, gives=gives, extra=(NUMBERS,))
    with pytest.raises(Unsound) as unsound:
        summarise(assembler.program())
    assert unsound.value.reason in expected
    checked = [each for line in lines for each in ((line, ("check", NUMBERS)) if line is LARGER else (line,))]
    if LARGER in lines:
        assembler.functions.pop()
        assembler.function(KIND.QUERY, *checked, gives=gives, extra=(NUMBERS,))
        assert summarise(assembler.program())


# ---------------------------------------------------------------- where an instruction may stand

ACTS, ASKED, ONLY_WITH_A_LEDGER = (KIND.ACT,), (KIND.ACT, KIND.QUERY), (KIND.ACT, KIND.QUERY, KIND.INVARIANT)
ALLOWED: dict[str, tuple[KIND, ...]] = {
    # Only acts write. Only who acts or asks is refused, and only they have an actor and a moment. A rule depends on its
    # arguments, the parameters in force and the calendars.
    **dict.fromkeys(("enter", "amend", "remove", "announce"), ACTS),
    **dict.fromkeys(("actor", "now", "refuse", "require"), ASKED),
    **dict.fromkeys(("today", "has", "get", "entries", "local_parameter"), ONLY_WITH_A_LEDGER),
}


@pytest.mark.parametrize("name", [row.name for row in OPCODES])
def test_where_an_instruction_may_stand(name: str) -> None:
    for kind in KIND:
        line: Line = (name, *[0] * len(BY_NAME[name].operands))
        refused = broken(line, kind=kind, gives=None if kind is KIND.ACT else TRUTH) is R.INSTRUCTION_MUST_FIT_KIND
        assert refused is (kind not in ALLOWED.get(name, tuple(KIND))), kind


@pytest.mark.parametrize("kind", KIND)
def test_rules_and_exceptions_alone_are_called(kind: KIND) -> None:
    assembler = Assembler()
    lines = () if kind is KIND.ACT else (TRUE,)
    assembler.function(kind, *lines, gives=None if kind is KIND.ACT else TRUTH)
    assembler.function(KIND.RULE, ("call", 0), gives=TRUTH)
    if kind in (KIND.RULE, KIND.EXCEPTION):
        assert summarise(assembler.program())[1].analysis.calls == (0,)
        return
    with pytest.raises(Unsound) as unsound:
        summarise(assembler.program())
    assert unsound.value.reason is R.INSTRUCTION_MUST_FIT_KIND


# ---------------------------------------------------------------- operands

FIRST_BEYOND: dict[Operand, tuple[str, tuple[int, ...], int]] = {
    # An instruction with such an operand, its operands with the first that points at nothing, and which it is.
    Operand.CONSTANT: ("constant", (1,), 0),
    Operand.LOCAL: ("local_set", (2,), 0),
    Operand.FUNCTION: ("call", (3,), 0),
    Operand.RECORD: ("record", (2,), 0),
    Operand.REGISTER: ("has", (2,), 0),
    Operand.EVENT: ("announce", (1,), 0),
    Operand.REFUSAL: ("refuse", (2,), 0),
    Operand.PARAMETER: ("parameter", (2,), 0),
    Operand.CONDITION: ("require", (2,), 0),
    Operand.NOTE: ("note", (2,), 0),
    Operand.MARK: ("mark", (2,), 0),
    Operand.TYPE: ("none", (1,), 0),
    Operand.CALENDARS: ("is_working_day", (3,), 0),
}


def of_operands(name: str, operands: tuple[int, ...]) -> VerificationRule | None:
    """Return what is said of an act of one instruction in a program of one constant, one type and two locals."""
    base = replace(SAMPLE, constants=((NUMBER, 1),), types=(OPTION,))
    assembler = Assembler(base)
    for _ in range(2):
        assembler.function(KIND.RULE, ("constant", 0), gives=NUMBER)
    assembler.function(KIND.ACT, (name, *operands), extra=(NUMBER, NUMBER))
    try:
        summarise(assembler.program())
    except Unsound as unsound:
        return unsound.reason
    return None


@pytest.mark.parametrize("operand", FIRST_BEYOND)
def test_an_operand_points_at_what_there_is(operand: Operand) -> None:
    name, operands, place = FIRST_BEYOND[operand]
    assert of_operands(name, operands) is R.INDEX_MUST_BE_DEFINED
    last = (*operands[:place], operands[place] - 1, *operands[place + 1 :])
    assert of_operands(name, last) is not R.INDEX_MUST_BE_DEFINED


def test_types_of_blocks_are_counted_from_one() -> None:
    """Operand 0 is no type, n the n-th; a block that leaves a value and is not closed shows that the type is there."""
    assert of_operands("if", (2,)) is R.INDEX_MUST_BE_DEFINED
    assert of_operands("if", (1,)) is R.STACK_MUST_HOLD_OPERANDS
    assert of_operands("fault", (9, 2)) is R.INDEX_MUST_BE_DEFINED
    assert of_operands("fault", (9, 1)) is R.RESULT_MUST_FIT, "a value is left"
    assert of_operands("fault", (9, 0)) is None


@pytest.mark.parametrize(
    ("name", "sound", "beyond"),
    [
        ("ratio_round", (1, 2, 3, 4, 5, 6, 7), (0, 8)),
        ("add_months", (1, 2, 3), (0, 4)),
        ("date_part", (1, 2, 3), (0, 4)),
        ("rescale", (0, 76), (77,)),
        ("to_ratio", (0, 76), (77,)),
        ("numbers", (0, 10_000), (10_001,)),
    ],
)
def test_an_operand_is_one_of_those_that_mean_something(
    name: str, sound: tuple[int, ...], beyond: tuple[int, ...]
) -> None:
    takes = TAKES[name][0]
    for operand in (*sound, *beyond):
        found = broken(*[value(type_) for type_ in takes], (name, operand), "drop")
        assert found is (None if operand in sound else R.OPERAND_MUST_BE_WITHIN_LIMIT), operand


def test_faults_that_a_program_may_raise() -> None:
    sound = [number for number in range(24) if of_operands("fault", (number, 0)) is None]
    assert sound == [9, 10, 11], "the least of nothing, exceptions in conflict, nothing decided: F09 to F11"


def test_counts_of_items_and_of_keys() -> None:
    one, many = value(NUMBER), List(NUMBER, 2_000)
    assert broken(*[one] * 3, ("list", NUMBERS, 3), "drop") is None
    assert broken(*[one] * 4, ("list", NUMBERS, 4), "drop") is R.OPERAND_MUST_BE_WITHIN_LIMIT
    assert broken(*[one] * 1_024, ("list", many, 1_024), "drop") is None
    assert broken(("list", many, 1_025)) is R.OPERAND_MUST_BE_WITHIN_LIMIT
    assert broken(("list", many, 1_024)) is R.STACK_MUST_HOLD_OPERANDS
    assert broken(("entries", "own_rates", 3, 1)) is R.OPERAND_MUST_BE_WITHIN_LIMIT
    assert broken(("entries", "own_rates", 0, 10_001)) is R.OPERAND_MUST_BE_WITHIN_LIMIT
    assert broken(("entries", "own_rates", 0, 10_000), "drop") is None
    assert broken(("list", TAGS, 0)) is broken(("set", NUMBERS, 0)) is R.OPERAND_MUST_FIT_TYPE
    assert broken(("none", NUMBERS)) is R.OPERAND_MUST_FIT_TYPE
    assert broken(value(OWN_RATE), ("field", 2), "drop") is None
    assert broken(value(OWN_RATE), ("field", 3), "drop") is R.INDEX_MUST_BE_DEFINED
    assert broken(value(OWN_RATE), number(1), ("with_field", 3), "drop") is R.INDEX_MUST_BE_DEFINED
    assert broken(value(CITY), value(DATE), ("local_parameter", "ceiling"), "drop") is R.INDEX_MUST_BE_DEFINED


def test_values_made_on_the_way_are_bounded_like_declared_ones() -> None:
    options: list[Type] = [NUMBER]
    for _ in range(8):
        options.append(Option(options[-1]))
    assert broken(number(1), *["some"] * 8, gives=options[8]) is None
    assert broken(number(1), *["some"] * 9, "drop") is R.NESTING_MUST_BE_WITHIN_LIMIT
    # A value may take 16,777,216 bytes: 255 entries of 65,536 and three of the list, but not 256.
    fields = (p.Field("key", TRUTH), *(p.Field(f"t{n}", Text(1_000)) for n in range(16)), p.Field("t", Text(371)))
    base = replace(
        SAMPLE, records=(p.Record("Large", fields, 0),), registers=(p.Register("large", 0, (0,), 0),), parameters=(),
        events=(),
    )  # fmt: skip
    assert 1 + 16 * 4_003 + 4 * 371 + 3 == 65_536
    for limit, expected in ((255, None), (256, R.TYPE_MUST_BE_WITHIN_SIZE)):
        assembler = Assembler(base)
        assembler.function(KIND.QUERY, ("entries", "large", 0, limit), "length", gives=NUMBER)
        try:
            summarise(assembler.program())
            found = None
        except Unsound as unsound:
            found = unsound.reason
        assert found is expected
    # With an option around it a list of numbers, 34 bytes each and three, may not be a byte too large.
    for limit, expected in ((493_447, None), (493_448, R.TYPE_MUST_BE_WITHIN_SIZE)):
        assert broken(("constant", Const(List(NUMBER, limit), ())), "some", "drop") is expected


# ---------------------------------------------------------------- blocks and locals

MARK: Line = ("mark", 0)


@pytest.mark.parametrize(
    ("lines", "partners"),
    [
        ((TRUE, ("if", 0), MARK, "end"), (-1, 3, -1, 1)),
        ((TRUE, ("if", 0), MARK, "else", MARK, "end"), (-1, 3, -1, 5, -1, 1)),
        ((value(NUMBERS), ("each", 0), MARK, "end"), (-1, 3, -1, 1)),
        ((TRUE, ("if", 0), value(NUMBERS), ("each", 0), "end", "else", "end"), (-1, 5, -1, 4, 3, 6, 1)),
    ],
)
def test_the_ends_of_blocks_know_each_other(lines: tuple[Line, ...], partners: tuple[int, ...]) -> None:
    """Of an if its else or end, of an else its end, of an end its if."""
    found = summary(*lines, extra=(NUMBER,))
    assert isinstance(found, FunctionSummary)
    assert found.analysis.partners == partners


BLOCKS: tuple[tuple[str, VerificationRule | None, tuple[Line, ...]], ...] = (
    ("else of nothing", R.BLOCK_MUST_CLOSE, ("else",)),
    ("end of nothing", R.BLOCK_MUST_CLOSE, ("end",)),
    ("else twice", R.BLOCK_MUST_CLOSE, (TRUE, ("if", 0), "else", "else", "end")),
    ("else of an each", R.BLOCK_MUST_CLOSE, (value(NUMBERS), ("each", 0), "else", "end")),
    ("no end", R.BLOCK_MUST_CLOSE, (value(NUMBERS), ("each", 0))),
    ("no end after an else", R.BLOCK_MUST_CLOSE, (TRUE, ("if", 0), "else")),
    ("an if that leaves something", R.BLOCK_MUST_LEAVE_ITS_RESULT, (TRUE, ("if", 0), number(1), "end")),
    ("an each that leaves something", R.BLOCK_MUST_LEAVE_ITS_RESULT, (
        value(NUMBERS), ("each", 0), number(1), "end"
    )),
    ("an else that leaves another kind", R.BLOCK_MUST_LEAVE_ITS_RESULT, (
        TRUE, ("if", NUMBER), number(1), "else", TRUE, "end"
    )),
    ("two values", R.BLOCK_MUST_LEAVE_ITS_RESULT, (TRUE, ("if", NUMBER), number(1), number(1), "else")),
    ("loops in a row", None, (value(NUMBERS), ("each", 0), "end") * 20),
    ("branches between loops", None, (value(NUMBERS), ("each", 0), TRUE, ("if", 0), "end", "end") * 20),
    ("loops in branches in a row", None, (TRUE, ("if", 0), value(NUMBERS), ("each", 0), "end", "end") * 20),
    ("a value that waits behind a block", None, (number(1), TRUE, ("if", 0), MARK, "end", "drop")),
    ("what the loop gives its part", None, (value(NUMBERS), ("each", 0), ("local_get", 0), "drop", "end")),
    ("after the loop", R.LOCAL_MUST_BE_SET_FIRST, (value(NUMBERS), ("each", 0), "end", ("local_get", 0), "drop")),
    ("the other local", R.LOCAL_MUST_BE_SET_FIRST, (number(1), ("local_set", 0), ("local_get", 1), "drop")),
    ("what was set before", None, (
        number(1), ("local_set", 1), TRUE, ("if", 0), ("local_get", 1), "drop", "else", ("local_get", 1), "drop", "end",
        ("local_get", 1), "drop",
    )),
    ("set in the first part, read in the other", R.LOCAL_MUST_BE_SET_FIRST, (
        TRUE, ("if", 0), number(1), ("local_set", 0), "else", ("local_get", 0), "drop", "end",
    )),
    ("set in the other part alone", R.LOCAL_MUST_BE_SET_FIRST, (
        TRUE, ("if", 0), "else", number(1), ("local_set", 0), "end", ("local_get", 0), "drop",
    )),
    ("set in both parts", None, (
        TRUE, ("if", 0), number(1), ("local_set", 1), "else", number(1), ("local_set", 1), "end", ("local_get", 1),
        "drop",
    )),
    ("a local of another kind", R.OPERAND_MUST_FIT_TYPE, (TRUE, ("local_set", 0))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "lines"), [(rule, lines) for _, rule, lines in BLOCKS], ids=[name for name, *_ in BLOCKS]
)
def test_blocks_close_and_locals_are_set_first(expected: VerificationRule | None, lines: tuple[Line, ...]) -> None:
    assert broken(*lines, extra=(NUMBER, NUMBER)) is expected


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("takes", [(), (DATE,), (DATE, DATE)])
def test_parameters_and_the_day_are_set_and_nothing_else(takes: tuple[Type, ...], dated: bool) -> None:
    given = len(takes) + dated
    for local in range(given + 1):
        found = broken(
            ("local_get", local), takes=takes, extra=(DATE,), dated=dated, kind=KIND.RULE, gives=DATE
        )  # fmt: skip
        assert found is (None if local < given else R.LOCAL_MUST_BE_SET_FIRST)


# ---------------------------------------------------------------- effects and costs


@pytest.mark.parametrize(
    ("name", "effects"),
    [
        ("has", ((1,), (), ())), ("get", ((1,), (), ())), ("entries", ((1,), (), ())),
        ("local_parameter", ((1,), (), ())), ("enter", ((), (1,), ())), ("amend", ((), (1,), ())),
        ("remove", ((), (1,), ())), ("announce", ((), (), (0,))), ("parameter", ((), (), ())),
    ],
)  # fmt: skip
def test_what_an_instruction_reads_writes_and_announces(name: str, effects: tuple[tuple[int, ...], ...]) -> None:
    takes, leaves, operands = TAKES[name]
    drop = () if leaves is None else ("drop",)
    found = summary(*[value(type_) for type_ in takes], (name, *operands), *drop, kind=kind_of(name))
    assert isinstance(found, FunctionSummary)
    assert (found.reads, found.writes, found.announces) == effects


REMARK = Text(50)
"""Four bytes for a character and three: 203 bytes, which are four units of 64 begun."""
WIDE = (p.Field("city", CITY), p.Field("remark", REMARK))
COSTING = replace(
    SAMPLE, records=(*SAMPLE.records, p.Record("Wide", WIDE, 0)),
    registers=(*SAMPLE.registers, p.Register("wide", 2, (0,), 0)), events=(p.Event("wide", (*WIDE, *WIDE), 0),),
    notes=(p.Note("wide", REMARK),),
)  # fmt: skip


def remark() -> Line:
    return ("constant", Const(REMARK, ""))


def name_of(line: Line) -> object:
    return line if isinstance(line, str) else line[0]


def items(item: Type, limit: int) -> Line:
    return ("constant", Const(List(item, limit), ()))


WIDE_VALUE: Line = ("constant", Const(Record(2), ("Macao", "")))
MACAO = value(CITY)
COSTS: tuple[tuple[tuple[Line, ...], int], ...] = (
    # The last instruction of the code, and what it costs there.
    ((number(1), number(1), "equal"), 2 + 1),
    ((remark(), remark(), "equal"), 2 + 4),
    ((value(CITY), date("2026-01-01"), number(1), ("record", "OwnRate")), 3 + 2 * 3),
    ((number(1), number(2), ("list", NUMBERS, 2)), 3 + 2),
    ((number(1), number(2), ("set", TAGS, 2)), 6 + 6 * 2),
    # A sixteen begun is counted.
    *(((items(NUMBER, limit), number(1), "append"), 3 + units) for limit, units in ((1, 1), (16, 1), (17, 2), (33, 3))),
    # What is put and looked for may be a list itself: the one that holds it counts.
    ((items(NUMBERS, 17), items(NUMBER, 3), "append"), 3 + 2),
    ((remark(), items(REMARK, 3), "contains"), 3 + 3 * 4),
    # Three numbers of 34 bytes and three more: 105 bytes are two units.
    ((items(NUMBER, 3), items(NUMBERS, 5), "contains"), 3 + 5 * 2),
    ((number(1), number(1), ("numbers", 10)), 3 + 10),
    ((date("2026-01-01"), number(1), ("add_working_days", 0)), 20 + 2_000),
    ((date("2026-01-01"), number(1), ("add_working_days", 1)), 20 + 2_000 * 3),
    ((date("2026-01-01"), date("2026-01-01"), ("working_days_between", 2)), 20 + 2_000 * 2),
    ((date("2026-01-01"), ("is_working_day", 1)), 4 + 6 * 3),
    # City, day and rate of all 100 values that a city may have set take less than 64 bytes each.
    ((MACAO, date("2026-01-01"), ("local_parameter", "rate")), 40 + 5 * 100),
    # The city's name and the remark: between 204 and 255 bytes.
    ((MACAO, ("has", "wide")), 20),
    ((MACAO, ("get", "wide")), 30 + 5 * 4),
    ((WIDE_VALUE, ("enter", "wide")), 60 + 5 * 4),
    ((WIDE_VALUE, ("amend", "wide")), 60 + 5 * 4),
    ((MACAO, ("remove", "wide")), 60),
    ((("entries", "wide", 0, 3),), 40 + 5 * 3 * 4),
    # Field by field: a city is one unit, a remark four, and both stand there twice.
    ((MACAO, remark(), MACAO, remark(), ("announce", "wide")), 20 + 3 * 10),
    ((remark(), ("note", 0)), 2 + 4),
    ((remark(), ("check", REMARK)), 2 + 4),
    ((remark(), ("check", Text(5))), 2 + 1),
)


@pytest.mark.parametrize(("lines", "expected"), COSTS)
def test_what_an_instruction_costs_follows_from_what_the_types_allow(lines: tuple[Line, ...], expected: int) -> None:
    assembler = Assembler(COSTING)
    drop = () if name_of(lines[-1]) in ("enter", "amend", "remove", "announce") else ("drop",)
    assembler.function(KIND.ACT, *lines, *drop)
    assert summarise(assembler.program())[0].costs[len(lines) - 1] == expected


def test_every_cost_that_depends_on_its_place_has_a_case() -> None:
    assert {row.name for row in OPCODES if row.cost_each} <= {name_of(lines[-1]) for lines, _ in COSTS}


@pytest.mark.parametrize(
    ("lines", "cost"),
    [
        # true 1, if 1, the dearer part, end 1
        ((TRUE, ("if", 0), "end"), 2 + 1),
        ((TRUE, ("if", 0), "else", "end"), 2 + 1),
        ((TRUE, ("if", 0), MARK, MARK, "else", MARK, "end"), 2 + 2 + 1),
        ((TRUE, ("if", 0), MARK, "else", MARK, MARK, MARK, "end"), 2 + 3 + 1),
        ((TRUE, ("if", 0), MARK, "end", MARK), 2 + 1 + 1 + 1),
        # the list 1, each 2, and the part with its end as often as there may be items
        ((items(NUMBER, 7), ("each", 0), MARK, "end", MARK), 3 + 7 * 2 + 1),
        ((items(NUMBER, 7), ("each", 0), TRUE, ("if", 0), MARK, "else", MARK, MARK, "end", "end"), 3 + 7 * (5 + 1)),
        ((items(NUMBER, 7), ("each", 0), items(NUMBER, 5), ("each", 1), "end", "end"), 3 + 7 * (3 + 5 + 1)),
        # the call 5, and what it calls: a local 1
        ((number(1), date("2026-01-01"), ("call", "rule"), "drop"), 2 + 5 + 1 + 1),
        ((items(NUMBER, 7), ("each", 0), number(1), date("2026-01-01"), ("call", "rule"), "drop", "end"), 3 + 7 * 10),
    ],
)
def test_the_worst_case_is_that_of_the_dearest_way(lines: tuple[Line, ...], cost: int) -> None:
    found = summary(*lines, extra=(NUMBER, NUMBER))
    assert isinstance(found, FunctionSummary)
    assert found.cost_max == cost


def test_a_call_that_waits_for_a_call_is_deeper() -> None:
    assembler = Assembler()
    assembler.function(KIND.RULE, ("call", 1), ("call", 2), "add", gives=NUMBER)
    assembler.function(KIND.RULE, ("call", 2), gives=NUMBER)
    assembler.function(KIND.RULE, number(1), gives=NUMBER)
    found = summarise(assembler.program())
    assert [each.call_depth for each in found] == [3, 2, 1]
    assert [each.cost_max for each in found] == [5 + 6 + 5 + 1 + 2, 6, 1]


def test_a_function_that_waits_for_itself_is_named() -> None:
    assembler = Assembler()
    assembler.function(KIND.RULE, number(1), gives=NUMBER)
    assembler.function(KIND.RULE, ("call", 2), gives=NUMBER)
    assembler.function(KIND.RULE, ("call", 1), gives=NUMBER)
    with pytest.raises(Unsound) as unsound:
        summarise(assembler.program())
    assert (unsound.value.reason, unsound.value.function) == (R.CALLS_MUST_NOT_RECUR, 1)
