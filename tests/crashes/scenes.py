"""What a process does when it is killed, and what must be so in the folder that it leaves.

Each scene begins in a folder of its own. What its acts have acknowledged is said aloud; the judge, in another process,
holds the folder to that: acknowledged is kept, nothing is half there, a city that cannot go on says why and comes back,
all eleven hold the same bytes, and one more block becomes final.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from gbalang.cli.session import Session, write_bytes
from gbalang.vm.engines import DEFAULT, REFERENCE
from runtime.certificates import HolderKind
from runtime.cities import CITIES
from runtime.client import build_transaction
from runtime.crypto.suites import seeded_keys
from runtime.embedded import keyring
from runtime.embedded.folder import CLOCK_FILE, GENESIS_FILE, NetworkMissing, OpenNetwork, create_network
from runtime.embedded.network import Accepted, Finalised
from runtime.records import Payload, Propose, Subject
from runtime.state.lmdb import SEAL_FILE, LmdbStore
from runtime.state.lmdb_form import DATA_FILE
from runtime.transition import next_sequence
from tests.crashes.processes import Say
from tests.network.harness import BEGIN_MS, YEARS_S, charter
from tests.network.sample import container

SUITE = "ed25519"
CITY = "Macao"
HOLDER = "Zhuhai/office"
OUTPUT_BEFORE, OUTPUT_AFTER = b"what was there before " * 40, b"what is to be there afterwards " * 30

Act: TypeAlias = Callable[[Path, Say], None]
Judge: TypeAlias = Callable[[Path, "Acknowledged"], None]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a process had said was done before it ended."""

    words: tuple[str, ...]

    def __contains__(self, word: object) -> bool:
        return word in self.words

    def after(self, beginning: str) -> list[str]:
        """Return the ends of the words with that beginning."""
        return [word.removeprefix(beginning) for word in self.words if word.startswith(beginning)]


@dataclass(frozen=True, slots=True)
class Scene:
    """`prepare` makes its folder from a network's."""

    name: str
    prepare: Callable[[Path, Path], None]
    act: Act
    judge: Judge


def make_base(folder: Path) -> None:
    """Make the network from which the scenes begin: eleven cities with one block."""
    create_network(folder, "crashes", BEGIN_MS, charter(), suite=SUITE, make_key=seeded_keys(b"crashes".ljust(32)))
    with OpenNetwork(folder) as opened:
        make_final(opened, Propose(Subject.CONTRACT, container()))


def make_final(opened: OpenNetwork, payload: Payload) -> str:
    """Let a city sign something and make it final; return the transaction's identity."""
    signer, leader = keyring.load_signer(opened.path, "HongKong"), opened.network.leader()
    fingerprint = signer.fields.fingerprint
    sequence = next_sequence(leader.state, fingerprint)
    identity, data = build_transaction(leader.ledger, fingerprint, sequence, leader.end.height, payload, signer.sign)
    moment = leader.end.time_ms + 1
    assert isinstance(opened.network.submit(data, moment), Accepted)
    assert [type(result) for result in opened.produce_all(moment)] == [Finalised]
    return identity.hex()


def _another(opened: OpenNetwork) -> Payload:
    """A proposal that was not made before at that height."""
    return Propose(Subject.CONTRACT, container(1, f"{700 + opened.network.leader().end.height} CNY"))


def _copy(base: Path, folder: Path) -> None:
    shutil.copytree(base, folder)


def _nothing(base: Path, folder: Path) -> None:
    del base, folder


# ---------------------------------------------------------------- a network


def judge_network(folder: Path, acknowledged: Acknowledged, *, out: tuple[str, ...] = ()) -> None:
    """Open the network, bring back who is out, and hold it to what was acknowledged. `out`: who may be set aside."""
    with OpenNetwork(folder) as opened:
        assert {incident.city for incident in opened.incidents} <= set(out), opened.incidents
        for city in CITIES:
            reason = opened.reason_of(city.identifier)
            if reason is not None:
                assert city.identifier in out, city
                opened.rebuild(city.identifier) if reason else opened.start(city.identifier)
        _require_equal(opened, acknowledged)
        make_final(opened, _another(opened))
        _require_equal(opened, acknowledged)
    with OpenNetwork(folder) as opened:
        assert not opened.incidents
        _require_equal(opened, acknowledged)


def _require_equal(opened: OpenNetwork, acknowledged: Acknowledged) -> None:
    nodes = opened.network.nodes()
    assert [node.city for node in nodes] == [city.identifier for city in CITIES]
    assert len({tuple(node.store.scan(b"")) for node in nodes}) == 1, "two cities hold different bytes"
    for identity in acknowledged.after("final "):
        assert nodes[0].place(bytes.fromhex(identity)) is not None, "an acknowledged transaction is gone"


def _create(folder: Path, say: Say) -> None:
    make_key = seeded_keys(b"crashes".ljust(32))
    create_network(folder, "crashes", BEGIN_MS, charter(), suite=SUITE, make_key=make_key, clock_by_hand=True)
    say("created")


def _judge_created(folder: Path, acknowledged: Acknowledged) -> None:
    if (folder / GENESIS_FILE).exists():
        assert (folder / CLOCK_FILE).exists(), "what was asked of the network is lost"
        judge_network(folder, acknowledged)
        return
    assert "created" not in acknowledged
    with suppress(NetworkMissing):
        OpenNetwork(folder)
        raise AssertionError("half a network was opened")
    shutil.rmtree(folder)
    _create(folder, lambda _: None)
    judge_network(folder, acknowledged)


def _make_blocks(folder: Path, say: Say) -> None:
    with OpenNetwork(folder) as opened:
        for _ in range(2):
            say("final " + make_final(opened, _another(opened)))


def _leave_and_return(folder: Path, say: Say) -> None:
    with OpenNetwork(folder) as opened:
        opened.stop(CITY)
        say("stopped")
        say("final " + make_final(opened, _another(opened)))
        opened.start(CITY)
        say("started")


def _judge_return(folder: Path, acknowledged: Acknowledged) -> None:
    marked = (folder / "stopped" / CITY).exists()
    assert marked or "stopped" not in acknowledged or acknowledged.after("final "), "a stopped city runs again"
    assert not (marked and "started" in acknowledged), "a started city does not run"
    judge_network(folder, acknowledged, out=(CITY,))


def _with_damage(base: Path, folder: Path) -> None:
    shutil.copytree(base, folder)
    file = folder / "stores" / CITY / DATA_FILE
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _set_aside_and_rebuild(folder: Path, say: Say) -> None:
    with OpenNetwork(folder) as opened:
        say("set aside")
        say("final " + make_final(opened, _another(opened)))
        opened.rebuild(CITY)
        say("rebuilt")


def _judge_rebuilt(folder: Path, acknowledged: Acknowledged) -> None:
    mark = folder / "stopped" / CITY
    assert not mark.exists() or mark.read_bytes(), "a city was set aside and nobody knows why"
    assert not (mark.exists() and "rebuilt" in acknowledged)
    judge_network(folder, acknowledged, out=(CITY,))


def _after_a_crash(base: Path, folder: Path) -> None:
    shutil.copytree(base, folder)
    for city in (CITY, "Foshan"):
        (folder / "stores" / city / SEAL_FILE).unlink()


def _choose_engine(folder: Path, say: Say) -> None:
    with OpenNetwork(folder) as opened:
        opened.choose_engine(CITY, REFERENCE)
        say("chosen")


def _judge_engine(folder: Path, acknowledged: Acknowledged) -> None:
    file = folder / "engines" / CITY
    assert not file.exists() or file.read_bytes() == REFERENCE.name.encode(), "half a name was written"
    with OpenNetwork(folder) as opened:
        assert opened.engine_of(CITY) is (REFERENCE if file.exists() else DEFAULT)
    assert file.exists() or "chosen" not in acknowledged


# ---------------------------------------------------------------- single files and stores


def _certify(folder: Path, label: str) -> keyring.Signer:
    begin_s = BEGIN_MS // 1000
    return keyring.certify_holder(
        folder, "Zhuhai", "office", kind=HolderKind.DEPARTMENT, name=label, roles=(), suite=SUITE,
        not_before_s=begin_s, not_after_s=begin_s + YEARS_S, make_key=seeded_keys(label.encode().ljust(32)),
    )  # fmt: skip


def _keep_keys(folder: Path, say: Say) -> None:
    for label in ("first", "second"):
        keyring.keep_holder(folder, _certify(folder, label), force=True)
        say(label)


def _judge_keys(folder: Path, acknowledged: Acknowledged) -> None:
    """A pair is the old one or the new, or it is named as none; then it is made anew."""
    found = _name_of_holder(folder)
    if "second" in acknowledged:
        assert found == "second"
    else:
        assert found in {"first", "second", "missing", "key_of_another"}
    assert "HongKong" in [fields.reference for fields in keyring.list_signers(_without(folder))]
    keyring.keep_holder(folder, _certify(folder, "third"), force=True)
    assert keyring.load_signer(folder, HOLDER).fields.name == "third"


def _name_of_holder(folder: Path) -> str:
    try:
        return keyring.load_signer(folder, HOLDER).fields.name
    except keyring.KeyringError as refused:
        return refused.refusal.value


def _without(folder: Path) -> Path:
    """The other keys of the folder can be listed whatever the state of this pair."""
    elsewhere = folder.with_name("others")
    shutil.copytree(folder / "keys", elsewhere / "keys", ignore=shutil.ignore_patterns("office.*"))
    return elsewhere


GROWTH = [[(b"%d %d" % (commit, number), bytes(900)) for number in range(60)] for commit in range(4)]


def _grow(folder: Path, say: Say) -> None:
    store = LmdbStore(folder, map_size_bytes=64 * 1024)
    for number, writes in enumerate(GROWTH):
        store.commit(writes)
        say(f"commit {number}")
    store.close()


def _judge_growth(folder: Path, acknowledged: Acknowledged) -> None:
    promised = len(acknowledged.after("commit "))
    store = LmdbStore(folder)
    found = dict(store.scan(b""))
    commits = [dict(entry for writes in GROWTH[:number] for entry in writes) for number in range(len(GROWTH) + 1)]
    assert found in commits[promised : promised + 2]
    store.commit([(b"one more", b"1")])
    assert store.get(b"one more") == b"1"
    store.close()


def _with_output(base: Path, folder: Path) -> None:
    del base
    folder.mkdir()
    (folder / "output").write_bytes(OUTPUT_BEFORE)
    (folder / "output").chmod(0o640)


def _write_output(folder: Path, say: Say) -> None:
    write_bytes(Session("en", json=False), folder / "output", OUTPUT_AFTER, force=True)
    say("written")


def _judge_output(folder: Path, acknowledged: Acknowledged) -> None:
    output = folder / "output"
    content = output.read_bytes()
    assert content == OUTPUT_AFTER or (content == OUTPUT_BEFORE and "written" not in acknowledged)
    assert output.stat().st_mode & 0o777 == 0o640


SCENES: tuple[Scene, ...] = (
    Scene("a file that the user named", _with_output, _write_output, _judge_output),
    Scene("a store that grows", _nothing, _grow, _judge_growth),
    Scene("the keys of a holder", _copy, _keep_keys, _judge_keys),
    Scene("the choice of an engine", _copy, _choose_engine, _judge_engine),
    Scene("a new network", _nothing, _create, _judge_created),
    Scene("opening after a crash", _after_a_crash, _make_blocks, judge_network),
    Scene("blocks", _copy, _make_blocks, judge_network),
    Scene("a city leaves and returns", _copy, _leave_and_return, _judge_return),
    Scene("a city is set aside and rebuilt", _with_damage, _set_aside_and_rebuild, _judge_rebuilt),
)
