"""Text to tokens, in one pass whose steps are bounded by the length of the text.

One grammar serves four keyword languages, so words become grammatical tokens here, by the table of the file's
language. A run of word characters is a keyword if it equals one; a run of CJK characters that is made of keywords only
is read as those keywords, so that Chinese needs no spaces between them; every other run is a name. Offsets are those
of the text as written: full-width forms are tokens of their own right, nothing is folded first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from gbalang.ast.comments import Comment, CommentBook
from gbalang.ast.keywords import (
    CALENDARS,
    CITY_BY_WORD,
    CURRENCIES,
    CURRENCY_SIGNS,
    HOLDER_KINDS,
    INSTRUMENT_FORMS,
    KEYWORD_BY_ID,
    LANGUAGES,
    TYPE_BY_WORD,
    TYPES,
    WEEKDAYS,
    keyword_tokens,
)
from gbalang.ast.nodes import Language
from gbalang.characters import UNSEEN
from gbalang.diagnostics.model import Diagnostic
from gbalang.limits import KEYWORDS_IN_A_RUN_MAX, NAME_CHARACTERS_MAX, NESTING_DEPTH_MAX, NUMBER_DIGITS_MAX
from gbalang.source import Span


@dataclass(slots=True)
class Reading:
    """What lexer and builder share while one text is read: its path, its language, its comments, the mistakes found."""

    path: str
    language: Language
    comments: CommentBook = field(default_factory=CommentBook)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def report(self, code: str, start: int, end: int, *facts: tuple[str, str]) -> None:
        """Record one mistake."""
        self.diagnostics.append(Diagnostic(code, Span(self.path, start, end), facts))


class Token(NamedTuple):
    """A token with its place in code points. `reading` travels along so that building needs no state of its own."""

    type: str
    text: str
    start: int
    end: int
    reading: Reading


DIGIT = "0-9０-９"
LETTER = (
    "A-Za-z_À-ÖØ-öø-ɏ\u0300-\u036f\u0386\u0388-\u03ff\u0400-\u0481\u048a-\u052f\u1e00-\u1eff"
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaffＡ-Ｚａ-ｚ＿\U00020000-\U000323af"
)
CJK = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
SPACE = " \t\n\u00a0\u3000"
SPACE_IN_NAME = " "

FORBIDDEN = re.compile("[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in UNSEEN) + "]")
"""Characters that cannot be seen or that change the order in which others are seen: refused even in texts."""

_OPERATORS: dict[str, str] = {
    "<=": "LESS_OR_EQUAL", "<>": "NOT_EQUAL", ">=": "GREATER_OR_EQUAL", "≤": "LESS_OR_EQUAL", "≦": "LESS_OR_EQUAL",
    "≥": "GREATER_OR_EQUAL", "≧": "GREATER_OR_EQUAL", "≠": "NOT_EQUAL", "<": "LESS", ">": "GREATER", "=": "EQUAL",
    "+": "PLUS", "-": "MINUS", "−": "MINUS", "*": "TIMES", "×": "TIMES", "/": "DIVIDED", "÷": "DIVIDED", "(": "LPAR",
    ")": "RPAR", "[": "LBRACKET", "]": "RBRACKET", ",": "_COMMA", "、": "_COMMA", ":": "COLON", ".": "DOT",
    ";": "STOP", "。": "STOP",
}  # fmt: skip
_HALF_WIDTH = {code + 0xFEE0: chr(code) for code in range(0x21, 0x7F)}
_DIGITS = {ord("０") + number: str(number) for number in range(10)}

# Forms that people bring from elsewhere. What they mean is clear, so reading goes on with that.
_WHOLE = rf"[{DIGIT}]{{1,3}}(?:[,，][{DIGIT}]{{3}})+(?:[.．][{DIGIT}]+)?"
HABIT = "|".join((
    r"[!！][=＝]|[=＝][=＝]",
    rf"(?:{'|'.join(CURRENCY_SIGNS)})[ ]?[{DIGIT}]+(?:[_,，.．][{DIGIT}]+)*(?:[ ]?[元圓圆])?",
    rf"[{DIGIT}]{{4}}[ ]*年[ ]*[{DIGIT}]{{1,2}}[ ]*月[ ]*[{DIGIT}]{{1,2}}[ ]*日",
    rf"[{DIGIT}]{{1,2}}/[{DIGIT}]{{1,2}}/[{DIGIT}]{{4}}(?![{DIGIT}])",
    rf"[{DIGIT}]{{4}}/[{DIGIT}]{{1,2}}/[{DIGIT}]{{1,2}}(?![{DIGIT}])",
    rf"{_WHOLE}(?=[ ]?(?:{'|'.join(CURRENCIES)})(?![{LETTER}{DIGIT}]))",
    rf"[{DIGIT}]{{1,3}}(?:[,，][{DIGIT}]{{3}})*[,，]0[{DIGIT}]{{2}}(?:[,，][{DIGIT}]{{3}})*(?![{DIGIT}_])",
))  # fmt: skip

_SCANNER = re.compile(
    rf"""
    (?P<space>[{SPACE}]+)
  | (?P<comment>[#＃][^\n]*)
  | (?P<habit>{HABIT})
  | (?P<STRING>"(?:[^"\\]+|\\.)*+"|“(?:[^”\\]+|\\.)*+”)
  | (?P<QUOTED>「[^「」\n]*」)
  | (?P<DATE>[{DIGIT}]{{4}}[-－][{DIGIT}]{{2}}[-－][{DIGIT}]{{2}}(?P<clock>[TＴ][{DIGIT}]{{2}}[:：][{DIGIT}]{{2}})?
        (?![{DIGIT}A-Za-z_]))
  | (?P<NUMBER>[{DIGIT}]+(?:_[{DIGIT}]+)*(?P<points>(?:[.．][{DIGIT}]+(?:_[{DIGIT}]+)*)*)(?P<percent>[ ]*[%％])?)
  | (?P<TAG>zh-Han[st](?![{LETTER}{DIGIT}]))
  | (?P<word>[{LETTER}][{LETTER}{DIGIT}]*)
  | (?P<operator>[<＜][=＝>＞]|[>＞][=＝]|[<>=+\-−*×/÷()\[\],:.;≤≦≥≧≠、。＜＞＝＋－＊／（）［］，：．；])
    """,
    re.VERBOSE | re.DOTALL,
)
_BEFORE_NUMBERS = frozenset({
    "VERSION", "YEAR", "EFFECTIVE", "EXPIRES", "REVIEW", "OFF", "WORKING", "HALF", "ARTICLE", "ON", "AS_OF", "FROM",
    "TO", "UP_TO", "AT_MOST", "NUMBERS_FROM", "BETWEEN", "GIVE", "IF", "THEN", "ELSE", "WHEN", "REQUIRE", "HOLDS",
    "OR_ELSE", "SOME", "ITEM", "AND", "OR", "NOT", "IN", "AFTER", "BEFORE",
})  # fmt: skip
"""Words that a number or a date may follow. After others it belongs to a name: 規則1 is a name of its own."""
_RANGED = frozenset({"Int", "Percent"})
_AFTER_NUMBER = re.compile("[A-Za-z_][A-Za-z_0-9]*(?:[+-][0-9]+)?")
_CJK_RUN = re.compile(f"[{CJK}]+")
_NAME = re.compile(f"[{LETTER}][{LETTER}{DIGIT}]*")
_NOT_IN_NAME = re.compile(f"[^{LETTER}{DIGIT} ]")
_BARE_WORD = re.compile(f"[{SPACE}]*+(?:[#＃][^\\n]*+[{SPACE}]*+)*+([{LETTER}][{LETTER}{DIGIT}]*)")


@cache
def words_of(language: Language) -> tuple[dict[str, str], dict[str, re.Pattern[str]], tuple[str, ...]]:
    """Return a language's single-word keywords, its phrases by their first word, and its CJK words, longest first.

    A pattern matches what follows the first word of a phrase; with several, the longest phrase comes first.
    """
    spellings = keyword_tokens(language)
    singles = {spelling: token for spelling, token in spellings.items() if " " not in spelling}
    rests: dict[str, list[str]] = {}
    for spelling in sorted(spellings, key=lambda text: (-len(text), text)):
        first, space, rest = spelling.partition(" ")
        if space:
            rests.setdefault(first, []).append(rest.replace(" ", f"[{SPACE}]++"))
    phrases = {
        first: re.compile(f"[{SPACE}]++(?:{'|'.join(options)})(?![{LETTER}{DIGIT}])")
        for first, options in rests.items()
    }
    cjk = sorted((each for each in singles if _CJK_RUN.fullmatch(each)), key=lambda text: (-len(text), text))
    return singles, phrases, tuple(cjk)


def is_bare_name(text: str) -> bool:
    """Whether the characters of a name let it stand without 「」 (keywords are another question)."""
    return _NAME.fullmatch(text) is not None


def split_run(run: str, language: Language) -> tuple[str, ...]:
    """Read a run of CJK characters as keywords alone, the longest first; empty if that is not possible.

    The steps are bounded by the length of the run times that of the longest keyword.
    """
    words, _, cjk = words_of(language)
    longest = len(cjk[0]) if cjk else 0
    if len(run) > longest * KEYWORDS_IN_A_RUN_MAX or not _CJK_RUN.fullmatch(run):
        return ()
    # How far the word to take at each place reaches, found from the end, so that no search goes astray; 0 for nowhere.
    reach = [0] * len(run) + [len(run)]
    for place in range(len(run) - 1, -1, -1):
        for end in range(min(place + longest, len(run)), place, -1):
            if reach[end] and run[place:end] in words:
                reach[place] = end
                break
    if not reach[0]:
        return ()
    parts: list[str] = []
    place = 0
    while place < len(run):
        parts.append(run[place : reach[place]])
        place = reach[place]
    return tuple(parts)


def split_glued(word: str, language: Language, quoted: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Read a word as keywords with what belongs to them, as (kind, text), where it can be nothing else; or empty.

    Beside keywords there may be names that stand in 「」 elsewhere in the text, the builtin names that a keyword calls
    for, and a number where one may follow: its digits are left over, as they may go on beyond the word.
    """
    run = _CJK_RUN.match(word)
    longest = len(words_of(language)[2][0]) if words_of(language)[2] else 0
    if run is None or len(run.group()) > longest * KEYWORDS_IN_A_RUN_MAX:
        return ()
    head, rest = run.group(), word[run.end() :]
    if rest in CURRENCIES and TYPE_BY_WORD.get(head) == "Money":
        return (("NAME", head), ("CURRENCY", rest))
    if rest and not rest[0].isdecimal():
        return ()
    parts = _Glued(head, language, quoted, number_follows=bool(rest)).parts(0, "")
    return () if parts is None or all(kind == "NAME" for kind, _ in parts) else parts


class _Glued:
    """One run of characters on its way to be split, the longest word first; what failed at a place is remembered."""

    def __init__(self, run: str, language: Language, quoted: frozenset[str], *, number_follows: bool) -> None:
        self._run = run
        self._language = language
        self._quoted = quoted
        self._number_follows = number_follows
        self._failed: set[tuple[int, str]] = set()

    def parts(self, place: int, previous: str) -> tuple[tuple[str, str], ...] | None:
        """Return the parts from a place on, after a word of that kind; None if it cannot be."""
        if place == len(self._run):
            fits = not self._number_follows or previous in _BEFORE_NUMBERS
            return () if fits else None
        if (place, previous) in self._failed:
            return None
        for end in range(len(self._run), place, -1):
            text = self._run[place:end]
            for kind in self._kinds(text, previous):
                following = self.parts(end, kind)
                if following is not None:
                    return ((kind, text), *following)
        self._failed.add((place, previous))
        return None

    def _kinds(self, text: str, previous: str) -> Iterator[str]:
        token = words_of(self._language)[0].get(text)
        if token is not None and (previous != "TYPE" or token in {"FROM", "UP_TO"}):
            yield token
        known = text in self._quoted or text in _called_for(previous, self._language)
        if known and previous not in {"", "NAME", "TYPE"}:
            yield "NAME"
        if not previous and TYPE_BY_WORD.get(text) in _RANGED:
            yield "TYPE"


@cache
def _called_for(token: str, language: Language) -> frozenset[str]:
    """Return the builtin names that a keyword calls for."""
    tables = {**dict.fromkeys(("GIVES", "OPTIONAL", "LIST_OF", "SET_OF"), TYPES.values()), "WEEKEND": WEEKDAYS,
              **dict.fromkeys(("IS", "IS_ANY"), HOLDER_KINDS.values()), "OF": CALENDARS.values()}  # fmt: skip
    place = LANGUAGES.index(language)
    return frozenset(row[place] for row in tables.get(token, ()))


def leading_keyword(run: str, language: Language) -> str | None:
    """Return the longest CJK keyword that a longer run begins with."""
    return next((each for each in words_of(language)[2] if run.startswith(each) and run != each), None)


def first_word(text: str) -> tuple[str, int]:
    """Return the first word of a text and its offset; an empty word if the text does not begin with one."""
    found = _BARE_WORD.match(text)
    return (found.group(1), found.start(1)) if found else ("", 0)


def language_of(word: str) -> tuple[Language | None, bool]:
    """Find the keyword language from a file's first word, and whether the word is exactly a form's name.

    A run that merely begins with the name of a form (a missing space) tells the language too.
    """
    for exact in (True, False):
        for language in LANGUAGES:
            for form in INSTRUMENT_FORMS:
                for spelling in KEYWORD_BY_ID[form].spellings(language):
                    if word == spelling or (not exact and _CJK_RUN.fullmatch(spelling) and word.startswith(spelling)):
                        return language, exact
    return None, False


def tokenise(text: str, reading: Reading) -> list[Token]:
    """Read a text; comments and mistakes go to `reading`. The list ends early at a text that is never closed."""
    return _Lexer(text, reading).run()


class _Lexer:
    """One pass over a text. `_tokens` grows; comments wait until the token after them is known."""

    def __init__(self, text: str, reading: Reading) -> None:
        self._text = text
        self._reading = reading
        self._tokens: list[Token] = []
        self._waiting: list[tuple[str, int, bool, int]] = []
        self._singles, self._phrases, _ = words_of(reading.language)
        self._known: dict[str, str] = {}
        self._depth = 0
        # Names in brackets, wherever they stand: a text may speak of something before it is declared.
        self._quoted = frozenset(found.group()[1:-1] for found in re.finditer("「[^「」\n]*」", text))

    def run(self) -> list[Token]:
        text, match = self._text, _SCANNER.match
        position: int | None = 0
        while position is not None and position < len(text):
            found = match(text, position)
            position = self._stray(position) if found is None else self._token(found)
        self._release_comments(len(text))
        return _without_stops(self._tokens)

    def _token(self, found: re.Match[str]) -> int | None:
        kind, start, end = found.lastgroup, found.start(), found.end()
        match kind:
            case "space":
                return end
            case "comment":
                self._comment(found.group(), start)
                return end
            case "word":
                return self._word(found.group(), start, end)
            case "operator":
                return self._operator(found.group(), start, end)
            case "habit":
                return self._habit(found.group(), start, end)
            case "NUMBER":
                return self._number(found, start, end)
            case "QUOTED":
                return self._quoted_name(found.group(), start, end)
            case "DATE":
                self._add("TIME" if found["clock"] else "DATE", found.group().translate(_HALF_WIDTH), start, end)
                return end
            case _:
                self._add(str(kind), found.group(), start, end)
                return end

    def _add(self, kind: str, text: str, start: int, end: int) -> None:
        if self._waiting:
            self._release_comments(start)
        if kind == "DATE" and self._tokens and self._tokens[-1].type == "FROM":
            # "from 2026-01-01" begins a dated value, "from 0 to 9" a range: one token of look-ahead must tell.
            self._tokens[-1] = self._tokens[-1]._replace(type="FROM_DATE")
        self._tokens.append(Token(kind, text, start, end, self._reading))

    # Comments

    def _comment(self, text: str, start: int) -> None:
        previous = next((each for each in reversed(self._tokens[-3:]) if each.type not in {"_COMMA", "STOP"}), None)
        last_end = self._tokens[-1].end if self._tokens else 0
        own_line = not self._tokens or bool(self._waiting) or "\n" in self._text[last_end:start]
        body = text[1:].removeprefix(" ").rstrip()
        self._waiting.append((body, start, own_line, previous.end if previous else 0))

    def _release_comments(self, next_start: int) -> None:
        for body, start, own_line, previous_end in self._waiting:
            self._reading.comments.add(Comment(body, start, own_line, previous_end, next_start))
        self._waiting.clear()

    # Words

    def _word(self, word: str, start: int, end: int) -> int:
        phrase = self._phrases.get(word)
        if phrase is not None and (rest := phrase.match(self._text, end)) is not None:
            spelling = " ".join((word, *rest.group().split()))
            self._add(keyword_tokens(self._reading.language)[spelling], spelling, start, rest.end())
            return rest.end()
        kind = self._known.get(word)
        if kind is None:
            kind = self._known[word] = self._kind_of_word(word, start, end)
        if kind == "GLUED":
            for part_kind, part in split_glued(word, self._reading.language, self._quoted):
                self._add("NAME" if part_kind == "TYPE" else part_kind, part, start, start + len(part))
                start += len(part)
            return start
        if kind == "RUN":
            for part in split_run(word, self._reading.language):
                self._add(self._singles[part], part, start, start + len(part))
                start += len(part)
        else:
            self._add(kind, word, start, end)
        return end

    def _kind_of_word(self, word: str, start: int, end: int) -> str:
        """Decide what a run is, when it is first seen; mistakes of the name itself are reported there once."""
        if word in self._singles:
            return self._singles[word]
        if word in CITY_BY_WORD:
            return "CITY"
        if word in CURRENCIES:
            return "CURRENCY"
        if split_run(word, self._reading.language):
            return "RUN"
        if split_glued(word, self._reading.language, self._quoted):
            return "GLUED"
        self._check_name(word, start, end)
        return "NAME"

    def _check_name(self, name: str, start: int, end: int) -> None:
        if len(name) > NAME_CHARACTERS_MAX:
            shown = name[:NAME_CHARACTERS_MAX] + "…"
            self._reading.report("E0118", start, end, ("name", shown), ("limit", str(NAME_CHARACTERS_MAX)))
        elif not unicodedata.is_normalized("NFC", name):
            composed = unicodedata.normalize("NFC", name)
            self._reading.report("E0104", start, end, ("name", name), ("composed", composed))

    def _quoted_name(self, text: str, start: int, end: int) -> int:
        name = text[1:-1]
        stray = _NOT_IN_NAME.search(name)
        if not name.strip(SPACE_IN_NAME):
            self._reading.report("E0122", start, end)
        elif stray is not None:
            place = start + 1 + stray.start()
            self._reading.report("E0103", place, place + 1, *_character_facts(stray.group()))
        elif name != name.strip(SPACE_IN_NAME):
            self._reading.report("E0103", start, end, *_character_facts(SPACE_IN_NAME))
        else:
            self._check_name(name, start, end)
        self._add("QUOTED", name, start, end)
        return end

    # Numbers

    def _number(self, found: re.Match[str], start: int, end: int) -> int:
        text = found.group().translate(_HALF_WIDTH)
        points = found["points"].count(".") + found["points"].count("．")
        glued = None if found["percent"] else _AFTER_NUMBER.match(self._text, end)
        digits = sum(character.isdecimal() for character in text)
        if glued is not None:
            end = glued.end()
            self._reading.report("E0121", start, end, ("text", self._text[start:end][:NUMBER_DIGITS_MAX]))
            text = "0"
        elif digits > NUMBER_DIGITS_MAX:
            self._reading.report("E0112", start, end, ("digits", str(digits)), ("limit", str(NUMBER_DIGITS_MAX)))
            text = "0"
        if found["percent"]:
            self._add("PERCENT", text.rstrip("% "), start, end)
        else:
            self._add("DOTTED" if points > 1 and glued is None else "NUMBER", text, start, end)
        return end

    # What people write elsewhere

    def _habit(self, text: str, start: int, end: int) -> int:
        kind, shown, parts = _meant(text.translate(_HALF_WIDTH))
        self._reading.report("E0123", start, end, ("found", text), ("suggestion", shown))
        for part_kind, part in zip(kind, parts, strict=True):
            self._add(part_kind, part, start, end)
        return end

    # Punctuation and what is not understood

    def _operator(self, text: str, start: int, end: int) -> int | None:
        kind = _OPERATORS[text.translate(_HALF_WIDTH)]
        if kind in {"LPAR", "LBRACKET"}:
            self._depth += 1
            if self._depth > NESTING_DEPTH_MAX:
                self._reading.report("E0113", start, end, ("limit", str(NESTING_DEPTH_MAX)))
                return None
        elif kind in {"RPAR", "RBRACKET"}:
            self._depth = max(0, self._depth - 1)
        self._add(kind, text, start, end)
        return end

    def _stray(self, position: int) -> int | None:
        character = self._text[position]
        line_end = self._text.find("\n", position)
        line_end = len(self._text) if line_end < 0 else line_end
        if character in {'"', "“"}:
            self._reading.report("E0105", position, line_end)
            return None
        if character == "「":
            self._reading.report("E0106", position, line_end)
            self._add("QUOTED", "「", position, line_end)
            return line_end
        if not FORBIDDEN.match(character):  # those are reported for the whole text at once
            self._reading.report("E0103", position, position + 1, *_character_facts(character))
        return position + 1


def _meant(text: str) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Return what a form from elsewhere means: kinds of token, how it is written here, the tokens' texts."""
    if text in {"!=", "=="}:
        written = "<>" if text == "!=" else "="
        return (_OPERATORS[written],), written, (written,)
    numbers = re.findall(r"[0-9]+", text)
    if len(numbers) == 3 and ("/" in text or "年" in text):
        year, month, day = numbers if len(numbers[0]) == 4 else reversed(numbers)
        date = f"{int(year):04}-{int(month):02}-{int(day):02}"
        return ("DATE",), date, (date,)
    sign = next((each for each in CURRENCY_SIGNS if re.match(each, text)), None)
    digits = re.sub("[^0-9.]", "", text.rstrip("."))
    whole, point, fraction = digits.partition(".")
    number = f"{int(whole):_}{point}{fraction}"
    if sign is None:
        return ("NUMBER",), number, (number,)
    currency = CURRENCY_SIGNS[sign]
    return ("NUMBER", "CURRENCY"), f"{number} {currency}", (number, currency)


def forbidden_characters(text: str, path: str, limit: int) -> list[Diagnostic]:
    """Report the characters that no source may hold, texts and comments included."""
    return [
        Diagnostic("E0103", Span(path, found.start(), found.end()), _character_facts(found.group()))
        for found, _ in zip(FORBIDDEN.finditer(text), range(limit), strict=False)
    ]


def _character_facts(character: str) -> tuple[tuple[str, str], ...]:
    shown = character if character.isprintable() and not FORBIDDEN.match(character) else ""
    return (("character", shown), ("codepoint", f"U+{ord(character):04X}"))


def _without_stops(tokens: list[Token]) -> list[Token]:
    """Drop 。 and ； where something ends: before a word that begins something, before a field, at the end."""
    kept: list[Token] = []
    for place, token in enumerate(tokens):
        if token.type == "STOP":
            following = tokens[place + 1].type if place + 1 < len(tokens) else ""
            after = tokens[place + 2].type if place + 2 < len(tokens) else ""
            ends = not following or following in _BEGINNINGS or after == "COLON"
            if ends and following != "COLON":
                continue
        kept.append(token)
    return kept


_BEGINNINGS = frozenset({row.token for row in KEYWORD_BY_ID.values()} | {"STOP"}) - {
    "OR", "AND", "IN", "NOT_IN", "IS_NONE", "IS_PRESENT", "IS_WORKING_DAY", "HAS", "OR_ELSE", "AS_OF", "AFTER",
    "BEFORE",
}  # fmt: skip
