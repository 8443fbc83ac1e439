"""Names that a reader takes for one another: 證 and 証, 為 and 爲, Latin o and Greek ο, full-width and half-width.

Two different names that look alike are a mistake, because a jurist who reads the text cannot see which one is meant.
The pairs are the variants in use in the eleven cities and the letters that Unicode's TR 39 lists as confusable with
Latin ones; NFKC, from the same standard's annex 15, folds the widths.
"""

from __future__ import annotations

from unicodedata import normalize

from gbalang.check.mistakes import Findings
from gbalang.check.symbols import Module
from gbalang.diagnostics.model import Label
from gbalang.source import Span

_LIKE = (
    "證証", "為爲", "台臺", "裡裏", "群羣", "峰峯", "線綫", "秘祕", "啟啓", "床牀", "眾衆", "麵麪", "鉤鈎", "匯滙",
    "說説", "閱閲", "稅税", "脫脱", "溫温", "戶户", "產産", "彥彦", "顏顔", "錄録", "綠緑", "吳吴", "內内", "黃黄",
    "真眞", "慎愼", "值値", "強强", "卻却", "污汙", "著着", "核覈", "佔占", "註注", "週周", "劃畫", "恆恒", "煙烟",
    "oοо0О", "aаα", "eе", "cс", "pрρ", "xх", "yу", "iіι1l", "vν", "kкκ", "AАΑ", "BВΒ", "EЕΕ", "HНΗ", "KКΚ", "MМΜ",
    "NΝ", "OОΟ", "PРΡ", "TТΤ", "XХΧ", "YΥ", "CС", "SЅ", "sѕ", "jј", "一ー",
)  # fmt: skip
_SAFE = "0O1l"
"""Digits and Latin letters that only look alike next to each other are left to the reader's own alphabet."""
_FOLD = {ord(other): group[0] for group in _LIKE for other in group[1:] if other not in _SAFE}


def skeleton(name: str) -> str:
    """Return what two names that look alike have in common."""
    return normalize("NFKC", name).translate(_FOLD)


def report_lookalikes(findings: Findings, module: Module) -> None:
    """Report every name of a module that looks like an earlier one but is not the same."""
    places: list[tuple[Span, str]] = [
        (symbol.span, name) for space in module.spaces.values() for name, symbol in space.items()
    ]
    places += [(member.span, name) for name, members in module.enumerators.items() for member in members]
    first: dict[str, tuple[Span, str]] = {}
    for span, name in sorted(places):
        before = first.setdefault(skeleton(name), (span, name))
        if before[1] != name:
            findings.add("E0204", span, Label(before[0], "first"), name=name, other=before[1])
