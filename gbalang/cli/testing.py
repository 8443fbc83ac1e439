"""gba test: the examples, properties and invariants of instruments, run on the machine that will run them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from gbalang.check.typed import CalendarYear, Contract
from gbalang.cli.replicas import apart_as_json, cities_as_json, history_apart, tell_apart, tell_cities
from gbalang.cli.session import ExitCode, Session, shared_options
from gbalang.cli.sources import calendar_of_standard, instrument_paths, typed_and_compiled
from gbalang.diagnostics.outcomes import fault_sentence
from gbalang.isa.program import FunctionKind
from gbalang.pipeline import Compiled
from gbalang.testing.examples import ExampleResult, run_examples
from gbalang.testing.histories import HISTORIES, InvariantResult, run_histories
from gbalang.testing.properties import CASES, PropertyResult, run_properties
from gbalang.testing.running import Count, Runner, Tally, coverage
from gbalang.testing.trial import Trial, TrialsTooLarge, prepare, standard_calendar_names
from runtime.simulator.stage import StageFailed

SEED = 20_260_101
"""The seed of everyone who names none: the same report on any machine."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=SEED, show_default=True, help="Draws the cases.")
@click.option("--cases", type=click.IntRange(1, 100_000), default=CASES, show_default=True,
              help="Cases tried for each property.")  # fmt: skip
@click.option("--histories", type=click.IntRange(1, 100_000), default=HISTORIES, show_default=True,
              help="Random histories of acts.")  # fmt: skip
@click.option("--apart/--no-apart", default=True, show_default=True,
              help="Let eleven processes that differ execute a history of the instrument.")  # fmt: skip
@shared_options
def test(session: Session, paths: Sequence[Path], seed: int, cases: int, histories: int, apart: bool) -> None:
    """Run an instrument's examples, properties and invariants. What fails is shown with the smallest case."""
    calendars = tuple(calendar_of_standard(name) for name in standard_calendar_names())
    reports = []
    for path in instrument_paths(session, paths):
        typed, compiled = typed_and_compiled(session, path)
        if isinstance(typed, CalendarYear):
            continue
        try:
            trial = prepare(typed, calendars)
        except TrialsTooLarge as beyond:
            session.fail(ExitCode.AT_FAULT, "trials_too_large", path=path, reason=beyond)
        report = _report(session, path, typed, trial, (seed, cases, histories))
        if apart and compiled is not None:
            report |= _report_apart(session, path, (typed, compiled), seed, passed=report["passed"])
        reports.append(report)
    passed = all(report["passed"] for report in reports)
    document: dict[str, Any] = {"instruments": reports, "passed": passed, "seed": seed}
    if any("apart" in report for report in reports):
        tell_cities(session)
        document["machine"] = cities_as_json()
    session.result(document)
    if not passed:
        raise click.exceptions.Exit(int(ExitCode.FAILED_CHECK))


def _report(
    session: Session, path: Path, typed: Contract, trial: Trial, numbers: tuple[int, int, int]
) -> dict[str, Any]:
    seed, cases, histories = numbers
    runner = Runner(trial)
    examples = run_examples(runner)
    properties = run_properties(runner, seed, cases)
    invariants = run_histories(runner, seed, histories)
    tally = runner.tally
    for example in examples:
        _tell_example(session, typed, example)
    for stated in properties:
        _tell_property(session, typed, stated)
    for invariant in invariants:
        _tell_invariant(session, invariant)
    if not tally.undone:
        session.say("test_not_undone")
    held = [sum(each.holds for each in group) for group in (examples, properties, invariants)]
    session.say(
        "test_summary", path=path, examples=f"{held[0]}/{len(examples)}", properties=f"{held[1]}/{len(properties)}",
        invariants=f"{held[2]}/{len(invariants)}", seed=seed,
    )  # fmt: skip
    if tally.differing:
        session.say("test_engines_differ", functions=", ".join(tally.differing))
    else:
        session.say("test_engines_agree", calls=f"{tally.calls:,}")
    _tell_acts(session, runner)
    _tell_articles(session, runner)
    return _as_json(path, typed, (examples, properties, invariants), runner)


def _report_apart(
    session: Session, path: Path, instrument: tuple[Contract, Compiled], seed: int, *, passed: bool
) -> dict[str, Any]:
    try:
        played = history_apart(session, *instrument, seed)
    except StageFailed as failed:
        session.say("simulate_not_in_force", path=path, reason=failed)
        return {}
    if played is None:
        return {}
    session.line()
    tell_apart(session, played, instrument[1])
    return {"apart": apart_as_json(played), "passed": passed and played.holds}


def _acts(runner: Runner) -> list[tuple[str, Count]]:
    functions = runner.trial.program.functions
    return [
        (function.name, runner.tally.functions.get(index, Count()))
        for index, function in enumerate(functions)
        if function.kind is FunctionKind.ACT
    ]


def _tell_acts(session: Session, runner: Runner) -> None:
    acts = _acts(runner)
    if not acts:
        return
    headings = [session.word(key) for key in ("test_act", "test_done", "test_refused", "test_faulted")]
    rows = [
        (name, f"{count.done:,}", f"{count.refused + count.forbidden:,}", f"{count.faulted:,}") for name, count in acts
    ]
    session.line()
    session.table(headings, rows)


def _tell_articles(session: Session, runner: Runner) -> None:
    articles = coverage(runner.trial, runner.tally)
    if not articles:
        return
    keys = ("test_article", "test_reached", "test_decided", "test_refused", "test_faulted", "test_exceptions")
    rows = [
        (
            row.label, f"{row.count.reached:,}", f"{row.count.done:,}", f"{row.count.refused:,}",
            f"{row.count.faulted:,}", ", ".join(f"{name} {fired:,}" for name, fired in row.exceptions),
        )
        for row in articles
    ]  # fmt: skip
    session.line()
    session.table([session.word(key) for key in keys], rows)


def _tell_example(session: Session, typed: Contract, result: ExampleResult) -> None:
    if result.holds:
        return
    session.say("test_example_failed", title=result.example.title, article=_label(typed, result.example.article))
    if result.fault is not None:
        session.line("  " + fault_sentence(session.language, result.fault.name))
    elif result.left:
        session.say("test_example_sides", left=result.left, right=result.right)


def _tell_property(session: Session, typed: Contract, result: PropertyResult) -> None:
    if result.holds:
        if result.tried == 0:
            session.say("test_property_untried", title=result.stated.title)
        return
    session.say("test_property_failed", title=result.stated.title, article=_label(typed, result.stated.article))
    if result.day:
        session.line("    " + session.word("test_on_day", day=result.day))
    for name, value in result.case:
        session.line(f"    {name} = {value}")
    if result.fault is not None:
        session.line("  " + fault_sentence(session.language, result.fault.name))


def _tell_invariant(session: Session, result: InvariantResult) -> None:
    match result.status:
        case "never tested":
            session.say("test_invariant_untested", name=result.name)
            return
        case "holds":
            if not result.can_fail:
                session.say("test_invariant_cannot_fail", name=result.name)
            return
    session.say("test_invariant_failed", name=result.name)
    for sentence in result.story:
        session.line(f"    {sentence}")
    if result.fault is not None:
        session.line("  " + fault_sentence(session.language, result.fault.name))


def _label(typed: Contract, article: int) -> str:
    return typed.articles[article].label


def _as_json(
    path: Path,
    typed: Contract,
    results: tuple[tuple[ExampleResult, ...], tuple[PropertyResult, ...], tuple[InvariantResult, ...]],
    runner: Runner,
) -> dict[str, Any]:
    examples, properties, invariants = results
    tally = runner.tally
    return {
        "path": str(path),
        "name": typed.name,
        "passed": _passed(results, tally),
        "examples": [
            {"title": row.example.title, "holds": row.holds, "left": row.left, "right": row.right,
             "fault": "" if row.fault is None else row.fault.name}
            for row in examples
        ],
        "properties": [
            {"title": row.stated.title, "holds": row.holds, "tried": row.tried, "case": dict(row.case), "day": row.day,
             "fault": "" if row.fault is None else row.fault.name}
            for row in properties
        ],
        "invariants": [
            {"name": row.name, "holds": row.holds, "status": row.status, "asked": row.asked,
             "asked_with_entries": row.met, "shown_able_to_fail": row.can_fail, "story": list(row.story),
             "fault": "" if row.fault is None else row.fault.name}
            for row in invariants
        ],
        "acts": [
            {"name": name, "done": count.done, "refused": count.refused, "forbidden": count.forbidden,
             "faulted": count.faulted}
            for name, count in _acts(runner)
        ],
        "articles": [
            {"label": row.label, "reached": row.count.reached, "decided": row.count.done,
             "refused": row.count.refused, "faulted": row.count.faulted, "exceptions": dict(row.exceptions)}
            for row in coverage(runner.trial, tally)
        ],
        "engines": {"calls": tally.calls, "differing": tally.differing},
        "undone": tally.undone,
    }  # fmt: skip


def _passed(
    results: tuple[tuple[ExampleResult, ...], tuple[PropertyResult, ...], tuple[InvariantResult, ...]], tally: Tally
) -> bool:
    examples, properties, invariants = results
    held = all(row.holds for row in examples) and all(row.holds for row in properties)
    return held and all(row.status != "broken" for row in invariants) and tally.undone and not tally.differing
