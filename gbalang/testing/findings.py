"""What `gba test` finds without a property: looked for in the histories and calls that are drawn anyway.

A finding is no failure. It says: here the text probably does not do what its drafter meant, and nothing in it says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from gbalang.testing.divisions import Divisions
from gbalang.testing.draw import Source
from gbalang.testing.edges import Edge, Onlooker, drawn_twice, edges_of
from gbalang.testing.found import Finding
from gbalang.testing.guided import Entry, Guide
from gbalang.testing.powers import Powers
from gbalang.testing.running import Deed
from gbalang.testing.trial import Trial


@dataclass(frozen=True, slots=True)
class Worth:
    """What is worth a look. `edges`: all comparisons; `unseen`: those on whose edge nothing stood."""

    found: tuple[Finding, ...] = ()
    edges: tuple[Edge, ...] = ()
    unseen: tuple[Edge, ...] = ()


class Findings:
    """Looks on while the trials of an instrument run, and then says what is worth a look."""

    def __init__(self, trial: Trial, seed: int) -> None:
        guide = Guide(trial.program, trial.verified.codecs, Source(seed))
        self.onlooker = Onlooker()
        self.edges: tuple[Edge, ...] = edges_of(trial)
        self._watches = (Powers(trial, guide), Divisions(trial, guide))

    def see(self, deeds: tuple[Deed, ...], before: tuple[Entry, ...], after: tuple[Entry, ...]) -> None:
        """Look at the last of some deeds."""
        for watch in self._watches:
            watch.see(deeds, before, after)

    def found(self) -> tuple[Finding, ...]:
        """Return the findings, in the order of the articles."""
        found = [each for watch in self._watches for each in watch.findings()]
        return tuple(sorted([*found, *drawn_twice(self.edges)], key=lambda finding: finding.article))

    def unseen(self) -> tuple[Edge, ...]:
        """Return the comparisons on whose edge no example, property or invariant stood."""
        return tuple([edge for edge in self.edges if edge.place not in self.onlooker.seen])

    def worth(self) -> Worth:
        """Return all of it."""
        return Worth(self.found(), self.edges, self.unseen())
