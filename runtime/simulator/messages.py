"""What travels between cities in a simulation: questions and replies as bytes, in the ledger's codec. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from gbalang.isa.shapes import octets, sequence, structure, text, union, unsigned
from runtime import codec
from runtime.codec import Kind
from runtime.limits import BLOCK_BYTES_MAX, BLOCK_TRANSACTIONS_MAX, HEIGHT_MAX, RECEIPT_BYTES_MAX, SIGNATURE_BYTES_MAX
from runtime.records import BlockContent, FinalBlock, Header, HeaderSignature


@dataclass(frozen=True, slots=True)
class AskProposal:
    """Execute this content and sign what it gives: it is your turn."""

    content: BlockContent


@dataclass(frozen=True, slots=True)
class AskVote:
    """The proposer gives this content this header, and signs for it. What do you?"""

    content: BlockContent
    header: Header
    signature: HeaderSignature


@dataclass(frozen=True, slots=True)
class AskCommit:
    """This header is final."""

    header: Header
    signatures: tuple[HeaderSignature, ...]


@dataclass(frozen=True, slots=True)
class AskBlock:
    """Give me the final block of this height."""

    height: int


@dataclass(frozen=True, slots=True)
class AskTake:
    """Here is a final block that you lack."""

    block: FinalBlock


@dataclass(frozen=True, slots=True)
class SayProposal:
    """The proposer's header, signature and receipts."""

    header: Header
    signature: HeaderSignature
    receipts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SayAnswer:
    """A city's header and signature, and the proposer's signature that it was shown (evidence, if it was another)."""

    header: Header
    signature: HeaderSignature
    shown: HeaderSignature


@dataclass(frozen=True, slots=True)
class SayKept:
    """The height up to which a city has kept blocks."""

    height: int


@dataclass(frozen=True, slots=True)
class SayBlock:
    """A final block."""

    block: FinalBlock


@dataclass(frozen=True, slots=True)
class SayRefused:
    """Why a city does not do what it was asked."""

    reason: str


Question: TypeAlias = AskProposal | AskVote | AskCommit | AskBlock | AskTake
Reply: TypeAlias = SayProposal | SayAnswer | SayKept | SayBlock | SayRefused


@dataclass(frozen=True, slots=True)
class Envelope:
    """A question or a reply under the question's number, so that a late reply is never taken for another's."""

    number: int
    body: bytes


_NAME = text(64)
_SIGNATURE = structure(HeaderSignature, city=_NAME, signature=octets(SIGNATURE_BYTES_MAX))
_SIGNATURES = sequence(_SIGNATURE, 64)
_HEADER = codec.HEADER.shape
_BLOCK = codec.BLOCK.shape
_CONTENT = structure(
    BlockContent, height=unsigned(HEIGHT_MAX), time_ms=unsigned(2**62), proposer=_NAME, round=unsigned(2**31),
    transactions=sequence(octets(BLOCK_BYTES_MAX), BLOCK_TRANSACTIONS_MAX),
)  # fmt: skip
_LARGE = BLOCK_BYTES_MAX + 1_048_576

QUESTION: Kind[Question] = Kind(
    b"gbalang:question:1\x00",
    union((
        (1, AskProposal, structure(AskProposal, content=_CONTENT)),
        (2, AskVote, structure(AskVote, content=_CONTENT, header=_HEADER, signature=_SIGNATURE)),
        (3, AskCommit, structure(AskCommit, header=_HEADER, signatures=_SIGNATURES)),
        (4, AskBlock, structure(AskBlock, height=unsigned(HEIGHT_MAX))),
        (5, AskTake, structure(AskTake, block=_BLOCK)),
    )),
    _LARGE,
)  # fmt: skip
REPLY: Kind[Reply] = Kind(
    b"gbalang:reply:1\x00",
    union((
        (1, SayProposal, structure(
            SayProposal, header=_HEADER, signature=_SIGNATURE,
            receipts=sequence(octets(RECEIPT_BYTES_MAX), BLOCK_TRANSACTIONS_MAX),
        )),
        (2, SayAnswer, structure(SayAnswer, header=_HEADER, signature=_SIGNATURE, shown=_SIGNATURE)),
        (3, SayKept, structure(SayKept, height=unsigned(HEIGHT_MAX))),
        (4, SayBlock, structure(SayBlock, block=_BLOCK)),
        (5, SayRefused, structure(SayRefused, reason=text(256))),
    )),
    _LARGE,
)  # fmt: skip
ENVELOPE: Kind[Envelope] = Kind(
    b"gbalang:envelope:1\x00", structure(Envelope, number=unsigned(2**62), body=octets(_LARGE)), _LARGE + 64
)
SMALL_BYTES_MAX = 16_384
"""A message that carries no transactions."""
