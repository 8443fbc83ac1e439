"""A failure that is kept: one small file that says what failed, and in which case, in the words of the instrument.

Names and texts, no positions and no bytes: so it survives edits of the instrument, and a person can read it. It comes
from outside and is hostile until it is read: its size is bounded, and whatever does not fit is refused with its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from gbalang.characters import is_plain, visible
from gbalang.cli.session import ExitCode, Session, read_bytes, write_bytes
from gbalang.cli.sources import lies_within
from gbalang.isa.program import Program
from gbalang.isa.verify import KINDS
from gbalang.literals import format_value, show_date
from gbalang.testing.histories import DEEDS_MAX, InvariantResult
from gbalang.testing.properties import PropertyResult
from gbalang.testing.running import Deed

FORM = 1
"""The form of the file; it changes when what the file says changes."""
FOLDER, SUFFIX = "failures", ".json"
KEPT_BYTES_MAX = 1_048_576
"""One kept failure: the smallest case found, and rarely more than a few lines."""
KEPT_FILES_MAX = 1_000
"""Kept failures of one folder: more than that is no longer looked through before every run."""
NAME_CHARACTERS_MAX = 40
"""Characters of what failed in the name of a file; with four bytes each they stay within what any disk takes."""
HASH_CHARACTERS = 10

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_IN_FILE_NAMES = re.compile(r"[\x00-,./:-@\[-^`{-\xa0]+")
"""All of ASCII but letters, digits, the hyphen and the low line."""


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case in which a property failed. `day`: "" where none mattered; `variables`: names with values as texts."""

    instrument: str
    what: str
    day: str
    variables: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeptDeed:
    """One act of a kept history. `city`: that of the actor; `arguments`: names of parameters with values as texts."""

    day: str
    actor: str
    kind: str
    city: str
    roles: tuple[str, ...]
    act: str
    arguments: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeptHistory:
    """Deeds after which an invariant failed."""

    instrument: str
    what: str
    deeds: tuple[KeptDeed, ...]


Kept: TypeAlias = KeptCase | KeptHistory


class KeptRefused(Exception):  # noqa: N818  # the user's mistake, to be said in words
    """A file holds no kept failure: a key of the words' table and its facts."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


# ---------------------------------------------------------------- from what failed


def kept_case(instrument: str, result: PropertyResult) -> KeptCase:
    """Return the case of a property that failed, to be kept."""
    return KeptCase(instrument, result.stated.title, result.day, tuple(sorted(result.case)))


def kept_history(program: Program, result: InvariantResult) -> KeptHistory:
    """Return the history of an invariant that failed, to be kept."""
    return KeptHistory(program.name, result.name, tuple(_kept_deed(program, deed) for deed in result.deeds))


def _kept_deed(program: Program, deed: Deed) -> KeptDeed:
    function, context = program.functions[deed.act], deed.context
    arguments = [
        (field.name, format_value(field.type, value, program))
        for field, value in zip(function.parameters, deed.arguments, strict=True)
    ]
    return KeptDeed(
        show_date(context.today), context.actor, context.actor_kind, context.actor_city, context.roles,
        function.name, tuple(sorted(arguments)),
    )  # fmt: skip


# ---------------------------------------------------------------- writing


def encode_kept(kept: Kept) -> bytes:
    """Return the one text of a kept failure: JSON, sorted and indented, with nothing in it that cannot be seen."""
    document: dict[str, Any] = {"kept": FORM, "instrument": kept.instrument}
    match kept:
        case KeptCase():
            document["property"] = kept.what
            document["case"] = {"day": kept.day, "variables": dict(kept.variables)}
        case KeptHistory():
            document["invariant"] = kept.what
            document["deeds"] = [_deed_document(deed) for deed in kept.deeds]
    text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
    return (visible(text) + "\n").encode("utf-8")


def _deed_document(deed: KeptDeed) -> dict[str, Any]:
    return {
        "day": deed.day, "actor": deed.actor, "kind": deed.kind, "city": deed.city, "roles": list(deed.roles),
        "act": deed.act, "arguments": dict(deed.arguments),
    }  # fmt: skip


def file_name(kept: Kept) -> str:
    """Return the name of a kept failure's file: what failed, and a hash by which the same failure is the same file."""
    kind = "property" if isinstance(kept, KeptCase) else "invariant"
    seen = "".join(character if is_plain(character) else " " for character in kept.what)
    words = _NOT_IN_FILE_NAMES.sub("-", seen).strip("-")[:NAME_CHARACTERS_MAX].rstrip("-")
    digest = sha256(encode_kept(kept)).hexdigest()[:HASH_CHARACTERS]
    return "-".join(part for part in (kind, words, digest) if part) + SUFFIX


def save(session: Session, folder: Path, kept: Kept) -> Path | None:
    """Write a kept failure into a folder and return its file; None if it is larger than could be read again."""
    data = encode_kept(kept)
    if len(data) > KEPT_BYTES_MAX:
        session.say("kept_too_large", what=kept.what, limit=f"{KEPT_BYTES_MAX:,}")
        return None
    path = folder / file_name(kept)
    write_bytes(session, path, data, force=True)
    session.say("written", path=path)
    return path


# ---------------------------------------------------------------- reading


def read_kept(session: Session, path: Path) -> Kept:
    """Read a file that holds a kept failure; anything else ends the command."""
    try:
        return decode_kept(read_bytes(session, path, KEPT_BYTES_MAX))
    except KeptRefused as refused:
        reason = session.word(refused.key, **refused.facts)
        session.fail(ExitCode.AT_FAULT, "kept_malformed", path=path, reason=reason)


def kept_beside(session: Session, instrument: Path) -> list[tuple[Path, Kept]]:
    """Read the failures kept in the folder beside an instrument, in the order of their names.

    A file that lies elsewhere, and is only linked to from there, is left alone: the folder may come from somebody else.
    """
    folder = instrument.parent / FOLDER
    if not folder.is_dir():
        return []
    paths = sorted(path for path in folder.glob(f"*{SUFFIX}") if lies_within(instrument.parent, path))
    if len(paths) > KEPT_FILES_MAX:
        session.fail(ExitCode.AT_FAULT, "kept_too_many", path=folder, limit=f"{KEPT_FILES_MAX:,}")
    return [(path, read_kept(session, path)) for path in paths]


def decode_kept(data: bytes) -> Kept:
    """Return the kept failure that a file holds. Raises KeptRefused."""
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise KeptRefused("kept_not_json") from None
    whole = _Place("", document)
    if isinstance(document, dict) and "property" in document:
        fields = whole.fields("kept", "instrument", "property", "case")
        _expect_form(fields["kept"])
        case = fields["case"].fields("day", "variables")
        day = "" if case["day"].value == "" else case["day"].day()
        return KeptCase(fields["instrument"].text(), fields["property"].text(), day, case["variables"].texts_by_name())
    fields = whole.fields("kept", "instrument", "invariant", "deeds")
    _expect_form(fields["kept"])
    deeds = tuple(_deed(place) for place in fields["deeds"].items(DEEDS_MAX))
    days = [deed.day for deed in deeds]
    if days != sorted(days):
        raise KeptRefused("kept_order")
    return KeptHistory(fields["instrument"].text(), fields["invariant"].text(), deeds)


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _expect_form(place: _Place) -> None:
    if type(place.value) is not int or place.value != FORM:
        raise place.refused()


def _deed(place: _Place) -> KeptDeed:
    fields = place.fields("day", "actor", "kind", "city", "roles", "act", "arguments")
    actor, kind, city = (fields[name].text() for name in ("actor", "kind", "city"))
    if kind not in KINDS:
        raise fields["kind"].refused()
    if city != actor.partition("/")[0]:
        raise fields["city"].refused()
    roles = tuple(each.text() for each in fields["roles"].items(KEPT_BYTES_MAX))
    if list(roles) != sorted(set(roles)):
        raise fields["roles"].refused()
    return KeptDeed(
        fields["day"].day(), actor, kind, city, roles, fields["act"].text(), fields["arguments"].texts_by_name()
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A value of the document with the way to it, which a refusal names."""

    way: str
    value: Any

    def refused(self) -> KeptRefused:
        return KeptRefused("kept_form", place=self.way or "-")

    def fields(self, *names: str) -> dict[str, _Place]:
        """Return the fields of an object that has exactly these."""
        if not isinstance(self.value, dict) or set(self.value) != set(names):
            raise self.refused()
        return {name: _Place(f"{self.way}.{name}".lstrip("."), self.value[name]) for name in names}

    def items(self, most: int) -> list[_Place]:
        """Return the items of a list."""
        if not isinstance(self.value, list) or len(self.value) > most:
            raise self.refused()
        return [_Place(f"{self.way}[{position}]", item) for position, item in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            raise self.refused()
        return self.value

    def day(self) -> str:
        if _DAY.fullmatch(self.text()) is None:
            raise self.refused()
        return self.text()

    def texts_by_name(self) -> tuple[tuple[str, str], ...]:
        if not isinstance(self.value, dict) or not all(isinstance(each, str) for each in self.value.values()):
            raise self.refused()
        return tuple(sorted(self.value.items()))
