"""The surface tree: what the drafter wrote, in no keyword language.

One tree stands for the same instrument in all four keyword languages, so printing it in another language is
translation. Names, strings and numbers are kept as written (numbers as exact integers with their places);
parentheses are kept because they decide whether `and` and `or` may mix, and because the printer must not lose
them. `compare=False` on spans and comments makes two trees equal when their meaning is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gbalang.source import Span


@dataclass(frozen=True, slots=True)
class Comments:
    """Comment texts without their mark: on lines of their own before a node, at the end of its (first) line, and on
    lines of their own after the last thing in it, before its `end`.
    """

    before: tuple[str, ...] = ()
    after: str | None = None
    closing: tuple[str, ...] = ()


NO_COMMENTS = Comments()
Language: TypeAlias = Literal["en", "zh-Hant", "zh-Hans", "pt"]


@dataclass(frozen=True, slots=True)
class Name:
    """A name, NFC, as written; `module` is set in `module.name`."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class LanguageText:
    """A text in one of the four languages, or untagged (`language` None)."""

    language: Language | None
    text: str
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """`digits` / 10**places, such as 3.14 = (314, 2)."""

    digits: int
    places: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class PercentLiteral:
    """15% is (15, 0); 12.5% is (125, 1)."""

    digits: int
    places: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MoneyLiteral:
    """0.01 CNY is (1, 2, "CNY")."""

    digits: int
    places: int
    currency: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class DateLiteral:
    """2026-01-31, kept as its three numbers; whether the day exists is the checker's question."""

    year: int
    month: int
    day: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TimeLiteral:
    """2026-01-31T09:30, at UTC+8."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TextLiteral:
    """A quoted text, escapes resolved."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TruthLiteral:
    """true or false."""

    value: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class NoneLiteral:
    """none: the absent value of an option."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class NameReference:
    """A local, parameter, enumerator, city, rule without arguments... resolved by the checker.

    A city or other builtin name appears as its English identifier whatever language it was written in.
    """

    name: Name
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ContextReference:
    """actor, today, now."""

    what: Literal["actor", "today", "now"]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument, named in a record construction, unnamed in a call."""

    name: Name | None
    value: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """name(arguments) [as of DATE]: a rule, a record construction, a register entry or an enumerator table.

    `module` is the qualifier of `module.name(...)`.
    """

    module: Name | None
    name: Name
    arguments: tuple[Argument, ...]
    as_of: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class FieldAccess:
    """subject.field; also Enum.member and module.name, which the checker tells apart."""

    subject: Expression
    name: Name
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Parenthesised:
    """( expression )."""

    inner: Expression
    span: Span = field(compare=False)


UnaryOperator: TypeAlias = Literal["not", "-"]
BinaryOperator: TypeAlias = Literal["or", "and", "=", "<>", "<", "<=", ">", ">=", "in", "not in", "+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Unary:
    """not E, -E."""

    operator: UnaryOperator
    operand: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """left operator right; `operator_span` is where the operator stands."""

    operator: BinaryOperator
    left: Expression
    right: Expression
    span: Span = field(compare=False)
    operator_span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """if C then A else B."""

    condition: Expression
    then: Expression
    otherwise: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MatchCase:
    """when PATTERN, ... then VALUE; a pattern is a name reference, an Enum.member or a truth literal."""

    patterns: tuple[Expression, ...]
    value: Expression
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Match:
    """match E when ... then ... otherwise ... end."""

    subject: Expression
    cases: tuple[MatchCase, ...]
    otherwise: Expression | None
    span: Span = field(compare=False)


RoundingMode: TypeAlias = Literal["half up", "half down", "half even", "up", "down", "ceiling", "floor"]


@dataclass(frozen=True, slots=True)
class Round:
    """round MODE (E) to UNIT."""

    mode: RoundingMode
    value: Expression
    unit: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Extreme:
    """least of (...) and greatest of (...)."""

    which: Literal["least", "greatest"]
    values: tuple[Expression, ...]
    span: Span = field(compare=False)


AggregateKind: TypeAlias = Literal["sum", "least", "greatest", "list", "count", "every", "some"]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """sum/least/greatest/list of BODY for each NAME in SUBJECT [where FILTER]; count has no body (None);
    every/some: body is the condition after `satisfies`.
    """

    kind: AggregateKind
    body: Expression | None
    variable: Name
    subject: Expression
    where: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class CalendarSet:
    """One calendar ("any" of one), or any/all of several. Names are builtin calendar identifiers."""

    mode: Literal["any", "all"]
    calendars: tuple[Name, ...]
    span: Span = field(compare=False)


DateUnit: TypeAlias = Literal["days", "months", "years", "working days", "hours", "minutes"]


@dataclass(frozen=True, slots=True)
class DateShift:
    """COUNT UNIT [of CALENDARS] [rounding up|down] after|before BASE."""

    count: Expression
    unit: DateUnit
    calendars: CalendarSet | None
    rounding: Literal["up", "down"] | None
    direction: Literal["after", "before"]
    base: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class DateDistance:
    """days from A to B; working days of C from A to B; hours from A to B; minutes from A to B."""

    unit: DateUnit
    calendars: CalendarSet | None
    start: Expression
    end: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class IsWorkingDay:
    """E is a working day of CALENDARS."""

    day: Expression
    calendars: CalendarSet
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Presence:
    """E is present / E is none."""

    subject: Expression
    present: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ValueOf:
    """value of E [or else D]."""

    subject: Expression
    default: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class SomeValue:
    """some E: the present value of an option."""

    value: Expression
    span: Span = field(compare=False)


PartName: TypeAlias = Literal["city", "year", "month", "day", "date", "length"]


@dataclass(frozen=True, slots=True)
class PartOf:
    """city of E, year of E, month of E, day of E, date of E, length of E."""

    part: PartName
    subject: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """[a, b] or set of [a, b]."""

    items: tuple[Expression, ...]
    is_set: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class NumbersFrom:
    """numbers from A to B at most N."""

    start: Expression
    end: Expression
    limit: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ItemOf:
    """item INDEX of LIST, counted from 1; the index is a primary."""

    index: Expression
    subject: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class RegisterHas:
    """REG has (keys)."""

    register: Name
    keys: tuple[Expression, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class EntriesOf:
    """entries of REG [(leading keys)] [at most N]."""

    register: Name
    keys: tuple[Expression, ...]
    limit: int | None
    span: Span = field(compare=False)


Expression: TypeAlias = (
    NumberLiteral | PercentLiteral | MoneyLiteral | DateLiteral | TimeLiteral | TextLiteral | TruthLiteral
    | NoneLiteral | NameReference | ContextReference | Call | FieldAccess | Parenthesised | Unary | Binary
    | Conditional | Match | Round | Extreme | Aggregate | DateShift | DateDistance | IsWorkingDay | Presence
    | ValueOf | SomeValue | PartOf | ListLiteral | NumbersFrom | ItemOf | RegisterHas | EntriesOf
)


# ---------------------------------------------------------------- types


@dataclass(frozen=True, slots=True)
class SimpleType:
    """A builtin type by its English identifier, with what it carries.

    builtin: Bool Int Decimal Percent Money Text Date Time City Person Organisation Department Actor
    """

    builtin: str
    currency: str | None
    size: int | None
    low: Expression | None
    high: Expression | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class NamedType:
    """An enumeration or a record, perhaps of a module."""

    module: Name | None
    name: Name
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class CollectionType:
    """list of T up to N; set of T up to N."""

    kind: Literal["list", "set"]
    item: TypeExpression
    limit: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class OptionalType:
    """optional T."""

    item: TypeExpression
    span: Span = field(compare=False)


TypeExpression: TypeAlias = SimpleType | NamedType | CollectionType | OptionalType


# ---------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Let:
    """let NAME = EXPR."""

    name: Name
    value: Expression
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Require:
    """require EXPR else refuse NAME."""

    condition: Expression
    refusal: Name
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Refuse:
    """refuse NAME."""

    refusal: Name
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Enter:
    """enter EXPR in REG."""

    value: Expression
    register: Name
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """FIELD: EXPR of an amendment."""

    name: Name
    value: Expression


@dataclass(frozen=True, slots=True)
class Amend:
    """amend REG(keys) with FIELD: EXPR, ..."""

    register: Name
    keys: tuple[Expression, ...]
    changes: tuple[FieldChange, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Remove:
    """remove REG(keys)."""

    register: Name
    keys: tuple[Expression, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Announce:
    """announce EVENT(args)."""

    event: Name
    arguments: tuple[Expression, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class IfStatement:
    """if E then ... { else if E then ... } [ else ... ] end; branches in order, `otherwise` may be empty."""

    branches: tuple[tuple[Expression, tuple[Statement, ...]], ...]
    otherwise: tuple[Statement, ...] | None
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class ForEach:
    """for each NAME in EXPR do ... end."""

    variable: Name
    subject: Expression
    body: tuple[Statement, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class StatementCase:
    """when PATTERN, ... then STATEMENTS."""

    patterns: tuple[Expression, ...]
    body: tuple[Statement, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class MatchStatement:
    """match E when ... then STATEMENTS ... [otherwise STATEMENTS] end."""

    subject: Expression
    cases: tuple[StatementCase, ...]
    otherwise: tuple[Statement, ...] | None
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Give:
    """give EXPR: the last line of a rule's or query's body."""

    value: Expression
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


Statement: TypeAlias = (
    Let | Require | Refuse | Enter | Amend | Remove | Announce | IfStatement | ForEach | MatchStatement | Give
)


# ---------------------------------------------------------------- declarations


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """NAME : TYPE of a record, an event, or a list of parameters."""

    name: Name
    type: TypeExpression
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class EnumDeclaration:
    """enum NAME: a, b, c."""

    name: Name
    members: tuple[Name, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class RecordDeclaration:
    """record NAME fields."""

    name: Name
    fields: tuple[FieldDeclaration, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


HolderKindName: TypeAlias = Literal["person", "organisation", "department", "city"]


@dataclass(frozen=True, slots=True)
class RoleDeclaration:
    """role NAME is [any] KIND or KIND; `open` when `any` is written: the kind suffices."""

    name: Name
    open: bool
    kinds: tuple[HolderKindName, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class DatedValue:
    """EXPR from DATE."""

    value: Expression
    start: DateLiteral


@dataclass(frozen=True, slots=True)
class ParameterDeclaration:
    """[local] parameter NAME: TYPE [between LOW and HIGH] = EXPR from DATE, ..."""

    name: Name
    type: TypeExpression
    bounds: tuple[Expression, Expression] | None
    values: tuple[DatedValue, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class TableRow:
    """when PATTERN, PATTERN give EXPR: one pattern for each key."""

    patterns: tuple[Expression, ...]
    value: Expression
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class TableDeclaration:
    """table NAME(keys) gives TYPE from DATE rows from DATE rows end."""

    name: Name
    keys: tuple[FieldDeclaration, ...]
    result: TypeExpression
    blocks: tuple[tuple[DateLiteral, tuple[TableRow, ...]], ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class RefusalDeclaration:
    """refusal NAME texts."""

    name: Name
    texts: tuple[LanguageText, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class EventDeclaration:
    """event NAME(fields)."""

    name: Name
    fields: tuple[FieldDeclaration, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class RegisterDeclaration:
    """register NAME: RECORD by FIELD, ..."""

    name: Name
    record: NamedType
    keys: tuple[Name, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class RuleDeclaration:
    """rule NAME(params) gives TYPE [when EXPR] BODY; the body is lets and one give."""

    name: Name
    parameters: tuple[FieldDeclaration, ...]
    result: TypeExpression
    when: Expression | None
    body: tuple[Statement, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class ExceptionDeclaration:
    """exception NAME to TARGET [over NAME, ...] when EXPR BODY."""

    name: Name
    target: Name
    over: tuple[Name, ...]
    when: Expression
    body: tuple[Statement, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Who:
    """ROLE [of NAME], or anyone (role None)."""

    role: Name | None
    of: Name | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ActDeclaration:
    """act NAME(params) by WHO or WHO STATEMENTS."""

    name: Name
    parameters: tuple[FieldDeclaration, ...]
    by: tuple[Who, ...]
    body: tuple[Statement, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class QueryDeclaration:
    """query NAME(params) by WHO gives TYPE BODY."""

    name: Name
    parameters: tuple[FieldDeclaration, ...]
    by: tuple[Who, ...]
    result: TypeExpression
    body: tuple[Statement, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class InvariantDeclaration:
    """invariant NAME [STRING] holds EXPR."""

    name: Name
    text: str | None
    condition: Expression
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class ExampleDeclaration:
    """example STRING [on DATE] EXPR."""

    title: str
    on: DateLiteral | None
    condition: Expression
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class CastMember:
    """NAME as [KIND and] ROLE and ROLE of CITY: somebody of an example, who holds these roles; or CITY as ROLE."""

    name: Name
    kinds: tuple[HolderKindName, ...]
    roles: tuple[Name, ...]
    of: Name | None
    span: Span = field(compare=False)


DeedEnd: TypeAlias = Literal["done", "refused", "forbidden"]
"""How a deed ends: carried out, refused on a ground of the instrument, or the actor has no power to do it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """on DATE NAME does ACT(arguments) [refused NAME | without power]."""

    on: DateLiteral
    actor: Name
    act: Name
    arguments: tuple[Argument, ...]
    end: DeedEnd
    refusal: Name | None
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """then EXPR: what stands in the registers by then."""

    condition: Expression
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class CourseDeclaration:
    """example STRING [with CAST] DEED, then deeds and what stands after them: an example of acts."""

    title: str
    cast: tuple[CastMember, ...]
    steps: tuple[Deed | Standing, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class PropertyDeclaration:
    """property STRING for any NAME: TYPE, ... [where EXPR] holds EXPR."""

    title: str
    variables: tuple[FieldDeclaration, ...]
    where: Expression | None
    condition: Expression
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


Declaration: TypeAlias = (
    EnumDeclaration | RecordDeclaration | RoleDeclaration | ParameterDeclaration | TableDeclaration
    | RefusalDeclaration | EventDeclaration | RegisterDeclaration | RuleDeclaration | ExceptionDeclaration
    | ActDeclaration | QueryDeclaration | InvariantDeclaration | ExampleDeclaration | CourseDeclaration
    | PropertyDeclaration
)


@dataclass(frozen=True, slots=True)
class Article:
    """article LABEL [HEADING] with its titles, bases, texts and declarations, in the order written."""

    label: str
    heading: str | None
    titles: tuple[LanguageText, ...]
    bases: tuple[LanguageText, ...]
    texts: tuple[LanguageText, ...]
    text_only: LanguageText | None
    declarations: tuple[Declaration, ...]
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class Import:
    """import NAME [from STRING]."""

    name: Name
    path: str | None
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)


HeaderLine: TypeAlias = Literal["parties", "prevailing", "effective", "expires", "review", "weekend"]
"""Header lines that hold no texts of their own; what is commented there is kept under these names."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A contract or a library. `parties` None means all eleven cities, empty that no line names any; bases are
    untagged texts.
    """

    form: Literal["contract", "library"]
    name: Name
    version: int
    titles: tuple[LanguageText, ...]
    bases: tuple[LanguageText, ...]
    parties: tuple[Name, ...] | None
    prevailing: tuple[Language, ...]
    effective: DateLiteral | None
    expires: DateLiteral | None
    review: DateLiteral | None
    imports: tuple[Import, ...]
    articles: tuple[Article, ...]
    language: Language = field(compare=False)
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)
    closing_comments: tuple[str, ...] = field(default=(), compare=False)
    line_comments: tuple[tuple[HeaderLine, Comments], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class DateRange:
    """DATE [to DATE]; both the same for a single day."""

    start: DateLiteral
    end: DateLiteral
    comments: Comments = field(default=NO_COMMENTS, compare=False)


@dataclass(frozen=True, slots=True)
class CalendarInstrument:
    """calendar NAME year INT with its days. `weekend` holds weekday numbers, Monday 0 to Sunday 6."""

    name: Name
    year: int
    titles: tuple[LanguageText, ...]
    bases: tuple[LanguageText, ...]
    weekend: tuple[int, ...]
    off: tuple[DateRange, ...]
    working: tuple[DateRange, ...]
    half: tuple[DateRange, ...]
    language: Language = field(compare=False)
    span: Span = field(compare=False)
    comments: Comments = field(default=NO_COMMENTS, compare=False)
    closing_comments: tuple[str, ...] = field(default=(), compare=False)
    line_comments: tuple[tuple[HeaderLine, Comments], ...] = field(default=(), compare=False)


Document: TypeAlias = Instrument | CalendarInstrument
