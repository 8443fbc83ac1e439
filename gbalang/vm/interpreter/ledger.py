"""What comes from the ledger and what goes there: circumstances, parameters, registers, events, reasons, checks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from gbalang.errors import InternalError
from gbalang.isa.encoding import EncodingRefused
from gbalang.isa.types import Record
from gbalang.isa.values import Codecs, Test, key_part
from gbalang.limits import LOCAL_VALUES_MAX
from gbalang.vm.faults import Fault
from gbalang.vm.host import Announcement, ConditionFailed, ConditionMet, Marked, Noted
from gbalang.vm.interpreter.frame import Call, Entry, Frame, Place, StoppedByRefusal, fault, nothing
from gbalang.vm.interpreter.parts import Tests, require_conforming

# ---------------------------------------------------------------- circumstances and parameters

Timeline: TypeAlias = tuple[tuple[int, ...], tuple[Any, ...]]
"""Ascending days and the values from these days on."""


def actor(frame: Frame, _: None) -> None:
    frame.stack.append(frame.call.context.actor)


def today(frame: Frame, _: None) -> None:
    frame.stack.append(frame.call.context.today)


def now(frame: Frame, _: None) -> None:
    frame.stack.append(frame.call.context.now_s)


def city_of(frame: Frame, _: None) -> None:
    frame.stack[-1] = frame.stack[-1].partition("/")[0]


def value_on(timeline: Timeline, day: int) -> Any:
    """Return the value in force on a day."""
    days, values = timeline
    place = bisect_right(days, day)
    if place == 0:
        fault(Fault.PARAMETER_NOT_IN_FORCE)
    return values[place - 1]


def parameter(frame: Frame, timeline: Timeline) -> None:
    frame.stack[-1] = value_on(timeline, frame.stack[-1])


def local_parameter(frame: Frame, operand: tuple[RegisterAccess, Timeline]) -> None:
    access, timeline = operand
    frame.stack.append(local_value_on(frame.call, access, timeline, *frame.take(2)))


def local_value_on(call: Call, access: RegisterAccess, timeline: Timeline, city: str, day: int) -> Any:
    """Return the value that a city has set for itself by a day, or else the one for all."""
    own = None
    for _, since, value in access.scan(call, (city,), LOCAL_VALUES_MAX):
        if since <= day:
            own = (value,)
    return value_on(timeline, day) if own is None else own[0]


# ---------------------------------------------------------------- registers


@dataclass(frozen=True, slots=True)
class RegisterAccess:
    """A register as its instructions use it. `keys`: the key's fields in the record; the rest runs along them."""

    index: int
    name: str
    keys: tuple[int, ...]
    tests: Tests
    parts: tuple[Callable[[Any], bytes], ...]
    record: Record
    codecs: Codecs

    def key(self, values: tuple[Any, ...]) -> bytes | None:
        """Return the key, or the beginning of keys, made of these values; None if no entry can have them."""
        if not all(test(value) for test, value in zip(self.tests, values, strict=False)):
            return None
        return b"".join([part(value) for part, value in zip(self.parts, values, strict=False)])

    def key_of(self, entry: tuple[Any, ...]) -> bytes:
        """Return the key under which an entry stands."""
        return b"".join([part(entry[field]) for part, field in zip(self.parts, self.keys, strict=True)])

    def read(self, call: Call, key: bytes | None) -> bytes | None:
        """Return the encoded entry under a key."""
        return None if key is None else call.host.read(self.index, key)

    def scan(self, call: Call, values: tuple[Any, ...], limit: int) -> tuple[Any, ...]:
        """Return the entries whose key begins with the values, in key order, or stop if there are more than limit."""
        prefix = self.key(values)
        found = () if prefix is None else call.host.scan(self.index, prefix, limit + 1)
        if len(found) > limit:
            fault(Fault.TOO_MANY_ENTRIES)
        return tuple([self.decode(call, data) for data in found])

    def decode(self, call: Call, data: bytes) -> Any:
        """Return the entry of an encoding; each encoding is decoded once in a call."""
        known = call.decoded.get((self.index, data))
        if known is None:
            try:
                known = self.codecs.decode(self.record, data)
            except EncodingRefused as refused:
                raise InternalError(f"register {self.name} holds what is no entry: {refused.reason.value}") from None
            call.decoded[self.index, data] = known
        return known


def has(frame: Frame, access: RegisterAccess) -> None:
    key = access.key(frame.take(len(access.keys)))
    frame.stack.append(access.read(frame.call, key) is not None)


def get(frame: Frame, access: RegisterAccess) -> None:
    key = access.key(frame.take(len(access.keys)))
    data = access.read(frame.call, key)
    if data is None:
        fault(Fault.MISSING_ENTRY)
    frame.stack.append(access.decode(frame.call, data))


def enter(frame: Frame, access: RegisterAccess) -> None:
    entry = frame.stack.pop()
    key = access.key_of(entry)
    if frame.call.host.read(access.index, key) is not None:
        fault(Fault.ENTRY_EXISTS)
    frame.call.count_write()
    frame.call.host.write(access.index, key, access.codecs.encode(access.record, entry))


def amend(frame: Frame, access: RegisterAccess) -> None:
    entry = frame.stack.pop()
    key = access.key_of(entry)
    if frame.call.host.read(access.index, key) is None:
        fault(Fault.MISSING_ENTRY)
    frame.call.count_write()
    frame.call.host.write(access.index, key, access.codecs.encode(access.record, entry))


def remove(frame: Frame, access: RegisterAccess) -> None:
    key = access.key(frame.take(len(access.keys)))
    if key is None or frame.call.host.read(access.index, key) is None:
        fault(Fault.MISSING_ENTRY)
    frame.call.count_write()
    frame.call.host.write(access.index, key, None)


def entries(frame: Frame, operand: tuple[RegisterAccess, int, int]) -> None:
    access, count, limit = operand
    values = frame.take(count)
    frame.stack.append(access.scan(frame.call, values, limit))


# ---------------------------------------------------------------- events, reasons, checks


def announce(frame: Frame, operand: tuple[int, Tests]) -> None:
    event, tests = operand
    values = frame.take(len(tests))
    require_conforming(tests, values)
    frame.call.announce(Announcement(event, values))


def mark(frame: Frame, marked: Marked) -> None:
    frame.call.gather(marked)


def note(frame: Frame, operand: tuple[int, Test]) -> None:
    index, test = operand
    value = frame.stack[-1]
    if test(value):
        frame.call.gather(Noted(index, value))


def require(frame: Frame, operand: tuple[ConditionMet, ConditionFailed, int]) -> None:
    met, failed, refusal = operand
    if frame.stack.pop():
        frame.call.gather(met)
        return
    frame.call.reasons.append(failed)
    raise StoppedByRefusal(refusal)


def check(frame: Frame, test: Test) -> None:
    if not test(frame.stack[-1]):
        fault(Fault.OUT_OF_RANGE)


# ---------------------------------------------------------------- operands


def register_access(place: Place, index: int) -> RegisterAccess:
    """Return what the instructions of a register use."""
    register = place.program.registers[index]
    fields = place.program.records[register.record].fields
    types = [fields[key].type for key in register.keys]
    return RegisterAccess(
        index=index,
        name=register.name,
        keys=register.keys,
        tests=tuple([place.codecs.test(type_) for type_ in types]),
        parts=tuple([key_part(type_) for type_ in types]),
        record=Record(register.record),
        codecs=place.codecs,
    )


def access_of(place: Place) -> RegisterAccess:
    """Prepare a register."""
    return register_access(place, place.operand)


def scan_of(place: Place) -> tuple[RegisterAccess, int, int]:
    """Prepare a register, the number of leading keys and the limit."""
    _, count, limit = place.instruction.operands
    return access_of(place), count, limit


def timeline_of(place: Place) -> Timeline:
    """Prepare a parameter's days and values."""
    values = place.program.parameters[place.operand].values
    return tuple([day for day, _ in values]), tuple([value for _, value in values])


def local_timeline_of(place: Place) -> tuple[RegisterAccess, Timeline]:
    """Prepare the register of the cities' values and the parameter's own days and values."""
    register = place.program.parameters[place.operand].register
    assert register is not None
    return register_access(place, register), timeline_of(place)


def event_of(place: Place) -> tuple[int, Tests]:
    """Prepare an event and the tests of its fields."""
    fields = place.program.events[place.operand].fields
    return place.operand, tuple([place.codecs.test(field.type) for field in fields])


def mark_of(place: Place) -> Marked:
    """Prepare the reason that a mark gives."""
    return Marked(place.operand)


def note_of(place: Place) -> tuple[int, Test]:
    """Prepare a note and the test of its value."""
    return place.operand, place.codecs.test(place.program.notes[place.operand].type)


def condition_of(place: Place) -> tuple[ConditionMet, ConditionFailed, int]:
    """Prepare both reasons that a condition can give and its refusal."""
    index = place.operand
    return ConditionMet(index), ConditionFailed(index), place.program.conditions[index].refusal


def test_of_type(place: Place) -> Test:
    """Prepare the test of a type."""
    return place.codecs.test(place.program.types[place.operand])


HANDLERS: dict[str, Entry] = {
    "actor": (actor, nothing),
    "today": (today, nothing),
    "now": (now, nothing),
    "city_of": (city_of, nothing),
    "parameter": (parameter, timeline_of),
    "local_parameter": (local_parameter, local_timeline_of),
    "has": (has, access_of),
    "get": (get, access_of),
    "enter": (enter, access_of),
    "amend": (amend, access_of),
    "remove": (remove, access_of),
    "entries": (entries, scan_of),
    "announce": (announce, event_of),
    "mark": (mark, mark_of),
    "note": (note, note_of),
    "require": (require, condition_of),
    "check": (check, test_of_type),
}
