"""The keys of an embedded network in a folder. Relies on runtime/crypto for what is in the files.

    DIRECTORY/keys/Guangzhou/authority.key.pem   authority.cert.pem     the city's certificate authority
                             city.key.pem        city.cert.pem          the city itself: its node's votes, its acts
                             tax-bureau.key.pem  tax-bureau.cert.pem    a holder

Whoever can read the folder can act for everybody in it, which is what an embedded network is. Keys have the mode 0600
and are not encrypted. A file is written whole or not at all, and replaced only by force. Nothing here reads a clock:
the caller says from when to when a certificate is valid, and where keys come from.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from runtime.certificates import (
    AUTHORITY_VALIDITY_SECONDS_MAX,
    VALIDITY_SECONDS_MAX,
    CertificateFields,
    CertificateRefusal,
    HolderKind,
    is_holder,
)
from runtime.cities import CITIES, city_by_identifier
from runtime.crypto.authority import Authority, create_authority, issue_certificate, judge_certificate
from runtime.crypto.suites import (
    PRIVATE_KEY_FILE_BYTES_MAX,
    KeyUnreadableError,
    PrivateKey,
    decode_private_key,
    encode_private_key,
    make_private_key,
    sign,
)
from runtime.files import CERTIFICATE, KEY, put_file, sync_folder
from runtime.limits import CERTIFICATE_BYTES_MAX

AUTHORITY_FILE, CITY_FILE = "authority", "city"
RESERVED_HOLDERS = (AUTHORITY_FILE, CITY_FILE)
"""Holders of an embedded network cannot be called so: their files have these names."""

CERTIFICATE_FILE_BYTES_MAX = 2 * CERTIFICATE_BYTES_MAX
"""Base64 with its line ends takes less than twice the bytes."""

KeyMaker: TypeAlias = Callable[[str, str], PrivateKey]
"""(suite, label) → key. The label is "Guangzhou/authority", "Guangzhou/city" or "Guangzhou/tax-bureau"."""


class KeyringRefusal(StrEnum):
    """Why the keyring does not do what was asked."""

    ALREADY_THERE = "already_there"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOT_ACCEPTABLE = "not_acceptable"
    """The certificate would be refused on the ledger; the detail names the reason."""
    KEY_OF_ANOTHER = "key_of_another"
    """Key and certificate do not belong together."""
    UNKNOWN_CITY = "unknown_city"
    RESERVED_HOLDER = "reserved_holder"


class KeyringError(Exception):
    """`refusal` and what it is about: a reference, or a file's name within the keyring."""

    def __init__(self, refusal: KeyringRefusal, what: str) -> None:
        super().__init__(f"{refusal}: {what}")
        self.refusal = refusal
        self.what = what


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who can sign: certificate (DER), what it says, and the key."""

    certificate: bytes
    fields: CertificateFields
    private_key: PrivateKey

    def sign(self, message: bytes) -> bytes:
        """Return the signature over the message, under the certificate's suite."""
        return sign(self.fields.suite, self.private_key, message)


@dataclass(frozen=True, slots=True)
class CityCertificates:
    """What a genesis needs of a city: DER of its authority, DER of its own certificate, and what that says."""

    authority: bytes
    certificate: bytes
    fields: CertificateFields


def new_key(suite: str, label: str) -> PrivateKey:
    """Return a new key from the system's source of randomness; the label does not matter."""
    del label
    return make_private_key(suite)


def create_keyring(
    directory: Path,
    *,
    suite: str,
    not_before_s: int,
    not_after_s: int | None = None,
    make_key: KeyMaker = new_key,
    force: bool = False,
) -> tuple[CityCertificates, ...]:
    """Create the authorities and the own keys of all eleven cities; return them in the order of CITIES.

    Raises KeyringError before anything is written if a file is already there and force is not given;
    CertificateRefusedError for times that no certificate may have.
    """
    for city in CITIES:
        for name in RESERVED_HOLDERS:
            _refuse_overwriting(directory, city.identifier, name, force=force)
    return tuple(
        create_city(
            directory,
            city.identifier,
            suite=suite,
            not_before_s=not_before_s,
            not_after_s=not_after_s,
            make_key=make_key,
            force=force,
        )
        for city in CITIES
    )


def create_city(
    directory: Path,
    city: str,
    *,
    suite: str,
    not_before_s: int,
    not_after_s: int | None = None,
    make_key: KeyMaker = new_key,
    force: bool = False,
) -> CityCertificates:
    """Create the authority and the own key of one city.

    The authority is valid as long as one may be; the city's certificate up to `not_after_s`, or without it as long as
    one may be. Raises KeyringError, CertificateRefusedError.
    """
    row = city_by_identifier(city)
    if row is None:
        raise KeyringError(KeyringRefusal.UNKNOWN_CITY, city)
    for name in RESERVED_HOLDERS:
        _refuse_overwriting(directory, city, name, force=force)
    authority_key = make_key(suite, f"{city}/{AUTHORITY_FILE}")
    authority = create_authority(city, authority_key, not_before_s, not_before_s + AUTHORITY_VALIDITY_SECONDS_MAX)
    private_key = make_key(suite, f"{city}/{CITY_FILE}")
    certificate = issue_certificate(
        authority,
        kind=HolderKind.CITY,
        holder=city,
        name=row.en,
        roles=(),
        suite=suite,
        public_key=private_key.public_key,
        not_before_s=not_before_s,
        not_after_s=not_before_s + VALIDITY_SECONDS_MAX if not_after_s is None else not_after_s,
    )
    _write_pair(directory, city, AUTHORITY_FILE, authority.private_key, authority.certificate)
    _write_pair(directory, city, CITY_FILE, private_key, certificate)
    sync_folder(_folder(directory, city))
    fields = _judge(certificate, authority.certificate, city)
    return CityCertificates(authority.certificate, certificate, fields)


def add_holder(
    directory: Path,
    city: str,
    holder: str,
    *,
    kind: HolderKind,
    name: str,
    roles: tuple[str, ...],
    suite: str,
    not_before_s: int,
    not_after_s: int,
    make_key: KeyMaker = new_key,
    force: bool = False,
) -> Signer:
    """Create a key for a holder, let the city's authority certify it, and keep both. Raises as `certify_holder`."""
    signer = certify_holder(
        directory, city, holder, kind=kind, name=name, roles=roles, suite=suite, not_before_s=not_before_s,
        not_after_s=not_after_s, make_key=make_key,
    )  # fmt: skip
    keep_holder(directory, signer, force=force)
    return signer


def certify_holder(
    directory: Path,
    city: str,
    holder: str,
    *,
    kind: HolderKind,
    name: str,
    roles: tuple[str, ...],
    suite: str,
    not_before_s: int,
    not_after_s: int,
    make_key: KeyMaker = new_key,
) -> Signer:
    """Create a key for a holder and let the city's authority certify it; nothing is written yet.

    `roles` may be in any order. The city itself is created by `create_city`. Raises KeyringError,
    CertificateRefusedError.
    """
    if holder in RESERVED_HOLDERS:
        raise KeyringError(KeyringRefusal.RESERVED_HOLDER, holder)
    authority = load_authority(directory, city)
    private_key = make_key(suite, f"{city}/{holder}")
    certificate = issue_certificate(
        authority,
        kind=kind,
        holder=holder,
        name=name,
        roles=tuple(sorted(roles)),
        suite=suite,
        public_key=private_key.public_key,
        not_before_s=not_before_s,
        not_after_s=not_after_s,
    )
    return Signer(certificate, _judge(certificate, authority.certificate, f"{city}/{holder}"), private_key)


def keep_holder(directory: Path, signer: Signer, *, force: bool = False) -> None:
    """Write a holder's key and certificate; with `force` in the place of older ones. Raises KeyringError."""
    city, file_name = signer.fields.city, _file_name(signer.fields.reference)
    _refuse_overwriting(directory, city, file_name, force=force)
    _write_pair(directory, city, file_name, signer.private_key, signer.certificate)
    sync_folder(_folder(directory, city))


def holds(directory: Path, reference: str) -> bool:
    """Whether a key is kept under that reference. Raises KeyringError for what can be no reference."""
    return any(path.exists() for path in _paths(directory, reference.partition("/")[0], _file_name(reference)))


def load_signer(directory: Path, reference: str) -> Signer:
    """Return who is called "Guangzhou" or "Guangzhou/tax-bureau". Raises KeyringError."""
    city, file_name = reference.partition("/")[0], _file_name(reference)
    certificate = _read_certificate(directory, city, file_name)
    fields = _judge(certificate, _read_certificate(directory, city, AUTHORITY_FILE), reference)
    if fields.reference != reference:
        raise KeyringError(KeyringRefusal.KEY_OF_ANOTHER, reference)
    private_key = _read_key(directory, city, file_name)
    if (private_key.suite, private_key.public_key) != (fields.suite, fields.public_key):
        raise KeyringError(KeyringRefusal.KEY_OF_ANOTHER, reference)
    return Signer(certificate, fields, private_key)


def load_authority(directory: Path, city: str) -> Authority:
    """Return a city's authority, ready to issue. Raises KeyringError."""
    return Authority(_read_certificate(directory, city, AUTHORITY_FILE), _read_key(directory, city, AUTHORITY_FILE))


def load_cities(directory: Path) -> tuple[CityCertificates, ...]:
    """Return the certificates of all eleven cities in the order of CITIES. Raises KeyringError."""
    loaded = []
    for city in CITIES:
        authority = _read_certificate(directory, city.identifier, AUTHORITY_FILE)
        certificate = _read_certificate(directory, city.identifier, CITY_FILE)
        fields = _judge(certificate, authority, city.identifier)
        loaded.append(CityCertificates(authority, certificate, fields))
    return tuple(loaded)


def list_signers(directory: Path) -> tuple[CertificateFields, ...]:
    """Return what the certificates say: city by city in the order of CITIES, the city first, then its holders by name.

    Raises KeyringError if one is unreadable or not acceptable.
    """
    listed = []
    for city in CITIES:
        names = [path.name.removesuffix(".cert.pem") for path in _folder(directory, city.identifier).glob("*.cert.pem")]
        references = sorted(f"{city.identifier}/{name}" for name in names if name not in RESERVED_HOLDERS)
        if CITY_FILE in names:
            references.insert(0, city.identifier)
        listed += [load_signer(directory, reference).fields for reference in references]
    return tuple(listed)


# -------------------------------------------------------------------------------------------------------------- files


def _folder(directory: Path, city: str) -> Path:
    """Only the eleven identifiers become names of folders, so no reference can lead out of the keyring."""
    if city_by_identifier(city) is None:
        raise KeyringError(KeyringRefusal.UNKNOWN_CITY, city)
    return directory / "keys" / city


def _file_name(reference: str) -> str:
    city, slash, holder = reference.partition("/")
    if not slash:
        return CITY_FILE
    if holder in RESERVED_HOLDERS or holder == city:
        raise KeyringError(KeyringRefusal.RESERVED_HOLDER, holder)
    if not is_holder(holder):
        raise KeyringError(KeyringRefusal.MISSING, reference)
    return holder


def _judge(certificate: bytes, authority: bytes, reference: str) -> CertificateFields:
    judged = judge_certificate(certificate, (authority,))
    if isinstance(judged, CertificateRefusal):
        raise KeyringError(KeyringRefusal.NOT_ACCEPTABLE, f"{reference}: {judged.name.lower()}")
    return judged


def _paths(directory: Path, city: str, name: str) -> tuple[Path, Path]:
    folder = _folder(directory, city)
    return folder / f"{name}.key.pem", folder / f"{name}.cert.pem"


def _refuse_overwriting(directory: Path, city: str, name: str, *, force: bool) -> None:
    for path in _paths(directory, city, name):
        if not force and path.exists():
            raise KeyringError(KeyringRefusal.ALREADY_THERE, f"{city}/{path.name}")


def _write_pair(directory: Path, city: str, name: str, private_key: PrivateKey, certificate: bytes) -> None:
    """The key first: a certificate without its key would look usable."""
    key_path, certificate_path = _paths(directory, city, name)
    key_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    put_file(key_path, encode_private_key(private_key), 0o600, KEY)
    put_file(certificate_path, certificate_to_pem(certificate), 0o644, CERTIFICATE)


def _read(directory: Path, path: Path, size_max: int) -> bytes:
    what = path.relative_to(directory / "keys").as_posix()
    try:
        with path.open("rb") as file:
            content = file.read(size_max + 1)
    except FileNotFoundError:
        raise KeyringError(KeyringRefusal.MISSING, what) from None
    except OSError as error:
        raise KeyringError(KeyringRefusal.UNREADABLE, what) from error
    if len(content) > size_max:
        raise KeyringError(KeyringRefusal.UNREADABLE, what)
    return content


def _read_key(directory: Path, city: str, name: str) -> PrivateKey:
    path, _ = _paths(directory, city, name)
    try:
        return decode_private_key(_read(directory, path, PRIVATE_KEY_FILE_BYTES_MAX))
    except KeyUnreadableError as error:
        raise KeyringError(KeyringRefusal.UNREADABLE, f"{city}/{path.name}") from error


def _read_certificate(directory: Path, city: str, name: str) -> bytes:
    _, path = _paths(directory, city, name)
    certificate = certificate_from_pem(_read(directory, path, CERTIFICATE_FILE_BYTES_MAX))
    if certificate is None:
        raise KeyringError(KeyringRefusal.UNREADABLE, f"{city}/{path.name}")
    return certificate


_PEM_BEGIN, _PEM_END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


def certificate_to_pem(certificate: bytes) -> bytes:
    """Return the textual form of a DER certificate (RFC 7468)."""
    text = base64.b64encode(certificate)
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return b"\n".join((_PEM_BEGIN, *lines, _PEM_END, b""))


def certificate_from_pem(pem: bytes) -> bytes | None:
    """Return the DER of the one certificate in a PEM, or None. What it says is judged elsewhere."""
    lines = [line.strip() for line in pem.strip().splitlines()]
    if len(lines) < 3 or lines[0] != _PEM_BEGIN or lines[-1] != _PEM_END:
        return None
    try:
        return base64.b64decode(b"".join(lines[1:-1]), validate=True)
    except binascii.Error:
        return None
