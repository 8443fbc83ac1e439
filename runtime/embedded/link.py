"""What the network asks of a city, and the answers: the seam between those who order blocks and those who decide.

Here the answer is that of a node in the same process. The simulator puts links of its own in this place, whose
questions and answers are bytes that can be lost, late, altered or sent twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from runtime.node import BlockRefused, Candidate, Node
from runtime.records import BlockContent, FinalBlock, Header, HeaderSignature, Receipt
from runtime.state.store import StoreDamaged


@dataclass(frozen=True, slots=True)
class Answer:
    """What a city says of a content: the header that it gives there, signed with the city's key."""

    header: Header
    signature: HeaderSignature


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposer's own answer, and what it has to say of each transaction."""

    content: BlockContent
    answer: Answer
    receipts: tuple[Receipt, ...]


class PeerDamaged(Exception):  # noqa: N818  # what happened to a city's store
    """A peer that was asked for a block cannot read it."""

    def __init__(self, city: str, reason: str) -> None:
        super().__init__(f"{city}: {reason}")
        self.city = city
        self.reason = reason


class Link(Protocol):
    """A city as the network reaches it. `node` and `candidate` are looked at, never asked: they explain differences."""

    @property
    def node(self) -> Node:
        """The city's node."""

    @property
    def candidate(self) -> Candidate | None:
        """What the city computed last and has not yet kept."""

    def propose(self, content: BlockContent) -> Proposal | None:
        """Let the city whose turn it is execute a content and sign what it gives; None when there is no answer."""

    def vote(self, proposal: Proposal) -> Answer | None:
        """Let a city execute a proposed content and sign what it gives there; None when there is no answer."""

    def commit(self, header: Header, signatures: tuple[HeaderSignature, ...]) -> bool:
        """Let a city keep what it computed, now final; returns whether it says that it has."""

    def block(self, height: int, asked_by: str) -> FinalBlock:
        """Ask a city for a final block that another one lacks. Raises PeerDamaged."""

    def take(self, block: FinalBlock) -> bool:
        """Hand a city a final block; returns whether it says that it has kept it. Raises BlockRefused."""


class DirectLink:
    """A node in the same process: its answers are those of its functions."""

    __slots__ = ("candidate", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.candidate: Candidate | None = None

    def propose(self, content: BlockContent) -> Proposal | None:
        """Execute and sign; None when the content cannot follow here."""
        answer = self._execute(content)
        if answer is None or self.candidate is None:
            return None
        return Proposal(content, answer, self.candidate.applied.receipts)

    def vote(self, proposal: Proposal) -> Answer | None:
        """Execute and sign; None when the content cannot follow here."""
        return self._execute(proposal.content)

    def _execute(self, content: BlockContent) -> Answer | None:
        try:
            candidate = self.node.execute(content)
        except BlockRefused:
            return None
        self.candidate = candidate
        return Answer(candidate.header, self.node.sign(candidate))

    def commit(self, header: Header, signatures: tuple[HeaderSignature, ...]) -> bool:
        """Keep the candidate if it is that of the header."""
        candidate, self.candidate = self.candidate, None
        if candidate is None or candidate.header != header:
            return False
        self.node.commit(candidate, signatures)
        return True

    def block(self, height: int, asked_by: str) -> FinalBlock:
        """Read a block. Raises PeerDamaged."""
        del asked_by
        try:
            block = self.node.block(height)
        except StoreDamaged as damaged:
            raise PeerDamaged(self.node.city, damaged.reason) from None
        if block is None:
            raise PeerDamaged(self.node.city, f"block {height} is not there")
        return block

    def take(self, block: FinalBlock) -> bool:
        """Check, recompute, compare, keep. Raises BlockRefused."""
        self.node.take(block)
        return True
