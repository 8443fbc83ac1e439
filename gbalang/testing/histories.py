"""Invariants: what holds of the registers whatever happens, tried on random histories of acts.

The examples of acts come first, then random histories. One grows step by step: an act is drawn from what stands in the
registers by then, and drawn again, nearer to the best attempt so far, until it is carried out. After every act that was
carried out each invariant is asked; an act that was refused or faulted must have changed nothing. The smallest history
that breaks an invariant is told as a story.

An invariant that never saw an entry has not been tested, and one that holds of everything says nothing: so entries are
also changed behind the instrument's back, to see whether the invariant would notice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeAlias

from gbalang.isa.civil import DATE_MAX
from gbalang.isa.program import Program
from gbalang.isa.types import Date, Record
from gbalang.isa.values import encode_key
from gbalang.literals import format_value
from gbalang.testing.draw import Source
from gbalang.testing.guided import Entry, Guide
from gbalang.testing.paths import Paths, carried_out
from gbalang.testing.running import Deed, Runner
from gbalang.testing.shrink import smallest
from gbalang.vm.faults import Fault
from gbalang.vm.host import ConditionMet, Done, Faulted, Outcome
from gbalang.vm.machine import run_invariant
from gbalang.vm.memory_host import MemoryHost

HISTORIES = 60
DEEDS_MAX = 20
"""Acts carried out in one history."""
DRAWS_MAX, DRAWS_FOR_AN_ACT = 400, 36
"""Acts drawn for one history, carried out or not: at least so many, and so many for each act that there is."""
PATIENCE = 6
"""Draws of one act that meet no more of its conditions than the best so far, before another act is tried."""
PATIENCE_IN_VAIN = 2
"""The same where nothing stands in any register that the act reads."""
REPEATED_MAX = 2
"""How often an act is carried out in one history before others go first."""
CHANGES_OF_A_STATE, CHANGES_MAX = 8, 1_000
"""Entries changed to see whether an invariant notices: after one act, and in all."""



class Watch(Protocol):
    """Who looks on while the histories run."""

    def see(self, deeds: tuple[Deed, ...], before: tuple[Entry, ...], after: tuple[Entry, ...]) -> None:
        """Look at the last of some deeds: what stood in the registers before it was carried out, and after."""


Status: TypeAlias = Literal["holds", "broken", "never tested"]


@dataclass(frozen=True, slots=True)
class InvariantResult:
    """How an invariant fared. `deeds`: those that broke it, the last one last; `story`: as a drafter would tell them.

    `asked`: how often it was asked at all; `met`: how often it then saw an entry. `can_fail`: whether a changed entry
    made it fail.
    """

    name: str
    status: Status
    fault: Fault | None
    story: tuple[str, ...]
    asked: int
    met: int
    can_fail: bool
    deeds: tuple[Deed, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it was tested and held."""
        return self.status == "holds"


@dataclass(slots=True)
class _Watched:
    """An invariant while the histories run."""

    index: int
    asked: int = 0
    met: int = 0
    changes: int = 0
    can_fail: bool = False
    broken: tuple[tuple[Deed, ...], Fault | None] | None = None


def run_histories(
    runner: Runner, seed: int, histories: int = HISTORIES, watch: Watch | None = None
) -> tuple[InvariantResult, ...]:
    """Try the invariants of an instrument on random histories. The same seed tries the same ones."""
    trial = runner.trial
    watched = [_Watched(place) for place in trial.invariants]
    source = Source(seed)
    guide = Guide(trial.program, trial.verified.codecs, source)
    if guide.acts():
        paths = Paths(trial)
        draws = max(DRAWS_MAX, DRAWS_FOR_AN_ACT * len(guide.acts()))
        for way in runner.ways:
            History(runner, guide, source, watched, paths, DEEDS_MAX, draws).follow(way)
        for _ in range(histories):
            History(runner, guide, source, watched, paths, DEEDS_MAX, draws, watch=watch).run()
    return tuple(_result(runner, _smallest(runner, each)) for each in watched)


def _smallest(runner: Runner, watched: _Watched) -> _Watched:
    if watched.broken is not None:
        watched.broken = smallest(runner.trial, watched.index, *watched.broken)
    return watched


def _result(runner: Runner, watched: _Watched) -> InvariantResult:
    program = runner.trial.program
    name = program.functions[watched.index].name
    if watched.broken is None:
        status: Status = "holds" if watched.met else "never tested"
        return InvariantResult(name, status, None, (), watched.asked, watched.met, watched.can_fail)
    deeds, fault = watched.broken
    story = tuple(tell(program, deed) for deed in deeds)
    return InvariantResult(name, "broken", fault, story, watched.asked, watched.met, True, deeds)


def run_history(runner: Runner, invariant: int, deeds: tuple[Deed, ...]) -> tuple[InvariantResult, int]:
    """Carry out a history that is at hand and ask one invariant after every deed; return how many were carried out.

    A deed that is not carried out leaves the ledger as it is, and the history goes on.
    """
    host = runner.trial.host()
    watched = _Watched(invariant)
    done: list[Deed] = []
    for deed in deeds:
        if not isinstance(runner.act(deed, host), Done):
            continue
        done.append(deed)
        witness = _Witness(host)
        outcome = runner.invariant(invariant, deed.context.today, witness)
        watched.asked += 1
        watched.met += witness.met
        if not _holds(outcome):
            watched.broken = tuple(done), outcome.fault if isinstance(outcome, Faulted) else None
            break
    return _result(runner, watched), len(done)


@dataclass(slots=True)
class History:
    """One history: the ledger as it stands, and the deeds that made it so.

    It ends with so many deeds, so many draws or after a day. `first_day`: when it begins; otherwise where a way to
    something rare ends, or on a day that is drawn.
    """

    runner: Runner
    guide: Guide
    source: Source
    watched: list[_Watched]
    paths: Paths
    deeds_max: int
    draws_max: int
    first_day: int | None = None
    last_day: int = DATE_MAX
    watch: Watch | None = None
    host: MemoryHost = field(init=False)
    deeds: list[Deed] = field(default_factory=list)
    drawn: int = 0

    def run(self) -> None:
        """Grow the history until it is long enough or nothing more is found."""
        self.host = self.runner.trial.host()
        acts, queries = self.guide.acts(), self.guide.queries()
        day, stuck = self._begin(), dict[int, None]()
        while len(self.deeds) < self.deeds_max and self.drawn < self.draws_max and day <= self.last_day:
            entries = self.guide.entries(self.host)
            open_acts = [act for act in acts if act not in stuck and self._is_welcome(act)]
            if not open_acts:
                # Nothing happens on such a day: another one may be the day of an act that waits for it.
                day, stuck = self.guide.later(entries, day), {}
                self.drawn += 1
                continue
            act = self._rarer(open_acts)
            deed = self._step(act, entries, day)
            if deed is None:
                stuck[act] = None
                continue
            stuck = {each: None for each in stuck if not self._concerns(act, each)}
            day = deed.context.today
            self.deeds.append(deed)
            if self.watch is not None:
                self.watch.see(tuple(self.deeds), entries, self.guide.entries(self.host))
            if self.first_day is None:
                self.paths.add(tuple(self.deeds))
            self._ask_invariants(day)
            if queries:
                self._ask_query(self._rarer(queries), day)

    def follow(self, way: tuple[Deed, ...]) -> None:
        """Go the way of an example, so that its deeds are tried on the invariants and later histories begin there."""
        self.host = self.runner.trial.host()
        for deed in way:
            if carried_out(self.runner.trial, self.host, deed):
                self.deeds.append(deed)
                self.paths.add(tuple(self.deeds))
                self._ask_invariants(deed.context.today)

    def _begin(self) -> int:
        """Begin with nothing, or where an earlier history came to something rare; return the day."""
        if self.first_day is not None:
            return self.first_day
        if not self.source.once_in(3):
            for deed in self.paths.choose(self.source, self._done):
                if carried_out(self.runner.trial, self.host, deed):
                    self.deeds.append(deed)
        return self.deeds[-1].context.today if self.deeds else self.guide.first_day()

    def _is_welcome(self, act: int) -> bool:
        """An act that has been carried out again and again leaves room for others."""
        done = sum(deed.act == act for deed in self.deeds)
        return done < REPEATED_MAX or self.source.once_in(2 * done)

    def _concerns(self, act: int, other: int) -> bool:
        """Whether what an act writes may open the way for another."""
        functions = self.runner.trial.program.functions
        return not set(functions[act].writes).isdisjoint(functions[other].reads)

    def _rarer(self, functions: list[int]) -> int:
        """Return one of two, the one that was done less often."""
        first, second = self.source.choose(functions), self.source.choose(functions)
        return min((first, second), key=self._done)

    def _done(self, function: int) -> int:
        count = self.runner.tally.functions.get(function)
        return 0 if count is None else count.done

    def _step(self, act: int, entries: tuple[Entry, ...], day: int) -> Deed | None:
        """Draw an act until it is carried out; the attempt that met most conditions is the one to better."""
        reads = self.runner.trial.program.functions[act].reads
        patience = PATIENCE if any(entry.register in reads for entry in entries) or not reads else PATIENCE_IN_VAIN
        best, best_met, left = None, -1, patience
        while left:
            deed = self.guide.deed(act, entries, day)
            if best is not None and not self.source.once_in(3):
                deed = self.guide.vary(best, entries, day)
            self.drawn += 1
            outcome = self.runner.act(deed, self.host)
            if isinstance(outcome, Done):
                return deed
            met = 0 if outcome is None else 1 + sum(isinstance(each, ConditionMet) for each in outcome.reasons)
            left = patience if met > best_met else left - 1
            if met >= best_met:
                best, best_met = deed, met
        return None

    def _ask_query(self, query: int, day: int) -> None:
        deed = self.guide.deed(query, self.guide.entries(self.host), day)
        context = replace(deed.context, today=max(day, deed.context.today))
        self.runner.query(query, replace(deed, context=context), self.host)

    # ------------------------------------------------------------ invariants

    def _ask_invariants(self, day: int) -> None:
        for watched in self.watched:
            if watched.broken is not None:
                continue
            witness = _Witness(self.host)
            outcome = self.runner.invariant(watched.index, day, witness)
            watched.asked += 1
            watched.met += witness.met
            if not _holds(outcome):
                watched.broken = tuple(self.deeds), outcome.fault if isinstance(outcome, Faulted) else None
            elif witness.met and not watched.can_fail and watched.changes < CHANGES_MAX:
                watched.can_fail = any(self._notices(watched, day) for _ in range(CHANGES_OF_A_STATE))

    def _notices(self, watched: _Watched, day: int) -> bool:
        """Change an entry that the invariant can see, ask it, and put the entry back."""
        watched.changes += 1
        trial, source = self.runner.trial, self.source
        function = trial.program.functions[watched.index]
        near = [each for each in self.guide.entries(self.host) if each.register in function.reads]
        if not near:
            return False
        entry = source.choose(near)
        self.host.begin()
        if source.once_in(4):
            self._put(entry, None)
        else:
            changed = self.guide.changed(entry, tuple(near), day)
            if not source.once_in(3):
                self._put(entry, None)
            self._put(changed, changed)
        outcome = run_invariant(trial.verified, watched.index, day, self.host)
        self.host.rollback()
        return not _holds(outcome)

    def _put(self, entry: Entry, value: Entry | None) -> None:
        """Write an entry under its own key, or take it out."""
        trial = self.runner.trial
        register = trial.program.registers[entry.register]
        fields = self.guide.fields_of(entry)
        key = encode_key([fields[each].type for each in register.keys], [entry.values[each] for each in register.keys])
        data = None if value is None else trial.verified.codecs.encode(Record(register.record), value.values)
        self.host.write(entry.register, key, data)


def _holds(outcome: Outcome) -> bool:
    return isinstance(outcome, Done) and outcome.result is True


class _Witness:
    """A ledger that remembers whether anything was found in it."""

    def __init__(self, host: MemoryHost) -> None:
        self._host = host
        self.met = False

    def read(self, register: int, key: bytes) -> bytes | None:
        found = self._host.read(register, key)
        self.met = self.met or found is not None
        return found

    def write(self, register: int, key: bytes, value: bytes | None) -> None:
        self._host.write(register, key, value)

    def scan(self, register: int, prefix: bytes, limit: int) -> tuple[bytes, ...]:
        found = self._host.scan(register, prefix, limit)
        self.met = self.met or bool(found)
        return found

    def calendar_day(self, calendar: str, day: int) -> int | None:
        return self._host.calendar_day(calendar, day)


def tell(program: Program, deed: Deed) -> str:
    """Return a deed as a sentence: on that day that actor does that."""
    function = program.functions[deed.act]
    shown = ", ".join(
        f"{field.name}: {format_value(field.type, value, program)}"
        for field, value in zip(function.parameters, deed.arguments, strict=True)
    )
    roles = f" ({', '.join(deed.context.roles)})" if deed.context.roles else ""
    day = format_value(Date(), deed.context.today, program)
    return f"{day}  {deed.context.actor}{roles}  {function.name}({shown})"
