"""`make demo`: the whole of it in a few minutes, in a folder of its own, short enough to watch.

Three instruments, each in another keyword language, come into force by the votes of eleven cities; hundreds of invented
applications go through; some are refused, with reasons; three cities stop and work goes on; a fourth stops and the
ledger halts without forking; all come back; eleven equal roots; evidence that anybody can check offline.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from gbalang import bundled
from gbalang.ast.nodes import Language
from gbalang.ast.printer import print_document
from gbalang.cli import moments
from gbalang.cli.desk import Desk, open_desk
from gbalang.cli.governing import (
    adopt_calendar,
    compile_charter,
    earliest_day,
    load_calendar,
    propose_and_vote,
    read_ballot,
)
from gbalang.cli.letter import print_letter, write_letter
from gbalang.cli.proving import evidence_of
from gbalang.cli.scenarios import Step, load_applications, merged, run_acts, run_checks, stand_all
from gbalang.cli.session import Session, Stop, echo
from gbalang.cli.sources import compile_text, parse_text
from gbalang.cli.terminal import print_table, progress
from gbalang.errors import InternalError
from runtime.certificates import HolderKind
from runtime.cities import CITIES, QUORUM
from runtime.crypto.oracle import NativeOracle
from runtime.embedded import keyring
from runtime.embedded.folder import DEFAULT_SUITE, create_network
from runtime.embedded.network import Halted
from runtime.evidence import check_evidence
from runtime.files import OUTPUT, mode_of_new_files, put_file
from runtime.genesis import ledger_identity
from runtime.node import Node
from runtime.programs import open_program, program_digest
from runtime.records import AdmitCertificate, Adopt, OutcomeKind, Payload, Receipt, Subject

FOLDER = Path("demo-network")
BEGIN = "2026-01-05T09:00"
KEPT_FOR_LATER = 60
"""Acts left for the time when cities are stopped."""

VALIDITY_DAYS = 700
INSTRUMENTS: tuple[tuple[str, Language], ...] = (
    ("talent_subsidy", "zh-Hant"),
    ("instrument_sharing", "pt"),
    ("licences", "en"),
)
"""Each comes into force from a text in another keyword language."""


def main() -> int:
    """Run the demonstration and return the exit code."""
    session = Session("en", json=False)
    started = time.monotonic()
    if FOLDER.exists():
        shutil.rmtree(FOLDER)
    try:
        _run(session)
    except Stop as stop:
        return int(stop.code)
    echo(f"\nThe whole took {time.monotonic() - started:.0f} s. The network stays in {FOLDER}/ to look at.")
    return 0


def _run(session: Session) -> None:
    _chapter("1", "Eleven cities, no centre", "十一城，無中心")
    time_ms = moments.parse_moment(BEGIN)
    assert time_ms is not None
    genesis = create_network(FOLDER, "demo", time_ms, compile_charter())
    ledger = ledger_identity(genesis)
    echo(f"Each city made its own authority, key and store. Ledger {ledger.hex()[:16]}…")
    with open_desk(session, FOLDER) as desk:
        desk.move_to(time_ms + 1)
        for record in load_calendar(session, None):
            adopt_calendar(desk, record)
            echo(f"Calendar {record.calendar} {record.year}: adopted by {len(CITIES)} cities.")
        _chapter("2", "Three instruments come into force by vote", "三份合約經表決生效")
        for name, language in INSTRUMENTS:
            _bring_into_force(session, desk, name, language)
        _chapter("3", "Applications", "申請")
        applications = [load_applications(name) for name, _ in INSTRUMENTS]
        steps = merged(applications)
        stage = DeskStage(desk)
        holders = stand_all(stage, [*steps, *(check for scenario in applications for check in scenario.checks)])
        stage.admit()
        echo(f"{holders} invented persons, firms and offices hold certificates of their own city's authority.")
        kept = len(steps) - KEPT_FOR_LATER
        refused = _run_scenarios(session, desk, stage, steps[:kept])
        assert refused is not None, "the scenarios contain refused applications"
        _chapter("4", "A decision says why, in two languages", "決定附理由")
        letter = write_letter(desk.network.leader(), refused)
        for language in ("zh-Hant", "en"):
            print_letter(letter, language)
        _chapter("5", "Cities stop", "城市停止運作")
        _stop_and_start(session, desk, stage, steps[kept:])
        checked = sum(run_checks(stage, scenario.checks) for scenario in applications)
        echo(f"{checked} queries answered as foretold.")
        _chapter("6", "Eleven equal roots", "十一個相等的根")
        _show_roots(desk)
        evidence = evidence_of(desk.network.leader(), refused)
        members = desk.network.leader().members_hash
    _chapter("7", "Evidence, checked with every node stopped", "憑證離線核驗")
    path = FOLDER / "decision.gbae"
    put_file(path, evidence, mode_of_new_files(), OUTPUT)
    proven = check_evidence(path.read_bytes(), NativeOracle(), members, ledger)
    echo(f"{path}: {len(evidence):,} bytes; signed by {len(proven.cities)} of {len(CITIES)} cities; holds.")
    echo(f"Try it yourself: gba verify {path}")


def _chapter(number: str, english: str, chinese: str) -> None:
    echo()
    click.secho(f"{number}. {english} · {chinese}", bold=True)


def _bring_into_force(session: Session, desk: Desk, name: str, language: Language) -> None:
    source = bundled.read_contract_file(name).decode("utf-8")
    translated = print_document(parse_text(session, f"contracts/{name}/contract.gba", source), language)
    original = compile_text(session, f"contracts/{name}/contract.gba", source)
    content = compile_text(session, f"{name}.{language}.gba", translated)
    verified = open_program(content)
    if program_digest(verified) != program_digest(open_program(original)):
        raise InternalError(f"{name} in {language} is another program")
    ballot = propose_and_vote(desk, Subject.CONTRACT, content, program_digest(verified))
    record = read_ballot(desk, ballot)
    day = earliest_day(desk, record)
    desk.require_done(desk.network.nodes()[0].city, Adopt(ballot, day))
    desk.move_to(moments.first_moment_of(day))
    first_line = translated.splitlines()[_first_written_line(translated)]
    echo(
        f"{first_line.strip():<44} {program_digest(verified).hex()[:12]}…  "
        f"agreed by {record.agreed} of {len(CITIES)}, in force from {moments.show_day(day)}"
    )


def _first_written_line(text: str) -> int:
    for index, line in enumerate(text.splitlines()):
        if line.strip() and not line.startswith("#"):
            return index
    return 0


class DeskStage:
    """The desk as a stage for scenarios: holders are certified once, and calls of one moment share a block."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._signers: dict[str, keyring.Signer] = {}

    def leader(self) -> Node:
        """Return a node that holds the highest block."""
        return self._desk.network.leader()

    def stand(self, reference: str, kind: HolderKind, roles: tuple[str, ...]) -> bytes:
        """Return the fingerprint of a holder's certificate, certified and queued for admission if need be."""
        if reference not in self._signers:
            self._signers[reference] = self._certify(reference, kind, roles)
        return self._signers[reference].fields.fingerprint

    def _certify(self, reference: str, kind: HolderKind, roles: tuple[str, ...]) -> keyring.Signer:
        city, _, holder = reference.partition("/")
        if not holder:
            return keyring.load_signer(FOLDER, city)
        now_s = self._desk.time_ms() // 1000
        signer = keyring.add_holder(
            FOLDER, city, holder, kind=kind, name=holder, roles=roles, suite=DEFAULT_SUITE, not_before_s=now_s,
            not_after_s=now_s + VALIDITY_DAYS * 86_400,
        )
        self._desk.submit(city, AdmitCertificate(signer.certificate))
        return signer

    def admit(self) -> None:
        """Make the queued admissions final."""
        self._desk.finalise()

    def carry_out_at(self, time_ms: int, calls: Sequence[tuple[str, Payload]]) -> list[Receipt]:
        """Put calls into one block at that time, or the next possible one, and return their receipts in order."""
        self._desk.move_to(time_ms)
        identities = [self._desk.submit_as(self._signers[who], payload) for who, payload in calls]
        self._desk.finalise()
        leader = self.leader()
        receipts = []
        for identity in identities:
            place = leader.place(identity)
            receipt = None if place is None else leader.receipt(*place)
            assert receipt is not None, "a finalised transaction has its receipt"
            receipts.append(receipt)
        return receipts


def _run_scenarios(session: Session, desk: Desk, stage: DeskStage, steps: Sequence[Step]) -> bytes | None:
    """Run acts; return the identity of a refused one whose letter is worth reading."""
    outcomes: dict[str, Counter[str]] = {name: Counter() for name, _ in INSTRUMENTS}
    grounds: Counter[str] = Counter()
    refused: bytes | None = None
    for step, receipt in progress(run_acts(stage, steps), len(steps), session.word("letter_matter")):
        outcomes[step.contract][receipt.outcome.name.lower()] += 1
        if receipt.outcome is OutcomeKind.REFUSED:
            letter = write_letter(desk.network.leader(), receipt.transaction)
            grounds[f"{step.contract}.{step.act}: {letter.ground('en')}"] += 1
            if letter.facts() and letter.refused_applicant() and step.contract == INSTRUMENTS[0][0]:
                refused = receipt.transaction
    for name, counts in outcomes.items():
        shown = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
        echo(f"{name}: {sum(counts.values())} acts: {shown}.")
    for ground, count in grounds.most_common(4):
        echo(f"    refused {count} ×  {ground}")
    echo("Every outcome is the one that the scenario foretold.")
    return refused


def _stop_and_start(session: Session, desk: Desk, stage: DeskStage, steps: Sequence[Step]) -> None:
    stopped = [CITIES[2].identifier, CITIES[5].identifier, CITIES[8].identifier]
    for city in stopped:
        desk.folder.stop(city)
    echo(f"{', '.join(stopped)} stop; {len(desk.network.nodes())} cities go on:")
    half = len(steps) // 2
    _count(stage, steps[:half])
    fourth = CITIES[9].identifier
    desk.folder.stop(fourth)
    height = desk.network.leader().end.height
    result = desk.network.produce(desk.time_ms())
    assert isinstance(result, Halted)
    assert desk.network.leader().end.height == height
    echo(
        f"{fourth} stops too: {len(result.running)} cities are fewer than {QUORUM}. "
        f"The ledger halts at height {height}; it does not fork."
    )
    for city in [*stopped, fourth]:
        fetched = desk.folder.start(city)
        echo(session.word("city_started", city=city, blocks=fetched))
    echo("All eleven go on:")
    _count(stage, steps[half:])


def _count(stage: DeskStage, steps: Sequence[Step]) -> None:
    counts = Counter(receipt.outcome.name.lower() for _, receipt in run_acts(stage, steps))
    shown = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    echo(f"    {sum(counts.values())} more acts: {shown}; height {stage.leader().end.height}.")


def _show_roots(desk: Desk) -> None:
    rows = [(node.city, str(node.end.height), node.end.state_root.hex()) for node in desk.network.nodes()]
    print_table(["City", "Height", "State root"], rows)
    assert len({(height, root) for _, height, root in rows}) == 1, "all cities hold the same state"
    assert len(rows) == len(CITIES)


if __name__ == "__main__":
    sys.exit(main())
