"""An embedded network in a folder: eleven stores, eleven key folders, and which cities are stopped.

    <folder>/genesis.gbag            where the ledger begins
    <folder>/keys/<City>/...         keys and certificates (keyring.py)
    <folder>/stores/<City>/          the city's store
    <folder>/stopped/<City>          a mark: the city does not take part

Opening gives the running cities, caught up with each other; closing lets another process in.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from runtime import codec
from runtime.cities import CITIES
from runtime.crypto.oracle import NativeOracle
from runtime.embedded import keyring
from runtime.embedded.network import Network
from runtime.node import Node, begin
from runtime.oracle import RememberingOracle
from runtime.records import Genesis, Member
from runtime.state.lmdb import LmdbStore
from runtime.state.store import StoreDamaged

GENESIS_FILE = "genesis.gbag"
DEFAULT_SUITE = "ecdsa-p256-sha256"
"""The suite of new keys; docs/decisions/0007 says what was measured."""


class NetworkMissing(Exception):  # noqa: N818  # what the user may have mistaken
    """The folder holds no network."""


class NetworkExists(Exception):  # noqa: N818  # what the user may have mistaken
    """The folder is not empty, so no network is made in it."""


class CityDamaged(Exception):  # noqa: N818  # what happened to a city's store
    """A running city's store cannot be read; the network goes on without it once it is stopped or rebuilt."""

    def __init__(self, city: str, reason: str) -> None:
        super().__init__(f"{city}: {reason}")
        self.city = city
        self.reason = reason


def create_network(
    path: Path,
    name: str,
    time_ms: int,
    charter: bytes,
    *,
    suite: str = DEFAULT_SUITE,
    make_key: keyring.KeyMaker = keyring.new_key,
) -> Genesis:
    """Make a network in a new or empty folder: keys, certificates, genesis, eleven stores. Raises NetworkExists."""
    if path.exists() and any(path.iterdir()):
        raise NetworkExists
    path.mkdir(parents=True, exist_ok=True)
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
    oracle = NativeOracle()
    for city in CITIES:
        store = LmdbStore(_store_path(path, city.identifier))
        begin(store, genesis, oracle)
        store.close()
    # Written last: a folder without it holds no network, so a creation that was interrupted leaves none.
    (path / GENESIS_FILE).write_bytes(codec.encode_genesis(genesis))
    return genesis


class OpenNetwork:
    """A network folder that is in use: its running cities, its keys."""

    def __init__(self, path: Path) -> None:
        try:
            self.genesis = codec.decode_genesis((path / GENESIS_FILE).read_bytes())
        except (OSError, codec.Undecodable):
            raise NetworkMissing from None
        self.path = path
        self.oracle = RememberingOracle(NativeOracle())
        self.network = Network(())

    def __enter__(self) -> Self:
        try:
            nodes = [self.open_node(city) for city in self.running_cities()]
            self.network = Network(nodes)
            self.network.catch_up_all()
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

    # ------------------------------------------------------------ cities

    def running_cities(self) -> tuple[str, ...]:
        """Return the cities that take part, in their order."""
        return tuple(city.identifier for city in CITIES if not self._mark(city.identifier).exists())

    def open_node(self, city: str) -> Node:
        """Open a city's store. Raises CityDamaged."""
        signer = keyring.load_signer(self.path, city)
        store = None
        try:
            store = LmdbStore(_store_path(self.path, city))
            return Node(city, store, self.oracle, signer.sign)
        except StoreDamaged as damaged:
            if store is not None:
                store.close()
            raise CityDamaged(city, damaged.reason) from None

    def stop(self, city: str) -> None:
        """Stop a city: it takes no part until it is started."""
        self._mark(city).parent.mkdir(exist_ok=True)
        self._mark(city).touch()
        self.network.stop(city)

    def start(self, city: str) -> int:
        """Start a city again; returns the number of blocks it fetched from the others."""
        if self.network.node(city) is not None:
            return 0
        fetched = self.network.start(self.open_node(city))
        self._mark(city).unlink(missing_ok=True)
        return fetched

    def rebuild(self, city: str) -> int:
        """Throw a city's store away and rebuild it from the other cities' blocks; returns the blocks re-executed."""
        self.network.stop(city)
        shutil.rmtree(_store_path(self.path, city), ignore_errors=True)
        store = LmdbStore(_store_path(self.path, city))
        begin(store, self.genesis, self.oracle)
        signer = keyring.load_signer(self.path, city)
        fetched = self.network.start(Node(city, store, self.oracle, signer.sign))
        self._mark(city).unlink(missing_ok=True)
        return fetched

    def _mark(self, city: str) -> Path:
        return self.path / "stopped" / city


def _store_path(path: Path, city: str) -> Path:
    return path / "stores" / city
