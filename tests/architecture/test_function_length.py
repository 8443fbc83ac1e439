"""A function is the size of a thought. The few long ones are counted, and their number only goes down."""

from __future__ import annotations

import ast

from tests.architecture.sources import Module, project_modules, read_module

LINES_MAX = 60

# How many functions of a package are longer than LINES_MAX. A number goes down with them; a rise needs a reason here.
LONG_FUNCTIONS_RECORDED: dict[str, int] = {}


def long_functions(module: Module) -> list[str]:
    return [
        f"{module.path}:{node.lineno}: {node.name} has {lines} lines"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := code_lines(node)) > LINES_MAX
    ]


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From `def` to the last line, without the docstring: a long explanation is not a long function."""
    first = node.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = _lines(first) if has_docstring else 0
    return _lines(node) - docstring


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def package_of(module: Module) -> str:
    """The folder: `gbalang/vm/interpreter` for its files, `gbalang` for `gbalang/pipeline.py`."""
    return module.path.rpartition("/")[0]


def test_long_functions_do_not_multiply() -> None:
    found: dict[str, list[str]] = {}
    for module in project_modules().values():
        found.setdefault(package_of(module), []).extend(long_functions(module))
    wrong = [
        f"{package}: {len(long)} long functions, {LONG_FUNCTIONS_RECORDED.get(package, 0)} recorded\n  "
        + "\n  ".join(long)
        for package, long in found.items()
        if len(long) != LONG_FUNCTIONS_RECORDED.get(package, 0)
    ]
    assert not wrong, "\n".join(wrong)


def test_a_long_function_is_counted() -> None:
    body = "    x = 1\n"
    at_the_limit = "def f():\n" + body * (LINES_MAX - 1)
    explained = 'def f():\n    """One.\n\n    Two.\n    """\n' + body * (LINES_MAX - 1)
    above = "class A:\n    def f():\n" + ("    " + body) * LINES_MAX
    assert long_functions(read_module("runtime/example.py", at_the_limit)) == []
    assert long_functions(read_module("runtime/example.py", explained)) == []
    assert len(long_functions(read_module("runtime/example.py", above))) == 1
