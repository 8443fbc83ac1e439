"""Signatures: the vectors of the standards, one form for each signature, and no bytes that raise."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from runtime.crypto.measure import measure_suites
from runtime.crypto.points import (
    ED25519_ORDER,
    ED25519_PRIME,
    P256_ORDER,
    P256_PRIME,
    is_sound_ed25519_key,
    p256_compress,
    p256_decompress,
)
from runtime.crypto.suites import (
    SUITE_NAMES,
    SUITES,
    KeyUnreadableError,
    decode_private_key,
    encode_private_key,
    is_sound_public_key,
    make_private_key,
    private_key_from_seed,
    seeded_keys,
    sign,
    verify,
)

RFC_8032 = [  # section 7.1, tests 1 to 3: private key, public key, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
            "655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
            "b00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
            "c027beceea1ec40a"
        ),
    ),
]

# RFC 6979, A.2.5: P-256 with SHA-256. The s of "sample" lies in the upper half, that of "test" in the lower.
RFC_6979_KEY = bytes.fromhex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721")
RFC_6979_X = bytes.fromhex("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6")
RFC_6979_Y = bytes.fromhex("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299")
RFC_6979_PUBLIC = b"\x03" + RFC_6979_X  # y is odd
RFC_6979_SAMPLE = (
    0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
    0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
)
RFC_6979_TEST = (
    0xF1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367,
    0x019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083,
)
P256 = "ecdsa-p256-sha256"


def joined(r: int, s: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@pytest.mark.parametrize(("private", "public", "message", "signature"), RFC_8032)
def test_ed25519_gives_the_vectors_of_rfc_8032(private: str, public: str, message: str, signature: str) -> None:
    key = private_key_from_seed("ed25519", bytes.fromhex(private))
    assert key.public_key.hex() == public
    assert sign("ed25519", key, bytes.fromhex(message)).hex() == signature
    assert verify("ed25519", bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


def test_ecdsa_gives_the_vectors_of_rfc_6979_with_the_low_s() -> None:
    key = private_key_from_seed(P256, RFC_6979_KEY)
    assert key.public_key == RFC_6979_PUBLIC
    r, high_s = RFC_6979_SAMPLE
    assert sign(P256, key, b"sample") == joined(r, P256_ORDER - high_s)
    assert sign(P256, key, b"test") == joined(*RFC_6979_TEST)


def test_of_two_ecdsa_signatures_the_one_with_the_high_s_is_refused() -> None:
    r, high_s = RFC_6979_SAMPLE
    assert verify(P256, RFC_6979_PUBLIC, b"sample", joined(r, P256_ORDER - high_s))
    assert not verify(P256, RFC_6979_PUBLIC, b"sample", joined(r, high_s))
    r, low_s = RFC_6979_TEST
    assert verify(P256, RFC_6979_PUBLIC, b"test", joined(r, low_s))
    assert not verify(P256, RFC_6979_PUBLIC, b"test", joined(r, P256_ORDER - low_s))


def test_an_ed25519_scalar_beyond_the_order_is_refused() -> None:
    _, public, _, signature = RFC_8032[0]
    scalar = int.from_bytes(bytes.fromhex(signature)[32:], "little") + ED25519_ORDER
    beyond = bytes.fromhex(signature)[:32] + scalar.to_bytes(32, "little")
    assert not verify("ed25519", bytes.fromhex(public), b"", beyond)


@pytest.mark.parametrize("r", [0, P256_ORDER, 2**256 - 1])
def test_an_ecdsa_number_out_of_range_is_refused(r: int) -> None:
    assert not verify(P256, RFC_6979_PUBLIC, b"test", joined(r, RFC_6979_TEST[1]))
    assert not verify(P256, RFC_6979_PUBLIC, b"test", joined(RFC_6979_TEST[0], r))


@pytest.mark.parametrize(
    "encoded",
    [
        (1).to_bytes(32, "little"),  # the neutral point
        (ED25519_PRIME - 1).to_bytes(32, "little"),  # order 2
        bytes(32),  # order 4
        bytes(31) + b"\x80",  # order 4
        # the four of order 8, as listed by "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020)
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
        # not the one encoding
        (ED25519_PRIME).to_bytes(32, "little"),
        (ED25519_PRIME + 1).to_bytes(32, "little"),
        (1 | 1 << 255).to_bytes(32, "little"),  # x is 0 and has no sign
        (2).to_bytes(32, "little"),  # no point has this y
        bytes(31),
        bytes(33),
    ],
)
def test_an_unsound_ed25519_key_is_refused(encoded: bytes) -> None:
    assert not is_sound_ed25519_key(encoded)
    assert not is_sound_public_key("ed25519", encoded)


def test_a_signature_under_a_key_of_small_order_never_verifies() -> None:
    """With the neutral point as the key, R the neutral point and S zero satisfy the equation for every message."""
    neutral = (1).to_bytes(32, "little")
    forged = neutral + bytes(32)
    Ed25519PublicKey.from_public_bytes(neutral).verify(forged, b"anything")  # the library by itself accepts it
    assert not verify("ed25519", neutral, b"anything", forged)


def test_points_of_p256_are_compressed_and_found_again() -> None:
    uncompressed = b"\x04" + RFC_6979_X + RFC_6979_Y
    assert p256_compress(uncompressed) == RFC_6979_PUBLIC
    assert p256_decompress(RFC_6979_PUBLIC) == uncompressed


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        bytes(33),
        b"\x04" + RFC_6979_X,
        RFC_6979_PUBLIC + b"\0",
        b"\x02" + P256_PRIME.to_bytes(32, "big"),
        b"\x02" + (2**256 - 1).to_bytes(32, "big"),
    ],
)
def test_an_unsound_p256_key_is_refused(encoded: bytes) -> None:
    assert p256_decompress(encoded) is None
    assert not is_sound_public_key(P256, encoded)


def test_a_point_beside_the_curve_is_refused() -> None:
    assert p256_compress(b"\x04" + RFC_6979_X + RFC_6979_X) is None
    assert p256_compress(RFC_6979_PUBLIC) is None


@given(st.integers(min_value=0, max_value=2**256 - 1), st.sampled_from([2, 3]))
def test_decompression_agrees_with_the_library(x: int, prefix: int) -> None:
    encoded = bytes((prefix,)) + x.to_bytes(32, "big")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), encoded)
        numbers = key.public_numbers()
        expected: bytes | None = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    except ValueError:
        expected = None
    assert p256_decompress(encoded) == expected


@pytest.mark.parametrize("suite", SUITE_NAMES)
@given(message=st.binary(max_size=200), seed=st.binary(min_size=32, max_size=32), where=st.integers(0, 511))
def test_a_signature_verifies_and_no_other_does(suite: str, message: bytes, seed: bytes, where: int) -> None:
    key = private_key_from_seed(suite, seed)
    signature = sign(suite, key, message)
    assert verify(suite, key.public_key, message, signature)
    changed = bytearray(signature)
    changed[where // 8] ^= 1 << (where % 8)
    assert not verify(suite, key.public_key, message, bytes(changed))
    assert not verify(suite, key.public_key, message + b"\0", signature)
    assert not verify(suite, key.public_key, message, signature + b"\0")
    other = next(name for name in SUITE_NAMES if name != suite)
    assert not verify(other, key.public_key, message, signature)


@given(
    suite=st.sampled_from([*SUITE_NAMES, "sm2-sm3", ""]),
    public_key=st.one_of(st.binary(max_size=70), st.binary(min_size=32, max_size=33), st.just(RFC_6979_PUBLIC)),
    message=st.binary(max_size=70),
    signature=st.one_of(st.binary(max_size=140), st.binary(min_size=64, max_size=64)),
)
def test_garbage_never_raises_and_never_verifies(
    suite: str, public_key: bytes, message: bytes, signature: bytes
) -> None:
    assert verify(suite, public_key, message, signature) is False


@pytest.mark.parametrize("row", SUITES, ids=lambda row: row.name)
def test_sizes_are_as_the_table_says(row: object) -> None:
    suite = next(one for one in SUITES if one is row)
    key = make_private_key(suite.name)
    assert len(key.public_key) == suite.public_key_size_bytes
    assert len(sign(suite.name, key, b"")) == suite.signature_size_bytes


def test_names_of_suites_never_change() -> None:
    assert SUITE_NAMES == ("ed25519", "ecdsa-p256-sha256")


@pytest.mark.parametrize("suite", SUITE_NAMES)
def test_a_private_key_survives_its_file_form(suite: str) -> None:
    key = make_private_key(suite)
    pem = encode_private_key(key)
    assert pem.startswith(b"-----BEGIN PRIVATE KEY-----\n")
    again = decode_private_key(pem)
    assert again == key
    assert verify(suite, key.public_key, b"message", sign(suite, again, b"message"))


@pytest.mark.parametrize("suite", SUITE_NAMES)
def test_a_private_key_does_not_show(suite: str) -> None:
    seed = bytes(range(1, 33))
    shown = repr(private_key_from_seed(suite, seed))
    assert seed.hex() not in shown
    assert "native" not in shown


@pytest.mark.parametrize("pem", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_refused(pem: bytes) -> None:
    with pytest.raises(KeyUnreadableError):
        decode_private_key(pem)


def test_a_key_of_another_algorithm_or_too_large_is_refused() -> None:
    others = (ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048))
    for other in others:
        with pytest.raises(KeyUnreadableError):
            decode_private_key(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyUnreadableError):
        decode_private_key(encode_private_key(make_private_key("ed25519")) + b"\n" * 4_096)


def test_a_key_signs_under_its_own_suite_alone() -> None:
    with pytest.raises(ValueError, match="cannot sign under"):
        sign(P256, make_private_key("ed25519"), b"")


@pytest.mark.parametrize("suite", SUITE_NAMES)
def test_seeded_keys_follow_from_seed_suite_and_label(suite: str) -> None:
    make = seeded_keys(b"rehearsal")
    assert make(suite, "Guangzhou/city") == seeded_keys(b"rehearsal")(suite, "Guangzhou/city")
    others = [make(suite, "Guangzhou/authority"), seeded_keys(b"other")(suite, "Guangzhou/city")]
    assert make(suite, "Guangzhou/city") not in others
    with pytest.raises(ValueError, match="32 bytes"):
        private_key_from_seed(suite, bytes(31))


@pytest.mark.parametrize("number", [0, P256_ORDER - 1, P256_ORDER, 2**256 - 1])
def test_every_seed_is_a_key_of_p256(number: int) -> None:
    assert len(private_key_from_seed(P256, number.to_bytes(32, "big")).public_key) == 33


def test_the_measurement_gives_a_rate_for_each_slice_of_each_suite() -> None:
    rates = measure_suites(slice_count=2, slice_ms=2)
    assert tuple(rate.suite for rate in rates) == SUITE_NAMES
    assert all(
        len(slices) == 2 and min(slices) > 0
        for rate in rates
        for slices in (rate.sign_per_second, rate.verify_per_second)
    )
