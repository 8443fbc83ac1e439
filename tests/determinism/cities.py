"""Eleven nodes in one process that share nothing: each with its own store, oracle, programs, engine and queue.

Every second city runs the reference engine. A few keep their store in a folder, so that a restart reads it again. A
transaction reaches every running city, in an order of its own; a proposer puts in order what its own queue holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from gbalang.vm.engines import COMPILED, REFERENCE, Engine
from runtime import codec
from runtime.chain import proposer_of
from runtime.cities import CITIES, QUORUM
from runtime.client import build_transaction
from runtime.crypto.oracle import NativeOracle
from runtime.node import Node
from runtime.oracle import RememberingOracle
from runtime.programs import ProgramCache
from runtime.records import BlockContent, Call, Receipt
from runtime.state.lmdb import LmdbStore
from runtime.state.memory import MemoryStore
from runtime.state.store import Store
from runtime.transition import Oracle, next_sequence
from tests.network.harness import World

IN_A_FOLDER = ("Shenzhen", "Dongguan", "Zhaoqing")


def engine_of(city: str) -> Engine:
    """Return the engine that a city's node runs."""
    place = [each.identifier for each in CITIES].index(city)
    return REFERENCE if place % 2 else COMPILED


def next_transaction(world: World, node: Node, who: str, call: Call, ahead: int = 0) -> bytes:
    """Return a holder's transaction, as its `ahead`-th after what is final at a node."""
    holder = world.holders[who]
    number = next_sequence(node.state, holder.fingerprint) + ahead
    return build_transaction(node.ledger, holder.fingerprint, number, node.end.height, call, holder.sign)[1]


class Seat:
    """A city's place: what belongs to it alone. `programs` and `oracle` outlive a history, since they are memos."""

    def __init__(self, city: str) -> None:
        self.city = city
        self.oracle: Oracle = RememberingOracle(NativeOracle())
        self.programs = ProgramCache(engine_of(city))
        self.queue: list[bytes] = []
        self.store: Store = MemoryStore()


class Cities:
    """The running nodes over the stores of their seats, from the point at which a world stands."""

    def __init__(self, world: World, seats: Iterable[Seat], folder: Path) -> None:
        self.world = world
        self.seats = {seat.city: seat for seat in seats}
        self.nodes: dict[str, Node] = {}
        self.time_ms = world.time_ms
        self._folder = folder
        contents = list(world.network.leader().store.scan(b""))
        for seat in self.seats.values():
            seat.queue = []
            seat.store = self._open_store(seat.city)
            seat.store.commit(contents)
            self.nodes[seat.city] = self._node(seat, seat.programs)

    def _open_store(self, city: str) -> Store:
        return LmdbStore(self._folder / city, durable=False) if city in IN_A_FOLDER else MemoryStore()

    def _node(self, seat: Seat, programs: ProgramCache) -> Node:
        return Node(seat.city, seat.store, seat.oracle, self.world.signer(seat.city), programs)

    # ------------------------------------------------------------ coming and going

    def stop(self, city: str) -> None:
        """Stop a city's node: what waits there is forgotten, and a store in a folder is closed."""
        del self.nodes[city]
        seat = self.seats[city]
        seat.queue = []
        if city in IN_A_FOLDER:
            seat.store.close()

    def restart(self, city: str) -> int:
        """Open a city's store again with a new node that has forgotten every program, and catch up.

        Returns how many blocks it fetched. Each one comes from another peer, over the wire.
        """
        seat = self.seats[city]
        if city in IN_A_FOLDER:
            seat.store = self._open_store(city)
        seat.programs = ProgramCache(engine_of(city))
        node = self._node(seat, seat.programs)
        peers = tuple(self.nodes.values())
        height = max(peer.end.height for peer in peers)
        fetched = 0
        while node.end.height < height:
            block = peers[fetched % len(peers)].block(node.end.height + 1)
            assert block is not None
            node.take(codec.decode_block(codec.encode_block(block)))
            fetched += 1
        self.nodes[city] = node
        return fetched

    def close(self) -> None:
        """Close what is open."""
        for city in self.nodes:
            self.seats[city].store.close()

    # ------------------------------------------------------------ traffic

    def make(self, who: str, call: Call, ahead: int) -> bytes:
        """Return a holder's transaction, as its `ahead`-th after what is final."""
        return next_transaction(self.world, self.leader(), who, call, ahead)

    def leader(self) -> Node:
        """Return a running node; all hold the same height."""
        return next(iter(self.nodes.values()))

    def deliver(self, transactions: list[bytes], order: int) -> None:
        """Let transactions reach every running city, each city in an order of its own that follows from `order`."""
        for city in self.nodes:
            self.seats[city].queue.extend(sorted(transactions, key=_arrival(order, city)))

    def waiting(self) -> int:
        """Return how many transactions wait at the city where the most do."""
        return max(len(self.seats[city].queue) for city in self.nodes)

    def produce(self, passing_ms: int, limit: int) -> tuple[Receipt, ...]:
        """Make the next block final with what the proposer's queue holds, and return its receipts.

        Every running city must have computed the proposer's header, byte for byte, and signs it.
        """
        assert len(self.nodes) >= QUORUM
        self.time_ms += passing_ms
        height = self.leader().end.height + 1
        turns = ((proposer_of(height, number), number) for number in range(len(CITIES)))
        proposer, number = next(turn for turn in turns if turn[0] in self.nodes)
        transactions = tuple(self.seats[proposer].queue[:limit])
        content = BlockContent(height, self.time_ms, proposer, number, transactions)
        candidates = {city: node.execute(content) for city, node in self.nodes.items()}
        header = candidates[proposer].header
        signatures = tuple(
            self.nodes[city].sign(candidate)
            for city, candidate in sorted(candidates.items())
            if candidate.header == header
        )
        assert [each.city for each in signatures] == sorted(self.nodes), "every city computed the proposed header"
        for city, node in self.nodes.items():
            node.commit(candidates[city], signatures)
            for data in transactions:
                if data in self.seats[city].queue:
                    self.seats[city].queue.remove(data)
        return self.leader().receipts(height)

    # ------------------------------------------------------------ comparing

    def contents(self) -> set[tuple[tuple[bytes, bytes], ...]]:
        """Return the different contents of the stores, every key and value in order: one, if all are equal."""
        return {tuple(node.store.scan(b"")) for node in self.nodes.values()}


def _arrival(order: int, city: str) -> Callable[[bytes], bytes]:
    """Order 0: as sent. Any other: a shuffle that the city and the number alone decide."""
    if order == 0:
        return lambda data: b""
    return lambda data: hashlib.sha256(f"{order} {city} ".encode() + data).digest()
