"""Sound programs by chance: every kind of value, every instruction, nested as deep as chance will have it.

Each producer leaves one value of a kind; each statement leaves nothing. What they are made of is drawn from a generator
that the test seeds, so a program is its number. Values lean towards the edges: the largest numbers, the first and the
last day, keys that meet.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeAlias

from gbalang.isa import program as p
from gbalang.isa.civil import DATE_MAX, DATE_MIN, TIME_MAX, TIME_MIN
from gbalang.isa.program import FunctionKind, MonthEnd, Rounding
from gbalang.isa.types import Date, List, Number, Option, Ratio, Record, Set, Text, Time, Truth, Type, Value
from gbalang.isa.verify import VerificationRefused, VerifiedProgram, verify
from gbalang.vm.faults import Fault
from tests.unit.isa.assembling import (
    CITY,
    CLAIM,
    DATE,
    MONEY,
    NUMBER,
    PERSON,
    RATE,
    STATUS,
    TAGS,
    TRUTH,
    YEAR,
    Assembler,
    Const,
    Line,
    day,
    seal,
)

TIME, RATIO, TEXT = Time(), Ratio(), Text(12)
NUMBERS, CLAIMS, SOME_DATE, SOME_NUMBER = List(NUMBER, 4), List(CLAIM, 3), Option(DATE), Option(NUMBER)
KINDS: tuple[Type, ...] = (
    NUMBER, TRUTH, DATE, TIME, RATIO, TEXT, STATUS, PERSON, CITY, CLAIM, NUMBERS, CLAIMS, TAGS, SOME_DATE, SOME_NUMBER,
)  # fmt: skip
INTEGERS = (0, 1, -1, 2, 3, 7, 12, 100, 500, 2026, -2026, 2**63, 2**128, 2**255, 2**256 - 1, 1 - 2**256)
DAYS = (day("2026-01-31"), day("2026-02-13"), day("2026-12-31"), day("2024-02-29"), DATE_MIN, DATE_MAX)
MOMENTS = (TIME_MIN, TIME_MAX, 0, 1_782_878_400)
PEOPLE = ("Guangzhou/ann", "Shenzhen/bob", "Macao/c")
CITIES = ("Guangzhou", "Shenzhen", "Zhuhai")
TEXTS = ("", "a", "請求", "twelve chars", "\x00")
FAULTS = (Fault.EMPTY_AGGREGATE, Fault.CONFLICTING_EXCEPTIONS, Fault.UNDECIDED)

Code: TypeAlias = list[Line]
Callee: TypeAlias = tuple[int, tuple[Type, ...], Type]
"""A rule that may be called: its index, what it takes, what it gives."""


class Draft:
    """One function while it is drawn. `slots`: the kinds of its locals; `held`: those that are set by now."""

    def __init__(self, chance: Random, takes: tuple[Type, ...], rules: list[Callee]) -> None:
        self.chance = chance
        self.slots: list[Type] = list(takes)
        self.held: list[int] = list(range(len(takes)))
        self.rules = rules
        self.loops = 0
        self.reads_ledger = False
        self.acts = False

    def value(self, kind: Type, depth: int) -> Code:
        """Draw code that leaves a value of a kind."""
        chance = self.chance
        held = [slot for slot in self.held if self.slots[slot] == kind]
        if held and chance.random() < 0.35:
            return [("local_get", chance.choice(held))]
        if depth <= 0 or chance.random() < 0.15:
            return [self.constant(kind)]
        if chance.random() < 0.12:
            return self.choice(kind, depth - 1)
        called = [rule for rule in self.rules if rule[2] == kind]
        if called and chance.random() < 0.25:
            index, takes, _ = chance.choice(called)
            return [*self.values(takes, depth - 1), ("call", index)]
        if chance.random() < 0.02:
            return [("fault", chance.choice(FAULTS), kind)]
        return chance.choice(PRODUCERS[kind])(self, depth - 1)

    def values(self, kinds: tuple[Type, ...], depth: int) -> Code:
        """Draw code that leaves values of kinds, the last on top."""
        return [line for kind in kinds for line in self.value(kind, depth)]

    def constant(self, kind: Type) -> Line:
        """Draw a constant of a kind."""
        return ("constant", Const(kind, constant_of(kind, self.chance)))

    def choice(self, kind: Type, depth: int) -> Code:
        """Draw an if that leaves a value."""
        condition = self.value(TRUTH, depth)
        held = list(self.held)
        first = [*self.statements(depth, 1), *self.value(kind, depth)]
        self.held = list(held)
        other = [*self.statements(depth, 1), *self.value(kind, depth)]
        self.held = held
        return [*condition, ("if", kind), *first, "else", *other, "end"]

    def statements(self, depth: int, most: int) -> Code:
        """Draw code that leaves nothing."""
        found: Code = []
        for _ in range(self.chance.randint(0, most) if depth > 0 else 0):
            found += self.chance.choice(ACTIONS if self.acts else STATEMENTS)(self, depth - 1)
        return found

    def slot(self, kind: Type) -> int:
        """Return a slot for a kind, an old one or a new one."""
        free = [slot for slot, held in enumerate(self.slots) if held == kind]
        if free and self.chance.random() < 0.5:
            return self.chance.choice(free)
        self.slots.append(kind)
        return len(self.slots) - 1


def constant_of(kind: Type, chance: Random) -> Value:
    """Draw a value of a kind."""
    match kind:
        case Truth():
            return chance.random() < 0.5
        case Number():
            return chance.choice(INTEGERS)
        case Ratio():
            return chance.choice(((0, 1), (1, 3), (-7, 2), (5, 2), (2**200, 3**100)))
        case Date():
            return chance.choice(DAYS)
        case Time():
            return chance.choice(MOMENTS)
        case Text():
            return chance.choice(TEXTS)
        case Record():
            return (
                chance.choice(PEOPLE), chance.choice((2026, 2027)), chance.choice((0, 1, 500)), chance.randint(0, 1),
                chance.choice(TEXTS), chance.choice(((), (1,), (0, 3, 9))), chance.choice(((), (DAYS[0],))),
            )  # fmt: skip
        case List(item=item, limit=limit):
            return tuple(constant_of(item, chance) for _ in range(chance.randint(0, limit)))
        case Set():
            return chance.choice(((), (1,), (0, 3, 9)))
        case Option(item=item):
            return chance.choice(((), (constant_of(item, chance),)))
        case _:
            if kind == STATUS:
                return chance.randint(0, 1)
            return chance.choice(CITIES if kind == CITY else PEOPLE)


Producer: TypeAlias = Callable[[Draft, int], Code]


def of(kinds: tuple[Type, ...], *after: Line) -> Producer:
    """Return the producer that draws operands and puts instructions behind them."""
    return lambda draft, depth: [*draft.values(kinds, depth), *after]


def _entry(draft: Draft, depth: int) -> Code:
    """A whole claim; most fit what the record declares."""
    if draft.chance.random() < 0.5:
        return [draft.constant(CLAIM)]
    kinds = (PERSON, NUMBER, NUMBER, STATUS, TEXT, TAGS, SOME_DATE)
    return [*draft.values(kinds, depth - 1), ("record", "Claim")]


def _ledger(kind: Type, kinds: tuple[Type, ...], *after: Line) -> Producer:
    def produce(draft: Draft, depth: int) -> Code:
        return [*draft.values(kinds, depth), *after] if draft.reads_ledger else [draft.constant(kind)]

    return produce


def _checked(draft: Draft, depth: int) -> Code:
    return [*draft.value(NUMBER, depth), ("check", draft.chance.choice((YEAR, MONEY, RATE)))]


def _noted(draft: Draft, depth: int) -> Code:
    return [*draft.value(NUMBER, depth), ("note", draft.chance.randint(0, 1))]


def _rounded(draft: Draft, depth: int) -> Code:
    return [*draft.value(RATIO, depth), ("ratio_round", draft.chance.choice(list(Rounding)))]


def _months(draft: Draft, depth: int) -> Code:
    count: Line = ("constant", Const(NUMBER, draft.chance.choice((1, -1, 12, 13, 2000))))
    return [*draft.value(DATE, depth), count, ("add_months", draft.chance.choice(list(MonthEnd)))]


def _days(draft: Draft, depth: int) -> Code:
    count: Line = ("constant", Const(NUMBER, draft.chance.choice((0, 1, -1, 5, 10, 366, 10**6))))
    name: Line = draft.chance.choice(("add_days", ("add_working_days", draft.chance.randint(0, 2))))
    return [*draft.value(DATE, depth), count, name]


def _circumstance(name: Line, kind: Type) -> Producer:
    return _ledger(kind, (), name)


PRODUCERS: dict[Type, tuple[Producer, ...]] = {
    NUMBER: (
        of((NUMBER, NUMBER), "add"), of((NUMBER, NUMBER), "subtract"), of((NUMBER, NUMBER), "multiply"),
        of((NUMBER,), "negate"), of((NUMBER,), ("rescale", 2)), of((RATIO, RATIO), "ratio_compare"), _rounded,
        of((CLAIM,), ("field", 1)), of((CLAIM,), ("field", 2)), of((NUMBERS,), "length"), of((CLAIMS,), "length"),
        of((NUMBERS, NUMBER), "item"), of((SOME_NUMBER,), "unwrap"), of((DATE, DATE), "days_between"),
        of((TIME, TIME), "seconds_between"), of((DATE,), ("date_part", 1)), of((DATE,), ("date_part", 3)),
        of((DATE, DATE), ("working_days_between", 1)), of((DATE,), ("parameter", "ceiling")), _checked, _noted,
        _ledger(NUMBER, (CITY, DATE), ("local_parameter", "rate")),
    ),
    TRUTH: (
        of((NUMBER, NUMBER), "less"), of((NUMBER, NUMBER), "less_or_equal"), of((DATE, DATE), "less"),
        of((TRUTH,), "not"), of((NUMBER, NUMBER), "equal"), of((CLAIM, CLAIM), "equal"), of((TEXT, TEXT), "equal"),
        of((PERSON, PERSON), "equal"), of((SOME_DATE,), "is_present"), of((NUMBER, NUMBERS), "contains"),
        of((NUMBER, TAGS), "contains"), of((DATE,), ("is_working_day", 2)), of((STATUS, STATUS), "equal"),
        _ledger(TRUTH, (PERSON, NUMBER), ("has", "claims")),
    ),
    DATE: (
        _days, _months, of((TIME,), "date_of_time"), of((SOME_DATE,), "unwrap"), _circumstance("today", DATE),
    ),
    TIME: (of((TIME, NUMBER), "add_seconds"), _circumstance("now", TIME)),
    RATIO: (
        of((NUMBER,), ("to_ratio", 2)), of((RATIO, RATIO), "ratio_add"), of((RATIO, RATIO), "ratio_subtract"),
        of((RATIO, RATIO), "ratio_multiply"), of((RATIO, RATIO), "ratio_divide"), of((RATIO,), "ratio_negate"),
    ),
    TEXT: (of((CLAIM,), ("field", 4)),),
    STATUS: (of((CLAIM,), ("field", 3)),),
    PERSON: (of((CLAIM,), ("field", 0)), _circumstance("actor", PERSON)),
    CITY: (of((PERSON,), "city_of"),),
    CLAIM: (
        _entry, of((CLAIM, NUMBER), ("with_field", 2)), of((CLAIM, SOME_DATE), ("with_field", 6)),
        _ledger(CLAIM, (PERSON, NUMBER), ("get", "claims")), of((CLAIMS, NUMBER), "item"),
    ),
    NUMBERS: (
        of((NUMBER, NUMBER), ("list", NUMBERS, 2)), of((NUMBERS, NUMBER), "append"),
        of((NUMBER, NUMBER), ("numbers", 4)),
    ),
    CLAIMS: (
        of((CLAIM,), ("list", CLAIMS, 1)), of((CLAIMS, CLAIM), "append"),
        _ledger(CLAIMS, (PERSON,), ("entries", "claims", 1, 3)), _ledger(CLAIMS, (), ("entries", "claims", 0, 3)),
    ),
    TAGS: (of((NUMBER, NUMBER), ("set", TAGS, 2)), of((CLAIM,), ("field", 5))),
    SOME_DATE: (of((DATE,), "some"), of((CLAIM,), ("field", 6)), of((), ("none", SOME_DATE))),
    SOME_NUMBER: (of((NUMBER,), "some"), of((), ("none", SOME_NUMBER))),
}
assert tuple(PRODUCERS) == KINDS


def _set_local(draft: Draft, depth: int) -> Code:
    kind = draft.chance.choice(KINDS)
    code, slot = draft.value(kind, depth), draft.slot(kind)
    if slot not in draft.held:
        draft.held.append(slot)
    return [*code, ("local_set", slot)]


def _set_held(draft: Draft, depth: int) -> Code:
    """Set a slot again while a value that reads it waits on the stack: engines must not look too late."""
    held = [slot for slot in draft.held if draft.slots[slot] == NUMBER]
    if not held:
        return []
    slot = draft.chance.choice(held)
    return [
        ("local_get", slot), *draft.value(NUMBER, depth), ("local_set", slot), ("local_get", slot), "less",
        ("if", 0), ("mark", "subsidy"), "end",
    ]  # fmt: skip


def _dropped(draft: Draft, depth: int) -> Code:
    return [*draft.value(draft.chance.choice(KINDS), depth), "drop"]


def _branch(draft: Draft, depth: int) -> Code:
    condition, held = draft.value(TRUTH, depth), list(draft.held)
    first = draft.statements(depth, 2)
    draft.held = list(held)
    other = ["else", *draft.statements(depth, 2)] if draft.chance.random() < 0.5 else []
    draft.held = held
    return [*condition, ("if", 0), *first, *other, "end"]


def _loop(draft: Draft, depth: int) -> Code:
    if draft.loops >= 2:
        return []
    kind, item = draft.chance.choice(((NUMBERS, NUMBER), (CLAIMS, CLAIM)))
    code, slot, held = draft.value(kind, depth), draft.slot(item), list(draft.held)
    if slot not in draft.held:
        draft.held.append(slot)
    draft.loops += 1
    body = draft.statements(depth, 2)
    draft.loops -= 1
    draft.held = held
    return [*code, ("each", slot), *body, "end"]


def _mark(draft: Draft, _: int) -> Code:
    return [("mark", draft.chance.choice(("subsidy", "no_double_benefit")))]


STATEMENTS: tuple[Producer, ...] = (_set_local, _set_held, _dropped, _branch, _loop, _mark)
ACTIONS: tuple[Producer, ...] = (
    *STATEMENTS,
    of((TRUTH,), ("require", 0)), of((CLAIM,), ("enter", "claims")), of((CLAIM,), ("amend", "claims")),
    of((PERSON, NUMBER), ("remove", "claims")), of((PERSON, NUMBER), ("announce", "received")),
    lambda draft, depth: [*draft.value(TRUTH, depth), ("if", 0), ("refuse", "not_yours"), "end"],
)  # fmt: skip

RULES, DEPTH = 3, 4
ACT, QUERY, INVARIANT = RULES, RULES + 1, RULES + 2


def draw_program(chance: Random) -> p.Program:
    """Draw a program: rules, an act, a query, an invariant."""
    assembler = Assembler()
    rules: list[Callee] = []
    for _ in range(RULES):
        takes = tuple(chance.choice(KINDS[:5]) for _ in range(chance.randint(0, 3)))
        takes = tuple(NUMBER if kind == RATIO else kind for kind in takes)
        gives = chance.choice(tuple(kind for kind in KINDS if kind != RATIO))
        draft = Draft(chance, takes, list(rules))
        code = [*draft.statements(DEPTH, 2), *draft.value(gives, DEPTH)]
        index = assembler.function(
            FunctionKind.RULE, *code, takes=takes, extra=tuple(draft.slots[len(takes) :]), gives=gives
        )
        rules.append((index, takes, gives))
    for kind, gives_ in ((FunctionKind.ACT, None), (FunctionKind.QUERY, CLAIMS), (FunctionKind.INVARIANT, TRUTH)):
        takes = () if kind is FunctionKind.INVARIANT else (NUMBER, PERSON, DATE)
        draft = Draft(chance, takes, rules)
        draft.reads_ledger, draft.acts = kind is not FunctionKind.INVARIANT, kind is FunctionKind.ACT
        code = draft.statements(DEPTH, 4)
        if gives_ is not None:
            code += draft.value(gives_, DEPTH)
        assembler.function(kind, *code, takes=takes, extra=tuple(draft.slots[len(takes) :]), gives=gives_)
    return seal(assembler.program())


def sound(program: p.Program) -> VerifiedProgram | None:
    """Return the verified program, or None if it is above a limit of the machine."""
    verified = verify(program)
    return None if isinstance(verified, VerificationRefused) else verified
