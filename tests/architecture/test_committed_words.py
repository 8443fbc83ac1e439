"""No file names a place or a service that a reader of the project does not have."""

from __future__ import annotations

import re

import pytest

from tests.architecture.texts import project_texts

# Built from parts, so that this file does not contain what it forbids.
OWN_FOLDERS = re.compile(r"(?<![\w.*/-])/(?:" + "|".join(("ro" + "ot", "wo" + "rk", "fa" + "rm", "ho" + "me")) + r")/")
TEMPORARY_FOLDER = re.compile(r"(?<![\w.*/-])/t" + r"mp/")
REGISTRY = re.compile(
    "|".join(
        (
            r"py" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"npm" + r"js\.(?:org|com)",
            r"crates" + r"\.io",
            r"proxy\.golang" + r"\.org",
            r"--(?:extra-)?index" + "-url",
            r"trusted" + "-host",
        )
    )
)


def forbidden_words(path: str, text: str) -> list[str]:
    patterns = [OWN_FOLDERS, REGISTRY]
    if not path.startswith("tests/"):  # a test may need a path that no machine has to have
        patterns.append(TEMPORARY_FOLDER)
    return [
        f"{path}:{number}: {found[0]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for pattern in patterns
        if (found := pattern.search(line))
    ]


def test_files_name_no_place_of_one_machine() -> None:
    wrong = [line for path, text in project_texts().items() for line in forbidden_words(path, text)]
    assert not wrong, "\n".join(wrong)


def test_many_files_are_read() -> None:
    texts = project_texts()
    assert {"pyproject.toml", "Makefile", ".ci/run", "gbalang/errors.py", "runtime/__init__.py"} <= set(texts)
    assert not any(path.startswith((".venv/", ".git/")) for path in texts)


@pytest.mark.parametrize(
    "line",
    [
        "cd /ro" + "ot/gbalang",
        "see '/wo" + "rk/x'",
        "(/ho" + "me/someone/x)",
        "open /t" + "mp/x",
        "https://py" + "pi.org/simple",
        "pip install --index" + "-url x",
    ],
)
def test_a_forbidden_word_is_seen(line: str) -> None:
    assert len(forbidden_words("docs/ledger.md", line)) == 1


@pytest.mark.parametrize("line", ["state/ro" + "ot/x", "https://example.org/ho" + "me/x", "the ro" + "ot / work"])
def test_an_innocent_line_is_accepted(line: str) -> None:
    assert forbidden_words("docs/ledger.md", line) == []
