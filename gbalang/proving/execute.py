"""A verified program run on symbols: for every instruction of the table what it does to values that may be unknown.

It reads like the reference interpreter and means the same. Costs and reasons are left out: no path is refused for its
cost, since the worst case of a function is known, and reasons decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from gbalang.isa.opcodes import BY_NUMBER
from gbalang.isa.program import Rounding
from gbalang.isa.types import List, Record
from gbalang.limits import EVENTS_MAX, LOCAL_VALUES_MAX, WRITES_MAX
from gbalang.proving import dates
from gbalang.proving import terms as s
from gbalang.proving import values as v
from gbalang.proving.loops import gathering_of
from gbalang.proving.paths import Entry, Frame, Run, key_of, key_types, stands_under
from gbalang.proving.values import ABSENT, Items, Maybe, Party, Quotient, Reason, Symbolic, Unsupported
from gbalang.vm.faults import Fault
from gbalang.vm.interpreter.frame import Place

Handler: TypeAlias = Callable[[Frame, Place], None]
NUMBERS_MAX = 64
"""Numbers of one [a … b] that are written out."""

# ---------------------------------------------------------------- control


def execute(run: Run, function: int, arguments: list[Symbolic]) -> Symbolic:
    """Run a function on the run's path; return its value, None for an act or where no path is left."""
    called = run.program.functions[function]
    frame = Frame(run, function, [], [*arguments, *[None] * (len(called.locals) - len(arguments))])
    _run(frame, 0, len(called.code))
    return frame.stack[0] if frame.stack and run.world.alive is not False else None


def _run(frame: Frame, start: int, end: int) -> None:
    """Run a stretch of whole blocks; where no path is left, the rest is passed over."""
    position = start
    while position < end and frame.run.world.alive is not False:
        place = frame.place(position)
        name = BY_NUMBER[place.instruction.opcode].name
        match name:
            case "if":
                position = _branch(frame, place)
            case "each":
                _each(frame, place)
                position = place.partner + 1
            case _:
                HANDLERS[name](frame, place)
                position += 1


def _branch(frame: Frame, place: Place) -> int:
    condition = frame.stack.pop()
    middle = place.partner
    closing = middle
    if BY_NUMBER[place.function.code[middle].opcode].name == "else":
        closing = place.facts.partners[middle]
    parts = ((place.position + 1, middle), (middle + 1 if middle != closing else middle, closing))
    if isinstance(condition, bool):
        _run(frame, *parts[0 if condition else 1])
    else:
        _both(frame, condition, parts)
    return closing + 1


def _both(frame: Frame, condition: s.Truth, parts: tuple[tuple[int, int], tuple[int, int]]) -> None:
    run, world = frame.run, frame.run.world
    stack, locals_ = frame.stack, frame.locals
    sides = []
    for truth, part in zip((condition, s.negation(condition)), parts, strict=True):
        run.world = world.fork(truth)
        started = run.world.alive
        frame.stack, frame.locals = list(stack), list(locals_)
        _run(frame, *part)
        sides.append((run.world, started, frame.stack, frame.locals))
    (then, began, stack, locals_), (otherwise, began_otherwise, other_stack, other_locals) = sides
    run.world = world
    world.meet(condition, then, otherwise, (began, began_otherwise))
    if then.alive is False:
        frame.stack, frame.locals = other_stack, other_locals
    elif otherwise.alive is False:
        frame.stack, frame.locals = stack, locals_
    else:
        frame.stack = [v.choose(condition, *pair) for pair in zip(stack, other_stack, strict=True)]
        frame.locals = [v.choose(condition, *pair) for pair in zip(locals_, other_locals, strict=True)]


def _each(frame: Frame, place: Place) -> None:
    items = frame.stack.pop()
    body = (place.position + 1, place.partner)
    gathering = None
    if items.loose:
        gathering = gathering_of(place.program, place.function, place.facts.partners, *body)
        if gathering is None:
            raise Unsupported(Reason.ORDER)
    for there, item in items.places:
        if there is False or frame.run.world.alive is False:
            continue
        if there is True:
            frame.locals[place.operand] = item
            _run(frame, *body)
        else:
            kept = frame.locals[place.operand]
            frame.locals[place.operand] = item
            _both(frame, there, (body, (body[1], body[1])))
            frame.locals[place.operand] = kept
    if gathering is not None and gathering.listed and gathering.result is not None:
        frame.locals[gathering.result] = v.loosened(frame.locals[gathering.result])


def call(frame: Frame, place: Place) -> None:
    callee = place.program.functions[place.operand]
    arguments = frame.take(len(callee.parameters) + (1 if callee.dated else 0))
    frame.stack.append(execute(frame.run, place.operand, arguments))


def refuse(frame: Frame, _: Place) -> None:
    frame.run.stop(when=True, fault=None)


def raise_fault(frame: Frame, place: Place) -> None:
    frame.run.stop(when=True, fault=Fault(place.operand))


def pass_over(_: Frame, __: Place) -> None:
    """Marks and notes are reasons, and reasons decide nothing."""


def constant(frame: Frame, place: Place) -> None:
    frame.stack.append(frame.run.values.constant(*place.program.constants[place.operand]))


def local_get(frame: Frame, place: Place) -> None:
    frame.stack.append(frame.locals[place.operand])


def local_set(frame: Frame, place: Place) -> None:
    frame.locals[place.operand] = frame.stack.pop()


def drop(frame: Frame, _: Place) -> None:
    frame.stack.pop()


# ---------------------------------------------------------------- numbers and ratios


def _held(run: Run, value: s.Number) -> s.Number:
    run.stop(s.negation(s.within(value, 1 - v.BOUND, v.BOUND - 1)), Fault.OVERFLOW)
    return s.narrowed(value, 1 - v.BOUND, v.BOUND - 1)


def _held_ratio(run: Run, value: Quotient) -> Quotient:
    """The machine faults when a ratio does not fit in lowest terms; ours are in any terms. So where they might not fit,
    it is left open whether it faults.
    """
    edges = (*s.span(value.numerator), *s.span(value.denominator))
    if not all(-v.HUGE < (edge or 0) < v.HUGE for edge in edges):
        raise Unsupported(Reason.HUGE)
    fits = s.both(
        s.within(value.numerator, 1 - v.BOUND, v.BOUND - 1), s.within(value.denominator, 1, v.BOUND - 1)
    )
    if fits is not True:
        run.guesses += 1
        run.stop(s.both(s.negation(fits), run.values.logic.truth("overflow")), Fault.OVERFLOW)
    return value


def _of_two(reckon: Callable[[s.Number, s.Number], s.Number]) -> Handler:
    def handler(frame: Frame, _: Place) -> None:
        frame.stack.append(_held(frame.run, reckon(*frame.take(2))))

    return handler


def negate(frame: Frame, _: Place) -> None:
    frame.stack[-1] = s.negate(frame.stack[-1])


def rescale(frame: Frame, place: Place) -> None:
    frame.stack[-1] = _held(frame.run, s.multiply(frame.stack[-1], 10**place.operand))


def to_ratio(frame: Frame, place: Place) -> None:
    frame.stack[-1] = v.reduced(frame.stack[-1], 10**place.operand)


def ratio_add(frame: Frame, _: Place) -> None:
    frame.stack.append(_held_ratio(frame.run, v.sum_of(*frame.take(2))))


def ratio_subtract(frame: Frame, _: Place) -> None:
    left, right = frame.take(2)
    frame.stack.append(_held_ratio(frame.run, v.sum_of(left, v.negative_of(right))))


def ratio_multiply(frame: Frame, _: Place) -> None:
    frame.stack.append(_held_ratio(frame.run, v.product_of(*frame.take(2))))


def ratio_divide(frame: Frame, _: Place) -> None:
    left, right = frame.take(2)
    frame.run.stop(s.same_number(right.numerator, 0), Fault.DIVISION_BY_ZERO)
    if frame.run.world.alive is not False:
        frame.stack.append(_held_ratio(frame.run, v.product_of(left, v.inverse_of(right))))


def ratio_negate(frame: Frame, _: Place) -> None:
    frame.stack[-1] = v.negative_of(frame.stack[-1])


def ratio_round(frame: Frame, place: Place) -> None:
    frame.stack[-1] = rounded(frame.stack[-1], Rounding(place.operand))


def rounded(value: Quotient, mode: Rounding) -> s.Number:
    """Return the integer to which a mode rounds a ratio."""
    numerator, denominator = value.numerator, value.denominator
    below = s.quotient(numerator, denominator)
    rest = s.subtract(numerator, s.multiply(below, denominator))
    exact, positive = s.same_number(rest, 0), s.less(0, numerator)
    twice = s.multiply(rest, 2)
    up: s.Truth
    match mode:
        case Rounding.FLOOR:
            up = False
        case Rounding.CEILING:
            up = True
        case Rounding.UP:
            up = positive
        case Rounding.DOWN:
            up = s.negation(positive)
        case Rounding.HALF_UP:
            up = s.choose_truth(positive, s.at_least(twice, denominator), s.less(denominator, twice))
        case Rounding.HALF_DOWN:
            up = s.choose_truth(positive, s.less(denominator, twice), s.at_least(twice, denominator))
        case Rounding.HALF_EVEN:
            odd = s.same_number(s.remainder(below, 2), 1)
            tie = s.same_number(twice, denominator)
            up = s.either(s.less(denominator, twice), s.both(tie, odd))
    return s.add(below, s.choose_number(s.both(s.negation(exact), up), 1, 0))


def ratio_compare(frame: Frame, _: Place) -> None:
    left, right = frame.take(2)
    ours = s.multiply(left.numerator, right.denominator)
    theirs = s.multiply(right.numerator, left.denominator)
    equal_or_above = s.choose_number(s.same_number(ours, theirs), 0, 1)
    frame.stack.append(s.choose_number(s.less(ours, theirs), -1, equal_or_above))


def equal(frame: Frame, _: Place) -> None:
    frame.stack.append(v.same(*frame.take(2)))


def less(frame: Frame, _: Place) -> None:
    frame.stack.append(s.less(*frame.take(2)))


def less_or_equal(frame: Frame, _: Place) -> None:
    left, right = frame.take(2)
    frame.stack.append(s.at_least(right, left))


def negation(frame: Frame, _: Place) -> None:
    frame.stack[-1] = s.negation(frame.stack[-1])


# ---------------------------------------------------------------- records, options, lists, sets


def record(frame: Frame, place: Place) -> None:
    fields = place.program.records[place.operand].fields
    type_ = Record(place.operand)
    whole = tuple(frame.take(len(fields)))
    frame.run.stop(s.negation(frame.run.values.conforms(type_, whole)), Fault.OUT_OF_RANGE)
    frame.stack.append(frame.run.values.narrowed(type_, whole))


def get_field(frame: Frame, place: Place) -> None:
    frame.stack[-1] = frame.stack[-1][place.operand]


def with_field(frame: Frame, place: Place) -> None:
    whole, value = frame.take(2)
    holder = place.inputs[0]
    assert isinstance(holder, Record)
    type_ = place.program.records[holder.index].fields[place.operand].type
    frame.run.stop(s.negation(frame.run.values.conforms(type_, value)), Fault.OUT_OF_RANGE)
    changed = frame.run.values.narrowed(type_, value)
    frame.stack.append((*whole[: place.operand], changed, *whole[place.operand + 1 :]))


def some(frame: Frame, _: Place) -> None:
    frame.stack[-1] = Maybe(present=True, value=frame.stack[-1])


def none(frame: Frame, _: Place) -> None:
    frame.stack.append(ABSENT)


def is_present(frame: Frame, _: Place) -> None:
    frame.stack[-1] = frame.stack[-1].present


def unwrap(frame: Frame, _: Place) -> None:
    option = frame.stack.pop()
    frame.run.stop(s.negation(option.present), Fault.MISSING_VALUE)
    frame.stack.append(option.value)


def build_list(frame: Frame, place: Place) -> None:
    frame.stack.append(Items(tuple([(True, each) for each in frame.take(place.instruction.operands[1])])))


def build_set(frame: Frame, place: Place) -> None:
    frame.stack.append(v.set_of(frame.take(place.instruction.operands[1])))


def length(frame: Frame, _: Place) -> None:
    frame.stack[-1] = v.length(frame.stack[-1])


def append(frame: Frame, place: Place) -> None:
    items, value = frame.take(2)
    type_ = place.inputs[0]
    assert isinstance(type_, List)
    frame.run.stop(s.at_least(v.length(items), type_.limit), Fault.COLLECTION_FULL)
    frame.stack.append(Items((*items.places, (True, value)), items.loose, items.is_set))


def contains(frame: Frame, _: Place) -> None:
    value, items = frame.take(2)
    frame.stack.append(v.contains(items, value))


def get_item(frame: Frame, _: Place) -> None:
    items, number = frame.take(2)
    if items.loose:
        raise Unsupported(Reason.ORDER)
    found = v.item_at(items, s.subtract(number, 1))
    there = s.both(s.at_least(number, 1), s.at_least(v.length(items), number))
    frame.run.stop(True if found is None else s.negation(there), Fault.INDEX_OUT_OF_RANGE)
    frame.stack.append(found)


def numbers(frame: Frame, place: Place) -> None:
    low, high = frame.take(2)
    count = s.subtract(high, low)
    frame.run.stop(s.at_least(count, place.operand), Fault.COLLECTION_FULL)
    most = place.operand if s.span(count)[1] is None else min(place.operand, (s.span(count)[1] or 0) + 1)
    if most > NUMBERS_MAX:
        raise Unsupported(Reason.LONG_LIST)
    places = [(s.at_least(count, step), s.add(low, step)) for step in range(max(most, 0))]
    frame.stack.append(Items(tuple(places)))


# ---------------------------------------------------------------- circumstances and parameters


def actor(frame: Frame, _: Place) -> None:
    frame.stack.append(frame.run.actor)


def today(frame: Frame, _: Place) -> None:
    frame.stack.append(frame.run.today)


def now(frame: Frame, _: Place) -> None:
    frame.stack.append(frame.run.now)


def city_of(frame: Frame, _: Place) -> None:
    frame.stack[-1] = Party(frame.stack[-1].city, 0)


def parameter(frame: Frame, place: Place) -> None:
    day = frame.stack.pop()
    value = _value_on(frame.run, place.operand, day)
    frame.run.stop(s.less(day, _first_day(place)), Fault.PARAMETER_NOT_IN_FORCE)
    frame.stack.append(value)


def _first_day(place: Place) -> int:
    return place.program.parameters[place.operand].values[0][0]


def _value_on(run: Run, index: int, day: s.Number) -> Symbolic:
    declared = run.program.parameters[index]
    found: Symbolic = None
    for since, value in declared.values:
        found = v.choose(s.at_least(day, since), run.values.constant(declared.type, value), found)
    return found


def local_parameter(frame: Frame, place: Place) -> None:
    """Of the city's own values that are in force by then, the one that no other of them is later than."""
    city, day = frame.take(2)
    run = frame.run
    register = place.program.parameters[place.operand].register
    assert register is not None
    entries = [entry for entry in run.world.registers[register] if entry.there is not False]
    chosen: Symbolic = None
    own: s.Truth = False
    in_force = [
        s.both(stands_under(run.program, register, entry, [city]), s.at_least(day, entry.value[1])) for entry in entries
    ]
    for place_, entry in enumerate(entries):
        latest = s.both(in_force[place_], *[
            s.either(s.negation(other), s.at_least(entry.value[1], entries[other_place].value[1]))
            for other_place, other in enumerate(in_force) if other_place != place_
        ])  # fmt: skip
        chosen = v.choose(latest, entry.value[2], chosen)
        own = s.either(own, latest)
    if len(entries) > LOCAL_VALUES_MAX:
        raise Unsupported(Reason.LONG_LIST)
    run.stop(s.both(s.negation(own), s.less(day, _first_day(place))), Fault.PARAMETER_NOT_IN_FORCE)
    frame.stack.append(v.choose(own, chosen, _value_on(run, place.operand, day)))


# ---------------------------------------------------------------- registers


def _matches(frame: Frame, register: int, keys: list[Symbolic]) -> list[s.Truth]:
    return [stands_under(frame.run.program, register, entry, keys) for entry in frame.run.world.registers[register]]


def has(frame: Frame, place: Place) -> None:
    keys = frame.take(len(key_types(place.program, place.operand)))
    frame.stack.append(s.either(*_matches(frame, place.operand, keys)))


def get(frame: Frame, place: Place) -> None:
    keys = frame.take(len(key_types(place.program, place.operand)))
    found: Symbolic = None
    matches = _matches(frame, place.operand, keys)
    for matching, entry in zip(matches, frame.run.world.registers[place.operand], strict=True):
        found = v.choose(matching, entry.value, found)
    frame.run.stop(s.negation(s.either(*matches)), Fault.MISSING_ENTRY)
    frame.stack.append(found)


def enter(frame: Frame, place: Place) -> None:
    register = place.operand
    entry = frame.stack.pop()
    matches = _matches(frame, register, key_of(place.program, register, entry))
    frame.run.stop(s.either(*matches), Fault.ENTRY_EXISTS)
    _count_write(frame.run)
    frame.run.world.registers[register] += (Entry(there=True, value=entry, new=True),)


def amend(frame: Frame, place: Place) -> None:
    register = place.operand
    entry = frame.stack.pop()
    matches = _matches(frame, register, key_of(place.program, register, entry))
    frame.run.stop(s.negation(s.either(*matches)), Fault.MISSING_ENTRY)
    _count_write(frame.run)
    frame.run.world.registers[register] = tuple([
        Entry(old.there, v.choose(matching, entry, old.value), old.new)
        for matching, old in zip(matches, frame.run.world.registers[register], strict=True)
    ])


def remove(frame: Frame, place: Place) -> None:
    register = place.operand
    matches = _matches(frame, register, frame.take(len(key_types(place.program, register))))
    frame.run.stop(s.negation(s.either(*matches)), Fault.MISSING_ENTRY)
    _count_write(frame.run)
    frame.run.world.registers[register] = tuple([
        Entry(s.both(old.there, s.negation(matching)), old.value, old.new)
        for matching, old in zip(matches, frame.run.world.registers[register], strict=True)
    ])


def entries(frame: Frame, place: Place) -> None:
    register, count, limit = place.instruction.operands
    matches = _matches(frame, register, frame.take(count))
    standing = frame.run.world.registers[register]
    places = [
        (matching, entry.value) for matching, entry in zip(matches, standing, strict=True) if matching is not False
    ]
    found = Items(tuple(places), loose=len(places) > 1 and any(entry.new for entry in standing))
    frame.run.stop(s.less(limit, v.length(found)), Fault.TOO_MANY_ENTRIES)
    frame.stack.append(found)


def _count_write(run: Run) -> None:
    run.world.writes += 1
    if run.world.writes > WRITES_MAX:
        raise Unsupported(Reason.LONG_LIST)


# ---------------------------------------------------------------- events and checks


def announce(frame: Frame, place: Place) -> None:
    fields = place.program.events[place.operand].fields
    given = frame.take(len(fields))
    for field, value in zip(fields, given, strict=True):
        frame.run.stop(s.negation(frame.run.values.conforms(field.type, value)), Fault.OUT_OF_RANGE)
    frame.run.world.events += 1
    if frame.run.world.events > EVENTS_MAX:
        raise Unsupported(Reason.LONG_LIST)


def require(frame: Frame, place: Place) -> None:
    holds = frame.stack.pop()
    frame.run.required.append((place.operand, frame.run.world.alive, holds))
    frame.run.stop(s.negation(holds), None, place.operand)


def check(frame: Frame, place: Place) -> None:
    type_ = place.program.types[place.operand]
    frame.run.stop(s.negation(frame.run.values.conforms(type_, frame.stack[-1])), Fault.OUT_OF_RANGE)
    frame.stack[-1] = frame.run.values.narrowed(type_, frame.stack[-1])


HANDLERS: dict[str, Handler] = {
    "constant": constant,
    "local_get": local_get,
    "local_set": local_set,
    "drop": drop,
    "add": _of_two(s.add),
    "subtract": _of_two(s.subtract),
    "multiply": _of_two(s.multiply),
    "negate": negate,
    "rescale": rescale,
    "to_ratio": to_ratio,
    "ratio_add": ratio_add,
    "ratio_subtract": ratio_subtract,
    "ratio_multiply": ratio_multiply,
    "ratio_divide": ratio_divide,
    "ratio_negate": ratio_negate,
    "ratio_round": ratio_round,
    "ratio_compare": ratio_compare,
    "equal": equal,
    "less": less,
    "less_or_equal": less_or_equal,
    "not": negation,
    "call": call,
    "refuse": refuse,
    "fault": raise_fault,
    "record": record,
    "field": get_field,
    "with_field": with_field,
    "some": some,
    "none": none,
    "is_present": is_present,
    "unwrap": unwrap,
    "list": build_list,
    "set": build_set,
    "length": length,
    "append": append,
    "contains": contains,
    "item": get_item,
    "numbers": numbers,
    "actor": actor,
    "today": today,
    "now": now,
    "city_of": city_of,
    "parameter": parameter,
    "local_parameter": local_parameter,
    "has": has,
    "get": get,
    "enter": enter,
    "amend": amend,
    "remove": remove,
    "entries": entries,
    "announce": announce,
    "mark": pass_over,
    "note": pass_over,
    "require": require,
    "check": check,
    **dates.HANDLERS,
}
"""What each instruction does, by its name in the table; `if`, `each` and their parts are run by the loop above."""

BLOCKS = ("if", "else", "end", "each")
