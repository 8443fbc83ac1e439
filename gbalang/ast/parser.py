"""Text to tree. The grammar's tables come from lark, which is imported here alone; the loop that feeds them is ours.

Reading is total: whatever the text, the answer is a document or diagnostics. After a mistake the parser goes back to
the state before the declaration that holds it and goes on at the next declaration, so one reading finds more than one
mistake. The tables serve all four keyword languages and are made once in a process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any, TypeAlias, cast

import lark

from gbalang.ast.build import Builder, depth_exceeds
from gbalang.ast.keywords import (
    CITIES,
    CITY_BY_WORD,
    CURRENCIES,
    DECLARATION_STARTS,
    INSTRUMENT_FORMS,
    KEYWORDS,
    LANGUAGES,
    PUNCTUATION,
    SOFT_TOKENS,
    keyword_tokens,
    token_words,
)
from gbalang.ast.lexer import (
    Reading,
    Token,
    first_word,
    forbidden_characters,
    language_of,
    leading_keyword,
    tokenise,
)
from gbalang.ast.nodes import Document
from gbalang.diagnostics.model import Diagnostic
from gbalang.limits import DECLARATIONS_MAX, NESTING_DEPTH_MAX, SOURCE_BYTES_MAX, SYNTAX_DIAGNOSTICS_MAX
from gbalang.source import SourceFile, Span

EXPECTED_WORDS_MAX = 6
"""How many of the words that could stand at a place a diagnostic names."""


@dataclass(frozen=True, slots=True)
class ParseResult:
    """A document, or the mistakes that kept the text from being one."""

    document: Document | None
    diagnostics: tuple[Diagnostic, ...]


def decode_source(path: str, data: bytes) -> SourceFile | Diagnostic:
    """Read the bytes of a file: UTF-8, a byte order mark and CRLF line ends accepted. Refusals: E0101, E0102."""
    nowhere = Span(path, 0, 0)
    if len(data) > SOURCE_BYTES_MAX:
        return Diagnostic("E0102", nowhere, (("size", str(len(data))), ("limit", str(SOURCE_BYTES_MAX))))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = len(data[: error.start].decode("utf-8-sig", "replace"))
        return Diagnostic("E0101", Span(path, offset, offset + 1), (("reason", error.reason),))
    return SourceFile(path, text.replace("\r\n", "\n"))


def parse(source: SourceFile) -> ParseResult:
    """Read a source. The document is None if and only if there are diagnostics; they are in the order of the text."""
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size > SOURCE_BYTES_MAX:
        facts = (("size", str(size)), ("limit", str(SOURCE_BYTES_MAX)))
        return ParseResult(None, (Diagnostic("E0102", Span(source.path, 0, 0), facts),))
    forbidden = forbidden_characters(source.text, source.path, SYNTAX_DIAGNOSTICS_MAX)
    if forbidden:
        return ParseResult(None, tuple(forbidden))
    return _parse_clean(source)


def _parse_clean(source: SourceFile) -> ParseResult:
    start_word, start = first_word(source.text)
    language, exact = language_of(start_word)
    if language is None or not exact:
        return ParseResult(None, (_not_an_instrument(source, start_word, start),))
    reading = Reading(source.path, language)
    tokens = tokenise(source.text, reading)
    starts = [token for token in tokens if token.type in _STARTS]
    if len(starts) > DECLARATIONS_MAX:
        span = Span(source.path, starts[DECLARATIONS_MAX].start, starts[DECLARATIONS_MAX].end)
        facts = (("what", "declarations"), ("count", str(len(starts))), ("limit", str(DECLARATIONS_MAX)))
        return ParseResult(None, (Diagnostic("E0225", span, facts),))
    whole = not any(each.code in {"E0105", "E0113"} for each in reading.diagnostics)
    document = _Run(tokens, reading, len(source.text), whole=whole).document()
    too_deep = depth_exceeds(document, NESTING_DEPTH_MAX) if not reading.diagnostics else None
    if too_deep is not None:
        code = "E0124" if too_deep.joined else "E0113"
        reading.report(code, too_deep.span.start, too_deep.span.end, ("limit", str(NESTING_DEPTH_MAX)))
    if reading.diagnostics:
        ordered = sorted(dict.fromkeys(reading.diagnostics), key=lambda each: (each.span, each.code))
        return ParseResult(None, tuple(ordered[:SYNTAX_DIAGNOSTICS_MAX]))
    return ParseResult(document, ())


def _not_an_instrument(source: SourceFile, word: str, start: int) -> Diagnostic:
    language, _ = language_of(word)
    if language is not None:
        keyword = leading_keyword(word, language) or word
        span = Span(source.path, start, start + len(word))
        return Diagnostic("E0110", span, (("word", word), ("keyword", keyword)))
    if not word:
        stripped = source.text.lstrip()
        start = len(source.text) - len(stripped)
        word = stripped[:1]
    return Diagnostic("E0114", Span(source.path, start, start + len(word)), (("found", word),))


# ---------------------------------------------------------------- the tables


class _NoLexer(lark.lexer.Lexer):
    """Tokens are fed by `_Run`; lark asks for the class of a lexer all the same."""

    def __init__(self, configuration: object) -> None:
        pass

    def lex(self, lexer_state: object, parser_state: object) -> Any:
        """Give no tokens."""
        del lexer_state, parser_state
        return iter(())


@cache
def _tables() -> lark.Lark:
    grammar = resources.files("gbalang.ast").joinpath("grammar.lark").read_text("utf-8")
    grammar = grammar.replace("%SOFT%", " | ".join(SOFT_TOKENS))
    terminals = sorted(set(re.findall(r"\b_?[A-Z][A-Z_]+\b", re.sub("//.*", "", grammar))))
    declared = f"{grammar}\n%declare {' '.join(terminals)}\n"
    return lark.Lark(declared, parser="lalr", lexer=_NoLexer, transformer=cast("Any", Builder()))


# ---------------------------------------------------------------- one reading


class _Run:
    """Feeds the tokens of one text. `_states` and `_values` of a snapshot are the parser's two stacks."""

    def __init__(self, tokens: list[Token], reading: Reading, length: int, *, whole: bool) -> None:
        self._tokens = [*tokens, Token("$END", "", length, length, reading)]
        self._reading = reading
        self._whole = whole
        self._parser = _tables().parse_interactive()
        self._snapshot: tuple[list[Any], list[Any]] | None = None
        self._failed = 0

    def document(self) -> Document | None:
        """Feed everything; None after a mistake."""
        position, mistakes, result = 0, 0, None
        while position < len(self._tokens) and mistakes < SYNTAX_DIAGNOSTICS_MAX:
            try:
                while position < len(self._tokens):
                    result = self._feed(self._tokens[position])
                    position += 1
            except lark.exceptions.UnexpectedToken:
                mistakes += 1
                self._explain(position)
                position = self._resume(position)
        return cast("Document", result) if mistakes == 0 else None

    def _feed(self, token: Token) -> Any:
        if token.type in _STARTS:
            state = self._parser.parser_state
            before = (list(state.state_stack), _kept(state.value_stack))
            self._parser.feed_token(cast("lark.Token", token))
            self._snapshot = before
            return None
        return self._parser.feed_token(cast("lark.Token", token))

    def _resume(self, position: int) -> int:
        """Go back to the state before the last declaration and find the next one that can follow there."""
        self._restore()
        for following in range(position, len(self._tokens)):
            if self._tokens[following].type in _STARTS and self._accepts(following):
                return following
        return len(self._tokens)

    def _restore(self) -> None:
        if self._snapshot is None:  # the mistake is in the header: any header will do to go on behind it
            self._parser = _tables().parse_interactive()
            for kind in ("CONTRACT", "NAME", "VERSION", "NUMBER"):
                self._parser.feed_token(cast("lark.Token", Token(kind, "0", 0, 0, Reading("", "en"))))
        else:
            state = self._parser.parser_state
            state.state_stack, state.value_stack = list(self._snapshot[0]), _kept(self._snapshot[1])

    def _accepted(self) -> set[str]:
        """The kinds of token that could follow here: asked about, never gone through in their order."""
        return cast("set[str]", cast("Any", self._parser).accepts())

    def _accepts(self, *positions: int) -> bool:
        """Whether these tokens could follow here, one after the other; a position below zero stands for a name."""
        probe = cast("Any", self._parser).copy(deepcopy_values=False)
        probe.parser_state.parse_conf = _quiet_tables()
        try:
            for position in positions:
                kind = "NAME" if position < 0 else self._tokens[position].type
                probe.feed_token(lark.Token(kind, ""))
        except lark.exceptions.UnexpectedToken:
            return False
        return True

    # What is wrong here, in a reader's words

    def _explain(self, position: int) -> None:
        self._failed = position
        token = self._tokens[position]
        previous = self._tokens[position - 1] if position else token
        if token.type == "$END":
            if self._whole:
                place = previous.end
                self._reading.report("E0108", max(0, place - 1), place, ("expected", self._expected()))
            return
        facts = (
            self._explain_habit(token, position) or self._explain_word(token, position)
            or self._explain_previous(token, previous) or self._unexpected(token, "")
        )  # fmt: skip
        code, place_token, pairs = facts
        self._reading.report(code, place_token.start, place_token.end, *pairs)

    def _unexpected(self, token: Token, nearest: str) -> _Explanation:
        shown = token.text.split("\n")[0]
        expected = self._expected() if token is self._tokens[self._failed] else nearest
        return "E0107", token, (("found", shown), ("expected", expected), ("nearest", nearest))

    def _explain_habit(self, token: Token, position: int) -> _Explanation | None:
        """Forms that people bring from elsewhere and that take two tokens here."""
        previous = self._tokens[position - 1] if position else token
        following = self._tokens[min(position + 1, len(self._tokens) - 1)]
        pair = f"{previous.text} {token.text}"
        if token.type == "CURRENCY" and following.type == "NUMBER":
            written = f"{token.text} {following.text}"
            return self._habit(token, following, written, f"{following.text} {token.text}")
        if (previous.type, token.type) == ("NUMBER", "NUMBER") and re.fullmatch("[0-9]{3}", token.text):
            return self._habit(previous, token, pair, f"{previous.text}_{token.text}")
        if previous.type == "NUMBER" and token.type == "NAME" and token.text.casefold() in _PERCENT:
            return self._habit(previous, token, pair, f"{previous.text}%")
        if token.type == "QUOTED" and "STRING" in self._accepted():
            return self._habit(token, token, f"「{token.text}」", f"“{token.text}”")
        city = CITY_BY_WORD.get(previous.text + token.text)
        if city is not None and previous.type == "NAME":
            word_of_city = CITIES[city][LANGUAGES.index(self._reading.language)]
            return self._habit(previous, token, pair, word_of_city)
        return None

    @staticmethod
    def _habit(first: Token, last: Token, written: str, suggestion: str) -> _Explanation:
        return "E0123", first._replace(end=last.end), (("found", written), ("suggestion", suggestion))

    def _explain_word(self, token: Token, position: int) -> _Explanation | None:
        accepted = self._accepted()
        language = self._reading.language
        if token.type == "DOTTED":
            return "E0121", token, (("text", token.text),)
        if token.type == "NAME":
            # A name may follow a number for other reasons, so the number has been reduced by the time we ask.
            after_number = position > 0 and self._tokens[position - 1].type == "NUMBER"
            if ("CURRENCY" in accepted or after_number) and re.fullmatch("[A-Z]{3}", token.text):
                nearest = get_close_matches(token.text, sorted(CURRENCIES), 1, 0.5)
                return "E0119", token, (("currency", token.text), ("nearest", nearest[0] if nearest else ""))
            keyword = leading_keyword(token.text, language)
            kind = "" if keyword is None else keyword_tokens(language)[keyword]
            if keyword is not None and (kind in accepted or (after_number and kind in _AFTER_A_NUMBER)):
                return "E0110", token, (("word", token.text), ("keyword", keyword))
            return self._of_another_language(token) or self._misspelt(token, accepted)
        is_word = token.type not in PUNCTUATION and token.type not in _LITERALS
        if is_word and "NAME" in accepted and self._accepts(-1, position + 1):
            return "E0109", token, (("word", token.text),)
        return None

    def _explain_previous(self, token: Token, previous: Token) -> _Explanation | None:
        """A name that was accepted, though it was meant as a keyword, shows only at the token after it."""
        if previous.type != "NAME":
            return None
        if previous.text == "zh" and token.type == "MINUS":
            return "E0120", previous, (("tag", previous.text),)
        keyword = leading_keyword(previous.text, self._reading.language)
        if keyword is not None and keyword_tokens(self._reading.language)[keyword] in _OPENINGS:
            return "E0110", previous, (("word", previous.text), ("keyword", keyword))
        return self._of_another_language(previous) or self._misspelt(previous, _OPENINGS)

    def _misspelt(self, token: Token, kinds: Iterable[str]) -> _Explanation | None:
        """A name that is nearly a word which could stand there."""
        words = [text for kind in sorted(kinds) for text in token_words(kind, self._reading.language)]
        close = get_close_matches(token.text, [each for each in words if each not in PUNCTUATION.values()], 1, 0.75)
        return self._unexpected(token, close[0]) if close else None

    def _of_another_language(self, token: Token) -> _Explanation | None:
        for language in LANGUAGES:
            if language != self._reading.language and token.text in keyword_tokens(language):
                facts = (("word", token.text), ("language", language), ("file_language", self._reading.language))
                return "E0111", token, facts
        return None

    def _expected(self) -> str:
        """Name what could stand here, in the file's language; what opens or closes a form comes first.

        Where a declaration may begin, those that one thinks of are named beside what else could follow.
        """
        accepted = self._accepted()
        accepted = accepted - self._senseless()
        kinds = [kind for kind in _BY_WEIGHT if kind in accepted and not ("NAME" in accepted and kind in SOFT_TOKENS)]
        declarations = [kind for kind in _FREQUENT_DECLARATIONS if kind in kinds]
        others = self._words_of([kind for kind in kinds if kind not in DECLARATION_STARTS])[:EXPECTED_WORDS_MAX]
        texts = dict.fromkeys([*others, *self._words_of(declarations or kinds)[:EXPECTED_WORDS_MAX]])
        return ", ".join(sorted(texts)) or token_words("$END", self._reading.language)[0]

    def _senseless(self) -> set[str]:
        """Statements that the grammar would take here and the checker would not: rules only reckon and give."""
        before = [token.type for token in self._tokens[: self._failed]]
        start = next((place for place in range(len(before) - 1, -1, -1) if before[place] in _STARTS), 0)
        useful = _STATEMENTS_IN.get(before[start] if before else "", _STATEMENTS)
        given = "GIVE" in before[start:] and useful is not _STATEMENTS
        return set(_STATEMENTS) - (set() if given else set(useful))

    def _words_of(self, kinds: Sequence[str]) -> list[str]:
        words = [text for kind in kinds for text in token_words(kind, self._reading.language)]
        return [*dict.fromkeys(words)]


def _kept(values: list[Any]) -> list[Any]:
    """Return a stack of values that later reductions leave alone: they extend the parts of inlined rules in place."""
    return [lark.Tree(each.data, list(each.children)) if isinstance(each, lark.Tree) else each for each in values]


@cache
def _quiet_tables() -> Any:
    """The tables without the builder: what could follow is tried without making nodes."""
    configuration = copy(_tables().parse_interactive().parser_state.parse_conf)
    configuration.callbacks = cast("Any", {})
    return configuration


_Explanation: TypeAlias = tuple[str, Token, tuple[tuple[str, str], ...]]
_STARTS = frozenset(DECLARATION_STARTS)
_LITERALS = frozenset({"STRING", "NUMBER", "PERCENT", "DATE", "TIME", "DOTTED", "TAG", "QUOTED", "NAME"})
_STATEMENTS = (
    "LET", "REQUIRE", "REFUSE", "ENTER", "AMEND", "REMOVE", "ANNOUNCE", "IF", "FOR_EACH", "MATCH", "GIVE",
)  # fmt: skip
_STATEMENTS_IN = {"RULE": ("LET", "GIVE"), "EXCEPTION": ("LET", "GIVE"), "QUERY": ("LET", "REQUIRE", "GIVE")}
_OPENINGS = frozenset({*DECLARATION_STARTS, *_STATEMENTS, *INSTRUMENT_FORMS, "WHEN"})
_CONTINUATIONS = (
    "AND", "OR", "EQUAL", "NOT_EQUAL", "LESS", "LESS_OR_EQUAL", "GREATER", "GREATER_OR_EQUAL", "PLUS", "MINUS", "TIMES",
    "DIVIDED", "IN", "NOT_IN", "IS_NONE", "IS_PRESENT", "IS_WORKING_DAY", "AS_OF", "DOT", "DAYS", "MONTHS", "YEARS",
    "WORKING_DAYS", "HOURS", "MINUTES", "HAS", "CURRENCY", "LPAR",
)  # fmt: skip
_FREQUENT_DECLARATIONS = ("ARTICLE", "RULE", "EXCEPTION", "ACT", "EXAMPLE", "PARAMETER")
_AFTER_A_NUMBER = frozenset({"DAYS", "MONTHS", "YEARS", "WORKING_DAYS", "HOURS", "MINUTES"})
_PERCENT = frozenset({"percent", "pct", "percento", "porcento"})
_FIRST = ("RPAR", "RBRACKET", "COLON", "NAME", "STRING", "NUMBER", "DATE", "_COMMA")
_BY_WEIGHT = tuple(
    dict.fromkeys(
        (
            *_FIRST,
            *(row.token for row in KEYWORDS if row.token not in {*_CONTINUATIONS, *DECLARATION_STARTS, *_STATEMENTS}),
            *_STATEMENTS,
            *DECLARATION_STARTS,
            "CITY",
            "DOTTED",
            *_CONTINUATIONS,
        )
    )
)
"""Terminals as a reader wants to hear of them: what closes or is plainly missing first, operators last."""
