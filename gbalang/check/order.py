"""In which order rules are checked: those that others call come first. A circle of rules is a mistake.

Found from names alone, before any body is understood, and without recursion: a chain of rules may be long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gbalang.ast import nodes as n
from gbalang.ast.walk import descend
from gbalang.check.symbols import Module
from gbalang.check.world import World
from gbalang.diagnostics.model import Label
from gbalang.source import Span


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A rule or table with the exceptions under it, as written. `index`: its row among the rules."""

    index: int
    module: Module
    article: n.Article
    written: n.RuleDeclaration | n.TableDeclaration
    exceptions: tuple[tuple[n.Article, n.ExceptionDeclaration], ...]

    def parts(self) -> tuple[object, ...]:
        """Return everything that may call another rule."""
        own = (self.written, *[each for _, each in self.exceptions])
        return tuple(own)


def in_order(world: World, sources: list[RuleSource]) -> list[RuleSource]:
    """Return the rules, callees first. Rules in a circle are reported (E0209) and left out, with all that call them."""
    by_index = {source.index: source for source in sources}
    calls = {source.index: dict(_calls(source)) for source in sources}
    done: dict[int, None] = {}
    ordered: list[RuleSource] = []
    for source in sources:
        _visit(world, source.index, by_index, calls, done, ordered)
    return ordered


def _visit(
    world: World,
    start: int,
    by_index: dict[int, RuleSource],
    calls: dict[int, dict[int, Span]],
    done: dict[int, None],
    ordered: list[RuleSource],
) -> None:
    if start in done:
        return
    path = [start]
    waiting = [iter(calls[start])]
    done[start] = None
    while path:
        callee = next(waiting[-1], None)
        if callee is None:
            ordered.append(by_index[path.pop()])
            waiting.pop()
        elif callee in path:
            _report_circle(world, by_index, calls, [*path[path.index(callee) :], callee])
        elif callee not in done and callee in by_index:
            done[callee] = None
            path.append(callee)
            waiting.append(iter(calls[callee]))


def _report_circle(
    world: World, by_index: dict[int, RuleSource], calls: dict[int, dict[int, Span]], circle: list[int]
) -> None:
    names = [by_index[index].written.name.text for index in circle]
    spans = [calls[caller][callee] for caller, callee in pairwise(circle)]
    labels = [Label(span, "call") for span in spans[1:]]
    with world.findings.within(by_index[circle[0]].article.label):
        world.findings.add("E0209", spans[0], *labels, cycle=" → ".join(names))


def _calls(source: RuleSource) -> Iterator[tuple[int, Span]]:
    """Yield the rules that a rule may call, each with the place of a call. A local of that name shadows nothing."""
    module = source.module
    for part in source.parts():
        for node in descend(part):
            owner, name = module, None
            match node:
                case n.Call(module=qualifier, name=called):
                    name = called
                    if qualifier is not None:
                        owner = module.imports.get(qualifier.text, module)
                case n.NameReference(name=called):
                    name = called
                case n.FieldAccess(subject=n.NameReference(name=qualifier), name=called):
                    name = called if qualifier.text in module.imports else None
                    owner = module.imports.get(qualifier.text, module)
                case _:
                    continue
            symbol = None if name is None else owner.find(name.text)
            if name is not None and symbol is not None and symbol.kind in {"rule", "table"}:
                yield symbol.index, name.span
