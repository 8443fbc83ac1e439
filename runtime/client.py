"""What someone outside a node needs: build a transaction, sign it, know its number. Keys are handed in."""

from __future__ import annotations

from collections.abc import Callable

from runtime import codec
from runtime.records import Payload, SignedTransaction, Transaction
from runtime.signing import signing_message

LAST_HEIGHT_AHEAD = 1_000
"""How many blocks a transaction stays valid unless its sender says otherwise."""


def sign_transaction(transaction: Transaction, sign: Callable[[bytes], bytes]) -> bytes:
    """Return the encoding of a transaction signed with the signer's key."""
    message = signing_message("transaction", codec.transaction_id(transaction))
    return codec.encode_transaction(SignedTransaction(transaction, sign(message)))


def build_transaction(
    ledger: bytes, signer: bytes, sequence: int, height: int, payload: Payload, sign: Callable[[bytes], bytes]
) -> tuple[bytes, bytes]:
    """Return (identity, encoding) of a signed transaction that may stand in one of the next blocks after `height`."""
    transaction = Transaction(ledger, signer, sequence, height + LAST_HEIGHT_AHEAD, payload)
    return codec.transaction_id(transaction), sign_transaction(transaction, sign)
