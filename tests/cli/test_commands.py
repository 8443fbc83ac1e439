"""Every command: its help, wrong use, the user's mistake, a failed check; for people, for tools, in four languages."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gbalang.cli.group import COMMANDS
from gbalang.cli.session import LANGUAGES
from tests.cli.conftest import Walk
from tests.cli.running import gba, in_four_languages

WRONG_USE = {name: (name, "--no-such-option") for name in COMMANDS} | {
    "call": ("call", "seniors"),  # what looks like an option may be an argument of the act
    "query": ("query", "seniors"),
}
MISTAKES = {
    "new": ("new", "not-a-name"),
    "check": ("check", "nowhere.gba"),
    "fmt": ("fmt", "nowhere.gba"),
    "translate": ("translate", "nowhere.gba", "--to", "pt"),
    "compile": ("compile", "nowhere.gba"),
    "inspect": ("inspect", "nowhere.gbac"),
    "test": ("test", "nowhere.gba"),
    "mutate": ("mutate", "nowhere.gba"),
    "prove": ("prove", "nowhere.gba"),
    "simulate": ("simulate", "nowhere.gba"),
    "net": ("net", "status", "--net", "nowhere"),
    "id": ("id", "show", "--net", "nowhere"),
    "propose": ("propose", "nowhere.gba", "--as", "Macao"),
    "vote": ("vote", "00", "--as", "Macao"),
    "adopt": ("adopt", "00", "--as", "Macao"),
    "deploy": ("deploy", "nowhere.gba"),
    "call": ("call", "seniors", "apply", "place=Guangzhou", "age=x", "fare=1 CNY", "--as", "Guangzhou/alice"),
    "query": ("query", "nothing", "application_of"),
    "explain": ("explain", "zz"),
    "evidence": ("evidence", "zz"),
    "verify": ("verify", "nowhere.gbae"),
    "errors": ("errors", "E9999"),
}
"""`bench` takes nothing from its user that could be mistaken."""


def test_the_tables_name_every_command() -> None:
    assert set(WRONG_USE) == set(COMMANDS)
    assert set(MISTAKES) == set(COMMANDS) - {"bench"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str) -> None:
    ran = gba(command, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: gba {command}")
    assert ran.err == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_use_ends_with_2_and_says_how_it_is_used(command: str) -> None:
    ran = gba(*WRONG_USE[command])
    assert ran.code == 2
    assert ran.out == ""
    assert "Usage: gba" in ran.err
    assert "Error: " in ran.err
    for_tools = gba(*WRONG_USE[command], "--json")
    assert (for_tools.code, for_tools.err) == (2, "")
    assert for_tools.document()["error"]["key"] == "wrong_use"
    assert len(set(in_four_languages(*WRONG_USE[command]))) == len(LANGUAGES)


def test_an_unknown_command_is_wrong_use() -> None:
    ran = gba("chek")
    assert ran.code == 2
    assert f"there is no such command; there are: {', '.join(COMMANDS)}." in ran.err
    for group in ("net", "id"):
        ran = gba(group, "chek", "--lang", "pt")
        assert ran.code == 2
        assert "não existe esse comando; existem: " in ran.err


@pytest.mark.parametrize("words", [(), ("net",), ("id",)])
def test_a_group_that_is_given_nothing_shows_its_help(words: tuple[str, ...]) -> None:
    ran = gba(*words)
    helped = gba(*words, "--help")
    assert helped.code == 0
    assert (ran.out + ran.err).strip() == helped.out.strip()


@pytest.mark.parametrize("command", MISTAKES)
def test_the_users_mistake_ends_with_1(command: str, walk: Walk) -> None:
    assert walk.folder == Path.cwd()
    ran = gba(*MISTAKES[command])
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.strip()
    for_tools = gba(*MISTAKES[command], "--json")
    assert (for_tools.code, for_tools.err) == (1, "")
    assert for_tools.document()["error"]["message"]
    assert len(set(in_four_languages(*MISTAKES[command]))) == len(LANGUAGES)


def test_a_text_with_mistakes_ends_with_1(tmp_path: Path) -> None:
    path = tmp_path / "wrong.gba"
    path.write_text("contract wrong version\n", "utf-8")
    for command in (("check",), ("fmt",), ("compile",), ("inspect",), ("test",)):
        ran = gba(*command, str(path))
        assert ran.code == 1, command
        assert "wrong.gba" in ran.err
        for_tools = gba(*command, str(path), "--json")
        assert (for_tools.code, for_tools.err) == (1, "")
        assert for_tools.document()


def test_failed_checks_end_with_3(walk: Walk, tmp_path: Path) -> None:
    text = (walk.folder / "seniors" / "contract.gba").read_text("utf-8")
    false = tmp_path / "false.gba"
    false.write_text(text.replace("= 400.5 CNY", "= 400 CNY"), "utf-8")
    uneven = tmp_path / "uneven.gba"
    uneven.write_text(text.replace("\n\narticle", "\n\n\narticle"), "utf-8")
    damaged = tmp_path / "damaged.gbae"
    evidence = bytearray((walk.folder / "decision.gbae").read_bytes())
    evidence[len(evidence) // 2] ^= 1
    damaged.write_bytes(evidence)
    for words in (
        ("test", str(false), "--cases", "5", "--histories", "2", "--no-apart"),
        ("fmt", "--check", str(uneven)),
        ("verify", str(damaged)),
        ("verify", "decision.gbae", "--members", "00"),
    ):
        ran = gba(*words)
        assert ran.code == 3, words
        assert ran.out + ran.err
        for_tools = gba(*words, "--json")
        assert (for_tools.code, for_tools.err) == (3, "")
        assert for_tools.document()


@pytest.mark.parametrize("words", [
    ("check", "seniors"), ("inspect", "seniors/contract.gba"), ("errors",), ("errors", "F11"), ("net", "status"),
    ("id", "show"), ("query", "seniors", "application_of", "applicant=Guangzhou/alice"), ("fmt", "--check", "seniors"),
    ("translate", "seniors/contract.gba", "--to", "zh-Hant"),
])  # fmt: skip
def test_success_ends_with_0_and_json_is_one_document(words: tuple[str, ...], walk: Walk) -> None:
    assert walk.folder == Path.cwd()
    ran = gba(*words)
    assert (ran.code, ran.err) == (0, "")
    for_tools = gba(*words, "--json")
    assert (for_tools.code, for_tools.err) == (0, "")
    assert for_tools.document()


@pytest.mark.parametrize("words", [
    ("check", "seniors"), ("inspect", "seniors/contract.gba"), ("errors",), ("net", "status"), ("id", "show"),
    ("verify", "decision.gbae"),
])  # fmt: skip
def test_the_language_changes_the_words(words: tuple[str, ...], walk: Walk) -> None:
    assert walk.folder == Path.cwd()
    assert len(set(in_four_languages(*words))) == len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_may_stand_before_the_command(language: str) -> None:
    before, after = gba("--lang", language, "errors", "F11"), gba("errors", "F11", "--lang", language)
    assert before == after
    assert before.code == 0


def test_the_language_after_the_command_prevails() -> None:
    assert gba("--lang", "pt", "errors", "F11", "--lang", "en") == gba("errors", "F11", "--lang", "en")


def test_nothing_is_overwritten_without_force(walk: Walk, tmp_path: Path) -> None:
    source, transaction = str(walk.folder / "seniors" / "contract.gba"), walk.transaction("call apply")
    target = tmp_path / "kept"
    for words in (
        ("translate", source, "--to", "pt", "-o", str(target)),
        ("compile", source, "-o", str(target)),
        ("evidence", transaction, "-o", str(target)),
    ):
        target.write_bytes(b"kept")
        ran = gba(*words)
        assert ran.code == 1
        assert "--force" in ran.err
        assert target.read_bytes() == b"kept"
        assert gba(*words, "--force").code == 0
        assert target.read_bytes() != b"kept"


def test_a_folder_with_a_contract_is_not_overwritten(walk: Walk) -> None:
    path = walk.folder / "seniors" / "contract.gba"
    before = path.read_bytes()
    assert gba("new", "seniors").code == 1
    assert path.read_bytes() == before


def test_inspect_shows_what_stands_above_the_articles(walk: Walk, tmp_path: Path) -> None:
    program = tmp_path / "seniors.gbac"
    assert gba("compile", str(walk.folder / "seniors" / "contract.gba"), "-o", str(program)).code == 0
    document = gba("inspect", str(program), "--json").document()
    assert document["effective"] == ["2026-01-01"]
    assert len(document["parties"]) == 11
    said = gba("inspect", str(program)).out
    assert "Effective from: 2026-01-01" in said
    assert "Parties: HongKong, Macao" in said


def test_inspect_refuses_a_program_that_does_not_verify(tmp_path: Path) -> None:
    path = tmp_path / "false.gbac"
    path.write_bytes(b"no program")
    ran = gba("inspect", str(path))
    assert ran.code == 1
    assert "MARK_MUST_STAND_FIRST" in ran.err


# ---------------------------------------------------------------- processes

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from gbalang.cli import main; main()", *words]


def test_output_is_plain_when_it_is_not_a_terminal() -> None:
    done = subprocess.run(_command("errors"), capture_output=True, check=True)
    assert b"\x1b" not in done.stdout


def _on_a_terminal(columns: int, **environment: str) -> str:
    leader, follower = pty.openpty()
    settings = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", "GBA_LANG": "en", **environment}
    with subprocess.Popen(_command("errors"), stdout=follower, stderr=follower, env=settings) as process:
        os.close(follower)
        shown = b""
        try:
            while piece := os.read(leader, 65_536):
                shown += piece
        except OSError:  # the terminal has gone with the process
            pass
        assert process.wait() == 0
    os.close(leader)
    return shown.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [60, 100])
def test_a_table_is_not_wider_than_the_terminal_and_loses_nothing(columns: int) -> None:
    lines = ESCAPE.sub("", _on_a_terminal(columns)).splitlines()
    assert max(map(len, lines)) <= columns
    cut = "".join(lines).count("…")
    assert cut == gba("errors").out.count("…"), "the marks that the texts have, and none that stands for a cut word"


def test_no_color_is_heard() -> None:
    colours = re.compile(r"\x1b\[[0-9;]*(?:3[0-7]|4[0-7]|38|48|9[0-7])[0-9;]*m")
    assert not colours.search(_on_a_terminal(80, NO_COLOR="1"))


def test_a_reader_that_goes_away_is_no_failure() -> None:
    with subprocess.Popen(_command("errors"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait() == 0
    assert said == b""


@pytest.mark.parametrize("json_", [False, True])
def test_our_own_mistake_ends_with_70_and_no_traceback(json_: bool) -> None:
    program = (
        "import gbalang.cli.meanings as m\n"
        "def broken(language, code): raise RuntimeError('a mistake of ours')\n"
        "m.find_meaning = broken\n"
        "from gbalang.cli import main\n"
        "main()\n"
    )
    words = ["errors", "F11", *(["--json"] if json_ else [])]
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "Traceback" not in done.stdout + done.stderr
    said, silent = (done.stdout, done.stderr) if json_ else (done.stderr, done.stdout)
    assert "a mistake of ours" in said
    assert silent == ""
