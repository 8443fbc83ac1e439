"""Reads the project's own sources and their imports, for the tests of this folder."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gbalang", "runtime")


@dataclass(frozen=True, slots=True)
class Module:
    """One source file: its dotted name, its path from the root with `/`, its syntax tree."""

    name: str
    path: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.endswith("/__init__.py")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module (or name in a module) where it is imported."""

    name: str
    line: int


@functools.cache
def project_modules() -> dict[str, Module]:
    """Every module of the two packages by its dotted name."""
    modules = [
        read_module(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "_bundled" not in path.parts
    ]
    return {module.name: module for module in modules}


def read_module(path: str, text: str) -> Module:
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return Module(name, path, ast.parse(text, path))


def imports_of(module: Module, *, at_import_only: bool = False, with_types: bool = True) -> list[Import]:
    """What a module imports, as full dotted names; `from a import b` gives `a.b`, whether b is a module or not.

    `at_import_only` leaves out what functions import when they are called; without `with_types` the blocks under
    `if TYPE_CHECKING:` are left out, as they never run.
    """
    found: list[Import] = []
    for node in _walk(module.tree, skip_functions=at_import_only, skip_types=not with_types):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [Import(f"{_base(module, node)}.{alias.name}", node.lineno) for alias in node.names]
    return found


def _base(module: Module, node: ast.ImportFrom) -> str:
    if node.level == 0:
        return node.module or ""
    parents = module.name.split(".")
    kept = parents[: len(parents) - node.level + (1 if module.is_package else 0)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _walk(node: ast.AST, *, skip_functions: bool, skip_types: bool) -> Iterator[ast.AST]:
    yield node
    if skip_functions and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if skip_types and isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        children = node.orelse
    for child in children:
        yield from _walk(child, skip_functions=skip_functions, skip_types=skip_types)


def imported_modules(module: Module, modules: dict[str, Module], **options: bool) -> list[Import]:
    """The project's modules among the imports: `gbalang.vm.values.Money` becomes `gbalang.vm.values`."""
    return [
        Import(target, found.line)
        for found in imports_of(module, **options)
        if (target := nearest_module(found.name, modules)) is not None
    ]


def nearest_module(name: str, modules: dict[str, Module]) -> str | None:
    if name in modules:
        return name
    parent = name.rpartition(".")[0]
    return parent if parent in modules else None


def import_closure(roots: Iterable[str], modules: dict[str, Module]) -> dict[str, str]:
    """All modules that are loaded with the roots, each with the module that brought it in.

    Importing `a.b` also runs `a/__init__.py`. Of such a door only the imports that run count: the names it hands out
    later, through `__getattr__`, are not needed by the module behind it.
    """
    brought_by: dict[str, str] = {}
    waiting = [(root, "the list of the pure core") for root in roots]
    while waiting:
        name, by = waiting.pop()
        if name in brought_by or name not in modules:
            continue
        brought_by[name] = by
        module = modules[name]
        found = imported_modules(module, modules, at_import_only=module.is_package, with_types=False)
        waiting += [(each.name, module.path) for each in found]
        if "." in name:
            waiting.append((name.rpartition(".")[0], module.path))
    return brought_by
