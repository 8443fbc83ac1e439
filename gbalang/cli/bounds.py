"""What somebody typed, held against the ledger's limits before anything is signed.

The codec refuses to write what it would refuse to read; here the same limits are named to the one who can mend it.
"""

from __future__ import annotations

from typing import assert_never

from gbalang.characters import is_visible
from gbalang.cli.session import ExitCode, Session
from runtime.limits import REASONS_CHARACTERS_MAX
from runtime.records import AdmitCertificate, Adopt, Call, CastVote, Payload, Propose, RevokeCertificate


def refuse_beyond_limits(session: Session, payload: Payload) -> None:
    """End the command if the ledger's encoding has no room for a text of the payload.

    Calls, proposals and certificates were judged when they were made: by the program, the verifier, the authority.
    """
    match payload:
        case CastVote(reasons=text):
            require_text(session, "--reasons", text, REASONS_CHARACTERS_MAX)
        case RevokeCertificate(reason=text):
            require_text(session, "--reason", text, REASONS_CHARACTERS_MAX)
        case Call() | Propose() | Adopt() | AdmitCertificate():
            pass
        case _:
            assert_never(payload)


def require_text(session: Session, what: str, text: str, limit: int) -> None:
    """End the command if a text is longer than its limit or holds characters that nobody sees."""
    if len(text) > limit:
        session.fail(ExitCode.AT_FAULT, "text_beyond_limit", what=what, count=len(text), limit=limit)
    if not is_visible(text):
        session.fail(ExitCode.AT_FAULT, "text_not_plain", what=what, text=text, limit=limit)
