"""Where a ledger begins: eleven members with their authorities and keys, and the charter they agreed on.

The ledger's identity is the hash of its genesis, so a transaction signed for one ledger means nothing on another.
"""

from __future__ import annotations

from gbalang.isa.civil import day_of_time
from runtime import codec, keys
from runtime.certificates import CertificateFields, CertificateRefusal
from runtime.cities import CITIES
from runtime.governance import CHARTER, is_charter
from runtime.identities import CertificateJudge, admitted
from runtime.programs import ProgramRefused, open_program, program_digest
from runtime.records import ContractVersion, Genesis


class GenesisRefused(Exception):  # noqa: N818  # a refusal, in the words of the ledger
    """The genesis cannot begin a ledger; `rule` names the rule it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def ledger_identity(genesis: Genesis) -> bytes:
    """Return the 32-byte identity of the ledger that begins with this genesis."""
    return codec.hash_of(codec.encode_genesis(genesis))


def genesis_changes(genesis: Genesis, judge: CertificateJudge) -> tuple[tuple[bytes, bytes], ...]:
    """Return the entries of the first state, in key order.

    Raises GenesisRefused when the members are not the eleven cities in their order, a certificate does not belong to
    its member's authority, or the charter is not sound.
    """
    if tuple(member.city for member in genesis.members) != tuple(city.identifier for city in CITIES):
        raise GenesisRefused("members_must_be_the_eleven_cities")
    if len(genesis.city_certificates) != len(genesis.members):
        raise GenesisRefused("every_member_must_have_a_certificate")
    changes: dict[bytes, bytes] = {keys.META_LEDGER: ledger_identity(genesis)}
    for member, certificate in zip(genesis.members, genesis.city_certificates, strict=True):
        fields = judge.judge_certificate(certificate, (member.authority,))
        if isinstance(fields, CertificateRefusal) or not _belongs(fields, member.city, member.certificate):
            raise GenesisRefused("certificate_must_be_of_the_member")
        changes[keys.member(member.city)] = codec.encode_member(member)
        changes[keys.certificate(fields.fingerprint)] = codec.encode_certificate(admitted(fields, 0))
    changes.update(_charter_changes(genesis))
    return tuple(sorted(changes.items()))


def _belongs(fields: CertificateFields, city: str, fingerprint: bytes) -> bool:
    return fields.city == city and fields.kind.name == "CITY" and fields.fingerprint == fingerprint


def _charter_changes(genesis: Genesis) -> dict[bytes, bytes]:
    try:
        verified = open_program(genesis.charter)
    except ProgramRefused:
        raise GenesisRefused("charter_must_be_sound") from None
    program = verified.program
    if program.name != CHARTER or program.version != 1 or not is_charter(program):
        raise GenesisRefused("charter_must_decide")
    digest = program_digest(verified)
    # The charter is in force from the first block, whatever day its text names: without it nothing could be adopted.
    day = day_of_time(genesis.time_ms // 1_000)
    version = ContractVersion(digest=digest, ballot=b"", adopted_day=day, commencement_day=day, expires_day=None)
    return {
        keys.program(digest): genesis.charter,
        keys.contract(CHARTER, 1): codec.encode_contract_version(version),
    }
