"""What a call may ask of the ledger, and what it yields. The machine knows nothing else of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from gbalang.isa.types import Value
from gbalang.vm.faults import Fault


class Host(Protocol):
    """The ledger as one call sees it. Keys and values are canonical bytes; writes are visible to later reads."""

    def read(self, register: int, key: bytes) -> bytes | None:
        """Return the encoded entry under that key, or None."""

    def write(self, register: int, key: bytes, value: bytes | None) -> None:
        """Set or (None) remove an entry. Undone by the caller if the call ends in a refusal or a fault."""

    def scan(self, register: int, prefix: bytes, limit: int) -> tuple[bytes, ...]:
        """Return the encoded entries whose keys begin with prefix, in key order, at most limit of them."""

    def calendar_day(self, calendar: str, day: int) -> int | None:
        """Return DAY_OFF, DAY_WORKING or DAY_HALF for that day, or None if the ledger holds no such calendar year."""


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts and when. `actor` is a reference such as "Guangzhou/tax-bureau"; `roles` sorted.

    `actor_kind` is "city", "department", "organisation" or "person"; a query by anyone has actor "" and kind "".
    `now_s`: Unix seconds of the block. `today`: days since 1970-01-01 at UTC+8.
    """

    actor: str
    actor_kind: str
    actor_city: str
    roles: tuple[str, ...]
    now_s: int
    today: int


@dataclass(frozen=True, slots=True)
class Marked:
    """The rule or exception with that mark fired."""

    mark: int


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact that was weighed, with its value."""

    note: int
    value: Value


@dataclass(frozen=True, slots=True)
class ConditionMet:
    """A required condition held."""

    condition: int


@dataclass(frozen=True, slots=True)
class ConditionFailed:
    """A required condition failed; the call was refused for it."""

    condition: int


Reason: TypeAlias = Marked | Noted | ConditionMet | ConditionFailed


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event with the values of its fields."""

    event: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The call was carried out. `result` is None for acts."""

    result: Value | None
    events: tuple[Announcement, ...]
    reasons: tuple[Reason, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The instrument itself refuses, on a ground of its closed list."""

    refusal: int
    reasons: tuple[Reason, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Faulted:
    """The call could not be carried out; function and instruction say where."""

    fault: Fault
    function: int
    instruction: int
    reasons: tuple[Reason, ...]
    cost: int


Outcome: TypeAlias = Done | Refused | Faulted
