"""Records, options, lists and sets."""

from __future__ import annotations

from typing import Any, TypeAlias

from gbalang.isa.encoding import Writer
from gbalang.isa.types import List, Record, Set
from gbalang.isa.values import Test, Write
from gbalang.vm.faults import Fault
from gbalang.vm.interpreter.frame import Entry, Frame, Place, fault, first_operand, nothing

Tests: TypeAlias = tuple[Test, ...]


def require_conforming(tests: Tests, values: tuple[Any, ...]) -> None:
    """Stop unless each value is within the range, length and kind of its place."""
    for test, value in zip(tests, values, strict=True):
        if not test(value):
            fault(Fault.OUT_OF_RANGE)


def record(frame: Frame, tests: Tests) -> None:
    values = frame.take(len(tests))
    require_conforming(tests, values)
    frame.stack.append(values)


def get_field(frame: Frame, index: int) -> None:
    frame.stack[-1] = frame.stack[-1][index]


def with_field(frame: Frame, operand: tuple[int, Test]) -> None:
    index, test = operand
    whole, value = frame.take(2)
    if not test(value):
        fault(Fault.OUT_OF_RANGE)
    frame.stack.append((*whole[:index], value, *whole[index + 1 :]))


def some(frame: Frame, _: None) -> None:
    frame.stack[-1] = (frame.stack[-1],)


def none(frame: Frame, _: None) -> None:
    frame.stack.append(())


def is_present(frame: Frame, _: None) -> None:
    frame.stack[-1] = frame.stack[-1] != ()


def unwrap(frame: Frame, _: None) -> None:
    option = frame.stack.pop()
    if not option:
        fault(Fault.MISSING_VALUE)
    frame.stack.append(option[0])


def build_list(frame: Frame, count: int) -> None:
    frame.stack.append(frame.take(count))


def build_set(frame: Frame, operand: tuple[int, Write]) -> None:
    count, write = operand
    frame.stack.append(set_of(frame.take(count), write))


def set_of(items: tuple[Any, ...], write: Write) -> tuple[Any, ...]:
    """Return the items as a set: each once, in the order of their encodings."""
    by_encoding: dict[bytes, Any] = {}
    for item in items:
        writer = Writer()
        write(writer, item)
        by_encoding[writer.finish()] = item
    return tuple([by_encoding[encoding] for encoding in sorted(by_encoding)])


def length(frame: Frame, _: None) -> None:
    frame.stack[-1] = len(frame.stack[-1])


def append(frame: Frame, limit: int) -> None:
    items, value = frame.take(2)
    if len(items) >= limit:
        fault(Fault.COLLECTION_FULL)
    frame.stack.append((*items, value))


def contains(frame: Frame, _: None) -> None:
    value, items = frame.take(2)
    frame.stack.append(value in items)


def get_item(frame: Frame, _: None) -> None:
    items, number = frame.take(2)
    if not 1 <= number <= len(items):
        fault(Fault.INDEX_OUT_OF_RANGE)
    frame.stack.append(items[number - 1])


def numbers(frame: Frame, limit: int) -> None:
    low, high = frame.take(2)
    if high - low >= limit:
        fault(Fault.COLLECTION_FULL)
    frame.stack.append(tuple(range(low, high + 1)))


def tests_of_record(place: Place) -> Tests:
    """Prepare the tests of a record's fields."""
    return tuple([place.codecs.test(field.type) for field in place.program.records[place.operand].fields])


def test_of_field(place: Place) -> tuple[int, Test]:
    """Prepare the position and the test of a field of the record on the stack."""
    whole = place.inputs[0]
    assert isinstance(whole, Record)
    return place.operand, place.codecs.test(place.program.records[whole.index].fields[place.operand].type)


def count_of_items(place: Place) -> int:
    """Prepare the number of items of a new list."""
    return place.instruction.operands[1]


def writer_of_items(place: Place) -> tuple[int, Write]:
    """Prepare the number of items of a new set and what encodes them."""
    type_ = place.program.types[place.operand]
    assert isinstance(type_, Set)
    return place.instruction.operands[1], place.codecs.writer(type_.item)


def limit_of_list(place: Place) -> int:
    """Prepare the limit of the list on the stack."""
    type_ = place.inputs[0]
    assert isinstance(type_, List)
    return type_.limit


HANDLERS: dict[str, Entry] = {
    "record": (record, tests_of_record),
    "field": (get_field, first_operand),
    "with_field": (with_field, test_of_field),
    "some": (some, nothing),
    "none": (none, nothing),
    "is_present": (is_present, nothing),
    "unwrap": (unwrap, nothing),
    "list": (build_list, count_of_items),
    "set": (build_set, writer_of_items),
    "length": (length, nothing),
    "append": (append, limit_of_list),
    "contains": (contains, nothing),
    "item": (get_item, nothing),
    "numbers": (numbers, first_operand),
}
