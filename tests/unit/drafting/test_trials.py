"""Trials of an instrument: histories that reach, invariants that are really tested, days around every change."""

from __future__ import annotations

from pathlib import Path

import pytest

from gbalang.cli.keeping import decode_kept, encode_kept, kept_history
from gbalang.cli.replaying import replay
from gbalang.isa.types import Number
from gbalang.isa.verify import VerifiedProgram
from gbalang.testing import running
from gbalang.testing.draw import Source
from gbalang.testing.histories import InvariantResult, run_histories
from gbalang.testing.properties import run_properties
from gbalang.testing.running import coverage
from gbalang.testing.shrink import plainer
from gbalang.vm.engines import Engine
from gbalang.vm.host import Context, Host
from gbalang.vm.interpreter import run as interpreter
from gbalang.vm.interpreter.frame import Call
from tests.unit.drafting.texts import runner

CHAIN = """article 1 "A case in three steps"
  role applicant is any person
  role office is department
  enum Stage: filed, heard, granted
  record Case
    holder: Person
    year: Int from 2000 to 2099
    place: City
    stage: Stage
    hearing: Date
    amount: Money CNY from 0 CNY to 1_000_000 CNY
  register cases: Case by holder, year
  record Stamp
    place: City
    number: Int from 1 to 9
  register stamps: Stamp by place
  refusal filed_already en "It is filed."
  refusal not_filed en "It is not filed."
  refusal not_heard en "It is not heard."
  refusal elsewhere en "It is another city's."
  refusal too_early en "The hearing is later."
  refusal never en "Never."

  act file(place: City, year: Int from 2000 to 2099, amount: Money CNY from 0 CNY to 1_000_000 CNY) by applicant
    require not cases has (actor, year) else refuse filed_already
    enter Case(
        holder: actor, year: year, place: place, stage: filed, hearing: 40 days after today, amount: amount
      ) in cases

  act hear(holder: Person, year: Int from 2000 to 2099) by office
    require cases has (holder, year) else refuse not_filed
    require cases(holder, year).place = city of actor else refuse elsewhere
    require cases(holder, year).stage = filed else refuse not_filed
    require today >= cases(holder, year).hearing else refuse too_early
    amend cases(holder, year) with stage: heard

  act grant(holder: Person, year: Int from 2000 to 2099) by office
    require cases has (holder, year) else refuse not_filed
    require cases(holder, year).place = city of actor else refuse elsewhere
    require cases(holder, year).stage = heard else refuse not_heard
    amend cases(holder, year) with stage: granted

  act stamp(place: City) by office of place
    require 1 > 2 else refuse never
    enter Stamp(place: place, number: 1) in stamps

  invariant nothing_is_granted holds every case in entries of cases satisfies case.stage <> granted
  invariant stamps_are_high holds every stamp in entries of stamps satisfies stamp.number > 5
  invariant amounts_are_amounts holds every case in entries of cases satisfies case.amount >= 0 CNY
"""


@pytest.fixture(scope="module")
def chain() -> tuple[running.Runner, dict[str, InvariantResult]]:
    made = runner(CHAIN)
    return made, {result.name: result for result in run_histories(made, 1)}


def test_drawing_is_splitmix64() -> None:
    """The vector of the reference implementation for the seed 1234567."""
    source = Source(1_234_567)
    assert [source.word() for _ in range(5)] == [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
    ]  # fmt: skip


def test_drawing_stays_in_its_range() -> None:
    source = Source(7)
    assert {source.between(-1, 1) for _ in range(100)} == {-1, 0, 1}
    assert all(0 <= source.below(10**40) < 10**40 for _ in range(100))


def test_a_chain_of_acts_is_reached_and_told_with_its_three_deeds(
    chain: tuple[running.Runner, dict[str, InvariantResult]],
) -> None:
    result = chain[1]["nothing_is_granted"]
    assert result.status == "broken"
    assert [sentence.split("  ")[2].partition("(")[0] for sentence in result.story] == ["file", "hear", "grant"]


def test_the_story_is_the_smallest(chain: tuple[running.Runner, dict[str, InvariantResult]]) -> None:
    """Filed on the first day, heard on the first day on which that is possible, and no amount."""
    filed, heard, granted = chain[1]["nothing_is_granted"].story
    assert filed.startswith("2026-01-01  ")
    assert filed.endswith("amount: 0.00 CNY)")
    assert heard.startswith("2026-02-10  ")
    assert granted.startswith("2026-02-10  ")


def test_a_kept_history_fails_again_with_the_same_story(
    chain: tuple[running.Runner, dict[str, InvariantResult]],
) -> None:
    """Three deeds with days, amounts, cities and holders, written down and read again."""
    made, results = chain
    result = results["nothing_is_granted"]
    kept = decode_kept(encode_kept(kept_history(made.trial.program, result)))
    again = replay(running.Runner(made.trial), Path("kept.json"), kept)
    assert (again.status, again.carried_out) == ("fails", 3)
    assert isinstance(again.result, InvariantResult)
    assert (again.result.deeds, again.result.story) == (result.deeds, result.story)


def test_an_invariant_that_saw_no_entry_was_never_tested(
    chain: tuple[running.Runner, dict[str, InvariantResult]],
) -> None:
    result = chain[1]["stamps_are_high"]
    assert result.status == "never tested"
    assert not result.holds
    assert result.asked > 0 == result.met


def test_an_invariant_that_no_entry_can_break_is_not_shown_able_to_fail(
    chain: tuple[running.Runner, dict[str, InvariantResult]],
) -> None:
    result = chain[1]["amounts_are_amounts"]
    assert (result.status, result.can_fail) == ("holds", False)


def test_an_invariant_that_a_changed_entry_breaks_is_shown_able_to_fail() -> None:
    text = CHAIN.replace("case.amount >= 0 CNY", "case.year < 2090")
    text = text.replace("year: Int from 2000 to 2099, amount", "year: Int from 2000 to 2089, amount")
    results = {result.name: result for result in run_histories(runner(text), 1)}
    assert (results["amounts_are_amounts"].status, results["amounts_are_amounts"].can_fail) == ("holds", True)


def test_the_same_seed_tells_the_same(chain: tuple[running.Runner, dict[str, InvariantResult]]) -> None:
    again = runner(CHAIN)
    assert {result.name: result for result in run_histories(again, 1)} == chain[1]
    assert again.tally == chain[0].tally


def test_every_act_is_counted(chain: tuple[running.Runner, dict[str, InvariantResult]]) -> None:
    made, _ = chain
    counts = {made.trial.program.functions[index].name: count for index, count in made.tally.functions.items()}
    assert min(counts[name].done for name in ("file", "hear", "grant")) > 0
    assert counts["stamp"].done == 0 < counts["stamp"].refused
    assert made.tally.undone


RULES = """article 1 "The fee"
  parameter ceiling: Money CNY = 100 CNY from 2026-01-01, 50 CNY from 2027-03-01
  rule fee(spent: Int from 0 to 30, student: Bool) gives Money CNY
    give least of (ceiling, spent * 10 CNY)
  exception for_students to fee when student
    give 0 CNY
  property "The ceiling is a hundred" for any spent: Int from 20 to 30
    holds fee(spent, false) = 100 CNY
  property "Never above the ceiling" for any spent: Int from 0 to 30, student: Bool
    holds fee(spent, student) <= ceiling
  example "A student" fee(3, true) = 0 CNY
"""


def test_a_property_is_tried_on_the_days_of_every_change() -> None:
    false, true = run_properties(runner(RULES), 1)
    assert not false.holds
    assert false.day in {"2027-03-01", "2027-03-02"}
    assert true.holds
    assert (true.tried, true.day) == (200, "")


def test_a_property_is_not_tried_before_there_is_a_value() -> None:
    text = RULES.partition('  property "Never')[0].replace(", 50 CNY from 2027-03-01", "")
    (result,) = run_properties(runner(text), 1)
    assert result.holds
    assert result.tried > 0


def test_a_library_is_tried_on_the_days_of_its_values() -> None:
    head = 'library sample version 1\n  title en "A sample"\n\n'
    false, true = run_properties(runner(RULES, head), 1)
    assert (false.holds, true.holds) == (False, True)


def test_exceptions_are_counted_by_article() -> None:
    made = runner(RULES)
    run_properties(made, 1)
    (row,) = coverage(made.trial, made.tally)
    assert row.label == "1"
    assert row.count.reached == row.count.done > 0
    ((name, fired),) = row.exceptions
    assert name == "for_students"
    assert 0 < fired < row.count.reached


def test_a_difference_between_the_engines_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def begin(verified: VerifiedProgram, host: Host, context: Context) -> Call:
        call = interpreter.begin(verified, host, context)
        call.cost = 1
        return call

    monkeypatch.setattr(running, "COMPILED", Engine("odd", begin))
    made = runner(CHAIN)
    run_histories(made, 1, 1)
    assert "file" in made.tally.differing


def test_the_engines_agree(chain: tuple[running.Runner, dict[str, InvariantResult]]) -> None:
    assert not chain[0].tally.differing
    assert chain[0].tally.calls > 1_000


@pytest.mark.parametrize("most", [3, 30_000])
def test_a_property_of_which_there_is_no_case_was_never_tried(most: int) -> None:
    """Whether all cases there are were drawn, or only many of them."""
    made = runner(
        f'article 1 "One"\n  property "None" for any given: Int from 1 to {most} where given > {most} holds given = 0\n'
    )
    (result,) = run_properties(made, 1)
    assert (result.holds, result.tried) == (True, 0)


@pytest.mark.parametrize(("first", "last"), [(10**15, 501), (-(10**15), -501), (7, 7), (10**15, 10**15 - 1)])
def test_the_smallest_number_is_found_in_few_steps(first: int, last: int) -> None:
    """What is at least as far from zero as the last still breaks; fifty bits take fifty halvings, each begun anew."""
    value, tried = first, 0
    looking = True
    while looking:
        looking = False
        for candidate in plainer(Number(0), value):
            assert isinstance(candidate, int)
            tried += 1
            if abs(candidate) >= abs(last):
                value, looking = candidate, True
                break
    assert value == last
    assert tried <= 50 * 50
