"""A small assembler and a sample instrument, so that a test of the machine can be written in a few lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gbalang.isa import program as p
from gbalang.isa.civil import days_from_civil
from gbalang.isa.costs import summarise
from gbalang.isa.opcodes import BY_NAME, Operand
from gbalang.isa.types import (
    Date,
    Enumeration,
    Number,
    Option,
    Record,
    Reference,
    Set,
    Text,
    Truth,
    Type,
    Value,
)
from gbalang.isa.verify import VerifiedProgram, verify

NUMBER = Number(0)
TRUTH = Truth()
DATE = Date()
YEAR = Number(0, "", 2000, 2100)
MONEY = Number(2, "CNY", 0, 10**12)
RATE = Number(6, "%", 0, 10**6)
STATUS = Enumeration(0)
CLAIM = Record(0)
PERSON, CITY, ACTOR = Reference("person"), Reference("city"), Reference("actor")
TAGS = Set(Number(0, "", 0, 9), 3)


def day(text: str) -> int:
    year, month, number = (int(part) for part in text.split("-"))
    return days_from_civil(year, month, number)


@dataclass(frozen=True)
class Const:
    """A constant operand by its value."""

    type: Type
    value: Value


Line: TypeAlias = str | tuple[str | int | Type | Const, ...]


def number(value: int) -> Line:
    return ("constant", Const(NUMBER, value))


def date(text: str) -> Line:
    return ("constant", Const(DATE, day(text)))


SAMPLE = p.Program(
    format=p.PROGRAM_FORMAT,
    name="sample",
    version=1,
    titles=(("en", "Sample"), ("zh-Hant", "樣本")),
    bases=("財稅〔2023〕34號",),
    parties=("Guangzhou", "Shenzhen", "Zhuhai"),
    prevailing=("zh-Hant",),
    effective=day("2026-01-01"),
    expires=day("2030-12-31"),
    review=None,
    articles=(
        p.Article("1", (("en", "Terms"),), ("basis",), (("en", "text"), ("pt", "texto")), ""),
        p.Article("2", (), (), (), "only a preamble"),
    ),
    enumerations=(p.Enumeration("Status", ("open", "closed"), 0),),
    records=(
        p.Record(
            "Claim",
            (
                p.Field("applicant", PERSON),
                p.Field("year", YEAR),
                p.Field("amount", MONEY),
                p.Field("status", STATUS),
                p.Field("remark", Text(12)),
                p.Field("tags", TAGS),
                p.Field("paid_on", Option(DATE)),
            ),
            0,
        ),
        p.Record("OwnRate", (p.Field("city", CITY), p.Field("since", DATE), p.Field("value", RATE)), 0),
    ),
    registers=(p.Register("claims", 0, (0, 1), 0), p.Register("own_rates", 1, (0, 1), 0)),
    roles=(
        p.Role("bureau", False, ("department",), 0),
        p.Role("applicant", True, ("organisation", "person"), 0),
        p.Role("government", True, ("city",), 0),
    ),
    parameters=(
        p.Parameter("ceiling", MONEY, ((day("2026-01-01"), 500), (day("2027-01-01"), 700)), None, 0),
        p.Parameter("rate", RATE, ((day("2026-01-01"), 150_000),), 1, 0),
    ),
    refusals=(p.Refusal("too_late", (("en", "It is too late."),), 0), p.Refusal("not_yours", (), 1)),
    events=(p.Event("received", (p.Field("who", PERSON), p.Field("amount", MONEY)), 0),),
    conditions=(p.Condition("year >= 2026", 0, 0), p.Condition("applicant = actor", 1, 1)),
    notes=(p.Note("amount", MONEY), p.Note("share", Number(0))),
    marks=(p.Mark("subsidy", 0), p.Mark("no_double_benefit", 1)),
    calendars=(
        p.CalendarSet(p.CalendarMode.ANY, ("Mainland",)),
        p.CalendarSet(p.CalendarMode.ALL, ("HongKong", "Macao", "Mainland")),
        p.CalendarSet(p.CalendarMode.ANY, ("HongKong", "Mainland")),
    ),
    types=(),
    constants=(),
    functions=(),
)
"""All tables but those that the assembler fills. It is sound as it stands."""

TABLES = {
    Operand.REGISTER: "registers",
    Operand.EVENT: "events",
    Operand.REFUSAL: "refusals",
    Operand.PARAMETER: "parameters",
    Operand.MARK: "marks",
    Operand.RECORD: "records",
    Operand.FUNCTION: "functions",
}
ANYONE = (p.Permission(None),)
APPLICANT = (p.Permission(1),)


@dataclass
class Assembler:
    """Collects constants, types and functions of a program."""

    base: p.Program = SAMPLE
    functions: list[p.Function] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.constants = list(self.base.constants)
        self.types = list(self.base.types)

    def code(self, *lines: Line) -> tuple[p.Instruction, ...]:
        return tuple(self._instruction(line) for line in lines)

    def function(
        self,
        kind: p.FunctionKind,
        *lines: Line,
        name: str = "",
        takes: tuple[Type, ...] = (),
        extra: tuple[Type, ...] = (),
        gives: Type | None = None,
        dated: bool = False,
        permissions: tuple[p.Permission, ...] | None = None,
    ) -> int:
        """Add a function; return its index. Locals: what it takes, the day if it is dated, the extra ones."""
        if permissions is None:
            permissions = {p.FunctionKind.ACT: APPLICANT, p.FunctionKind.QUERY: ANYONE}.get(kind, ())
        self.functions.append(
            p.Function(
                name=name or f"{kind.name.lower()}_{len(self.functions)}",
                kind=kind,
                article=0,
                parameters=tuple(p.Field(f"a{place}", type_) for place, type_ in enumerate(takes)),
                locals=(*takes, *((DATE,) if dated else ()), *extra),
                dated=dated,
                result=gives,
                permissions=permissions,
                reads=(),
                writes=(),
                announces=(),
                cost_max=0,
                code=self.code(*lines),
            )
        )
        return len(self.functions) - 1

    def program(self) -> p.Program:
        """The program as it was written, with no costs and effects stated."""
        return replace(
            self.base,
            constants=tuple(self.constants),
            types=tuple(self.types),
            functions=tuple(self.functions),
        )

    def sealed(self) -> p.Program:
        return seal(self.program())

    def verified(self) -> VerifiedProgram:
        verified = verify(self.sealed())
        assert isinstance(verified, VerifiedProgram), verified
        return verified

    def _instruction(self, line: Line) -> p.Instruction:
        name, *operands = (line,) if isinstance(line, str) else line
        assert isinstance(name, str)
        row = BY_NAME[name]
        assert len(row.operands) == len(operands), line
        return p.Instruction(
            row.number,
            tuple(self._operand(name, kind, value) for kind, value in zip(row.operands, operands, strict=True)),
        )

    def _operand(self, name: str, kind: Operand, value: object) -> int:
        match value:
            case int():
                return int(value)
            case Const():
                return _intern(self.constants, (value.type, value.value))
            case str():
                rows = self.functions if kind is Operand.FUNCTION else getattr(self.base, TABLES[kind])
                return [row.name for row in rows].index(value)
            case _:
                return _intern(self.types, value) + (1 if name in ("if", "fault") else 0)


def _intern(table: list, value: object) -> int:  # type: ignore[type-arg]  # constants and types alike
    # True equals 1 in Python: constants are told apart by their types, which are part of them.
    if value not in table:
        table.append(value)
    return table.index(value)


def seal(program: p.Program) -> p.Program:
    """Write the costs and effects into the program, as the compiler does."""
    return replace(
        program,
        functions=tuple(
            replace(
                function,
                reads=summary.reads,
                writes=summary.writes,
                announces=summary.announces,
                cost_max=summary.cost_max,
            )
            for function, summary in zip(program.functions, summarise(program), strict=True)
        ),
    )


def claim(**changes: Value) -> tuple[Value, ...]:
    """An entry of the register of claims."""
    fields: dict[str, Value] = {
        "applicant": "Guangzhou/ann", "year": 2026, "amount": 100, "status": 0, "remark": "", "tags": (), "paid_on": (),
    }
    return tuple({**fields, **changes}.values())


def rich() -> p.Program:
    """A sealed program that uses every table: an act, a query, a dated rule with an exception, an invariant."""
    assembler = Assembler()
    kind = p.FunctionKind
    assembler.function(
        kind.RULE, ("mark", "subsidy"), ("local_get", 1), ("parameter", "ceiling"), ("local_get", 0), "less",
        ("if", MONEY), ("local_get", 1), ("parameter", "ceiling"), "else", ("local_get", 0), "end", ("note", 0),
        name="capped", takes=(MONEY,), dated=True, gives=MONEY,
    )
    assembler.function(
        kind.EXCEPTION, ("mark", "no_double_benefit"), ("constant", Const(MONEY, 0)), name="nothing", takes=(MONEY,),
        dated=True, gives=MONEY,
    )
    assembler.function(
        kind.ACT, ("local_get", 0), ("constant", Const(YEAR, 2026)), "less", "not", ("require", 0),
        "actor", ("local_get", 0), ("local_get", 1), "today", ("call", "capped"), ("constant", Const(STATUS, 0)),
        ("constant", Const(Text(12), "請求")), number(3), number(1), ("set", TAGS, 2), ("none", Option(DATE)),
        ("record", "Claim"), ("enter", "claims"), "actor", ("local_get", 1), ("announce", "received"),
        name="claim", takes=(YEAR, MONEY),
    )
    assembler.function(
        kind.QUERY, number(0), ("local_set", 1), ("local_get", 0), ("entries", "claims", 1, 20), ("each", 2),
        ("local_get", 1), ("local_get", 2), ("field", 2), "add", ("local_set", 1), "end", ("local_get", 1),
        name="total", takes=(PERSON,), extra=(NUMBER, CLAIM), gives=Number(2, "CNY"),
    )
    assembler.function(
        kind.INVARIANT, ("entries", "claims", 0, 5), "length", number(5), "less_or_equal", name="few", gives=TRUTH,
    )
    return assembler.sealed()
