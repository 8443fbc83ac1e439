"""Short ways to every act that was once carried out, so that later histories can begin where the ledger is rich."""

from __future__ import annotations

from collections.abc import Callable

from gbalang.testing.draw import Source
from gbalang.testing.running import Deed
from gbalang.testing.trial import Trial
from gbalang.vm.host import Done
from gbalang.vm.machine import permitted, run_act
from gbalang.vm.memory_host import MemoryHost

PATHS_OF_AN_ACT = 6


def carried_out(trial: Trial, host: MemoryHost, deed: Deed) -> bool:
    """Carry out one deed on a ledger; whether it was done. What was not done leaves nothing behind."""
    host.begin()
    if not permitted(trial.program, trial.program.functions[deed.act], deed.context, deed.arguments):
        return False
    if isinstance(run_act(trial.verified, deed.act, deed.arguments, deed.context, host), Done):
        return True
    host.rollback()
    return False


class Paths:
    """For each act, the deeds that lead to it and carry it out."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._of: dict[int, list[tuple[Deed, ...]]] = {}

    def add(self, deeds: tuple[Deed, ...]) -> None:
        """Keep the way to the last of some deeds, without the deeds that it does not need."""
        known = self._of.setdefault(deeds[-1].act, [])
        if len(known) >= PATHS_OF_AN_ACT:
            return
        place = len(deeds) - 2
        while place >= 0:
            shorter = deeds[:place] + deeds[place + 1 :]
            if self._leads(shorter):
                deeds = shorter
            place -= 1
        known.append(deeds)

    def choose(self, source: Source, done: Callable[[int], int]) -> tuple[Deed, ...]:
        """Return a way to an act, of two the one that was carried out less often; none if none is known."""
        acts = [*self._of]
        if not acts:
            return ()
        return source.choose(self._of[min((source.choose(acts), source.choose(acts)), key=done)])

    def _leads(self, deeds: tuple[Deed, ...]) -> bool:
        host = self._trial.host()
        return all([carried_out(self._trial, host, deed) for deed in deeds][-1:])
