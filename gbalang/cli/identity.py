"""gba id: certificates of the cities' authorities."""

from __future__ import annotations

from pathlib import Path

import click

from gbalang.cli import moments
from gbalang.cli.desk import at_option, network_option, open_desk
from gbalang.cli.session import ExitCode, Session, shared_options
from gbalang.diagnostics.outcomes import certificate_refusal_sentence
from runtime.certificates import (
    NAME_CHARACTERS_MAX,
    ROLE_CHARACTERS_MAX,
    ROLES_MAX,
    HolderKind,
    is_display_name,
    is_holder,
    is_role,
)
from runtime.crypto.authority import CertificateRefusedError
from runtime.embedded import keyring
from runtime.embedded.folder import DEFAULT_SUITE
from runtime.identities import certificate_fields
from runtime.records import AdmitCertificate, RevokeCertificate

KINDS = {
    "department": HolderKind.DEPARTMENT,
    "organisation": HolderKind.ORGANISATION,
    "person": HolderKind.PERSON,
}
SECONDS_PER_DAY = 86_400


@click.group("id")
def id_() -> None:
    """Issue, show and revoke certificates of the cities' authorities."""


@id_.command()
@click.argument("reference")
@click.option("--kind", type=click.Choice(list(KINDS)), required=True, help="What the holder is.")
@click.option("--role", "roles", multiple=True, help="A role that instruments know; may be repeated.")
@click.option("--name", default=None, help="The holder's name for display; default the holder's identifier.")
@click.option("--days", type=click.IntRange(1, 1_826), default=365, show_default=True, help="Validity.")
@click.option("--suite", type=click.Choice(["ed25519", "ecdsa-p256-sha256"]), default=DEFAULT_SUITE, show_default=True)
@click.option("--renew", is_flag=True, help="A new key and certificate in the place of the holder's present ones.")
@network_option
@at_option
@shared_options
def issue(
    session: Session, reference: str, kind: str, roles: tuple[str, ...], name: str | None, days: int, suite: str,
    renew: bool, folder: Path, at: str | None,
) -> None:
    """Make a key for CITY/HOLDER, certify it by the city's authority, and admit it to the ledger."""
    with open_desk(session, folder, at) as desk:
        canonical = desk.reference(reference)
        city, _, holder = canonical.partition("/")
        if not is_holder(holder):
            session.fail(ExitCode.AT_FAULT, "reference_malformed", text=reference)
        if holder in (city, *keyring.RESERVED_HOLDERS):
            session.fail(ExitCode.AT_FAULT, "holder_reserved", holder=holder)
        _require_certifiable(session, roles, holder if name is None else name)
        now_s = desk.time_ms() // 1000
        not_after_s = now_s + days * SECONDS_PER_DAY
        try:
            if keyring.holds(folder, canonical) and not renew:
                session.fail(ExitCode.AT_FAULT, "holder_exists", reference=canonical)
            signer = keyring.certify_holder(
                folder, city, holder, kind=KINDS[kind], name=holder if name is None else name, roles=roles, suite=suite,
                not_before_s=now_s, not_after_s=not_after_s,
            )
        except keyring.KeyringError:
            session.fail(ExitCode.AT_FAULT, "reference_malformed", text=reference)
        except CertificateRefusedError as refused:
            reason = certificate_refusal_sentence(session.language, refused.refusal.name)
            session.fail(ExitCode.AT_FAULT, "certificate_refused", reference=canonical, reason=reason)
        # The ledger first: a key that is kept has its certificate there, whatever interrupts us.
        desk.require_done(city, AdmitCertificate(signer.certificate))
        keyring.keep_holder(folder, signer, force=renew)
    until = moments.show_moment(not_after_s * 1000)
    session.say("certificate_issued", reference=canonical, city=city, until=until)
    session.result({
        "reference": canonical, "kind": kind, "roles": sorted(roles), "until": until,
        "fingerprint": signer.fields.fingerprint.hex(),
    })


def _require_certifiable(session: Session, roles: tuple[str, ...], name: str) -> None:
    """What is wrong with a certificate's texts is said with its limit, before a key is made."""
    if not is_display_name(name):
        session.fail(ExitCode.AT_FAULT, "text_not_plain", what="--name", text=name, limit=NAME_CHARACTERS_MAX)
    if len(roles) > ROLES_MAX:
        session.fail(ExitCode.AT_FAULT, "too_many_roles", count=len(roles), limit=ROLES_MAX)
    for role in roles:
        if not is_role(role):
            session.fail(ExitCode.AT_FAULT, "text_not_plain", what="--role", text=role, limit=ROLE_CHARACTERS_MAX)
        if roles.count(role) > 1:
            session.fail(ExitCode.AT_FAULT, "argument_twice", name=role)


@id_.command()
@network_option
@shared_options
def show(session: Session, folder: Path) -> None:
    """Show every holder of this network's keyring and what the ledger says of their certificate."""
    with open_desk(session, folder) as desk:
        leader = desk.network.leader()
        rows = []
        for fields in keyring.list_signers(folder):
            record = certificate_fields(leader.state, fields.fingerprint)
            if record is None:
                state = "-"
            elif record.revoked_s is not None:
                state = session.word("revoked")
            elif record.not_after_s * 1000 < leader.end.time_ms:
                state = session.word("expired")
            else:
                state = session.word("valid")
            until = moments.show_moment(fields.not_after_s * 1000)
            rows.append((fields.reference, fields.kind.name.lower(), ", ".join(fields.roles), until, state,
                         fields.fingerprint.hex()))
    columns = ("holder", "kind", "roles", "valid_until", "state", "fingerprint")
    session.table([session.word(column) for column in columns], rows)
    session.result({"holders": [dict(zip(columns, row, strict=True)) for row in rows]})


@id_.command()
@click.argument("reference")
@click.option("--reason", default="", help="Why, for the record.")
@network_option
@at_option
@shared_options
def revoke(session: Session, reference: str, reason: str, folder: Path, at: str | None) -> None:
    """Revoke a holder's certificate in the name of the holder's city."""
    with open_desk(session, folder, at) as desk:
        canonical = desk.reference(reference)
        try:
            signer = keyring.load_signer(folder, canonical)
        except keyring.KeyringError:
            session.fail(ExitCode.AT_FAULT, "holder_unknown", reference=canonical)
        desk.require_done(signer.fields.city, RevokeCertificate(signer.fields.fingerprint, reason))
    session.say("certificate_revoked", reference=canonical)
    session.result({"reference": canonical, "fingerprint": signer.fields.fingerprint.hex()})
