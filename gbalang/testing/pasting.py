"""What was found, as an example to paste into the text in its keyword language; there it fails alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from gbalang.ast import nodes as n
from gbalang.ast.keywords import word
from gbalang.ast.lexer import is_bare_name
from gbalang.ast.parser import parse
from gbalang.ast.printer import print_course, print_expression
from gbalang.ast.walk import descend
from gbalang.check import typed as t
from gbalang.isa.civil import OFFSET_S, SECONDS_OF_DAY, civil_from_days
from gbalang.isa.program import Program
from gbalang.isa.types import (
    Date,
    Enumeration,
    List,
    Number,
    Option,
    Ratio,
    Record,
    Reference,
    Set,
    Text,
    Time,
    Truth,
    Type,
    Value,
)
from gbalang.isa.values import CITIES
from gbalang.source import SourceFile, Span
from gbalang.testing.guided import kind_of
from gbalang.testing.running import Deed

_NOWHERE = Span("", 0, 0)
_HOLDER_KINDS: dict[str, n.HolderKindName] = {
    "person": "person", "organisation": "organisation", "department": "department",
}  # fmt: skip


class _Unwritable(Exception):  # noqa: N818  # no mistake: such a value has no form in a text
    pass


# ---------------------------------------------------------------- acts


def course_to_paste(document: n.Instrument, program: Program, invariant: str, deeds: tuple[Deed, ...]) -> str | None:
    """Return an example of acts that carries out these deeds and then says what an invariant says; None where a value
    cannot be written in a text.
    """
    declared = next(
        (
            node
            for node in descend(document)
            if isinstance(node, n.InvariantDeclaration) and node.name.text == invariant
        ),
        None,
    )
    if declared is None:
        return None
    writer = _Writer(program, frozenset(_names_in(document)))
    try:
        steps = [writer.deed(deed) for deed in deeds]
    except _Unwritable:
        return None
    standing = n.Standing(declared.condition, _NOWHERE)
    course = n.CourseDeclaration(declared.text or invariant, writer.cast(), (*steps, standing), _NOWHERE)
    return print_course(course, document.language)


def _names_in(document: n.Instrument) -> Iterator[str]:
    """Yield every name that stands in a text, wherever it stands."""
    waiting: list[Any] = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, n.Name):
            yield item.text
        elif isinstance(item, tuple):
            waiting.extend(item)
        elif is_dataclass(item):
            waiting.extend(getattr(item, each.name) for each in fields(item))


@dataclass(slots=True)
class _Member:
    """Somebody on the way into the cast."""

    name: str
    kind: str
    city: str
    roles: list[str]


@dataclass(slots=True)
class _Writer:
    """Writes deeds; who occurs in them joins the cast under a name that the text has not taken."""

    program: Program
    taken: frozenset[str]
    members: dict[str, _Member] = field(default_factory=dict)

    def deed(self, deed: Deed) -> n.Deed:
        """Return a deed that is carried out, as it is written."""
        function, context = self.program.functions[deed.act], deed.context
        declared = {role.name: role for role in self.program.roles}
        actor = self._reference(context.actor, context.actor_kind)
        for name in context.roles:
            if is_bare_name(name) or not declared[name].open:
                self._member(context.actor, context.actor_kind).roles.append(name)
        pairs = zip(function.parameters, deed.arguments, strict=True)
        arguments = tuple([n.Argument(_name(part.name), self.value(part.type, value)) for part, value in pairs])
        return n.Deed(
            _date(context.today), actor.name, _name(function.name), arguments, "done", None, _NOWHERE
        )

    def cast(self) -> tuple[n.CastMember, ...]:
        """Return who takes part, in the order in which they occur."""
        return tuple([self._cast_member(reference, member) for reference, member in self.members.items()])

    def _cast_member(self, reference: str, member: _Member) -> n.CastMember:
        roles = tuple(dict.fromkeys(member.roles))
        kinds = [set(role.kinds) for role in self.program.roles if role.name in roles]
        common = set.intersection(*kinds) if kinds else set()
        is_city = reference in CITIES
        said = () if is_city or common - {"city"} == {member.kind} else (_HOLDER_KINDS[member.kind],)
        of = None if is_city else _name(member.city)
        return n.CastMember(_name(member.name), said, tuple([_name(role) for role in roles]), of, _NOWHERE)

    def _reference(self, reference: str, kind: str) -> n.NameReference:
        if reference in CITIES:
            return n.NameReference(_name(reference), _NOWHERE)
        return n.NameReference(_name(self._member(reference, kind).name), _NOWHERE)

    def _member(self, reference: str, kind: str) -> _Member:
        known = kind_of(reference) if kind == "actor" else kind
        if reference not in self.members:
            if known not in _HOLDER_KINDS and reference not in CITIES:
                raise _Unwritable
            city, _, holder = reference.partition("/")
            self.members[reference] = _Member(self._free(holder or city, city), known, city, [])
        return self.members[reference]

    def _free(self, holder: str, city: str) -> str:
        """Return a name for a holder: the holder's own, unless somebody or something else has it."""
        if holder in CITIES:
            return holder
        taken = {*self.taken, *[member.name for member in self.members.values()]}
        plain = holder if is_bare_name(holder) else "holder"
        numbered = (f"{plain}_{city}_{number}" for number in range(2, len(taken) + 3))
        return next(name for name in (plain, f"{plain}_{city}", *numbered) if name not in taken)

    # -------------------------------------------------------------- values

    def value(self, type_: Type, value: Value) -> n.Expression:  # one form for each type
        """Return a value as it is written in a text. Raises _Unwritable."""
        match type_, value:
            case Truth(), bool():
                return n.TruthLiteral(value, _NOWHERE)
            case Number(), int():
                return _number(type_, value)
            case Text(), str():
                return n.TextLiteral(value, _NOWHERE)
            case Date(), int():
                return _date(value)
            case Time(), int():
                return _time(value)
            case Reference(kind=kind), str():
                return self._reference(value, kind)
            case Enumeration(index=index), int():
                return self._enumerator(index, value)
            case Record(index=index), tuple():
                return self._record(index, value)
            case (List(item=item) | Set(item=item)), tuple():
                items = tuple([self.value(item, each) for each in value])
                return n.ListLiteral(items, isinstance(type_, Set), _NOWHERE)
            case Option(), ():
                return n.NoneLiteral(_NOWHERE)
            case Option(item=item), (inner,):
                written = self.value(item, inner)
                grouped = n.Parenthesised(written, _NOWHERE) if isinstance(written, n.Unary) else written
                return n.SomeValue(grouped, _NOWHERE)
            case Ratio(), _:
                raise _Unwritable
            case _:
                raise TypeError(value)

    def _enumerator(self, index: int, position: int) -> n.Expression:
        enumeration = self.program.enumerations[index]
        member = _name(enumeration.members[position])
        if "." not in enumeration.name:
            return n.NameReference(member, _NOWHERE)
        module, _, name = enumeration.name.partition(".")
        owner = n.FieldAccess(n.NameReference(_name(module), _NOWHERE), _name(name), _NOWHERE)
        return n.FieldAccess(owner, member, _NOWHERE)

    def _record(self, index: int, values: tuple[Value, ...]) -> n.Call:
        record = self.program.records[index]
        pairs = zip(record.fields, values, strict=True)
        arguments = tuple([n.Argument(_name(part.name), self.value(part.type, value)) for part, value in pairs])
        module, dot, name = record.name.rpartition(".")
        return n.Call(_name(module) if dot else None, _name(name), arguments, None, _NOWHERE)


def _name(text: str) -> n.Name:
    return n.Name(text, _NOWHERE)


def _date(day: int) -> n.DateLiteral:
    return n.DateLiteral(*civil_from_days(day), _NOWHERE)


def _time(moment: int) -> n.TimeLiteral:
    day, second = divmod(moment + OFFSET_S, SECONDS_OF_DAY)
    if second % 60:
        raise _Unwritable
    return n.TimeLiteral(*civil_from_days(day), second // 3_600, second // 60 % 60, _NOWHERE)


def _number(type_: Number, mantissa: int) -> n.Expression:
    digits, places = abs(mantissa), type_.scale
    if type_.unit == "%":
        digits, places = digits * 10 ** max(2 - places, 0), max(places - 2, 0)
    while places and digits % 10 == 0 and (type_.unit == "%" or digits % 10**places == 0):
        digits, places = digits // 10, places - 1
    written: n.Expression = n.NumberLiteral(digits, places, _NOWHERE)
    if type_.unit:
        is_share = type_.unit == "%"
        written = (
            n.PercentLiteral(digits, places, _NOWHERE) if is_share
            else n.MoneyLiteral(digits, places, type_.unit, _NOWHERE)
        )  # fmt: skip
    return n.Unary("-", written, _NOWHERE) if mantissa < 0 else written


# ---------------------------------------------------------------- rules


def example_to_paste(
    document: n.Document, text: str, stated: t.Property, variables: dict[str, str], day: str
) -> str | None:
    """Return an example that says of these values what the property says of all, in the keyword language of its text;
    None where a value cannot be written there, or the property stands in another text. `day` is "" where none matters.
    """
    declared = next((node for node in descend(document) if _declares(node, stated)), None)
    literals = {name: _literal(value, document.language) for name, value in variables.items()}
    if not isinstance(declared, n.PropertyDeclaration) or None in literals.values():
        return None
    condition = _source_of(text, declared, literals)
    title = f"{stated.title}: {', '.join(f'{name} = {value}' for name, value in variables.items())}"
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    on = f" {word('ON', document.language)} {day}" if day else ""
    return f'  {word("EXAMPLE", document.language)} "{quoted}"{on}\n    {condition}'


def _declares(node: object, stated: t.Property) -> bool:
    return isinstance(node, n.PropertyDeclaration) and node.title == stated.title and node.span == stated.span


def _source_of(text: str, declared: n.PropertyDeclaration, literals: dict[str, str | None]) -> str:
    """The condition as it was written, the values in the places of the variables."""
    start = declared.condition.span.start
    condition = text[start : declared.condition.span.end]
    names = [node for node in descend(declared.condition) if isinstance(node, n.NameReference)]
    for node in sorted(names, key=lambda each: each.span.start, reverse=True):
        value = literals.get(node.name.text)
        if value is not None:
            condition = condition[: node.span.start - start] + value + condition[node.span.end - start :]
    return condition


def _literal(value: str, language: n.Language) -> str | None:
    """A value as it is written in a text of that language, if it can be."""
    source = SourceFile("case", f'contract case version 1\n\narticle 1\n  example "case"\n    {value} = {value}\n')
    document = parse(source).document
    found = next((node for node in descend(document) if isinstance(node, n.ExampleDeclaration)), None)
    if found is None or not isinstance(found.condition, n.Binary):
        return None
    shown = print_expression(found.condition.left, language)
    return f"({shown})" if shown.startswith("-") else shown
