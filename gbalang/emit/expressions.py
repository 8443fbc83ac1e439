"""Expressions: each leaves one value on the stack."""

from __future__ import annotations

from typing import assert_never

from gbalang.check import typed as t
from gbalang.emit.assembly import Code
from gbalang.isa.types import List, Number, Option, Ratio, Truth, Type
from gbalang.vm.faults import Fault

_TRUTH, _NUMBER = Truth(), Number(0)
_DATE_PARTS = {"year": 1, "month": 2, "day": 3}


def put_expression(code: Code, value: t.Expression) -> None:
    """Append what leaves the value of the expression on the stack."""
    match value:
        case t.Constant():
            code.constant(value.type, value.value)
        case t.Local():
            code.put("local_get", value.index)
        case t.Arithmetic() | t.RatioArithmetic():
            _both(code, value.left, value.right)
            code.put(value.operator if isinstance(value, t.Arithmetic) else f"ratio_{value.operator}")
        case t.Negate():
            _one(code, value.value, "ratio_negate" if isinstance(value.type, Ratio) else "negate")
        case t.Rescale():
            _one(code, value.value, "rescale", value.places)
        case t.ToRatio():
            _one(code, value.value, "to_ratio", value.scale)
        case t.RoundRatio():
            _one(code, value.value, "ratio_round", value.mode)
        case t.Compare():
            _compare(code, value)
        case t.Not():
            _one(code, value.value, "not")
        case t.AndAlso():
            _choice(code, value.left, value.right, t.Constant(value=False, type=_TRUTH), _TRUTH)
        case t.OrElse():
            _choice(code, value.left, t.Constant(value=True, type=_TRUTH), value.right, _TRUTH)
        case t.IfElse():
            _choice(code, value.condition, value.then, value.otherwise, value.type)
        case t.Bind():
            _one(code, value.value, "local_set", value.index)
            put_expression(code, value.body)
        case t.CallRule():
            _all(code, value.arguments)
            if value.day is not None:
                put_expression(code, value.day)
            code.put("call", value.rule)
        case t.FaultValue():
            put_fault(code, value.fault, value.type)
        case t.Checked():
            _one(code, value.value, "check", code.tables.type(value.type))
        case t.WithNote():
            _one(code, value.value, "note", value.note)
        case t.BuildRecord() | t.GetField() | t.MakeSome() | t.MakeNone() | t.IsPresent() | t.Unwrap():
            _put_structure(code, value)
        case t.MakeList() | t.LengthOf() | t.Contains() | t.ItemOf() | t.Numbers() | t.Fold():
            _put_collection(code, value)
        case t.AddDays() | t.AddMonths() | t.AddWorkingDays() | t.AddSeconds():
            _put_shift(code, value)
        case t.Between() | t.IsWorking() | t.DatePart() | t.DateOfTime() | t.CityOf() | t.Circumstance():
            _put_circumstance(code, value)
        case t.ParameterValue() | t.LocalParameterValue() | t.RegisterHas() | t.RegisterGet() | t.RegisterEntries():
            _put_ledger(code, value)
        case _:
            assert_never(value)


def put_fault(code: Code, fault: Fault, type_: Type) -> None:
    """Append the end of the call with a fault, where a value of that type is expected."""
    code.put("fault", fault, code.tables.type(type_) + 1)


def _one(code: Code, value: t.Expression, name: str, *operands: int) -> None:
    put_expression(code, value)
    code.put(name, *operands)


def _both(code: Code, left: t.Expression, right: t.Expression) -> None:
    put_expression(code, left)
    put_expression(code, right)


def _all(code: Code, values: tuple[t.Expression, ...]) -> None:
    for value in values:
        put_expression(code, value)


def _choice(
    code: Code, condition: t.Expression, then: t.Expression, otherwise: t.Expression, type_: Type
) -> None:
    put_expression(code, condition)
    code.begin_if(type_)
    put_expression(code, then)
    code.put("else")
    put_expression(code, otherwise)
    code.put("end")


def _compare(code: Code, value: t.Compare) -> None:
    _both(code, value.left, value.right)
    if value.ratio:
        code.put("ratio_compare")
        code.constant(_NUMBER, 0)
    code.put(value.operator)


def _put_structure(
    code: Code, value: t.BuildRecord | t.GetField | t.MakeSome | t.MakeNone | t.IsPresent | t.Unwrap
) -> None:
    match value:
        case t.BuildRecord():
            _all(code, value.fields)
            code.put("record", value.type.index)
        case t.GetField():
            _one(code, value.subject, "field", value.index)
        case t.MakeSome():
            _one(code, value.value, "some")
        case t.MakeNone():
            code.put("none", code.tables.type(value.type))
        case t.IsPresent():
            _one(code, value.subject, "is_present")
        case t.Unwrap():
            _one(code, value.subject, "unwrap")
        case _:
            assert_never(value)


def _put_shift(code: Code, value: t.AddDays | t.AddMonths | t.AddWorkingDays | t.AddSeconds) -> None:
    _both(code, value.base, value.count)
    match value:
        case t.AddDays():
            code.put("add_days")
        case t.AddMonths():
            code.put("add_months", value.month_end)
        case t.AddWorkingDays():
            code.put("add_working_days", value.calendars)
        case t.AddSeconds():
            code.put("add_seconds")
        case _:
            assert_never(value)


def _put_circumstance(
    code: Code, value: t.Between | t.IsWorking | t.DatePart | t.DateOfTime | t.CityOf | t.Circumstance
) -> None:
    match value:
        case t.Between():
            _both(code, value.start, value.end)
            if value.calendars is not None:
                code.put("working_days_between", value.calendars)
            else:
                code.put("days_between" if value.unit == "days" else "seconds_between")
        case t.IsWorking():
            _one(code, value.day, "is_working_day", value.calendars)
        case t.DatePart():
            _one(code, value.subject, "date_part", _DATE_PARTS[value.part])
        case t.DateOfTime():
            _one(code, value.subject, "date_of_time")
        case t.CityOf():
            _one(code, value.subject, "city_of")
        case t.Circumstance():
            code.put(value.what)
        case _:
            assert_never(value)


def _put_ledger(
    code: Code,
    value: t.ParameterValue | t.LocalParameterValue | t.RegisterHas | t.RegisterGet | t.RegisterEntries,
) -> None:
    match value:
        case t.ParameterValue():
            _one(code, value.day, "parameter", value.parameter)
        case t.LocalParameterValue():
            _both(code, value.city, value.day)
            code.put("local_parameter", value.parameter)
        case t.RegisterHas():
            _all(code, value.keys)
            code.put("has", value.register)
        case t.RegisterGet():
            _all(code, value.keys)
            code.put("get", value.register)
        case t.RegisterEntries():
            _all(code, value.keys)
            code.put("entries", value.register, len(value.keys), value.limit)
        case _:
            assert_never(value)


# ---------------------------------------------------------------- lists, sets, aggregates


def _put_collection(
    code: Code, value: t.MakeList | t.LengthOf | t.Contains | t.ItemOf | t.Numbers | t.Fold
) -> None:
    match value:
        case t.MakeList():
            _all(code, value.items)
            name = "list" if isinstance(value.type, List) else "set"
            code.put(name, code.tables.type(value.type), len(value.items))
        case t.LengthOf():
            _one(code, value.subject, "length")
        case t.Contains():
            _both(code, value.item, value.collection)
            code.put("contains")
        case t.ItemOf():
            _both(code, value.subject, value.index)
            code.put("item")
        case t.Numbers():
            _both(code, value.start, value.end)
            code.put("numbers", value.limit)
        case t.Fold():
            _put_fold(code, value)
        case _:
            assert_never(value)


def _put_fold(code: Code, fold: t.Fold) -> None:
    """The result starts with its beginning; for each item for which `where` holds: the result takes the body in."""
    best = fold.kind in {"least", "greatest"}
    held: Type = Option(fold.type) if best else fold.type
    result = code.scratch(held)
    _put_beginning(code, fold, held)
    code.put("local_set", result)
    put_expression(code, fold.subject)
    code.put("each", fold.item)
    if fold.where is not None:
        put_expression(code, fold.where)
        code.begin_if(None)
    _put_step(code, fold, result)
    if fold.where is not None:
        code.put("end")
    code.put("end")
    code.put("local_get", result)
    if best:
        _put_found(code, result, fold.type)


def _put_beginning(code: Code, fold: t.Fold, held: Type) -> None:
    match fold.kind:
        case "sum" | "count":
            code.constant(fold.type, (0, 1) if isinstance(fold.type, Ratio) else 0)
        case "every":
            code.constant(_TRUTH, value=True)
        case "some":
            code.constant(_TRUTH, value=False)
        case "list":
            code.put("list", code.tables.type(held), 0)
        case "least" | "greatest":
            code.put("none", code.tables.type(held))


def _put_step(code: Code, fold: t.Fold, result: int) -> None:
    code.put("local_get", result)
    match fold.kind:
        case "sum":
            assert fold.body is not None
            put_expression(code, fold.body)
            code.put("ratio_add" if isinstance(fold.type, Ratio) else "add")
        case "count":
            code.constant(_NUMBER, 1)
            code.put("add")
        case "list":
            assert fold.body is not None
            put_expression(code, fold.body)
            code.put("append")
        case "every" | "some":
            # Once the answer is known, the remaining items are only passed.
            assert fold.body is not None
            decided = t.Constant(value=fold.kind == "some", type=_TRUTH)
            code.begin_if(_TRUTH)
            put_expression(code, decided if fold.kind == "some" else fold.body)
            code.put("else")
            put_expression(code, fold.body if fold.kind == "some" else decided)
            code.put("end")
        case "least" | "greatest":
            _put_better(code, fold, result)
    code.put("local_set", result)


def _put_better(code: Code, fold: t.Fold, result: int) -> None:
    """The best so far is on the stack; leave it there, or the body if there is none yet or the body is better."""
    assert fold.body is not None
    own = code.scratch(fold.type)
    put_expression(code, fold.body)
    code.put("local_set", own)
    code.put("is_present")
    code.begin_if(Option(fold.type))
    first, second = (own, result) if fold.kind == "least" else (result, own)
    for slot in (first, second):
        code.put("local_get", slot)
        if slot == result:
            code.put("unwrap")
    if isinstance(fold.type, Ratio):
        code.put("ratio_compare")
        code.constant(_NUMBER, 0)
    code.put("less")
    code.begin_if(Option(fold.type))
    code.put("local_get", own)
    code.put("some")
    code.put("else")
    code.put("local_get", result)
    code.put("end")
    code.put("else")
    code.put("local_get", own)
    code.put("some")
    code.put("end")


def _put_found(code: Code, result: int, type_: Type) -> None:
    code.put("is_present")
    code.begin_if(type_)
    code.put("local_get", result)
    code.put("unwrap")
    code.put("else")
    put_fault(code, Fault.EMPTY_AGGREGATE, type_)
    code.put("end")
