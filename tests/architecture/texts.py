"""The text files that belong to the project, for the tests that read all of them."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

from tests.architecture.sources import ROOT

BUILT_FOLDERS = frozenset({"__pycache__", "build", "dist", "demo-network", "_bundled"})


@functools.cache
def project_texts() -> dict[str, str]:
    """The text of every file that git holds or would take up, by its path from the root; without git, of every file."""
    texts = {}
    for path in _paths_from_git() or _paths_from_walk():
        try:
            texts[path] = (ROOT / path).read_bytes().decode("utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue  # not a text, or deleted and not yet committed
    return texts


def _paths_from_git() -> list[str]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return []
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return [os.fsdecode(path) for path in run.stdout.split(b"\0") if path]


def _paths_from_walk() -> list[str]:
    paths = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            each
            for each in folders
            if each == ".ci"
            or not (each in BUILT_FOLDERS or each.startswith(".") or Path(folder, each, "pyvenv.cfg").exists())
        ]
        paths += [(Path(folder) / file).relative_to(ROOT).as_posix() for file in files]
    return paths
