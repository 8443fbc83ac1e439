"""Lists, sets, registers, aggregates and cases."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias, assert_never

from gbalang.ast import nodes as n
from gbalang.check import expressions as e
from gbalang.check import typed as t
from gbalang.check.fit import fit, unify
from gbalang.check.kinds import INTEGER, TRUTH, is_ordered, joined, loose
from gbalang.check.mistakes import SAID_ELSEWHERE, Mistake, mistake
from gbalang.check.symbols import undefined
from gbalang.check.world import READS_LEDGER, Scope
from gbalang.diagnostics.model import Label
from gbalang.isa.types import Enumeration, List, Number, Ratio, Record, Reference, Set, Truth, Type
from gbalang.limits import COLLECTION_ITEMS_MAX, VALUE_BYTES_MAX
from gbalang.source import Span

_Collective: TypeAlias = n.Aggregate | n.ListLiteral | n.NumbersFrom | n.ItemOf | n.RegisterHas | n.EntriesOf


def infer(scope: Scope, written: _Collective, expected: Type | None) -> t.Expression:
    """Return a typed expression about several values. Raises Mistake."""
    match written:
        case n.Aggregate():
            return aggregate(scope, written, expected)
        case n.ListLiteral():
            return list_literal(scope, written, expected)
        case n.NumbersFrom():
            return numbers_from(scope, written)
        case n.ItemOf():
            return item_of(scope, written)
        case n.RegisterHas():
            register, keys = register_keys(scope, written.register, written.keys, written.span)
            return t.RegisterHas(register, keys, TRUTH)
        case n.EntriesOf():
            return entries(scope, written)
        case _:
            assert_never(written)


# ---------------------------------------------------------------- lists and sets


def list_literal(scope: Scope, written: n.ListLiteral, expected: Type | None) -> t.Expression:
    """[a, b] or set of [a, b]."""
    item = expected.item if isinstance(expected, List | Set) else None
    if len(written.items) > COLLECTION_ITEMS_MAX:
        raise mistake("E0320", written.span, count=len(written.items), limit=COLLECTION_ITEMS_MAX)
    if not written.items:
        if item is None:
            raise mistake("E0319", written.span)
        return t.MakeList((), _collection(loose(item), 1, is_set=written.is_set))
    values = [e.infer(scope, written.items[0], item)]
    for other in written.items[1:]:
        values.append(e.infer(scope, other, item if item is not None else values[0].type))
    for _ in range(2):  # a later item may have more places than an earlier one
        for place, other in enumerate(written.items[1:], 1):
            values[0], values[place] = unify(scope.world, values[0], values[place], other.span)
    type_ = loose(values[0].type)
    for value in values[1:]:
        type_ = joined(type_, loose(value.type))
    return t.MakeList(tuple(values), _collection(type_, len(values), is_set=written.is_set))


def _collection(item: Type, limit: int, *, is_set: bool) -> List | Set:
    return Set(item, limit) if is_set else List(item, limit)


def subject(scope: Scope, written: n.Expression) -> tuple[t.Expression, List | Set]:
    """Return a list or set to go through. Raises Mistake (E0325)."""
    value = e.infer(scope, written)
    if not isinstance(value.type, List | Set):
        raise mistake("E0325", written.span, found=scope.world.show(value.type))
    return value, value.type


def numbers_from(scope: Scope, written: n.NumbersFrom) -> t.Expression:
    """Numbers from A to B at most N."""
    start, end = (e.need(scope, side, INTEGER) for side in (written.start, written.end))
    limit = within_limit(written.limit, written.span)
    return t.Numbers(start, end, limit, List(INTEGER, limit))


def within_limit(limit: int, span: Span) -> int:
    """Return the limit of a collection. Raises Mistake (E0320)."""
    if not 1 <= limit <= COLLECTION_ITEMS_MAX:
        raise mistake("E0320", span, count=limit, limit=COLLECTION_ITEMS_MAX)
    return limit


def item_of(scope: Scope, written: n.ItemOf) -> t.Expression:
    """Item I of LIST, counted from 1."""
    index = e.need(scope, written.index, INTEGER)
    value, type_ = subject(scope, written.subject)
    return t.ItemOf(value, index, type_.item)


def contains(scope: Scope, written: n.Binary) -> t.Expression:
    """E in E."""
    item = e.infer(scope, written.left)
    collection = e.infer(scope, written.right, List(item.type, COLLECTION_ITEMS_MAX))
    if not isinstance(collection.type, List | Set):
        raise mistake("E0325", written.right.span, found=scope.world.show(collection.type))
    held = collection.type
    if isinstance(collection, t.MakeList) and isinstance(item.type, Number):
        # The listed numbers and the one looked for take the form of the finest of them.
        finest, _ = unify(scope.world, item, collection.items[0], written.span)
        items = tuple(unify(scope.world, each, finest, written.right.span)[0] for each in collection.items)
        held = replace(held, item=loose(items[0].type))
        collection = t.MakeList(items, held)
        item = finest
    fitted = fit(scope.world, item, loose(held.item), written.left.span, checked=False)
    return t.Contains(fitted, collection, TRUTH)


# ---------------------------------------------------------------- registers


def find_register(scope: Scope, name: n.Name) -> int:
    """Return the register of that name. Raises Mistake."""
    symbol = scope.module.find(name.text)
    if symbol is None:
        raise undefined(name, "register", scope.module, "values")
    if symbol.kind != "register":
        raise e.wrong_kind(name, symbol, "register")
    if scope.place not in READS_LEDGER:
        code = "E0523" if scope.place in {"example", "property"} else "E0512"
        facts = {"what": name.text} if code == "E0523" else {"register": name.text, "place": scope.place}
        raise mistake(code, name.span, **facts)
    scope.world.used["register", symbol.index] = None
    if not scope.world.registers[symbol.index].keys:
        raise Mistake(SAID_ELSEWHERE)
    return symbol.index


def register_keys(
    scope: Scope, name: n.Name, written: tuple[n.Expression, ...], span: Span, *, leading: bool = False
) -> tuple[int, tuple[t.Expression, ...]]:
    """Return a register with the values of a key, or of its leading part.

    A value that no entry's key could hold is no mistake: there is no such entry.
    """
    index = find_register(scope, name)
    register = scope.world.registers[index]
    fields = scope.world.records[register.record].fields
    if len(written) > len(register.keys) or (not leading and len(written) != len(register.keys)):
        wanted = ", ".join(fields[key].name for key in register.keys)
        raise mistake("E0524", span, register=register.name, wanted=wanted, found=len(written))
    return index, tuple(
        e.need(scope, value, _as_key(fields[key].type), checked=False)
        for key, value in zip(register.keys, written, strict=False)
    )


def _as_key(type_: Type) -> Type:
    return type_ if isinstance(type_, Reference) else loose(type_)


def entries(scope: Scope, written: n.EntriesOf) -> t.Expression:
    """Entries of REGISTER (leading keys) at most N."""
    register, keys = register_keys(scope, written.register, written.keys, written.span, leading=True)
    record = Record(scope.world.registers[register].record)
    if written.limit is not None:
        limit = within_limit(written.limit, written.span)
    elif scope.place in {"invariant", "standing"}:
        # Nobody pays for an invariant or an example: it looks at as many entries as the machine can hold at once.
        most = VALUE_BYTES_MAX // max(1, scope.world.bytes_max(record)) - 1
        limit = max(1, min(COLLECTION_ITEMS_MAX, most))
    else:
        raise mistake("E0513", written.span, register=written.register.text)
    return t.RegisterEntries(register, keys, limit, List(record, limit))


# ---------------------------------------------------------------- aggregates


def aggregate(scope: Scope, written: n.Aggregate, expected: Type | None) -> t.Expression:
    """Sum of, least of, greatest of, list of, count of, every, some."""
    collection, type_ = subject(scope, written.subject)
    slot = scope.slot(type_.item)
    before = dict(scope.names)
    declare_local(scope, written.variable, slot)
    try:
        where = None if written.where is None else e.truth(scope, written.where)
        body = _body(scope, written, expected)
    finally:
        scope.names = before
    result = _result(scope, written, type_, body)
    return t.Fold(written.kind, slot, type_.item, collection, where, body, result)


def _body(scope: Scope, written: n.Aggregate, expected: Type | None) -> t.Expression | None:
    if written.body is None:
        return None
    match written.kind:
        case "every" | "some":
            return e.truth(scope, written.body)
        case "list" if isinstance(expected, List):
            return fit(scope.world, e.infer(scope, written.body, expected.item), loose(expected.item),
                       written.body.span, checked=False)  # fmt: skip
        case _:
            return e.infer(scope, written.body)


def _result(scope: Scope, written: n.Aggregate, collection: List | Set, body: t.Expression | None) -> Type:
    match written.kind:
        case "every" | "some":
            return TRUTH
        case "count":
            return INTEGER
        case "list":
            assert body is not None
            return List(loose(body.type), collection.limit)
        case "sum":
            assert body is not None
            if not isinstance(body.type, Number | Ratio):
                raise mistake("E0309", written.span, operator="sum", type=scope.world.show(body.type))
            return loose(body.type)
        case _:
            assert body is not None
            if not is_ordered(body.type):
                raise mistake("E0307", written.span, type=scope.world.show(body.type))
            return loose(body.type)


def declare_local(scope: Scope, name: n.Name, slot: int | None) -> None:
    """Put a name in sight. Raises nothing: a name already in sight here is reported and keeps its meaning."""
    before = scope.names.get(name.text)
    if before is not None:
        scope.world.findings.add("E0202", name.span, Label(before[1], "first"), name=name.text)
        return
    symbol = scope.module.find(name.text)
    if symbol is not None and symbol.kind != "exception":
        scope.world.findings.add("E0202", name.span, Label(symbol.span, "first"), name=name.text)
    scope.names[name.text] = (slot, name.span)


# ---------------------------------------------------------------- cases


def case_subject(scope: Scope, written: n.Expression) -> t.Expression:
    """Return what `match` distinguishes: a member of an enumeration, or a truth. Raises Mistake (E0326)."""
    value = e.infer(scope, written)
    if not isinstance(value.type, Enumeration | Truth):
        raise mistake("E0326", written.span, found=scope.world.show(value.type))
    return value


def match_expression(scope: Scope, written: n.Match, expected: Type | None) -> t.Expression:
    """Match E when ... then ... end, as a chain of choices."""
    held = case_subject(scope, written.subject)
    slot = scope.slot(held.type)
    subject_value = scope.local(slot)
    patterns = [case.patterns for case in written.cases]
    tests = case_tests(scope, subject_value, patterns, has_otherwise=written.otherwise is not None, span=written.span)
    bodies = [case.value for case in written.cases]
    if written.otherwise is not None:
        bodies.append(written.otherwise)
    values = [e.infer(scope, bodies[0], expected)]
    values += [e.infer(scope, body, expected if expected is not None else values[0].type) for body in bodies[1:]]
    result = values[-1]
    for test, value, body in reversed(list(zip(tests, values[:-1], bodies[:-1], strict=False))):
        result = e.choose(scope, test, value, result, body.span)
    return t.Bind(slot, held, result, result.type)


def case_tests(
    scope: Scope, held: t.Expression, cases: list[tuple[n.Expression, ...]], *, has_otherwise: bool, span: Span
) -> list[t.Expression]:
    """Return the condition of each case, having seen that every member is named once. Raises Mistake (E0401)."""
    seen: dict[int, Span] = {}
    tests = []
    for patterns in cases:
        test: t.Expression | None = None
        for pattern in patterns:
            value = pattern_value(scope, pattern, held.type)
            key = int(value.value) if isinstance(value.value, int) else 0
            if key in seen:
                shown = member_names(scope, held.type)[key]
                scope.world.findings.add("E0402", pattern.span, Label(seen[key], "first"), case=shown)
            seen.setdefault(key, pattern.span)
            own = t.Compare("equal", held, value, ratio=False, type=TRUTH)
            test = own if test is None else t.OrElse(test, own, TRUTH)
        assert test is not None
        tests.append(test)
    missing = [name for key, name in member_names(scope, held.type).items() if key not in seen]
    if missing and not has_otherwise:
        raise mistake("E0401", span, missing=", ".join(missing))
    if has_otherwise and not missing:
        scope.world.findings.add("E0403", span, case="otherwise")
    return tests


def member_names(scope: Scope, type_: Type) -> dict[int, str]:
    """Return the values that a case may name."""
    if isinstance(type_, Enumeration):
        return dict(enumerate(scope.world.enumerations[type_.index].members))
    return {1: "true", 0: "false"}


def pattern_value(scope: Scope, pattern: n.Expression, wanted: Type) -> t.Constant:
    """Return the member that a pattern names. Raises Mistake."""
    if isinstance(pattern, n.NameReference) and isinstance(wanted, Enumeration):
        for member in scope.module.enumerators.get(pattern.name.text, []):
            if member.enumeration == wanted.index:
                return e.enumerator(scope, member)
        members = scope.world.enumerations[wanted.index].members
        if pattern.name.text in members:  # an enumeration of another module: its members need no qualifier here
            scope.world.used["enumeration", wanted.index] = None
            return t.Constant(members.index(pattern.name.text), wanted)
        raise undefined(pattern.name, "enumerator", scope.module, "none", members)
    value = fit(scope.world, e.infer(scope, pattern, wanted), wanted, pattern.span)
    if not isinstance(value, t.Constant):
        raise mistake("E0323", pattern.span, what="when")
    return value

