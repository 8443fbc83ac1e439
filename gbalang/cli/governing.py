"""gba propose, vote, adopt, deploy: how a text comes into force."""

from __future__ import annotations

from pathlib import Path

import click

from gbalang import bundled
from gbalang.cli import moments
from gbalang.cli.desk import Desk, at_option, identity_argument, network_option, open_desk
from gbalang.cli.session import ExitCode, Session, shared_options
from gbalang.cli.sources import compile_source, compile_standard, open_compiled
from runtime import codec, keys
from runtime.calls import program_of
from runtime.cities import QUORUM
from runtime.governance import first_commencement
from runtime.journal import Journal
from runtime.programs import open_program, program_digest
from runtime.records import Adopt, Ballot, BallotStatus, CalendarRecord, CastVote, Position, Propose, Subject

POSITIONS = {
    "agree": Position.AGREE,
    "agree-with-reservation": Position.AGREE_WITH_RESERVATION,
    "object": Position.OBJECT,
    "abstain": Position.ABSTAIN,
}


def compile_charter() -> bytes:
    """Return the container of the standard library's charter."""
    return compile_standard("charter")


def load_calendar(session: Session, path: Path | None) -> list[CalendarRecord]:
    """Return the calendars of a file, or all of the standard library when no path is given."""
    from gbalang.cli.sources import calendar_of_source, calendar_of_standard

    if path is not None:
        years = [calendar_of_source(session, path)]
    else:
        years = [
            calendar_of_standard(name) for name in bundled.list_standard_library() if name.startswith("calendars/")
        ]
    return [CalendarRecord(year.calendar, year.year, year.bases, bytes(year.days)) for year in years]


def load_program(session: Session, path: Path) -> bytes:
    """Return the container of a .gba file (compiled now) or of a .gbac file (checked now)."""
    if path.suffix == ".gbac":
        return open_compiled(session, path)[0]
    return compile_source(session, path)


def adopt_calendar(desk: Desk, record: CalendarRecord) -> int:
    """Walk a calendar through proposal, votes and adoption; returns how many cities agreed."""
    content = codec.encode_calendar(record)
    ballot = propose_and_vote(desk, Subject.CALENDAR, content, codec.hash_of(content))
    desk.require_done(_first_city(desk), Adopt(ballot, 0))
    return len(desk.network.nodes())


def propose_and_vote(desk: Desk, subject: Subject, content: bytes, digest: bytes) -> bytes:
    """Propose a text in the name of the first running city and let every running city agree; returns the ballot."""
    ballot, _ = desk.require_done(_first_city(desk), Propose(subject, content))
    for node in desk.network.nodes():
        desk.submit(node.city, CastVote(ballot, digest, Position.AGREE, ""))
    desk.finalise()
    return ballot


def _first_city(desk: Desk) -> str:
    return desk.network.leader().city


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "who", required=True, metavar="CITY", help="The proposing city.")
@network_option
@at_option
@shared_options
def propose(session: Session, path: Path, who: str, folder: Path, at: str | None) -> None:
    """Lay an instrument (.gba or .gbac) before the eleven cities."""
    content = load_program(session, path)
    verified = open_program(content)
    with open_desk(session, folder, at) as desk:
        city = desk.reference(who)
        ballot, _ = desk.require_done(city, Propose(Subject.CONTRACT, content))
    digest = "sha256:" + program_digest(verified).hex()
    name, version = verified.program.name, verified.program.version
    session.say("proposed", city=city, name=name, version=version, ballot=ballot.hex(), digest=digest)
    session.result({"ballot": ballot.hex(), "name": name, "version": version, "digest": digest})


@click.command()
@click.argument("ballot")
@click.option("--as", "who", required=True, metavar="CITY", help="The city that takes the position.")
@click.option("--position", type=click.Choice(list(POSITIONS)), default="agree", show_default=True)
@click.option("--reasons", default="", help="The city's reasons, for the record.")
@network_option
@at_option
@shared_options
def vote(
    session: Session, ballot: str, who: str, position: str, reasons: str, folder: Path, at: str | None
) -> None:
    """Cast a city's position on the exact digest of a ballot."""
    with open_desk(session, folder, at) as desk:
        identity = find_ballot(session, desk, ballot)
        city = desk.reference(who)
        digest = read_ballot(desk, identity).digest
        desk.require_done(city, CastVote(identity, digest, POSITIONS[position], reasons))
        after = read_ballot(desk, identity)
    session.say(
        "voted", city=city, position=session.word("position_" + position.replace("-", "_")), agreed=after.agreed,
        status=session.word("ballot_" + after.status.name.lower()),
    )
    session.result({"ballot": identity.hex(), "agreed": after.agreed, "status": after.status.name.lower()})


@click.command()
@click.argument("ballot")
@click.option("--as", "who", required=True, metavar="CITY", help="The city that files the adoption.")
@click.option("--from", "commencement", default=None, metavar="DATE", help="Commencement; default the earliest day.")
@network_option
@at_option
@shared_options
def adopt(
    session: Session, ballot: str, who: str, commencement: str | None, folder: Path, at: str | None
) -> None:
    """Adopt a carried proposal and fix its commencement."""
    with open_desk(session, folder, at) as desk:
        identity = find_ballot(session, desk, ballot)
        record = read_ballot(desk, identity)
        day = earliest_day(desk, record) if commencement is None else moments.parse_day(commencement)
        if day is None:
            session.fail(ExitCode.AT_FAULT, "bad_date", text=commencement)
        desk.require_done(desk.reference(who), Adopt(identity, day))
    _say_adopted(session, record, day)
    session.result({"ballot": identity.hex(), "name": record.name, "commencement": moments.show_day(day)})


def _say_adopted(session: Session, record: Ballot, day: int) -> None:
    if record.subject is Subject.CALENDAR:
        session.say("adopted_calendar", name=record.name, version=record.version)
    else:
        session.say("adopted", name=record.name, version=record.version, day=moments.show_day(day))


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@network_option
@at_option
@shared_options
def deploy(session: Session, path: Path, folder: Path, at: str | None) -> None:
    """Walk an instrument all the way into force: proposal, the cities' votes, adoption, commencement.

    For drafting: all cities agree, and the network's clock is set forward to the day of commencement.
    """
    content = load_program(session, path)
    verified = open_program(content)
    program, digest = verified.program, program_digest(verified)
    with open_desk(session, folder, at) as desk:
        desk.require_reach(moments.first_moment_of(program.effective))
        ballot = propose_and_vote(desk, Subject.CONTRACT, content, digest)
        record = read_ballot(desk, ballot)
        if record.status is not BallotStatus.CARRIED:
            agreed = record.agreed
            session.fail(ExitCode.FAILED_CHECK, "network_halted", running=agreed, quorum=QUORUM)
        day = earliest_day(desk, record)
        desk.require_done(_first_city(desk), Adopt(ballot, day))
        desk.move_to(moments.first_moment_of(day))
        # An empty block carries the clock to the commencement, so that the next call finds the instrument in force.
        desk.network.produce(desk.time_ms())
        clock = moments.show_moment(desk.leader_end_ms())
    session.say("adopted", name=program.name, version=program.version, day=moments.show_day(day))
    session.say("network_time", time=clock)
    session.result({
        "name": program.name, "version": program.version, "digest": "sha256:" + digest.hex(), "ballot": ballot.hex(),
        "commencement": moments.show_day(day), "time": clock,
    })


def find_ballot(session: Session, desk: Desk, text: str) -> bytes:
    """Return the ballot whose identity begins with the digits given."""
    leader = desk.network.leader()
    known = [key[1:] for key, _ in leader.state.scan(keys.TABLE_BALLOT)]
    return identity_argument(session, text, known, "ballot_unknown")


def read_ballot(desk: Desk, identity: bytes) -> Ballot:
    """Return a ballot that stands on the ledger."""
    stored = desk.network.leader().state.get(keys.ballot(identity))
    assert stored is not None
    return codec.decode_ballot(stored)


def earliest_day(desk: Desk, record: Ballot) -> int:
    """Return the earliest day on which a carried text may commence if it is adopted in the next block."""
    if record.subject is Subject.CALENDAR:
        return 0
    state, circumstances = desk.network.leader().state, desk.circumstances()
    program = program_of(state, circumstances.programs, record.digest).program
    first = first_commencement(Journal(state), program, circumstances)
    assert first is not None, "the charter of a ledger decides"
    return first
