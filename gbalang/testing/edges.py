"""Thresholds: on which edges of comparisons the examples, properties and invariants stand, and edges drawn twice.

`<` and `<=` differ only where both sides are equal. A comparison that no example, property or invariant ever saw with
equal sides could be off by one without anybody knowing. And where two acts compare the same two things, one of them
says what holds on the edge, and the other must say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from gbalang.check import typed as t
from gbalang.isa.opcodes import BY_NUMBER
from gbalang.isa.program import FunctionKind
from gbalang.isa.verify import VerifiedProgram
from gbalang.testing.found import Finding
from gbalang.testing.trial import Trial
from gbalang.testing.wording import UNNAMED, Wording, short
from gbalang.vm.engines import Engine
from gbalang.vm.host import Context, Host
from gbalang.vm.interpreter import run as interpreter
from gbalang.vm.interpreter.frame import Call, Frame, Handler, Loaded, Step

ORDERED = ("less", "less_or_equal")
"""The instructions that have an edge."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A comparison of the text. `place`: its function and instruction; `scope`: where the same words mean the same."""

    place: tuple[int, int]
    article: int
    where: str
    scope: str
    left: str
    right: str
    shown: str
    equal_with_less: bool
    """Whether equal sides are on the side of a lesser left one: `<=` and `>`, not `<` and `>=`."""


class Onlooker:
    """An engine that notes at which comparisons both sides were equal; else it is the reference interpreter."""

    def __init__(self) -> None:
        self.seen: set[tuple[int, int]] = set()
        self._loaded: tuple[VerifiedProgram, tuple[Loaded, ...]] | None = None

    @property
    def engine(self) -> Engine:
        """The engine."""
        return Engine("onlooker", self._begin)

    def _begin(self, verified: VerifiedProgram, host: Host, context: Context) -> Call:
        if self._loaded is None or self._loaded[0] is not verified:
            own = [
                Loaded(
                    tuple([self._watched(verified, (index, place), step) for place, step in enumerate(each.steps)]),
                    each.blanks,
                )
                for index, each in enumerate(interpreter.load(verified))
            ]
            self._loaded = verified, tuple(own)
        return Call(self._loaded[1], host, context, interpreter.run)

    def _watched(self, verified: VerifiedProgram, place: tuple[int, int], step: Step) -> Step:
        instruction = verified.program.functions[place[0]].code[place[1]]
        if BY_NUMBER[instruction.opcode].name not in ORDERED:
            return step
        charge, handler, operand = step
        return charge, self._noting(handler, place), operand

    def _noting(self, handler: Handler, place: tuple[int, int]) -> Handler:
        def noting(frame: Frame, operand: Any) -> int | None:
            if frame.stack[-1] == frame.stack[-2]:
                self.seen.add(place)
            return handler(frame, operand)

        return noting


def edges_of(trial: Trial) -> tuple[Edge, ...]:
    """Return the comparisons of an instrument's own rules, exceptions, acts and queries, in the order of the text."""
    places = {(each.kind, each.name): index for index, each in enumerate(trial.program.functions)}
    found: list[Edge] = []
    for rule in trial.contract.rules:
        if "." in rule.name:
            continue
        index = places[FunctionKind.RULE, rule.name]
        found += _edges(trial, index, (rule.guard, rule.body), rule.name, rule.name)
        for each in _all_of(rule.exceptions):
            name = f"{rule.name}/{each.name}"
            when, body = (places[FunctionKind.EXCEPTION, part] for part in (f"{name}/when", name))
            found += _edges(trial, when, each.when, each.name, rule.name, context=(each.when, each.body))
            found += _edges(trial, body, each.body, each.name, rule.name, context=(each.when, each.body))
    settable = {parameter.register for parameter in trial.program.parameters}
    for procedure in trial.contract.procedures:
        index = places[procedure.kind, procedure.name]
        sets = not settable.isdisjoint(trial.program.functions[index].writes)
        if procedure.kind is not FunctionKind.INVARIANT and not sets:
            found += _edges(trial, index, procedure.body, procedure.name, "")
    return tuple(sorted(found, key=lambda edge: edge.article))


def _edges(trial: Trial, index: int, tree: Any, where: str, scope: str, context: Any = None) -> Iterator[Edge]:
    function = trial.program.functions[index]
    code = [place for place, each in enumerate(function.code) if BY_NUMBER[each.opcode].name in ORDERED]
    compared = [*_ordered(tree, negated=False)]
    if len(code) != len(compared):
        return
    wording = Wording(trial, function.parameters, tree if context is None else context)
    for place, found in zip(code, compared, strict=True):
        if found is None:
            continue
        comparison, negated = found
        left, right = wording.text(comparison.left), wording.text(comparison.right)
        if UNNAMED in (left, right):  # the day on which a table is read
            continue
        is_less = comparison.operator == "less"
        sign = (">=" if is_less else ">") if negated else ("<" if is_less else "<=")
        yield Edge(
            (index, place), function.article, where, scope, left, right, f"{short(left)} {sign} {short(right)}",
            equal_with_less=not is_less,
        )  # fmt: skip


def _ordered(node: Any, *, negated: bool) -> Iterator[tuple[t.Compare, bool] | None]:
    """Yield, in the order of the code, each ordered comparison and whether its denial was written; None for those that
    stand in no text.
    """
    if isinstance(node, tuple):
        for each in node:
            yield from _ordered(each, negated=False)
        return
    if not is_dataclass(node) or isinstance(node, type):
        return
    own = _is_extreme(node)
    for each in fields(node):
        inner = [*_ordered(getattr(node, each.name), negated=isinstance(node, t.Not))]
        yield from [None] * len(inner) if own and each.name == "condition" else inner
    match node:
        case t.Compare(operator="less" | "less_or_equal"):
            yield node, negated
        case t.Fold(kind="least" | "greatest"):
            yield None
        case _:
            pass


def _is_extreme(node: object) -> bool:
    """Whether a choice is what `least of` and `greatest of` have become: one of two locals, by their comparison."""
    match node:
        case t.IfElse(
            condition=t.Compare(operator="less_or_equal", left=t.Local() as left, right=t.Local() as right),
            then=t.Local() as then,
            otherwise=t.Local() as otherwise,
        ):
            return {then.index, otherwise.index} == {left.index, right.index}
        case _:
            return False


def _all_of(exceptions: tuple[t.RuleException, ...]) -> Iterator[t.RuleException]:
    for each in exceptions:
        yield each
        yield from _all_of(each.exceptions)


def drawn_twice(edges: tuple[Edge, ...]) -> list[Finding]:
    """Return a finding for each two things that are compared in two places and are equal on another side in each.

    Within one function that may be meant: less, greater, and else equal.
    """
    alike: dict[tuple[str, str, str], list[Edge]] = {}
    for edge in edges:
        key = (edge.scope, min(edge.left, edge.right), max(edge.left, edge.right))
        alike.setdefault(key, []).append(edge)
    found: list[Finding] = []
    for (_, first, _), compared in alike.items():
        sides = [[edge for edge in compared if _side(edge, first) == side] for side in ("less", "greater")]
        usual, odd = sorted(sides, key=lambda side: (-len(side), compared.index(side[0]) if side else 0))
        if odd and {edge.place[0] for edge in odd}.isdisjoint(edge.place[0] for edge in usual):
            told = odd[0]
            facts = (
                ("left", told.left), ("right", told.right), ("one", f"{usual[0].where}: {usual[0].shown}"),
                ("other", f"{told.where}: {told.shown}"),
            )  # fmt: skip
            found.append(Finding("edge_drawn_twice", told.article, told.where, facts))
    return found


def _side(edge: Edge, first: str) -> Literal["less", "greater"]:
    """Return on which side of the first thing's being less or greater the two are when they are equal."""
    return "less" if edge.equal_with_less == (edge.left == first) else "greater"
