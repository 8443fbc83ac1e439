"""The instruction table: the one home of what an instruction is.

A row says its number, operands, what it takes from and leaves on the stack (top at the right), its cost, the faults
it can raise, its meaning as an equation, and the format since which it exists. Encoder, decoder, disassembler,
verifier, the engines' coverage test and the reference page come from this table. Numbers are never reused; changing a
row is a change of the protocol.

Costs are in units of roughly one simple instruction of the reference interpreter. An instruction's cost is known
before it runs: `cost` plus `cost_each` times its bound, which follows from the program alone. So every engine charges
the same at the same point, whatever the values are, and the worst case of a function can be computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gbalang.vm.faults import Fault


class Operand(Enum):
    """What an operand counts or points at."""

    CONSTANT = "constant"
    LOCAL = "local"
    FUNCTION = "function"
    RECORD = "record"
    FIELD = "field"
    REGISTER = "register"
    EVENT = "event"
    REFUSAL = "refusal"
    PARAMETER = "parameter"
    CONDITION = "condition"
    NOTE = "note"
    MARK = "mark"
    TYPE = "type"
    CALENDARS = "calendars"
    COUNT = "count"
    LIMIT = "limit"
    SCALE = "scale"
    ROUNDING = "rounding"
    MONTH_END = "month_end"
    DATE_PART = "date_part"
    FAULT = "fault"


class Bound(Enum):
    """What multiplies `cost_each`. The value is its wording in the reference.

    A unit of size is 64 bytes of the longest encoding that a type allows, begun ones counted.
    """

    NONE = ""
    COUNT = "the count"
    LIMIT = "the limit"
    FIELDS = "the fields of the record"
    CALENDARS = "the calendars"
    SIZE = "the size of what is handled"
    """Of the register's entry, the event's fields, the type or note named by the operand, or else the top value."""
    ITEMS = "the limit of the collection, in sixteens, begun ones counted"
    """Copying references is quick."""
    ITEMS_SIZE = "the limit of the collection times the size of its items"
    ENTRIES_SIZE = "the limit times the size of the register's entries"
    LOCAL_VALUES_SIZE = "LOCAL_VALUES_MAX times the size of the entries that hold the cities' values"


@dataclass(frozen=True, slots=True)
class Opcode:
    """One row of the table."""

    number: int
    name: str
    operands: tuple[Operand, ...]
    stack: str
    equation: str
    cost: int
    faults: tuple[Fault, ...] = ()
    cost_each: int = 0
    bound: Bound = Bound.NONE
    since: int = 1


_O = Operand
_F = Fault
_B = Bound

OPCODES: tuple[Opcode, ...] = (
    # values and locals
    Opcode(0x01, "constant", (_O.CONSTANT,), "→ v", "v = constants[k]", 1),
    Opcode(0x02, "local_get", (_O.LOCAL,), "→ v", "v = locals[i]", 1),
    Opcode(0x03, "local_set", (_O.LOCAL,), "v →", "locals[i] := v", 1),
    Opcode(0x04, "drop", (), "v →", "v is forgotten", 1),
    # numbers: mantissas of numbers whose scales the compiler has made agree
    Opcode(0x10, "add", (), "a b → c", "c = a + b", 2, (_F.OVERFLOW,)),
    Opcode(0x11, "subtract", (), "a b → c", "c = a − b", 2, (_F.OVERFLOW,)),
    Opcode(0x12, "multiply", (), "a b → c", "c = a × b", 3, (_F.OVERFLOW,)),
    Opcode(0x13, "negate", (), "a → c", "c = −a", 2),
    Opcode(0x14, "rescale", (_O.SCALE,), "a → c", "c = a × 10ˢ", 3, (_F.OVERFLOW,)),
    Opcode(0x18, "to_ratio", (_O.SCALE,), "a → r", "r = a ÷ 10ˢ, in lowest terms", 4),
    Opcode(0x19, "ratio_add", (), "p q → r", "r = p + q", 8, (_F.OVERFLOW,)),
    Opcode(0x1A, "ratio_subtract", (), "p q → r", "r = p − q", 8, (_F.OVERFLOW,)),
    Opcode(0x1B, "ratio_multiply", (), "p q → r", "r = p × q", 8, (_F.OVERFLOW,)),
    Opcode(0x1C, "ratio_divide", (), "p q → r", "r = p ÷ q", 8, (_F.OVERFLOW, _F.DIVISION_BY_ZERO)),
    Opcode(0x1D, "ratio_negate", (), "p → r", "r = −p", 3),
    Opcode(0x1E, "ratio_round", (_O.ROUNDING,), "p → c", "c = the integer to which the mode rounds p", 6),
    Opcode(0x1F, "ratio_compare", (), "p q → c", "c = −1, 0 or 1 as p is below, equal to or above q", 6),
    # comparison and truth
    Opcode(0x28, "equal", (), "a b → t", "t = (a = b), of one type", 2, (), 1, _B.SIZE),
    Opcode(0x29, "less", (), "a b → t", "t = (a < b): numbers, dates, times", 2),
    Opcode(0x2A, "less_or_equal", (), "a b → t", "t = (a ≤ b): numbers, dates, times", 2),
    Opcode(0x2B, "not", (), "t → u", "u = not t", 1),
    # structure: if … [else …] end; each … end
    Opcode(0x38, "if", (_O.TYPE,), "t →", "t: the part up to else or end, otherwise the part after else, if any; "
           "operand 0: the part leaves nothing, operand n: it leaves a value of types[n − 1]", 1),
    Opcode(0x39, "else", (), "", "the other part of an if", 0),
    Opcode(0x3A, "end", (), "", "closes an if, where it is passed once, or an each, where it is passed after every "
           "item", 1),
    Opcode(0x3B, "each", (_O.LOCAL,), "l →", "for every item of l, in order: locals[i] := item, then the part up to "
           "end, which leaves nothing", 2),
    Opcode(0x3C, "call", (_O.FUNCTION,), "a₁ … aₙ → v", "v = functions[f](a₁ … aₙ), the day being the last argument of "
           "a dated function", 5),
    Opcode(0x3D, "refuse", (_O.REFUSAL,), "→", "the call ends: refused on that ground", 1),
    Opcode(0x3E, "fault", (_O.FAULT, _O.TYPE), "→ v", "the call ends with that fault; for the verifier, v is of "
           "types[t − 1] (operand 0: leaves nothing)", 1,
           (_F.EMPTY_AGGREGATE, _F.CONFLICTING_EXCEPTIONS, _F.UNDECIDED)),
    # records, options
    Opcode(0x48, "record", (_O.RECORD,), "v₁ … vₙ → r", "r = the record of those fields, each within its declared "
           "range, length and kind", 3, (_F.OUT_OF_RANGE,), 2, _B.FIELDS),
    Opcode(0x49, "field", (_O.FIELD,), "r → v", "v = the i-th field of r, the first being 0", 2),
    Opcode(0x4A, "with_field", (_O.FIELD,), "r v → s", "s = r with v as its i-th field, within its declared range, "
           "length and kind", 4, (_F.OUT_OF_RANGE,)),
    Opcode(0x50, "some", (), "v → o", "o = the present value v", 1),
    Opcode(0x51, "none", (_O.TYPE,), "→ o", "o = none, of the option type types[t]", 1),
    Opcode(0x52, "is_present", (), "o → t", "t = o is a present value", 1),
    Opcode(0x53, "unwrap", (), "o → v", "v = the value in o", 2, (_F.MISSING_VALUE,)),
    # lists and sets
    Opcode(0x58, "list", (_O.TYPE, _O.COUNT), "v₁ … vₙ → l", "l = [v₁ … vₙ], of the list type types[t]", 3, (), 1,
           _B.COUNT),
    Opcode(0x59, "set", (_O.TYPE, _O.COUNT), "v₁ … vₙ → s", "s = {v₁ … vₙ} in the order of their encodings, of the set "
           "type types[t]", 6, (), 6, _B.COUNT),
    Opcode(0x5A, "length", (), "l → c", "c = the number of items of l", 1),
    Opcode(0x5B, "append", (), "l v → m", "m = l with v at its end", 3, (_F.COLLECTION_FULL,), 1, _B.ITEMS),
    Opcode(0x5C, "contains", (), "v l → t", "t = v is an item of l", 3, (), 1, _B.ITEMS_SIZE),
    Opcode(0x5D, "item", (), "l c → v", "v = the c-th item of l, counted from 1", 3, (_F.INDEX_OUT_OF_RANGE,)),
    Opcode(0x5E, "numbers", (_O.LIMIT,), "a b → l", "l = [a, a + 1 … b], empty when b < a", 3, (_F.COLLECTION_FULL,),
           1, _B.LIMIT),
    # dates and times
    Opcode(0x60, "add_days", (), "d c → e", "e = the day c days after d", 3, (_F.DATE_OUT_OF_RANGE,)),
    Opcode(0x61, "add_months", (_O.MONTH_END,), "d c → e", "e = the same day c months later; a month without such a "
           "day: fault (1), the first of the next month (2), or its last day (3)", 12,
           (_F.DATE_OUT_OF_RANGE, _F.MONTH_END)),
    Opcode(0x62, "add_working_days", (_O.CALENDARS,), "d c → e", "e = the c-th working day after d (before d when c "
           "is negative; d itself when c is 0); at most WORKING_DAYS_MAX", 20,
           (_F.CALENDAR_MISSING, _F.DATE_OUT_OF_RANGE, _F.OUT_OF_RANGE), 2_000, _B.CALENDARS),
    Opcode(0x63, "working_days_between", (_O.CALENDARS,), "d e → c", "c = the number of working days after d up to and "
           "including e (negative when e < d: those after e up to and including d); at most SEARCH_DAYS_MAX apart", 20,
           (_F.CALENDAR_MISSING, _F.OUT_OF_RANGE), 2_000, _B.CALENDARS),
    Opcode(0x64, "is_working_day", (_O.CALENDARS,), "d → t", "t = d is a working day", 4, (_F.CALENDAR_MISSING,), 6,
           _B.CALENDARS),
    Opcode(0x65, "days_between", (), "d e → c", "c = e − d in days", 2),
    Opcode(0x66, "date_part", (_O.DATE_PART,), "d → c", "c = the year (1), month (2) or day (3) of d", 8),
    Opcode(0x67, "date_of_time", (), "m → d", "d = the day of m at UTC+8", 3),
    Opcode(0x68, "add_seconds", (), "m c → n", "n = m + c seconds", 3, (_F.DATE_OUT_OF_RANGE,)),
    Opcode(0x69, "seconds_between", (), "m n → c", "c = n − m in seconds", 2),
    # the call's own circumstances
    Opcode(0x70, "actor", (), "→ p", "p = who acts", 1),
    Opcode(0x71, "today", (), "→ d", "d = the day of the block at UTC+8", 1),
    Opcode(0x72, "now", (), "→ m", "m = the time of the block", 1),
    Opcode(0x73, "city_of", (), "p → c", "c = the city of p", 2),
    Opcode(0x78, "parameter", (_O.PARAMETER,), "d → v", "v = the parameter's value on day d", 4,
           (_F.PARAMETER_NOT_IN_FORCE,)),
    Opcode(0x79, "local_parameter", (_O.PARAMETER,), "c d → v", "v = the value that city c has set from the latest day "
           "not after d, or else the parameter's own", 40, (_F.PARAMETER_NOT_IN_FORCE, _F.TOO_MANY_ENTRIES), 5,
           _B.LOCAL_VALUES_SIZE),
    # registers
    Opcode(0x80, "has", (_O.REGISTER,), "k₁ … kₙ → t", "t = an entry stands under that key", 20),
    Opcode(0x81, "get", (_O.REGISTER,), "k₁ … kₙ → r", "r = the entry under that key", 30, (_F.MISSING_ENTRY,), 5,
           _B.SIZE),
    Opcode(0x82, "enter", (_O.REGISTER,), "r →", "r is a new entry", 60, (_F.ENTRY_EXISTS, _F.TOO_MANY_WRITES), 5,
           _B.SIZE),
    Opcode(0x83, "amend", (_O.REGISTER,), "r →", "r replaces the entry under its key", 60,
           (_F.MISSING_ENTRY, _F.TOO_MANY_WRITES), 5, _B.SIZE),
    Opcode(0x84, "remove", (_O.REGISTER,), "k₁ … kₙ →", "the entry under that key is removed", 60,
           (_F.MISSING_ENTRY, _F.TOO_MANY_WRITES)),
    Opcode(0x85, "entries", (_O.REGISTER, _O.COUNT, _O.LIMIT), "k₁ … kₙ → l", "l = the entries whose key begins with "
           "those n values, in key order; more than the limit: fault", 40, (_F.TOO_MANY_ENTRIES,), 5,
           _B.ENTRIES_SIZE),
    Opcode(0x88, "announce", (_O.EVENT,), "v₁ … vₙ →", "the event is announced with those values, each within its "
           "declared range, length and kind", 20, (_F.OUT_OF_RANGE, _F.TOO_MANY_EVENTS), 3, _B.SIZE),
    # reasons and checks
    Opcode(0x90, "mark", (_O.MARK,), "→", "the reasons gain: that rule or exception fired", 1),
    Opcode(0x91, "note", (_O.NOTE,), "v → v", "the reasons gain: that fact, with v, if v is within what the note's "
           "type declares", 2, (), 1, _B.SIZE),
    Opcode(0x92, "require", (_O.CONDITION,), "t →", "t: the reasons gain that condition as met; otherwise it is gained "
           "as failed and the call ends, refused on its ground", 3),
    Opcode(0x98, "check", (_O.TYPE,), "v → v", "v is within the range, length and kind that types[t] declares", 2,
           (_F.OUT_OF_RANGE,), 1, _B.SIZE),
)

BY_NUMBER: dict[int, Opcode] = {row.number: row for row in OPCODES}
BY_NAME: dict[str, Opcode] = {row.name: row for row in OPCODES}
assert len(BY_NUMBER) == len(OPCODES) == len(BY_NAME), "opcode numbers and names are used once"
assert all((row.cost_each > 0) == (row.bound is not Bound.NONE) for row in OPCODES)
