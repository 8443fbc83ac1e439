"""A long history of an instrument as a ledger records it: acts that are carried out and acts that are not, by anybody.

The acts are drawn like those of other histories. Each becomes a signed transaction of a holder whom a city certifies;
some arrive twice, cut short or with a bit changed. What the ledger decides must be what the trial decided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gbalang.check import typed as t
from gbalang.isa.civil import OFFSET_S, SECONDS_OF_DAY
from gbalang.isa.types import Value
from gbalang.testing.draw import Source
from gbalang.testing.guided import OFFICE_OPENS_S, Guide
from gbalang.testing.histories import History
from gbalang.testing.paths import Paths
from gbalang.testing.running import Deed, Runner
from gbalang.testing.trial import Trial
from gbalang.vm.host import Context, Done, Faulted, Outcome, Refused
from gbalang.vm.machine import permitted, run_act
from gbalang.vm.memory_host import MemoryHost
from runtime.certificates import HolderKind
from runtime.records import Call, OutcomeKind, Receipt, Recording
from runtime.rejections import Rejection
from runtime.simulator.solo import Solo
from runtime.simulator.stage import KINDS, Stage
from runtime.transition import day_of

DRAWS = 400
"""Acts drawn for a history, unless somebody asks for more."""
BLOCK_TRANSACTIONS = 100
HARMED_ONCE_IN = 16
YEARS_MAX_DAYS = 3 * 365
"""How long a history may last: certificates are good for a year more."""


@dataclass(frozen=True, slots=True)
class Chronicle:
    """What was recorded. `outcomes`: how many transactions ended in which way; `disagreeing`: acts of which the ledger
    decided otherwise than the trial.
    """

    recording: Recording
    outcomes: dict[str, int]
    disagreeing: tuple[str, ...]


def write_chronicle(contract: t.Contract, stage: Stage, seed: int, draws: int = DRAWS) -> Chronicle:
    """Draw a history of the stage's instrument and return it as the ledger recorded it."""
    calendars = tuple(
        t.CalendarYear(each.calendar, each.year, each.bases, tuple(each.days)) for each in stage.calendars
    )
    runner = _Scribe(Trial(contract, stage.verified, {}, calendars), Solo(stage), Source(seed + 1))
    source = Source(seed)
    guide = Guide(stage.program, stage.verified.codecs, source)
    if guide.acts():
        first_day = max(runner.day, guide.first_day())
        history = History(
            runner, guide, source, [], Paths(runner.trial), draws, draws, first_day, runner.day + YEARS_MAX_DAYS
        )
        history.run()
    runner.finish()
    return Chronicle(runner.solo.recording(), runner.outcomes, tuple(runner.disagreeing))


class _Scribe(Runner):
    """Carries acts out on the trial's ledger and puts each on the other one as well."""

    def __init__(self, trial: Trial, solo: Solo, source: Source) -> None:
        super().__init__(trial)
        self.solo = solo
        self.outcomes: dict[str, int] = {}
        self.disagreeing: list[str] = []
        self._source = source
        self._holders: dict[tuple[str, tuple[str, ...]], tuple[bytes, str]] = {
            (each.reference, ()): (each.fingerprint, each.label) for each in solo.stage.cities
        }
        self._expected: list[tuple[str, Outcome | None] | None] = []
        self._time_ms = max(solo.time_ms + 1_000, solo.stage.time_ms)

    @property
    def day(self) -> int:
        """The day of the block that is being filled."""
        return day_of(self._time_ms)

    def act(self, deed: Deed, host: MemoryHost) -> Outcome | None:
        """Carry out an act on the trial's ledger, and let it wait for the next block of the other.

        Time moves on only with an act that is carried out: one that is not carried out on a later day is tried today.
        """
        deed = self._at(deed, deed.context.today)
        outcome = self._rehearse(deed, host)
        if not isinstance(outcome, Done) and deed.context.today > self.day:
            deed = self._at(deed, self.day)
            outcome = self._rehearse(deed, host)
        self._record(deed.act, deed.context, deed.arguments, outcome)
        return outcome

    def query(self, index: int, deed: Deed, host: MemoryHost) -> None:
        """Ask nothing: a query leaves no trace on a ledger."""

    def finish(self) -> None:
        """Make a block of what still waits."""
        if self.solo.waiting:
            self._check(self.solo.make_block(self._time_ms))
            self._time_ms += 1_000

    def _at(self, deed: Deed, day: int) -> Deed:
        """Return a deed at the time of the block in which it will stand: on that day, or the first one possible."""
        opens_ms = (day * SECONDS_OF_DAY + OFFICE_OPENS_S - OFFSET_S) * 1_000
        time_ms = max(self._time_ms, opens_ms)
        return replace(deed, context=replace(deed.context, now_s=time_ms // 1_000, today=day_of(time_ms)))

    def _rehearse(self, deed: Deed, host: MemoryHost) -> Outcome | None:
        host.begin()
        if not permitted(self.trial.program, self.trial.program.functions[deed.act], deed.context, deed.arguments):
            return None
        outcome = run_act(self.trial.verified, deed.act, deed.arguments, deed.context, host)
        if isinstance(outcome, Done):
            host.begin()
        else:
            host.rollback()
        self.count(deed.act, outcome)
        return outcome

    def _record(self, act: int, context: Context, arguments: tuple[Value, ...], outcome: Outcome | None) -> None:
        if context.now_s * 1_000 > self._time_ms or len(self.solo.waiting) >= BLOCK_TRANSACTIONS:
            self.finish()
            self._time_ms = max(self._time_ms, context.now_s * 1_000)
        function = self.trial.program.functions[act]
        encode = self.trial.verified.codecs.encode
        encoded = tuple(
            [encode(field.type, value) for field, value in zip(function.parameters, arguments, strict=True)]
        )
        program = self.trial.program
        fingerprint, label = self._holder(context)
        data = self.solo.submit(fingerprint, label, Call(program.name, 1, function.name, encoded))
        self._expected.append((function.name, outcome))
        if self._source.once_in(HARMED_ONCE_IN):
            place = self._source.below(len(data))
            flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            self.solo.waiting.append(self._source.choose((data, data[:place], flipped)))
            self._expected.append(None)

    def _holder(self, context: Context) -> tuple[bytes, str]:
        """Return the certificate and key of an actor in these roles; a city certifies whoever is new."""
        own = tuple(
            sorted(role.name for role in self.trial.program.roles if role.name in context.roles and not role.open)
        )
        known = self._holders.get((context.actor, own))
        if known is None:
            label = " ".join((context.actor, *own))
            holder = context.actor.partition("/")[2]
            kind: HolderKind = KINDS[context.actor_kind]
            self._expected.append(None)
            fingerprint = self.solo.certify(context.actor_city, kind, holder, own, label)
            known = self._holders[context.actor, own] = fingerprint, label
        return known

    def _check(self, receipts: tuple[Receipt, ...]) -> None:
        for receipt, expected in zip(receipts, self._expected, strict=True):
            name = receipt.outcome.name.lower()
            self.outcomes[name] = self.outcomes.get(name, 0) + 1
            if expected is not None and not _is(receipt, expected[1]) and expected[0] not in self.disagreeing:
                self.disagreeing.append(expected[0])
        self._expected.clear()


def _is(receipt: Receipt, outcome: Outcome | None) -> bool:
    """Whether the ledger decided what the trial decided."""
    match outcome:
        case None:
            return (receipt.outcome, receipt.code) == (OutcomeKind.REJECTED, Rejection.ACTOR_MUST_BE_PERMITTED)
        case Done():
            return (receipt.outcome, receipt.cost) == (OutcomeKind.DONE, outcome.cost)
        case Refused():
            ended = (receipt.outcome, receipt.code, receipt.cost)
            return ended == (OutcomeKind.REFUSED, outcome.refusal, outcome.cost)
        case Faulted():
            return (receipt.outcome, receipt.code, receipt.cost) == (
                OutcomeKind.FAULTED, int(outcome.fault), outcome.cost
            )  # fmt: skip
