"""gba prove: invariants, properties and required conditions, for all cases within bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gbalang.ast import nodes as n
from gbalang.check.typed import CalendarYear, Contract
from gbalang.cli.session import ExitCode, Session, shared_options
from gbalang.cli.sources import calendar_of_standard, instrument_paths, parse_file, typed_of_source
from gbalang.cli.terminal import progress
from gbalang.diagnostics.outcomes import fault_sentence
from gbalang.isa.program import FunctionKind
from gbalang.literals import show_date
from gbalang.testing.pasting import example_to_paste
from gbalang.testing.trial import Trial, prepare, standard_calendar_names

if TYPE_CHECKING:
    from gbalang.proving.terms import Effort
    from gbalang.proving.verdicts import Case, Verdict

INSTALL = 'pip install "gbalang[prove]"'
BOUND, BOUND_MAX = 2, 6
SECONDS = 600
RESOURCES = 20_000_000
"""Steps of the solver for one question: some seconds of an idle machine, long before SECONDS. They run out at the same
place everywhere."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim with its verdict. `act`: None for a property, and before anything is registered.

    `what`: its title or name; `position`: of the property or the invariant.
    """

    kind: str
    what: str
    position: int
    act: int | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Limb:
    """A condition that an act requires, with whether it can refuse: proved says that it never does."""

    act: int
    condition: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Work:
    """An instrument and what is asked of it."""

    path: Path
    document: n.Document
    text: str
    typed: Contract
    trial: Trial
    acts: tuple[int, ...]
    invariants: tuple[int, ...]
    whole: bool
    bound: int
    effort: Effort


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--act", "acts", multiple=True, metavar="NAME", help="Only this act; may be repeated.")
@click.option("--invariant", "invariants", multiple=True, metavar="NAME", help="Only this invariant; may be repeated.")
@click.option("--bound", type=click.IntRange(1, BOUND_MAX), default=BOUND, show_default=True,
              help="Entries in each register, and items of a list, at most.")  # fmt: skip
@click.option("--seconds", type=click.IntRange(1, 86_400), default=SECONDS, show_default=True,
              help="Time for one question.")  # fmt: skip
@click.option("--resources", type=click.IntRange(1_000, 4_000_000_000), default=RESOURCES, show_default=True,
              help="Steps of the solver for one question; the same on any machine.")  # fmt: skip
@shared_options
def prove(
    session: Session, paths: Sequence[Path], acts: tuple[str, ...], invariants: tuple[str, ...], bound: int,
    seconds: int, resources: int,
) -> None:  # fmt: skip
    """Prove that every act keeps every invariant and that every property holds, within bounds.

    Each answer is one of: proved within bounds; a counterexample, which has been carried out on the real machine; not
    established, with the reason. Ends with 3 if there is a counterexample.
    """
    if find_spec("z3") is None:
        session.fail(ExitCode.AT_FAULT, "prove_no_solver", command=INSTALL)
    from gbalang.proving.terms import Effort

    calendars = tuple(calendar_of_standard(name) for name in standard_calendar_names())
    reports = []
    for path in instrument_paths(session, paths):
        typed = typed_of_source(session, path)
        if isinstance(typed, CalendarYear):
            continue
        document, text = parse_file(session, path)
        trial = prepare(typed, calendars)
        work = Work(
            path, document, text, typed, trial,
            _chosen(session, path, trial, FunctionKind.ACT, acts),
            _chosen(session, path, trial, FunctionKind.INVARIANT, invariants),
            not acts and not invariants, bound, Effort(resources, seconds),
        )  # fmt: skip
        reports.append(_report(session, work))
    held = all(report["passed"] for report in reports)
    session.result({"instruments": reports, "passed": held, "bound": bound, "resources": resources})
    if not held:
        raise click.exceptions.Exit(int(ExitCode.FAILED_CHECK))


def _chosen(
    session: Session, path: Path, trial: Trial, kind: FunctionKind, names: tuple[str, ...]
) -> tuple[int, ...]:
    """Return the functions of that kind with these names, or all."""
    functions = trial.program.functions
    of_kind = [place for place, each in enumerate(functions) if each.kind is kind]
    known = {functions[place].name: place for place in (of_kind if kind is FunctionKind.ACT else trial.invariants)}
    for name in names:
        if name not in known:
            key = "prove_no_such_act" if kind is FunctionKind.ACT else "prove_no_such_invariant"
            session.fail(ExitCode.AT_FAULT, key, path=path, name=name, known=", ".join(known) or "-")
    return tuple([place for name, place in known.items() if not names or name in names])


# ---------------------------------------------------------------- asking


def _ask(work: Work) -> Iterator[tuple[list[Claimed], list[Limb]]]:
    """Ask one thing after the other."""
    from gbalang.proving.acts import prove_act, prove_beginning
    from gbalang.proving.properties import prove_property

    functions = work.trial.program.functions
    if work.whole:
        for position, stated in enumerate(work.typed.properties):
            verdict = prove_property(work.trial, position, work.bound, work.effort)
            yield [Claimed("property", stated.title, position, None, verdict)], []
    for invariant in work.invariants:
        verdict = prove_beginning(work.trial, invariant, work.bound, work.effort)
        yield [Claimed("invariant", functions[invariant].name, invariant, None, verdict)], []
    for act in work.acts:
        found = prove_act(work.trial, act, work.invariants, work.bound, work.effort)
        claims = [Claimed("invariant", functions[each].name, each, act, verdict) for each, verdict in found.invariants]
        yield claims, [Limb(act, condition, verdict) for condition, verdict in found.limbs]


def _report(session: Session, work: Work) -> dict[str, Any]:
    questions = len(work.invariants) + len(work.acts) + (len(work.typed.properties) if work.whole else 0)
    claims: list[Claimed] = []
    limbs: list[Limb] = []
    for found, required in progress(_ask(work), questions, work.typed.name):
        claims += found
        limbs += required
    _print_table(session, work, claims)
    for claimed in claims:
        _tell(session, work, claimed)
    for limb in limbs:
        if limb.verdict.status.value == "proved":
            condition = work.trial.program.conditions[limb.condition].text
            session.say("prove_never_refuses", act=_name(work, limb.act), condition=condition)
    counts = [_count([each.verdict for each in claims]), _count([each.verdict for each in limbs])]
    session.say(
        "prove_summary", path=work.path, proved=counts[0]["proved"], broken=counts[0]["counterexample"],
        open=counts[0]["not_established"], limbs=len(limbs), refusing=counts[1]["counterexample"],
        silent=counts[1]["proved"], unclear=counts[1]["not_established"], bound=work.bound,
        resources=f"{work.effort.resources:,}",
    )  # fmt: skip
    return {
        "path": str(work.path), "name": work.typed.name, "passed": not counts[0]["counterexample"],
        "summary": counts[0], "claims": [_claim_as_json(work, each) for each in claims],
        "conditions": [_limb_as_json(work, each) for each in limbs],
    }  # fmt: skip


def _count(verdicts: list[Verdict]) -> dict[str, int]:
    statuses = ("proved", "counterexample", "not_established")
    return {status: sum(verdict.status.value == status for verdict in verdicts) for status in statuses}


# ---------------------------------------------------------------- telling


def _print_table(session: Session, work: Work, claims: list[Claimed]) -> None:
    """A row for each property, and a table of acts and invariants."""
    stated = [claimed for claimed in claims if claimed.kind == "property"]
    if stated:
        rows = [(claimed.what, _answer(session, claimed.verdict)) for claimed in stated]
        session.table([session.word("prove_claim"), session.word("prove_answer")], rows)
    kept = [claimed for claimed in claims if claimed.kind == "invariant"]
    if kept:
        names = list(dict.fromkeys(claimed.what for claimed in kept))
        rows_by_act: dict[int | None, list[str]] = {}
        for claimed in kept:
            rows_by_act.setdefault(claimed.act, []).append(_answer(session, claimed.verdict))
        table = [(_name_or_beginning(session, work, act), *answers) for act, answers in rows_by_act.items()]
        session.table([session.word("test_act"), *names], table)


def _answer(session: Session, verdict: Verdict) -> str:
    answer = session.word("verdict_" + verdict.status.value)
    return session.word("prove_on_calendars", verdict=answer) if verdict.calendars else answer


def _name(work: Work, function: int) -> str:
    return work.trial.program.functions[function].name


def _name_or_beginning(session: Session, work: Work, act: int | None) -> str:
    return session.word("prove_nothing_registered") if act is None else _name(work, act)


def _tell(session: Session, work: Work, claimed: Claimed) -> None:
    verdict = claimed.verdict
    if verdict.reason is not None:
        claim = claimed.what
        if claimed.kind == "invariant":
            claim = f"{_name_or_beginning(session, work, claimed.act)} / {claimed.what}"
        session.say("prove_open", claim=claim, reason=session.word("prove_reason_" + verdict.reason.value))
    if verdict.case is None:
        return
    if claimed.kind == "property":
        _tell_property(session, work, claimed.position, verdict.case)
    elif claimed.act is None:
        assert verdict.case.context is not None
        session.say("prove_beginning_broken", name=claimed.what, day=show_date(verdict.case.context.today))
    else:
        _tell_act(session, work, claimed, verdict.case)
    if verdict.case.fault is not None:
        session.line("  " + fault_sentence(session.language, verdict.case.fault.name))


def _tell_property(session: Session, work: Work, position: int, case: Case) -> None:
    stated = work.typed.properties[position]
    label = work.typed.articles[stated.article].label
    example = _example(work, position, case)
    key = "test_property_failed" if example is None else "prove_property_broken"
    session.say(key, title=stated.title, article=label)
    if example is not None:
        session.line(example)
        return
    if case.day is not None:
        session.line("    " + session.word("test_on_day", day=show_date(case.day)))
    for name, value in _variables(work, position, case).items():
        session.line(f"    {name} = {value}")


def _tell_act(session: Session, work: Work, claimed: Claimed, case: Case) -> None:
    from gbalang.proving.stories import tell_deed, tell_entries

    assert claimed.act is not None
    session.say("prove_invariant_broken", name=claimed.what)
    entries = tell_entries(work.trial.program, case)
    for entry in entries:
        session.line(f"    {entry}")
    if not entries:
        session.say("prove_no_entries")
    session.line(f"    {tell_deed(work.trial.program, claimed.act, case)}")


def _variables(work: Work, position: int, case: Case) -> dict[str, str]:
    from gbalang.proving.stories import tell_variables

    return tell_variables(work.typed.properties[position], work.trial.program, case)


def _example(work: Work, position: int, case: Case) -> str | None:
    variables = _variables(work, position, case)
    day = "" if case.day is None else show_date(case.day)
    return example_to_paste(work.document, work.text, work.typed.properties[position], variables, day)


# ---------------------------------------------------------------- for tools


def _verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status.value, "reason": "" if verdict.reason is None else verdict.reason.value,
        "standard_calendars": verdict.calendars,
    }  # fmt: skip


def _claim_as_json(work: Work, claimed: Claimed) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": claimed.kind, "what": claimed.what, **_verdict_as_json(claimed.verdict)}
    if claimed.kind == "invariant":
        found["act"] = "" if claimed.act is None else _name(work, claimed.act)
    case = claimed.verdict.case
    if case is not None:
        found["fault"] = "" if case.fault is None else case.fault.name
        found.update(_case_as_json(work, claimed, case))
    return found


def _case_as_json(work: Work, claimed: Claimed, case: Case) -> dict[str, Any]:
    from gbalang.proving.stories import tell_deed, tell_entries

    if claimed.kind == "property":
        variables, example = _variables(work, claimed.position, case), _example(work, claimed.position, case)
        day = "" if case.day is None else show_date(case.day)
        return {"case": variables, "day": day, "example": example or ""}
    assert case.context is not None
    on = {"day": show_date(case.context.today)}
    if claimed.act is None:
        return on
    program = work.trial.program
    return {**on, "entries": list(tell_entries(program, case)), "deed": tell_deed(program, claimed.act, case)}


def _limb_as_json(work: Work, limb: Limb) -> dict[str, Any]:
    from gbalang.proving.stories import tell_deed, tell_entries

    program, case = work.trial.program, limb.verdict.case
    found = {
        "act": _name(work, limb.act), "condition": program.conditions[limb.condition].text,
        "refuses": {"proved": "never", "counterexample": "can"}.get(limb.verdict.status.value, "not_established"),
        "reason": "" if limb.verdict.reason is None else limb.verdict.reason.value,
    }  # fmt: skip
    if case is None:
        return found
    return {**found, "entries": list(tell_entries(program, case)), "deed": tell_deed(program, limb.act, case)}
