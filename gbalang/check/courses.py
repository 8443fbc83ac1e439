"""Examples of acts: who takes part, who does what on which day, how it must end, what stands in the registers then."""

from __future__ import annotations

from gbalang.ast import nodes as n
from gbalang.ast.keywords import CITY_BY_WORD, HOLDER_KINDS, LANGUAGES
from gbalang.ast.printer import print_step
from gbalang.check import expressions as e
from gbalang.check import typed as t
from gbalang.check.dates import day_number
from gbalang.check.declare import SETTER_PREFIX, article_number, declarations
from gbalang.check.fit import fit
from gbalang.check.kinds import DATE
from gbalang.check.mistakes import SAID_ELSEWHERE, Mistake, mistake
from gbalang.check.statements import expect_refusal
from gbalang.check.symbols import undefined
from gbalang.check.types import known
from gbalang.check.world import Place, Scope, World
from gbalang.diagnostics.model import Label
from gbalang.isa import program as p
from gbalang.isa.program import FunctionKind
from gbalang.isa.types import Reference, Type
from gbalang.isa.values import CITIES, HOLDER_CHARACTERS
from gbalang.source import Span

_NUMBERED = "holder-"
"""What a reference says of a holder whose name in the example a reference cannot hold, before the number."""


def check_courses(world: World, doors: tuple[t.Procedure, ...]) -> tuple[t.Course, ...]:
    """Return the examples of acts of the instrument itself."""
    acts = {door.name: door for door in doors if door.kind is FunctionKind.ACT}
    found = []
    for article, written in declarations(world.main):
        if isinstance(written, n.CourseDeclaration):
            with world.findings.within(article.label), world.findings.attempt():
                number = article_number(world, world.main, article.label)
                found.append(_Check(world, acts, number, written).course())
    return tuple(found)


class _Check:
    """One example while it is checked. `days`: the days of its deeds so far."""

    def __init__(
        self, world: World, acts: dict[str, t.Procedure], article: int, written: n.CourseDeclaration
    ) -> None:
        self._world = world
        self._acts = acts
        self._article = article
        self._written = written
        self._cast: dict[str, t.Holder] = {}
        self._days: list[tuple[int, Span]] = []

    def course(self) -> t.Course:
        """Return the example. Mistakes are recorded; what they leave out is missing."""
        for member in self._written.cast:
            with self._world.findings.attempt():
                self._join(member)
        steps: list[t.Deed | t.Standing] = []
        for step in self._written.steps:
            with self._world.findings.attempt():
                steps.append(self._deed(step) if isinstance(step, n.Deed) else self._standing(step))
        return t.Course(
            self._written.title, self._article, tuple(self._cast.values()), tuple(steps), self._written.span
        )

    # -------------------------------------------------------------- who takes part

    def _join(self, written: n.CastMember) -> None:
        name, module = written.name, self._world.main
        first = next(each for each in self._written.cast if each.name.text == name.text)
        if first is not written:
            raise mistake("E0202", name.span, Label(first.name.span, "first"), name=name.text)
        symbol = module.find(name.text)
        if symbol is not None:
            raise mistake("E0202", name.span, Label(symbol.span, "first"), name=name.text)
        roles = [self._role(each) for each in written.roles]
        kind = self._kind(written, roles)
        city = name if written.of is None else written.of
        if kind != "city" and written.of is None:
            raise mistake("E0530", written.span, name=name.text)
        if city.text not in CITIES:
            raise mistake("E0213", city.span, name=city.text, nearest=module.nearest(city.text, CITY_BY_WORD))
        held = tuple(sorted({role.name for role in roles}))
        self._cast[name.text] = t.Holder(name.text, self._reference(city.text, name.text), kind, city.text, held)

    def _role(self, name: n.Name) -> p.Role:
        symbol = self._world.main.find(name.text, "roles")
        if symbol is None:
            close = self._world.main.nearest(name.text, self._world.main.names("roles"))
            raise mistake("E0502", name.span, name=name.text, nearest=close)
        return self._world.roles[symbol.index]

    def _kind(self, written: n.CastMember, roles: list[p.Role]) -> n.HolderKindName:
        """Return what kind of holder it is. A city takes part under its own name, and nobody else does."""
        name = written.name.text
        held = [kind for kind in HOLDER_KINDS if all(kind in role.kinds for role in roles)]
        kinds = [kind for kind in held if {*written.kinds} <= {kind}]
        fitting = [kind for kind in kinds if (kind == "city") == (name in CITIES)]
        if not kinds:
            raise mistake("E0526", written.span, name=name)
        if not fitting or (fitting == ["city"] and written.of is not None):
            raise mistake("E0527", written.span, name=name)
        if len(fitting) > 1:
            place = LANGUAGES.index(self._world.main.document.language)
            words = [HOLDER_KINDS[kind][place] for kind in fitting]
            raise mistake("E0525", written.span, name=name, kinds=", ".join(words), first=words[0])
        return fitting[0]

    def _reference(self, city: str, name: str) -> str:
        if name in CITIES:
            return name
        plain = not name.strip(HOLDER_CHARACTERS) and not name.startswith(_NUMBERED)
        return f"{city}/{name if plain else f'{_NUMBERED}{len(self._cast) + 1}'}"

    # -------------------------------------------------------------- deeds

    def _deed(self, written: n.Deed) -> t.Deed:
        day = day_number(written.on)
        if self._days and day < self._days[-1][0]:
            raise mistake("E0529", written.on.span, Label(self._days[-1][1], "earlier"))
        self._days.append((day, written.on.span))
        actor = self._actor(written.actor)
        act = self._act(written.act)
        refusal = None if written.refusal is None else expect_refusal(self._world.main, written.refusal)
        scope = self._scope("example", t.Constant(day, DATE))
        arguments = self._arguments(scope, written, act)
        text = print_step(written, self._world.main.document.language)
        return t.Deed(
            day, actor, act.name, arguments, written.end, refusal, tuple(scope.slots), text, written.span
        )

    def _actor(self, name: n.Name) -> t.Holder:
        if name.text in self._cast:
            return self._cast[name.text]
        if name.text in CITIES:
            return t.Holder(name.text, name.text, "city", name.text, ())
        if any(name.text == each.name.text for each in self._written.cast):
            raise Mistake(SAID_ELSEWHERE)
        close = self._world.main.nearest(name.text, self._cast)
        raise mistake("E0528", name.span, name=name.text, nearest=close)

    def _act(self, name: n.Name) -> t.Procedure:
        if name.text in self._acts:
            return self._acts[name.text]
        module = self._world.main
        symbol = module.find(name.text, "doors")
        if symbol is not None and symbol.kind != "act":
            raise e.wrong_kind(name, symbol, "act")
        local = module.find(name.text.removeprefix(SETTER_PREFIX))
        if symbol is not None or (name.text.startswith(SETTER_PREFIX) and local is not None):
            raise Mistake(SAID_ELSEWHERE)
        raise undefined(name, "act", module, "doors", self._acts)

    def _arguments(self, scope: Scope, written: n.Deed, act: t.Procedure) -> tuple[t.Expression, ...]:
        """Return what the act is given: in the order declared, or each by its name."""
        ordered = self._by_name(written, act) if written.arguments and written.arguments[0].name else written.arguments
        values = [each.value for each in ordered]
        unnamed = next((each for each in ordered if each.name is None), None)
        if unnamed is None or all(each.name is None for each in ordered):
            fitted = e.call_arguments(scope, written.act, act.parameters, tuple(values), act.span)
            parts = zip(fitted, values, act.parameters, strict=True)
            return tuple(self._settled(value, source.span, part.type) for value, source, part in parts)
        declared = Label(act.span, "declared")
        raise mistake("E0220", unnamed.value.span, declared, name=act.name, wanted=len(act.parameters),
                      found=len(written.arguments))  # fmt: skip

    def _by_name(self, written: n.Deed, act: t.Procedure) -> tuple[n.Argument, ...]:
        """Return the arguments in the order declared; each parameter has one."""
        declared = Label(act.span, "declared")
        names = [part.name for part in act.parameters]
        given: dict[str, n.Argument] = {}
        for argument in written.arguments:
            if argument.name is None:
                return written.arguments
            name = argument.name
            first = given.setdefault(name.text, argument).name
            if first is not None and first is not name:
                raise mistake("E0223", name.span, Label(first.span, "first"), field=name.text)
            if name.text not in names:
                close = self._world.main.nearest(name.text, names)
                raise mistake("E0222", name.span, declared, record=act.name, field=name.text, nearest=close)
        missing = [name for name in names if name not in given]
        if missing:
            raise mistake("E0221", written.act.span, declared, record=act.name, field=missing[0])
        return tuple(given[name] for name in names)

    def _settled(self, value: t.Expression, span: Span, type_: Type) -> t.Expression:
        """Return a value that is known beforehand as a constant: nothing need run to reckon it."""
        if isinstance(value, t.Local) and value.index < len(self._cast):
            return t.Constant(tuple(self._cast.values())[value.index].reference, type_)
        try:
            constant = t.Constant(known(self._world, value, span, ""), type_)
        except Mistake:
            return value
        return fit(self._world, constant, type_, span)

    # -------------------------------------------------------------- what stands in the registers

    def _standing(self, written: n.Standing) -> t.Standing:
        scope = self._scope("standing", t.Circumstance("today", DATE))
        condition = e.truth(scope, written.condition)
        if not self._days:
            raise Mistake(SAID_ELSEWHERE)
        text = print_step(written, self._world.main.document.language)
        return t.Standing(self._days[-1][0], condition, tuple(scope.slots), text, written.span)

    def _scope(self, place: Place, day: t.Expression) -> Scope:
        """The names of the cast in sight, those that were not understood included; a city's name is known anyway."""
        scope = Scope(self._world, self._world.main, place, self._article, day)
        for holder in self._cast.values():
            scope.slot(Reference(holder.kind))
        slots = {name: slot for slot, name in enumerate(self._cast)}
        for member in self._written.cast:
            if member.name.text not in CITIES:
                scope.names.setdefault(member.name.text, (slots.get(member.name.text), member.name.span))
        return scope
