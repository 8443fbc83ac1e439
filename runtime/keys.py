"""The keys of the state: one byte for the table, then what names the entry. The one home of this layout.

Keys are part of what the state root commits to, so the numbers of the tables are frozen. Names inside a key are
length-prefixed, so no name can run into what follows it. An instrument's entries stand under the instrument's and the
register's *names*: a new version finds the entries of the old one.
"""

from __future__ import annotations

from gbalang.limits import STATE_NAME_BYTES_MAX

TABLE_META = b"\x00"
TABLE_MEMBER = b"\x01"
TABLE_CERTIFICATE = b"\x02"
TABLE_SEQUENCE = b"\x03"
TABLE_BALLOT = b"\x04"
TABLE_VOTE = b"\x05"
TABLE_PROGRAM = b"\x06"
TABLE_CONTRACT = b"\x07"
TABLE_CALENDAR = b"\x08"
TABLE_ENTRY = b"\x09"

META_LEDGER = TABLE_META + b"ledger"


def _named(name: str) -> bytes:
    data = name.encode("utf-8")
    assert len(data) <= STATE_NAME_BYTES_MAX, "names are bounded where they enter"
    return bytes((len(data),)) + data


def is_name(text: str) -> bool:
    """Whether something can be kept under the name at all: its length takes one byte, and it has an encoding."""
    try:
        return len(text.encode("utf-8")) <= STATE_NAME_BYTES_MAX
    except UnicodeEncodeError:
        return False


def member(city: str) -> bytes:
    """Key of a city on the trust list."""
    return TABLE_MEMBER + city.encode("ascii")


def certificate(fingerprint: bytes) -> bytes:
    """Key of an admitted certificate."""
    return TABLE_CERTIFICATE + fingerprint


def sequence(fingerprint: bytes) -> bytes:
    """Key of a signer's next sequence number."""
    return TABLE_SEQUENCE + fingerprint


def ballot(identity: bytes) -> bytes:
    """Key of a ballot; its identity is that of the proposing transaction."""
    return TABLE_BALLOT + identity


def vote(identity: bytes, city: str) -> bytes:
    """Key of one city's position in a ballot."""
    return TABLE_VOTE + identity + city.encode("ascii")


def program(digest: bytes) -> bytes:
    """Key of a program that has been proposed."""
    return TABLE_PROGRAM + digest


def contract(name: str, version: int | None = None) -> bytes:
    """Key of an adopted version of an instrument, or the prefix of all its versions, in their order."""
    prefix = TABLE_CONTRACT + _named(name)
    return prefix if version is None else prefix + version.to_bytes(4, "big")


def calendar(name: str, year: int) -> bytes:
    """Key of a calendar year in force."""
    return TABLE_CALENDAR + _named(name) + year.to_bytes(2, "big")


def register(contract_name: str, register_name: str) -> bytes:
    """Prefix of a register's entries; the entry's own key follows and keeps its order."""
    return TABLE_ENTRY + _named(contract_name) + _named(register_name)
