"""What a certificate says, in plain fields, and why one is not acceptable. Standard library alone; X.509 is elsewhere.

A certificate is read once, at its admission (runtime/crypto/authority.py), and becomes these fields of the state. From
then on whether it may be used is a question of the block's time and of the ledger's own record of revocation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from gbalang.characters import is_plain

HOLDER_CHARACTERS_MAX = 64
NAME_CHARACTERS_MAX = 64
"""Of a display name: ub-common-name of X.520."""

ROLES_MAX = 16
ROLE_CHARACTERS_MAX = 60
"""Of a role's name: as long as a name in an instrument may be."""

VALIDITY_SECONDS_MAX = 1_827 * 86_400
"""Five years with their leap days: a lost key that nobody reports must stop working by itself."""

AUTHORITY_VALIDITY_SECONDS_MAX = 7_306 * 86_400
"""Twenty years: an authority outlives what it issues, and is replaced by a vote of the members."""

assert VALIDITY_SECONDS_MAX < AUTHORITY_VALIDITY_SECONDS_MAX


class HolderKind(IntEnum):
    """Who holds a certificate. Frozen numbers."""

    CITY = 1
    DEPARTMENT = 2
    ORGANISATION = 3
    PERSON = 4


KIND_NAMES = {
    HolderKind.CITY: "city",
    HolderKind.DEPARTMENT: "department",
    HolderKind.ORGANISATION: "organisation",
    HolderKind.PERSON: "person",
}
"""As instruments and certificates write them."""

assert len(KIND_NAMES) == len(HolderKind)


class CertificateRefusal(IntEnum):
    """Why a certificate is not acceptable. Numbers are frozen and never reused; order is precedence."""

    # its form
    TOO_LARGE = 1
    UNPARSEABLE = 2
    """Not an X.509 certificate of version 3."""
    NON_CANONICAL = 3
    """Readable, but not the one encoding: not DER, a signature with a high s, an extension twice."""
    UNSUPPORTED_KEY = 4
    """A key or signature of another algorithm, or a key that is no sound point of its curve."""

    # who vouches for it
    UNKNOWN_ISSUER = 5
    SELF_MADE = 6
    """Signed with its own key, and not the authority of a member."""
    BAD_ISSUER_SIGNATURE = 7

    # what it is for
    WRONG_PURPOSE = 8
    """An authority's certificate, one not made for signing or not for this ledger, or one with the authority's key."""

    # what it says
    UNKNOWN_CITY = 9
    CITY_MISMATCH = 10
    """Another city than its authority's, or the city under another jurisdiction."""
    BAD_HOLDER = 11
    BAD_ROLES = 12
    VALIDITY_TOO_LONG = 13
    """Longer than the limit, or outside the validity of its authority."""
    NEVER_VALID = 14
    """It ends before it begins."""

    # whether it may be used now
    NOT_YET_VALID = 20
    EXPIRED = 21
    REVOKED = 22


@dataclass(frozen=True, slots=True)
class CertificateFields:
    """A certificate that was judged acceptable.

    `fingerprint` and `issuer_fingerprint`: SHA-256 of the DER of the certificate and of its authority's. `city`: the
    identifier of the city whose authority issued it. `holder`: unique within the city; of kind CITY it is the city's
    identifier. `name`: for display. `roles`: sorted, none twice. `public_key`: raw bytes as the suite defines them.
    `serial`: big-endian without leading zeros, 1 to 20 bytes. Valid from `not_before_s` to `not_after_s`, both
    included (RFC 5280, 4.1.2.5), in Unix seconds.
    """

    fingerprint: bytes
    kind: HolderKind
    city: str
    holder: str
    name: str
    roles: tuple[str, ...]
    suite: str
    public_key: bytes
    issuer_fingerprint: bytes
    serial: bytes
    not_before_s: int
    not_after_s: int

    @property
    def reference(self) -> str:
        """How instruments refer to the holder: "Guangzhou" for a city, else "Guangzhou/tax-bureau"."""
        return self.city if self.kind is HolderKind.CITY else f"{self.city}/{self.holder}"


def judge_time(fields: CertificateFields, block_time_s: int) -> CertificateRefusal | None:
    """Return why the certificate is not valid at that moment (Unix seconds), or None."""
    if block_time_s < fields.not_before_s:
        return CertificateRefusal.NOT_YET_VALID
    if block_time_s > fields.not_after_s:
        return CertificateRefusal.EXPIRED
    return None


def judge_use(fields: CertificateFields, revoked_s: int | None, block_time_s: int) -> CertificateRefusal | None:
    """Return why the certificate may not be used at that moment, or None. `revoked_s`: when it was revoked, if it was.

    What was signed before the revocation stays valid: the question is asked with the time of the block that holds it.
    """
    refusal = judge_time(fields, block_time_s)
    if refusal is None and revoked_s is not None and block_time_s >= revoked_s:
        return CertificateRefusal.REVOKED
    return refusal


HOLDER_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def is_holder(text: str) -> bool:
    """Return whether the text is a holder's identifier: 1 to 64 ASCII letters, digits, `_` and `-`.

    ASCII, because a reference is typed, compared and put into file names: two that look the same must be the same.
    """
    return 0 < len(text) <= HOLDER_CHARACTERS_MAX and all(character in HOLDER_CHARACTERS for character in text)


def is_display_name(text: str) -> bool:
    """Return whether the text can be shown as a name: 1 to 64 visible characters, no space at either end."""
    return 0 < len(text) <= NAME_CHARACTERS_MAX and is_plain(text)


def is_role(text: str) -> bool:
    """Return whether the text can name a role: 1 to 60 visible characters, no space at either end."""
    return 0 < len(text) <= ROLE_CHARACTERS_MAX and is_plain(text)


def are_roles(roles: tuple[str, ...]) -> bool:
    """Return whether these are the roles of a certificate: at most 16 names, in ascending order, none twice."""
    return (
        len(roles) <= ROLES_MAX
        and all(is_role(role) for role in roles)
        and all(before < after for before, after in pairwise(roles))
    )
