"""A network at a drafter's desk: open it, sign and submit for a holder, make blocks, say what went wrong.

The clock of an embedded network is the later of this machine's clock and the moment after the last block; `--at` sets
it forward to a moment, so that a drafter can see what a rule does next month. A network that was made with `--at` has a
clock of its own: it moves only when it is set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from gbalang.cli import moments
from gbalang.cli.bounds import refuse_beyond_limits
from gbalang.cli.session import ExitCode, Session, echo
from gbalang.diagnostics.outcomes import certificate_refusal_sentence, rejection_sentence
from runtime.certificates import CertificateRefusal
from runtime.cities import QUORUM, city_by_name
from runtime.client import build_transaction
from runtime.embedded import keyring
from runtime.embedded.folder import MustBeRebuilt, NetworkMissing, NetworkUnreadable, OpenNetwork
from runtime.embedded.network import Accepted, Finalised, Halted, NoCityRuns
from runtime.identities import certificate_fields
from runtime.outcome import Circumstances
from runtime.records import OutcomeKind, Payload, Receipt
from runtime.rejections import Rejection
from runtime.state.store import StoreDamaged, StoreInUse, StoreUnavailable
from runtime.transition import day_of, next_sequence

R = TypeVar("R")


def network_option(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command --net: the folder of the network."""
    return click.option(
        "--net", "folder", type=click.Path(path_type=Path), default=Path("network"), envvar="GBA_NET",
        show_default=True, help="Folder of the network.",
    )(command)


def at_option(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command --at: the network's moment."""
    return click.option(
        "--at", "at", default=None, metavar="MOMENT",
        help="Set the network's clock forward to 2026-03-02 or 2026-03-02T09:30 (UTC+8).",
    )(command)


class Desk:
    """An open network with what commands do on it."""

    def __init__(self, session: Session, open_network: OpenNetwork, at: str | None) -> None:
        self.session = session
        self.folder = open_network
        self.network = open_network.network
        self._at = self._moment(at)

    def _moment(self, at: str | None) -> int | None:
        if at is None:
            return None
        moment = moments.parse_moment(at)
        if moment is None:
            self.session.fail(ExitCode.AT_FAULT, "bad_time", text=at)
        last = self.leader_end_ms()
        # A day or a minute is written, and blocks within it may have passed: the next moment of it is meant.
        if moment + moments.precision_ms(at) <= last:
            self.session.fail(ExitCode.AT_FAULT, "time_has_passed", time=moments.show_moment(last))
        self.require_reach(moment)
        return moment

    def require_reach(self, moment: int) -> None:
        """End the command if a city could no longer act at that moment: a clock that went there never comes back."""
        state = self.network.leader().state
        ends = [certificate_fields(state, member.certificate) for member in self.folder.genesis.members]
        last_ms = min(fields.not_after_s for fields in ends if fields is not None) * 1_000
        if moment > last_ms:
            self.session.fail(
                ExitCode.AT_FAULT, "beyond_certificates", time=moments.show_moment(moment),
                until=moments.show_moment(last_ms),
            )

    def leader_end_ms(self) -> int:
        """Return the time of the last block."""
        return self.network.leader().end.time_ms

    def time_ms(self) -> int:
        """Return the time of the next block."""
        floor = self.leader_end_ms() + 1
        if self._at is not None:
            return max(floor, self._at)
        return floor if self.folder.clock_by_hand else max(floor, moments.now_ms())

    def move_to(self, time_ms: int) -> None:
        """Set the network's clock forward."""
        self._at = max(time_ms, self.leader_end_ms() + 1)

    def reference(self, text: str) -> str:
        """Return the canonical form of a party written by a person: "廣州/alice" is "Guangzhou/alice"."""
        city_name, slash, holder = text.partition("/")
        city = city_by_name(city_name)
        if city is None or (slash and not holder):
            self.session.fail(ExitCode.AT_FAULT, "reference_malformed", text=text)
        return city.identifier + slash + holder

    def circumstances(self) -> Circumstances:
        """Return the circumstances of the next block."""
        leader, time_ms = self.network.leader(), self.time_ms()
        return Circumstances(leader.end.height + 1, time_ms // 1000, day_of(time_ms), leader.programs)

    def signer(self, who: str) -> keyring.Signer:
        """Return the key of a holder of this network."""
        reference = self.reference(who)
        try:
            return keyring.load_signer(self.folder.path, reference)
        except keyring.KeyringError:
            self.session.fail(ExitCode.AT_FAULT, "holder_unknown", reference=reference)

    def submit(self, who: str, payload: Payload) -> bytes:
        """Sign a payload for a holder of this network and queue it; returns the transaction's identity."""
        return self.submit_as(self.signer(who), payload)

    def submit_as(self, signer: keyring.Signer, payload: Payload) -> bytes:
        """Sign a payload with a key at hand and queue it; returns the transaction's identity."""
        refuse_beyond_limits(self.session, payload)
        leader = self.network.leader()
        fingerprint = signer.fields.fingerprint
        sequence = next_sequence(leader.state, fingerprint) + self.network.waiting_of(fingerprint)
        identity, data = build_transaction(
            leader.ledger, fingerprint, sequence, leader.end.height, payload, signer.sign
        )
        answer = self.network.submit(data, self.time_ms())
        if not isinstance(answer, Accepted):
            if answer.rejection is None:
                self.session.fail(ExitCode.AT_FAULT, "queue_full")
            reason = rejection_words(self.session.language, answer.rejection)
            self.session.fail(ExitCode.AT_FAULT, "turned_away", reason=reason)
        return identity

    def finalise(self) -> list[Finalised]:
        """Make blocks until nothing waits; a halt ends the command."""
        finished = []
        for result in self.folder.produce_all(self.time_ms()):
            if isinstance(result, Halted):
                self.session.fail(
                    ExitCode.FAILED_CHECK, "network_halted", running=max(result.agreeing, 0) or len(result.running),
                    quorum=QUORUM,
                )
            finished.append(result)
        self.report_incidents()
        return finished

    def report_incidents(self) -> None:
        """Say which cities were set aside since this was last asked."""
        for incident in self.folder.incidents:
            key = "city_left_out" if incident.key_missing else "city_set_aside"
            echo(self.session.word(key, city=incident.city, reason=incident.reason), err=True)
        self.folder.incidents.clear()

    def carry_out(self, who: str, payload: Payload) -> tuple[bytes, Receipt]:
        """Submit, finalise, and return the transaction's identity and receipt."""
        identity = self.submit(who, payload)
        self.finalise()
        leader = self.network.leader()
        place = leader.place(identity)
        assert place is not None, "a finalised transaction has its place"
        receipt = leader.receipt(*place)
        assert receipt is not None
        return identity, receipt

    def require_done(self, who: str, payload: Payload) -> tuple[bytes, Receipt]:
        """Carry out something that only the ledger's own rules can turn away; anything but done ends the command."""
        identity, receipt = self.carry_out(who, payload)
        if receipt.outcome is not OutcomeKind.DONE:
            reason = rejection_words(self.session.language, Rejection(receipt.code), receipt.detail)
            self.session.fail(ExitCode.AT_FAULT, "turned_away", reason=reason)
        return identity, receipt


@contextmanager
def open_desk(session: Session, folder: Path, at: str | None = None) -> Iterator[Desk]:
    """Open the network in a folder for one command; what can be wrong with it is said in words."""
    try:
        with OpenNetwork(folder) as network:
            desk = Desk(session, network, at)
            desk.report_incidents()
            yield desk
    except NetworkMissing:
        session.fail(ExitCode.AT_FAULT, "network_not_found", path=folder)
    except NetworkUnreadable:
        session.fail(ExitCode.FAILED_CHECK, "network_unreadable", path=folder)
    except MustBeRebuilt as city:
        session.fail(ExitCode.FAILED_CHECK, "city_set_aside", city=city.city, reason=city.reason)
    except StoreDamaged as damaged:
        session.fail(ExitCode.FAILED_CHECK, "store_damaged", city="?", reason=damaged.reason)
    except NoCityRuns:
        session.fail(ExitCode.FAILED_CHECK, "no_city_runs")
    except BrokenPipeError:  # the reader of our output has gone; it is no fault of the network's
        raise
    except StoreInUse:
        session.fail(ExitCode.AT_FAULT, "network_in_use", path=folder)
    except StoreUnavailable as unavailable:
        session.fail(ExitCode.FAILED_CHECK, "network_unusable", path=folder, reason=unavailable.reason)
    except OSError as error:
        session.fail(ExitCode.FAILED_CHECK, "network_unusable", path=folder, reason=error.strerror or str(error))


def rejection_words(language: str, rejection: Rejection, detail: int = 0) -> str:
    """Return why the ledger turns a transaction away, in words."""
    sentence = rejection_sentence(language, rejection.name)
    if rejection is Rejection.CERTIFICATE_MUST_BE_ACCEPTABLE and detail:
        return sentence + " " + certificate_refusal_sentence(language, CertificateRefusal(detail).name)
    return sentence


def identity_argument(session: Session, text: str, known: Iterable[bytes], unknown: str) -> bytes:
    """Return the one known identity that begins with the hexadecimal digits given.

    `unknown` is the phrase that says there is none; its one fact has the name of what is looked for.
    """
    wanted = text.lower().removeprefix("0x")
    if not wanted or any(character not in "0123456789abcdef" for character in wanted):
        session.fail(ExitCode.AT_FAULT, "bad_hexadecimal", text=text)
    found = [identity for identity in known if identity.hex().startswith(wanted)]
    if not found:
        session.fail(ExitCode.AT_FAULT, unknown, **{unknown.removesuffix("_unknown"): text})
    if len(found) > 1:
        session.fail(ExitCode.AT_FAULT, "bad_hexadecimal", text=text)
    return found[0]
