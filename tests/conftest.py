"""Settings of the whole suite: the Hypothesis profiles and the seed of a run.

Hypothesis chooses a profile of its own when it sees that it runs under CI: fixed draws and no memory of failures, so
that every run repeats the same cases for ever. Our profiles therefore say everything and are loaded by name.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from runtime.witnesses.interpreters import find_interpreters
from tests.seeding import seed_test

COMMON_SETTINGS: dict[str, Any] = {
    "deadline": None,  # a busy machine is no failure
    "derandomize": False,  # each run draws anew; the seed printed at the end repeats it
    "database": DirectoryBasedExampleDatabase(Path(__file__).parent.parent / ".hypothesis" / "examples"),
    "print_blob": True,
    "suppress_health_check": [HealthCheck.too_slow],  # the same reason as for the deadline
}
settings.register_profile("ci", max_examples=100, **COMMON_SETTINGS)
settings.register_profile("soak", max_examples=5_000, **COMMON_SETTINGS)
settings.load_profile("ci")

ROOT_SEED = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    given = config.getoption("--hypothesis-seed", default=None)
    worker_input: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker_input is not None:
        config.stash[ROOT_SEED] = worker_input["root_seed"]
    else:
        config.stash[ROOT_SEED] = int(given) if str(given or "").isdecimal() else secrets.randbits(32)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """All worker processes of pytest-xdist draw from one root seed."""
    node.workerinput["root_seed"] = node.config.stash[ROOT_SEED]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        function = getattr(item, "function", None)
        if getattr(function, "is_hypothesis_test", False):
            seed_test(item.function, config.stash[ROOT_SEED], item.nodeid.partition("[")[0])  # type: ignore[attr-defined]


def pytest_report_header() -> str:
    return "witnesses: " + ", ".join(name for name, _ in find_interpreters())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    root_seed = config.stash[ROOT_SEED]
    terminalreporter.write_line(f"root seed {root_seed}; the same draws again: make test SEED={root_seed}")
