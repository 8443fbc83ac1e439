"""Conditions, facts and values in the reader's keyword language.

A program holds them as English expressions, which are neutral: the same tree prints in all four languages. What does
not read back as exactly itself (a reference such as Foshan/alice) is shown as it stands.
"""

from __future__ import annotations

from functools import lru_cache

from gbalang.ast import nodes as n
from gbalang.ast.parser import parse
from gbalang.ast.printer import print_expression
from gbalang.cli.words import word
from gbalang.source import SourceFile

_AROUND = "contract c version 1\narticle 1\n  rule r() gives Bool\n    give "

_COMPARISONS: dict[str, str] = {
    "=": "would_equal", "<>": "would_differ", "<": "would_less", "<=": "would_at_most", ">": "would_more",
    ">=": "would_at_least", "in": "would_in", "not in": "would_not_in",
}
"""How a comparison is said of what was not so. Keys of the words' table."""

_OPPOSITES = {
    "=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<", "in": "not in", "not in": "in",
}


@lru_cache(maxsize=1_024)
def read_neutral(text: str) -> n.Expression | None:
    """Return the expression that an English text stands for, or None when it is not one, canonical, whole and alone."""
    expression = _read(text)
    return expression if expression is not None and print_expression(expression) == text else None


def call_of(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return name and arguments, as they are written, of a text such as licences(Guangzhou, "L-1"), or None."""
    match _read(text):
        case n.Call(module=None, name=name, arguments=arguments, as_of=None):
            spans = [each.value.span for each in arguments if each.name is None]
            written = tuple((_AROUND + text)[span.start : span.end] for span in spans)
            return (name.text, written) if len(written) == len(arguments) else None
        case _:
            return None


def _read(text: str) -> n.Expression | None:
    document = parse(SourceFile("", _AROUND + text + "\n")).document
    if not isinstance(document, n.Instrument) or len(document.articles) != 1:
        return None
    match document.articles[0].declarations:
        case (n.RuleDeclaration(body=(n.Give(value=value),)),):
            return value
        case _:
            return None


def in_language(text: str, language: str) -> str:
    """Return a neutral text in a keyword language; as it stands when it does not read as an expression."""
    expression = read_neutral(text)
    return text if expression is None else _show(expression, language)


def what_would_change(text: str, language: str) -> str:
    """Return what would have met a condition that failed, as one sentence."""
    expression = read_neutral(text)
    clause = word(language, "would_hold", what=text) if expression is None else _clause(expression, language)
    begun = clause[0].upper() + clause[1:] if language == "en" else _following(clause, language)
    return word(language, "would_be_met", clause=begun)


def text_of(value: str) -> str:
    """Return what a quoted text says; any other value as it stands."""
    expression = read_neutral(value)
    return expression.text if isinstance(expression, n.TextLiteral) else value


def _following(clause: str, language: str) -> str:
    """Return a clause as it follows other words: in Chinese a Latin letter keeps its distance from a character."""
    return f" {clause}" if language.startswith("zh") and clause[0].isascii() else clause


def _show(expression: n.Expression, language: str) -> str:
    while isinstance(expression, n.Parenthesised):
        expression = expression.inner
    tag: n.Language = "en"
    match language:
        case "zh-Hant" | "zh-Hans" | "pt":
            tag = language
        case _:
            pass
    return print_expression(expression, tag)


def _clause(expression: n.Expression, language: str) -> str:
    match expression:
        case n.Parenthesised(inner=inner):
            return _clause(inner, language)
        case n.Binary(operator="and" | "or"):
            return _joined(expression, language)
        case n.Binary(operator=operator, left=left, right=right) if operator in _COMPARISONS:
            key = _COMPARISONS[operator]
            return word(language, key, left=_show(left, language), right=_show(right, language))
        case n.RegisterHas(register=register):
            return word(language, "would_stand", keys=_keys(expression, language), register=register.text)
        case n.Presence(subject=subject, present=present):
            return word(language, "would_be_present" if present else "would_be_absent", what=_show(subject, language))
        case n.Unary(operator="not", operand=operand):
            return _denied(operand, language)
        case _:
            return word(language, "would_hold", what=_show(expression, language))


def _joined(expression: n.Binary, language: str) -> str:
    """Both sides, or one of them; a side of the other kind stands in brackets."""
    sides = []
    for side in (expression.left, expression.right):
        inner = side
        while isinstance(inner, n.Parenthesised):
            inner = inner.inner
        said = _clause(inner, language)
        mixed = isinstance(inner, n.Binary) and inner.operator in {"and", "or"} - {expression.operator}
        sides.append(f"({said})" if mixed else said)
    key = "would_both" if expression.operator == "and" else "would_either"
    return word(language, key, left=sides[0], right=_following(sides[1], language))


def _denied(operand: n.Expression, language: str) -> str:
    """What would have met `not operand`."""
    match operand:
        case n.Parenthesised(inner=inner):
            return _denied(inner, language)
        case n.RegisterHas(register=register):
            return word(language, "would_not_stand", keys=_keys(operand, language), register=register.text)
        case n.Presence(subject=subject, present=present):
            return word(language, "would_be_absent" if present else "would_be_present", what=_show(subject, language))
        case n.Unary(operator="not", operand=inner):
            return _clause(inner, language)
        case n.Binary(operator=operator, left=left, right=right) if operator in _COMPARISONS:
            key = _COMPARISONS[_OPPOSITES[operator]]
            return word(language, key, left=_show(left, language), right=_show(right, language))
        case _:
            return word(language, "would_not_hold", what=_show(operand, language))


def _keys(expression: n.RegisterHas, language: str) -> str:
    return ", ".join(_show(key, language) for key in expression.keys)
