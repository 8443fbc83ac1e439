"""What is in the state can be proved to be there, what is not can be proved not to be, and nothing else can."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.limits import PROOF_BYTES_MAX
from runtime.state.memory import MemoryStore
from runtime.state.proofs import (
    ExistenceProof,
    NonExistenceProof,
    decode_proof,
    encode_proof,
    prove,
    verify_absence,
    verify_existence,
)
from runtime.state.tree import apply_changes, root_of
from tests.unit.state.ics23 import Spec, shows_absence, shows_existence

KEYS = st.binary(min_size=1, max_size=3)
CONTENTS = st.dictionaries(KEYS, st.binary(min_size=1, max_size=4), max_size=40)


def tree_of(contents: dict[bytes, bytes]) -> MemoryStore:
    store = MemoryStore()
    store.commit(apply_changes(store, list(contents.items())).node_writes)
    return store


def shows(root: bytes, data: bytes, key: bytes, value: bytes | None) -> bool:
    """Whether these bytes are a proof that convinces us of this value (None: of its absence)."""
    proof = decode_proof(data)
    if proof is None:
        return False
    return verify_absence(root, proof, key) if value is None else verify_existence(root, proof, key, value)


@given(CONTENTS, st.lists(KEYS, max_size=8))
def test_presence_and_absence_are_proved_to_us_and_to_a_second_verifier(
    contents: dict[bytes, bytes], others: list[bytes]
) -> None:
    tree = tree_of(contents)
    root = root_of(tree)
    for key in [*contents, *others]:
        value = contents.get(key)
        proof = prove(tree, contents.get, key)
        data = encode_proof(proof)
        assert len(data) <= PROOF_BYTES_MAX
        assert decode_proof(data) == proof
        assert shows(root, data, key, value)
        if value is not None:
            assert isinstance(proof, ExistenceProof)
            assert shows_existence(root, data, key, value, Spec())
        else:
            assert isinstance(proof, NonExistenceProof)
            assert shows_absence(root, data, key, Spec()) or not contents


@given(CONTENTS, KEYS, st.data())
def test_a_proof_with_any_byte_changed_shows_nothing(
    contents: dict[bytes, bytes], key: bytes, data: st.DataObject
) -> None:
    tree = tree_of(contents)
    root = root_of(tree)
    encoded = encode_proof(prove(tree, contents.get, key))
    for _ in range(10):
        position = data.draw(st.integers(0, len(encoded) - 1))
        flipped = encoded[position] ^ data.draw(st.integers(1, 255))
        changed = encoded[:position] + bytes([flipped]) + encoded[position + 1 :]
        assert not shows(root, changed, key, contents.get(key))


@given(CONTENTS, CONTENTS, KEYS)
def test_a_proof_shows_nothing_of_another_state(
    contents: dict[bytes, bytes], other: dict[bytes, bytes], key: bytes
) -> None:
    tree, root = tree_of(contents), root_of(tree_of(other))
    proof = encode_proof(prove(tree, contents.get, key))
    assert shows(root, proof, key, contents.get(key)) == (contents == other)


@given(st.dictionaries(KEYS, st.binary(min_size=1, max_size=4), min_size=3, max_size=40), st.data())
def test_no_two_honest_paths_deny_an_entry(contents: dict[bytes, bytes], data: st.DataObject) -> None:
    """Whatever two entries stand at the sides, and whichever side is left out."""
    tree = tree_of(contents)
    root = root_of(tree)
    hidden = data.draw(st.sampled_from(sorted(contents)))
    sides = [key for key in sorted(contents) if key != hidden]
    for _ in range(6):
        left, right = (data.draw(st.none() | st.sampled_from(sides)) for _ in range(2))
        forged = NonExistenceProof(
            hidden,
            None if left is None else _existence(tree, contents, left),
            None if right is None else _existence(tree, contents, right),
        )
        assert not verify_absence(root, forged, hidden)


def _existence(tree: MemoryStore, contents: dict[bytes, bytes], key: bytes) -> ExistenceProof:
    proof = prove(tree, contents.get, key)
    assert isinstance(proof, ExistenceProof)
    return proof


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    proof = decode_proof(data)
    assert proof is None or encode_proof(proof) == data


@given(CONTENTS, KEYS, st.data())
def test_what_is_decoded_is_the_one_encoding(contents: dict[bytes, bytes], key: bytes, data: st.DataObject) -> None:
    encoded = bytearray(encode_proof(prove(tree_of(contents), contents.get, key)))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(encoded) - 1))
        match data.draw(st.sampled_from(("change", "insert", "remove"))):
            case "change":
                encoded[position] = data.draw(st.integers(0, 255))
            case "insert":
                encoded.insert(position, data.draw(st.integers(0, 255)))
            case _ if len(encoded) > 1:
                del encoded[position]
            case _:
                pass
    proof = decode_proof(bytes(encoded))
    assert proof is None or encode_proof(proof) == bytes(encoded)
