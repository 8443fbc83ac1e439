"""Statements: each leaves nothing on the stack."""

from __future__ import annotations

from typing import assert_never

from gbalang.check import typed as t
from gbalang.emit.assembly import Code
from gbalang.emit.expressions import put_expression


def put_statements(code: Code, statements: tuple[t.Statement, ...]) -> None:
    """Append statements in their order."""
    for statement in statements:
        code.at(statement.span)
        _put(code, statement)


def _put(code: Code, statement: t.Statement) -> None:
    match statement:
        case t.SetLocal():
            put_expression(code, statement.value)
            code.put("local_set", statement.index)
        case t.Require():
            put_expression(code, statement.value)
            code.put("require", statement.condition)
        case t.Refuse():
            code.put("refuse", statement.refusal)
        case t.Enter():
            put_expression(code, statement.value)
            code.put("enter", statement.register)
        case t.Amend():
            _put_amend(code, statement)
        case t.Remove():
            _put_all(code, statement.keys)
            code.put("remove", statement.register)
        case t.Announce():
            _put_all(code, statement.arguments)
            code.put("announce", statement.event)
        case t.If():
            _put_if(code, statement)
        case t.ForEach():
            put_expression(code, statement.subject)
            code.put("each", statement.item)
            put_statements(code, statement.body)
            code.put("end")
        case _:
            assert_never(statement)


def _put_all(code: Code, values: tuple[t.Expression, ...]) -> None:
    for value in values:
        put_expression(code, value)


def _put_amend(code: Code, statement: t.Amend) -> None:
    """The entry is read, changed field by field, and put back under its key."""
    _put_all(code, statement.keys)
    code.put("get", statement.register)
    for field, value in statement.changes:
        put_expression(code, value)
        code.put("with_field", field)
    code.put("amend", statement.register)


def _put_if(code: Code, statement: t.If) -> None:
    put_expression(code, statement.condition)
    code.begin_if(None)
    put_statements(code, statement.then)
    if statement.otherwise:
        code.put("else")
        put_statements(code, statement.otherwise)
    code.put("end")
