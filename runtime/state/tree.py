"""The Merkle tree that commits to the state: a compact sparse Merkle tree over hashed keys. Pure.

    path(key)  = SHA-256(key), read from its highest bit
    leaf       = SHA-256(00 ‖ path ‖ SHA-256(value))        stands at the shortest prefix at which it is alone
    inner      = SHA-256(01 ‖ left ‖ right)
    empty      = 32 zero bytes

These are the rules of ICS-23's SmtSpec, so proofs from this tree convince verifiers of others (`runtime.state.proofs`).
The tree depends on what the state holds and on nothing else: not on the order of changes, how they were grouped into
blocks, or what was there before and is gone. That is what makes a snapshot the same on every node.

Nodes are kept by their place, one record each, in the same store as the state:

    key of a node   = TREE_PREFIX ‖ depth (2 bytes) ‖ the first `depth` bits of the path, filled up with zero bits
    inner record    = 01 ‖ left ‖ right                      what is hashed
    leaf record     = 00 ‖ SHA-256(value) ‖ key              the whole key, so that a proof can name a neighbour

A record of each child's hash in its parent means that a batch reads no node beside the paths it changes.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from gbalang.errors import InternalError
from runtime.state.store import StoreDamaged

TREE_PREFIX = b"n"
"""Table of the tree's nodes in a node's store."""

EMPTY_ROOT = bytes(32)
DEPTH_MAX = 256
"""Bits of a path: no node stands deeper, so recursion over depth is bounded by it."""

LEAF = 0
INNER = 1
_LEAF_MARK = bytes([LEAF])
_INNER_MARK = bytes([INNER])
_INNER_RECORD_BYTES = 65
_LEAF_KEY_FROM = 33
_DEPTH_KEYS = tuple(TREE_PREFIX + depth.to_bytes(2, "big") for depth in range(DEPTH_MAX + 1))
_BITS = (0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01)
_FIRST_BITS = tuple(tuple(bytes([byte & (0xFF00 >> count) & 0xFF]) for byte in range(256)) for count in range(8))
"""For each count of bits and each byte: the byte with only that many of its highest bits kept."""


class NodeReader(Protocol):
    """Where the nodes are read: any Store."""

    def get(self, key: bytes, /) -> bytes | None:
        """Return the record under a node's key, or None."""


@dataclass(frozen=True, slots=True)
class TreeUpdate:
    """The root after a batch, and the records to write (None removes) so that the stored tree has that root."""

    root: bytes
    node_writes: tuple[tuple[bytes, bytes | None], ...]


def apply_changes(reader: NodeReader, changes: Sequence[tuple[bytes, bytes | None]]) -> TreeUpdate:
    """Return the tree after all changes (key, value; None removes), each inner node hashed once. Nothing is written.

    Every key stands once and has at least one byte; otherwise InternalError. A value should have one byte too, because
    ICS-23 has no proof of an empty one; the tree takes it, since no contract may stop the ledger. Raises StoreDamaged
    for a tree that cannot be read.
    """
    batch = _Batch(reader, changes)
    key = node_key(b"", 0)
    before = reader.get(key)
    node = _known(key, before)
    if batch.paths:
        node = batch.changed(0, 0, len(batch.paths), before)
    after = None if node is None else node[1]
    if after != before:
        batch.writes.append((key, after))
    return TreeUpdate(EMPTY_ROOT if node is None else node[0], tuple(batch.writes))


def root_of(reader: NodeReader) -> bytes:
    """Return the root of the stored tree: 32 zero bytes when it is empty. Raises StoreDamaged."""
    key = node_key(b"", 0)
    node = _known(key, reader.get(key))
    return EMPTY_ROOT if node is None else node[0]


def root_of_entries(entries: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the root of a tree that holds exactly these (key, value) entries, from nothing: an audit of a state."""
    return apply_changes(_NoNodes(), tuple(entries)).root


def node_key(path: bytes, depth: int) -> bytes:
    """Return the key of the node at the first `depth` bits of a path."""
    whole, rest = depth >> 3, depth & 7
    if rest:
        return _DEPTH_KEYS[depth] + path[:whole] + _FIRST_BITS[rest][path[whole]]
    return _DEPTH_KEYS[depth] + path[:whole]


def turns_right(path: bytes, depth: int) -> bool:
    """Return whether a path goes to the right child of its node at that depth."""
    return path[depth >> 3] & _BITS[depth & 7] != 0


def read_node(reader: NodeReader, path: bytes, depth: int) -> bytes:
    """Return the record of a node that must be there. Raises StoreDamaged when it is not, or is no record."""
    key = node_key(path, depth)
    record = reader.get(key)
    if record is None:
        raise StoreDamaged(key, "a node of the state tree is missing")
    _check_record(key, record)
    return record


def is_leaf(record: bytes) -> bool:
    """Return whether a node's record is a leaf's."""
    return record[0] == LEAF


def children_of(record: bytes) -> tuple[bytes, bytes]:
    """Return the hashes of the left and the right child in an inner node's record."""
    return record[1:33], record[33:]


def leaf_parts(record: bytes) -> tuple[bytes, bytes]:
    """Return the key and the hash of the value in a leaf's record."""
    return record[_LEAF_KEY_FROM:], record[1:_LEAF_KEY_FROM]


# A node in hand: its hash and its record; None is the empty tree.
_Node = tuple[bytes, bytes]


def _leaf(path: bytes, key: bytes, value: bytes) -> _Node:
    hashed = sha256(value).digest()
    return sha256(_LEAF_MARK + path + hashed).digest(), _LEAF_MARK + hashed + key


def _inner(left: bytes, right: bytes) -> _Node:
    record = _INNER_MARK + left + right
    return sha256(record).digest(), record


def _known(key: bytes, record: bytes | None) -> _Node | None:
    """A stored record with its hash."""
    if record is None:
        return None
    _check_record(key, record)
    if record[0] == INNER:
        return sha256(record).digest(), record
    path = sha256(record[_LEAF_KEY_FROM:]).digest()
    return sha256(_LEAF_MARK + path + record[1:_LEAF_KEY_FROM]).digest(), record


def _check_record(key: bytes, record: bytes) -> None:
    if len(record) == _INNER_RECORD_BYTES and record[0] == INNER:
        return
    if len(record) > _LEAF_KEY_FROM and record[0] == LEAF:
        return
    raise StoreDamaged(key, "a node of the state tree is no record")


class _NoNodes:
    def get(self, key: bytes, /) -> bytes | None:  # noqa: ARG002  # the shape of a reader
        """There is no node."""
        return None


class _Batch:
    """One batch of changes, sorted by path, on its way through the tree.

    A node's record is written by whoever handles its parent, because only there it is known whether a leaf stays at
    its place or moves up. So each place is written at most once.
    """

    __slots__ = ("_get", "leaves", "paths", "writes")

    def __init__(self, reader: NodeReader, changes: Sequence[tuple[bytes, bytes | None]]) -> None:
        self._get = reader.get
        by_path: dict[bytes, _Node | None] = {}
        for key, value in changes:
            if not key:
                raise InternalError("a key of the state has at least one byte")
            path = sha256(key).digest()
            by_path[path] = None if value is None else _leaf(path, key, value)
        if len(by_path) != len(changes):
            raise InternalError("a batch of changes to the state names a key once")
        self.paths = sorted(by_path)
        self.leaves = [by_path[path] for path in self.paths]
        self.writes: list[tuple[bytes, bytes | None]] = []

    def changed(self, depth: int, low: int, high: int, record: bytes | None) -> _Node | None:
        """Return the node at this depth after the changes low … high - 1, all of which lie below it.

        `record` is what stands there, and is a record.
        """
        if record is None:
            entries = [(path, leaf) for path, leaf in self._changes(low, high) if leaf is not None]
            return self._built(depth, entries, 0, len(entries))
        if record[0] == INNER:
            return self._inner_changed(depth, low, high, record)
        return self._leaf_changed(depth, low, high, record)

    def _leaf_changed(self, depth: int, low: int, high: int, record: bytes) -> _Node | None:
        node = _known(node_key(self.paths[low], depth), record)
        assert node is not None, "a record was given"
        path = sha256(record[_LEAF_KEY_FROM:]).digest()
        entries = [(path, leaf) for path, leaf in self._changes(low, high) if leaf is not None]
        position = bisect_left(self.paths, path, low, high)
        if position == high or self.paths[position] != path:
            insort(entries, (path, node))
        return self._built(depth, entries, 0, len(entries))

    def _inner_changed(self, depth: int, low: int, high: int, record: bytes) -> _Node | None:
        paths = self.paths
        left_before, right_before = record[1:33], record[33:]
        left_hash, right_hash = left_before, right_before
        left: _Node | None = None
        right: _Node | None = None
        middle = self._split(depth, low, high)
        if low < middle:
            left = self._child_changed(paths[low], depth + 1, low, middle, left_before)
            left_hash = EMPTY_ROOT if left is None else left[0]
        if middle < high:
            right = self._child_changed(paths[middle], depth + 1, middle, high, right_before)
            right_hash = EMPTY_ROOT if right is None else right[0]
        if EMPTY_ROOT in (left_hash, right_hash):
            left_key, right_key = _child_keys(paths[low], depth)
            if left is None and left_hash != EMPTY_ROOT:
                left = left_hash, self._record(left_key)
            if right is None and right_hash != EMPTY_ROOT:
                right = right_hash, self._record(right_key)
            only = left or right
            if only is None or only[1][0] == LEAF:
                # The leaf is alone below this place, so this place is its own; below it nothing remains.
                self._replace(left_key, left_before, EMPTY_ROOT, None)
                self._replace(right_key, right_before, EMPTY_ROOT, None)
                return only
        if low < middle:
            self._replace(node_key(paths[low], depth + 1), left_before, left_hash, left)
        if middle < high:
            self._replace(node_key(paths[middle], depth + 1), right_before, right_hash, right)
        return _inner(left_hash, right_hash)

    def _child_changed(self, path: bytes, depth: int, low: int, high: int, before: bytes) -> _Node | None:
        record = None if before == EMPTY_ROOT else self._record(node_key(path, depth))
        return self.changed(depth, low, high, record)

    def _replace(self, key: bytes, hash_before: bytes, hash_after: bytes, node: _Node | None) -> None:
        if hash_before != hash_after:
            self.writes.append((key, None if node is None else node[1]))

    def _built(self, depth: int, entries: list[tuple[bytes, _Node]], low: int, high: int) -> _Node | None:
        """Return the node of a subtree that holds exactly these leaves, where there was at most one leaf before."""
        if high - low <= 1:
            return entries[low][1] if low < high else None
        middle = low
        while middle < high and not turns_right(entries[middle][0], depth):
            middle += 1
        left = self._built(depth + 1, entries, low, middle)
        right = self._built(depth + 1, entries, middle, high)
        if left is not None:
            self.writes.append((node_key(entries[low][0], depth + 1), left[1]))
        if right is not None:
            self.writes.append((node_key(entries[middle][0], depth + 1), right[1]))
        return _inner(EMPTY_ROOT if left is None else left[0], EMPTY_ROOT if right is None else right[0])

    def _changes(self, low: int, high: int) -> Iterable[tuple[bytes, _Node | None]]:
        return zip(self.paths[low:high], self.leaves[low:high], strict=True)

    def _split(self, depth: int, low: int, high: int) -> int:
        """Return the first of the changes low … high - 1 that goes to the right."""
        paths, byte, bit = self.paths, depth >> 3, _BITS[depth & 7]
        if high - low == 1:  # most nodes on most paths
            return low if paths[low][byte] & bit else high
        while low < high:
            middle = (low + high) >> 1
            if paths[middle][byte] & bit:
                high = middle
            else:
                low = middle + 1
        return low

    def _record(self, key: bytes) -> bytes:
        record = self._get(key)
        if record is None:
            raise StoreDamaged(key, "a node of the state tree is missing")
        _check_record(key, record)
        return record


def _child_keys(path: bytes, depth: int) -> tuple[bytes, bytes]:
    """Return the keys of both children of the node at that depth on a path."""
    at_bit = depth >> 3
    left = path[:at_bit] + bytes([path[at_bit] & ~_BITS[depth & 7]])
    right = path[:at_bit] + bytes([path[at_bit] | _BITS[depth & 7]])
    return node_key(left, depth + 1), node_key(right, depth + 1)
