"""Power, looked at without a property: who changed what, seen over all acts that were carried out.

Two things are noticed. An act that is open to anybody of a kind was carried out on what is not the actor's own. And an
office of one city acted on an entry of another, although other acts keep to the actor's own city. Strangers seldom come
by chance, so what somebody was able to do is also tried by others in that one's place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gbalang.isa.program import Function
from gbalang.testing.changes import Change, Contents, asking, changes, key_of
from gbalang.testing.found import Finding, Kind
from gbalang.testing.guided import HOLDERS, Entry, Guide, kind_of
from gbalang.testing.histories import tell
from gbalang.testing.paths import carried_out
from gbalang.testing.running import Deed
from gbalang.testing.shrink import smallest_that
from gbalang.testing.trial import Trial
from gbalang.vm.host import Context
from gbalang.vm.machine import permitted

OWN_CITY_MIN = 3
"""How often an act must have kept to the actor's own city before others are measured by it."""
TRIED_MAX, OTHERS_MAX = 12, 8
"""How often others are put in an actor's place, for each act, and how many of them."""

Seen: TypeAlias = tuple[tuple[Deed, ...], Change]
"""Some deeds, and what the last one changed."""


@dataclass(slots=True)
class _Office:
    """How an act of an office dealt with a register: entries of the actor's own city, and of others."""

    own: int = 0
    elsewhere: Seen | None = None
    roles: set[str] = field(default_factory=set)


class Powers:
    """Looks on while histories run."""

    def __init__(self, trial: Trial, guide: Guide) -> None:
        self._trial = trial
        self._guide = guide
        self._contents = Contents(trial.program)
        self._tried: dict[int, int] = {}
        self._open: dict[int, Seen] = {}
        self._offices: dict[tuple[int, int], _Office] = {}

    def see(self, deeds: tuple[Deed, ...], before: tuple[Entry, ...], after: tuple[Entry, ...]) -> None:
        """Look at the last of some deeds, and whether others could have done it."""
        self._look(deeds, before, after)
        act = deeds[-1].act
        tried = self._tried.get(act, 0)
        if tried < TRIED_MAX:
            self._tried[act] = tried + 1
            self._try_others(deeds)

    def _try_others(self, deeds: tuple[Deed, ...]) -> None:
        trial, host = self._trial, self._trial.host()
        for deed in deeds[:-1]:
            carried_out(trial, host, deed)
        before = self._guide.entries(host)
        for context in self._others(deeds[-1].context, before):
            other = replace(deeds[-1], context=context)
            if carried_out(trial, host, other):
                self._look((*deeds[:-1], other), before, self._guide.entries(host))
                host.rollback()

    def _others(self, context: Context, entries: tuple[Entry, ...]) -> list[Context]:
        """Return who might be in an actor's place: those of the same kind whom entries name, and some of every city."""
        kind = context.actor_kind
        named = [each for entry in entries for each in sorted(self._contents.holders(entry)) if kind_of(each) == kind]
        of_cities = [
            f"{city}/{name}" if name else city for city in self._guide.cities for name in HOLDERS.get(kind, ("",))
        ]
        others = [each for each in dict.fromkeys((*named, *of_cities)) if each != context.actor]
        return [replace(context, actor=each, actor_city=each.partition("/")[0]) for each in others[:OTHERS_MAX]]

    def _look(self, deeds: tuple[Deed, ...], before: tuple[Entry, ...], after: tuple[Entry, ...]) -> None:
        deed = deeds[-1]
        roles, is_open = self._power(deed)
        if is_open:
            if not _is_shorter(deeds, self._open.get(deed.act)):
                return
            found = self._not_their_own(deed, before, after)
            if found is not None:
                self._open[deed.act] = deeds, found
            return
        for change in changes(self._trial.program, before, after):
            office = self._offices.setdefault((deed.act, change.entry.register), _Office())
            office.roles |= roles
            match self._is_own_city(deed, change):
                case True:
                    office.own += 1
                case False if _is_shorter(deeds, office.elsewhere):
                    office.elsewhere = deeds, change
                case _:
                    pass

    def findings(self) -> list[Finding]:
        """Return what is worth a look, in the order of the acts."""
        found = [self._tell_open(*seen) for _, seen in sorted(self._open.items())]
        told: set[int] = set()
        for (act, register), office in sorted(self._offices.items()):
            sibling = self._sibling(act, register)
            if office.elsewhere is not None and sibling is not None and act not in told:
                told.add(act)
                found.append(self._tell_office(*office.elsewhere, sibling))
        return found

    # ------------------------------------------------------------ what is not the actor's own

    def _power(self, deed: Deed) -> tuple[set[str], bool]:
        """Return by which roles the actor may act, and whether none of them needs a certificate."""
        program = self._trial.program
        function = program.functions[deed.act]
        roles = [
            program.roles[each.role]
            for each in function.permissions
            if each.role is not None and self._covers(function, deed, each.role)
        ]
        return {each.name for each in roles}, all(each.open for each in roles)

    def _covers(self, function: Function, deed: Deed, role: int) -> bool:
        own = tuple([each for each in function.permissions if each.role == role])
        return permitted(
            self._trial.program, replace(function, permissions=own), deed.context, deed.arguments
        )

    def _not_their_own(self, deed: Deed, before: tuple[Entry, ...], after: tuple[Entry, ...]) -> Change | None:
        """Return an entry that was changed and with which the actor has nothing to do; None if there is none."""
        made = changes(self._trial.program, before, after)
        actor = deed.context.actor
        tied = [each for each in dict.fromkeys((*before, *after)) if self._contents.names(each, actor)]
        signed = any(self._contents.names(version, actor) for change in made for version in change.versions)
        for change in made:
            versions = change.versions
            if any(self._contents.names(each, actor) for each in versions):
                continue
            if any(self._is_tied(version, other) for version in versions for other in tied):
                continue
            if signed and not self._contents.holders(change.entry) and self._is_own_city(deed, change):
                continue
            return change
        return None

    def _is_tied(self, entry: Entry, other: Entry) -> bool:
        """Whether an entry belongs to another one by the key of either, and names nobody whom that one does not."""
        contents, program = self._contents, self._trial.program
        if not contents.holders(entry) <= contents.holders(other):
            return False
        keys = (frozenset(key_of(program, entry)), frozenset(key_of(program, other)))
        return keys[0] <= contents.values(other) or keys[1] <= contents.values(entry)

    def _is_own_city(self, deed: Deed, change: Change) -> bool | None:
        """Whether a changed entry belongs to the actor's city; None if it belongs to no city."""
        cities = frozenset().union(*[self._contents.cities(each) for each in change.versions])
        return deed.context.actor_city in cities if cities else None

    def _sibling(self, act: int, register: int) -> int | None:
        """Return another act, of the same role or on the same register, that keeps to the actor's own city."""
        roles = self._offices[act, register].roles
        kept = [
            (other, where)
            for (other, where), office in sorted(self._offices.items())
            if other != act and office.own >= OWN_CITY_MIN and office.elsewhere is None
            and (where == register or roles & office.roles)
        ]  # fmt: skip
        near = [other for other, where in kept if where == register]
        return next(iter([*near, *[other for other, _ in kept]]), None)

    # ------------------------------------------------------------ telling

    def _tell_open(self, deeds: tuple[Deed, ...], change: Change) -> Finding:
        act = deeds[-1].act

        def judge(deed: Deed, before: tuple[Entry, ...], after: tuple[Entry, ...]) -> Change | None:
            if deed.act != act or not self._power(deed)[1]:
                return None
            return self._not_their_own(deed, before, after)

        shorter, shown = smallest_that(self._trial, deeds, change, asking(self._guide, judge))
        program = self._trial.program
        facts = {
            "role": " / ".join(sorted(self._power(shorter[-1])[0])),
            "register": program.registers[shown.entry.register].name,
            "actor": shorter[-1].context.actor,
        }
        return self._told("not_their_own", shorter, facts)

    def _tell_office(self, deeds: tuple[Deed, ...], change: Change, sibling: int) -> Finding:
        act, register = deeds[-1].act, change.entry.register

        def judge(deed: Deed, before: tuple[Entry, ...], after: tuple[Entry, ...]) -> Change | None:
            if deed.act != act or self._power(deed)[1]:
                return None
            made = changes(self._trial.program, before, after)
            foreign = [each for each in made if self._is_own_city(deed, each) is False]
            return next((each for each in foreign if each.entry.register == register), None)

        shorter, shown = smallest_that(self._trial, deeds, change, asking(self._guide, judge))
        program = self._trial.program
        facts = {
            "register": program.registers[register].name,
            "city": shorter[-1].context.actor_city,
            "other": ", ".join(sorted(self._contents.cities(shown.entry))),
            "sibling": program.functions[sibling].name,
        }
        return self._told("another_city", shorter, facts)

    def _told(self, kind: Kind, deeds: tuple[Deed, ...], facts: dict[str, str]) -> Finding:
        program = self._trial.program
        function = program.functions[deeds[-1].act]
        story = tuple([tell(program, deed) for deed in deeds])
        return Finding(kind, function.article, function.name, tuple(facts.items()), story)


def _is_shorter(deeds: tuple[Deed, ...], held: Seen | None) -> bool:
    return held is None or len(deeds) < len(held[0])
