"""What one run of `gba test` found on one instrument, and the same as data for tools."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from gbalang.check.typed import Contract
from gbalang.cli.courses import departure_as_json
from gbalang.cli.keeping import Kept, KeptHistory, kept_case, kept_history
from gbalang.cli.replaying import Replayed
from gbalang.cli.replicas import Apart, apart_as_json
from gbalang.cli.worth import edges_as_json, findings_as_json
from gbalang.isa.program import FunctionKind
from gbalang.pipeline import Compiled
from gbalang.testing.courses import CourseResult
from gbalang.testing.draw import SEED
from gbalang.testing.examples import ExampleResult
from gbalang.testing.findings import Worth
from gbalang.testing.histories import HISTORIES, InvariantResult
from gbalang.testing.properties import CASES, PropertyResult
from gbalang.testing.running import Count, Runner, coverage

Result: TypeAlias = ExampleResult | CourseResult | PropertyResult | InvariantResult


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: by which seed, how many cases of each property, how many histories of acts.

    `apart`: whether processes of their own execute a history too.
    """

    seed: int
    cases: int
    histories: int
    apart: bool

    @property
    def options(self) -> tuple[str, ...]:
        """Return the options of the command that ask for it, the usual ones left out."""
        numbers = (
            ("--seed", self.seed, SEED), ("--cases", self.cases, CASES), ("--histories", self.histories, HISTORIES),
        )  # fmt: skip
        options = [text for name, asked, usual in numbers if asked != usual for text in (name, str(asked))]
        return tuple(options if self.apart else [*options, "--no-apart"])


@dataclass(frozen=True, slots=True)
class Played:
    """What eleven processes said of a history of a compiled instrument."""

    apart: Apart
    compiled: Compiled


@dataclass(frozen=True, slots=True)
class NotStaged:
    """Why an instrument could not be brought into force for it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was found on an instrument.

    `kept`: failures kept earlier that were tried; `of_others`: how many lie in the same folder and are of other
    instruments. `results`: in the order in which they are told. `only_kept`: nothing but kept failures was tried.
    `saved`: the file of each failure that was written. `pasted`: failures as examples to paste. `apart`: None where no
    process of its own was asked.
    """

    path: Path
    runner: Runner
    drawing: Drawing
    kept: tuple[Replayed, ...]
    of_others: int = 0
    results: tuple[Result, ...] = ()
    only_kept: bool = False
    saved: Mapping[Kept, Path] = field(default_factory=dict)
    pasted: Mapping[Result, str] = field(default_factory=dict)
    apart: Played | NotStaged | None = None
    worth: Worth = field(default_factory=Worth)

    @property
    def typed(self) -> Contract:
        """The instrument."""
        return self.runner.trial.contract

    @property
    def examples(self) -> list[ExampleResult | CourseResult]:
        """How the examples fared."""
        return [each for each in self.results if isinstance(each, ExampleResult | CourseResult)]

    @property
    def properties(self) -> list[PropertyResult]:
        """How the properties fared."""
        return [each for each in self.results if isinstance(each, PropertyResult)]

    @property
    def invariants(self) -> list[InvariantResult]:
        """How the invariants fared."""
        return [each for each in self.results if isinstance(each, InvariantResult)]

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        tally = self.runner.tally
        failing = any(map(failed, self.results)) or self.failing or self.diverged
        return not failing and tally.undone and not tally.differing

    @property
    def diverged(self) -> bool:
        """Whether the processes that executed a history did not agree."""
        return isinstance(self.apart, Played) and not self.apart.apart.holds

    @property
    def failing(self) -> tuple[Replayed, ...]:
        """The kept failures that still fail."""
        return tuple([each for each in self.kept if each.status == "fails"])

    def is_told(self, result: Result) -> bool:
        """Whether the same failure is told as a kept one."""
        kept = keepable(self.runner, result)
        return kept is not None and kept in {each.kept for each in self.failing}

    def replay_line(self, file: Path | None = None) -> str:
        """Return the command that shows a failure again on any machine: from its file, or all that was tried here."""
        files = [each.path for each in self.kept] if self.only_kept else []
        if file is not None:
            files = [file]
        options = [word for each in files for word in ("--replay", str(each))] or self.drawing.options
        return shlex.join(["gba", "test", str(self.path), *options])

    def file_of(self, result: Result) -> Path | None:
        """Return the file in which a failure was kept in this run."""
        kept = keepable(self.runner, result)
        return None if kept is None else self.saved.get(kept)


def failed(result: Result) -> bool:
    """Whether an example, a property or an invariant failed; an invariant that was never tested has not."""
    return result.status == "broken" if isinstance(result, InvariantResult) else not result.holds


def keepable(runner: Runner, result: Result) -> Kept | None:
    """Return what would be kept of a failure; None where the instrument itself holds the case, or nothing failed."""
    if not failed(result):
        return None
    match result:
        case ExampleResult() | CourseResult():
            return None
        case PropertyResult():
            return kept_case(runner.trial.contract.name, result)
        case InvariantResult():
            return kept_history(runner.trial.program, result)


def acts_of(runner: Runner) -> list[tuple[str, Count]]:
    """Return each act of the instrument with how its runs ended."""
    return [
        (function.name, runner.tally.functions.get(index, Count()))
        for index, function in enumerate(runner.trial.program.functions)
        if function.kind is FunctionKind.ACT
    ]


# ---------------------------------------------------------------- for tools


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as data: no word of it is in one of the four languages, so it is the same everywhere."""
    tally = report.runner.tally
    document = {
        "path": str(report.path),
        "name": report.typed.name,
        "passed": report.passed,
        "replay": report.replay_line(),
        "examples": [
            {"title": row.example.title, "holds": row.holds, **_example(report, row), **_failure(report, row)}
            for row in report.examples
        ],
        "properties": [
            {"title": row.stated.title, "holds": row.holds, "tried": row.tried, "case": dict(row.case), "day": row.day,
             "example": report.pasted.get(row, ""), **_failure(report, row)}
            for row in report.properties
        ],
        "invariants": [
            {"name": row.name, "holds": row.holds, "status": row.status, "asked": row.asked,
             "asked_with_entries": row.met, "shown_able_to_fail": row.can_fail, "story": list(row.story),
             "example": report.pasted.get(row, ""), **_failure(report, row)}
            for row in report.invariants
        ],
        "kept": [_kept_as_json(report, row) for row in report.kept],
        "kept_of_others": report.of_others,
        "acts": [
            {"name": name, "done": count.done, "refused": count.refused, "forbidden": count.forbidden,
             "faulted": count.faulted}
            for name, count in acts_of(report.runner)
        ],
        "articles": [
            {"label": row.label, "reached": row.count.reached, "decided": row.count.done,
             "refused": row.count.refused, "faulted": row.count.faulted, "exceptions": dict(row.exceptions)}
            for row in coverage(report.runner.trial, tally)
        ],
        "findings": findings_as_json(report.runner.trial, report.worth),
        "edges": edges_as_json(report.runner.trial, report.worth),
        "engines": {"calls": tally.calls, "differing": tally.differing},
        "undone": tally.undone,
    }  # fmt: skip
    if isinstance(report.apart, Played):
        document["apart"] = apart_as_json(report.apart.apart)
    return document


def _example(report: Report, row: ExampleResult | CourseResult) -> dict[str, Any]:
    if isinstance(row, CourseResult):
        return {"left": "", "right": "", "departure": departure_as_json(report.runner.trial.program, row.departure)}
    return {"left": row.left, "right": row.right, "departure": None}


def _failure(report: Report, result: Result) -> dict[str, str]:
    """Return how a result failed, where it was kept, and how to see it again; texts are empty where nothing failed."""
    file = report.file_of(result)
    return {
        "fault": "" if result.fault is None else result.fault.name,
        "kept": "" if file is None else str(file),
        "replay": report.replay_line(file) if failed(result) else "",
    }


def _kept_as_json(report: Report, row: Replayed) -> dict[str, Any]:
    kind = "invariant" if isinstance(row.kept, KeptHistory) else "property"
    found: dict[str, Any] = {
        "file": str(row.path), "kind": kind, "what": row.kept.what, "status": row.status,
        "reason": {"key": row.reason[0], "facts": row.reason[1]}, "fault": "", "replay": "",
    }  # fmt: skip
    if isinstance(row.kept, KeptHistory):
        found |= {"deeds": len(row.kept.deeds), "carried_out": row.carried_out, "story": []}
    match row.result:
        case InvariantResult(story=story):
            found["story"] = list(story)
        case PropertyResult(case=case, day=day):
            found |= {"case": dict(case), "day": day}
        case None:
            return found
    found["fault"] = "" if row.result.fault is None else row.result.fault.name
    found["replay"] = report.replay_line(row.path)
    return found
