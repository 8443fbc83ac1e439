"""Proofs of presence and absence: what they must show, and what must not convince."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from gbalang.errors import InternalError
from runtime.limits import STATE_KEY_BYTES_MAX, STATE_VALUE_BYTES_MAX
from runtime.state.memory import MemoryStore
from runtime.state.proofs import (
    PROOF_ENCODED_BYTES_MAX,
    ExistenceProof,
    InnerOp,
    NonExistenceProof,
    Proof,
    decode_proof,
    encode_proof,
    prove,
    verify_absence,
    verify_existence,
)
from runtime.state.store import StoreDamaged
from runtime.state.tree import DEPTH_MAX, EMPTY_ROOT, apply_changes, root_of
from tests.unit.state.ics23 import Spec, shows_absence, shows_existence

CONTENTS = {b"case %d" % number: b"value %d" % number for number in range(60)}
BY_PATH = sorted(CONTENTS, key=lambda key: sha256(key).digest())
NOTHING: dict[bytes, bytes] = {}
ABSENT = [b"absent %d" % number for number in range(200)]


def tree_of(contents: dict[bytes, bytes]) -> MemoryStore:
    store = MemoryStore()
    store.commit(apply_changes(store, list(contents.items())).node_writes)
    return store


TREE = tree_of(CONTENTS)
ROOT = root_of(TREE)


def proof_of(key: bytes) -> Proof:
    return prove(TREE, CONTENTS.get, key)


def existence_of(key: bytes) -> ExistenceProof:
    proof = proof_of(key)
    assert isinstance(proof, ExistenceProof)
    return proof


def absence_of(key: bytes) -> NonExistenceProof:
    proof = proof_of(key)
    assert isinstance(proof, NonExistenceProof)
    return proof


def absent_between(left: bytes | None, right: bytes | None) -> bytes:
    """A key that is not there and whose path lies between two that are."""
    number = 0
    while True:
        key = b"between %d" % number
        path = sha256(key).digest()
        if (left is None or sha256(left).digest() < path) and (right is None or path < sha256(right).digest()):
            return key
        number += 1


def test_every_entry_is_shown_to_us_and_to_a_second_verifier() -> None:
    for key, value in CONTENTS.items():
        proof = proof_of(key)
        assert verify_existence(ROOT, proof, key, value)
        assert shows_existence(ROOT, encode_proof(proof), key, value, Spec())
        assert not verify_absence(ROOT, proof, key)


def test_every_absence_is_shown_to_us_and_to_a_second_verifier() -> None:
    for key in ABSENT:
        proof = proof_of(key)
        assert verify_absence(ROOT, proof, key)
        assert shows_absence(ROOT, encode_proof(proof), key, Spec())
        assert not verify_existence(ROOT, proof, key, b"value 1")


def test_an_absence_names_the_neighbours_in_the_order_of_paths() -> None:
    for left, right in [(None, BY_PATH[0]), (BY_PATH[20], BY_PATH[21]), (BY_PATH[-1], None)]:
        proof = absence_of(absent_between(left, right))
        assert (proof.left and proof.left.key, proof.right and proof.right.key) == (left, right)


def test_neighbours_that_are_none_do_not_convince() -> None:
    """The entry between them would be denied."""
    for at in range(1, len(BY_PATH) - 1):
        left, hidden, right = BY_PATH[at - 1 : at + 2]
        forged = NonExistenceProof(hidden, existence_of(left), existence_of(right))
        assert not verify_absence(ROOT, forged, hidden)
        assert not shows_absence(ROOT, encode_proof(forged), hidden, Spec())


def test_a_side_cannot_be_left_out() -> None:
    for at in range(1, len(BY_PATH)):
        key = absent_between(BY_PATH[at - 1], BY_PATH[at])
        proof = absence_of(key)
        assert not verify_absence(ROOT, replace(proof, left=None), key)
        assert not verify_absence(ROOT, replace(proof, right=None), key)
        assert not verify_absence(ROOT, replace(proof, left=None, right=None), key)
        assert not verify_absence(ROOT, replace(proof, left=proof.right, right=proof.left), key)
        assert not verify_absence(ROOT, replace(proof, left=proof.right), key)


def test_a_proof_is_of_its_key_its_value_and_its_root_alone() -> None:
    proof = existence_of(b"case 7")
    assert not verify_existence(ROOT, proof, b"case 8", b"value 7")
    assert not verify_existence(ROOT, proof, b"case 7", b"value 8")
    assert not verify_existence(bytes(32), proof, b"case 7", b"value 7")
    absence = absence_of(b"absent 7")
    assert not verify_absence(ROOT, absence, b"absent 8")
    assert not verify_absence(sha256(ROOT).digest(), absence, b"absent 7")


def test_the_proof_of_an_only_entry_is_written_as_the_standard_says() -> None:
    contents = {b"key": b"value"}
    tree = tree_of(contents)
    leaf = sha256(b"\x00" + sha256(b"key").digest() + sha256(b"value").digest()).digest()
    assert root_of(tree) == leaf
    # CommitmentProof.exist { key "key", value "value", leaf { SHA256, SHA256, SHA256, prefix 00 } }
    exist = b"\x0a\x03key" b"\x12\x05value" b"\x1a\x09\x08\x01\x10\x01\x18\x01\x2a\x01\x00"
    assert encode_proof(prove(tree, contents.get, b"key")) == b"\x0a" + bytes([len(exist)]) + exist
    # CommitmentProof.nonexist { key "no", left or right = that }
    absence = prove(tree, contents.get, b"no")
    side = b"\x12" if sha256(b"key").digest() < sha256(b"no").digest() else b"\x1a"
    nonexist = b"\x0a\x02no" + side + bytes([len(exist)]) + exist
    assert encode_proof(absence) == b"\x12" + bytes([len(nonexist)]) + nonexist
    assert verify_absence(leaf, absence, b"no")
    assert shows_absence(leaf, encode_proof(absence), b"no", Spec())


def test_inner_operations_are_written_as_the_standard_says() -> None:
    hashed = bytes(range(32))
    left = encode_proof(ExistenceProof(b"k", b"v", (InnerOp(b"\x01", hashed),)))
    assert left.endswith(b"\x22\x27\x08\x01\x12\x01\x01\x1a\x20" + hashed)
    right = encode_proof(ExistenceProof(b"k", b"v", (InnerOp(b"\x01" + hashed, b""),)))
    assert right.endswith(b"\x22\x25\x08\x01\x12\x21\x01" + hashed)


def test_in_the_empty_tree_every_key_is_absent() -> None:
    proof = prove(MemoryStore(), NOTHING.get, b"anything")
    assert verify_absence(EMPTY_ROOT, proof, b"anything")
    assert not verify_absence(ROOT, proof, b"anything")
    assert decode_proof(encode_proof(proof)) == proof


def test_a_key_hashed_in_the_proof_is_that_key() -> None:
    """ICS-23 does not look at this field, and other trees fill it with the path."""
    proof = absence_of(b"absent 3")
    assert verify_absence(ROOT, replace(proof, key=sha256(b"absent 3").digest()), b"absent 3")


def test_the_turns_of_a_path_are_the_bits_of_its_key() -> None:
    """A leaf at a wrong place proves nothing, even under a root that was made for it."""
    key, value = b"key", b"value"
    leaf = sha256(b"\x00" + sha256(key).digest() + sha256(value).digest()).digest()
    goes_right = sha256(key).digest()[0] & 0x80
    sibling = sha256(b"sibling").digest()
    for is_right, verdict in ((bool(goes_right), True), (not goes_right, False)):
        step = InnerOp(b"\x01" + sibling, b"") if is_right else InnerOp(b"\x01", sibling)
        root = sha256(step.prefix + leaf + step.suffix).digest()
        assert verify_existence(root, ExistenceProof(key, value, (step,)), key, value) is verdict


@pytest.mark.parametrize(
    "step",
    [
        InnerOp(b"", bytes(32)),
        InnerOp(b"\x00", bytes(32)),
        InnerOp(b"\x02", bytes(32)),
        InnerOp(b"\x01", b""),
        InnerOp(b"\x01", bytes(31)),
        InnerOp(b"\x01", bytes(64)),
        InnerOp(b"\x01" + bytes(31), b""),
        InnerOp(b"\x01" + bytes(33), b""),
        InnerOp(b"\x01" + bytes(32), bytes(32)),
    ],
)
def test_inner_operations_of_another_shape_are_refused(step: InnerOp) -> None:
    leaf = sha256(b"\x00" + sha256(b"key").digest() + sha256(b"value").digest()).digest()
    root = sha256(step.prefix + leaf + step.suffix).digest()
    proof = ExistenceProof(b"key", b"value", (step,))
    assert not verify_existence(root, proof, b"key", b"value")
    assert decode_proof(encode_proof(proof)) is None


def test_empty_keys_and_values_prove_nothing() -> None:
    for key, value in ((b"", b"value"), (b"key", b"")):
        root = sha256(b"\x00" + sha256(key).digest() + sha256(value).digest()).digest()
        proof = ExistenceProof(key, value, ())
        assert not verify_existence(root, proof, key, value)
        assert decode_proof(encode_proof(proof)) is None
    assert not verify_absence(EMPTY_ROOT, NonExistenceProof(b"", None, None), b"")
    with pytest.raises(InternalError):
        prove(TREE, CONTENTS.get, b"")


def test_a_path_has_at_most_256_steps() -> None:
    def proof(steps: int) -> ExistenceProof:
        path = sha256(b"key").digest()
        bits = [(path[(at % 256) >> 3] >> (7 - (at & 7))) & 1 for at in range(steps)]
        step = {0: InnerOp(b"\x01", bytes(32)), 1: InnerOp(b"\x01" + bytes(32), b"")}
        return ExistenceProof(b"key", b"value", tuple(step[bit] for bit in reversed(bits)))

    def root(path: tuple[InnerOp, ...]) -> bytes:
        result = sha256(b"\x00" + sha256(b"key").digest() + sha256(b"value").digest()).digest()
        for step in path:
            result = sha256(step.prefix + result + step.suffix).digest()
        return result

    deepest, too_deep = proof(256), proof(257)
    assert verify_existence(root(deepest.path), deepest, b"key", b"value")
    assert decode_proof(encode_proof(deepest)) == deepest
    assert not verify_existence(root(too_deep.path), too_deep, b"key", b"value")
    assert decode_proof(encode_proof(too_deep)) is None


def with_length(tag: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes([tag, len(content)]) + content


LEAF_OPERATION = b"\x08\x01\x10\x01\x18\x01\x2a\x01\x00"
KEY, VALUE, LEAF_FIELD = with_length(0x0A, b"k"), with_length(0x12, b"v"), with_length(0x1A, LEAF_OPERATION)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x0a",
        b"\x0a\xff\xff\xff\xff\xff",
        b"\x0a\x80",
        with_length(0x0A, KEY + VALUE),
        with_length(0x0A, VALUE + KEY + LEAF_FIELD),
        with_length(0x0A, KEY + VALUE + LEAF_FIELD) + b"\x00",
        with_length(0x0A, KEY + VALUE + LEAF_FIELD + b"\x28\x01"),
        with_length(0x0A, KEY + KEY + VALUE + LEAF_FIELD),
        with_length(0x0A, KEY + VALUE + LEAF_FIELD) + with_length(0x0A, KEY + VALUE + LEAF_FIELD),
        with_length(0x0A, KEY + VALUE + LEAF_FIELD) + with_length(0x12, KEY),
        with_length(0x0A, b"\x0a\x81\x00k" + VALUE + LEAF_FIELD),
        with_length(0x0A, KEY + VALUE + with_length(0x1A, LEAF_OPERATION[:-3])),
        with_length(0x0A, KEY + VALUE + with_length(0x1A, LEAF_OPERATION[:-2] + b"\x02\x00\x00")),
        with_length(0x0A, KEY + VALUE + with_length(0x1A, b"\x08\x02" + LEAF_OPERATION[2:])),
        with_length(0x0A, KEY + VALUE + with_length(0x1A, LEAF_OPERATION[:6] + b"\x20\x00" + LEAF_OPERATION[6:])),
        with_length(0x0A, KEY + VALUE + LEAF_FIELD + with_length(0x22, b"\x08\x01\x12\x01\x01")),
        with_length(0x12, b""),
        with_length(0x12, KEY + with_length(0x12, b"")),
        with_length(0x1A, KEY),
    ],
)
def test_bytes_that_are_not_the_one_encoding_are_refused(data: bytes) -> None:
    assert decode_proof(data) is None


def test_the_bytes_next_to_those_are_accepted() -> None:
    proof = ExistenceProof(b"k", b"v", ())
    assert decode_proof(with_length(0x0A, KEY + VALUE + LEAF_FIELD)) == proof
    side = with_length(0x12, KEY + VALUE + LEAF_FIELD)
    assert decode_proof(with_length(0x12, KEY + side)) == NonExistenceProof(b"k", proof, None)


def test_a_proof_is_decoded_up_to_its_size() -> None:
    head = len(encode_proof(ExistenceProof(b"k", bytes(1 << 21), ()))) - (1 << 21)
    at_the_limit = encode_proof(ExistenceProof(b"k", b"v" * (PROOF_ENCODED_BYTES_MAX - head), ()))
    assert len(at_the_limit) == PROOF_ENCODED_BYTES_MAX
    assert decode_proof(at_the_limit) is not None
    assert decode_proof(encode_proof(ExistenceProof(b"k", b"v" * (PROOF_ENCODED_BYTES_MAX - head + 1), ()))) is None


def test_the_largest_proof_is_within_the_size_and_the_size_is_little_more() -> None:
    """An absence between two of the largest entries, each at the greatest depth."""
    path = (InnerOp(b"\x01", bytes(32)),) * DEPTH_MAX
    side = ExistenceProof(bytes(STATE_KEY_BYTES_MAX), bytes(STATE_VALUE_BYTES_MAX), path)
    encoded = encode_proof(NonExistenceProof(bytes(STATE_KEY_BYTES_MAX), side, side))
    assert len(encoded) <= PROOF_ENCODED_BYTES_MAX < len(encoded) + 3 * 64
    assert decode_proof(encoded) is not None


@pytest.mark.parametrize(
    ("length", "written"),
    [(1, "01"), (127, "7f"), (128, "8001"), (129, "8101"), (255, "ff01"), (256, "8002"), (16_383, "ff7f"),
     (16_384, "808001"), (16_385, "818001"), (1_048_576, "808040")],
)  # fmt: skip
def test_lengths_are_written_as_protobuf_says(length: int, written: str) -> None:
    """Seven bits a byte, the lowest first, the highest bit of all but the last byte set."""
    proof = ExistenceProof(b"k", b"v" * length, ())
    encoded = encode_proof(proof)
    assert b"\x0a\x01k\x12" + bytes.fromhex(written) + b"v" in encoded
    assert decode_proof(encoded) == proof


def test_every_message_within_a_proof_refuses_bytes_after_its_end() -> None:
    """Each message that holds the spoilt one is given its new length, so that nothing else is wrong."""
    step = b"\x08\x01" + with_length(0x12, b"\x01") + with_length(0x1A, bytes(32))
    spoilt = b"\x00"
    for at in range(4):
        leaf, inner, side, absence = (spoilt if at == place else b"" for place in range(4))
        one = KEY + VALUE + with_length(0x1A, LEAF_OPERATION + leaf) + with_length(0x22, step + inner) + side
        assert (decode_proof(with_length(0x0A, one)) is None) == (at < 3)
        for tag in (0x12, 0x1A):
            assert decode_proof(with_length(0x12, KEY + with_length(tag, one) + absence)) is None
    whole = KEY + VALUE + LEAF_FIELD + with_length(0x22, step)
    assert decode_proof(with_length(0x0A, whole)) is not None
    assert decode_proof(with_length(0x12, KEY + with_length(0x12, whole))) is not None
    assert decode_proof(with_length(0x12, KEY + with_length(0x12, whole)) + spoilt) is None


class Spoilt:
    """A tree of which one record reads otherwise."""

    def __init__(self, place: bytes, record: bytes | None) -> None:
        self._place = place
        self._record = record

    def get(self, key: bytes, /) -> bytes | None:
        return self._record if key == self._place else TREE.get(key)


def test_a_node_that_is_missing_or_no_record_is_damage_wherever_a_proof_needs_it() -> None:
    """A node that a proof does not need spoils nothing. (The root is left out: a tree without one is empty.)"""
    for key in (*BY_PATH[::20], *ABSENT[:5]):
        proof, named = proof_of(key), set()
        for place, record in list(TREE.scan(b""))[1:]:
            for instead in (None, b"", b"\x02" + record[1:], record[:33]):
                found = proved_or_damaged(Spoilt(place, instead), key)
                assert found in (proof, place)
                named.add(found)
        assert len(named) > 1


def proved_or_damaged(tree: Spoilt, key: bytes) -> Proof | bytes:
    """The proof, or the place that is found damaged."""
    try:
        return prove(tree, CONTENTS.get, key)
    except StoreDamaged as damage:
        return damage.key


def test_an_inner_node_without_children_is_damage() -> None:
    """Nothing in the tree puts one there; a search for a neighbour would not end at a leaf."""
    tree = MemoryStore()
    tree.commit([(b"n\x00\x00", b"\x01" + bytes([1]) * 32 + bytes(32)), (b"n\x00\x01\x00", b"\x01" + bytes(64))])
    with pytest.raises(StoreDamaged) as damaged:
        prove(tree, NOTHING.get, absent_between(BY_PATH[-1], None))
    assert damaged.value.key == b"n\x00\x01\x00"


def test_a_state_that_is_not_the_trees_is_damage() -> None:
    with pytest.raises(StoreDamaged) as damaged:
        prove(TREE, {**CONTENTS, b"case 7": b"another"}.get, b"case 7")
    assert damaged.value.key == b"case 7"
    with pytest.raises(StoreDamaged):
        prove(TREE, NOTHING.get, b"absent 1")


# The vectors that implementations of ICS-23 test each other with; the file names their source.
PUBLISHED = json.loads((Path(__file__).parent / "ics23_vectors.json").read_text("utf-8"))["vectors"]


@pytest.mark.parametrize("name", ["exist_left", "exist_middle", "exist_right"])
def test_the_published_presences_verify(name: str) -> None:
    root, proof, key, value = published(name)
    assert verify_existence(root, proof, key, value)
    assert not verify_existence(root, proof, key, value + b"x")


@pytest.mark.parametrize("name", ["nonexist_left", "nonexist_middle", "nonexist_right"])
def test_the_published_absences_verify(name: str) -> None:
    root, proof, key, _ = published(name)
    assert verify_absence(root, proof, key)
    assert not verify_absence(root, proof, key + b"x")


def published(name: str) -> tuple[bytes, Proof, bytes, bytes]:
    root, data, key, value = (bytes.fromhex(PUBLISHED[name][part]) for part in ("root", "proof", "key", "value"))
    proof = decode_proof(data)
    assert proof is not None
    assert encode_proof(proof) == data
    return root, proof, key, value
