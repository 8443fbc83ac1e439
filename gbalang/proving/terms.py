"""Terms: whole numbers and truths that may be symbols. The only home of the solver.

A whole number is an int, or a `Whole`: a term of the solver with the least and the greatest number that it can be. A
truth is a bool or a term. Whatever follows from ints, bools and bounds alone is settled here and never reaches the
solver. Bounds hold wherever the value is used: on the paths of the program that reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

import z3

Truth: TypeAlias = Any
"""bool, or a term of the solver."""


WISH_RESOURCES = 300_000
"""What may be spent on making a counterexample plainer, for each wish."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number that is not known; None where it has no bound."""

    term: Any
    low: int | None
    high: int | None


Number: TypeAlias = int | Whole


class Answer(Enum):
    """What the solver says of a question."""

    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    TIME = "time"
    RESOURCES = "resources"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Effort:
    """How much the solver may spend on one question. `resources` are counted alike on every machine."""

    resources: int
    seconds: int


class Model:
    """One way in which a question is possible."""

    __slots__ = ("_model",)

    def __init__(self, model: Any) -> None:
        self._model = model

    def number(self, value: Number) -> int:
        """Return what a number is in this model."""
        if isinstance(value, int):
            return value
        found: int = self._model.eval(value.term, model_completion=True).as_long()
        return found

    def truth(self, value: Truth) -> bool:
        """Return what a truth is in this model."""
        if isinstance(value, bool):
            return value
        return bool(z3.is_true(self._model.eval(value, model_completion=True)))


class Logic:
    """A world of symbols of its own, with what is known about them. The same questions get the same answers."""

    __slots__ = ("_context", "_count", "_functions", "_marks", "facts")

    def __init__(self) -> None:
        self._context = z3.Context()
        self._count = 0
        self._functions: dict[str, Any] = {}
        self.facts: list[Truth] = []
        self._marks: list[int] = []

    def mark(self) -> None:
        """Remember what is known by now."""
        self._marks.append(len(self.facts))

    def forget(self) -> None:
        """Forget what was learnt since the last mark."""
        del self.facts[self._marks.pop() :]

    def number(self, name: str, low: int | None, high: int | None) -> Number:
        """Return a new unknown number within bounds."""
        if low is not None and low == high:
            return low
        found = Whole(z3.Int(self._name(name), self._context), low, high)
        self._bound(found)
        return found

    def truth(self, name: str) -> Truth:
        """Return a new unknown truth."""
        return z3.Bool(self._name(name), self._context)

    def suppose(self, truth: Truth) -> None:
        """Hold something for known."""
        if truth is not True:
            self.facts.append(self._term(truth))

    def apply(self, name: str, arguments: Sequence[Number], low: int | None = None, high: int | None = None) -> Whole:
        """Return the value of a function of which nothing is known but that equal arguments give equal values."""
        found = Whole(self._function(name, len(arguments), z3.IntSort)(*map(raw, arguments)), low, high)
        self._bound(found)
        return found

    def apply_truth(self, name: str, arguments: Sequence[Number]) -> Truth:
        """Return the same of a function that gives a truth."""
        return self._function(name, len(arguments), z3.BoolSort)(*map(raw, arguments))

    def ask(
        self, claims: Sequence[Truth], effort: Effort, wishes: Sequence[Truth] = ()
    ) -> tuple[Answer, Model | None]:
        """Say whether the claims are possible together with what is known, and how.

        `wishes` make the model plainer: each is granted if it is possible with those before it.
        """
        if any(claim is False for claim in claims):
            return Answer.IMPOSSIBLE, None
        solver = z3.Solver(ctx=self._context)
        solver.set("rlimit", effort.resources)
        solver.set("timeout", effort.seconds * 1_000)
        solver.add(*self.facts, *[self._term(claim) for claim in claims if claim is not True])
        result = solver.check()
        if result == z3.unsat:
            return Answer.IMPOSSIBLE, None
        if result != z3.sat:
            return _reason(solver.reason_unknown()), None
        return Answer.POSSIBLE, Model(_grant(solver, wishes))

    def _term(self, truth: Truth) -> Any:
        return z3.BoolVal(truth, self._context) if isinstance(truth, bool) else truth

    def _bound(self, number: Whole) -> None:
        if number.low is not None:
            self.facts.append(number.term >= number.low)
        if number.high is not None:
            self.facts.append(number.term <= number.high)

    def _name(self, name: str) -> str:
        self._count += 1
        return f"{name}!{self._count}"

    def _function(self, name: str, count: int, sort: Callable[[Any], Any]) -> Any:
        found = self._functions.get(name)
        if found is None:
            whole = z3.IntSort(self._context)
            found = self._functions[name] = z3.Function(name, *[whole] * count, sort(self._context))
        if found.arity() == count:
            return found
        raise ValueError(f"{name} takes {found.arity()} arguments")


def _grant(solver: Any, wishes: Sequence[Truth]) -> Any:
    """Return a model that grants what it can; a wish is worth a small part of what the question was."""
    model = solver.model()
    solver.set("rlimit", WISH_RESOURCES)
    solver.set("timeout", 0)
    for wish in wishes:
        if isinstance(wish, bool):
            continue
        solver.push()
        solver.add(wish)
        if z3.is_true(model.eval(wish, model_completion=True)):
            continue
        if solver.check() == z3.sat:
            model = solver.model()
        else:
            solver.pop()
    return model


def _reason(text: str) -> Answer:
    """The solver calls a question canceled when its resources have run out, and a timeout when the time has."""
    if "timeout" in text:
        return Answer.TIME
    return Answer.RESOURCES if "canceled" in text or "resource" in text else Answer.UNKNOWN


def raw(value: Number) -> Any:
    """Return what the solver takes."""
    return value if isinstance(value, int) else value.term


def span(value: Number) -> tuple[int | None, int | None]:
    """Return the bounds of a number."""
    return (value, value) if isinstance(value, int) else (value.low, value.high)


def is_truth(value: object) -> bool:
    """Whether a value is a truth, known or not."""
    return isinstance(value, bool | z3.BoolRef)


# ---------------------------------------------------------------- truths


def both(*truths: Truth) -> Truth:
    """Whether all hold."""
    left = [truth for truth in truths if truth is not True]
    if any(truth is False for truth in left):
        return False
    return True if not left else left[0] if len(left) == 1 else z3.And(left)


def either(*truths: Truth) -> Truth:
    """Whether any holds."""
    left = [truth for truth in truths if truth is not False]
    if any(truth is True for truth in left):
        return True
    return False if not left else left[0] if len(left) == 1 else z3.Or(left)


def negation(truth: Truth) -> Truth:
    """Whether it does not hold."""
    if isinstance(truth, bool):
        return not truth
    return truth.arg(0) if z3.is_not(truth) else z3.Not(truth)


def choose_truth(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
    """Return one of two truths."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if isinstance(then, bool):
        return either(condition, otherwise) if then else both(negation(condition), otherwise)
    if isinstance(otherwise, bool):
        return either(negation(condition), then) if otherwise else both(condition, then)
    return then if then.eq(otherwise) else z3.If(condition, then, otherwise)


def same_truth(left: Truth, right: Truth) -> Truth:
    """Whether two truths are the same."""
    return choose_truth(left, right, negation(right))


# ---------------------------------------------------------------- numbers


def choose_number(condition: Truth, then: Number, otherwise: Number) -> Number:
    """Return one of two numbers."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if same_number(then, otherwise) is True:
        return then
    low, high = _hull(span(then), span(otherwise))
    return Whole(z3.If(condition, raw(then), raw(otherwise)), low, high)


def add(left: Number, right: Number) -> Number:
    """Return the sum."""
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    (a, b), (c, d) = span(left), span(right)
    low, high = None if a is None or c is None else a + c, None if b is None or d is None else b + d
    return Whole(raw(left) + raw(right), low, high)


def subtract(left: Number, right: Number) -> Number:
    """Return the difference."""
    return add(left, negate(right))


def negate(value: Number) -> Number:
    """Return the number with the other sign."""
    if isinstance(value, int):
        return -value
    low, high = None if value.high is None else -value.high, None if value.low is None else -value.low
    return Whole(-value.term, low, high)


def multiply(left: Number, right: Number) -> Number:
    """Return the product."""
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    for one, other in ((left, right), (right, left)):
        if isinstance(one, int) and one in {0, 1}:
            return other if one else 0
    edges = [None if one is None or other is None else one * other for one in span(left) for other in span(right)]
    known = [edge for edge in edges if edge is not None]
    if len(known) == len(edges):
        return Whole(raw(left) * raw(right), min(known), max(known))
    return Whole(raw(left) * raw(right), 0 if at_least(left, 0) is True is at_least(right, 0) else None, None)


def quotient(value: Number, divisor: Number) -> Number:
    """Return the floor of the quotient by a divisor above zero."""
    if isinstance(value, int) and isinstance(divisor, int):
        return value // divisor
    if divisor == 1:
        return value
    (low, high), (least, most) = span(value), span(divisor)
    if least is None or least < 1:
        return Whole(raw(value) / raw(divisor), None, None)
    bottom = None if low is None else low // least if low < 0 else 0 if most is None else low // most
    top = None if high is None else high // least if high >= 0 else -1 if most is None else high // most
    return Whole(_over(raw(value), raw(divisor)), bottom, top)


def remainder(value: Number, divisor: int) -> Number:
    """Return what the quotient leaves, from 0 up."""
    if isinstance(value, int):
        return value % divisor
    return Whole(value.term % divisor, 0, divisor - 1)


def absolute(value: Number) -> Number:
    """Return the distance from zero."""
    positive = at_least(value, 0)
    if positive is True:
        return value
    found = choose_number(positive, value, negate(value))
    return found if isinstance(found, int) else Whole(found.term, 0, found.high)


def narrowed(value: Number, low: int | None, high: int | None) -> Number:
    """Return a number that has been found to be within bounds."""
    if isinstance(value, int):
        return value
    lows = [bound for bound in (value.low, low) if bound is not None]
    highs = [bound for bound in (value.high, high) if bound is not None]
    return Whole(value.term, max(lows, default=None), min(highs, default=None))


def same_number(left: Number, right: Number) -> Truth:
    """Whether two numbers are equal."""
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    if isinstance(left, Whole) and isinstance(right, Whole) and left.term.eq(right.term):
        return True
    (a, b), (c, d) = span(left), span(right)
    if _above(a, d) or _above(c, b):
        return False
    return raw(left) == raw(right)


def less(left: Number, right: Number) -> Truth:
    """Whether the left number is below the right one."""
    if isinstance(left, int) and isinstance(right, int):
        return left < right
    (a, b), (c, d) = span(left), span(right)
    if _above(c, b):
        return True
    if a is not None and d is not None and a >= d:
        return False
    return raw(left) < raw(right)


def at_least(left: Number, right: Number) -> Truth:
    """Whether the left number is the right one or above it."""
    return negation(less(left, right))


def within(value: Number, low: int, high: int) -> Truth:
    """Whether a number is from low to high."""
    return both(at_least(value, low), at_least(high, value))


def _over(value: Any, divisor: Any) -> Any:
    return divisor.__rtruediv__(value) if isinstance(value, int) else value / divisor


def _above(low: int | None, high: int | None) -> bool:
    return low is not None and high is not None and low > high


def _hull(
    one: tuple[int | None, int | None], other: tuple[int | None, int | None]
) -> tuple[int | None, int | None]:
    low = None if one[0] is None or other[0] is None else min(one[0], other[0])
    high = None if one[1] is None or other[1] is None else max(one[1], other[1])
    return low, high
