"""Proofs that the state holds an entry, or holds none under a key, in the form of ICS-23 under its SmtSpec. Pure.

Source: ICS-23 (Interchain Standard 23, vector commitments) and its protobuf messages `cosmos.ics23.v1`. SmtSpec is

    leaf    SHA-256(prefix 00 ‖ SHA-256(key) ‖ SHA-256(value)), no lengths
    inner   SHA-256(prefix ‖ child ‖ suffix); two children of 32 bytes, a prefix of 1 byte, empty child 32 zero bytes
    depth   at most 256; keys are hashed before they are compared

A presence is one path from a leaf to the root. An absence is the paths of the two leaves between which the key would
stand, and that nothing stands between them. What this accepts, any ICS-23 verifier accepts. It asks for more in three
points, all of which hold in every tree of ours: an inner prefix begins with 01, a child stands at exactly one of two
places, and the turns of a path are the first bits of the hashed key. It accepts one thing that ICS-23 has no form for:
that a key is absent from the empty tree, whose root is 32 zero bytes.

The encoding is the deterministic protobuf encoding of CommitmentProof; the decoder takes nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from gbalang.errors import InternalError
from runtime.limits import STATE_KEY_BYTES_MAX, STATE_VALUE_BYTES_MAX
from runtime.state.store import StoreDamaged
from runtime.state.tree import (
    DEPTH_MAX,
    EMPTY_ROOT,
    NodeReader,
    children_of,
    is_leaf,
    leaf_parts,
    node_key,
    read_node,
    root_of,
    turns_right,
)

HASH_BYTES = 32
_INNER_PREFIX = b"\x01"
_LEAF_PREFIX = b"\x00"


@dataclass(frozen=True, slots=True)
class InnerOp:
    """One step towards the root: SHA-256(prefix ‖ hash so far ‖ suffix)."""

    prefix: bytes
    suffix: bytes


@dataclass(frozen=True, slots=True)
class ExistenceProof:
    """The entry and its way to the root, the leaf's parent first. How a leaf is hashed is given by SmtSpec."""

    key: bytes
    value: bytes
    path: tuple[InnerOp, ...]


@dataclass(frozen=True, slots=True)
class NonExistenceProof:
    """The neighbours of an absent key in the order of hashed keys; None where there is none on that side."""

    key: bytes
    left: ExistenceProof | None
    right: ExistenceProof | None


Proof: TypeAlias = ExistenceProof | NonExistenceProof


# ---------------------------------------------------------------- proving


def prove(reader: NodeReader, get_value: Callable[[bytes], bytes | None], key: bytes) -> Proof:
    """Return the proof that the key has the value it has, or that it has none.

    `get_value` reads the state that the tree in `reader` commits to. Raises StoreDamaged when the two do not agree.
    """
    if not key:
        raise InternalError("a key of the state has at least one byte")
    path = sha256(key).digest()
    steps: list[_Step] = []
    if root_of(reader) == EMPTY_ROOT:
        return NonExistenceProof(key, None, None)
    record = read_node(reader, path, 0)
    while not is_leaf(record):
        step = _Step(path, len(steps), record)
        steps.append(step)
        if step.child == EMPTY_ROOT:
            return _absence(reader, get_value, key, steps, None)
        record = read_node(reader, path, len(steps))
    found, _ = leaf_parts(record)
    if found == key:
        return _existence(get_value, record, steps)
    return _absence(reader, get_value, key, steps, record)


class _Step:
    """A turn on the way down: the depth of the node, which child is taken, and the hashes of both."""

    __slots__ = ("child", "depth", "is_right", "path", "sibling")

    def __init__(self, path: bytes, depth: int, record: bytes) -> None:
        left, right = children_of(record)
        self.path = path
        self.depth = depth
        self.is_right = turns_right(path, depth)
        self.child, self.sibling = (right, left) if self.is_right else (left, right)

    def operation(self) -> InnerOp:
        """This turn as ICS-23 writes it."""
        if self.is_right:
            return InnerOp(_INNER_PREFIX + self.sibling, b"")
        return InnerOp(_INNER_PREFIX, self.sibling)


def _existence(get_value: Callable[[bytes], bytes | None], record: bytes, steps: list[_Step]) -> ExistenceProof:
    key, value_hash = leaf_parts(record)
    value = get_value(key)
    if value is None or sha256(value).digest() != value_hash:
        raise StoreDamaged(key, "the state does not hold the value that its tree commits to")
    return ExistenceProof(key, value, tuple(step.operation() for step in reversed(steps)))


def _absence(
    reader: NodeReader,
    get_value: Callable[[bytes], bytes | None],
    key: bytes,
    steps: list[_Step],
    record: bytes | None,
) -> NonExistenceProof:
    """The way down ended at an empty child (record None) or at the leaf of another key."""
    left = right = None
    if record is not None:
        other = _existence(get_value, record, steps)
        if sha256(other.key).digest() < sha256(key).digest():
            left = other
        else:
            right = other
    if left is None:
        left = _neighbour(reader, get_value, steps, to_the_right=False)
    if right is None:
        right = _neighbour(reader, get_value, steps, to_the_right=True)
    return NonExistenceProof(key, left, right)


def _neighbour(
    reader: NodeReader, get_value: Callable[[bytes], bytes | None], steps: list[_Step], *, to_the_right: bool
) -> ExistenceProof | None:
    """The nearest leaf on one side: back up to the last turn away from that side, across there, and down close."""
    kept = len(steps)
    while kept and (steps[kept - 1].is_right == to_the_right or steps[kept - 1].sibling == EMPTY_ROOT):
        kept -= 1
    if kept == 0:
        return None
    crossed = steps[kept - 1]
    way = steps[: kept - 1]
    path = _turned(crossed.path, crossed.depth, to_the_right=to_the_right)
    record = _node_on(reader, way, path, crossed)
    while not is_leaf(record):
        depth = len(way)
        left, right = children_of(record)
        nearest, other = (left, right) if to_the_right else (right, left)
        goes_right = (nearest == EMPTY_ROOT) == to_the_right
        if nearest == EMPTY_ROOT and other == EMPTY_ROOT:
            raise StoreDamaged(node_key(path, depth), "an inner node of the state tree has no child")
        path = _turned(path, depth, to_the_right=goes_right)
        way.append(_Step(path, depth, record))
        record = read_node(reader, path, len(way))
    return _existence(get_value, record, way)


def _node_on(reader: NodeReader, way: list[_Step], path: bytes, crossed: _Step) -> bytes:
    """Go to the other child of the crossed node: note the turn, return the child's record."""
    record = read_node(reader, path, crossed.depth)
    way.append(_Step(path, crossed.depth, record))
    return read_node(reader, path, len(way))


def _turned(path: bytes, depth: int, *, to_the_right: bool) -> bytes:
    """A path with the same bits before that depth, and that turn at it."""
    byte, bit = depth >> 3, 0x80 >> (depth & 7)
    turned = path[byte] | bit if to_the_right else path[byte] & ~bit
    return path[:byte] + bytes([turned]) + path[byte + 1 :]


# ---------------------------------------------------------------- verifying


def verify_existence(root: bytes, proof: Proof, key: bytes, value: bytes) -> bool:
    """Return whether the proof shows that the tree of that root holds this value under this key."""
    if not isinstance(proof, ExistenceProof) or proof.key != key or proof.value != value:
        return False
    return _leads_to(root, proof)


def verify_absence(root: bytes, proof: Proof, key: bytes) -> bool:
    """Return whether the proof shows that the tree of that root holds nothing under this key."""
    path = sha256(key).digest()
    # ICS-23 does not look at the key in the proof; the trees of others also write it hashed.
    if not isinstance(proof, NonExistenceProof) or not key or proof.key not in {key, path}:
        return False
    left, right = proof.left, proof.right
    if left is not None and not (_leads_to(root, left) and sha256(left.key).digest() < path):
        return False
    if right is not None and not (_leads_to(root, right) and path < sha256(right.key).digest()):
        return False
    if left is None and right is None:
        return root == EMPTY_ROOT
    if left is None:
        assert right is not None, "one of the two is there"
        return _is_outermost(right.path, to_the_right=False)
    if right is None:
        return _is_outermost(left.path, to_the_right=True)
    return _are_neighbours(left.path, right.path)


def _leads_to(root: bytes, proof: ExistenceProof) -> bool:
    if not proof.key or not proof.value or len(proof.path) > DEPTH_MAX:
        return False
    path = sha256(proof.key).digest()
    hashed = sha256(_LEAF_PREFIX + path + sha256(proof.value).digest()).digest()
    depth = len(proof.path)
    for step in proof.path:
        depth -= 1
        if not _is_inner(step) or _is_right(step) != turns_right(path, depth):
            return False
        hashed = sha256(step.prefix + hashed + step.suffix).digest()
    return hashed == root


def _is_inner(step: InnerOp) -> bool:
    sizes = len(step.prefix), len(step.suffix)
    return step.prefix.startswith(_INNER_PREFIX) and sizes in {(1, HASH_BYTES), (1 + HASH_BYTES, 0)}


def _is_right(step: InnerOp) -> bool:
    """Whether the child is the right one, its sibling standing in the prefix."""
    return not step.suffix


def _is_outermost(path: tuple[InnerOp, ...], *, to_the_right: bool) -> bool:
    """Whether nothing stands on that side of a path: at each turn to the other side the sibling there is empty."""
    return all(_is_right(step) == to_the_right or _sibling(step) == EMPTY_ROOT for step in path)


def _sibling(step: InnerOp) -> bytes:
    return step.suffix or step.prefix[1:]


def _are_neighbours(left: tuple[InnerOp, ...], right: tuple[InnerOp, ...]) -> bool:
    """Whether two paths part at one node, left and right, and nothing stands between them below it."""
    shared = 0
    while shared < min(len(left), len(right)) and left[-1 - shared] == right[-1 - shared]:
        shared += 1
    if shared in {len(left), len(right)}:
        return False
    below_left, parting_left = left[: -1 - shared], left[-1 - shared]
    below_right, parting_right = right[: -1 - shared], right[-1 - shared]
    if _is_right(parting_left) or not _is_right(parting_right):
        return False
    return _is_outermost(below_left, to_the_right=True) and _is_outermost(below_right, to_the_right=False)


# ---------------------------------------------------------------- encoding
#
# CommitmentProof   { exist = 1: ExistenceProof, nonexist = 2: NonExistenceProof }
# ExistenceProof    { key = 1, value = 2, leaf = 3: LeafOp, path = 4: InnerOp, repeated }
# NonExistenceProof { key = 1, left = 2: ExistenceProof, right = 3: ExistenceProof }
# LeafOp            { hash = 1, prehash_key = 2, prehash_value = 3, length = 4, prefix = 5 }
# InnerOp           { hash = 1, prefix = 2, suffix = 3 }
# SHA256 = 1; NO_PREFIX = 0, and zero or nothing is not written.

_HASH_SHA256 = b"\x08\x01"
_LEAF_OPERATION = _HASH_SHA256 + b"\x10\x01" + b"\x18\x01" + b"\x2a\x01" + _LEAF_PREFIX
_INNER_ENCODED_BYTES_MAX = 2 + len(_HASH_SHA256) + 2 + (1 + HASH_BYTES)
_EXISTENCE_BYTES_MAX = (
    STATE_KEY_BYTES_MAX + STATE_VALUE_BYTES_MAX + DEPTH_MAX * (_INNER_ENCODED_BYTES_MAX + 2) + 64
)
PROOF_ENCODED_BYTES_MAX = 2 * _EXISTENCE_BYTES_MAX + STATE_KEY_BYTES_MAX + 64
"""An absence between two of the largest entries, each at the greatest depth. A proof carries its entries whole."""

_VARINT_BYTES_MAX = 4
"""Lengths are below 2²⁸: more than PROOF_ENCODED_BYTES_MAX."""

assert PROOF_ENCODED_BYTES_MAX < 1 << (7 * _VARINT_BYTES_MAX)


def encode_proof(proof: Proof) -> bytes:
    """Return the CommitmentProof message."""
    if isinstance(proof, ExistenceProof):
        return _field(1, _encode_existence(proof))
    left = b"" if proof.left is None else _field(2, _encode_existence(proof.left))
    right = b"" if proof.right is None else _field(3, _encode_existence(proof.right))
    return _field(2, _field(1, proof.key) + left + right)


def decode_proof(data: bytes) -> Proof | None:
    """Return the proof that these bytes encode, or None when they are not the encoding of a proof under SmtSpec."""
    if len(data) > PROOF_ENCODED_BYTES_MAX:
        return None
    try:
        reader = _Fields(data)
        existence, absence = reader.optional(1), reader.optional(2)
        proof = _decode_existence(existence) if existence is not None else _decode_absence(absence or b"")
    except _NotAProofError:
        return None
    # What was read has one encoding. Bytes that were written otherwise, passed over or left unread are no part of it.
    return proof if encode_proof(proof) == data else None


def _encode_existence(proof: ExistenceProof) -> bytes:
    steps = b"".join(
        _field(4, _HASH_SHA256 + _field(2, step.prefix) + (_field(3, step.suffix) if step.suffix else b""))
        for step in proof.path
    )
    return _field(1, proof.key) + _field(2, proof.value) + _field(3, _LEAF_OPERATION) + steps


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes or of a message (wire type 2)."""
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


class _NotAProofError(Exception):
    """The bytes are no such message."""


class _Fields:
    """The fields of one message, read in the order of their numbers."""

    __slots__ = ("_data", "_position")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def optional(self, number: int) -> bytes | None:
        """Return the content of the field if it comes next."""
        if self._data[self._position : self._position + 1] != bytes([number << 3 | 2]):
            return None
        self._position += 1
        end = self._length() + self._position
        if end > len(self._data):
            raise _NotAProofError
        content = self._data[self._position : end]
        self._position = end
        return content

    def required(self, number: int) -> bytes:
        """Return the content of the field that must come next and hold something."""
        content = self.optional(number)
        if not content:
            raise _NotAProofError
        return content

    def skip(self, count: int) -> None:
        """Pass over what can only be one thing."""
        self._position += count

    def _length(self) -> int:
        length = 0
        for index in range(_VARINT_BYTES_MAX):
            if self._position == len(self._data):
                break
            byte = self._data[self._position]
            self._position += 1
            length |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                return length
        raise _NotAProofError


def _decode_existence(data: bytes) -> ExistenceProof:
    reader = _Fields(data)
    key, value, _ = reader.required(1), reader.required(2), reader.required(3)
    path: list[InnerOp] = []
    while (step := reader.optional(4)) is not None:
        if len(path) == DEPTH_MAX:
            raise _NotAProofError
        path.append(_decode_inner(step))
    return ExistenceProof(key, value, tuple(path))


def _decode_inner(data: bytes) -> InnerOp:
    reader = _Fields(data)
    reader.skip(len(_HASH_SHA256))
    step = InnerOp(reader.required(2), reader.optional(3) or b"")
    if not _is_inner(step):
        raise _NotAProofError
    return step


def _decode_absence(data: bytes) -> NonExistenceProof:
    reader = _Fields(data)
    key, left, right = reader.required(1), reader.optional(2), reader.optional(3)
    return NonExistenceProof(
        key,
        None if left is None else _decode_existence(left),
        None if right is None else _decode_existence(right),
    )
