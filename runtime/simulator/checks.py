"""What must hold of eleven cities whatever fails, checked from outside on what their disks and nodes show. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from gbalang.isa.program import FunctionKind
from gbalang.vm.host import Done
from gbalang.vm.machine import run_invariant
from runtime import codec
from runtime.calls import LedgerHost, program_of, version_in_force
from runtime.cities import CITY_COUNT, FAULTY_MAX, QUORUM
from runtime.embedded.network import Finalised
from runtime.journal import Journal
from runtime.node import BLOCK, RECEIPT, Node
from runtime.transition import day_of

LIVENESS_BLOCKS = 3
"""Attempts within which a block becomes final once nothing fails any more."""


class Check(Enum):
    """What is checked. The value is how a report names it."""

    EQUAL_CONTENTS = "equal-contents"
    ONE_BLOCK_PER_HEIGHT = "one-block-per-height"
    ACKNOWLEDGED_IS_KEPT = "acknowledged-is-kept"
    HALT_WITHOUT_QUORUM = "halt-without-quorum"
    LIVENESS = "liveness"
    NO_CITY_DIFFERS = "no-city-differs"
    FAULTY_IS_NAMED = "faulty-is-named"
    INVARIANTS = "invariants"


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that failed, and how."""

    check: Check
    text: str


class Checks:
    """The checks of one simulation. `made`: how often each was made; `failures`: what failed."""

    def __init__(self, contract: str) -> None:
        self.made: dict[str, int] = {}
        self.failures: list[Failure] = []
        self._contract = contract
        self._hashes: dict[int, bytes] = {}
        self._acknowledged: dict[bytes, tuple[int, int, bytes]] = {}

    def _expect(self, check: Check, holds: bool, text: str) -> None:
        self.made[check.value] = self.made.get(check.value, 0) + 1
        if not holds:
            self.failures.append(Failure(check, text))

    # ------------------------------------------------------------ after a block

    def finalised(self, result: Finalised, running: int, innocent: tuple[str, ...]) -> None:
        """A block is final and acknowledged. `innocent`: cities named as false that no fault made so."""
        header = result.block.header
        cities = [signature.city for signature in result.block.signatures]
        self._expect(
            Check.HALT_WITHOUT_QUORUM,
            running >= QUORUM and len(frozenset(cities)) >= QUORUM,
            f"block {header.height} became final with {len(frozenset(cities))} signatures while {running} cities ran",
        )
        self._one_block(header.height, codec.header_hash(header), "the network")
        for difference in result.differences:
            self._expect(
                Check.NO_CITY_DIFFERS, holds=False,
                text=f"{difference.city} differs at height {header.height}: key {difference.key.hex() or 'none'}, "
                f"transaction {difference.transaction_index}, expected {_short(difference.expected)}, "
                f"found {_short(difference.found)}",
            )
        self._expect(Check.NO_CITY_DIFFERS, holds=True, text="")
        self._expect(Check.FAULTY_IS_NAMED, not innocent, f"named without a fault: {', '.join(innocent)}")
        for receipt in result.receipts:
            place = (receipt.height, receipt.index, codec.encode_receipt(receipt))
            # The first place stands: a replay of the same bytes has a receipt of its own.
            self._acknowledged.setdefault(receipt.transaction, place)

    def _one_block(self, height: int, found: bytes, where: str) -> None:
        known = self._hashes.setdefault(height, found)
        self._expect(
            Check.ONE_BLOCK_PER_HEIGHT, known == found,
            f"two final blocks of height {height}: {known.hex()[:16]} and, in {where}, {found.hex()[:16]}",
        )

    # ------------------------------------------------------------ between blocks

    def compare(self, nodes: tuple[Node, ...]) -> None:
        """Compare what cities at one height hold of its block: root, block, receipts."""
        seen: dict[int, tuple[str, bytes]] = {}
        for node in nodes:
            height = node.end.height
            if height:
                self._one_block(height, node.end.last_hash, node.city)
            digest = sha256(node.end.state_root)
            place = height.to_bytes(8, "big")
            digest.update(node.store.get(BLOCK + place) or b"")
            for key, value in node.store.scan(RECEIPT + place):
                digest.update(key + value)
            first = seen.setdefault(height, (node.city, digest.digest()))
            self._expect(
                Check.EQUAL_CONTENTS, first[1] == digest.digest(),
                f"{first[0]} and {node.city} hold different blocks or receipts at height {height}",
            )

    def compare_contents(self, nodes: tuple[Node, ...]) -> None:
        """Compare every key and value of the stores of cities at one height."""
        seen: dict[int, tuple[str, bytes]] = {}
        for node in nodes:
            digest = sha256()
            for key, value in node.store.scan(b""):
                digest.update(len(key).to_bytes(2, "big") + key + len(value).to_bytes(4, "big") + value)
            first = seen.setdefault(node.end.height, (node.city, digest.digest()))
            self._expect(
                Check.EQUAL_CONTENTS, first[1] == digest.digest(),
                f"the stores of {first[0]} and {node.city} differ at height {node.end.height}",
            )

    def invariants(self, nodes: tuple[Node, ...]) -> None:
        """Ask every invariant of the instrument in force in these cities."""
        for node in nodes:
            self._invariants(node)

    def _invariants(self, node: Node) -> None:
        day = day_of(node.end.time_ms)
        current = version_in_force(node.state, self._contract, day)
        if current is None:
            return
        journal = Journal(node.state)
        verified = program_of(journal, node.programs, current[1].digest)
        host = LedgerHost(journal, verified.program)
        for place, function in enumerate(verified.program.functions):
            if function.kind is FunctionKind.INVARIANT:
                outcome = run_invariant(verified, place, day, host)
                self._expect(
                    Check.INVARIANTS, isinstance(outcome, Done) and outcome.result is True,
                    f"the invariant {function.name} does not hold at height {node.end.height}: {outcome}",
                )

    # ------------------------------------------------------------ at the end

    def live(self, result: object, blocks: int) -> None:
        """Nothing fails any more, and so many attempts were made."""
        self._expect(
            Check.LIVENESS, isinstance(result, Finalised), f"no block became final in {blocks} attempts: {result}"
        )

    def everybody_is_there(self, nodes: tuple[Node, ...]) -> None:
        """Every city runs and stands at the same height once nothing fails any more."""
        heights = {node.city: node.end.height for node in nodes}
        self._expect(
            Check.LIVENESS, len(heights) == CITY_COUNT and len(frozenset(heights.values())) == 1,
            f"not all cities came back: {heights}",
        )

    def acknowledged(self, nodes: tuple[Node, ...]) -> None:
        """Whatever was acknowledged stands in every city, at its place, with its receipt."""
        for node in nodes:
            for identity, (height, index, receipt) in self._acknowledged.items():
                kept = node.receipt(height, index)
                self._expect(
                    Check.ACKNOWLEDGED_IS_KEPT,
                    node.place(identity) is not None and kept is not None and codec.encode_receipt(kept) == receipt,
                    f"{node.city} does not hold transaction {identity.hex()[:16]}, acknowledged at height {height}",
                )

    def named(self, faulty: tuple[str, ...], named: tuple[str, ...]) -> None:
        """Whoever signed two blocks for one turn, and was seen to, is named with evidence; and nobody else."""
        self._expect(
            Check.FAULTY_IS_NAMED, frozenset(named) <= frozenset(faulty),
            f"evidence against {', '.join(named)}, but only {', '.join(faulty) or 'nobody'} did it",
        )


def halts(running: int) -> bool:
    """Whether so few cities run that the ledger must halt."""
    return running <= CITY_COUNT - FAULTY_MAX - 1


def _short(value: bytes | None) -> str:
    return "nothing" if value is None else value.hex()[:32]

