"""Statements of acts and queries, and the bodies of rules: lets, then what is given."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from gbalang.ast import nodes as n
from gbalang.ast.printer import print_expression
from gbalang.check import collections
from gbalang.check import expressions as e
from gbalang.check import typed as t
from gbalang.check.kinds import TRUTH
from gbalang.check.mistakes import SAID_ELSEWHERE, Mistake, mistake
from gbalang.check.symbols import Module, undefined
from gbalang.check.world import Scope
from gbalang.diagnostics.model import Label
from gbalang.isa import program as p
from gbalang.isa.types import Record, Type
from gbalang.source import Span

_ONLY_IN_ACTS = {
    n.Enter: "enter",
    n.Amend: "amend",
    n.Remove: "remove",
    n.Announce: "announce",
    n.IfStatement: "if",
    n.ForEach: "for each",
    n.MatchStatement: "match",
    n.Refuse: "refuse",
}


def act_body(scope: Scope, written: tuple[n.Statement, ...]) -> t.Body:
    """Return the statements of an act; mistakes are recorded one by one."""
    return t.Body(tuple(block(scope, written)), None)


def giving_body(
    scope: Scope, written: tuple[n.Statement, ...], result: Type, name: n.Name, declared: Span
) -> t.Body | None:
    """Return the body of a rule or query: lets (in queries also requires), then a value. None after a mistake.

    `declared`: where the type of the value is declared.
    """
    findings = scope.world.findings
    before = findings.errors
    statements: list[t.Statement] = []
    given: t.Expression | None = None
    for position, statement in enumerate(written):
        if isinstance(statement, n.Give):
            with findings.attempt():
                given = e.need(scope, statement.value, result, label=Label(declared, "declared"))
            if position + 1 < len(written):
                late = written[position + 1]
                findings.add("E0510", late.span, statement=word_of(late), place="after give")
            break
        if isinstance(statement, n.Let) or (isinstance(statement, n.Require) and scope.place == "query"):
            statements.extend(one(scope, statement))
        else:
            findings.add("E0510", statement.span, statement=word_of(statement), place=scope.place)
    else:
        findings.add("E0412", name.span, rule=name.text)
    if given is None or findings.errors > before:
        return None
    return t.Body(tuple(statements), given)


def word_of(statement: n.Statement) -> str:
    """Return the English keyword of a statement."""
    match statement:
        case n.Let():
            return "let"
        case n.Require():
            return "require"
        case n.Give():
            return "give"
        case _:
            return _ONLY_IN_ACTS[type(statement)]


def block(scope: Scope, written: tuple[n.Statement, ...]) -> list[t.Statement]:
    """Return statements in a row. What they name is in sight up to the end of the row."""
    findings = scope.world.findings
    before = dict(scope.names)
    statements: list[t.Statement] = []
    for position, statement in enumerate(written):
        statements.extend(one(scope, statement))
        if isinstance(statement, n.Refuse) and position + 1 < len(written):
            findings.add("E0413", written[position + 1].span)
            break
    scope.names = before
    return statements


def one(scope: Scope, written: n.Statement) -> list[t.Statement]:
    """Return what a statement has become: nothing after a mistake in it, which is recorded."""
    try:
        return _match(scope, written) if isinstance(written, n.MatchStatement) else [_statement(scope, written)]
    except Mistake as found:
        scope.world.findings.record(found)
        if isinstance(written, n.Let):
            scope.names.setdefault(written.name.text, (None, written.name.span))
        return []


_Single: TypeAlias = (
    n.Let | n.Require | n.Refuse | n.Enter | n.Amend | n.Remove | n.Announce | n.IfStatement | n.ForEach | n.Give
)


def _statement(scope: Scope, written: _Single) -> t.Statement:
    world = scope.world
    match written:
        case n.Let():
            value = e.infer(scope, written.value)
            slot = scope.slot(value.type)
            collections.declare_local(scope, written.name, slot)
            return t.SetLocal(slot, value, written.span)
        case n.Require():
            refusal = find_refusal(scope, written.refusal)
            condition = p.Condition(print_expression(written.condition), refusal, scope.article)
            world.conditions.append(condition)
            return t.Require(len(world.conditions) - 1, noted_condition(scope, written.condition), written.span)
        case n.Refuse():
            return t.Refuse(find_refusal(scope, written.refusal), written.span)
        case n.Enter():
            register = collections.find_register(scope, written.register)
            world.used["written", register] = None
            record = Record(world.registers[register].record)
            return t.Enter(register, e.need(scope, written.value, record), written.span)
        case n.Amend():
            return _amend(scope, written)
        case n.Remove():
            register, keys = collections.register_keys(scope, written.register, written.keys, written.span)
            world.used["written", register] = None
            return t.Remove(register, keys, written.span)
        case n.Announce():
            return _announce(scope, written)
        case n.IfStatement():
            return _if(scope, written)
        case n.ForEach():
            return _for_each(scope, written)
        case n.Give():
            raise mistake("E0510", written.span, statement="give", place=scope.place)
        case _:
            assert_never(written)


def find_refusal(scope: Scope, name: n.Name) -> int:
    """Return the ground of refusal of that name, which is used here. Raises Mistake (E0505)."""
    index = expect_refusal(scope.module, name)
    scope.world.used["refusal", index] = None
    return index


def expect_refusal(module: Module, name: n.Name) -> int:
    """Return the ground of refusal of that name. Raises Mistake (E0505)."""
    symbol = module.find(name.text, "refusals")
    if symbol is None:
        close = module.nearest(name.text, module.names("refusals"))
        raise mistake("E0505", name.span, name=name.text, nearest=close)
    return symbol.index


def noted_condition(scope: Scope, written: n.Expression) -> t.Expression:
    """Return a condition in which each thing weighed is kept among the reasons, so that a refusal explains itself."""
    match written:
        case n.Parenthesised(inner=inner):
            return noted_condition(scope, inner)
        case n.Unary(operator="not", operand=operand):
            return t.Not(noted_condition(scope, operand), TRUTH)
        case n.Binary(operator="and"):
            e.report_mixing(written, scope.module.document.language)
            return t.AndAlso(noted_condition(scope, written.left), noted_condition(scope, written.right), TRUTH)
        case n.Binary(operator="or"):
            e.report_mixing(written, scope.module.document.language)
            return t.OrElse(noted_condition(scope, written.left), noted_condition(scope, written.right), TRUTH)
        case n.Binary(operator="=" | "<>" | "<" | "<=" | ">" | ">="):
            return e.compare(scope, written, noted=True)
        case n.Call(arguments=arguments):
            condition = e.truth(scope, written)
            if isinstance(condition, t.CallRule):
                noted = tuple(
                    e.note(scope, argument.value, value)
                    for argument, value in zip(arguments, condition.arguments, strict=True)
                )
                return t.CallRule(condition.rule, noted, condition.day, condition.type)
            return condition
        case _:
            return e.truth(scope, written)


def _amend(scope: Scope, written: n.Amend) -> t.Statement:
    world = scope.world
    index, keys = collections.register_keys(scope, written.register, written.keys, written.span)
    world.used["written", index] = None
    register = world.registers[index]
    record = world.records[register.record]
    declared = Label(world.record_spans[register.record], "declared")
    changes: dict[int, t.Expression] = {}
    first: dict[int, Span] = {}
    for change in written.changes:
        names = [part.name for part in record.fields]
        if change.name.text not in names:
            if register.record in world.incomplete:
                raise Mistake(SAID_ELSEWHERE)
            close = scope.module.nearest(change.name.text, names)
            facts = {"record": record.name, "field": change.name.text, "nearest": close}
            raise mistake("E0222", change.name.span, declared, **facts)
        place = names.index(change.name.text)
        if place in register.keys:
            raise mistake("E0508", change.name.span, Label(written.register.span, "register"), field=change.name.text)
        if place in changes:
            raise mistake("E0223", change.name.span, Label(first[place], "first"), field=change.name.text)
        first[place] = change.name.span
        asked = Label(world.field_spans.get((register.record, change.name.text), declared.span), "declared")
        changes[place] = e.need(scope, change.value, record.fields[place].type, checked=False, label=asked)
    return t.Amend(index, keys, tuple(changes.items()), written.span)


def _announce(scope: Scope, written: n.Announce) -> t.Statement:
    symbol = scope.module.find(written.event.text, "events")
    if symbol is None:
        raise undefined(written.event, "event", scope.module, "events")
    scope.world.used["event", symbol.index] = None
    fields = scope.world.events[symbol.index].fields
    arguments = e.call_arguments(scope, written.event, fields, written.arguments, symbol.span)
    return t.Announce(symbol.index, arguments, written.span)


def _if(scope: Scope, written: n.IfStatement) -> t.Statement:
    branches = [
        (e.truth(scope, condition), tuple(block(scope, body)), condition.span) for condition, body in written.branches
    ]
    otherwise = () if written.otherwise is None else tuple(block(scope, written.otherwise))
    for condition, body, span in reversed(branches):
        otherwise = (t.If(condition, body, otherwise, span),)
    chain = otherwise[0]
    assert isinstance(chain, t.If)
    return chain


def _for_each(scope: Scope, written: n.ForEach) -> t.Statement:
    value, type_ = collections.subject(scope, written.subject)
    slot = scope.slot(type_.item)
    before = dict(scope.names)
    collections.declare_local(scope, written.variable, slot)
    body = tuple(block(scope, written.body))
    scope.names = before
    return t.ForEach(slot, value, body, written.span)


def _match(scope: Scope, written: n.MatchStatement) -> list[t.Statement]:
    held = collections.case_subject(scope, written.subject)
    slot = scope.slot(held.type)
    patterns = [case.patterns for case in written.cases]
    tests = collections.case_tests(
        scope, scope.local(slot), patterns, has_otherwise=written.otherwise is not None, span=written.span
    )
    bodies = [tuple(block(scope, case.body)) for case in written.cases]
    spans = [case.span for case in written.cases]
    # Without an otherwise the cases are complete, so the last one needs no test.
    otherwise = bodies.pop() if written.otherwise is None else tuple(block(scope, written.otherwise))
    for test, body, span in reversed(list(zip(tests, bodies, spans, strict=False))):
        otherwise = (t.If(test, body, otherwise, span),)
    return [t.SetLocal(slot, held, written.span), *otherwise]
