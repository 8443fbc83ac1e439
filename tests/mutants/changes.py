"""Small changes of our own code, found by its syntax: what a suite should notice, wherever it is made.

Each is a stretch of the file and what stands there instead. Annotations, docstrings, messages and decorators are left
alone: they decide nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """Characters from `begin` up to `end` are replaced."""

    line: int
    begin: int
    end: int
    before: str
    after: str

    def made_in(self, text: str) -> str:
        """Return the text with the change."""
        return text[: self.begin] + self.after + text[self.end :]


def changes_of(text: str) -> tuple[Change, ...]:
    """Return every change of a file, in the order of their places."""
    tree = ast.parse(text)
    begins = [0]
    for line in text.encode("utf-8").splitlines(keepends=True):
        begins.append(begins[-1] + len(line.decode("utf-8")))
    lines = text.splitlines(keepends=True)
    found = []
    for node, other in _nodes(tree):
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        begin = begins[node.lineno - 1] + _characters(lines[node.lineno - 1], node.col_offset)
        end = begins[node.end_lineno - 1] + _characters(lines[node.end_lineno - 1], node.end_col_offset)
        found.append(Change(node.lineno, begin, end, text[begin:end], other))
    return tuple(sorted(dict.fromkeys(found), key=lambda change: (change.begin, change.end, change.after)))


def _characters(line: str, octets: int) -> int:
    return len(line.encode("utf-8")[:octets].decode("utf-8"))


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield nodes with what may stand in their place."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        waiting.extend(_deciding(node))
        match node:
            case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
                changed = ast.Compare(node.left, [COMPARISONS[type(operator)]()], node.comparators)
                yield node, f"({ast.unparse(changed)})"
            case ast.BinOp(op=operator) if type(operator) in OPERATORS and not _is_text(node):
                yield node, f"({ast.unparse(ast.BinOp(node.left, OPERATORS[type(operator)](), node.right))})"
            case ast.BoolOp(op=operator):
                other = ast.Or() if isinstance(operator, ast.And) else ast.And()
                yield node, f"({ast.unparse(ast.BoolOp(other, node.values))})"
            case ast.UnaryOp(op=ast.Not()):
                yield node, f"({ast.unparse(node.operand)})"
            case ast.Constant(value=bool()):
                yield node, str(not node.value)
            case ast.Constant(value=int(number)):
                yield node, str(number + 1)
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield node, "return None"
            case ast.Expr(value=ast.Call()) | ast.Raise() | ast.Continue() | ast.Break():
                yield node, "pass"
            case _:
                pass


def _deciding(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node that decide something, the last one first."""
    left_out = {"annotation", "returns", "decorator_list", "type_params"}
    if isinstance(node, ast.Assert | ast.Raise | ast.JoinedStr):
        return [node.test] if isinstance(node, ast.Assert) else []
    if isinstance(node, ast.AnnAssign):
        return [] if node.value is None else [node.value]
    parts: list[ast.AST] = []
    for name, value in ast.iter_fields(node):
        if name in left_out:
            continue
        held = value if isinstance(value, list) else [value]
        parts += [each for each in held if isinstance(each, ast.AST)]
    return parts[::-1]


def _is_text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
        for side in sides
    )
