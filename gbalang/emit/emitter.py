"""The emitter: a checked instrument becomes a program. It decides nothing that the checker has not decided.

Functions stand in this order: the rules as declared, then for each rule its exceptions, each as two functions (whether
its `when` holds; what it gives), then acts, queries and invariants as declared. A rule with exceptions first asks each
`when`, then gives what the one exception that prevails gives, or what it says itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from gbalang.check import typed as t
from gbalang.emit.assembly import Code, Tables
from gbalang.emit.bounds import expect_function
from gbalang.emit.expressions import put_expression, put_fault
from gbalang.emit.statements import put_statements
from gbalang.isa import program as p
from gbalang.isa.costs import summarise
from gbalang.isa.stack import Unsound
from gbalang.isa.types import Truth, Type
from gbalang.source import Span
from gbalang.vm.faults import Fault

_TRUTH = Truth()


@dataclass(frozen=True, slots=True)
class EmitResult:
    """A program, and for each function where its instructions come from: (first instruction, place), ascending."""

    program: p.Program
    places: tuple[tuple[tuple[int, Span], ...], ...]


class CannotEmit(Exception):  # noqa: N818  # the instrument is beyond a limit of the machine
    """The program would break a rule of the verifier; only limits can be the reason. `function`: its name, or ""."""

    def __init__(self, unsound: Unsound, function: str) -> None:
        super().__init__(str(unsound))
        self.unsound = unsound
        self.function = function


def emit(contract: t.Contract) -> EmitResult:
    """Return the program of an instrument. Raises CannotEmit, and BeyondLimit as soon as no container can hold it."""
    emitter = _Emitter(contract)
    functions = emitter.functions()
    draft = _program(contract, emitter.tables, tuple(function for function, _ in functions))
    try:
        summaries = summarise(draft)
    except Unsound as unsound:
        name = "" if unsound.function is None else draft.functions[unsound.function].name
        raise CannotEmit(unsound, name) from None
    finished = tuple(
        replace(
            function, reads=summary.reads, writes=summary.writes, announces=summary.announces,
            cost_max=summary.cost_max,
        )
        for function, summary in zip(draft.functions, summaries, strict=True)
    )  # fmt: skip
    return EmitResult(replace(draft, functions=finished), tuple(places for _, places in functions))


_Made: TypeAlias = tuple[p.Function, tuple[tuple[int, Span], ...]]


class _Emitter:
    def __init__(self, contract: t.Contract) -> None:
        self.contract = contract
        self.tables = Tables()
        self._whens: dict[tuple[int, ...], int] = {}
        place = len(contract.rules)
        for path, _ in self._all_exceptions():
            self._whens[path] = place
            place += 2

    def functions(self) -> list[_Made]:
        """Return all functions in their order, each with its places."""
        made = [self._rule(index, rule) for index, rule in enumerate(self.contract.rules)]
        for path, exception in self._all_exceptions():
            rule = self.contract.rules[path[0]]
            made.append(self._when(rule, exception))
            made.append(self._exception(rule, exception, path))
        made.extend(self._procedure(procedure) for procedure in self.contract.procedures)
        return made

    def _all_exceptions(self) -> Iterator[tuple[tuple[int, ...], t.RuleException]]:
        """Yield every exception with its path: the rule's index, then positions among siblings."""
        for index, rule in enumerate(self.contract.rules):
            yield from _under((index,), rule.exceptions)

    # Rules

    def _rule(self, index: int, rule: t.Rule) -> _Made:
        code = Code(self.tables, rule.span, list(rule.locals))
        self._decide(code, rule, (index,), rule.exceptions, lambda: self._own_body(code, rule))
        return self._pure(rule, rule.name, p.FunctionKind.RULE, rule.article, rule.result, code)

    def _own_body(self, code: Code, rule: t.Rule) -> None:
        if rule.guard is not None:
            put_expression(code, rule.guard)
            code.begin_if(rule.result)
        self._fire(code, rule.name, rule.article, rule.body, rule.span)
        if rule.guard is not None:
            code.put("else")
            put_fault(code, Fault.UNDECIDED, rule.result)
            code.put("end")

    def _fire(self, code: Code, name: str, article: int, body: t.Body, span: Span) -> None:
        code.at(span)
        code.put("mark", self.tables.mark(name, article))
        put_statements(code, body.statements)
        assert body.result is not None
        put_expression(code, body.result)

    def _when(self, rule: t.Rule, exception: t.RuleException) -> _Made:
        code = Code(self.tables, exception.span, list(exception.locals))
        code.at(exception.span)
        put_expression(code, exception.when)
        name = f"{rule.name}/{exception.name}/when"
        return self._pure(rule, name, p.FunctionKind.EXCEPTION, exception.article, _TRUTH, code)

    def _exception(self, rule: t.Rule, exception: t.RuleException, path: tuple[int, ...]) -> _Made:
        code = Code(self.tables, exception.span, list(exception.locals))

        def own_body() -> None:
            self._fire(code, exception.name, exception.article, exception.body, exception.span)

        self._decide(code, rule, path, exception.exceptions, own_body)
        name = f"{rule.name}/{exception.name}"
        return self._pure(rule, name, p.FunctionKind.EXCEPTION, exception.article, rule.result, code)

    def _decide(
        self,
        code: Code,
        rule: t.Rule,
        path: tuple[int, ...],
        siblings: tuple[t.RuleException, ...],
        own: Callable[[], None],
    ) -> None:
        """Leave what the one prevailing exception gives, or `own`; several prevailing ones contradict each other."""
        holds, prevails = [[code.scratch(_TRUTH) for _ in siblings] for _ in range(2)]
        for position, slot in enumerate(holds):
            self._call(code, rule, self._whens[(*path, position)])
            code.put("local_set", slot)
        for position, slot in enumerate(prevails):
            put_expression(code, _prevailing(position, siblings, holds))
            code.put("local_set", slot)
        for position, slot in enumerate(prevails):
            code.put("local_get", slot)
            code.begin_if(rule.result)
            rest = prevails[position + 1 :]
            if rest:
                put_expression(code, _any(rest))
                code.begin_if(rule.result)
                put_fault(code, Fault.CONFLICTING_EXCEPTIONS, rule.result)
                code.put("else")
            self._call(code, rule, self._whens[(*path, position)] + 1)
            if rest:
                code.put("end")
            code.put("else")
        own()
        for _ in prevails:
            code.put("end")

    def _call(self, code: Code, rule: t.Rule, function: int) -> None:
        """Call an exception with what the rule was called with."""
        for index in range(len(rule.parameters) + (1 if rule.dated else 0)):
            code.put("local_get", index)
        code.put("call", function)

    def _pure(
        self, rule: t.Rule, name: str, kind: p.FunctionKind, article: int, result: Type, code: Code
    ) -> _Made:
        return _function(
            name=name, kind=kind, article=article, parameters=rule.parameters, dated=rule.dated, result=result,
            permissions=(), code=code,
        )  # fmt: skip

    # Acts, queries, invariants

    def _procedure(self, procedure: t.Procedure) -> _Made:
        code = Code(self.tables, procedure.span, list(procedure.locals))
        code.at(procedure.span)
        put_statements(code, procedure.body.statements)
        if procedure.body.result is not None:
            put_expression(code, procedure.body.result)
        return _function(
            name=procedure.name, kind=procedure.kind, article=procedure.article, parameters=procedure.parameters,
            dated=False, result=procedure.result, permissions=procedure.permissions, code=code,
        )  # fmt: skip


def _under(
    path: tuple[int, ...], exceptions: tuple[t.RuleException, ...]
) -> Iterator[tuple[tuple[int, ...], t.RuleException]]:
    for position, exception in enumerate(exceptions):
        yield (*path, position), exception
        yield from _under((*path, position), exception.exceptions)


def _prevailing(position: int, siblings: tuple[t.RuleException, ...], holds: list[int]) -> t.Expression:
    """It holds, and nothing that holds is said to prevail over it."""
    over = [holds[other] for other, sibling in enumerate(siblings) if position in sibling.over]
    own = t.Local(holds[position], _TRUTH)
    return t.AndAlso(own, t.Not(_any(over), _TRUTH), _TRUTH) if over else own


def _any(slots: list[int]) -> t.Expression:
    value: t.Expression = t.Local(slots[0], _TRUTH)
    for slot in slots[1:]:
        value = t.OrElse(value, t.Local(slot, _TRUTH), _TRUTH)
    return value


def _function(
    *,
    name: str,
    kind: p.FunctionKind,
    article: int,
    parameters: tuple[p.Field, ...],
    dated: bool,
    result: Type | None,
    permissions: tuple[p.Permission, ...],
    code: Code,
) -> _Made:
    """A function whose effects and cost are not known yet."""
    function = p.Function(
        name, kind, article, parameters, tuple(code.locals), dated, result, permissions, (), (), (), 0,
        tuple(code.instructions),
    )  # fmt: skip
    expect_function(function, code.span)
    return function, tuple(code.places)


def _program(contract: t.Contract, tables: Tables, functions: tuple[p.Function, ...]) -> p.Program:
    return p.Program(
        p.PROGRAM_FORMAT, contract.name, contract.version, contract.titles, contract.bases, contract.parties,
        contract.prevailing, contract.effective, contract.expires, contract.review, contract.articles,
        contract.enumerations, contract.records, contract.registers, contract.roles, contract.parameters,
        contract.refusals, contract.events, contract.conditions, contract.notes, tuple(tables.marks),
        contract.calendars, tuple(tables.types), tuple(tables.constants), functions,
    )  # fmt: skip
