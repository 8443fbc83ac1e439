"""Small instruments of which the right answer is known: what is proved, what has a counterexample, what stays open.

Every counterexample has been carried out on the machine by the command itself; the tests carry it out again from what
the command says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from gbalang.cli.session import LANGUAGES
from gbalang.cli.words import WORDS
from gbalang.proving.values import Reason
from gbalang.proving.verdicts import Status
from tests.cli.running import Ran, gba

HEADER = """contract grants version 1
  title en "Grants"
  parties all cities
  effective 2026-01-01

article 1 "Terms"
  text en "The office pays grants."
  role office is department
"""

LIMITED = """
  record Grant
    holder: Person
    paid: Money CNY from 0 CNY to 1_000_000 CNY
  register grants: Grant by holder
  refusal too_much en "Too much."

  act open(holder: Person) by office
    enter Grant(holder: holder, paid: 0 CNY) in grants

  act pay(holder: Person, amount: Money CNY from 0 CNY to 1_000 CNY) by office
    let sofar = grants(holder).paid
    require {condition} else refuse too_much
    amend grants(holder) with paid: sofar + amount

  invariant nobody_gets_more "Nobody gets more than a thousand"
    holds every grant in entries of grants satisfies grant.paid <= 1_000 CNY
"""

SPLIT = """
  rule share(total: Money CNY) gives Money CNY
    give round {mode} (total * 30% / 100%) to 0.01 CNY

  property "The shares add up" for any total: Money CNY from 0 CNY to 1_000_000_000 CNY
    holds share(total) + {rest} = total
"""

ORDER = """
  record Turn
    number: Int from 0 to 1_000
    holder: Person
  register turns: Turn by number
  record Last
    key: Int from 0 to 0
    holder: Person
  register lasts: Last by key

  act queue(number: Int from 0 to 1_000, holder: Person) by office
    enter Turn(number: number, holder: holder) in turns
    for each turn in entries of turns at most 100 do
      if turn.number < number then
        enter Last(key: 0, holder: turn.holder) in lasts
      end
    end

  invariant turns_are_few "There are at most nine hundred turns"
    holds (count of turn in entries of turns) <= 900
"""

TERMS = """
  record Term
    holder: Person
    starts: Date
    ends: Date
  register terms: Term by holder

  act grant_term(holder: Person) by office
    enter Term(holder: holder, starts: today, ends: {ends}) in terms

  invariant a_term_ends_after_it_starts "A term ends after it starts"
    holds every term in entries of terms satisfies term.starts {relation} term.ends
"""


DATED = """
  parameter ceiling: Money CNY = 600 CNY from 2026-01-01, 700 CNY from 2027-07-01

  rule grant(fare: Money CNY) gives Money CNY
    give least of (ceiling, fare)

  property "No grant is above six hundred" for any fare: Money CNY from 0 CNY to 10_000 CNY
    holds grant(fare) <= {limit}
"""


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GBA_LANG", "en")


def prove(folder: Path, body: str, *words: str) -> Ran:
    path = folder / "contract.gba"
    path.write_text(HEADER + body, "utf-8")
    return gba("prove", str(path), *words)


def claims_of(ran: Ran) -> list[dict[str, Any]]:
    (report,) = ran.document()["instruments"]
    claims = report["claims"]
    assert isinstance(claims, list)
    return claims


def status_of(ran: Ran, act: str, what: str) -> str:
    (found,) = [each["status"] for each in claims_of(ran) if (each.get("act"), each["what"]) == (act, what)]
    return str(found)


def test_a_limit_that_is_kept_is_proved(tmp_path: Path) -> None:
    ran = prove(tmp_path, LIMITED.format(condition="sofar + amount <= 1_000 CNY"), "--json")
    assert ran.code == 0
    assert [each["status"] for each in claims_of(ran)] == ["proved"] * 3


def test_a_limit_off_by_one_fen_has_a_counterexample(tmp_path: Path) -> None:
    ran = prove(tmp_path, LIMITED.format(condition="sofar + amount <= 1_000.01 CNY"), "--json")
    assert ran.code == 3
    assert status_of(ran, "open", "nobody_gets_more") == "proved"
    (broken,) = [each for each in claims_of(ran) if each["status"] == "counterexample"]
    assert broken["act"] == "pay"
    (entry,) = broken["entries"]
    before = amount_of(entry.partition("paid: ")[2])
    given = amount_of(broken["deed"].partition("amount: ")[2])
    assert before <= 100_000 < before + given == 100_001, "in fen: one above the limit, from a state within it"


def amount_of(text: str) -> int:
    """Return an amount in fen, as the command writes it."""
    return int(text.partition(" CNY")[0].replace("_", "").replace(".", ""))


def test_a_state_satisfies_the_invariants_and_is_said_to_be_a_state(tmp_path: Path) -> None:
    ran = prove(tmp_path, LIMITED.format(condition="amount <= 1_000 CNY"))
    assert ran.code == 3
    assert "from this state (whether acts lead to it is not asked)" in ran.out


@pytest.mark.parametrize("mode", ["half up", "half down", "half even", "up", "down", "ceiling", "floor"])
def test_a_split_whose_rest_is_the_rest_adds_up(tmp_path: Path, mode: str) -> None:
    ran = prove(tmp_path, SPLIT.format(mode=mode, rest="(total - share(total))"), "--json")
    assert (ran.code, [each["status"] for each in claims_of(ran)]) == (0, ["proved"])


def test_a_split_that_rounds_twice_does_not_add_up_and_the_example_can_be_pasted(tmp_path: Path) -> None:
    body = SPLIT.format(mode="half up", rest="round half up (total * 70% / 100%) to 0.01 CNY")
    ran = prove(tmp_path, body, "--json")
    assert ran.code == 3
    (broken,) = claims_of(ran)
    # Thirty and seventy per cent of a total in fen are both cut at one half when the total ends in a 5.
    assert amount_of(broken["case"]["total"]) % 10 == 5
    path = tmp_path / "pasted.gba"
    path.write_text(HEADER + body + "\n" + broken["example"] + "\n", "utf-8")
    tested = gba("test", str(path), "--no-apart", "--json")
    (report,) = tested.document()["instruments"]
    assert [each["holds"] for each in report["examples"]] == [False]


def test_a_property_is_asked_for_every_day(tmp_path: Path) -> None:
    assert prove(tmp_path, DATED.format(limit="700 CNY")).code == 0
    ran = prove(tmp_path, DATED.format(limit="600 CNY"), "--json")
    (broken,) = claims_of(ran)
    assert broken["day"] >= "2027-07-01"
    assert amount_of(broken["case"]["fare"]) > 60_000
    path = tmp_path / "pasted.gba"
    path.write_text(HEADER + DATED.format(limit="600 CNY") + "\n" + broken["example"] + "\n", "utf-8")
    (report,) = gba("test", str(path), "--no-apart", "--json").document()["instruments"]
    assert [each["holds"] for each in report["examples"]] == [False]


def test_a_loop_that_depends_on_the_order_of_entries_is_not_established(tmp_path: Path) -> None:
    ran = prove(tmp_path, ORDER, "--act", "queue", "--json")
    found = [each for each in claims_of(ran) if each["act"] == "queue"]
    assert [(each["status"], each["reason"]) for each in found] == [("not_established", "order")]
    assert ran.code == 0


def test_what_every_calendar_obeys_is_proved(tmp_path: Path) -> None:
    ran = prove(tmp_path, TERMS.format(ends="5 working days of Macao after today", relation="<"), "--json")
    assert [each["status"] for each in claims_of(ran)] == ["proved", "proved"]
    assert not any(each["standard_calendars"] for each in claims_of(ran))


def test_a_counterexample_on_working_days_is_one_on_the_calendars_that_there_are(tmp_path: Path) -> None:
    ran = prove(tmp_path, TERMS.format(ends="0 working days of Macao after today", relation="<"), "--json")
    assert status_of(ran, "grant_term", "a_term_ends_after_it_starts") == "counterexample"
    assert ran.code == 3


def test_an_act_that_cannot_be_carried_out_proves_nothing(tmp_path: Path) -> None:
    ran = prove(tmp_path, LIMITED.format(condition="amount > 1_000 CNY"), "--act", "pay", "--json")
    found = [each for each in claims_of(ran) if each["act"] == "pay"]
    assert [(each["status"], each["reason"]) for each in found] == [("not_established", "never_done")]


def test_a_condition_that_never_refuses_is_named(tmp_path: Path) -> None:
    ran = prove(tmp_path, LIMITED.format(condition="amount <= 1_000 CNY"), "--json")
    (condition,) = ran.document()["instruments"][0]["conditions"]
    assert (condition["act"], condition["refuses"]) == ("pay", "never")
    ran = prove(tmp_path, LIMITED.format(condition="sofar + amount <= 1_000 CNY"), "--json")
    (condition,) = ran.document()["instruments"][0]["conditions"]
    assert condition["refuses"] == "can"
    assert amount_of(condition["deed"].partition("amount: ")[2]) <= 100_000


def test_an_invariant_that_is_false_of_nothing_is_broken_before_anything_is_registered(tmp_path: Path) -> None:
    body = LIMITED.format(condition="sofar + amount <= 1_000 CNY").replace(
        "every grant in entries of grants satisfies grant.paid <= 1_000 CNY",
        "(count of grant in entries of grants) > 0",
    )
    ran = prove(tmp_path, body, "--json")
    assert status_of(ran, "", "nobody_gets_more") == "counterexample"
    assert status_of(ran, "open", "nobody_gets_more") == "proved"


def test_the_allowance_of_the_solver_runs_out_at_the_same_place(tmp_path: Path) -> None:
    body = SPLIT.format(mode="half up", rest="round half up (total * 70% / 100%) to 0.01 CNY")
    spent = [prove(tmp_path, body, "--json", "--resources", "1000").out for _ in range(2)]
    assert spent[0] == spent[1]
    assert [(each["status"], each["reason"]) for each in json.loads(spent[0])["instruments"][0]["claims"]] == [
        ("not_established", "resources")
    ]


def test_the_same_report_each_time(tmp_path: Path) -> None:
    body = LIMITED.format(condition="sofar + amount <= 1_000.01 CNY")
    assert prove(tmp_path, body, "--json").out == prove(tmp_path, body, "--json").out


def test_an_act_and_an_invariant_are_chosen_by_name(tmp_path: Path) -> None:
    body = LIMITED.format(condition="sofar + amount <= 1_000 CNY")
    ran = prove(tmp_path, body, "--act", "open", "--json")
    assert {each["act"] for each in claims_of(ran)} == {"", "open"}
    for option in ("--act", "--invariant"):
        assert prove(tmp_path, body, option, "nothing").code == 1


def test_every_answer_and_every_reason_has_its_words() -> None:
    for prefix, kinds in (("verdict_", Status), ("prove_reason_", Reason)):
        assert {key for key in WORDS if key.startswith(prefix)} == {prefix + kind.value for kind in kinds}


def test_a_missing_solver_is_said_with_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    for language in LANGUAGES:
        ran = prove(tmp_path, SPLIT.format(mode="up", rest="0 CNY"), "--lang", language)
        assert ran.code == 1
        assert 'pip install "gbalang[prove]"' in ran.err
