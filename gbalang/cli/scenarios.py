"""Scenarios of the instruments (contracts/README.md says their form), read and run on a network.

A scenario foretells every outcome; running it is a test. Whoever runs it provides a `Stage`: a network at a drafter's
desk, or one in memory.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from gbalang import bundled
from gbalang.cli import moments
from gbalang.isa.program import FunctionKind, Program
from gbalang.isa.types import Record, Value
from gbalang.isa.values import encode_value
from gbalang.isa.verify import VerifiedProgram
from gbalang.literals import format_value, parse_value
from gbalang.vm.faults import Fault
from gbalang.vm.host import Context, Done, Faulted, Refused
from gbalang.vm.machine import permitted, run_query
from runtime.calls import LedgerHost, context_of, find_function, program_of, version_in_force
from runtime.certificates import KIND_NAMES, HolderKind
from runtime.identities import certificate_fields
from runtime.journal import Journal
from runtime.node import Node
from runtime.outcome import Circumstances
from runtime.records import Call, OutcomeKind, Payload, Receipt
from runtime.rejections import Rejection
from runtime.transition import day_of

PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Step:
    """An act or a query of a scenario, with what is foretold of it.

    `expected` is "done", "refused:NAME", "fault:NAME" or "rejected:NAME" for an act; for a query "" and `result` or
    `fields` are literals, or "refused:NAME".
    """

    contract: str
    at_ms: int
    actor: str
    kind: str
    roles: tuple[str, ...]
    act: str
    query: str
    arguments: tuple[tuple[str, str], ...]
    expected: str
    result: str | None
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps in the order of time, acts first and then the checks."""

    contract: str
    begins: str
    acts: tuple[Step, ...]
    checks: tuple[Step, ...]


class Stage(Protocol):
    """Where scenarios are run."""

    def leader(self) -> Node:
        """Return a node that holds the highest block."""

    def stand(self, reference: str, kind: HolderKind, roles: tuple[str, ...]) -> bytes:
        """Return the fingerprint of a holder's certificate, certified and admitted before if need be."""

    def carry_out_at(self, time_ms: int, calls: Sequence[tuple[str, Payload]]) -> list[Receipt]:
        """Put calls into one block at that time, or the next possible one, and return their receipts in order."""


class Unforetold(Exception):  # noqa: N818  # what happened, not an error of ours
    """An outcome differs from what the scenario foretells."""

    def __init__(self, step: Step, found: str) -> None:
        what = step.act or step.query
        super().__init__(
            f"{step.contract}.{what} by {step.actor or 'anyone'} at {moments.show_moment(step.at_ms)} "
            f"{dict(step.arguments)}: foretold {step.expected or step.result or dict(step.fields)}, found {found}"
        )
        self.step = step
        self.found = found


# ---------------------------------------------------------------- reading


def load_story(contract: str) -> Scenario:
    """Return the story of a bundled instrument (scenario.json)."""
    document = _json(bundled.read_contract_file(contract, "scenario.json"))
    steps = [_step(document["contract"], step, {}) for step in document["steps"]]
    return Scenario(document["contract"], document["begins"], tuple(steps), ())


def load_applications(contract: str) -> Scenario:
    """Return the many applications of a bundled instrument (applications.json and its table)."""
    document = _json(bundled.read_contract_file(contract, "applications.json"))
    table = bundled.read_contract_file(contract, document["rows"]).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(table), strict=True))
    name = document["contract"]
    acts = [_step(name, step, {}) for step in document["setup"]]
    checks: list[Step] = []
    for row in rows:
        acts.extend(_steps_of_row(name, document["for_each_row"], row, "expected"))
        checks.extend(_steps_of_row(name, document["checks_for_each_row"], row, "only_if"))
    checks.extend(_step(name, step, {}) for step in document["checks"])
    return Scenario(name, document["begins"], tuple(sorted(acts, key=lambda step: step.at_ms)), tuple(checks))


def _json(data: bytes) -> Any:
    def refuse(text: str) -> None:
        raise ValueError(f"scenarios hold no fractional numbers: {text}")

    return json.loads(data.decode("utf-8"), parse_float=refuse)


def _steps_of_row(name: str, steps: list[Any], row: Mapping[str, str], needed: str) -> Iterator[Step]:
    for step in steps:
        if isinstance(step.get(needed), str) and not _fill(step[needed], row):
            continue
        yield _step(name, step, row)


def _fill(text: str, row: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: row[found.group(1)], text)


def _step(contract: str, step: Mapping[str, Any], row: Mapping[str, str]) -> Step:
    def fill(text: str) -> str:
        return _fill(text, row)

    at_ms = moments.parse_moment(fill(step["at"]))
    assert at_ms is not None, step["at"]
    return Step(
        contract=contract,
        at_ms=at_ms,
        actor=fill(step["actor"]),
        kind=fill(step["kind"]),
        roles=tuple(fill(role) for role in step["roles"]),
        act=step.get("act", ""),
        query=step.get("query", ""),
        arguments=tuple((name, fill(text)) for name, text in step["arguments"].items()),
        expected=_expected(step, fill),
        result=fill(step["result"]) if "result" in step else None,
        fields=tuple((name, fill(text)) for name, text in step.get("fields", {}).items()),
    )


def _expected(step: Mapping[str, Any], fill: Callable[[str], str]) -> str:
    if "refused" in step:
        return "refused:" + fill(step["refused"])
    expected = step.get("expected", "")
    if isinstance(expected, str):
        return fill(expected)
    ((kind, name),) = expected.items()
    return f"{kind}:{fill(name)}"


def merged(scenarios: Iterable[Scenario]) -> tuple[Step, ...]:
    """Return the acts of several scenarios in one order of time; equal times keep the scenarios' order."""
    return tuple(sorted((step for scenario in scenarios for step in scenario.acts), key=lambda step: step.at_ms))


# ---------------------------------------------------------------- running


def stand_all(stage: Stage, steps: Iterable[Step]) -> int:
    """Certify and admit everybody who acts in the steps; returns how many."""
    kinds = {name: kind for kind, name in KIND_NAMES.items()}
    actors = {(step.actor, step.kind, step.roles) for step in steps if step.actor}
    for actor, kind, roles in sorted(actors):
        stage.stand(actor, kinds[kind], roles)
    return len(actors)


def run_acts(stage: Stage, steps: Iterable[Step]) -> Iterator[tuple[Step, Receipt]]:
    """Carry out acts, those of one moment in one block, and yield each with its receipt. Raises Unforetold."""
    for group in _moments(steps):
        calls = [(step.actor, _call(stage.leader(), step)) for step in group]
        receipts = stage.carry_out_at(group[0].at_ms, calls)
        for step, receipt in zip(group, receipts, strict=True):
            found = outcome_name(stage.leader(), receipt)
            if found != step.expected:
                raise Unforetold(step, found)
            yield step, receipt


def run_story(stage: Stage, steps: Iterable[Step]) -> Iterator[tuple[Step, Receipt | None]]:
    """Carry out acts and ask queries in the order told; a query has no receipt. Raises Unforetold."""
    for asks, group in groupby(steps, key=lambda step: bool(step.query)):
        if asks:
            for step in group:
                run_check(stage, step)
                yield step, None
        else:
            yield from run_acts(stage, group)


def _moments(steps: Iterable[Step]) -> Iterator[list[Step]]:
    group: list[Step] = []
    for step in steps:
        if group and step.at_ms != group[0].at_ms:
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _call(leader: Node, step: Step) -> Call:
    version, verified = _governing(leader, step)
    program = verified.program
    index = find_function(program, step.act, FunctionKind.ACT)
    assert index is not None, f"{step.contract} has no act {step.act}"
    given = dict(step.arguments)
    parameters = program.functions[index].parameters
    assert set(given) == {parameter.name for parameter in parameters}, (step.act, sorted(given))
    encoded = tuple(
        # A scenario may foretell that the ledger finds a value out of range.
        encode_value(parameter.type, parse_value(parameter.type, given[parameter.name], program, within=False), program)
        for parameter in parameters
    )
    return Call(program.name, version, step.act, encoded)


def _governing(leader: Node, step: Step) -> tuple[int, VerifiedProgram]:
    current = version_in_force(leader.state, step.contract, day_of(step.at_ms))
    assert current is not None, f"{step.contract} is in force when its scenario begins"
    return current[0], program_of(leader.state, leader.programs, current[1].digest)


def outcome_name(leader: Node, receipt: Receipt) -> str:
    """Return an outcome as scenarios write it."""
    match receipt.outcome:
        case OutcomeKind.DONE:
            return "done"
        case OutcomeKind.REFUSED:
            program = program_of(leader.state, leader.programs, receipt.program).program
            return "refused:" + program.refusals[receipt.code].name
        case OutcomeKind.FAULTED:
            return "fault:" + Fault(receipt.code).name.lower()
        case OutcomeKind.REJECTED:
            return "rejected:" + Rejection(receipt.code).name.lower()


def run_checks(stage: Stage, checks: Iterable[Step]) -> int:
    """Ask the queries of a scenario; returns how many. Raises Unforetold."""
    count = 0
    for step in checks:
        run_check(stage, step)
        count += 1
    return count


def run_check(stage: Stage, step: Step) -> None:
    """Ask one query and compare its answer. Raises Unforetold."""
    leader = stage.leader()
    _, verified = _governing(leader, step)
    program = verified.program
    index = find_function(program, step.query, FunctionKind.QUERY)
    assert index is not None, f"{step.contract} has no query {step.query}"
    function = program.functions[index]
    given = dict(step.arguments)
    values = tuple(parse_value(field.type, given[field.name], program) for field in function.parameters)
    context = _context(stage, step)
    if not permitted(program, function, context, values):
        raise Unforetold(step, "not permitted")
    outcome = run_query(verified, index, values, context, LedgerHost(Journal(leader.state), program))
    match outcome:
        case Refused():
            found = "refused:" + program.refusals[outcome.refusal].name
            if step.expected != found:
                raise Unforetold(step, found)
        case Faulted():
            raise Unforetold(step, "fault:" + outcome.fault.name.lower())
        case Done():
            assert function.result is not None
            assert outcome.result is not None
            if step.expected:
                raise Unforetold(step, format_value(function.result, outcome.result, program))
            _compare(step, program, function.result, outcome.result)


def _context(stage: Stage, step: Step) -> Context:
    leader = stage.leader()
    circumstances = Circumstances(leader.end.height, step.at_ms // 1000, day_of(step.at_ms), leader.programs)
    if not step.actor:
        return Context("", "", "", (), circumstances.now_s, circumstances.today)
    kinds = {name: kind for kind, name in KIND_NAMES.items()}
    fields = certificate_fields(leader.state, stage.stand(step.actor, kinds[step.kind], step.roles))
    assert fields is not None
    return context_of(fields, circumstances)


def _compare(step: Step, program: Program, result_type: Any, result: Value) -> None:
    shown = format_value(result_type, result, program)
    if step.result is not None and parse_value(result_type, step.result, program) != result:
        raise Unforetold(step, shown)
    if not step.fields:
        return
    assert isinstance(result_type, Record)
    assert isinstance(result, tuple)
    fields = program.records[result_type.index].fields
    places = {field.name: position for position, field in enumerate(fields)}
    for name, literal in step.fields:
        place = places[name]
        if parse_value(fields[place].type, literal, program) != result[place]:
            raise Unforetold(step, shown)
