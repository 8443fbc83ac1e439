"""The bank stays true to the code: each bug can still be put in, and its check is there. `make bugs` runs it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.bugs.bank import BUGS, Bug
from tests.bugs.run import name_of, slowest_first, try_bug
from tests.bugs.trees import ROOT, Verdict

GROUPS = {
    "machine", "compiler", "drafting", "encoding", "verifier", "state", "store", "transition", "quorum", "network",
    "oracle", "nondeterminism",
}  # fmt: skip


@pytest.mark.parametrize("bug", BUGS, ids=[f"{bug.group}-{place}" for place, bug in enumerate(BUGS)])
def test_the_bug_can_be_put_in(bug: Bug) -> None:
    text = (ROOT / bug.path).read_text("utf-8")
    assert text.count(bug.before) == 1
    assert bug.after != bug.before
    for part in bug.check.split():
        path, _, test = part.partition("::")
        assert (ROOT / path).exists()
        assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8")


def test_the_bank_is_large_and_wide() -> None:
    assert len(BUGS) >= 60
    assert set(Counter(bug.group for bug in BUGS)) == GROUPS
    assert len({(bug.path, bug.before, bug.after) for bug in BUGS}) == len(BUGS)


def test_the_slowest_checks_come_first_and_a_bug_is_shown_in_one_line() -> None:
    quick, slow = [Bug("machine", f"{check}.py", "\n  first\n  second\n", "", check) for check in ("quick", "slow")]
    seconds = {"quick": Verdict(0, 1.0), "slow": Verdict(0, 9.0)}
    assert slowest_first([quick, slow, quick], seconds) == [slow, quick, quick]
    assert name_of(quick) == "quick.py: first"


def test_a_bug_is_taken_out_again_and_a_broken_check_catches_nothing(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("VALUE = 1\n")
    (tmp_path / "test_code.py").write_text("from code_under_test import nothing\n")
    verdict = try_bug(tmp_path, Bug("machine", "code.py", "1", "2", "test_code.py"))
    assert not verdict.caught
    assert (tmp_path / "code.py").read_text() == "VALUE = 1\n"
    test = "import pathlib\n\ndef test() -> None:\n    assert '1' in pathlib.Path('code.py').read_text()\n"
    (tmp_path / "test_code.py").write_text(test)
    assert try_bug(tmp_path, Bug("machine", "code.py", "1", "2", "test_code.py")).caught
    assert not try_bug(tmp_path, Bug("machine", "code.py", "= 1", "= 1 ", "test_code.py")).caught
    assert Verdict(None, 1.0).caught
