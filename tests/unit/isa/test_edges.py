"""Every bound of the verifier from both sides: the last program that passes and the first that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gbalang.isa import program as p
from gbalang.isa.civil import DATE_MAX, DATE_MIN
from gbalang.isa.stack import Unsound, VerificationRule
from gbalang.isa.types import (
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
    Type,
)
from gbalang.isa.verify import VerificationRefused, VerifiedProgram, verify
from gbalang.limits import (
    ARGUMENTS_MAX,
    BLOCK_NESTING_MAX,
    CALENDARS_MAX,
    CALLED_NAME_CHARACTERS_MAX,
    COLLECTION_ITEMS_MAX,
    ENTRY_BYTES_MAX,
    EVENT_BYTES_MAX,
    LOOP_NESTING_MAX,
    NAME_CHARACTERS_MAX,
    SCALE_MAX,
    TEXT_CHARACTERS_MAX,
    TYPE_NESTING_MAX,
    VALUE_BYTES_MAX,
    VALUE_DEPTH_MAX,
)
from tests.unit.isa.assembling import (
    APPLICANT,
    CITY,
    DATE,
    NUMBER,
    SAMPLE,
    TRUTH,
    Assembler,
    Const,
    Line,
    number,
    rich,
    seal,
)

R = VerificationRule
KIND = p.FunctionKind
TRUE: Line = ("constant", Const(TRUTH, True))
Make = Callable[[int], p.Program]
UNSEEN = "m\u202e"
"""No name may look like this one."""


def refusal(program: p.Program) -> VerificationRule | None:
    """Return the rule that a program breaks, None if it breaks none."""
    found = verify(program)
    if isinstance(found, VerificationRefused):
        return found.reason
    assert isinstance(found, VerifiedProgram)
    return None


def of(**changes: object) -> p.Program:
    """Return the sample with other tables."""
    return replace(SAMPLE, **changes)  # type: ignore[arg-type]  # names of its fields


def type_(given: Type) -> p.Program:
    return of(types=(given,))


def nested(wrap: Callable[[Type], Type], times: int, inner: Type = TRUTH) -> Type:
    for _ in range(times):
        inner = wrap(inner)
    return inner


def in_list(item: Type) -> Type:
    return List(item, 1)


def in_set(item: Type) -> Type:
    return Set(item, 1)


def record(*types: Type, name: str = "Other") -> p.Record:
    return p.Record(name, tuple(p.Field(f"f{place}", each) for place, each in enumerate(types)), 0)


def chain(length: int) -> tuple[p.Record, ...]:
    """Return records of which each holds the one before: values of the last are so deep."""
    first = len(SAMPLE.records)
    links = (record(Record(first + place), name=f"Link{place}") for place in range(length - 1))
    return (*SAMPLE.records, record(TRUTH), *links)


def function(
    kind: KIND = KIND.RULE,
    *lines: Line,
    takes: tuple[Type, ...] = (),
    extra: tuple[Type, ...] = (),
    name: str = "",
    **changes: object,
) -> p.Program:
    """Return the sample with one function, changed, its costs and effects stated as they are if it is sound."""
    default: tuple[Line, ...] = {KIND.ACT: (), KIND.INVARIANT: (TRUE,)}.get(kind, (number(1),))
    gives = {KIND.ACT: None, KIND.INVARIANT: TRUTH}.get(kind, NUMBER)
    assembler = Assembler()
    assembler.function(kind, *(lines or default), takes=takes, extra=extra, gives=gives, name=name)
    changed = replace(assembler.functions[0], **changes)  # type: ignore[arg-type]  # names of its fields
    program = replace(assembler.program(), functions=(changed,))
    try:
        return seal(program)
    except Unsound:
        return program


def parameter(*values: tuple[int, int], of_type: Type = NUMBER, register: int | None = None) -> p.Program:
    return of(parameters=(p.Parameter("p", of_type, values, register, 0),))


def register(name: str, keys: tuple[int, ...], *types: Type, program: str = "sample") -> p.Program:
    row = p.Register(name, 0, keys, 0)
    return of(name=program, records=(record(*types),), registers=(row,), parameters=(), events=(), notes=())


def of_bytes(count: int) -> tuple[Type, ...]:
    """Return types of fields that take so many bytes at most: texts of 1,000 characters, then truths of a byte each."""
    texts, rest = divmod(count, 4_003)
    return (*[Text(1_000)] * texts, *[TRUTH] * rest)


def loops(depth: int) -> p.Program:
    return function(
        KIND.RULE,
        *[line for place in range(depth) for line in (("constant", Const(List(NUMBER, 1), ())), ("each", place))],
        *["end"] * depth, number(1), extra=(NUMBER,) * depth,
    )  # fmt: skip


def cost(kind: KIND, loops_limit: int) -> p.Program:
    """Return a function that costs 1,990,803 + loops_limit at most.

    1 + 2 and 199 times 10,004 for a loop in a loop (1 + 2 + 10,000 times 1, and 1 at its end), 1 + 2 + loops_limit for
    another, 1 for what it gives. The most that may be is 2,000,000.
    """
    result = TRUE if kind is KIND.INVARIANT else number(1)
    assembler = Assembler()
    assembler.function(
        kind,
        ("constant", Const(List(NUMBER, 199), ())), ("each", 0),
        ("constant", Const(List(NUMBER, 10_000), ())), ("each", 1), "end", "end",
        ("constant", Const(List(NUMBER, loops_limit), ())), ("each", 0), "end", result,
        gives=TRUTH if kind is KIND.INVARIANT else NUMBER, extra=(NUMBER, NUMBER),
    )  # fmt: skip
    return assembler.sealed()


def calendars(*names: str) -> p.Program:
    return of(calendars=(p.CalendarSet(p.CalendarMode.ANY, names),))


BOUNDS: tuple[tuple[VerificationRule, str, int, int, Make], ...] = (
    # rule, what, the last that passes, the first that does not, the program of it
    (R.HEADER_MUST_BE_SOUND, "version", 1, 0, lambda n: of(version=n)),
    (R.HEADER_MUST_BE_SOUND, "a name", 1, 0, lambda n: of(name="n" * n)),
    (R.HEADER_MUST_BE_SOUND, "a long name", NAME_CHARACTERS_MAX, 61, lambda n: of(name="n" * n)),
    (R.HEADER_MUST_BE_SOUND, "effective", DATE_MIN, DATE_MIN - 1, lambda n: of(effective=n)),
    (R.HEADER_MUST_BE_SOUND, "effective", DATE_MAX, DATE_MAX + 1, lambda n: of(effective=n, expires=None)),
    (R.HEADER_MUST_BE_SOUND, "expires", DATE_MAX, DATE_MAX + 1, lambda n: of(expires=n)),
    (R.HEADER_MUST_BE_SOUND, "review", DATE_MIN, DATE_MIN - 1, lambda n: of(review=n)),
    (R.HEADER_MUST_BE_SOUND, "review", DATE_MAX, DATE_MAX + 1, lambda n: of(review=n)),
    (R.HEADER_MUST_BE_SOUND, "one day", SAMPLE.effective, SAMPLE.effective - 1, lambda n: of(expires=n)),
    (R.TYPE_MUST_BE_SOUND, "list", 1, 0, lambda n: type_(List(TRUTH, n))),
    (R.TYPE_MUST_BE_SOUND, "list", COLLECTION_ITEMS_MAX, 10_001, lambda n: type_(List(TRUTH, n))),
    (R.TYPE_MUST_BE_SOUND, "set", 1, 0, lambda n: type_(Set(TRUTH, n))),
    (R.TYPE_MUST_BE_SOUND, "set", COLLECTION_ITEMS_MAX, 10_001, lambda n: type_(Set(TRUTH, n))),
    (R.TYPE_MUST_BE_SOUND, "text", TEXT_CHARACTERS_MAX, 10_001, lambda n: type_(Text(n))),
    (R.TYPE_MUST_BE_SOUND, "scale", 0, -1, lambda n: type_(Number(n))),
    (R.TYPE_MUST_BE_SOUND, "scale", SCALE_MAX, 77, lambda n: type_(Number(n))),
    (R.TYPE_MUST_BE_SOUND, "range", 7, 8, lambda n: type_(Number(0, "", n, 7))),
    (R.TYPE_MUST_BE_SOUND, "bits", 256, 257, lambda n: type_(Number(0, "", 0, (1 << n) - 1))),
    (R.TYPE_MUST_BE_SOUND, "bits below", 256, 257, lambda n: type_(Number(0, "", 1 - (1 << n), 0))),
    (R.INDEX_MUST_BE_DEFINED, "enumeration", 0, 1, lambda n: type_(Enumeration(n))),
    (R.INDEX_MUST_BE_DEFINED, "record", 1, 2, lambda n: type_(Record(n))),
    (R.NESTING_MUST_BE_WITHIN_LIMIT, "lists", TYPE_NESTING_MAX, 9, lambda n: type_(nested(in_list, n))),
    (R.NESTING_MUST_BE_WITHIN_LIMIT, "sets", TYPE_NESTING_MAX, 9, lambda n: type_(nested(in_set, n))),
    (R.NESTING_MUST_BE_WITHIN_LIMIT, "options", TYPE_NESTING_MAX, 9, lambda n: type_(nested(Option, n))),
    (R.RECORDS_MUST_NOT_CONTAIN_THEMSELVES, "deep", VALUE_DEPTH_MAX, 17, lambda n: of(records=chain(n))),
    *(
        # Eight around a record that is itself so deep.
        (R.NESTING_MUST_BE_WITHIN_LIMIT, "in all", 8, 9, lambda n, wrap=wrap: of(
            records=chain(n), types=(nested(wrap, 8, Record(n + 1)),)
        ))
        for wrap in (in_list, in_set, Option)
    ),
    # A list is three bytes and its items: 4,190 texts of 4,003 bytes, and what lacks.
    (R.TYPE_MUST_BE_WITHIN_SIZE, "a value", VALUE_BYTES_MAX, 16_777_217, lambda n: of(
        records=(*SAMPLE.records, record(List(Text(1_000), 4_190), *of_bytes(n - 3 - 4_190 * 4_003))),
        types=(Record(2),),
    )),
    (R.TYPE_MUST_BE_WITHIN_SIZE, "an entry", ENTRY_BYTES_MAX, 65_537, lambda n: register(
        "r", (0,), TRUTH, *of_bytes(n - 1)
    )),
    (R.TYPE_MUST_BE_WITHIN_SIZE, "an event", EVENT_BYTES_MAX, 16_385, lambda n: of(
        events=(p.Event("e", record(*of_bytes(n)).fields, 0),)
    )),
    # Four bytes for a character and three for the length are 8,191; an option is a byte more.
    (R.TYPE_MUST_BE_WITHIN_SIZE, "a note", 1, 2, lambda n: of(
        notes=(p.Note("n", nested(Option, n, Text(2_047))),)
    )),
    # Of 480 bytes: three, the names, and the texts with four bytes for a character and two at the end.
    (R.KEY_MUST_BE_WITHIN_SIZE, "a text", 117, 118, lambda n: register("r", (0,), Text(n))),
    (R.KEY_MUST_BE_WITHIN_SIZE, "a name", 1, 2, lambda n: register("r" * n, (0,), Text(117))),
    (R.KEY_MUST_BE_WITHIN_SIZE, "two texts", 116, 117, lambda n: register("r", (1, 0), Text(n), Text(0))),
    (R.KEY_MUST_BE_WITHIN_SIZE, "register in Chinese", 111, 112, lambda n: register("文", (0,), Text(n))),
    (R.KEY_MUST_BE_WITHIN_SIZE, "instrument in Chinese", 116, 117, lambda n: register(
        "r", (0,), Text(n), program="文"
    )),
    (R.KEY_MUST_BE_WITHIN_SIZE, "255 bytes", 0, 1, lambda n: register(
        "文" * 85 + "n" * n, (0,), TRUTH
    )),
    (R.INDEX_MUST_BE_DEFINED, "a key", 1, 2, lambda n: register("r", (n,), TRUTH, TRUTH)),
    (R.INDEX_MUST_BE_DEFINED, "the record of a register", 1, 2, lambda n: of(
        registers=(p.Register("r", n, (0,), 0),), parameters=()
    )),
    (R.INDEX_MUST_BE_DEFINED, "the refusal of a condition", 1, 2, lambda n: of(conditions=(p.Condition("c", n, 0),))),
    (R.INDEX_MUST_BE_DEFINED, "the register of a parameter", 1, 2, lambda n: parameter(
        (0, 1), of_type=Number(6, "%", 0, 10**6), register=n
    )),
    (R.CALENDARS_MUST_BE_SOUND, "calendars", 1, 0, lambda n: calendars(*"ABCDEFGHI"[:n])),
    (R.CALENDARS_MUST_BE_SOUND, "many calendars", CALENDARS_MAX, 9, lambda n: calendars(*"ABCDEFGHI"[:n])),
    (R.CALENDARS_MUST_BE_SOUND, "a calendar's name", 1, 0, lambda n: calendars("c" * n)),
    (R.CALENDARS_MUST_BE_SOUND, "a calendar's long name", NAME_CHARACTERS_MAX, 61, lambda n: calendars("c" * n)),
    (R.PARAMETER_MUST_BE_SOUND, "a day", DATE_MIN, DATE_MIN - 1, lambda n: parameter((n, 1))),
    (R.PARAMETER_MUST_BE_SOUND, "a day", DATE_MAX, DATE_MAX + 1, lambda n: parameter((n, 1))),
    (R.PARAMETER_MUST_BE_SOUND, "the next day", 6, 5, lambda n: parameter((5, 1), (n, 1))),
    (R.CONSTANT_MUST_CONFORM, "", 9, 10, lambda n: of(constants=((Number(0, "", 0, 9), n),))),
    (R.NAME_MUST_BE_WITHIN_LIMIT, "an act", CALLED_NAME_CHARACTERS_MAX, 65, lambda n: function(
        KIND.ACT, name="a" * n
    )),
    (R.NAME_MUST_BE_WITHIN_LIMIT, "a role", NAME_CHARACTERS_MAX, 61, lambda n: of(
        roles=(p.Role("r" * n, True, ("city",), 0),)
    )),
    (R.ARGUMENTS_MUST_BE_WITHIN_LIMIT, "parameters", ARGUMENTS_MAX, 33, lambda n: function(
        KIND.ACT, takes=(NUMBER,) * n
    )),
    (R.ARGUMENTS_MUST_BE_WITHIN_LIMIT, "32,768 bytes", 1, 2, lambda n: function(
        KIND.ACT, takes=(Text(8_191), *[TRUTH] * n)
    )),
    (R.PERMISSION_MUST_BE_SOUND, "role", 2, 3, lambda n: function(KIND.ACT, permissions=(p.Permission(n),))),
    (R.PERMISSION_MUST_BE_SOUND, "parameter", 1, 2, lambda n: function(
        KIND.ACT, takes=(CITY, CITY), permissions=(p.Permission(1, n),)
    )),
    (R.NESTING_MUST_BE_WITHIN_LIMIT, "ifs", BLOCK_NESTING_MAX, 2_049, lambda n: function(
        KIND.RULE, *[line for _ in range(n) for line in (TRUE, ("if", 0))], *["end"] * n, number(1)
    )),
    (R.NESTING_MUST_BE_WITHIN_LIMIT, "loops", LOOP_NESTING_MAX, 17, loops),
    (R.COST_MUST_BE_WITHIN_LIMIT, "a rule", 9_197, 9_198, lambda n: cost(KIND.RULE, n)),
    (R.COST_MUST_BE_WITHIN_LIMIT, "a query", 9_197, 9_198, lambda n: cost(KIND.QUERY, n)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "last", "first", "make"), [(rule, last, first, make) for rule, _, last, first, make in BOUNDS],
    ids=[f"{rule.value} {what}".strip() for rule, what, *_ in BOUNDS],
)  # fmt: skip
def test_the_last_passes_and_the_first_beyond_does_not(
    rule: VerificationRule, last: int, first: int, make: Make
) -> None:
    assert (refusal(make(last)), refusal(make(first))) == (None, rule)


def test_nobody_pays_for_an_invariant() -> None:
    assert refusal(cost(KIND.INVARIANT, 10_000)) is None


# ---------------------------------------------------------------- one program for each part of a rule

UNITS = (
    *((Number(2, unit), unit in ("", "%", "CNY")) for unit in ("", "%", "CNY", "CN", "CNYX", "CNy", "元元元")),
    *((Ratio(unit), unit in ("", "CNY")) for unit in ("", "%", "CNY", "CN", "CNYX", "CNy")),
)


@pytest.mark.parametrize(("given", "sound"), UNITS, ids=[str(given) for given, _ in UNITS])
def test_units_are_none_and_those_of_money_and_per_cent_of_numbers(given: Type, sound: bool) -> None:
    assert refusal(type_(given)) is (None if sound else R.TYPE_MUST_BE_SOUND)


@pytest.mark.parametrize("kind", ["city", "department", "organisation", "person", "actor", "", "cities"])
def test_the_kinds_of_holders(kind: str) -> None:
    expected = None if kind in ("city", "department", "organisation", "person", "actor") else R.TYPE_MUST_BE_SOUND
    assert refusal(type_(Reference(kind))) is expected


@pytest.mark.parametrize(("low", "high"), [(None, 0), (0, None), (1, 0), (-(1 << 256), 0), (0, 1 << 256)])
def test_half_a_range_is_none(low: int | None, high: int | None) -> None:
    assert refusal(type_(Number(0, "", low, high))) is R.TYPE_MUST_BE_SOUND


TAGGED: dict[str, Callable[[str], p.Program]] = {
    "titles": lambda tag: of(titles=(("en", "t"), (tag, "t"))),
    "prevailing": lambda tag: of(prevailing=(tag,)),
    "headings": lambda tag: of(articles=(SAMPLE.articles[0], replace(SAMPLE.articles[1], headings=((tag, "t"),)))),
    "texts": lambda tag: of(articles=(SAMPLE.articles[0], replace(SAMPLE.articles[1], texts=((tag, "t"),)))),
    "refusals": lambda tag: of(refusals=(SAMPLE.refusals[0], p.Refusal("r", ((tag, "t"),), 0))),
}


@pytest.mark.parametrize("place", TAGGED)
def test_every_text_names_a_language_that_there_is(place: str) -> None:
    for tag in ("", "en", "zh-Hant", "zh-Hans", "pt"):
        assert refusal(TAGGED[place](tag)) is None
    for tag in ("fr", "EN", "zh"):
        assert refusal(TAGGED[place](tag)) is R.HEADER_MUST_BE_SOUND


ROWS: dict[str, Callable[[int], object]] = {
    "enumerations": lambda article: p.Enumeration("x", ("a",), article),
    "records": lambda article: p.Record("x", (p.Field("a", TRUTH),), article),
    "registers": lambda article: p.Register("x", 0, (0,), article),
    "roles": lambda article: p.Role("x", True, ("city",), article),
    "parameters": lambda article: p.Parameter("x", NUMBER, ((0, 1),), None, article),
    "refusals": lambda article: p.Refusal("x", (), article),
    "events": lambda article: p.Event("x", (), article),
    "conditions": lambda article: p.Condition("x", 0, article),
    "marks": lambda article: p.Mark("x", article),
}
"""A row more of each table of what articles say. The sample has two articles."""


@pytest.mark.parametrize("table", ROWS)
def test_every_row_stands_in_an_article_that_there_is(table: str) -> None:
    for article, expected in ((1, None), (2, R.INDEX_MUST_BE_DEFINED)):
        assert refusal(of(**{table: (*getattr(SAMPLE, table), ROWS[table](article))})) is expected


def test_every_function_stands_in_an_article_that_there_is() -> None:
    assert refusal(function(article=1)) is None
    assert refusal(function(article=2)) is R.INDEX_MUST_BE_DEFINED


def twice(table: str, **changes: object) -> p.Program:
    """Return the sample with the last row of a table once more, changed."""
    rows = getattr(SAMPLE, table)
    return of(**{table: (*rows, replace(rows[-1], **changes))})


@pytest.mark.parametrize("table", ["registers", "roles", "refusals", "events"])
def test_no_two_rows_are_called_the_same(table: str) -> None:
    assert refusal(twice(table)) is R.NAME_MUST_BE_UNIQUE
    assert refusal(twice(table, name="another")) is None


def pair_of_functions(first: KIND, second: KIND) -> p.Program:
    """Return the sample with two functions of one name."""
    assembler = Assembler()
    for kind in (first, second):
        if kind is KIND.ACT:
            assembler.function(kind, name="same")
        else:
            assembler.function(kind, number(1), gives=NUMBER, name="same")
    return assembler.sealed()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (KIND.ACT, KIND.ACT, R.NAME_MUST_BE_UNIQUE),
        (KIND.QUERY, KIND.QUERY, R.NAME_MUST_BE_UNIQUE),
        # Nothing asks for a rule by its name, and acts and queries are asked for at different doors.
        (KIND.ACT, KIND.QUERY, None),
        (KIND.RULE, KIND.RULE, None),
    ],
)
def test_who_calls_an_act_or_a_query_by_its_name_means_one(
    first: KIND, second: KIND, expected: VerificationRule | None
) -> None:
    assert refusal(pair_of_functions(first, second)) is expected


SAME = (p.Field("same", TRUTH), p.Field("same", TRUTH))
NAMED_TWICE: dict[str, p.Program] = {
    "members": of(enumerations=(p.Enumeration("e", ("same", "same"), 0),)),
    "fields of a record": of(records=(*SAMPLE.records, p.Record("r", SAME, 0))),
    "fields of an event": of(events=(*SAMPLE.events, p.Event("e", SAME, 0))),
    "parameters": function(KIND.RULE, parameters=SAME, locals=(TRUTH, TRUTH)),
}


@pytest.mark.parametrize("what", NAMED_TWICE)
def test_no_two_parts_are_called_the_same(what: str) -> None:
    assert refusal(NAMED_TWICE[what]) is R.NAME_MUST_BE_UNIQUE


FIELD = (p.Field(UNSEEN, TRUTH),)
DECEIVING: dict[str, p.Program] = {
    "the instrument": of(name=UNSEEN),
    "an article": of(articles=(SAMPLE.articles[0], replace(SAMPLE.articles[1], label=UNSEEN))),
    **{table: twice(table, name=UNSEEN) for table in ROWS if table != "conditions"},
    "a member": of(enumerations=(p.Enumeration("e", ("a", UNSEEN), 0),)),
    "a field": of(records=(*SAMPLE.records, p.Record("r", FIELD, 0))),
    "a field of an event": of(events=(*SAMPLE.events, p.Event("e", FIELD, 0))),
    "a function": function(name=UNSEEN),
    "a parameter of a function": function(KIND.RULE, parameters=FIELD, locals=(TRUTH,)),
    "a calendar": calendars("A", UNSEEN),
}


@pytest.mark.parametrize("what", DECEIVING)
def test_no_name_deceives(what: str) -> None:
    assert refusal(DECEIVING[what]) is R.NAME_MUST_BE_PLAIN


KINDS_OF_ROLES = (
    (("city",), True), (("department",), True), (("organisation",), True), (("person",), True),
    (("city", "department", "organisation", "person"), True), (("city", "person"), True),
    ((), False), (("actor",), False), (("person", "person"), False), (("person", "city"), False),
    (("city", "god"), False),
)  # fmt: skip


@pytest.mark.parametrize(("kinds", "sound"), KINDS_OF_ROLES)
def test_a_role_names_kinds_of_holders_in_their_order(kinds: tuple[str, ...], sound: bool) -> None:
    assert refusal(of(roles=(p.Role("r", True, kinds, 0),))) is (None if sound else R.ROLE_MUST_BE_SOUND)


@pytest.mark.parametrize("names", [("A", "A"), ("B", "A"), ("A", "")])
def test_calendars_are_named_once_and_in_order(names: tuple[str, ...]) -> None:
    assert refusal(calendars(*names)) is R.CALENDARS_MUST_BE_SOUND


RATE = Number(6, "%", 0, 10**6)
OF_CITIES = (
    ((CITY, DATE, RATE), (0, 1), None),
    ((CITY, DATE, RATE), (0,), R.PARAMETER_MUST_BE_SOUND),
    ((CITY, DATE, RATE), (1, 0), R.PARAMETER_MUST_BE_SOUND),
    ((CITY, DATE, NUMBER), (0, 1), R.PARAMETER_MUST_BE_SOUND),
    ((CITY, Time(), RATE), (0, 1), R.PARAMETER_MUST_BE_SOUND),
    ((Reference("actor"), DATE, RATE), (0, 1), R.PARAMETER_MUST_BE_SOUND),
    ((CITY, DATE, RATE, TRUTH), (0, 1), R.PARAMETER_MUST_BE_SOUND),
)


@pytest.mark.parametrize(("fields", "keys", "expected"), OF_CITIES)
def test_cities_set_their_values_by_city_and_day(
    fields: tuple[Type, ...], keys: tuple[int, ...], expected: VerificationRule | None
) -> None:
    program = of(
        records=(*SAMPLE.records, record(*fields)), registers=(p.Register("r", 2, keys, 0),),
        parameters=(p.Parameter("p", RATE, ((0, 1),), 0, 0),),
    )  # fmt: skip
    assert refusal(program) is expected


def test_a_parameter_has_values_that_may_be_kept() -> None:
    assert refusal(of(parameters=(p.Parameter("p", Ratio(), ((0, (1, 2)),), None, 0),))) is R.PARAMETER_MUST_BE_SOUND
    in_lists = p.Parameter("p", List(Ratio(), 1), ((0, ()),), None, 0)
    assert refusal(of(parameters=(in_lists,))) is R.PARAMETER_MUST_BE_SOUND
    assert refusal(parameter((0, 1), (1, True))) is R.PARAMETER_MUST_BE_SOUND


# ---------------------------------------------------------------- functions

SIGNATURES: tuple[tuple[str, VerificationRule | None, p.Program], ...] = (
    *((f"{kind.name} as it is", None, function(kind)) for kind in KIND),
    *(
        (f"{kind.name} takes something", R.SIGNATURE_MUST_FIT_KIND if kind is KIND.INVARIANT else None,
         function(kind, takes=(NUMBER,)))
        for kind in KIND
    ),
    *(
        (f"{kind.name} dated", None if kind in (KIND.RULE, KIND.EXCEPTION) else R.SIGNATURE_MUST_FIT_KIND,
         function(kind, dated=True, locals=(DATE,)))
        for kind in KIND
    ),
    *(
        (f"{kind.name} without permissions",
         R.SIGNATURE_MUST_FIT_KIND if kind in (KIND.ACT, KIND.QUERY) else None, function(kind, permissions=()))
        for kind in KIND
    ),
    *(
        (f"{kind.name} with permissions", None if kind in (KIND.ACT, KIND.QUERY) else R.SIGNATURE_MUST_FIT_KIND,
         function(kind, permissions=APPLICANT))
        for kind in KIND
    ),
    *(
        (f"{kind.name} gives nothing", None if kind is KIND.ACT else R.SIGNATURE_MUST_FIT_KIND,
         function(kind, "actor", "drop", result=None))
        for kind in KIND
    ),
    ("an act gives something", R.SIGNATURE_MUST_FIT_KIND, function(KIND.ACT, number(1), result=NUMBER)),
    ("an invariant gives a number", R.SIGNATURE_MUST_FIT_KIND, function(KIND.INVARIANT, number(1), result=NUMBER)),
    ("the day in the second place", None, function(takes=(TRUTH,), dated=True, locals=(TRUTH, DATE))),
    ("the day in the first place", R.SIGNATURE_MUST_FIT_KIND, function(
        takes=(TRUTH,), dated=True, locals=(DATE, TRUTH)
    )),
    ("no place for the day", R.SIGNATURE_MUST_FIT_KIND, function(takes=(TRUTH,), dated=True)),
    *(
        (f"{kind.name} takes {given}", R.TYPE_MUST_BE_STORABLE if kind in (KIND.ACT, KIND.QUERY) else None,
         function(kind, takes=(given,)))
        for kind in (KIND.ACT, KIND.QUERY, KIND.RULE, KIND.EXCEPTION) for given in (Ratio(), Option(List(Ratio(), 1)))
    ),
    *(
        (f"{kind.name} gives a quotient", R.TYPE_MUST_BE_STORABLE if kind is KIND.QUERY else None,
         function(kind, number(1), ("to_ratio", 0), result=Ratio()))
        for kind in (KIND.QUERY, KIND.RULE)
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "program"), [(rule, program) for _, rule, program in SIGNATURES],
    ids=[name for name, *_ in SIGNATURES],
)  # fmt: skip
def test_what_a_function_of_each_kind_may_take_and_give(expected: VerificationRule | None, program: p.Program) -> None:
    assert refusal(program) is expected


PERMISSIONS = (
    (KIND.ACT, p.Permission(None), False),
    (KIND.QUERY, p.Permission(None), True),
    (KIND.QUERY, p.Permission(None, city="Macao"), False),
    (KIND.QUERY, p.Permission(None, 1), False),
    (KIND.ACT, p.Permission(1, city="Macao"), True),
    (KIND.ACT, p.Permission(1, city="Peking"), False),
    (KIND.ACT, p.Permission(1, 1), True),
    (KIND.ACT, p.Permission(1, 1, "Macao"), False),
    (KIND.ACT, p.Permission(1, 0), False),
    (KIND.ACT, p.Permission(1, 2), False),
)


@pytest.mark.parametrize(("kind", "permission", "sound"), PERMISSIONS)
def test_who_may_be_given_a_permission(kind: KIND, permission: p.Permission, sound: bool) -> None:
    """The second parameter is a city, the first is an actor."""
    program = function(kind, takes=(Reference("actor"), CITY), permissions=(*APPLICANT, permission))
    assert refusal(program) is (None if sound else R.PERMISSION_MUST_BE_SOUND)


@pytest.mark.parametrize(
    ("index", "field", "stated", "rule"),
    [
        (index, field, stated, R.EFFECTS_MUST_AGREE)
        for index in range(5) for field in ("reads", "writes", "announces") for stated in ((), (0,), (0, 1))
    ],
)  # fmt: skip
def test_effects_are_stated_as_they_are(
    index: int, field: str, stated: tuple[int, ...], rule: VerificationRule
) -> None:
    """The act of the rich sample writes the first register and announces; its query and its invariant read it."""
    program = rich()
    effects = {(2, "writes"): (0,), (2, "announces"): (0,), (3, "reads"): (0,), (4, "reads"): (0,)}
    changed = replace(program.functions[index], **{field: stated})  # type: ignore[arg-type]  # names of its fields
    functions = (*program.functions[:index], changed, *program.functions[index + 1 :])
    found = refusal(replace(program, functions=functions))
    assert found is (None if stated == effects.get((index, field), ()) else rule)
