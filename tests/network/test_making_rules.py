"""How a rule comes into force, step by step, and what cannot bring it there."""

from __future__ import annotations

from gbalang import bundled
from gbalang.cli.templates import CONTRACT
from runtime import codec, keys
from runtime.calls import contract_versions
from runtime.certificates import HolderKind
from runtime.cities import CITIES
from runtime.programs import open_program, program_digest
from runtime.records import (
    Adopt,
    Ballot,
    BallotStatus,
    CalendarRecord,
    CastVote,
    OutcomeKind,
    Position,
    Propose,
    Receipt,
    Subject,
)
from runtime.rejections import Rejection
from runtime.transition import day_of
from tests.network.harness import DAY_MS, World, compile_text
from tests.network.sample import APPLICANT, NAME, apply, container, world_in_force

DIGEST = program_digest(open_program(container()))
NAMES = [city.identifier for city in CITIES]


def ballot_of(world: World, identity: bytes) -> Ballot:
    stored = world.network.leader().state.get(keys.ballot(identity))
    assert stored is not None
    return codec.decode_ballot(stored)


def rejection(receipt: Receipt) -> Rejection:
    assert receipt.outcome is OutcomeKind.REJECTED
    return Rejection(receipt.code)


def propose(world: World, content: bytes | None = None) -> bytes:
    receipt = world.carry_out("Macao", Propose(Subject.CONTRACT, content or container()))
    assert receipt.outcome is OutcomeKind.DONE
    return receipt.transaction


def vote(world: World, ballot: bytes, city: str, position: Position = Position.AGREE) -> Receipt:
    return world.carry_out(city, CastVote(ballot, DIGEST, position, "reasons"))


def test_eight_of_eleven_carry_a_ballot_and_seven_do_not() -> None:
    world = World()
    ballot = propose(world)
    for city in NAMES[:7]:
        vote(world, ballot, city)
    assert ballot_of(world, ballot).status is BallotStatus.OPEN
    assert rejection(world.carry_out("Macao", Adopt(ballot, 30_000))) is Rejection.BALLOT_MUST_BE_CARRIED
    vote(world, ballot, NAMES[7], Position.AGREE_WITH_RESERVATION)
    carried = ballot_of(world, ballot)
    assert (carried.status, carried.agreed, carried.carried_day) == (BallotStatus.CARRIED, 8, day_of(world.time_ms))


def test_four_objections_or_abstentions_lose_a_ballot() -> None:
    world = World()
    ballot = propose(world)
    for city in NAMES[:3]:
        vote(world, ballot, city, Position.OBJECT)
    assert ballot_of(world, ballot).status is BallotStatus.OPEN
    vote(world, ballot, NAMES[3], Position.ABSTAIN)
    assert ballot_of(world, ballot).status is BallotStatus.LOST
    assert rejection(vote(world, ballot, NAMES[4])) is Rejection.BALLOT_MUST_BE_OPEN


def test_a_city_takes_one_position() -> None:
    world = World()
    ballot = propose(world)
    assert vote(world, ballot, "Foshan").outcome is OutcomeKind.DONE
    assert rejection(vote(world, ballot, "Foshan", Position.OBJECT)) is Rejection.POSITION_MUST_BE_THE_FIRST


def test_a_position_names_the_exact_digest() -> None:
    world = World()
    ballot = propose(world)
    wrong = CastVote(ballot, bytes(32), Position.AGREE, "")
    assert rejection(world.carry_out("Foshan", wrong)) is Rejection.DIGEST_MUST_BE_THE_BALLOTS


def test_commencement_is_neither_before_the_charter_nor_before_the_instrument_allows() -> None:
    world = World()
    ballot = propose(world)
    for city in NAMES[:8]:
        vote(world, ballot, city)
    today = day_of(world.time_ms)
    assert rejection(world.carry_out("Macao", Adopt(ballot, today))) is Rejection.COMMENCEMENT_MUST_NOT_BE_EARLY
    assert world.carry_out("Macao", Adopt(ballot, today + 3)).outcome is OutcomeKind.DONE
    ((number, version),) = contract_versions(world.network.leader().state, NAME)
    assert (number, version.adopted_day, version.commencement_day) == (1, today, today + 3)
    assert rejection(world.carry_out("Macao", Adopt(ballot, today + 9))) is Rejection.BALLOT_MUST_BE_CARRIED


def test_the_instrument_governs_from_its_commencement_and_not_before() -> None:
    world = World()
    ballot = propose(world)
    for city in NAMES[:8]:
        vote(world, ballot, city)
    world.carry_out("Macao", Adopt(ballot, day_of(world.time_ms) + 1))
    world.add_holder(APPLICANT, HolderKind.PERSON)
    assert rejection(world.carry_out(APPLICANT, apply())) is Rejection.CONTRACT_MUST_HAVE_COMMENCED
    world.time_ms += DAY_MS
    assert world.carry_out(APPLICANT, apply()).outcome is OutcomeKind.DONE


def test_the_old_version_cannot_be_called_once_the_new_one_has_commenced() -> None:
    world = world_in_force()
    new = container(2, "700 CNY")
    ballot = world.carry_out("Macao", Propose(Subject.CONTRACT, new)).transaction
    digest = program_digest(open_program(new))
    for city in NAMES[:8]:
        world.carry_out(city, CastVote(ballot, digest, Position.AGREE, ""))
    world.carry_out("Macao", Adopt(ballot, day_of(world.time_ms) + 1))
    assert rejection(world.carry_out(APPLICANT, apply(version=2))) is Rejection.VERSION_MUST_BE_IN_FORCE
    assert world.carry_out(APPLICANT, apply()).outcome is OutcomeKind.DONE
    world.time_ms += DAY_MS
    assert rejection(world.carry_out(APPLICANT, apply())) is Rejection.VERSION_MUST_BE_IN_FORCE
    again = world.carry_out(APPLICANT, apply(version=2))
    assert again.outcome is OutcomeKind.REFUSED, "the entry made under the old version stands"


def test_versions_follow_one_by_one() -> None:
    world = World()
    receipt = world.carry_out("Macao", Propose(Subject.CONTRACT, container(2)))
    assert rejection(receipt) is Rejection.VERSION_MUST_BE_NEXT


def test_of_two_carried_texts_of_one_version_the_first_adopted_stands() -> None:
    world = World()
    ballots = [propose(world), propose(world)]
    for ballot in ballots:
        for city in NAMES[:8]:
            vote(world, ballot, city)
    day = day_of(world.time_ms) + 1
    assert world.carry_out("Macao", Adopt(ballots[0], day)).outcome is OutcomeKind.DONE
    assert rejection(world.carry_out("Macao", Adopt(ballots[1], day))) is Rejection.BALLOT_MUST_NOT_BE_OVERTAKEN


def test_a_new_version_must_keep_the_form_of_shared_registers() -> None:
    world = world_in_force()
    text = CONTRACT.replace("{name}", NAME).replace("version 1", "version 2")
    changed = text.replace("status: Status\n", "status: Status\n    note: Text(10 max characters)\n").replace(
        "status: received)", 'status: received, note: "")'
    )
    receipt = world.carry_out("Macao", Propose(Subject.CONTRACT, compile_text("changed.gba", changed)))
    assert rejection(receipt) is Rejection.REGISTERS_MUST_STAY_READABLE


def test_what_is_no_sound_program_is_not_laid_before_the_cities() -> None:
    world = World()
    for content in (b"", b"GBAC", container()[:-1], container() + b"\x00"):
        receipt = world.carry_out("Macao", Propose(Subject.CONTRACT, content))
        assert rejection(receipt) is Rejection.PROGRAM_MUST_BE_SOUND


def test_a_charter_that_cannot_decide_is_not_laid_before_the_cities() -> None:
    world = World()
    text = bundled.read_standard_library("charter").replace("version 1", "version 2").replace("carried(", "carry(")
    receipt = world.carry_out("Macao", Propose(Subject.CONTRACT, compile_text("charter.gba", text)))
    assert rejection(receipt) is Rejection.CHARTER_MUST_DECIDE


def test_a_calendar_applies_when_adopted_and_can_be_amended_late() -> None:
    world = World()
    first = CalendarRecord("Macao", 2026, ("basis",), bytes([1] * 365))
    late = CalendarRecord("Macao", 2026, ("basis", "tolerance"), bytes([1] * 364 + [0]))
    for record in (first, late):
        content = codec.encode_calendar(record)
        ballot = world.carry_out("Macao", Propose(Subject.CALENDAR, content)).transaction
        for city in NAMES[:8]:
            world.carry_out(city, CastVote(ballot, codec.hash_of(content), Position.AGREE, ""))
        assert world.carry_out("Macao", Adopt(ballot, 0)).outcome is OutcomeKind.DONE
        stored = world.network.leader().state.get(keys.calendar("Macao", 2026))
        assert stored == content


def test_an_unsound_calendar_is_not_laid_before_the_cities() -> None:
    world = World()
    for record in (
        CalendarRecord("Mars", 2026, (), bytes(365)),
        CalendarRecord("Macao", 2026, (), bytes(366)),
        CalendarRecord("Macao", 2026, (), bytes([3] * 365)),
        CalendarRecord("Macao", 1800, (), bytes(365)),
    ):
        receipt = world.carry_out("Macao", Propose(Subject.CALENDAR, codec.encode_calendar(record)))
        assert rejection(receipt) is Rejection.CALENDAR_MUST_BE_SOUND
