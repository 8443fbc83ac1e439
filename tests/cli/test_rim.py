"""What reaches the command line from outside: files, names, arguments, streams. Nothing of it is our own mistake."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gbalang.characters import NOT_IN_NAMES, UNSEEN, is_plain, visible
from gbalang.cli.group import application
from gbalang.cli.templates import CONTRACT
from gbalang.isa.container import decode_program, encode_program
from gbalang.isa.program import Program
from gbalang.isa.stack import VerificationRule
from gbalang.isa.verify import VerificationRefused, verify
from gbalang.limits import ARGUMENTS_BYTES_MAX, ARGUMENTS_MAX, CALLED_NAME_CHARACTERS_MAX
from gbalang.pipeline import Compilation, compile_bundle
from gbalang.source import SourceBundle, SourceFile
from runtime.limits import NAME_CHARACTERS_MAX, REASONS_CHARACTERS_MAX

DONE, AT_FAULT, FAILED_CHECK, INTERRUPTED = 0, 1, 3, 130
UNDECODABLE = os.fsdecode(b"a\xff")
OUR_OWN = "our own mistake"
RUN = "import sys; from gbalang.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


class CommandLine:
    """The command line, run in this process in a folder of its own."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str | Path) -> Ended:
        self._capture.readouterr()
        code = application([str(argument) for argument in arguments])
        printed = self._capture.readouterr()
        assert OUR_OWN not in printed.err
        return Ended(code, printed.out, printed.err)

    def refused(self, *arguments: str | Path) -> str:
        """Run a command that must end with 1, and return its words."""
        ended = self(*arguments)
        assert ended.code == AT_FAULT, ended
        assert ended.err
        return ended.err


@pytest.fixture
def gba(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GBA_LANG", "en")
    return CommandLine(capfd)


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "demo.gba"
    path.write_text(CONTRACT.replace("{name}", "demo"), "utf-8")
    return path


def compiled(text: str) -> Compilation:
    return compile_bundle(SourceBundle(SourceFile("demo.gba", text)))


def demo() -> Program:
    compilation = compiled(CONTRACT.replace("{name}", "demo"))
    assert compilation.compiled is not None
    return compilation.compiled.program


def run(*arguments: str | Path, code: str = RUN, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own."""
    settings: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 120, **options}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    ended: subprocess.CompletedProcess[bytes] = subprocess.run(command, check=False, **settings)
    return ended


# ---------------------------------------------------------------- compiled programs and their names


def test_an_unsound_program_is_refused_by_the_name_of_the_rule(gba: CommandLine, tmp_path: Path) -> None:
    program = demo()
    functions = tuple(replace(function, article=1_000) for function in program.functions)
    path = tmp_path / "unsound.gbac"
    path.write_bytes(encode_program(replace(program, functions=functions)))
    assert VerificationRule.INDEX_MUST_BE_DEFINED.name in gba.refused("inspect", path)


@pytest.mark.parametrize("code", [0x00, 0x1B, 0x85, 0x202E, 0x200B, 0xFEFF, 0xE000, 0xFFFE, 0x1FFFF, 0xE0041, 0x10FFFD])
def test_names_hold_nothing_that_cannot_be_seen(code: int) -> None:
    program = demo()
    bad = f"a{chr(code)}b"
    for changed in (
        replace(program, name=bad),
        replace(program, functions=(replace(program.functions[0], name=bad), *program.functions[1:])),
        replace(program, records=(replace(program.records[0], name=bad), *program.records[1:])),
        replace(program, roles=(replace(program.roles[0], name=bad), *program.roles[1:])),
    ):
        verified = verify(changed)
        assert isinstance(verified, VerificationRefused)
        assert verified.reason is VerificationRule.NAME_MUST_BE_PLAIN


@pytest.mark.parametrize("name", ["a", "grant/nothing_paid/when", "set_fee", "rates.fee", "local fee", "費率", "à"])
def test_names_of_the_language_and_of_the_compiler_are_plain(name: str) -> None:
    assert is_plain(name)


@pytest.mark.parametrize("name", ["", " a", "a ", "a\n", "a\u3000b", "a\u00a0b"])
def test_what_looks_like_another_name_is_not_plain(name: str) -> None:
    assert not is_plain(name)


def test_no_range_of_characters_reaches_into_another() -> None:
    ranges = sorted(UNSEEN + NOT_IN_NAMES)
    assert all(first <= last for first, last in ranges)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


def test_outside_text_cannot_steer_the_terminal(gba: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "titles.gbac"
    path.write_bytes(encode_program(replace(demo(), titles=(("en", "quiet\x1b[31m\u202eloud\x9b"),))))
    ended = gba("inspect", path)
    assert ended.code == DONE
    assert "quiet\\u001b[31m\\u202eloud\\u009b" in ended.out
    document = gba("inspect", path, "--json").out
    assert visible(document) == document


def test_what_json_shows_of_an_unseen_character_reads_back_as_it() -> None:
    text = "a\x9b\u202e\U000e0041"
    assert json.loads(visible(json.dumps(text, ensure_ascii=False))) == text


# ---------------------------------------------------------------- what the ledger can carry


def with_act(parameters: str) -> list[str]:
    """Return the codes of what is found in an instrument with an act of these parameters."""
    text = CONTRACT.replace("{name}", "demo")
    act = f"  act more({parameters}) by applicant\n    announce application_received(actor)\n\n"
    return [found.code for found in compiled(text.replace("  query application_of", act + "  query application_of"))
            .diagnostics]  # fmt: skip


def numbers(count: int) -> str:
    return ", ".join(f"n{number}: Int from 0 to 9" for number in range(count))


def test_an_act_has_as_many_arguments_as_a_transaction_carries() -> None:
    assert with_act(numbers(ARGUMENTS_MAX)) == []
    assert with_act(numbers(ARGUMENTS_MAX + 1)) == ["E0701"]


def test_arguments_are_as_large_as_a_transaction_carries() -> None:
    most = ARGUMENTS_BYTES_MAX // 4 - 1
    assert with_act(f"words: Text({most} max characters)") == [], "four bytes for each character, three for the length"
    assert with_act(f"words: Text({most + 1} max characters)") == ["E0701"]
    assert with_act(f"a: Text({most} max characters), b: Int from 0 to 9") == ["E0701"]


def test_an_act_is_called_as_a_transaction_carries_it() -> None:
    program = demo()
    for excess, verified in ((0, True), (1, False)):
        name = "a" * (CALLED_NAME_CHARACTERS_MAX + excess)
        functions = tuple(
            replace(function, name=name) if function.name == "apply" else function for function in program.functions
        )
        answer = verify(replace(program, functions=functions))
        assert isinstance(answer, VerificationRefused) is not verified


@pytest.mark.parametrize("name", ["a" * (NAME_CHARACTERS_MAX + 1), "\U00020000" * NAME_CHARACTERS_MAX])
def test_a_program_whose_name_the_ledger_cannot_keep_is_refused(gba: CommandLine, tmp_path: Path, name: str) -> None:
    verified = verify(replace(demo(), name=name))
    assert isinstance(verified, VerificationRefused)
    assert verified.reason is VerificationRule.HEADER_MUST_BE_SOUND
    path = tmp_path / "long.gbac"
    path.write_bytes(encode_program(replace(demo(), name=name)))
    assert VerificationRule.HEADER_MUST_BE_SOUND.name in gba.refused("propose", path, "--as", "Guangzhou")


def test_names_too_long_for_a_container_are_a_finding() -> None:
    module, rule, exception = "m" * 60, "r" * 60, "e" * 60
    library = (
        f'library {module} version 1\n  title en "Names"\narticle 1 "Rule"\n  text en "A rule."\n'
        f"  rule {rule}(amount: Int) gives Int\n    give amount\n"
        f"  exception {exception} to {rule} when amount < 0\n    give 0\n"
    )
    text = CONTRACT.replace("{name}", "demo").replace("\narticle", f'\n  import {module} from "m.gba"\narticle', 1)
    text = text.replace("require age >= 65", f"require {module}.{rule}(age) >= 65")
    bundle = SourceBundle(SourceFile("demo.gba", text), (("m.gba", SourceFile("m.gba", library)),))
    assert [found.code for found in compile_bundle(bundle).diagnostics] == ["E0225"]


# ---------------------------------------------------------------- files that are written


def test_a_file_of_the_user_beside_the_target_stays(gba: CommandLine, contract: Path, tmp_path: Path) -> None:
    beside = tmp_path / "out.gbac.part"
    beside.write_text("mine")
    assert gba("compile", contract, "-o", "out.gbac").code == DONE
    assert beside.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.gba", "out.gbac", "out.gbac.part"]


def test_a_file_keeps_its_mode_and_a_link_leads_on(gba: CommandLine, contract: Path, tmp_path: Path) -> None:
    target, link = tmp_path / "target.gbac", tmp_path / "link.gbac"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    assert gba("compile", contract, "-o", link, "--force").code == DONE
    assert link.is_symlink()
    assert decode_program(target.read_bytes())[0] == demo()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_that_the_user_wants_of_new_files(gba: CommandLine, contract: Path) -> None:
    before = os.umask(0o027)
    try:
        assert gba("compile", contract, "-o", "out.gbac").code == DONE
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("out.gbac").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "output", [".", "/", "/dev/null", "pipe", "folder", "a" * 256, "file/below", "folder/../demo.gba/x"]
)
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_nothing_but_a_regular_file_is_written(
    gba: CommandLine, contract: Path, tmp_path: Path, output: str, force: list[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("a file")
    before = sorted(tmp_path.rglob("*"))
    gba.refused("compile", contract, "-o", output, *force)
    assert sorted(tmp_path.rglob("*")) == before
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


# ---------------------------------------------------------------- files that are read


@pytest.mark.parametrize("command", ["check", "compile", "inspect", "verify", "fmt", "test"])
@pytest.mark.parametrize(
    "name", ["pipe.gba", "/dev/zero", "a" * 300 + ".gba", UNDECODABLE, "folder.gba/", "file/below"]
)
def test_only_regular_files_are_read(gba: CommandLine, tmp_path: Path, command: str, name: str) -> None:
    os.mkfifo(tmp_path / "pipe.gba")
    (tmp_path / "folder.gba").mkdir()
    (tmp_path / "file").write_text("a file")
    gba.refused(command, name)


@pytest.mark.parametrize("command", ["check", "compile", "inspect", "verify", "propose"])
@pytest.mark.parametrize("suffix", ["gba", "gbac"])
def test_the_size_of_a_file_is_looked_at_before_it_is_read(
    gba: CommandLine, tmp_path: Path, command: str, suffix: str
) -> None:
    large = tmp_path / f"large.{suffix}"
    with large.open("wb") as file:
        file.truncate(1 << 40)  # a hole: nothing is on the disk, and a terabyte is more than any memory
    assert "larger than" in gba.refused(command, large, *(["--as", "Macao"] if command == "propose" else []))


def test_a_name_that_is_no_text_is_shown_and_kept_as_text(gba: CommandLine, contract: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"x\xff.gba")
    shutil.copy(contract, odd)
    document = json.loads(gba("check", odd.name, "--json").out)
    assert document["instruments"][0]["path"] == "x\ufffd.gba"
    assert gba("compile", odd.name).code == DONE
    _, line_map = decode_program(odd.with_suffix(".gbac").read_bytes())
    assert line_map is not None
    assert line_map.paths == ("x\ufffd.gba",)


@pytest.mark.parametrize(
    "place", ["../outside.gba", "/etc/passwd", "link.gba", "../../../etc/passwd", "pipe.gba", "a" * 5_000]
)
def test_an_import_reads_nothing_outside_the_folder(
    gba: CommandLine, contract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "outside.gba").write_text("library outside version 1\n")
    (folder / "link.gba").symlink_to(tmp_path / "outside.gba")
    os.mkfifo(folder / "pipe.gba")
    text = contract.read_text("utf-8")
    main = folder / "main.gba"
    main.write_text(text.replace("\narticle", f'\nimport outside from "{place}"\n\narticle', 1), "utf-8")
    opened: list[str] = []
    really = os.open

    def watched(path: str | Path, *rest: Any, **more: Any) -> int:
        opened.append(str(path))
        return really(path, *rest, **more)

    monkeypatch.setattr(os, "open", watched)
    assert "E0206" in gba.refused("check", main)
    assert opened == [str(main)]


def test_an_import_reads_what_lies_below_the_folder(gba: CommandLine, contract: Path, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "rates.gba").write_text(
        'library rates version 1\n  title en "Rates"\narticle 1 "Rate"\n  text en "A rate."\n'
        "  rule twice(number: Int) gives Int\n    give number * 2\n",
        "utf-8",
    )
    text = contract.read_text("utf-8").replace("\narticle", '\n  import rates from "below/rates.gba"\narticle', 1)
    contract.write_text(text.replace("require age >= 65", "require rates.twice(age) >= 130"), "utf-8")
    assert gba("compile", contract).code == DONE


# ---------------------------------------------------------------- streams and signals


@pytest.mark.parametrize("arguments", [["--help"], ["errors"], ["errors", "--json"], ["inspect", "demo.gba"]])
def test_a_reader_who_goes_is_not_told_off(contract: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = run(*arguments, stdout=writing, cwd=contract.parent)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (DONE, b"")


@pytest.mark.parametrize("arguments", [["--help"], ["errors"], ["errors", "--json"], ["inspect", "demo.gba"]])
def test_a_full_disk_is_the_machines_matter(contract: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = run(*arguments, stdout=full, cwd=contract.parent)
    assert ended.returncode == AT_FAULT
    assert ended.stderr.decode().count("\n") == 1
    assert os.strerror(28) in ended.stderr.decode()


def test_a_command_without_standard_output_says_so_and_does_nothing(contract: Path) -> None:
    closing = (
        "import os, sys; os.close(1); os.execv(sys.executable, [sys.executable, '-c', sys.argv[1], *sys.argv[2:]])"
    )
    ended = run(RUN, "compile", "demo.gba", code=closing, cwd=contract.parent)
    assert ended.returncode == AT_FAULT
    assert b"no standard output" in ended.stderr
    assert not contract.with_suffix(".gbac").exists()


@pytest.mark.parametrize("moment", ["click", "gbalang.cli.session", "gbalang.cli.drafting", "gbalang.check.checker"])
def test_an_interruption_is_quiet_at_any_moment(contract: Path, moment: str) -> None:
    interrupting = f"""
import os, signal, sys
class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == {moment!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupted())
{RUN}
"""
    ended = run("check", "demo.gba", code=interrupting, cwd=contract.parent)
    assert ended.returncode == INTERRUPTED
    assert b"Traceback" not in ended.stderr
    assert signal.SIGINT + 128 == INTERRUPTED


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8:strict"])
def test_no_character_fails_to_be_printed(contract: Path, encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    ended = run("check", "demo.gba", "--lang", "zh-Hant", cwd=contract.parent, env=environment)
    assert (ended.returncode, ended.stderr) == (DONE, b"")
    ended = run("errors", "E0206", "--json", "--lang", "zh-Hant", cwd=contract.parent, env=environment)
    assert "規則庫" in json.loads(ended.stdout.decode("utf-8"))["page"]


# ---------------------------------------------------------------- networks and arguments


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network in which the demo is in force and Guangzhou/alice holds a certificate."""
    folder = tmp_path_factory.mktemp("desk")
    path = folder / "demo.gba"
    path.write_text(CONTRACT.replace("{name}", "demo"), "utf-8")
    net = str(folder / "network")
    for command in (
        ["net", "init", net, "--at", "2026-03-02"],
        ["deploy", str(path), "--net", net],
        ["id", "issue", "Guangzhou/alice", "--kind", "person", "--net", net],
    ):
        assert application(command) == DONE
    return folder / "network"


@pytest.fixture
def desk(gba: CommandLine, network: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setenv("GBA_NET", str(network))
    return gba


@pytest.mark.parametrize("at", ["0001-01-01", "1970-01-01", "9999-12-31", "2200-01-01", UNDECODABLE])
def test_a_network_begins_within_the_days_that_are_known(gba: CommandLine, tmp_path: Path, at: str) -> None:
    assert "1970-01-02 to 2199-12-31" in gba.refused("net", "init", "new", "--at", at)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["n" * 65, "", UNDECODABLE, "a\x1bb"])
def test_the_name_of_a_ledger_has_a_limit(gba: CommandLine, tmp_path: Path, name: str) -> None:
    assert str(NAME_CHARACTERS_MAX) in gba.refused("net", "init", "new", "--name", name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["file", "file/below", "n" * 300, "/proc/nowhere"])
def test_a_network_needs_a_place(gba: CommandLine, tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("a file")
    gba.refused("net", "init", folder)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_network_stands_in_a_folder_whose_name_is_no_text(gba: CommandLine) -> None:
    assert gba("net", "init", UNDECODABLE, "--no-calendars").code == DONE
    assert gba("net", "audit", "--net", UNDECODABLE).code == DONE


@pytest.mark.parametrize("there", [True, False])
def test_a_network_that_fails_half_way_leaves_what_was_there(
    gba: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    (tmp_path / "above").mkdir()
    if there:
        (tmp_path / "above" / "new").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with monkeypatch.context() as broken:

        def fail(*arguments: object) -> None:
            del arguments
            raise OSError(28, os.strerror(28))

        broken.setattr("gbalang.cli.net.adopt_calendar", fail)
        ended = gba("net", "init", "above/new/deeper")
        assert ended.code == FAILED_CHECK
        assert os.strerror(28) in ended.err
    assert sorted(tmp_path.rglob("*")) == before
    assert gba("net", "init", "above/new/deeper", "--no-calendars").code == DONE


@pytest.mark.parametrize("name", ["x" * 5_000, "\U00020000" * 64, UNDECODABLE])
def test_names_that_nothing_can_have_are_unknown(desk: CommandLine, name: str) -> None:
    for command in (
        ["call", name, "apply", "--as", "Guangzhou/alice"],
        ["call", "demo", name, "--as", "Guangzhou/alice"],
        ["call", "demo", "apply", "age=70", "fare=1 CNY", "place=Macao", "--as", name],
        ["call", "demo", "apply", f"{name}=1", "--as", "Guangzhou/alice"],
        ["query", name, "application_of"],
        ["query", "demo", name],
        ["query", "demo", "application_of", f"applicant={name}"],
        ["explain", name],
        ["evidence", name],
        ["vote", name, "--as", "Macao"],
        ["id", "revoke", f"Macao/{name}"],
        ["net", "stop", name],
        ["errors", name],
    ):
        desk.refused(*command)


@pytest.mark.parametrize(
    "arguments",
    [
        ["age=70", "age=80"],
        ["age=70", "--age", "80"],
        ["--args", '{"age": "70", "age": "80"}'],
        ["--args", '{"age": "70"}', "age=80"],
    ],
)
def test_an_argument_is_given_once(desk: CommandLine, arguments: list[str]) -> None:
    rest = ["place=Guangzhou", "fare=80 CNY", "--as", "Guangzhou/alice"]
    assert "age is given twice" in desk.refused("call", "demo", "apply", *arguments, *rest)


@pytest.mark.parametrize(
    "text", ['{"\\ud800": "1"}', '{"age": 1}', '{"age": {}}', "[]", "1", "[" * 100_000, "{", UNDECODABLE]
)
def test_arguments_are_one_object_of_texts(desk: CommandLine, text: str) -> None:
    desk.refused("call", "demo", "apply", "--args", text, "--as", "Guangzhou/alice")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--name", "n" * 65], "64"),
        (["--name", ""], "64"),
        (["--name", UNDECODABLE], "64"),
        (["--role", "r" * 61], "60"),
        (["--role", "a\x1bb"], "60"),
        (["--role", "clerk", "--role", "clerk"], "clerk is given twice"),
        ([word for number in range(17) for word in ("--role", f"r{number}")], "at most 16"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused_with_its_limit(
    desk: CommandLine, options: list[str], words: str
) -> None:
    assert words in desk.refused("id", "issue", "Guangzhou/bob", "--kind", "person", *options)


@pytest.mark.parametrize("holder", ["Guangzhou", "city", "authority"])
def test_no_holder_is_called_as_the_city_is(desk: CommandLine, holder: str) -> None:
    assert "No holder can be called" in desk.refused("id", "issue", f"Guangzhou/{holder}", "--kind", "person")


def test_reasons_have_a_limit(desk: CommandLine, contract: Path) -> None:
    second = contract.with_name("second.gba")
    second.write_text(CONTRACT.replace("{name}", "second"), "utf-8")
    ballot = json.loads(desk("propose", second, "--as", "Macao", "--json").out)["ballot"]
    for reasons in ("n" * (REASONS_CHARACTERS_MAX + 1), UNDECODABLE):
        vote = desk.refused("vote", ballot, "--as", "Macao", "--reasons", reasons)
        assert str(REASONS_CHARACTERS_MAX) in vote
        revoke = desk.refused("id", "revoke", "Guangzhou/alice", "--reason", reasons)
        assert str(REASONS_CHARACTERS_MAX) in revoke
    assert desk("vote", ballot, "--as", "Macao", "--reasons", "n" * REASONS_CHARACTERS_MAX).code == DONE
