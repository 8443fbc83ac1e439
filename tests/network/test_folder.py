"""A network in a folder: who takes part, who is set aside and why, and how a city comes back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gbalang.cli.templates import CONTRACT
from gbalang.vm.engines import COMPILED, REFERENCE
from runtime import codec, crash_points, keys
from runtime.cities import CITIES
from runtime.client import build_transaction
from runtime.crash_points import CrashPoint
from runtime.embedded import keyring
from runtime.embedded.folder import (
    GENESIS_FILE,
    MustBeRebuilt,
    NetworkMissing,
    NetworkUnreadable,
    OpenNetwork,
    create_network,
)
from runtime.embedded.network import Accepted, Finalised, Halted, NoCityRuns
from runtime.programs import open_program, program_digest
from runtime.records import CastVote, Payload, Position, Propose, Subject
from runtime.state.lmdb import LmdbStore
from runtime.state_view import STATE
from runtime.transition import next_sequence
from tests.network.harness import BEGIN_MS, charter, compile_text
from tests.network.sample import container


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network with one block, made once and copied for each test."""
    path = tmp_path_factory.mktemp("made") / "network"
    create_network(path, "tests", BEGIN_MS, charter())
    with OpenNetwork(path) as opened:
        act(opened, "HongKong", Propose(Subject.CONTRACT, container()))
    return path


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "network"))


def act(opened: OpenNetwork, city: str, payload: Payload) -> bytes:
    """Let a city sign something and make it final; return the transaction's identity."""
    signer, leader = keyring.load_signer(opened.path, city), opened.network.leader()
    fingerprint = signer.fields.fingerprint
    sequence = next_sequence(leader.state, fingerprint)
    identity, data = build_transaction(leader.ledger, fingerprint, sequence, leader.end.height, payload, signer.sign)
    moment = leader.end.time_ms + 1
    assert isinstance(opened.network.submit(data, moment), Accepted)
    assert [type(result) for result in opened.produce_all(moment)] == [Finalised]
    return identity


def alter(folder: Path, city: str) -> bytes:
    """Change a value of a city's state through the store's own door; return the key."""
    store = LmdbStore(folder / "stores" / city)
    # The sequence number of the city that proposed: the next block reads it.
    key, value = next((key, value) for key, value in store.scan(STATE + b"\x03") if any(value))
    store.commit([(key, (int.from_bytes(value, "big") + 5).to_bytes(len(value), "big"))])
    store.close()
    return key[len(STATE) :]


def running(opened: OpenNetwork) -> list[str]:
    return [node.city for node in opened.network.nodes()]


def others(*cities: str) -> list[str]:
    return [city.identifier for city in CITIES if city.identifier not in cities]


def contents(opened: OpenNetwork) -> int:
    return len({tuple(node.store.scan(b"")) for node in opened.network.nodes()})


def test_a_city_whose_store_was_changed_is_set_aside_and_the_others_go_on(folder: Path) -> None:
    data = folder / "stores" / "Macao" / "data.mdb"
    changed = bytearray(data.read_bytes())
    changed[20_000] ^= 1
    data.write_bytes(changed)
    with OpenNetwork(folder) as opened:
        assert [incident.city for incident in opened.incidents] == ["Macao"]
        assert running(opened) == others("Macao")
        act(opened, "Zhuhai", Propose(Subject.CONTRACT, container(1, "700 CNY")))
    with OpenNetwork(folder) as opened:
        assert not opened.incidents, "it is said once; the mark says why from then on"
        assert opened.reason_of("Macao")
        with pytest.raises(MustBeRebuilt):
            opened.start("Macao")
        assert opened.rebuild("Macao") == 2
        assert running(opened) == others()
        assert contents(opened) == 1


def test_a_city_whose_disk_kept_a_part_of_a_block_is_set_aside_and_rebuilt(folder: Path) -> None:
    """Power fails after the block; the disk has the page that says it is there, and of some others what was before."""
    store = folder / "stores" / "Macao"
    before = (store / "data.mdb").read_bytes()
    with OpenNetwork(folder) as opened:
        identity = act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, "700 CNY")))
    after = (store / "data.mdb").read_bytes()
    described = 2 * 4096
    (store / "data.mdb").write_bytes(after[:described] + before[described:] + after[len(before) :])
    (store / "seal").unlink()
    with OpenNetwork(folder) as opened:
        assert [incident.city for incident in opened.incidents] == ["Macao"]
        assert running(opened) == others("Macao")
        assert opened.rebuild("Macao") == 2
        assert contents(opened) == 1
        assert opened.network.leader().place(identity)


def test_a_mark_that_could_not_be_written_leaves_the_one_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An emptied mark would say that the city was stopped by hand, and let it come back as it is."""
    (folder / "stores" / "Macao" / "data.mdb").write_bytes(b"")

    def fails(point: CrashPoint) -> None:
        if point is CrashPoint.MARK_BEGUN:
            raise OSError

    with OpenNetwork(folder) as opened:
        reason = opened.reason_of("Macao")
        monkeypatch.setattr(crash_points, "watcher", fails)
        with pytest.raises(OSError):
            opened.rebuild("Macao")
        monkeypatch.undo()
        assert reason
        assert opened.reason_of("Macao") == reason


def test_a_city_that_differed_stays_out_when_the_network_is_opened_again(folder: Path) -> None:
    key = alter(folder, "Foshan")
    with OpenNetwork(folder) as opened:
        identity = act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, "700 CNY")))
        assert [incident.city for incident in opened.incidents] == ["Foshan"]
        assert key.hex() in opened.incidents[0].reason
        assert opened.network.leader().place(identity)
    with OpenNetwork(folder) as opened:
        assert running(opened) == others("Foshan")
        with pytest.raises(MustBeRebuilt, match=key.hex()):
            opened.start("Foshan")
        assert not opened.incidents, "it was not even tried: the reason why it was set aside still stands"
        opened.rebuild("Foshan")
        assert contents(opened) == 1


def test_a_city_that_is_behind_and_differs_is_set_aside_when_it_cannot_follow(folder: Path) -> None:
    with OpenNetwork(folder) as opened:
        opened.stop("Foshan")
        act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, "700 CNY")))
    alter(folder, "Foshan")
    with OpenNetwork(folder) as opened:
        assert opened.reason_of("Foshan") == ""
        with pytest.raises(MustBeRebuilt, match="roots"):
            opened.start("Foshan")
        assert running(opened) == others("Foshan")


def test_a_store_of_another_ledger_is_set_aside(folder: Path, tmp_path: Path) -> None:
    create_network(tmp_path / "other", "other", BEGIN_MS, charter())
    shutil.rmtree(folder / "stores" / "Huizhou")
    shutil.copytree(tmp_path / "other" / "stores" / "Huizhou", folder / "stores" / "Huizhou")
    with OpenNetwork(folder) as opened:
        assert running(opened) == others("Huizhou")
        assert opened.reason_of("Huizhou")


def test_a_city_without_a_store_is_set_aside_and_rebuilt(folder: Path) -> None:
    shutil.rmtree(folder / "stores" / "Zhaoqing")
    with OpenNetwork(folder) as opened:
        assert running(opened) == others("Zhaoqing")
        opened.rebuild("Zhaoqing")
        assert contents(opened) == 1


def test_an_older_copy_of_a_store_catches_up(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "stores" / "Dongguan", tmp_path / "older")
    with OpenNetwork(folder) as opened:
        act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, "700 CNY")))
    shutil.rmtree(folder / "stores" / "Dongguan")
    shutil.copytree(tmp_path / "older", folder / "stores" / "Dongguan")
    with OpenNetwork(folder) as opened:
        assert running(opened) == others()
        assert contents(opened) == 1


def test_four_cities_set_aside_halt_the_ledger_until_one_is_rebuilt(folder: Path) -> None:
    gone = ("Macao", "Shenzhen", "Zhuhai", "Foshan")
    for city in gone:
        shutil.rmtree(folder / "stores" / city)
    with OpenNetwork(folder) as opened:
        moment = opened.network.leader().end.time_ms + 1
        assert isinstance(opened.network.produce(moment), Halted)
        opened.rebuild("Macao")
        assert isinstance(opened.network.produce(moment), Finalised)


def test_the_last_copy_is_never_thrown_away(folder: Path) -> None:
    for city in others("HongKong"):
        shutil.rmtree(folder / "stores" / city)
    with OpenNetwork(folder) as opened:
        assert running(opened) == ["HongKong"]
        with pytest.raises(NoCityRuns):
            opened.rebuild("HongKong")
        assert opened.network.leader().end.height == 1
        assert opened.rebuild("Macao") == 1


def test_an_interrupted_rebuilding_leaves_the_city_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("runtime.embedded.folder.begin", interrupted)
    with pytest.raises(KeyboardInterrupt), OpenNetwork(folder) as opened:
        opened.rebuild("Macao")
    monkeypatch.undo()
    with OpenNetwork(folder) as opened:
        assert running(opened) == others("Macao")
        opened.rebuild("Macao")
        assert contents(opened) == 1


def test_a_folder_without_a_network_and_one_with_a_damaged_beginning_are_told_apart(folder: Path) -> None:
    with pytest.raises(NetworkMissing):
        OpenNetwork(folder / "nowhere")
    genesis = folder / GENESIS_FILE
    genesis.write_bytes(genesis.read_bytes()[:-1])
    with pytest.raises(NetworkUnreadable):
        OpenNetwork(folder)


def test_the_same_text_proposed_in_another_container_changes_no_stored_byte(folder: Path) -> None:
    again = compile_text("elsewhere.gba", "\n\n" + CONTRACT.replace("{name}", "seniors"))
    digest = program_digest(open_program(again))
    assert again != container()
    assert digest == program_digest(open_program(container()))
    with OpenNetwork(folder) as opened:
        act(opened, "Macao", Propose(Subject.CONTRACT, again))
        assert opened.network.leader().state.get(keys.program(digest)) == container()


def test_a_vote_survives_closing(folder: Path) -> None:
    with OpenNetwork(folder) as opened:
        leader = opened.network.leader()
        ballot = act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, "700 CNY")))
        stored = leader.state.get(keys.ballot(ballot))
        assert stored is not None
        digest = codec.decode_ballot(stored).digest
        act(opened, "Macao", CastVote(ballot, digest, Position.OBJECT, "too much"))
    with OpenNetwork(folder) as opened:
        stored = opened.network.leader().state.get(keys.ballot(ballot))
        assert stored is not None
        assert codec.decode_ballot(stored).objected == 1


def test_a_city_with_a_wrong_key_does_not_count_and_does_not_halt_the_others(folder: Path, tmp_path: Path) -> None:
    create_network(tmp_path / "other", "other", BEGIN_MS, charter())
    shutil.rmtree(folder / "keys" / "Macao")
    shutil.copytree(tmp_path / "other" / "keys" / "Macao", folder / "keys" / "Macao")
    with OpenNetwork(folder) as opened:
        act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, "700 CNY")))
        assert [(incident.city, incident.key_missing) for incident in opened.incidents] == [("Macao", True)]
        assert running(opened) == others("Macao")
    with OpenNetwork(folder) as opened:
        assert contents(opened) == 1, "its store is sound, and it has caught up"


@pytest.mark.parametrize("file", ["city.key.pem", "city.cert.pem", "authority.cert.pem"])
def test_a_city_without_its_key_files_is_left_out_until_they_are_back(folder: Path, file: str) -> None:
    path = folder / "keys" / "Guangzhou" / file
    kept = path.read_bytes()
    path.write_bytes(kept[: len(kept) // 2])
    with OpenNetwork(folder) as opened:
        assert running(opened) == others("Guangzhou")
        assert opened.incidents[0].key_missing
        with pytest.raises(keyring.KeyringError):
            opened.rebuild("Guangzhou")
    path.write_bytes(kept)
    with OpenNetwork(folder) as opened:
        assert running(opened) == others()


@pytest.mark.parametrize("first", ["HongKong", "Foshan"])
def test_a_store_of_a_longer_foreign_ledger_leads_nobody_astray(folder: Path, tmp_path: Path, first: str) -> None:
    create_network(tmp_path / "other", "other", BEGIN_MS, charter())
    with OpenNetwork(tmp_path / "other") as opened:
        for ceiling in ("700 CNY", "800 CNY", "900 CNY"):
            act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, ceiling)))
    shutil.rmtree(folder / "stores" / first)
    shutil.copytree(tmp_path / "other" / "stores" / first, folder / "stores" / first)
    with OpenNetwork(folder) as opened:
        assert running(opened) == others(first)
        assert opened.rebuild(first) == 1


def test_another_beginning_than_that_of_the_stores_is_a_damaged_one(folder: Path, tmp_path: Path) -> None:
    create_network(tmp_path / "other", "other", BEGIN_MS, charter())
    shutil.copy(tmp_path / "other" / GENESIS_FILE, folder / GENESIS_FILE)
    with pytest.raises(NetworkUnreadable), OpenNetwork(folder):
        pass


def test_another_block_at_the_same_height_is_noticed_when_the_city_comes_back(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "stores", tmp_path / "before")
    with OpenNetwork(folder) as opened:
        act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, "700 CNY")))
        for city in ("Zhongshan", "Jiangmen", "Zhaoqing"):
            opened.stop(city)
    for city in others("Zhongshan", "Jiangmen", "Zhaoqing"):
        shutil.rmtree(folder / "stores" / city)
        shutil.copytree(tmp_path / "before" / city, folder / "stores" / city)
    with OpenNetwork(folder) as opened:
        act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, "800 CNY")))
        with pytest.raises(MustBeRebuilt, match="another than that of most"):
            opened.start("Zhaoqing")
        assert running(opened) == others("Zhongshan", "Jiangmen", "Zhaoqing")
        assert opened.rebuild("Zhaoqing") == 2


def test_a_network_in_which_nobody_runs_says_so(folder: Path) -> None:
    with OpenNetwork(folder) as opened:
        for city in others():
            opened.stop(city)
    with OpenNetwork(folder) as opened:
        with pytest.raises(NoCityRuns):
            opened.network.leader()
        assert opened.start("Macao") == 0


def test_a_beginning_of_any_size_is_bounded(folder: Path) -> None:
    with (folder / GENESIS_FILE).open("r+b") as file:
        file.truncate(40 * 2**30)
    with pytest.raises(NetworkUnreadable):
        OpenNetwork(folder)
    (folder / GENESIS_FILE).unlink()
    (folder / GENESIS_FILE).mkdir()
    with pytest.raises(NetworkUnreadable):
        OpenNetwork(folder)


def test_a_store_made_longer_than_any_that_is_sealed_is_not_read_through(folder: Path) -> None:
    with (folder / "stores" / "Macao" / "data.mdb").open("r+b") as file:
        file.truncate(200 * 2**30)
    with OpenNetwork(folder) as opened:
        assert running(opened) == others("Macao")


def test_each_city_chooses_its_engine_and_the_stores_stay_equal(folder: Path) -> None:
    with OpenNetwork(folder) as opened:
        for city in others()[:5]:
            opened.choose_engine(city, REFERENCE)
    with OpenNetwork(folder) as opened:
        engines = [node.programs.engine for node in opened.network.nodes()]
        assert engines == [REFERENCE] * 5 + [COMPILED] * 6
        act(opened, "HongKong", Propose(Subject.CONTRACT, container(1, "700 CNY")))
        assert contents(opened) == 1
