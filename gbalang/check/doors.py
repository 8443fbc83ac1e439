"""Acts, queries and invariants: what may be done and asked from outside, and by whom."""

from __future__ import annotations

from gbalang.ast import nodes as n
from gbalang.ast.keywords import LANGUAGES
from gbalang.ast.walk import descend
from gbalang.check import collections
from gbalang.check import expressions as e
from gbalang.check import typed as t
from gbalang.check.declare import SETTER_PREFIX, article_number, declarations, fields_of
from gbalang.check.kinds import ACTOR, CITY, DATE, TRUTH
from gbalang.check.mistakes import mistake
from gbalang.check.statements import act_body, giving_body
from gbalang.check.symbols import Module
from gbalang.check.types import resolve
from gbalang.check.world import Place, Scope, World
from gbalang.diagnostics.model import Label
from gbalang.isa import program as p
from gbalang.isa.types import Record
from gbalang.isa.values import CITIES
from gbalang.source import Span

ANY_CITY = "any city"
"""The role of whoever sets a city's own value of a parameter: the city itself."""

_BACKDATED = (
    "A city's own value does not begin before the day on which it is set.",
    "城市自訂之值不得早於訂定當日起生效。",
    "城市自订之值不得早于订定当日起生效。",
    "O valor próprio de uma cidade não começa antes do dia em que é fixado.",
)


def check_doors(world: World) -> tuple[t.Procedure, ...]:
    """Return the acts, queries and invariants of the instrument itself, in the order declared."""
    found: list[t.Procedure] = []
    module = world.main
    for article, declaration in declarations(module):
        before = world.findings.errors
        procedure: t.Procedure | None = None
        with world.findings.within(article.label), world.findings.attempt():
            number = article_number(world, module, article.label)
            match declaration:
                case n.ActDeclaration():
                    procedure = _act(world, module, declaration, number)
                case n.QueryDeclaration():
                    procedure = _query(world, module, declaration, number)
                case n.InvariantDeclaration():
                    procedure = _invariant(world, module, declaration, number)
                case n.ParameterDeclaration() if declaration.bounds is not None:
                    procedure = _setter(world, module, declaration, number)
                case _:
                    continue
        if procedure is not None and world.findings.errors == before:
            found.append(procedure)
    return tuple(found)


def _scope(
    world: World, module: Module, place: Place, article: int, written: tuple[n.FieldDeclaration, ...]
) -> tuple[Scope, tuple[p.Field, ...]]:
    fields = fields_of(world, module, written)
    scope = Scope(world, module, place, article, t.Circumstance("today", DATE))
    for field, declared in zip(fields, written, strict=False):
        collections.declare_local(scope, declared.name, scope.slot(field.type))
    return scope, fields


def _act(world: World, module: Module, written: n.ActDeclaration, article: int) -> t.Procedure:
    scope, fields = _scope(world, module, "act", article, written.parameters)
    permissions: tuple[p.Permission, ...] = ()
    with world.findings.attempt():
        permissions = _permissions(world, module, written.by, fields, act=written.name)
    body = act_body(scope, written.body)
    if not _changes_something(written):
        world.findings.add("E0520", written.name.span, act=written.name.text)
    return t.Procedure(
        written.name.text, p.FunctionKind.ACT, article, fields, permissions, tuple(scope.slots), body, None,
        written.name.span,
    )  # fmt: skip


def _changes_something(written: n.ActDeclaration) -> bool:
    return any(isinstance(node, n.Enter | n.Amend | n.Remove | n.Announce) for node in descend(written.body))


def _query(world: World, module: Module, written: n.QueryDeclaration, article: int) -> t.Procedure | None:
    scope, fields = _scope(world, module, "query", article, written.parameters)
    permissions: tuple[p.Permission, ...] = ()
    with world.findings.attempt():
        permissions = _permissions(world, module, written.by, fields, act=None)
    result = resolve(world, module, written.result)
    body = giving_body(scope, written.body, result, written.name, written.result.span)
    if body is None:
        return None
    return t.Procedure(
        written.name.text, p.FunctionKind.QUERY, article, fields, permissions, tuple(scope.slots), body, result,
        written.name.span,
    )  # fmt: skip


def _invariant(world: World, module: Module, written: n.InvariantDeclaration, article: int) -> t.Procedure:
    scope, _ = _scope(world, module, "invariant", article, ())
    condition = e.truth(scope, written.condition)
    if not _names_a_register(module, written.condition):
        world.findings.add("E0519", written.name.span, name=written.name.text)
    return t.Procedure(
        written.name.text, p.FunctionKind.INVARIANT, article, (), (), tuple(scope.slots), t.Body((), condition), TRUTH,
        written.name.span,
    )  # fmt: skip


def _names_a_register(module: Module, written: n.Expression) -> bool:
    for node in descend(written):
        name = None
        match node:
            case n.EntriesOf(register=found) | n.RegisterHas(register=found) | n.Call(name=found):
                name = found
            case _:
                continue
        symbol = module.find(name.text)
        if symbol is not None and symbol.kind in {"register", "local parameter"}:
            return True
    return False


# ---------------------------------------------------------------- who may


def _permissions(
    world: World, module: Module, written: tuple[n.Who, ...], fields: tuple[p.Field, ...], act: n.Name | None
) -> tuple[p.Permission, ...]:
    found = [_permission(world, module, who, fields, act) for who in written]
    return tuple(dict.fromkeys(found))


def _permission(
    world: World, module: Module, who: n.Who, fields: tuple[p.Field, ...], act: n.Name | None
) -> p.Permission:
    if who.role is None:
        if act is not None:
            raise mistake("E0503", who.span, act=act.text)
        return p.Permission(None)
    symbol = module.find(who.role.text, "roles")
    if symbol is None:
        close = module.nearest(who.role.text, module.names("roles"))
        raise mistake("E0502", who.role.span, name=who.role.text, nearest=close)
    world.used["role", symbol.index] = None
    if who.of is None:
        return p.Permission(symbol.index)
    for place, field in enumerate(fields):
        if field.name == who.of.text:
            if field.type != CITY:
                raise mistake("E0504", who.of.span, name=who.of.text)
            return p.Permission(symbol.index, city_parameter=place)
    if who.of.text in CITIES:
        return p.Permission(symbol.index, city=who.of.text)
    raise mistake("E0504", who.of.span, name=who.of.text)


# ---------------------------------------------------------------- parameters that a city sets for itself


def _setter(world: World, module: Module, written: n.ParameterDeclaration, article: int) -> t.Procedure | None:
    """The act `set_NAME(value, from)`: a city enters its own value, within the bounds, from today or later."""
    symbol = module.find(written.name.text)
    if symbol is None or symbol.span != written.name.span:
        return None
    name = SETTER_PREFIX + symbol.name
    taken = module.find(name, "doors")
    if taken is not None:
        raise mistake("E0202", taken.span, Label(symbol.span, "first"), name=name)
    parameter, type_ = world.parameters[symbol.index], world.parameter_types[symbol.index]
    if parameter is None or parameter.register is None or type_ is None:
        return None
    register = parameter.register
    world.used["written", register] = None
    value, start = t.Local(0, type_), t.Local(1, DATE)
    own_city = t.CityOf(t.Circumstance("actor", ACTOR), CITY)
    record = Record(world.registers[register].record)
    amend = t.Amend(register, (own_city, start), ((2, value),), symbol.span)
    enter = t.Enter(register, t.BuildRecord((own_city, start, value), record), symbol.span)
    statements: tuple[t.Statement, ...] = (
        _not_backdated(world, symbol.name, start, article, symbol.span),
        t.If(t.RegisterHas(register, (own_city, start), TRUTH), (amend,), (enter,), symbol.span),
    )
    fields = (p.Field("value", type_), p.Field("from", DATE))
    permissions = (p.Permission(_any_city(world, article)),)
    return t.Procedure(
        name, p.FunctionKind.ACT, article, fields, permissions, (type_, DATE), t.Body(statements, None), None,
        symbol.span,
    )  # fmt: skip


def _not_backdated(world: World, name: str, start: t.Local, article: int, span: Span) -> t.Require:
    texts = tuple(zip(LANGUAGES, _BACKDATED, strict=True))
    world.refusals.append(p.Refusal(f"{name} backdated", texts, article))
    refusal = len(world.refusals) - 1
    world.used["refusal", refusal] = None
    world.conditions.append(p.Condition("today <= from", refusal, article))
    today = t.Circumstance("today", DATE)
    condition = t.Compare("less_or_equal", today, start, ratio=False, type=TRUTH)
    return t.Require(len(world.conditions) - 1, condition, span)


def _any_city(world: World, article: int) -> int:
    for place, role in enumerate(world.roles):
        if role.name == ANY_CITY:
            return place
    world.roles.append(p.Role(ANY_CITY, open=True, kinds=("city",), article=article))
    world.used["role", len(world.roles) - 1] = None
    return len(world.roles) - 1
