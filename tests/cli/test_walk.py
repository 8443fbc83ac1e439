"""From nothing to a decision proved offline, with the commands of the README."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.conftest import Walk
from tests.cli.running import gba

README = Path(__file__).parents[2] / "README.md"


def test_every_step_ends_well_but_the_one_that_the_instrument_refuses(walk: Walk) -> None:
    assert {name: ran.code for name, ran in walk.ran.items() if ran.code} == {"call too young": 1}
    assert not [name for name, ran in walk.ran.items() if ran.err]


def test_the_walk_is_the_readmes(walk: Walk) -> None:
    """Every command of the README's walk is walked here."""
    text = README.read_text("utf-8")
    section = text[text.index("## From nothing") : text.index("Every command has")]
    written = re.findall(r"^    gba (\w+(?: (?:init|issue))?)", section, re.MULTILINE)
    assert written
    assert not [each for each in written if not any(step.startswith(each) for step in walk.ran)]


def test_the_register_answers_what_was_decided(walk: Walk) -> None:
    answer = walk.ran["query"].document()["result"]
    assert "age: 70" in answer
    assert "status: granted" in answer


def test_half_of_the_fare_is_granted(walk: Walk) -> None:
    (event,) = walk.ran["call decide"].document()["announced"]
    assert event["event"] == "grant_decided"
    assert event["fields"][1] == {"name": "amount", "type": "Money CNY", "value": "400.50 CNY"}


def test_the_evidence_names_who_acted(walk: Walk) -> None:
    document = walk.ran["verify"].document()
    assert document["holds"] is True
    assert document["signer"] == {"reference": "Guangzhou/alice", "kind": "person", "name": "alice", "roles": []}
    assert document["decision"] == walk.ran["explain"].document()
    said = gba("verify", "decision.gbae").out
    assert "Guangzhou/alice (person)" in said


def test_a_register_entry_is_proved_beside_the_decision(walk: Walk) -> None:
    transaction = walk.transaction("call decide")
    written = gba("evidence", transaction, "-o", "entry.gbae", "--entry", "applications( Guangzhou/alice )")
    assert written.code == 0
    (entry,) = gba("verify", "entry.gbae", "--json").document()["entries"]
    assert entry["register"] == "applications"
    assert "status: granted" in entry["value"]
    assert "in the register applications: Application(" in gba("verify", "entry.gbae").out
    assert "廣州" in gba("verify", "entry.gbae", "--lang", "zh-Hant").out


def test_what_names_no_entry_is_said(walk: Walk) -> None:
    transaction = walk.transaction("call decide")
    for written, said in (
        ("applications(Guangzhou/nobody)", "The ledger holds no entry applications(Guangzhou/nobody)."),
        ("applications", "Its registers: applications(applicant)."),
        ("applications()", "Its registers: applications(applicant)."),
        ("applications(applicant: Guangzhou/alice)", "Its registers: applications(applicant)."),
        ("applications(Nowhere/alice)", "Nowhere/alice is not a value of Person"),
    ):
        ran = gba("evidence", transaction, "-o", "none.gbae", "--entry", written)
        assert ran.code == 1
        assert said in ran.err
        assert not (walk.folder / "none.gbae").exists()


REFUSING = """contract answers version 1
  parties all cities
  effective 2026-01-01

article 7 "Answers"
  refusal not_open
    en "Nothing is open to the public."
    zh-Hant "並無可供公眾查閱者。"

  query ask(count_of: Int from 0 to 9) by anyone gives Int from 0 to 9
    require count_of > 5 else refuse not_open
    give count_of
"""


def test_a_refused_query_says_the_declared_words_and_their_article(walk: Walk) -> None:
    path = walk.folder / "answers.gba"
    path.write_text(REFUSING, "utf-8")
    assert gba("deploy", str(path)).code == 0
    assert gba("query", "answers", "ask", "count_of=6").out == "6\n"
    ran = gba("query", "answers", "ask", "count_of=5")
    assert (ran.code, ran.err) == (1, "Refused: Nothing is open to the public. (article 7)\n")
    assert "並無可供公眾查閱者。 (第 7 條)" in gba("query", "answers", "ask", "count_of=5", "--lang", "zh-Hant").err
