"""What the verifier refuses: for every rule the programs that break it, each next to one that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gbalang.isa import program as p
from gbalang.isa.civil import DATE_MAX
from gbalang.isa.stack import VerificationRule
from gbalang.isa.types import List, Number, Option, Ratio, Record, Reference, Text, Type
from gbalang.isa.verify import VerificationRefused, VerifiedProgram, verify
from gbalang.limits import COST_MAX, STACK_VALUES_MAX
from tests.unit.isa.assembling import (
    CITY,
    DATE,
    MONEY,
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
Make = Callable[[], p.Program]


def sample(**changes: object) -> Make:
    """Return the sample with other tables."""
    return lambda: replace(SAMPLE, **changes)  # type: ignore[arg-type]  # names of its fields


def code(*lines: Line, kind: KIND = KIND.RULE, gives: Type | None = NUMBER, extra: tuple[Type, ...] = ()) -> Make:
    """Return the sample with one function of that code."""

    def make() -> p.Program:
        assembler = Assembler()
        assembler.function(kind, *lines, gives=gives, extra=extra)
        return assembler.program()

    return make


def raw(opcode: int, *operands: int) -> Make:
    """Return the sample with one function of a single instruction that no assembler writes."""
    return lambda: _with_function(code(number(1))(), code=(p.Instruction(opcode, operands),))


def act(**changes: object) -> Make:
    """Return the sample with an act that does nothing, changed."""
    return lambda: _with_function(code(kind=KIND.ACT, gives=None)(), **changes)


def _with_function(program: p.Program, **changes: object) -> p.Program:
    function = replace(program.functions[0], **changes)  # type: ignore[arg-type]  # names of its fields
    return replace(program, functions=(function,))


def _calls(*callees: int) -> Make:
    def make() -> p.Program:
        assembler = Assembler()
        for callee in callees:
            assembler.function(KIND.RULE, ("call", callee), gives=NUMBER)
        return assembler.program()

    return make


def _chain(depth: int) -> Make:
    def make() -> p.Program:
        assembler = Assembler()
        assembler.function(KIND.RULE, number(1), gives=NUMBER)
        for callee in range(depth - 1):
            assembler.function(KIND.RULE, ("call", callee), gives=NUMBER)
        return assembler.program()

    return make


def _stated(**changes: object) -> Make:
    def make() -> p.Program:
        program = rich()
        act_of_rich = replace(program.functions[2], **changes)  # type: ignore[arg-type]  # names of its fields
        return replace(program, functions=(*program.functions[:2], act_of_rich, *program.functions[3:]))

    return make


def _dear(limit: int) -> Make:
    """Two loops in each other over lists of that limit: far above what one call may cost."""
    items = Const(List(NUMBER, limit), ())
    lines: tuple[Line, ...] = (("constant", items), ("each", 0), ("constant", items), ("each", 1), "end", "end")
    return lambda: seal(code(*lines, number(1), extra=(NUMBER, NUMBER))())


def _record(*fields: tuple[str, Type]) -> p.Record:
    return p.Record("Other", tuple(p.Field(*each) for each in fields), 0)


def _permission(role: int | None = 1, city_parameter: int | None = None, city: str | None = None) -> Make:
    return act(permissions=(p.Permission(role, city_parameter, city),))


BROKEN: tuple[tuple[VerificationRule, str, Make], ...] = (
    (R.INDEX_MUST_BE_DEFINED, "article", sample(marks=(p.Mark("m", 2),))),
    (R.INDEX_MUST_BE_DEFINED, "record of a type", sample(types=(Record(2),))),
    (R.INDEX_MUST_BE_DEFINED, "record of a register", sample(registers=(p.Register("r", 2, (0,), 0),), parameters=())),
    (R.INDEX_MUST_BE_DEFINED, "refusal", sample(conditions=(p.Condition("c", 2, 0),))),
    (R.INDEX_MUST_BE_DEFINED, "register of a parameter", sample(
        parameters=(p.Parameter("p", MONEY, ((0, 1),), 2, 0),)
    )),
    (R.NAME_MUST_BE_UNIQUE, "members", sample(enumerations=(p.Enumeration("e", ("a", "a"), 0),))),
    (R.NAME_MUST_BE_UNIQUE, "roles", sample(roles=(*SAMPLE.roles, SAMPLE.roles[0]))),
    (R.NAME_MUST_BE_UNIQUE, "events", sample(events=SAMPLE.events * 2)),
    (R.NAME_MUST_BE_PLAIN, "a mark that cannot be seen", sample(marks=(p.Mark("m\u202e", 0),))),
    (R.NAME_MUST_BE_PLAIN, "a space at the end", sample(marks=(p.Mark("m ", 0),))),
    (R.NAME_MUST_BE_WITHIN_LIMIT, "an act", act(name="a" * 65)),
    (R.NAME_MUST_BE_WITHIN_LIMIT, "a role", sample(roles=(*SAMPLE.roles, p.Role("r" * 61, True, ("person",), 0)))),
    (R.ARGUMENTS_MUST_BE_WITHIN_LIMIT, "many", act(
        parameters=tuple(p.Field(f"n{place}", NUMBER) for place in range(33)), locals=(NUMBER,) * 33,
    )),
    (R.ARGUMENTS_MUST_BE_WITHIN_LIMIT, "large", act(
        parameters=(p.Field("t", Text(8_192)),), locals=(Text(8_192),),
    )),
    (R.HEADER_MUST_BE_SOUND, "format", sample(format=2)),
    (R.HEADER_MUST_BE_SOUND, "no name", sample(name="")),
    (R.HEADER_MUST_BE_SOUND, "a name no key can hold", sample(name="n" * 61)),
    (R.HEADER_MUST_BE_SOUND, "version", sample(version=0)),
    (R.HEADER_MUST_BE_SOUND, "no party", sample(parties=())),
    (R.HEADER_MUST_BE_SOUND, "a party twice", sample(parties=("Macao", "Macao"))),
    (R.HEADER_MUST_BE_SOUND, "a party that is no city", sample(parties=("Peking",))),
    (R.HEADER_MUST_BE_SOUND, "a day beyond all", sample(review=DATE_MAX + 1)),
    (R.HEADER_MUST_BE_SOUND, "expires before it begins", sample(expires=SAMPLE.effective - 1)),
    (R.HEADER_MUST_BE_SOUND, "language", sample(titles=(("fr", "Titre"),))),
    (R.TYPE_MUST_BE_SOUND, "an empty enumeration", sample(enumerations=(p.Enumeration("e", (), 0),))),
    (R.TYPE_MUST_BE_SOUND, "a range of nothing", sample(types=(Number(0, "", 2, 1),))),
    (R.TYPE_MUST_BE_SOUND, "half a range", sample(types=(Number(0, "", None, 1),))),
    (R.TYPE_MUST_BE_SOUND, "a unit", sample(types=(Number(0, "cny"),))),
    (R.TYPE_MUST_BE_SOUND, "a kind of holder", sample(types=(Reference("god"),))),
    (R.TYPE_MUST_BE_SOUND, "a list of nothing", sample(types=(List(TRUTH, 0),))),
    (R.TYPE_MUST_BE_STORABLE, "a quotient in a record", sample(records=(*SAMPLE.records, _record(("q", Ratio()))))),
    (R.TYPE_MUST_BE_STORABLE, "a quotient in an event", sample(events=(p.Event("e", (p.Field("q", Ratio()),), 0),))),
    (R.TYPE_MUST_BE_WITHIN_SIZE, "a value", sample(types=(List(List(Text(1_000), 1_000), 1_000),))),
    (R.TYPE_MUST_BE_WITHIN_SIZE, "a note", sample(notes=(p.Note("n", Text(2_048)),))),
    (R.RECORDS_MUST_NOT_CONTAIN_THEMSELVES, "at once", sample(records=(*SAMPLE.records, _record(("o", Record(2)))))),
    (R.RECORDS_MUST_NOT_CONTAIN_THEMSELVES, "in a list", sample(
        records=(*SAMPLE.records, _record(("o", List(Record(2), 1))))
    )),
    (R.KEY_MUST_BE_SOUND, "none", sample(registers=(p.Register("r", 0, (), 0),), parameters=())),
    (R.KEY_MUST_BE_SOUND, "one twice", sample(registers=(p.Register("r", 0, (0, 0), 0),), parameters=())),
    (R.KEY_MUST_BE_SOUND, "a set", sample(registers=(p.Register("r", 0, (5,), 0),), parameters=())),
    (R.KEY_MUST_BE_WITHIN_SIZE, "a long text", sample(
        records=(_record(("t", Text(200))),), registers=(p.Register("r", 0, (0,), 0),), parameters=(),
    )),
    (R.KEY_MUST_BE_WITHIN_SIZE, "a long name", sample(
        registers=(p.Register("文" * 86, 0, (1,), 0),), parameters=(),
    )),
    (R.ROLE_MUST_BE_SOUND, "of nobody", sample(roles=(p.Role("r", True, (), 0),))),
    (R.ROLE_MUST_BE_SOUND, "kinds out of order", sample(roles=(p.Role("r", True, ("person", "city"), 0),))),
    (R.PARAMETER_MUST_BE_SOUND, "no value", sample(parameters=(p.Parameter("p", NUMBER, (), None, 0),))),
    (R.PARAMETER_MUST_BE_SOUND, "days out of order", sample(
        parameters=(p.Parameter("p", NUMBER, ((1, 1), (1, 2)), None, 0),)
    )),
    (R.PARAMETER_MUST_BE_SOUND, "a value out of range", sample(
        parameters=(p.Parameter("p", MONEY, ((1, -1),), None, 0),)
    )),
    (R.PARAMETER_MUST_BE_SOUND, "a register of another form", sample(
        parameters=(p.Parameter("p", MONEY, ((1, 1),), 0, 0),)
    )),
    (R.CALENDARS_MUST_BE_SOUND, "none", sample(calendars=(p.CalendarSet(p.CalendarMode.ANY, ()),))),
    (R.CALENDARS_MUST_BE_SOUND, "out of order", sample(calendars=(p.CalendarSet(p.CalendarMode.ANY, ("B", "A")),))),
    (R.CONSTANT_MUST_CONFORM, "above its range", sample(constants=((Number(0, "", 0, 1), 2),))),
    (R.CONSTANT_MUST_CONFORM, "a truth as a number", sample(constants=((NUMBER, True),))),
    (R.SIGNATURE_MUST_FIT_KIND, "a rule gives nothing", code(gives=None)),
    (R.SIGNATURE_MUST_FIT_KIND, "an act gives something", code(number(1), kind=KIND.ACT)),
    (R.SIGNATURE_MUST_FIT_KIND, "an act for nobody", act(permissions=())),
    (R.SIGNATURE_MUST_FIT_KIND, "a dated act", act(dated=True, locals=(DATE,))),
    (R.SIGNATURE_MUST_FIT_KIND, "an invariant that is no truth", code(number(1), kind=KIND.INVARIANT)),
    (R.SIGNATURE_MUST_FIT_KIND, "other locals than the parameters", act(parameters=(p.Field("a", NUMBER),))),
    (R.PERMISSION_MUST_BE_SOUND, "anyone may act", _permission(None)),
    (R.PERMISSION_MUST_BE_SOUND, "no such role", _permission(3)),
    (R.PERMISSION_MUST_BE_SOUND, "no such parameter", _permission(1, 0)),
    (R.PERMISSION_MUST_BE_SOUND, "no such city", _permission(1, None, "Peking")),
    (R.PERMISSION_MUST_BE_SOUND, "a parameter that is no city", act(
        parameters=(p.Field("a", NUMBER),), locals=(NUMBER,), permissions=(p.Permission(1, 0),),
    )),
    (R.INSTRUCTION_MUST_BE_KNOWN, "no such number", raw(0xFE)),
    (R.INSTRUCTION_MUST_BE_KNOWN, "an operand too many", raw(0x04, 0)),
    (R.OPERAND_MUST_BE_WITHIN_LIMIT, "a scale", code(number(1), ("rescale", 77))),
    (R.INSTRUCTION_MUST_FIT_KIND, "a rule that asks for the day", code("today", gives=DATE)),
    (R.INSTRUCTION_MUST_FIT_KIND, "a query that announces", code(("announce", 0), number(1), kind=KIND.QUERY)),
    (R.STACK_MUST_HOLD_OPERANDS, "nothing there", code("add")),
    (R.STACK_MUST_HOLD_OPERANDS, "below the block", code(number(1), TRUE, ("if", 0), "drop", "end", number(1))),
    (R.STACK_MUST_BE_WITHIN_LIMIT, "", code(*[number(1)] * (STACK_VALUES_MAX + 1))),
    (R.OPERAND_MUST_FIT_TYPE, "a truth is added", code(number(1), TRUE, "add")),
    (R.BLOCK_MUST_CLOSE, "an if", code(TRUE, ("if", 0), number(1))),
    (R.BLOCK_MUST_CLOSE, "an end of nothing", code(number(1), "end")),
    (R.BLOCK_MUST_LEAVE_ITS_RESULT, "nothing", code(TRUE, ("if", NUMBER), "else", number(1), "end")),
    (R.BLOCK_MUST_LEAVE_ITS_RESULT, "no other part", code(TRUE, ("if", NUMBER), number(1), "end")),
    (R.NESTING_MUST_BE_WITHIN_LIMIT, "of types", sample(
        types=(Option(Option(Option(Option(Option(Option(Option(Option(Option(TRUTH))))))))),)
    )),
    (R.LOCAL_MUST_BE_SET_FIRST, "never", code(("local_get", 0), extra=(NUMBER,))),
    (R.LOCAL_MUST_BE_SET_FIRST, "on one path", code(
        TRUE, ("if", 0), number(1), ("local_set", 0), "end", ("local_get", 0), extra=(NUMBER,)
    )),
    (R.RESULT_MUST_FIT, "nothing", code()),
    (R.RESULT_MUST_FIT, "two", code(number(1), number(1))),
    (R.RESULT_MUST_FIT, "a truth", code(TRUE)),
    (R.CALLS_MUST_NOT_RECUR, "itself", _calls(0)),
    (R.CALLS_MUST_NOT_RECUR, "each other", _calls(1, 0)),
    (R.CALLS_MUST_BE_WITHIN_DEPTH, "", _chain(65)),
    (R.EFFECTS_MUST_AGREE, "writes", _stated(writes=())),
    (R.EFFECTS_MUST_AGREE, "announces", _stated(announces=())),
    (R.EFFECTS_MUST_AGREE, "reads more than it does", _stated(reads=(0, 1))),
    (R.COST_MUST_AGREE, "less", _stated(cost_max=0)),
    (R.COST_MUST_AGREE, "more", _stated(cost_max=COST_MAX)),
    (R.COST_MUST_BE_WITHIN_LIMIT, "", _dear(5_000)),
)  # fmt: skip

SOUND: tuple[tuple[str, Make], ...] = (
    ("the sample", sample()),
    ("the rich sample", rich),
    ("an act", act()),
    ("an act in one's own city", act(
        parameters=(p.Field("a", CITY),), locals=(CITY,), permissions=(p.Permission(1, 0),),
    )),
    ("a choice", code(TRUE, ("if", NUMBER), number(1), "else", number(2), "end")),
    ("a choice without a result", code(TRUE, ("if", 0), number(1), "drop", "end", number(1))),
    ("a local that is set on both paths", code(
        TRUE, ("if", 0), number(1), ("local_set", 0), "else", number(2), ("local_set", 0), "end", ("local_get", 0),
        extra=(NUMBER,),
    )),
    ("as many values as may wait", code(*[number(1)] * STACK_VALUES_MAX, *["drop"] * (STACK_VALUES_MAX - 1))),
    ("calls as deep as may be", _chain(64)),
    ("two loops in each other", _dear(100)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "make"), [(rule, make) for rule, _, make in BROKEN],
    ids=[f"{rule.value} {name}".strip() for rule, name, _ in BROKEN],
)  # fmt: skip
def test_the_program_breaks_the_rule(rule: VerificationRule, make: Make) -> None:
    refused = verify(make())
    assert isinstance(refused, VerificationRefused)
    assert refused.reason is rule, refused


@pytest.mark.parametrize("make", [make for _, make in SOUND], ids=[name for name, _ in SOUND])
def test_the_program_is_sound(make: Make) -> None:
    program = make()
    sealed = seal(program)
    verified = verify(sealed)
    assert isinstance(verified, VerifiedProgram), verified
    assert verified.program == sealed


def test_every_rule_is_broken_by_a_program() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(VerificationRule)


def test_a_refusal_names_the_place() -> None:
    refused = verify(code(number(1), TRUE, "add")())
    assert isinstance(refused, VerificationRefused)
    assert (refused.function, refused.instruction) == (0, 2)


def test_a_verified_program_is_its_program_whatever_was_made_of_it() -> None:
    one, other = verify(rich()), verify(rich())
    assert isinstance(one, VerifiedProgram)
    assert isinstance(other, VerifiedProgram)
    one.engines["some"] = "a memo"
    assert one == other
    assert one != verify(seal(SAMPLE))
    assert "memo" not in repr(one)
    assert "codecs=" not in repr(one)


def test_what_is_known_of_a_function_runs_along_its_parts() -> None:
    verified = verify(rich())
    assert isinstance(verified, VerifiedProgram)
    for function, facts in zip(verified.program.functions, verified.functions, strict=True):
        assert len(facts.costs) == len(facts.partners) == len(facts.inputs) == len(function.code)
        assert len(facts.readers) == len(facts.tests) == len(function.parameters)
        assert (facts.fits is None) == (function.result is None)
    assert [facts.call_depth for facts in verified.functions] == [1, 1, 2, 1, 1], "the act calls a rule"


@pytest.mark.parametrize("make", [make for rule, _, make in BROKEN if rule is R.SIGNATURE_MUST_FIT_KIND])
def test_a_refusal_of_a_signature_names_the_function(make: Make) -> None:
    refused = verify(make())
    assert isinstance(refused, VerificationRefused)
    assert (refused.function, refused.instruction) == (0, None)
