"""The doors of the machine: who may, what fits, what a call yields, and what bounds it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gbalang.errors import InternalError
from gbalang.isa.program import FunctionKind, Permission
from gbalang.isa.types import List, Number, Value
from gbalang.isa.values import encode_key
from gbalang.isa.verify import VerifiedProgram, verify
from gbalang.limits import COST_MAX, REASONS_MAX
from gbalang.vm.engines import ENGINES, Engine
from gbalang.vm.faults import Fault
from gbalang.vm.host import Announcement, ConditionFailed, ConditionMet, Context, Done, Faulted, Marked, Noted, Refused
from gbalang.vm.interpreter.frame import Place
from gbalang.vm.interpreter.ledger import register_access
from gbalang.vm.interpreter.run import begin, load
from gbalang.vm.machine import arguments_conform, permitted, run_act, run_invariant, run_query, run_rule
from gbalang.vm.memory_host import MemoryHost
from tests.unit.isa.assembling import (
    APPLICANT,
    CITY,
    CLAIM,
    DATE,
    MONEY,
    NUMBER,
    PERSON,
    SAMPLE,
    TRUTH,
    YEAR,
    Assembler,
    Const,
    Line,
    claim,
    date,
    day,
    number,
    rich,
)

KIND = FunctionKind
ANN = Context("Guangzhou/ann", "person", "Guangzhou", (), 1_782_878_400, day("2026-07-01"))
BUREAU = Context("Shenzhen/tax", "department", "Shenzhen", ("bureau",), 0, 0)
RULE, EXCEPTION, ACT, QUERY, INVARIANT = range(5)
"""The functions of the rich sample."""


@pytest.fixture(params=ENGINES.values(), ids=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    found = request.param
    assert isinstance(found, Engine)
    return found


def verified_sample() -> VerifiedProgram:
    verified = verify(rich())
    assert isinstance(verified, VerifiedProgram)
    return verified


def test_an_act_from_beginning_to_end(engine: Engine) -> None:
    verified, host = verified_sample(), MemoryHost()
    outcome = run_act(verified, ACT, (2026, 900), ANN, host, engine=engine)
    assert isinstance(outcome, Done)
    assert outcome.result is None
    assert outcome.events == (Announcement(0, ("Guangzhou/ann", 900)),)
    # The ceiling of 2026 is 5.00 CNY.
    assert outcome.reasons == (ConditionMet(0), Marked(0), Noted(0, 500))
    assert outcome.cost <= verified.program.functions[ACT].cost_max
    entry = claim(amount=500, remark="請求", tags=(1, 3))
    expected = (0, encode_key((PERSON, YEAR), ("Guangzhou/ann", 2026)), verified.codecs.encode(CLAIM, entry))
    assert host.contents() == (expected,)
    answer = run_query(verified, QUERY, ("Guangzhou/ann",), ANN, host, engine=engine)
    assert isinstance(answer, Done)
    assert answer.result == 500
    again = run_act(verified, ACT, (2026, 1), ANN, host, engine=engine)
    assert isinstance(again, Faulted)
    assert (again.fault, again.function, again.instruction) == (Fault.ENTRY_EXISTS, ACT, 17)


def test_a_refusal_names_its_ground_and_what_failed(engine: Engine) -> None:
    outcome = run_act(verified_sample(), ACT, (2025, 1), ANN, MemoryHost(), engine=engine)
    assert isinstance(outcome, Refused)
    assert (outcome.refusal, outcome.reasons) == (0, (ConditionFailed(0),))


def test_a_rule_takes_the_parameter_of_the_given_day(engine: Engine) -> None:
    verified = verified_sample()
    for text, expected in (("2026-12-31", 500), ("2027-01-01", 700)):
        outcome = run_rule(verified, RULE, (900,), day(text), MemoryHost(), engine)
        assert isinstance(outcome, Done)
        assert outcome.result == expected


def test_an_invariant_holds_or_not(engine: Engine) -> None:
    verified, host = verified_sample(), MemoryHost()
    outcome = run_invariant(verified, INVARIANT, day("2026-01-01"), host, engine)
    assert isinstance(outcome, Done)
    assert outcome.result is True


def test_an_invariant_knows_the_day_on_which_it_is_asked(engine: Engine) -> None:
    assembler = Assembler()
    index = assembler.function(KIND.INVARIANT, "today", date("2026-07-01"), "equal", gives=TRUTH)
    for text, expected in (("2026-07-01", True), ("2026-07-02", False)):
        outcome = run_invariant(assembler.verified(), index, day(text), MemoryHost(), engine)
        assert isinstance(outcome, Done)
        assert outcome.result is expected


def test_an_invariant_may_cost_more_than_a_call(engine: Engine) -> None:
    """Nobody pays for it: the limit of a call is none for it."""
    assembler = Assembler()
    items = ("constant", Const(List(NUMBER, 10_000), (1,)))
    index = assembler.function(
        KIND.INVARIANT, items, ("each", 0), items, ("each", 1), "end", "end", ("constant", Const(TRUTH, True)),
        gives=TRUTH, extra=(NUMBER, NUMBER),
    )
    verified = assembler.verified()
    assert verified.program.functions[index].cost_max > COST_MAX
    outcome = run_invariant(verified, index, 0, MemoryHost(), engine)
    assert isinstance(outcome, Done)
    assert outcome.result is True


def test_the_wrong_door_is_a_mistake_of_ours() -> None:
    verified, host = verified_sample(), MemoryHost()
    with pytest.raises(InternalError):
        run_act(verified, QUERY, ("Guangzhou/ann",), ANN, host)
    with pytest.raises(InternalError):
        run_query(verified, ACT, (2026, 1), ANN, host)
    with pytest.raises(InternalError):
        run_rule(verified, RULE, (1,), None, host)
    assembler = Assembler()
    undated = assembler.function(KIND.RULE, number(1), gives=NUMBER)
    with pytest.raises(InternalError):
        run_rule(assembler.verified(), undated, (), 0, host)
    with pytest.raises(InternalError):
        run_rule(verified, QUERY, ("Guangzhou/ann",), None, host)
    with pytest.raises(InternalError):
        run_invariant(verified, RULE, 0, host)


def test_a_damaged_entry_is_no_fault_of_the_instrument(engine: Engine) -> None:
    host = MemoryHost()
    host.write(0, encode_key((PERSON, YEAR), ("Guangzhou/ann", 2026)), b"\x00")
    with pytest.raises(InternalError):
        run_query(verified_sample(), QUERY, ("Guangzhou/ann",), ANN, host, engine=engine)


# ---------------------------------------------------------------- bounds


def test_a_call_above_the_cost_limit_does_not_begin(engine: Engine) -> None:
    verified, host = verified_sample(), MemoryHost()
    cost_max = verified.program.functions[ACT].cost_max
    assert isinstance(run_act(verified, ACT, (2026, 1), ANN, host, cost_max, engine), Done)
    host.rollback()
    outcome = run_act(verified, ACT, (2026, 1), ANN, host, cost_max - 1, engine)
    assert outcome == Faulted(Fault.OUT_OF_COST, ACT, 0, (), 0)
    assert host.contents() == ()


@pytest.mark.parametrize(
    "arguments", [(2026,), (2026, 1, 1), (1999, 1), (2026, -1), (2026, "1"), (True, 1), (2026, None)]
)
def test_arguments_that_do_not_fit_do_not_run(arguments: tuple[Value, ...]) -> None:
    verified, host = verified_sample(), MemoryHost()
    assert not arguments_conform(verified.functions[ACT], arguments)
    assert run_act(verified, ACT, arguments, ANN, host) == Faulted(Fault.OUT_OF_RANGE, ACT, 0, (), 0)


def test_a_result_that_does_not_fit_does_not_leave(engine: Engine) -> None:
    assembler = Assembler()
    index = assembler.function(KIND.QUERY, number(1999), gives=YEAR)
    outcome = run_query(assembler.verified(), index, (), ANN, MemoryHost(), engine=engine)
    assert outcome == Faulted(Fault.OUT_OF_RANGE, index, 1, (), 1)


def test_the_first_reasons_are_kept_and_the_condition_that_failed(engine: Engine) -> None:
    assembler = Assembler()
    count = REASONS_MAX + 10
    index = assembler.function(
        KIND.ACT, number(1), number(count), ("numbers", count), ("each", 0), ("local_get", 0), ("note", 1), "drop",
        "end", ("constant", Const(TRUTH, False)), ("require", 0), extra=(NUMBER,),
    )
    outcome = run_act(assembler.verified(), index, (), ANN, MemoryHost(), engine=engine)
    assert isinstance(outcome, Refused)
    assert outcome.reasons == (*(Noted(1, value) for value in range(1, REASONS_MAX)), ConditionFailed(0))


def test_a_fault_names_the_innermost_place_and_the_whole_cost(engine: Engine) -> None:
    assembler = Assembler()
    assembler.function(KIND.RULE, ("local_get", 0), ("parameter", "ceiling"), name="inner", takes=(DATE,), gives=MONEY)
    index = assembler.function(KIND.QUERY, date("1999-01-01"), ("call", "inner"), gives=MONEY)
    outcome = run_query(assembler.verified(), index, (), ANN, MemoryHost(), engine=engine)
    # constant 1, call 5, local_get 1, parameter 4
    assert outcome == Faulted(Fault.PARAMETER_NOT_IN_FORCE, 0, 1, (), 11)


def test_what_comes_after_a_fault_costs_nothing(engine: Engine) -> None:
    assembler = Assembler()
    index = assembler.function(
        KIND.QUERY, date("1999-01-01"), ("parameter", "ceiling"), "drop", number(7), gives=NUMBER
    )
    outcome = run_query(assembler.verified(), index, (), ANN, MemoryHost(), engine=engine)
    # constant 1, parameter 4
    assert outcome == Faulted(Fault.PARAMETER_NOT_IN_FORCE, index, 1, (), 5)


@pytest.mark.parametrize(
    "change",
    [
        (number(9), ("local_set", 0)),
        (("constant", Const(TRUTH, True)), ("if", 0), number(9), ("local_set", 0), "end"),
        (number(9), number(9), ("numbers", 1), ("each", 0), "end"),
    ],
    ids=["set", "set in a branch", "set by a loop"],
)
def test_a_value_that_waits_is_what_it_was_when_it_was_taken(change: tuple[Line, ...], engine: Engine) -> None:
    """The local changes while its earlier value stands on the stack: 5 - 9, not 9 - 9."""
    assembler = Assembler()
    code: tuple[Line, ...] = (("local_get", 0), *change, ("local_get", 0), "subtract")
    index = assembler.function(KIND.RULE, *code, takes=(NUMBER,), gives=NUMBER)
    outcome = run_rule(assembler.verified(), index, (5,), None, MemoryHost(), engine)
    assert isinstance(outcome, Done)
    assert outcome.result == -4


def test_the_cost_of_a_run_is_that_of_the_instructions_passed(engine: Engine) -> None:
    assembler = Assembler()
    index = assembler.function(
        KIND.QUERY, number(1), number(3), ("numbers", 10), ("each", 0), ("constant", Const(TRUTH, False)), ("if", 0),
        ("mark", 0), "else", "end", "end", number(7), takes=(), extra=(NUMBER,), gives=NUMBER,
    )
    verified = assembler.verified()
    outcome = run_query(verified, index, (), ANN, MemoryHost(), engine=engine)
    assert isinstance(outcome, Done)
    # 1 + 1 + (3 + 10) + 2, three times 1 + 1 + 0 (else is passed only on the way out of the first part) + 1 + 1, then 1
    assert outcome.cost == 17 + 3 * 4 + 1
    # The worst case: ten times, and the dearer first part with its mark.
    assert verified.program.functions[index].cost_max == 17 + 10 * 5 + 1


def test_a_function_made_ready_has_a_place_for_each_local_that_is_no_parameter() -> None:
    assembler = Assembler()
    assembler.function(KIND.RULE, number(1), takes=(NUMBER, NUMBER), extra=(NUMBER,) * 3, gives=NUMBER)
    assembler.function(KIND.RULE, number(1), takes=(NUMBER, NUMBER), extra=(NUMBER,) * 3, gives=NUMBER, dated=True)
    assert [len(function.blanks) for function in load(assembler.verified())] == [3, 3]


def test_a_call_decodes_equal_bytes_of_a_register_once() -> None:
    verified, host = verified_sample(), MemoryHost()
    run_act(verified, ACT, (2026, 900), ANN, host)
    access = register_access(Place(verified, QUERY, 0), 0)
    call = begin(verified, host, ANN)
    (data,) = host.scan(0, b"", 1)
    assert access.decode(call, data) is access.decode(call, data)


# ---------------------------------------------------------------- authority


def may(permission: Permission, context: Context, *arguments: Value, parties: tuple[str, ...] | None = None) -> bool:
    assembler = Assembler()
    assembler.function(KIND.ACT, takes=(CITY, Number(0)), permissions=(permission,))
    program = assembler.program()
    if parties is not None:
        program = replace(program, parties=parties)
    return permitted(program, program.functions[0], context, arguments or ("Shenzhen", 1))


def test_a_role_needs_its_certificate_unless_it_is_open() -> None:
    assert may(Permission(0), BUREAU)
    assert not may(Permission(0), replace(BUREAU, roles=()))
    assert not may(Permission(0), replace(BUREAU, roles=("bureau_of_works",)))
    assert may(Permission(1), ANN)


def test_a_role_needs_its_kind() -> None:
    assert not may(Permission(0), replace(BUREAU, actor_kind="person"))
    assert not may(Permission(1), replace(ANN, actor_kind="city"))
    assert may(Permission(1), replace(ANN, actor_kind="organisation"))
    assert may(Permission(2), Context("Zhuhai", "city", "Zhuhai", (), 0, 0))


def test_the_actors_city_must_be_a_party() -> None:
    assert not may(Permission(0), BUREAU, parties=("Guangzhou", "Zhuhai"))


def test_a_role_of_a_city() -> None:
    assert may(Permission(0, city_parameter=0), BUREAU, "Shenzhen", 1)
    assert not may(Permission(0, city_parameter=0), BUREAU, "Guangzhou", 1)
    assert may(Permission(0, city="Shenzhen"), BUREAU)
    assert not may(Permission(0, city="Zhuhai"), BUREAU)


def test_anyone_and_one_of_several() -> None:
    nobody = Context("", "", "", (), 0, 0)
    assert may(Permission(None), nobody)
    program = replace(SAMPLE, functions=())
    assembler = Assembler(program)
    assembler.function(KIND.ACT, permissions=(Permission(0), *APPLICANT))
    assert permitted(assembler.program(), assembler.functions[0], ANN, ())
    assert permitted(assembler.program(), assembler.functions[0], BUREAU, ())
    assert not permitted(assembler.program(), assembler.functions[0], nobody, ())
