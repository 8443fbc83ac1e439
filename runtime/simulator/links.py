"""The network's links in a simulation: every question and every reply is bytes on the wire. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from runtime import codec
from runtime.chain import BlockRefusal, is_equivocation, signature_holds
from runtime.embedded.link import Answer, PeerDamaged, Proposal
from runtime.node import BlockRefused, Candidate, Node
from runtime.records import BlockContent, FinalBlock, Header, HeaderSignature
from runtime.simulator.city import City
from runtime.simulator.messages import (
    ENVELOPE,
    QUESTION,
    REPLY,
    AskBlock,
    AskCommit,
    AskProposal,
    AskTake,
    AskVote,
    Envelope,
    Question,
    Reply,
    SayAnswer,
    SayBlock,
    SayKept,
    SayProposal,
    SayRefused,
)
from runtime.simulator.network import DESK, Wire
from runtime.simulator.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Evidence:
    """A city signed two headers for one turn; whoever holds the members' list can check it."""

    city: str
    first: tuple[Header, HeaderSignature]
    second: tuple[Header, HeaderSignature]


@dataclass(slots=True)
class Office:
    """What the links of one simulation share. `evidence`: by city; `handed`: blocks that cities have asked for."""

    wire: Wire
    cities: dict[str, City]
    around: Surroundings
    evidence: dict[str, Evidence] = field(default_factory=dict)
    handed: dict[str, FinalBlock] = field(default_factory=dict)
    excused: dict[str, None] = field(default_factory=dict)
    """Cities whose false signature a fault accounts for."""
    questions: int = 0
    signed: dict[tuple[str, int, int, int], tuple[Header, HeaderSignature]] = field(default_factory=dict)
    _encoded: tuple[Question, bytes] | None = None
    _question: AskVote | None = None
    _other: AskVote | None = None

    def encode(self, question: Question) -> bytes:
        """Return a question's encoding; the same question goes to eleven cities."""
        if self._encoded is None or self._encoded[0] is not question:
            self._encoded = question, QUESTION.encode(question)
        return self._encoded[1]

    def ask(self, source: str, target: str, question: Question) -> Reply | None:
        """Ask a city over the wire; None when no reply comes in time."""
        self.questions += 1
        number = self.questions
        found: list[Reply] = []

        def accept(data: bytes) -> bool:
            reply = _decode(data, number)
            if reply is not None:
                found.append(reply)
            return reply is not None

        self.wire.ask(source, target, ENVELOPE.encode(Envelope(number, self.encode(question))), accept)
        return found[0] if found else None

    def ask_votes(self, proposal: Proposal) -> None:
        """Make the question that is put to all about a proposal, and the other one of a proposer that equivocates."""
        header, signature = proposal.answer.header, proposal.answer.signature
        self._question = AskVote(proposal.content, header, signature)
        self._other = None
        second = self.cities[proposal.content.proposer].second
        if second is not None:
            content, said = second
            self._other = AskVote(content, said.header, said.signature)

    def vote_question(self, proposal: Proposal, city: str) -> AskVote:
        """Return what a city is asked about a proposal."""
        assert self._question is not None, "a proposal comes before the votes on it"
        around, proposer = self.around, proposal.content.proposer
        if self._other is None or city == proposer or not around.chance.happens(50, "other", around.turn, city):
            return self._question
        around.happened("equivocating-proposer", f"{proposer} shows {city} another block")
        return self._other

    def witness(self, node: Node, header: Header, signature: HeaderSignature) -> None:
        """Remember who signed what; two headers for one turn are evidence."""
        turn = (signature.city, header.height, header.round, header.time_ms)
        known = self.signed.setdefault(turn, (header, signature))
        if known[0] != header and is_equivocation(known, (header, signature), node.members, node.oracle):
            self.evidence[signature.city] = Evidence(signature.city, known, (header, signature))
            self.around.tell(f"{signature.city} signed two headers of height {header.height}")


def _decode(data: bytes, number: int) -> Reply | None:
    try:
        envelope = ENVELOPE.decode(data)
        return REPLY.decode(envelope.body) if envelope.number == number else None
    except codec.Undecodable:
        return None


class SimulatedLink:
    """A city as the network reaches it over the wire."""

    __slots__ = ("_city", "_office", "_question", "node")

    def __init__(self, office: Office, node: Node) -> None:
        self.node = node
        self._office = office
        self._city = office.cities[node.city]

    @property
    def candidate(self) -> Candidate | None:
        """What the city computed last; None when it has stopped."""
        link = self._city.link
        return link.candidate if link is not None and link.node is self.node else None

    def propose(self, content: BlockContent) -> Proposal | None:
        """Ask the proposer, in whose city the question arises."""
        name = self.node.city
        said = self._office.ask(name, name, AskProposal(content))
        if not isinstance(said, SayProposal):
            return None
        self._office.witness(self.node, said.header, said.signature)
        receipts = tuple([codec.decode_receipt(receipt) for receipt in said.receipts])
        proposal = Proposal(content, Answer(said.header, said.signature), receipts)
        self._office.ask_votes(proposal)
        return proposal

    def vote(self, proposal: Proposal) -> Answer | None:
        """Ask a city, in the name of the proposer. A signature that does not hold is asked for once more."""
        for _ in range(2):
            answer = self._vote(proposal)
            if answer is None or answer.header != proposal.answer.header:
                return answer
            if signature_holds(answer.header, answer.signature, self.node.members, self.node.oracle):
                return answer
        if any(fault.kind in ("tampered-signature", "corrupt-message") for fault in self._office.around.faults()):
            self._office.excused[self.node.city] = None
        return answer

    def _vote(self, proposal: Proposal) -> Answer | None:
        office, name = self._office, self.node.city
        proposer = proposal.content.proposer
        said = office.ask(proposer, name, office.vote_question(proposal, name))
        if not isinstance(said, SayAnswer) or said.signature.city != name:
            return None
        office.witness(self.node, said.header, said.shown)
        if said.header == proposal.answer.header:
            return Answer(said.header, said.signature)
        if not signature_holds(said.header, said.signature, self.node.members, self.node.oracle):
            return None  # nothing is believed of another header but what its city signed
        office.witness(self.node, said.header, said.signature)
        return Answer(said.header, said.signature)

    def commit(self, header: Header, signatures: tuple[HeaderSignature, ...]) -> bool:
        """Tell a city that a header is final."""
        said = self._office.ask(header.proposer, self.node.city, AskCommit(header, signatures))
        return isinstance(said, SayKept) and said.height >= header.height

    def block(self, height: int, asked_by: str) -> FinalBlock:
        """Ask a peer for a block. Raises PeerDamaged when none comes."""
        said = self._office.ask(asked_by, self.node.city, AskBlock(height))
        if not isinstance(said, SayBlock):
            raise PeerDamaged(self.node.city, f"block {height} did not come")
        self._office.handed[asked_by] = said.block
        return said.block

    def take(self, block: FinalBlock) -> bool:
        """Hand a block to a city: within it when it asked for the block itself, from the desk otherwise."""
        name = self.node.city
        source = name if self._office.handed.pop(name, None) is block else DESK
        said = self._office.ask(source, name, AskTake(block))
        if isinstance(said, SayRefused) and said.reason in _REFUSALS:
            raise BlockRefused(_REFUSALS[said.reason])
        return isinstance(said, SayKept) and said.height >= block.header.height


_REFUSALS = {refusal.value: refusal for refusal in BlockRefusal}
