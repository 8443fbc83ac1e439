"""What a function may do at most: its worst-case cost, the registers and events it may touch, how deep it calls.

One computation serves both sides: the compiler writes these facts into the program, the verifier demands exactly them.
Costs of single instructions follow from the instruction table and the program alone, so every engine charges the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gbalang.isa.opcodes import BY_NUMBER, Bound, Opcode, Operand
from gbalang.isa.program import Instruction, Program
from gbalang.isa.stack import FunctionAnalysis, Unsound, VerificationRule, analyse
from gbalang.isa.types import List, Record, Set, Type
from gbalang.isa.values import Sizes
from gbalang.limits import CALL_DEPTH_MAX, LOCAL_VALUES_MAX


@dataclass(frozen=True, slots=True)
class FunctionSummary:
    """What a function may do, calls included. `costs` runs along its instructions, each charged when it is passed."""

    cost_max: int
    reads: tuple[int, ...]
    writes: tuple[int, ...]
    announces: tuple[int, ...]
    call_depth: int
    costs: tuple[int, ...]
    analysis: FunctionAnalysis


def compute_costs(program: Program) -> tuple[int, ...]:
    """Return each function's worst-case cost; what the program states as costs and effects is not looked at.

    Raises Unsound if the code is not sound.
    """
    return tuple([summary.cost_max for summary in summarise(program)])


def summarise(program: Program) -> tuple[FunctionSummary, ...]:
    """Return the summary of each function; what the program states as costs and effects is not looked at.

    Raises Unsound if the code is not sound. Tables and types must be.
    """
    sizes = Sizes(program)
    analyses = tuple([analyse(program, sizes, index) for index in range(len(program.functions))])
    summaries: dict[int, FunctionSummary] = {}
    for index in _callees_first(analyses):
        summaries[index] = _summarise(program, sizes, index, analyses[index], summaries)
    return tuple([summaries[index] for index in range(len(analyses))])


def _summarise(
    program: Program, sizes: Sizes, index: int, analysis: FunctionAnalysis, done: dict[int, FunctionSummary]
) -> FunctionSummary:
    code = program.functions[index].code
    costs = tuple(
        [
            instruction_cost(program, sizes, instruction, inputs)
            for instruction, inputs in zip(code, analysis.inputs, strict=True)
        ]
    )
    called = [done[callee] for callee in analysis.calls]
    depth = 1 + max([callee.call_depth for callee in called], default=0)
    if depth > CALL_DEPTH_MAX:
        raise Unsound(VerificationRule.CALLS_MUST_BE_WITHIN_DEPTH, str(depth), index)
    return FunctionSummary(
        cost_max=worst_case(code, analysis, costs, lambda callee: done[callee].cost_max),
        reads=_union([analysis.reads, *[callee.reads for callee in called]]),
        writes=_union([analysis.writes, *[callee.writes for callee in called]]),
        announces=_union([analysis.announces, *[callee.announces for callee in called]]),
        call_depth=depth,
        costs=costs,
        analysis=analysis,
    )


def _union(parts: list[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sorted({index for part in parts for index in part}))


def _callees_first(analyses: tuple[FunctionAnalysis, ...]) -> list[int]:
    """Order the functions so that each stands after those it calls."""
    waiting = [len(analysis.calls) for analysis in analyses]
    callers: list[list[int]] = [[] for _ in analyses]
    for index, analysis in enumerate(analyses):
        for callee in analysis.calls:
            callers[callee].append(index)
    order = [index for index, count in enumerate(waiting) if count == 0]
    for index in order:  # grows while it is read
        for caller in callers[index]:
            waiting[caller] -= 1
            if waiting[caller] == 0:
                order.append(caller)
    if len(order) < len(analyses):
        stuck = next(index for index, count in enumerate(waiting) if count)
        raise Unsound(VerificationRule.CALLS_MUST_NOT_RECUR, f"functions[{stuck}] waits for itself", stuck)
    return order


# ---------------------------------------------------------------- the worst case


def worst_case(
    code: tuple[Instruction, ...],
    analysis: FunctionAnalysis,
    costs: tuple[int, ...],
    cost_of_call: Callable[[int], int],
) -> int:
    """Return the cost of the dearest run: of an if the dearer part, of an each its part times the limit."""
    sums = [0]
    dearer: list[int] = []  # of each open block's first part
    for position, instruction in enumerate(code):
        name = BY_NUMBER[instruction.opcode].name
        cost = costs[position]
        if name in ("if", "each"):
            sums[-1] += cost
            sums.append(0)
            dearer.append(0)
        elif name == "else":
            dearer[-1] = sums[-1] + cost
            sums[-1] = 0
        elif name == "end":
            inside = max(sums.pop(), dearer.pop())
            opener = analysis.partners[position]
            sums[-1] += (inside + cost) * _repetitions(code[opener], analysis.inputs[opener])
        else:
            sums[-1] += cost + (cost_of_call(instruction.operands[0]) if name == "call" else 0)
    return sums[0]


def _repetitions(opener: Instruction, inputs: tuple[Type, ...]) -> int:
    if BY_NUMBER[opener.opcode].name == "if":
        return 1
    collection = inputs[0]
    assert isinstance(collection, List | Set)
    return collection.limit


# ---------------------------------------------------------------- one instruction


def instruction_cost(program: Program, sizes: Sizes, instruction: Instruction, inputs: tuple[Type, ...]) -> int:
    """Return what an instruction costs whenever it is passed; `inputs` are the types it takes, the top last."""
    row = BY_NUMBER[instruction.opcode]
    if row.bound is Bound.NONE:
        return row.cost
    return row.cost + row.cost_each * BOUNDS[row.bound](_Case(program, sizes, row, instruction, inputs))


@dataclass(frozen=True, slots=True)
class _Case:
    """An instruction in its place."""

    program: Program
    sizes: Sizes
    row: Opcode
    instruction: Instruction
    inputs: tuple[Type, ...]

    def operand(self, wanted: Operand) -> int:
        return self.instruction.operands[self.row.operands.index(wanted)]

    def collection(self) -> List | Set:
        found = next(type_ for type_ in self.inputs if isinstance(type_, List | Set))
        return self.inputs[-1] if self.row.name == "contains" and isinstance(self.inputs[-1], List | Set) else found

    def entry(self, register: int) -> Type:
        return Record(self.program.registers[register].record)


def _size(case: _Case) -> int:
    operands = case.row.operands
    if Operand.REGISTER in operands:
        return case.sizes.units(case.entry(case.operand(Operand.REGISTER)))
    if Operand.EVENT in operands:
        fields = case.program.events[case.operand(Operand.EVENT)].fields
        return sum([case.sizes.units(field.type) for field in fields])
    if Operand.NOTE in operands:
        return case.sizes.units(case.program.notes[case.operand(Operand.NOTE)].type)
    if Operand.TYPE in operands:
        return case.sizes.units(case.program.types[case.operand(Operand.TYPE)])
    return case.sizes.units(case.inputs[-1])


def _items_size(case: _Case) -> int:
    collection = case.collection()
    return collection.limit * case.sizes.units(collection.item)


def _local_values_size(case: _Case) -> int:
    register = case.program.parameters[case.operand(Operand.PARAMETER)].register
    assert register is not None
    return LOCAL_VALUES_MAX * case.sizes.units(case.entry(register))


BOUNDS: dict[Bound, Callable[[_Case], int]] = {
    Bound.COUNT: lambda case: case.operand(Operand.COUNT),
    Bound.LIMIT: lambda case: case.operand(Operand.LIMIT),
    Bound.FIELDS: lambda case: len(case.program.records[case.operand(Operand.RECORD)].fields),
    Bound.CALENDARS: lambda case: len(case.program.calendars[case.operand(Operand.CALENDARS)].calendars),
    Bound.SIZE: _size,
    Bound.ITEMS: lambda case: (case.collection().limit + 15) // 16,
    Bound.ITEMS_SIZE: _items_size,
    Bound.ENTRIES_SIZE: lambda case: case.operand(Operand.LIMIT)
    * case.sizes.units(case.entry(case.operand(Operand.REGISTER))),
    Bound.LOCAL_VALUES_SIZE: _local_values_size,
}
