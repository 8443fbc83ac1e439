"""The smallest history that still breaks an invariant: deeds left out first, then days and values made plain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gbalang.isa.types import List, Number, Option, Set, Text, Type, Value
from gbalang.isa.values import number_range
from gbalang.testing.guided import on_day
from gbalang.testing.running import Deed
from gbalang.testing.trial import Trial
from gbalang.vm.faults import Fault
from gbalang.vm.host import Done, Faulted
from gbalang.vm.machine import permitted, run_act, run_invariant

REPLAYS_MAX = 1_500
"""Histories replayed for one story: it may then not be the very smallest, but it is true."""


def smallest(
    trial: Trial, invariant: int, deeds: tuple[Deed, ...], fault: Fault | None
) -> tuple[tuple[Deed, ...], Fault | None]:
    """Return a history as small as could be found that breaks the invariant, and the fault if it could not be asked."""
    search = _Search(trial, invariant, deeds, fault)
    while search.improve():
        pass
    return search.deeds, search.fault


class _Search:
    def __init__(self, trial: Trial, invariant: int, deeds: tuple[Deed, ...], fault: Fault | None) -> None:
        self._trial = trial
        self._invariant = invariant
        self._replays = 0
        self.deeds = deeds
        self.fault = fault

    def improve(self) -> bool:
        """Take the first smaller history that still breaks the invariant; false if there is none."""
        for candidate in self._candidates():
            if self._replays >= REPLAYS_MAX:
                return False
            broken = self._replay(candidate)
            if broken is not None:
                self.deeds, self.fault = broken
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

    def _replay(self, deeds: tuple[Deed, ...]) -> tuple[tuple[Deed, ...], Fault | None] | None:
        """Carry the deeds out; return those carried out up to the break, or None if the invariant holds throughout."""
        self._replays += 1
        trial, host = self._trial, self._trial.host()
        done: list[Deed] = []
        for deed in deeds:
            host.begin()
            if not permitted(trial.program, trial.program.functions[deed.act], deed.context, deed.arguments):
                continue
            if not isinstance(run_act(trial.verified, deed.act, deed.arguments, deed.context, host), Done):
                host.rollback()
                continue
            done.append(deed)
            outcome = run_invariant(trial.verified, self._invariant, deed.context.today, host)
            if isinstance(outcome, Faulted):
                return tuple(done), outcome.fault
            if not (isinstance(outcome, Done) and outcome.result is True):
                return tuple(done), None
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
