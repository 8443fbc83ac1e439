"""A process is killed at every numbered point; a disk keeps a part of a commit. Nothing is lost or made up.

Both are tried by processes that fork, so they run in one of their own and not within pytest's.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.crash_points import CrashPoint
from runtime.files import Steps
from tests.architecture.sources import ROOT, imported_modules, project_modules
from tests.conftest import ROOT_SEED

STATES = 3_000
WRITERS = {
    "runtime.files",
    "runtime.state.lmdb",
    "runtime.embedded.folder",
}
"""Who passes crash points: the rim. Whoever else writes a file does it through runtime.files."""


def test_every_point_and_some_states_of_a_stores_file(request: pytest.FixtureRequest) -> None:
    seed = request.config.stash[ROOT_SEED]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.crashes.run", "--once", "--states", str(STATES), "--seed", str(seed)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(ended.stdout)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    points = len(CrashPoint)
    said = re.match(
        rf"seed {seed}: points {points} of {points}, kills {points}, file states {STATES} "
        r"\(as after the commit (\d+), as before (\d+), refused (\d+).*\), wrong: 0\n$",
        ended.stdout,
    )
    assert said, ended.stdout
    outcomes = [int(number) for number in said.groups()]
    assert sum(outcomes) == STATES, "each state has one outcome"
    assert all(outcome > STATES // 50 for outcome in outcomes), "all three outcomes are tried"


CANARIES = {
    "acknowledges before it writes": """
        from tests.crashes import scenes
        from runtime.state.lmdb import LmdbStore
        def act(folder, say):
            store = LmdbStore(folder)
            say("commit 0")
            store.commit(scenes.GROWTH[0])
            store.close()
        scene = scenes.Scene("canary", scenes._nothing, act, scenes._judge_growth)
        kill = Kill(scene, CrashPoint.COMMIT_PREPARED, 1)
        wrong = strike(place, place / "canary", kill)
    """,
    "a mark that is emptied before it is written": """
        from tests.crashes import scenes
        from runtime.embedded import folder as written
        from runtime.crash_points import pass_point
        def put_file(path, content, mode, steps):
            path.write_bytes(b"")
            pass_point(steps.begun)
            path.write_bytes(content)
        written.put_file = put_file
        scenes.make_base(place / "base")
        scene = scenes.SCENES[-1]
        wrong = strike(place / "base", place / "canary", Kill(scene, CrashPoint.MARK_BEGUN, 1))
    """,
    "a file whose pages are not compared with the tally": """
        from runtime.state import lmdb_form
        def sum_up(transaction, entries):
            return sum(int.from_bytes(stored[:8], "big") for _, stored in transaction.cursor(entries)) % lmdb_form.SUMS
        lmdb_form._sum_up = sum_up
        from tests.crashes.states import try_states
        wrong = try_states(place / "states", 1, range(1, 300)).wrong
    """,
    "a file whose free pages are trusted after a crash": """
        from runtime.state import lmdb
        lmdb._recover = lmdb._examine
        from tests.crashes.states import try_states
        wrong = try_states(place / "states", 1, range(1, 300)).wrong
    """,
}


def wrong_of(canary: str, place: Path) -> int:
    """Return how much is found wrong with a canary's mistake."""
    program = (
        "import sys, textwrap\nfrom pathlib import Path\nfrom runtime.crash_points import CrashPoint\n"
        "from tests.crashes.walk import Kill, strike\nplace = Path(sys.argv[1])\n"
        "exec(textwrap.dedent(sys.argv[2]))\nprint(len(wrong), *wrong)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(place), CANARIES[canary]], cwd=ROOT, capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    return int(said.split()[0])


@pytest.mark.parametrize("canary", CANARIES)
def test_what_is_wrong_is_seen(canary: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert wrong_of(canary, tmp_path_factory.mktemp("canary")) >= 1


# ---------------------------------------------------------------- the table


def test_numbers_count_up_and_each_point_says_something_of_its_own() -> None:
    assert [point.value.number for point in CrashPoint] == list(range(1, len(CrashPoint) + 1))
    assert len({(point.value.writing, point.value.on_disk) for point in CrashPoint}) == len(CrashPoint)


def test_every_point_stands_in_one_place_of_the_sources() -> None:
    named: list[str] = []
    for module in project_modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "CrashPoint":
                named.append(node.attr)
    assert sorted(named) == sorted(point.name for point in CrashPoint)


def test_a_call_passes_a_point_of_the_table() -> None:
    steps = set(Steps.__dataclass_fields__)
    for name in WRITERS:
        for node in ast.walk(project_modules()[name].tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "pass_point":
                (point,) = node.args
                assert isinstance(point, ast.Attribute)
                assert isinstance(point.value, ast.Name)
                assert point.value.id == "CrashPoint" or (point.value.id == "steps" and point.attr in steps)


def test_only_the_rim_passes_crash_points() -> None:
    modules = project_modules()
    users = {
        name
        for name, module in modules.items()
        if any(found.name == "runtime.crash_points" for found in imported_modules(module, modules))
    }
    assert users == WRITERS


WRITING = {
    "runtime/files.py: mkstemp": "the one place",
    "runtime/state/lmdb.py: mkstemp": "the copy of a store after a crash, renamed when it is whole",
    "gbalang/cli/replicas.py: write_bytes": "in a temporary folder, which nobody opens after a crash",
}


def test_files_are_written_in_one_place() -> None:
    """Whoever writes a file otherwise has no crash points, and may leave half of it."""
    writing = {"write_bytes", "write_text", "touch", "mkstemp", "NamedTemporaryFile"}
    found = [
        f"{module.path}: {node.func.attr}"
        for module in project_modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writing
    ]
    assert sorted(found) == sorted(WRITING)
