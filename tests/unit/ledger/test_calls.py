"""What a call of an instrument meets: the version that governs, its arguments, its registers, calendars and endings."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from gbalang.isa.civil import days_from_civil
from gbalang.isa.opcodes import BY_NUMBER
from gbalang.isa.program import FunctionKind
from gbalang.isa.types import Number
from gbalang.isa.values import encode_value
from gbalang.vm.faults import Fault
from runtime import codec, keys
from runtime.calls import (
    LedgerHost,
    ask_query,
    call_act,
    contract_versions,
    decode_arguments,
    find_function,
    version_in_force,
)
from runtime.certificates import HolderKind
from runtime.journal import Journal
from runtime.limits import EXECUTION_COST_MAX
from runtime.outcome import Ending, rejected
from runtime.programs import open_program
from runtime.records import (
    AdmittedCertificate,
    CalendarRecord,
    Call,
    EventRecord,
    OutcomeKind,
    ReasonKind,
    ReasonRecord,
)
from runtime.rejections import Rejection
from tests.network.harness import compile_text
from tests.unit.ledger.samples import CERTIFICATE
from tests.unit.ledger.states import NOW_S, TODAY, adopted, at, digest_of, journal_of

TEXT = """contract files version 1
  title en "Files"
  basis "An example of the tests"
  parties Guangzhou, Macao
  effective 2026-01-01
  expires 2026-12-31

article 1 "Files"
  role clerk is any person
  record File
    number: Int from 0 to 9
    left: Int
  register files: File by number
  refusal unwanted en "Nobody wants it."
  event taken_in(number: Int, left: Int)

  rule halved(number: Int) gives Int
    give number

  act take_in(number: Int from 0 to 9, left: Int) by clerk
    require left >= 0 else refuse unwanted
    enter File(number: number, left: left) in files
    announce taken_in(number, left)

  query left_of(number: Int from 0 to 9) by clerk gives Int
    give files(number).left
"""
BEGIN, END = days_from_civil(2026, 1, 10), days_from_civil(2026, 12, 31)
CLERK = replace(CERTIFICATE, kind=int(HolderKind.PERSON), not_before_s=0, not_after_s=2 * NOW_S, revoked_s=None)


@functools.cache
def container(version: int = 1) -> bytes:
    return compile_text("files.gba", TEXT.replace("version 1", f"version {version}"))


def numbers(*values: int) -> tuple[bytes, ...]:
    """Return whole numbers as arguments."""
    program = open_program(container()).program
    return tuple(encode_value(Number(0), value, program) for value in values)


def ledger(*more: tuple[bytes, bytes]) -> Journal:
    return journal_of(*adopted(container(), BEGIN), *more)


def take_in(journal: Journal, number: int, left: int, signer: AdmittedCertificate = CLERK, day: int = TODAY) -> Ending:
    return call_act(journal, signer, Call("files", 1, "take_in", numbers(number, left)), at(day))


# ---------------------------------------------------------------- which version governs


def test_the_version_that_commenced_last_governs_from_its_day_on() -> None:
    journal = journal_of(*adopted(container(), BEGIN), *adopted(container(2), BEGIN + 20), *adopted(container(3), END))
    assert [number for number, _ in contract_versions(journal, "files")] == [1, 2, 3]
    for day, expected in (
        (BEGIN - 1, None), (BEGIN, 1), (BEGIN + 19, 1), (BEGIN + 20, 2), (END - 1, 2), (END, 3), (END + 1, 3),
    ):  # fmt: skip
        found = version_in_force(journal, "files", day)
        assert (found and found[0]) == expected


@pytest.mark.parametrize("name", ["others", "", "file", "files1", "n" * 300, "\ud800"])
def test_a_name_under_which_nothing_stands_or_can_stand_is_not_known(name: str) -> None:
    assert contract_versions(ledger(), name) == ()
    ending = call_act(ledger(), CLERK, Call(name, 1, "take_in", ()), at())
    assert ending == rejected(Rejection.CONTRACT_MUST_BE_KNOWN)


@pytest.mark.parametrize(
    ("day", "act", "question"),
    [
        (BEGIN - 1, Rejection.CONTRACT_MUST_HAVE_COMMENCED, Rejection.CONTRACT_MUST_BE_KNOWN),
        (BEGIN, None, None),
        (END, None, None),
        (END + 1, Rejection.CONTRACT_MUST_NOT_HAVE_EXPIRED, Rejection.CONTRACT_MUST_NOT_HAVE_EXPIRED),
    ],
)
def test_an_instrument_governs_from_its_first_day_through_its_last(
    day: int, act: Rejection | None, question: Rejection | None
) -> None:
    ending = take_in(ledger(), 1, 5, day=day)
    assert ending.code == (act or 0)
    assert ending.outcome is (OutcomeKind.DONE if act is None else OutcomeKind.REJECTED)
    certificate = (keys.certificate(bytes(32)), codec.encode_certificate(CLERK))
    answer = ask_query(ledger(certificate), "files", "left_of", (1,), bytes(32), at(day))
    assert (answer if isinstance(answer, Rejection) else None) == question


@pytest.mark.parametrize(("version", "is_in_force"), [(0, False), (1, True), (2, False)])
def test_a_call_names_the_version_in_force(version: int, *, is_in_force: bool) -> None:
    ending = call_act(ledger(), CLERK, Call("files", version, "take_in", numbers(1, 1)), at())
    assert ending.code == (0 if is_in_force else Rejection.VERSION_MUST_BE_IN_FORCE)


# ---------------------------------------------------------------- arguments


def test_arguments_are_as_many_as_declared_each_whole_and_within_its_bounds() -> None:
    verified = open_program(container())
    act = find_function(verified.program, "take_in", FunctionKind.ACT)
    assert act is not None
    assert decode_arguments(verified, act, numbers(9, -5)) == (9, -5)
    one, other = numbers(1, 2)
    trailing = ((one + b"\x00", other), (one, other + b"\x00"))
    for wrong in ((), (one,), (one, other, one), *trailing, (b"", other), numbers(10, 1)):
        assert decode_arguments(verified, act, wrong) is None
        ending = call_act(ledger(), CLERK, Call("files", 1, "take_in", wrong), at())
        assert ending == rejected(Rejection.ARGUMENTS_MUST_FIT)


def test_a_function_is_found_by_its_name_and_its_kind() -> None:
    program = open_program(container()).program
    for name, kind in (
        ("halved", FunctionKind.RULE), ("take_in", FunctionKind.ACT), ("left_of", FunctionKind.QUERY),
    ):  # fmt: skip
        for asked in (FunctionKind.RULE, FunctionKind.ACT, FunctionKind.QUERY):
            index = find_function(program, name, asked)
            assert (None if index is None else program.functions[index].name) == (name if asked is kind else None)


# ---------------------------------------------------------------- endings


def test_what_is_done_says_what_it_cost_under_which_program_and_announces() -> None:
    ending = take_in(ledger(), 3, 5)
    expected = Ending(
        OutcomeKind.DONE, 0, 0, ending.cost, digest_of(container()), (EventRecord(0, numbers(3, 5)),), ending.reasons
    )
    assert ending == expected
    assert 0 < ending.cost <= EXECUTION_COST_MAX
    noted = ReasonRecord(ReasonKind.NOTE, 0, numbers(5)[0])
    assert ending.reasons == (noted, ReasonRecord(ReasonKind.CONDITION_MET, 0, b"")), "the fact, and that it held"


def test_what_the_instrument_refuses_names_its_ground_and_announces_nothing() -> None:
    ending = take_in(ledger(), 3, -1)
    assert (ending.outcome, ending.code, ending.detail) == (OutcomeKind.REFUSED, 0, 0), "the first refusal declared"
    assert (ending.events, ending.program) == ((), digest_of(container()))
    noted = ReasonRecord(ReasonKind.NOTE, 0, numbers(-1)[0])
    assert ending.reasons == (noted, ReasonRecord(ReasonKind.CONDITION_FAILED, 0, b""))
    assert ending.cost > 0


def test_a_fault_names_its_place_as_the_function_times_two_to_the_twentieth_and_the_instruction() -> None:
    journal = ledger()
    assert take_in(journal, 3, 5).outcome is OutcomeKind.DONE
    ending = take_in(journal, 3, 5)
    assert (ending.outcome, ending.code) == (OutcomeKind.FAULTED, Fault.ENTRY_EXISTS)
    program = open_program(container()).program
    function, instruction = divmod(ending.detail, 1_048_576)
    assert program.functions[function].name == "take_in"
    assert BY_NUMBER[program.functions[function].code[instruction].opcode].name == "enter"


def test_only_parties_act() -> None:
    for city, code in (("Guangzhou", 0), ("Macao", 0), ("Foshan", Rejection.CITY_MUST_BE_PARTY)):
        assert take_in(ledger(), 1, 1, replace(CLERK, city=city)).code == code


# ---------------------------------------------------------------- registers and calendars


def test_a_host_reads_writes_and_walks_the_registers_of_its_instrument_alone() -> None:
    program = open_program(container()).program
    neighbour = (keys.register("files1", "files") + b"a", b"another's")
    journal = journal_of(neighbour, (keys.register("files", "filesx") + b"a", b"another register's"))
    host = LedgerHost(journal, program)
    for key in (b"ab", b"b", b"aa", b"ac"):
        host.write(0, key, key.upper())
    host.write(0, b"ac", None)
    assert (host.read(0, b"aa"), host.read(0, b"ac")) == (b"AA", None)
    assert journal.get(keys.register("files", "files") + b"b") == b"B"
    for limit in range(5):
        assert host.scan(0, b"", limit) == (b"AA", b"AB", b"B")[:limit]
    assert host.scan(0, b"a", 9) == (b"AA", b"AB")
    assert host.scan(0, b"c", 9) == ()


def test_each_day_of_a_calendar_is_read_at_its_place_in_its_year() -> None:
    """Both a common year and a leap year; of other years and other calendars nothing is known."""
    days = {2027: bytes([0, 1, 2, 1, 1]) * 73, 2028: bytes([1, 2, 0]) * 122}
    records = [
        (keys.calendar("Macao", year), codec.encode_calendar(CalendarRecord("Macao", year, (), days[year])))
        for year in days
    ]
    host = LedgerHost(ledger(*records), open_program(container()).program)
    first = days_from_civil(2027, 1, 1)
    found = [host.calendar_day("Macao", day) for day in range(first, first + 365 + 366)]
    assert found == list(days[2027] + days[2028])
    assert host.calendar_day("Macao", first - 1) is None
    assert host.calendar_day("Macao", first + 365 + 366) is None
    assert host.calendar_day("Mainland", first) is None
