"""Why the ledger itself turns a transaction away. Numbers are frozen and never reused; order is precedence.

These are the ledger's own grounds. What an instrument refuses (a ground of its closed list) and a fault of the machine
are other things, and a receipt keeps the three apart. Wording in four languages lives with the diagnostics.
"""

from __future__ import annotations

from enum import IntEnum


class Rejection(IntEnum):
    """A named rule that the transaction broke."""

    # what can be seen without the state
    TRANSACTION_MUST_BE_WITHIN_SIZE = 1
    TRANSACTION_MUST_DECODE = 2
    LEDGER_MUST_BE_THIS_ONE = 3
    # who signs
    SIGNER_MUST_BE_ADMITTED = 10
    CERTIFICATE_MUST_BE_VALID_ALREADY = 11
    CERTIFICATE_MUST_NOT_BE_EXPIRED = 12
    CERTIFICATE_MUST_NOT_BE_REVOKED = 13
    SIGNATURE_MUST_VERIFY = 14
    # when
    LAST_HEIGHT_MUST_NOT_HAVE_PASSED = 20
    LAST_HEIGHT_MUST_BE_NEAR = 21
    SEQUENCE_MUST_BE_UNUSED = 22
    SEQUENCE_MUST_BE_NEXT = 23
    # calls of an instrument
    CONTRACT_MUST_BE_KNOWN = 30
    CONTRACT_MUST_HAVE_COMMENCED = 31
    CONTRACT_MUST_NOT_HAVE_EXPIRED = 32
    VERSION_MUST_BE_IN_FORCE = 33
    ACT_MUST_BE_DECLARED = 34
    ARGUMENTS_MUST_FIT = 35
    CITY_MUST_BE_PARTY = 36
    ACTOR_MUST_BE_PERMITTED = 37
    # making rules
    SIGNER_MUST_BE_A_CITY = 50
    PROGRAM_MUST_BE_SOUND = 51
    VERSION_MUST_BE_NEXT = 53
    CALENDAR_MUST_BE_SOUND = 54
    REGISTERS_MUST_STAY_READABLE = 55
    """A new version must keep the shape of the registers it shares with the version before."""
    BALLOT_MUST_BE_KNOWN = 56
    DIGEST_MUST_BE_THE_BALLOTS = 57
    BALLOT_MUST_BE_OPEN = 58
    POSITION_MUST_BE_THE_FIRST = 59
    BALLOT_MUST_BE_CARRIED = 60
    COMMENCEMENT_MUST_NOT_BE_EARLY = 61
    BALLOT_MUST_NOT_BE_OVERTAKEN = 62
    CHARTER_MUST_DECIDE = 63
    """The charter in force faulted, or lacks the rule that decides."""
    COMMENCEMENT_MUST_PRECEDE_EXPIRY = 64
    # identities
    CERTIFICATE_MUST_BE_ACCEPTABLE = 70
    CERTIFICATE_MUST_BE_NEW = 71
    CERTIFICATE_MUST_BE_KNOWN = 72
    CERTIFICATE_MUST_BE_OF_THE_SIGNERS_CITY = 73
    CERTIFICATE_MUST_NOT_BE_REVOKED_ALREADY = 74
    CITY_CERTIFICATE_MUST_STAND = 75
    """A city cannot revoke the certificate it acts with itself."""
