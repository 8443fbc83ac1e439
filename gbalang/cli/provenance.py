"""Where a fact that was weighed came from, and where a fault happened: read from the program's own instructions.

A note stands right after what made its value, so the instruction before it, followed back through fields and locals,
is the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gbalang.isa.opcodes import BY_NUMBER
from gbalang.isa.program import Function, FunctionKind, Instruction, LineMap, Program
from runtime.calls import FUNCTION_PLACE


class SourceKind(Enum):
    """What a fact can come from. The values are those of the letter's JSON."""

    ARGUMENT = "argument"
    PASSED = "passed"
    """Handed to a rule by what called it."""
    REGISTER = "register"
    PARAMETER = "parameter"
    RULE = "rule"
    CIRCUMSTANCE = "circumstance"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its name in the instrument and the index of its article; `parameter` is an index or None."""

    kind: SourceKind
    name: str = ""
    article: int | None = None
    parameter: int | None = None


@dataclass(frozen=True, slots=True)
class FaultPlace:
    """Where a fault happened. `bound` is the limit of what was to be read, `line` None without a line map."""

    function: str
    article: int
    line: tuple[str, int] | None
    register: int | None
    bound: int | None
    calendars: tuple[str, ...]


_PASSED_THROUGH = frozenset({
    "field", "unwrap", "check", "some", "rescale", "to_ratio", "city_of", "date_part", "date_of_time", "length", "note",
})  # fmt: skip
"""Instructions whose result has the source of the one value they take."""


def sources_of(program: Program, act: int, note: int) -> tuple[Source, ...]:
    """Return the sources of a noted fact in an act and in the rules it calls, each once."""
    found = [
        _source(program, program.functions[index], place - 1)
        for index in _reached(program, act)
        for place, instruction in enumerate(program.functions[index].code)
        if _name(instruction) == "note" and instruction.operands[0] == note
    ]
    return tuple(dict.fromkeys(found))


def fault_place(program: Program, line_map: LineMap | None, detail: int) -> FaultPlace | None:
    """Return the place that a receipt's detail names, or None when the program has no such place."""
    index, place = divmod(detail, FUNCTION_PLACE)
    if index >= len(program.functions) or place >= len(program.functions[index].code):
        return None
    function = program.functions[index]
    instruction = function.code[place]
    register: int | None = None
    bound: int | None = None
    calendars: tuple[str, ...] = ()
    match _name(instruction):
        case "entries":
            register, _, bound = instruction.operands
        case "get" | "enter" | "amend" | "remove":
            register = instruction.operands[0]
        case "numbers":
            bound = instruction.operands[0]
        case "add_working_days" | "working_days_between" | "is_working_day":
            calendars = program.calendars[instruction.operands[0]].calendars
        case _:
            pass
    return FaultPlace(function.name, function.article, _line(line_map, index, place), register, bound, calendars)


def _line(line_map: LineMap | None, function: int, place: int) -> tuple[str, int] | None:
    if line_map is None or function >= len(line_map.entries):
        return None
    before = [(path, line) for first, path, line in line_map.entries[function] if first <= place]
    return (line_map.paths[before[-1][0]], before[-1][1]) if before else None


def _name(instruction: Instruction) -> str:
    return BY_NUMBER[instruction.opcode].name


def _reached(program: Program, act: int) -> list[int]:
    """Return the act and every function it calls, directly or not, in the order in which they are met."""
    reached = [act]
    for index in reached:
        for instruction in program.functions[index].code:
            if _name(instruction) == "call" and instruction.operands[0] not in reached:
                reached.append(instruction.operands[0])
    return reached


def _source(program: Program, function: Function, place: int) -> Source:
    while place >= 0:
        instruction = function.code[place]
        name = _name(instruction)
        if name in _PASSED_THROUGH:
            place -= 1
        elif name == "local_get":
            index = instruction.operands[0]
            if index < len(function.parameters):
                return _parameter_of(function, index)
            place = _where_set(function, index, place) - 1
        else:
            return _origin(program, instruction, name)
    return Source(SourceKind.CIRCUMSTANCE)  # the hidden day of a dated function, which nothing sets


def _parameter_of(function: Function, index: int) -> Source:
    name = function.parameters[index].name
    if function.kind is FunctionKind.ACT:
        return Source(SourceKind.ARGUMENT, name, function.article)
    return Source(SourceKind.PASSED, function.name, function.article)


def _where_set(function: Function, index: int, place: int) -> int:
    """Return where a local last got its value before a place, or 0 where it never did."""
    for earlier in range(place - 1, 0, -1):
        instruction = function.code[earlier]
        if _name(instruction) in {"local_set", "each"} and instruction.operands[0] == index:
            return earlier
    return 0


def _origin(program: Program, instruction: Instruction, name: str) -> Source:
    match name:
        case "get" | "has" | "entries":
            register = program.registers[instruction.operands[0]]
            return Source(SourceKind.REGISTER, register.name, register.article)
        case "parameter" | "local_parameter":
            index = instruction.operands[0]
            parameter = program.parameters[index]
            return Source(SourceKind.PARAMETER, parameter.name, parameter.article, index)
        case "call":
            rule = program.functions[instruction.operands[0]]
            return Source(SourceKind.RULE, rule.name, rule.article)
        case "actor" | "today" | "now":
            return Source(SourceKind.CIRCUMSTANCE)
        case _:
            return Source(SourceKind.COMPUTED)
