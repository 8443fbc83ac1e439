"""Types as written, resolved; and values that must be known before anything runs."""

from __future__ import annotations

from typing import assert_never

from gbalang.ast import nodes as n
from gbalang.ast.keywords import CURRENCIES, LANGUAGES, TYPES
from gbalang.check import expressions as e
from gbalang.check import typed as t
from gbalang.check.collections import within_limit
from gbalang.check.fit import fit, plain_number
from gbalang.check.kinds import DATE, ORDINARY_BOUND, PERCENT_PLACES, TIME, TRUTH
from gbalang.check.mistakes import Mistake, mistake
from gbalang.check.symbols import Module, undefined
from gbalang.check.world import Scope, World
from gbalang.diagnostics.model import Label
from gbalang.isa.types import (
    Enumeration,
    List,
    Number,
    Option,
    Record,
    Reference,
    Set,
    Text,
    Type,
    Value,
)
from gbalang.limits import SCALE_MAX, TEXT_CHARACTERS_MAX, TYPE_NESTING_MAX
from gbalang.source import Span

_OTHER_WORDS = {
    "integer": "Int", "number": "Int", "boolean": "Bool", "logical": "Bool", "string": "Text", "datetime": "Time",
    "percentage": "Percent", "amount": "Money", "organization": "Organisation", "company": "Organisation",
    "office": "Department", "user": "Person", "day": "Date",
}  # fmt: skip
"""What people call the types elsewhere."""
_REFERENCES = ("City", "Person", "Organisation", "Department", "Actor")


def resolve(world: World, module: Module, written: n.TypeExpression, nesting: int = 0) -> Type:
    """Return the type written. Raises Mistake."""
    if nesting > TYPE_NESTING_MAX:
        raise mistake("E0225", written.span, what="nested types", count=nesting, limit=TYPE_NESTING_MAX)
    match written:
        case n.SimpleType():
            return _simple(world, module, written)
        case n.NamedType():
            return _named(module, written)
        case n.CollectionType():
            item = resolve(world, module, written.item, nesting + 1)
            limit = within_limit(written.limit, written.span)
            return List(item, limit) if written.kind == "list" else Set(item, limit)
        case n.OptionalType():
            return Option(resolve(world, module, written.item, nesting + 1))
        case _:
            assert_never(written)


def _simple(world: World, module: Module, written: n.SimpleType) -> Type:
    match written.builtin:
        case "Bool":
            return TRUTH
        case "Date":
            return DATE
        case "Time":
            return TIME
        case "Text":
            limit = written.size or 0
            if not 1 <= limit <= TEXT_CHARACTERS_MAX:
                raise mistake("E0225", written.span, what="characters", count=limit, limit=TEXT_CHARACTERS_MAX)
            return Text(limit)
        case "Int":
            return _ranged(world, module, written, Number(0))
        case "Percent":
            return _ranged(world, module, written, Number(PERCENT_PLACES, "%"))
        case "Decimal":
            scale = written.size or 0
            if scale > SCALE_MAX // 2:
                raise mistake("E0225", written.span, what="places", count=scale, limit=SCALE_MAX // 2)
            return _ranged(world, module, written, Number(scale))
        case "Money":
            currency = written.currency or ""
            return _ranged(world, module, written, Number(CURRENCIES[currency], currency))
        case _:
            assert written.builtin in _REFERENCES
            return Reference(written.builtin.lower())


def _ranged(world: World, module: Module, written: n.SimpleType, plain: Number) -> Number:
    bound = ORDINARY_BOUND * 10**plain.scale
    low, high = -bound, bound
    if written.low is not None and written.high is not None:
        low, high = (_bound(world, module, side, plain) for side in (written.low, written.high))
        if low > high:
            shown = [plain_number(side, plain.scale) for side in (low, high)]
            raise mistake("E0311", written.span, low=shown[0], high=shown[1])
    return Number(plain.scale, plain.unit, low, high)


def _bound(world: World, module: Module, written: n.Expression, plain: Number) -> int:
    value = constant(world, module, written, plain, "range")
    assert isinstance(value, int)
    return value


def _named(module: Module, written: n.NamedType) -> Type:
    owner = module
    if written.module is not None:
        found = module.imports.get(written.module.text)
        if found is None:
            raise undefined(written.module, "module", module, "values", module.imports)
        owner = found
    symbol = owner.find(written.name.text)
    if symbol is None:
        raise _no_such_type(written.name, owner)
    match symbol.kind:
        case "enumeration":
            return Enumeration(symbol.index)
        case "record":
            return Record(symbol.index)
        case _:
            raise e.wrong_kind(written.name, symbol, "type")


def _no_such_type(name: n.Name, module: Module) -> Mistake:
    """Return the mistake that there is no such type. One of the language that is meant by another word is named."""
    place = LANGUAGES.index(module.document.language)
    builtin = {words[place].casefold(): words[place] for words in TYPES.values()}
    builtin |= {other: TYPES[meant][place] for other, meant in _OTHER_WORDS.items()}
    known = builtin.get(name.text.casefold())
    if known is not None:
        return mistake("E0201", name.span, name=name.text, kind="type", nearest=known)
    return undefined(name, "type", module, "values", [words[place] for words in TYPES.values()])


def constant(
    world: World, module: Module, written: n.Expression, wanted: Type, what: str, label: Label | None = None
) -> Value:
    """Return a value that is known before anything runs. Raises Mistake (E0323). `label`: where it is asked for."""
    scope = Scope(world, module, "constant", 0, None)
    value = known(world, e.need(scope, written, wanted, label=label), written.span, what)
    # Once more as a plain constant, so that its range is looked at.
    fit(world, t.Constant(value, wanted), wanted, written.span, label=label)
    return value


def known(world: World, value: t.Expression, span: Span, what: str) -> Value:
    """Return what a typed expression always gives. Raises Mistake (E0323) when that cannot be known beforehand."""
    match value:
        case t.Constant():
            return value.value
        case t.Checked(value=inner):
            return known(world, inner, span, what)
        case t.MakeNone():
            return ()
        case t.MakeSome(value=inner):
            return (known(world, inner, span, what),)
        case t.BuildRecord(fields=fields):
            return tuple(known(world, field, span, what) for field in fields)
        case t.MakeList(items=items) if isinstance(value.type, List):
            return tuple(known(world, item, span, what) for item in items)
        case t.MakeList(items=items) if isinstance(value.type, Set):
            item_type = value.type.item
            held = {world.encode(item_type, each): each for each in [known(world, item, span, what) for item in items]}
            return tuple([held[key] for key in sorted(held)])
        case t.Negate(value=inner):
            return -_integer(world, inner, span, what)
        case t.Rescale(value=inner, places=places):
            factor: int = 10**places
            return _integer(world, inner, span, what) * factor
        case t.Arithmetic(operator=operator, left=left, right=right):
            first, second = _integer(world, left, span, what), _integer(world, right, span, what)
            if operator == "multiply":
                return first * second
            return first + second if operator == "add" else first - second
        case _:
            raise mistake("E0323", span, what=what)


def _integer(world: World, value: t.Expression, span: Span, what: str) -> int:
    found = known(world, value, span, what)
    assert isinstance(found, int)
    return found
