"""Faults: why a call could not be carried out. Frozen numbers, one meaning each; wording lives in diagnostics."""

from __future__ import annotations

from enum import IntEnum


class Fault(IntEnum):
    """A closed list. A fault undoes every write of the call and yields a receipt.

    Numbers are never reused; 17 and 18 stood for what the verifier now excludes.
    """

    OVERFLOW = 1
    """A number left the range the machine can hold."""
    DIVISION_BY_ZERO = 2
    OUT_OF_RANGE = 3
    """A value does not fit the range, length or kind its slot declares."""
    MISSING_ENTRY = 4
    """A register holds no entry under that key."""
    ENTRY_EXISTS = 5
    """`enter` found an entry under that key."""
    MISSING_VALUE = 6
    """`value of` found none."""
    TOO_MANY_ENTRIES = 7
    """More entries stand in the register than the instrument allows for."""
    COLLECTION_FULL = 8
    EMPTY_AGGREGATE = 9
    """least of or greatest of nothing."""
    CONFLICTING_EXCEPTIONS = 10
    """Two exceptions hold and neither is said to prevail."""
    UNDECIDED = 11
    """No rule decides the case."""
    PARAMETER_NOT_IN_FORCE = 12
    """A parameter has no value on that day."""
    CALENDAR_MISSING = 13
    """The ledger holds no calendar for a day that was needed."""
    DATE_OUT_OF_RANGE = 14
    MONTH_END = 15
    """The month has no such day and the text states no rounding."""
    OUT_OF_COST = 16
    """The worst case of the function is above what the caller allows; nothing of it has run."""
    INDEX_OUT_OF_RANGE = 19
    TOO_MANY_EVENTS = 20
    TOO_MANY_WRITES = 21
