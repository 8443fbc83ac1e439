"""The thirty kinds of fault, in one table: the simulator, its report and the documentation read it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Group(Enum):
    """Where a fault strikes."""

    NETWORK = "network"
    PROCESS = "process"
    DISK = "disk"
    CLOCK = "clock"
    CITY = "city"
    VERSIONS = "versions"


class Scope(Enum):
    """How many cities one fault of the kind may strike, at most.

    FEW: three, counted over all faults at work, since the ledger promises to bear the loss of three stores or three
    cities that lie, and no more. ANY: as many as chance wants; then the ledger may halt, and must not fork.
    """

    FEW = "few"
    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault. `lasts`: for some turns; otherwise it strikes once."""

    number: int
    name: str
    group: Group
    scope: Scope
    lasts: bool
    what: str


def _kind(number: int, name: str, group: Group, scope: Scope, lasts: bool, what: str) -> FaultKind:
    return FaultKind(number, name, group, scope, lasts, what)


_N, _P, _D, _C, _B, _V = Group.NETWORK, Group.PROCESS, Group.DISK, Group.CLOCK, Group.CITY, Group.VERSIONS
_FEW, _ANY, _ALL = Scope.FEW, Scope.ANY, Scope.ALL

FAULTS: tuple[FaultKind, ...] = (
    _kind(1, "loss", _N, _ANY, True, "a message does not arrive"),
    _kind(2, "delay", _N, _ANY, True, "a message arrives after its sender has stopped waiting"),
    _kind(3, "reorder", _N, _ANY, True, "a message is overtaken by the next one to the same city"),
    _kind(4, "duplicate", _N, _ANY, True, "a message arrives twice"),
    _kind(5, "stale-replay", _N, _ANY, True, "an old message is sent again"),
    _kind(6, "partition", _N, _ANY, True, "some cities and the others do not reach each other"),
    _kind(7, "one-way-partition", _N, _ANY, True, "what some cities send does not reach the others"),
    _kind(8, "isolation", _N, _ANY, True, "a city reaches nobody and nobody reaches it"),
    _kind(9, "corrupt-message", _N, _ANY, True, "bits of a message are flipped on its way"),
    _kind(10, "oversized-message", _N, _ANY, True, "a message is longer than its kind may be"),
    _kind(11, "crash", _P, _ANY, True, "a city's machine loses power between two messages, and stays down"),
    _kind(12, "crash-at-point", _P, _ANY, True, "a city's machine loses power at a numbered point of a commit"),
    _kind(13, "pause", _P, _ANY, True, "a city answers nothing for a while, and then all that has waited"),
    _kind(14, "slow-node", _P, _ANY, True, "a city takes long to answer, sometimes too long"),
    _kind(15, "restart-loop", _P, _ANY, True, "a city's process ends and starts again, over and over"),
    _kind(16, "rejoin-from-nothing", _P, _FEW, False, "a city loses its store and begins with the others' blocks"),
    _kind(17, "lost-write", _D, _ANY, False, "power fails before a commit is on the disk: all of it is gone"),
    _kind(18, "torn-write", _D, _ANY, False, "power fails within a commit: a part of it is on the disk"),
    _kind(19, "reordered-writes", _D, _ANY, False, "power fails within a commit: later sectors are there, earlier not"),
    _kind(20, "bit-rot", _D, _FEW, False, "a bit on the disk changes while it lies there"),
    _kind(21, "misdirected-write", _D, _FEW, False, "a write goes to another place of the disk"),
    _kind(22, "sync-error", _D, _ANY, False, "the disk reports that it could not make a commit durable"),
    _kind(23, "disk-full", _D, _ANY, True, "there is no room for a commit"),
    _kind(24, "clock-skew", _C, _ANY, True, "a city's clock goes ahead or behind"),
    _kind(25, "clock-jump", _C, _ANY, True, "a city's clock jumps by hours or days"),
    _kind(26, "equivocating-proposer", _B, _FEW, True, "a proposer signs one block for some cities and one for others"),
    _kind(27, "tampered-block", _B, _FEW, True, "a city hands out blocks that it has changed"),
    _kind(28, "tampered-signature", _B, _FEW, True, "a city gives signatures that are not those of its key"),
    _kind(29, "revoked-city", _B, _FEW, False, "a city revokes the certificate it acts with and goes on using it"),
    _kind(30, "mixed-versions", _V, _ALL, False, "a new version commences while acts of the old one are on their way"),
)
"""The numbers are frozen: a story names them."""

BY_NAME = {kind.name: kind for kind in FAULTS}

assert [kind.number for kind in FAULTS] == list(range(1, 31))
assert len(BY_NAME) == len(FAULTS)
