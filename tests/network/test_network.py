"""Eleven cities: equal results, stops, halts, catching up, and a city that differs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from runtime.chain import proposer_of
from runtime.cities import CITIES, QUORUM
from runtime.embedded.network import Finalised, Halted
from runtime.node import BlockRefused, Candidate, Node
from runtime.records import BlockContent, Header, HeaderSignature, OutcomeKind
from runtime.state.memory import MemoryStore
from runtime.state_view import STATE
from tests.network.harness import World
from tests.network.sample import APPLICANT, OFFICE, apply, decide, world_in_force


def test_all_cities_hold_the_same_state_byte_for_byte() -> None:
    world = world_in_force()
    assert world.carry_out(APPLICANT, apply()).outcome is OutcomeKind.DONE
    assert world.carry_out(OFFICE, decide()).outcome is OutcomeKind.DONE
    assert len(world.network.nodes()) == len(CITIES) == 11
    assert len(world.contents()) == 1


def test_the_proposer_rotates() -> None:
    world = World()
    proposers = [world.finalise().block.header.proposer for _ in range(22)]
    assert sorted(proposers[:11]) == sorted(city.identifier for city in CITIES)
    assert proposers[:11] == proposers[11:]


def test_three_cities_may_stop_and_a_fourth_halts_the_ledger() -> None:
    world = world_in_force()
    nodes = {node.city: node for node in world.network.nodes()}
    for city in ("Macao", "Foshan", "Zhaoqing"):
        world.network.stop(city)
    assert world.carry_out(APPLICANT, apply()).outcome is OutcomeKind.DONE
    world.network.stop("Shenzhen")
    heights = {node.city: node.end.height for node in world.network.nodes()}
    world.submit(OFFICE, decide())
    result = world.network.produce(world.time_ms + 1_000)
    assert isinstance(result, Halted)
    assert len(result.running) == QUORUM - 1
    assert {node.city: node.end.height for node in world.network.nodes()} == heights
    assert world.network.waiting() == 1, "what was accepted still waits"
    for city in ("Macao", "Foshan", "Zhaoqing", "Shenzhen"):
        assert world.network.start(nodes[city]) >= 0
    assert world.finalise().receipts[0].outcome is OutcomeKind.DONE
    assert len(world.contents()) == 1


def test_seven_of_eight_cities_that_agree_make_no_block() -> None:
    """The eighth runs, but makes something else of the block: seven signatures are no quorum, and nothing is kept."""
    world = world_in_force()
    world.carry_out(APPLICANT, apply())
    for city in ("Macao", "Foshan", "Zhaoqing"):
        world.network.stop(city)
    node = world.network.node("Huizhou")
    assert node is not None
    key, value = next(node.state.scan(b"\x09"))
    node.store.commit([(STATE + key, value[:-1] + bytes([value[-1] ^ 1]))])
    world.submit(OFFICE, decide())
    heights = {each.city: each.end.height for each in world.network.nodes()}
    result = world.network.produce(world.time_ms + 1_000)
    assert isinstance(result, Halted)
    assert (len(result.running), result.agreeing, result.unsettled) == (8, 7, None)
    assert {each.city: each.end.height for each in world.network.nodes()} == heights
    assert world.network.waiting() == 1


def test_a_second_attempt_at_a_height_is_another_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever signs both, honestly, would seem to have signed two blocks for one turn."""
    signed: dict[tuple[str, int, int, int], set[Header]] = {}
    sign = Node.sign

    def remember(node: Node, candidate: Candidate) -> HeaderSignature:
        header = candidate.header
        signed.setdefault((node.city, header.height, header.round, header.time_ms), set()).add(header)
        return sign(node, candidate)

    monkeypatch.setattr(Node, "sign", remember)
    world = world_in_force()
    world.carry_out(APPLICANT, apply())
    for city in ("Zhongshan", "Jiangmen", "Zhaoqing"):
        world.network.stop(city)
    node = world.network.node("Huizhou")
    assert node is not None
    key, value = next(node.state.scan(b"\x09"))
    node.store.commit([(STATE + key, value[:-1] + bytes([value[-1] ^ 1]))])
    signed.clear()
    for _ in range(2):
        world.submit(OFFICE, decide())
        assert isinstance(world.network.produce(world.time_ms + 1_000), Halted)
    assert len({turn[1:] for turn in signed}) > 1
    assert all(len(headers) == 1 for headers in signed.values())


def test_what_does_not_fit_into_a_block_waits_for_the_next() -> None:
    world = world_in_force()
    sent = [world.submit(APPLICANT, apply()), *[world.submit(OFFICE, decide()) for _ in range(4)]]
    found = []
    for count in (2, 2, 1):
        world.time_ms += 1_000
        result = world.network.produce(world.time_ms, limit=2)
        assert isinstance(result, Finalised)
        assert len(result.receipts) == count
        found += [receipt.transaction for receipt in result.receipts]
    assert found == sent
    assert world.network.waiting() == 0


class CountingStore(MemoryStore):
    """A store that keeps count of its commits."""

    def __init__(self) -> None:
        super().__init__()
        self.commits = 0

    def commit(self, writes: Sequence[tuple[bytes, bytes | None]]) -> None:
        super().commit(writes)
        self.commits += 1


def test_keeping_a_block_is_one_commit_of_the_store() -> None:
    """A power failure between two commits would leave a block without its height, or a height without its block."""
    stores: dict[str, CountingStore] = {}
    world = World(make_store=lambda city: stores.setdefault(city, CountingStore()))
    late = world.network.node("Jiangmen")
    assert late is not None
    assert {store.commits for store in stores.values()} == {1}, "the beginning of a ledger is one commit as well"
    world.network.stop("Jiangmen")
    for _ in range(3):
        world.finalise()
    world.network.start(late)
    assert {city: store.commits for city, store in stores.items()} == dict.fromkeys(stores, 4)


def test_a_city_that_missed_blocks_fetches_and_recomputes_them() -> None:
    world = World()
    node = world.network.node("Jiangmen")
    assert node is not None
    world.network.stop("Jiangmen")
    for _ in range(5):
        world.finalise()
    assert world.network.start(node) == 5
    assert len(world.contents()) == 1


def test_a_city_whose_state_was_altered_is_named_with_the_first_differing_key() -> None:
    world = world_in_force()
    world.carry_out(APPLICANT, apply())
    node = world.network.node("Huizhou")
    assert isinstance(node, Node)
    key, value = next((key, value) for key, value in node.state.scan(b"\x09"))
    # The last byte is the status, the one before it the end of the fare, on which the grant depends.
    node.store.commit([(STATE + key, value[:-2] + bytes([value[-2] ^ 64]) + value[-1:])])
    world.submit(OFFICE, decide())
    result = world.finalise()
    assert isinstance(result, Finalised)
    assert [difference.city for difference in result.differences] == ["Huizhou"]
    assert result.differences[0].key == key
    assert world.network.node("Huizhou") is None, "it takes no further part until it is rebuilt"
    assert len(world.network.nodes()) == 10


def test_a_city_whose_receipts_alone_differ_is_named_with_the_transaction() -> None:
    world = world_in_force()
    world.carry_out(APPLICANT, apply())
    node = world.network.node("Huizhou")
    assert isinstance(node, Node)
    key, value = next((key, value) for key, value in node.state.scan(b"\x09"))
    # Already granted there: the office is refused, and the state ends up the same.
    node.store.commit([(STATE + key, value[:-1] + bytes([value[-1] ^ 1]))])
    world.submit(OFFICE, decide())
    result = world.finalise()
    assert [difference.city for difference in result.differences] == ["Huizhou"]
    assert result.differences[0].key == b""
    assert result.differences[0].transaction_index == 0
    assert result.differences[0].expected != result.differences[0].found


def test_a_block_is_kept_once_however_often_it_is_said_to_be_final() -> None:
    """A late word of a block that the city has fetched in the meantime must not be counted a second time."""
    world = World()
    late = world.network.node("Jiangmen")
    assert late is not None
    content = BlockContent(1, world.time_ms + 1_000, proposer_of(1, 0), 0, ())
    candidate = late.execute(content)
    world.network.stop("Jiangmen")
    block = world.finalise().block
    assert block.header == candidate.header
    late.take(block)
    before = late.end
    with pytest.raises(BlockRefused):
        late.commit(candidate, block.signatures)
    assert late.end == before
    assert late.end.headers.size == 1


def test_a_halted_network_writes_nothing_and_forks_nothing() -> None:
    world = World()
    for city in CITIES[:4]:
        world.network.stop(city.identifier)
    before = world.contents()
    assert isinstance(world.network.produce(world.time_ms + 1), Halted)
    assert world.contents() == before


def test_arrival_order_decides_nothing_but_the_order_in_the_block() -> None:
    """Two networks receive the same acts in different orders; each one's cities agree, and independent acts commute."""
    one, other = world_in_force(), world_in_force()
    first = [one.transaction(APPLICANT, apply())[1], one.transaction(OFFICE, decide("Guangzhou/nobody"))[1]]
    second = [other.transaction(APPLICANT, apply())[1], other.transaction(OFFICE, decide("Guangzhou/nobody"))[1]]
    assert first == second, "keys and clocks are the same in both"
    one.put_in_block(*first)
    other.put_in_block(*reversed(second))
    assert one.roots() == other.roots()
    assert len(one.contents()) == len(other.contents()) == 1
