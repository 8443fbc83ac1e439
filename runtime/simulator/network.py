"""The wire between cities: bytes that are lost, late, overtaken, doubled, repeated, altered or kept back. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from runtime.simulator.messages import SMALL_BYTES_MAX
from runtime.simulator.scenario import Fault
from runtime.simulator.surroundings import Surroundings

PATIENCE_MS: Final = 500
"""How long whoever asks waits for a reply."""

LATE_MS_MAX: Final = 5_000
REMEMBERED_MAX: Final = 64
FLIPPED_BITS_MAX: Final = 3
DESK: Final = ""
"""Whoever looks after the network: it is no city, and no fault of a city keeps its messages back."""

Receive = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class _Late:
    due_ms: int
    target: str
    data: bytes


class Wire:
    """Carries questions and replies. `receivers`: who takes a question in each city."""

    def __init__(self, surroundings: Surroundings, receivers: dict[str, Receive]) -> None:
        self._around = surroundings
        self._receivers = receivers
        self._late: list[_Late] = []
        self._overtaken: dict[str, list[bytes]] = {}
        self._old: dict[str, list[bytes]] = {}

    def ask(self, source: str, target: str, question: bytes, accept: Callable[[bytes], bool]) -> None:
        """Carry a question, and its replies back to `accept`, which says whether it was one that it waited for."""
        self.deliver_late()
        answered = False
        for data in self._carry(source, target, question):
            reply = self._receivers[target](data)
            for held in self._overtaken.pop(target, ()):
                self._around.happened("reorder", f"a message to {target} came after the next one")
                self._receivers[target](held)
            if reply is not None:
                for back in self._carry(target, source, reply, is_reply=True):
                    answered = accept(back) or answered
        self._around.clock.advance(1 if answered else PATIENCE_MS)

    def deliver_late(self) -> None:
        """Deliver what was late and is due; nobody waits for the replies any more."""
        due = [late for late in self._late if late.due_ms <= self._around.clock.now_ms]
        if due:
            self._late = [late for late in self._late if late.due_ms > self._around.clock.now_ms]
            for late in due:
                self._receivers[late.target](late.data)

    def deliver_all(self) -> None:
        """Deliver everything that is still on its way."""
        late, self._late = self._late, []
        for each in late:
            self._receivers[each.target](each.data)
        overtaken, self._overtaken = self._overtaken, {}
        for target, held in overtaken.items():
            for data in held:
                self._receivers[target](data)

    def _carry(self, source: str, target: str, data: bytes, *, is_reply: bool = False) -> list[bytes]:
        """Return what arrives now."""
        around = self._around
        around.message += 1
        faults = around.faults()
        arriving = [data]
        if source != target:
            for fault in faults:
                if fault.kind in _BARRIERS:
                    if _is_barred(fault, source, target):
                        around.happened(fault.kind, f"{source or 'desk'} does not reach {target or 'desk'}")
                        return []
                elif fault.kind in _TROUBLES and (source in fault.cities or target in fault.cities):
                    arriving = self._trouble(fault, source, target, arriving, is_reply=is_reply)
        if not is_reply and target:
            old = self._old.setdefault(target, [])
            if len(old) < REMEMBERED_MAX:
                old.append(data)
            else:
                old[around.message % REMEMBERED_MAX] = data
        return arriving

    def _trouble(self, fault: Fault, source: str, target: str, arriving: list[bytes], *, is_reply: bool) -> list[bytes]:
        around = self._around
        draw = (fault.number, around.turn, around.message)
        if not arriving or not around.chance.happens(_TROUBLES[fault.kind], fault.kind, *draw):
            return arriving
        place = around.chance.below(1 << 40, "trouble", *draw)
        data, way = arriving[0], f"{source or 'desk'} to {target or 'desk'}"
        match fault.kind:
            case "loss":
                around.happened("loss", way)
                return []
            case "delay":
                around.happened("delay", way)
                if not is_reply:
                    self._late.append(_Late(around.clock.now_ms + PATIENCE_MS + place % LATE_MS_MAX, target, data))
                return []
            case "reorder" if not is_reply:
                self._overtaken.setdefault(target, []).append(data)
                return []
            case "duplicate":
                around.happened("duplicate", way)
                return [*arriving, data]
            case "stale-replay" if not is_reply and self._old.get(target):
                around.happened("stale-replay", way)
                return [self._old[target][place % len(self._old[target])], *arriving]
            case "corrupt-message":
                around.happened("corrupt-message", way)
                return [_flipped(data, place), *arriving[1:]]
            case "oversized-message":
                around.happened("oversized-message", way)
                return [data + bytes(SMALL_BYTES_MAX), *arriving[1:]]
            case _:
                return arriving


_TROUBLES: Final = {
    # per cent of the messages of the cities that a fault strikes
    "loss": 35,
    "delay": 35,
    "reorder": 30,
    "duplicate": 35,
    "stale-replay": 25,
    "corrupt-message": 30,
    "oversized-message": 20,
}
_BARRIERS: Final = ("partition", "one-way-partition", "isolation")


def _is_barred(fault: Fault, source: str, target: str) -> bool:
    inside_source, inside_target = source in fault.cities, target in fault.cities
    match fault.kind:
        case "partition":
            return inside_source != inside_target and bool(source and target)
        case "one-way-partition":
            return inside_source and not inside_target and bool(target)
        case _:
            # An isolated city is one: the others of the fault are isolated from it as well.
            return inside_source or inside_target


def _flipped(data: bytes, place: int) -> bytes:
    flipped = bytearray(data)
    for number in range(1 + place % FLIPPED_BITS_MAX):
        position = (place >> (3 * number)) % (8 * len(data))
        flipped[position // 8] ^= 1 << position % 8
    return bytes(flipped)
