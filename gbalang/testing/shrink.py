"""The smallest history that still shows something: deeds left out first, then days and values made plain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Generic, TypeAlias, TypeVar

from gbalang.isa.types import List, Number, Option, Set, Text, Type, Value
from gbalang.isa.values import number_range
from gbalang.testing.guided import on_day
from gbalang.testing.running import Deed
from gbalang.testing.trial import Trial
from gbalang.vm.faults import Fault
from gbalang.vm.host import Done, Faulted
from gbalang.vm.machine import permitted, run_act, run_invariant
from gbalang.vm.memory_host import MemoryHost

Shown = TypeVar("Shown")
Ask: TypeAlias = Callable[[MemoryHost, Deed], Shown | None]
"""Asked after each deed that was carried out: what the ledger shows then, None if nothing."""

REPLAYS_MAX = 1_500
"""Histories replayed for one story: it may then not be the very smallest, but it is true."""


def smallest(
    trial: Trial, invariant: int, deeds: tuple[Deed, ...], fault: Fault | None
) -> tuple[tuple[Deed, ...], Fault | None]:
    """Return a history as small as could be found that breaks the invariant, and the fault if it could not be asked."""

    def broken(host: MemoryHost, deed: Deed) -> tuple[Fault | None] | None:
        outcome = run_invariant(trial.verified, invariant, deed.context.today, host)
        if isinstance(outcome, Faulted):
            return (outcome.fault,)
        return None if isinstance(outcome, Done) and outcome.result is True else (None,)

    shorter, (found,) = smallest_that(trial, deeds, (fault,), lambda: broken)
    return shorter, found


def smallest_that(
    trial: Trial, deeds: tuple[Deed, ...], shown: Shown, begin: Callable[[], Ask[Shown]]
) -> tuple[tuple[Deed, ...], Shown]:
    """Return a history as small as could be found that still shows something, and what. `begin`: for each replay."""
    search = _Search(trial, deeds, shown, begin)
    while search.improve():
        pass
    return search.deeds, search.shown


class _Search(Generic[Shown]):
    def __init__(
        self, trial: Trial, deeds: tuple[Deed, ...], shown: Shown, begin: Callable[[], Ask[Shown]]
    ) -> None:
        self._trial = trial
        self._begin = begin
        self._replays = 0
        self.deeds = deeds
        self.shown = shown

    def improve(self) -> bool:
        """Take the first smaller history that still shows it; false if there is none."""
        for candidate in self._candidates():
            if self._replays >= REPLAYS_MAX:
                return False
            found = self._replay(candidate)
            if found is not None:
                self.deeds, self.shown = found
                return True
        return False

    def _candidates(self) -> Iterator[tuple[Deed, ...]]:
        deeds = self.deeds
        for size in (len(deeds) // 2, 2, 1):
            for start in range(len(deeds) - size, -1, -1) if size else ():
                yield deeds[:start] + deeds[start + size :]
        for place, deed in enumerate(deeds):
            for plainer in self._plainer_deeds(deed, deeds[place - 1] if place else None):
                yield (*deeds[:place], plainer, *deeds[place + 1 :])

    def _plainer_deeds(self, deed: Deed, previous: Deed | None) -> Iterator[Deed]:
        first = self._trial.program.effective if previous is None else previous.context.today
        today = deed.context.today
        for day in dict.fromkeys((first, (first + today) // 2, today - 1)):
            if first <= day < today:
                yield replace(deed, context=on_day(deed.context, day))
        function = self._trial.program.functions[deed.act]
        for place, parameter in enumerate(function.parameters):
            for value in plainer(parameter.type, deed.arguments[place]):
                arguments = (*deed.arguments[:place], value, *deed.arguments[place + 1 :])
                yield replace(deed, arguments=arguments)

    def _replay(self, deeds: tuple[Deed, ...]) -> tuple[tuple[Deed, ...], Shown] | None:
        """Carry the deeds out; return those carried out until it shows, or None if it does not."""
        self._replays += 1
        trial, host, ask = self._trial, self._trial.host(), self._begin()
        done: list[Deed] = []
        for deed in deeds:
            host.begin()
            if not permitted(trial.program, trial.program.functions[deed.act], deed.context, deed.arguments):
                continue
            if not isinstance(run_act(trial.verified, deed.act, deed.arguments, deed.context, host), Done):
                host.rollback()
                continue
            done.append(deed)
            shown = ask(host, deed)
            if shown is not None:
                return tuple(done), shown
        return None


def plainer(type_: Type, value: Value) -> Iterator[Value]:
    """Yield values that say less, the plainest first; what is plain already yields none, so that searching ends."""
    match type_, value:
        case Number(), int():
            low, high = number_range(type_)
            target = min(max(0, low), high)
            distance = value - target
            for halved in range(abs(distance).bit_length()):  # the whole way, half of it, a quarter, … one step
                part = abs(distance) >> halved
                yield value - part if distance > 0 else value + part
        case Text(), str() if value:
            yield from dict.fromkeys(("", value[:1])) if len(value) > 1 else ("",)
        case List() | Set() | Option(), tuple() if value:
            yield value[1:]
            yield value[:-1]
        case _:
            return
