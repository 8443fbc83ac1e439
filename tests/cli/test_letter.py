"""The decision letter says who acted, what was decided, why, from which source, and what can be done about it."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import pytest

from gbalang.ast.keywords import word as keyword
from gbalang.cli.letter import Letter, letter_document, letter_sections, write_letter
from gbalang.cli.neutral import in_language, what_would_change
from gbalang.cli.session import LANGUAGES
from gbalang.cli.words import WORDS, word
from gbalang.isa.program import FunctionKind, Program
from gbalang.isa.values import encode_value
from gbalang.literals import parse_value
from runtime.calls import find_function
from runtime.certificates import HolderKind
from runtime.programs import open_program
from runtime.records import Call, OutcomeKind
from tests.network.harness import World, compile_text

TEXT = """contract grants version 1
  title en "Grants"
  basis "Basis of the whole"
  parties Guangzhou, HongKong, Macao
  effective 2026-01-01

article 1 "Cases"
  role applicant is any person
  role office is department

  enum Status: received, declined

  record Case
    applicant: Person
    place: City
    status: Status

  register cases: Case by applicant

article 2 "Applying"
  basis "Basis of article two"

  parameter least_age: Int from 0 to 150 = 60 from 2025-01-01, 65 from 2026-01-01

  refusal too_young
    en "The applicant is too young."
    zh-Hant "申請人未達年齡。"
  refusal applied_already en "There is a case already."

  act apply(place: City, age: Int from 0 to 150) by applicant
    require age >= least_age else refuse too_young
    require not cases has (actor) else refuse applied_already
    enter Case(applicant: actor, place: place, status: received) in cases

article 3 "Declining"
  refusal no_case en "There is no such case."
  refusal not_open en "The case is not open."

  event case_declined(applicant: Person)

  act decline(place: City, applicant: Person, reason: Text(100 max characters), remedy: Text(100 max characters))
    by office of place
    require cases has (applicant) else refuse no_case
    let held = cases(applicant)
    require held.status = received else refuse not_open
    amend cases(applicant) with status: declined
    announce case_declined(applicant)

  event counted(number: Int from 0 to 9)

  act count_all(place: City) by office of place
    announce counted(count of case in entries of cases at most 1)
"""
PERSONS = ("Guangzhou/wing", "HongKong/mei", "Macao/rui")
OFFICE = "Guangzhou/grants"


@dataclass(frozen=True, slots=True)
class Stage:
    """A world in which the grants are in force."""

    world: World
    program: Program

    def act(self, who: str, act: str, **arguments: str) -> Letter:
        """Carry out an act and return its letter."""
        index = find_function(self.program, act, FunctionKind.ACT)
        assert index is not None
        encoded = tuple(
            encode_value(field.type, parse_value(field.type, arguments[field.name], self.program), self.program)
            for field in self.program.functions[index].parameters
        )
        receipt = self.world.carry_out(who, Call("grants", 1, act, encoded))
        return write_letter(self.world.network.leader(), receipt.transaction)


@functools.cache
def _container() -> bytes:
    return compile_text("grants.gba", TEXT)


@pytest.fixture(scope="module")
def stage() -> Stage:
    world = World()
    for person in PERSONS:
        world.add_holder(person, HolderKind.PERSON)
    world.add_holder(OFFICE, HolderKind.DEPARTMENT, ("office",))
    world.adopt(_container())
    return Stage(world, open_program(_container()).program)


@pytest.fixture(scope="module")
def too_young(stage: Stage) -> Letter:
    return stage.act(PERSONS[0], "apply", place="Guangzhou", age="64")


@pytest.fixture(scope="module")
def declined(stage: Stage) -> Letter:
    for person in PERSONS[:2]:
        stage.act(person, "apply", place="Guangzhou", age="70")
    return stage.act(
        OFFICE, "decline", place="Guangzhou", applicant=PERSONS[0], reason="Not a resident", remedy="Ask within 60 days"
    )


def sections(letter: Letter, language: str = "en") -> dict[str, list[str]]:
    """Return the letter's sections by the key of their heading."""
    keys = {WORDS[key][LANGUAGES.index(language)]: key for key in WORDS if key.startswith("letter_")}
    return {keys[heading]: lines for heading, lines in letter_sections(letter, language)}


# ---------------------------------------------------------------- an applicant refused by the instrument


def test_who_acted_is_not_taken_for_an_applicant(too_young: Letter, declined: Letter) -> None:
    assert sections(too_young)["letter_by"] == ["Guangzhou/wing (person)"]
    assert "letter_decided_by" not in sections(too_young)
    assert sections(declined)["letter_by"] == ["Guangzhou/grants (department, office)"]
    assert sections(declined)["letter_decided_by"] == ["Guangzhou/grants"]
    headings = [word(language, "letter_by") for language in LANGUAGES]
    assert headings == ["Act done by", "作出行為者", "行为作出者", "Autor do acto"]


def test_a_refusal_says_its_ground_and_what_would_have_changed_it(too_young: Letter) -> None:
    said = sections(too_young)
    assert said["letter_outcome"] == ["Refused"]
    assert said["letter_ground"] == ["The applicant is too young. (article 2)"]
    assert said["letter_conditions"] == ["age >= least_age (article 2): not met"]
    assert said["letter_would"] == ["Had age been at least least_age, this condition would have been met."]
    assert sections(too_young, "zh-Hant")["letter_ground"] == ["申請人未達年齡。 (第 2 條)"]


def test_every_fact_has_its_source(too_young: Letter, declined: Letter) -> None:
    assert sections(too_young)["letter_facts"] == [
        "age = 64 — stated in the act",
        "least_age = 65 — parameter least_age (article 2), in force since 2026-01-01",
    ]
    assert sections(declined)["letter_facts"] == ["held.status = received — register cases (article 1)"]


def test_the_bases_of_the_articles_applied_are_named(too_young: Letter, declined: Letter) -> None:
    assert sections(too_young)["letter_rule"][1:] == ["Basis of the whole", "article 2: Basis of article two"]
    assert sections(declined)["letter_rule"][1:] == ["Basis of the whole"]


@pytest.mark.parametrize(("place", "jurisdiction", "key"), [
    ("Guangzhou", "CN", "letter_remedy_mainland"), ("HongKong", "HK", "letter_remedy_hong_kong"),
    ("Macao", "MO", "letter_remedy_macao"),
])  # fmt: skip
def test_the_remedy_is_that_of_the_deciding_citys_law(stage: Stage, place: str, jurisdiction: str, key: str) -> None:
    letter = stage.act(PERSONS[2], "apply", place=place, age="1")
    for language in LANGUAGES:
        assert sections(letter, language)["letter_remedy"] == [word(language, key)]
    document = letter_document(letter)["remedy"]
    assert (document["open_to_applicant"], document["jurisdiction"]) == (True, jurisdiction)


def test_the_day_of_the_decision_has_its_zone(too_young: Letter) -> None:
    """2026-03-02 01:30 in Greenwich is 09:30 in the cities; seconds are shown where there are any."""
    half_past_nine = 1_772_415_000_000
    assert sections(replace(too_young, time_ms=half_past_nine))["letter_on"] == ["2026-03-02 09:30 (UTC+8)"]
    later = half_past_nine + 7_000
    assert sections(replace(too_young, time_ms=later))["letter_on"] == ["2026-03-02 09:30:07 (UTC+8)"]


# ---------------------------------------------------------------- an adverse decision of an office


def test_an_offices_decision_says_what_it_stated_and_announced(declined: Letter) -> None:
    said = sections(declined)
    assert declined.receipt.outcome is OutcomeKind.DONE
    assert said["letter_outcome"] == ["Carried out", "case_declined(applicant: Guangzhou/wing)"]
    assert said["letter_ground"] == ["Not a resident"]
    assert said["letter_remedy"] == ["Ask within 60 days"]
    assert said["letter_stated_by_office"] == [
        "place: Guangzhou", "applicant: Guangzhou/wing", 'reason: "Not a resident"', 'remedy: "Ask within 60 days"',
    ]  # fmt: skip


def test_a_refused_office_has_no_applicants_remedy(stage: Stage) -> None:
    letter = stage.act(
        OFFICE, "decline", place="Guangzhou", applicant="Guangzhou/nobody", reason="r", remedy="s"
    )
    said = sections(letter)
    assert said["letter_outcome"] == ["Refused"]
    assert said["letter_by"] == ["Guangzhou/grants (department, office)"]
    assert not {"letter_remedy", "letter_decided_by", "letter_stated_by_office"} & said.keys()
    assert said["letter_would"] == [
        "Had an entry for applicant stood in the register cases, this condition would have been met."
    ]


# ---------------------------------------------------------------- no decision


def test_a_fault_is_no_decision_and_says_where_and_who_must_mend(stage: Stage, declined: Letter) -> None:
    assert declined.receipt.outcome is OutcomeKind.DONE, "two cases stand in the register"
    letter = stage.act(OFFICE, "count_all", place="Guangzhou")
    said = sections(letter)
    line = 1 + TEXT.splitlines().index("    announce counted(count of case in entries of cases at most 1)")
    assert said["letter_outcome"] == ["No decision was taken on the matter."]
    assert not {"letter_on", "letter_decided_by"} & said.keys()
    assert said["letter_ground"][1:] == [
        f"in count_all, article 3 (grants.gba, line {line})",
        "register cases (article 1)",
        "at most 1 entries are provided for",
    ]
    assert said["letter_remedy"] == [word("en", "letter_remedy_fault")]
    ground = letter_document(letter)["ground"]
    assert ground["name"] == "too_many_entries"
    assert ground["place"] == {
        "article": "3", "function": "count_all", "line": {"path": "grants.gba", "line": line}, "register": "cases",
        "bound": 1, "calendars": [],
    }  # fmt: skip


def test_a_rejection_is_no_decision(stage: Stage) -> None:
    receipt = stage.world.carry_out(PERSONS[0], Call("grants", 1, "count_all", (b"",)))
    said = sections(write_letter(stage.world.network.leader(), receipt.transaction))
    assert receipt.outcome is OutcomeKind.REJECTED
    assert said["letter_outcome"] == ["No decision was taken on the matter."]
    assert said["letter_by"] == ["Guangzhou/wing (person)"]
    assert "letter_remedy" not in said


# ---------------------------------------------------------------- for tools


def test_the_document_is_data_with_english_keys(too_young: Letter) -> None:
    document = letter_document(too_young)
    assert document["act"] == "apply"
    assert (document["contract"], document["version"]) == ("grants", 1)
    assert document["digest"].startswith("sha256:")
    assert document["articles"] == [{"article": "2", "bases": ["Basis of article two"]}]
    assert document["arguments"][1] == {"name": "age", "type": "Int from 0 to 150", "value": "64"}
    assert document["conditions"] == [
        {"text": "age >= least_age", "met": False, "article": "2", "refusal": "too_young"}
    ]
    assert document["facts"][1] == {
        "text": "least_age", "type": "Int", "value": "65", "since": "2026-01-01",
        "sources": [{"kind": "parameter", "name": "least_age", "article": "2"}],
    }  # fmt: skip
    assert document["ground"] == {
        "name": "too_young", "article": "2",
        "texts": {"en": "The applicant is too young.", "zh-Hant": "申請人未達年齡。"},
    }  # fmt: skip
    assert document["signer"] == {"reference": "Guangzhou/wing", "kind": "person", "name": "wing", "roles": []}


# ---------------------------------------------------------------- neutral texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_condition_is_shown_in_the_readers_keywords(language: str) -> None:
    assert in_language("cases has (place)", language) == f"cases {keyword('HAS', language)} (place)"  # type: ignore[arg-type]


def test_a_city_is_shown_by_its_name_and_a_reference_as_it_is_written() -> None:
    assert in_language("Guangzhou", "zh-Hans") == "广州"
    assert in_language("Guangzhou/alice", "zh-Hans") == "Guangzhou/alice"


@pytest.mark.parametrize("text", ["today <= from", "a\n  give b", "1) + (2", "", "a else refuse b"])
def test_what_is_no_expression_is_shown_as_it_stands(text: str) -> None:
    assert in_language(text, "pt") == text


@pytest.mark.parametrize(("text", "english", "chinese"), [
    ("held.status = approved", "Had held.status been approved", "如 held.status 为 approved"),
    ("a <> b", "Had a been other than b", "如 a 并非 b"),
    ("a < 3", "Had a been less than 3", "如 a 小于（早于）3"),
    ("a <= 3", "Had a been at most 3", "如 a 不大于（不迟于）3"),
    ("a > 3", "Had a been more than 3", "如 a 大于（迟于）3"),
    ("a >= 3", "Had a been at least 3", "如 a 不小于（不早于）3"),
    ("r has (k)", "Had an entry for k stood in the register r", "如登记册 r 内有 k 的登记"),
    ("not r has (k)", "Had no entry for k stood in the register r", "如登记册 r 内没有 k 的登记"),
    ("not (a = b)", "Had a been other than b", "如 a 并非 b"),
    ("a is present", "Had a been present", "如 a 有值"),
    ("a is none", "Had a been absent", "如 a 无值"),
    ("a in b", "Had a been among b", "如 a 在 b 之内"),
    ("a = 1 and b = 2", "Had a been 1 and had b been 2", "如 a 为 1，且 b 为 2"),
    ("a = 1 or b = 2", "Had a been 1 or had b been 2", "如 a 为 1，或 b 为 2"),
    ("confirmed", "Had it been so that confirmed", "如 confirmed 成立"),
    ("not confirmed", "Had it not been so that confirmed", "如 confirmed 不成立"),
])  # fmt: skip
def test_what_would_have_changed_the_outcome(text: str, english: str, chinese: str) -> None:
    assert what_would_change(text, "en") == f"{english}, this condition would have been met."
    assert what_would_change(text, "zh-Hans") == f"{chinese}，此条件即符合。"
    assert what_would_change(text, "pt").startswith("Se ")
