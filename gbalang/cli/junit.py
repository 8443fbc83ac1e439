"""Reports of `gba test` as JUnit XML, which systems that run tests read.

A suite for each instrument, a case for each example, property, invariant and kept failure, and for what every
instrument promises without saying so. No time and no machine is named, so the same report is the same file everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.etree import ElementTree as ET

from gbalang.characters import visible
from gbalang.cli.reporting import NotStaged, Played, Report, Result, failed
from gbalang.cli.session import Session
from gbalang.cli.telling import apart_lines, differing_lines, kept_lines, result_lines, undone_lines
from gbalang.testing.courses import CourseResult
from gbalang.testing.examples import ExampleResult
from gbalang.testing.histories import InvariantResult
from gbalang.testing.properties import PropertyResult

_Status: TypeAlias = Literal["passed", "failure", "skipped"]
_OF_KEPT: dict[str, _Status] = {"holds": "passed", "fails": "failure", "not applicable": "skipped"}

_NOT_IN_XML = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}
"""Of what XML forbids, all but these two is written out as it is for a terminal."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One case of a suite. `lines`: the story of a failure, or why it was skipped."""

    group: str
    name: str
    status: _Status
    lines: Sequence[str]


def junit_xml(session: Session, reports: Sequence[Report]) -> bytes:
    """Return the reports as one document; its stories are in the language of messages."""
    root = ET.Element("testsuites")
    for report in reports:
        cases = [*_cases(session, report)]
        suite = ET.SubElement(root, "testsuite", {
            "name": _text(report.typed.name), "file": _text(str(report.path)), "tests": str(len(cases)), "errors": "0",
            "failures": str(sum(case.status == "failure" for case in cases)),
            "skipped": str(sum(case.status == "skipped" for case in cases)),
        })  # fmt: skip
        for case in cases:
            _write(suite, report.typed.name, case)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _cases(session: Session, report: Report) -> Iterator[_Case]:
    for kept in report.kept:
        yield _Case("kept", kept.path.name, _OF_KEPT[kept.status], kept_lines(session, report, kept))
    for result in report.results:
        lines = result_lines(session, report, result)
        yield _Case(*_named(result), "failure" if failed(result) else _of_unfailed(result), lines)
    yield _always("engines_agree", differing_lines(session, report))
    yield _always("refused_acts_change_nothing", undone_lines(session, report))
    match report.apart:
        case Played():
            yield _always("cities_agree", apart_lines(session, report) if report.diverged else [])
        case NotStaged():
            yield _Case("always", "cities_agree", "skipped", apart_lines(session, report))


def _always(name: str, lines: Sequence[str]) -> _Case:
    return _Case("always", name, "failure" if lines else "passed", lines)


def _named(result: Result) -> tuple[str, str]:
    match result:
        case ExampleResult(example=example) | CourseResult(example=example):
            return "example", example.title
        case PropertyResult(stated=stated):
            return "property", stated.title
        case InvariantResult(name=name):
            return "invariant", name


def _of_unfailed(result: Result) -> _Status:
    """Return how what did not fail is counted: without a case or an entry that it was tried on, it says nothing."""
    match result:
        case PropertyResult(tried=0) | InvariantResult(status="never tested"):
            return "skipped"
        case _:
            return "passed"


def _write(suite: ET.Element, instrument: str, case: _Case) -> None:
    element = ET.SubElement(suite, "testcase", {
        "classname": _text(f"{instrument}.{case.group}"), "name": _text(case.name),
    })  # fmt: skip
    match case.status:
        case "passed":
            return
        case "failure" | "skipped":
            told = ET.SubElement(element, case.status, {"message": _text(case.lines[0])})
            told.text = _text("\n".join(case.lines))


def _text(text: str) -> str:
    return visible(text).translate(_NOT_IN_XML)
