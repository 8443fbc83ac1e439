"""A check that cannot fail proves nothing: for each one a planted mistake that it must report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from gbalang.isa.verify import VerifiedProgram
from gbalang.vm.engines import COMPILED, Engine
from gbalang.vm.host import Context, Host
from gbalang.vm.interpreter.frame import Call
from runtime.cities import CITIES
from runtime.embedded.network import Finalised, Halted
from runtime.node import Node
from runtime.programs import ProgramCache
from runtime.records import FinalBlock, HeaderSignature
from runtime.simulator.campaign import smallest
from runtime.simulator.checks import Check, Checks
from runtime.simulator.city import City
from runtime.simulator.disk import DiskStore
from runtime.simulator.run import Engines, Result, Simulation, simulate
from runtime.simulator.story import tell
from runtime.state.store import Store
from tests.simulator.stages import engines, scenario, simulation, stage

MakeCity = Callable[..., City]


class _Planted:
    """A store with a mistake of ours before a sound one."""

    def __init__(self, store: DiskStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _Forgetful(_Planted):
    """A store that acknowledges a commit and writes it only every other time."""

    commits = 0

    def commit(self, writes: Sequence[tuple[bytes, bytes | None]]) -> None:
        self.commits += 1
        if self.commits % 2:
            self._store.commit(writes)


class _Altering(_Planted):
    """A store that serves something else under a sequence number (table s, 3 of the state)."""

    def get(self, key: bytes) -> bytes | None:
        value = self._store.get(key)
        return bytes(7) + b"\x07" if key.startswith(b"s\x03") and value is not None else value


def _with_store(name: str, wrap: Callable[[DiskStore], _Planted]) -> MakeCity:
    class PlantedCity(City):
        def make_node(self, store: Store) -> Node:
            planted: Any = wrap(store) if self.name == name and isinstance(store, DiskStore) else store
            return super().make_node(planted)

    return PlantedCity


class _CityWithoutMemory(City):
    """A city whose disk, whenever it starts, is as it was at the beginning: acknowledged writes are lost everywhere."""

    def start(self) -> None:
        self.disk.copy_of(self._stage.image)
        super().start()


def _found(make_city: MakeCity, turns: int = 6) -> set[Check]:
    result = simulate(stage(), scenario(2, turns, ()), engines(), make_city)
    return {failure.check for failure in result.failures}


def test_without_a_mistake_nothing_is_found() -> None:
    assert _found(City) == set()


def test_a_node_that_computes_something_else_is_named() -> None:
    """One city's engine charges one unit more."""

    def begin(verified: VerifiedProgram, host: Host, context: Context) -> Call:
        call = COMPILED.begin(verified, host, context)
        call.cost += 1
        return call

    class Odd(Engines):
        def of(self, index: int) -> ProgramCache:
            return ProgramCache(Engine("planted", begin)) if index == 6 else engines().of(index)

    odd = Odd("planted", engines().compiled, engines().reference)
    result = simulate(stage(), scenario(2, 6, ()), odd)
    found = [failure for failure in result.failures if failure.check is Check.NO_CITY_DIFFERS]
    assert found
    assert all(failure.text.startswith("Huizhou differs at height") for failure in found)


def test_a_store_that_serves_something_else_is_found() -> None:
    assert Check.NO_CITY_DIFFERS in _found(_with_store("Huizhou", _Altering))


def test_a_store_that_loses_an_acknowledged_write_is_found() -> None:
    assert _found(_with_store("Huizhou", _Forgetful)) & {Check.EQUAL_CONTENTS, Check.ACKNOWLEDGED_IS_KEPT}


def test_acknowledged_writes_lost_everywhere_are_found() -> None:
    found = _found(_CityWithoutMemory)
    assert Check.ACKNOWLEDGED_IS_KEPT in found
    assert Check.ONE_BLOCK_PER_HEIGHT in found, "the ledger went on from an older height"


def test_a_network_that_never_heals_is_found() -> None:
    class Mute(City):
        def receive(self, data: bytes) -> bytes | None:
            del data
            return None

    assert Check.LIVENESS in _found(Mute, 2)


def test_a_city_that_signs_two_headers_is_named_even_when_no_fault_was_planned() -> None:
    """The evidence comes from what is signed, not from what the scenario says."""

    class Equivocating(City):
        def _propose(self, link: Any, content: Any) -> Any:
            other = replace(content, transactions=(*content.transactions, b"more"))
            first: Any = super()._propose(link, other)
            reply = super()._propose(link, content)
            self.second = (other, first)
            return reply

    play = Simulation(stage(), scenario(2, 4, ()), engines(), Equivocating)
    play.run()
    assert play.office.evidence


def _block(play: Simulation) -> Finalised:
    result = play.network.produce(play.network.leader().end.time_ms + 1)
    assert isinstance(result, Finalised)
    return result


def test_a_block_without_a_quorum_is_found() -> None:
    play = simulation(2, 1, ())
    play.run()
    result = _block(play)
    few = result.block.signatures[:7]
    for running, signatures, innocent, expected in (
        (11, result.block.signatures, (), set()),
        (7, result.block.signatures, (), {Check.HALT_WITHOUT_QUORUM}),
        (11, few, (), {Check.HALT_WITHOUT_QUORUM}),
        (11, result.block.signatures, ("Macao",), {Check.FAULTY_IS_NAMED}),
    ):
        checks = Checks("seniors")
        block = FinalBlock(result.block.header, result.block.transactions, signatures)
        checks.finalised(replace(result, block=block), running, innocent)
        assert {failure.check for failure in checks.failures} == expected


def test_two_blocks_at_one_height_are_found() -> None:
    first, second = simulation(2, 1, ()), simulation(3, 1, ())
    checks = Checks("seniors")
    for play in (first, second):
        play.run()
        checks.compare(tuple(play.network.nodes())[:1])
    assert Check.ONE_BLOCK_PER_HEIGHT in {failure.check for failure in checks.failures}


def test_evidence_against_somebody_else_and_a_halt_at_the_end_are_found() -> None:
    checks = Checks("seniors")
    checks.named(("Macao",), ("Macao",))
    assert checks.failures == []
    checks.named(("Macao",), ("Foshan",))
    checks.live(Halted((), 0), 3)
    assert [failure.check for failure in checks.failures] == [Check.FAULTY_IS_NAMED, Check.LIVENESS]


def test_a_failing_story_is_made_smaller_and_still_fails() -> None:
    """What the store alters is there only after an act: two turns with one act each are the least that shows it."""
    make_city = _with_store("Huizhou", _Altering)
    whole = scenario(2, 10, ("loss", "duplicate", "clock-skew"))
    result = simulate(stage(), whole, engines(), make_city)
    assert result.failures

    def play(fewer: Any) -> Result:
        return simulate(stage(), fewer, engines(), make_city)

    shrunk, shown = smallest(whole, result, play, attempts=60)
    assert shown.failures[0].check is result.failures[0].check
    assert [(len(turn.traffic), turn.faults) for turn in shrunk.turns] == [(1, ()), (1, ())]
    assert len(tell(stage(), shrunk)) == 4, "two days, two acts"


@pytest.mark.parametrize("city", [city.identifier for city in CITIES[:2]])
def test_who_is_named_for_a_false_signature_is_put_out_of_the_network(city: str) -> None:
    class FalseSigner(City):
        def _signature(self, signature: HeaderSignature) -> HeaderSignature:
            return HeaderSignature(signature.city, bytes(32)) if self.name == city else signature

    play = Simulation(stage(), scenario(2, 3, ()), engines(), FalseSigner)
    result = play.run()
    named = [failure.text for failure in result.failures if failure.check is Check.FAULTY_IS_NAMED]
    assert named
    assert all(text == f"named without a fault: {city}" for text in named)
