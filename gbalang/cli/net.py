"""gba net: make and look after an embedded network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from gbalang.characters import is_plain
from gbalang.cli import moments
from gbalang.cli.desk import Desk, at_option, network_option, open_desk
from gbalang.cli.governing import adopt_calendar, compile_charter, load_calendar
from gbalang.cli.session import ExitCode, Session, shared_options
from gbalang.cli.terminal import progress
from gbalang.vm.engines import ENGINES
from runtime import keys
from runtime.calls import contract_versions
from runtime.certificates import HolderKind
from runtime.cities import CITIES, city_by_name
from runtime.crypto.authority import CertificateRefusedError
from runtime.embedded.folder import DEFAULT_SUITE, create_network
from runtime.embedded.keyring import KeyringError
from runtime.genesis import ledger_identity
from runtime.identities import expiring, reference
from runtime.limits import NAME_CHARACTERS_MAX
from runtime.node import BlockRefused, Node, begin
from runtime.state.memory import MemoryStore
from runtime.state.store import StoreDamaged, StoreUnavailable

NOTICE_DAYS = 30
"""How early it is announced that a certificate expires."""


@click.group()
def net() -> None:
    """Make and look after an embedded network of eleven cities.

    The embedded network is for drafting, testing, audits and single-operator use: whoever runs it holds all keys.
    """


@net.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("network"))
@click.option("--name", default="embedded", show_default=True, help="Name of the ledger.")
@click.option("--suite", type=click.Choice(["ed25519", "ecdsa-p256-sha256"]), default=DEFAULT_SUITE, show_default=True)
@click.option("--at", "at", default=None, metavar="MOMENT",
              help="Where the network's clock begins; it then moves only when it is set. Default: now, and it follows "
              "this machine's clock.")  # fmt: skip
@click.option("--calendars/--no-calendars", default=True, help="Adopt the calendars of the standard library.")
@shared_options
def init(session: Session, folder: Path, name: str, suite: str, at: str | None, calendars: bool) -> None:
    """Make a network in a new folder: eleven keys, eleven stores, the charter, the calendars."""
    time_ms = moments.now_ms() if at is None else moments.parse_moment(at)
    if time_ms is None:
        session.fail(ExitCode.AT_FAULT, "bad_time", text=at)
    if not is_plain(name) or len(name) > NAME_CHARACTERS_MAX:
        session.fail(ExitCode.AT_FAULT, "text_not_plain", what="--name", text=name, limit=NAME_CHARACTERS_MAX)
    charter = compile_charter()
    adopted = []
    with _removed_on_failure(session, folder):
        try:
            genesis = create_network(folder, name, time_ms, charter, suite=suite, clock_by_hand=at is not None)
        except StoreUnavailable:
            session.fail(ExitCode.AT_FAULT, "network_in_use", path=folder)
        except CertificateRefusedError:
            session.fail(ExitCode.AT_FAULT, "time_not_certifiable", time=at or moments.show_moment(time_ms))
        if calendars:
            with open_desk(session, folder, None) as desk:
                desk.move_to(time_ms + 1)
                for record in load_calendar(session, None):
                    adopt_calendar(desk, record)
                    adopted.append({"calendar": record.calendar, "year": record.year})
    ledger = ledger_identity(genesis).hex()
    session.say("network_made", path=folder, ledger=ledger)
    session.result({"folder": str(folder), "ledger": ledger, "calendars": adopted})


@contextmanager
def _removed_on_failure(session: Session, folder: Path) -> Iterator[None]:
    """Take away what was made in a new or empty folder when the making fails, and nothing that was there before."""
    there = folder.exists()
    if there and any(folder.iterdir()):
        session.fail(ExitCode.AT_FAULT, "network_exists", path=folder)
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        yield
    except BaseException:
        for inside in folder.iterdir() if folder.is_dir() else ():
            _remove(inside)
        for place in made:
            with suppress(OSError):
                place.rmdir()
        raise


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)


CITY_COLUMNS = ("city", "state", "engine", "height", "state_root")


@net.command()
@network_option
@shared_options
def status(session: Session, folder: Path) -> None:
    """Show each city's height and state root, and the instruments in force."""
    with open_desk(session, folder) as desk:
        rows = [_city_row(session, desk, city.identifier) for city in CITIES]
        session.table([session.word(key) for key in CITY_COLUMNS], rows)
        leader = desk.network.leader()
        versions = _versions(leader)
        headings = [session.word(key) for key in ("contract", "version", "commencement", "digest")]
        session.table(headings, [(name, str(number), day, digest) for name, number, day, digest in versions])
        clock = moments.show_moment(leader.end.time_ms)
        session.say("network_time", time=clock)
        ending = expiring(leader.state, leader.end.time_ms // 1000, NOTICE_DAYS * 86_400)
        for fields in ending:
            key = "city_certificate_expires" if fields.kind == HolderKind.CITY else "certificate_expires"
            kind = HolderKind(fields.kind).name.lower()
            until = moments.show_moment(fields.not_after_s * 1000)
            session.say(key, reference=reference(fields), until=until, kind=kind)
        session.result({
            "expiring": [
                {"holder": reference(fields), "until": moments.show_moment(fields.not_after_s * 1000)}
                for fields in ending
            ],
            "cities": [dict(zip(CITY_COLUMNS, row, strict=True)) for row in rows],
            "contracts": [
                {"name": name, "version": number, "commencement": day, "digest": digest}
                for name, number, day, digest in versions
            ],
            "time": clock,
        })


def _city_row(session: Session, desk: Desk, city: str) -> tuple[str, str, str, str, str]:
    node = desk.network.node(city)
    if node is None:
        return city, session.word("set_aside" if desk.folder.reason_of(city) else "stopped"), "-", "-", "-"
    engine_name = desk.folder.engine_of(city).name
    return city, session.word("running"), engine_name, str(node.end.height), node.end.state_root.hex()


def _versions(leader: Node) -> list[tuple[str, int, str, str]]:
    names = sorted({_contract_name(key) for key, _ in leader.state.scan(keys.TABLE_CONTRACT)})
    return [
        (name, number, moments.show_day(record.commencement_day), "sha256:" + record.digest.hex())
        for name in names
        for number, record in contract_versions(leader.state, name)
    ]


def _contract_name(key: bytes) -> str:
    length = key[1]
    return key[2 : 2 + length].decode("utf-8")


@net.command("import-calendar")
@click.argument("path", type=click.Path(path_type=Path))
@network_option
@at_option
@shared_options
def import_calendar(session: Session, path: Path, folder: Path, at: str | None) -> None:
    """Let the cities adopt a calendar year from a .gba file, by votes on its exact digest."""
    records = load_calendar(session, path)
    with open_desk(session, folder, at) as desk:
        for record in records:
            agreed = adopt_calendar(desk, record)
            session.say("calendar_imported", calendar=record.calendar, year=record.year, agreed=agreed)
    session.result({"calendars": [{"calendar": record.calendar, "year": record.year} for record in records]})


@net.command()
@network_option
@shared_options
def audit(session: Session, folder: Path) -> None:
    """Replay every running city's blocks from genesis and compare every root, byte for byte."""
    with open_desk(session, folder) as desk:
        results: list[dict[str, Any]] = []
        desk.network.leader()  # an audit of nobody is none
        for node in desk.network.nodes():
            replayed, height, reason = _replay(session, desk, node)
            results.append({"city": node.city, "blocks": replayed, "equal": reason is None, "reason": reason})
            if reason is None:
                session.say("audit_equal", city=node.city, blocks=replayed)
            else:
                session.say("audit_differs", city=node.city, height=height, reason=reason)
        session.result({"cities": results})
    if not all(result["equal"] for result in results):
        raise click.exceptions.Exit(int(ExitCode.FAILED_CHECK))


def _replay(session: Session, desk: Desk, node: Node) -> tuple[int, int, str | None]:
    """Return (blocks replayed, height, None or why the city differs)."""
    store = MemoryStore()
    begin(store, desk.folder.genesis, desk.folder.oracle)
    witness = Node(node.city, store, desk.folder.oracle, lambda message: message)
    heights = range(1, node.end.height + 1)
    for height in progress(heights, len(heights), session.word("city") + " " + node.city):
        try:
            block = node.block(height)
            if block is None:
                return height - 1, height, "block_missing"
            witness.take(block)
        except BlockRefused as refused:
            return height - 1, height, refused.refusal.value
        except StoreDamaged as damaged:
            return height - 1, height, damaged.reason
    ours, theirs = store.scan(b""), node.store.scan(b"")
    for (key, value), (other_key, other_value) in zip(ours, theirs, strict=False):
        if (key, value) != (other_key, other_value):
            return node.end.height, node.end.height, "key " + min(key, other_key).hex()
    return node.end.height, node.end.height, None


@net.command()
@click.argument("city")
@network_option
@shared_options
def stop(session: Session, city: str, folder: Path) -> None:
    """Stop a city's node: it takes no part until it is started."""
    identifier = _city(session, city)
    with open_desk(session, folder) as desk:
        desk.folder.stop(identifier)
    session.say("city_stopped", city=identifier)
    session.result({"city": identifier, "running": False})


@net.command()
@click.argument("city")
@network_option
@shared_options
def start(session: Session, city: str, folder: Path) -> None:
    """Start a stopped city's node; it catches up from the others first."""
    identifier = _city(session, city)
    with open_desk(session, folder) as desk:
        blocks = desk.folder.start(identifier)
    session.say("city_started", city=identifier, blocks=blocks)
    session.result({"city": identifier, "running": True, "blocks": blocks})


@net.command()
@click.argument("city")
@network_option
@shared_options
def rebuild(session: Session, city: str, folder: Path) -> None:
    """Throw a city's store away and rebuild it from the other cities' blocks."""
    identifier = _city(session, city)
    with open_desk(session, folder) as desk:
        try:
            blocks = desk.folder.rebuild(identifier)
        except KeyringError as found:
            session.fail(ExitCode.FAILED_CHECK, "city_left_out", city=identifier, reason=str(found))
    session.say("city_rebuilt", city=identifier, blocks=blocks)
    session.result({"city": identifier, "blocks": blocks})


@net.command()
@click.argument("city")
@click.argument("name", type=click.Choice(list(ENGINES)))
@network_option
@shared_options
def engine(session: Session, city: str, name: str, folder: Path) -> None:
    """Choose the engine on which a city's node runs programs; both give the same, byte for byte."""
    identifier = _city(session, city)
    with open_desk(session, folder) as desk:
        desk.folder.choose_engine(identifier, ENGINES[name])
    session.say("engine_chosen", city=identifier, engine=name)
    session.result({"city": identifier, "engine": name})


def _city(session: Session, text: str) -> str:
    city = city_by_name(text)
    if city is None:
        session.fail(ExitCode.AT_FAULT, "unknown_city", city=text)
    return city.identifier


