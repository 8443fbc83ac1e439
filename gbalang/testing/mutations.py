"""Changes of an instrument such as a tired hand makes: another edge of a comparison, another constant, a require left
out, another role, another calendar, another rounding, another date. What no example, property or invariant notices is a
place where the text could be wrong without anybody knowing.

Changes are made in the surface tree, one at a time. What checks the text (examples, properties, invariants) is left
alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, TypeAlias

from gbalang.ast import nodes as n
from gbalang.ast.keywords import CALENDARS
from gbalang.check import typed as t
from gbalang.testing.examples import run_examples
from gbalang.testing.histories import run_histories
from gbalang.testing.properties import run_properties
from gbalang.testing.running import Runner
from gbalang.testing.trial import prepare

Slug: TypeAlias = Literal[
    "comparison", "logic", "arithmetic", "constant", "require", "role", "city", "calendar", "rounding", "month_end",
    "date", "exception", "priority", "branches", "negation",
]  # fmt: skip
"""What kind of change it is; the name of its wording."""

SLUGS: tuple[Slug, ...] = (
    "comparison", "logic", "arithmetic", "constant", "require", "role", "city", "calendar", "rounding", "month_end",
    "date", "exception", "priority", "branches", "negation",
)  # fmt: skip

_COMPARISONS: dict[str, tuple[n.BinaryOperator, ...]] = {
    "<": ("<=",), "<=": ("<",), ">": (">=",), ">=": (">",), "=": ("<>",), "<>": ("=",),
    "in": ("not in",), "not in": ("in",),
}  # fmt: skip
_LOGIC: dict[str, n.BinaryOperator] = {"and": "or", "or": "and"}
_ARITHMETIC: dict[str, n.BinaryOperator] = {"+": "-", "-": "+"}
_ROUNDINGS: dict[str, n.RoundingMode] = {
    "half up": "down", "half down": "half up", "half even": "half up", "up": "down", "down": "up", "ceiling": "floor",
    "floor": "ceiling",
}  # fmt: skip
_UNTOUCHED = (
    n.ExampleDeclaration, n.CourseDeclaration, n.PropertyDeclaration, n.InvariantDeclaration, n.Comments,
    n.LanguageText, n.SimpleType, n.CollectionType, n.OptionalType,
)  # fmt: skip
"""What checks the text, and what only says what kind of value stands somewhere."""

CASES, HISTORIES = 60, 12
"""Cases of a property and histories, for each change: fewer than for the instrument itself, as there are many."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A changed instrument: what kind of change, in which article."""

    slug: Slug
    article: str
    document: n.Instrument


def mutations(document: n.Instrument) -> Iterator[Mutation]:
    """Yield every single change of an instrument, in the order of the text."""
    roles = tuple(
        declaration.name.text
        for article in document.articles
        for declaration in article.declarations
        if isinstance(declaration, n.RoleDeclaration)
    )
    for place, article in enumerate(document.articles):
        for slug, changed in _changes(article, roles):
            articles = (*document.articles[:place], changed, *document.articles[place + 1 :])
            yield Mutation(slug, article.label, replace(document, articles=articles))


def _changes(node: Any, roles: tuple[str, ...]) -> Iterator[tuple[Slug, Any]]:
    """Yield a node with one change in it or below."""
    if isinstance(node, _UNTOUCHED):
        return
    if isinstance(node, tuple):
        yield from _changes_of_sequence(node, roles)
    elif is_dataclass(node) and not isinstance(node, type):
        yield from _own_changes(node, roles)
        for each in fields(node):
            for slug, changed in _changes(getattr(node, each.name), roles):
                yield slug, replace(node, **{each.name: changed})


def _changes_of_sequence(items: tuple[Any, ...], roles: tuple[str, ...]) -> Iterator[tuple[Slug, Any]]:
    for place, item in enumerate(items):
        without = (*items[:place], *items[place + 1 :])
        if isinstance(item, n.Require):
            yield "require", without
        if isinstance(item, n.ExceptionDeclaration):
            yield "exception", without
        for slug, changed in _changes(item, roles):
            yield slug, (*items[:place], changed, *items[place + 1 :])


def _own_changes(node: Any, roles: tuple[str, ...]) -> Iterator[tuple[Slug, Any]]:
    """Yield a node with itself changed."""
    match node:
        case n.Binary(operator=operator):
            for other in _COMPARISONS.get(operator, ()):
                yield "comparison", replace(node, operator=other)
            if operator in _LOGIC:
                yield "logic", replace(node, operator=_LOGIC[operator])
            if operator in _ARITHMETIC:
                yield "arithmetic", replace(node, operator=_ARITHMETIC[operator])
        case n.Unary(operator="not"):
            yield "negation", node.operand
        case n.NumberLiteral() | n.PercentLiteral() | n.MoneyLiteral():
            yield "constant", replace(node, digits=node.digits + 1)
            if node.digits:
                yield "constant", replace(node, digits=node.digits - 1)
        case n.DatedValue(start=start) if start.day < 28:
            yield "date", replace(node, start=replace(start, day=start.day + 1))
        case n.Round():
            yield "rounding", replace(node, mode=_ROUNDINGS[node.mode])
        case n.DateShift(rounding=rounding) if rounding is not None:
            yield "month_end", replace(node, rounding="down" if rounding == "up" else "up")
        case n.Conditional():
            yield "branches", replace(node, then=node.otherwise, otherwise=node.then)
        case n.ExceptionDeclaration(over=over) if over:
            yield "priority", replace(node, over=())
        case n.Who() | n.CalendarSet():
            yield from _changed_party(node, roles)


def _changed_party(node: n.Who | n.CalendarSet, roles: tuple[str, ...]) -> Iterator[tuple[Slug, Any]]:
    if isinstance(node, n.CalendarSet):
        if len(node.calendars) > 1:
            yield "calendar", replace(node, mode="any" if node.mode == "all" else "all")
        first = node.calendars[0]
        names = tuple(CALENDARS)
        other = names[(names.index(first.text) + 1) % len(names)] if first.text in names else names[0]
        yield "calendar", replace(node, calendars=(replace(first, text=other), *node.calendars[1:]))
        return
    if node.of is not None:
        yield "city", replace(node, of=None)
    if node.role is not None and len(roles) > 1 and node.role.text in roles:
        other = roles[(roles.index(node.role.text) + 1) % len(roles)]
        yield "role", replace(node, role=replace(node.role, text=other))


@dataclass(frozen=True, slots=True)
class Notice:
    """What noticed a change: an example or property by its title, an invariant by its name."""

    what: Literal["example", "property", "invariant"]
    name: str


def notice(
    contract: t.Contract,
    calendars: tuple[t.CalendarYear, ...],
    seed: int,
    cases: int = CASES,
    histories: int = HISTORIES,
) -> Notice | None:
    """Return the first of an instrument's own checks that fails, or None when all hold. The quick ones come first."""
    runner = Runner(prepare(contract, calendars))
    for example in run_examples(runner):
        if not example.holds:
            return Notice("example", example.example.title)
    for stated in run_properties(runner, seed, cases):
        if not stated.holds:
            return Notice("property", stated.stated.title)
    for invariant in run_histories(runner, seed, histories):
        if invariant.status == "broken":
            return Notice("invariant", invariant.name)
    return None


def evenly(items: tuple[Mutation, ...], most: int) -> tuple[Mutation, ...]:
    """Return at most so many of the changes, spread evenly over the text; the same ones each time."""
    if len(items) <= most:
        return items
    return tuple(items[place * len(items) // most] for place in range(most))
