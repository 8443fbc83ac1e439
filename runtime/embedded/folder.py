"""An embedded network in a folder: eleven stores, eleven key folders, and which cities are stopped.

    <folder>/genesis.gbag            where the ledger begins
    <folder>/keys/<City>/...         keys and certificates (keyring.py)
    <folder>/stores/<City>/          the city's store
    <folder>/stopped/<City>          a mark: the city does not take part; what it holds says why
    <folder>/engines/<City>          the engine the city's node runs programs on, where it is not the usual one
    <folder>/clock                   a mark: the network's clock moves only when it is set

Opening gives the running cities, caught up with each other; closing lets another process in. A city whose store is
damaged, or whose results differ from what became final, is set aside and says why until it is rebuilt; the others go
on.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from gbalang.vm.engines import DEFAULT, ENGINES, Engine
from runtime import codec
from runtime.cities import CITIES
from runtime.crash_points import CrashPoint, pass_point
from runtime.crypto.oracle import NativeOracle
from runtime.embedded import keyring
from runtime.embedded.link import PeerDamaged
from runtime.embedded.network import Difference, Finalised, Halted, Network, NoCityRuns
from runtime.files import CLOCK, ENGINE, GENESIS, MARK, make_folder, mode_of_new_files, put_file, sync_folder
from runtime.genesis import ledger_identity
from runtime.node import BlockRefused, Node, begin
from runtime.oracle import RememberingOracle
from runtime.programs import ProgramCache
from runtime.records import Genesis, Member
from runtime.state.lmdb import LmdbStore
from runtime.state.store import StoreDamaged

GENESIS_FILE = "genesis.gbag"
CLOCK_FILE = "clock"
DEFAULT_SUITE = "ecdsa-p256-sha256"
"""The suite of new keys; docs/decisions/0007 says what was measured."""


class NetworkMissing(Exception):  # noqa: N818  # what the user may have mistaken
    """The folder holds no network."""


class NetworkUnreadable(Exception):  # noqa: N818  # what happened to the folder
    """The folder holds a network whose genesis cannot be read."""


class NetworkExists(Exception):  # noqa: N818  # what the user may have mistaken
    """The folder is not empty, so no network is made in it."""


class MustBeRebuilt(Exception):  # noqa: N818  # what the user may have mistaken
    """A city that was set aside does not come back as it is; `reason` says why it was."""

    def __init__(self, city: str, reason: str) -> None:
        super().__init__(f"{city}: {reason}")
        self.city = city
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SetAside:
    """A city that takes no part, and why: until its store is rebuilt, or until its key files are brought back."""

    city: str
    reason: str
    key_missing: bool = False


def create_network(
    path: Path,
    name: str,
    time_ms: int,
    charter: bytes,
    *,
    suite: str = DEFAULT_SUITE,
    make_key: keyring.KeyMaker = keyring.new_key,
    clock_by_hand: bool = False,
) -> Genesis:
    """Make a network in a new or empty folder: keys, certificates, genesis, eleven stores. Raises NetworkExists."""
    if path.exists() and any(path.iterdir()):
        raise NetworkExists
    path.mkdir(parents=True, exist_ok=True)
    pass_point(CrashPoint.NETWORK_FOLDER_MADE)
    cities = keyring.create_keyring(path, suite=suite, not_before_s=time_ms // 1000, make_key=make_key)
    genesis = Genesis(
        name=name,
        time_ms=time_ms,
        members=tuple(
            Member(
                city=city.fields.city,
                authority=city.authority,
                suite=city.fields.suite,
                public_key=city.fields.public_key,
                certificate=city.fields.fingerprint,
            )
            for city in cities
        ),
        city_certificates=tuple(city.certificate for city in cities),
        charter=charter,
    )
    pass_point(CrashPoint.NETWORK_KEYS_MADE)
    oracle = NativeOracle()
    for city in CITIES:
        store = LmdbStore(_store_path(path, city.identifier))
        begin(store, genesis, oracle)
        store.close()
    pass_point(CrashPoint.NETWORK_STORES_MADE)
    if clock_by_hand:
        put_file(path / CLOCK_FILE, b"", mode_of_new_files(), CLOCK)
    for folder in (path / "keys", path / "stores", path, path.parent):
        sync_folder(folder)
    # Written last: a folder without it holds no network, so a creation that was interrupted leaves none.
    put_file(path / GENESIS_FILE, codec.encode_genesis(genesis), mode_of_new_files(), GENESIS)
    return genesis


class OpenNetwork:
    """A network folder that is in use: its running cities, its keys. `incidents`: who was set aside since it opened."""

    def __init__(self, path: Path) -> None:
        self.genesis = _read_genesis(path)
        self.path = path
        self.clock_by_hand = (path / CLOCK_FILE).exists()
        self.oracle = RememberingOracle(NativeOracle())
        self.network = Network(())
        self.incidents: list[SetAside] = []

    def __enter__(self) -> Self:
        try:
            nodes = [node for city in self.running_cities() if (node := self._open_or_set_aside(city)) is not None]
            self.network = Network(nodes)
            self._compare_beginnings()
            for node in self.network.nodes():
                self._catch_up(node.city)
            self._compare_ends()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every store."""
        for node in self.network.nodes():
            node.store.close()
        self.network = Network(())

    # ------------------------------------------------------------ blocks

    def produce_all(self, time_ms: int) -> Iterator[Finalised | Halted]:
        """Produce blocks until nothing waits or the network halts; a city that differs is set aside."""
        for result in self.network.produce_all(time_ms):
            if isinstance(result, Finalised):
                for difference in result.differences:
                    self._set_aside(difference.city, difference_reason(difference))
                for city in result.false_signers:
                    self._leave_out(city, "its signature is not that of its key on the members' list")
            yield result

    # ------------------------------------------------------------ cities

    def running_cities(self) -> tuple[str, ...]:
        """Return the cities that take part, in their order."""
        return tuple(city.identifier for city in CITIES if not self._mark(city.identifier).exists())

    def reason_of(self, city: str) -> str | None:
        """Return why a city was set aside: "" when it was stopped by hand, None when it takes part."""
        try:
            return self._mark(city).read_text("utf-8", errors="replace")
        except OSError:
            return None

    def stop(self, city: str) -> None:
        """Stop a city: it takes no part until it is started."""
        if not self._mark(city).exists():
            self._write_mark(city, "")
        self.network.stop(city)

    def start(self, city: str) -> int:
        """Start a city again; returns the number of blocks it fetched from the others. Raises MustBeRebuilt."""
        if self.network.node(city) is not None:
            return 0
        reason = self.reason_of(city)
        if reason:
            raise MustBeRebuilt(city, reason)
        node = self._open_or_set_aside(city)
        if node is not None:
            before = node.end.height
            self.network.join(node)
            self._compare_beginnings()
            self._catch_up(city)
            self._compare_ends()
            if self.network.node(city) is node:
                pass_point(CrashPoint.START_CAUGHT_UP)
                self._mark(city).unlink(missing_ok=True)
                pass_point(CrashPoint.START_UNMARKED)
                return node.end.height - before
        raise MustBeRebuilt(city, self.reason_of(city) or self.incidents[-1].reason)

    def rebuild(self, city: str) -> int:
        """Throw a city's store away and rebuild it from the other cities' blocks; returns the blocks re-executed.

        The city is set aside while it lasts, so an interrupted rebuilding is no store that is merely behind. Raises
        NoCityRuns when no other city runs, as the store may be the last copy; KeyringError.
        """
        if all(node.city == city for node in self.network.nodes()):
            raise NoCityRuns
        signer = keyring.load_signer(self.path, city)
        self._write_mark(city, "it was being rebuilt")
        self.network.stop(city)
        pass_point(CrashPoint.REBUILD_MARKED)
        shutil.rmtree(_store_path(self.path, city), ignore_errors=True)
        pass_point(CrashPoint.REBUILD_REMOVED)
        store = LmdbStore(_store_path(self.path, city))
        begin(store, self.genesis, self.oracle)
        pass_point(CrashPoint.REBUILD_BEGUN)
        node = self._node(city, store, signer)
        self.network.join(node)
        self._catch_up(city)
        if self.network.node(city) is not node:
            raise MustBeRebuilt(city, self.reason_of(city) or "")
        pass_point(CrashPoint.REBUILD_CAUGHT_UP)
        self._mark(city).unlink(missing_ok=True)
        pass_point(CrashPoint.REBUILD_UNMARKED)
        return node.end.height

    def _open_or_set_aside(self, city: str) -> Node | None:
        """Return a city's node; None when its key files are not right, or its store is damaged, which sets it aside."""
        try:
            signer = keyring.load_signer(self.path, city)
        except keyring.KeyringError as found:
            self._leave_out(city, str(found))
            return None
        store = None
        try:
            store = LmdbStore(_store_path(self.path, city))
            return self._node(city, store, signer)
        except StoreDamaged as damaged:
            if store is not None:
                store.close()
            self._set_aside(city, damaged.reason)
            return None

    def _node(self, city: str, store: LmdbStore, signer: keyring.Signer) -> Node:
        return Node(city, store, self.oracle, signer.sign, ProgramCache(self.engine_of(city)))

    def engine_of(self, city: str) -> Engine:
        """Return the engine on which a city's node runs programs: each city chooses its own."""
        try:
            return ENGINES.get(self._engine_file(city).read_text("utf-8", errors="replace"), DEFAULT)
        except OSError:
            return DEFAULT

    def choose_engine(self, city: str, engine: Engine) -> None:
        """Let a city's node run programs on that engine from the next opening on."""
        make_folder(self._engine_file(city).parent)
        put_file(self._engine_file(city), engine.name.encode("utf-8"), mode_of_new_files(), ENGINE)

    def _engine_file(self, city: str) -> Path:
        return self.path / "engines" / city

    def _compare_beginnings(self) -> None:
        """Set aside a store that holds another ledger. Raises NetworkUnreadable when it is the folder that differs."""
        nodes = self.network.nodes()
        strangers = [node.city for node in nodes if node.ledger != ledger_identity(self.genesis)]
        if nodes and 2 * len(strangers) > len(nodes):
            raise NetworkUnreadable
        for city in strangers:
            self._set_aside(city, "its store holds another ledger")

    def _catch_up(self, city: str) -> None:
        """Bring a city to the highest block; whoever cannot read a block, or refuses a final one, is set aside."""
        while (node := self.network.node(city)) is not None:
            try:
                self.network.catch_up(node)
            except PeerDamaged as damaged:
                self._set_aside(damaged.city, damaged.reason)
            except BlockRefused as refused:
                self._set_aside(city, refused.refusal.value)
            except StoreDamaged as damaged:
                self._set_aside(city, damaged.reason)
            else:
                return

    def _compare_ends(self) -> None:
        """Set aside whoever stands at another header than most: a store from elsewhere, or one that was altered."""
        ends = Counter(node.end.last_hash for node in self.network.nodes())
        if len(ends) > 1:
            most = max(ends.values())
            common = next(node.end.last_hash for node in self.network.nodes() if ends[node.end.last_hash] == most)
            for node in self.network.nodes():
                if node.end.last_hash != common:
                    self._set_aside(node.city, "its last header is another than that of most cities")

    def _leave_out(self, city: str, reason: str) -> None:
        """Go on without a city whose key files are not right; it comes back by itself when they are."""
        self.incidents.append(SetAside(city, reason, key_missing=True))
        self.network.stop(city)

    def _set_aside(self, city: str, reason: str) -> None:
        self._write_mark(city, reason)
        self.incidents.append(SetAside(city, reason))
        self.network.stop(city)

    def _mark(self, city: str) -> Path:
        return self.path / "stopped" / city

    def _write_mark(self, city: str, reason: str) -> None:
        make_folder(self._mark(city).parent)
        put_file(self._mark(city), reason.encode("utf-8"), mode_of_new_files(), MARK)


def _read_genesis(path: Path) -> Genesis:
    file = path / GENESIS_FILE
    if not file.exists():
        raise NetworkMissing
    try:
        if not file.is_file() or file.stat().st_size > codec.GENESIS.bytes_max:
            raise NetworkUnreadable
        return codec.decode_genesis(file.read_bytes())
    except (OSError, codec.Undecodable):
        raise NetworkUnreadable from None


def difference_reason(difference: Difference) -> str:
    """Return in a few words how a city's result differed from the block that became final."""
    if not difference.key:
        return f"it differs in the receipt of transaction {difference.transaction_index} of the block"
    by = "" if difference.transaction_index is None else f", written by transaction {difference.transaction_index}"
    return f"it differs at key {difference.key.hex()}{by}"


def _store_path(path: Path, city: str) -> Path:
    return path / "stores" / city
