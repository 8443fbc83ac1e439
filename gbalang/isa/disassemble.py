"""A program as a readable listing: every table, then every function with its instructions, names resolved.

For people and for golden files: the same program gives the same text. A verified program prints without fail; of any
other, what points nowhere is shown as a bare number.
"""

from __future__ import annotations

from collections.abc import Iterator

from gbalang.isa import program as p
from gbalang.isa.civil import civil_from_days
from gbalang.isa.container import digest
from gbalang.isa.opcodes import BY_NUMBER, Operand
from gbalang.isa.program import Function, Instruction, Permission, Program
from gbalang.isa.types import (
    Date,
    Enumeration,
    List,
    Number,
    Option,
    Ratio,
    Record,
    Reference,
    Set,
    Text,
    Time,
    Truth,
    Type,
    Value,
)
from gbalang.vm.faults import Fault

INDENT = "  "
_INDENTS_MAX = 40
_WIDTH = 18  # of the longest instruction's name, less one


def disassemble(program: Program) -> str:
    """Return the listing of a program, lines ending in a line feed."""
    lines = [f"program {program.name} {program.version}  format {program.format}", digest(program), ""]
    lines += _tables(program)
    for index in range(len(program.functions)):
        lines += ["", *_function(program, index)]
    return "\n".join(lines) + "\n"


def show_type(type_: Type, program: Program) -> str:
    """Return a type as the listing shows it."""
    match type_:
        case Truth() | Date() | Time():
            return type(type_).__name__
        case Number(scale=scale, unit=unit, low=low, high=high):
            bounds = "" if low is None or high is None else f" from {show_number(low)} to {show_number(high)}"
            return f"Number({scale}{f' {unit}' if unit else ''}){bounds}"
        case Ratio(unit=unit):
            return f"Ratio({unit})" if unit else "Ratio"
        case Text(limit=limit):
            return f"Text({limit})"
        case Reference(kind=kind):
            return f"Reference({kind})"
        case Enumeration(index=index):
            return _name_in(program.enumerations, index)
        case Record(index=index):
            return _name_in(program.records, index)
        case List(item=item, limit=limit):
            return f"list of {show_type(item, program)} up to {limit}"
        case Set(item=item, limit=limit):
            return f"set of {show_type(item, program)} up to {limit}"
        case Option(item=item):
            return f"optional {show_type(item, program)}"


def show_number(value: int) -> str:
    """Return an integer in decimal digits, in parts that no limit on digits concerns."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    part = 10**18
    parts = []
    while value >= part:
        value, rest = divmod(value, part)
        parts.append(f"{rest:018d}")
    return sign + "".join([str(value), *reversed(parts)])


def show_day(day: int) -> str:
    """Return a day as year-month-day."""
    year, month, day_of_month = civil_from_days(day)
    return f"{year:04d}-{month:02d}-{day_of_month:02d}"


def show_value(type_: Type, value: Value, program: Program) -> str:
    """Return a value of a type as the listing shows it."""
    match type_, value:
        case Truth(), bool():
            return "true" if value else "false"
        case (Number() | Time()), int():
            return show_number(value)
        case Date(), int():
            return show_day(value)
        case Ratio(), (int() as numerator, int() as denominator):
            return f"{show_number(numerator)}/{show_number(denominator)}"
        case Enumeration(index=index), int() if index < len(program.enumerations):
            members = program.enumerations[index].members
            return members[value] if 0 <= value < len(members) else show_number(value)
        case (Text() | Reference()), str():
            return _quoted(value)
        case Record(index=index), tuple() if index < len(program.records):
            parts = zip(program.records[index].fields, value, strict=False)
            return "(" + ", ".join([f"{of.name}: {show_value(of.type, part, program)}" for of, part in parts]) + ")"
        case (List(item=item) | Set(item=item)), tuple():
            return f"[{', '.join([show_value(item, part, program) for part in value])}]"
        case Option(item=item), tuple():
            return f"some {show_value(item, value[0], program)}" if value else "none"
        case _:
            return "?"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


# ---------------------------------------------------------------- tables


def _tables(program: Program) -> Iterator[str]:
    yield f"parties {', '.join(program.parties)}"
    yield f"effective {show_day(program.effective)}"
    if program.expires is not None:
        yield f"expires {show_day(program.expires)}"
    if program.review is not None:
        yield f"review {show_day(program.review)}"
    yield from _texts("title", program.titles, 0)
    yield from [f"basis {_quoted(basis)}" for basis in program.bases]
    if program.prevailing:
        yield f"prevailing {', '.join(program.prevailing)}"
    for index, article in enumerate(program.articles):
        yield f"article {index}: {article.label}"
        yield from _texts("heading", article.headings, 1)
        yield from [f"{INDENT}basis {_quoted(basis)}" for basis in article.bases]
        yield from _texts("text", article.texts, 1)
        if article.text_only:
            yield f"{INDENT}text only because {_quoted(article.text_only)}"
    yield from _definitions(program)
    yield from _ledger_tables(program)


def _texts(what: str, texts: tuple[p.TaggedText, ...], depth: int) -> list[str]:
    return [f"{INDENT * depth}{what} {tag or '-'} {_quoted(text)}" for tag, text in texts]


def _definitions(program: Program) -> Iterator[str]:
    for index, enumeration in enumerate(program.enumerations):
        yield f"enumeration {index}: {enumeration.name} = {', '.join(enumeration.members)}"
    for index, record in enumerate(program.records):
        yield f"record {index}: {record.name}({_fields(record.fields, program)})"
    for index, parameter in enumerate(program.parameters):
        own = "" if parameter.register is None else f" local {_name_in(program.registers, parameter.register)}"
        yield f"parameter {index}: {parameter.name}: {show_type(parameter.type, program)}{own}"
        for day, value in parameter.values:
            yield f"{INDENT}from {show_day(day)}: {show_value(parameter.type, value, program)}"
    for index, type_ in enumerate(program.types):
        yield f"type {index}: {show_type(type_, program)}"
    for index, (type_, value) in enumerate(program.constants):
        yield f"constant {index}: {show_value(type_, value, program)}: {show_type(type_, program)}"
    for index, calendars in enumerate(program.calendars):
        yield f"calendars {index}: {_mode(calendars)}"


def _mode(calendars: p.CalendarSet) -> str:
    which = "any" if calendars.mode is p.CalendarMode.ANY else "all"
    return f"{which} of {', '.join(calendars.calendars)}"


def _ledger_tables(program: Program) -> Iterator[str]:
    for index, register in enumerate(program.registers):
        record = _name_in(program.records, register.record)
        fields = program.records[register.record].fields if register.record < len(program.records) else ()
        keys = ", ".join([_name_in(fields, key) for key in register.keys])
        yield f"register {index}: {register.name}: {record} by {keys}"
    for index, role in enumerate(program.roles):
        yield f"role {index}: {role.name} is {'any ' if role.open else ''}{' or '.join(role.kinds)}"
    for index, refusal in enumerate(program.refusals):
        yield f"refusal {index}: {refusal.name}  article {_label(program, refusal.article)}"
        yield from _texts("text", refusal.texts, 1)
    for index, event in enumerate(program.events):
        yield f"event {index}: {event.name}({_fields(event.fields, program)})"
    for index, condition in enumerate(program.conditions):
        refusal_name = _name_in(program.refusals, condition.refusal)
        yield f"condition {index}: {_quoted(condition.text)} else {refusal_name}"
    for index, note in enumerate(program.notes):
        yield f"note {index}: {_quoted(note.text)}: {show_type(note.type, program)}"
    for index, mark in enumerate(program.marks):
        yield f"mark {index}: {mark.name}  article {_label(program, mark.article)}"


def _fields(fields: tuple[p.Field, ...], program: Program) -> str:
    return ", ".join([f"{field.name}: {show_type(field.type, program)}" for field in fields])


def _label(program: Program, article: int) -> str:
    return program.articles[article].label if article < len(program.articles) else str(article)


def _name_in(
    table: tuple[p.Enumeration | p.Record | p.Register | p.Field | p.Refusal | p.Role, ...], index: int
) -> str:
    return table[index].name if index < len(table) else str(index)


# ---------------------------------------------------------------- functions


def _function(program: Program, index: int) -> Iterator[str]:
    function = program.functions[index]
    result = "" if function.result is None else f" gives {show_type(function.result, program)}"
    dated = " on a day" if function.dated else ""
    yield f"{_KINDS[function.kind]} {index}: {function.name}({_fields(function.parameters, program)}){dated}{result}"
    yield f"{INDENT}article {_label(program, function.article)}"
    for permission in function.permissions:
        yield f"{INDENT}by {_permission(program, function, permission)}"
    for what, indexes, table in (
        ("reads", function.reads, program.registers),
        ("writes", function.writes, program.registers),
        ("announces", function.announces, program.events),
    ):
        if indexes:
            names = [table[place].name if place < len(table) else str(place) for place in indexes]
            yield f"{INDENT}{what} {', '.join(names)}"
    yield f"{INDENT}costs at most {function.cost_max}"
    for number, type_ in enumerate(function.locals):
        yield f"{INDENT}local {number}: {show_type(type_, program)}"
    depth = 1
    for position, instruction in enumerate(function.code):
        row = BY_NUMBER.get(instruction.opcode)
        name = str(instruction.opcode) if row is None else row.name
        depth = max(1, depth - (1 if name in ("else", "end") else 0))
        text = f"{name:<{_WIDTH}} {_operands(program, instruction)}".rstrip()
        yield f"{position:5d} {INDENT * min(depth, _INDENTS_MAX)}{text}"
        depth += 1 if name in ("if", "else", "each") else 0


_KINDS = {
    p.FunctionKind.RULE: "rule",
    p.FunctionKind.EXCEPTION: "exception",
    p.FunctionKind.ACT: "act",
    p.FunctionKind.QUERY: "query",
    p.FunctionKind.INVARIANT: "invariant",
}


def _permission(program: Program, function: Function, permission: Permission) -> str:
    if permission.role is None:
        return "anyone"
    role = _name_in(program.roles, permission.role)
    if permission.city_parameter is not None:
        return f"{role} of {_name_in(function.parameters, permission.city_parameter)}"
    return role if permission.city is None else f"{role} of {permission.city}"


def _operands(program: Program, instruction: Instruction) -> str:
    row = BY_NUMBER.get(instruction.opcode)
    if row is None:
        return " ".join([str(value) for value in instruction.operands])
    shown = [_operand(program, row.name, *pair) for pair in zip(row.operands, instruction.operands, strict=False)]
    return "  ".join(shown)


def _operand(program: Program, opcode: str, operand: Operand, value: int) -> str:
    if operand is Operand.TYPE:
        place = value - 1 if opcode in ("if", "fault") else value
        return show_type(program.types[place], program) if 0 <= place < len(program.types) else "-"
    if operand is Operand.CONSTANT and value < len(program.constants):
        return show_value(*program.constants[value], program)
    if operand is Operand.CALENDARS and value < len(program.calendars):
        return _mode(program.calendars[value])
    if operand is Operand.CONDITION and value < len(program.conditions):
        return _quoted(program.conditions[value].text)
    if operand is Operand.NOTE and value < len(program.notes):
        return _quoted(program.notes[value].text)
    if operand in _CHOICES and value in _CHOICES[operand]:
        return _CHOICES[operand][value]
    names = _named(program, operand)
    return names[value] if value < len(names) else str(value)


_CHOICES: dict[Operand, dict[int, str]] = {
    Operand.ROUNDING: {int(mode): mode.name for mode in p.Rounding},
    Operand.MONTH_END: {int(mode): mode.name for mode in p.MonthEnd},
    Operand.DATE_PART: {1: "year", 2: "month", 3: "day"},
    Operand.FAULT: {int(fault): fault.name for fault in Fault},
}


def _named(program: Program, operand: Operand) -> tuple[str, ...]:
    match operand:
        case Operand.FUNCTION:
            return tuple([row.name for row in program.functions])
        case Operand.RECORD:
            return tuple([row.name for row in program.records])
        case Operand.REGISTER:
            return tuple([row.name for row in program.registers])
        case Operand.EVENT:
            return tuple([row.name for row in program.events])
        case Operand.REFUSAL:
            return tuple([row.name for row in program.refusals])
        case Operand.PARAMETER:
            return tuple([row.name for row in program.parameters])
        case Operand.MARK:
            return tuple([row.name for row in program.marks])
        case _:
            return ()
