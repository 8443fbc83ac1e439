"""What failed in one file, as examples to paste into it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gbalang.ast import nodes as n
from gbalang.cli.reporting import Result, failed
from gbalang.cli.session import Session
from gbalang.cli.sources import parse_file
from gbalang.isa.program import Program
from gbalang.testing.histories import InvariantResult
from gbalang.testing.pasting import course_to_paste, example_to_paste
from gbalang.testing.properties import PropertyResult


def pasted_from(session: Session, path: Path, program: Program, results: Sequence[Result]) -> dict[Result, str]:
    """Return for each property and invariant that failed its case or deeds, as an example, where a text can hold it."""
    failing = [each for each in results if failed(each) and isinstance(each, PropertyResult | InvariantResult)]
    if not failing:
        return {}
    document, text = parse_file(session, path)
    assert isinstance(document, n.Instrument)
    written = {each: _pasted(document, text, program, each) for each in failing}
    return {result: example for result, example in written.items() if example is not None}


def _pasted(document: n.Instrument, text: str, program: Program, result: Result) -> str | None:
    match result:
        case PropertyResult():
            return example_to_paste(document, text, result.stated, dict(result.case), result.day)
        case InvariantResult():
            return course_to_paste(document, program, result.name, result.deeds)
        case _:
            return None
