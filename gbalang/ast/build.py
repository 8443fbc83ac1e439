"""Grammar rules to nodes: one method for each rule of grammar.lark, called as soon as the rule is complete.

The builder keeps nothing between calls. What it needs beside its children (the path, the comments, the list of
mistakes) travels in the tokens, so one builder serves every text, and nothing here recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, Literal, TypeAlias, cast

from gbalang.ast import nodes as n
from gbalang.ast.keywords import (
    CALENDAR_BY_WORD,
    CITY_BY_WORD,
    HOLDER_KINDS,
    KIND_BY_WORD,
    LANGUAGES,
    TYPE_BY_WORD,
    TYPES,
    WEEKDAY_BY_WORD,
    WEEKDAYS,
    word,
)
from gbalang.ast.lexer import Reading, Token
from gbalang.ast.walk import LEAVES, child_fields
from gbalang.diagnostics.model import Diagnostic, Label
from gbalang.errors import InternalError
from gbalang.source import Span

Children: TypeAlias = list[Any]
"""The parts of a rule: tokens, nodes, what other methods gave; None where an optional part is absent."""

_ESCAPES = {'"': '"', "\\": "\\", "n": "\n"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PLAIN_TYPES = frozenset(TYPES) - {"Decimal", "Money", "Text"}
_RANGED_TYPES = ("Int", "Percent")
_UNITS: dict[str, n.DateUnit] = {
    "DAYS": "days", "MONTHS": "months", "YEARS": "years", "WORKING_DAYS": "working days", "HOURS": "hours",
    "MINUTES": "minutes",
}  # fmt: skip
_BINARY: dict[str, n.BinaryOperator] = {
    "OR": "or", "AND": "and", "EQUAL": "=", "NOT_EQUAL": "<>", "LESS": "<", "LESS_OR_EQUAL": "<=", "GREATER": ">",
    "GREATER_OR_EQUAL": ">=", "IN": "in", "NOT_IN": "not in", "PLUS": "+", "MINUS": "-", "TIMES": "*", "DIVIDED": "/",
}  # fmt: skip
_ROUNDING: dict[str, n.RoundingMode] = {
    "ROUND_HALF_UP": "half up", "ROUND_HALF_DOWN": "half down", "ROUND_HALF_EVEN": "half even", "ROUND_UP": "up",
    "ROUND_DOWN": "down", "ROUND_CEILING": "ceiling", "ROUND_FLOOR": "floor",
}  # fmt: skip
_PARTS: dict[str, n.PartName] = {
    "CITY_OF": "city", "YEAR_OF": "year", "MONTH_OF": "month", "DAY_OF": "day", "DATE_OF": "date",
    "LENGTH_OF": "length",
}  # fmt: skip
_AGGREGATES: dict[str, n.AggregateKind] = {
    "SUM_OF": "sum", "LEAST_OF": "least", "GREATEST_OF": "greatest", "LIST_OF": "list", "EVERY": "every",
    "SOME": "some",
}  # fmt: skip
_CONTEXT: dict[str, Literal["actor", "today", "now"]] = {"ACTOR": "actor", "TODAY": "today", "NOW": "now"}
_LINES: dict[str, n.HeaderLine] = {"EFFECTIVE": "effective", "EXPIRES": "expires", "REVIEW": "review"}


@dataclass(frozen=True, slots=True)
class Listed:
    """Items in brackets, with the place of the brackets."""

    items: tuple[Any, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One line of a header: which it is, what it says, where its keyword stands."""

    kind: str
    value: Any
    keyword: Token
    comments: n.Comments = n.NO_COMMENTS


@dataclass(frozen=True, slots=True)
class TooDeep:
    """The first node that lies too deep. `joined`: whether parts joined by operators side by side have led there."""

    span: Span
    joined: bool


def depth_exceeds(root: object, limit: int) -> TooDeep | None:
    """Return the place of the first node that lies deeper than `limit` levels of statements and expressions.

    A walk with a list of its own: the tree may be deeper than the interpreter's stack. A long sum is a tree that leans
    to the left, and its reader sees no depth in it; so what has led there is told.
    """
    waiting: list[tuple[object, int, int, Span]] = [(root, 0, 0, Span("", 0, 0))]
    while waiting:
        item, depth, joined, span = waiting.pop()
        if isinstance(item, tuple):
            waiting.extend((each, depth, joined, span) for each in item)
        elif is_dataclass(item) and not isinstance(item, LEAVES):
            own: Span = getattr(item, "span", span)
            if depth > limit:
                return TooDeep(own, joined > limit // 2)
            leaning = joined + 1 if isinstance(item, n.Binary) else joined
            waiting.extend((getattr(item, name), depth + 1, leaning, own) for name in child_fields(type(item)))
    return None


# ---------------------------------------------------------------- places, numbers, texts


def _span(token: Token) -> Span:
    return Span(token.reading.path, token.start, token.end)


def _place(part: Any) -> Span:
    if isinstance(part, Token):
        return Span(part.reading.path, part.start, part.end)
    span: Span = part.span
    return span


def _cover(first: Any, last: Any) -> Span:
    start, end = _place(first), _place(last)
    return Span(start.path, start.start, end.end)


def _last_end(parts: Sequence[Any], otherwise: int) -> int:
    """Return the end of the last of some nodes, or of what stands before them."""
    end: int = parts[-1].span.end if parts else otherwise
    return end


def _integer(token: Token) -> int:
    """A token NUMBER where a whole number is meant."""
    if "." in token.text:
        token.reading.report("E0121", token.start, token.end, ("text", token.text))
        return 0
    return int(token.text.replace("_", ""))


def _scaled(token: Token) -> tuple[int, int]:
    whole, _, fraction = token.text.replace("_", "").partition(".")
    if "." in fraction:
        token.reading.report("E0121", token.start, token.end, ("text", token.text))
        return 0, 0
    return int(whole + fraction), len(fraction)


def _string(token: Token) -> str:
    body = token.text[1:-1]
    if "\\" not in body:
        return body

    def resolve(found: re.Match[str]) -> str:
        resolved = _ESCAPES.get(found[1])
        if resolved is None:
            start = token.start + 1 + found.start()
            token.reading.report("E0117", start, start + 2, ("escape", found.group()))
        return resolved or ""

    return _ESCAPE.sub(resolve, body)


def _date(token: Token) -> n.DateLiteral:
    year, month, day = (int(part) for part in token.text.split("-"))
    return n.DateLiteral(year, month, day, _span(token))


def _unexpected(token: Token, expected: str) -> None:
    token.reading.report("E0107", token.start, token.end, ("found", token.text), ("expected", expected))


def _in_language(words: Sequence[str], reading: Reading) -> str:
    return words[LANGUAGES.index(reading.language)]


def _parts(children: Iterable[Any], kind: type | tuple[type, ...]) -> tuple[Any, ...]:
    return tuple(each for each in children if isinstance(each, kind))


def _report_repeated(kind: str, fact: str, repeated: Span, first: Span, reading: Reading) -> None:
    name = "language" if kind == "E0115" else "line"
    reading.diagnostics.append(Diagnostic(kind, repeated, ((name, fact),), (Label(first, "first"),)))


def _texts_of_different_languages(texts: tuple[n.LanguageText, ...], reading: Reading) -> tuple[n.LanguageText, ...]:
    seen: dict[str, Span] = {}
    for text in texts:
        if text.language is None:
            continue
        if text.language in seen:
            _report_repeated("E0115", text.language, text.span, seen[text.language], reading)
        seen.setdefault(text.language, text.span)
    return texts


def _with_line_comments(keyword: Token, texts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Give the first text of a line the comments that stand above the line's keyword."""
    comments = keyword.reading.comments.take(keyword.start, texts[0].span.start if texts else keyword.end)
    if comments == n.NO_COMMENTS or not texts:
        return texts
    own: n.Comments = texts[0].comments
    merged = n.Comments(comments.before + own.before, own.after, own.closing)
    first = replace(texts[0], comments=merged)
    return (first, *texts[1:])


class Builder:
    """A method for each rule; lark calls them with the list of the rule's parts."""

    # -------------------------------------------------------------- files

    def instrument(self, parts: Children) -> n.Instrument:
        form, name, _, version, lines, imports, articles = parts
        reading: Reading = form.reading
        header = _Header(lines, reading)
        last = [*imports, *articles]
        line_end = version.end
        end = max(_last_end(last, line_end), header.end)
        return n.Instrument(
            form="contract" if form.type == "CONTRACT" else "library",
            name=name,
            version=_integer(version),
            titles=_texts_of_different_languages(header.all("title"), reading),
            bases=header.all("basis"),
            parties=header.one("parties") if header.has("parties") else (),
            prevailing=header.one("prevailing") or (),
            effective=header.one("effective"),
            expires=header.one("expires"),
            review=header.one("review"),
            imports=imports,
            articles=articles,
            language=reading.language,
            span=Span(reading.path, form.start, end),
            comments=reading.comments.take(form.start, end, line_end),
            closing_comments=reading.comments.take_rest(),
            line_comments=header.line_comments(),
        )

    def calendar_instrument(self, parts: Children) -> n.CalendarInstrument:
        form, name, _, year, lines = parts
        reading: Reading = form.reading
        header = _Header(lines, reading)
        end = max(year.end, header.end)
        return n.CalendarInstrument(
            name=name,
            year=_integer(year),
            titles=_texts_of_different_languages(header.all("title"), reading),
            bases=header.all("basis"),
            weekend=header.one("weekend") or (),
            off=header.all("off"),
            working=header.all("working"),
            half=header.all("half"),
            language=reading.language,
            span=Span(reading.path, form.start, end),
            comments=reading.comments.take(form.start, end, year.end),
            closing_comments=reading.comments.take_rest(),
            line_comments=header.line_comments(),
        )

    def header_lines(self, parts: Children) -> tuple[HeaderLine, ...]:
        return tuple(parts)

    calendar_lines = header_lines
    article_lines = header_lines

    def title_line(self, parts: Children) -> HeaderLine:
        keyword, *texts = parts
        return HeaderLine("title", _with_line_comments(keyword, tuple(texts)), keyword)

    def text_line(self, parts: Children) -> HeaderLine:
        keyword, *texts = parts
        return HeaderLine("text", _with_line_comments(keyword, tuple(texts)), keyword)

    def basis_line(self, parts: Children) -> HeaderLine:
        keyword, *strings = parts
        texts = tuple(self._untagged(string) for string in strings)
        return HeaderLine("basis", _with_line_comments(keyword, texts), keyword)

    def text_only_line(self, parts: Children) -> HeaderLine:
        keyword, string = parts
        return HeaderLine("text only", _with_line_comments(keyword, (self._untagged(string),)), keyword)

    def _untagged(self, string: Token) -> n.LanguageText:
        comments = string.reading.comments.take(string.start, string.end)
        return n.LanguageText(None, _string(string), _span(string), comments)

    def parties_line(self, parts: Children) -> HeaderLine:
        keyword, *names = parts
        return self._plain_line("parties", tuple(names), keyword, names[-1])

    def parties_all(self, parts: Children) -> HeaderLine:
        keyword, everyone = parts
        return self._plain_line("parties", None, keyword, everyone)

    def prevailing_line(self, parts: Children) -> HeaderLine:
        keyword, *tags = parts
        texts = tuple(n.LanguageText(language, "", span) for language, span in tags)
        _texts_of_different_languages(texts, keyword.reading)
        languages = tuple(text.language for text in texts if text.language is not None)
        return self._plain_line("prevailing", languages, keyword, texts[-1])

    def date_line(self, parts: Children) -> HeaderLine:
        keyword, date = parts
        return self._plain_line(_LINES[keyword.type], _date(date), keyword, date)

    def weekend_line(self, parts: Children) -> HeaderLine:
        keyword, *words = parts
        days = []
        for each in words:
            day = WEEKDAY_BY_WORD.get(each.text)
            if day is None:
                _unexpected(each, ", ".join(_in_language(row, each.reading) for row in WEEKDAYS))
            else:
                days.append(day)
        return self._plain_line("weekend", tuple(days), keyword, words[-1])

    def _plain_line(self, kind: n.HeaderLine, value: Any, keyword: Token, last: Any) -> HeaderLine:
        comments = keyword.reading.comments.take(keyword.start, _place(last).end)
        return HeaderLine(kind, value, keyword, comments)

    def days_line(self, parts: Children) -> HeaderLine:
        keyword, *ranges = parts
        start = keyword.start
        comments = keyword.reading.comments.take(start, ranges[0].start.span.start)
        first: n.DateRange = ranges[0]
        if comments != n.NO_COMMENTS:
            own = first.comments
            first = replace(first, comments=n.Comments(comments.before + own.before, own.after, own.closing))
        return HeaderLine(keyword.type.lower(), (first, *ranges[1:]), keyword)

    def date_range(self, parts: Children) -> n.DateRange:
        first, _, last = parts
        start = _date(first)
        end = start if last is None else _date(last)
        return n.DateRange(start, end, first.reading.comments.take(first.start, end.span.end))

    def imports(self, parts: Children) -> tuple[n.Import, ...]:
        return tuple(parts)

    def import_line(self, parts: Children) -> n.Import:
        keyword, name, _, path = parts
        span = _cover(keyword, name if path is None else path)
        return n.Import(name, None if path is None else _string(path), span, self._comments(keyword, span))

    def tagged_text(self, parts: Children) -> n.LanguageText:
        (language, tag), string = parts
        comments = string.reading.comments.take(tag.start, string.end)
        return n.LanguageText(language, _string(string), tag.to(_span(string)), comments)

    def language_tag(self, parts: Children) -> tuple[n.Language | None, Span]:
        (token,) = parts
        for language in LANGUAGES:
            if token.text == language:
                return language, _span(token)
        token.reading.report("E0120", token.start, token.end, ("tag", token.text))
        return None, _span(token)

    # -------------------------------------------------------------- articles and declarations

    def articles(self, parts: Children) -> tuple[n.Article, ...]:
        return tuple(parts)

    def article(self, parts: Children) -> n.Article:
        keyword, label, heading, lines, declarations = parts
        header = _Header(lines, keyword.reading)
        line_end = label.end if heading is None else heading.end
        end = max(_last_end(declarations, line_end), header.end)
        text_only = header.one("text only")
        return n.Article(
            label=label.text.replace("_", "") if label.type == "NUMBER" else label.text,
            heading=None if heading is None else _string(heading),
            titles=_texts_of_different_languages(header.all("title"), keyword.reading),
            bases=header.all("basis"),
            texts=_texts_of_different_languages(header.all("text"), keyword.reading),
            text_only=text_only[0] if text_only else None,
            declarations=declarations,
            span=Span(keyword.reading.path, keyword.start, end),
            comments=keyword.reading.comments.take(keyword.start, end, line_end),
        )

    def label(self, parts: Children) -> Token:
        token: Token = parts[0]
        return token

    def declarations(self, parts: Children) -> tuple[n.Declaration, ...]:
        return tuple(parts)

    def _comments(self, keyword: Token, span: Span, line_end: int | None = None) -> n.Comments:
        return keyword.reading.comments.take(span.start, span.end, line_end)

    def enum(self, parts: Children) -> n.EnumDeclaration:
        keyword, name, _, members = parts
        span = _cover(keyword, members[-1])
        return n.EnumDeclaration(name, members, span, self._comments(keyword, span))

    def record(self, parts: Children) -> n.RecordDeclaration:
        keyword, name, declared = parts
        span = _cover(keyword, declared[-1])
        return n.RecordDeclaration(name, declared, span, self._comments(keyword, span, name.span.end))

    def fields(self, parts: Children) -> tuple[n.FieldDeclaration, ...]:
        return tuple(parts)

    def field(self, parts: Children) -> n.FieldDeclaration:
        name, colon, kind = parts
        span = name.span.to(kind.span)
        return n.FieldDeclaration(name, kind, span, self._comments(colon, span))

    def role(self, parts: Children) -> n.RoleDeclaration:
        keyword, name, verb, *rest = parts
        span = _cover(keyword, rest[-1])
        kinds = tuple(self._kind(each) for each in rest if each.type == "NAME")
        return n.RoleDeclaration(name, verb.type == "IS_ANY", kinds, span, self._comments(keyword, span))

    open_role = role

    def _kind(self, token: Token) -> n.HolderKindName:
        kind = KIND_BY_WORD.get(token.text)
        if kind is None:
            _unexpected(token, ", ".join(_in_language(words, token.reading) for words in HOLDER_KINDS.values()))
            return "person"
        return kind

    def parameter(self, parts: Children) -> n.ParameterDeclaration:
        keyword, name, _, kind, _, values = parts
        return self._parameter(keyword, name, kind, None, values)

    def local_parameter(self, parts: Children) -> n.ParameterDeclaration:
        keyword, name, _, kind, _, low, _, high, _, values = parts
        return self._parameter(keyword, name, kind, (low, high), values)

    def _parameter(
        self,
        keyword: Token,
        name: n.Name,
        kind: n.TypeExpression,
        bounds: tuple[n.Expression, n.Expression] | None,
        values: tuple[n.DatedValue, ...],
    ) -> n.ParameterDeclaration:
        span = _cover(keyword, values[-1].start)
        return n.ParameterDeclaration(name, kind, bounds, values, span, self._comments(keyword, span))

    def dated_values(self, parts: Children) -> tuple[n.DatedValue, ...]:
        return tuple(parts)

    def dated_value(self, parts: Children) -> n.DatedValue:
        value, _, date = parts
        return n.DatedValue(value, _date(date))

    def table(self, parts: Children) -> n.TableDeclaration:
        keyword, name, keys, _, result, *blocks, end = parts
        span = _cover(keyword, end)
        comments = keyword.reading.comments.take(span.start, span.end, result.span.end, end.start)
        return n.TableDeclaration(name, keys.items, result, tuple(blocks), span, comments)

    def table_block(self, parts: Children) -> tuple[n.DateLiteral, tuple[n.TableRow, ...]]:
        _, date, *rows = parts
        return _date(date), tuple(rows)

    def table_row(self, parts: Children) -> n.TableRow:
        keyword, patterns, _, value = parts
        span = _cover(keyword, value)
        return n.TableRow(patterns, value, span, self._comments(keyword, span))

    def refusal(self, parts: Children) -> n.RefusalDeclaration:
        keyword, name, *texts = parts
        span = _cover(keyword, texts[-1] if texts else name)
        different = _texts_of_different_languages(tuple(texts), keyword.reading)
        return n.RefusalDeclaration(name, different, span, self._comments(keyword, span))

    def event(self, parts: Children) -> n.EventDeclaration:
        keyword, name, declared = parts
        span = _cover(keyword, declared)
        return n.EventDeclaration(name, declared.items, span, self._comments(keyword, span))

    def register(self, parts: Children) -> n.RegisterDeclaration:
        keyword, name, _, record, _, keys = parts
        if not isinstance(record, n.NamedType):  # a builtin type where only a record can stand
            builtin = _in_language(TYPES[record.builtin], keyword.reading)
            keyword.reading.report("E0109", record.span.start, record.span.end, ("word", builtin))
            record = n.NamedType(None, n.Name(record.builtin, record.span), record.span)
        span = _cover(keyword, keys[-1])
        return n.RegisterDeclaration(name, record, keys, span, self._comments(keyword, span))

    def rule(self, parts: Children) -> n.RuleDeclaration:
        keyword, name, declared, _, result, when, body = parts
        last = when or result
        span = Span(keyword.reading.path, keyword.start, _last_end(body, last.span.end))
        comments = self._comments(keyword, span, result.span.end)
        return n.RuleDeclaration(name, declared.items, result, when, body, span, comments)

    def condition(self, parts: Children) -> n.Expression:
        return cast("n.Expression", parts[1])

    def exception(self, parts: Children) -> n.ExceptionDeclaration:
        keyword, name, _, target, over, when, body = parts
        span = Span(keyword.reading.path, keyword.start, _last_end(body, when.span.end))
        line_end = over[-1].span.end if over else target.span.end
        comments = self._comments(keyword, span, line_end)
        return n.ExceptionDeclaration(name, target, over or (), when, body, span, comments)

    def over(self, parts: Children) -> tuple[n.Name, ...]:
        return cast("tuple[n.Name, ...]", parts[1])

    def act(self, parts: Children) -> n.ActDeclaration:
        keyword, name, declared, _, by, body = parts
        line_end = by[-1].span.end
        span = Span(keyword.reading.path, keyword.start, _last_end(body, line_end))
        return n.ActDeclaration(name, declared.items, by, body, span, self._comments(keyword, span, line_end))

    def query(self, parts: Children) -> n.QueryDeclaration:
        keyword, name, declared, _, by, _, result, body = parts
        line_end = result.span.end
        span = Span(keyword.reading.path, keyword.start, _last_end(body, line_end))
        return n.QueryDeclaration(name, declared.items, by, result, body, span, self._comments(keyword, span, line_end))

    def whos(self, parts: Children) -> tuple[n.Who, ...]:
        return _parts(parts, n.Who)

    def who(self, parts: Children) -> n.Who:
        first = parts[0]
        if isinstance(first, Token):
            return n.Who(None, None, _span(first))
        of = parts[2]
        return n.Who(first, of, first.span if of is None else first.span.to(of.span))

    def invariant(self, parts: Children) -> n.InvariantDeclaration:
        keyword, name, text, _, condition = parts
        span = _cover(keyword, condition)
        title = None if text is None else _string(text)
        return n.InvariantDeclaration(name, title, condition, span, self._comments(keyword, span))

    def example(self, parts: Children) -> n.ExampleDeclaration:
        keyword, title, condition = parts
        span = _cover(keyword, condition)
        return n.ExampleDeclaration(_string(title), None, condition, span, self._comments(keyword, span))

    def dated_example(self, parts: Children) -> n.ExampleDeclaration:
        keyword, title, _, day, condition = parts
        span = _cover(keyword, condition)
        return n.ExampleDeclaration(_string(title), _date(day), condition, span, self._comments(keyword, span))

    def course(self, parts: Children) -> n.CourseDeclaration:
        keyword, title, cast, *steps = parts
        span = _cover(keyword, steps[-1])
        comments = self._comments(keyword, span, title.end)
        return n.CourseDeclaration(_string(title), cast or (), tuple(steps), span, comments)

    def cast(self, parts: Children) -> tuple[n.CastMember, ...]:
        return _parts(parts, n.CastMember)

    def cast_member(self, parts: Children) -> n.CastMember:
        name, _, *rest, of = parts
        held: list[Token] = [each for each in rest if isinstance(each, Token) and each.type not in {"AND", "OF"}]
        kinds = [KIND_BY_WORD.get(each.text) if each.type == "NAME" else None for each in held]
        return n.CastMember(
            name,
            tuple(kind for kind in kinds if kind is not None),
            tuple(self.name([each]) for each, kind in zip(held, kinds, strict=True) if kind is None),
            of,
            name.span.to(_place(of or held[-1])),
        )

    def holding(self, parts: Children) -> Token:
        token: Token = parts[0]
        return token

    def deed(self, parts: Children) -> n.Deed:
        keyword, day, actor, _, act, arguments, *ending = parts
        verb, refusal = ending if len(ending) == 2 else (ending[0], None)
        span = _cover(keyword, refusal or verb or arguments)
        end: n.DeedEnd = "done" if verb is None else "refused" if verb.type == "REFUSED" else "forbidden"
        return n.Deed(
            _date(day), actor, act, arguments.items, end, refusal, span, self._comments(keyword, span)
        )

    def standing(self, parts: Children) -> n.Standing:
        keyword, condition = parts
        span = _cover(keyword, condition)
        return n.Standing(condition, span, self._comments(keyword, span))

    def property(self, parts: Children) -> n.PropertyDeclaration:
        keyword, title, _, *variables, where, _, condition = parts
        span = _cover(keyword, condition)
        comments = self._comments(keyword, span)
        return n.PropertyDeclaration(_string(title), tuple(variables), where, condition, span, comments)

    def parameters(self, parts: Children) -> Listed:
        return Listed(_parts(parts, n.FieldDeclaration), _cover(parts[0], parts[-1]))

    def names(self, parts: Children) -> tuple[n.Name, ...]:
        return tuple(parts)

    def name(self, parts: Children) -> n.Name:
        token: Token = parts[0]
        if " " in token.text and token.type != "QUOTED":  # a phrase that happens to be a soft keyword
            token.reading.report("E0109", token.start, token.end, ("word", token.text))
        return n.Name(token.text, _span(token))

    def builtin_name(self, parts: Children) -> n.Name:
        token: Token = parts[0]
        return n.Name(CITY_BY_WORD[token.text], _span(token))

    def calendar_name(self, parts: Children) -> n.Name:
        token: Token = parts[0]
        known = None if token.type == "QUOTED" else CALENDAR_BY_WORD.get(token.text)
        return n.Name(known or token.text, _span(token))

    # -------------------------------------------------------------- types

    def named_type(self, parts: Children) -> n.TypeExpression:
        token: Token = parts[0]
        builtin = TYPE_BY_WORD.get(token.text) if token.type == "NAME" else None
        if builtin is None:
            return n.NamedType(None, n.Name(token.text, _span(token)), _span(token))
        if builtin not in _PLAIN_TYPES:
            _unexpected(token, _complete_form(builtin, token.reading))
        return n.SimpleType(builtin, None, None, None, None, _span(token))

    def module_type(self, parts: Children) -> n.NamedType:
        module, _, name = parts
        return n.NamedType(n.Name(module.text, _span(module)), n.Name(name.text, _span(name)), _cover(module, name))

    def ranged_type(self, parts: Children) -> n.SimpleType:
        token, bounds = parts
        builtin = self._builtin(token, _RANGED_TYPES)
        low, high = bounds.items
        return n.SimpleType(builtin, None, None, low, high, _cover(token, bounds))

    def money_type(self, parts: Children) -> n.SimpleType:
        token, currency, bounds = parts
        low, high = bounds.items if bounds else (None, None)
        span = _cover(token, bounds or currency)
        return n.SimpleType(self._builtin(token, ("Money",)), currency.text, None, low, high, span)

    def decimal_type(self, parts: Children) -> n.SimpleType:
        token, _, places, _, bracket, bounds = parts
        low, high = bounds.items if bounds else (None, None)
        span = _cover(token, bounds or bracket)
        return n.SimpleType(self._builtin(token, ("Decimal",)), None, _integer(places), low, high, span)

    def text_type(self, parts: Children) -> n.SimpleType:
        token, _, size, _, bracket = parts
        span = _cover(token, bracket)
        return n.SimpleType(self._builtin(token, ("Text",)), None, _integer(size), None, None, span)

    def _builtin(self, token: Token, allowed: tuple[str, ...]) -> str:
        builtin = TYPE_BY_WORD.get(token.text)
        if builtin not in allowed:
            _unexpected(token, ", ".join(_in_language(TYPES[each], token.reading) for each in allowed))
            return allowed[0]
        return builtin

    def collection_type(self, parts: Children) -> n.CollectionType:
        keyword, item, _, limit = parts
        kind: Literal["list", "set"] = "list" if keyword.type == "LIST_OF" else "set"
        return n.CollectionType(kind, item, _integer(limit), _cover(keyword, limit))

    def optional_type(self, parts: Children) -> n.OptionalType:
        keyword, item = parts
        return n.OptionalType(item, _cover(keyword, item))

    def range(self, parts: Children) -> Listed:
        keyword, low, _, high = parts
        return Listed((low, high), _cover(keyword, high))

    # -------------------------------------------------------------- statements

    def statements(self, parts: Children) -> tuple[n.Statement, ...]:
        return tuple(parts)

    def let(self, parts: Children) -> n.Let:
        keyword, name, _, value = parts
        span = _cover(keyword, value)
        return n.Let(name, value, span, self._comments(keyword, span))

    def require(self, parts: Children) -> n.Require:
        keyword, condition, _, _, refusal = parts
        span = _cover(keyword, refusal)
        return n.Require(condition, refusal, span, self._comments(keyword, span))

    def refuse(self, parts: Children) -> n.Refuse:
        keyword, refusal = parts
        span = _cover(keyword, refusal)
        return n.Refuse(refusal, span, self._comments(keyword, span))

    def enter(self, parts: Children) -> n.Enter:
        keyword, value, _, register = parts
        span = _cover(keyword, register)
        return n.Enter(value, register, span, self._comments(keyword, span))

    def amend(self, parts: Children) -> n.Amend:
        keyword, register, keys, _, *changes = parts
        span = _cover(keyword, changes[-1].value)
        return n.Amend(register, keys.items, tuple(changes), span, self._comments(keyword, span))

    def field_change(self, parts: Children) -> n.FieldChange:
        name, _, value = parts
        return n.FieldChange(name, value)

    def remove(self, parts: Children) -> n.Remove:
        keyword, register, keys = parts
        span = _cover(keyword, keys)
        return n.Remove(register, keys.items, span, self._comments(keyword, span))

    def announce(self, parts: Children) -> n.Announce:
        keyword, event, arguments = parts
        span = _cover(keyword, arguments)
        values = []
        for argument in arguments.items:
            if argument.name is not None:
                _unexpected(_token_like(keyword, argument.name), word("ANNOUNCE", keyword.reading.language))
            values.append(argument.value)
        return n.Announce(event, tuple(values), span, self._comments(keyword, span))

    def give(self, parts: Children) -> n.Give:
        keyword, value = parts
        span = _cover(keyword, value)
        return n.Give(value, span, self._comments(keyword, span))

    def for_each(self, parts: Children) -> n.ForEach:
        keyword, variable, _, subject, do, body, end = parts
        span = _cover(keyword, end)
        comments = keyword.reading.comments.take(span.start, span.end, do.end, end.start)
        return n.ForEach(variable, subject, body, span, comments)

    def if_statement(self, parts: Children) -> n.IfStatement:
        keyword, condition, then, body, *others, otherwise, end = parts
        span = _cover(keyword, end)
        comments = keyword.reading.comments.take(span.start, span.end, then.end, end.start)
        return n.IfStatement(((condition, body), *others), otherwise, span, comments)

    def else_if(self, parts: Children) -> tuple[n.Expression, tuple[n.Statement, ...]]:
        _, _, condition, _, body = parts
        return condition, body

    def else_part(self, parts: Children) -> tuple[n.Statement, ...]:
        return tuple(each for each in parts[1:] if each is not None)

    def match_statement(self, parts: Children) -> n.MatchStatement:
        keyword, subject, *cases, otherwise, end = parts
        span = _cover(keyword, end)
        comments = keyword.reading.comments.take(span.start, span.end, subject.span.end, end.start)
        return n.MatchStatement(subject, tuple(cases), otherwise, span, comments)

    def statement_case(self, parts: Children) -> n.StatementCase:
        keyword, patterns, then, body = parts
        span = Span(keyword.reading.path, keyword.start, _last_end(body, then.end))
        return n.StatementCase(patterns, body, span, self._comments(keyword, span, then.end))

    def otherwise_statements(self, parts: Children) -> tuple[n.Statement, ...]:
        return cast("tuple[n.Statement, ...]", parts[1])

    def patterns(self, parts: Children) -> tuple[n.Expression, ...]:
        return tuple(parts)

    def member_pattern(self, parts: Children) -> n.FieldAccess:
        first, *rest = _parts(parts, n.Name)
        subject: n.Expression = n.NameReference(first, first.span)
        for name in rest:
            subject = n.FieldAccess(subject, name, subject.span.to(name.span))
        return cast("n.FieldAccess", subject)

    def keys(self, parts: Children) -> Listed:
        return Listed(tuple(parts[1:-1]), _cover(parts[0], parts[-1]))

    def arguments(self, parts: Children) -> Listed:
        return Listed(_parts(parts, n.Argument), _cover(parts[0], parts[-1]))

    def argument(self, parts: Children) -> n.Argument:
        name, _, value = parts
        return n.Argument(name, value)

    # -------------------------------------------------------------- expressions

    def conditional(self, parts: Children) -> n.Conditional:
        keyword, condition, _, then, _, otherwise = parts
        return n.Conditional(condition, then, otherwise, _cover(keyword, otherwise))

    def aggregate(self, parts: Children) -> n.Aggregate:
        keyword, body, _, variable, _, subject, where = parts
        span = _cover(keyword, where or subject)
        return n.Aggregate(_AGGREGATES[keyword.type], body, variable, subject, where, span)

    def count(self, parts: Children) -> n.Aggregate:
        keyword, variable, _, subject, where = parts
        return n.Aggregate("count", None, variable, subject, where, _cover(keyword, where or subject))

    def quantifier(self, parts: Children) -> n.Aggregate:
        keyword, variable, _, subject, where, _, body = parts
        return n.Aggregate(_AGGREGATES[keyword.type], body, variable, subject, where, _cover(keyword, body))

    def where(self, parts: Children) -> n.Expression:
        return cast("n.Expression", parts[1])

    def binary(self, parts: Children) -> n.Binary:
        left, operator, right = parts
        return n.Binary(_BINARY[operator.type], left, right, left.span.to(right.span), _span(operator))

    def unary(self, parts: Children) -> n.Unary:
        operator, operand = parts
        return n.Unary("not" if operator.type == "NOT" else "-", operand, _cover(operator, operand))

    def presence(self, parts: Children) -> n.Presence:
        subject, verb = parts
        return n.Presence(subject, verb.type == "IS_PRESENT", _cover(subject, verb))

    def is_working_day(self, parts: Children) -> n.IsWorkingDay:
        day, _, _, calendars = parts
        return n.IsWorkingDay(day, calendars, day.span.to(calendars.span))

    def date_shift(self, parts: Children) -> n.DateShift:
        count, unit, calendars, rounding, direction, base = parts
        mode: Literal["up", "down"] | None = None
        if rounding is not None:
            mode = "up" if rounding.type == "ROUNDING_UP" else "down"
        return n.DateShift(
            count, _UNITS[unit.type], calendars, mode, "after" if direction.type == "AFTER" else "before", base,
            count.span.to(base.span),
        )  # fmt: skip

    def date_distance(self, parts: Children) -> n.DateDistance:
        unit, calendars, _, start, _, end = parts
        return n.DateDistance(_UNITS[unit.type], calendars, start, end, _cover(unit, end))

    def shift_calendars(self, parts: Children) -> n.CalendarSet:
        return cast("n.CalendarSet", parts[1])

    def one_calendar(self, parts: Children) -> n.CalendarSet:
        return n.CalendarSet("any", tuple(parts), parts[0].span)

    def several_calendars(self, parts: Children) -> n.CalendarSet:
        keyword, *_, bracket = parts
        mode: Literal["any", "all"] = "any" if keyword.type == "ANY_OF" else "all"
        return n.CalendarSet(mode, _parts(parts, n.Name), _cover(keyword, bracket))

    def part_of(self, parts: Children) -> n.PartOf:
        keyword, subject = parts
        return n.PartOf(_PARTS[keyword.type], subject, _cover(keyword, subject))

    def value_of(self, parts: Children) -> n.ValueOf:
        keyword, subject, default = parts
        return n.ValueOf(subject, default, _cover(keyword, default or subject))

    def default(self, parts: Children) -> n.Expression:
        return cast("n.Expression", parts[1])

    def some_value(self, parts: Children) -> n.SomeValue:
        keyword, value = parts
        return n.SomeValue(value, _cover(keyword, value))

    def item_of(self, parts: Children) -> n.ItemOf:
        keyword, index, _, subject = parts
        return n.ItemOf(index, subject, _cover(keyword, subject))

    def as_of(self, parts: Children) -> n.Expression:
        call, verb, date = parts
        if not isinstance(call, n.Call):
            _unexpected(verb, "(")
            return cast("n.Expression", call)
        return replace(call, as_of=date, span=call.span.to(date.span))

    def field_access(self, parts: Children) -> n.FieldAccess:
        subject, _, name = parts
        return n.FieldAccess(subject, name, subject.span.to(name.span))

    def module_call(self, parts: Children) -> n.Expression:
        subject, dot, name, arguments = parts
        if not isinstance(subject, n.NameReference):
            _unexpected(Token("LPAR", "(", arguments.span.start, arguments.span.start + 1, dot.reading), ".")
            return n.Call(None, name, arguments.items, None, subject.span.to(arguments.span))
        return n.Call(subject.name, name, arguments.items, None, subject.span.to(arguments.span))

    def number(self, parts: Children) -> n.NumberLiteral:
        return n.NumberLiteral(*_scaled(parts[0]), _span(parts[0]))

    def percent(self, parts: Children) -> n.PercentLiteral:
        return n.PercentLiteral(*_scaled(parts[0]), _span(parts[0]))

    def money(self, parts: Children) -> n.MoneyLiteral:
        amount, currency = parts
        return n.MoneyLiteral(*_scaled(amount), currency.text, _cover(amount, currency))

    def date(self, parts: Children) -> n.DateLiteral:
        return _date(parts[0])

    def time(self, parts: Children) -> n.TimeLiteral:
        token: Token = parts[0]
        day, _, clock = token.text.partition("T")
        year, month, date = (int(part) for part in day.split("-"))
        hour, minute = (int(part) for part in clock.split(":"))
        return n.TimeLiteral(year, month, date, hour, minute, _span(token))

    def text(self, parts: Children) -> n.TextLiteral:
        return n.TextLiteral(_string(parts[0]), _span(parts[0]))

    def truth(self, parts: Children) -> n.TruthLiteral:
        return n.TruthLiteral(parts[0].type == "TRUE", _span(parts[0]))

    def none(self, parts: Children) -> n.NoneLiteral:
        return n.NoneLiteral(_span(parts[0]))

    def context(self, parts: Children) -> n.ContextReference:
        return n.ContextReference(_CONTEXT[parts[0].type], _span(parts[0]))

    def reference(self, parts: Children) -> n.NameReference:
        return n.NameReference(parts[0], parts[0].span)

    def city(self, parts: Children) -> n.NameReference:
        return self.reference([self.builtin_name(parts)])

    def call(self, parts: Children) -> n.Call:
        name, arguments = parts
        return n.Call(None, name, arguments.items, None, name.span.to(arguments.span))

    def register_has(self, parts: Children) -> n.RegisterHas:
        name, _, keys = parts
        return n.RegisterHas(name, keys.items, name.span.to(keys.span))

    def parenthesised(self, parts: Children) -> n.Parenthesised:
        opening, inner, closing = parts
        return n.Parenthesised(inner, _cover(opening, closing))

    def match(self, parts: Children) -> n.Match:
        keyword, subject, *cases, _, otherwise, end = parts
        return n.Match(subject, tuple(cases), otherwise, _cover(keyword, end))

    def match_case(self, parts: Children) -> n.MatchCase:
        keyword, patterns, _, value = parts
        span = _cover(keyword, value)
        return n.MatchCase(patterns, value, span, self._comments(keyword, span))

    def round(self, parts: Children) -> n.Round:
        mode, _, value, _, _, unit = parts
        return n.Round(_ROUNDING[mode.type], value, unit, _cover(mode, unit))

    def extreme(self, parts: Children) -> n.Extreme:
        keyword, _, *values, closing = parts
        which: Literal["least", "greatest"] = "least" if keyword.type == "LEAST_OF" else "greatest"
        return n.Extreme(which, tuple(values), _cover(keyword, closing))

    def list_literal(self, parts: Children) -> n.ListLiteral:
        return self._list(parts, is_set=False)

    def set_literal(self, parts: Children) -> n.ListLiteral:
        return self._list(parts, is_set=True)

    def _list(self, parts: Children, *, is_set: bool) -> n.ListLiteral:
        items = tuple(each for each in parts if each is not None and not isinstance(each, Token))
        return n.ListLiteral(items, is_set, _cover(parts[0], parts[-1]))

    def entries_of(self, parts: Children) -> n.EntriesOf:
        keyword, register, keys, _, limit = parts
        span = _cover(keyword, limit or keys or register)
        return n.EntriesOf(register, keys.items if keys else (), None if limit is None else _integer(limit), span)

    def numbers_from(self, parts: Children) -> n.NumbersFrom:
        keyword, start, _, end, _, limit = parts
        return n.NumbersFrom(start, end, _integer(limit), _cover(keyword, limit))


class _Header:
    """The lines of a header, collected by kind; a line that may stand once and stands twice is reported."""

    def __init__(self, lines: tuple[HeaderLine, ...], reading: Reading) -> None:
        self._lines = lines
        self._reading = reading
        self.end = max((self._end_of(line) for line in lines), default=0)

    def all(self, kind: str) -> tuple[Any, ...]:
        """Return the items of all lines of a kind."""
        return tuple(item for line in self._lines if line.kind == kind for item in line.value)

    def has(self, kind: str) -> bool:
        """Whether a line of that kind is there."""
        return any(line.kind == kind for line in self._lines)

    def one(self, kind: str) -> Any:
        """Return the value of the first line of a kind."""
        lines = [line for line in self._lines if line.kind == kind]
        for repeated in lines[1:]:
            keyword, first = repeated.keyword, lines[0].keyword
            _report_repeated("E0116", keyword.text, _span(keyword), _span(first), self._reading)
        return lines[0].value if lines else None

    def line_comments(self) -> tuple[tuple[n.HeaderLine, n.Comments], ...]:
        """Return the comments of the lines that hold no texts."""
        return tuple(
            (cast("n.HeaderLine", line.kind), line.comments) for line in self._lines if line.comments != n.NO_COMMENTS
        )

    @staticmethod
    def _end_of(line: HeaderLine) -> int:
        match line.value:
            case (*_, n.LanguageText(span=span)) | (*_, n.Name(span=span)) | n.DateLiteral(span=span):
                return span.end
            case (*_, n.DateRange(end=end)):
                return end.span.end
            case _:
                return line.keyword.end


def _token_like(token: Token, name: n.Name) -> Token:
    return Token("NAME", name.text, name.span.start, name.span.end, token.reading)


def _complete_form(builtin: str, reading: Reading) -> str:
    """How a type that needs more than its name is written."""
    name = _in_language(TYPES[builtin], reading)
    match builtin:
        case "Money":
            return f"{name} CNY"
        case "Decimal":
            return f"{name}(2 {word('PLACES', reading.language)})"
        case "Text":
            return f"{name}(60 {word('MAX_CHARACTERS', reading.language)})"
        case _:
            raise InternalError(f"{builtin} is complete as it stands")
