"""Append-only logs: the Merkle tree of RFC 6962 and RFC 9162, with proofs of inclusion and of consistency. Pure.

    leaf   = SHA-256(00 ‖ data)
    inner  = SHA-256(01 ‖ left ‖ right), the left side holding the largest power of two of leaves less than all
    empty  = SHA-256("")

Transactions and receipts of a block are logs of that block; the headers of all blocks are one log that grows. That one
is kept as a `CompactLog`: the roots of its full subtrees, at most one for each bit of its size, which is all that is
needed to append and to know the root.

Proofs are tuples of 32-byte hashes in the order of the RFC. The verifiers take whatever they are given and answer yes
or no.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_LOG_ROOT = sha256(b"").digest()
HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + data).digest()


def _inner_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactLog:
    """A log as far as it must be known to go on with it: its size, and the roots of its full subtrees.

    One subtree for each 1 in the binary form of `size`, the largest first.
    """

    size: int
    hashes: tuple[bytes, ...]

    def append(self, leaf: bytes) -> CompactLog:
        """Return the log with one more leaf (its data, not its hash)."""
        hashed = leaf_hash(leaf)
        kept = len(self.hashes)
        size = self.size
        while size & 1:  # a full subtree of the same size stands to the left
            kept -= 1
            hashed = _inner_hash(self.hashes[kept], hashed)
            size >>= 1
        return CompactLog(self.size + 1, (*self.hashes[:kept], hashed))

    def root(self) -> bytes:
        """Return the root of the whole log."""
        if not self.hashes:
            return EMPTY_LOG_ROOT
        root = self.hashes[-1]
        for full in reversed(self.hashes[:-1]):
            root = _inner_hash(full, root)
        return root


EMPTY_LOG = CompactLog(0, ())


def log_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a log with these leaves (their data)."""
    return _root_of_hashes([leaf_hash(leaf) for leaf in leaves])


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the proof that the leaf at `index` stands in the log of these leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"a log of {len(leaves)} leaves has none at {index}")
    level = [leaf_hash(leaf) for leaf in leaves]
    proof: list[bytes] = []
    while len(level) > 1:
        if index ^ 1 < len(level):
            proof.append(level[index ^ 1])
        level = _level_above(level)
        index >>= 1
    return tuple(proof)


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return the proof that the log of the first `old_size` leaves is the beginning of this one (RFC 9162, 2.1.4.1).

    A log is the beginning of itself, which needs no hashes. Of the empty log the RFC has nothing to prove.
    """
    if not 0 < old_size <= len(leaves):
        raise IndexError(f"a log of {len(leaves)} leaves has no beginning of {old_size}")
    hashes = [leaf_hash(leaf) for leaf in leaves]
    proof: list[bytes] = []
    size, is_whole = old_size, True
    while size != len(hashes):
        split = _split(len(hashes))
        if size <= split:
            proof.append(_root_of_hashes(hashes[split:]))
            hashes = hashes[:split]
        else:
            proof.append(_root_of_hashes(hashes[:split]))
            hashes, size, is_whole = hashes[split:], size - split, False
    if not is_whole:
        proof.append(_root_of_hashes(hashes))
    return tuple(reversed(proof))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether the proof shows the leaf at `index` of the log of that size and root (RFC 9162, 2.1.3.2)."""
    return _verify_hash_inclusion(leaf_hash(leaf), index, size, proof, root)


def _verify_hash_inclusion(hashed: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    if not 0 <= index < size or not _are_hashes(proof):
        return False
    last = size - 1
    for sibling in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            hashed = _inner_hash(sibling, hashed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hashed = _inner_hash(hashed, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and hashed == root


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Return whether the proof shows the old log to be the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= new_size or not _are_hashes(proof):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    steps = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not steps:
        return False
    old, new = old_size - 1, new_size - 1
    while old & 1:
        old, new = old >> 1, new >> 1
    old_hash = new_hash = steps[0]
    for step in steps[1:]:
        if new == 0:
            return False
        if old & 1 or old == new:
            old_hash, new_hash = _inner_hash(step, old_hash), _inner_hash(step, new_hash)
            while not old & 1 and old:
                old, new = old >> 1, new >> 1
        else:
            new_hash = _inner_hash(new_hash, step)
        old, new = old >> 1, new >> 1
    return new == 0 and old_hash == old_root and new_hash == new_root


def _are_hashes(proof: Sequence[bytes]) -> bool:
    return all(len(step) == HASH_BYTES for step in proof)


def _split(size: int) -> int:
    """The largest power of two less than a size of at least two."""
    return 1 << (size - 1).bit_length() - 1


def _level_above(level: list[bytes]) -> list[bytes]:
    """Hash pairs; one left over moves up as it is, which gives the same tree as splitting from above."""
    above = [_inner_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    if len(level) & 1:
        above.append(level[-1])
    return above


def _root_of_hashes(hashes: list[bytes]) -> bytes:
    if not hashes:
        return EMPTY_LOG_ROOT
    while len(hashes) > 1:
        hashes = _level_above(hashes)
    return hashes[0]
