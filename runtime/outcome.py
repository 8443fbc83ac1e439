"""How a transaction ended, and under which circumstances. Small values that the transition's parts share."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.programs import ProgramCache
from runtime.records import EventRecord, OutcomeKind, ReasonRecord
from runtime.rejections import Rejection


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Height, the block's time in Unix seconds, its day at UTC+8, and the memo of verified programs."""

    height: int
    now_s: int
    today: int
    programs: ProgramCache


@dataclass(frozen=True, slots=True)
class Ending:
    """What a receipt says beyond place and identity; fields as in records.Receipt."""

    outcome: OutcomeKind
    code: int = 0
    detail: int = 0
    cost: int = 0
    program: bytes = b""
    events: tuple[EventRecord, ...] = ()
    reasons: tuple[ReasonRecord, ...] = ()


def rejected(rejection: Rejection, detail: int = 0) -> Ending:
    """Return the ending of a transaction that the ledger itself turns away."""
    return Ending(OutcomeKind.REJECTED, int(rejection), detail)


DONE = Ending(OutcomeKind.DONE)
