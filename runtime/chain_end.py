"""Where a ledger stands."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.merkle_log import CompactLog


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """Height (0 at genesis), hash and time of the last header, the log of all headers, and the state root."""

    height: int
    last_hash: bytes
    time_ms: int
    headers: CompactLog
    state_root: bytes
