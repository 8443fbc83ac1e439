"""Drawn transactions, each executed by eleven processes that differ in all they may. The long run has more."""

from __future__ import annotations

import pytest

from runtime.cities import CITY_COUNT
from tests.conftest import ROOT_SEED
from tests.soak.phases import INSTRUMENTS, Figures, executed_apart

TRANSACTIONS = 12_000
PARTS = 3
LEDGERS = 3
"""Ledgers that one start of the eleven processes executes."""


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("part", range(PARTS))
def test_eleven_processes_compute_the_same(part: int, request: pytest.FixtureRequest) -> None:
    figures = Figures()
    number = request.config.stash[ROOT_SEED] * PARTS + part
    while figures.counts.get("recorded transactions", 0) < TRANSACTIONS / PARTS:
        figures.merge(executed_apart(INSTRUMENTS[part % len(INSTRUMENTS)], number, LEDGERS))
        number += PARTS
    print(CITY_COUNT, figures.counts)
    assert figures.failures == []
    assert figures.counts["transactions done"] > 0.01 * TRANSACTIONS / PARTS
