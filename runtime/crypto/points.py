"""Points of the two curves, as far as a public key must be checked before it is used. Standard library alone.

A library's own checks differ between its versions, and what is accepted as a key must not differ between cities. These
are public values, so nothing here needs to run in constant time.

Sources: SEC 1 (2.3.3, 2.3.4) and FIPS 186-5 for P-256; RFC 8032 (5.1.3) for Ed25519.
"""

from __future__ import annotations

P256_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

ED25519_PRIME = 2**255 - 19
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
ED25519_D = -121665 * pow(121666, -1, ED25519_PRIME) % ED25519_PRIME
ED25519_SQRT_OF_MINUS_ONE = pow(2, (ED25519_PRIME - 1) // 4, ED25519_PRIME)

assert P256_PRIME % 4 == 3, "the square root below needs it"


def p256_compress(uncompressed: bytes) -> bytes | None:
    """Return the 33 bytes of a point given as 65 (04 ‖ x ‖ y), or None if it is no point of the curve."""
    if len(uncompressed) != 65 or uncompressed[0] != 4:
        return None
    compressed = bytes((2 | uncompressed[64] & 1,)) + uncompressed[1:33]
    return compressed if p256_decompress(compressed) == uncompressed else None


def p256_decompress(compressed: bytes) -> bytes | None:
    """Return the 65 bytes (04 ‖ x ‖ y) of a point given as 33, or None if there is no such point."""
    if len(compressed) != 33 or compressed[0] not in {2, 3}:
        return None
    x = int.from_bytes(compressed[1:], "big")
    if x >= P256_PRIME:
        return None
    square = (x * x * x - 3 * x + P256_B) % P256_PRIME
    y = pow(square, (P256_PRIME + 1) // 4, P256_PRIME)
    if y * y % P256_PRIME != square:
        return None
    if y & 1 != compressed[0] & 1:
        y = P256_PRIME - y  # y is never 0: the order of the curve is an odd prime
    return b"\x04" + compressed[1:] + y.to_bytes(32, "big")


def is_sound_ed25519_key(encoded: bytes) -> bool:
    """Return whether the 32 bytes are the one encoding of a point, and not of one of the eight of small order.

    Under a key of small order one signature can verify for many messages.
    """
    point = _ed25519_decode(encoded)
    if point is None:
        return False
    x, y = point
    for _ in range(3):
        x, y = _ed25519_double(x, y)
    return (x, y) != (0, 1)


def _ed25519_decode(encoded: bytes) -> tuple[int, int] | None:
    if len(encoded) != 32:
        return None
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= ED25519_PRIME:
        return None
    u = (y * y - 1) % ED25519_PRIME
    v = (ED25519_D * y * y + 1) % ED25519_PRIME
    x = u * v**3 * pow(u * v**7, (ED25519_PRIME - 5) // 8, ED25519_PRIME) % ED25519_PRIME
    if v * x * x % ED25519_PRIME == -u % ED25519_PRIME:
        x = x * ED25519_SQRT_OF_MINUS_ONE % ED25519_PRIME
    if v * x * x % ED25519_PRIME != u or (x == 0 and sign == 1):
        return None
    return (x if x & 1 == sign else ED25519_PRIME - x), y


def _ed25519_double(x: int, y: int) -> tuple[int, int]:
    product = ED25519_D * x * x * y * y % ED25519_PRIME
    doubled_x = 2 * x * y * pow(1 + product, -1, ED25519_PRIME)
    doubled_y = (y * y + x * x) * pow(1 - product, -1, ED25519_PRIME)
    return doubled_x % ED25519_PRIME, doubled_y % ED25519_PRIME
