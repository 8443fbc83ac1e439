"""Going through a surface tree without recursion: a tree may be deeper than the interpreter's stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from gbalang.ast import nodes as n
from gbalang.source import Span

LEAVES = (Span, n.Name, n.Comments, n.LanguageText)
"""Nodes with nothing in them that a walk looks for."""

_CHILD_FIELDS: dict[type, tuple[str, ...]] = {}


def child_fields(kind: type) -> tuple[str, ...]:
    """Return the fields of a kind of node that may hold other nodes."""
    names = _CHILD_FIELDS.get(kind)
    if names is None:
        names = tuple(each.name for each in fields(kind) if each.name not in {"span", "operator_span", "comments"})
        _CHILD_FIELDS[kind] = names
    return names


def descend(root: object) -> Iterator[object]:
    """Yield a node and everything in it, in the order written."""
    waiting: list[object] = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            waiting.extend(reversed(item))
        elif is_dataclass(item) and not isinstance(item, LEAVES):
            yield item
            waiting.extend(getattr(item, name) for name in reversed(child_fields(type(item))))
