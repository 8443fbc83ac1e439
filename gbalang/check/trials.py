"""Examples and properties: what the drafter says must come out."""

from __future__ import annotations

from gbalang.ast import nodes as n
from gbalang.check import collections
from gbalang.check import expressions as e
from gbalang.check import typed as t
from gbalang.check.dates import day_number
from gbalang.check.declare import article_number, declarations, fields_of
from gbalang.check.kinds import DATE
from gbalang.check.symbols import Module
from gbalang.check.world import Place, Scope, World
from gbalang.isa.civil import days_from_civil

DAY_WITHOUT_ANY = days_from_civil(2000, 1, 1)
"""The day of an example in a library that neither names a day nor has a dated parameter to take one from."""


def check_examples(world: World) -> tuple[t.Example, ...]:
    """Return the examples of the instrument itself."""
    found = []
    for article, written in declarations(world.main):
        if isinstance(written, n.ExampleDeclaration):
            with world.findings.within(article.label), world.findings.attempt():
                found.append(_example(world, article, written))
    return tuple(found)


def check_properties(world: World) -> tuple[t.Property, ...]:
    """Return the properties of the instrument itself."""
    found = []
    for article, written in declarations(world.main):
        if isinstance(written, n.PropertyDeclaration):
            with world.findings.within(article.label), world.findings.attempt():
                found.append(_property(world, article, written))
    return tuple(found)


def ordinary_day(world: World) -> int:
    """Return the day on which examples apply rules when they name none.

    The day a contract takes effect; of a library, the day from which its latest parameter value holds.
    """
    document = world.main.document
    if document.effective is not None:
        return day_number(document.effective)
    starts = [day for parameter in world.parameters if parameter is not None for day, _ in parameter.values]
    return max(starts, default=DAY_WITHOUT_ANY)


def _scope(world: World, module: Module, place: Place, article: n.Article, day: t.Expression | None) -> Scope:
    return Scope(world, module, place, article_number(world, module, article.label), day)


def _example(world: World, article: n.Article, written: n.ExampleDeclaration) -> t.Example:
    day = ordinary_day(world) if written.on is None else day_number(written.on)
    scope = _scope(world, world.main, "example", article, t.Constant(day, DATE))
    condition = e.truth(scope, written.condition)
    left = right = None
    plain = written.condition
    if isinstance(plain, n.Binary) and plain.operator == "=":
        left, right = e.operands(scope, plain)
    return t.Example(
        written.title, scope.article, day, condition, left, right, tuple(scope.slots), written.span
    )


def _property(world: World, article: n.Article, written: n.PropertyDeclaration) -> t.Property:
    scope = _scope(world, world.main, "property", article, None)
    variables = fields_of(world, world.main, written.variables)
    for field, declared in zip(variables, written.variables, strict=False):
        collections.declare_local(scope, declared.name, scope.slot(field.type))
    scope.day = scope.local(scope.slot(DATE))
    where = None if written.where is None else e.truth(scope, written.where)
    condition = e.truth(scope, written.condition)
    return t.Property(
        written.title, scope.article, variables, scope.dated, ordinary_day(world), where, condition,
        tuple(scope.slots), written.span,
    )  # fmt: skip
