"""Where money is divided: rules, called with drawn arguments, and the acts of the histories, with what they change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from gbalang.isa.civil import DATE_MIN
from gbalang.isa.program import Field, Function, FunctionKind
from gbalang.isa.types import Date, List, Number, Record, Type, Value
from gbalang.literals import format_value
from gbalang.testing.changes import Change, asking, changes
from gbalang.testing.found import Finding
from gbalang.testing.guided import Entry, Guide
from gbalang.testing.histories import tell
from gbalang.testing.running import Deed
from gbalang.testing.shrink import plainer, smallest_that
from gbalang.testing.sums import Amount, Measured, Name, Relation, Relations, measure
from gbalang.testing.trial import Trial
from gbalang.vm.host import Done
from gbalang.vm.machine import run_rule

CALLS_OF_A_RULE = 300
CALLS_TO_SHRINK = 2_000

Arguments: TypeAlias = tuple[Value, ...]
Seen: TypeAlias = tuple[tuple[Deed, ...], tuple[Amount, ...]]
"""Some deeds, and the amounts of the last one."""


class Divisions:
    """Looks on while histories run, and calls the rules that give amounts."""

    def __init__(self, trial: Trial, guide: Guide) -> None:
        self._trial = trial
        self._program = trial.program
        self._guide = guide
        self._blank = trial.host()
        self._acts: dict[int, Relations[Seen]] = {}

    def see(self, deeds: tuple[Deed, ...], before: tuple[Entry, ...], after: tuple[Entry, ...]) -> None:
        """Look at the last of some deeds."""
        amounts = self._of_deed(deeds[-1], before, after)
        if amounts:
            self._acts.setdefault(deeds[-1].act, Relations()).add(amounts, (deeds, amounts))

    def findings(self) -> list[Finding]:
        """Return the sums that are missed, of rules and then of acts."""
        trials = frozenset(self._trial.functions.values())
        found = [
            self._of_rule(index, function)
            for index, function in enumerate(self._program.functions)
            if function.kind is FunctionKind.RULE and index not in trials and "." not in function.name
        ]
        found += [self._of_act(relations) for _, relations in sorted(self._acts.items())]
        return [each for each in found if each is not None]

    # ------------------------------------------------------------ rules

    def _of_rule(self, index: int, function: Function) -> Finding | None:
        if function.result is None or len(self._gives(function.result)) < 2:
            return None
        relations: Relations[Arguments] = Relations()
        for _ in range(CALLS_OF_A_RULE):
            arguments = self._guide.arguments(function, self._day)
            amounts = self._of_call(index, arguments)
            if amounts:
                relations.add(amounts, arguments)
        missed = relations.missed()
        return None if missed is None else self._tell_rule(index, *missed)

    def _gives(self, type_: Type) -> list[Number]:
        """Return the kinds of amounts that a result holds; of a list, its items' twice, as there may be several."""
        match type_:
            case Number():
                return [type_]
            case Record(index=index):
                return [each.type for each in self._program.records[index].fields if isinstance(each.type, Number)]
            case List(item=item):
                return 2 * self._gives(item)
            case _:
                return []

    def _of_call(self, index: int, arguments: Arguments) -> tuple[Amount, ...]:
        """Return the amounts of one call of a rule: its arguments and what it gives; none if it gives nothing."""
        function = self._program.functions[index]
        day = self._day if function.dated else None
        outcome = run_rule(self._trial.verified, index, arguments, day, self._blank)
        if not isinstance(outcome, Done) or outcome.result is None or function.result is None:
            return ()
        given = zip(function.parameters, arguments, strict=True)
        amounts = [each for place, value in given for each in self._argument(place, value)]
        return (*amounts, *self._amounts(("result",), function.result, outcome.result))

    def _argument(self, place: Field, value: Value) -> Iterator[Amount]:
        return self._amounts(("argument", place.name), place.type, value)

    def _amounts(self, name: Name, type_: Type, value: Value) -> Iterator[Amount]:
        match type_, value:
            case Number(), int():
                yield Amount(name, type_, (value,), is_several=False)
            case List(item=Number() as item), tuple():
                yield Amount(name, item, tuple([int(str(each)) for each in value]), is_several=True)
            case Record(index=index), tuple():
                for each, part in zip(self._program.records[index].fields, value, strict=True):
                    if isinstance(each.type, Number):
                        yield from self._amounts((*name, each.name), each.type, part)
            case List(item=Record(index=index)), tuple():
                for place, each in enumerate(self._program.records[index].fields):
                    if isinstance(each.type, Number):
                        parts = tuple([int(str(row[place])) for row in value if isinstance(row, tuple)])
                        yield Amount((*name, each.name), each.type, parts, is_several=True)
            case _:
                return

    def _tell_rule(self, index: int, relation: Relation, arguments: Arguments) -> Finding:
        function = self._program.functions[index]
        arguments = self._plainest(index, relation, arguments)
        amounts = self._of_call(index, arguments)
        shown = [
            format_value(place.type, value, self._program)
            for place, value in zip(function.parameters, arguments, strict=True)
        ]
        call = f"{function.name}({', '.join(shown)})"
        several = {each.name for each in amounts if each.is_several}
        fixed = {each.name: format_value(each.type, each.values[0], self._program)
                 for each in amounts if each.name[0] == "argument" and not each.is_several}  # fmt: skip

        def written(name: Name) -> str:
            if name[0] == "argument":
                return fixed[name]
            if name in several:
                return f"(sum of {'.'.join(('part', *name[1:]))} for each part in {call})"
            return ".".join((call, *name[1:]))

        day = f" on {format_value(Date(), self._day, self._program)}" if function.dated else ""
        sum_ = " + ".join(written(name) for name in relation.parts)
        example = f'example "The parts of {function.name} add up"{day}\n  {sum_} = {written(relation.whole)}'
        facts = self._facts(relation, amounts)
        return Finding("does_not_add_up", function.article, function.name, facts, (), example)

    def _plainest(self, index: int, relation: Relation, arguments: Arguments) -> Arguments:
        """Return arguments as plain as could be found with which the sum is still missed."""
        calls = 0
        while calls < CALLS_TO_SHRINK:
            for candidate in self._plainer(index, arguments):
                calls += 1
                measured = measure(relation, self._of_call(index, candidate))
                if measured is not None and _is_missed(measured):
                    arguments = candidate
                    break
            else:
                return arguments
        return arguments

    def _plainer(self, index: int, arguments: Arguments) -> Iterator[Arguments]:
        for place, parameter in enumerate(self._program.functions[index].parameters):
            for value in plainer(parameter.type, arguments[place]):
                yield (*arguments[:place], value, *arguments[place + 1 :])
            items = arguments[place]
            if isinstance(parameter.type, List) and isinstance(items, tuple):
                for at, item in enumerate(items):
                    for value in plainer(parameter.type.item, item):
                        yield (*arguments[:place], (*items[:at], value, *items[at + 1 :]), *arguments[place + 1 :])

    @property
    def _day(self) -> int:
        """The day on which rules are called: when the instrument is in force and every parameter has a value."""
        complete = max((each.values[0][0] for each in self._program.parameters if each.values), default=DATE_MIN)
        return max(self._program.effective, complete)

    # ------------------------------------------------------------ acts

    def _of_deed(self, deed: Deed, before: tuple[Entry, ...], after: tuple[Entry, ...]) -> tuple[Amount, ...]:
        """Return the amounts of a deed: its arguments, what it entered and removed, and by how much it changed what."""
        function = self._program.functions[deed.act]
        given = zip(function.parameters, deed.arguments, strict=True)
        found = [each for place, value in given for each in self._argument(place, value)]
        written: dict[tuple[Name, Number], list[int]] = {}
        for change in changes(self._program, before, after):
            for name, type_, value in self._written(change):
                written.setdefault((name, type_), []).append(value)
        found += [
            Amount(name, type_, tuple(values), is_several=len(values) > 1)
            for (name, type_), values in written.items()
        ]
        return tuple([each for each in found if each.type.unit])

    def _written(self, change: Change) -> Iterator[tuple[Name, Number, int]]:
        register = self._program.registers[change.entry.register]
        for place, each in enumerate(self._program.records[register.record].fields):
            if not isinstance(each.type, Number):
                continue
            new, old = (
                0 if version is None else int(str(version.values[place])) for version in (change.after, change.before)
            )
            how = "entered" if change.before is None else "removed" if change.after is None else "changed"
            if new != old or how == "entered":
                yield (how, register.name, each.name), each.type, abs(new - old)

    def _of_act(self, relations: Relations[Seen]) -> Finding | None:
        missed = relations.missed()
        if missed is None:
            return None
        relation, (deeds, amounts) = missed
        act = deeds[-1].act

        def judge(deed: Deed, before: tuple[Entry, ...], after: tuple[Entry, ...]) -> tuple[Amount, ...] | None:
            if deed.act != act:
                return None
            amounts = self._of_deed(deed, before, after)
            measured = measure(relation, amounts)
            return amounts if measured is not None and _is_missed(measured) else None

        shorter, amounts = smallest_that(self._trial, deeds, amounts, asking(self._guide, judge))
        function = self._program.functions[act]
        story = tuple([tell(self._program, deed) for deed in shorter])
        return Finding("does_not_add_up", function.article, function.name, self._facts(relation, amounts), story)

    def _facts(self, relation: Relation, amounts: tuple[Amount, ...]) -> tuple[tuple[str, str], ...]:
        values = {each.name: each for each in amounts}

        def money(name: Name, value: int) -> str:
            return format_value(values[name].type, value, self._program)

        parts = [money(name, value) for name in relation.parts for value in values[name].values]
        return (
            ("whole", _said(relation.whole)),
            ("parts", " + ".join(_said(name) for name in relation.parts)),
            ("left", money(relation.whole, values[relation.whole].values[0])),
            ("right", " + ".join(parts)),
        )


def _is_missed(measured: Measured) -> bool:
    return measured.off != 0 and measured.is_near


def _said(name: Name) -> str:
    """Return how an amount is called in a report."""
    return ".".join(name[1:]) if len(name) > 1 else name[0]
