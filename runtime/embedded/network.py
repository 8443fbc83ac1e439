"""Eleven cities on one machine: each with its own key, store and engine; a proposer that takes turns.

What this network is for, plainly: drafting, testing, audits and single-operator use. It has no tolerance against the
person who runs the process, who holds all eleven keys. The nodes themselves are the real ones: every city executes
every block, compares every root, and signs only what it computed itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from runtime import codec
from runtime.chain import proposer_of, signature_holds
from runtime.cities import CITIES, QUORUM
from runtime.embedded.link import Answer, DirectLink, Link, Proposal
from runtime.limits import BLOCK_BYTES_MAX, BLOCK_TRANSACTIONS_MAX, PENDING_MAX, PENDING_PER_SIGNER_MAX
from runtime.node import BlockRefused, Candidate, Node
from runtime.records import BlockContent, FinalBlock, Header, HeaderSignature, Receipt
from runtime.rejections import Rejection

BLOCK_TRANSACTIONS_TARGET = 500
"""Transactions put into one block: enough to share the cost of the commit, few enough to answer soon."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A transaction waits to be put in order."""

    transaction: bytes


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A transaction was not taken into the queue."""

    rejection: Rejection | None
    """None: the queue itself is full."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A city whose result differs from the final block, and where: the first differing key of the state.

    The key is empty when the states are equal and a receipt differs; `expected` and `found` are then receipts.
    """

    city: str
    key: bytes
    expected: bytes | None
    found: bytes | None
    transaction_index: int | None
    """The transaction of the block that wrote the key last; None when the difference is older than the block."""


class NoCityRuns(LookupError):  # noqa: N818  # what the user may have mistaken
    """None of the eleven cities takes part, so there is nobody to ask."""


@dataclass(frozen=True, slots=True)
class Finalised:
    """A block became final."""

    block: FinalBlock
    receipts: tuple[Receipt, ...]
    differences: tuple[Difference, ...]
    false_signers: tuple[str, ...] = ()
    """Cities whose signature is not that of their key on the members' list: they do not count, and are stopped."""


@dataclass(frozen=True, slots=True)
class Halted:
    """No block can become final: fewer than QUORUM cities run or agree. Nothing was written.

    `unsettled`: a block has its signatures, but too few cities say that they have kept it, so nothing of it is
    acknowledged yet. The network hands it round again before it makes another.
    """

    running: tuple[str, ...]
    agreeing: int
    unsettled: FinalBlock | None = None


class Network:
    """The running nodes of an embedded network, and the transactions that wait. `link`: how it reaches them."""

    def __init__(self, nodes: Iterable[Node], link: Callable[[Node], Link] = DirectLink) -> None:
        self._link = link
        self._links: dict[str, Link] = {}
        for node in nodes:
            self.join(node)
        self._waiting: list[tuple[bytes, bytes, bytes]] = []
        """(identity, signer, bytes) in the order of receipt."""
        self._unsettled: Finalised | None = None
        self._attempts: tuple[int, dict[int, None]] = (0, {})
        """A height, and the times of the attempts at a block of that height."""

    # ------------------------------------------------------------ who runs

    def nodes(self) -> tuple[Node, ...]:
        """Return the running nodes in the order of the cities."""
        return tuple(link.node for link in self._links.values())

    def node(self, city: str) -> Node | None:
        """Return a city's node if it runs."""
        link = self._links.get(city)
        return None if link is None else link.node

    def stop(self, city: str) -> None:
        """Stop a city's node and close its store."""
        link = self._links.pop(city, None)
        if link is not None:
            link.node.store.close()

    def join(self, node: Node) -> None:
        """Let a node take part again. It signs nothing before it has caught up, as its height is another."""
        joined = {**self._links, node.city: self._link(node)}
        self._links = {city.identifier: joined[city.identifier] for city in CITIES if city.identifier in joined}

    def start(self, node: Node) -> int:
        """Let a node take part again, after it has caught up. Returns the number of blocks it fetched."""
        fetched = self.catch_up(node)
        self.join(node)
        return fetched

    def leader(self) -> Node:
        """Return a running node that holds the highest block. Raises NoCityRuns."""
        if not self._links:
            raise NoCityRuns
        return max(self.nodes(), key=lambda node: node.end.height)

    def catch_up(self, node: Node) -> int:
        """Bring a node to the highest block of the others; returns the blocks fetched.

        Raises PeerDamaged when a peer cannot read a block, BlockRefused when the node does not take a final one.
        """
        return sum(self.fetch(node, peer) for peer in self.nodes() if peer is not node)

    def fetch(self, node: Node, peer: Node) -> int:
        """Bring a node to the block of one peer; returns the blocks fetched. Raises as `catch_up`."""
        asked, fetched = self._links[peer.city], 0
        taker = self._links.get(node.city) or self._link(node)
        while peer.end.height > node.end.height and taker.take(asked.block(node.end.height + 1, node.city)):
            fetched += 1
        return fetched

    # ------------------------------------------------------------ transactions

    def submit(self, data: bytes, time_ms: int) -> Accepted | TurnedAway:
        """Judge a transaction and let it wait. Refused ones are not queued, so they cost no block."""
        signed, rejection = self.leader().check(data, time_ms)
        if signed is None or rejection is not None:
            return TurnedAway(rejection)
        return self.enqueue(codec.transaction_id(signed.transaction), signed.transaction.signer, data)

    def enqueue(self, identity: bytes, signer: bytes, data: bytes) -> Accepted | TurnedAway:
        """Let a judged transaction wait, within the bounds of the queue."""
        if len(self._waiting) >= PENDING_MAX or self.waiting_of(signer) >= PENDING_PER_SIGNER_MAX:
            return TurnedAway(None)
        self._waiting.append((identity, signer, data))
        return Accepted(identity)

    def waiting(self) -> int:
        """Return how many transactions wait."""
        return len(self._waiting)

    def waiting_of(self, signer: bytes) -> int:
        """Return how many transactions of a signer wait."""
        return sum(1 for _, other, _ in self._waiting if other == signer)

    # ------------------------------------------------------------ blocks

    def produce(self, time_ms: int, limit: int = BLOCK_TRANSACTIONS_TARGET) -> Finalised | Halted:
        """Put waiting transactions in order and make them final, in the first round whose proposer runs.

        A round whose proposer's own result differs from what at least QUORUM cities compute is passed over.
        """
        if self._unsettled is not None:
            return self._settle(self._unsettled)
        batch = self._batch(min(limit, BLOCK_TRANSACTIONS_MAX))
        height = self.leader().end.height + 1
        time_ms = self._moment(height, time_ms)
        agreeing = 0
        for round_number in range(len(CITIES)):
            proposer = self._links.get(proposer_of(height, round_number))
            if proposer is None or proposer.node.end.height != height - 1 or len(self._links) < QUORUM:
                continue
            content = BlockContent(
                height, time_ms, proposer.node.city, round_number, tuple(data for _, _, data in batch)
            )
            result = self._round(proposer, content)
            if not isinstance(result, int):
                del self._waiting[: len(batch)]
                return result
            agreeing = max(agreeing, result)
        return Halted(tuple(self._links), agreeing)

    def _moment(self, height: int, time_ms: int) -> int:
        """Return the time of an attempt: another one than those of earlier attempts at the same height.

        Who signs both has signed for two turns. With one time they would seem to have signed two blocks for one. It
        need not be later: a clock that was far ahead must not drag the next one with it.
        """
        if self._attempts[0] != height:
            self._attempts = (height, {})
        times = self._attempts[1]
        while time_ms in times:
            time_ms += 1
        times[time_ms] = None
        return time_ms

    def produce_all(self, time_ms: int) -> Iterator[Finalised | Halted]:
        """Produce blocks, a millisecond apart, until nothing waits or the network halts."""
        moment = time_ms
        while self._waiting:
            result = self.produce(max(moment, self.leader().end.time_ms + 1))
            yield result
            if isinstance(result, Halted):
                return
            moment += 1

    def _batch(self, limit: int) -> list[tuple[bytes, bytes, bytes]]:
        batch, size = [], 0
        for entry in self._waiting[:limit]:
            size += len(entry[2])
            if size > BLOCK_BYTES_MAX:
                break
            batch.append(entry)
        return batch

    def _round(self, proposer: Link, content: BlockContent) -> Finalised | Halted | int:
        """Run one round; returns how many cities agreed when they were too few."""
        proposal = proposer.propose(content)
        if proposal is None:
            return 0
        header = proposal.answer.header
        answers = self._answers(proposer, proposal)
        signatures, false_signers = self._collect(header, answers)
        if len(signatures) < QUORUM:
            return len(signatures)
        differing = [
            city for city, answer in answers.items()
            if _differs(answer.header, header) and self._links[city].candidate is not None
        ]  # fmt: skip
        # Explained before the commits: the states are walked as they would be after the block.
        differences = tuple(explain_difference(self._links[city], proposer) for city in differing)
        kept = sum(self._links[signature.city].commit(header, signatures) for signature in signatures)
        for city in (*differing, *false_signers):
            self.stop(city)
        block = FinalBlock(header, content.transactions, signatures)
        finalised = Finalised(block, proposal.receipts, differences, false_signers)
        if kept < QUORUM:
            self._unsettled = finalised
            return Halted(tuple(self._links), len(signatures), block)
        return finalised

    def _answers(self, proposer: Link, proposal: Proposal) -> dict[str, Answer]:
        """Ask every city but the proposer, in their order."""
        answers: dict[str, Answer] = {}
        for city, link in self._links.items():
            answer = proposal.answer if link is proposer else link.vote(proposal)
            if answer is not None:
                answers[city] = answer
        return answers

    def _collect(
        self, header: Header, answers: dict[str, Answer]
    ) -> tuple[tuple[HeaderSignature, ...], tuple[str, ...]]:
        """Return the signatures over a header that verify, and the cities whose signature does not."""
        signatures, false_signers = [], []
        for city in sorted(answers):
            answer, node = answers[city], self._links[city].node
            if answer.header != header:
                continue
            if signature_holds(header, answer.signature, node.members, node.oracle):
                signatures.append(answer.signature)
            else:
                false_signers.append(city)
        return tuple(signatures), tuple(false_signers)

    def _settle(self, unsettled: Finalised) -> Finalised | Halted:
        """Hand a final block round until QUORUM cities have it: what is acknowledged must outlive the loss of a few."""
        block = unsettled.block
        for link in self._links.values():
            if link.node.end.height == block.header.height - 1:
                try:
                    link.take(block)
                except BlockRefused:
                    continue  # it stays behind, and is judged when it catches up
        kept = sum(link.node.end.height >= block.header.height for link in self._links.values())
        if kept < QUORUM:
            return Halted(tuple(self._links), kept, block)
        self._unsettled = None
        return unsettled


def _differs(header: Header, proposed: Header) -> bool:
    """Whether a city made something else of the same content; one that was given another content does not differ."""
    return header != proposed and header == replace(
        proposed, state_root=header.state_root, receipts_root=header.receipts_root
    )


def explain_difference(link: Link, peer: Link) -> Difference:
    """Name the first key, in key order, at which a city's state differs from that of a peer after the same block.

    The states are walked side by side as they would be after the block, so a difference that is older than the block
    (a damaged or altered store) is found as well.
    """
    node, candidate, proposed = link.node, link.candidate, peer.candidate
    assert candidate is not None, "a city that differs has answered"
    assert proposed is not None, "a proposer has answered"
    attribution = dict(proposed.applied.attribution)
    expected = _merged(peer.node, proposed)
    found = _merged(node, candidate)
    for (key, theirs), (other_key, ours) in zip(expected, found, strict=False):
        if key != other_key or theirs != ours:
            first = min(key, other_key)
            return Difference(
                city=node.city,
                key=first,
                expected=theirs if key == first else None,
                found=ours if other_key == first else None,
                transaction_index=attribution.get(first),
            )
    return _differing_receipt(node.city, candidate, proposed)


def _differing_receipt(city: str, candidate: Candidate, proposed: Candidate) -> Difference:
    """The states are equal, so the city differs in what it says of a transaction."""
    pairs = zip(proposed.applied.receipts, candidate.applied.receipts, strict=False)
    for index, (theirs, ours) in enumerate(pairs):
        if theirs != ours:
            return Difference(city, b"", codec.encode_receipt(theirs), codec.encode_receipt(ours), index)
    return Difference(city, b"", proposed.header.state_root, candidate.header.state_root, None)


def _merged(node: Node, candidate: Candidate) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield the entries of a node's state as they would be after the candidate; ends with an empty key."""
    changed = dict(candidate.applied.changes)
    pending = [key for key, _ in candidate.applied.changes]
    position = 0
    for key, value in node.state.scan(b""):
        while position < len(pending) and pending[position] < key:
            yield pending[position], changed[pending[position]]
            position += 1
        if position < len(pending) and pending[position] == key:
            yield key, changed[key]
            position += 1
        else:
            yield key, value
    for key in pending[position:]:
        yield key, changed[key]
    yield b"\xff" * 8, None
