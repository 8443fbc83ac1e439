"""Every instruction does what its equation says, and raises each of its faults: one table, complete by test."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from gbalang.isa.civil import TIME_MAX, TIME_MIN
from gbalang.isa.opcodes import BY_NUMBER, OPCODES
from gbalang.isa.program import FunctionKind, MonthEnd, Note, Rounding
from gbalang.isa.types import Date, List, Option, Ratio, Set, Text, Time, Type, Value
from gbalang.isa.values import Codecs, encode_key
from gbalang.limits import EVENTS_MAX, LOCAL_VALUES_MAX, WRITES_MAX
from gbalang.vm.compiled.operations import FLOW, WRITERS
from gbalang.vm.engines import ENGINES, Engine
from gbalang.vm.faults import Fault
from gbalang.vm.host import (
    Announcement,
    ConditionFailed,
    ConditionMet,
    Context,
    Done,
    Faulted,
    Marked,
    Noted,
    Outcome,
    Reason,
    Refused,
)
from gbalang.vm.interpreter.run import HANDLERS
from gbalang.vm.machine import run_act, run_query
from gbalang.vm.memory_host import MemoryHost
from tests.unit.isa.assembling import (
    ACTOR,
    CITY,
    CLAIM,
    DATE,
    MONEY,
    NUMBER,
    PERSON,
    RATE,
    STATUS,
    TAGS,
    TRUTH,
    YEAR,
    Assembler,
    Const,
    Line,
    claim,
    date,
    day,
    number,
)
from tests.unit.vm.calendars_2026 import calendar_2026

RATIO = Ratio()
TIME = Time()
NUMBERS = List(NUMBER, 3)
OWN_RATES = (("Shenzhen", day("2026-06-01"), 1), ("Shenzhen", day("2026-07-01"), 2), ("Zhuhai", day("2026-01-01"), 3))
LARGEST = 2**256 - 1
ANN = "Guangzhou/ann"
NOON = 1_782_878_400  # 2026-07-01T12:00 at UTC+8
CONTEXT = Context(ANN, "person", "Guangzhou", (), NOON, day("2026-07-01"))


@dataclass(frozen=True)
class Case:
    """Code, and the value it leaves (or nothing), the fault it raises, or the refusal it ends with."""

    covers: str
    code: tuple[Line, ...]
    gives: Type | None = None
    expected: Value | Fault | Refused | None = None
    extra: tuple[Type, ...] = ()
    events: tuple[Announcement, ...] = ()
    reasons: tuple[Reason, ...] = ()
    claims: tuple[tuple[Value, ...], ...] | None = None
    rates: tuple[tuple[Value, ...], ...] = ()
    after: tuple[tuple[Value, ...], ...] | None = None
    context: Context = field(default=CONTEXT)


def ratio(numerator: int, denominator: int) -> Line:
    return ("constant", Const(RATIO, (numerator, denominator)))


def time(seconds: int) -> Line:
    return ("constant", Const(TIME, seconds))


def numbers(*values: int) -> Line:
    return ("constant", Const(NUMBERS, values))


def truth(value: bool) -> Line:
    return ("constant", Const(TRUTH, value))


def claim_constant(**changes: Value) -> Line:
    return ("constant", Const(CLAIM, claim(**changes)))


def key(who: str, year: int) -> tuple[Line, Line]:
    return ("constant", Const(PERSON, who)), ("constant", Const(YEAR, year))


ONE = (claim(),)
THREE = (claim(), claim(year=2027), claim(applicant="Shenzhen/bob"))
FIELDS: tuple[Line, ...] = (
    ("constant", Const(PERSON, ANN)), number(2026), number(100), ("constant", Const(STATUS, 0)),
    ("constant", Const(Text(50), "")), ("constant", Const(TAGS, ())), ("none", Option(DATE)),
)
OPTION = Option(NUMBER)


def arithmetic(covers: str, left: int, right: int, expected: Value | Fault) -> Case:
    return Case(covers, (number(left), number(right), covers), NUMBER, expected)


def of_ratios(covers: str, left: tuple[int, int], right: tuple[int, int], expected: Value | Fault) -> Case:
    return Case(covers, (ratio(*left), ratio(*right), covers), RATIO, expected)


CASES: tuple[Case, ...] = (
    # values and locals
    Case("constant", (number(7),), NUMBER, 7),
    Case("local_get", (number(7), ("local_set", 0), ("local_get", 0)), NUMBER, 7, extra=(NUMBER,)),
    Case(
        "local_set", (number(7), ("local_set", 0), number(8), ("local_set", 0), ("local_get", 0)), NUMBER, 8, (NUMBER,)
    ),
    Case("drop", (number(7), number(8), "drop"), NUMBER, 7),
    # numbers
    arithmetic("add", 2, 3, 5),
    arithmetic("add", LARGEST, 0, LARGEST),
    arithmetic("add", LARGEST, 1, Fault.OVERFLOW),
    arithmetic("subtract", 2, 3, -1),
    arithmetic("add", -LARGEST, 0, -LARGEST),
    arithmetic("add", -LARGEST, -1, Fault.OVERFLOW),
    arithmetic("subtract", 1 - LARGEST, 1, -LARGEST),
    arithmetic("subtract", -LARGEST, 1, Fault.OVERFLOW),
    arithmetic("subtract", LARGEST, -1, Fault.OVERFLOW),
    arithmetic("multiply", -2, 3, -6),
    arithmetic("multiply", 2**128, 2**127, 2**255),
    arithmetic("multiply", 2**128, 2**128, Fault.OVERFLOW),
    arithmetic("multiply", 2**128, -(2**128), Fault.OVERFLOW),
    arithmetic("multiply", 1, LARGEST, LARGEST),
    arithmetic("multiply", 0, LARGEST, 0),
    Case("negate", (number(LARGEST), "negate"), NUMBER, -LARGEST),
    Case("rescale", (number(-12), ("rescale", 2)), NUMBER, -1200),
    Case("rescale", (number(5), ("rescale", 0)), NUMBER, 5),
    Case("rescale", (number(1), ("rescale", 76)), NUMBER, 10**76),
    Case("rescale", (number(11), ("rescale", 76)), NUMBER, 11 * 10**76),  # 2²⁵⁶ lies between 11 and 12 times it
    Case("rescale", (number(12), ("rescale", 76)), NUMBER, Fault.OVERFLOW),
    Case("rescale", (number(-12), ("rescale", 76)), NUMBER, Fault.OVERFLOW),
    Case("to_ratio", (number(-125), ("to_ratio", 2)), RATIO, (-5, 4)),
    Case("to_ratio", (number(7), ("to_ratio", 0)), RATIO, (7, 1)),
    Case("to_ratio", (number(0), ("to_ratio", 2)), RATIO, (0, 1)),
    Case("to_ratio", (number(3), ("to_ratio", 76)), RATIO, (3, 10**76)),
    of_ratios("ratio_add", (1, 6), (1, 10), (4, 15)),
    of_ratios("ratio_add", (LARGEST, 1), (0, 1), (LARGEST, 1)),
    of_ratios("ratio_add", (LARGEST, 1), (1, 1), Fault.OVERFLOW),
    of_ratios("ratio_add", (-LARGEST, 1), (-1, 1), Fault.OVERFLOW),
    of_ratios("ratio_add", (1, LARGEST), (0, 1), (1, LARGEST)),
    of_ratios("ratio_subtract", (1, 2), (1, 3), (1, 6)),
    of_ratios("ratio_subtract", (-LARGEST, 1), (1, 1), Fault.OVERFLOW),
    of_ratios("ratio_multiply", (LARGEST, 1), (1, LARGEST), (1, 1)),
    of_ratios("ratio_multiply", (2**128, 1), (2**128, 1), Fault.OVERFLOW),
    of_ratios("ratio_multiply", (1, 2**128), (1, 2**128), Fault.OVERFLOW),
    of_ratios("ratio_divide", (-1, 2), (-3, 4), (2, 3)),
    of_ratios("ratio_divide", (0, 1), (-3, 4), (0, 1)),
    of_ratios("ratio_divide", (2**128, 1), (1, 2**128), Fault.OVERFLOW),
    of_ratios("ratio_add", (1, 2**200), (1, 3**100), Fault.OVERFLOW),
    of_ratios("ratio_subtract", (1, 6), (1, 6), (0, 1)),
    of_ratios("ratio_subtract", (1, 2**200), (1, 3**100), Fault.OVERFLOW),
    of_ratios("ratio_multiply", (-2, 3), (3, 4), (-1, 2)),
    of_ratios("ratio_multiply", (1, 2**200), (1, 3**100), Fault.OVERFLOW),
    of_ratios("ratio_divide", (1, 2), (-3, 4), (-2, 3)),
    # A quotient by a number below zero is itself below zero for whatever looks at it next.
    Case("ratio_divide", (ratio(1, 2), ratio(-3, 4), "ratio_divide", ratio(0, 1), "ratio_compare"), NUMBER, -1),
    Case("ratio_divide", (ratio(1, 2), ratio(-3, 4), "ratio_divide", ("ratio_round", Rounding.UP)), NUMBER, -1),
    of_ratios("ratio_divide", (1, 2), (0, 1), Fault.DIVISION_BY_ZERO),
    of_ratios("ratio_divide", (1, 2**200), (3**100, 1), Fault.OVERFLOW),
    Case("ratio_negate", (ratio(2, 3), "ratio_negate"), RATIO, (-2, 3)),
    Case("ratio_negate", (ratio(-2, 3), "ratio_negate"), RATIO, (2, 3)),
    Case("ratio_round", (ratio(5, 2), ("ratio_round", Rounding.HALF_EVEN)), NUMBER, 2),
    *(
        Case("ratio_compare", (ratio(*left), ratio(*right), "ratio_compare"), NUMBER, expected)
        for left, right, expected in (((1, 3), (1, 2), -1), ((-1, 2), (-1, 2), 0), ((-1, 3), (-1, 2), 1))
    ),
    # comparison and truth
    Case("equal", (claim_constant(), claim_constant(), "equal"), TRUTH, True),
    Case("equal", (claim_constant(), claim_constant(remark="x"), "equal"), TRUTH, False),
    Case("less", (number(2), number(3), "less"), TRUTH, True),
    Case("less", (number(3), number(3), "less"), TRUTH, False),
    Case("less", (number(4), number(3), "less"), TRUTH, False),
    Case("less_or_equal", (number(2), number(3), "less_or_equal"), TRUTH, True),
    Case("less_or_equal", (date("2026-02-01"), date("2026-02-01"), "less_or_equal"), TRUTH, True),
    Case("less_or_equal", (time(2), time(1), "less_or_equal"), TRUTH, False),
    Case("not", (truth(True), "not"), TRUTH, False),
    Case("not", (truth(False), "not"), TRUTH, True),
    # structure
    Case("if", (truth(True), ("if", NUMBER), number(1), "else", number(2), "end"), NUMBER, 1),
    Case("if", (number(5), truth(False), ("if", 0), number(1), "drop", "end"), NUMBER, 5),
    Case("if", (truth(True), ("if", 0), ("mark", 0), "end"), reasons=(Marked(0),)),
    Case("else", (truth(False), ("if", NUMBER), number(1), "else", number(2), "end"), NUMBER, 2),
    Case(
        "end",
        (truth(False), ("if", 0), ("mark", 0), "else", truth(True), ("if", 0), ("mark", 1), "end", "end", ("mark", 0)),
        reasons=(Marked(1), Marked(0)),
    ),
    Case(
        "each",
        (number(0), ("local_set", 0), numbers(4, 5, 6), ("each", 1), ("local_get", 0), number(10), "multiply",
         ("local_get", 1), "add", ("local_set", 0), "end", ("local_get", 0)),
        NUMBER, 456, (NUMBER, NUMBER),
    ),
    Case("each", (numbers(), ("each", 0), ("mark", 0), "end", ("mark", 1)), extra=(NUMBER,), reasons=(Marked(1),)),
    Case(
        "each",
        (numbers(1, 2), ("each", 0), numbers(7, 8), ("each", 1), ("local_get", 1), ("note", 1), "drop", "end", "end"),
        extra=(NUMBER, NUMBER), reasons=(Noted(1, 7), Noted(1, 8), Noted(1, 7), Noted(1, 8)),
    ),
    Case("call", (number(9), number(4), ("call", "difference")), NUMBER, 5),
    Case("call", (number(9), date("2026-03-01"), ("call", "dated")), DATE, day("2026-03-01")),
    Case("refuse", (("refuse", "not_yours"),), None, Refused(1, (), 0)),
    *(
        Case("fault", (("fault", which, NUMBER),), NUMBER, which)
        for which in (Fault.EMPTY_AGGREGATE, Fault.CONFLICTING_EXCEPTIONS, Fault.UNDECIDED)
    ),
    # records, options
    Case("record", (*FIELDS, ("record", "Claim")), CLAIM, claim()),
    Case("record", (*FIELDS[:1], number(1999), *FIELDS[2:], ("record", "Claim")), CLAIM, Fault.OUT_OF_RANGE),
    Case(
        "record",
        (*FIELDS[:4], ("constant", Const(Text(50), "thirteen long")), *FIELDS[5:], ("record", "Claim")),
        CLAIM, Fault.OUT_OF_RANGE,
    ),
    Case(
        "record", (("constant", Const(ACTOR, "Guangzhou")), *FIELDS[1:], ("record", "Claim")), CLAIM,
        Fault.OUT_OF_RANGE,
    ),
    Case("field", (claim_constant(amount=77), ("field", 2)), NUMBER, 77),
    Case("with_field", (claim_constant(), number(77), ("with_field", 2)), CLAIM, claim(amount=77)),
    Case("with_field", (claim_constant(), number(-1), ("with_field", 2)), CLAIM, Fault.OUT_OF_RANGE),
    # The first and the last field: what stands before and behind stays.
    Case("with_field", (claim_constant(), ("constant", Const(PERSON, "Macao/c")), ("with_field", 0)), CLAIM,
         claim(applicant="Macao/c")),
    Case("with_field", (claim_constant(), date("2026-01-01"), "some", ("with_field", 6)), CLAIM,
         claim(paid_on=(day("2026-01-01"),))),
    Case("some", (number(1), "some"), OPTION, (1,)),
    Case("none", (("none", OPTION),), OPTION, ()),
    Case("is_present", (number(0), "some", "is_present"), TRUTH, True),
    Case("is_present", (("none", OPTION), "is_present"), TRUTH, False),
    Case("unwrap", (number(3), "some", "unwrap"), NUMBER, 3),
    Case("unwrap", (("none", OPTION), "unwrap"), NUMBER, Fault.MISSING_VALUE),
    # lists and sets
    Case("list", (number(2), number(1), ("list", NUMBERS, 2)), NUMBERS, (2, 1)),
    Case("list", (("list", NUMBERS, 0),), NUMBERS, ()),
    # Canonical order is that of encodings: shorter numbers first, then by their bytes.
    Case(
        "set", (number(300), number(2), number(0), number(2), ("set", Set(NUMBER, 9), 4)), Set(NUMBER, 9), (0, 2, 300)
    ),
    Case("length", (numbers(4, 4), "length"), NUMBER, 2),
    Case("append", (numbers(4), number(5), "append"), NUMBERS, (4, 5)),
    Case("append", (numbers(4, 5, 6), number(7), "append"), NUMBERS, Fault.COLLECTION_FULL),
    Case("contains", (number(5), numbers(4, 5), "contains"), TRUTH, True),
    Case("contains", (number(6), numbers(4, 5), "contains"), TRUTH, False),
    Case("item", (numbers(4, 5), number(1), "item"), NUMBER, 4),
    Case("item", (numbers(4, 5), number(2), "item"), NUMBER, 5),
    Case("item", (numbers(4, 5), number(0), "item"), NUMBER, Fault.INDEX_OUT_OF_RANGE),
    Case("item", (numbers(4, 5), number(3), "item"), NUMBER, Fault.INDEX_OUT_OF_RANGE),
    Case("numbers", (number(3), number(5), ("numbers", 3)), NUMBERS, (3, 4, 5)),
    Case("numbers", (number(3), number(2), ("numbers", 3)), NUMBERS, ()),
    Case("numbers", (number(3), number(6), ("numbers", 3)), NUMBERS, Fault.COLLECTION_FULL),
    # dates and times
    Case("add_days", (date("2026-02-27"), number(2), "add_days"), DATE, day("2026-03-01")),
    Case("add_days", (date("2199-12-30"), number(1), "add_days"), DATE, day("2199-12-31")),
    Case("add_days", (date("1900-01-02"), number(-1), "add_days"), DATE, day("1900-01-01")),
    Case("add_days", (date("2199-12-31"), number(1), "add_days"), DATE, Fault.DATE_OUT_OF_RANGE),
    Case("add_days", (date("1900-01-01"), number(-1), "add_days"), DATE, Fault.DATE_OUT_OF_RANGE),
    Case("add_months", (date("2026-01-31"), number(1), ("add_months", MonthEnd.DOWN)), DATE, day("2026-02-28")),
    Case("add_months", (date("2026-01-31"), number(1), ("add_months", MonthEnd.UP)), DATE, day("2026-03-01")),
    Case("add_months", (date("2026-01-31"), number(1), ("add_months", MonthEnd.EXACT)), DATE, Fault.MONTH_END),
    Case("add_months", (date("2026-01-31"), number(2_400), ("add_months", MonthEnd.UP)), DATE, Fault.DATE_OUT_OF_RANGE),
    *(
        Case("add_months", (date(start), number(count), ("add_months", MonthEnd.UP)), DATE, expected)
        for start, count, expected in (
            ("2199-11-30", 1, day("2199-12-30")), ("2199-11-30", 2, Fault.DATE_OUT_OF_RANGE),
            ("1900-02-28", -1, day("1900-01-28")), ("1900-02-28", -2, Fault.DATE_OUT_OF_RANGE),
        )
    ),
    Case("add_working_days", (date("2026-02-09"), number(10), ("add_working_days", 0)), DATE, day("2026-02-28")),
    Case("add_working_days", (date("2026-02-28"), number(-10), ("add_working_days", 0)), DATE, day("2026-02-09")),
    Case("add_working_days", (date("2026-02-15"), number(0), ("add_working_days", 0)), DATE, day("2026-02-15")),
    Case("add_working_days", (date("2026-12-31"), number(1), ("add_working_days", 0)), DATE, Fault.CALENDAR_MISSING),
    Case("add_working_days", (date("2026-02-09"), number(367), ("add_working_days", 0)), DATE, Fault.OUT_OF_RANGE),
    Case("add_working_days", (date("2026-02-09"), number(-367), ("add_working_days", 0)), DATE, Fault.OUT_OF_RANGE),
    Case("add_working_days", (date("2026-01-01"), number(248), ("add_working_days", 0)), DATE, day("2026-12-31")),
    Case("add_working_days", (date("2199-12-31"), number(1), ("add_working_days", 0)), DATE, Fault.DATE_OUT_OF_RANGE),
    Case(
        "working_days_between", (date("2026-02-09"), date("2026-02-28"), ("working_days_between", 0)), NUMBER, 10
    ),
    Case(
        "working_days_between", (date("2026-02-28"), date("2026-02-09"), ("working_days_between", 0)), NUMBER, -10
    ),
    Case(
        "working_days_between", (date("2026-12-31"), date("2027-01-01"), ("working_days_between", 0)), NUMBER,
        Fault.CALENDAR_MISSING,
    ),
    Case(
        "working_days_between", (date("2026-01-01"), date("2029-01-06"), ("working_days_between", 0)), NUMBER,
        Fault.OUT_OF_RANGE,
    ),
    Case("is_working_day", (date("2026-02-28"), ("is_working_day", 0)), TRUTH, True),  # a Saturday made up
    Case("is_working_day", (date("2026-02-28"), ("is_working_day", 1)), TRUTH, False),
    Case("is_working_day", (date("2026-02-28"), ("is_working_day", 2)), TRUTH, True),
    Case("is_working_day", (date("2025-12-31"), ("is_working_day", 0)), TRUTH, Fault.CALENDAR_MISSING),
    Case("days_between", (date("2026-02-27"), date("2026-03-01"), "days_between"), NUMBER, 2),
    Case("date_part", (date("2026-02-27"), ("date_part", 1)), NUMBER, 2026),
    Case("date_part", (date("2026-02-27"), ("date_part", 2)), NUMBER, 2),
    Case("date_part", (date("2026-02-27"), ("date_part", 3)), NUMBER, 27),
    # 16:00 UTC is midnight at UTC+8.
    Case("date_of_time", (time(16 * 3600 - 1), "date_of_time"), DATE, day("1970-01-01")),
    Case("date_of_time", (time(16 * 3600), "date_of_time"), DATE, day("1970-01-02")),
    Case("add_seconds", (time(5), number(-7), "add_seconds"), TIME, -2),
    Case("add_seconds", (time(5), number(10**11), "add_seconds"), TIME, Fault.DATE_OUT_OF_RANGE),
    Case("add_seconds", (time(TIME_MAX - 1), number(1), "add_seconds"), TIME, TIME_MAX),
    Case("add_seconds", (time(TIME_MAX), number(1), "add_seconds"), TIME, Fault.DATE_OUT_OF_RANGE),
    Case("add_seconds", (time(TIME_MIN + 1), number(-1), "add_seconds"), TIME, TIME_MIN),
    Case("add_seconds", (time(TIME_MIN), number(-1), "add_seconds"), TIME, Fault.DATE_OUT_OF_RANGE),
    Case("seconds_between", (time(5), time(3), "seconds_between"), NUMBER, -2),
    # circumstances
    Case("actor", ("actor",), ACTOR, ANN),
    Case("today", ("today",), DATE, day("2026-07-01")),
    Case("now", ("now",), TIME, NOON),
    Case("city_of", ("actor", "city_of"), CITY, "Guangzhou"),
    Case("city_of", (("constant", Const(ACTOR, "Macao")), "city_of"), CITY, "Macao"),
    Case("parameter", (date("2026-12-31"), ("parameter", "ceiling")), MONEY, 500),
    Case("parameter", (date("2027-01-01"), ("parameter", "ceiling")), MONEY, 700),
    Case("parameter", (date("2025-12-31"), ("parameter", "ceiling")), MONEY, Fault.PARAMETER_NOT_IN_FORCE),
    *(
        Case(
            "local_parameter", (("constant", Const(CITY, city)), date(when), ("local_parameter", "rate")), RATE,
            expected, rates=OWN_RATES,
        )
        for city, when, expected in (
            ("Guangzhou", "2026-07-01", 150_000), ("Shenzhen", "2026-05-31", 150_000), ("Shenzhen", "2026-06-30", 1),
            ("Shenzhen", "2026-07-01", 2), ("Zhuhai", "2029-07-01", 3),
            ("Guangzhou", "2025-12-31", Fault.PARAMETER_NOT_IN_FORCE),
        )
    ),
    Case(
        "local_parameter", (("constant", Const(CITY, "Macao")), date("2026-07-01"), ("local_parameter", "rate")), RATE,
        Fault.TOO_MANY_ENTRIES, rates=tuple(("Macao", since, 1) for since in range(LOCAL_VALUES_MAX + 1)),
    ),
    Case(
        "local_parameter", (("constant", Const(CITY, "Macao")), date("2026-07-01"), ("local_parameter", "rate")), RATE,
        LOCAL_VALUES_MAX, rates=tuple(("Macao", since, since) for since in range(1, LOCAL_VALUES_MAX + 1)),
    ),
    # registers
    Case("has", (*key(ANN, 2026), ("has", "claims")), TRUTH, True, claims=ONE),
    Case("has", (*key(ANN, 2027), ("has", "claims")), TRUTH, False, claims=ONE),
    Case("has", (key(ANN, 2026)[0], number(1), ("has", "claims")), TRUTH, False, claims=ONE),
    Case("get", (*key(ANN, 2026), ("get", "claims")), CLAIM, claim(), claims=ONE),
    Case("get", (*key(ANN, 2027), ("get", "claims")), CLAIM, Fault.MISSING_ENTRY, claims=ONE),
    Case("get", (key(ANN, 2026)[0], number(1), ("get", "claims")), CLAIM, Fault.MISSING_ENTRY, claims=ONE),
    Case("enter", (claim_constant(), ("enter", "claims")), None, None, after=ONE),
    Case("enter", (claim_constant(), ("enter", "claims")), None, Fault.ENTRY_EXISTS, claims=ONE),
    Case("amend", (claim_constant(amount=5), ("amend", "claims")), None, None, claims=ONE, after=(claim(amount=5),)),
    Case("amend", (claim_constant(), ("amend", "claims")), None, Fault.MISSING_ENTRY),
    Case("remove", (*key(ANN, 2026), ("remove", "claims")), None, None, claims=THREE, after=THREE[1:]),
    Case("remove", (*key(ANN, 2026), ("remove", "claims")), None, Fault.MISSING_ENTRY, claims=THREE[1:]),
    Case("remove", (key(ANN, 2026)[0], number(1), ("remove", "claims")), None, Fault.MISSING_ENTRY, claims=THREE),
    Case(
        "amend",
        (number(1), number(WRITES_MAX), ("numbers", WRITES_MAX), ("each", 0), claim_constant(), ("amend", "claims"),
         "end"),
        None, None, extra=(NUMBER,), claims=ONE, after=ONE,
    ),
    *(
        Case(
            covers,
            (*before, number(1), number(WRITES_MAX + 1), ("numbers", WRITES_MAX + 1), ("each", 0), *code, "end"),
            None, Fault.TOO_MANY_WRITES, extra=(NUMBER,), claims=ONE,
        )
        for covers, before, code in (
            ("amend", (), (claim_constant(), ("amend", "claims"))),
            ("enter", (), (claim_constant(year=2027), ("enter", "claims"), *key(ANN, 2027), ("remove", "claims"))),
            # After two writes every other one is a removal, the one beyond the limit among them.
            ("remove", (claim_constant(year=2027), ("enter", "claims"), claim_constant(year=2028), ("enter", "claims")),
             (*key(ANN, 2027), ("remove", "claims"), claim_constant(year=2027), ("enter", "claims"))),
        )
    ),
    Case("entries", (("entries", "claims", 0, 3),), List(CLAIM, 3), THREE, claims=THREE),
    Case("entries", (key(ANN, 0)[0], ("entries", "claims", 1, 3)), List(CLAIM, 3), THREE[:2], claims=THREE),
    Case("entries", (*key(ANN, 2027), ("entries", "claims", 2, 3)), List(CLAIM, 3), THREE[1:2], claims=THREE),
    # No claim is a city's.
    Case("entries", (("constant", Const(CITY, "Macao")), ("entries", "claims", 1, 3)), List(CLAIM, 3), (), claims=ONE),
    Case("entries", (("entries", "claims", 0, 2),), List(CLAIM, 2), Fault.TOO_MANY_ENTRIES, claims=THREE),
    Case("announce", ("actor", number(3), ("announce", "received")), events=(Announcement(0, (ANN, 3)),)),
    Case("announce", ("actor", number(-3), ("announce", "received")), None, Fault.OUT_OF_RANGE),
    Case(
        "announce",
        (number(1), number(EVENTS_MAX + 1), ("numbers", EVENTS_MAX + 1), ("each", 0), "actor", number(1),
         ("announce", "received"), "end"),
        None, Fault.TOO_MANY_EVENTS, extra=(NUMBER,),
    ),
    Case(
        "announce",
        (number(1), number(EVENTS_MAX), ("numbers", EVENTS_MAX), ("each", 0), "actor", number(1),
         ("announce", "received"), "end"),
        extra=(NUMBER,), events=(Announcement(0, (ANN, 1)),) * EVENTS_MAX,
    ),
    # reasons and checks
    Case("mark", (("mark", "no_double_benefit"),), reasons=(Marked(1),)),
    Case("note", (number(5), ("note", 0)), NUMBER, 5, reasons=(Noted(0, 5),)),
    Case("note", (number(-5), ("note", 0)), NUMBER, -5, reasons=()),
    Case("require", (truth(True), ("require", 0)), reasons=(ConditionMet(0),)),
    Case(
        "require", (truth(False), ("require", 1)), None, Refused(1, (ConditionFailed(1),), 0),
        reasons=(ConditionFailed(1),),
    ),
    Case("check", (number(2000), ("check", YEAR)), YEAR, 2000),
    Case("check", (number(1999), ("check", YEAR)), YEAR, Fault.OUT_OF_RANGE),
    Case("check", (numbers(1, 2, 3), ("check", List(NUMBER, 2))), List(NUMBER, 2), Fault.OUT_OF_RANGE),
    Case("check", (("constant", Const(ACTOR, "Macao")), ("check", PERSON)), PERSON, Fault.OUT_OF_RANGE),
)


def name(case: Case) -> str:
    shown = case.expected.name.lower() if isinstance(case.expected, Fault) else type(case.expected).__name__
    return f"{case.covers} {shown}"


def prepared_host(case: Case) -> MemoryHost:
    host = MemoryHost()
    for calendar in ("HongKong", "Macao", "Mainland"):
        host.load_calendar(calendar, 2026, calendar_2026(calendar))
    codecs = Codecs(Assembler().program())
    for entry in case.claims or ():
        host.write(0, encode_key((PERSON, YEAR), entry[:2]), codecs.encode(CLAIM, entry))
    own_rates = Assembler().base.records[1]
    for entry in case.rates:
        data = b"".join(codecs.encode(part.type, value) for part, value in zip(own_rates.fields, entry, strict=True))
        host.write(1, encode_key((CITY, DATE), entry[:2]), data)
    host.begin()
    return host


def assembler_for(case: Case) -> tuple[Assembler, tuple[Line, ...], Type | None]:
    """Return an assembler with what a case calls, the case's code and what that leaves: no quotient leaves a call."""
    assembler = Assembler()
    assembler.function(
        FunctionKind.RULE, ("local_get", 0), ("local_get", 1), "subtract", name="difference", takes=(NUMBER, NUMBER),
        gives=NUMBER,
    )
    assembler.function(FunctionKind.RULE, ("local_get", 1), name="dated", takes=(NUMBER,), gives=DATE, dated=True)
    # Quotients may not leave a call, but a note shows them.
    assembler.base = replace(assembler.base, notes=(*assembler.base.notes, Note("quotient", RATIO)))
    if not isinstance(case.gives, Ratio):
        return assembler, case.code, case.gives
    shown: tuple[Line, ...] = (("note", 2),) if isinstance(case.expected, tuple) else ()
    return assembler, (*case.code, *shown, ("ratio_round", Rounding.FLOOR)), NUMBER


def run_case(
    case: Case, assembler: Assembler, code: tuple[Line, ...], gives: Type | None, engine: Engine,
    extra: tuple[Type, ...] = (),
) -> tuple[Outcome, MemoryHost]:
    """Run code in a function of its own, the last one, on the ledger of a case."""
    kind = FunctionKind.ACT if gives is None else FunctionKind.QUERY
    index = assembler.function(kind, *code, extra=(*case.extra, *extra), gives=gives)
    host = prepared_host(case)
    run = run_act if kind is FunctionKind.ACT else run_query
    return run(assembler.verified(), index, (), case.context, host, engine=engine), host


@pytest.mark.parametrize("case", CASES, ids=name)
@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_the_instruction_does_what_its_equation_says(case: Case, engine: Engine) -> None:
    assembler, code, result = assembler_for(case)
    before = prepared_host(case).contents()
    outcome, host = run_case(case, assembler, code, result, engine)
    function = len(assembler.functions) - 1
    match case.expected:
        case Fault():
            assert isinstance(outcome, Faulted)
            assert outcome.fault is case.expected
            assert outcome.function == function
            at_fault = assembler.functions[function].code[outcome.instruction]
            assert BY_NUMBER[at_fault.opcode].name == case.covers, "no later check stands in for it"
            host.rollback()
            assert host.contents() == before
        case Refused():
            assert isinstance(outcome, Refused)
            assert (outcome.refusal, outcome.reasons) == (case.expected.refusal, case.reasons)
        case tuple() if isinstance(case.gives, Ratio):
            assert isinstance(outcome, Done)
            assert outcome.reasons == (Noted(2, case.expected),)
        case _:
            assert isinstance(outcome, Done), outcome
            assert outcome.result == case.expected
            assert type(outcome.result) is type(case.expected)
            assert (outcome.events, outcome.reasons) == (case.events, case.reasons)
            if case.after is not None:
                codecs = Codecs(assembler.base)
                assert [codecs.decode(CLAIM, data) for _, _, data in host.contents()] == list(case.after)


@pytest.mark.parametrize("case", [case for case in CASES if not isinstance(case.expected, Fault | Refused)], ids=name)
@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_an_instruction_takes_what_it_takes_and_leaves_what_waits_below(case: Case, engine: Engine) -> None:
    assembler, code, result = assembler_for(case)
    place = len(case.extra)
    kept: tuple[Line, ...] = () if result is None else (("local_set", place),)
    back: tuple[Line, ...] = () if result is None else (("local_get", place),)
    waiting: tuple[Line, ...] = (number(77), *code, *kept, ("note", 1), "drop", *back)
    outcome, _ = run_case(case, assembler, waiting, result, engine, () if result is None else (result,))
    assert isinstance(outcome, Done), outcome
    assert outcome.reasons[-1] == Noted(1, 77)
    if not isinstance(case.gives, Ratio):
        assert (outcome.result, outcome.events) == (case.expected, case.events)
        assert outcome.reasons[:-1] == case.reasons


def test_every_instruction_has_a_handler_a_writer_and_a_case() -> None:
    names = {row.name for row in OPCODES}
    assert set(HANDLERS) == names
    assert {*WRITERS, *FLOW} == names
    assert {case.covers for case in CASES} == names


def test_every_fault_of_every_instruction_has_a_case() -> None:
    in_table = {(row.name, fault) for row in OPCODES for fault in row.faults}
    in_cases = {(case.covers, case.expected) for case in CASES if isinstance(case.expected, Fault)}
    assert in_cases == in_table


def test_every_fault_is_raised_by_an_instruction_or_at_the_door() -> None:
    raised = {fault for row in OPCODES for fault in row.faults}
    assert raised | {Fault.OUT_OF_COST} == set(Fault)


def test_every_kind_of_value_can_be_a_constant() -> None:
    assembler = Assembler()
    for type_, value in ((TRUTH, True), (Date(), 0), (TIME, 0), (RATIO, (1, 2)), (PERSON, ANN), (STATUS, 1)):
        assembler.function(FunctionKind.RULE, ("constant", Const(type_, value)), gives=type_)
    assert assembler.verified()
