"""A million readings on every run: only refusals that have a name. The long run makes more of them."""

from __future__ import annotations

import pytest

from gbalang.testing.draw import Source
from runtime import codec
from tests.conftest import ROOT_SEED
from tests.fuzz.running import Fuzzed, fuzz
from tests.fuzz.targets import Target, targets

EXECUTIONS = 1_000_000
PARTS = 4
"""Into so many tests they are divided, for processes that share the work."""


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_read_ends_well_or_with_a_named_refusal(part: int, request: pytest.FixtureRequest) -> None:
    found = Fuzzed()
    for place, target in enumerate(targets()):
        if place % PARTS == part:
            seed = (request.config.stash[ROOT_SEED] << 8) + place
            fuzz(target, Source(seed), EXECUTIONS * target.share // 1_000, found)
    assert found.failures == []
    assert found.refused > found.read > 0


def test_the_shares_are_a_whole() -> None:
    assert 1_000 <= sum(target.share for target in targets()) <= 1_060
    assert len({target.name for target in targets()}) == len(targets())


def test_the_samples_are_read_when_nobody_changes_them() -> None:
    for target in targets():
        for sample in target.samples:
            if target.name not in {"certificate in DER", "resealed program", "literal", "recording", "evidence"}:
                assert target.read(sample) in {None, sample}, target.name


def test_a_reader_that_stumbles_is_found() -> None:
    """The canary: one reader fails at a length, another takes two encodings for one value."""

    def stumbling(data: bytes) -> bytes:
        return bytes([data[5]]) + data[1:]

    found = Fuzzed()
    fuzz(Target("stumbling", (b"sample",), stumbling, (codec.Undecodable,), 1), Source(1), 200, found)
    assert any("IndexError" in each for each in found.failures)
    assert any("a second encoding" in each for each in found.failures)
