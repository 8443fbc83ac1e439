"""Signature suites behind two functions: `sign` and `verify`. Relies on the native code of `cryptography`.

Every signature has one form only. Ed25519 is RFC 8032; its verification refuses a scalar that is not reduced and keys
of small order. ECDSA is FIPS 186-5 over P-256 with SHA-256, written r ‖ s in 64 bytes with s in the lower half of its
range, and its signing draws no random numbers (RFC 6979). So no one can turn a valid signature into another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from runtime.crypto.points import ED25519_ORDER, P256_ORDER, is_sound_ed25519_key, p256_compress, p256_decompress

PUBLIC_KEYS_CACHED_MAX = 4_096
"""Parsed public keys kept ready: the signers of several full blocks. A parsed key takes a few kilobytes."""

PRIVATE_KEY_FILE_BYTES_MAX = 4_096

NativePrivateKey: TypeAlias = Ed25519PrivateKey | EllipticCurvePrivateKey
NativePublicKey: TypeAlias = Ed25519PublicKey | EllipticCurvePublicKey


class KeyUnreadableError(Exception):
    """A file of a private key is not one of ours; the text says why, and never shows the key."""


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key and the raw bytes of its public key. The key itself does not show in a representation."""

    suite: str
    public_key: bytes
    native: NativePrivateKey = field(repr=False, compare=False)


def verify(suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the signature over the message verifies. Never raises, whatever the bytes are."""
    row = _ROWS.get(suite)
    if row is None or len(signature) != row.signature_size_bytes:
        return False
    native = _public_key(suite, public_key)
    return native is not None and row.verify(native, message, signature)


def sign(suite: str, private_key: PrivateKey, message: bytes) -> bytes:
    """Return the signature over the message. Raises ValueError if the key is of another suite."""
    if private_key.suite != suite:
        raise ValueError(f"a key of {private_key.suite} cannot sign under {suite}")
    return _ROWS[suite].sign(private_key.native, message)


def is_sound_public_key(suite: str, public_key: bytes) -> bool:
    """Return whether these are the raw bytes of a public key of the suite, in their one encoding."""
    return _public_key(suite, public_key) is not None


def make_private_key(suite: str) -> PrivateKey:
    """Return a new private key from the system's source of randomness. Raises KeyError for an unknown suite."""
    return _wrap(suite, _ROWS[suite].generate())


def private_key_from_seed(suite: str, seed: bytes) -> PrivateKey:
    """Return the private key that a seed of 32 bytes stands for, always the same. Raises ValueError for another size.

    Ed25519: the seed is the private key of RFC 8032. P-256: the scalar is the seed as a number, reduced to 1 … n-1.
    """
    if len(seed) != 32:
        raise ValueError("a seed has 32 bytes")
    return _wrap(suite, _ROWS[suite].from_seed(seed))


def seeded_keys(seed: bytes) -> Callable[[str, str], PrivateKey]:
    """Return a maker of keys that follow from the seed, the suite and a label. For tests and rehearsals only."""

    def make(suite: str, label: str) -> PrivateKey:
        text = f"{suite}\0{label}\0".encode()
        return private_key_from_seed(suite, sha256(b"gbalang:seeded-key\0" + text + seed).digest())

    return make


def encode_private_key(private_key: PrivateKey) -> bytes:
    """Return the key as PKCS#8 in PEM (RFC 5958, RFC 7468), not encrypted: the file's mode protects it."""
    return private_key.native.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def decode_private_key(pem: bytes) -> PrivateKey:
    """Return the key of a PKCS#8 PEM. Raises KeyUnreadableError."""
    if len(pem) > PRIVATE_KEY_FILE_BYTES_MAX:
        raise KeyUnreadableError(f"larger than {PRIVATE_KEY_FILE_BYTES_MAX} bytes")
    try:
        native = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnreadableError("not an unencrypted private key in PKCS#8 PEM") from error
    if isinstance(native, Ed25519PrivateKey):
        return _wrap("ed25519", native)
    if isinstance(native, EllipticCurvePrivateKey) and isinstance(native.curve, SECP256R1):
        return _wrap("ecdsa-p256-sha256", native)
    raise KeyUnreadableError("a key of an algorithm that no suite uses")


@lru_cache(maxsize=PUBLIC_KEYS_CACHED_MAX)
def _public_key(suite: str, public_key: bytes) -> NativePublicKey | None:
    row = _ROWS.get(suite)
    return None if row is None else row.parse_public_key(public_key)


def _wrap(suite: str, native: NativePrivateKey) -> PrivateKey:
    return PrivateKey(suite, _ROWS[suite].public_key_of(native), native)


# ------------------------------------------------------------------------------------------------------------ Ed25519


def _ed25519_from_seed(seed: bytes) -> NativePrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _ed25519_public_key_of(native: NativePrivateKey) -> bytes:
    assert isinstance(native, Ed25519PrivateKey)
    return native.public_key().public_bytes_raw()


def _ed25519_parse_public_key(public_key: bytes) -> NativePublicKey | None:
    return Ed25519PublicKey.from_public_bytes(public_key) if is_sound_ed25519_key(public_key) else None


def _ed25519_sign(native: NativePrivateKey, message: bytes) -> bytes:
    assert isinstance(native, Ed25519PrivateKey)
    return native.sign(message)


def _ed25519_verify(native: NativePublicKey, message: bytes, signature: bytes) -> bool:
    assert isinstance(native, Ed25519PublicKey)
    if int.from_bytes(signature[32:], "little") >= ED25519_ORDER:
        return False
    try:
        native.verify(signature, message)
    except InvalidSignature:
        return False
    return True


# -------------------------------------------------------------------------------------------------- ECDSA over P-256


def _p256_generate() -> NativePrivateKey:
    return generate_private_key(SECP256R1())


def _p256_from_seed(seed: bytes) -> NativePrivateKey:
    return derive_private_key(1 + (int.from_bytes(seed, "big") - 1) % (P256_ORDER - 1), SECP256R1())


def _p256_public_key_of(native: NativePrivateKey) -> bytes:
    uncompressed = native.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    compressed = p256_compress(uncompressed)
    assert compressed is not None, "the library's points lie on the curve"
    return compressed


def _p256_parse_public_key(public_key: bytes) -> NativePublicKey | None:
    uncompressed = p256_decompress(public_key)
    return None if uncompressed is None else EllipticCurvePublicKey.from_encoded_point(SECP256R1(), uncompressed)


def _p256_sign(native: NativePrivateKey, message: bytes) -> bytes:
    assert isinstance(native, EllipticCurvePrivateKey)
    r, s = decode_dss_signature(native.sign(message, ECDSA(hashes.SHA256(), deterministic_signing=True)))
    return r.to_bytes(32, "big") + min(s, P256_ORDER - s).to_bytes(32, "big")


def _p256_verify(native: NativePublicKey, message: bytes, signature: bytes) -> bool:
    assert isinstance(native, EllipticCurvePublicKey)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < P256_ORDER and 0 < s <= P256_ORDER // 2):
        return False
    try:
        native.verify(encode_dss_signature(r, s), message, _ECDSA)
    except InvalidSignature:
        return False
    return True


_ECDSA = ECDSA(hashes.SHA256())


# ------------------------------------------------------------------------------------------------------------- table


@dataclass(frozen=True, slots=True)
class Suite:
    """One suite. `verify` is given a signature of the right size."""

    name: str
    public_key_size_bytes: int
    signature_size_bytes: int
    generate: Callable[[], NativePrivateKey]
    from_seed: Callable[[bytes], NativePrivateKey]
    public_key_of: Callable[[NativePrivateKey], bytes]
    parse_public_key: Callable[[bytes], NativePublicKey | None]
    sign: Callable[[NativePrivateKey, bytes], bytes]
    verify: Callable[[NativePublicKey, bytes, bytes], bool]


SUITES: tuple[Suite, ...] = (
    Suite(
        name="ed25519",
        public_key_size_bytes=32,
        signature_size_bytes=64,
        generate=Ed25519PrivateKey.generate,
        from_seed=_ed25519_from_seed,
        public_key_of=_ed25519_public_key_of,
        parse_public_key=_ed25519_parse_public_key,
        sign=_ed25519_sign,
        verify=_ed25519_verify,
    ),
    Suite(
        name="ecdsa-p256-sha256",
        public_key_size_bytes=33,
        signature_size_bytes=64,
        generate=_p256_generate,
        from_seed=_p256_from_seed,
        public_key_of=_p256_public_key_of,
        parse_public_key=_p256_parse_public_key,
        sign=_p256_sign,
        verify=_p256_verify,
    ),
)
"""The names travel in certificates and in the state, and are frozen."""

_ROWS = {row.name: row for row in SUITES}
SUITE_NAMES: tuple[str, ...] = tuple(row.name for row in SUITES)
