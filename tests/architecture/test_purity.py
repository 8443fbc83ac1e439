"""The pure core and all it imports uses the standard library alone, and nothing on which two nodes could differ."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.purity import BANS, Ban, Finding, impurities, set_fields
from tests.architecture.sources import (
    PACKAGES,
    ROOT,
    import_closure,
    imports_of,
    project_modules,
    read_module,
)
from tests.architecture.test_third_party import PLACES

# Packages stand for all their modules. What these import is pure with them.
PURE_CORE = (
    "gbalang.errors",
    "gbalang.isa",
    "gbalang.limits",
    "gbalang.vm",
    "runtime.calls",
    "runtime.certificates",
    "runtime.chain",
    "runtime.cities",
    "runtime.codec",
    "runtime.evidence",
    "runtime.genesis",
    "runtime.governance",
    "runtime.identities",
    "runtime.journal",
    "runtime.keys",
    "runtime.limits",
    "runtime.merkle_log",
    "runtime.programs",
    "runtime.records",
    "runtime.rejections",
    "runtime.replay",
    "runtime.signing",
    "runtime.simulator",
    "runtime.state.memory",
    "runtime.state.proofs",
    "runtime.state.store",
    "runtime.state.tree",
    "runtime.transition",
    "runtime.witnesses.account",
    "runtime.witnesses.recording",
    "runtime.witnesses.settings",
)

# (path, what is used) → why it does no harm there. A row that nothing needs any more fails.
TRANSLATION = "the compiled engine makes its functions of numbers and names of its own; no text of an instrument enters"
EXEMPTIONS: dict[tuple[str, str], str] = {
    ("gbalang/vm/compiled/translate.py", "exec"): TRANSLATION,
    ("gbalang/vm/compiled/translate.py", "compile"): TRANSLATION,
}


def pure_roots() -> list[str]:
    return [
        name for name in project_modules() if any(name == root or name.startswith(root + ".") for root in PURE_CORE)
    ]


def pure_modules() -> dict[str, str]:
    return import_closure(pure_roots(), project_modules())


def all_findings() -> list[Finding]:
    modules = [project_modules()[name] for name in sorted(pure_modules())]
    fields = set_fields(modules)
    return [finding for module in modules for finding in impurities(module, fields)]


@pytest.mark.parametrize("name", PURE_CORE)
def test_the_pure_core_is_there(name: str) -> None:
    assert name in project_modules(), f"{name} is no module: a name in PURE_CORE that matches nothing guards nothing"


def test_the_pure_core_uses_nothing_that_may_differ() -> None:
    brought_by = {project_modules()[name].path: by for name, by in pure_modules().items()}
    wrong = [
        f"{finding}  [must be pure because of {brought_by[finding.path]}]"
        for finding in all_findings()
        if (finding.path, finding.ban.name) not in EXEMPTIONS
    ]
    assert not wrong, "\n".join(wrong)


def test_every_exemption_is_needed_and_has_a_reason() -> None:
    used = {(finding.path, finding.ban.name) for finding in all_findings()}
    assert set(EXEMPTIONS) <= used
    assert all(EXEMPTIONS.values())


def test_the_pure_core_imports_the_standard_library_alone() -> None:
    wrong = [
        f"{module.path}:{found.line}: {found.name}"
        for module in (project_modules()[name] for name in sorted(pure_modules()))
        for found in imports_of(module, with_types=False, at_import_only=module.is_package)
        if found.name.partition(".")[0] not in sys.stdlib_module_names and found.name.partition(".")[0] not in PACKAGES
    ]
    assert not wrong, "\n".join(wrong)


def test_any_interpreter_can_be_a_witness() -> None:
    """Without site-packages there is nothing but the standard library: each module of the pure core must load."""
    program = (
        "import importlib, sys\n"
        "root, *names = sys.argv[1:]\n"
        "sys.path.insert(0, root)\n"
        "for name in names:\n"
        "    importlib.import_module(name)\n"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(ROOT), *pure_roots()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_the_core_loads_no_library_of_others() -> None:
    """With everything installed, too: no optional import may make two nodes run different code."""
    program = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        f"print(*sorted(set(sys.modules) & {set(PLACES)!r}))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *pure_roots()], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.split() == []


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: f"{ban.kind}: {ban.name}")
def test_every_ban_is_seen_and_has_a_reason(ban: Ban) -> None:
    found = impurities(read_module("runtime/example.py", ban.example))
    assert [finding.ban for finding in found] == [ban]
    assert ban.reason


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("names = map(str.upper, names)", "upper"),
        ("names = [str.upper(name) for name in names]", "upper"),
        ("from math import gcd, sqrt", "math beyond integers"),
        ("import math as m", "math beyond integers"),
        ("from os.path import join", "os"),
        ("def late():\n    import random", "random"),
        ("total /= 2", "true division /"),
        ("share = 1j", "a float or complex literal"),
        ("def f(x: float): ...", "float"),
    ],
)
def test_other_ways_to_write_it_are_seen(text: str, name: str) -> None:
    assert [finding.ban.name for finding in impurities(read_module("runtime/example.py", text))] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "for x in set(items): use(x)",
        "for x in frozenset(items): use(x)",
        "for x in {y for y in items}: use(x)",
        "for x in a.keys() & b.keys(): use(x)",
        "for x in a.union(b): use(x)",
        "for x in {1, 2} - seen: use(x)",
        "rows = [x for x in {1, 2}]",
        "rows = {x: 1 for x in {1, 2}}",
        "rows = list({1, 2})",
        "rows = tuple(set(items))",
        "rows = [*{1, 2}]",
        "text = ','.join({'a', 'b'})",
        "rows = dict.fromkeys({1, 2})",
        "for i, x in enumerate({1, 2}): use(x)",
        "def f(roles: frozenset[str]):\n    for role in roles: use(role)",
        "def f(items):\n    seen = set(items)\n    return [x for x in seen]",
        "class A:\n    roles: frozenset[str]\ndef f(a):\n    return tuple(a.roles)",
        "first = max({1, 2}, key=weight)\nrows = list({1, 2})",
    ],
)
def test_the_order_of_a_set_is_seen(text: str) -> None:
    module = read_module("runtime/example.py", text)
    assert [finding.ban.name for finding in impurities(module, set_fields([module]))] == ["iteration over a set"]


@pytest.mark.parametrize(
    "text",
    [
        "rows = sorted({1, 2})",
        "rows = sorted(x + 1 for x in {1, 2})",
        "total = sum(x for x in {1, 2})",
        "both = {x for x in {1, 2}}",
        "both = {*a, *{1, 2}}",
        "found = 3 in {1, 2}",
        "for x in sorted(set(items)): use(x)",
        "for x in (1, 2): use(x)",
        "for key in table.keys(): use(key)",
        "half = total // 2",
        "import math\nroot = math.isqrt(9)",
        "from math import gcd",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pathlib import Path",
        "from gbalang.vm import host\nimport hashlib\nfrom collections.abc import Mapping",
        "identity = record.id",
        "heading = article.title",
        "mask = a | b",
    ],
)
def test_what_is_the_same_everywhere_is_accepted(text: str) -> None:
    assert impurities(read_module("runtime/example.py", text)) == []


def test_the_closure_follows_imports_and_doors() -> None:
    modules = {
        module.name: module
        for module in (
            read_module("runtime/__init__.py", "from runtime import door\ndef __getattr__(n):\n  import runtime.late"),
            read_module("runtime/door.py", ""),
            read_module("runtime/late.py", ""),
            read_module("runtime/transition.py", "def apply():\n    from runtime.codec import encode"),
            read_module("runtime/codec.py", ""),
            read_module("runtime/apart.py", ""),
        )
    }
    found = import_closure(["runtime.transition"], modules)
    assert set(found) == {"runtime", "runtime.door", "runtime.transition", "runtime.codec"}
