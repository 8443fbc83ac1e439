"""Failures that `gba test` keeps: what the file says, how it is tried again, and what becomes of it after edits."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from gbalang.cli import keeping
from gbalang.cli.reporting import Drawing
from gbalang.cli.session import LANGUAGES
from gbalang.testing.draw import SEED
from gbalang.testing.histories import HISTORIES
from gbalang.testing.properties import CASES
from tests.cli.purses import MENDED, PURSES, SMALL, write
from tests.cli.running import Ran, gba, in_four_languages

FEE = "property-The-fee-is-five-"
LITTLE = "property-Little-is-spent-"
PURSE = "invariant-at_most_500-"

def keep(folder: Path) -> dict[str, Path]:
    """Test the instrument as it is and return the files kept, by the beginnings of their names."""
    ran = gba("test", write(folder), *SMALL, "--save-failure", str(folder / "kept"))
    assert ran.code == 3
    files = sorted((folder / "kept").iterdir())
    return {next(name for name in (FEE, LITTLE, PURSE) if file.name.startswith(name)): file for file in files}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What is kept of the instrument."""
    return keep(tmp_path_factory.mktemp("purses"))


@pytest.fixture
def beside(kept: dict[str, Path], tmp_path: Path) -> None:
    """The same, in the folder that is looked into."""
    shutil.copytree(kept[FEE].parent, tmp_path / "failures")


def replay(path: str, *files: Path) -> Ran:
    return gba("test", path, *[word for file in files for word in ("--replay", str(file))], "--json")


def rows(ran: Ran) -> list[dict[str, Any]]:
    """Return what a command says of the kept failures of its one instrument."""
    (report,) = ran.document()["instruments"]
    found: list[dict[str, Any]] = report["kept"]
    return found


# ---------------------------------------------------------------- what is kept


def test_a_failure_is_kept_in_the_words_of_the_instrument(kept: dict[str, Path]) -> None:
    """The smallest cases: the first day of the other fee, the first number too many; one purse, on the first day."""
    assert set(kept) == {FEE, LITTLE, PURSE}
    said = {name: json.loads(file.read_text("utf-8")) for name, file in kept.items()}
    assert said[FEE] == {
        "kept": 1, "instrument": "purses", "property": "The fee is five",
        "case": {"day": "2027-01-01", "variables": {"spent": "1"}},
    }  # fmt: skip
    assert said[LITTLE]["case"] == {"day": "", "variables": {"spent": "200"}}
    (deed,) = said[PURSE].pop("deeds")
    assert said[PURSE] == {"kept": 1, "instrument": "purses", "invariant": "at_most_500"}
    assert deed.pop("actor") in {f"{deed['city']}/a", f"{deed['city']}/b"}
    del deed["city"]
    assert deed == {
        "day": "2026-01-01", "kind": "person", "roles": ["payer"], "act": "put",
        "arguments": {"amount": "501", "note": '""'},
    }  # fmt: skip


def test_the_file_is_canonical_and_the_same_failure_is_the_same_file(kept: dict[str, Path], tmp_path: Path) -> None:
    first = {file.name: file.read_bytes() for file in kept.values()}
    assert {file.name: file.read_bytes() for file in keep(tmp_path).values()} == first
    assert {file.name: file.read_bytes() for file in keep(tmp_path).values()} == first
    for data in first.values():
        assert data.decode("utf-8") == json.dumps(json.loads(data), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def test_what_cannot_be_read_again_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEPT_BYTES_MAX", 10)
    ran = gba("test", write(tmp_path), *SMALL, "--save-failure", str(tmp_path / "kept"))
    assert ran.code == 3
    assert ran.out.count("more than 10 bytes") == 3
    assert not (tmp_path / "kept").exists()
    assert "--replay" not in ran.out


# ---------------------------------------------------------------- the line that shows it again


def lines_of(ran: Ran) -> list[str]:
    return [line.partition(": ")[2] for line in ran.out.splitlines() if line.startswith("Again with: ")]


def test_every_failure_ends_with_the_line_that_shows_it_again(tmp_path: Path) -> None:
    """Options stand in the line where they are not the usual ones."""
    path = write(tmp_path, ("holds spent < 200", 'holds spent < 200\n\n  example "One" 1 = 2'))
    usual = ("--seed", str(SEED), "--cases", str(CASES), "--histories", str(HISTORIES))
    assert lines_of(gba("test", path, *usual, "--no-apart")) == [f"gba test {path} --no-apart"] * 4
    assert Drawing(SEED, CASES, HISTORIES, apart=True).options == ()
    ran = gba("test", path, "--seed", "7", *SMALL)
    line = f"gba test {path} --seed 7 --cases 60 --histories 4 --no-apart"
    assert lines_of(ran) == [line] * 4
    assert gba(*shlex.split(line)[1:]) == ran


def test_the_line_names_the_kept_file_and_shows_that_failure_alone(tmp_path: Path) -> None:
    folder = tmp_path / "two words"
    ran = gba("test", write(tmp_path), *SMALL, "--save-failure", str(folder))
    lines = [shlex.split(line) for line in lines_of(ran)]
    assert sorted(line[-1] for line in lines) == sorted(str(file) for file in folder.iterdir())
    stories = ("The fee is five", "Little is spent", "at_most_500")
    for line, own in zip(lines, stories, strict=True):
        again = gba(*line[1:])
        assert again.code == 3
        assert [each for each in stories if each in again.out] == [own]


def test_tools_are_told_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    ran = gba("test", write(tmp_path), *SMALL, "--save-failure", str(folder), "--json")
    (report,) = ran.document()["instruments"]
    for row in (*report["properties"], *report["invariants"]):
        assert Path(row["kept"]).parent == folder
        assert row["replay"] == f"gba test {tmp_path}/purses.gba --replay {row['kept']}"
    mended = gba("test", write(tmp_path, *MENDED), *SMALL, "--save-failure", str(folder), "--json")
    (report,) = mended.document()["instruments"]
    assert {row["replay"] + row["kept"] for row in (*report["properties"], *report["invariants"])} == {""}


# ---------------------------------------------------------------- trying it again


def test_a_kept_failure_still_fails_until_the_instrument_is_mended(kept: dict[str, Path], tmp_path: Path) -> None:
    ran = replay(write(tmp_path), *kept.values())
    assert ran.code == 3
    assert [row["status"] for row in rows(ran)] == ["fails"] * 3
    mended = replay(write(tmp_path, *MENDED), *kept.values())
    assert mended.code == 0
    assert [row["status"] for row in rows(mended)] == ["holds"] * 3


def test_only_the_kept_failure_is_tried(kept: dict[str, Path], tmp_path: Path) -> None:
    (report,) = replay(write(tmp_path), kept[PURSE]).document()["instruments"]
    assert (report["examples"], report["properties"], report["invariants"]) == ([], [], [])
    assert [(row["what"], row["story"]) for row in report["kept"]] == [
        ("at_most_500", [f'2026-01-01  {actor_of(kept[PURSE])} (payer)  put(amount: 501, note: "")'])
    ]  # fmt: skip


def actor_of(file: Path) -> str:
    return str(json.loads(file.read_text("utf-8"))["deeds"][0]["actor"])


def test_a_history_that_is_refused_now_holds_and_says_so(kept: dict[str, Path], tmp_path: Path) -> None:
    """An act that the instrument no longer carries out proves less than one that it does."""
    path = write(tmp_path, ("    enter Purse", "    require amount <= 500 else refuse twice\n    enter Purse"))
    (row,) = rows(replay(path, kept[PURSE]))
    assert (row["status"], row["deeds"], row["carried_out"]) == ("holds", 1, 0)
    assert "of its 1 deeds, 0" in gba("test", path, "--replay", str(kept[PURSE])).out


SAME = {
    "another act before it": (
        "  act put(", "  act nothing() by payer\n    require true else refuse twice\n\n  act put(",
    ),
    "another invariant before it": (
        "  invariant at_most_500",
        "  invariant all holds every purse in entries of purses satisfies purse.amount >= 0\n\n  invariant at_most_500",
    ),
    "another property before it": (
        '  property "Little', '  property "One" for any given: Int from 1 to 3 holds given > 0\n  property "Little',
    ),
    "parameters in another order": (
        "put(amount: Int from 0 to 1_000, note: Text(10 max characters))",
        "put(note: Text(10 max characters), amount: Int from 0 to 1_000)",
    ),
    "wider ranges": ("from 0 to 1_000", "from 0 to 2_000"),
    "another article": ('article 2 "Purses"', 'article 2 "Nothing"\n  refusal never en "Never."\n\narticle 3 "Purses"'),
}
"""Edits after which a kept failure is still the same failure."""


@pytest.mark.parametrize("edit", SAME)
def test_a_kept_failure_survives(edit: str, kept: dict[str, Path], tmp_path: Path) -> None:
    ran = replay(write(tmp_path, SAME[edit]), *kept.values())
    assert [row["status"] for row in rows(ran)] == ["fails"] * 3
    assert ran.code == 3


GONE = {
    "another act": (PURSE, "  act put(", "  act pay_in(", "kept_act_gone"),
    "another name of a parameter": (PURSE, "1_000, note: T", "1_000, remark: T", "argument_unknown"),
    "a further parameter": (PURSE, "  act put(", "  act put(further: Int from 0 to 1, ", "argument_missing"),
    "a parameter less": (PURSE, ", note: Text(10 max characters)) by", ") by", "argument_unknown"),
    "a narrower range": (PURSE, "(amount: Int from 0 to 1_000", "(amount: Int from 0 to 500", "argument_malformed"),
    "another type": (PURSE, "put(amount: Int from 0 to 1_000", "put(amount: Date", "argument_malformed"),
    "another role": (PURSE, "payer", "holder_of_purse", "kept_role_gone"),
    "another invariant": (PURSE, "invariant at_most_500", "invariant low", "kept_invariant_gone"),
    "a later commencement": (PURSE, "effective 2026-01-01", "effective 2026-01-02", "kept_before_commencement"),
    "another instrument": (PURSE, "contract purses", "contract wallets", "kept_other_instrument"),
    "another title": (LITTLE, '"Little is spent"', '"Not much is spent"', "kept_property_gone"),
    "another variable": (LITTLE, "any spent: Int from 1 to 300", "any other: Int from 1 to 3", "argument_unknown"),
    "a further variable": (LITTLE, "any spent: Int", "any other: Bool, spent: Int", "argument_missing"),
    "a narrower variable": (LITTLE, "spent: Int from 1 to 300", "spent: Int from 1 to 100", "argument_malformed"),
    "a narrower property": (LITTLE, "to 300 holds", "to 300 where spent <> 200 holds", "kept_case_excluded"),
    "a property that depends on the day": (LITTLE, "spent < 200", "spent < 200 and fee < 9 CNY", "kept_day_needed"),
}  # fmt: skip
"""Edits after which a kept failure says nothing of the instrument any more, and the reason that is given."""


def edited(folder: Path, before: str, after: str) -> str:
    """Write the instrument with an edit; what else uses a changed name follows."""
    changes = [(before, after)]
    if "remark" in after:
        changes.append(("note: note", "note: remark"))
    if after == ") by":
        changes.append(("note: note", 'note: ""'))
    if "amount: Date" in after:
        changes.append(("amount: amount, ", "amount: 501, "))
    if "any other: Int" in after:
        changes.append(("holds spent < 200", "holds other < 3"))
    return write(folder, *changes)


@pytest.mark.parametrize("edit", GONE)
def test_a_kept_failure_is_no_longer_applicable(edit: str, kept: dict[str, Path], tmp_path: Path) -> None:
    name, before, after, reason = GONE[edit]
    file = kept[name]
    path = edited(tmp_path, before, after)
    ran = replay(path, file)
    assert ran.code == 0
    (row,) = rows(ran)
    assert (row["status"], row["reason"]["key"]) == ("not applicable", reason)
    assert "no longer applicable" in gba("test", path, "--replay", str(file)).out
    assert len(set(in_four_languages("test", path, "--replay", str(file)))) == len(LANGUAGES)


# ---------------------------------------------------------------- the folder beside the instrument


@pytest.mark.usefixtures("beside")
def test_what_is_kept_beside_the_instrument_is_tried_first(tmp_path: Path) -> None:
    ran = gba("test", write(tmp_path, ("fee = 5 CNY", "fee <= 6 CNY"), ("at_most_500", "low")), *SMALL)
    assert ran.code == 3
    assert ran.out.index("The kept case") < ran.out.index("The invariant low does not hold")
    assert "Kept cases: 3, of which still failing: 1, no longer applicable: 1" in ran.out


@pytest.mark.usefixtures("beside")
def test_a_failure_is_told_once(tmp_path: Path) -> None:
    ran = gba("test", write(tmp_path), *SMALL)
    assert ran.code == 3
    stories = ("“The fee is five”", "“Little is spent”", "at_most_500 does not")
    assert [ran.out.count(story) for story in stories] == [1, 1, 1]


def test_what_is_kept_changes_nothing_that_is_drawn(kept: dict[str, Path], tmp_path: Path) -> None:
    (before,) = gba("test", write(tmp_path), *SMALL, "--json").document()["instruments"]
    shutil.copytree(kept[FEE].parent, tmp_path / "failures")
    (after,) = gba("test", write(tmp_path), *SMALL, "--json").document()["instruments"]
    assert len(after.pop("kept")) == 3
    assert before.pop("kept") == []
    assert after.pop("engines")["calls"] == before.pop("engines")["calls"] + 4, "two properties, an act, an invariant"
    assert after == before


@pytest.mark.usefixtures("beside")
def test_a_mended_instrument_passes_with_what_was_kept(tmp_path: Path) -> None:
    ran = gba("test", write(tmp_path, *MENDED), *SMALL)
    assert ran.code == 0
    assert "Kept cases: 3, of which still failing: 0" in ran.out
    assert "The kept case" not in ran.out


@pytest.mark.usefixtures("beside")
def test_what_is_kept_of_another_instrument_is_left_to_it_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, *MENDED, ("contract purses", "contract wallets"))
    (report,) = gba("test", path, *SMALL, "--json").document()["instruments"]
    assert (report["kept"], report["kept_of_others"]) == ([], 3)
    assert "not tried: 3" in gba("test", path, *SMALL).out


def test_a_link_out_of_the_instruments_folder_is_left_alone(kept: dict[str, Path], tmp_path: Path) -> None:
    here = tmp_path / "here"
    (here / "failures").mkdir(parents=True)
    for name, file in kept.items():
        (here / "failures" / f"{name}.json").symlink_to(file)
    (report,) = gba("test", write(here), *SMALL, "--json").document()["instruments"]
    assert report["kept"] == []


@pytest.mark.usefixtures("beside")
def test_a_folder_of_too_many_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEPT_FILES_MAX", 2)
    ran = gba("test", write(tmp_path), "--json")
    assert (ran.code, ran.document()["error"]["key"]) == (1, "kept_too_many")


# ---------------------------------------------------------------- what comes from outside


def test_what_is_no_kept_failure_ends_with_1_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "false.json"
    for data in (b"", b"\xff", b"[" * 100_000, b"{}", b'{"kept": 1, "kept": 1}', PURSES.encode()):
        file.write_bytes(data)
        for words in (("--replay", str(file)), ()):
            if not words:
                (tmp_path / "failures").mkdir(exist_ok=True)
                (tmp_path / "failures" / file.name).write_bytes(data)
            ran = gba("test", write(tmp_path), *words, "--json")
            assert (ran.code, ran.document()["error"]["key"]) == (1, "kept_malformed")
            assert file.name in ran.document()["error"]["facts"]["path"]


@pytest.mark.parametrize("data", [b"[", b'{"kept": 2}'])
def test_why_it_is_none_is_said_in_four_languages(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "false.json"
    file.write_bytes(data)
    assert len(set(in_four_languages("test", write(tmp_path), "--replay", str(file)))) == len(LANGUAGES)


HOSTILE = {
    "an endless number": ("arguments", {"amount": "9" * 500_000, "note": '""'}),
    "a text without an end": ("arguments", {"amount": "1", "note": '"' + "\\" * 300_000}),
    "brackets": ("arguments", {"amount": "[" * 500_000, "note": '""'}),
    "half of a pair": ("arguments", {"amount": "1", "note": "\ud800"}),
    "what steers a terminal": ("arguments", {"amount": "\x1b[2J", "note": '""'}),
    "a thousand arguments": ("arguments", {f"a{number}": "1" for number in range(1_000)}),
    "no such act": ("act", "x" * 900_000),
    "no such role": ("roles", ["x" * 900_000]),
    "no such day": ("day", "2026-02-30"),
    "a day before any calendar": ("day", "0000-00-00"),
    "no holder": ("actor", "Macao/" + "x" * 900_000),
    "no city": ("actor", "Lisbon/a"),
    "a city as a person": ("actor", "Macao"),
}
"""Parts of a deed that have the form of one and are none."""


@pytest.mark.parametrize("part", HOSTILE)
def test_what_only_looks_like_a_deed_is_not_applicable(part: str, kept: dict[str, Path], tmp_path: Path) -> None:
    """Nothing of it is repeated at length, or as it is where that would steer a terminal."""
    document = json.loads(kept[PURSE].read_text("utf-8"))
    (deed,) = document["deeds"]
    name, value = HOSTILE[part]
    deed[name] = value
    deed["city"] = deed["actor"].partition("/")[0]
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps(document), "utf-8")
    ran = gba("test", write(tmp_path), "--replay", str(file))
    assert ran.code == 0
    assert "is no longer applicable" in ran.out
    assert len(ran.out) < 2_000
    assert "\x1b" not in ran.out
    assert rows(replay(write(tmp_path), file))[0]["status"] == "not applicable"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    file.write_bytes(b" " * (keeping.KEPT_BYTES_MAX + 1))
    ran = gba("test", write(tmp_path), "--replay", str(file), "--json")
    assert (ran.code, ran.document()["error"]["key"]) == (1, "file_too_large")
