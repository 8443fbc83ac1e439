"""The checker: from surface trees to the typed tree, or to diagnostics that say what a drafter should mend.

It goes on after a mistake as far as it understands, so that one run shows most of what is wrong; what follows from a
mistake already said stays unsaid. It never raises for anything a parsed text may contain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gbalang import bundled
from gbalang.ast import nodes as n
from gbalang.ast.keywords import CITY_BY_WORD
from gbalang.check import typed as t
from gbalang.check.calendars import check_calendar
from gbalang.check.courses import check_courses
from gbalang.check.dates import day_number
from gbalang.check.declare import declare_all, tagged
from gbalang.check.doors import check_doors
from gbalang.check.mistakes import Findings
from gbalang.check.rules import check_rules
from gbalang.check.symbols import Module
from gbalang.check.trials import check_examples, check_properties
from gbalang.check.unused import report_unused
from gbalang.check.world import World
from gbalang.diagnostics.model import Diagnostic, Label
from gbalang.isa.values import CITIES

_EXECUTABLE = (
    n.TableDeclaration, n.RuleDeclaration, n.ExceptionDeclaration, n.ActDeclaration, n.QueryDeclaration,
    n.InvariantDeclaration,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """`result` is None exactly when a diagnostic is an error."""

    result: t.CheckedDocument | None
    diagnostics: tuple[Diagnostic, ...]
    left_out: int = 0
    """How many more were found, beyond FINDINGS_MAX."""


def check(document: n.Document, modules: Mapping[str, n.Document]) -> CheckOutcome:
    """Check an instrument with everything it imports, by the name or path it is imported by."""
    findings = Findings()
    result: t.CheckedDocument | None
    if isinstance(document, n.CalendarInstrument):
        result = check_calendar(document, findings)
    else:
        result = _check_instrument(document, modules, findings)
    diagnostics = tuple(dict.fromkeys(findings.items))
    return CheckOutcome(None if findings.errors else result, diagnostics, findings.left_out)


def _check_instrument(
    document: n.Instrument, modules: Mapping[str, n.Document], findings: Findings
) -> t.Contract | None:
    main = Module("", document, "")
    world = World(main, [main], findings)
    _gather_imports(world, modules)
    if findings.errors:
        return None
    header = _header(world)
    declare_all(world)
    rules = check_rules(world)
    doors = check_doors(world)
    examples, properties = check_examples(world), check_properties(world)
    courses = check_courses(world, doors)
    if findings.errors or header is None:
        return None
    report_unused(world)
    _report_prevailing_texts(document, findings)
    _report_end_of_calendars(world)
    return _contract(world, header, rules, doors, (examples, courses, properties))


# ---------------------------------------------------------------- imports


def _gather_imports(world: World, modules: Mapping[str, n.Document]) -> None:
    """Find every module that is imported, directly or by another. Each file is one module, whoever imports it."""
    known: dict[str, Module] = {}
    for module in world.modules:  # grows while it is read
        for written in module.document.imports:
            key = _key(written)
            if key not in known:
                found = modules.get(key)
                if found is None:
                    world.findings.add("E0206", written.span, name=key)
                    continue
                if not isinstance(found, n.Instrument) or found.form != "library":
                    world.findings.add("E0208", written.span, name=key)
                    continue
                known[key] = Module(key, found, f"{found.name.text}.")
                world.modules.append(known[key])
            if written.name.text in module.imports:
                first = next(each for each in module.document.imports if each.name.text == written.name.text)
                world.findings.add("E0202", written.name.span, Label(first.name.span, "first"), name=written.name.text)
                continue
            module.imports[written.name.text] = known[key]
    _report_import_circles(world, known)
    _report_equal_prefixes(world)


def _key(written: n.Import) -> str:
    return written.path if written.path is not None else written.name.text


def _report_import_circles(world: World, known: Mapping[str, Module]) -> None:
    """Each module is walked once; an import of one that is still being walked closes a circle."""
    met: dict[str, None] = {}
    path: dict[str, Iterator[n.Import]] = {world.main.key: iter(world.main.document.imports)}
    while path:
        written = next(path[next(reversed(path))], None)
        if written is None:
            path.popitem()
            continue
        key = _key(written)
        if key in path:
            keys = list(path)
            world.findings.add("E0207", written.span, cycle=" → ".join([*keys[keys.index(key) :], key]))
        elif key in known and key not in met:
            met[key] = None
            path[key] = iter(known[key].document.imports)


def _report_equal_prefixes(world: World) -> None:
    first: dict[str, Module] = {}
    for module in world.modules[1:]:
        before = first.setdefault(module.prefix, module)
        if before is not module:
            label = Label(before.document.name.span, "first")
            world.findings.add("E0202", module.document.name.span, label, name=module.document.name.text)


# ---------------------------------------------------------------- header


@dataclass(frozen=True, slots=True)
class _Header:
    parties: tuple[str, ...]
    effective: int
    expires: int | None
    review: int | None


def _header(world: World) -> _Header | None:
    """Return parties and dates, or None after a mistake, which is recorded. A library has neither."""
    document, findings = world.main.document, world.findings
    before = findings.errors
    if document.version < 1:
        findings.add("E0227", document.name.span)
    if document.form == "library":
        return _Header(CITIES, 0, None, None) if findings.errors == before else None
    parties = _parties(world.main, findings)
    days: dict[str, int] = {}
    ends = (("expires", document.expires), ("review", document.review))
    for name, written in (("effective", document.effective), *ends):
        if written is not None:
            with findings.attempt():
                days[name] = day_number(written)
    if document.effective is None:
        findings.add("E0215", document.name.span)
    effective = days.get("effective", 0)
    for name, written in ends:
        if written is not None and days.get(name, effective) < effective:
            findings.add("E0216", written.span, earlier="effective", later=name)
    if findings.errors > before:
        return None
    return _Header(parties, effective, days.get("expires"), days.get("review"))


def _parties(main: Module, findings: Findings) -> tuple[str, ...]:
    document = main.document
    if document.parties is None:
        return CITIES
    if not document.parties:
        findings.add("E0219", document.name.span)
    first: dict[str, n.Name] = {}
    for name in document.parties:
        if name.text not in CITIES:
            findings.add("E0213", name.span, name=name.text, nearest=main.nearest(name.text, CITY_BY_WORD))
        before = first.setdefault(name.text, name)
        if before is not name:
            findings.add("E0218", name.span, Label(before.span, "first"), name=name.text)
    return tuple(first)


def _report_prevailing_texts(document: n.Instrument, findings: Findings) -> None:
    """Where the head says which language prevails, an article that has texts has one in it (E0231)."""
    for article in document.articles:
        written = [text.language for text in article.texts]
        missing = [language for language in document.prevailing if language not in written]
        if written and missing:
            with findings.within(article.label):
                findings.add("E0231", article.span, label=article.label, language=", ".join(missing))


def _report_end_of_calendars(world: World) -> None:
    """Whoever counts working days in years without a calendar should know it before the cities vote (E0608)."""
    document = world.main.document
    years = sorted({int(name[-4:]) for name in bundled.list_standard_library() if name.startswith("calendars/")})
    ends = [date for date in (document.expires, document.effective) if date is not None]
    beyond = [date for date in ends if date.year > years[-1]]
    if world.calendars and beyond:
        shown = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
        until = f"{beyond[0].year:04}-{beyond[0].month:02}-{beyond[0].day:02}"
        world.findings.add("E0608", beyond[0].span, years=shown, until=until)


# ---------------------------------------------------------------- the whole


def _contract(
    world: World,
    header: _Header,
    rules: tuple[t.Rule, ...],
    doors: tuple[t.Procedure, ...],
    trials: tuple[tuple[t.Example, ...], tuple[t.Course, ...], tuple[t.Property, ...]],
) -> t.Contract:
    document = world.main.document
    parameters = tuple(parameter for parameter in world.parameters if parameter is not None)
    return t.Contract(
        document.form, document.name.text, document.version, tagged(document.titles),
        tuple(basis.text for basis in document.bases), header.parties, document.prevailing, header.effective,
        header.expires, header.review, tuple(world.articles), tuple(world.enumerations), tuple(world.records),
        tuple(world.registers), tuple(world.roles), parameters, tuple(world.refusals), tuple(world.events),
        tuple(world.conditions), tuple(world.notes), tuple(world.calendars), rules, doors, *trials, _coverage(document),
    )  # fmt: skip


def _coverage(document: n.Instrument) -> tuple[t.ArticleCoverage, ...]:
    return tuple(
        t.ArticleCoverage(
            article.label,
            article.heading or "",
            sum(isinstance(each, _EXECUTABLE) for each in article.declarations),
            "" if article.text_only is None else article.text_only.text,
        )
        for article in document.articles
    )
