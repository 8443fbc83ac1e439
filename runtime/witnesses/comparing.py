"""Eleven processes re-execute one recording: which one differs, in what, where it arose, and which setting does it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from runtime.records import Recording
from runtime.witnesses.processes import Answer, Company, at_once
from runtime.witnesses.settings import Design, Settings, ordinary

HELD = 0


@dataclass(frozen=True, slots=True)
class Place:
    """An instruction of a program: the function's index and the place in it."""

    function: int
    instruction: int


@dataclass(frozen=True, slots=True)
class Divergence:
    """A process that differs from an ordinary one.

    `height` and `index`: the first block and transaction that differ, None when that could not be found; `what`: the
    word of the line that differs (see account.py), with both its values; `place`: the instruction where it arose;
    `axes`: the settings of which each alone makes an ordinary process differ, or all that differ when none does alone.
    """

    city: str
    settings: Settings
    said: str
    height: int | None
    index: int | None
    what: str
    expected: str
    found: str
    place: Place | None
    axes: tuple[str, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What eleven processes said, beside an ordinary one. `said`: by that; `held`: it computed what was recorded."""

    said: str
    held: bool
    agreeing: tuple[str, ...]
    divergences: tuple[Divergence, ...]

    @property
    def agrees(self) -> bool:
        """Whether every process computed what was recorded."""
        return self.held and not self.divergences


def compare(company: Company, design: Design, recording: Recording, path: Path) -> Comparison:
    """Let every city's process re-execute a recording, which `path` holds, and explain each that differs."""
    cities = tuple(design.cities.items())
    answers = at_once([settings for _, settings in cities], lambda settings: company.witness(settings, [path]))
    axes = cities[0][1].axes
    expected = company.witness(ordinary(axes), [path])
    agreeing = tuple(city for (city, _), answer in zip(cities, answers, strict=True) if _agrees(answer, expected))
    explainer = _Explainer(company, ordinary(axes), expected, recording, path)
    divergences = [
        explainer.explain(city, settings, answer)
        for (city, settings), answer in zip(cities, answers, strict=True)
        if city not in agreeing
    ]
    said = expected.lines[-1] if expected.lines else expected.errors.strip()
    return Comparison(said, expected.code == HELD, agreeing, tuple(divergences))


def _agrees(answer: Answer, expected: Answer) -> bool:
    return answer == expected


class _Explainer:
    def __init__(
        self, company: Company, usual: Settings, expected: Answer, recording: Recording, path: Path
    ) -> None:
        self._company = company
        self._usual = usual
        self._expected = expected
        self._recording = recording
        self._path = path
        self._accounts: dict[tuple[Settings, int], Answer] = {}

    def explain(self, city: str, settings: Settings, answer: Answer) -> Divergence:
        said = answer.errors.strip() or " ".join(answer.lines)
        axes = tuple(
            name for name in self._usual.differing(settings)
            if not _agrees(self._company.witness(self._usual.only(name, settings), [self._path]), self._expected)
        )
        alone = bool(axes)
        if not alone:
            axes = self._usual.differing(settings)
        height = self._first_block(settings)
        index = None if height is None else self._first_transaction(settings, height)
        if height is None or index is None:
            return Divergence(city, settings, said, height, None, "", "", "", None, axes, alone)
        ours, theirs = (
            self._company.witness(each, [self._path], "--detail", str(height), str(index)).lines
            for each in (self._usual, settings)
        )
        what, expected, found = _first_difference(_effects(ours), _effects(theirs))
        return Divergence(
            city, settings, said, height, index, what, expected, found, _place(ours, theirs, what, expected, found),
            axes, alone,
        )  # fmt: skip

    def _first_block(self, settings: Settings) -> int | None:
        """Return the first block of which a process gives another account."""
        low, high = 1, len(self._recording.blocks)
        if not self._differs(settings, high):
            return None
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._differs(settings, middle) else (middle + 1, high)
        return low

    def _differs(self, settings: Settings, height: int) -> bool:
        return self._account(settings, height) != self._account(self._usual, height)

    def _account(self, settings: Settings, height: int) -> Answer:
        asked = (settings, height)
        if asked not in self._accounts:
            self._accounts[asked] = self._company.witness(settings, [self._path], "--account", str(height))
        return self._accounts[asked]

    def _first_transaction(self, settings: Settings, height: int) -> int | None:
        ours, theirs = (self._account(each, height).lines for each in (self._usual, settings))
        for index in range(max(len(ours), len(theirs))):
            if ours[index : index + 1] != theirs[index : index + 1]:
                return index
        return None


def _effects(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in lines if not line.startswith(("step ", "write ")))


def _first_difference(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, str, str]:
    """Return the word that begins the first line that differs, and what follows it in both."""
    for place in range(max(len(ours), len(theirs))):
        expected, found = (lines[place] if place < len(lines) else "" for lines in (ours, theirs))
        if expected != found:
            what = (expected or found).partition(" ")[0]
            return what, expected.partition(" ")[2], found.partition(" ")[2]
    return "", "", ""


def _place(ours: tuple[str, ...], theirs: tuple[str, ...], what: str, expected: str, found: str) -> Place | None:
    """Return the first instruction that left something else on the stack; else the one that made what differs."""
    steps, others = (tuple(line for line in lines if line.startswith("step ")) for lines in (ours, theirs))
    for place in range(min(len(steps), len(others))):
        if steps[place] != others[place]:
            return _place_in(steps[place])
    if what == "change":
        key = (expected or found).partition(" ")[0]
        writes = [line for line in (*ours, *theirs) if line.startswith("write ") and key.endswith(line.split(" ")[4])]
        return _place_in(writes[-1]) if writes else None
    return _place_in(steps[-1]) if steps else None


def _place_in(line: str) -> Place:
    _, function, instruction, *_ = line.split(" ")
    return Place(int(function), int(instruction))
