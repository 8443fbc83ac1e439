"""What a code means: diagnostics, faults of the machine, grounds on which the ledger turns something away."""

from __future__ import annotations

from collections.abc import Iterator

from gbalang.diagnostics.codes import BY_SLUG, CODES
from gbalang.diagnostics.outcomes import (
    certificate_refusal_sentence,
    evidence_refusal_sentence,
    fault_sentence,
    rejection_sentence,
)
from gbalang.diagnostics.render import LANGUAGES, page
from gbalang.vm.faults import Fault
from runtime.certificates import CertificateRefusal
from runtime.evidence import EvidenceRefusal
from runtime.rejections import Rejection


def list_meanings(language: str) -> list[tuple[str, str, str]]:
    """Return (code, name, meaning) of everything that has a code, in the order of the tables."""
    return list(_rows(language))


def find_meaning(language: str, code: str) -> str | None:
    """Return the page of a code or name, or None: E0301, type_mismatch, F11, undecided, R12…"""
    wanted = code.strip()
    row = BY_SLUG.get(wanted.lower())
    if row is not None:
        return page(row.number, language)
    if any(each.number == wanted.upper() for each in CODES):
        return page(wanted.upper(), language)
    for number, name, meaning in _rows(language):
        if wanted.upper() == number or wanted.lower() == name:
            return f"{number} {name}\n\n{meaning}"
    return None


def _rows(language: str) -> Iterator[tuple[str, str, str]]:
    for row in CODES:
        facts = {name: f"<{name}>" for name in row.facts}
        yield row.number, row.slug, LANGUAGES[language].MESSAGES[row.number][0].format(**facts)
    for fault in Fault:
        yield f"F{fault.value:02}", fault.name.lower(), fault_sentence(language, fault.name)
    for rejection in Rejection:
        yield f"R{rejection.value:02}", rejection.name.lower(), rejection_sentence(language, rejection.name)
    for refusal in CertificateRefusal:
        yield f"C{refusal.value:02}", refusal.name.lower(), certificate_refusal_sentence(language, refusal.name)
    for number, ground in enumerate(EvidenceRefusal, 1):
        yield f"V{number:02}", ground.value, evidence_refusal_sentence(language, ground.value)
