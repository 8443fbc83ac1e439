"""Values as people write them, and back: 268_080.00 CNY, 15%, 2026-01-31, Guangzhou, some 3, Term(first_day: …).

For arguments of acts and queries, answers, letters and reports. What is printed reads back as the same value. Text from
outside is hostile until read: its length is bounded, and whatever does not fit is refused with a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import assert_never

from gbalang.ast.keywords import CITY_BY_WORD
from gbalang.isa.civil import (
    OFFSET_S,
    SECONDS_OF_DAY,
    YEAR_MAX,
    YEAR_MIN,
    civil_from_days,
    days_from_civil,
    is_date,
)
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
from gbalang.isa.values import Codecs, Definitions

LITERAL_CHARACTERS_MAX = 200_000
DIGITS_MAX = 80
_GROUPED_FROM = 5
"""Numbers of that many digits are written in groups of three."""

_NUMBER = re.compile(r"(-?)([0-9][0-9_]*)(?:\.([0-9]+))?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_WORD = re.compile(r"[\w/.-]+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\n])*)"')
_ESCAPE = re.compile(r"\\(.)")
_BRACKETED = re.compile(r"「([^」]*)」")
_SPACE = re.compile(r"\s*")

_TYPE_WORDS = {
    "actor": "Actor",
    "city": "City",
    "person": "Person",
    "organisation": "Organisation",
    "department": "Department",
}
_FORMS = {"Bool": "true or false", "Date": "a date such as 2026-01-31", "Time": "a moment such as 2026-01-31T09:30"}


class LiteralRefused(Exception):  # noqa: N818  # the user's mistake, to be said in words
    """A text is no value of the type; `reason` says why, in plain words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_value(type_: Type, text: str, program: Definitions, *, within: bool = True) -> Value:
    """Return the value that a text stands for. A Text may stand without quotes. Raises LiteralRefused.

    `within`: the value must be in the type's range; False reads what only the ledger is to judge.
    """
    if len(text) > LITERAL_CHARACTERS_MAX:
        raise LiteralRefused(f"longer than {LITERAL_CHARACTERS_MAX} characters")
    stripped = text.strip()
    if isinstance(type_, Text) and not stripped.startswith('"'):
        value: Value = text
    else:
        reader = _Reader(stripped, program)
        value = reader.value(type_)
        reader.end()
    if within and not Codecs(program).test(type_)(value):
        raise LiteralRefused(_outside(type_, program))
    return value


def type_name(type_: Type, program: Definitions) -> str:
    """Return a type as a drafter writes it, with its range and length."""
    match type_:
        case Truth():
            return "Bool"
        case Number():
            return _number_name(type_)
        case Ratio(unit=unit):
            return f"exact ratio {unit}".rstrip()
        case Text(limit=limit):
            return f"Text({limit} max characters)"
        case Date():
            return "Date"
        case Time():
            return "Time"
        case Reference(kind=kind):
            return _TYPE_WORDS[kind]
        case Enumeration(index=index):
            return program.enumerations[index].name
        case Record(index=index):
            return program.records[index].name
        case List(item=item, limit=limit):
            return f"list of {type_name(item, program)} up to {limit}"
        case Set(item=item, limit=limit):
            return f"set of {type_name(item, program)} up to {limit}"
        case Option(item=item):
            return f"optional {type_name(item, program)}"
        case _:
            assert_never(type_)


def _number_name(type_: Number) -> str:
    name = "Percent" if type_.unit == "%" else f"Money {type_.unit}"
    if not type_.unit:
        name = "Int" if type_.scale == 0 else f"Decimal({type_.scale} places)"
    if type_.low is None or type_.high is None or type_.high == -type_.low:
        return name
    bare = Number(type_.scale, type_.unit)
    return f"{name} from {_show_number(bare, type_.low)} to {_show_number(bare, type_.high)}"


def _outside(type_: Type, program: Definitions) -> str:
    match type_:
        case Number():
            return f"outside {_number_name(type_)}"
        case Text(limit=limit):
            return f"longer than {limit} characters, or not plain text"
        case Reference(kind="city"):
            return "not one of the eleven cities"
        case Reference(kind=kind):
            return f"not a {kind}, written as City/name"
        case _:
            return f"not within {type_name(type_, program)}"


# ---------------------------------------------------------------- showing


def format_value(type_: Type, value: Value, program: Definitions) -> str:
    """Return a conforming value as `parse_value` reads it."""
    match type_, value:
        case Truth(), bool():
            return "true" if value else "false"
        case Number(), int():
            return _show_number(type_, value)
        case Ratio(unit=unit), (int(numerator), int(denominator)):
            return f"{numerator}/{denominator} {unit}".rstrip()
        case Text(), str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        case Date(), int():
            return show_date(value)
        case Time(), int():
            return _show_time(value)
        case Reference(), str():
            return value
        case Enumeration(index=index), int():
            return _show_name(program.enumerations[index].members[value])
        case Record(index=index), tuple():
            return _show_record(index, value, program)
        case (List(item=item) | Set(item=item)), tuple():
            listed = "[" + ", ".join(format_value(item, each, program) for each in value) + "]"
            return listed if isinstance(type_, List) else f"set of {listed}"
        case Option(item=item), tuple():
            return f"some {format_value(item, value[0], program)}" if value else "none"
        case _:
            raise LiteralRefused("not a value of the type")


def _show_record(index: int, value: tuple[Value, ...], program: Definitions) -> str:
    record = program.records[index]
    fields = [
        f"{_show_name(field.name)}: {format_value(field.type, each, program)}"
        for field, each in zip(record.fields, value, strict=True)
    ]
    return f"{record.name}({', '.join(fields)})"


def _show_name(name: str) -> str:
    return name if _WORD.fullmatch(name) else f"「{name}」"


def _show_number(type_: Number, mantissa: int) -> str:
    percent = type_.unit == "%"
    places = max(type_.scale - 2, 0) if percent else type_.scale
    if percent and type_.scale < 2:  # a percentage has at least two places
        mantissa *= 10 ** (2 - type_.scale)
    digits = str(abs(mantissa)).rjust(places + 1, "0")
    whole, fraction = (digits[:-places], digits[-places:]) if places else (digits, "")
    if percent:
        fraction = fraction.rstrip("0")
    if len(whole) >= _GROUPED_FROM:
        whole = f"{int(whole):_}"
    shown = ("-" if mantissa < 0 else "") + whole + (f".{fraction}" if fraction else "")
    return shown + ("%" if percent else f" {type_.unit}" if type_.unit else "")


def show_date(day: int) -> str:
    """Return a day number as 2026-01-31."""
    year, month, number = civil_from_days(day)
    return f"{year:04}-{month:02}-{number:02}"


def _show_time(seconds: int) -> str:
    day, within = divmod(seconds + OFFSET_S, SECONDS_OF_DAY)
    shown = f"{show_date(day)}T{within // 3_600:02}:{within // 60 % 60:02}"
    return shown + (f":{within % 60:02}" if within % 60 else "")


# ---------------------------------------------------------------- reading


@dataclass(slots=True)
class _Reader:
    """Reads one value after the other from a text. Types are finite, so reading is."""

    text: str
    program: Definitions
    at: int = 0

    def value(self, type_: Type) -> Value:
        """Read a value of that type; whether it is in range is asked later."""
        match type_:
            case Truth():
                return self._chosen({"true": True, "false": False}, _FORMS["Bool"])
            case Number():
                return self._number(type_)
            case Ratio():
                raise LiteralRefused("an exact ratio is not written as a value")
            case Text():
                return self._text()
            case Date():
                return self._date(self._match(_DATE, _FORMS["Date"]))
            case Time():
                return self._time()
            case Reference():
                return self._reference()
            case Enumeration(index=index):
                members = self.program.enumerations[index].members
                return self._chosen({name: place for place, name in enumerate(members)}, f"one of {', '.join(members)}")
            case Record(index=index):
                return self._record(index)
            case List(item=item) | Set(item=item):
                return self._items(type_, item)
            case Option(item=item):
                word = self._word("none, or some followed by a value")
                return () if word == "none" else self._some(word, item)
            case _:
                assert_never(type_)

    def end(self) -> None:
        """Refuse anything left over."""
        if self.text[self.at :].strip():
            raise LiteralRefused(f"“{self.text[self.at :].strip()[:40]}” is left over")

    def _match(self, pattern: re.Pattern[str], form: str) -> re.Match[str]:
        self._space()
        found = pattern.match(self.text, self.at)
        if found is None:
            raise LiteralRefused(f"{form} was expected")
        self.at = found.end()
        return found

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        assert found is not None
        self.at = found.end()

    def _takes(self, mark: str) -> bool:
        self._space()
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._takes(mark):
            raise LiteralRefused(f"“{mark}” was expected")

    def _word(self, form: str) -> str:
        self._space()
        bracketed = _BRACKETED.match(self.text, self.at)
        if bracketed is not None:
            self.at = bracketed.end()
            return bracketed[1]
        return self._match(_WORD, form)[0]

    def _chosen(self, choices: dict[str, bool] | dict[str, int], form: str) -> Value:
        word = self._word(form)
        if word not in choices:
            raise LiteralRefused(f"{form} was expected")
        return choices[word]

    def _number(self, type_: Number) -> int:
        found = self._match(_NUMBER, "a number")
        whole, fraction = found[2].replace("_", ""), found[3] or ""
        if len(whole) + len(fraction) > DIGITS_MAX:
            raise LiteralRefused(f"more than {DIGITS_MAX} digits")
        places = len(fraction)
        if self._takes("%"):
            if type_.unit not in {"", "%"}:
                raise LiteralRefused(f"an amount in {type_.unit} was expected")
            places += 2
        elif type_.unit not in {"", "%"}:
            self._currency(type_.unit)
        mantissa = int(whole + fraction)
        if places > type_.scale:
            mantissa, rest = divmod(mantissa, 10 ** (places - type_.scale))
            if rest:
                raise LiteralRefused(f"more than {type_.scale} decimal places")
        else:
            factor: int = 10 ** (type_.scale - places)
            mantissa *= factor
        return -mantissa if found[1] else mantissa

    def _currency(self, unit: str) -> None:
        word = self._word(f"the currency {unit}")
        if word != unit:
            raise LiteralRefused(f"an amount in {unit} was expected, not in {word}")

    def _text(self) -> str:
        found = self._match(_QUOTED, 'a text in "…"')
        return _ESCAPE.sub(lambda escape: "\n" if escape[1] == "n" else escape[1], found[1])

    def _date(self, found: re.Match[str]) -> int:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        if not YEAR_MIN <= year <= YEAR_MAX or not is_date(year, month, day):
            raise LiteralRefused(f"there is no day {found[0]} between {YEAR_MIN} and {YEAR_MAX}")
        return days_from_civil(year, month, day)

    def _time(self) -> int:
        found = self._match(_TIME, _FORMS["Time"])
        date = _DATE.match(found[1])
        assert date is not None
        hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
        if hour > 23 or minute > 59 or second > 59:  # the clock
            raise LiteralRefused(f"there is no time {found[0]}")
        return self._date(date) * SECONDS_OF_DAY + hour * 3_600 + minute * 60 + second - OFFSET_S

    def _reference(self) -> str:
        word = self._word("a city, or City/name")
        city, slash, holder = word.partition("/")
        return CITY_BY_WORD.get(city, city) + slash + holder

    def _some(self, word: str, item: Type) -> Value:
        if word != "some":
            raise LiteralRefused("none, or some followed by a value, was expected")
        return (self.value(item),)

    def _items(self, type_: List | Set, item: Type) -> Value:
        if isinstance(type_, Set):
            self._expect("set of")
        self._expect("[")
        items: list[Value] = []
        while not self._takes("]"):
            if items:
                self._expect(",")
            if len(items) >= type_.limit:
                raise LiteralRefused(f"more than {type_.limit} items")
            items.append(self.value(item))
        if isinstance(type_, Set):
            encode = Codecs(self.program).encode
            return tuple(sorted(dict.fromkeys(items), key=lambda each: encode(item, each)))
        return tuple(items)

    def _record(self, index: int) -> Value:
        record = self.program.records[index]
        if self._word(f"{record.name}(…)") != record.name:
            raise LiteralRefused(f"{record.name}(…) was expected")
        self._expect("(")
        given: dict[str, Value] = {}
        types = {field.name: field.type for field in record.fields}
        while not self._takes(")"):
            if given:
                self._expect(",")
            name = self._word("the name of a field")
            if name not in types or name in given:
                raise LiteralRefused(f"{record.name} has no further field {name}")
            self._expect(":")
            given[name] = self.value(types[name])
        missing = [name for name in types if name not in given]
        if missing:
            raise LiteralRefused(f"the field {missing[0]} is missing")
        return tuple(given[name] for name in types)
