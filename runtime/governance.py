"""How a rule comes into force: proposal of an exact digest, the cities' positions, adoption, commencement.

Whether a ballot is carried, and how early a text may commence, is not decided here: the charter in force decides, an
instrument like any other, adopted at genesis and replaced only by its own terms. Two of its rules are called:

    carried(agree: Int, members: Int) gives Bool
    earliest_commencement(adopted: Date) gives Date
"""

from __future__ import annotations

from dataclasses import replace

from gbalang.isa.civil import DATE_MAX, DAY_HALF, YEAR_MAX, YEAR_MIN, days_from_civil
from gbalang.isa.program import FunctionKind, Program
from gbalang.isa.types import Date, List, Number, Option, Set, Truth, Type, Value
from gbalang.isa.types import Enumeration as EnumerationType
from gbalang.isa.types import Record as RecordType
from gbalang.vm.host import Done
from gbalang.vm.machine import run_rule
from runtime import codec, keys
from runtime.calls import LedgerHost, contract_versions, find_function, program_of, version_in_force
from runtime.cities import CITIES, CITY_COUNT
from runtime.journal import Journal
from runtime.limits import CALENDAR_BYTES_MAX
from runtime.outcome import DONE, Circumstances, Ending, rejected
from runtime.programs import ProgramRefused, program_digest
from runtime.records import (
    Adopt,
    Ballot,
    BallotStatus,
    CalendarRecord,
    CastVote,
    ContractVersion,
    Position,
    Propose,
    Subject,
    VoteRecord,
)
from runtime.rejections import Rejection

CHARTER = "charter"
CALENDARS = tuple(sorted({city.calendar for city in CITIES}))
"""The calendars that the cities keep."""


def propose(journal: Journal, city: str, identity: bytes, payload: Propose, circumstances: Circumstances) -> Ending:
    """Open a ballot on an exact text; the ballot's identity is that of the proposing transaction."""
    match payload.subject:
        case Subject.CONTRACT:
            described = _describe_contract(journal, payload.content, circumstances)
        case Subject.CALENDAR:
            described = _describe_calendar(payload.content)
    if isinstance(described, Rejection):
        return rejected(described)
    name, version, digest = described
    ballot = Ballot(
        subject=payload.subject,
        digest=digest,
        name=name,
        version=version,
        proposer=city,
        opened_day=circumstances.today,
        status=BallotStatus.OPEN,
        agreed=0,
        objected=0,
        abstained=0,
        carried_day=None,
    )
    journal.put(keys.ballot(identity), codec.encode_ballot(ballot))
    # The digest leaves out where instructions stand in a text: who proposes the same again changes no stored byte.
    if journal.get(keys.program(digest)) is None:
        journal.put(keys.program(digest), payload.content)
    return DONE


def _describe_contract(
    journal: Journal, content: bytes, circumstances: Circumstances
) -> tuple[str, int, bytes] | Rejection:
    try:
        verified = circumstances.programs.examine(content)
    except ProgramRefused:
        return Rejection.PROGRAM_MUST_BE_SOUND
    program = verified.program
    versions = contract_versions(journal, program.name)
    if program.version != (versions[-1][0] + 1 if versions else 1):
        return Rejection.VERSION_MUST_BE_NEXT
    if versions:
        previous = program_of(journal, circumstances.programs, versions[-1][1].digest).program
        if not _registers_stay_readable(previous, program):
            return Rejection.REGISTERS_MUST_STAY_READABLE
    if program.name == CHARTER and not is_charter(program):
        return Rejection.CHARTER_MUST_DECIDE
    return program.name, program.version, program_digest(verified)


def _describe_calendar(content: bytes) -> tuple[str, int, bytes] | Rejection:
    if len(content) > CALENDAR_BYTES_MAX:
        return Rejection.CALENDAR_MUST_BE_SOUND
    try:
        calendar = codec.decode_calendar(content)
    except codec.Undecodable:
        return Rejection.CALENDAR_MUST_BE_SOUND
    if not calendar_is_sound(calendar):
        return Rejection.CALENDAR_MUST_BE_SOUND
    return calendar.calendar, calendar.year, codec.hash_of(content)


def cast_vote(journal: Journal, city: str, payload: CastVote, circumstances: Circumstances) -> Ending:
    """Record a city's position; the ballot is carried as soon as the charter says so."""
    stored = journal.get(keys.ballot(payload.ballot))
    if stored is None:
        return rejected(Rejection.BALLOT_MUST_BE_KNOWN)
    ballot = codec.decode_ballot(stored)
    if payload.digest != ballot.digest:
        return rejected(Rejection.DIGEST_MUST_BE_THE_BALLOTS)
    if ballot.status not in (BallotStatus.OPEN, BallotStatus.CARRIED):
        return rejected(Rejection.BALLOT_MUST_BE_OPEN)
    key = keys.vote(payload.ballot, city)
    if journal.get(key) is not None:
        return rejected(Rejection.POSITION_MUST_BE_THE_FIRST)
    counted = _count(ballot, payload.position)
    carried = charter_carries(journal, counted.agreed, circumstances)
    still_possible = charter_carries(journal, CITY_COUNT - counted.objected - counted.abstained, circumstances)
    if carried is None or still_possible is None:
        return rejected(Rejection.CHARTER_MUST_DECIDE)
    if carried and counted.status is BallotStatus.OPEN:
        counted = replace(counted, status=BallotStatus.CARRIED, carried_day=circumstances.today)
    elif not still_possible:
        counted = replace(counted, status=BallotStatus.LOST)
    vote = VoteRecord(payload.position, payload.reasons, circumstances.today)
    journal.put(key, codec.encode_vote(vote))
    journal.put(keys.ballot(payload.ballot), codec.encode_ballot(counted))
    return DONE


def _count(ballot: Ballot, position: Position) -> Ballot:
    match position:
        case Position.AGREE | Position.AGREE_WITH_RESERVATION:
            return replace(ballot, agreed=ballot.agreed + 1)
        case Position.OBJECT:
            return replace(ballot, objected=ballot.objected + 1)
        case Position.ABSTAIN:
            return replace(ballot, abstained=ballot.abstained + 1)


def adopt(journal: Journal, payload: Adopt, circumstances: Circumstances) -> Ending:
    """Adopt what has been carried: a contract with its commencement, a calendar at once."""
    stored = journal.get(keys.ballot(payload.ballot))
    if stored is None:
        return rejected(Rejection.BALLOT_MUST_BE_KNOWN)
    ballot = codec.decode_ballot(stored)
    if ballot.status is not BallotStatus.CARRIED:
        return rejected(Rejection.BALLOT_MUST_BE_CARRIED)
    match ballot.subject:
        case Subject.CONTRACT:
            rejection = _adopt_contract(journal, payload, ballot, circumstances)
        case Subject.CALENDAR:
            content = journal.get(keys.program(ballot.digest))
            assert content is not None
            journal.put(keys.calendar(ballot.name, ballot.version), content)
            rejection = None
    if rejection is not None:
        return rejected(rejection)
    journal.put(keys.ballot(payload.ballot), codec.encode_ballot(replace(ballot, status=BallotStatus.ADOPTED)))
    return DONE


def _adopt_contract(
    journal: Journal, payload: Adopt, ballot: Ballot, circumstances: Circumstances
) -> Rejection | None:
    versions = contract_versions(journal, ballot.name)
    is_next = ballot.version == (versions[-1][0] + 1 if versions else 1)
    program = program_of(journal, circumstances.programs, ballot.digest).program
    earliest = charter_earliest_commencement(journal, circumstances)
    first = _first_day(program, versions if is_next else (), 0 if earliest is None else earliest)
    if payload.commencement_day < first:
        return Rejection.COMMENCEMENT_MUST_NOT_BE_EARLY
    if not is_next:
        return Rejection.BALLOT_MUST_NOT_BE_OVERTAKEN
    if earliest is None:
        return Rejection.CHARTER_MUST_DECIDE
    if payload.commencement_day > (DATE_MAX if program.expires is None else program.expires):
        return Rejection.COMMENCEMENT_MUST_PRECEDE_EXPIRY
    version = ContractVersion(
        digest=ballot.digest,
        ballot=payload.ballot,
        adopted_day=circumstances.today,
        commencement_day=payload.commencement_day,
        expires_day=program.expires,
    )
    journal.put(keys.contract(ballot.name, ballot.version), codec.encode_contract_version(version))
    return None


def first_commencement(journal: Journal, program: Program, circumstances: Circumstances) -> int | None:
    """Return the first day on which a text adopted now may commence; None when the charter cannot say.

    It is the latest of three: the charter's earliest day, the text's own, and the day after the version before began.
    """
    earliest = charter_earliest_commencement(journal, circumstances)
    return None if earliest is None else _first_day(program, contract_versions(journal, program.name), earliest)


def _first_day(program: Program, versions: tuple[tuple[int, ContractVersion], ...], earliest: int) -> int:
    return max(earliest, program.effective, versions[-1][1].commencement_day + 1 if versions else 0)


def charter_carries(journal: Journal, agreed: int, circumstances: Circumstances) -> bool | None:
    """Ask the charter in force whether so many agreeing cities carry a ballot; None if it cannot say."""
    answer = _ask_charter(journal, "carried", (agreed, CITY_COUNT), circumstances)
    return answer if isinstance(answer, bool) else None


def charter_earliest_commencement(journal: Journal, circumstances: Circumstances) -> int | None:
    """Ask the charter in force for the earliest day on which a text adopted today may commence; None if it cannot say.

    That a charter answers with a day at all is seen to before it is laid before the cities (is_charter).
    """
    answer = _ask_charter(journal, "earliest_commencement", (circumstances.today,), circumstances)
    return answer if isinstance(answer, int) else None


def _ask_charter(
    journal: Journal, rule: str, arguments: tuple[Value, ...], circumstances: Circumstances
) -> Value | None:
    current = version_in_force(journal, CHARTER, circumstances.today)
    if current is None:
        return None
    verified = program_of(journal, circumstances.programs, current[1].digest)
    function = find_function(verified.program, rule, FunctionKind.RULE)
    if function is None:
        return None
    day = circumstances.today if verified.program.functions[function].dated else None
    engine = circumstances.programs.engine
    outcome = run_rule(verified, function, arguments, day, LedgerHost(journal, verified.program), engine)
    return outcome.result if isinstance(outcome, Done) else None


def calendar_is_sound(calendar: CalendarRecord) -> bool:
    """Whether a calendar year names a known calendar and has one known state for each of its days."""
    if calendar.calendar not in CALENDARS or not YEAR_MIN <= calendar.year <= YEAR_MAX:
        return False
    length = days_from_civil(calendar.year + 1, 1, 1) - days_from_civil(calendar.year, 1, 1)
    return len(calendar.days) == length and max(calendar.days) <= DAY_HALF


def is_charter(program: Program) -> bool:
    """Whether a program has the two rules that the ledger asks, in their form."""
    number, date = Number, Date
    return _has_rule(program, "carried", (number, number), Truth) and _has_rule(
        program, "earliest_commencement", (date,), date
    )


def _has_rule(program: Program, name: str, parameters: tuple[type, ...], result: type) -> bool:
    index = find_function(program, name, FunctionKind.RULE)
    if index is None:
        return False
    function = program.functions[index]
    kinds = tuple(type(parameter.type) for parameter in function.parameters)
    return kinds == parameters and isinstance(function.result, result)


def _registers_stay_readable(previous: Program, program: Program) -> bool:
    """Whether every register the new version shares by name with the old one holds records of the same form."""
    old = {register.name: register for register in previous.registers}
    for register in program.registers:
        before = old.get(register.name)
        if before is None:
            continue
        if before.keys != register.keys:
            return False
        if not _same_form(previous, RecordType(before.record), program, RecordType(register.record)):
            return False
    return True


def _same_form(previous: Program, old: Type, program: Program, new: Type) -> bool:
    """Whether two types have the same encoding and meaning, following records and enumerations by their content."""
    match old, new:
        case RecordType(), RecordType():
            fields, others = previous.records[old.index].fields, program.records[new.index].fields
            return len(fields) == len(others) and all(
                a.name == b.name and _same_form(previous, a.type, program, b.type)
                for a, b in zip(fields, others, strict=True)
            )
        case EnumerationType(), EnumerationType():
            return previous.enumerations[old.index].members == program.enumerations[new.index].members
        case List(item=before, limit=limit), List(item=after, limit=other):
            return limit == other and _same_form(previous, before, program, after)
        case Set(item=before, limit=limit), Set(item=after, limit=other):
            return limit == other and _same_form(previous, before, program, after)
        case Option(), Option():
            return _same_form(previous, old.item, program, new.item)
        case _:
            return old == new
