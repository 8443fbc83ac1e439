"""First pass: every declared name of every module, the tables of the program, and the signatures of rules.

Bodies are not looked at here, so the order in which things are declared means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gbalang.ast import nodes as n
from gbalang.check.dates import day_number
from gbalang.check.kinds import CITY, DATE
from gbalang.check.lookalikes import report_lookalikes
from gbalang.check.mistakes import SAID_ELSEWHERE, Mistake, mistake
from gbalang.check.symbols import Enumerator, Module, SymbolKind
from gbalang.check.types import constant, resolve
from gbalang.check.world import RuleSignature, World
from gbalang.diagnostics.model import Label
from gbalang.isa import program as p
from gbalang.isa.types import List, Number, Option, Record, Set, Type, Value
from gbalang.isa.values import KEY_TYPES, record_depths
from gbalang.isa.verify import KINDS
from gbalang.limits import RECORD_PARTS_MAX, VALUE_DEPTH_MAX

LOCAL_PREFIX, SETTER_PREFIX = "local ", "set_"
"""A parameter that each city may set for itself has a register and a record `local NAME` and an act `set_NAME`."""

_KINDS: dict[type, SymbolKind] = {
    n.EnumDeclaration: "enumeration",
    n.RecordDeclaration: "record",
    n.RoleDeclaration: "role",
    n.TableDeclaration: "table",
    n.RefusalDeclaration: "refusal",
    n.EventDeclaration: "event",
    n.RegisterDeclaration: "register",
    n.RuleDeclaration: "rule",
    n.ExceptionDeclaration: "exception",
    n.ActDeclaration: "act",
    n.QueryDeclaration: "query",
    n.InvariantDeclaration: "invariant",
}
"""Declarations with a name of their own; parameters come in two kinds."""

_NOT_IN_LIBRARIES = (
    n.RoleDeclaration, n.RefusalDeclaration, n.EventDeclaration, n.RegisterDeclaration, n.ActDeclaration,
    n.QueryDeclaration, n.InvariantDeclaration,
)  # fmt: skip


def declarations(module: Module) -> Iterator[tuple[n.Article, n.Declaration]]:
    """Yield every declaration of a module with its article."""
    for article in module.document.articles:
        for declaration in article.declarations:
            yield article, declaration


def declare_all(world: World) -> None:
    """Fill the names and tables of the world. Mistakes are recorded."""
    article_numbers = _articles(world)
    for module in world.modules:
        for name, imported in module.imports.items():
            _declare_import(world, module, name, imported)
        _declare_names(world, module, article_numbers)
    for module in world.modules:
        _resolve_records(world, module)
    _report_containment(world)
    for module in world.modules:
        for article, declaration in declarations(module):
            with world.findings.within(article.label), world.findings.attempt():
                _resolve(world, module, declaration, article_numbers[module.key, article.label])
        report_lookalikes(world.findings, module)


def article_number(world: World, module: Module, label: str) -> int:
    """Return the row of an article."""
    return world.article_rows[module_label(module, label)]


def module_label(module: Module, label: str) -> str:
    """Return an article's label as the program holds it: "4", or "splits:2" of an imported module."""
    return f"{module.prefix[:-1]}:{label}" if module.prefix else label


def _articles(world: World) -> dict[tuple[str, str], int]:
    numbers: dict[tuple[str, str], int] = {}
    for module in world.modules:
        first: dict[str, n.Article] = {}
        for article in module.document.articles:
            before = first.setdefault(article.label, article)
            if before is not article:
                world.findings.add("E0210", article.span, Label(before.span, "first"), label=article.label)
                continue
            _check_article(world, article)
            row = _article_row(module, article)
            numbers[module.key, article.label] = world.article_rows.setdefault(row.label, len(world.articles))
            world.articles.append(row)
    return numbers


def _article_row(module: Module, article: n.Article) -> p.Article:
    headings = () if article.heading is None else (("", article.heading),)
    return p.Article(
        module_label(module, article.label),
        headings + tagged(article.titles),
        tuple(basis.text for basis in article.bases),
        tagged(article.texts),
        "" if article.text_only is None else article.text_only.text,
    )


def tagged(texts: tuple[n.LanguageText, ...]) -> tuple[p.TaggedText, ...]:
    """Return texts with their language, "" where none was given."""
    return tuple((text.language or "", text.text) for text in texts)


def _check_article(world: World, article: n.Article) -> None:
    if article.declarations:
        return
    if not article.texts:
        world.findings.add("E0211", article.span, label=article.label)
    elif article.text_only is None:
        world.findings.add("E0212", article.span, label=article.label)


def _declare_import(world: World, module: Module, name: str, imported: Module) -> None:
    del imported
    written = next(each for each in module.document.imports if each.name.text == name)
    module.declare(world.findings, "module", written.name, 0)


def _declare_names(world: World, module: Module, numbers: dict[tuple[str, str], int]) -> None:
    for article, declaration in declarations(module):
        row = numbers[module.key, article.label]
        with world.findings.within(article.label):
            if module.document.form == "library" and isinstance(declaration, _NOT_IN_LIBRARIES):
                world.findings.add("E0226", declaration.span, what=_KINDS[type(declaration)])
                continue
            if isinstance(declaration, n.ParameterDeclaration):
                if declaration.bounds is not None and module.document.form == "library":
                    world.findings.add("E0226", declaration.span, what="local parameter")
                    continue
                kind: SymbolKind = "parameter" if declaration.bounds is None else "local parameter"
                module.declare(world.findings, kind, declaration.name, len(world.parameters))
                world.parameters.append(None)
                world.parameter_types.append(None)
            elif not isinstance(declaration, n.ExampleDeclaration | n.CourseDeclaration | n.PropertyDeclaration):
                place = _row(world, module, declaration, row)
                module.declare(world.findings, _KINDS[type(declaration)], declaration.name, place)


def _row(world: World, module: Module, declaration: n.Declaration, article: int) -> int:
    """Take the row of a declaration in the table of its kind; what is in it is found later."""
    match declaration:
        case n.EnumDeclaration():
            return _enumeration(world, module, declaration, article)
        case n.RecordDeclaration():
            world.records.append(p.Record(module.qualified(declaration.name.text), (), article))
            world.record_spans.append(declaration.name.span)
            return len(world.records) - 1
        case n.RoleDeclaration():
            kinds = tuple(kind for kind in KINDS if kind in declaration.kinds)
            world.roles.append(p.Role(declaration.name.text, declaration.open, kinds, article))
            return len(world.roles) - 1
        case n.RefusalDeclaration():
            world.refusals.append(p.Refusal(declaration.name.text, tagged(declaration.texts), article))
            return len(world.refusals) - 1
        case n.EventDeclaration():
            world.events.append(p.Event(declaration.name.text, (), article))
            return len(world.events) - 1
        case n.RegisterDeclaration():
            world.registers.append(p.Register(declaration.name.text, 0, (), article))
            return len(world.registers) - 1
        case n.RuleDeclaration() | n.TableDeclaration():
            world.signatures.append(None)
            return len(world.signatures) - 1
        case _:
            return 0


def _enumeration(world: World, module: Module, declaration: n.EnumDeclaration, article: int) -> int:
    first: dict[str, n.Name] = {}
    index = len(world.enumerations)
    for member in declaration.members:
        before = first.setdefault(member.text, member)
        if before is not member:
            world.findings.add("E0202", member.span, Label(before.span, "first"), name=member.text)
            continue
        place = Enumerator(index, len(first) - 1, member.span)
        module.enumerators.setdefault(member.text, []).append(place)
    world.enumerations.append(p.Enumeration(module.qualified(declaration.name.text), tuple(first), article))
    return index


def fields_of(
    world: World, module: Module, written: tuple[n.FieldDeclaration, ...]
) -> tuple[p.Field, ...]:
    """Return named, typed places. Raises Mistake; a name given twice is recorded."""
    first: dict[str, n.Name] = {}
    return tuple(field for each in written for field in _field_of(world, module, each, first))


def _field_of(
    world: World, module: Module, written: n.FieldDeclaration, first: dict[str, n.Name]
) -> tuple[p.Field, ...]:
    """Return a place, or none if its name was given before. Raises Mistake."""
    before = first.setdefault(written.name.text, written.name)
    if before is not written.name:
        world.findings.add("E0202", written.name.span, Label(before.span, "first"), name=written.name.text)
        return ()
    return (p.Field(written.name.text, resolve(world, module, written.type)),)


def _resolve_records(world: World, module: Module) -> None:
    for article, declaration in declarations(module):
        if not isinstance(declaration, n.RecordDeclaration):
            continue
        symbol = module.find(declaration.name.text)
        if symbol is None or symbol.span != declaration.name.span:
            continue
        with world.findings.within(article.label):
            before = len(world.findings.items)
            fields: list[p.Field] = []
            first: dict[str, n.Name] = {}
            for each in declaration.fields:
                with world.findings.attempt():
                    fields += _field_of(world, module, each, first)
                    world.field_spans.setdefault((symbol.index, each.name.text), each.span)
            row = world.records[symbol.index]
            world.records[symbol.index] = p.Record(row.name, tuple(fields), row.article)
            if len(world.findings.items) > before:
                world.incomplete[symbol.index] = None


def _report_containment(world: World) -> None:
    """A record that contains itself would have no end, one that stands too deep no reader, and one of too many parts no
    value that a machine could try.
    """
    order, circles = _innermost_first(world)
    for place in sorted(circles):
        record = world.records[place]
        world.findings.add("E0229", world.record_spans[place], record=record.name)
        world.records[place] = p.Record(record.name, (), record.article)
    if record_depths(tuple(world.records)) is None:
        span = world.record_spans[0]
        world.findings.add("E0225", span, what="nested records", count=VALUE_DEPTH_MAX + 1, limit=VALUE_DEPTH_MAX)
    parts = dict.fromkeys(range(len(world.records)), 1)
    for place in order:
        fields = world.records[place].fields
        count = sum(1 if inner is None else parts[inner] for inner in map(_record_of, fields))
        if count > RECORD_PARTS_MAX:
            facts = {"what": "parts of a record", "count": count, "limit": RECORD_PARTS_MAX}
            world.findings.add("E0225", world.record_spans[place], **facts)
        # What is too large is said once, of the innermost.
        parts[place] = count if count <= RECORD_PARTS_MAX else 1


def _innermost_first(world: World) -> tuple[list[int], dict[int, None]]:
    """Return the records, those within others first, and those found to contain themselves. Each is walked once."""
    order: list[int] = []
    circles: dict[int, None] = {}
    met: dict[int, None] = {}
    path: dict[int, Iterator[p.Field]] = {}
    for start in range(len(world.records)):
        if start not in met:
            met[start], path[start] = None, iter(world.records[start].fields)
        while path:
            place = next(reversed(path))
            part = next(path[place], None)
            inner = None if part is None else _record_of(part)
            if part is None:
                order.append(place)
                del path[place]
            elif inner in path:
                circles[inner] = None
            elif inner is not None and inner not in met:
                met[inner], path[inner] = None, iter(world.records[inner].fields)
    return order, circles


def _record_of(part: p.Field) -> int | None:
    """Return the record that a field holds, in lists or not."""
    type_ = part.type
    while isinstance(type_, List | Set | Option):
        type_ = type_.item
    return type_.index if isinstance(type_, Record) else None


def _resolve(world: World, module: Module, declaration: n.Declaration, article: int) -> None:
    """Fill the row of a declaration whose types are known now."""
    match declaration:
        case n.EventDeclaration():
            symbol = module.find(declaration.name.text, "events")
            if symbol is not None and symbol.span == declaration.name.span:
                fields = fields_of(world, module, declaration.fields)
                world.events[symbol.index] = p.Event(symbol.name, fields, article)
        case n.RegisterDeclaration():
            _register(world, module, declaration, article)
        case n.ParameterDeclaration():
            _parameter(world, module, declaration, article)
        case n.RuleDeclaration():
            _signature(world, module, declaration.name, declaration.parameters, declaration.result)
        case n.TableDeclaration():
            _signature(world, module, declaration.name, declaration.keys, declaration.result)
        case _:
            pass


def _signature(
    world: World, module: Module, name: n.Name, parameters: tuple[n.FieldDeclaration, ...], result: n.TypeExpression
) -> None:
    symbol = module.find(name.text)
    if symbol is None or symbol.span != name.span:
        return
    fields = fields_of(world, module, parameters)
    given = resolve(world, module, result)
    world.signatures[symbol.index] = RuleSignature(module.qualified(name.text), fields, given, name.span)


def _register(world: World, module: Module, declaration: n.RegisterDeclaration, article: int) -> None:
    symbol = module.find(declaration.name.text)
    if symbol is None or symbol.span != declaration.name.span:
        return
    type_ = resolve(world, module, declaration.record)
    if not isinstance(type_, Record):
        raise mistake("E0301", declaration.record.span, wanted="record", found=world.show(type_))
    fields = world.records[type_.index].fields
    keys: list[int] = []
    declared = Label(world.record_spans[type_.index], "declared")
    for name in declaration.keys:
        names = [part.name for part in fields]
        if name.text not in names:
            if type_.index in world.incomplete:
                raise Mistake(SAID_ELSEWHERE)
            close = module.nearest(name.text, names)
            raise mistake("E0507", name.span, declared, key=name.text, record=world.show(type_), nearest=close)
        place = names.index(name.text)
        if place in keys:
            raise mistake("E0202", name.span, declared, name=name.text)
        if not isinstance(fields[place].type, KEY_TYPES):
            raise mistake("E0509", name.span, declared, type=world.show(fields[place].type))
        keys.append(place)
    world.registers[symbol.index] = p.Register(symbol.name, type_.index, tuple(keys), article)


# ---------------------------------------------------------------- parameters


def _parameter(world: World, module: Module, declaration: n.ParameterDeclaration, article: int) -> None:
    symbol = module.find(declaration.name.text)
    if symbol is None or symbol.span != declaration.name.span:
        return
    type_ = resolve(world, module, declaration.type)
    if declaration.bounds is not None:
        type_ = _bounded(world, module, declaration, type_)
    world.parameter_types[symbol.index] = type_
    values: list[tuple[int, Value]] = []
    declared = Label(declaration.type.span, "declared")
    starts = [value.start for value in declaration.values]
    days = [day_number(start) for start in starts]
    for (earlier, first), (later, second) in pairwise(zip(days, starts, strict=True)):
        if earlier >= later:
            raise mistake("E0410", second.span, Label(first.span, "earlier"), name=symbol.name)
    for day, dated in zip(days, declaration.values, strict=True):
        values.append((day, constant(world, module, dated.value, type_, symbol.name, declared)))
    effective = module.document.effective
    if effective is not None and days[0] > day_number(effective):
        world.findings.add("E0411", starts[0].span, name=symbol.name, first=_iso(starts[0]), effective=_iso(effective))
    register = None
    if declaration.bounds is not None:
        register = _local_register(world, declaration.name, type_, article)
    name = module.qualified(symbol.name)
    world.parameters[symbol.index] = p.Parameter(name, type_, tuple(values), register, article)


def _iso(date: n.DateLiteral) -> str:
    return f"{date.year:04}-{date.month:02}-{date.day:02}"


def _bounded(world: World, module: Module, declaration: n.ParameterDeclaration, type_: Type) -> Number:
    assert declaration.bounds is not None
    if not isinstance(type_, Number):
        raise mistake("E0301", declaration.type.span, wanted="number", found=world.show(type_))
    plain = Number(type_.scale, type_.unit, type_.low, type_.high)
    low, high = (constant(world, module, bound, plain, "range") for bound in declaration.bounds)
    assert isinstance(low, int)
    assert isinstance(high, int)
    if low > high:
        raise mistake("E0311", declaration.bounds[0].span, low=low, high=high)
    return Number(type_.scale, type_.unit, low, high)


def _local_register(world: World, name: n.Name, type_: Type, article: int) -> int:
    own = LOCAL_PREFIX + name.text
    fields = (p.Field("city", CITY), p.Field("from", DATE), p.Field("value", type_))
    world.records.append(p.Record(own, fields, article))
    world.record_spans.append(name.span)
    world.registers.append(p.Register(own, len(world.records) - 1, (0, 1), article))
    return len(world.registers) - 1


