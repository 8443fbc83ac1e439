"""Headers: what they commit to, who may propose, and when one is final. Pure.

A header is final with valid signatures of at least QUORUM of the eleven cities over its hash. Two final headers of one
height would need four cities to sign twice; three cities or fewer can neither fork the ledger nor be needed to go on.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from runtime import codec
from runtime.chain_end import ChainEnd
from runtime.cities import CITIES, QUORUM
from runtime.limits import BLOCK_BYTES_MAX, BLOCK_TRANSACTIONS_MAX
from runtime.merkle_log import log_root
from runtime.records import BlockContent, FinalBlock, Header, HeaderSignature, Member
from runtime.signing import signing_message


class SignatureChecker(Protocol):
    """The part of an oracle that verifies signatures."""

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Return whether the signature verifies; never raises."""


class BlockRefusal(Enum):
    """Why a city does not take a block. The value is the name shown in messages."""

    LEDGER_MUST_BE_THIS_ONE = "ledger_must_be_this_one"
    HEIGHT_MUST_BE_NEXT = "height_must_be_next"
    PREVIOUS_MUST_BE_THE_LAST_HEADER = "previous_must_be_the_last_header"
    TIME_MUST_ADVANCE = "time_must_advance"
    PROPOSER_MUST_BE_IN_TURN = "proposer_must_be_in_turn"
    BLOCK_MUST_BE_WITHIN_SIZE = "block_must_be_within_size"
    ROOTS_MUST_BE_EQUAL = "roots_must_be_equal"
    SIGNATURES_MUST_BE_OF_DIFFERENT_MEMBERS = "signatures_must_be_of_different_members"
    SIGNATURES_MUST_VERIFY = "signatures_must_verify"
    SIGNATURES_MUST_BE_A_QUORUM = "signatures_must_be_a_quorum"


def proposer_of(height: int, round_number: int) -> str:
    """Return the city whose turn it is: the cities take turns in their fixed order, and a round passes the turn on."""
    return CITIES[(height + round_number) % len(CITIES)].identifier


def judge_content(end: ChainEnd, content: BlockContent) -> BlockRefusal | None:
    """Return why a proposed content cannot follow on this end of the chain, or None."""
    if content.height != end.height + 1:
        return BlockRefusal.HEIGHT_MUST_BE_NEXT
    if content.time_ms <= end.time_ms:
        return BlockRefusal.TIME_MUST_ADVANCE
    if content.proposer != proposer_of(content.height, content.round):
        return BlockRefusal.PROPOSER_MUST_BE_IN_TURN
    size = sum(len(data) for data in content.transactions)
    if len(content.transactions) > BLOCK_TRANSACTIONS_MAX or size > BLOCK_BYTES_MAX:
        return BlockRefusal.BLOCK_MUST_BE_WITHIN_SIZE
    return None


def make_header(
    ledger: bytes,
    end: ChainEnd,
    content: BlockContent,
    receipts: tuple[bytes, ...],
    state_root: bytes,
    members: bytes,
) -> Header:
    """Return the header that commits to a content and to what it did. `receipts` are encoded."""
    return Header(
        ledger=ledger,
        height=content.height,
        time_ms=content.time_ms,
        proposer=content.proposer,
        round=content.round,
        previous=end.last_hash,
        headers_root=end.headers.root(),
        transactions_root=log_root(content.transactions),
        receipts_root=log_root(receipts),
        state_root=state_root,
        members_hash=members,
    )


def advance(end: ChainEnd, header: Header) -> ChainEnd:
    """Return the end of the chain after a header."""
    encoded = codec.encode_header(header)
    return ChainEnd(
        height=header.height,
        last_hash=codec.header_hash(header),
        time_ms=header.time_ms,
        headers=end.headers.append(encoded),
        state_root=header.state_root,
    )


def members_hash(members: tuple[Member, ...]) -> bytes:
    """Return the hash of the members' list that a header names."""
    return codec.hash_of(codec.encode_members(members))


def header_message(header: Header) -> bytes:
    """Return the bytes that a city signs for a header."""
    return signing_message("header", codec.header_hash(header))


def signature_holds(
    header: Header, signature: HeaderSignature, members: tuple[Member, ...], checker: SignatureChecker
) -> bool:
    """Return whether a signature over a header is that of its city's key on the members' list."""
    message = header_message(header)
    return any(
        checker.verify(member.suite, member.public_key, message, signature.signature)
        for member in members
        if member.city == signature.city
    )


def is_equivocation(
    first: tuple[Header, HeaderSignature],
    second: tuple[Header, HeaderSignature],
    members: tuple[Member, ...],
    checker: SignatureChecker,
) -> bool:
    """Whether two signed headers prove that one city signed two blocks for one and the same turn."""
    one, other = first[0], second[0]
    same_turn = (one.ledger, one.height, one.round, one.time_ms) == (
        other.ledger, other.height, other.round, other.time_ms
    )  # fmt: skip
    return (
        same_turn
        and one != other
        and first[1].city == second[1].city
        and signature_holds(*first, members, checker)
        and signature_holds(*second, members, checker)
    )


def judge_signatures(
    header: Header, signatures: tuple[HeaderSignature, ...], members: tuple[Member, ...], checker: SignatureChecker
) -> BlockRefusal | None:
    """Return why these signatures do not make the header final, or None. A single bad one spoils the set."""
    by_city = {member.city: member for member in members}
    cities = [signature.city for signature in signatures]
    if cities != sorted(cities) or len(frozenset(cities)) != len(cities) or not all(city in by_city for city in cities):
        return BlockRefusal.SIGNATURES_MUST_BE_OF_DIFFERENT_MEMBERS
    message = header_message(header)
    for signature in signatures:
        member = by_city[signature.city]
        if not checker.verify(member.suite, member.public_key, message, signature.signature):
            return BlockRefusal.SIGNATURES_MUST_VERIFY
    if len(signatures) < QUORUM:
        return BlockRefusal.SIGNATURES_MUST_BE_A_QUORUM
    return None


def content_of(block: FinalBlock) -> BlockContent:
    """Return the content of a stored block, the transition's input."""
    header = block.header
    return BlockContent(header.height, header.time_ms, header.proposer, header.round, block.transactions)
