"""Every call of a trial runs on both engines, and what ran is counted: by act, by article, by exception.

The engines must give equal outcomes and leave equal ledgers. A difference is our mistake and not the drafter's, but
the drafter is the one whom it would hurt, so it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from gbalang.check import typed as t
from gbalang.isa.program import FunctionKind
from gbalang.isa.types import Value
from gbalang.testing.trial import Trial
from gbalang.vm.engines import COMPILED, REFERENCE, Engine
from gbalang.vm.host import ConditionFailed, ConditionMet, Context, Done, Host, Marked, Outcome, Reason, Refused
from gbalang.vm.machine import permitted, run_act, run_invariant, run_query, run_rule
from gbalang.vm.memory_host import MemoryHost


@dataclass(frozen=True, slots=True)
class Deed:
    """One act of a history: who did what on which day."""

    act: int
    context: Context
    arguments: tuple[Value, ...]


@dataclass(slots=True)
class Count:
    """How runs ended. `forbidden`: the actor had no power."""

    done: int = 0
    refused: int = 0
    faulted: int = 0
    forbidden: int = 0

    @property
    def reached(self) -> int:
        """Runs that began."""
        return self.done + self.refused + self.faulted

    def add(self, outcome: Outcome) -> None:
        """Count the end of a run."""
        match outcome:
            case Done():
                self.done += 1
            case Refused():
                self.refused += 1
            case _:
                self.faulted += 1


@dataclass(slots=True)
class Tally:
    """What the trials of an instrument have run.

    `calls`: made on both engines; `differing`: the functions in which the engines differed. `undone`: whether every
    act that was not carried out left the ledger as it was.
    """

    calls: int = 0
    differing: list[str] = field(default_factory=list)
    undone: bool = True
    functions: dict[int, Count] = field(default_factory=dict)
    articles: dict[int, Count] = field(default_factory=dict)
    fired: dict[int, int] = field(default_factory=dict)

    def watch(self, other: Tally) -> None:
        """Take over from other trials whether the engines agreed and what was undone; not what was reached and how."""
        self.calls += other.calls
        self.differing += [name for name in other.differing if name not in self.differing]
        self.undone = self.undone and other.undone


class Runner:
    """Runs the functions of a trial and counts. `checks`: the engine that takes the place of the reference one where
    examples, properties and invariants are asked. `ways`: deeds that an example carried out one after the other.
    """

    def __init__(self, trial: Trial, checks: Engine | None = None) -> None:
        self.trial = trial
        self._checks = checks
        self.tally = Tally()
        self.ways: list[tuple[Deed, ...]] = []
        self._blank = trial.host()
        self._own = frozenset(trial.functions.values())
        self._own_names = trial.own_names

    def rule(self, index: int, arguments: tuple[Value, ...], day: int | None) -> Outcome:
        """Apply a rule."""
        return self._both(
            index, self._blank,
            lambda engine: run_rule(self.trial.verified, index, arguments, day, self._blank, engine),
            self._checks or REFERENCE,
        )  # fmt: skip

    def query(self, index: int, deed: Deed, host: MemoryHost) -> Outcome | None:
        """Ask a query; None if the actor may not."""
        if not permitted(self.trial.program, self.trial.program.functions[index], deed.context, deed.arguments):
            return None
        return self._both(
            index, host,
            lambda engine: run_query(self.trial.verified, index, deed.arguments, deed.context, host, engine=engine),
        )  # fmt: skip

    def invariant(self, index: int, day: int, host: Host) -> Outcome:
        """Ask an invariant."""
        first, second = (
            run_invariant(self.trial.verified, index, day, host, engine)
            for engine in (self._checks or REFERENCE, COMPILED)
        )
        self._compare(index, first == second)
        return second

    def act(self, deed: Deed, host: MemoryHost) -> Outcome | None:
        """Carry out an act, or undo it; None if the actor may not."""
        return self._act(deed, host, REFERENCE)

    def example_act(self, deed: Deed, host: MemoryHost) -> Outcome | None:
        """Do the same with a deed of which an example says how it ends."""
        return self._act(deed, host, self._checks or REFERENCE)

    def _act(self, deed: Deed, host: MemoryHost, reference: Engine) -> Outcome | None:
        function = self.trial.program.functions[deed.act]
        if not permitted(self.trial.program, function, deed.context, deed.arguments):
            self.tally.functions.setdefault(deed.act, Count()).forbidden += 1
            return None
        outcome = self._both(
            deed.act, host,
            lambda engine: run_act(self.trial.verified, deed.act, deed.arguments, deed.context, host, engine=engine),
            reference,
        )  # fmt: skip
        if isinstance(outcome, Done):
            host.begin()
        return outcome

    def _both(
        self, index: int, host: MemoryHost, run: Callable[[Engine], Outcome], reference: Engine | None = None
    ) -> Outcome:
        """Run on both engines from the same ledger. After Done the writes stand, otherwise nothing is changed."""
        host.begin()
        before = host.contents()
        first = run(reference or REFERENCE)
        after = host.contents()
        host.rollback()
        second = run(COMPILED)
        self._compare(index, first == second and after == host.contents())
        if not isinstance(second, Done):
            host.rollback()
            self.tally.undone = self.tally.undone and host.contents() == before
        self.count(index, second)
        return second

    def _compare(self, index: int, equal: bool) -> None:
        self.tally.calls += 1
        name = self.trial.program.functions[index].name
        if not equal and name not in self.tally.differing:
            self.tally.differing.append(name)

    def count(self, index: int, outcome: Outcome) -> None:
        """Count the end of a run, by function, by article and by exception."""
        program = self.trial.program
        marks = {reason.mark for reason in outcome.reasons if isinstance(reason, Marked)}
        touched = {*self._articles_of(outcome.reasons)}
        if index not in self._own:
            self.tally.functions.setdefault(index, Count()).add(outcome)
            touched.add(program.functions[index].article)
        for mark in marks:
            if program.marks[mark].name not in self._own_names:
                self.tally.fired[mark] = self.tally.fired.get(mark, 0) + 1
        for article in touched:
            self.tally.articles.setdefault(article, Count()).add(outcome)

    def _articles_of(self, reasons: Iterable[Reason]) -> Iterable[int]:
        program = self.trial.program
        for reason in reasons:
            match reason:
                case Marked(mark) if program.marks[mark].name not in self._own_names:
                    yield program.marks[mark].article
                case ConditionMet(condition) | ConditionFailed(condition):
                    yield program.conditions[condition].article
                case _:
                    pass


@dataclass(frozen=True, slots=True)
class ArticleCoverage:
    """How often an article was reached, how those runs ended, and how often each of its exceptions decided."""

    label: str
    count: Count
    exceptions: tuple[tuple[str, int], ...]


def coverage(trial: Trial, tally: Tally) -> tuple[ArticleCoverage, ...]:
    """Return a row for each article of the instrument itself in which something runs, in their order."""
    program = trial.program
    kinds = (FunctionKind.RULE, FunctionKind.ACT, FunctionKind.QUERY)
    own = frozenset(trial.functions.values())
    running = {
        function.article
        for index, function in enumerate(program.functions)
        if function.kind in kinds and index not in own and "." not in function.name
    }
    exceptions = [each for rule in trial.contract.rules if "." not in rule.name for each in _all_of(rule.exceptions)]
    running |= {each.article for each in exceptions}
    fired = {(program.marks[mark].article, program.marks[mark].name): count for mark, count in tally.fired.items()}
    return tuple(
        ArticleCoverage(
            article.label,
            tally.articles.get(place, Count()),
            tuple((each.name, fired.get((place, each.name), 0)) for each in exceptions if each.article == place),
        )
        for place, article in enumerate(program.articles)
        if place in running
    )


def _all_of(exceptions: tuple[t.RuleException, ...]) -> Iterator[t.RuleException]:
    for each in exceptions:
        yield each
        yield from _all_of(each.exceptions)
