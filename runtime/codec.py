"""The one encoding of everything that travels or is kept, and the one decoding.

Every value has exactly one encoding: decode(encode(v)) = v, and a decoder refuses every other byte string with
Undecodable, never with anything else, and never holds more memory than the bytes it was given. Each object begins with
the name of its kind and format, and hashes name their algorithm in what they cover, so that a signature over one kind
of object can never be taken for another, and so that another algorithm can be added beside this one.

An encoding is described once, by a schema built from a few combinators; both directions follow from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Generic, TypeVar

from gbalang.isa.encoding import EncodingRefused, Reader, Writer
from runtime.limits import (
    ARGUMENT_BYTES_MAX,
    ARGUMENTS_MAX,
    BLOCK_BYTES_MAX,
    BLOCK_TRANSACTIONS_MAX,
    CERTIFICATE_BYTES_MAX,
    EVIDENCE_BYTES_MAX,
    HEIGHT_MAX,
    NAME_CHARACTERS_MAX,
    PROGRAM_BYTES_MAX,
    PROOF_BYTES_MAX,
    REASONS_CHARACTERS_MAX,
    RECEIPT_BYTES_MAX,
    RECORDING_BYTES_MAX,
    SEQUENCE_MAX,
    SIGNATURE_BYTES_MAX,
    STATE_KEY_BYTES_MAX,
    STATE_VALUE_BYTES_MAX,
    TRANSACTION_BYTES_MAX,
)
from runtime.merkle_log import CompactLog
from runtime.chain_end import ChainEnd
from runtime.records import (
    AdmitCertificate,
    AdmittedCertificate,
    Adopt,
    Ballot,
    BallotStatus,
    CalendarRecord,
    Call,
    CastVote,
    CertificateVerdict,
    ContractVersion,
    EventRecord,
    EvidenceFile,
    FinalBlock,
    Genesis,
    Header,
    HeaderSignature,
    Member,
    OutcomeKind,
    Payload,
    Position,
    Propose,
    ReasonKind,
    ReasonRecord,
    Receipt,
    Recording,
    RevokeCertificate,
    SignatureVerdict,
    SignedTransaction,
    StateEntry,
    Subject,
    Transaction,
    VoteRecord,
)

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)

HASH_ALGORITHM = "sha256"


class Undecodable(Exception):  # noqa: N818  # a refusal, not a failure of ours
    """The bytes are not the encoding of such a value; `rule` names the rule they break."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def hash_of(data: bytes) -> bytes:
    """Return the 32-byte SHA-256 of bytes whose encoding names its own kind."""
    return hashlib.sha256(data).digest()


# ---------------------------------------------------------------- combinators


@dataclass(frozen=True, slots=True)
class Schema(Generic[T]):
    """How a value is written and read."""

    write: Callable[[Writer, T], None]
    read: Callable[[Reader], T]


def _unsigned(limit: int) -> Schema[int]:
    def read(reader: Reader) -> int:
        value = reader.unsigned()
        if value > limit:
            raise Undecodable("number_must_be_within_its_limit")
        return value

    return Schema(lambda writer, value: writer.unsigned(value), read)


def _signed() -> Schema[int]:
    return Schema(lambda writer, value: writer.signed(value), lambda reader: reader.signed())


def _bytes(limit: int, exact: int | None = None) -> Schema[bytes]:
    def read(reader: Reader) -> bytes:
        value = reader.octets(limit)
        if exact is not None and len(value) != exact:
            raise Undecodable("length_must_be_exact")
        return value

    return Schema(lambda writer, value: writer.octets(value), read)


def _text(limit_characters: int) -> Schema[str]:
    def read(reader: Reader) -> str:
        value = reader.text(limit_characters * 4)
        if len(value) > limit_characters:
            raise Undecodable("text_must_be_within_its_limit")
        return value

    return Schema(lambda writer, value: writer.text(value), read)


def _choice(enum: type[E]) -> Schema[E]:
    members = {int(member): member for member in enum}

    def read(reader: Reader) -> E:
        number = reader.unsigned()
        if number not in members:
            raise Undecodable("choice_must_be_known")
        return members[number]

    return Schema(lambda writer, value: writer.unsigned(int(value)), read)


def _sequence(item: Schema[T], limit: int) -> Schema[tuple[T, ...]]:
    def write(writer: Writer, values: tuple[T, ...]) -> None:
        writer.unsigned(len(values))
        for value in values:
            item.write(writer, value)

    def read(reader: Reader) -> tuple[T, ...]:
        count = reader.unsigned()
        if count > limit or count > reader.remaining():
            raise Undecodable("sequence_must_be_within_its_limit")
        return tuple([item.read(reader) for _ in range(count)])

    return Schema(write, read)


def _optional(item: Schema[T]) -> Schema[T | None]:
    def write(writer: Writer, value: T | None) -> None:
        writer.unsigned(0 if value is None else 1)
        if value is not None:
            item.write(writer, value)

    def read(reader: Reader) -> T | None:
        present = reader.unsigned()
        if present > 1:
            raise Undecodable("presence_must_be_zero_or_one")
        return item.read(reader) if present else None

    return Schema(write, read)


def _truth() -> Schema[bool]:
    def read(reader: Reader) -> bool:
        value = reader.unsigned()
        if value > 1:
            raise Undecodable("truth_must_be_zero_or_one")
        return value == 1

    return Schema(lambda writer, value: writer.unsigned(int(value)), read)


def _pair(first: Schema[T], second: Schema[T]) -> Schema[tuple[T, T]]:
    def write(writer: Writer, value: tuple[T, T]) -> None:
        first.write(writer, value[0])
        second.write(writer, value[1])

    return Schema(write, lambda reader: (first.read(reader), second.read(reader)))


def _record(cls: type[T], **schemas: Schema[Any]) -> Schema[T]:
    """A dataclass, field by field in declared order; every field must have its schema."""
    names = tuple(field.name for field in fields(cls))  # type: ignore[arg-type]  # every cls here is a dataclass
    assert names == tuple(schemas), f"the schema of {cls.__name__} must list its fields in order"
    ordered = tuple(schemas.values())

    def write(writer: Writer, value: T) -> None:
        for name, schema in schemas.items():
            schema.write(writer, getattr(value, name))

    def read(reader: Reader) -> T:
        return cls(*[schema.read(reader) for schema in ordered])

    return Schema(write, read)


def _union(variants: tuple[tuple[int, type[Any], Schema[Any]], ...]) -> Schema[Any]:
    """One of several dataclasses, told apart by a number."""
    by_class = {cls: (number, schema) for number, cls, schema in variants}
    by_number = {number: schema for number, _, schema in variants}

    def write(writer: Writer, value: object) -> None:
        number, schema = by_class[type(value)]
        writer.unsigned(number)
        schema.write(writer, value)

    def read(reader: Reader) -> object:
        number = reader.unsigned()
        if number not in by_number:
            raise Undecodable("variant_must_be_known")
        return by_number[number].read(reader)

    return Schema(write, read)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of object: its mark (first bytes, format included), its schema, the most bytes it may take."""

    mark: bytes
    schema: Schema[T]
    bytes_max: int

    def encode(self, value: T) -> bytes:
        """Return the object's one encoding."""
        writer = Writer()
        writer.raw(self.mark)
        self.schema.write(writer, value)
        return writer.finish()

    def decode(self, data: bytes) -> T:
        """Return the object that these bytes encode. Raises Undecodable for anything else."""
        if len(data) > self.bytes_max:
            raise Undecodable("object_must_be_within_its_size")
        if not data.startswith(self.mark):
            raise Undecodable("object_must_begin_with_its_mark")
        reader = Reader(data, len(self.mark))
        try:
            value = self.schema.read(reader)
            reader.finish()
        except EncodingRefused as refused:
            raise Undecodable(refused.reason.value) from None
        return value


# ---------------------------------------------------------------- schemas

_HASH = _bytes(32, 32)
_HASH_OR_NONE = _bytes(32)
_NAME = _text(NAME_CHARACTERS_MAX)
_DAY = _signed()
_SECONDS = _signed()
_MILLISECONDS = _signed()
_HEIGHT = _unsigned(HEIGHT_MAX)
_CODE = _unsigned(2**31)
_SIGNATURE = _bytes(SIGNATURE_BYTES_MAX)
_PUBLIC_KEY = _bytes(256)

_PAYLOAD: Schema[Payload] = _union((
    (1, Call, _record(
        Call, contract=_NAME, version=_unsigned(2**32 - 1), act=_NAME,
        arguments=_sequence(_bytes(ARGUMENT_BYTES_MAX), ARGUMENTS_MAX),
    )),
    (2, Propose, _record(Propose, subject=_choice(Subject), content=_bytes(PROGRAM_BYTES_MAX))),
    (3, CastVote, _record(
        CastVote, ballot=_HASH, digest=_HASH, position=_choice(Position), reasons=_text(REASONS_CHARACTERS_MAX),
    )),
    (4, Adopt, _record(Adopt, ballot=_HASH, commencement_day=_DAY)),
    (5, AdmitCertificate, _record(AdmitCertificate, certificate=_bytes(CERTIFICATE_BYTES_MAX))),
    (6, RevokeCertificate, _record(
        RevokeCertificate, fingerprint=_HASH, reason=_text(REASONS_CHARACTERS_MAX),
    )),
))

_TRANSACTION = _record(
    Transaction, ledger=_HASH, signer=_HASH, sequence=_unsigned(SEQUENCE_MAX), last_height=_HEIGHT, payload=_PAYLOAD,
)

_RECEIPT = _record(
    Receipt, height=_HEIGHT, index=_unsigned(BLOCK_TRANSACTIONS_MAX), transaction=_HASH, outcome=_choice(OutcomeKind),
    code=_CODE, detail=_unsigned(2**63), cost=_unsigned(2**63), program=_HASH_OR_NONE,
    events=_sequence(
        _record(EventRecord, event=_CODE, values=_sequence(_bytes(ARGUMENT_BYTES_MAX), 256)), 1024,
    ),
    reasons=_sequence(
        _record(ReasonRecord, kind=_choice(ReasonKind), index=_CODE, value=_bytes(ARGUMENT_BYTES_MAX)), 4096,
    ),
)

_HEADER = _record(
    Header, ledger=_HASH, height=_HEIGHT, time_ms=_MILLISECONDS, proposer=_NAME, round=_unsigned(2**31), previous=_HASH,
    headers_root=_HASH, transactions_root=_HASH, receipts_root=_HASH, state_root=_HASH, members_hash=_HASH,
)

_SIGNATURES = _sequence(_record(HeaderSignature, city=_NAME, signature=_SIGNATURE), 64)

_MEMBER = _record(
    Member, city=_NAME, authority=_bytes(CERTIFICATE_BYTES_MAX), suite=_NAME, public_key=_PUBLIC_KEY, certificate=_HASH,
)

_MEMBERS = _sequence(_MEMBER, 64)

_CERTIFICATE = _record(
    AdmittedCertificate, kind=_unsigned(255), city=_NAME, holder=_NAME, name=_text(256), roles=_sequence(_NAME, 64),
    suite=_NAME, public_key=_PUBLIC_KEY, issuer=_HASH, serial=_bytes(64), not_before_s=_SECONDS, not_after_s=_SECONDS,
    admitted_height=_HEIGHT, revoked_s=_optional(_SECONDS), revocation_reason=_text(REASONS_CHARACTERS_MAX),
)

_COUNT = _unsigned(1024)
_BALLOT = _record(
    Ballot, subject=_choice(Subject), digest=_HASH, name=_NAME, version=_unsigned(2**32 - 1), proposer=_NAME,
    opened_day=_DAY, status=_choice(BallotStatus), agreed=_COUNT, objected=_COUNT, abstained=_COUNT,
    carried_day=_optional(_DAY),
)

_SMALL = 4_096
TRANSACTION = Kind(b"gbalang:transaction:1:sha256\x00", _TRANSACTION, TRANSACTION_BYTES_MAX)
SIGNED_TRANSACTION = Kind(
    b"gbalang:signed-transaction:1\x00",
    _record(SignedTransaction, transaction=_TRANSACTION, signature=_SIGNATURE),
    TRANSACTION_BYTES_MAX,
)
RECEIPT = Kind(b"gbalang:receipt:1\x00", _RECEIPT, RECEIPT_BYTES_MAX)
HEADER = Kind(b"gbalang:header:1:sha256\x00", _HEADER, _SMALL)
BLOCK = Kind(
    b"gbalang:block:1\x00",
    _record(
        FinalBlock, header=_HEADER, transactions=_sequence(_bytes(BLOCK_BYTES_MAX), BLOCK_TRANSACTIONS_MAX),
        signatures=_SIGNATURES,
    ),
    BLOCK_BYTES_MAX + 1_048_576,
)
MEMBER = Kind(b"gbalang:member:1\x00", _MEMBER, 16_384)
MEMBERS = Kind(b"gbalang:members:1:sha256\x00", _MEMBERS, 1_048_576)
GENESIS = Kind(
    b"gbalang:genesis:1:sha256\x00",
    _record(
        Genesis, name=_NAME, time_ms=_MILLISECONDS, members=_MEMBERS,
        city_certificates=_sequence(_bytes(CERTIFICATE_BYTES_MAX), 64), charter=_bytes(PROGRAM_BYTES_MAX),
    ),
    4_194_304,
)
CERTIFICATE = Kind(b"gbalang:certificate:1\x00", _CERTIFICATE, 65_536)
BALLOT = Kind(b"gbalang:ballot:1\x00", _BALLOT, _SMALL)
VOTE = Kind(
    b"gbalang:vote:1\x00",
    _record(VoteRecord, position=_choice(Position), reasons=_text(REASONS_CHARACTERS_MAX), day=_DAY),
    16_384,
)
CONTRACT_VERSION = Kind(
    b"gbalang:contract-version:1\x00",
    _record(
        ContractVersion, digest=_HASH, ballot=_HASH_OR_NONE, adopted_day=_DAY, commencement_day=_DAY,
        expires_day=_optional(_DAY),
    ),
    _SMALL,
)
CALENDAR = Kind(
    b"gbalang:calendar:1:sha256\x00",
    _record(
        CalendarRecord, calendar=_NAME, year=_unsigned(9999), bases=_sequence(_text(512), 8), days=_bytes(366),
    ),
    16_384,
)
CHAIN_END = Kind(
    b"gbalang:chain-end:1\x00",
    _record(
        ChainEnd, height=_HEIGHT, last_hash=_HASH, time_ms=_MILLISECONDS,
        headers=_record(CompactLog, size=_HEIGHT, hashes=_sequence(_HASH, 64)), state_root=_HASH,
    ),
    _SMALL,
)

EVIDENCE = Kind(
    b"gbalang:evidence:1:sha256\x00",
    _record(
        EvidenceFile, header=_HEADER, signatures=_SIGNATURES, members=_MEMBERS,
        index=_unsigned(BLOCK_TRANSACTIONS_MAX), count=_unsigned(BLOCK_TRANSACTIONS_MAX),
        transaction=_bytes(BLOCK_BYTES_MAX), transaction_proof=_sequence(_HASH, 64), receipt=_bytes(RECEIPT_BYTES_MAX),
        receipt_proof=_sequence(_HASH, 64), program=_bytes(PROGRAM_BYTES_MAX),
        entries=_sequence(
            _record(
                StateEntry, key=_bytes(STATE_KEY_BYTES_MAX), value=_bytes(STATE_VALUE_BYTES_MAX),
                proof=_bytes(PROOF_BYTES_MAX),
            ),
            64,
        ),
    ),
    EVIDENCE_BYTES_MAX,
)
_PAIR: Schema[tuple[bytes, bytes]] = _pair(_bytes(STATE_KEY_BYTES_MAX), _bytes(STATE_VALUE_BYTES_MAX))
RECORDING = Kind(
    b"gbalang:recording:1:sha256\x00",
    _record(
        Recording, genesis=GENESIS.schema, first_state=_sequence(_PAIR, 1_024),
        blocks=_sequence(BLOCK.schema, 1_000_000),
        signatures=_sequence(
            _record(SignatureVerdict, question=_HASH, verifies=_truth()), 10_000_000,
        ),
        certificates=_sequence(
            _record(
                CertificateVerdict, question=_HASH, fields=_optional(_CERTIFICATE), refusal=_unsigned(255),
            ),
            1_000_000,
        ),
    ),
    RECORDING_BYTES_MAX,
)

KINDS: tuple[Kind[Any], ...] = (
    TRANSACTION, SIGNED_TRANSACTION, RECEIPT, HEADER, BLOCK, MEMBER, MEMBERS, GENESIS, CERTIFICATE, BALLOT, VOTE,
    CONTRACT_VERSION, CALENDAR, CHAIN_END, EVIDENCE, RECORDING,
)
assert len({kind.mark for kind in KINDS}) == len(KINDS), "no two kinds of object begin alike"

encode_transaction = SIGNED_TRANSACTION.encode
decode_transaction = SIGNED_TRANSACTION.decode
encode_receipt = RECEIPT.encode
decode_receipt = RECEIPT.decode
encode_header = HEADER.encode
decode_header = HEADER.decode
encode_block = BLOCK.encode
decode_block = BLOCK.decode
encode_member = MEMBER.encode
decode_member = MEMBER.decode
encode_members = MEMBERS.encode
decode_members = MEMBERS.decode
encode_genesis = GENESIS.encode
decode_genesis = GENESIS.decode
encode_certificate = CERTIFICATE.encode
decode_certificate = CERTIFICATE.decode
encode_ballot = BALLOT.encode
decode_ballot = BALLOT.decode
encode_vote = VOTE.encode
decode_vote = VOTE.decode
encode_contract_version = CONTRACT_VERSION.encode
decode_contract_version = CONTRACT_VERSION.decode
encode_calendar = CALENDAR.encode
decode_calendar = CALENDAR.decode
encode_chain_end = CHAIN_END.encode
decode_chain_end = CHAIN_END.decode
encode_evidence = EVIDENCE.encode
decode_evidence = EVIDENCE.decode
encode_recording = RECORDING.encode
decode_recording = RECORDING.decode


def transaction_id(transaction: Transaction) -> bytes:
    """Return the identity of a transaction: the hash of its encoding without the signature."""
    return hash_of(TRANSACTION.encode(transaction))


def header_hash(header: Header) -> bytes:
    """Return the hash that the next header names as its previous, and that the cities sign."""
    return hash_of(HEADER.encode(header))
