"""Rules, tables and exceptions."""

from __future__ import annotations

from itertools import pairwise, product

from gbalang.ast import nodes as n
from gbalang.check import collections
from gbalang.check import expressions as e
from gbalang.check import typed as t
from gbalang.check.dates import day_number
from gbalang.check.declare import article_number, declarations
from gbalang.check.kinds import DATE, TRUTH
from gbalang.check.mistakes import mistake
from gbalang.check.order import RuleSource, in_order
from gbalang.check.statements import giving_body
from gbalang.check.symbols import Module
from gbalang.check.world import RuleSignature, Scope, World
from gbalang.diagnostics.model import Label
from gbalang.isa.types import Enumeration, Truth, Type
from gbalang.limits import EXCEPTION_NESTING_MAX
from gbalang.source import Span
from gbalang.vm.faults import Fault

TABLE_CASES_MAX = 4_096


def check_rules(world: World) -> tuple[t.Rule, ...]:
    """Return the rules in the order declared; those with mistakes are missing, and the mistakes recorded."""
    sources = [source for module in world.modules for source in _sources(world, module)]
    rules: dict[int, t.Rule] = {}
    for source in in_order(world, sources):
        signature = world.signatures[source.index]
        if signature is None:
            continue
        before = world.findings.errors
        with world.findings.within(source.article.label):
            rule = _table(world, source, signature) if isinstance(source.written, n.TableDeclaration) else _rule(
                world, source, source.written, signature
            )  # fmt: skip
        if rule is not None and world.findings.errors == before:
            rules[source.index] = rule
        # Even after a mistake in its body, the signature of a rule says what its callers need.
        signature.checked = True
    return tuple(rules[index] for index in sorted(rules))


def _sources(world: World, module: Module) -> list[RuleSource]:
    exceptions = [
        (article, each) for article, each in declarations(module) if isinstance(each, n.ExceptionDeclaration)
    ]
    owners = _owners(world, module, exceptions)
    under: dict[int, list[tuple[n.Article, n.ExceptionDeclaration]]] = {}
    for pair in exceptions:
        owner = owners.get(pair[1].name.text)
        if owner is not None:
            under.setdefault(owner, []).append(pair)
    found = []
    for article, written in declarations(module):
        if isinstance(written, n.RuleDeclaration | n.TableDeclaration):
            symbol = module.find(written.name.text)
            if symbol is not None and symbol.span == written.name.span:
                own = tuple(under.get(symbol.index, ()))
                found.append(RuleSource(symbol.index, module, article, written, own))
    return found


def _owners(
    world: World, module: Module, exceptions: list[tuple[n.Article, n.ExceptionDeclaration]]
) -> dict[str, int]:
    """Return the rule that each exception, or the one it stands under, is to. Circles are reported (E0406)."""
    by_name = {each.name.text: each for _, each in exceptions}
    owners: dict[str, int] = {}
    for article, each in exceptions:
        path = [each]
        while path[-1].target.text in by_name and path[-1].target.text not in [step.name.text for step in path]:
            path.append(by_name[path[-1].target.text])
            if len(path) > EXCEPTION_NESTING_MAX:
                break
        target = path[-1].target
        symbol = module.find(target.text)
        with world.findings.within(article.label):
            if len(path) > EXCEPTION_NESTING_MAX:
                world.findings.add(
                    "E0225", each.name.span, what="exceptions to exceptions", count=len(path),
                    limit=EXCEPTION_NESTING_MAX,
                )  # fmt: skip
            elif symbol is not None and symbol.kind in {"rule", "table"}:
                owners[each.name.text] = symbol.index
            elif target.text in by_name:
                cycle = " → ".join(step.name.text for step in [*path, by_name[target.text]])
                world.findings.add("E0406", each.target.span, cycle=cycle)
            elif symbol is not None:
                world.findings.record(e.wrong_kind(target, symbol, "rule"))
            elif len(path) == 1:
                close = module.nearest(target.text, [*module.names(), *by_name])
                world.findings.add("E0201", target.span, name=target.text, kind="rule", nearest=close)
    return owners


# ---------------------------------------------------------------- rules


def _scope(world: World, source: RuleSource, article: n.Article, written: tuple[n.FieldDeclaration, ...]) -> Scope:
    """The parameters in their slots, then the slot for the day, which only a dated rule is given."""
    signature = world.signatures[source.index]
    assert signature is not None
    number = article_number(world, source.module, article.label)
    scope = Scope(world, source.module, "rule", number, None)
    for field, place in zip(signature.parameters, written, strict=False):
        slot = scope.slot(field.type)
        if article is source.article:
            collections.declare_local(scope, place.name, slot)
        scope.names.setdefault(place.name.text, (slot, place.name.span))
    scope.day = scope.local(scope.slot(DATE))
    return scope


def _parameters(source: RuleSource) -> tuple[n.FieldDeclaration, ...]:
    written = source.written
    return written.keys if isinstance(written, n.TableDeclaration) else written.parameters


def _rule(
    world: World, source: RuleSource, written: n.RuleDeclaration, signature: RuleSignature
) -> t.Rule | None:
    scope = _scope(world, source, source.article, written.parameters)
    guard = None
    with world.findings.attempt():
        guard = None if written.when is None else e.truth(scope, written.when)
    body = giving_body(scope, written.body, signature.result, written.name, written.result.span)
    return _finished(world, source, signature, scope, guard, body)


def _finished(
    world: World,
    source: RuleSource,
    signature: RuleSignature,
    scope: Scope,
    guard: t.Expression | None,
    body: t.Body | None,
) -> t.Rule | None:
    """Put the exceptions under a rule. One that needs the day makes the whole rule dated."""
    exceptions, scopes = _exceptions(world, source, signature, source.written.name.text)
    signature.dated = scope.dated or any(each.dated for each in scopes)
    if body is None:
        return None
    return t.Rule(
        signature.name, scope.article, signature.parameters, signature.result, signature.dated, tuple(scope.slots),
        guard, body, exceptions, source.written.name.span,
    )  # fmt: skip


def _exceptions(
    world: World, source: RuleSource, signature: RuleSignature, target: str
) -> tuple[tuple[t.RuleException, ...], list[Scope]]:
    siblings = [(article, each) for article, each in source.exceptions if each.target.text == target]
    names = [each.name.text for _, each in siblings]
    over = [_over(world, each, names) for _, each in siblings]
    _report_circle(world, siblings, over)
    found: list[t.RuleException] = []
    scopes: list[Scope] = []
    for (article, each), beaten in zip(siblings, over, strict=True):
        with world.findings.within(article.label):
            scope = _scope(world, source, article, _parameters(source))
            scopes.append(scope)
            when: t.Expression | None = None
            with world.findings.attempt():
                when = e.truth(scope, each.when)
            body = giving_body(scope, each.body, signature.result, each.name, source.written.result.span)
        nested, inner = _exceptions(world, source, signature, each.name.text)
        scopes.extend(inner)
        if when is not None and body is not None:
            found.append(t.RuleException(
                source.module.qualified(each.name.text), scope.article, beaten, tuple(scope.slots), when, body,
                nested, each.name.span,
            ))  # fmt: skip
    return tuple(found), scopes


def _over(world: World, written: n.ExceptionDeclaration, siblings: list[str]) -> tuple[int, ...]:
    places = []
    for name in written.over:
        if name.text not in siblings or name.text == written.name.text:
            world.findings.add("E0407", name.span, name=name.text, target=written.target.text)
        else:
            places.append(siblings.index(name.text))
    return tuple(dict.fromkeys(places))


def _report_circle(
    world: World, siblings: list[tuple[n.Article, n.ExceptionDeclaration]], over: list[tuple[int, ...]]
) -> None:
    """Exceptions that prevail over one another in a circle would leave none (E0406)."""
    left = dict(enumerate(over))
    while True:
        free = [place for place, beaten in left.items() if not any(other in left for other in beaten)]
        if not free:
            break
        for place in free:
            del left[place]
    if left:
        names = [siblings[place][1].name for place in left]
        world.findings.add("E0406", names[0].span, cycle=" → ".join(name.text for name in [*names, names[0]]))


# ---------------------------------------------------------------- tables


def _table(world: World, source: RuleSource, signature: RuleSignature) -> t.Rule | None:
    """A table becomes a rule: for each of its dates, a chain of choices over its rows."""
    written = source.written
    assert isinstance(written, n.TableDeclaration)
    scope = _scope(world, source, source.article, written.keys)
    value: t.Expression | None = None
    with world.findings.attempt():
        days = _block_days(written)
        _expect_keys(world, written, signature)
        declared = Label(written.result.span, "declared")
        blocks = [_rows(scope, signature, rows, start.span, declared) for start, rows in written.blocks]
        # Before its first date the table decides nothing.
        value = t.FaultValue(Fault.UNDECIDED, signature.result)
        for day, block in zip(days, blocks, strict=True):
            at_day = scope.at_day()
            assert at_day is not None
            begun = t.Compare("less_or_equal", t.Constant(day, DATE), at_day, ratio=False, type=TRUTH)
            value = t.IfElse(begun, block, value, signature.result)
    body = None if value is None else t.Body((), value)
    return _finished(world, source, signature, scope, None, body)


def _block_days(written: n.TableDeclaration) -> list[int]:
    starts = [start for start, _ in written.blocks]
    days = [day_number(start) for start in starts]
    for (earlier, first), (later, second) in pairwise(zip(days, starts, strict=True)):
        if earlier >= later:
            raise mistake("E0410", second.span, Label(first.span, "earlier"), name=written.name.text)
    return days


def _expect_keys(world: World, written: n.TableDeclaration, signature: RuleSignature) -> None:
    cases = 1
    for key, field in zip(written.keys, signature.parameters, strict=False):
        if not isinstance(field.type, Enumeration | Truth):
            raise mistake("E0326", key.type.span, found=world.show(field.type))
        cases *= len(world.enumerations[field.type.index].members) if isinstance(field.type, Enumeration) else 2
    if cases > TABLE_CASES_MAX:
        raise mistake("E0225", written.name.span, what="cases of a table", count=cases, limit=TABLE_CASES_MAX)


def _rows(
    scope: Scope, signature: RuleSignature, rows: tuple[n.TableRow, ...], span: Span, declared: Label
) -> t.Expression:
    types = [field.type for field in signature.parameters]
    first: dict[tuple[int, ...], n.TableRow] = {}
    values: list[tuple[tuple[t.Constant, ...], t.Expression]] = []
    for row in rows:
        given = e.need(scope, row.value, signature.result, label=declared)
        for keys in _row_keys(scope, signature, row, types):
            numbers = tuple(_place(key) for key in keys)
            if numbers in first:
                shown = _shown(scope, types, numbers)
                scope.world.findings.add("E0409", row.span, Label(first[numbers].span, "first"), row=shown)
            first.setdefault(numbers, row)
            values.append((keys, given))
    members = [collections.member_names(scope, type_) for type_ in types]
    for numbers in product(*members):
        if numbers not in first:
            raise mistake("E0408", span, missing=_shown(scope, types, numbers))
    return _chain(types, values, signature.result)


def _row_keys(
    scope: Scope, signature: RuleSignature, row: n.TableRow, types: list[Type]
) -> list[tuple[t.Constant, ...]]:
    """Return the cases that a row decides: one, or in a table with one key all that it lists."""
    if len(types) == 1:
        return [(collections.pattern_value(scope, each, types[0]),) for each in row.patterns]
    if len(row.patterns) != len(types):
        declared = Label(signature.span, "declared")
        found = len(row.patterns)
        raise mistake("E0220", row.span, declared, name=signature.name, wanted=len(types), found=found)
    pairs = zip(row.patterns, types, strict=True)
    return [tuple(collections.pattern_value(scope, each, type_) for each, type_ in pairs)]


def _place(key: t.Constant) -> int:
    assert isinstance(key.value, int)
    return int(key.value)


def _shown(scope: Scope, types: list[Type], numbers: tuple[int, ...]) -> str:
    return ", ".join(
        collections.member_names(scope, type_)[number] for type_, number in zip(types, numbers, strict=True)
    )


def _chain(
    types: list[Type], rows: list[tuple[tuple[t.Constant, ...], t.Expression]], result: Type
) -> t.Expression:
    """The rows are complete, so the last one needs no test."""
    value = rows[-1][1]
    for keys, given in reversed(rows[:-1]):
        test: t.Expression | None = None
        for slot, key in enumerate(keys):
            own = t.Compare("equal", t.Local(slot, types[slot]), key, ratio=False, type=TRUTH)
            test = own if test is None else t.AndAlso(test, own, TRUTH)
        assert test is not None
        value = t.IfElse(test, given, value, result)
    return value


