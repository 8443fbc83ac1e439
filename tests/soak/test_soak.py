"""The long run itself: its phases work and add up, its canaries sing, its report says what fell short."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT
from tests.soak import canaries, phases
from tests.soak.phases import PHASES, Figures
from tests.soak.report import ROWS, report
from tests.soak.run import SHARES


@pytest.mark.parametrize("phase", ["simulations", "programs", "readings"])
def test_a_phase_works_until_its_time_is_up(phase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phases, "TURNS", 2)
    monkeypatch.setattr(phases, "AGAIN_EVERY", 2)
    figures = PHASES[phase](5, 0.0)
    assert figures.failures == []
    assert all(count > 0 for count in figures.counts.values())


def test_figures_of_processes_add_up() -> None:
    one = Figures({"runs": 2}, {"kinds": ["a", "b"]}, ["first"])
    one.merge(Figures({"runs": 3, "checks": 1}, {"kinds": ["b", "c"]}, ["second"]))
    assert one == Figures({"runs": 5, "checks": 1}, {"kinds": ["a", "b", "c"]}, ["first", "second"])


def test_a_process_says_what_it_has_done() -> None:
    command = [sys.executable, "-m", "tests.soak.run", "--phase", "programs", "--seed", "3", "--minutes", "0"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert Figures(**json.loads(ended.stdout)).counts["programs drawn"] == 1


def test_every_phase_has_its_share_and_its_canary() -> None:
    assert set(SHARES) == set(PHASES) == set(canaries.CANARIES)
    assert sum(SHARES.values()) == 100


@pytest.mark.parametrize("phase", ["simulations", "programs", "readings"])
def test_a_phase_notices_its_planted_mistake(phase: str) -> None:
    assert canaries.CANARIES[phase]()


def test_the_report_says_what_fell_short_and_what_failed() -> None:
    found = {phase: Figures() for phase in PHASES}
    found["simulations"] = Figures({"simulations": 250}, {}, ["seed 7: liveness"])
    text = report(found, 1, 5, "a machine", ["programs"])
    assert "| simulations of the consortium, no false alarm | 1,000 | 250 | short: 25% |" in text
    assert "Failures: 1. Planted mistakes that went unnoticed: programs." in text
    assert text.count("short: 0%") == len(ROWS) - 1
