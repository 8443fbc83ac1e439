"""gba simulate: its report, its endings, and the line that shows a failure again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gbalang.cli.group import application
from gbalang.cli.templates import CONTRACT
from gbalang.cli.words import WORDS
from runtime.records import HeaderSignature
from runtime.simulator import city as cities
from runtime.simulator.checks import Check
from runtime.simulator.faults import FAULTS


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    path = tmp_path / "contract.gba"
    path.write_text(CONTRACT.replace("{name}", "seniors"), "utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = application(["simulate", *map(str, arguments), "--apart-every", "0", "--lang", "en"])
    return code, capsys.readouterr().out


def test_a_report_says_what_was_done(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = tmp_path / "trace"
    code, out = run(
        capsys, path, "--seeds", 2, "--steps", 2, "--seed", 8, "--faults", "loss,duplicate", "--trace", trace, "--json"
    )  # fmt: skip
    assert code == 0
    report = json.loads(out)
    assert report["passed"] is True
    [row] = report["instruments"]
    assert row["seeds"] == 2, "the second of them, 9, on real signatures"
    assert row["transactions"] == sum(row["outcomes"].values()) > 0
    assert row["executions"] > 8 * row["transactions"]
    assert set(row["faults"]) <= {"loss", "duplicate"}
    assert set(row["checks"]) == {check.value for check in Check}
    assert trace.read_text("utf-8").startswith(f"{path} seed 8 trace ")


def test_a_failure_is_told_with_its_story_and_the_line_that_replays_it(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def false(self: Any, signature: HeaderSignature) -> HeaderSignature:
        return HeaderSignature(signature.city, bytes(32)) if self.name == "Foshan" else signature

    monkeypatch.setattr(cities.City, "_signature", false)
    code, out = run(capsys, path, "--seeds", 3, "--steps", 2, "--faults", "none", "--seed", 4)
    assert code == 3
    assert "Foshan" in out
    assert f"gba simulate {path} --steps 2 --faults none --engine mixed --seeds 1 --seed 4" in out


def test_an_unknown_fault_is_refused(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, path, "--faults", "earthquake")[0] == 1


def test_every_fault_and_every_check_has_its_words() -> None:
    assert all(f"simulated_{kind.name}" in WORDS for kind in FAULTS)
    assert all(f"check_{check.value}" in WORDS for check in Check)
