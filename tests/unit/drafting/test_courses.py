"""Examples of acts: they go as written or it is told where they do not; what breaks an invariant becomes one."""

from __future__ import annotations

import pytest

from gbalang.ast.keywords import LANGUAGES
from gbalang.ast.nodes import CourseDeclaration, Instrument, Language
from gbalang.ast.parser import parse
from gbalang.ast.printer import print_document
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from gbalang.testing.courses import CourseResult, run_courses
from gbalang.testing.histories import run_histories
from gbalang.testing.pasting import course_to_paste, example_to_paste
from gbalang.testing.properties import run_properties
from gbalang.testing.running import Count
from tests.unit.drafting.texts import HEAD, codes, runner

CLAIMS = """article 1 "Claims"
  enum Status: filed, paid
  role applicant is any person or organisation
  role bureau is department
  role host is city
  record Claim
    place: City
    holder: Actor
    year: Int from 2000 to 2099
    status: Status
    amount: Money CNY from 0 CNY to 1_000 CNY
    note: optional Text(20 max characters)
  register claims: Claim by place, holder, year
  refusal already_claimed en "It is claimed."
  refusal no_such_claim en "There is none."
  refusal closed en "It is closed."
  parameter highest: Money CNY = 100 CNY from 2026-01-01, 200 CNY from 2026-07-01

  rule last_day(year: Int from 2000 to 2099) gives Date
    give (year - 2000) years rounding down after 2000-12-31

  example "The last day" last_day(2025) = 2025-12-31

  act claim(
    place: City, year: Int from 2000 to 2099, amount: Money CNY from 0 CNY to 1_000 CNY,
    note: optional Text(20 max characters)
  )
    by applicant of place
    require not claims has (place, actor, year) else refuse already_claimed
    require amount <= highest else refuse closed
    enter Claim(place: place, holder: actor, year: year, status: filed, amount: amount, note: note) in claims

  act pay(place: City, holder: Actor, year: Int from 2000 to 2099) by bureau of place
    require claims has (place, holder, year) else refuse no_such_claim
    amend claims(place, holder, year) with status: paid

  act open(place: City) by host
    require 1 = 1 else refuse closed
    enter Claim(place: place, holder: actor, year: 2000, status: filed, amount: 0 CNY, note: none) in claims

"""
CAST = """    with ana as person and applicant of Guangzhou, ben as organisation of Guangzhou,
         office as bureau of Guangzhou
"""


def course(*steps: str, cast: str = CAST) -> str:
    """Return the instrument with an example of these steps."""
    return CLAIMS + '  example "The course"\n' + cast + "".join(f"    {step}\n" for step in steps)


def went(*steps: str, cast: str = CAST) -> CourseResult:
    """Return how an example of these steps goes."""
    (result,) = run_courses(runner(course(*steps, cast=cast)))
    return result


ANA_CLAIMS = "on 2026-03-02 ana does claim(Guangzhou, 2025, 50 CNY, none)"


# ---------------------------------------------------------------- how a course goes


def test_a_course_that_goes_as_written_holds() -> None:
    assert went(
        ANA_CLAIMS,
        "then claims(Guangzhou, ana, 2025).status = filed",
        f"{ANA_CLAIMS} refused already_claimed",
        "on 2026-03-03 ana does pay(Guangzhou, ana, 2025) without power",
        "on 2026-03-03 office does pay(Guangzhou, ana, 2025)",
        "then claims(Guangzhou, ana, 2025).status = paid and today = 2026-03-03",
    ).holds


@pytest.mark.parametrize(
    ("steps", "place", "end"),
    [
        ((f"{ANA_CLAIMS} refused already_claimed",), 0, "done"),
        ((ANA_CLAIMS, f"{ANA_CLAIMS} without power"), 1, "refused"),
        ((ANA_CLAIMS, f"{ANA_CLAIMS} refused closed"), 1, "refused"),
        (("on 2026-03-02 office does claim(Guangzhou, 2025, 50 CNY, none)",), 0, "forbidden"),
        ((ANA_CLAIMS, "then not claims has (Guangzhou, ana, 2025)"), 1, None),
    ],
)
def test_the_first_step_that_goes_otherwise_is_told(steps: tuple[str, ...], place: int, end: str | None) -> None:
    departure = went(*steps).departure
    assert departure is not None
    assert departure.before == steps[:place]
    assert departure.step.text == steps[place]
    assert departure.end == end


def test_the_ground_and_the_condition_of_a_refusal_are_told() -> None:
    tried = runner(course(ANA_CLAIMS, ANA_CLAIMS))
    departure = run_courses(tried)[0].departure
    assert departure is not None
    assert departure.refusal is not None
    assert departure.condition is not None
    program = tried.trial.program
    assert program.refusals[departure.refusal].name == "already_claimed"
    assert program.conditions[departure.condition].text == "not claims has (place, actor, year)"


def test_what_is_dated_is_taken_as_of_the_day_of_the_deed() -> None:
    """The highest amount is 100 before July and 200 from then on; an argument and an act see it alike."""
    assert went(
        "on 2026-06-30 ana does claim(Guangzhou, 2024, highest + 1 CNY, none) refused closed",
        "on 2026-06-30 ana does claim(Guangzhou, 2024, highest, none)",
        "on 2026-07-01 ana does claim(Guangzhou, 2025, highest, none)",
        "then claims(Guangzhou, ana, 2024).amount = 100 CNY and claims(Guangzhou, ana, 2025).amount = highest",
    ).holds


def test_arguments_stand_in_order_or_by_name() -> None:
    assert went(
        'on 2026-03-02 ana does claim(note: some "x", place: Guangzhou, amount: 50 CNY, year: year of last_day(2025))',
        'then claims(Guangzhou, ana, 2025).note = some "x"',
    ).holds


def test_a_city_acts_under_its_own_name() -> None:
    assert went(
        "on 2026-03-02 Macao does open(Macao)",
        "on 2026-03-02 Guangzhou does open(Guangzhou) without power",
        "then claims has (Macao, Macao, 2000)",
        cast="    with Macao as host\n",
    ).holds


def test_whoever_is_of_a_city_that_is_no_party_has_no_power() -> None:
    step = "on 2026-03-02 zoe does claim(Zhuhai, 2025, 50 CNY, none) without power"
    assert went(step, cast="    with zoe as person and applicant of Zhuhai\n").holds


def test_a_name_that_no_reference_can_hold_is_a_name_all_the_same() -> None:
    cast = "    with 甲 as person of Guangzhou, 乙 as person of Guangzhou\n"
    assert went(
        "on 2026-03-02 甲 does claim(Guangzhou, 2025, 50 CNY, none)",
        "then claims has (Guangzhou, 甲, 2025) and not claims has (Guangzhou, 乙, 2025)",
        cast=cast,
    ).holds


def test_a_fault_is_told_and_changes_nothing() -> None:
    result = went("on 2026-03-02 ana does claim(Guangzhou, 2025, 50 CNY, none)",
                  "then claims(Guangzhou, ben, 2025).status = filed")  # fmt: skip
    assert result.departure is not None
    assert result.departure.fault is not None


def test_every_example_begins_with_nothing() -> None:
    text = course(ANA_CLAIMS) + '  example "Again"\n' + CAST + f"    {ANA_CLAIMS}\n"
    assert [each.holds for each in run_courses(runner(text))] == [True, True]


def test_deeds_are_counted_with_the_other_trials() -> None:
    tried = runner(course(ANA_CLAIMS, f"{ANA_CLAIMS} refused already_claimed",
                          "on 2026-03-03 ana does pay(Guangzhou, ana, 2025) without power"))  # fmt: skip
    run_courses(tried)
    functions = tried.trial.program.functions
    counted = {functions[index].name: count for index, count in tried.tally.functions.items()}
    assert counted == {"claim": Count(done=1, refused=1), "pay": Count(forbidden=1)}
    assert tried.tally.differing == []
    assert tried.tally.articles[0].reached == 2


def test_what_an_example_says_of_the_registers_is_no_invariant_of_the_instrument() -> None:
    tried = runner(course(ANA_CLAIMS, "then claims has (Guangzhou, ana, 2025)"))
    assert tried.trial.invariants == ()
    assert run_histories(tried, 1, 1) == ()


def test_the_compiled_instrument_knows_nothing_of_its_examples() -> None:
    def container(text: str) -> object:
        compiled = compile_bundle(SourceBundle(SourceFile("sample.gba", HEAD + text))).compiled
        assert compiled is not None
        return compiled.program

    assert container(course(ANA_CLAIMS, "then claims has (Guangzhou, ana, 2025)")) == container(CLAIMS)


def test_the_deeds_of_examples_are_tried_on_the_invariants() -> None:
    """No history is drawn: the example alone shows that the invariant does not hold."""
    text = CLAIMS + "  invariant nothing_is_paid holds every held in entries of claims satisfies held.status <> paid\n"
    text += '  example "Paid"\n' + CAST + f"    {ANA_CLAIMS}\n    on 2026-03-03 office does pay(Guangzhou, ana, 2025)\n"
    tried = runner(text)
    assert all(each.holds for each in run_courses(tried))
    assert [each.status for each in run_histories(tried, 1, histories=0)] == ["broken"]


# ---------------------------------------------------------------- what is no course


@pytest.mark.parametrize(
    ("cast", "step", "code"),
    [
        (CAST, "on 2026-03-02 ana does clam(Guangzhou, 2025, 50 CNY, none)", "E0201"),
        (CAST, "on 2026-03-02 ana does claims(Guangzhou, 2025, 50 CNY, none)", "E0201"),
        (CAST, "on 2026-03-02 ana does claim(Guangzhou, 2025, 50 CNY)", "E0220"),
        (CAST, "on 2026-03-02 ana does claim(Guangzhou, 2025, 50 CNY, note: none)", "E0220"),
        (CAST, "on 2026-03-02 ana does claim(place: Guangzhou, year: 2025, amount: 50 CNY)", "E0221"),
        (CAST, "on 2026-03-02 ana does claim(place: Guangzhou, yeer: 2025, amount: 50 CNY, note: none)", "E0222"),
        (CAST, "on 2026-03-02 ana does claim(place: Guangzhou, place: Macao, amount: 50 CNY, note: none)", "E0223"),
        (CAST, "on 2026-03-02 ana does claim(Guangzhou, 1999, 50 CNY, none)", "E0310"),
        (CAST, "on 2026-02-30 ana does claim(Guangzhou, 2025, 50 CNY, none)", "E0217"),
        (CAST, "on 2026-03-02 ana does claim(Guangzhou, 2025, 50 CNY, none) refused already_paid", "E0505"),
        (CAST, "on 2026-03-02 ana does claim(Guangzhou, 2025, claims(Guangzhou, ana, 2025).amount, none)", "E0523"),
        ("    with ana as clerk of Guangzhou\n", "on 2026-03-02 ana does pay(Guangzhou, ana, 2025)", "E0502"),
        ("    with ana as bureau of Atlantis\n", "on 2026-03-02 ana does pay(Guangzhou, ana, 2025)", "E0213"),
        ("    with claims as bureau of Macao\n", "on 2026-03-02 claims does pay(Guangzhou, claims, 2025)", "E0202"),
        ("    with a as bureau of Macao, a as bureau of Macao\n", "on 2026-03-02 a does pay(Macao, a, 2025)", "E0202"),
        ("    with Macao as host of Macao\n", "on 2026-03-02 Macao does open(Macao)", "E0527"),
        ("    with Macao as bureau\n", "on 2026-03-02 Macao does open(Macao)", "E0527"),
    ],
)  # fmt: skip
def test_what_no_course_can_say_is_refused_once(cast: str, step: str, code: str) -> None:
    assert codes(course(step, cast=cast)) == [code]


def test_a_refusal_is_not_used_by_being_exemplified() -> None:
    text = CLAIMS + '  refusal never en "Never."\n  example "Never"\n' + CAST + f"    {ANA_CLAIMS} refused never\n"
    assert codes(text) == ["E0506"]


# ---------------------------------------------------------------- printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_course_is_the_same_tree_in_every_keyword_language(language: Language) -> None:
    text = HEAD + course(
        "# Before it.", f"{ANA_CLAIMS} refused already_claimed  # Beside it.",
        "then claims has (Guangzhou, ana, 2025)", "on 2026-03-04 Macao does open(Macao) without power",
    )  # fmt: skip
    document = parse(SourceFile("a.gba", text)).document
    assert isinstance(document, Instrument)
    printed = print_document(document, language)
    assert parse(SourceFile("b.gba", printed)).document == document
    assert "# Before it." in printed
    assert "# Beside it." in printed


def test_words_of_a_course_may_be_names_elsewhere() -> None:
    text = CLAIMS.replace("enum Status: filed, paid", "enum Status: filed, paid, refused")
    assert codes(text + '  example "Refused" refused <> paid\n') == []


def test_a_role_named_like_a_kind_of_holder_stays_a_role() -> None:
    text = HEAD + course(ANA_CLAIMS, cast="    with ana as person and 「person」 of Macao\n")
    document = parse(SourceFile("a.gba", text)).document
    assert isinstance(document, Instrument)
    member = next(each for each in document.articles[0].declarations if isinstance(each, CourseDeclaration)).cast[0]
    assert (member.kinds, [role.text for role in member.roles]) == (("person",), ["person"])
    assert parse(SourceFile("b.gba", print_document(document, "pt"))).document == document


# ---------------------------------------------------------------- what was found, to paste


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_of_a_broken_invariant_is_an_example_that_fails_alike(language: Language) -> None:
    written = HEAD + CLAIMS + (
        "  invariant nothing_is_paid holds every held in entries of claims satisfies held.status <> paid\n"
    )  # fmt: skip
    document = parse(SourceFile("a.gba", written)).document
    assert isinstance(document, Instrument)
    text = print_document(document, language)
    tried = runner(text, head="")
    (broken,) = run_histories(tried, 1)
    assert broken.status == "broken"
    own = parse(SourceFile("b.gba", text)).document
    assert isinstance(own, Instrument)
    pasted = course_to_paste(own, tried.trial.program, broken.name, broken.deeds)
    assert pasted is not None
    (result,) = run_courses(runner(f"{text}\n{pasted}\n", head=""))
    assert result.departure is not None
    assert len(result.departure.before) == len(broken.deeds)
    assert (result.departure.end, result.departure.fault) == (None, broken.fault)


def test_values_of_every_kind_are_pasted() -> None:
    kinds = """article 1 "Kinds"
  role clerk is department
  enum Colour: red, green
  record Point
    x: Int from -9 to 9
    share: Percent
  record Held
    number: Int from 1 to 9
    points: list of Point up to 3
    colours: set of Colour up to 2
    seen: optional Int from -9 to 9
    at: Time
    on_day: Date
    rate: Decimal(2 places)
    price: Money HKD
    said: Text(20 max characters)
    who: Organisation
    yes: Bool
  register all_held: Held by number
  refusal no en "No."
  act hold(
    number: Int from 1 to 9, points: list of Point up to 3, colours: set of Colour up to 2,
    seen: optional Int from -9 to 9, at: Time, on_day: Date, rate: Decimal(2 places), price: Money HKD,
    said: Text(20 max characters), who: Organisation, yes: Bool
  )
    by clerk
    require length of points > 0 and length of colours > 0 else refuse no
    require (item 1 of points).x < 0 and rate < 0 and price < 0 HKD and yes else refuse no
    require said <> "" and seen is present else refuse no
    enter Held(
        number: number, points: points, colours: colours, seen: seen, at: at, on_day: on_day, rate: rate,
        price: price, said: said, who: who, yes: yes
      ) in all_held
  invariant nothing_is_held holds every held in entries of all_held satisfies held.number > 9
"""
    tried = runner(kinds)
    (broken,) = run_histories(tried, 1)
    assert broken.status == "broken"
    document = parse(SourceFile("a.gba", HEAD + kinds)).document
    assert isinstance(document, Instrument)
    pasted = course_to_paste(document, tried.trial.program, broken.name, broken.deeds)
    assert pasted is not None
    (result,) = run_courses(runner(f"{kinds}\n{pasted}\n"))
    assert result.departure is not None
    assert len(result.departure.before) == len(broken.deeds)


def test_the_case_of_a_failing_property_is_an_example_that_fails() -> None:
    text = CLAIMS + '  property "Always the same" for any year: Int from 2000 to 2099\n'
    text += "    holds highest = 100 CNY and year >= 2000\n"
    tried = runner(text)
    (failing,) = run_properties(tried, 1)
    assert not failing.holds
    document = parse(SourceFile("sample.gba", HEAD + text)).document
    assert document is not None
    pasted = example_to_paste(document, HEAD + text, failing.stated, dict(failing.case), failing.day)
    assert pasted is not None
    compiled = compile_bundle(SourceBundle(SourceFile("sample.gba", f"{HEAD}{text}\n{pasted}\n")))
    assert compiled.diagnostics == ()
