"""Arguments as people write them: name=value, --name value; values as in .gba."""

from __future__ import annotations

import json

from gbalang.isa.program import Function, Program
from gbalang.isa.types import Value
from gbalang.literals import LiteralRefused, format_value, parse_value, type_name


class ArgumentFault(Exception):  # noqa: N818  # the user's mistake, to be said in words
    """What is wrong with the arguments: a key of the words' table and its facts."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def collect_arguments(
    program: Program, function: Function, written: tuple[str, ...], given: dict[str, str]
) -> tuple[Value, ...]:
    """Return the values of a function's parameters in their order. Raises ArgumentFault."""
    texts = dict(given)
    for name, text in _pairs(written):
        if name in texts:
            raise ArgumentFault("argument_twice", name=name)
        texts[name] = text
    known = ", ".join(parameter.name for parameter in function.parameters) or "-"
    for name in texts:
        if name not in [parameter.name for parameter in function.parameters]:
            raise ArgumentFault("argument_unknown", name=name, function=function.name, known=known)
    missing = [
        f"{parameter.name}: {type_name(parameter.type, program)}"
        for parameter in function.parameters
        if parameter.name not in texts
    ]
    if missing:
        raise ArgumentFault("argument_missing", function=function.name, missing=", ".join(missing))
    values = []
    for parameter in function.parameters:
        shown = type_name(parameter.type, program)
        try:
            values.append(parse_value(parameter.type, texts[parameter.name], program))
        except LiteralRefused as refused:
            raise ArgumentFault(
                "argument_malformed", name=parameter.name, text=texts[parameter.name], type=shown, reason=refused.reason
            ) from None
    return tuple(values)


def read_json_arguments(text: str) -> dict[str, str]:
    """Return the arguments of one JSON object of texts. Raises ArgumentFault."""
    try:
        pairs = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        pairs = None
    if not isinstance(pairs, tuple) or not all(isinstance(value, str) for _, value in pairs):
        raise ArgumentFault("argument_form", text=text)
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise ArgumentFault("argument_twice", name=name)
        given[name] = value
    return given


def who_may(program: Program, function: Function) -> list[str]:
    """Return who a function's permissions cover, as after `by` in .gba."""
    found = []
    for permission in function.permissions:
        role = "anyone" if permission.role is None else program.roles[permission.role].name
        if permission.city_parameter is not None:
            role += " of " + function.parameters[permission.city_parameter].name
        elif permission.city is not None:
            role += " of " + permission.city
        found.append(role)
    return found


def _pairs(written: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    position = 0
    while position < len(written):
        word = written[position]
        if word.startswith("--") and "=" not in word and position + 1 < len(written):
            pairs.append((word[2:].replace("-", "_"), written[position + 1]))
            position += 2
            continue
        name, equals, value = word.removeprefix("--").partition("=")
        if not equals:
            raise ArgumentFault("argument_form", text=word)
        pairs.append((name, value))
        position += 1
    return pairs


__all__ = ["ArgumentFault", "collect_arguments", "format_value", "read_json_arguments"]
