"""The typed tree: an instrument with every name resolved, every type known and every conversion written out.

It is close to the machine (numbers are mantissas, scales have been made to agree, `match` has become conditions) and
free of surface forms, so `emit` has nothing left to decide. Indexes are those of the program to come: enumerations,
records, registers, roles, parameters, refusals, events, conditions, notes, calendars, types are collected here in
their final order. No type field is ever None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gbalang.ast.nodes import DeedEnd
from gbalang.isa import program as p
from gbalang.isa.types import Record, Type, Value
from gbalang.source import Span
from gbalang.vm.faults import Fault

# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, an enumerator, a city."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Local:
    """A local slot of the function."""

    index: int
    type: Type


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Mantissas of equal scale (add, subtract) or any (multiply: scales add)."""

    operator: Literal["add", "subtract", "multiply"]
    left: Expression
    right: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Negate:
    """Of a number or a ratio, by its type."""

    value: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Rescale:
    """Multiply the mantissa by 10**places; the type has the larger scale."""

    value: Expression
    places: int
    type: Type


@dataclass(frozen=True, slots=True)
class ToRatio:
    """A number of that scale as an exact ratio."""

    value: Expression
    scale: int
    type: Type


@dataclass(frozen=True, slots=True)
class RatioArithmetic:
    """Exact arithmetic of ratios."""

    operator: Literal["add", "subtract", "multiply", "divide"]
    left: Expression
    right: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class RoundRatio:
    """The integer to which the mode rounds the ratio: the type is a Number of scale 0.

    `round M (x) to u` is Arithmetic(multiply, RoundRatio(x / u), Constant(u)): rounded count of units times the unit.
    """

    mode: p.Rounding
    value: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Compare:
    """Both operands of one representation and scale. `ratio`: operands are ratios. less*: number, date, time."""

    operator: Literal["equal", "less", "less_or_equal"]
    left: Expression
    right: Expression
    ratio: bool
    type: Type


@dataclass(frozen=True, slots=True)
class Not:
    """Logical negation."""

    value: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class AndAlso:
    """right is evaluated only if left holds."""

    left: Expression
    right: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class OrElse:
    """right is evaluated only if left does not hold."""

    left: Expression
    right: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class IfElse:
    """A choice between two values of one type."""

    condition: Expression
    then: Expression
    otherwise: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Bind:
    """locals[index] := value, then body."""

    index: int
    value: Expression
    body: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class CallRule:
    """A call of rules[rule]; `day` is given exactly when that rule is dated."""

    rule: int
    arguments: tuple[Expression, ...]
    day: Expression | None
    type: Type


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """All fields in declared order."""

    fields: tuple[Expression, ...]
    type: Record


@dataclass(frozen=True, slots=True)
class GetField:
    """A field of a record."""

    subject: Expression
    index: int
    type: Type


@dataclass(frozen=True, slots=True)
class MakeSome:
    """A present option value."""

    value: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class MakeNone:
    """none, of that option type."""

    type: Type


@dataclass(frozen=True, slots=True)
class IsPresent:
    """Whether an option holds a value."""

    subject: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Unwrap:
    """The value of an option; faults missing_value."""

    subject: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class MakeList:
    """A list literal, or with a Set type a set literal."""

    items: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class LengthOf:
    """Number of items of a list or set."""

    subject: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Contains:
    """item in collection."""

    item: Expression
    collection: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class ItemOf:
    """The index-th item, counted from 1."""

    subject: Expression
    index: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Numbers:
    """[start … end], at most limit."""

    start: Expression
    end: Expression
    limit: int
    type: Type


@dataclass(frozen=True, slots=True)
class Fold:
    """An aggregate over a list or set, item by item in order.

    sum: body added up (type Number or Ratio); least/greatest: of body (fault empty_aggregate when nothing is left);
    list: the bodies; count: of items; every/some: whether body (a truth) holds for all / any.
    `item` is the local slot that receives each item; `where` filters.
    """

    kind: Literal["sum", "least", "greatest", "list", "count", "every", "some"]
    item: int
    item_type: Type
    subject: Expression
    where: Expression | None
    body: Expression | None
    type: Type


@dataclass(frozen=True, slots=True)
class AddDays:
    """base + count days (count may be negative)."""

    base: Expression
    count: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class AddMonths:
    """base + count months."""

    base: Expression
    count: Expression
    month_end: p.MonthEnd
    type: Type


@dataclass(frozen=True, slots=True)
class AddWorkingDays:
    """base + count working days of calendars[index]."""

    base: Expression
    count: Expression
    calendars: int
    type: Type


@dataclass(frozen=True, slots=True)
class AddSeconds:
    """A moment + count seconds."""

    base: Expression
    count: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Between:
    """days, seconds, or working days (calendars given) from start to end."""

    unit: Literal["days", "seconds", "working days"]
    start: Expression
    end: Expression
    calendars: int | None
    type: Type


@dataclass(frozen=True, slots=True)
class IsWorking:
    """Whether a day is a working day of calendars[index]."""

    day: Expression
    calendars: int
    type: Type


@dataclass(frozen=True, slots=True)
class DatePart:
    """year, month or day of a date."""

    part: Literal["year", "month", "day"]
    subject: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class DateOfTime:
    """The day of a moment at UTC+8."""

    subject: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class CityOf:
    """The city of a reference."""

    subject: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Circumstance:
    """actor, today, now."""

    what: Literal["actor", "today", "now"]
    type: Type


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A dated parameter on a day."""

    parameter: int
    day: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class LocalParameterValue:
    """A city's own value of a parameter on a day."""

    parameter: int
    city: Expression
    day: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class RegisterHas:
    """Whether an entry stands under the key."""

    register: int
    keys: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class RegisterGet:
    """The entry under the key; faults missing_entry."""

    register: int
    keys: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class RegisterEntries:
    """The entries whose key begins with `keys`, at most limit."""

    register: int
    keys: tuple[Expression, ...]
    limit: int
    type: Type


@dataclass(frozen=True, slots=True)
class FaultValue:
    """Ends the call with a fault where a value of that type is expected."""

    fault: Fault
    type: Type


@dataclass(frozen=True, slots=True)
class Checked:
    """value, checked against the range, length and kind of `type` (fault out_of_range)."""

    value: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class WithNote:
    """value, recorded as notes[note] among the reasons."""

    note: int
    value: Expression
    type: Type


Expression: TypeAlias = (
    Constant | Local | Arithmetic | Negate | Rescale | ToRatio | RatioArithmetic | RoundRatio | Compare | Not | AndAlso
    | OrElse | IfElse | Bind | CallRule | BuildRecord | GetField | MakeSome | MakeNone | IsPresent | Unwrap | MakeList
    | LengthOf | Contains | ItemOf | Numbers | Fold | AddDays | AddMonths | AddWorkingDays | AddSeconds | Between
    | IsWorking | DatePart | DateOfTime | CityOf | Circumstance | ParameterValue | LocalParameterValue | RegisterHas
    | RegisterGet | RegisterEntries | FaultValue | Checked | WithNote
)

# ---------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class SetLocal:
    """locals[index] := value."""

    index: int
    value: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Require:
    """The condition with that index must hold, or the call is refused."""

    condition: int
    value: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Refuse:
    """The call is refused on that ground."""

    refusal: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Enter:
    """A new entry."""

    register: int
    value: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Amend:
    """The entry under `keys` with the changed fields (index, value); key fields never change."""

    register: int
    keys: tuple[Expression, ...]
    changes: tuple[tuple[int, Expression], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Remove:
    """The entry under `keys` is removed."""

    register: int
    keys: tuple[Expression, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Announce:
    """An event."""

    event: int
    arguments: tuple[Expression, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class If:
    """A two-way branch; chains and matches have become nested ones."""

    condition: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ForEach:
    """For every item of a list or set, in order."""

    item: int
    subject: Expression
    body: tuple[Statement, ...]
    span: Span = field(compare=False)


Statement: TypeAlias = SetLocal | Require | Refuse | Enter | Amend | Remove | Announce | If | ForEach

# ---------------------------------------------------------------- functions and the whole


@dataclass(frozen=True, slots=True)
class Body:
    """Statements, then the value given (None for acts)."""

    statements: tuple[Statement, ...]
    result: Expression | None


@dataclass(frozen=True, slots=True)
class RuleException:
    """An exception of a rule or of another exception.

    It has the rule's parameters in the same slots (and the hidden day slot when the rule is dated). `locals` are all
    its slots. `over`: positions, among its siblings, of those it prevails over. `when` and `body` share the slots.
    """

    name: str
    article: int
    over: tuple[int, ...]
    locals: tuple[Type, ...]
    when: Expression
    body: Body
    exceptions: tuple[RuleException, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. When `dated`, the slot right after the parameters holds the day. All exceptions of a dated rule are
    compiled as dated, and a rule is dated when any of its exceptions needs a day. Its name is "module.name" for an
    imported rule. A table has become a rule. `guard` is its `when`.
    """

    name: str
    article: int
    parameters: tuple[p.Field, ...]
    result: Type
    dated: bool
    locals: tuple[Type, ...]
    guard: Expression | None
    body: Body
    exceptions: tuple[RuleException, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Procedure:
    """An act, a query or an invariant (result Truth)."""

    name: str
    kind: p.FunctionKind
    article: int
    parameters: tuple[p.Field, ...]
    permissions: tuple[p.Permission, ...]
    locals: tuple[Type, ...]
    body: Body
    result: Type | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Example:
    """An example: a truth that must hold on that day. When it is `call = value`, `left` and `right` are the typed
    sides, so that a failure can show both (and how to print them: their `type`). `locals`: its slots (parameterless).
    """

    title: str
    article: int
    day: int
    condition: Expression
    left: Expression | None
    right: Expression | None
    locals: tuple[Type, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who takes part in an example of acts, with the roles that are held there, sorted."""

    name: str
    reference: str
    kind: str
    city: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """An act of an example, and how it must end: `refusal` is the ground when it must be refused.

    An argument that is no constant is reckoned on `day`, the slots of the cast being set. `text`: as it is written.
    """

    day: int
    actor: Holder
    act: str
    arguments: tuple[Expression, ...]
    end: DeedEnd
    refusal: int | None
    locals: tuple[Type, ...]
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """What must hold of the registers after the deeds before it, on the day of the last of them."""

    day: int
    condition: Expression
    locals: tuple[Type, ...]
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Course:
    """An example of acts. `cast`: whose references the first slots of its expressions hold."""

    title: str
    article: int
    cast: tuple[Holder, ...]
    steps: tuple[Deed | Standing, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Property:
    """A property: for all values of the variables (slots 0…) that satisfy `where`, `condition` holds.

    When `dated`, the slot after the variables holds the day of the case; `day` is the one a reader would think of.
    """

    title: str
    article: int
    variables: tuple[p.Field, ...]
    dated: bool
    day: int
    where: Expression | None
    condition: Expression
    locals: tuple[Type, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ArticleCoverage:
    """How much of an article runs: number of executable declarations; text-only reason or ""."""

    label: str
    heading: str
    executable: int
    text_only: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A checked instrument. `form` is "contract" or "library". Tuples from `articles` to `types` are the program's.

    Articles of imported modules follow the instrument's own, labelled "module:label".
    """

    form: Literal["contract", "library"]
    name: str
    version: int
    titles: tuple[p.TaggedText, ...]
    bases: tuple[str, ...]
    parties: tuple[str, ...]
    prevailing: tuple[str, ...]
    effective: int
    expires: int | None
    review: int | None
    articles: tuple[p.Article, ...]
    enumerations: tuple[p.Enumeration, ...]
    records: tuple[p.Record, ...]
    registers: tuple[p.Register, ...]
    roles: tuple[p.Role, ...]
    parameters: tuple[p.Parameter, ...]
    refusals: tuple[p.Refusal, ...]
    events: tuple[p.Event, ...]
    conditions: tuple[p.Condition, ...]
    notes: tuple[p.Note, ...]
    calendars: tuple[p.CalendarSet, ...]
    rules: tuple[Rule, ...]
    procedures: tuple[Procedure, ...]
    examples: tuple[Example, ...]
    courses: tuple[Course, ...]
    properties: tuple[Property, ...]
    coverage: tuple[ArticleCoverage, ...]


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """A calendar as ledger data: one state (0 off, 1 working, 2 half) for each day of the year, 1 January first."""

    calendar: str
    year: int
    bases: tuple[str, ...]
    days: tuple[int, ...]


CheckedDocument: TypeAlias = Contract | CalendarYear
