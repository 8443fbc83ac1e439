"""gba check, fmt --check and test on every instrument at hand, and on the one that gba new writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gbalang.ast.keywords import LANGUAGES
from gbalang.cli.group import application
from gbalang.cli.session import ExitCode
from gbalang.testing.chronicle import DRAWS
from gbalang.vm.engines import ENGINES
from runtime.cities import CITY_COUNT
from runtime.witnesses.interpreters import find_interpreters
from tests.architecture.sources import ROOT

PATHS = sorted([*(ROOT / "stdlib").rglob("*.gba"), *(ROOT / "contracts").rglob("*.gba")])
NAMES = [str(path.relative_to(ROOT)) for path in PATHS]
TALENT = ROOT / "contracts" / "talent_subsidy" / "contract.gba"
SMALL = ("--cases", "20", "--histories", "4", "--no-apart")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Return the JSON document of a command that must end well."""
    assert application([*arguments, "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_every_instrument_is_sound_and_without_warnings(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = answer(capsys, "check", str(path))["instruments"]
    assert row["diagnostics"] == []


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_every_instrument_is_in_canonical_layout(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "fmt", "--check", str(path)) == {"changed": []}


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_every_instrument_keeps_its_promises(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, "test", str(path), *SMALL)
    assert document["passed"]
    for row in document["instruments"]:
        assert row["engines"]["differing"] == []
        assert row["undone"]
        assert row["findings"] == []


def test_the_acts_of_an_instrument_are_reached(capsys: pytest.CaptureFixture[str]) -> None:
    """Recognised, window published, claimed, matched, approved, paid, recovered: a chain of seven acts."""
    document = answer(capsys, "test", str(TALENT))
    (row,) = document["instruments"]
    assert row["apart"]["agree"]
    assert row["apart"]["transactions"] > DRAWS
    assert len(document["machine"]["cities"]) == CITY_COUNT
    assert document["machine"]["engines"] == sorted(ENGINES)
    assert document["machine"]["interpreters"][: len(find_interpreters())]
    assert row["findings"] == []
    assert [act["name"] for act in row["acts"] if act["done"] == 0] == []
    assert [each["name"] for each in row["invariants"] if each["status"] != "holds"] == []
    shown = [each["name"] for each in row["invariants"] if each["shown_able_to_fail"]]
    assert {"paid_as_approved", "nobody_is_paid_twice", "totals_are_exact"} <= set(shown)
    articles = {each["label"]: each for each in row["articles"]}
    assert min(articles[label]["decided"] for label in "23456789") > 0
    assert articles["4"]["exceptions"]["no_double_benefit"] > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_instrument_is_sound_in_every_language(
    tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "new", "seniors", "--in", str(tmp_path), "--keywords", language)
    (row,) = answer(capsys, "check", str(tmp_path / "seniors"))["instruments"]
    assert row["diagnostics"] == []
    assert row["coverage"]["declaring"] == ["1"]
    assert row["coverage"]["text_only"] == []
    (tested,) = answer(capsys, "test", str(tmp_path / "seniors"), *SMALL)["instruments"]
    assert tested["passed"]
    assert tested["findings"] == []
    assert [each["status"] for each in tested["invariants"]] == ["holds"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_names_every_act_and_article(
    tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "new", "seniors", "--in", str(tmp_path))
    assert application(["test", str(tmp_path / "seniors"), "--lang", language, *SMALL]) == 0
    first_words = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()}
    assert {"apply", "decide", "2", "3"} <= first_words


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reason_is_shown_where_there_is_none(
    tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "new", "seniors", "--in", str(tmp_path))
    assert application(["check", str(tmp_path / "seniors"), "--lang", language]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert not lines[1].rstrip().endswith(("because", "理由：", "porque"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failure_is_told_with_its_day(tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fee.gba"
    path.write_text(
        'contract fee version 1\n  basis "none"\n  parties all cities\n  effective 2026-01-01\n\n'
        'article 1 "The fee"\n  parameter fee: Money CNY = 5 CNY from 2026-01-01, 6 CNY from 2027-01-01\n'
        '  property "The fee is five" for any spent: Int from 1 to 3 holds fee = 5 CNY\n',
        "utf-8",
    )
    assert application(["test", str(path), "--lang", language, "--no-apart"]) == ExitCode.FAILED_CHECK
    told = capsys.readouterr().out
    assert "2027-01-01" in told
    assert "spent = 1" in told
