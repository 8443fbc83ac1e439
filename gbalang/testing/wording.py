"""Expressions of the typed tree in short, neutral words, for reports: `today <= bookings.confirm_until`.

What a local name stands for is written in its place, and an entry of a register by the register's name alone: so the
same words mean the same thing in two acts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from gbalang.check import typed as t
from gbalang.isa.program import Field
from gbalang.isa.types import Record
from gbalang.literals import format_value
from gbalang.testing.trial import Trial

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
UNNAMED = "…"
DEPTH_MAX, SHORT_MAX = 12, 60


class Wording:
    """Words for the expressions of one function."""

    def __init__(self, trial: Trial, parameters: tuple[Field, ...], tree: Any) -> None:
        self._trial = trial
        self._contract = trial.contract
        self._names = {place: each.name for place, each in enumerate(parameters)}
        self._meant = dict(_definitions(tree))
        self._items = dict(_items(tree))

    def text(self, value: t.Expression, depth: int = 0) -> str:
        """Return an expression in words."""
        if depth > DEPTH_MAX:
            return UNNAMED

        def of(part: t.Expression) -> str:
            return self.text(part, depth + 1)

        match value:
            case t.Constant(value=constant, type=type_):
                return format_value(type_, constant, self._trial.program)
            case t.Local(index=index):
                return self._local(index, depth)
            case t.Arithmetic() | t.RatioArithmetic():
                return f"{of(value.left)} {_SIGNS[value.operator]} {of(value.right)}"
            case t.Rescale() | t.ToRatio() | t.Checked() | t.WithNote():
                return of(value.value)
            case t.CallRule(rule=rule, arguments=arguments):
                return f"{self._contract.rules[rule].name}({', '.join([of(each) for each in arguments])})"
            case t.GetField(subject=subject, index=index):
                assert isinstance(subject.type, Record)
                return f"{of(subject)}.{self._contract.records[subject.type.index].fields[index].name}"
            case t.RegisterGet(register=register) | t.RegisterEntries(register=register):
                return self._contract.registers[register].name
            case t.ParameterValue(parameter=parameter) | t.LocalParameterValue(parameter=parameter):
                return self._contract.parameters[parameter].name
            case t.Circumstance(what=what):
                return what
            case t.Fold(kind=kind, subject=subject, body=body):
                return f"{kind} of {of(subject if body is None else body)}"
            case t.Bind(body=body):
                return of(body)
            case t.Unwrap(subject=subject):
                return f"value of {of(subject)}"
            case t.DateOfTime(subject=subject):
                return f"date of {of(subject)}"
            case t.LengthOf(subject=subject):
                return f"length of {of(subject)}"
            case t.CityOf(subject=subject):
                return f"city of {of(subject)}"
            case t.AddDays(base=base, count=count):
                return f"{of(count)} days after {of(base)}"
            case t.Between(unit=unit, start=start, end=end):
                return f"{unit} from {of(start)} to {of(end)}"
            case _:
                return self._other(value, depth)

    def _other(self, value: t.Expression, depth: int) -> str:
        """Words for what has none of its own: what it is made of."""
        parts = [self.text(each, depth + 1) for each in _expressions(value)]
        return " ".join((_plain(type(value).__name__), *[f"({part})" for part in parts]))

    def _local(self, index: int, depth: int) -> str:
        if index in self._names:
            return self._names[index]
        if index in self._meant:
            return self.text(self._meant[index], depth + 1)
        return self.text(self._items[index], depth + 1) if index in self._items else UNNAMED


def short(text: str) -> str:
    """Return a text that fits in a line."""
    return text if len(text) <= SHORT_MAX else text[:SHORT_MAX] + UNNAMED


def _plain(name: str) -> str:
    """Return the name of a node as words: AddDays, add days."""
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()


def _expressions(value: t.Expression) -> Iterator[t.Expression]:
    """Yield the expressions of which one is made."""
    for each in fields(value):
        part = getattr(value, each.name)
        for item in part if isinstance(part, tuple) else (part,):
            if isinstance(item, t.Expression):
                yield item


def _definitions(node: Any) -> Iterator[tuple[int, t.Expression]]:
    for each in _nodes(node):
        if isinstance(each, t.SetLocal | t.Bind):
            yield each.index, each.value


def _items(node: Any) -> Iterator[tuple[int, t.Expression]]:
    for each in _nodes(node):
        if isinstance(each, t.Fold | t.ForEach):
            yield each.item, each.subject


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, tuple):
        for each in node:
            yield from _nodes(each)
    elif is_dataclass(node) and not isinstance(node, type):
        yield node
        for part in fields(node):
            yield from _nodes(getattr(node, part.name))
