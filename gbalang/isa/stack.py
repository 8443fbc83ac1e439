"""What stands on the stack before each instruction: the abstract run of one function over types instead of values.

It proves that the instructions find what they take, that blocks close and leave what they say, that locals are set
before they are read, and that every operand points at something. Kinds are followed exactly (which record, which
enumeration, lists of what); scales, units, ranges and lengths of texts are not: `record`, `check` and their like test
those when they run. Limits of lists and sets are followed, because the worst-case cost rests on them.

Relies on tables and types that the verifier has found sound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from gbalang.isa.opcodes import BY_NAME, BY_NUMBER, Opcode, Operand
from gbalang.isa.program import Function, FunctionKind, Instruction, MonthEnd, Program, Rounding
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
    Time,
    Truth,
    Type,
)
from gbalang.isa.values import Sizes
from gbalang.limits import (
    BLOCK_NESTING_MAX,
    COLLECTION_ITEMS_MAX,
    LOOP_NESTING_MAX,
    SCALE_MAX,
    STACK_VALUES_MAX,
    TYPE_NESTING_MAX,
    VALUE_BYTES_MAX,
)


class VerificationRule(Enum):
    """The rule that a program breaks. The value is the name shown in messages."""

    INDEX_MUST_BE_DEFINED = "index_must_be_defined"
    NAME_MUST_BE_UNIQUE = "name_must_be_unique"
    NAME_MUST_BE_PLAIN = "name_must_be_plain"
    NAME_MUST_BE_WITHIN_LIMIT = "name_must_be_within_limit"
    ARGUMENTS_MUST_BE_WITHIN_LIMIT = "arguments_must_be_within_limit"
    HEADER_MUST_BE_SOUND = "header_must_be_sound"
    TYPE_MUST_BE_SOUND = "type_must_be_sound"
    TYPE_MUST_BE_STORABLE = "type_must_be_storable"
    TYPE_MUST_BE_WITHIN_SIZE = "type_must_be_within_size"
    RECORDS_MUST_NOT_CONTAIN_THEMSELVES = "records_must_not_contain_themselves"
    KEY_MUST_BE_SOUND = "key_must_be_sound"
    KEY_MUST_BE_WITHIN_SIZE = "key_must_be_within_size"
    ROLE_MUST_BE_SOUND = "role_must_be_sound"
    PARAMETER_MUST_BE_SOUND = "parameter_must_be_sound"
    CALENDARS_MUST_BE_SOUND = "calendars_must_be_sound"
    CONSTANT_MUST_CONFORM = "constant_must_conform"
    SIGNATURE_MUST_FIT_KIND = "signature_must_fit_kind"
    PERMISSION_MUST_BE_SOUND = "permission_must_be_sound"
    INSTRUCTION_MUST_BE_KNOWN = "instruction_must_be_known"
    OPERAND_MUST_BE_WITHIN_LIMIT = "operand_must_be_within_limit"
    INSTRUCTION_MUST_FIT_KIND = "instruction_must_fit_kind"
    STACK_MUST_HOLD_OPERANDS = "stack_must_hold_operands"
    STACK_MUST_BE_WITHIN_LIMIT = "stack_must_be_within_limit"
    OPERAND_MUST_FIT_TYPE = "operand_must_fit_type"
    BLOCK_MUST_CLOSE = "block_must_close"
    BLOCK_MUST_LEAVE_ITS_RESULT = "block_must_leave_its_result"
    NESTING_MUST_BE_WITHIN_LIMIT = "nesting_must_be_within_limit"
    LOCAL_MUST_BE_SET_FIRST = "local_must_be_set_first"
    RESULT_MUST_FIT = "result_must_fit"
    CALLS_MUST_NOT_RECUR = "calls_must_not_recur"
    CALLS_MUST_BE_WITHIN_DEPTH = "calls_must_be_within_depth"
    EFFECTS_MUST_AGREE = "effects_must_agree"
    COST_MUST_AGREE = "cost_must_agree"
    COST_MUST_BE_WITHIN_LIMIT = "cost_must_be_within_limit"


class Unsound(Exception):  # noqa: N818  # a refusal on its way to the verifier's answer
    """A program breaks a rule; function and instruction are None where the rule is not about one."""

    def __init__(
        self, reason: VerificationRule, detail: str, function: int | None = None, instruction: int | None = None
    ) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail
        self.function = function
        self.instruction = instruction


_R = VerificationRule


@dataclass(frozen=True, slots=True)
class FunctionAnalysis:
    """What is known of one function's code; all tuples run along its instructions.

    `partners`: of an if its else or end, of an else its end, of an each its end, of an end its if or each; else −1.
    `inputs`: the types taken, the top last. The rest are sorted indexes.
    """

    partners: tuple[int, ...]
    inputs: tuple[tuple[Type, ...], ...]
    calls: tuple[int, ...]
    reads: tuple[int, ...]
    writes: tuple[int, ...]
    announces: tuple[int, ...]


def analyse(program: Program, sizes: Sizes, index: int) -> FunctionAnalysis:
    """Return the analysis of a function. Raises Unsound."""
    run = _Run(program, sizes, index)
    for position, instruction in enumerate(program.functions[index].code):
        run.step(position, instruction)
    return run.finish()


def flows_into(actual: Type, wanted: Type) -> bool:
    """Whether a value of the one type may stand where the other is promised, without a check when it runs."""
    match actual, wanted:
        case (List(item, limit), List(promised, most)) | (Set(item, limit), Set(promised, most)):
            return limit <= most and flows_into(item, promised)
        case Option(item), Option(promised):
            return flows_into(item, promised)
        case _:
            return same_kind(actual, wanted)


def same_kind(actual: Type, wanted: Type) -> bool:
    """Whether values of both types are Python objects of one form, ranges and lengths aside."""
    match actual, wanted:
        case (List(item), List(other)) | (Set(item), Set(other)) | (Option(item), Option(other)):
            return same_kind(item, other)
        case (Record(index), Record(place)) | (Enumeration(index), Enumeration(place)):
            return index == place
        case _:
            return type(actual) is type(wanted)


# ---------------------------------------------------------------- the simple instructions

_NUMBER = Number(0)
_RATIO = Ratio()
_TRUTH = Truth()
_DATE = Date()
_TIME = Time()
_ACTOR = Reference("actor")

SIMPLE: dict[str, tuple[tuple[Type, ...], Type | None]] = {
    "add": ((_NUMBER, _NUMBER), _NUMBER),
    "subtract": ((_NUMBER, _NUMBER), _NUMBER),
    "multiply": ((_NUMBER, _NUMBER), _NUMBER),
    "negate": ((_NUMBER,), _NUMBER),
    "rescale": ((_NUMBER,), _NUMBER),
    "to_ratio": ((_NUMBER,), _RATIO),
    "ratio_add": ((_RATIO, _RATIO), _RATIO),
    "ratio_subtract": ((_RATIO, _RATIO), _RATIO),
    "ratio_multiply": ((_RATIO, _RATIO), _RATIO),
    "ratio_divide": ((_RATIO, _RATIO), _RATIO),
    "ratio_negate": ((_RATIO,), _RATIO),
    "ratio_round": ((_RATIO,), _NUMBER),
    "ratio_compare": ((_RATIO, _RATIO), _NUMBER),
    "not": ((_TRUTH,), _TRUTH),
    "else": ((), None),
    "refuse": ((), None),
    "numbers": ((_NUMBER, _NUMBER), None),
    "add_days": ((_DATE, _NUMBER), _DATE),
    "add_months": ((_DATE, _NUMBER), _DATE),
    "add_working_days": ((_DATE, _NUMBER), _DATE),
    "working_days_between": ((_DATE, _DATE), _NUMBER),
    "is_working_day": ((_DATE,), _TRUTH),
    "days_between": ((_DATE, _DATE), _NUMBER),
    "date_part": ((_DATE,), _NUMBER),
    "date_of_time": ((_TIME,), _DATE),
    "add_seconds": ((_TIME, _NUMBER), _TIME),
    "seconds_between": ((_TIME, _TIME), _NUMBER),
    "actor": ((), _ACTOR),
    "today": ((), _DATE),
    "now": ((), _TIME),
    "city_of": ((_ACTOR,), Reference("city")),
    "mark": ((), None),
    "require": ((_TRUTH,), None),
}
"""What the instructions take and leave whose types do not depend on the program."""

_ACT, _QUERY, _INVARIANT = FunctionKind.ACT, FunctionKind.QUERY, FunctionKind.INVARIANT
_READERS = (_ACT, _QUERY, _INVARIANT)

ALLOWED_IN: dict[str, tuple[FunctionKind, ...]] = {
    "refuse": (_ACT, _QUERY),
    "require": (_ACT, _QUERY),
    "actor": (_ACT, _QUERY),
    "now": (_ACT, _QUERY),
    "today": _READERS,
    "local_parameter": _READERS,
    "has": _READERS,
    "get": _READERS,
    "entries": _READERS,
    "enter": (_ACT,),
    "amend": (_ACT,),
    "remove": (_ACT,),
    "announce": (_ACT,),
}
"""Where an instruction may stand, if not everywhere. Rules and exceptions depend on their arguments, the parameters in
force and the calendars, on nothing else; only acts change anything."""

_READING = ("has", "get", "entries")
_WRITING = ("enter", "amend", "remove")


@dataclass(slots=True)
class _Block:
    """An open if, else or each. `base`: the stack's height that its part may not go below."""

    opcode: str
    opener: int
    base: int
    result: Type | None
    assigned: int
    """Locals set when the block was entered (for an else: when its if's first part had run)."""
    latest: int
    """The instruction that waits for its partner: the if or each, then the else."""


@dataclass(slots=True)
class _Run:
    """The state of an abstract run."""

    program: Program
    sizes: Sizes
    index: int
    stack: list[Type] = field(default_factory=list)
    blocks: list[_Block] = field(default_factory=list)
    partners: list[int] = field(default_factory=list)
    inputs: list[tuple[Type, ...]] = field(default_factory=list)
    calls: dict[int, None] = field(default_factory=dict)
    reads: dict[int, None] = field(default_factory=dict)
    writes: dict[int, None] = field(default_factory=dict)
    announces: dict[int, None] = field(default_factory=dict)
    taken: list[Type] = field(default_factory=list)
    """What the present instruction has taken, the top first."""
    assigned: int = 0
    """A bit for each local that is set on every path to here."""
    position: int = 0
    loops: int = 0

    def __post_init__(self) -> None:
        function = self.function
        self.assigned = (1 << (len(function.parameters) + (1 if function.dated else 0))) - 1
        self.partners = [-1] * len(function.code)

    @property
    def function(self) -> Function:
        return self.program.functions[self.index]

    def step(self, position: int, instruction: Instruction) -> None:
        """Check one instruction and do to the stack what it does."""
        self.position = position
        row = BY_NUMBER.get(instruction.opcode)
        if row is None or len(instruction.operands) != len(row.operands):
            raise self.unsound(_R.INSTRUCTION_MUST_BE_KNOWN, str(instruction.opcode))
        if self.function.kind not in ALLOWED_IN.get(row.name, tuple(FunctionKind)):
            raise self.unsound(_R.INSTRUCTION_MUST_FIT_KIND, row.name)
        for operand, value in zip(row.operands, instruction.operands, strict=True):
            self._check_operand(row, operand, value)
        simple = SIMPLE.get(row.name)
        if simple is not None:
            self.take(*simple[0])
            if simple[1] is not None:
                self.push(simple[1])
        if row.name in EFFECTS:
            EFFECTS[row.name](self, instruction.operands)
        self.inputs.append(tuple(reversed(self.taken)))
        self.taken.clear()

    def finish(self) -> FunctionAnalysis:
        """Check the end of the function."""
        self.position = len(self.function.code)
        if self.blocks:
            raise self.unsound(_R.BLOCK_MUST_CLOSE, f"opened at {self.blocks[-1].opener}")
        result = self.function.result
        wanted = () if result is None else (result,)
        if len(self.stack) != len(wanted) or not all(map(flows_into, self.stack, wanted)):
            raise self.unsound(_R.RESULT_MUST_FIT, f"{len(self.stack)} values are left")
        return FunctionAnalysis(
            tuple(self.partners),
            tuple(self.inputs),
            tuple(sorted(self.calls)),
            tuple(sorted(self.reads)),
            tuple(sorted(self.writes)),
            tuple(sorted(self.announces)),
        )

    def unsound(self, reason: VerificationRule, detail: str) -> Unsound:
        return Unsound(reason, detail, self.index, self.position)

    def push(self, type_: Type) -> None:
        if len(self.stack) >= STACK_VALUES_MAX:
            raise self.unsound(_R.STACK_MUST_BE_WITHIN_LIMIT, str(STACK_VALUES_MAX))
        self.stack.append(type_)

    def push_new(self, type_: Type) -> None:
        """Push a type that stands in no table, so nobody has looked at it yet."""
        nesting, item = 0, type_
        while isinstance(item, List | Set | Option):
            nesting, item = nesting + 1, item.item
        if nesting > TYPE_NESTING_MAX:
            raise self.unsound(_R.NESTING_MUST_BE_WITHIN_LIMIT, self.name())
        if self.sizes.bytes_max(type_) > VALUE_BYTES_MAX:
            raise self.unsound(_R.TYPE_MUST_BE_WITHIN_SIZE, self.name())
        self.push(type_)

    def pop(self) -> Type:
        """Take whatever is on top, down to the base of the block."""
        if len(self.stack) <= (self.blocks[-1].base if self.blocks else 0):
            raise self.unsound(_R.STACK_MUST_HOLD_OPERANDS, self.name())
        taken = self.stack.pop()
        self.taken.append(taken)
        return taken

    def take(self, *wanted: Type, strict: bool = False) -> None:
        """Take values of these types, the last from the top."""
        fits = flows_into if strict else same_kind
        for type_ in reversed(wanted):
            if not fits(self.pop(), type_):
                raise self.misfit()

    def misfit(self) -> Unsound:
        return self.unsound(_R.OPERAND_MUST_FIT_TYPE, self.name())

    def name(self) -> str:
        return BY_NUMBER[self.function.code[self.position].opcode].name

    def type_of(self, operand: int) -> Type | None:
        """Return the type of a 1-based operand, None for 0."""
        return None if operand == 0 else self.program.types[operand - 1]

    def _check_operand(self, row: Opcode, operand: Operand, value: int) -> None:
        if operand in INDEXED:
            if value >= INDEXED[operand](self.program, self.function) + (1 if row.name in ("if", "fault") else 0):
                raise self.unsound(_R.INDEX_MUST_BE_DEFINED, f"{operand.value} {value}")
        elif operand in CHOSEN:
            if value not in CHOSEN[operand]:
                raise self.unsound(_R.OPERAND_MUST_BE_WITHIN_LIMIT, f"{operand.value} {value}")
        elif operand in BOUNDED and value > BOUNDED[operand]:
            raise self.unsound(_R.OPERAND_MUST_BE_WITHIN_LIMIT, f"{operand.value} {value}")

    # Blocks

    def open(self, opcode: str, base: int, result: Type | None) -> None:
        if len(self.blocks) >= BLOCK_NESTING_MAX or self.loops > LOOP_NESTING_MAX:
            raise self.unsound(_R.NESTING_MUST_BE_WITHIN_LIMIT, opcode)
        self.blocks.append(_Block(opcode, self.position, base, result, self.assigned, self.position))

    def close_part(self, block: _Block) -> None:
        """Check that the part leaves what the block says, and pair its ends."""
        left = self.stack[block.base :]
        wanted = [] if block.result is None else [block.result]
        if len(left) != len(wanted) or not all(map(flows_into, left, wanted)):
            raise self.unsound(_R.BLOCK_MUST_LEAVE_ITS_RESULT, f"{len(left)} values are left")
        del self.stack[block.base :]
        self.partners[block.latest] = self.position


# ---------------------------------------------------------------- the other instructions


def _constant(run: _Run, operands: tuple[int, ...]) -> None:
    run.push(run.program.constants[operands[0]][0])


def _local_get(run: _Run, operands: tuple[int, ...]) -> None:
    if not run.assigned >> operands[0] & 1:
        raise run.unsound(_R.LOCAL_MUST_BE_SET_FIRST, f"local {operands[0]}")
    run.push(run.function.locals[operands[0]])


def _local_set(run: _Run, operands: tuple[int, ...]) -> None:
    run.take(run.function.locals[operands[0]], strict=True)
    run.assigned |= 1 << operands[0]


def _drop(run: _Run, _: tuple[int, ...]) -> None:
    run.pop()


def _equal(run: _Run, _: tuple[int, ...]) -> None:
    run.take(run.pop())
    run.push(_TRUTH)


def _order(run: _Run, _: tuple[int, ...]) -> None:
    right = run.pop()
    if not isinstance(right, Number | Date | Time):
        raise run.misfit()
    run.take(right)
    run.push(_TRUTH)


def _if(run: _Run, operands: tuple[int, ...]) -> None:
    run.take(_TRUTH)
    run.open("if", len(run.stack), run.type_of(operands[0]))


def _else(run: _Run, _: tuple[int, ...]) -> None:
    if not run.blocks or run.blocks[-1].opcode != "if":
        raise run.unsound(_R.BLOCK_MUST_CLOSE, "else without if")
    block = run.blocks[-1]
    run.close_part(block)
    block.opcode, block.latest = "else", run.position
    run.assigned, block.assigned = block.assigned, run.assigned


def _end(run: _Run, _: tuple[int, ...]) -> None:
    if not run.blocks:
        raise run.unsound(_R.BLOCK_MUST_CLOSE, "end without if or each")
    block = run.blocks[-1]
    if block.opcode == "if" and block.result is not None:
        raise run.unsound(_R.BLOCK_MUST_LEAVE_ITS_RESULT, "an if that leaves a value needs an else")
    run.close_part(block)
    run.blocks.pop()
    run.partners[run.position] = block.opener
    run.assigned &= block.assigned
    run.loops -= 1 if block.opcode == "each" else 0
    if block.result is not None:
        run.push(block.result)


def _each(run: _Run, operands: tuple[int, ...]) -> None:
    taken = _collection(run)
    if not flows_into(taken.item, run.function.locals[operands[0]]):
        raise run.misfit()
    run.loops += 1
    run.open("each", len(run.stack), None)
    run.assigned |= 1 << operands[0]


def _call(run: _Run, operands: tuple[int, ...]) -> None:
    callee = run.program.functions[operands[0]]
    if callee.kind not in (FunctionKind.RULE, FunctionKind.EXCEPTION) or callee.result is None:
        raise run.unsound(_R.INSTRUCTION_MUST_FIT_KIND, f"call of {callee.name}")
    run.take(*[parameter.type for parameter in callee.parameters], *([_DATE] if callee.dated else []), strict=True)
    run.push(callee.result)
    run.calls[operands[0]] = None


def _fault(run: _Run, operands: tuple[int, ...]) -> None:
    type_ = run.type_of(operands[1])
    if type_ is not None:
        run.push(type_)


def _record(run: _Run, operands: tuple[int, ...]) -> None:
    run.take(*[part.type for part in run.program.records[operands[0]].fields])
    run.push(Record(operands[0]))


def _field_type(run: _Run, record: Type, position: int) -> Type:
    if not isinstance(record, Record):
        raise run.misfit()
    fields = run.program.records[record.index].fields
    if position >= len(fields):
        raise run.unsound(_R.INDEX_MUST_BE_DEFINED, f"field {position}")
    return fields[position].type


def _field(run: _Run, operands: tuple[int, ...]) -> None:
    run.push(_field_type(run, run.pop(), operands[0]))


def _with_field(run: _Run, operands: tuple[int, ...]) -> None:
    value, record = run.pop(), run.pop()
    if not same_kind(value, _field_type(run, record, operands[0])):
        raise run.misfit()
    run.push(record)


def _some(run: _Run, _: tuple[int, ...]) -> None:
    run.push_new(Option(run.pop()))


def _none(run: _Run, operands: tuple[int, ...]) -> None:
    type_ = run.program.types[operands[0]]
    if not isinstance(type_, Option):
        raise run.misfit()
    run.push(type_)


def _option(run: _Run) -> Option:
    taken = run.pop()
    if not isinstance(taken, Option):
        raise run.misfit()
    return taken


def _is_present(run: _Run, _: tuple[int, ...]) -> None:
    _option(run)
    run.push(_TRUTH)


def _unwrap(run: _Run, _: tuple[int, ...]) -> None:
    run.push(_option(run).item)


def _collection(run: _Run) -> List | Set:
    taken = run.pop()
    if not isinstance(taken, List | Set):
        raise run.misfit()
    return taken


def _build(run: _Run, operands: tuple[int, ...], wanted: type[List | Set]) -> None:
    type_ = run.program.types[operands[0]]
    if type(type_) is not wanted or not isinstance(type_, List | Set):
        raise run.misfit()
    if operands[1] > type_.limit:
        raise run.unsound(_R.OPERAND_MUST_BE_WITHIN_LIMIT, f"count {operands[1]}")
    run.take(*[type_.item] * operands[1], strict=True)
    run.push(type_)


def _list(run: _Run, operands: tuple[int, ...]) -> None:
    _build(run, operands, List)


def _set(run: _Run, operands: tuple[int, ...]) -> None:
    _build(run, operands, Set)


def _length(run: _Run, _: tuple[int, ...]) -> None:
    _collection(run)
    run.push(_NUMBER)


def _append(run: _Run, _: tuple[int, ...]) -> None:
    value, taken = run.pop(), run.pop()
    if not isinstance(taken, List) or not flows_into(value, taken.item):
        raise run.misfit()
    run.push(taken)


def _contains(run: _Run, _: tuple[int, ...]) -> None:
    taken = _collection(run)
    run.take(taken.item)
    run.push(_TRUTH)


def _item(run: _Run, _: tuple[int, ...]) -> None:
    run.take(_NUMBER)
    run.push(_collection(run).item)


def _numbers(run: _Run, operands: tuple[int, ...]) -> None:
    run.push_new(List(_NUMBER, operands[0]))


def _parameter(run: _Run, operands: tuple[int, ...]) -> None:
    run.take(_DATE)
    run.push(run.program.parameters[operands[0]].type)


def _local_parameter(run: _Run, operands: tuple[int, ...]) -> None:
    parameter = run.program.parameters[operands[0]]
    if parameter.register is None:
        raise run.unsound(_R.INDEX_MUST_BE_DEFINED, f"{parameter.name} is no local parameter")
    run.take(Reference("city"), _DATE)
    run.push(parameter.type)
    run.reads[parameter.register] = None


def _key_types(run: _Run, register: int) -> list[Type]:
    row = run.program.registers[register]
    return [run.program.records[row.record].fields[key].type for key in row.keys]


def _entry_type(run: _Run, register: int) -> Record:
    return Record(run.program.registers[register].record)


def _note_effect(run: _Run, name: str, register: int) -> None:
    if name in _READING:
        run.reads[register] = None
    if name in _WRITING:
        run.writes[register] = None


def _has(run: _Run, operands: tuple[int, ...]) -> None:
    run.take(*_key_types(run, operands[0]))
    run.push(_TRUTH)


def _get(run: _Run, operands: tuple[int, ...]) -> None:
    run.take(*_key_types(run, operands[0]))
    run.push(_entry_type(run, operands[0]))


def _put(run: _Run, operands: tuple[int, ...]) -> None:
    run.take(_entry_type(run, operands[0]))


def _remove(run: _Run, operands: tuple[int, ...]) -> None:
    run.take(*_key_types(run, operands[0]))


def _entries(run: _Run, operands: tuple[int, ...]) -> None:
    keys = _key_types(run, operands[0])
    if operands[1] > len(keys):
        raise run.unsound(_R.OPERAND_MUST_BE_WITHIN_LIMIT, f"count {operands[1]}")
    run.take(*keys[: operands[1]])
    run.push_new(List(_entry_type(run, operands[0]), operands[2]))


def _announce(run: _Run, operands: tuple[int, ...]) -> None:
    run.take(*[part.type for part in run.program.events[operands[0]].fields])
    run.announces[operands[0]] = None


def _note(run: _Run, operands: tuple[int, ...]) -> None:
    type_ = run.program.notes[operands[0]].type
    run.push(_peek(run, type_, strict=True))


def _check(run: _Run, operands: tuple[int, ...]) -> None:
    type_ = run.program.types[operands[0]]
    _peek(run, type_, strict=False)
    run.push(type_)


def _peek(run: _Run, wanted: Type, *, strict: bool) -> Type:
    taken = run.pop()
    if not (flows_into if strict else same_kind)(taken, wanted):
        raise run.misfit()
    return taken


def _on_register(effect: Callable[[_Run, tuple[int, ...]], None], name: str) -> Callable[[_Run, tuple[int, ...]], None]:
    def run_effect(run: _Run, operands: tuple[int, ...]) -> None:
        effect(run, operands)
        _note_effect(run, name, operands[0])

    return run_effect


EFFECTS: dict[str, Callable[[_Run, tuple[int, ...]], None]] = {
    "constant": _constant,
    "local_get": _local_get,
    "local_set": _local_set,
    "drop": _drop,
    "equal": _equal,
    "less": _order,
    "less_or_equal": _order,
    "if": _if,
    "else": _else,
    "end": _end,
    "each": _each,
    "call": _call,
    "fault": _fault,
    "record": _record,
    "field": _field,
    "with_field": _with_field,
    "some": _some,
    "none": _none,
    "is_present": _is_present,
    "unwrap": _unwrap,
    "list": _list,
    "set": _set,
    "length": _length,
    "append": _append,
    "contains": _contains,
    "item": _item,
    "numbers": _numbers,
    "parameter": _parameter,
    "local_parameter": _local_parameter,
    "has": _on_register(_has, "has"),
    "get": _on_register(_get, "get"),
    "enter": _on_register(_put, "enter"),
    "amend": _on_register(_put, "amend"),
    "remove": _on_register(_remove, "remove"),
    "entries": _on_register(_entries, "entries"),
    "announce": _announce,
    "note": _note,
    "check": _check,
}
"""What the others do to the stack. `else` and `numbers` stand in both tables: first what they take, then the rest."""

INDEXED: dict[Operand, Callable[[Program, Function], int]] = {
    Operand.CONSTANT: lambda program, _: len(program.constants),
    Operand.LOCAL: lambda _, function: len(function.locals),
    Operand.FUNCTION: lambda program, _: len(program.functions),
    Operand.RECORD: lambda program, _: len(program.records),
    Operand.REGISTER: lambda program, _: len(program.registers),
    Operand.EVENT: lambda program, _: len(program.events),
    Operand.REFUSAL: lambda program, _: len(program.refusals),
    Operand.PARAMETER: lambda program, _: len(program.parameters),
    Operand.CONDITION: lambda program, _: len(program.conditions),
    Operand.NOTE: lambda program, _: len(program.notes),
    Operand.MARK: lambda program, _: len(program.marks),
    Operand.TYPE: lambda program, _: len(program.types),
    Operand.CALENDARS: lambda program, _: len(program.calendars),
}
"""Operands that point into a table, with its length. FIELD is checked against the record on the stack."""

CHOSEN: dict[Operand, tuple[int, ...]] = {
    Operand.ROUNDING: tuple([int(mode) for mode in Rounding]),
    Operand.MONTH_END: tuple([int(mode) for mode in MonthEnd]),
    Operand.DATE_PART: (1, 2, 3),
    Operand.FAULT: tuple([int(fault) for fault in BY_NAME["fault"].faults]),
}

BOUNDED: dict[Operand, int] = {
    Operand.SCALE: SCALE_MAX,
    Operand.COUNT: STACK_VALUES_MAX,
    Operand.LIMIT: COLLECTION_ITEMS_MAX,
}
