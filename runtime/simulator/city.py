"""One city of a simulation: a machine with a disk, on which the real node runs, answering messages. Pure."""

from __future__ import annotations

from runtime import codec
from runtime.chain import signature_holds
from runtime.embedded.link import Answer, DirectLink, PeerDamaged, Proposal
from runtime.node import BlockRefused, Node, begin
from runtime.programs import ProgramCache
from runtime.records import BlockContent, FinalBlock, HeaderSignature
from runtime.simulator.disk import Disk, DiskFault, DiskStore, PowerLost
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
from runtime.simulator.stage import Stage
from runtime.simulator.surroundings import Surroundings
from runtime.state.store import StoreDamaged, StoreUnavailable
from runtime.transition import Oracle

INBOX_MAX = 64
TIME_AHEAD_MS_MAX = 60_000
"""How far a block's time may lie ahead of a city's own clock before its machine passes no proposal on to the node."""


class City:
    """A machine. `link` is None while no process runs on it; `lost`: its store must be made anew from the others'."""

    def __init__(self, name: str, stage: Stage, surroundings: Surroundings, programs: ProgramCache) -> None:
        self.name = name
        self.disk = Disk(lambda kind, text: surroundings.happened(kind, f"{name}: {text}"))
        self.disk.copy_of(stage.image)
        self.programs = programs
        self.oracle: Oracle = stage.credentials.oracle()
        self.link: DirectLink | None = None
        self.second: tuple[BlockContent, SayProposal] | None = None
        """What an equivocating proposer signs besides its proposal."""
        self.lost = False
        self.suspect = False
        """Whether a fault may have damaged its disk without anybody having noticed yet."""
        self.undecodable = 0
        self.executions = 0
        self._stage = stage
        self._around = surroundings
        self._inbox: list[bytes] = []

    # ------------------------------------------------------------ the machine

    def start(self) -> None:
        """Start the process: open the store, or begin a new one when it is damaged or gone."""
        try:
            self.link = DirectLink(self._open())
        except StoreDamaged as damaged:
            self._around.tell(f"{self.name}: its store is damaged: {damaged.reason}")
            self.lose_store()
        except (PowerLost, StoreUnavailable):
            self.stop("it could not start")
        if self.lost and self.link is None:
            self._begin_anew()
        self.suspect = False

    def _open(self) -> Node:
        return self.make_node(DiskStore(self.disk))

    def make_node(self, store: DiskStore) -> Node:
        """Return the node that runs over a store."""
        label = f"{self.name}/city"
        return Node(
            self.name, store, self.oracle, lambda message: self._stage.credentials.sign(label, message), self.programs
        )

    def _begin_anew(self) -> None:
        try:
            store = DiskStore(self.disk)
            begin(store, self._stage.genesis, self.oracle)
            self.link = DirectLink(self.make_node(store))
        except (PowerLost, StoreUnavailable):
            self.stop("it could not begin anew")

    def stop(self, reason: str) -> None:
        """End the process; the disk stays."""
        if self.link is not None:
            self._around.tell(f"{self.name} stops: {reason}")
            self.link.node.store.close()
            self.link = None
        self._inbox.clear()

    def examine(self) -> None:
        """Read the whole store, as a scrubber does; what is damaged is thrown away."""
        if self.link is None:
            return
        try:
            for _ in self.link.node.store.scan(b""):
                pass
        except StoreDamaged as damaged:
            self._around.tell(f"{self.name}: its store is damaged: {damaged.reason}")
            self.lose_store()
        except StoreUnavailable:
            self.stop("its store is closed")

    def lose_power(self) -> None:
        """End the process, and lose what the disk has not made durable."""
        self.disk.lose_power("crash", 0)
        self.stop("power is lost")

    def lose_store(self) -> None:
        """Throw the store away: what is lost comes back from the other cities."""
        self.stop("its store is thrown away")
        self.disk.copy_of(b"")
        self.lost = True

    def arm(self, fault: DiskFault) -> None:
        """Let the disk fail at its next chance."""
        self.disk.faults.append(fault)

    # ------------------------------------------------------------ messages

    def receive(self, data: bytes) -> bytes | None:
        """Take a message; returns the reply, or None when there is none (in time)."""
        around = self._around
        if self.link is None:
            return None
        if around.fault_of("pause", self.name) is not None:
            around.happened("pause", f"{self.name} does not answer")
            if len(self._inbox) < INBOX_MAX:
                self._inbox.append(data)
            return None
        if self._dies():
            return None
        reply = self._answer(data)
        fault = around.fault_of("slow-node", self.name)
        if fault is not None and around.chance.happens(50, "slow", fault.number, around.turn, around.message):
            around.happened("slow-node", f"{self.name} answers too late")
            return None
        return reply

    def wake(self) -> None:
        """Answer what has waited during a pause; nobody waits for the replies."""
        inbox, self._inbox = self._inbox, []
        for data in inbox:
            if self.link is not None:
                self._answer(data)

    def _dies(self) -> bool:
        around = self._around
        for kind, percent in (("crash", 30), ("restart-loop", 15)):
            fault = around.fault_of(kind, self.name)
            if fault is not None and around.chance.happens(percent, kind, fault.number, around.turn, around.message):
                around.happened(kind, f"{self.name} is down")
                if kind == "crash":
                    self.lose_power()
                else:
                    self.stop("its process ends")
                return True
        return False

    def _answer(self, data: bytes) -> bytes | None:
        try:
            envelope = ENVELOPE.decode(data)
            question = QUESTION.decode(envelope.body)
        except codec.Undecodable as refused:
            self.undecodable += 1
            self._around.tell(f"{self.name} cannot read a message: {refused.rule}")
            return None
        assert self.link is not None
        try:
            reply = self._reply(self.link, question)
            self.executions += _executed(question)
        except BlockRefused as refused:
            reply = SayRefused(refused.refusal.value)
        except PowerLost:
            self.stop("power is lost in the middle of a commit")
            return None
        except StoreDamaged as damaged:
            self._around.tell(f"{self.name}: its store is damaged: {damaged.reason}")
            self.lose_store()
            return None
        except StoreUnavailable as unavailable:
            if not self.disk.full:
                self.stop(unavailable.reason)
                return None
            reply = SayRefused(unavailable.reason)
        return ENVELOPE.encode(Envelope(envelope.number, REPLY.encode(reply)))

    def _reply(self, link: DirectLink, question: Question) -> Reply:
        match question:
            case AskProposal(content=content):
                return self._propose(link, content)
            case AskVote():
                return self._vote(link, question)
            case AskCommit(header=header, signatures=signatures):
                if not link.commit(header, signatures):
                    return SayRefused("this is not what was computed here")
                return SayKept(link.node.end.height)
            case AskBlock(height=height):
                return self._block(link, height)
            case AskTake(block=block):
                link.take(block)
                return SayKept(link.node.end.height)

    def _propose(self, link: DirectLink, content: BlockContent) -> Reply:
        self.second = None
        if self._declines(content):
            return SayRefused("the time lies too far ahead")
        if self._around.fault_of("equivocating-proposer", self.name) is not None:
            other = BlockContent(
                content.height, content.time_ms, content.proposer, content.round,
                content.transactions[:-1] if content.transactions else (b"\x00",),
            )  # fmt: skip
            proposal = link.propose(other)
            if proposal is not None:
                self.second = other, _say(link, proposal)
        proposal = link.propose(content)
        return SayRefused("the content cannot follow here") if proposal is None else _say(link, proposal)

    def _vote(self, link: DirectLink, question: AskVote) -> Reply:
        content, header = question.content, question.header
        if self._declines(content):
            return SayRefused("the time lies too far ahead")
        if not signature_holds(header, question.signature, link.node.members, self.oracle):
            return SayRefused("the proposer's signature is not that of its key")
        if question.signature.city != content.proposer:
            return SayRefused("this is not signed by the proposer")
        answer = link.vote(Proposal(content, Answer(header, question.signature), ()))
        if answer is None:
            return SayRefused("the content cannot follow here")
        return SayAnswer(answer.header, self._signature(answer.signature), question.signature)

    def _signature(self, signature: HeaderSignature) -> HeaderSignature:
        if self._around.fault_of("tampered-signature", self.name) is None:
            return signature
        return HeaderSignature(signature.city, signature.signature[:-1] + bytes([signature.signature[-1] ^ 1]))

    def _declines(self, content: BlockContent) -> bool:
        clock = self._around.clock
        declines = content.time_ms > clock.reading(self.name) + TIME_AHEAD_MS_MAX
        if declines and clock.reading(self.name) != clock.now_ms:
            kind = "clock-skew" if self._around.fault_of("clock-skew", self.name) is not None else "clock-jump"
            self._around.happened(kind, f"{self.name} declines a block for its time")
        return declines

    def _block(self, link: DirectLink, height: int) -> Reply:
        try:
            block = link.block(height, "")
        except PeerDamaged as damaged:
            if link.node.end.height >= height:
                # The store says so itself: a block that it holds cannot be read.
                raise StoreDamaged(b"", damaged.reason) from None
            return SayRefused(damaged.reason)
        fault = self._around.fault_of("tampered-block", self.name)
        if fault is None:
            return SayBlock(block)
        self._around.happened("tampered-block", f"{self.name} changes block {height}")
        return SayBlock(_tampered(block, fault.place + height))


def _say(link: DirectLink, proposal: Proposal) -> SayProposal:
    assert link.candidate is not None
    return SayProposal(proposal.answer.header, proposal.answer.signature, link.candidate.receipts)


def _executed(question: Question) -> int:
    match question:
        case AskProposal(content=content) | AskVote(content=content):
            return len(content.transactions)
        case AskTake(block=block):
            return len(block.transactions)
        case _:
            return 0


def _tampered(block: FinalBlock, place: int) -> FinalBlock:
    header, transactions, signatures = block.header, block.transactions, block.signatures
    match place % 4:
        case 0 if transactions:
            return FinalBlock(header, transactions[1:], signatures)
        case 1 if len(transactions) > 1:
            return FinalBlock(header, (transactions[1], transactions[0], *transactions[2:]), signatures)
        case 2:
            changed = HeaderSignature(signatures[0].city, bytes(len(signatures[0].signature)))
            return FinalBlock(header, transactions, (changed, *signatures[1:]))
        case _:
            return FinalBlock(header, (*transactions, b"more"), signatures)
