"""What `gba test` says to people: failures as stories, how often each act and article was reached, and the sums."""

from __future__ import annotations

from collections.abc import Sequence

from gbalang.check.typed import Contract
from gbalang.cli.courses import departure_lines
from gbalang.cli.keeping import FOLDER, KeptHistory
from gbalang.cli.replaying import Replayed
from gbalang.cli.replicas import lines_apart
from gbalang.cli.reporting import NotStaged, Played, Report, Result, acts_of, failed
from gbalang.cli.session import Session
from gbalang.cli.worth import tell_edges, tell_findings
from gbalang.diagnostics.outcomes import fault_sentence
from gbalang.testing.courses import CourseResult
from gbalang.testing.examples import ExampleResult
from gbalang.testing.histories import InvariantResult
from gbalang.testing.properties import PropertyResult
from gbalang.testing.running import coverage


def tell(session: Session, report: Report, *, edges: bool = False) -> None:
    """Say what was found on an instrument."""
    for replayed in report.kept:
        if replayed.status != "holds" or report.only_kept:
            _print(session, kept_lines(session, report, replayed))
    for result in report.results:
        if not report.is_told(result):
            _print(session, result_lines(session, report, result))
    _print(session, undone_lines(session, report))
    _tell_sums(session, report)
    if not report.only_kept:
        _tell_acts(session, report)
        _tell_articles(session, report)
        tell_findings(session, report.runner.trial, report.worth)
        tell_edges(session, report.runner.trial, report.worth, listed=edges)
    if report.apart is not None:
        session.line()
        _print(session, apart_lines(session, report))


def _print(session: Session, lines: list[str]) -> None:
    for line in lines:
        session.line(line)


def _tell_sums(session: Session, report: Report) -> None:
    if not report.only_kept:
        groups: tuple[Sequence[Result], ...] = (report.examples, report.properties, report.invariants)
        held = [f"{sum(each.holds for each in group)}/{len(group)}" for group in groups]
        session.say(
            "test_summary", path=report.path, examples=held[0], properties=held[1], invariants=held[2],
            seed=report.drawing.seed,
        )  # fmt: skip
    if report.kept:
        gone = sum(each.status == "not applicable" for each in report.kept)
        session.say("kept_summary", count=len(report.kept), failing=len(report.failing), gone=gone)
    if report.of_others:
        session.say("kept_of_others", count=report.of_others, folder=report.path.parent / FOLDER)
    calls = f"{report.runner.tally.calls:,}"
    _print(session, differing_lines(session, report) or [session.word("test_engines_agree", calls=calls)])


def _tell_acts(session: Session, report: Report) -> None:
    acts = acts_of(report.runner)
    if not acts:
        return
    headings = [session.word(key) for key in ("test_act", "test_done", "test_refused", "test_faulted")]
    rows = [
        (name, f"{count.done:,}", f"{count.refused + count.forbidden:,}", f"{count.faulted:,}") for name, count in acts
    ]
    session.line()
    session.table(headings, rows)


def _tell_articles(session: Session, report: Report) -> None:
    articles = coverage(report.runner.trial, report.runner.tally)
    if not articles:
        return
    keys = ("test_article", "test_reached", "test_decided", "test_refused", "test_faulted", "test_exceptions")
    rows = [
        (
            row.label, f"{row.count.reached:,}", f"{row.count.done:,}", f"{row.count.refused:,}",
            f"{row.count.faulted:,}", ", ".join(f"{name} {fired:,}" for name, fired in row.exceptions),
        )
        for row in articles
    ]  # fmt: skip
    session.line()
    session.table([session.word(key) for key in keys], rows)


# ---------------------------------------------------------------- one result


def undone_lines(session: Session, report: Report) -> list[str]:
    """Return what is said when an act that was not carried out changed something."""
    if report.runner.tally.undone:
        return []
    return [session.word("test_not_undone"), session.word("replay_line", command=report.replay_line())]


def differing_lines(session: Session, report: Report) -> list[str]:
    """Return what is said when the engines did not give the same."""
    if not report.runner.tally.differing:
        return []
    functions = ", ".join(report.runner.tally.differing)
    differ = session.word("test_engines_differ", functions=functions)
    return [differ, session.word("replay_line", command=report.replay_line())]


def apart_lines(session: Session, report: Report) -> list[str]:
    """Return what processes of their own said of a history; if they differ, it ends with how to see it again."""
    match report.apart:
        case Played(apart=apart, compiled=compiled):
            lines = lines_apart(session, apart, compiled)
            if report.diverged:
                lines.append(session.word("replay_line", command=report.replay_line()))
            return lines
        case NotStaged(reason=reason):
            return [session.word("simulate_not_in_force", path=report.path, reason=reason)]
        case None:
            return []


def result_lines(session: Session, report: Report, result: Result) -> list[str]:
    """Return what is said of one example, property or invariant. A failure ends with the line that shows it again."""
    lines = _story(session, report, result)
    if failed(result):
        lines.append(session.word("replay_line", command=report.replay_line(report.file_of(result))))
    return lines


def kept_lines(session: Session, report: Report, replayed: Replayed) -> list[str]:
    """Return what is said of a kept failure."""
    match replayed.status:
        case "holds":
            return [_holds_again(session, replayed)]
        case "not applicable":
            key, facts = replayed.reason
            return [session.word("kept_not_applicable", file=replayed.path, reason=session.word(key, **facts))]
        case "fails":
            assert replayed.result is not None
            return [
                session.word("kept_fails", file=replayed.path),
                *_story(session, report, replayed.result),
                session.word("replay_line", command=report.replay_line(replayed.path)),
            ]


def _holds_again(session: Session, replayed: Replayed) -> str:
    kept = replayed.kept
    if isinstance(kept, KeptHistory) and replayed.carried_out < len(kept.deeds):
        return session.word(
            "kept_holds_less", file=replayed.path, done=replayed.carried_out, deeds=len(kept.deeds)
        )  # fmt: skip
    return session.word("kept_holds", file=replayed.path)


def _story(session: Session, report: Report, result: Result) -> list[str]:
    match result:
        case ExampleResult():
            lines = _example(session, report.typed, result)
        case CourseResult():
            lines = _course(session, report, result)
        case PropertyResult():
            lines = _property(session, report.typed, result)
        case InvariantResult():
            lines = _invariant(session, result)
    if result.fault is not None:
        lines.append("  " + fault_sentence(session.language, result.fault.name))
    pasted = report.pasted.get(result)
    return lines if pasted is None else [*lines, session.word("test_to_paste"), pasted]


def _example(session: Session, typed: Contract, result: ExampleResult) -> list[str]:
    if result.holds:
        return []
    title, article = result.example.title, typed.articles[result.example.article].label
    lines = [session.word("test_example_failed", title=title, article=article)]
    if result.fault is None and result.left:
        lines.append(session.word("test_example_sides", left=result.left, right=result.right))
    return lines


def _course(session: Session, report: Report, result: CourseResult) -> list[str]:
    if result.departure is None:
        return []
    title, article = result.example.title, report.typed.articles[result.example.article].label
    first = session.word("test_example_failed", title=title, article=article)
    return [first, *departure_lines(session, report.runner.trial.program, result.departure)]


def _property(session: Session, typed: Contract, result: PropertyResult) -> list[str]:
    title, article = result.stated.title, typed.articles[result.stated.article].label
    if result.holds:
        return [] if result.tried else [session.word("test_property_untried", title=title)]
    lines = [session.word("test_property_failed", title=title, article=article)]
    if result.day:
        lines.append("    " + session.word("test_on_day", day=result.day))
    return lines + [f"    {name} = {value}" for name, value in result.case]


def _invariant(session: Session, result: InvariantResult) -> list[str]:
    match result.status:
        case "never tested":
            return [session.word("test_invariant_untested", name=result.name)]
        case "holds":
            return [] if result.can_fail else [session.word("test_invariant_cannot_fail", name=result.name)]
        case "broken":
            failed_after = session.word("test_invariant_failed", name=result.name)
            return [failed_after, *[f"    {sentence}" for sentence in result.story]]
