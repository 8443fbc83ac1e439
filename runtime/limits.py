"""Everything that comes from outside has a limit with a name, a unit and a reason.

Relations between limits are asserted when this module is imported, so a change that breaks one cannot run.
"""

from __future__ import annotations

TRANSACTION_BYTES_MAX = 1_310_720
"""A transaction, signature included. Large enough for a proposal that carries the largest program."""

CALL_BYTES_MAX = 65_536
"""A transaction that is not a proposal: cases are small; a big one would slow every city."""

PROGRAM_BYTES_MAX = 1_048_576
"""A compiled instrument with its texts in four languages."""

CALENDAR_BYTES_MAX = 4_096
"""One calendar year: a byte for each day and its sources."""

CERTIFICATE_BYTES_MAX = 8_192
"""One X.509 certificate in DER."""

BLOCK_TRANSACTIONS_MAX = 2_000
"""Transactions in a block: bounds the time a city needs before it can vote."""

BLOCK_BYTES_MAX = 16_777_216
"""A block with its transactions: bounds what a city must hold in memory at once."""

ARGUMENTS_MAX = 32
ARGUMENT_BYTES_MAX = 32_768
NAME_CHARACTERS_MAX = 64
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

STATE_KEY_BYTES_MAX = 480
"""A key of the state: what a store accepts as a key, less its table prefix."""

STATE_VALUE_BYTES_MAX = PROGRAM_BYTES_MAX + 1_024
WRITES_PER_TRANSACTION_MAX = 256
QUERY_RESULT_BYTES_MAX = 1_048_576
EVIDENCE_BYTES_MAX = 8_388_608
RECEIPT_BYTES_MAX = 4_194_304
PROOF_BYTES_MAX = 65_536
"""An ICS-23 proof: 256 levels of at most 66 bytes, twice for an absence, with room for the encoding."""

RECORDING_BYTES_MAX = 1_073_741_824
EXECUTION_COST_MAX = 2_000_000
"""Worst-case cost of one call, in the units of the instruction table."""

BLOCK_TIME_AHEAD_MS_MAX = 60_000
"""How far a proposer's time may lie ahead of a city's own clock before the city declines to vote."""

assert PROGRAM_BYTES_MAX + CALL_BYTES_MAX <= TRANSACTION_BYTES_MAX, "a proposal must be able to carry any program"
assert CALENDAR_BYTES_MAX + 1_024 <= CALL_BYTES_MAX
assert CERTIFICATE_BYTES_MAX + 1_024 <= CALL_BYTES_MAX
assert TRANSACTION_BYTES_MAX < BLOCK_BYTES_MAX, "every admissible transaction fits a block"
assert ARGUMENT_BYTES_MAX < CALL_BYTES_MAX
