"""What an instrument declares and nothing uses: warnings, since a draft may be on its way."""

from __future__ import annotations

from gbalang.ast import nodes as n
from gbalang.check.declare import declarations
from gbalang.check.mistakes import Findings
from gbalang.check.symbols import Symbol
from gbalang.check.world import World


def report_unused(world: World) -> None:
    """Record a warning for each thing of the main module that nothing refers to."""
    module = world.main
    document = module.document
    if not document.bases and not any(article.bases for article in document.articles):
        world.findings.add("E0521", document.name.span)
    if document.form == "library":
        return
    for article, declaration in declarations(module):
        with world.findings.within(article.label):
            _report(world, world.findings, declaration)


def _report(world: World, findings: Findings, declaration: n.Declaration) -> None:
    def unused(kind: str, space: str, name: n.Name) -> bool:
        symbol: Symbol | None = world.main.find(name.text, space)
        return symbol is not None and (kind, symbol.index) not in world.used

    match declaration:
        case n.RefusalDeclaration(name=name) if unused("refusal", "refusals", name):
            findings.add("E0506", name.span, name=name.text)
        case n.EventDeclaration(name=name) if unused("event", "events", name):
            findings.add("E0516", name.span, name=name.text)
        case n.RegisterDeclaration(name=name) if unused("written", "values", name):
            findings.add("E0515", name.span, name=name.text)
        case n.ParameterDeclaration(name=name) if unused("parameter", "values", name):
            findings.add("E0517", name.span, name=name.text)
        case n.RuleDeclaration(name=name) | n.TableDeclaration(name=name) if unused("rule", "values", name):
            findings.add("E0522", name.span, name=name.text)
        case _:
            pass
