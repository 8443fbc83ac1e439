"""How many small changes of the machine, the verifier, the transition and the state the tests notice.

    python -m tests.mutants.run [--group GROUP] [--count N] [--seed S] [--workers N]

So many changes are drawn of each group and made one by one, and the tests of that part run. A change is noticed when a
test fails; the others are printed. Some of these change nothing that anybody could observe, so the score stays below a
hundred.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gbalang.testing.draw import Source
from tests.bugs.trees import ROOT, Verdict, run_check, trees
from tests.mutants.changes import Change, changes_of

COLLECTION_FAILED = 2
"""The exit code of pytest when a test could not be read."""
SECONDS_MAX = 120
"""A change that makes the tests run on for so long is noticed by that."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of our code and the tests that promise what it does."""

    patterns: tuple[str, ...]
    check: str


STATE_TESTS = (
    "tests/unit/state/test_tree.py tests/unit/state/test_proofs.py tests/unit/state/test_merkle_log.py "
    "tests/properties/test_state_tree.py tests/properties/test_state_proofs.py"
)
LEDGER_TESTS = (
    "tests/unit/ledger tests/network/test_undone.py tests/network/test_network.py tests/network/test_rejections.py "
    "tests/network/test_making_rules.py tests/network/test_queries.py"
)
GROUPS: dict[str, Group] = {
    "machine": Group(
        ("gbalang/vm/machine.py", "gbalang/vm/interpreter/[!t]*.py"), "tests/unit/vm"
    ),
    "compiler": Group(("gbalang/vm/compiled/*.py",), "tests/unit/vm tests/properties/test_engines_agree.py"),
    "verifier": Group(
        ("gbalang/isa/verify.py", "gbalang/isa/stack.py", "gbalang/isa/costs.py", "gbalang/isa/container.py"),
        "tests/unit/isa tests/unit/vm",
    ),
    "transition": Group(
        ("runtime/transition.py", "runtime/calls.py", "runtime/governance.py", "runtime/identities.py",
         "runtime/journal.py"),
        LEDGER_TESTS,
    ),
    "state": Group(("runtime/state/tree.py", "runtime/state/proofs.py", "runtime/merkle_log.py"), STATE_TESTS),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change in its file."""

    group: str
    path: str
    change: Change

    def __str__(self) -> str:
        return f"{self.path}:{self.change.line}: {self.change.before.strip()!r} → {self.change.after!r}"


def mutants_of(group: str) -> tuple[Mutant, ...]:
    """Return every change of a group."""
    paths = [path for pattern in GROUPS[group].patterns for path in sorted(ROOT.glob(pattern))]
    return tuple(
        Mutant(group, str(path.relative_to(ROOT)), change)
        for path in paths
        for change in changes_of(path.read_text("utf-8"))
    )


def drawn(group: str, count: int, seed: int) -> list[Mutant]:
    """Return so many different changes of a group, or all."""
    left = list(mutants_of(group))
    source = Source(seed)
    return [left.pop(source.below(len(left))) for _ in range(min(count, len(left)))]


def try_mutant(tree: Path, mutant: Mutant) -> Verdict:
    """Run the tests of a change's part with the change in the tree, and take it out again."""
    path = tree / mutant.path
    clean = path.read_text("utf-8")
    path.write_text(mutant.change.made_in(clean), "utf-8")
    try:
        return run_check(tree, GROUPS[mutant.group].check, SECONDS_MAX)
    finally:
        path.write_text(clean, "utf-8")


def is_noticed(verdict: Verdict) -> bool:
    """Whether a test failed, or could not even be read: a change that breaks an assertion at import is noticed."""
    return verdict.caught or verdict.code == COLLECTION_FAILED


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.run")
    parser.add_argument("--group", choices=tuple(GROUPS), help="one part of the code")
    parser.add_argument("--count", type=int, default=25, help="how many changes of each part")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="how many run at a time")
    given = parser.parse_args(arguments)
    groups = tuple(GROUPS) if given.group is None else (given.group,)
    chosen = [mutant for group in groups for mutant in drawn(group, given.count, given.seed)]
    with trees(given.workers) as copies:
        unsound = [
            group for group, verdict in zip(groups, copies.work(groups, _run_clean), strict=True) if verdict.code != 0
        ]
        verdicts = copies.work(chosen, try_mutant)
    for mutant, verdict in zip(chosen, verdicts, strict=True):
        if not is_noticed(verdict):
            print(f"unnoticed  {mutant}")
    for group in groups:
        pairs = zip(chosen, verdicts, strict=True)
        noticed = [is_noticed(verdict) for mutant, verdict in pairs if mutant.group == group]
        print(f"{group}: {sum(noticed)} of {len(noticed)} noticed, of {len(mutants_of(group)):,} there are")
    for group in unsound:
        print(f"FALSE ALARM: the tests of {group} fail on clean code")
    return 1 if unsound else 0


def _run_clean(tree: Path, group: str) -> Verdict:
    return run_check(tree, GROUPS[group].check)


if __name__ == "__main__":
    sys.exit(main())
