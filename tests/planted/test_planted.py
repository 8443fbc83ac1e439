"""The bank of planted defects stays true to the instruments, and what is found quickly is found here.

`make planted` runs `gba test` with its default settings on every one of them, histories included.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gbalang.check.typed import CalendarYear, Contract
from gbalang.cli.session import ExitCode, Session
from gbalang.cli.sources import calendar_of_standard, typed_of_source
from gbalang.pipeline import compile_bundle
from gbalang.source import SourceBundle, SourceFile
from gbalang.testing.examples import run_examples
from gbalang.testing.findings import Findings
from gbalang.testing.properties import run_properties
from gbalang.testing.running import Runner
from gbalang.testing.trial import Trial, prepare, standard_calendar_names
from tests.cli.running import gba
from tests.planted.bank import PLANTED, TALENT, Planted
from tests.planted.run import ROOT, planted_text, said_in

SEED = 20_260_101
TOLD_AT_ONCE = {"edge_drawn_twice", "does_not_add_up"}
OTHER_CITY_WITHOUT_POWER = (
    "    on 2026-06-01 other does publish_window(Guangzhou, 2025, 2026-06-01, 2026-07-31) without power\n"
)


def named(planted: Planted) -> str:
    what = "nothing" if planted.says is None else " ".join(planted.says)
    return f"{planted.group}-{Path(planted.path).parent.name}-{what.replace(' ', '_')}"


WITH_EXAMPLE = [each for each in PLANTED if each.says is not None and each.says[0] in {"example", "property"}]
AT_ONCE = [
    each for each in PLANTED if each.says is not None and each.says[0] == "finding"
    and each.says[1].partition(" ")[0] in TOLD_AT_ONCE
]  # fmt: skip


@pytest.fixture(scope="module")
def calendars() -> tuple[CalendarYear, ...]:
    return tuple(calendar_of_standard(name) for name in standard_calendar_names())


def trial_of(text: str, calendars: tuple[CalendarYear, ...]) -> Trial:
    compilation = compile_bundle(SourceBundle(SourceFile("contract.gba", text)))
    assert isinstance(compilation.typed, Contract), compilation.diagnostics
    return prepare(compilation.typed, calendars)


@pytest.mark.parametrize("planted", PLANTED, ids=named)
def test_the_defect_can_be_planted(planted: Planted) -> None:
    assert (ROOT / planted.path).read_text("utf-8").count(planted.before) == 1
    assert planted.before != planted.after
    assert (planted.says is None) == bool(planted.why)


def test_the_bank_is_wide() -> None:
    found = [each for each in PLANTED if each.says is not None]
    assert len(found) >= 20
    assert min(Counter(each.group for each in found).values()) >= 5


@pytest.mark.parametrize("planted", WITH_EXAMPLE, ids=named)
def test_an_example_or_a_property_of_the_instrument_fails(
    planted: Planted, calendars: tuple[CalendarYear, ...]
) -> None:
    runner = Runner(trial_of(planted_text(planted), calendars))
    failed = {("example", each.example.title) for each in run_examples(runner) if not each.holds}
    failed |= {("property", each.stated.title) for each in run_properties(runner, SEED) if not each.holds}
    assert planted.says in failed


@pytest.mark.parametrize("planted", AT_ONCE, ids=named)
def test_what_needs_no_history_is_found(planted: Planted, calendars: tuple[CalendarYear, ...]) -> None:
    found = Findings(trial_of(planted_text(planted), calendars), SEED).found()
    assert planted.says is not None
    assert [f"{each.kind} {each.name}" for each in found] == [planted.says[1]]


def test_an_office_without_its_city_is_found_by_the_command(tmp_path: Path) -> None:
    """The whole way, with default settings: it is told, it is in the document, and with --strict it fails.

    The example that shows it as well is left out, so that the finding alone makes it fail.
    """
    planted = next(each for each in PLANTED if each.says == ("finding", "another_city publish_window"))
    text = planted_text(planted)
    assert text.count(OTHER_CITY_WITHOUT_POWER) == 1
    path = tmp_path / "contract.gba"
    path.write_text(text.replace(OTHER_CITY_WITHOUT_POWER, ""), "utf-8")
    ran = gba("test", str(path), "--json", "--strict", "--no-apart")
    assert ran.code == ExitCode.FAILED_CHECK
    (report,) = ran.document()["instruments"]
    assert report["passed"]
    assert said_in(report) == {planted.says}
    (finding,) = report["findings"]
    assert finding["article"] == "3"
    assert len(finding["story"]) == 1
    assert "publish_window" in finding["story"][0]


@pytest.mark.parametrize("path", sorted({each.path for each in PLANTED}))
def test_nothing_is_found_at_once_in_what_is_sound(path: str, calendars: tuple[CalendarYear, ...]) -> None:
    assert Findings(trial_of((ROOT / path).read_text("utf-8"), calendars), SEED).found() == ()


def test_the_example_to_paste_fails(calendars: tuple[CalendarYear, ...]) -> None:
    """It is one of the text's own examples once it stands there, and it shows the cent that is missing."""
    for planted in (each for each in AT_ONCE if each.group == "sum"):
        text = planted_text(planted)
        (finding,) = Findings(trial_of(text, calendars), SEED).found()
        article = next(
            place for place, line in enumerate(text.splitlines()) if finding.name in line and "rule" in line
        )
        lines = text.splitlines()
        end = next(
            (place for place in range(article, len(lines)) if lines[place].startswith("article ")), len(lines)
        )
        pasted = "\n".join([*lines[:end], *[f"  {line}" for line in finding.example.splitlines()], "", *lines[end:]])
        results = run_examples(Runner(trial_of(pasted, calendars)))
        assert [each.example.title for each in results if not each.holds] == [f"The parts of {finding.name} add up"]


def test_edges_without_an_example_are_counted(calendars: tuple[CalendarYear, ...]) -> None:
    """The window of article 3 has examples on its own edges and on the first day of the next one, none on its last."""
    session = Session("en", json=False)
    typed = typed_of_source(session, ROOT / TALENT)
    assert isinstance(typed, Contract)
    findings = Findings(prepare(typed, calendars), SEED)
    run_examples(Runner(prepare(typed, calendars), findings.onlooker.engine))
    shown = {edge.shown for edge in findings.unseen() if edge.where == "filing"}
    assert shown == {"filed <= value of next_closes"}
