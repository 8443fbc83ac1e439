"""gba test: the examples, properties and invariants of instruments, run on the machine that will run them.

What failed before and was kept is tried first. Kept failures are tried by a runner of their own: what is drawn depends
on what was reached so far, and a seed must draw the same whatever lies in a folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from gbalang.check.typed import CalendarYear, Contract
from gbalang.cli.junit import junit_xml
from gbalang.cli.keeping import Kept, kept_beside, read_kept, save
from gbalang.cli.pasting import pasted_from
from gbalang.cli.replaying import Replayed, replay
from gbalang.cli.replicas import cities_as_json, history_apart, tell_cities
from gbalang.cli.reporting import Drawing, NotStaged, Played, Report, Result, as_json, keepable
from gbalang.cli.session import ExitCode, Session, shared_options, write_bytes
from gbalang.cli.sources import calendar_of_standard, instrument_paths, typed_and_compiled
from gbalang.cli.telling import tell
from gbalang.pipeline import Compiled
from gbalang.testing.draw import SEED
from gbalang.testing.examples import run_examples
from gbalang.testing.findings import Findings
from gbalang.testing.histories import HISTORIES, run_histories
from gbalang.testing.properties import CASES, run_properties
from gbalang.testing.running import Runner
from gbalang.testing.trial import Trial, TrialsTooLarge, prepare, standard_calendar_names
from runtime.simulator.stage import StageFailed


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command asks for. `replayed`: the kept failures that alone are to be tried; none to try everything."""

    drawing: Drawing
    replayed: Sequence[tuple[Path, Kept]]
    save_in: Path | None


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=SEED, show_default=True, help="Draws the cases.")
@click.option("--cases", type=click.IntRange(1, 100_000), default=CASES, show_default=True,
              help="Cases tried for each property.")  # fmt: skip
@click.option("--histories", type=click.IntRange(1, 100_000), default=HISTORIES, show_default=True,
              help="Random histories of acts.")  # fmt: skip
@click.option("--apart/--no-apart", default=True, show_default=True,
              help="Let eleven processes that differ execute a history of the instrument.")  # fmt: skip
@click.option("--save-failure", "save_in", type=click.Path(path_type=Path), default=None, metavar="FOLDER",
              help="Keep the smallest case of each failure as a file in this folder.")  # fmt: skip
@click.option("--replay", "files", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
              help="Try only this kept failure; may be repeated.")  # fmt: skip
@click.option("--junit", type=click.Path(path_type=Path), default=None, metavar="FILE",
              help="Write the report as JUnit XML too.")  # fmt: skip
@click.option("--strict", is_flag=True, help="A finding fails the command as well.")
@click.option("--edges", is_flag=True, help="List the comparisons on whose edge no example stands.")
@shared_options
def test(
    session: Session, paths: Sequence[Path], seed: int, cases: int, histories: int, apart: bool,
    save_in: Path | None, files: tuple[Path, ...], junit: Path | None, strict: bool, edges: bool,
) -> None:  # fmt: skip
    """Run an instrument's examples, properties and invariants. What fails is shown with the smallest case.

    What is kept in the folder “failures” beside the instrument is tried first. Ends with 3 if anything fails.
    """
    replayed = [(file, read_kept(session, file)) for file in files]
    wanted = Wanted(Drawing(seed, cases, histories, apart), replayed, save_in)
    reports = []
    for path, trial, compiled in _trials(session, instrument_paths(session, paths)):
        report = _report(session, path, trial, wanted)
        if apart and compiled is not None and not report.only_kept:
            report = replace(report, apart=_apart(session, trial.contract, compiled, seed))
        tell(session, report, edges=edges)
        reports.append(report)
    document = {"instruments": [as_json(report) for report in reports], "seed": seed}
    if any(isinstance(report.apart, Played) for report in reports):
        tell_cities(session)
        document["machine"] = cities_as_json()
    if junit is not None:
        write_bytes(session, junit, junit_xml(session, reports), force=True)
        session.say("written", path=junit)
    passed = all(report.passed for report in reports)
    session.result(document | {"passed": passed})
    if not passed or (strict and any(report.worth.found for report in reports)):
        raise click.exceptions.Exit(int(ExitCode.FAILED_CHECK))


def _trials(session: Session, paths: Sequence[Path]) -> Iterator[tuple[Path, Trial, Compiled | None]]:
    calendars = tuple(calendar_of_standard(name) for name in standard_calendar_names())
    for path in paths:
        typed, compiled = typed_and_compiled(session, path)
        if isinstance(typed, CalendarYear):
            continue
        try:
            yield path, prepare(typed, calendars), compiled
        except TrialsTooLarge as beyond:
            session.fail(ExitCode.AT_FAULT, "trials_too_large", path=path, reason=beyond)


def _report(session: Session, path: Path, trial: Trial, wanted: Wanted) -> Report:
    if wanted.replayed:
        runner = Runner(trial)
        kept = _replay(runner, wanted.replayed)
        saved = _save(session, [each.kept for each in kept if each.status == "fails"], wanted.save_in)
        return Report(path, runner, wanted.drawing, kept, only_kept=True, saved=saved)
    beside = kept_beside(session, path)
    own = [(file, kept) for file, kept in beside if kept.instrument == trial.contract.name]
    findings = Findings(trial, wanted.drawing.seed)
    first, runner = Runner(trial), Runner(trial, findings.onlooker.engine)
    kept = _replay(first, own)
    results: tuple[Result, ...] = (
        *run_examples(runner),
        *run_properties(runner, wanted.drawing.seed, wanted.drawing.cases),
        *run_histories(runner, wanted.drawing.seed, wanted.drawing.histories, findings),
    )
    runner.tally.watch(first.tally)
    saved = _save(session, [keepable(runner, result) for result in results], wanted.save_in)
    worth = findings.worth()
    pasted = pasted_from(session, path, trial.program, results)
    return Report(
        path, runner, wanted.drawing, kept, len(beside) - len(own), results, saved=saved, worth=worth, pasted=pasted
    )  # fmt: skip


def _apart(session: Session, contract: Contract, compiled: Compiled, seed: int) -> Played | NotStaged | None:
    """Let eleven processes that differ execute a history of an instrument; None if it has no act."""
    try:
        apart = history_apart(session, contract, compiled, seed)
    except StageFailed as failed:
        return NotStaged(str(failed))
    return None if apart is None else Played(apart, compiled)


def _replay(runner: Runner, files: Sequence[tuple[Path, Kept]]) -> tuple[Replayed, ...]:
    return tuple([replay(runner, path, kept) for path, kept in files])


def _save(session: Session, failures: Sequence[Kept | None], folder: Path | None) -> dict[Kept, Path]:
    """Write what failed into a folder; return the files. Several of the same are one."""
    if folder is None:
        return {}
    written = {kept: save(session, folder, kept) for kept in failures if kept is not None}
    return {kept: path for kept, path in written.items() if path is not None}
