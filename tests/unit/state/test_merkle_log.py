"""RFC 6962 and RFC 9162: the worked tree of eight leaves that certificate transparency logs test each other with.

Its leaves and roots stand in transparency-dev/merkle, testonly/constants.go.
"""

from __future__ import annotations

from hashlib import sha256

import pytest

from runtime.merkle_log import (
    EMPTY_LOG,
    CompactLog,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    log_root,
    verify_consistency,
    verify_inclusion,
)

LEAVES = tuple(
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
)

# By size, from the empty log on.
ROOTS = tuple(
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
)

HASH_0 = bytes.fromhex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
HASH_1 = bytes.fromhex("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7")
HASH_2 = bytes.fromhex("0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7")
HASH_4 = bytes.fromhex("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")
HASH_01 = bytes.fromhex("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")
HASH_23 = bytes.fromhex("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e")
HASH_45 = bytes.fromhex("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a")
HASH_67 = bytes.fromhex("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0")
HASH_0123 = bytes.fromhex("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")
HASH_4567 = bytes.fromhex("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")


@pytest.mark.parametrize("size", range(9))
def test_the_root_of_each_size_is_the_published_one(size: int) -> None:
    assert log_root(LEAVES[:size]) == ROOTS[size]


def test_a_log_that_grows_has_the_published_root_at_each_size() -> None:
    log = EMPTY_LOG
    roots = [log.root()]
    for leaf in LEAVES:
        log = log.append(leaf)
        roots.append(log.root())
    assert tuple(roots) == ROOTS


@pytest.mark.parametrize(
    ("size", "hashes"),
    [
        (1, (HASH_0,)),
        (2, (HASH_01,)),
        (3, (HASH_01, HASH_2)),
        (4, (HASH_0123,)),
        (5, (HASH_0123, HASH_4)),
        (6, (HASH_0123, HASH_45)),
    ],
)
def test_a_compact_log_keeps_the_roots_of_its_full_subtrees(size: int, hashes: tuple[bytes, ...]) -> None:
    log = EMPTY_LOG
    for leaf in LEAVES[:size]:
        log = log.append(leaf)
    assert log == CompactLog(size, hashes)


# The proofs follow from the definition in RFC 9162, 2.1.3 and 2.1.4, and the hashes above.
@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, ()),
        (0, 2, (HASH_1,)),
        (0, 8, (HASH_1, HASH_23, HASH_4567)),
        (2, 3, (HASH_01,)),
        (4, 5, (HASH_0123,)),
        (5, 8, (HASH_4, HASH_67, HASH_0123)),
        (6, 7, (HASH_45, HASH_0123)),
    ],
)
def test_inclusion_proofs_are_those_of_the_rfc(index: int, size: int, proof: tuple[bytes, ...]) -> None:
    assert inclusion_proof(LEAVES[:size], index) == proof
    assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize(
    ("old_size", "new_size", "proof"),
    [
        (1, 1, ()),
        (1, 8, (HASH_1, HASH_23, HASH_4567)),
        (2, 5, (HASH_23, HASH_4)),
        (3, 4, (HASH_2, leaf_hash(LEAVES[3]), HASH_01)),
        (4, 8, (HASH_4567,)),
        (6, 8, (HASH_45, HASH_67, HASH_0123)),
    ],
)
def test_consistency_proofs_are_those_of_the_rfc(old_size: int, new_size: int, proof: tuple[bytes, ...]) -> None:
    assert consistency_proof(LEAVES[:new_size], old_size) == proof
    assert verify_consistency(old_size, new_size, proof, ROOTS[old_size], ROOTS[new_size])


def test_every_leaf_and_every_beginning_of_logs_of_any_shape_is_proved() -> None:
    leaves = [b"leaf %d" % number for number in range(34)]
    roots = [log_root(leaves[:size]) for size in range(35)]
    for size in range(1, 35):
        for index in range(size):
            proof = inclusion_proof(leaves[:size], index)
            assert verify_inclusion(leaves[index], index, size, proof, roots[size])
        for old_size in range(1, size + 1):
            proof = consistency_proof(leaves[:size], old_size)
            assert verify_consistency(old_size, size, proof, roots[old_size], roots[size])


def wrong_proofs(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    wrong = [(*proof, bytes(32)), (bytes(32), *proof), (*proof, b"")]
    wrong.extend(proof[:at] + proof[at + 1 :] for at in range(len(proof)))
    wrong.extend((*proof[:at], proof[at][:-1], *proof[at + 1 :]) for at in range(len(proof)))
    wrong.extend((*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]) for at in range(len(proof)))
    return wrong


def test_a_changed_inclusion_proof_shows_nothing() -> None:
    for size in range(1, 9):
        for index in range(size):
            proof = inclusion_proof(LEAVES[:size], index)
            for wrong in wrong_proofs(proof):
                assert not verify_inclusion(LEAVES[index], index, size, wrong, ROOTS[size])
            for other in range(-1, size + 1):
                assert verify_inclusion(LEAVES[index], other, size, proof, ROOTS[size]) == (other == index)
            assert not verify_inclusion(LEAVES[index] + b"x", index, size, proof, ROOTS[size])
            assert not verify_inclusion(LEAVES[index], index, size, proof, bytes(32))


def test_a_changed_consistency_proof_shows_nothing() -> None:
    for new_size in range(2, 9):
        for old_size in range(1, new_size):
            proof = consistency_proof(LEAVES[:new_size], old_size)
            for wrong in wrong_proofs(proof):
                assert not verify_consistency(old_size, new_size, wrong, ROOTS[old_size], ROOTS[new_size])
            assert not verify_consistency(old_size, new_size, proof, bytes(32), ROOTS[new_size])
            assert not verify_consistency(old_size, new_size, proof, ROOTS[old_size], bytes(32))
            assert not verify_consistency(new_size, old_size, proof, ROOTS[new_size], ROOTS[old_size])


def test_a_log_is_the_beginning_of_itself_without_hashes_and_of_no_other_of_its_size() -> None:
    for size in range(1, 9):
        assert verify_consistency(size, size, (), ROOTS[size], ROOTS[size])
        assert not verify_consistency(size, size, (ROOTS[size],), ROOTS[size], ROOTS[size])
        assert not verify_consistency(size, size, (), ROOTS[size], bytes(32))


def test_no_hashes_prove_nothing_of_a_log_that_has_grown() -> None:
    for new_size in range(2, 9):
        for old_size in range(1, new_size):
            assert not verify_consistency(old_size, new_size, (), ROOTS[old_size], ROOTS[new_size])
        assert not verify_inclusion(LEAVES[0], 0, new_size, (), leaf_hash(LEAVES[0]))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_step_that_is_no_hash_proves_nothing_even_under_a_root_made_for_it(length: int) -> None:
    step = bytes(length)
    root = hashed_pair(HASH_0, step)
    assert not verify_inclusion(LEAVES[0], 0, 2, (step,), root)
    assert not verify_consistency(1, 2, (step,), HASH_0, root)
    sound = bytes(32)
    assert verify_inclusion(LEAVES[0], 0, 2, (sound,), hashed_pair(HASH_0, sound))
    assert verify_consistency(1, 2, (sound,), HASH_0, hashed_pair(HASH_0, sound))


def hashed_pair(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def test_the_beginning_of_an_empty_log_proves_nothing() -> None:
    assert not verify_consistency(0, 8, (), ROOTS[0], ROOTS[8])
    assert not verify_consistency(0, 0, (), ROOTS[0], ROOTS[0])
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 0)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)


@pytest.mark.parametrize("index", [-1, 8])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, index)


def test_a_proof_of_absurd_size_is_refused_at_once() -> None:
    assert not verify_inclusion(b"", 0, 2**63, (bytes(32),) * 100_000, ROOTS[1])
    assert not verify_consistency(1, 2**63, (bytes(32),) * 100_000, ROOTS[1], ROOTS[8])
