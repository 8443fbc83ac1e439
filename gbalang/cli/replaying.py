"""A kept failure against the instrument as it stands now: it still fails, it holds, or it is no longer applicable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from gbalang.cli.keeping import Kept, KeptCase, KeptDeed, KeptHistory
from gbalang.cli.values import ArgumentFault, collect_arguments
from gbalang.isa.program import Function, FunctionKind, Program
from gbalang.isa.types import Date, Reference, Type, Value
from gbalang.literals import LiteralRefused, parse_value, show_date, type_name
from gbalang.testing.guided import on_day
from gbalang.testing.histories import InvariantResult, run_history
from gbalang.testing.properties import PropertyResult, run_case
from gbalang.testing.running import Deed, Runner
from gbalang.testing.trial import HOLDS
from gbalang.vm.host import Context

FACT_CHARACTERS_MAX = 80
"""Characters of a name or value of a kept failure that are shown when it does not fit."""

Status: TypeAlias = Literal["fails", "holds", "not applicable"]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A kept failure and what became of it.

    `result`: of a failure that is still one. `reason`: why it is no longer applicable, a key of the words' table and
    its facts. `carried_out`: the deeds of a history that the instrument still lets be done.
    """

    path: Path
    kept: Kept
    status: Status
    result: PropertyResult | InvariantResult | None = None
    reason: tuple[str, dict[str, str]] = ("", {})
    carried_out: int = 0


class _NotApplicable(Exception):  # noqa: N818  # what has become of a case, not an error
    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def replay(runner: Runner, path: Path, kept: Kept) -> Replayed:
    """Try a kept failure on the instrument of a runner."""
    try:
        if kept.instrument != runner.trial.contract.name:
            raise _NotApplicable("kept_other_instrument", name=kept.instrument)
        match kept:
            case KeptCase():
                return _replay_case(runner, path, kept)
            case KeptHistory():
                return _replay_history(runner, path, kept)
    except _NotApplicable as gone:
        return not_applicable(path, kept, gone.key, gone.facts)
    except ArgumentFault as gone:
        return not_applicable(path, kept, gone.key, gone.facts)


def not_applicable(path: Path, kept: Kept, key: str, facts: dict[str, str]) -> Replayed:
    """Return what is said of a kept failure that has nothing to do with the instrument any more."""
    shown = {
        name: text if len(text) <= FACT_CHARACTERS_MAX else text[:FACT_CHARACTERS_MAX] + "…"
        for name, text in facts.items()
    }
    return Replayed(path, kept, "not applicable", reason=(key, shown))


def _replay_case(runner: Runner, path: Path, kept: KeptCase) -> Replayed:
    trial = runner.trial
    position = next((place for place, each in enumerate(trial.contract.properties) if each.title == kept.what), None)
    if position is None:
        raise _NotApplicable("kept_property_gone", name=kept.what)
    stated = trial.contract.properties[position]
    function = trial.program.functions[trial.functions[HOLDS, position]]
    case = _arguments(trial.program, replace(function, name=stated.title), kept.variables)
    day = None
    if stated.dated:
        if not kept.day:
            raise _NotApplicable("kept_day_needed")
        day = _day(trial.program, kept.day)
    result = run_case(runner, position, case, day)
    if result is None:
        raise _NotApplicable("kept_case_excluded")
    return Replayed(path, kept, "holds") if result.holds else Replayed(path, kept, "fails", result)


def _replay_history(runner: Runner, path: Path, kept: KeptHistory) -> Replayed:
    invariant = _function(runner.trial.program, FunctionKind.INVARIANT, kept.what, "kept_invariant_gone")
    deeds = tuple([_deed(runner.trial.program, deed) for deed in kept.deeds])
    result, carried_out = run_history(runner, invariant, deeds)
    if result.status == "broken":
        return Replayed(path, kept, "fails", result, carried_out=carried_out)
    return Replayed(path, kept, "holds", carried_out=carried_out)


def _deed(program: Program, kept: KeptDeed) -> Deed:
    act = _function(program, FunctionKind.ACT, kept.act, "kept_act_gone")
    day = _day(program, kept.day)
    if day < program.effective:
        raise _NotApplicable("kept_before_commencement", day=kept.day, commencement=show_date(program.effective))
    known = {role.name for role in program.roles}
    for role in kept.roles:
        if role not in known:
            raise _NotApplicable("kept_role_gone", name=role)
    actor = str(_value(program, Reference(kept.kind), "actor", kept.actor))
    who = Context(actor, kept.kind, actor.partition("/")[0], kept.roles, 0, day)
    return Deed(act, on_day(who, day), _arguments(program, program.functions[act], kept.arguments))


def _function(program: Program, kind: FunctionKind, name: str, gone: str) -> int:
    for place, function in enumerate(program.functions):
        if function.kind is kind and function.name == name:
            return place
    raise _NotApplicable(gone, name=name)


def _arguments(program: Program, function: Function, texts: tuple[tuple[str, str], ...]) -> tuple[Value, ...]:
    return collect_arguments(program, function, (), dict(texts))


def _day(program: Program, text: str) -> int:
    day = _value(program, Date(), "day", text)
    assert isinstance(day, int)
    return day


def _value(program: Program, type_: Type, name: str, text: str) -> Value:
    try:
        return parse_value(type_, text, program)
    except LiteralRefused as refused:
        facts = {"name": name, "text": text, "type": type_name(type_, program), "reason": refused.reason}
        raise _NotApplicable("argument_malformed", **facts) from None
