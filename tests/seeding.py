"""Every property test draws from the root seed of the run and its own name.

So a run can be repeated from one number, and neither the order of the tests nor the number of processes changes what a
test draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import hypothesis

SETTINGS_ATTRIBUTE = "_hypothesis_internal_use_settings"


def seed_test(function: Callable[..., Any], root_seed: int, test_name: str) -> None:
    """Seed a test made with `@given`, or a state machine's test, and keep its settings."""
    digest = hashlib.sha256(f"{root_seed} {test_name}".encode()).digest()
    target = getattr(function, "_hypothesis_state_machine_class", function)
    settings = getattr(target, SETTINGS_ATTRIBUTE, None)
    hypothesis.seed(int.from_bytes(digest[:8], "big"))(target)
    # seed() also turns the database of failed examples off, because it expects a seed written by hand for one repeat.
    if settings is not None:
        setattr(target, SETTINGS_ATTRIBUTE, settings)
