"""A second verifier of ICS-23 proofs, written from the standard and its protobuf messages, for any two-child spec.

It shares nothing with `runtime.state.proofs`: it reads protobuf in any order of fields, keeps operations as they stand
in the proof, and judges them by the parameters of a specification. What convinces it would convince a third party.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

SHA256 = 1
NO_PREFIX = 0


@dataclass(frozen=True)
class Spec:
    """The parameters of SmtSpec, as the standard's repository gives them."""

    leaf_prefix: bytes = b"\x00"
    child_size: int = 32
    prefix_size: int = 1
    empty_child: bytes = bytes(32)
    max_depth: int = 256


@dataclass
class Message:
    """A protobuf message: by field number, the values in their order."""

    numbers: dict[int, list[int]] = field(default_factory=dict)
    contents: dict[int, list[bytes]] = field(default_factory=dict)

    def number(self, field_number: int) -> int:
        return self.numbers.get(field_number, [0])[-1]

    def content(self, field_number: int) -> bytes:
        return self.contents.get(field_number, [b""])[-1]


def parse(data: bytes) -> Message:
    message, at = Message(), 0
    while at < len(data):
        tag, at = varint(data, at)
        value, at = varint(data, at)
        if tag & 7 == 0:
            message.numbers.setdefault(tag >> 3, []).append(value)
        elif tag & 7 == 2 and at + value <= len(data):
            message.contents.setdefault(tag >> 3, []).append(data[at : at + value])
            at += value
        else:
            raise ValueError("not protobuf as these messages use it")
    return message


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


@dataclass(frozen=True)
class Step:
    prefix: bytes
    suffix: bytes

    def branch(self, spec: Spec) -> int:
        for number in (0, 1):
            if len(self.prefix) == spec.prefix_size + number * spec.child_size and len(self.suffix) == (
                (1 - number) * spec.child_size
            ):
                return number
        raise ValueError("neither child")


def existence_root(message: Message, spec: Spec) -> tuple[bytes, bytes, bytes, list[Step]]:
    """Return key, value, root and path. Raises ValueError for operations outside the specification."""
    key, value, leaf = message.content(1), message.content(2), parse(message.content(3))
    if not key or not value:
        raise ValueError("a leaf needs a key and a value")
    operations = leaf.number(1), leaf.number(2), leaf.number(3), leaf.number(4)
    if operations != (SHA256, SHA256, SHA256, NO_PREFIX) or not leaf.content(5).startswith(spec.leaf_prefix):
        raise ValueError("another leaf operation")
    result = sha256(leaf.content(5) + sha256(key) + sha256(value))
    path = []
    for encoded in message.contents.get(4, []):
        inner = parse(encoded)
        step = Step(inner.content(2), inner.content(3))
        if inner.number(1) != SHA256 or step.prefix.startswith(spec.leaf_prefix):
            raise ValueError("another inner operation")
        if not spec.prefix_size <= len(step.prefix) <= spec.prefix_size + spec.child_size:
            raise ValueError("a prefix of another length")
        if len(step.suffix) % spec.child_size:
            raise ValueError("a suffix of another length")
        result = sha256(step.prefix + result + step.suffix)
        path.append(step)
    if len(path) > spec.max_depth:
        raise ValueError("too deep")
    return key, value, result, path


def shows_existence(root: bytes, data: bytes, key: bytes, value: bytes, spec: Spec) -> bool:
    try:
        message = parse(data)
        if 1 not in message.contents:
            return False
        return existence_root(parse(message.content(1)), spec)[:3] == (key, value, root)
    except (ValueError, IndexError):
        return False


def shows_absence(root: bytes, data: bytes, key: bytes, spec: Spec) -> bool:
    try:
        message = parse(data)
        if 2 not in message.contents:
            return False
        absence = parse(message.content(2))
        paths: list[list[Step] | None] = []
        for number, sign in ((2, 1), (3, -1)):
            if number not in absence.contents:
                paths.append(None)
                continue
            neighbour, _, found, path = existence_root(parse(absence.content(number)), spec)
            order = (sha256(key) > sha256(neighbour)) - (sha256(key) < sha256(neighbour))
            if found != root or order != sign:
                return False
            paths.append(path)
        return are_next_to_each_other(paths[0], paths[1], spec)
    except (ValueError, IndexError):
        return False


def are_next_to_each_other(left: list[Step] | None, right: list[Step] | None, spec: Spec) -> bool:
    if left is None and right is None:
        return False
    if left is None:
        assert right is not None
        return is_edge(right, 0, spec)
    if right is None:
        return is_edge(left, 1, spec)
    left, right = list(left), list(right)
    while left[-1] == right[-1]:  # an IndexError when one ends first: no neighbours then
        left.pop()
        right.pop()
    parting_left, parting_right = left.pop(), right.pop()
    if parting_right.branch(spec) != parting_left.branch(spec) + 1:
        return False
    return is_edge(left, 1, spec) and is_edge(right, 0, spec)


def is_edge(path: list[Step], branch: int, spec: Spec) -> bool:
    for step in path:
        sibling = step.suffix if step.branch(spec) == 0 else step.prefix[spec.prefix_size :]
        if step.branch(spec) != branch and sibling != spec.empty_child:
            return False
    return True
