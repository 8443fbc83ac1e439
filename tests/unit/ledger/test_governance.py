"""How a rule comes into force, at each edge: the count of positions, the days, the forms that must stay."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from gbalang import bundled
from gbalang.isa.civil import DATE_MAX, days_from_civil
from runtime import codec, keys
from runtime.cities import CITIES
from runtime.governance import CALENDARS, adopt, calendar_is_sound, cast_vote, first_commencement, propose
from runtime.journal import Journal
from runtime.limits import CALENDAR_BYTES_MAX
from runtime.outcome import DONE, Ending, rejected
from runtime.programs import open_program
from runtime.records import (
    Adopt,
    Ballot,
    BallotStatus,
    CalendarRecord,
    CastVote,
    Position,
    Propose,
    Subject,
    VoteRecord,
)
from runtime.rejections import Rejection
from tests.network.harness import compile_text
from tests.unit.ledger.states import TODAY, adopted, at, digest_of, journal_of

NAMES = [city.identifier for city in CITIES]
BALLOT = bytes(range(32))
EFFECTIVE = days_from_civil(2026, 1, 1)
IN_FORCE = EFFECTIVE + 10
YES, RESERVED, NO, NEITHER = Position.AGREE, Position.AGREE_WITH_RESERVATION, Position.OBJECT, Position.ABSTAIN

TEXT = """contract files version 1
  title en "Files"
  basis "An example of the tests"
  parties all cities
  effective 2026-01-01

article 1 "Files"
  role officer is department
  enum Colour: red, green
  enum Shape: round, square
  record Place
    shelf: Int from 0 to 9
    colour: Colour
  record File
    number: Int from 0 to 9
    place: Place
    past: list of Place up to 3
    colours: set of Colour up to 2
    above: optional Place
  register files: File by number

  act take_in(number: Int from 0 to 9) by officer
    let place = Place(shelf: 1, colour: red)
    enter File(number: number, place: place, past: [place], colours: set of [red], above: none) in files
"""


@functools.cache
def variant(*changes: tuple[str, str]) -> bytes:
    """Return the container of the text with changes."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return compile_text("files.gba", text)


@functools.cache
def charter(*changes: tuple[str, str]) -> bytes:
    """Return the standard library's charter with changes to its text."""
    text = bundled.read_standard_library("charter")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return compile_text("charter.gba", text)


def ledger(*contents: bytes, under: bytes | None = None) -> Journal:
    """Return the state in which these are in force under a charter."""
    entries = [adopted(content, IN_FORCE) for content in (under or charter(), *contents)]
    return journal_of(*[entry for each in entries for entry in each])


def proposed(journal: Journal, content: bytes, subject: Subject = Subject.CONTRACT) -> Ending:
    return propose(journal, "Macao", BALLOT, Propose(subject, content), at())


def opened(content: bytes, journal: Journal | None = None) -> Journal:
    """Return a state with a ballot open on a text."""
    journal = journal or ledger()
    assert proposed(journal, content) == DONE
    return journal


def ballot_in(journal: Journal) -> Ballot:
    stored = journal.get(keys.ballot(BALLOT))
    assert stored is not None
    return codec.decode_ballot(stored)


def vote(journal: Journal, city: str, position: Position, digest: bytes, day: int = TODAY) -> Ending:
    return cast_vote(journal, city, CastVote(BALLOT, digest, position, "reasons"), at(day))


def voted(content: bytes, positions: list[Position], journal: Journal | None = None) -> Journal:
    journal = opened(content, journal)
    for city, position in zip(NAMES, positions, strict=False):
        assert vote(journal, city, position, digest_of(content)) == DONE
    return journal


# ---------------------------------------------------------------- proposals


def test_a_ballot_opens_with_nothing_counted() -> None:
    content = variant()
    ballot = ballot_in(opened(content))
    assert ballot == Ballot(
        Subject.CONTRACT, digest_of(content), "files", 1, "Macao", TODAY, BallotStatus.OPEN, 0, 0, 0, None
    )


def test_the_text_that_was_proposed_first_stays_where_another_has_its_digest() -> None:
    """Where instructions stand in a text is no part of the digest."""
    first, second = variant(), variant(("article 1", "\n\narticle 1"))
    assert first != second
    assert digest_of(first) == digest_of(second)
    journal = opened(first)
    assert proposed(journal, second) == DONE
    assert journal.get(keys.program(digest_of(first))) == first


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (("  enum Shape: round, square\n", ""), ("  enum Colour", "  enum Shape: round, square\n  enum Colour")),
        (("  register files", "  record Note\n    number: Int\n  register earlier: Note by number\n  register files"),),
        (("register files: File by number", "register others: File by number"), ("in files", "in others")),
    ],
    ids=["unchanged", "another order of declarations", "one more register", "another register"],
)  # fmt: skip
def test_a_new_version_may_keep_the_form_of_its_registers(changes: tuple[tuple[str, str], ...]) -> None:
    assert proposed(ledger(variant()), variant(("version 1", "version 2"), *changes)) == DONE


@pytest.mark.parametrize(
    "changes",
    [
        (("shelf", "board"),),
        (("red", "blue"),),
        (("red, green", "green, red"),),
        (("red, green", "red, green, blue"),),
        (("list of Place up to 3", "list of Place up to 4"),),
        (("list of Place up to 3", "list of Int up to 3"), ("[place]", "[1]")),
        (("set of Colour up to 2", "set of Colour up to 1"),),
        (("set of Colour up to 2", "set of Shape up to 2"), ("[red]", "[round]")),
        (("optional Place", "optional Colour"),),
        (("optional Place", "Place"), ("above: none", "above: place")),
        (("number: Int from 0 to 9\n    place", "number: Text(9 max characters)\n    place"),
         ("take_in(number: Int from 0 to 9)", "take_in(number: Text(9 max characters))")),
        (("    number: Int from 0 to 9\n    place: Place", "    place: Place\n    number: Int from 0 to 9"),),
        (("optional Place", "optional Place\n    note: Bool"), ("above: none", "above: none, note: true")),
    ],
)  # fmt: skip
def test_a_new_version_may_not_change_the_form_of_a_register(changes: tuple[tuple[str, str], ...]) -> None:
    ending = proposed(ledger(variant()), variant(("version 1", "version 2"), *changes))
    assert ending == rejected(Rejection.REGISTERS_MUST_STAY_READABLE)


def test_a_new_version_may_not_change_what_the_entries_are_found_by() -> None:
    """The record is the same: only the key is another one."""
    pair = ("number: Int from 0 to 9\n    place", "number: Int from 0 to 9\n    second: Int from 0 to 9\n    place")
    given = ("number: number,", "number: number, second: 1,")
    before = variant(pair, given)
    for key in ("second", "second, number", "number, second"):
        after = variant(("version 1", "version 2"), pair, given, ("File by number", f"File by {key}"))
        assert proposed(ledger(before), after) == rejected(Rejection.REGISTERS_MUST_STAY_READABLE)


def test_a_charter_has_both_rules_in_their_form() -> None:
    head = "rule earliest_commencement(adopted: Date) gives Date\n    give 1 days after adopted"
    for changes in (
        (("carried(", "carry("),),
        (("earliest_commencement", "first_commencement"),),
        ((head, "rule earliest_commencement(adopted: Date) gives Int\n    give 1"), ("= 2027-01-01", "= 1")),
        ((head, head.replace("(adopted: Date", "(adopted: Date, more: Int").replace("1 days", "more days")),
         ("earliest_commencement(2026-12-31)", "earliest_commencement(2026-12-31, 1)")),
    ):  # fmt: skip
        content = charter(("version 1", "version 2"), *changes)
        assert proposed(ledger(), content) == rejected(Rejection.CHARTER_MUST_DECIDE)
    assert proposed(ledger(), charter(("version 1", "version 2"))) == DONE


# ---------------------------------------------------------------- calendars


def year_of(year: int, calendar: str = "Macao") -> CalendarRecord:
    return CalendarRecord(calendar, year, (), bytes(days_from_civil(year, 12, 31) - days_from_civil(year, 1, 1) + 1))


def test_a_sound_calendar_names_a_known_calendar_a_year_and_its_days() -> None:
    for calendar in CALENDARS:
        assert calendar_is_sound(year_of(2026, calendar))
    assert not calendar_is_sound(year_of(2026, "Mars"))
    assert [year for year in (1899, 1900, 2199, 2200) if calendar_is_sound(year_of(year))] == [1900, 2199]
    for year, length in ((2026, 365), (2028, 366), (2100, 365)):
        for days in (length - 1, length, length + 1):
            assert calendar_is_sound(CalendarRecord("Macao", year, (), bytes(days))) == (days == length)
    assert calendar_is_sound(CalendarRecord("Macao", 2026, (), bytes(range(3)) + bytes(362)))
    assert not calendar_is_sound(CalendarRecord("Macao", 2026, (), bytes(364) + b"\x03"))
    assert not calendar_is_sound(CalendarRecord("Macao", 2026, (), b""))


def test_a_calendar_is_proposed_up_to_its_size() -> None:
    """The sources fill it up: each of these characters takes three bytes."""
    bases = ("據" * 512, "據" * 512, "a" * 400)
    begun = len(codec.encode_calendar(replace(year_of(2026), bases=(*bases, "a" * 128)))) - 128
    for spare, ending in ((0, DONE), (1, rejected(Rejection.CALENDAR_MUST_BE_SOUND))):
        filling = "a" * (CALENDAR_BYTES_MAX - begun + spare)
        content = codec.encode_calendar(replace(year_of(2026), bases=(*bases, filling)))
        assert len(content) == CALENDAR_BYTES_MAX + spare
        assert proposed(ledger(), content, Subject.CALENDAR) == ending


def test_bytes_that_are_no_calendar_are_not_laid_before_the_cities() -> None:
    sound = codec.encode_calendar(year_of(2026))
    for content in (b"", sound[:-1], sound + b"\x00"):
        assert proposed(ledger(), content, Subject.CALENDAR) == rejected(Rejection.CALENDAR_MUST_BE_SOUND)


def test_a_calendar_is_adopted_as_it_was_proposed() -> None:
    content = codec.encode_calendar(year_of(2026))
    journal = ledger()
    assert proposed(journal, content, Subject.CALENDAR) == DONE
    assert (ballot_in(journal).name, ballot_in(journal).version) == ("Macao", 2026)
    for city in NAMES[:8]:
        assert vote(journal, city, YES, codec.hash_of(content)) == DONE
    assert adopt(journal, Adopt(BALLOT, 0), at()) == DONE
    assert journal.get(keys.calendar("Macao", 2026)) == content
    assert ballot_in(journal).status is BallotStatus.ADOPTED


# ---------------------------------------------------------------- positions


@pytest.mark.parametrize(
    ("positions", "counted", "status"),
    [
        ([], (0, 0, 0), BallotStatus.OPEN),
        ([YES], (1, 0, 0), BallotStatus.OPEN),
        ([RESERVED, RESERVED], (2, 0, 0), BallotStatus.OPEN),
        ([NO, NO], (0, 2, 0), BallotStatus.OPEN),
        ([NEITHER, NEITHER], (0, 0, 2), BallotStatus.OPEN),
        ([YES, NO, NEITHER, RESERVED, NEITHER, YES, NO], (3, 2, 2), BallotStatus.LOST),
        ([NO, NO, NO, YES], (1, 3, 0), BallotStatus.OPEN),
        ([NEITHER, NEITHER, NEITHER, YES], (1, 0, 3), BallotStatus.OPEN),
        ([NO, NEITHER, NO], (0, 2, 1), BallotStatus.OPEN),
        ([NO, NO, NO, NO], (0, 4, 0), BallotStatus.LOST),
        ([NEITHER, NEITHER, NEITHER, NEITHER], (0, 0, 4), BallotStatus.LOST),
        ([NEITHER, NO, NEITHER, NO], (0, 2, 2), BallotStatus.LOST),
        ([YES] * 7, (7, 0, 0), BallotStatus.OPEN),
        ([YES] * 7 + [RESERVED], (8, 0, 0), BallotStatus.CARRIED),
        ([NO, NEITHER, NO] + [YES] * 8, (8, 2, 1), BallotStatus.CARRIED),
        ([YES] * 8 + [NO, NEITHER, NO], (8, 2, 1), BallotStatus.CARRIED),
        ([YES] * 11, (11, 0, 0), BallotStatus.CARRIED),
    ],
)
def test_each_position_counts_one_in_its_own_place(
    positions: list[Position], counted: tuple[int, int, int], status: BallotStatus
) -> None:
    """Eight of eleven carry; a ballot is lost as soon as eight can no longer agree."""
    ballot = ballot_in(voted(variant(), positions))
    assert ((ballot.agreed, ballot.objected, ballot.abstained), ballot.status) == (counted, status)
    assert ballot.carried_day == (TODAY if status is BallotStatus.CARRIED else None)


def test_a_position_is_kept_with_its_reasons_and_its_day() -> None:
    stored = voted(variant(), [NO]).get(keys.vote(BALLOT, NAMES[0]))
    assert stored is not None
    assert codec.decode_vote(stored) == VoteRecord(NO, "reasons", TODAY)


def test_the_day_on_which_a_ballot_was_carried_stays() -> None:
    journal = voted(variant(), [YES] * 8)
    assert vote(journal, NAMES[8], YES, digest_of(variant()), TODAY + 1) == DONE
    assert (ballot_in(journal).agreed, ballot_in(journal).carried_day) == (9, TODAY)


@pytest.mark.parametrize("day", [IN_FORCE - 1, IN_FORCE])
def test_before_a_charter_is_in_force_nobody_can_decide(day: int) -> None:
    ending = vote(opened(variant()), "Macao", YES, digest_of(variant()), day)
    assert ending == (DONE if day == IN_FORCE else rejected(Rejection.CHARTER_MUST_DECIDE))


@pytest.mark.parametrize("at_fault", [1, 11])
def test_a_charter_must_say_both_whether_a_ballot_is_carried_and_whether_it_still_can_be(at_fault: int) -> None:
    """After the first agreement, one city agrees and eleven still may."""
    under = charter(("give 3 * agree > 2 * members", f"give 3 * agree / (agree - {at_fault}) > 2 * members"))
    ending = vote(opened(variant(), ledger(under=under)), "Macao", YES, digest_of(variant()))
    assert ending == rejected(Rejection.CHARTER_MUST_DECIDE)


# ---------------------------------------------------------------- adoption


def adoption(content: bytes, journal: Journal | None, day: int, today: int = TODAY) -> Ending:
    return adopt(voted(content, [YES] * 8, journal), Adopt(BALLOT, day), at(today))


FAR = days_from_civil(2027, 6, 1)


@pytest.mark.parametrize(
    ("changes", "before", "first"),
    [
        ((), None, TODAY + 1),
        ((("effective 2026-01-01", "effective 2027-06-01"),), None, FAR),
        ((("version 1", "version 2"),), IN_FORCE, TODAY + 1),
        ((("version 1", "version 2"),), FAR, FAR + 1),
    ],
    ids=["the charter's day", "the text's own", "a version before, long in force", "a version before, still to come"],
)
def test_a_text_commences_on_the_latest_of_three_days_at_the_earliest(
    changes: tuple[tuple[str, str], ...], before: int | None, first: int
) -> None:
    """The charter's earliest day, the text's own, and the day after the version before began."""
    content = variant(*changes)

    def state() -> Journal:
        entries = adopted(charter(), IN_FORCE) + (() if before is None else adopted(variant(), before))
        return journal_of(*entries)

    assert first_commencement(state(), open_program(content).program, at()) == first
    assert adoption(content, state(), first - 1) == rejected(Rejection.COMMENCEMENT_MUST_NOT_BE_EARLY)
    journal = state()
    assert adoption(content, journal, first) == DONE
    stored = journal.get(keys.contract("files", 1 if before is None else 2))
    assert stored is not None
    version = codec.decode_contract_version(stored)
    assert (version.adopted_day, version.commencement_day, version.expires_day) == (TODAY, first, None)
    assert (version.digest, version.ballot) == (digest_of(content), BALLOT)


def test_without_a_charter_no_day_is_named() -> None:
    assert first_commencement(journal_of(), open_program(variant()).program, at()) is None


def test_a_text_commences_on_its_last_day_at_the_latest() -> None:
    ends = days_from_civil(2026, 12, 31)
    expiring = variant(("effective 2026-01-01", "effective 2026-01-01\n  expires 2026-12-31"))
    for content, last in ((expiring, ends), (variant(), DATE_MAX)):
        assert adoption(content, None, last) == DONE
        assert adoption(content, None, last + 1) == rejected(Rejection.COMMENCEMENT_MUST_PRECEDE_EXPIRY)


def test_a_text_is_adopted_once() -> None:
    journal = voted(variant(), [YES] * 8)
    assert adopt(journal, Adopt(BALLOT, TODAY + 1), at()) == DONE
    assert ballot_in(journal).status is BallotStatus.ADOPTED
    assert adopt(journal, Adopt(BALLOT, TODAY + 1), at()) == rejected(Rejection.BALLOT_MUST_BE_CARRIED)
    assert vote(journal, NAMES[9], YES, digest_of(variant())) == rejected(Rejection.BALLOT_MUST_BE_OPEN)
