"""The verifier: whether a program may run at all. It trusts nothing that the compiler says.

Any decoded program gives a VerifiedProgram or a refusal that names the broken rule; never an exception of Python, a
hang, or memory beyond the program's own size. What holds afterwards: every index points at something, every value on
the stack is of the kind an instruction takes, blocks close, locals are set before they are read, nothing recurs, costs
and effects are as stated, and no call can cost more than COST_MAX. So an engine needs no check of its own beyond the
faults of the instruction table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from gbalang.characters import is_plain
from gbalang.isa.civil import DATE_MAX, DATE_MIN
from gbalang.isa.costs import FunctionSummary, summarise
from gbalang.isa.program import PROGRAM_FORMAT, Function, FunctionKind, Parameter, Program, Register, Role
from gbalang.isa.stack import Unsound, VerificationRule
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
    Truth,
    Type,
)
from gbalang.isa.values import CITIES, KEY_TYPES, Codecs, Read, Sizes, Test, largest_key_part, record_depths
from gbalang.limits import (
    ARGUMENTS_BYTES_MAX,
    ARGUMENTS_MAX,
    CALENDARS_MAX,
    CALLED_NAME_CHARACTERS_MAX,
    COLLECTION_ITEMS_MAX,
    COST_MAX,
    ENTRY_BYTES_MAX,
    EVENT_BYTES_MAX,
    NAME_CHARACTERS_MAX,
    NOTE_BYTES_MAX,
    NUMBER_BITS_MAX,
    SCALE_MAX,
    STATE_KEY_BYTES_MAX,
    STATE_NAME_BYTES_MAX,
    TEXT_CHARACTERS_MAX,
    TYPE_NESTING_MAX,
    VALUE_BYTES_MAX,
    VALUE_DEPTH_MAX,
)

KINDS = ("city", "department", "organisation", "person")
"""Kinds of holders, in the order of a role's `kinds`."""
REFERENCE_KINDS = (*KINDS, "actor")
LANGUAGES = ("", "en", "zh-Hant", "zh-Hans", "pt")
CURRENCY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_R = VerificationRule


@dataclass(frozen=True, slots=True)
class VerifiedFunction:
    """What the verifier found out about a function; tuples run along its instructions. See FunctionAnalysis.

    `readers`, `tests`: what decodes an argument, and what tells whether it fits its parameter; `fits`: the same for
    the result, if it has one.
    """

    costs: tuple[int, ...]
    partners: tuple[int, ...]
    inputs: tuple[tuple[Type, ...], ...]
    call_depth: int
    readers: tuple[Read, ...]
    tests: tuple[Test, ...]
    fits: Test | None


@dataclass(frozen=True, slots=True)
class VerifiedProgram:
    """A program that passed. Only `verify` makes one.

    `engines` is where an engine keeps what it made of the program, under its own name: a memo that follows from the
    program, made once and never part of its meaning.
    """

    program: Program
    functions: tuple[VerifiedFunction, ...] = field(compare=False)
    codecs: Codecs = field(compare=False, repr=False)
    engines: dict[str, object] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class VerificationRefused:
    """The program breaks a rule. Function and instruction say where, if it is about one."""

    reason: VerificationRule
    function: int | None
    instruction: int | None
    detail: str


def verify(program: Program) -> VerifiedProgram | VerificationRefused:
    """Return the verified program, or the first rule it breaks."""
    try:
        _verify_types(program)
        _verify_tables(program)
        _verify_names(program)
        sizes = Sizes(program)
        for index, function in enumerate(program.functions):
            _verify_signature(program, function, index)
            if function.kind is FunctionKind.ACT:
                _verify_arguments(sizes, function, index)
        summaries = summarise(program)
        for index, (function, summary) in enumerate(zip(program.functions, summaries, strict=True)):
            _verify_summary(function, summary, index)
    except Unsound as unsound:
        return VerificationRefused(unsound.reason, unsound.function, unsound.instruction, unsound.detail)
    codecs = Codecs(program)
    functions = [
        VerifiedFunction(
            costs=summary.costs,
            partners=summary.analysis.partners,
            inputs=summary.analysis.inputs,
            call_depth=summary.call_depth,
            readers=tuple([codecs.reader(parameter.type) for parameter in function.parameters]),
            tests=tuple([codecs.test(parameter.type) for parameter in function.parameters]),
            fits=None if function.result is None else codecs.test(function.result),
        )
        for function, summary in zip(program.functions, summaries, strict=True)
    ]
    return VerifiedProgram(program, tuple(functions), codecs)


def _require(condition: bool, reason: VerificationRule, detail: str, function: int | None = None) -> None:
    if not condition:
        raise Unsound(reason, detail, function)


def _require_index(index: int, table: tuple[object, ...], detail: str) -> None:
    _require(index < len(table), _R.INDEX_MUST_BE_DEFINED, f"{detail}: {index} of {len(table)}")


def _require_unique(names: Iterable[str], what: str) -> None:
    seen: dict[str, None] = {}
    for name in names:
        _require(name not in seen, _R.NAME_MUST_BE_UNIQUE, f"{what} {name}")
        seen[name] = None


# ---------------------------------------------------------------- names


def _verify_names(program: Program) -> None:
    """No name deceives who reads it, and transactions and certificates can carry those that they have to carry."""
    for name in _all_names(program):
        _require(is_plain(name), _R.NAME_MUST_BE_PLAIN, repr(name))
    for function in program.functions:
        within = len(function.name) <= CALLED_NAME_CHARACTERS_MAX or function.kind is not FunctionKind.ACT
        _require(within, _R.NAME_MUST_BE_WITHIN_LIMIT, function.name)
    for role in program.roles:
        _require(len(role.name) <= NAME_CHARACTERS_MAX, _R.NAME_MUST_BE_WITHIN_LIMIT, role.name)


def _all_names(program: Program) -> Iterable[str]:
    yield program.name
    for article in program.articles:
        yield article.label
    for table in (
        program.enumerations, program.records, program.registers, program.roles, program.parameters, program.refusals,
        program.events, program.marks, program.functions,
    ):
        for row in table:
            yield row.name
    for enumeration in program.enumerations:
        yield from enumeration.members
    parts = [record.fields for record in program.records] + [event.fields for event in program.events]
    for fields in (*parts, *[function.parameters for function in program.functions]):
        for part in fields:
            yield part.name
    for calendars in program.calendars:
        yield from calendars.calendars


# ---------------------------------------------------------------- types


def _verify_types(program: Program) -> None:
    """Every type that stands anywhere is well formed, finite and of bounded size."""
    sizes = Sizes(program)
    for enumeration in program.enumerations:
        _require(len(enumeration.members) > 0, _R.TYPE_MUST_BE_SOUND, f"enumeration {enumeration.name} is empty")
        _require_unique(enumeration.members, f"member of {enumeration.name}")
    for record in program.records:
        _require(len(record.fields) > 0, _R.TYPE_MUST_BE_SOUND, f"record {record.name} is empty")
        _require_unique([part.name for part in record.fields], f"field of {record.name}")
    types = _all_types(program)
    for type_ in types:
        _verify_type(program, type_)
    depths = record_depths(program.records)
    if depths is None:
        raise Unsound(_R.RECORDS_MUST_NOT_CONTAIN_THEMSELVES, "or stand too deep")
    for type_ in types:
        _require(_depth(type_, depths) <= VALUE_DEPTH_MAX, _R.NESTING_MUST_BE_WITHIN_LIMIT, str(type_))
        _require(sizes.bytes_max(type_) <= VALUE_BYTES_MAX, _R.TYPE_MUST_BE_WITHIN_SIZE, str(type_))


def _all_types(program: Program) -> list[Type]:
    fields = [part for record in program.records for part in record.fields]
    fields += [part for event in program.events for part in event.fields]
    fields += [part for function in program.functions for part in function.parameters]
    types = [part.type for part in fields]
    types += [parameter.type for parameter in program.parameters]
    types += [note.type for note in program.notes]
    types += program.types
    types += [type_ for type_, _ in program.constants]
    for function in program.functions:
        types += [*function.locals, *([] if function.result is None else [function.result])]
    return list(dict.fromkeys(types))


def _verify_type(program: Program, type_: Type) -> None:
    nesting = 0
    while isinstance(type_, List | Set | Option):
        if isinstance(type_, List | Set):
            _require(1 <= type_.limit <= COLLECTION_ITEMS_MAX, _R.TYPE_MUST_BE_SOUND, f"limit {type_.limit}")
        nesting += 1
        _require(nesting <= TYPE_NESTING_MAX, _R.NESTING_MUST_BE_WITHIN_LIMIT, "type")
        type_ = type_.item
    match type_:
        case Number():
            _require(_is_number(type_), _R.TYPE_MUST_BE_SOUND, str(type_))
        case Ratio(unit=unit):
            _require(unit == "" or _is_currency(unit), _R.TYPE_MUST_BE_SOUND, str(type_))
        case Text(limit=limit):
            _require(limit <= TEXT_CHARACTERS_MAX, _R.TYPE_MUST_BE_SOUND, str(type_))
        case Reference(kind=kind):
            _require(kind in REFERENCE_KINDS, _R.TYPE_MUST_BE_SOUND, str(type_))
        case Enumeration(index=index):
            _require_index(index, program.enumerations, "enumeration")
        case Record(index=index):
            _require_index(index, program.records, "record")
        case _:
            pass


def _is_number(type_: Number) -> bool:
    low, high = type_.low, type_.high
    if not 0 <= type_.scale <= SCALE_MAX or not (type_.unit in ("", "%") or _is_currency(type_.unit)):
        return False
    if low is None or high is None:
        return low is high
    return low <= high and max(low.bit_length(), high.bit_length()) <= NUMBER_BITS_MAX


def _is_currency(unit: str) -> bool:
    return len(unit) == 3 and all(letter in CURRENCY_LETTERS for letter in unit)


def _depth(type_: Type, depths: tuple[int, ...]) -> int:
    below = 0
    while isinstance(type_, List | Set | Option):
        type_, below = type_.item, below + 1
    return below + (depths[type_.index] if isinstance(type_, Record) else 0)


def _is_storable(type_: Type) -> bool:
    """Whether values of the type may leave a call: quotients that have not been rounded may not."""
    while isinstance(type_, List | Set | Option):
        type_ = type_.item
    # Fields of records are storable themselves, so no record is followed.
    return not isinstance(type_, Ratio)


# ---------------------------------------------------------------- tables


def _verify_tables(program: Program) -> None:
    _verify_header(program)
    for table in (
        program.enumerations, program.records, program.registers, program.roles, program.parameters, program.refusals,
        program.events, program.conditions, program.marks, program.functions,
    ):
        for row in table:
            _require_index(row.article, program.articles, "article")
    _require_unique([register.name for register in program.registers], "register")
    _require_unique([role.name for role in program.roles], "role")
    _require_unique([refusal.name for refusal in program.refusals], "refusal")
    _require_unique([event.name for event in program.events], "event")
    for kind in (FunctionKind.ACT, FunctionKind.QUERY):
        own = [function.name for function in program.functions if function.kind is kind]
        _require_unique(own, kind.name)
    for record in program.records:
        for part in record.fields:
            _require(_is_storable(part.type), _R.TYPE_MUST_BE_STORABLE, f"{record.name}.{part.name}")
    sizes = Sizes(program)
    for register in program.registers:
        _verify_register(program, sizes, register)
    for role in program.roles:
        _verify_role(role)
    for condition in program.conditions:
        _require_index(condition.refusal, program.refusals, "refusal")
    _verify_events_and_notes(program, sizes)
    for calendars in program.calendars:
        names = calendars.calendars
        sound = 0 < len(names) <= CALENDARS_MAX and all(a < b for a, b in pairwise(names))
        sound = sound and all(0 < len(name) <= NAME_CHARACTERS_MAX for name in names)
        _require(sound, _R.CALENDARS_MUST_BE_SOUND, ", ".join(names))
    codecs = Codecs(program)
    for number, (type_, value) in enumerate(program.constants):
        _require(codecs.test(type_)(value), _R.CONSTANT_MUST_CONFORM, f"constant {number}")
    for parameter in program.parameters:
        _verify_parameter(program, codecs, parameter)


def _verify_header(program: Program) -> None:
    dates = [day for day in (program.effective, program.expires, program.review) if day is not None]
    tags = [tag for tag, _ in program.titles] + list(program.prevailing)
    tags += [tag for article in program.articles for tag, _ in (*article.headings, *article.texts)]
    tags += [tag for refusal in program.refusals for tag, _ in refusal.texts]
    for condition, detail in (
        (program.format == PROGRAM_FORMAT, "format"),
        (0 < len(program.name) <= NAME_CHARACTERS_MAX, "name"),
        (program.version >= 1, "version"),
        (len(program.parties) > 0 and all(party in CITIES for party in program.parties), "parties"),
        (len(dict.fromkeys(program.parties)) == len(program.parties), "parties"),
        (all(DATE_MIN <= day <= DATE_MAX for day in dates), "dates"),
        (program.expires is None or program.expires >= program.effective, "expires"),
        (all(tag in LANGUAGES for tag in tags), "language tags"),
    ):
        _require(condition, _R.HEADER_MUST_BE_SOUND, detail)


def _verify_register(program: Program, sizes: Sizes, register: Register) -> None:
    _require_index(register.record, program.records, "record")
    fields = program.records[register.record].fields
    _require(len(register.keys) > 0, _R.KEY_MUST_BE_SOUND, f"{register.name} has no key")
    _require(len(dict.fromkeys(register.keys)) == len(register.keys), _R.KEY_MUST_BE_SOUND, register.name)
    for key in register.keys:
        _require_index(key, fields, f"key of {register.name}")
        _require(isinstance(fields[key].type, KEY_TYPES), _R.KEY_MUST_BE_SOUND, f"{register.name}.{fields[key].name}")
    size = sizes.bytes_max(Record(register.record))
    _require(size <= ENTRY_BYTES_MAX, _R.TYPE_MUST_BE_WITHIN_SIZE, f"{register.name}: {size} bytes")
    named = len(register.name.encode("utf-8"))
    _require(named <= STATE_NAME_BYTES_MAX, _R.KEY_MUST_BE_WITHIN_SIZE, f"{register.name}: {named} bytes")
    length = register_key_bytes_max(program, register)
    _require(length <= STATE_KEY_BYTES_MAX, _R.KEY_MUST_BE_WITHIN_SIZE, f"{register.name}: {length} bytes")


def register_key_bytes_max(program: Program, register: Register) -> int:
    """Return the longest key of an entry, with the names of the instrument and the register and their lengths."""
    fields = program.records[register.record].fields
    names = 4 * (len(program.name) + len(register.name))
    if program.name.isascii() and register.name.isascii():
        names = len(program.name) + len(register.name)
    return 3 + names + sum([largest_key_part(fields[key].type) for key in register.keys])


def _verify_role(role: Role) -> None:
    in_order = tuple([kind for kind in KINDS if kind in role.kinds])
    _require(role.kinds == in_order and len(in_order) > 0, _R.ROLE_MUST_BE_SOUND, role.name)


def _verify_events_and_notes(program: Program, sizes: Sizes) -> None:
    for event in program.events:
        _require_unique([part.name for part in event.fields], f"field of {event.name}")
        for part in event.fields:
            _require(_is_storable(part.type), _R.TYPE_MUST_BE_STORABLE, f"{event.name}.{part.name}")
        size = sum([sizes.bytes_max(part.type) for part in event.fields])
        _require(size <= EVENT_BYTES_MAX, _R.TYPE_MUST_BE_WITHIN_SIZE, f"{event.name}: {size} bytes")
    for note in program.notes:
        size = sizes.bytes_max(note.type)
        _require(size <= NOTE_BYTES_MAX, _R.TYPE_MUST_BE_WITHIN_SIZE, f"{note.text}: {size} bytes")


def _verify_parameter(program: Program, codecs: Codecs, parameter: Parameter) -> None:
    days = [day for day, _ in parameter.values]
    test = codecs.test(parameter.type)
    for condition, detail in (
        (len(days) > 0, "has no value"),
        (all(DATE_MIN <= day <= DATE_MAX for day in days), "a day is out of range"),
        (all(a < b for a, b in pairwise(days)), "days do not ascend"),
        (_is_storable(parameter.type), "its type is not storable"),
        (all(test(value) for _, value in parameter.values), "a value does not conform"),
    ):
        _require(condition, _R.PARAMETER_MUST_BE_SOUND, f"{parameter.name}: {detail}")
    if parameter.register is None:
        return
    _require_index(parameter.register, program.registers, f"register of {parameter.name}")
    register = program.registers[parameter.register]
    fields = tuple([part.type for part in program.records[register.record].fields])
    wanted = (Reference("city"), Date(), parameter.type)
    _require(fields == wanted and register.keys == (0, 1), _R.PARAMETER_MUST_BE_SOUND, f"{parameter.name}: register")


# ---------------------------------------------------------------- functions


def _verify_signature(program: Program, function: Function, index: int) -> None:
    """What a function of its kind may take, give and allow."""
    kind = function.kind
    own = (*[part.type for part in function.parameters], *([Date()] if function.dated else []))
    pure = kind in (FunctionKind.RULE, FunctionKind.EXCEPTION)
    called_from_outside = kind in (FunctionKind.ACT, FunctionKind.QUERY)
    for condition, detail in (
        (function.locals[: len(own)] == own, "the first locals are the parameters"),
        (pure or not function.dated, "only rules and exceptions are dated"),
        ((function.result is None) == (kind is FunctionKind.ACT), "acts alone give nothing"),
        (kind is not FunctionKind.INVARIANT or function.result == Truth(), "an invariant gives a truth"),
        (kind is not FunctionKind.INVARIANT or not function.parameters, "an invariant takes nothing"),
        (called_from_outside == (len(function.permissions) > 0), "acts and queries say who may"),
    ):
        _require(condition, _R.SIGNATURE_MUST_FIT_KIND, f"{function.name}: {detail}", index)
    if called_from_outside:
        outside = [*own, *([] if function.result is None else [function.result])]
        _require(all(map(_is_storable, outside)), _R.TYPE_MUST_BE_STORABLE, function.name, index)
    _require_unique([part.name for part in function.parameters], f"parameter of {function.name}")
    _verify_permissions(program, function, index)


def _verify_arguments(sizes: Sizes, act: Function, index: int) -> None:
    """A transaction can carry whatever the act accepts."""
    count, size = len(act.parameters), sum([sizes.bytes_max(part.type) for part in act.parameters])
    for found, limit, what in ((count, ARGUMENTS_MAX, "parameters"), (size, ARGUMENTS_BYTES_MAX, "bytes")):
        detail = f"{act.name}: {found:,} {what}, at most {limit:,}"
        _require(found <= limit, _R.ARGUMENTS_MUST_BE_WITHIN_LIMIT, detail, index)


def _verify_permissions(program: Program, function: Function, index: int) -> None:
    for permission in function.permissions:
        place = permission.city_parameter
        for condition, detail in (
            (permission.role is not None or function.kind is FunctionKind.QUERY, "anyone may ask, not act"),
            (permission.role is None or permission.role < len(program.roles), "the role is not declared"),
            (place is None or permission.city is None, "one city at most"),
            (permission.role is not None or (place is None and permission.city is None), "anyone is of no city"),
            (permission.city is None or permission.city in CITIES, "the city is unknown"),
            (place is None or place < len(function.parameters), "the parameter is not declared"),
        ):
            _require(condition, _R.PERMISSION_MUST_BE_SOUND, f"{function.name}: {detail}", index)
        if place is not None:
            is_city = function.parameters[place].type == Reference("city")
            _require(is_city, _R.PERMISSION_MUST_BE_SOUND, f"{function.name}: the parameter is no city", index)


def _verify_summary(function: Function, summary: FunctionSummary, index: int) -> None:
    """Costs and effects are as stated."""
    stated = (function.reads, function.writes, function.announces)
    found = (summary.reads, summary.writes, summary.announces)
    _require(stated == found, _R.EFFECTS_MUST_AGREE, f"{function.name}: {found}", index)
    _require(function.cost_max == summary.cost_max, _R.COST_MUST_AGREE, f"{function.name}: {summary.cost_max}", index)
    # Nobody pays for an invariant: it is asked by tests and auditors, never within a transaction.
    within = summary.cost_max <= COST_MAX or function.kind is FunctionKind.INVARIANT
    _require(within, _R.COST_MUST_BE_WITHIN_LIMIT, f"{function.name}: {summary.cost_max}", index)
