"""Left never imports right:

source, diagnostics ← ast ← isa ← literals ← check ← emit ← vm ← cases ← pipeline ← runtime ← testing ← proving ← cli
"""

from __future__ import annotations

import pytest

from tests.architecture.sources import Module, imported_modules, project_modules, read_module

# Left to right. A module belongs to the longest name that begins its own; `gbalang.*` alone is the door.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("gbalang.errors", "gbalang.limits", "gbalang.characters"),
    ("gbalang.source", "gbalang.bundled"),
    ("gbalang.diagnostics",),
    ("gbalang.ast",),
    ("gbalang.vm.faults",),  # a table of numbers that imports nothing: each opcode and each check names its faults
    ("gbalang.isa",),
    ("gbalang.literals",),
    ("gbalang.check",),
    ("gbalang.emit",),
    ("gbalang.vm",),
    ("gbalang.cases",),
    ("gbalang.pipeline",),
    ("gbalang",),
    ("runtime",),
    ("gbalang.testing",),
    ("gbalang.proving",),
    ("gbalang.cli", "gbalang.__main__"),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}

# Narrower than the order: a witness runs these with nothing but an interpreter and the program's bytes.
MAY_IMPORT_OF_GBALANG: dict[str, tuple[str, ...]] = {
    "gbalang.isa": ("gbalang.characters", "gbalang.errors", "gbalang.limits", "gbalang.isa", "gbalang.vm.faults"),
    "gbalang.vm": ("gbalang.errors", "gbalang.limits", "gbalang.isa", "gbalang.vm", "gbalang.vm.faults"),
    "gbalang.vm.faults": ("gbalang.errors",),
    "runtime": (
        "gbalang", "gbalang.characters", "gbalang.errors", "gbalang.limits", "gbalang.isa", "gbalang.vm",
        "gbalang.vm.faults",
    ),
}


def layer_of(name: str) -> str | None:
    """The name in LAYERS that a module stands under. Beside the door itself, nothing stands under `gbalang` alone."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        layer = ".".join(parts[:length])
        if layer in RANK:
            return layer if layer != "gbalang" or name == "gbalang" else None
    return None


def wrong_imports(module: Module, modules: dict[str, Module]) -> list[str]:
    own = layer_of(module.name)
    if own is None:
        return [f"{module.path}: stands in no layer; give it a place in LAYERS"]
    wrong = []
    for found in imported_modules(module, modules):
        other = layer_of(found.name)
        if other is None:
            continue
        narrow = MAY_IMPORT_OF_GBALANG.get(own, ())
        if RANK[other] > RANK[own]:
            wrong.append(f"{module.path}:{found.line}: {own} may not import {found.name}, which is to its right")
        elif narrow and other.startswith("gbalang") and other not in narrow:
            wrong.append(f"{module.path}:{found.line}: {own} may import only {', '.join(narrow)}, not {found.name}")
    return wrong


def test_every_module_imports_only_to_its_left() -> None:
    modules = project_modules()
    wrong = [line for module in modules.values() for line in wrong_imports(module, modules)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("gbalang/ast/nodes.py", "import gbalang.check.typed"),
        ("gbalang/ast/nodes.py", "from gbalang.check import typed"),
        ("gbalang/ast/nodes.py", "from gbalang.check.typed import Call"),
        ("gbalang/ast/nodes.py", "from ..check.typed import Call"),
        ("gbalang/ast/nodes.py", "def late():\n    from gbalang.cli import main"),
        ("gbalang/vm/values.py", "from gbalang import compile_bundle"),
        ("gbalang/vm/values.py", "from gbalang.emit import layout"),
        ("gbalang/isa/costs.py", "from gbalang.ast.nodes import Call"),
        ("gbalang/check/typed.py", "import runtime"),
        ("gbalang/pipeline.py", "from runtime.transition import apply"),
        ("gbalang/testing/stories.py", "from gbalang.cli import main"),
        ("runtime/node.py", "from gbalang.ast.nodes import Call"),
        ("runtime/node.py", "from gbalang.pipeline import compile_bundle"),
        ("runtime/node.py", "from gbalang.testing import stories"),
        ("gbalang/forgotten.py", ""),
    ],
)
def test_a_wrong_import_is_seen(path: str, text: str) -> None:
    assert wrong_imports(read_module(path, text), IMAGINED) != []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("gbalang/check/typed.py", "from gbalang.ast.nodes import Call\nfrom gbalang.isa import costs"),
        ("gbalang/vm/values.py", "from gbalang.isa.costs import COST\nfrom . import values"),
        ("runtime/node.py", "from gbalang import compile_bundle\nfrom gbalang.vm.values import Money\nimport os"),
        ("gbalang/cli/__init__.py", "from runtime.node import Node\nfrom gbalang.testing import stories"),
    ],
)
def test_a_right_import_is_accepted(path: str, text: str) -> None:
    assert wrong_imports(read_module(path, text), IMAGINED) == []


IMAGINED = {
    module.name: module
    for path in (
        "gbalang/__init__.py",
        "gbalang/ast/nodes.py",
        "gbalang/check/__init__.py",
        "gbalang/check/typed.py",
        "gbalang/cli/__init__.py",
        "gbalang/emit/layout.py",
        "gbalang/isa/costs.py",
        "gbalang/pipeline.py",
        "gbalang/testing/stories.py",
        "gbalang/vm/__init__.py",
        "gbalang/vm/values.py",
        "runtime/__init__.py",
        "runtime/node.py",
        "runtime/transition.py",
    )
    for module in (read_module(path, ""),)
}
