"""Tree to canonical text, in any keyword language: `gba fmt` prints in the file's language, `gba translate` in another.

Laws, held by tests: parsing what was printed gives the same tree; printing that again gives the same text. A name is
written in 「」 whenever it could be read as something else in the target language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from gbalang.ast import nodes as n
from gbalang.ast.keywords import (
    CALENDAR_BY_WORD,
    CALENDARS,
    CITIES,
    CITY_BY_WORD,
    CURRENCIES,
    HOLDER_KINDS,
    KIND_BY_WORD,
    LANGUAGES,
    SOFT_TOKENS,
    TYPE_BY_WORD,
    TYPES,
    WEEKDAYS,
    keyword_tokens,
    word,
)
from gbalang.ast.layout import (
    HARD_LINE,
    LINE,
    MARK,
    SOFT_LINE,
    Doc,
    Group,
    Nest,
    Remark,
    join,
    render,
    render_flat,
    width_of,
)
from gbalang.ast.lexer import is_bare_name, split_glued, split_run, words_of
from gbalang.limits import PRINT_COLUMNS_MAX

_DIGITS_GROUPED_FROM = 5
_SHORT = (
    n.EnumDeclaration,
    n.RoleDeclaration,
    n.ParameterDeclaration,
    n.RefusalDeclaration,
    n.EventDeclaration,
    n.RegisterDeclaration,
)
"""Declarations of a line or two: several of one kind stand together without an empty line."""

_OPERATOR_ROWS: dict[n.BinaryOperator, str] = {"or": "OR", "and": "AND", "in": "IN", "not in": "NOT_IN"}
_LEVELS: tuple[frozenset[n.BinaryOperator], ...] = (
    frozenset({"or"}), frozenset({"and"}), frozenset({"+", "-"}), frozenset({"*", "/"}),
)  # fmt: skip
_ROUND_ROWS: dict[n.RoundingMode, str] = {
    "half up": "ROUND_HALF_UP", "half down": "ROUND_HALF_DOWN", "half even": "ROUND_HALF_EVEN", "up": "ROUND_UP",
    "down": "ROUND_DOWN", "ceiling": "ROUND_CEILING", "floor": "ROUND_FLOOR",
}  # fmt: skip
_PART_ROWS: dict[n.PartName, str] = {
    "city": "CITY_OF", "year": "YEAR_OF", "month": "MONTH_OF", "day": "DAY_OF", "date": "DATE_OF",
    "length": "LENGTH_OF",
}  # fmt: skip
_UNIT_ROWS: dict[n.DateUnit, str] = {
    "days": "DAYS", "months": "MONTHS", "years": "YEARS", "working days": "WORKING_DAYS", "hours": "HOURS",
    "minutes": "MINUTES",
}  # fmt: skip


def print_document(document: n.Document, language: n.Language) -> str:
    """Return the canonical text of a document in a keyword language, ending in a line end."""
    printer = _Printer(language)
    match document:
        case n.Instrument():
            doc = printer.instrument(document)
        case n.CalendarInstrument():
            doc = printer.calendar(document)
        case other:
            assert_never(other)
    return _quote_where_words_would_merge(render((doc, HARD_LINE), PRINT_COLUMNS_MAX), language)


def print_expression(expression: n.Expression, language: n.Language = "en") -> str:
    """Return an expression on one line, as notes and messages show it."""
    return _quote_where_words_would_merge(render_flat(_Printer(language).expression(expression)), language)


def print_step(step: n.Deed | n.Standing, language: n.Language) -> str:
    """Return a step of an example of acts on one line, as messages show it."""
    return _quote_where_words_would_merge(render_flat(_Printer(language).step(step)), language)


def print_course(course: n.CourseDeclaration, language: n.Language) -> str:
    """Return an example of acts as it can be pasted into an article, its lines indented so."""
    doc = Nest(2, ("  ", _Printer(language).course(course)))
    return _quote_where_words_would_merge(render(doc, PRINT_COLUMNS_MAX), language)


def print_name(text: str, language: n.Language) -> str:
    """Return a name as it must be written in a keyword language, in 「」 where that is needed."""
    tokens = keyword_tokens(language)
    reserved = (
        not is_bare_name(text)
        or (text in tokens and tokens[text] not in SOFT_TOKENS)
        or text in CITY_BY_WORD
        or text in CURRENCIES
        or (text not in tokens and split_run(text, language) != ())
        or (text not in tokens and split_glued(text, language, frozenset()) != ())
    )
    return f"「{text}」" if reserved else text


def print_number(digits: int, places: int) -> str:
    """Return an exact number with its places, digits in threes from five digits before the point."""
    text = str(digits).rjust(places + 1, "0")
    whole, fraction = (text[:-places], text[-places:]) if places else (text, "")
    if len(whole) >= _DIGITS_GROUPED_FROM:
        whole = f"{int(whole):_}"
    return f"{whole}.{fraction}" if fraction else whole


def _quote_where_words_would_merge(text: str, language: n.Language) -> str:
    """Take the marks out; a name that with its neighbour would read as a phrase ("day of") gets its 「」."""
    phrases = words_of(language)[1]
    pieces = text.split(MARK)  # every odd piece is a marked name
    clean = "".join(pieces)
    result: list[str] = []
    place = 0
    for number, piece in enumerate(pieces):
        end = place + len(piece)
        if number % 2 and _merges(clean, place, end, phrases):
            piece = f"「{piece}」"
        result.append(piece)
        place = end
    return "".join(result)


_PRECEDING_WORD = re.compile(r"(\w+)\s+\Z")


def _merges(text: str, start: int, end: int, phrases: dict[str, re.Pattern[str]]) -> bool:
    following = phrases.get(text[start:end])
    if following is not None and following.match(text, end):
        return True
    before = _PRECEDING_WORD.search(text, max(0, start - PRINT_COLUMNS_MAX), start)
    phrase = phrases.get(before[1]) if before else None
    return before is not None and phrase is not None and phrase.match(text, before.end(1)) is not None


def _comma_list(docs: Sequence[Doc]) -> Doc:
    """Items in one line or as many lines as they need, as full as possible."""
    return tuple((doc, ",", Group(LINE)) if number < len(docs) - 1 else doc for number, doc in enumerate(docs))


def _bracketed(opening: str, docs: Sequence[Doc], closing: str) -> Doc:
    if not docs:
        return opening + closing
    return Group((opening, Nest(2, (SOFT_LINE, join((",", LINE), docs))), SOFT_LINE, closing))


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _one_line_string(text: str) -> str:
    return _string(text).replace("\n", "\\n")


def _date(date: n.DateLiteral) -> str:
    return f"{date.year:04}-{date.month:02}-{date.day:02}"


def _remark(comments: n.Comments) -> Doc:
    return () if comments.after is None else Remark(comments.after)


def _comment_lines(texts: Sequence[str]) -> Doc:
    return tuple((f"# {text}".rstrip(), HARD_LINE) for text in texts)


def _has_comments(items: Sequence[n.LanguageText | n.DateRange | n.FieldDeclaration]) -> bool:
    return any(item.comments != n.NO_COMMENTS for item in items)


class _Printer:
    def __init__(self, language: n.Language) -> None:
        self._language: n.Language = language
        self._phrase_words = {part for text in keyword_tokens(language) if " " in text for part in text.split(" ")}

    def _word(self, row: str) -> str:
        return word(row, self._language)

    def _name(self, name: n.Name | str) -> str:
        text = name if isinstance(name, str) else name.text
        written = print_name(text, self._language)
        return f"{MARK}{text}{MARK}" if written == text and text in self._phrase_words else written

    def _plain_name(self, name: n.Name | str) -> str:
        """A name where a soft keyword is not understood as one."""
        text = name if isinstance(name, str) else name.text
        return f"「{text}」" if text in keyword_tokens(self._language) else self._name(text)

    def _city_or_name(self, name: n.Name) -> str:
        return self._builtin(CITIES[name.text]) if name.text in CITIES else self._name(name)

    def _builtin(self, words: Sequence[str]) -> str:
        return words[LANGUAGES.index(self._language)]

    # -------------------------------------------------------------- files

    def instrument(self, instrument: n.Instrument) -> Doc:
        form = self._word("CONTRACT" if instrument.form == "contract" else "LIBRARY")
        version = print_number(instrument.version, 0)
        lines = [*self._texts("TITLE", instrument.titles), *self._texts("BASIS", instrument.bases)]
        commented = dict(instrument.line_comments)
        for key, doc in self._header_lines(instrument):
            comments = commented.get(key, n.NO_COMMENTS)
            lines.append((_comment_lines(comments.before), doc, _remark(comments)))
        lines.extend(self._import(each) for each in instrument.imports)
        first = (form, " ", self._name(instrument.name), " ", self._word("VERSION"), " ", version)
        parts: list[Doc] = [_comment_lines(instrument.comments.before), first, _remark(instrument.comments)]
        parts.append(Nest(2, tuple((HARD_LINE, line) for line in lines)))
        parts.extend((HARD_LINE, HARD_LINE, self._article(each)) for each in instrument.articles)
        return (*parts, self._closing(instrument.closing_comments))

    def calendar(self, calendar: n.CalendarInstrument) -> Doc:
        lines = [*self._texts("TITLE", calendar.titles), *self._texts("BASIS", calendar.bases)]
        if calendar.weekend:
            comments = dict(calendar.line_comments).get("weekend", n.NO_COMMENTS)
            days: Doc = _comma_list([self._builtin(WEEKDAYS[day]) for day in calendar.weekend])
            lines.append((_comment_lines(comments.before), self._word("WEEKEND"), " ", days, _remark(comments)))
        for row, ranges in (("OFF", calendar.off), ("WORKING", calendar.working), ("HALF", calendar.half)):
            lines.extend(self._days(row, ranges))
        year = (" ", self._word("YEAR"), " ", str(calendar.year))
        first = (self._word("CALENDAR"), " ", self._calendar_name(calendar.name), *year)
        parts: list[Doc] = [_comment_lines(calendar.comments.before), first, _remark(calendar.comments)]
        parts.append(Nest(2, tuple((HARD_LINE, line) for line in lines)))
        return (*parts, self._closing(calendar.closing_comments))

    def _closing(self, texts: Sequence[str]) -> Doc:
        return (HARD_LINE, tuple((HARD_LINE, f"# {text}".rstrip()) for text in texts)) if texts else ()

    def _header_lines(self, instrument: n.Instrument) -> list[tuple[n.HeaderLine, Doc]]:
        lines: list[tuple[n.HeaderLine, Doc]] = []
        if instrument.parties is None:
            lines.append(("parties", f"{self._word('PARTIES')} {self._word('ALL_CITIES')}"))
        elif instrument.parties:
            names = _comma_list([self._city_or_name(each) for each in instrument.parties])
            lines.append(("parties", self._hanging("PARTIES", names)))
        if instrument.prevailing:
            tags = ", ".join(instrument.prevailing)
            lines.append(("prevailing", f"{self._word('PREVAILING_TEXT')} {tags}"))
        if instrument.effective is not None:
            lines.append(("effective", f"{self._word('EFFECTIVE')} {_date(instrument.effective)}"))
        if instrument.expires is not None:
            lines.append(("expires", f"{self._word('EXPIRES')} {_date(instrument.expires)}"))
        if instrument.review is not None:
            lines.append(("review", f"{self._word('REVIEW')} {_date(instrument.review)}"))
        return lines

    def _hanging(self, row: str, inner: Doc) -> Doc:
        """A keyword with what follows it; further lines stand under the beginning of what follows."""
        keyword = self._word(row)
        return (keyword, " ", Nest(width_of(keyword) + 1, inner))

    def _texts(self, row: str, texts: Sequence[n.LanguageText]) -> list[Doc]:
        """One keyword with its texts, each on its line; untagged ones are separated by commas."""
        if not texts:
            return []
        before: Doc = _comment_lines(texts[0].comments.before)
        docs: list[Doc] = []
        for number, text in enumerate(texts):
            comma = "," if text.language is None and number < len(texts) - 1 else ""
            tag = "" if text.language is None else f"{text.language} "
            above: Doc = _comment_lines(text.comments.before) if number else ()
            docs.append((above, tag, _string(text.text), comma, _remark(text.comments)))
        apart: Doc = HARD_LINE if texts[0].language is not None or _has_comments(texts) else LINE
        return [(before, Group(self._hanging(row, join(apart, docs))))]

    def _days(self, row: str, ranges: Sequence[n.DateRange]) -> list[Doc]:
        if not ranges:
            return []
        if not _has_comments(ranges):
            return [self._hanging(row, _comma_list([self._range(each) for each in ranges]))]
        docs: list[Doc] = []
        for number, each in enumerate(ranges):
            above: Doc = _comment_lines(each.comments.before) if number else ()
            comma = "," if number < len(ranges) - 1 else ""
            docs.append((above, self._range(each), comma, _remark(each.comments)))
        return [(_comment_lines(ranges[0].comments.before), self._hanging(row, join(HARD_LINE, docs)))]

    def _range(self, days: n.DateRange) -> str:
        start = _date(days.start)
        return start if days.start == days.end else f"{start} {self._word('TO')} {_date(days.end)}"

    def _import(self, item: n.Import) -> Doc:
        path = "" if item.path is None else f" {self._word('IMPORT_FROM')} {_one_line_string(item.path)}"
        line = (self._word("IMPORT"), " ", self._name(item.name), path)
        return (_comment_lines(item.comments.before), line, _remark(item.comments))

    def _article(self, article: n.Article) -> Doc:
        label = article.label if article.label[0].isdecimal() and "." in article.label else ""
        label = label or (article.label if article.label.isdecimal() else self._plain_name(article.label))
        heading = "" if article.heading is None else f" {_one_line_string(article.heading)}"
        lines = [
            *self._texts("TITLE", article.titles),
            *self._texts("BASIS", article.bases),
            *self._texts("TEXT", article.texts),
            *self._texts("TEXT_ONLY", () if article.text_only is None else (article.text_only,)),
        ]
        body: list[Doc] = [(HARD_LINE, line) for line in lines]
        previous: n.Declaration | None = None
        for declaration in article.declarations:
            together = type(declaration) is type(previous) and isinstance(declaration, _SHORT)
            apart = bool(body) and not together
            body.append((HARD_LINE if apart else (), HARD_LINE, self._declaration(declaration)))
            previous = declaration
        first = (self._word("ARTICLE"), " ", label, heading, _remark(article.comments))
        return (_comment_lines(article.comments.before), first, Nest(2, tuple(body)))

    # -------------------------------------------------------------- declarations

    def _declaration(self, declaration: n.Declaration) -> Doc:
        return (_comment_lines(declaration.comments.before), self._declared(declaration))

    def _declared(self, declaration: n.Declaration) -> Doc:
        match declaration:
            case n.EnumDeclaration() | n.RoleDeclaration() | n.RefusalDeclaration() | n.RegisterDeclaration():
                return (self._short(declaration), _remark(declaration.comments))
            case n.EventDeclaration(name=name, fields=fields):
                return (self._word("EVENT"), " ", self._name(name), self._fields(fields), _remark(declaration.comments))
            case n.ParameterDeclaration():
                return (self._parameter(declaration), _remark(declaration.comments))
            case n.RecordDeclaration(name=name, fields=fields):
                first = (self._word("RECORD"), " ", self._name(name), _remark(declaration.comments))
                return (first, Nest(2, tuple((HARD_LINE, self._field(each)) for each in fields)))
            case n.TableDeclaration():
                return self._table(declaration)
            case n.RuleDeclaration() | n.ExceptionDeclaration() | n.ActDeclaration() | n.QueryDeclaration():
                return self._with_body(declaration)
            case n.InvariantDeclaration() | n.ExampleDeclaration() | n.PropertyDeclaration():
                return (self._claim(declaration), _remark(declaration.comments))
            case n.CourseDeclaration():
                return self.course(declaration)
            case other:
                assert_never(other)

    def _short(
        self, declaration: n.EnumDeclaration | n.RoleDeclaration | n.RefusalDeclaration | n.RegisterDeclaration
    ) -> Doc:
        name = self._name(declaration.name)
        match declaration:
            case n.EnumDeclaration(members=members):
                names = _comma_list([self._name(each) for each in members])
                return (self._word("ENUM"), " ", name, ": ", Nest(4, names))
            case n.RoleDeclaration(open=is_open, kinds=kinds):
                verb = self._word("IS_ANY" if is_open else "IS")
                either = f" {self._word('WHO_OR')} ".join(self._builtin(HOLDER_KINDS[each]) for each in kinds)
                return f"{self._word('ROLE')} {name} {verb} {either}"
            case n.RefusalDeclaration(texts=texts):
                keyword = f"{self._word('REFUSAL')} {name}"
                if not texts:
                    return keyword
                docs = [self._tagged(each) for each in texts]
                if len(texts) == 1 and texts[0].comments == n.NO_COMMENTS:
                    return (keyword, " ", docs[0])
                return (keyword, Nest(2, tuple((HARD_LINE, doc) for doc in docs)))
            case n.RegisterDeclaration(record=record, keys=keys):
                names = _comma_list([self._name(each) for each in keys])
                kind = self._type(record)
                return (self._word("REGISTER"), " ", name, ": ", kind, f" {self._word('KEY_BY')} ", Nest(4, names))
            case other:
                assert_never(other)

    def _tagged(self, text: n.LanguageText) -> Doc:
        line = (f"{text.language} ", _string(text.text), _remark(text.comments))
        return (_comment_lines(text.comments.before), line)

    def _parameter(self, declaration: n.ParameterDeclaration) -> Doc:
        bounds: Doc = ()
        if declaration.bounds is not None:
            low, high = (self.expression(each) for each in declaration.bounds)
            bounds = (f" {self._word('BETWEEN')} ", low, f" {self._word('BOUND_AND')} ", high)
        keyword = self._word("PARAMETER" if declaration.bounds is None else "LOCAL_PARAMETER")
        first = (keyword, " ", self._name(declaration.name), ": ", self._type(declaration.type), bounds, " =")
        values = [
            (self.expression(each.value), f" {self._word('FROM')} {_date(each.start)}") for each in declaration.values
        ]
        if len(values) == 1:
            return Group((first, Nest(2, (LINE, values[0]))))
        return (first, Nest(2, (HARD_LINE, join((",", HARD_LINE), values))))

    def _fields(self, fields: Sequence[n.FieldDeclaration]) -> Doc:
        """Parameters in parentheses; comments put each on lines of its own."""
        if not fields:
            return "()"
        docs = [
            self._field(each, comma="," if number < len(fields) - 1 else "") for number, each in enumerate(fields)
        ]
        apart: Doc = HARD_LINE if _has_comments(fields) else LINE
        first: Doc = HARD_LINE if _has_comments(fields) else SOFT_LINE
        return Group(("(", Nest(2, (first, join(apart, docs))), SOFT_LINE, ")"))

    def _field(self, field: n.FieldDeclaration, comma: str = "") -> Doc:
        line = (self._name(field.name), ": ", self._type(field.type), comma, _remark(field.comments))
        return (_comment_lines(field.comments.before), line)

    def _table(self, table: n.TableDeclaration) -> Doc:
        result = (f" {self._word('GIVES')} ", self._type(table.result), _remark(table.comments))
        first = (self._word("TABLE"), " ", self._name(table.name), self._fields(table.keys), result)
        blocks: list[Doc] = []
        for date, rows in table.blocks:
            docs = tuple((HARD_LINE, self._row(row)) for row in rows)
            blocks.append((HARD_LINE, f"{self._word('FROM')} {_date(date)}", Nest(2, docs)))
        return (first, Nest(2, (tuple(blocks), self._closing_lines(table.comments))), HARD_LINE, self._word("END"))

    def _row(self, row: n.TableRow) -> Doc:
        value = (f" {self._word('GIVE')} ", self.expression(row.value), _remark(row.comments))
        return (_comment_lines(row.comments.before), self._word("WHEN"), " ", self._patterns(row.patterns), value)

    def _closing_lines(self, comments: n.Comments) -> Doc:
        return tuple((HARD_LINE, f"# {text}".rstrip()) for text in comments.closing)

    def _with_body(
        self, declaration: n.RuleDeclaration | n.ExceptionDeclaration | n.ActDeclaration | n.QueryDeclaration
    ) -> Doc:
        name = self._name(declaration.name)
        condition: n.Expression | None = None
        first: Doc
        match declaration:
            case n.RuleDeclaration(parameters=parameters, result=result, when=condition):
                gives: Doc = (LINE, self._word("GIVES"), " ", self._type(result))
                first = (self._word("RULE"), " ", name, self._fields(parameters), Nest(2, gives))
            case n.ExceptionDeclaration(target=target, over=over, when=condition):
                names = _comma_list([self._name(each) for each in over])
                rank: Doc = (f" {self._word('OVER')} ", Nest(2, names)) if over else ()
                to = f" {self._word('EXCEPTION_TO')} "
                first = (self._word("EXCEPTION"), " ", name, to, self._name(target), rank)
            case n.ActDeclaration(parameters=parameters, by=by):
                first = (self._word("ACT"), " ", name, self._fields(parameters), Nest(2, self._by(by)))
            case n.QueryDeclaration(parameters=parameters, by=by, result=result):
                gives = (self._by(by), LINE, self._word("GIVES"), " ", self._type(result))
                first = (self._word("QUERY"), " ", name, self._fields(parameters), Nest(2, gives))
            case other:
                assert_never(other)
        when: Doc = () if condition is None else (HARD_LINE, self._word("WHEN"), " ", self._nested(condition))
        body = tuple((HARD_LINE, self._statement(each)) for each in declaration.body)
        return (Group(first), _remark(declaration.comments), Nest(2, (when, body)))

    def _by(self, by: Sequence[n.Who]) -> Doc:
        docs = [self._who(each) for each in by]
        return (LINE, self._word("BY"), " ", join(f" {self._word('WHO_OR')} ", docs))

    def _who(self, who: n.Who) -> str:
        if who.role is None:
            return self._word("ANYONE")
        role = self._name(who.role)
        return role if who.of is None else f"{role} {self._word('WHO_OF')} {self._city_or_name(who.of)}"

    def _claim(self, declaration: n.InvariantDeclaration | n.ExampleDeclaration | n.PropertyDeclaration) -> Doc:
        condition = self._nested(declaration.condition)
        match declaration:
            case n.InvariantDeclaration(name=name, text=text):
                said = "" if text is None else f" {_one_line_string(text)}"
                first = (self._word("INVARIANT"), " ", self._name(name), said)
                return (first, Nest(2, (HARD_LINE, self._word("HOLDS"), " ", condition)))
            case n.ExampleDeclaration(title=title, on=on):
                day = "" if on is None else f" {self._word('ON')} {_date(on)}"
                return (self._word("EXAMPLE"), " ", _one_line_string(title), day, Nest(2, (HARD_LINE, condition)))
            case n.PropertyDeclaration(title=title, variables=variables, where=where):
                docs = [
                    self._field(each, comma="," if number < len(variables) - 1 else "")
                    for number, each in enumerate(variables)
                ]
                apart: Doc = HARD_LINE if _has_comments(variables) else LINE
                quantified = (HARD_LINE, self._word("FOR_ANY"), " ", Group(Nest(4, join(apart, docs))))
                limited: Doc = () if where is None else (HARD_LINE, self._word("WHERE"), " ", self._nested(where))
                holds = (HARD_LINE, self._word("HOLDS"), " ", condition)
                return (self._word("PROPERTY"), " ", _one_line_string(title), Nest(2, (quantified, limited, holds)))
            case other:
                assert_never(other)

    def course(self, course: n.CourseDeclaration) -> Doc:
        """An example of acts: its title, who takes part, and a line for each step."""
        first = (self._word("EXAMPLE"), " ", _one_line_string(course.title), _remark(course.comments))
        cast: Doc = ()
        if course.cast:
            cast = (HARD_LINE, self._hanging("WITH", _comma_list([self._cast_member(each) for each in course.cast])))
        steps = [
            (HARD_LINE, _comment_lines(each.comments.before), self.step(each), _remark(each.comments))
            for each in course.steps
        ]
        return (first, Nest(2, (cast, tuple(steps))))

    def _cast_member(self, member: n.CastMember) -> Doc:
        held = [self._builtin(HOLDER_KINDS[each]) for each in member.kinds]
        held += [f"「{each.text}」" if each.text in KIND_BY_WORD else self._name(each) for each in member.roles]
        of = "" if member.of is None else f" {self._word('WHO_OF')} {self._city_or_name(member.of)}"
        joined = f" {self._word('BOUND_AND')} ".join(held)
        return f"{self._city_or_name(member.name)} {self._word('CAST_AS')} {joined}{of}"

    def step(self, step: n.Deed | n.Standing) -> Doc:
        """A deed, or what stands after it, without its comments."""
        match step:
            case n.Standing(condition=condition):
                return (self._word("THEN"), " ", self._nested(condition))
            case n.Deed():
                day = f"{self._word('ON')} {_date(step.on)} "
                who = f"{self._city_or_name(step.actor)} {self._word('DOES')} "
                return (day, who, self._name(step.act), self._given(step.arguments), self._end(step))
            case other:
                assert_never(other)

    def _given(self, arguments: Sequence[n.Argument]) -> Doc:
        """What an act is given: in one line or, in brackets on lines of their own, as many as are needed."""
        if not arguments:
            return "()"
        listed = _comma_list([self._argument(each) for each in arguments])
        return Group(("(", Nest(2, (SOFT_LINE, listed)), SOFT_LINE, ")"))

    def _end(self, deed: n.Deed) -> str:
        if deed.refusal is not None:
            return f" {self._word('REFUSED')} {self._name(deed.refusal)}"
        return f" {self._word('WITHOUT_POWER')}" if deed.end == "forbidden" else ""

    # -------------------------------------------------------------- types

    def _type(self, kind: n.TypeExpression) -> Doc:
        match kind:
            case n.SimpleType():
                return self._simple_type(kind)
            case n.NamedType(module=None, name=name):
                return f"「{name.text}」" if name.text in TYPE_BY_WORD else self._plain_name(name)
            case n.NamedType(module=n.Name() as module, name=name):
                return f"{self._plain_name(module)}.{self._plain_name(name)}"
            case n.CollectionType(kind=collection, item=item, limit=limit):
                keyword = self._word("LIST_OF" if collection == "list" else "SET_OF")
                return (keyword, " ", self._type(item), f" {self._word('UP_TO')} {print_number(limit, 0)}")
            case n.OptionalType(item=item):
                return (self._word("OPTIONAL"), " ", self._type(item))
            case _:
                raise TypeError(kind)

    def _simple_type(self, kind: n.SimpleType) -> Doc:
        parts: list[Doc] = [self._builtin(TYPES[kind.builtin])]
        if kind.currency is not None:
            parts.append(f" {kind.currency}")
        if kind.size is not None:
            row = "MAX_CHARACTERS" if kind.builtin == "Text" else "PLACES"
            parts.append(f"({print_number(kind.size, 0)} {self._word(row)})")
        if kind.low is not None and kind.high is not None:
            low, high = self.expression(kind.low), self.expression(kind.high)
            parts.append((f" {self._word('FROM')} ", low, f" {self._word('TO')} ", high))
        return tuple(parts)

    # -------------------------------------------------------------- statements

    def _statement(self, statement: n.Statement) -> Doc:
        before = _comment_lines(statement.comments.before)
        match statement:
            case n.IfStatement():
                return (before, self._if(statement))
            case n.ForEach(variable=variable, subject=subject, body=body):
                each = (self._word("FOR_EACH"), " ", self._name(variable), f" {self._word('EACH_IN')} ")
                first = (each, self._nested(subject), f" {self._word('DO')}", _remark(statement.comments))
                return (before, first, self._block(body, statement.comments), HARD_LINE, self._word("END"))
            case n.MatchStatement():
                return (before, self._match_statement(statement))
            case _:
                return (before, self._plain_statement(statement), _remark(statement.comments))

    def _block(self, body: Sequence[n.Statement], comments: n.Comments = n.NO_COMMENTS) -> Doc:
        inside = tuple((HARD_LINE, self._statement(each)) for each in body)
        return Nest(2, (inside, self._closing_lines(comments)))

    def _if(self, statement: n.IfStatement) -> Doc:
        parts: list[Doc] = []
        last = len(statement.branches) - 1
        for number, (condition, body) in enumerate(statement.branches):
            opening: Doc = (HARD_LINE, self._word("ELSE"), " ", self._word("IF")) if number else self._word("IF")
            remark: Doc = () if number else _remark(statement.comments)
            parts.append((opening, " ", self._nested(condition), f" {self._word('THEN')}", remark))
            closes = number == last and statement.otherwise is None
            parts.append(self._block(body, statement.comments if closes else n.NO_COMMENTS))
        if statement.otherwise is not None:
            parts.extend((HARD_LINE, self._word("ELSE"), self._block(statement.otherwise, statement.comments)))
        return (*parts, HARD_LINE, self._word("END"))

    def _match_statement(self, statement: n.MatchStatement) -> Doc:
        cases: list[Doc] = []
        for case in statement.cases:
            when = (self._word("WHEN"), " ", self._patterns(case.patterns), f" {self._word('THEN')}")
            cases.append((HARD_LINE, _comment_lines(case.comments.before), when, _remark(case.comments)))
            cases.append(self._block(case.body))
        if statement.otherwise is not None:
            cases.extend((HARD_LINE, self._word("OTHERWISE"), self._block(statement.otherwise)))
        first = (self._word("MATCH"), " ", self._nested(statement.subject), _remark(statement.comments))
        inside = Nest(2, (tuple(cases), self._closing_lines(statement.comments)))
        return (first, inside, HARD_LINE, self._word("END"))

    def _plain_statement(
        self, statement: n.Let | n.Require | n.Refuse | n.Enter | n.Amend | n.Remove | n.Announce | n.Give
    ) -> Doc:
        match statement:
            case n.Let(name=name, value=value):
                return (self._word("LET"), " ", self._name(name), " = ", self._nested(value))
            case n.Require(condition=condition, refusal=refusal):
                refuse = (self._word("ELSE"), " ", self._word("REFUSE"), " ", self._name(refusal))
                return Group((self._word("REQUIRE"), " ", self._nested(condition), Nest(2, (LINE, refuse))))
            case n.Refuse(refusal=refusal):
                return (self._word("REFUSE"), " ", self._name(refusal))
            case n.Enter(value=value, register=register):
                place = f" {self._word('ENTER_IN')} {self._name(register)}"
                return (self._word("ENTER"), " ", self._nested(value), place)
            case n.Amend(register=register, keys=keys, changes=changes):
                docs = [(self._name(each.name), ": ", self._nested(each.value)) for each in changes]
                entry = (self._name(register), self._bracketed(keys))
                inside = Nest(2, (LINE, self._word("WITH"), " ", Nest(2, join((",", LINE), docs))))
                return Group((self._word("AMEND"), " ", entry, inside))
            case n.Remove(register=register, keys=keys):
                return (self._word("REMOVE"), " ", self._name(register), self._bracketed(keys))
            case n.Announce(event=event, arguments=arguments):
                return (self._word("ANNOUNCE"), " ", self._name(event), self._bracketed(arguments))
            case n.Give(value=value):
                return (self._word("GIVE"), " ", self._nested(value))
            case other:
                assert_never(other)

    def _bracketed(self, expressions: Sequence[n.Expression]) -> Doc:
        return _bracketed("(", [self.expression(each) for each in expressions], ")")

    def _patterns(self, patterns: Sequence[n.Expression]) -> Doc:
        return Nest(2, _comma_list([self.expression(each) for each in patterns]))

    # -------------------------------------------------------------- expressions

    def _nested(self, expression: n.Expression) -> Doc:
        """An expression that began on the line of its statement: its further lines stand further right."""
        if isinstance(expression, n.Match):
            return self.expression(expression)
        return Nest(2, self.expression(expression))

    def expression(self, expression: n.Expression) -> Doc:
        match expression:
            case n.NumberLiteral(digits=digits, places=places):
                return print_number(digits, places)
            case n.PercentLiteral(digits=digits, places=places):
                return f"{print_number(digits, places)}%"
            case n.MoneyLiteral(digits=digits, places=places, currency=currency):
                return f"{print_number(digits, places)} {currency}"
            case n.DateLiteral():
                return _date(expression)
            case n.TimeLiteral(hour=hour, minute=minute):
                day = f"{expression.year:04}-{expression.month:02}-{expression.day:02}"
                return f"{day}T{hour:02}:{minute:02}"
            case n.TextLiteral(text=text):
                return _one_line_string(text)
            case n.TruthLiteral(value=value):
                return self._word("TRUE" if value else "FALSE")
            case n.NoneLiteral():
                return self._word("NONE")
            case n.NameReference(name=name):
                return self._city_or_name(name)
            case n.ContextReference(what=what):
                return self._word(what.upper())
            case n.Call():
                return self._call(expression)
            case n.FieldAccess(subject=subject, name=name):
                return (self.expression(subject), ".", self._name(name))
            case n.Parenthesised(inner=inner):
                return _bracketed("(", [self.expression(inner)], ")")
            case n.Unary(operator="not", operand=operand):
                return (self._word("NOT"), " ", self.expression(operand))
            case n.Unary(operator="-", operand=operand):
                return ("-", self.expression(operand))
            case n.Binary():
                return self._binary(expression)
            case n.Conditional(condition=condition, then=then, otherwise=otherwise):
                chosen = (LINE, self._word("THEN"), " ", self.expression(then))
                other = (LINE, self._word("ELSE"), " ", self.expression(otherwise))
                return Group((self._word("IF"), " ", self.expression(condition), Nest(2, (chosen, other))))
            case n.Match():
                return self._match(expression)
            case _:
                return self._special(expression)

    def _special(self, expression: n.Expression) -> Doc:
        """The forms that read as phrases."""
        match expression:
            case n.Round(mode=mode, value=value, unit=unit):
                rounded = _bracketed("(", [self.expression(value)], ")")
                to = f" {self._word('ROUND_TO')} "
                return (self._word(_ROUND_ROWS[mode]), " ", rounded, to, self.expression(unit))
            case n.Extreme(which=which, values=values):
                return (self._word(f"{which.upper()}_OF"), " ", self._bracketed(values))
            case n.Aggregate():
                return self._aggregate(expression)
            case n.DateShift() | n.DateDistance() | n.IsWorkingDay():
                return self._day_arithmetic(expression)
            case n.Presence(subject=subject, present=present):
                return (self.expression(subject), " ", self._word("IS_PRESENT" if present else "IS_NONE"))
            case n.ValueOf(subject=subject, default=default):
                instead: Doc = () if default is None else (f" {self._word('OR_ELSE')} ", self.expression(default))
                return (self._word("VALUE_OF"), " ", self.expression(subject), instead)
            case n.SomeValue(value=value):
                return (self._word("SOME"), " ", self.expression(value))
            case n.PartOf(part=part, subject=subject):
                return (self._word(_PART_ROWS[part]), " ", self.expression(subject))
            case n.ListLiteral(items=items, is_set=is_set):
                listed = _bracketed("[", [self.expression(each) for each in items], "]")
                return (self._word("SET_OF"), " ", listed) if is_set else listed
            case n.NumbersFrom(start=start, end=end, limit=limit):
                bounds = (self.expression(start), f" {self._word('TO')} ", self.expression(end))
                return (self._word("NUMBERS_FROM"), " ", bounds, self._at_most(limit))
            case n.ItemOf(index=index, subject=subject):
                place = (self._word("ITEM"), " ", self.expression(index))
                return (place, f" {self._word('ITEM_OF')} ", self.expression(subject))
            case n.RegisterHas(register=register, keys=keys):
                return (self._name(register), f" {self._word('HAS')} ", self._bracketed(keys))
            case n.EntriesOf(register=register, keys=keys, limit=limit):
                leading: Doc = (" ", self._bracketed(keys)) if keys else ()
                entries = (self._word("ENTRIES_OF"), " ", self._name(register), leading)
                return (entries, () if limit is None else self._at_most(limit))
            case _:
                raise TypeError(expression)

    def _at_most(self, limit: int) -> str:
        return f" {self._word('AT_MOST')} {print_number(limit, 0)}"

    def _call(self, call: n.Call) -> Doc:
        module = "" if call.module is None else f"{self._name(call.module)}."
        day: Doc = () if call.as_of is None else (f" {self._word('AS_OF')} ", self.expression(call.as_of))
        arguments = _bracketed("(", [self._argument(each) for each in call.arguments], ")")
        return (module, self._name(call.name), arguments, day)

    def _argument(self, argument: n.Argument) -> Doc:
        name = () if argument.name is None else f"{self._name(argument.name)}: "
        return (name, self.expression(argument.value))

    def _binary(self, expression: n.Binary) -> Doc:
        """A chain of operators of one level is one group, broken before each operator or nowhere."""
        level = next((each for each in _LEVELS if expression.operator in each), frozenset({expression.operator}))
        steps: list[Doc] = []
        left: n.Expression = expression
        while isinstance(left, n.Binary) and left.operator in level:
            row = _OPERATOR_ROWS.get(left.operator)
            operator = left.operator if row is None else self._word(row)
            steps.append((LINE, operator, " ", self.expression(left.right)))
            left = left.left
            if expression.operator not in _CHAINED:
                break
        return Group((self.expression(left), Nest(2, tuple(reversed(steps)))))

    def _match(self, match_: n.Match) -> Doc:
        cases: list[Doc] = []
        for case in match_.cases:
            when = (self._word("WHEN"), " ", self._patterns(case.patterns), f" {self._word('THEN')} ")
            value = (self._nested(case.value), _remark(case.comments))
            cases.append((HARD_LINE, _comment_lines(case.comments.before), when, value))
        if match_.otherwise is not None:
            cases.append((HARD_LINE, self._word("OTHERWISE"), " ", self._nested(match_.otherwise)))
        first = (self._word("MATCH"), " ", self._nested(match_.subject))
        return (first, Nest(2, tuple(cases)), HARD_LINE, self._word("END"))

    def _aggregate(self, aggregate: n.Aggregate) -> Doc:
        variable = self._name(aggregate.variable)
        source = (f"{variable} {self._word('EACH_IN')} ", self.expression(aggregate.subject))
        where: Doc = ()
        if aggregate.where is not None:
            where = (LINE, self._word("WHERE"), " ", self.expression(aggregate.where))
        if aggregate.body is None:
            return Group((self._word("COUNT_OF"), " ", source, Nest(2, where)))
        body = self.expression(aggregate.body)
        match aggregate.kind:
            case "every" | "some":
                keyword = self._word("EVERY" if aggregate.kind == "every" else "SOME_OF")
                satisfies = (LINE, self._word("SATISFIES"), " ", body)
                return Group((keyword, " ", source, Nest(2, (where, satisfies))))
            case "sum" | "least" | "greatest" | "list":
                each = (LINE, self._word("FOR_EACH"), " ", source)
                return Group((self._word(f"{aggregate.kind.upper()}_OF"), " ", body, Nest(2, (each, where))))
            case _:
                raise TypeError(aggregate.kind)

    def _day_arithmetic(self, expression: n.DateShift | n.DateDistance | n.IsWorkingDay) -> Doc:
        match expression:
            case n.DateShift(rounding=rounding, direction=direction):
                mode = "" if rounding is None else f" {self._word(f'ROUNDING_{rounding.upper()}')}"
                unit = (self._word(_UNIT_ROWS[expression.unit]), self._of_calendars(expression.calendars), mode)
                base = (f" {self._word(direction.upper())} ", self.expression(expression.base))
                return (self.expression(expression.count), " ", unit, base)
            case n.DateDistance(start=start, end=end):
                unit = (self._word(_UNIT_ROWS[expression.unit]), self._of_calendars(expression.calendars), "")
                to = (f" {self._word('TO')} ", self.expression(end))
                return (unit, f" {self._word('FROM')} ", self.expression(start), to)
            case n.IsWorkingDay(day=day, calendars=calendars):
                return (self.expression(day), f" {self._word('IS_WORKING_DAY')}", self._of_calendars(calendars))
            case other:
                assert_never(other)

    def _of_calendars(self, calendars: n.CalendarSet | None) -> Doc:
        if calendars is None:
            return ""
        names = [self._calendar_name(each) for each in calendars.calendars]
        of = f" {self._word('CALENDAR_OF')} "
        if calendars.mode == "any" and len(names) == 1:
            return of + names[0]
        keyword = self._word("ANY_OF" if calendars.mode == "any" else "ALL_OF")
        return (of, f"{keyword} ({', '.join(names)})")

    def _calendar_name(self, name: n.Name) -> str:
        if name.text in CALENDARS:
            return self._builtin(CALENDARS[name.text])
        return f"「{name.text}」" if name.text in CALENDAR_BY_WORD else self._plain_name(name)


_CHAINED: frozenset[n.BinaryOperator] = frozenset({"or", "and", "+", "-", "*", "/"})
