"""Eleven cities as processes of their own: what `gba test` and `gba simulate` let them execute, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gbalang.check.typed import Contract
from gbalang.cli.entries import show_entry
from gbalang.cli.session import Session
from gbalang.cli.staging import stage_of
from gbalang.isa.opcodes import BY_NUMBER
from gbalang.isa.program import FunctionKind, LineMap, Program
from gbalang.pipeline import Compiled
from gbalang.testing.chronicle import Chronicle, write_chronicle
from runtime import codec
from runtime.records import Call, Recording, StateEntry
from runtime.simulator.credentials import HashedCredentials
from runtime.simulator.run import OUTCOMES
from runtime.witnesses.comparing import Comparison, Divergence, compare
from runtime.witnesses.interpreters import find_interpreters
from runtime.witnesses.processes import Company
from runtime.witnesses.settings import (
    ENGINE,
    HASH_SEED,
    INTERPRETER,
    LOCALE,
    TIME_ZONE,
    Design,
    Settings,
    all_axes,
    design,
    ordinary,
)

SHOWN_AXES = (INTERPRETER, ENGINE, HASH_SEED, LOCALE, TIME_ZONE)
"""Those with a column of their own; of the others what is not ordinary is named."""


@dataclass(frozen=True, slots=True)
class Cities:
    """The processes of this machine and how they differ."""

    company: Company
    design: Design
    interpreters: tuple[str, ...]

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that take part."""
        return tuple(sorted({settings.of(ENGINE) for settings in self.design.cities.values()}))


@cache
def cities_apart() -> Cities:
    """Return what this machine has."""
    paths = dict(find_interpreters())
    planned = design(all_axes(tuple(paths)))
    used = dict.fromkeys(settings.of(INTERPRETER) for settings in planned.cities.values())
    return Cities(Company(paths), planned, tuple(used))


def execute_apart(recording: Recording) -> Comparison:
    """Let every city execute a recording in a process of its own."""
    cities = cities_apart()
    with TemporaryDirectory(prefix="gba-") as folder:
        path = Path(folder) / "history.recording"
        path.write_bytes(codec.encode_recording(recording))
        return compare(cities.company, cities.design, recording, path)


@dataclass(frozen=True, slots=True)
class Apart:
    """A history of an instrument on a ledger, and what eleven processes say that executed it again."""

    chronicle: Chronicle
    comparison: Comparison

    @property
    def holds(self) -> bool:
        """Whether the ledger decided as the trial did, and every process agrees."""
        return self.comparison.agrees and not self.chronicle.disagreeing


def history_apart(session: Session, contract: Contract, compiled: Compiled, seed: int) -> Apart | None:
    """Draw a history of an instrument and let separate processes execute it; None if it has no act.

    Raises StageFailed when the instrument cannot be brought into force.
    """
    if not any(function.kind is FunctionKind.ACT for function in compiled.program.functions):
        return None
    stage = stage_of(session, compiled.container, HashedCredentials())
    chronicle = write_chronicle(contract, stage, seed)
    return Apart(chronicle, execute_apart(chronicle.recording))


def lines_apart(session: Session, apart: Apart, compiled: Compiled) -> list[str]:
    """Return what eleven processes said of a history."""
    chronicle = apart.chronicle
    outcomes = {name: chronicle.outcomes.get(name, 0) for name in OUTCOMES.values()}
    lines = [session.word("replicas_history", **outcomes)]
    if chronicle.disagreeing:
        lines.append(session.word("replicas_ledger_differs", acts=", ".join(chronicle.disagreeing)))
    program, line_map = compiled.program, compiled.line_map
    return lines + _comparison_lines(session, chronicle.recording, apart.comparison, program, line_map)


def apart_as_json(apart: Apart) -> dict[str, Any]:
    """Return the same for the JSON document of a command."""
    return {
        "holds": apart.holds,
        "outcomes": dict(sorted(apart.chronicle.outcomes.items())),
        "ledger_decided_otherwise": list(apart.chronicle.disagreeing),
        **comparison_as_json(apart.chronicle.recording, apart.comparison),
    }


def tell_comparison(
    session: Session, recording: Recording, comparison: Comparison, program: Program, lines: LineMap
) -> None:
    """Say whether the cities agree, and of each that does not, what differs, where it arose and what it comes from."""
    for line in _comparison_lines(session, recording, comparison, program, lines):
        session.line(line)


def _comparison_lines(
    session: Session, recording: Recording, comparison: Comparison, program: Program, lines: LineMap
) -> list[str]:
    told: list[str] = []
    if comparison.agrees:
        transactions = sum(len(block.transactions) for block in recording.blocks)
        told.append(session.word(
            "replicas_agree", cities=len(comparison.agreeing), transactions=f"{transactions:,}",
            blocks=f"{len(recording.blocks):,}",
        ))  # fmt: skip
    elif not comparison.held:
        told.append(session.word("replicas_all_differ", said=comparison.said))
    for divergence in comparison.divergences:
        told += _divergence_lines(session, recording, divergence, program, lines)
    return told


def _divergence_lines(
    session: Session, recording: Recording, divergence: Divergence, program: Program, lines: LineMap
) -> Iterator[str]:
    city = divergence.city
    if divergence.height is None or divergence.index is None:
        yield session.word("replicas_differ", city=city, said=divergence.said)
    else:
        height, index, what = divergence.height, divergence.index, divergence.what
        act = act_of(recording, height, index)
        yield session.word("replicas_differ_in", city=city, height=height, index=index, act=act)
        yield session.word("replicas_value", what=what, value=shown(program, what, divergence.expected))
        found = shown(program, what, divergence.found)
        yield session.word("replicas_other_value", city=city, what=what, value=found)
    if divergence.place is not None:
        yield session.word("replicas_place", **_place_facts(divergence, program, lines))
    axes = ", ".join(
        f"{session.word(f'axis_{name}')}: {divergence.settings.of(name)}" for name in divergence.axes
    )
    yield session.word("replicas_axes_alone" if divergence.alone else "replicas_axes_together", axes=axes)


def _place_facts(divergence: Divergence, program: Program, lines: LineMap) -> dict[str, object]:
    assert divergence.place is not None
    function = program.functions[divergence.place.function]
    instruction = divergence.place.instruction
    return {
        "function": function.name,
        "article": program.articles[function.article].label,
        "line": _line(lines, divergence.place.function, instruction),
        "instruction": instruction,
        "name": BY_NUMBER[function.code[instruction].opcode].name,
    }


def _line(lines: LineMap, function: int, instruction: int) -> str:
    found = [(path, line) for since, path, line in lines.entries[function] if since <= instruction]
    return f"{lines.paths[found[-1][0]]}:{found[-1][1]}" if found else "-"


def act_of(recording: Recording, height: int, index: int) -> str:
    """Return the name of the act that a transaction calls, or a dash."""
    try:
        signed = codec.decode_transaction(recording.blocks[height - 1].transactions[index])
    except codec.Undecodable:
        return "-"
    payload = signed.transaction.payload
    return payload.act if isinstance(payload, Call) else type(payload).__name__


def shown(program: Program, what: str, value: str) -> str:
    """Return a value of an account as people read it: an entry of a register as in .gba, anything else as it is."""
    key, _, data = value.partition(" ")
    if what != "change" or data in {"", "none"}:
        return value or "-"
    entry = show_entry(program, StateEntry(bytes.fromhex(key), bytes.fromhex(data), b""))
    return value if entry is None else f"{entry.register}: {entry.value}"


def tell_cities(session: Session) -> None:
    """Show in what the processes differ."""
    cities = cities_apart()
    usual = ordinary(next(iter(cities.design.cities.values())).axes)
    headings = [session.word(f"axis_{name}") for name in ("city", *SHOWN_AXES, "further")]
    rows = [
        (city, *(settings.of(name) for name in SHOWN_AXES), _further(session, settings, usual))
        for city, settings in cities.design.cities.items()
    ]
    session.line()
    session.table(headings, rows)
    session.say(
        "replicas_design", interpreters=len(cities.interpreters), engines=len(cities.engines),
        met=cities.design.met, pairs=cities.design.pairs,
    )  # fmt: skip


def _further(session: Session, settings: Settings, usual: Settings) -> str:
    return ", ".join(
        f"{session.word(f'axis_{name}')}: {settings.of(name)}"
        for name in usual.differing(settings) if name not in SHOWN_AXES
    )


def comparison_as_json(recording: Recording, comparison: Comparison) -> dict[str, Any]:
    """Return what the cities said, for the JSON document of a command."""
    return {
        "transactions": sum(len(block.transactions) for block in recording.blocks),
        "blocks": len(recording.blocks),
        "agree": comparison.agrees,
        "said": comparison.said,
        "divergences": [
            {"city": each.city, "height": each.height, "transaction": each.index, "what": each.what,
             "expected": each.expected, "found": each.found, "said": each.said,
             "function": None if each.place is None else each.place.function,
             "instruction": None if each.place is None else each.place.instruction,
             "axes": list(each.axes), "alone": each.alone}
            for each in comparison.divergences
        ],
    }  # fmt: skip


def cities_as_json() -> dict[str, Any]:
    """Return in what the processes differ. It depends on what this machine has, so it stands apart from results."""
    cities = cities_apart()
    return {
        "interpreters": list(cities.interpreters),
        "engines": list(cities.engines),
        "pairs_of_settings": {"met": cities.design.met, "of": cities.design.pairs},
        "cities": {
            city: {axis.name: settings.of(axis.name) for axis in settings.axes}
            for city, settings in cities.design.cities.items()
        },
    }
