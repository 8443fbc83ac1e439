"""What each instruction becomes in Python: one writer for each, by its name in the table.

A writer takes expressions off the stack, writes what must happen now, and pushes the expression of the result. What an
operation means is not said again here: where it is more than an operator of Python, the text calls the very function
that the interpreter calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from gbalang.isa.civil import DATE_MAX, DATE_MIN, TIME_MAX, TIME_MIN, civil_from_days, day_of_time
from gbalang.isa.program import Rounding
from gbalang.isa.types import Date, Enumeration, Number, Record, Reference, Time, Truth, Type
from gbalang.isa.values import key_part, number_range
from gbalang.limits import NUMBER_BITS_MAX, REASONS_MAX
from gbalang.vm.compiled.body import Body, Expression
from gbalang.vm.compiled.codecs import Entries, key_of_references
from gbalang.vm.faults import Fault
from gbalang.vm.host import Announcement, Noted
from gbalang.vm.interpreter import arithmetic, dates, ledger, parts, structure
from gbalang.vm.interpreter.frame import Place

Write: TypeAlias = Callable[[Body, Place], None]

LITERAL_BITS_MAX = 63
"""Integers up to here stand in the text; larger ones are held by name."""
_BOUND = 1 << NUMBER_BITS_MAX
_OVERFLOW = f"not -{_BOUND} < {{0}} < {_BOUND}"


def operator(template: str) -> Write:
    """Return the writer of an operation that cannot fail, from its operands in brackets."""
    count = template.count("{")

    def write(body: Body, _: Place) -> None:
        operands = body.take(count)
        body.push(f"({template.format(*[operand.text for operand in operands])})", operands)

    return write


def total(function: Callable[..., object], count: int) -> Write:
    """Return the writer of a call of a function that cannot fail."""

    def write(body: Body, _: Place) -> None:
        operands = body.take(count)
        shown = ", ".join([operand.text for operand in operands])
        body.push(f"{body.constants.name(function)}({shown})", operands)

    return write


def at(body: Body, place: Place) -> None:
    """Note where the function stands, before what may stop it."""
    body.write(f"at = {place.position}")


def stop_if(body: Body, place: Place, condition: str, fault: Fault) -> None:
    """Write: if so, the call stops here with that fault."""
    body.write(f"if {condition}: at = {place.position}; fault({body.constants.name(fault)})")


# ---------------------------------------------------------------- values, locals, structure


def constant(body: Body, place: Place) -> None:
    push_constant(body, place.program.constants[place.operand][1])


def push_constant(body: Body, value: object) -> None:
    """Push a value that is known."""
    if type(value) is bool:
        body.push_atom("True" if value else "False")
    elif type(value) is int and value.bit_length() <= LITERAL_BITS_MAX:
        body.push_atom(f"({value})")
    else:
        body.push_atom(body.constants.name(value))


def local_get(body: Body, place: Place) -> None:
    body.push_atom(f"l{place.operand}", place.operand)


def local_set(body: Body, place: Place) -> None:
    value = body.pop()
    body.settle(place.operand)
    body.write(f"l{place.operand} = {value.text}")


def drop(body: Body, _: Place) -> None:
    body.pop()


def call(body: Body, place: Place) -> None:
    function, count = structure.callee_of(place)
    shown = "".join([f", {operand.text}" for operand in body.take(count)])
    at(body, place)
    body.push_value(f"f{function}(call{shown})")


def refuse(body: Body, place: Place) -> None:
    at(body, place)
    body.write(f"refuse({place.operand})")


def raise_fault(body: Body, place: Place) -> None:
    at(body, place)
    body.write(f"fault({body.constants.name(structure.fault_of(place))})")
    if place.instruction.operands[1]:
        body.push_atom("nothing")  # never reached; Python warns of a literal in its place


# ---------------------------------------------------------------- numbers


def number(template: str) -> Write:
    """Return the writer of an operation whose result may be too large."""
    count = template.count("{")

    def write(body: Body, place: Place) -> None:
        operands = body.take(count)
        name = body.push_value(template.format(*[operand.text for operand in operands]))
        stop_if(body, place, _OVERFLOW.format(name), Fault.OVERFLOW)

    return write


def rescale(body: Body, place: Place) -> None:
    name = body.push_value(f"{body.pop().text} * {arithmetic.power_of_ten(place)}")
    stop_if(body, place, _OVERFLOW.format(name), Fault.OVERFLOW)


def to_ratio(body: Body, place: Place) -> None:
    push_quotient(body, body.settled(body.pop()), str(arithmetic.power_of_ten(place)))


def push_quotient(body: Body, numerator: Expression, denominator: str) -> None:
    """Push a ratio whose terms the machine can hold, whatever their common factors: lowest terms are smaller."""
    text = f"{body.constants.name(arithmetic.ratio)}({numerator.text}, {denominator})"
    body.stack.append(Expression(text, numerator.locals, 1, (numerator.text, denominator)))


def terms_of(body: Body, value: Expression) -> tuple[str, str]:
    """Return names for a numerator and a denominator above zero, not always in lowest terms."""
    if value.quotient is not None:
        return value.quotient
    name = body.named(value)
    return f"{name}[0]", f"{name}[1]"


def of_ratios(numerator: str, denominator: str) -> Write:
    """Return the writer of a sum, difference or product of ratios a ÷ b and c ÷ d."""

    def write(body: Body, place: Place) -> None:
        left, right = body.take(2)
        (a, b), (c, d) = terms_of(body, left), terms_of(body, right)
        _push_checked(body, place, numerator.format(a=a, b=b, c=c, d=d), denominator.format(a=a, b=b, c=c, d=d))

    return write


def ratio_divide(body: Body, place: Place) -> None:
    left, right = body.take(2)
    (a, b), (c, d) = terms_of(body, left), terms_of(body, right)
    stop_if(body, place, f"{c} == 0", Fault.DIVISION_BY_ZERO)
    above, below = body.variable(), body.variable()
    body.write(f"{above}, {below} = ({a} * {d}, {b} * {c}) if {c} > 0 else (-({a} * {d}), -({b} * {c}))")
    _push_checked(body, place, above, below)


def _push_checked(body: Body, place: Place, numerator: str, denominator: str) -> None:
    """Push a ratio; terms that the machine cannot hold are brought to lowest terms, and stop the call if it cannot
    hold those.
    """
    above, below = body.variable(), body.variable()
    body.write(f"{above}, {below} = {numerator}, {denominator}")
    ratio = body.constants.name(arithmetic.ratio)
    outside = f"not (-{_BOUND} < {above} < {_BOUND} and {below} < {_BOUND})"
    body.write(f"if {outside}: at = {place.position}; {above}, {below} = {ratio}({above}, {below})")
    push_quotient(body, Expression(above), below)


def ratio_negate(body: Body, _: Place) -> None:
    numerator, denominator = terms_of(body, body.pop())
    name = body.variable()
    body.write(f"{name} = -{numerator}")
    push_quotient(body, Expression(name), denominator)


def ratio_round(body: Body, place: Place) -> None:
    numerator, denominator = terms_of(body, body.pop())
    body.push_value(ROUNDED[arithmetic.rounding_mode(place)].format(n=numerator, d=denominator))


ROUNDED: dict[Rounding, str] = {
    Rounding.FLOOR: "{n} // {d}",
    Rounding.CEILING: "-(-{n} // {d})",
    Rounding.UP: "-(-{n} // {d}) if {n} > 0 else {n} // {d}",
    Rounding.DOWN: "{n} // {d} if {n} > 0 else -(-{n} // {d})",
    Rounding.HALF_UP: "(2 * {n} + {d}) // (2 * {d}) if {n} > 0 else -((2 * -{n} + {d}) // (2 * {d}))",
    Rounding.HALF_DOWN: "-(-(2 * {n} - {d}) // (2 * {d})) if {n} > 0 else (2 * {n} + {d}) // (2 * {d})",
    Rounding.HALF_EVEN: "(2 * {n} + {d}) // (2 * {d}) - (0 if (2 * {n} + {d}) % (2 * {d})"
    " else (2 * {n} + {d}) // (2 * {d}) % 2)",
}
"""The integer to which a mode rounds n ÷ d, d above zero, in whole numbers alone; the interpreter goes another way."""


def ratio_compare(body: Body, _: Place) -> None:
    left, right = body.take(2)
    (a, b), (c, d) = terms_of(body, left), terms_of(body, right)
    ours, theirs = body.variable(), body.variable()
    body.write(f"{ours}, {theirs} = {a} * {d}, {c} * {b}")
    body.push(f"(({ours} > {theirs}) - ({ours} < {theirs}))")


# ---------------------------------------------------------------- records, options, collections


def failing(body: Body, place: Place, type_: Type, name: str) -> str | None:
    """Return the condition under which a value of that kind is outside what a type declares; None if it never is."""
    match type_:
        case Truth():
            return None
        case Number():
            low, high = number_range(type_)
            return f"not {low} <= {name} <= {high}"
        case Date():
            return f"not {DATE_MIN} <= {name} <= {DATE_MAX}"
        case Time():
            return f"not {TIME_MIN} <= {name} <= {TIME_MAX}"
        case Enumeration(index=index):
            return f"not 0 <= {name} < {len(place.program.enumerations[index].members)}"
        case Reference():
            return f"{reference_key(body, place, type_)}({name}) is None"
        case _:
            return f"not {body.constants.name(place.codecs.test(type_))}({name})"


def _require_conforming(body: Body, place: Place, names: list[str], types: list[Type]) -> None:
    found = [failing(body, place, type_, name) for name, type_ in zip(names, types, strict=True)]
    conditions = [condition for condition in found if condition is not None]
    if conditions:
        stop_if(body, place, " or ".join(conditions), Fault.OUT_OF_RANGE)


def record(body: Body, place: Place) -> None:
    fields = place.program.records[place.operand].fields
    names = [body.named(value) for value in body.take(len(fields))]
    _require_conforming(body, place, names, [field.type for field in fields])
    body.push_value("(" + "".join([f"{name}, " for name in names]) + ")")


def get_field(body: Body, place: Place) -> None:
    whole = body.pop()
    body.push(f"{whole.text}[{place.operand}]", (whole,))


def with_field(body: Body, place: Place) -> None:
    whole, value = [body.named(each) for each in body.take(2)]
    type_ = place.inputs[0]
    assert isinstance(type_, Record)
    fields = place.program.records[type_.index].fields
    _require_conforming(body, place, [value], [fields[place.operand].type])
    shown = [value if index == place.operand else f"{whole}[{index}]" for index in range(len(fields))]
    body.push_value("(" + "".join([f"{each}, " for each in shown]) + ")")


def none(body: Body, _: Place) -> None:
    body.push_atom("()")


def unwrap(body: Body, place: Place) -> None:
    option = body.settled(body.pop())
    stop_if(body, place, f"not {option.text}", Fault.MISSING_VALUE)
    body.push(f"{option.text}[0]", (option,))


def build_list(body: Body, place: Place) -> None:
    items = body.take(place.instruction.operands[1])
    body.push_value("(" + "".join([f"{item.text}, " for item in items]) + ")")


def build_set(body: Body, place: Place) -> None:
    count, write = parts.writer_of_items(place)
    items = "(" + "".join([f"{item.text}, " for item in body.take(count)]) + ")"
    body.push_value(f"{body.constants.name(parts.set_of)}({items}, {body.constants.name(write)})")


def append(body: Body, place: Place) -> None:
    items, value = [body.named(each) for each in body.take(2)]
    stop_if(body, place, f"len({items}) >= {parts.limit_of_list(place)}", Fault.COLLECTION_FULL)
    body.push_value(f"(*{items}, {value})")


def get_item(body: Body, place: Place) -> None:
    items, position = [body.named(each) for each in body.take(2)]
    stop_if(body, place, f"not 1 <= {position} <= len({items})", Fault.INDEX_OUT_OF_RANGE)
    body.push_value(f"{items}[{position} - 1]")


def numbers(body: Body, place: Place) -> None:
    low, high = [body.named(each) for each in body.take(2)]
    stop_if(body, place, f"{high} - {low} >= {place.operand}", Fault.COLLECTION_FULL)
    body.push_value(f"tuple(range({low}, {high} + 1))")


# ---------------------------------------------------------------- dates


def add_days(body: Body, place: Place) -> None:
    day, count = body.take(2)
    name = body.push_value(f"{day.text} + {count.text}")
    stop_if(body, place, f"not {DATE_MIN} <= {name} <= {DATE_MAX}", Fault.DATE_OUT_OF_RANGE)


def add_seconds(body: Body, place: Place) -> None:
    moment, count = body.take(2)
    name = body.push_value(f"{moment.text} + {count.text}")
    stop_if(body, place, f"not {TIME_MIN} <= {name} <= {TIME_MAX}", Fault.DATE_OUT_OF_RANGE)


def add_months(body: Body, place: Place) -> None:
    day, count = body.take(2)
    month_end = body.constants.name(dates.month_end_of(place))
    at(body, place)
    body.push_value(f"{body.constants.name(dates.months_after)}({day.text}, {count.text}, {month_end})")


def of_calendars(function: Callable[..., object], count: int) -> Write:
    """Return the writer of a question about working days."""

    def write(body: Body, place: Place) -> None:
        calendars = body.constants.name(dates.calendars_of(place))
        shown = "".join([f", {operand.text}" for operand in body.take(count)])
        at(body, place)
        body.push_value(f"{body.constants.name(function)}(call.host, {calendars}{shown})")

    return write


def date_part(body: Body, place: Place) -> None:
    value = body.pop()
    body.push(f"{body.constants.name(civil_from_days)}({value.text})[{place.operand - 1}]", (value,))


# ---------------------------------------------------------------- the ledger


def circumstance(text: str) -> Write:
    """Return the writer of something the context says."""
    return lambda body, _: body.push_atom(text)


def parameter(body: Body, place: Place) -> None:
    days, values = ledger.timeline_of(place)
    day = body.named(body.pop())
    if len(days) == 1:
        stop_if(body, place, f"{day} < {days[0]}", Fault.PARAMETER_NOT_IN_FORCE)
        push_constant(body, values[0])
        return
    at(body, place)
    body.push_value(f"{body.constants.name(ledger.value_on)}({body.constants.name((days, values))}, {day})")


def local_parameter(body: Body, place: Place) -> None:
    access, timeline = ledger.local_timeline_of(place)
    shown = ", ".join([operand.text for operand in body.take(2)])
    at(body, place)
    held = f"{body.constants.name(access)}, {body.constants.name(timeline)}"
    body.push_value(f"{body.constants.name(ledger.local_value_on)}(call, {held}, {shown})")


def _key(body: Body, place: Place, names: list[str], fields: tuple[int, ...]) -> tuple[list[str], list[str]]:
    """Write what is needed first; return the conditions under which no key is made, and the parts of the key."""
    record = place.program.records[place.program.registers[place.operand].record]
    outside, key_parts = [], []
    for name, field in zip(names, fields, strict=False):
        type_ = record.fields[field].type
        condition, part = _key_of_field(body, place, type_, name)
        outside.append(condition)
        key_parts.append(part)
    return [condition for condition in outside if condition is not None], key_parts


def _key_of_field(body: Body, place: Place, type_: Type, name: str) -> tuple[str | None, str]:
    if isinstance(type_, Reference):
        part = body.variable()
        body.write(f"{part} = {reference_key(body, place, type_)}({name})")
        return f"{part} is None", part
    return failing(body, place, type_, name), f"{body.constants.name(key_part(type_))}({name})"


def reference_key(body: Body, place: Place, type_: Reference) -> str:
    """Return the name of the memo of references of a kind, one for the program."""
    return body.constants.shared(("key", type_), lambda: key_of_references(type_, place.codecs))


def entries_of(body: Body, place: Place) -> str:
    """Return the name of the memo of a register's entries, one for the program."""
    register = place.program.registers[place.operand]
    return body.constants.shared(
        ("entries", place.operand), lambda: Entries(register.name, Record(register.record), place.codecs)
    )


def _key_of_values(body: Body, place: Place, count: int) -> str:
    """Take the first values of a key; return the variable that holds the bytes, or None where no entry has them."""
    register = place.program.registers[place.operand]
    names = [body.named(value) for value in body.take(count)]
    outside, key_parts = _key(body, place, names, register.keys)
    made = " + ".join(key_parts) or "b''"
    key = body.variable()
    body.write(f"{key} = " + (f"None if {' or '.join(outside)} else {made}" if outside else made))
    return key


def _read(body: Body, place: Place) -> str:
    """Return the variable that holds the encoded entry under the key that is taken."""
    key, data = _key_of_values(body, place, len(place.program.registers[place.operand].keys)), body.variable()
    body.write(f"{data} = None if {key} is None else call.host.read({place.operand}, {key})")
    return data


def has(body: Body, place: Place) -> None:
    data = _read(body, place)
    body.push(f"({data} is not None)")


def get(body: Body, place: Place) -> None:
    data = _read(body, place)
    stop_if(body, place, f"{data} is None", Fault.MISSING_ENTRY)
    body.push_value(f"{entries_of(body, place)}.read({data})")


def writing(there: str, fault: Fault) -> Write:
    """Return the writer of `enter` and `amend`: what must be there before, and the fault if it is not so."""

    def write(body: Body, place: Place) -> None:
        register = place.program.registers[place.operand]
        entry, key = body.named(body.pop()), body.variable()
        fields = place.program.records[register.record].fields
        key_parts = []
        for field in register.keys:
            # An entry conforms, so its references have keys.
            type_ = fields[field].type
            part = reference_key(body, place, type_) if isinstance(type_, Reference) else None
            key_parts.append(f"{part or body.constants.name(key_part(type_))}({entry}[{field}])")
        body.write(f"{key} = {' + '.join(key_parts)}")
        stop_if(body, place, f"call.host.read({place.operand}, {key}) {there}", fault)
        at(body, place)
        body.write("call.count_write()")
        data = f"{entries_of(body, place)}.remember(e{register.record}({entry}), {entry})"
        body.write(f"call.host.write({place.operand}, {key}, {data})")

    return write


def remove(body: Body, place: Place) -> None:
    key = _key_of_values(body, place, len(place.program.registers[place.operand].keys))
    stop_if(
        body, place, f"{key} is None or call.host.read({place.operand}, {key}) is None", Fault.MISSING_ENTRY
    )
    at(body, place)
    body.write("call.count_write()")
    body.write(f"call.host.write({place.operand}, {key}, None)")


def entries(body: Body, place: Place) -> None:
    _, count, limit = place.instruction.operands
    key, found = _key_of_values(body, place, count), body.variable()
    body.write(f"{found} = () if {key} is None else call.host.scan({place.operand}, {key}, {limit + 1})")
    stop_if(body, place, f"len({found}) > {limit}", Fault.TOO_MANY_ENTRIES)
    body.push_value(f"{entries_of(body, place)}.read_all({found})")


def announce(body: Body, place: Place) -> None:
    fields = place.program.events[place.operand].fields
    names = [body.named(value) for value in body.take(len(fields))]
    _require_conforming(body, place, names, [field.type for field in fields])
    shown = "".join([f"{name}, " for name in names])
    at(body, place)
    body.write(f"call.announce({body.constants.name(Announcement)}({place.operand}, ({shown})))")


# ---------------------------------------------------------------- reasons and checks


def gather(body: Body, reason: str) -> None:
    """Write: the reasons gain that one, if there is room."""
    body.write(f"if len(reasons) < {REASONS_MAX - 1}: reasons.append({reason})")


def mark(body: Body, place: Place) -> None:
    gather(body, body.constants.name(ledger.mark_of(place)))


def note(body: Body, place: Place) -> None:
    value = body.settled(body.pop())
    body.stack.append(value)
    outside = failing(body, place, place.program.notes[place.operand].type, value.text)
    noted = f"{body.constants.name(Noted)}({place.operand}, {value.text})"
    condition = f"len(reasons) < {REASONS_MAX - 1}"
    body.write(f"if {condition}{f' and not ({outside})' if outside else ''}: reasons.append({noted})")


def require(body: Body, place: Place) -> None:
    met, failed, refusal = ledger.condition_of(place)
    condition = body.pop().text
    stop = f"at = {place.position}; reasons.append({body.constants.name(failed)}); refuse({refusal})"
    body.write(f"if not {condition}: {stop}")
    gather(body, body.constants.name(met))


def check(body: Body, place: Place) -> None:
    value = body.settled(body.pop())
    body.stack.append(value)
    _require_conforming(body, place, [value.text], [place.program.types[place.operand]])


WRITERS: dict[str, Write] = {
    "constant": constant,
    "local_get": local_get,
    "local_set": local_set,
    "drop": drop,
    "add": number("{} + {}"),
    "subtract": number("{} - {}"),
    "multiply": number("{} * {}"),
    "negate": operator("-{}"),
    "rescale": rescale,
    "to_ratio": to_ratio,
    "ratio_add": of_ratios("{a} * {d} + {c} * {b}", "{b} * {d}"),
    "ratio_subtract": of_ratios("{a} * {d} - {c} * {b}", "{b} * {d}"),
    "ratio_multiply": of_ratios("{a} * {c}", "{b} * {d}"),
    "ratio_divide": ratio_divide,
    "ratio_negate": ratio_negate,
    "ratio_round": ratio_round,
    "ratio_compare": ratio_compare,
    "equal": operator("{} == {}"),
    "less": operator("{} < {}"),
    "less_or_equal": operator("{} <= {}"),
    "not": operator("not {}"),
    "call": call,
    "refuse": refuse,
    "fault": raise_fault,
    "record": record,
    "field": get_field,
    "with_field": with_field,
    "some": operator("{},"),
    "none": none,
    "is_present": operator("{} != ()"),
    "unwrap": unwrap,
    "list": build_list,
    "set": build_set,
    "length": operator("len({})"),
    "append": append,
    "contains": operator("{} in {}"),
    "item": get_item,
    "numbers": numbers,
    "add_days": add_days,
    "add_months": add_months,
    "add_working_days": of_calendars(dates.working_days_after, 2),
    "working_days_between": of_calendars(dates.working_days_from, 2),
    "is_working_day": of_calendars(dates.works, 1),
    "days_between": operator("{1} - {0}"),
    "date_part": date_part,
    "date_of_time": total(day_of_time, 1),
    "add_seconds": add_seconds,
    "seconds_between": operator("{1} - {0}"),
    "actor": circumstance("call.context.actor"),
    "today": circumstance("call.context.today"),
    "now": circumstance("call.context.now_s"),
    "city_of": operator("{}.partition('/')[0]"),
    "parameter": parameter,
    "local_parameter": local_parameter,
    "has": has,
    "get": get,
    "enter": writing("is not None", Fault.ENTRY_EXISTS),
    "amend": writing("is None", Fault.MISSING_ENTRY),
    "remove": remove,
    "entries": entries,
    "announce": announce,
    "mark": mark,
    "note": note,
    "require": require,
    "check": check,
}
"""The writer of each instruction, but for those that part the flow of control: if, else, each, end."""

FLOW = ("if", "else", "end", "each")
"""What translate.py writes itself."""
