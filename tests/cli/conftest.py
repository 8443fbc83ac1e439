"""A network of eleven cities in a folder, walked to as the README walks, once for all tests of the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.running import Ran, gba


@dataclass(frozen=True, slots=True)
class Walk:
    """The folder of the walk and what each of its commands said, by the command's first words."""

    folder: Path
    ran: dict[str, Ran]

    def transaction(self, step: str) -> str:
        """Return the transaction that a step of the walk made."""
        return str(self.ran[step].document()["transaction"])


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GBA_LANG", "en")
    monkeypatch.delenv("GBA_NET", raising=False)
    monkeypatch.delenv("GBA_TRACEBACK", raising=False)


@pytest.fixture(scope="session")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Walk from nothing to evidence as the README does; `call too young` is the one step it does not have."""
    folder = tmp_path_factory.mktemp("walk")
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield Walk(folder, _walked())
    finally:
        os.chdir(before)


def _walked() -> dict[str, Ran]:
    office = ("--kind", "department", "--role", "transport_office")
    steps = {
        "new": ("new", "seniors"),
        "check": ("check", "seniors"),
        "test": ("test", "seniors", "--cases", "20", "--histories", "5", "--no-apart"),
        "net init": ("net", "init", "--no-calendars"),
        "deploy": ("deploy", "seniors/contract.gba"),
        "id issue person": ("id", "issue", "Guangzhou/alice", "--kind", "person"),
        "id issue office": ("id", "issue", "Guangzhou/transport", *office),
        "call too young": (*_APPLY, "age=64", *_AS_ALICE),
        "call apply": (*_APPLY, "age=70", *_AS_ALICE),
        "call decide": ("call", "seniors", "decide", "place=Guangzhou", "applicant=Guangzhou/alice", *_AS_OFFICE),
        "query": ("query", "seniors", "application_of", "applicant=Guangzhou/alice"),
    }
    ran = {name: gba(*words, "--json") for name, words in steps.items()}
    transaction = str(ran["call apply"].document()["transaction"])
    ran["explain"] = gba("explain", transaction, "--lang", "zh-Hant", "--json")
    ran["evidence"] = gba("evidence", transaction, "-o", "decision.gbae", "--json")
    ran["verify"] = gba("verify", "decision.gbae", "--json")
    return ran


_APPLY = ("call", "seniors", "apply", "place=Guangzhou", "fare=801 CNY")
_AS_ALICE = ("--as", "Guangzhou/alice")
_AS_OFFICE = ("--as", "Guangzhou/transport")
