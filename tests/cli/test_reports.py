"""The reports of `gba test` for machines: JUnit, and JSON that is the same wherever it is made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gbalang.cli import replicas
from gbalang.cli.session import LANGUAGES
from gbalang.testing.running import Runner, Tally
from runtime.witnesses.comparing import Comparison
from tests.architecture.sources import ROOT
from tests.cli.purses import MENDED, SMALL, write
from tests.cli.running import gba

RUN = "import sys; from gbalang.cli.group import application; sys.exit(application(sys.argv[1:]))"

MORE = (
    '  property "Little is spent"',
    """  example "One" 1 = 1
  example "Two" 1 = 2

  property "None is spent" for any spent: Int from 1 to 3
    where spent > 3
    holds spent = 0
  property "Little is spent\"""",
)
"""Examples, and a property of which there is no case."""


def suite(path: str, file: Path, *words: str) -> ET.Element:
    """Test an instrument and return its suite."""
    gba("test", path, *SMALL, "--junit", str(file), *words)
    (found,) = ET.fromstring(file.read_bytes())
    return found


def endings(suite_: ET.Element) -> list[tuple[str | None, str | None, list[str]]]:
    return [(case.get("classname"), case.get("name"), [each.tag for each in case]) for case in suite_]


def test_junit_has_a_case_for_everything_that_was_tried(tmp_path: Path) -> None:
    """The smallest purse that is too full is told in the text; what was never tried is skipped."""
    never = "  invariant never holds every other in entries of others satisfies other.amount > 5\n\n"
    others = ("by holder", "by holder\n  register others: Purse by holder")
    path = write(tmp_path, MORE, others, ("  invariant", never + "  invariant"))
    found = suite(path, tmp_path / "report.xml")
    assert endings(found) == [
        ("purses.example", "One", []),
        ("purses.example", "Two", ["failure"]),
        ("purses.property", "The fee is five", ["failure"]),
        ("purses.property", "None is spent", ["skipped"]),
        ("purses.property", "Little is spent", ["failure"]),
        ("purses.invariant", "never", ["skipped"]),
        ("purses.invariant", "at_most_500", ["failure"]),
        ("purses.always", "engines_agree", []),
        ("purses.always", "refused_acts_change_nothing", []),
    ]
    counts = {"name": "purses", "file": path, "tests": "9", "errors": "0", "failures": "4", "skipped": "2"}
    assert dict(found.attrib) == counts
    story = found.findtext("testcase[@name='at_most_500']/failure")
    assert story is not None
    assert "put(amount: 501" in story
    assert f"gba test {path}" in story


def test_junit_tells_of_kept_failures(tmp_path: Path) -> None:
    gba("test", write(tmp_path), *SMALL, "--save-failure", str(tmp_path / "failures"))
    path = write(tmp_path, ("fee = 5 CNY", "fee <= 6 CNY"), ("at_most_500", "low"))
    kept = [(name, tags) for group, name, tags in endings(suite(path, tmp_path / "r.xml")) if group == "purses.kept"]
    names = sorted(file.name for file in (tmp_path / "failures").iterdir())
    assert [name for name, _ in kept] == names
    assert [tags for _, tags in kept] == [["skipped"], ["failure"], []], "an invariant, little spent, the fee"


def test_what_every_instrument_promises_fails_with_the_line_that_shows_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Engines that differ, and a ledger that does not undo: everything that was tried is tried again."""
    original = Runner._compare
    monkeypatch.setattr(Runner, "_compare", lambda self, index, equal: original(self, index, not equal))
    monkeypatch.setattr(Tally, "undone", property(lambda _: False, lambda _, value: None), raising=True)
    path, file = write(tmp_path, *MENDED), tmp_path / "report.xml"
    found = suite(path, file)
    for name in ("engines_agree", "refused_acts_change_nothing"):
        story = found.findtext(f"testcase[@name='{name}']/failure")
        assert story is not None
        assert story.endswith(f"gba test {path} {' '.join(SMALL)}")


def test_cities_that_differ_are_a_failure_with_the_line_that_shows_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    differing = Comparison("another root", held=False, agreeing=(), divergences=())
    monkeypatch.setattr(replicas, "execute_apart", lambda _: differing)
    path = write(tmp_path, *MENDED)
    file = tmp_path / "report.xml"
    small = ("--cases", "60", "--histories", "4")
    ran = gba("test", path, *small, "--junit", str(file))
    assert ran.code == 3
    line = f"gba test {path} --cases 60 --histories 4"
    assert f"another root\nAgain with: {line}\n" in ran.out
    story = ET.fromstring(file.read_bytes()).findtext("testsuite/testcase[@name='cities_agree']/failure")
    assert story is not None
    assert story.endswith(line)
    (report,) = gba("test", path, *small, "--json").document()["instruments"]
    assert (report["passed"], report["replay"]) == (False, line)


def test_there_is_a_suite_for_each_instrument(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, ("contract purses", f"contract {name}"))
    file = tmp_path / "report.xml"
    gba("test", str(tmp_path), "--cases", "5", "--histories", "1", "--no-apart", "--junit", str(file))
    suites = ET.fromstring(file.read_bytes())
    assert [each.get("name") for each in suites] == ["first", "second"]


@pytest.mark.parametrize("unseen", ["\ufffe", "\uffff", "\ue000", "😀", "<&>", "]]>", "「"])
def test_what_xml_does_not_hold_is_written_out(unseen: str, tmp_path: Path) -> None:
    path = write(tmp_path, ("Little is spent", f"Little{unseen}is spent"))
    names = [name for _, name, _ in endings(suite(path, tmp_path / "report.xml"))]
    written = unseen.encode("ascii", "backslashreplace").decode() if unseen in {"\ufffe", "\uffff"} else unseen
    assert f"Little{written}is spent" in names


def test_a_value_with_controls_is_written_out(tmp_path: Path) -> None:
    """The case to be kept holds every control, so the story of what still fails does."""
    path = write(tmp_path, ("any spent: Int from 1 to 300", "any spent: Text(99 max characters)"), (
        "holds spent < 200", 'holds spent = ""',
    ))  # fmt: skip
    controls = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF]))
    from gbalang.cli.keeping import KeptCase, encode_kept

    shown = '"' + controls.replace("\n", "\\n") + '"'
    file = tmp_path / "kept.json"
    file.write_bytes(encode_kept(KeptCase("purses", "Little is spent", "", (("spent", shown),))))
    found = suite(path, tmp_path / "report.xml", "--replay", str(file))
    story = found.findtext("testcase/failure")
    assert story is not None
    assert all(f"\\u{code:04x}" in story for code in (0x00, 0x0D, 0x1B, 0x7F, 0x9F, 0xFFFE, 0xFFFF))


def test_the_stories_are_in_the_language_of_messages(tmp_path: Path) -> None:
    path = write(tmp_path)
    files = [tmp_path / f"{language}.xml" for language in LANGUAGES]
    suites = [suite(path, file, "--lang", language) for file, language in zip(files, LANGUAGES, strict=True)]
    assert len({file.read_bytes() for file in files}) == len(LANGUAGES)
    assert len({str(endings(each)) for each in suites}) == 1, "names are the same"


SURROUNDINGS = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "pt_PT.UTF-8", "TZ": "Asia/Macau"},
    {"PYTHONHASHSEED": "3", "LC_ALL": "zh_HK.UTF-8", "TZ": "America/Los_Angeles", "PYTHONUTF8": "1"},
)


def test_the_report_does_not_depend_on_the_surroundings(tmp_path: Path) -> None:
    """Of an instrument with everything in its report: failures, kept ones, and one that no longer applies."""
    gba("test", write(tmp_path), *SMALL, "--save-failure", str(tmp_path / "failures"))
    path = write(tmp_path, MORE, ("at_most_500", "low"), ("Little is spent", "費用"))
    reports = []
    for surroundings in SURROUNDINGS:
        shutil.rmtree(tmp_path / "kept", ignore_errors=True)
        environment = {name: text for name, text in os.environ.items() if name != "GBA_LANG"}
        command = [
            sys.executable, "-c", RUN, "test", path, *SMALL, "--json", "--save-failure", str(tmp_path / "kept"),
            "--junit", str(tmp_path / "report.xml"),
        ]  # fmt: skip
        run = subprocess.run(
            command, capture_output=True, env={**environment, **surroundings}, cwd=ROOT, timeout=120, check=False
        )
        assert run.returncode == 3, run.stderr
        names = sorted(file.name for file in (tmp_path / "kept").iterdir())
        reports.append((run.stdout, names, [(tmp_path / "kept" / name).read_bytes() for name in names]))
    assert len(reports[0][1]) == 3
    assert reports[1:] == reports[:1] * 2
