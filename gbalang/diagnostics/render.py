"""Diagnostics as people and tools read them: the sentence, the place with its line, second places, the remedy.

    error[E0305] and and or stand side by side.
      --> fees.gba:14:63
     |
    14 |   give late or partial and not waived
     |             -- the other word is here
     |                        ^^^
     = article 1
     = Put parentheses around what belongs together…

Columns count what a reader sees: a Chinese character is two wide.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any
from unicodedata import category, east_asian_width

from gbalang.diagnostics.codes import BY_NUMBER
from gbalang.diagnostics.messages import en, pt, zh_hans, zh_hant
from gbalang.diagnostics.model import Diagnostic, Label, Severity
from gbalang.source import SourceBundle, SourceFile, Span

LANGUAGES: dict[str, ModuleType] = {"en": en, "zh-Hant": zh_hant, "zh-Hans": zh_hans, "pt": pt}
FACT_CHARACTERS_MAX = 200
EXCERPT_COLUMNS_MAX = 110
TRANSLATED_FACTS = ("kind", "found_kind", "wanted_kind", "what", "place", "unit", "earlier", "later")
"""Facts that are terms of the language; the others are words of the drafter or numbers, and stay as they are."""


def sentence(found: Diagnostic, language: str) -> str:
    """Return what is wrong."""
    words = LANGUAGES[language]
    return _fill(words.MESSAGES[found.code][0], found, words)


def remedy(found: Diagnostic, language: str) -> str:
    """Return what to do, with the nearest known name if there is one."""
    words = LANGUAGES[language]
    text = _fill(words.MESSAGES[found.code][1], found, words)
    if found.fact("nearest"):
        text = f"{words.NEAREST.format(nearest=_safe(found.fact('nearest')))} {text}"
    return text


def render(found: Diagnostic, sources: SourceBundle, language: str) -> str:
    """Return a diagnostic as a block of lines."""
    words = LANGUAGES[language]
    severity = words.ERROR if BY_NUMBER[found.code].severity is Severity.ERROR else words.WARNING
    lines = [f"{severity}[{found.code}] {sentence(found, language)}"]
    lines += _places(found, sources, words)
    if found.article is not None:
        lines.append("  = " + words.ARTICLE.format(label=found.article))
    lines.append("  = " + remedy(found, language))
    return "\n".join(lines)


def page(number: str, language: str) -> str:
    """Return what a diagnostic means in general, with its facts as placeholders."""
    row, words = BY_NUMBER[number], LANGUAGES[language]
    severity = words.ERROR if row.severity is Severity.ERROR else words.WARNING
    facts = {name: f"<{name}>" for name in row.facts}
    said, done = words.MESSAGES[number]
    return f"{severity} {number} {row.slug}\n\n{said.format(**facts)}\n{done.format(**facts)}"


def to_json(found: Diagnostic, sources: SourceBundle, language: str) -> dict[str, Any]:
    """Return a diagnostic for tools: places with lines and columns from 1, in code points."""
    row = BY_NUMBER[found.code]
    roles = LANGUAGES[language].ROLES
    return {
        "code": found.code,
        "name": row.slug,
        "severity": row.severity.value,
        "message": sentence(found, language),
        "remedy": remedy(found, language),
        "article": found.article or "",
        "facts": dict(found.facts),
        "place": _place_json(found.span, sources),
        "labels": [
            {"role": label.role, "text": roles[label.role], "place": _place_json(label.span, sources)}
            for label in found.labels
        ],
    }


def _place_json(span: Span, sources: SourceBundle) -> dict[str, Any]:
    source = sources.file(span.path)
    if source is None:
        return {"path": span.path}
    (line, column), (end_line, end_column) = source.lines.position(span.start), source.lines.position(span.end)
    return {"path": span.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


# ---------------------------------------------------------------- words


def _fill(template: str, found: Diagnostic, words: ModuleType) -> str:
    facts = dict.fromkeys(BY_NUMBER[found.code].facts, "")
    for name, text in found.facts:
        facts[name] = words.TERMS.get(text, _safe(text)) if name in TRANSLATED_FACTS else _safe(text)
    return template.format(**facts)


def _safe(text: str) -> str:
    """Return a text from outside so that it can be shown: short, and without characters that command a terminal."""
    shown = "".join(f"<U+{ord(each):04X}>" if _is_unsafe(each) else each for each in text[:FACT_CHARACTERS_MAX])
    return shown + ("…" if len(text) > FACT_CHARACTERS_MAX else "")


def _is_unsafe(character: str) -> bool:
    return category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


# ---------------------------------------------------------------- places


def _places(found: Diagnostic, sources: SourceBundle, words: ModuleType) -> list[str]:
    """The main place, then second places: those of the same line under it, others with their own line."""
    lines: list[str] = []
    own = Label(found.span, "")
    groups: dict[tuple[str, int], list[Label]] = {}
    for label in (own, *found.labels):
        source = sources.file(label.span.path)
        number = 0 if source is None else source.lines.position(label.span.start)[0]
        groups.setdefault((label.span.path, number), []).append(label)
    path = None
    gutter = max(len(str(number)) for _, number in groups)
    for (group_path, number), labels in groups.items():
        source = sources.file(group_path)
        if source is None:
            lines.append(f" {' ' * gutter}--> {group_path}")
            continue
        if group_path != path:
            line, column = source.lines.position(labels[0].span.start)
            lines.append(f" {' ' * gutter}--> {group_path}:{line}:{column}")
            path = group_path
        lines += _excerpt(source, number, labels, own, words, gutter)
    return lines


def _excerpt(
    source: SourceFile, number: int, labels: list[Label], own: Label, words: ModuleType, gutter: int
) -> list[str]:
    start = source.lines.starts[number - 1]
    end = source.lines.starts[number] - 1 if number < len(source.lines.starts) else len(source.text)
    text = source.text[start:end]
    first = min(label.span.start for label in labels) - start
    left, shown = _window(text, first)
    margin = " " * gutter
    lines = [f" {margin} |", f" {number:>{gutter}} | {_shown(shown)}".rstrip()]
    for label in sorted(labels, key=lambda each: (each is own, each.span.start)):
        begins = max(label.span.start - start - left, 0)
        ends = max(min(label.span.end, end) - start - left, begins + 1)
        mark = ("^" if label is own else "-") * max(1, _width(shown[begins:ends]))
        phrase = "" if label is own else " " + words.ROLES[label.role]
        lines.append(f" {margin} | {' ' * _width(shown[:begins])}{mark[:EXCERPT_COLUMNS_MAX]}{phrase}")
    return lines


def _window(text: str, first: int) -> tuple[int, str]:
    """Return the part of a long line around a place, and how many characters were cut off before it."""
    if _width(text) <= EXCERPT_COLUMNS_MAX:
        return 0, text
    left = max(0, first - EXCERPT_COLUMNS_MAX // 4)
    return left, text[left : left + EXCERPT_COLUMNS_MAX // 2]


def _shown(text: str) -> str:
    return "".join("    " if each == "\t" else "?" if _is_unsafe(each) else each for each in text)


def _width(text: str) -> int:
    return sum(4 if each == "\t" else 2 if east_asian_width(each) in {"W", "F"} else 1 for each in text)
