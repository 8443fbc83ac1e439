"""Expressions: from what the drafter wrote to typed ones, with every conversion written out.

`infer` finds a type, guided by the one that is expected where there is one (an enumerator, a `none` and an empty list
mean something only there); `need` fits the result to its place. Numbers, dates and collections have rooms of their
own; names and calls are here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, assert_never

from gbalang.ast import nodes as n
from gbalang.ast.printer import print_expression
from gbalang.check import collections, dates, numbers
from gbalang.check import typed as t
from gbalang.check.fit import fit, misfit, unify
from gbalang.check.kinds import ACTOR, CITY, DATE, TIME, TRUTH, is_ordered, joined, loose
from gbalang.check.mistakes import SAID_ELSEWHERE, Mistake, mistake
from gbalang.check.symbols import Enumerator, Module, Symbol, undefined
from gbalang.check.world import KNOWS_ACTOR, READS_LEDGER, Scope
from gbalang.diagnostics.model import Label
from gbalang.isa import program as p
from gbalang.isa.types import Enumeration, Option, Ratio, Record, Text, Truth, Type
from gbalang.isa.values import CITIES
from gbalang.limits import TEXT_CHARACTERS_MAX
from gbalang.source import Span


def need(
    scope: Scope, written: n.Expression, wanted: Type, *, checked: bool = True, label: Label | None = None
) -> t.Expression:
    """Return the expression as one of the wanted type. Raises Mistake."""
    value = infer(scope, written, wanted)
    return fit(scope.world, value, wanted, written.span, checked=checked, label=label)


def truth(scope: Scope, written: n.Expression) -> t.Expression:
    """Return a condition. Raises Mistake (E0324) when it is none."""
    value = infer(scope, written, TRUTH)
    if not isinstance(value.type, Truth):
        raise mistake("E0324", written.span, found=scope.world.show(value.type))
    return value


def infer(scope: Scope, written: n.Expression, expected: Type | None = None) -> t.Expression:
    """Return the typed expression. Its type need not be the expected one. Raises Mistake."""
    match written:
        case n.NumberLiteral() | n.PercentLiteral() | n.MoneyLiteral():
            return numbers.literal(written)
        case n.DateLiteral() | n.TimeLiteral():
            return dates.literal(written)
        case n.TextLiteral() | n.TruthLiteral() | n.NoneLiteral():
            return _literal(scope, written, expected)
        case n.NameReference(name=name):
            return _name(scope, name, expected)
        case n.ContextReference():
            return _circumstance(scope, written)
        case n.Call():
            return _call(scope, written)
        case n.FieldAccess():
            return _access(scope, written, expected)
        case n.Parenthesised(inner=inner):
            return infer(scope, inner, expected)
        case n.Unary() | n.Binary():
            return _operation(scope, written)
        case n.Conditional():
            return _choice(scope, truth(scope, written.condition), written, expected)
        case n.Match():
            return collections.match_expression(scope, written, expected)
        case n.Round():
            return numbers.rounded(scope, written)
        case n.Extreme():
            return numbers.extreme(scope, written)
        case n.DateShift() | n.DateDistance() | n.IsWorkingDay() | n.PartOf():
            return _date(scope, written)
        case n.Presence() | n.ValueOf() | n.SomeValue():
            return _of_option(scope, written, expected)
        case n.Aggregate() | n.ListLiteral() | n.NumbersFrom() | n.ItemOf() | n.RegisterHas() | n.EntriesOf():
            return collections.infer(scope, written, expected)
        case _:
            assert_never(written)


def _literal(
    scope: Scope, written: n.TextLiteral | n.TruthLiteral | n.NoneLiteral, expected: Type | None
) -> t.Expression:
    match written:
        case n.TextLiteral(text=text):
            if len(text) > TEXT_CHARACTERS_MAX:
                raise mistake("E0321", written.span, count=len(text), limit=TEXT_CHARACTERS_MAX)
            return t.Constant(text, Text(len(text)))
        case n.TruthLiteral(value=value):
            return t.Constant(value, TRUTH)
        case n.NoneLiteral():
            if expected is None:
                raise mistake("E0318", written.span)
            if not isinstance(expected, Option):
                raise mistake("E0332", written.span, wanted=scope.world.show(expected))
            return t.MakeNone(Option(loose(expected.item)))
        case _:
            assert_never(written)


def _operation(scope: Scope, written: n.Unary | n.Binary) -> t.Expression:
    if isinstance(written, n.Binary):
        return _binary(scope, written)
    if written.operator == "not":
        return t.Not(truth(scope, written.operand), TRUTH)
    return numbers.negate(scope, written.operand)


def _date(scope: Scope, written: n.DateShift | n.DateDistance | n.IsWorkingDay | n.PartOf) -> t.Expression:
    match written:
        case n.DateShift():
            return dates.shift(scope, written)
        case n.DateDistance():
            return dates.distance(scope, written)
        case n.PartOf():
            return dates.part(scope, written)
        case n.IsWorkingDay():
            calendars = scope.world.calendar_set(written.calendars)
            return t.IsWorking(need(scope, written.day, DATE), calendars, TRUTH)
        case _:
            assert_never(written)


# ---------------------------------------------------------------- names


def _name(scope: Scope, name: n.Name, expected: Type | None) -> t.Expression:
    if name.text in scope.names:
        slot, _ = scope.names[name.text]
        if slot is None:
            raise Mistake(SAID_ELSEWHERE)
        return scope.local(slot)
    if name.text in CITIES:
        return t.Constant(name.text, CITY)
    members = scope.module.enumerators.get(name.text, [])
    for member in members:
        if isinstance(expected, Enumeration) and expected.index == member.enumeration:
            return enumerator(scope, member)
    symbol = scope.module.find(name.text)
    if symbol is not None:
        return _value_of_symbol(scope, symbol, name)
    if len(members) > 1:
        owners = [scope.world.enumerations[member.enumeration].name for member in members]
        places = [Label(member.span, "declared") for member in members]
        raise mistake("E0228", name.span, *places, name=name.text, choices=", ".join(owners), first=owners[0])
    if members:
        return enumerator(scope, members[0])
    missing = undefined(name, "name", scope.module, "values", [*scope.names, *scope.module.enumerators, *CITIES])
    if isinstance(expected, Text) and missing.diagnostic is not None and not missing.diagnostic.fact("nearest"):
        # A text stands in quotes; 「」 are for names.
        raise mistake("E0123", name.span, found=f"「{name.text}」", suggestion=f"“{name.text}”")
    raise missing


def enumerator(scope: Scope, member: Enumerator) -> t.Constant:
    """Return a member of an enumeration as a value."""
    scope.world.used["enumeration", member.enumeration] = None
    return t.Constant(member.position, Enumeration(member.enumeration))


def _value_of_symbol(scope: Scope, symbol: Symbol, name: n.Name) -> t.Expression:
    """Return what a name alone stands for: a parameter's value, or a rule that takes nothing."""
    match symbol.kind:
        case "parameter":
            return _parameter(scope, symbol, name.span)
        case "rule" | "table":
            return _call_rule(scope, symbol, (), None, name)
        case _:
            raise wrong_kind(name, symbol, "value")


def wrong_kind(name: n.Name, symbol: Symbol, wanted: str) -> Mistake:
    """Return the mistake that a name stands for another kind of thing than this place asks for."""
    declared = Label(symbol.span, "declared")
    return mistake("E0205", name.span, declared, name=name.text, found_kind=symbol.kind, wanted_kind=wanted)


def _parameter(scope: Scope, symbol: Symbol, span: Span, day: t.Expression | None = None) -> t.Expression:
    world = scope.world
    world.used["parameter", symbol.index] = None
    type_ = world.parameter_types[symbol.index]
    if type_ is None:
        raise Mistake(SAID_ELSEWHERE)
    at_day = scope.at_day() if day is None else day
    if at_day is None:
        raise mistake("E0323", span, what=symbol.name)
    return t.ParameterValue(symbol.index, at_day, type_)


def _circumstance(scope: Scope, written: n.ContextReference) -> t.Expression:
    allowed = READS_LEDGER if written.what == "today" else KNOWS_ACTOR
    if scope.place not in allowed:
        raise mistake("E0511", written.span, what=written.what, place=scope.place)
    match written.what:
        case "actor":
            return t.Circumstance("actor", ACTOR)
        case "today":
            return t.Circumstance("today", DATE)
        case "now":
            return t.Circumstance("now", TIME)
        case _:
            assert_never(written.what)


def _access(scope: Scope, written: n.FieldAccess, expected: Type | None) -> t.Expression:
    """A field of a record; or Enumeration.member, module.name, module.Enumeration.member."""
    subject = written.subject
    if isinstance(subject, n.FieldAccess) and isinstance(subject.subject, n.NameReference):
        module = _module(scope, subject.subject.name)
        if module is not None:
            return _member(scope, module, subject.name, written.name)
    if isinstance(subject, n.NameReference) and subject.name.text not in scope.names:
        module = _module(scope, subject.name)
        if module is not None:
            return _of_module(scope, module, written.name, expected)
        symbol = scope.module.find(subject.name.text)
        if symbol is not None and symbol.kind == "enumeration":
            return _member(scope, scope.module, subject.name, written.name)
    value = infer(scope, subject)
    return field_of(scope, value, written.name)


def field_of(scope: Scope, value: t.Expression, name: n.Name) -> t.Expression:
    """Return a field of a record's value."""
    shown = scope.world.show(value.type)
    if not isinstance(value.type, Record):
        raise mistake("E0329", name.span, type=shown, field=name.text)
    record = scope.world.records[value.type.index]
    for index, declared in enumerate(record.fields):
        if declared.name == name.text:
            return t.GetField(value, index, declared.type)
    if value.type.index in scope.world.incomplete:
        raise Mistake(SAID_ELSEWHERE)
    close = scope.module.nearest(name.text, [declared.name for declared in record.fields])
    declared_at = Label(scope.world.record_spans[value.type.index], "declared")
    raise mistake("E0222", name.span, declared_at, record=record.name, field=name.text, nearest=close)


def _module(scope: Scope, name: n.Name) -> Module | None:
    return None if name.text in scope.names else scope.module.imports.get(name.text)


def _member(scope: Scope, module: Module, owner: n.Name, name: n.Name) -> t.Expression:
    symbol = module.find(owner.text)
    if symbol is None:
        raise undefined(owner, "enumeration", module, "values")
    if symbol.kind != "enumeration":
        raise wrong_kind(owner, symbol, "enumeration")
    for member in module.enumerators.get(name.text, []):
        if member.enumeration == symbol.index:
            return enumerator(scope, member)
    close = scope.module.nearest(name.text, scope.world.enumerations[symbol.index].members)
    raise mistake("E0201", name.span, Label(symbol.span, "declared"), name=name.text, kind="enumerator", nearest=close)


def _of_module(scope: Scope, module: Module, name: n.Name, expected: Type | None) -> t.Expression:
    members = module.enumerators.get(name.text, [])
    for member in members:
        if (isinstance(expected, Enumeration) and expected.index == member.enumeration) or len(members) == 1:
            return enumerator(scope, member)
    symbol = module.find(name.text)
    if symbol is None:
        raise undefined(name, "name", module, "values", module.enumerators)
    return _value_of_symbol(scope, symbol, name)


# ---------------------------------------------------------------- calls


def _call(scope: Scope, written: n.Call) -> t.Expression:
    module = scope.module
    if written.module is not None:
        found = _module(scope, written.module)
        if found is None:
            raise undefined(written.module, "module", scope.module, "values", scope.module.imports)
        module = found
    symbol = module.find(written.name.text)
    if symbol is None:
        raise undefined(written.name, "rule", module, "values")
    day = None if written.as_of is None else need(scope, written.as_of, DATE)
    match symbol.kind:
        case "rule" | "table":
            return _call_rule(scope, symbol, _unnamed(written, symbol), day, written.name)
        case "record":
            return _build_record(scope, symbol, written)
        case "register":
            arguments = _unnamed(written, symbol)
            register, keys = collections.register_keys(scope, written.name, arguments, written.span)
            return t.RegisterGet(register, keys, Record(scope.world.registers[register].record))
        case "local parameter":
            return _local_parameter(scope, symbol, written, day)
        case "parameter" if not written.arguments:
            return _parameter(scope, symbol, written.span, day)
        case _:
            raise wrong_kind(written.name, symbol, "rule")


def _unnamed(written: n.Call, symbol: Symbol) -> tuple[n.Expression, ...]:
    if any(argument.name is not None for argument in written.arguments):
        raise wrong_kind(written.name, symbol, "record")
    return tuple(argument.value for argument in written.arguments)


def _call_rule(
    scope: Scope, symbol: Symbol, arguments: tuple[n.Expression, ...], day: t.Expression | None, name: n.Name
) -> t.Expression:
    if scope.place == "constant":
        raise mistake("E0323", name.span, what=symbol.name)
    scope.world.used["rule", symbol.index] = None
    signature = scope.world.signatures[symbol.index]
    if signature is None:
        raise Mistake(SAID_ELSEWHERE)
    values = call_arguments(scope, name, signature.parameters, arguments, signature.span)
    if not signature.checked:
        raise Mistake(SAID_ELSEWHERE)
    if not signature.dated:
        return t.CallRule(symbol.index, values, None, signature.result)
    at_day = scope.at_day() if day is None else day
    if at_day is None:
        raise mistake("E0323", name.span, what=symbol.name)
    return t.CallRule(symbol.index, values, at_day, signature.result)


def call_arguments(
    scope: Scope, name: n.Name, parameters: tuple[p.Field, ...], arguments: tuple[n.Expression, ...], declared: Span
) -> tuple[t.Expression, ...]:
    """Return the arguments fitted to the parameters. Raises Mistake (E0220 when their number differs)."""
    label = Label(declared, "declared")
    if len(parameters) != len(arguments):
        raise mistake("E0220", name.span, label, name=name.text, wanted=len(parameters), found=len(arguments))
    return tuple(
        need(scope, argument, parameter.type, label=label)
        for parameter, argument in zip(parameters, arguments, strict=True)
    )


def _build_record(scope: Scope, symbol: Symbol, written: n.Call) -> t.Expression:
    record = scope.world.records[symbol.index]
    declared = Label(symbol.span, "declared")
    given: dict[str, n.Argument] = {}
    for argument in written.arguments:
        if argument.name is None:
            _expect_no_equals_sign(argument.value, record)
            raise mistake("E0220", argument.value.span, declared, name=record.name, wanted=len(record.fields),
                          found=len(written.arguments))  # fmt: skip
        name = argument.name
        if name.text in given:
            first = given[name.text].name
            assert first is not None
            raise mistake("E0223", name.span, Label(first.span, "first"), field=name.text)
        if name.text not in [part.name for part in record.fields]:
            if symbol.index in scope.world.incomplete:
                raise Mistake(SAID_ELSEWHERE)
            close = scope.module.nearest(name.text, [part.name for part in record.fields])
            raise mistake("E0222", name.span, declared, record=record.name, field=name.text, nearest=close)
        given[name.text] = argument
    values = []
    for part in record.fields:
        if part.name not in given:
            raise mistake("E0221", written.name.span, declared, record=record.name, field=part.name)
        place = Label(scope.world.field_spans[symbol.index, part.name], "declared")
        values.append(need(scope, given[part.name].value, part.type, checked=False, label=place))
    return t.BuildRecord(tuple(values), Record(symbol.index))


def _expect_no_equals_sign(written: n.Expression, record: p.Record) -> None:
    """`status = requested` among the fields of a record is no comparison. Raises Mistake (E0230)."""
    if isinstance(written, n.Binary) and written.operator == "=" and isinstance(written.left, n.NameReference):
        name = written.left.name.text
        if name in [part.name for part in record.fields]:
            raise mistake("E0230", written.operator_span, field=name)


def _local_parameter(scope: Scope, symbol: Symbol, written: n.Call, day: t.Expression | None) -> t.Expression:
    world = scope.world
    world.used["parameter", symbol.index] = None
    if scope.place not in READS_LEDGER:
        raise mistake("E0518", written.span, name=symbol.name)
    type_ = world.parameter_types[symbol.index]
    if type_ is None:
        raise Mistake(SAID_ELSEWHERE)
    arguments = _unnamed(written, symbol)
    if len(arguments) != 1:
        declared = Label(symbol.span, "declared")
        raise mistake("E0220", written.span, declared, name=symbol.name, wanted=1, found=len(arguments))
    city = need(scope, arguments[0], CITY)
    at_day = scope.at_day() if day is None else day
    assert at_day is not None
    return t.LocalParameterValue(symbol.index, city, at_day, type_)


# ---------------------------------------------------------------- logic and comparison

_LOGICAL = ("and", "or")
_COMPARING = ("=", "<>", "<", "<=", ">", ">=")


def _binary(scope: Scope, written: n.Binary) -> t.Expression:
    operator = written.operator
    if operator in _LOGICAL:
        report_mixing(written, scope.module.document.language)
        left, right = truth(scope, written.left), truth(scope, written.right)
        return t.AndAlso(left, right, TRUTH) if operator == "and" else t.OrElse(left, right, TRUTH)
    if operator in _COMPARING:
        return compare(scope, written)
    if operator == "in":
        return collections.contains(scope, written)
    if operator == "not in":
        return t.Not(collections.contains(scope, written), TRUTH)
    return numbers.arithmetic(scope, written)


def report_mixing(written: n.Binary, language: n.Language) -> None:
    """`and` beside `or` needs parentheses: readers of law disagree on which binds first. Raises Mistake (E0305)."""
    for operand in (written.left, written.right):
        if isinstance(operand, n.Binary) and operand.operator in _LOGICAL and operand.operator != written.operator:
            first, second = (print_expression(each, language) for each in _readings(written, operand))
            label = Label(operand.operator_span, "other_operator")
            raise mistake("E0305", written.operator_span, label, first=first, second=second)


def _readings(written: n.Binary, operand: n.Binary) -> tuple[n.Expression, n.Expression]:
    """Return the two ways in which `a and b or c` can be read, with their parentheses."""
    if operand is written.left:
        parts = (operand.left, operand, operand.right, written, written.right)
    else:
        parts = (written.left, written, operand.left, operand, operand.right)
    first, inner, middle, outer, last = parts
    left, right = _joined(inner, first, middle), _joined(outer, middle, last)
    return _joined(outer, _grouped(left), last), _joined(inner, first, _grouped(right))


def _joined(like: n.Binary, left: n.Expression, right: n.Expression) -> n.Binary:
    return replace(like, left=left, right=right)


def _grouped(inner: n.Expression) -> n.Expression:
    return n.Parenthesised(inner, inner.span)


def operands(scope: Scope, written: n.Binary) -> tuple[t.Expression, t.Expression]:
    """Return both sides of a comparison; the side whose type speaks for itself guides the other."""
    if _says_little(scope, written.left) and not _says_little(scope, written.right):
        right = infer(scope, written.right)
        return infer(scope, written.left, right.type), right
    left = infer(scope, written.left)
    return left, infer(scope, written.right, left.type)


def _says_little(scope: Scope, written: n.Expression) -> bool:
    """Whether an expression means something only beside another: an enumerator, none, a list of such."""
    match written:
        case n.NameReference(name=name):
            return name.text not in scope.names and name.text in scope.module.enumerators
        case n.NoneLiteral() | n.SomeValue() | n.ListLiteral():
            return True
        case n.Parenthesised(inner=inner):
            return _says_little(scope, inner)
        case _:
            return False


def compare(scope: Scope, written: n.Binary, *, noted: bool = False) -> t.Expression:
    """Return a comparison. `noted`: what is weighed is kept among the reasons."""
    left, right = operands(scope, written)
    if noted:
        left, right = note(scope, written.left, left), note(scope, written.right, right)
    return compare_values(scope, left, right, written)


def note(scope: Scope, written: n.Expression, value: t.Expression) -> t.Expression:
    """Return the value, kept among the reasons under the words that stand for it."""
    inner = written
    while isinstance(inner, n.Parenthesised):
        inner = inner.inner
    return scope.world.note(print_expression(inner), value)


def compare_values(scope: Scope, left: t.Expression, right: t.Expression, written: n.Binary) -> t.Expression:
    """Return the comparison of two values, by the operator written."""
    first, second = unify(scope.world, left, right, written.span)
    ratio = is_ratio(first)
    match written.operator:
        case "=":
            return t.Compare("equal", first, second, ratio, TRUTH)
        case "<>":
            return t.Not(t.Compare("equal", first, second, ratio, TRUTH), TRUTH)
        case "<" | "<=" | ">" | ">=":
            if not is_ordered(first.type):
                raise mistake("E0307", written.operator_span, type=scope.world.show(first.type))
            # a > b is not (a <= b), so the sides are still reckoned from left to right
            kind: Literal["less", "less_or_equal"] = "less" if written.operator in {"<", ">="} else "less_or_equal"
            comparison = t.Compare(kind, first, second, ratio, TRUTH)
            return comparison if written.operator in {"<", "<="} else t.Not(comparison, TRUTH)
        case _:
            raise misfit(scope.world, left.type, TRUTH, written.span)


def is_ratio(value: t.Expression) -> bool:
    """Whether a value is an exact ratio."""
    return isinstance(value.type, Ratio)


def _choice(
    scope: Scope, condition: t.Expression, written: n.Conditional, expected: Type | None
) -> t.Expression:
    then = infer(scope, written.then, expected)
    otherwise = infer(scope, written.otherwise, expected if expected is not None else then.type)
    return choose(scope, condition, then, otherwise, written.otherwise.span)


def choose(
    scope: Scope, condition: t.Expression, then: t.Expression, otherwise: t.Expression, span: Span
) -> t.Expression:
    """Return a choice between two values, made of one type."""
    first, second = unify(scope.world, then, otherwise, span)
    return t.IfElse(condition, first, second, joined(loose(first.type), loose(second.type)))


# ---------------------------------------------------------------- options


def _option(scope: Scope, written: n.Expression) -> t.Expression:
    value = infer(scope, written)
    if not isinstance(value.type, Option):
        raise mistake("E0301", written.span, wanted=f"optional {scope.world.show(value.type)}",
                      found=scope.world.show(value.type))  # fmt: skip
    return value


def _of_option(scope: Scope, written: n.Presence | n.ValueOf | n.SomeValue, expected: Type | None) -> t.Expression:
    match written:
        case n.Presence():
            present = t.IsPresent(_option(scope, written.subject), TRUTH)
            return present if written.present else t.Not(present, TRUTH)
        case n.SomeValue(value=inner):
            content = infer(scope, inner, expected.item if isinstance(expected, Option) else None)
            return t.MakeSome(content, Option(loose(content.type)))
        case n.ValueOf():
            return _value_of(scope, written)
        case _:
            assert_never(written)


def _value_of(scope: Scope, written: n.ValueOf) -> t.Expression:
    option = _option(scope, written.subject)
    assert isinstance(option.type, Option)
    item = option.type.item
    if written.default is None:
        return t.Unwrap(option, item)
    slot = scope.slot(option.type)
    held = scope.local(slot)
    default = infer(scope, written.default, item)
    chosen = choose(scope, t.IsPresent(held, TRUTH), t.Unwrap(held, item), default, written.default.span)
    return t.Bind(slot, option, chosen, chosen.type)
