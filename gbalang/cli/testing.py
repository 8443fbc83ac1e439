"""gba test: the examples, properties and invariants of instruments, run on the machine that will run them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from gbalang.check.typed import CalendarYear, Contract
from gbalang.cli.session import ExitCode, Session, shared_options
from gbalang.cli.sources import calendar_of_standard, instrument_paths, typed_of_source
from gbalang.diagnostics.outcomes import fault_sentence
from gbalang.testing.examples import ExampleResult, run_examples
from gbalang.testing.histories import HISTORIES, HistoriesResult, InvariantResult, run_histories
from gbalang.testing.properties import CASES, PropertyResult, run_properties
from gbalang.testing.trial import Trial, prepare, standard_calendar_names

SEED = 20_260_101
"""The seed of everyone who names none: the same report on any machine."""


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=SEED, show_default=True, help="Draws the cases.")
@click.option("--cases", type=click.IntRange(1, 100_000), default=CASES, show_default=True,
              help="Cases tried for each property.")  # fmt: skip
@click.option("--histories", type=click.IntRange(1, 100_000), default=HISTORIES, show_default=True,
              help="Random histories tried for each invariant.")  # fmt: skip
@shared_options
def test(session: Session, paths: Sequence[Path], seed: int, cases: int, histories: int) -> None:
    """Run an instrument's examples, properties and invariants. What fails is shown with the smallest case."""
    calendars = tuple(calendar_of_standard(name) for name in standard_calendar_names())
    reports = []
    for path in instrument_paths(session, paths):
        typed = typed_of_source(session, path)
        if isinstance(typed, CalendarYear):
            continue
        reports.append(_report(session, path, typed, prepare(typed, calendars), (seed, cases, histories)))
    passed = all(report["passed"] for report in reports)
    session.result({"instruments": reports, "passed": passed, "seed": seed})
    if not passed:
        raise click.exceptions.Exit(int(ExitCode.FAILED_CHECK))


def _report(
    session: Session, path: Path, typed: Contract, trial: Trial, numbers: tuple[int, int, int]
) -> dict[str, Any]:
    seed, cases, histories = numbers
    examples = run_examples(trial)
    properties = run_properties(trial, seed, cases)
    history = run_histories(trial, seed, histories)
    for example in examples:
        _tell_example(session, typed, example)
    for stated in properties:
        _tell_property(session, typed, stated)
    for invariant in history.invariants:
        _tell_invariant(session, invariant)
    if not history.undone:
        session.say("test_not_undone")
    held = [
        sum(each.holds for each in group) for group in (examples, properties, history.invariants)
    ]
    session.say(
        "test_summary", path=path, examples=f"{held[0]}/{len(examples)}", properties=f"{held[1]}/{len(properties)}",
        invariants=f"{held[2]}/{len(history.invariants)}", done=history.done, not_done=history.not_done, seed=seed,
    )  # fmt: skip
    return _as_json(path, typed, examples, properties, history)


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
    for name, value in result.case:
        session.line(f"    {name} = {value}")
    if result.fault is not None:
        session.line("  " + fault_sentence(session.language, result.fault.name))


def _tell_invariant(session: Session, result: InvariantResult) -> None:
    if result.holds:
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
    examples: tuple[ExampleResult, ...],
    properties: tuple[PropertyResult, ...],
    history: HistoriesResult,
) -> dict[str, Any]:
    rows: list[ExampleResult | PropertyResult | InvariantResult] = [*examples, *properties, *history.invariants]
    return {
        "path": str(path),
        "name": typed.name,
        "passed": all(row.holds for row in rows) and history.undone,
        "examples": [
            {"title": row.example.title, "holds": row.holds, "left": row.left, "right": row.right,
             "fault": "" if row.fault is None else row.fault.name}
            for row in examples
        ],
        "properties": [
            {"title": row.stated.title, "holds": row.holds, "tried": row.tried, "case": dict(row.case),
             "fault": "" if row.fault is None else row.fault.name}
            for row in properties
        ],
        "invariants": [
            {"name": row.name, "holds": row.holds, "story": list(row.story),
             "fault": "" if row.fault is None else row.fault.name}
            for row in history.invariants
        ],
        "acts_done": history.done,
        "acts_not_done": history.not_done,
    }  # fmt: skip
