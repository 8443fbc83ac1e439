"""Values that may be symbols, of every type of the machine.

A truth and a number are those of `terms`; so are a date, a time, an enumeration (the position of the member) and a text
(which text it is, since only equality and length matter to a program). A ratio is a `Quotient`, a reference a `Party`,
a record a tuple, a list or a set `Items`, an option a `Maybe`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import gcd, lcm
from typing import Any, TypeAlias, assert_never

from gbalang.isa.civil import DATE_MAX, DATE_MIN, TIME_MAX, TIME_MIN
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
from gbalang.isa.values import CITIES, Codecs, number_range
from gbalang.limits import NUMBER_BITS_MAX, TEXT_CHARACTERS_MAX
from gbalang.proving import terms as s
from gbalang.proving.terms import Logic, Model

IDENTITIES_MAX = 1_000_000
"""Different texts, and different holders of a city, that a symbol may stand for: more than any bound lets matter."""
TEXT_PLAIN = 5
"""Letters of a text in a counterexample: enough for IDENTITIES_MAX, and nothing else hangs on its length."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Reason(Enum):
    """Why nothing was established."""

    ANY_RATIO = "any_ratio"
    """A variable is a ratio that was never rounded."""
    ORDER = "order"
    """The outcome depends on the order of entries or of a set's items."""
    LONG_LIST = "long_list"
    """More numbers, writes or events than are written out."""
    HUGE = "huge"
    """A ratio in any terms grows beyond what is followed."""
    NESTED = "nested"
    """The program is nested deeper than is followed."""
    INVARIANT = "invariant"
    """The invariant itself is not supported."""
    NEVER_DONE = "never_done"
    """The act cannot be carried out within the bounds at all."""
    NOT_REPLAYED = "not_replayed"
    """The solver's counterexample does not come true on the machine."""
    TIME = "time"
    RESOURCES = "resources"
    UNKNOWN = "unknown"


class Unsupported(Exception):  # noqa: N818  # an answer: this form is not reckoned with symbols
    """What the program does here has no symbolic meaning."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Quotient:
    """An exact ratio, in any terms; the denominator is above zero."""

    numerator: s.Number
    denominator: s.Number


@dataclass(frozen=True, slots=True)
class Party:
    """A city by its position, and which holder there; 0 is the city itself."""

    city: s.Number
    holder: s.Number


@dataclass(frozen=True, slots=True)
class Items:
    """Items of a list or a set, each with whether it is there. `loose`: their order is not known."""

    places: tuple[tuple[s.Truth, Any], ...]
    loose: bool = False
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value that may be missing; without a value, it is missing."""

    present: s.Truth
    value: Any


Symbolic: TypeAlias = Any


class Values:
    """Makes, tests and reads values of one program in one world of symbols."""

    __slots__ = ("_codecs", "_holders", "_texts", "bound", "logic", "program")

    def __init__(self, program: Program, logic: Logic, bound: int) -> None:
        self.program = program
        self.logic = logic
        self.bound = bound
        self._codecs = Codecs(program)
        self._texts: dict[str, int] = {"": 0}
        self._holders: dict[str, int] = {"": 0}

    # ------------------------------------------------------------ making

    def constant(self, type_: Type, value: Any) -> Symbolic:
        """Return a value that is known."""
        match type_:
            case Truth() | Number() | Date() | Time() | Enumeration():
                return value
            case Text():
                return self._texts.setdefault(value, len(self._texts))
            case Ratio():
                return Quotient(*value)
            case Reference():
                city, _, holder = value.partition("/")
                return Party(CITIES.index(city), self._holders.setdefault(holder, len(self._holders)))
            case Record(index=index):
                fields = self.program.records[index].fields
                return tuple([self.constant(field.type, each) for field, each in zip(fields, value, strict=True)])
            case List(item=item) | Set(item=item):
                places = tuple([(True, self.constant(item, each)) for each in value])
                return Items(places, is_set=isinstance(type_, Set))
            case Option(item=item):
                return Maybe(present=True, value=self.constant(item, value[0])) if value else ABSENT
            case _:
                assert_never(type_)

    def unknown(self, type_: Type, name: str) -> Symbolic:
        """Return any value that conforms to the type; of a list or set, at most so many items as the bound allows."""
        match type_:
            case Truth():
                return self.logic.truth(name)
            case Number():
                return self.logic.number(name, *number_range(type_))
            case Date():
                return self.logic.number(name, DATE_MIN, DATE_MAX)
            case Time():
                return self.logic.number(name, TIME_MIN, TIME_MAX)
            case Enumeration(index=index):
                return self.logic.number(name, 0, len(self.program.enumerations[index].members) - 1)
            case Text():
                found = self.logic.number(name, 0, IDENTITIES_MAX)
                self.logic.suppose(self.conforms(type_, found))
                return found
            case Ratio():
                raise Unsupported(Reason.ANY_RATIO)
            case Reference(kind=kind):
                low, high = (0, 0) if kind == "city" else (0 if kind == "actor" else 1, IDENTITIES_MAX)
                city = self.logic.number(name + ".city", 0, len(CITIES) - 1)
                return Party(city, self.logic.number(name + ".holder", low, high))
            case Record(index=index):
                fields = self.program.records[index].fields
                return tuple([self.unknown(field.type, f"{name}.{field.name}") for field in fields])
            case List(item=item, limit=limit) | Set(item=item, limit=limit):
                return self._unknown_items(type_, item, min(limit, self.bound), name)
            case Option(item=item):
                return Maybe(self.logic.truth(name + "?"), self.unknown(item, name))
            case _:
                assert_never(type_)

    def _unknown_items(self, type_: List | Set, item: Type, count: int, name: str) -> Items:
        length = self.logic.number(name + ".length", 0, count)
        places = [(s.less(place, length), self.unknown(item, f"{name}[{place}]")) for place in range(count)]
        if isinstance(type_, Set):
            for place, (there, value) in enumerate(places):
                for _, other in places[:place]:
                    self.logic.suppose(s.either(s.negation(there), s.negation(same(value, other))))
        return Items(tuple(places), is_set=isinstance(type_, Set))

    # ------------------------------------------------------------ conformity

    def conforms(self, type_: Type, value: Symbolic) -> s.Truth:
        """Whether a value of the type's kind is within the range, length and kind that the type declares."""
        match type_:
            case Truth() | Ratio():
                return True
            case Number():
                return s.within(value, *number_range(type_))
            case Date():
                return s.within(value, DATE_MIN, DATE_MAX)
            case Time():
                return s.within(value, TIME_MIN, TIME_MAX)
            case Enumeration(index=index):
                return s.within(value, 0, len(self.program.enumerations[index].members) - 1)
            case Text(limit=limit):
                return s.at_least(limit, self._length(value))
            case Reference(kind=kind):
                city = s.same_number(value.holder, 0)
                return True if kind == "actor" else city if kind == "city" else s.negation(city)
            case Record(index=index):
                fields = self.program.records[index].fields
                return s.both(*[self.conforms(field.type, each) for field, each in zip(fields, value, strict=True)])
            case List(item=item, limit=limit) | Set(item=item, limit=limit):
                fits = [s.either(s.negation(there), self.conforms(item, each)) for there, each in value.places]
                return s.both(s.at_least(limit, length(value)), *fits)
            case Option(item=item):
                if value.value is None:
                    return True
                return s.either(s.negation(value.present), self.conforms(item, value.value))
            case _:
                assert_never(type_)

    def narrowed(self, type_: Type, value: Symbolic) -> Symbolic:
        """Return a value that was found to conform, its numbers with the bounds that this gives."""
        match type_:
            case Number():
                return s.narrowed(value, *number_range(type_))
            case Date():
                return s.narrowed(value, DATE_MIN, DATE_MAX)
            case Time():
                return s.narrowed(value, TIME_MIN, TIME_MAX)
            case Record(index=index):
                fields = self.program.records[index].fields
                return tuple([self.narrowed(field.type, each) for field, each in zip(fields, value, strict=True)])
            case Option(item=item) if value.value is not None:
                return Maybe(value.present, self.narrowed(item, value.value))
            case _:
                return value

    def _length(self, text: s.Number) -> s.Number:
        """A text's characters. Of all texts only the empty one has none."""
        if isinstance(text, int):
            return next(len(known) for known, number in self._texts.items() if number == text)
        found = self.logic.apply("length", [text], 0, TEXT_CHARACTERS_MAX)
        self.logic.suppose(s.same_truth(s.same_number(text, 0), s.same_number(found, 0)))
        return found

    def suppose_lengths(self) -> None:
        """Hold the lengths of the texts that the program names for known."""
        for known, number in self._texts.items():
            self.logic.suppose(s.same_number(self.logic.apply("length", [number]), len(known)))

    # ------------------------------------------------------------ reading

    def read(self, type_: Type, value: Symbolic, model: Model) -> Value:
        """Return what a value is in a model."""
        match type_:
            case Truth():
                return model.truth(value)
            case Number() | Date() | Time() | Enumeration():
                return model.number(value)
            case Text(limit=limit):
                return self._read_text(model.number(value), limit)
            case Ratio():
                numerator, denominator = model.number(value.numerator), model.number(value.denominator)
                common = gcd(numerator, denominator)
                return numerator // common, denominator // common
            case Reference():
                city, holder = CITIES[model.number(value.city)], self._read_holder(model.number(value.holder))
                return f"{city}/{holder}" if holder else city
            case Record(index=index):
                fields = self.program.records[index].fields
                return tuple([self.read(field.type, each, model) for field, each in zip(fields, value, strict=True)])
            case List(item=item) | Set(item=item):
                items = [self.read(item, each, model) for there, each in value.places if model.truth(there)]
                if isinstance(type_, Set):
                    items.sort(key=lambda each: self._codecs.encode(item, each))
                return tuple(items)
            case Option(item=item):
                present = value.value is not None and model.truth(value.present)
                return (self.read(item, value.value, model),) if present else ()
            case _:
                assert_never(type_)

    def _read_text(self, number: int, limit: int) -> str:
        for known, its_number in self._texts.items():
            if its_number == number:
                return known
        # A text of letters for the number, apart from all that the program names.
        letters, left = "", number
        for _ in range(min(limit, TEXT_PLAIN)):
            left, letter = divmod(left, len(_LETTERS))
            letters = _LETTERS[letter] + letters
        return letters if letters not in self._texts else letters[::-1]

    def _read_holder(self, number: int) -> str:
        for known, its_number in self._holders.items():
            if its_number == number:
                return known
        name = f"holder-{number}"
        return name if name not in self._holders else name + "-x"


ABSENT = Maybe(present=False, value=None)


# ---------------------------------------------------------------- comparing and choosing


def same(left: Symbolic, right: Symbolic) -> s.Truth:
    """Whether two values of one type are equal."""
    if left is right:
        return True
    match left:
        case Quotient():
            return s.same_number(
                s.multiply(left.numerator, right.denominator), s.multiply(right.numerator, left.denominator)
            )
        case Party():
            return s.both(s.same_number(left.city, right.city), s.same_number(left.holder, right.holder))
        case tuple():
            return s.both(*[same(one, other) for one, other in zip(left, right, strict=True)])
        case Maybe():
            if left.value is None or right.value is None:
                return s.both(s.negation(left.present), s.negation(right.present))
            equal = s.either(s.negation(left.present), same(left.value, right.value))
            return s.both(s.same_truth(left.present, right.present), equal)
        case Items():
            return _same_items(left, right)
        case _ if s.is_truth(left):
            return s.same_truth(left, right)
        case _:
            return s.same_number(left, right)


def _same_items(left: Items, right: Items) -> s.Truth:
    if left.is_set:
        inside = [s.either(s.negation(there), contains(right, each)) for there, each in left.places]
        return s.both(s.same_number(length(left), length(right)), *inside)
    if left.loose or right.loose:
        raise Unsupported(Reason.ORDER)
    pairs = []
    for place in range(min(len(left.places), len(right.places))):
        beyond = s.at_least(place, length(left))
        pairs.append(s.either(beyond, same(item_at(left, place), item_at(right, place))))
    return s.both(s.same_number(length(left), length(right)), *pairs)


def choose(condition: s.Truth, then: Symbolic, otherwise: Symbolic) -> Symbolic:
    """Return one of two values of one type. None stands for what is never used."""
    if then is otherwise or otherwise is None or condition is True:
        return then
    if then is None or condition is False:
        return otherwise
    match then:
        case Quotient():
            denominator = s.choose_number(condition, then.denominator, otherwise.denominator)
            return Quotient(s.choose_number(condition, then.numerator, otherwise.numerator), denominator)
        case Party():
            holder = s.choose_number(condition, then.holder, otherwise.holder)
            return Party(s.choose_number(condition, then.city, otherwise.city), holder)
        case tuple():
            return tuple([choose(condition, one, other) for one, other in zip(then, otherwise, strict=True)])
        case Maybe():
            present = s.choose_truth(condition, then.present, otherwise.present)
            return Maybe(present, choose(condition, then.value, otherwise.value))
        case Items():
            return _choose_items(condition, then, otherwise)
        case _ if s.is_truth(then):
            return s.choose_truth(condition, then, otherwise)
        case _:
            return s.choose_number(condition, then, otherwise)


def _choose_items(condition: s.Truth, then: Items, otherwise: Items) -> Items:
    places = []
    for place in range(max(len(then.places), len(otherwise.places))):
        one, other = _place(then, place), _place(otherwise, place)
        places.append((s.choose_truth(condition, one[0], other[0]), choose(condition, one[1], other[1])))
    return Items(tuple(places), then.loose or otherwise.loose, then.is_set)


def _place(items: Items, place: int) -> tuple[s.Truth, Symbolic]:
    return items.places[place] if place < len(items.places) else (False, None)


# ---------------------------------------------------------------- items


def length(items: Items) -> s.Number:
    """Return the number of items that are there."""
    total: s.Number = 0
    for there, _ in items.places:
        total = s.add(total, s.choose_number(there, 1, 0))
    return total


def contains(items: Items, value: Symbolic) -> s.Truth:
    """Whether an item is the value."""
    return s.either(*[s.both(there, same(each, value)) for there, each in items.places])


def item_at(items: Items, number: s.Number) -> Symbolic:
    """Return the item before which there are so many."""
    found: Symbolic = None
    before: s.Number = 0
    for there, value in items.places:
        found = choose(s.both(there, s.same_number(before, number)), value, found)
        before = s.add(before, s.choose_number(there, 1, 0))
    return found


def set_of(values: Sequence[Symbolic]) -> Items:
    """Return the values as a set: each once, in an order that is not known."""
    places = []
    for place, value in enumerate(values):
        again = s.either(*[same(value, other) for other in values[:place]])
        places.append((s.negation(again), value))
    return Items(tuple(places), loose=len(places) > 1, is_set=True)


def loosened(value: Symbolic) -> Symbolic:
    """Return items whose order is no longer known."""
    return replace(value, loose=True) if isinstance(value, Items) and len(value.places) > 1 else value


# ---------------------------------------------------------------- ratios

BOUND = 1 << NUMBER_BITS_MAX
HUGE = 1 << (4 * NUMBER_BITS_MAX)
"""A numerator or denominator that can be as large as this is not followed: the solver would be lost in its digits."""


def reduced(numerator: s.Number, denominator: s.Number) -> Quotient:
    """Return a ratio without the factors that can be seen."""
    if isinstance(numerator, int) and isinstance(denominator, int):
        common = gcd(numerator, denominator)
        return Quotient(numerator // common, denominator // common)
    return Quotient(numerator, denominator)


def sum_of(left: Quotient, right: Quotient) -> Quotient:
    """Return p + q."""
    one, other = left.denominator, right.denominator
    if isinstance(one, int) and isinstance(other, int):
        common = lcm(one, other)
        numerator = s.add(
            s.multiply(left.numerator, common // one), s.multiply(right.numerator, common // other)
        )
        return reduced(numerator, common)
    numerator = s.add(s.multiply(left.numerator, other), s.multiply(right.numerator, one))
    return reduced(numerator, s.multiply(one, other))


def product_of(left: Quotient, right: Quotient) -> Quotient:
    """Return p × q."""
    first, second = _crossed(left.numerator, right.denominator)
    third, fourth = _crossed(right.numerator, left.denominator)
    return reduced(s.multiply(first, third), s.multiply(fourth, second))


def inverse_of(value: Quotient) -> Quotient:
    """Return 1 ÷ q, of a ratio that is not zero."""
    positive = s.less(0, value.numerator)
    numerator = s.choose_number(positive, value.denominator, s.negate(value.denominator))
    return reduced(numerator, s.narrowed(s.absolute(value.numerator), 1, None))


def negative_of(value: Quotient) -> Quotient:
    """Return −q."""
    return Quotient(s.negate(value.numerator), value.denominator)


def _crossed(numerator: s.Number, denominator: s.Number) -> tuple[s.Number, s.Number]:
    if isinstance(numerator, int) and isinstance(denominator, int):
        common = gcd(numerator, denominator)
        return numerator // common, denominator // common
    return numerator, denominator
