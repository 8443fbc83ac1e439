"""Everything that comes from outside has a limit with a name, a unit and a reason.

Relations between limits are asserted when this module is imported, so a change that breaks one cannot run.
"""

from __future__ import annotations

from gbalang.limits import (
    ARGUMENTS_BYTES_MAX,
    ARGUMENTS_MAX,
    CALLED_NAME_CHARACTERS_MAX,
    COST_MAX,
    ENTRY_BYTES_MAX,
    EVENT_BYTES_MAX,
    NOTE_BYTES_MAX,
    PROGRAM_BYTES_MAX,
    STATE_KEY_BYTES_MAX,
)
from gbalang.limits import NAME_CHARACTERS_MAX as WRITTEN_NAME_CHARACTERS_MAX

__all__ = ["ARGUMENTS_MAX", "PROGRAM_BYTES_MAX", "STATE_KEY_BYTES_MAX"]

TRANSACTION_BYTES_MAX = 1_310_720
"""A transaction, signature included. Large enough for a proposal that carries the largest program."""

CALL_BYTES_MAX = 65_536
"""A transaction that is not a proposal: cases are small; a big one would slow every city."""

CALENDAR_BYTES_MAX = 4_096
"""One calendar year: a byte for each day and its sources."""

CERTIFICATE_BYTES_MAX = 8_192
"""One X.509 certificate in DER."""

BLOCK_TRANSACTIONS_MAX = 2_000
"""Transactions in a block: bounds the time a city needs before it can vote."""

BLOCK_BYTES_MAX = 16_777_216
"""A block with its transactions: bounds what a city must hold in memory at once."""

ARGUMENT_BYTES_MAX = ARGUMENTS_BYTES_MAX
"""One argument, one field of an event, one fact among the reasons."""

NAME_CHARACTERS_MAX = CALLED_NAME_CHARACTERS_MAX
"""A name that is carried and kept: of a ledger, a city, a holder, an instrument, an act, a role."""

REASONS_CHARACTERS_MAX = 2_000
"""A city's written reasons for its position in a ballot."""

SIGNATURE_BYTES_MAX = 128
LAST_HEIGHT_AHEAD_MAX = 100_000
"""How far ahead a transaction may name its last valid height: an old signature must not live for ever."""

SEQUENCE_MAX = 2**63 - 1
HEIGHT_MAX = 2**63 - 1
PENDING_PER_SIGNER_MAX = 1_024
"""Transactions of one signer waiting at a node: one signer cannot fill the queue of the others."""

PENDING_MAX = 20_000
"""Transactions waiting at a node."""

STATE_VALUE_BYTES_MAX = PROGRAM_BYTES_MAX + 1_024
EVIDENCE_BYTES_MAX = 8_388_608
RECEIPT_BYTES_MAX = 4_194_304
PROOF_BYTES_MAX = 131_072
"""An ICS-23 proof of presence: the entry itself, 256 levels of at most 72 bytes, with room for the encoding."""

RECORDING_BYTES_MAX = 1_073_741_824
EXECUTION_COST_MAX = COST_MAX
"""What one call may cost, in the units of the instruction table: as much as any program may."""

assert PROGRAM_BYTES_MAX + CALL_BYTES_MAX <= TRANSACTION_BYTES_MAX, "a proposal must be able to carry any program"
assert CALENDAR_BYTES_MAX + 1_024 <= CALL_BYTES_MAX
assert CERTIFICATE_BYTES_MAX + 1_024 <= CALL_BYTES_MAX
assert TRANSACTION_BYTES_MAX < BLOCK_BYTES_MAX, "every admissible transaction fits a block"
assert ARGUMENTS_BYTES_MAX + 4_096 <= CALL_BYTES_MAX, "a call carries whatever an act accepts, and its names"
assert WRITTEN_NAME_CHARACTERS_MAX <= NAME_CHARACTERS_MAX, "what a program may be called can be recorded and called"
assert max(EVENT_BYTES_MAX, NOTE_BYTES_MAX) <= ARGUMENT_BYTES_MAX, "what a program announces fits a receipt"
assert ENTRY_BYTES_MAX <= STATE_VALUE_BYTES_MAX
assert ENTRY_BYTES_MAX + STATE_KEY_BYTES_MAX + 256 * 72 + 1_024 <= PROOF_BYTES_MAX, "every entry can be proved"
