"""One city's node: its key, its store, its engine. It executes blocks, signs headers it agrees with, and keeps them.

A node trusts nobody: it recomputes every block it is given, compares every root, checks every signature. All that a
block changes (state, tree, block, receipts, indexes, height) is one atomic durable write of the store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from runtime import codec
from runtime.chain import (
    BlockRefusal,
    advance,
    content_of,
    header_message,
    judge_content,
    judge_signatures,
    make_header,
    members_hash,
)
from runtime.chain_end import ChainEnd
from runtime.genesis import genesis_changes, ledger_identity
from runtime.merkle_log import EMPTY_LOG, log_root
from runtime.programs import ProgramCache
from runtime.records import (
    BlockContent,
    FinalBlock,
    Genesis,
    Header,
    HeaderSignature,
    Member,
    Receipt,
    SignedTransaction,
)
from runtime.rejections import Rejection
from runtime.state.store import Store, StoreDamaged
from runtime.state.tree import apply_changes, root_of
from runtime.state_view import STATE, StateView
from runtime.transition import Applied, Oracle, apply_block, check_transaction

BLOCK = b"b"
RECEIPT = b"r"
TRANSACTION = b"t"
META = b"m"
META_CHAIN = META + b"chain"
META_GENESIS = META + b"genesis"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block executed but not yet final."""

    header: Header
    content: BlockContent
    applied: Applied
    receipts: tuple[bytes, ...]
    """The encoded receipts, as they are hashed and kept."""
    tree_writes: tuple[tuple[bytes, bytes | None], ...]


class BlockRefused(Exception):  # noqa: N818  # a refusal, in the words of the ledger
    """A block that this node does not take, with the rule it breaks."""

    def __init__(self, refusal: BlockRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Node:
    """A city's node over its store. `sign` signs header messages with the city's key."""

    def __init__(
        self,
        city: str,
        store: Store,
        oracle: Oracle,
        sign: Callable[[bytes], bytes],
        programs: ProgramCache | None = None,
    ) -> None:
        self.city = city
        self.store = store
        self.state = StateView(store)
        self.oracle = oracle
        self._sign = sign
        self._programs = programs if programs is not None else ProgramCache()
        self.genesis, self.end = self._load()
        self.ledger = ledger_identity(self.genesis)
        self.members = self.genesis.members
        self.members_hash = members_hash(self.members)

    def _load(self) -> tuple[Genesis, ChainEnd]:
        genesis = self.store.get(META_GENESIS)
        chain = self.store.get(META_CHAIN)
        if genesis is None or chain is None:
            raise StoreDamaged(META_CHAIN, "the store holds no ledger")
        try:
            end = codec.decode_chain_end(chain)
            decoded = codec.decode_genesis(genesis)
        except codec.Undecodable:
            raise StoreDamaged(META_CHAIN, "the end of the chain cannot be read") from None
        if root_of(self.store) != end.state_root:
            raise StoreDamaged(META_CHAIN, "the state tree does not have the root of the last header")
        return decoded, end

    # ------------------------------------------------------------ blocks

    def execute(self, content: BlockContent) -> Candidate:
        """Execute a content on the committed state. Raises BlockRefused when it cannot follow here."""
        refusal = judge_content(self.end, content)
        if refusal is not None:
            raise BlockRefused(refusal)
        return self.seal(content, apply_block(self.state, content, self.oracle, self._programs))

    def seal(self, content: BlockContent, applied: Applied) -> Candidate:
        """Compute the roots that a content's effects give on the committed state, and the header over them."""
        update = apply_changes(self.store, applied.changes)
        receipts = tuple([codec.encode_receipt(receipt) for receipt in applied.receipts])
        header = make_header(self.ledger, self.end, content, receipts, update.root, self.members_hash)
        return Candidate(header, content, applied, receipts, update.node_writes)

    def sign(self, candidate: Candidate) -> HeaderSignature:
        """Sign the header that this node computed."""
        return HeaderSignature(self.city, self._sign(header_message(candidate.header)))

    def commit(self, candidate: Candidate, signatures: tuple[HeaderSignature, ...]) -> None:
        """Make a candidate final: one atomic durable write.

        Raises BlockRefused when the signatures do not suffice, or when the node has gone on since it was computed.
        """
        header = candidate.header
        if header.previous != self.end.last_hash or header.height != self.end.height + 1:
            raise BlockRefused(BlockRefusal.HEIGHT_MUST_BE_NEXT)
        refusal = judge_signatures(header, signatures, self.members, self.oracle)
        if refusal is not None:
            raise BlockRefused(refusal)
        end = advance(self.end, header)
        block = FinalBlock(header, candidate.content.transactions, signatures)
        writes: list[tuple[bytes, bytes | None]] = [(STATE + key, value) for key, value in candidate.applied.changes]
        writes.extend(candidate.tree_writes)
        writes.append((BLOCK + _height_key(header.height), codec.encode_block(block)))
        for receipt, encoded in zip(candidate.applied.receipts, candidate.receipts, strict=True):
            place = _height_key(receipt.height) + receipt.index.to_bytes(4, "big")
            writes.append((RECEIPT + place, encoded))
        writes.extend(self._index_writes(candidate.applied.receipts))
        writes.append((META_CHAIN, codec.encode_chain_end(end)))
        self.store.commit(writes)
        self.end = end

    def _index_writes(self, receipts: tuple[Receipt, ...]) -> list[tuple[bytes, bytes | None]]:
        """Index transactions by identity. The first place stands: a replay must not hide the original's receipt."""
        places: dict[bytes, bytes] = {}
        for receipt in receipts:
            key = TRANSACTION + receipt.transaction
            if key not in places and self.store.get(key) is None:
                places[key] = _height_key(receipt.height) + receipt.index.to_bytes(4, "big")
        return list(places.items())

    def take(self, block: FinalBlock) -> None:
        """Take a final block from a peer: check, recompute, compare, keep. Raises BlockRefused."""
        header = block.header
        if header.ledger != self.ledger:
            raise BlockRefused(BlockRefusal.LEDGER_MUST_BE_THIS_ONE)
        if header.previous != self.end.last_hash and header.height == self.end.height + 1:
            raise BlockRefused(BlockRefusal.PREVIOUS_MUST_BE_THE_LAST_HEADER)
        candidate = self.execute(content_of(block))
        if candidate.header != header:
            raise BlockRefused(BlockRefusal.ROOTS_MUST_BE_EQUAL)
        self.commit(candidate, block.signatures)

    # ------------------------------------------------------------ reading

    def check(self, data: bytes, time_ms: int) -> tuple[SignedTransaction | None, Rejection | None]:
        """Judge a transaction for the queue, for the next height."""
        return check_transaction(self.state, data, self.end.height + 1, time_ms, self.oracle)

    def block(self, height: int) -> FinalBlock | None:
        """Return a stored block. Raises StoreDamaged when it is not the block that became final at that height."""
        stored = self.store.get(BLOCK + _height_key(height))
        if stored is None:
            return None
        block = self._decode_block(height, stored)
        if self._header_hash(height) != codec.header_hash(block.header):
            raise StoreDamaged(BLOCK + _height_key(height), "the header is not the one that the chain names")
        if log_root(block.transactions) != block.header.transactions_root:
            raise StoreDamaged(BLOCK + _height_key(height), "the transactions are not those of the header")
        if judge_signatures(block.header, block.signatures, self.members, self.oracle) is not None:
            raise StoreDamaged(BLOCK + _height_key(height), "the signatures do not make the header final")
        return block

    def _decode_block(self, height: int, stored: bytes) -> FinalBlock:
        try:
            return codec.decode_block(stored)
        except codec.Undecodable:
            raise StoreDamaged(BLOCK + _height_key(height), "the block cannot be read") from None

    def _header_hash(self, height: int) -> bytes | None:
        """Return the hash of the header at a height: the end of the chain knows the last, each block the one before."""
        if height >= self.end.height:
            return self.end.last_hash
        following = self.store.get(BLOCK + _height_key(height + 1))
        return None if following is None else self._decode_block(height + 1, following).header.previous

    def receipt(self, height: int, index: int) -> Receipt | None:
        """Return a stored receipt."""
        stored = self.store.get(RECEIPT + _height_key(height) + index.to_bytes(4, "big"))
        return None if stored is None else codec.decode_receipt(stored)

    def receipts(self, height: int) -> tuple[Receipt, ...]:
        """Return the receipts of a block in order."""
        return tuple(codec.decode_receipt(value) for _, value in self.store.scan(RECEIPT + _height_key(height)))

    def place(self, transaction: bytes) -> tuple[int, int] | None:
        """Return (height, index) of a transaction by its identity."""
        stored = self.store.get(TRANSACTION + transaction)
        return None if stored is None else (int.from_bytes(stored[:8], "big"), int.from_bytes(stored[8:], "big"))

    def member(self, city: str) -> Member:
        """Return a city's entry on the members' list."""
        return next(member for member in self.members if member.city == city)

    @property
    def programs(self) -> ProgramCache:
        """The node's memo of verified programs."""
        return self._programs


def begin(store: Store, genesis: Genesis, oracle: Oracle) -> None:
    """Write the first state of a ledger into an empty store."""
    changes = genesis_changes(genesis, oracle)
    update = apply_changes(store, changes)
    end = ChainEnd(
        height=0,
        last_hash=ledger_identity(genesis),
        time_ms=genesis.time_ms,
        headers=EMPTY_LOG,
        state_root=update.root,
    )
    writes: list[tuple[bytes, bytes | None]] = [(STATE + key, value) for key, value in changes]
    writes.extend(update.node_writes)
    writes.append((META_GENESIS, codec.encode_genesis(genesis)))
    writes.append((META_CHAIN, codec.encode_chain_end(end)))
    store.commit(writes)


def _height_key(height: int) -> bytes:
    return height.to_bytes(8, "big")


