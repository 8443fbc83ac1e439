"""A history as a ledger records it: what is drawn, what becomes of it, and that the ledger decides likewise."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from gbalang.check.typed import Contract
from gbalang.cli.session import Session
from gbalang.cli.sources import typed_and_compiled
from gbalang.cli.staging import stage_of
from gbalang.testing import chronicle
from gbalang.testing.chronicle import DRAWS, write_chronicle
from runtime import codec
from runtime.replay import replay
from runtime.simulator.credentials import HashedCredentials
from runtime.simulator.stage import Stage
from tests.architecture.sources import ROOT

INSTRUMENTS = sorted(path.name for path in (ROOT / "contracts").iterdir() if path.is_dir())


@cache
def prepared(name: str) -> tuple[Contract, Stage]:
    session = Session("en", json=False)
    contract, compiled = typed_and_compiled(session, Path(ROOT / "contracts" / name / "contract.gba"))
    assert isinstance(contract, Contract)
    assert compiled is not None
    return contract, stage_of(session, compiled.container, HashedCredentials())


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_the_ledger_decides_as_the_trial_did(name: str) -> None:
    written = write_chronicle(*prepared(name), 1)
    assert written.disagreeing == ()
    assert sum(written.outcomes.values()) >= DRAWS // 2
    assert {"done", "refused", "rejected"} <= set(written.outcomes)
    assert written.outcomes["done"] >= 15, "acts go on with one another's entries"


def test_what_was_recorded_can_be_executed_again() -> None:
    recording = write_chronicle(*prepared("licences"), 2, 60).recording
    replay(codec.decode_recording(codec.encode_recording(recording)))


def test_the_same_seed_writes_the_same() -> None:
    one, other = (write_chronicle(*prepared("talent_subsidy"), 3, 80) for _ in range(2))
    assert one == other
    assert one != write_chronicle(*prepared("talent_subsidy"), 4, 80)


def test_a_ledger_that_decides_otherwise_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The canary: the trial lets anybody act."""
    monkeypatch.setattr(chronicle, "permitted", lambda *_: True)
    assert write_chronicle(*prepared("licences"), 5).disagreeing != ()
