"""Every ground on which the ledger turns a transaction away: reached in a block, at the queue, and in its order.

The order is that of the numbers: of two grounds that hold, the receipt names the lower one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pytest

from gbalang import bundled
from gbalang.cli.templates import CONTRACT
from runtime import codec
from runtime.certificates import CertificateRefusal, HolderKind
from runtime.cities import CITIES
from runtime.client import LAST_HEIGHT_AHEAD, sign_transaction
from runtime.limits import ARGUMENT_BYTES_MAX, LAST_HEIGHT_AHEAD_MAX, TRANSACTION_BYTES_MAX
from runtime.programs import ProgramCache, open_program, program_digest
from runtime.records import (
    AdmitCertificate,
    Adopt,
    BlockContent,
    CalendarRecord,
    Call,
    CastVote,
    OutcomeKind,
    Payload,
    Position,
    Propose,
    Receipt,
    RevokeCertificate,
    SignedTransaction,
    Subject,
    Transaction,
)
from runtime.rejections import Rejection
from runtime.transition import apply_block, check_transaction, day_of, next_sequence
from tests.network.harness import BEGIN_MS, DAY_MS, World, compile_text
from tests.network.sample import APPLICANT, NAME, OFFICE, apply, call, container, decide, world_in_force

NAMES = [city.identifier for city in CITIES]
DIGEST = program_digest(open_program(container()))
NEITHER_PARTY = "Foshan/lee"
EARLY, EXPIRED, REVOKED = "Macao/early", "Macao/expired", "Macao/revoked"
VALID_S = 100 * 86_400
EARLY_MS = BEGIN_MS + 230 * DAY_MS
LATER, ENDED, NARROW = "later", "ended", "narrow"
"""Instruments that have not commenced, that have expired, and to which only two cities are parties."""


# ---------------------------------------------------------------- what stands before


def variant(name: str, *changes: tuple[str, str]) -> bytes:
    """Return the sample under another name, with changes to its text."""
    text = CONTRACT.replace("{name}", name)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return compile_text(f"{name}.gba", text)


def changed_charter(*changes: tuple[str, str]) -> bytes:
    """Return a second version of the charter with changes to its text."""
    text = bundled.read_standard_library("charter")
    for old, new in (("version 1", "version 2"), *changes):
        assert old in text, old
        text = text.replace(old, new)
    return compile_text("charter.gba", text)


@functools.cache
def _beginning() -> World:
    """In force: the sample; a variant that has not commenced, one for two parties, one that has expired.

    Admitted: holders whose certificates are not valid yet, expired and revoked.
    """
    world = World()
    _admit_valid_from(world, EXPIRED, BEGIN_MS)
    parties = ("parties all cities", "parties Guangzhou, Macao")
    world.adopt(variant(NARROW, parties))
    world.adopt(variant(ENDED, parties, ("effective 2026-01-01", "effective 2026-01-01\n  expires 2026-05-01")))
    world.time_ms = BEGIN_MS + 200 * DAY_MS
    _admit_valid_from(world, EARLY, EARLY_MS)
    ballot = world.agree(Subject.CONTRACT, variant(LATER, parties), program_digest_of(variant(LATER, parties)))
    world.carry_out("Macao", Adopt(ballot, day_of(world.time_ms) + 300))
    for reference in (REVOKED, NEITHER_PARTY):
        world.add_holder(reference, HolderKind.PERSON)
    world.carry_out("Macao", RevokeCertificate(world.holders[REVOKED].fingerprint, "key lost"))
    return world_in_force(world)


def _admit_valid_from(world: World, reference: str, moment_ms: int) -> None:
    """Admit a holder whose certificate is valid from that moment for VALID_S."""
    certificate = _certify_from(world, reference, moment_ms)
    receipt = world.carry_out(reference.partition("/")[0], AdmitCertificate(certificate))
    assert receipt.outcome is OutcomeKind.DONE


def _certify_from(world: World, reference: str, moment_ms: int) -> bytes:
    now_ms, world.time_ms = world.time_ms, moment_ms
    certificate = world.certify(reference, HolderKind.PERSON, lasts_s=VALID_S)
    world.time_ms = now_ms
    return certificate


def program_digest_of(content: bytes) -> bytes:
    """Return the digest that the cities vote on."""
    return program_digest(open_program(content))


def beginning() -> World:
    """Return a world of one's own."""
    return _beginning().copy()


@dataclass(frozen=True)
class Form:
    """How a transaction departs from a sound one."""

    signer: str | None = None
    """None: nobody whom the ledger knows."""
    ledger: bytes | None = None
    sequence_step: int = 0
    last_height_step: int = LAST_HEIGHT_AHEAD
    spoils_signature: bool = False


def transaction_of(world: World, form: Form, payload: Payload) -> bytes:
    """Return the bytes of a transaction of that form."""
    leader = world.network.leader()
    holder = world.holders[form.signer or NEITHER_PARTY]
    fingerprint = holder.fingerprint if form.signer is not None else bytes(32)
    transaction = Transaction(
        form.ledger or leader.ledger,
        fingerprint,
        next_sequence(leader.state, fingerprint) + form.sequence_step,
        leader.end.height + 1 + form.last_height_step,
        payload,
    )
    data = sign_transaction(transaction, holder.sign)
    if form.spoils_signature:
        signed = codec.decode_transaction(data)
        data = codec.encode_transaction(SignedTransaction(signed.transaction, bytes(len(signed.signature))))
    return data


def judged(world: World, data: bytes) -> Receipt:
    """Return the receipt of a transaction in the block that could come next; nothing is kept."""
    leader = world.network.leader()
    content = BlockContent(leader.end.height + 1, world.time_ms + 1, "Macao", 0, (data,))
    (receipt,) = apply_block(leader.state, content, world.oracle, ProgramCache()).receipts
    return receipt


# ---------------------------------------------------------------- one scenario for each


Scenario = Callable[[World], bytes]


def _of(form: Form, payload: Payload) -> Scenario:
    return lambda world: transaction_of(world, form, payload)


def _city(payload: Payload) -> Scenario:
    return _of(Form("Macao"), payload)


def _large_call(world: World) -> bytes:
    large = Call(NAME, 1, "apply", (bytes(ARGUMENT_BYTES_MAX), bytes(ARGUMENT_BYTES_MAX)))
    return transaction_of(world, Form(APPLICANT), large)


def _ballot(world: World, content: bytes | None = None, votes: int = 0, position: Position = Position.AGREE) -> bytes:
    """Open a ballot on a text and let so many cities take that position, from HongKong on."""
    content = content or variant("another")
    ballot = world.carry_out("Macao", Propose(Subject.CONTRACT, content)).transaction
    for city in NAMES[:votes]:
        receipt = world.carry_out(city, CastVote(ballot, program_digest_of(content), position, ""))
        assert receipt.outcome is OutcomeKind.DONE
    return ballot


def _vote(ballot: bytes, digest: bytes | None = None) -> CastVote:
    return CastVote(ballot, digest or program_digest_of(variant("another")), Position.AGREE, "")


def _on_a_ballot(votes: int, position: Position, form: Form, digest: bytes | None = None) -> Scenario:
    return lambda world: transaction_of(world, form, _vote(_ballot(world, None, votes, position), digest))


def _adoption(votes: int, days: int) -> Scenario:
    return lambda world: transaction_of(
        world, Form("Macao"), Adopt(_ballot(world, None, votes), day_of(world.time_ms) + days)
    )


def _overtaken(days: int) -> Scenario:
    def bring(world: World) -> bytes:
        first, second = _ballot(world, None, 8), _ballot(world, None, 8)
        day = day_of(world.time_ms)
        assert world.carry_out("Macao", Adopt(first, day + 1)).outcome is OutcomeKind.DONE
        return transaction_of(world, Form("Macao"), Adopt(second, day + days))

    return bring


def _under_a_charter_that_faults(world: World) -> bytes:
    world.adopt(changed_charter(("give 3 * agree > 2 * members", "give 3 / (agree - agree) > 2 * members")))
    return transaction_of(world, Form("Macao"), _vote(_ballot(world)))


def _under_a_charter_that_names_no_day(days: int) -> Scenario:
    def bring(world: World) -> bytes:
        ballot = _ballot(world, None, 8)
        world.adopt(changed_charter(("give 1 days after adopted", "give 9_999_999 days after adopted")))
        return transaction_of(world, Form("Macao"), Adopt(ballot, day_of(world.time_ms) + days))

    return bring


def _twice(certificate_of: str) -> Scenario:
    def bring(world: World) -> bytes:
        certificate = world.certify(certificate_of, HolderKind.PERSON)
        world.carry_out("Macao", AdmitCertificate(certificate))
        return transaction_of(world, Form("Macao"), AdmitCertificate(certificate))

    return bring


def _revocation(of: str, by: str) -> Scenario:
    return lambda world: transaction_of(world, Form(by), RevokeCertificate(world.holders[of].fingerprint, ""))


NARROW_CALL = Call(NARROW, 1, "apply", apply().arguments)
ANOTHER_FORM = ("status: Status\n", "status: Status\n    note: Text(10 max characters)\n")
ANOTHER_ENTRY = ("status: received)", 'status: received, note: "")')
CHARTER_CALLS = ("carried(", "carry(")
R = Rejection

SCENARIOS: tuple[tuple[Rejection, str, Scenario], ...] = (
    (R.TRANSACTION_MUST_BE_WITHIN_SIZE, "larger than any", lambda world: bytes(TRANSACTION_BYTES_MAX + 1)),
    (R.TRANSACTION_MUST_BE_WITHIN_SIZE, "a large call", _large_call),
    (R.TRANSACTION_MUST_DECODE, "nothing", lambda world: b""),
    (R.TRANSACTION_MUST_DECODE, "as large as may be", lambda world: bytes(TRANSACTION_BYTES_MAX)),
    (R.TRANSACTION_MUST_DECODE, "cut", lambda world: transaction_of(world, Form(APPLICANT), apply())[:-1]),
    (R.LEDGER_MUST_BE_THIS_ONE, "", _of(Form(APPLICANT, ledger=bytes(32)), apply())),
    (R.SIGNER_MUST_BE_ADMITTED, "", _of(Form(None), apply())),
    (R.CERTIFICATE_MUST_BE_VALID_ALREADY, "", _of(Form(EARLY), apply())),
    (R.CERTIFICATE_MUST_NOT_BE_EXPIRED, "", _of(Form(EXPIRED), apply())),
    (R.CERTIFICATE_MUST_NOT_BE_REVOKED, "", _of(Form(REVOKED), apply())),
    (R.SIGNATURE_MUST_VERIFY, "", _of(Form(APPLICANT, spoils_signature=True), apply())),
    (R.LAST_HEIGHT_MUST_NOT_HAVE_PASSED, "", _of(Form(APPLICANT, last_height_step=-1), apply())),
    (R.LAST_HEIGHT_MUST_BE_NEAR, "", _of(Form(APPLICANT, last_height_step=LAST_HEIGHT_AHEAD_MAX + 1), apply())),
    (R.SEQUENCE_MUST_BE_UNUSED, "", _of(Form("Macao", sequence_step=-1), apply())),
    (R.SEQUENCE_MUST_BE_NEXT, "", _of(Form(APPLICANT, sequence_step=1), apply())),
    (R.CONTRACT_MUST_BE_KNOWN, "", _of(Form(APPLICANT), Call("nothing", 1, "apply", ()))),
    (R.CONTRACT_MUST_HAVE_COMMENCED, "", _of(Form(APPLICANT), Call(LATER, 1, "apply", ()))),
    (R.CONTRACT_MUST_NOT_HAVE_EXPIRED, "", _of(Form(APPLICANT), Call(ENDED, 1, "apply", apply().arguments))),
    (R.VERSION_MUST_BE_IN_FORCE, "", _of(Form(APPLICANT), apply(version=2))),
    (R.ACT_MUST_BE_DECLARED, "no such name", _of(Form(APPLICANT), Call(NAME, 1, "nothing", ()))),
    (R.ACT_MUST_BE_DECLARED, "a query", _of(Form(APPLICANT), Call(NAME, 1, "application_of", (b"",)))),
    (R.ACT_MUST_BE_DECLARED, "a rule", _of(Form(APPLICANT), Call(NAME, 1, "grant", (b"",)))),
    (R.ARGUMENTS_MUST_FIT, "too few", _of(Form(APPLICANT), Call(NAME, 1, "apply", apply().arguments[:-1]))),
    (R.ARGUMENTS_MUST_FIT, "too many", _of(Form(APPLICANT), Call(NAME, 1, "apply", (*apply().arguments, b"")))),
    (R.ARGUMENTS_MUST_FIT, "no values", _of(Form(APPLICANT), Call(NAME, 1, "apply", (b"", b"", b"")))),
    (R.CITY_MUST_BE_PARTY, "", _of(Form(NEITHER_PARTY), NARROW_CALL)),
    (R.ACTOR_MUST_BE_PERMITTED, "without the role", _of(Form(APPLICANT), decide())),
    (R.ACTOR_MUST_BE_PERMITTED, "of another city", _of(Form(OFFICE), decide(place="Macao"))),
    (R.SIGNER_MUST_BE_A_CITY, "a person", _of(Form(APPLICANT), Propose(Subject.CONTRACT, container()))),
    (R.SIGNER_MUST_BE_A_CITY, "a department", _of(Form(OFFICE), AdmitCertificate(b""))),
    (R.PROGRAM_MUST_BE_SOUND, "", _city(Propose(Subject.CONTRACT, b"GBAC"))),
    (R.VERSION_MUST_BE_NEXT, "again", _city(Propose(Subject.CONTRACT, container()))),
    (R.VERSION_MUST_BE_NEXT, "one left out", _city(Propose(Subject.CONTRACT, container(3)))),
    (R.CALENDAR_MUST_BE_SOUND, "no calendar", _city(Propose(Subject.CALENDAR, b""))),
    (R.CALENDAR_MUST_BE_SOUND, "a day too many", _city(
        Propose(Subject.CALENDAR, codec.encode_calendar(CalendarRecord("Macao", 2026, (), bytes(366))))
    )),
    (R.REGISTERS_MUST_STAY_READABLE, "", _city(
        Propose(Subject.CONTRACT, variant(NAME, ("version 1", "version 2"), ANOTHER_FORM, ANOTHER_ENTRY))
    )),
    (R.BALLOT_MUST_BE_KNOWN, "a position", _city(_vote(bytes(32)))),
    (R.BALLOT_MUST_BE_KNOWN, "an adoption", _city(Adopt(bytes(32), 0))),
    (R.DIGEST_MUST_BE_THE_BALLOTS, "", _on_a_ballot(0, Position.AGREE, Form("Macao"), bytes(32))),
    (R.BALLOT_MUST_BE_OPEN, "", _on_a_ballot(4, Position.OBJECT, Form(NAMES[10]))),
    (R.POSITION_MUST_BE_THE_FIRST, "", _on_a_ballot(2, Position.AGREE, Form(NAMES[0]))),
    (R.BALLOT_MUST_BE_CARRIED, "", _adoption(7, 1)),
    (R.COMMENCEMENT_MUST_NOT_BE_EARLY, "", _adoption(8, 0)),
    (R.BALLOT_MUST_NOT_BE_OVERTAKEN, "", _overtaken(1)),
    (R.CHARTER_MUST_DECIDE, "lacks the rule", _city(Propose(Subject.CONTRACT, changed_charter(CHARTER_CALLS)))),
    (R.CHARTER_MUST_DECIDE, "faults on a position", _under_a_charter_that_faults),
    (R.CHARTER_MUST_DECIDE, "faults on a day", _under_a_charter_that_names_no_day(1)),
    (R.COMMENCEMENT_MUST_PRECEDE_EXPIRY, "a day no calendar has", _adoption(8, 10**6)),
    (R.CERTIFICATE_MUST_BE_ACCEPTABLE, "", _city(AdmitCertificate(b""))),
    (R.CERTIFICATE_MUST_BE_NEW, "", _twice("Macao/wong")),
    (R.CERTIFICATE_MUST_BE_KNOWN, "", _city(RevokeCertificate(bytes(32), ""))),
    (R.CERTIFICATE_MUST_BE_OF_THE_SIGNERS_CITY, "", _revocation(NEITHER_PARTY, "Macao")),
    (R.CERTIFICATE_MUST_NOT_BE_REVOKED_ALREADY, "", _revocation(REVOKED, "Macao")),
    (R.CITY_CERTIFICATE_MUST_STAND, "", _revocation("Macao", "Macao")),
)  # fmt: skip

AT_THE_QUEUE = R.SEQUENCE_MUST_BE_UNUSED
"""The last ground that a queue looks for. SEQUENCE_MUST_BE_NEXT it leaves to the block: the ones before may wait."""


@pytest.mark.parametrize(
    ("rejection", "scenario"),
    [(rejection, scenario) for rejection, _, scenario in SCENARIOS],
    ids=[f"{rejection.name.lower()} {name}".strip() for rejection, name, _ in SCENARIOS],
)
def test_the_ledger_turns_it_away(rejection: Rejection, scenario: Scenario) -> None:
    world = beginning()
    data = scenario(world)
    leader = world.network.leader()
    _, at_the_queue = check_transaction(
        leader.state, data, leader.end.height + 1, world.time_ms + 1, world.oracle
    )
    assert at_the_queue == (rejection if rejection <= AT_THE_QUEUE else None)
    before = dict(leader.state.scan(b""))
    (receipt,) = world.put_in_block(data).receipts
    assert (receipt.outcome, Rejection(receipt.code)) == (OutcomeKind.REJECTED, rejection)
    after = dict(world.network.leader().state.scan(b""))
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    used = rejection > R.SEQUENCE_MUST_BE_NEXT
    assert len(changed) == used, "nothing changes but, of what passed identity and time, the signer's sequence number"
    assert len(world.contents()) == 1


def test_every_rejection_has_its_scenario() -> None:
    assert {rejection for rejection, _, _ in SCENARIOS} == set(Rejection)


def test_a_sound_transaction_is_done() -> None:
    """The canary: what the scenarios spoil is carried out when it is not spoilt."""
    world = beginning()
    assert judged(world, transaction_of(world, Form(APPLICANT), apply())).outcome is OutcomeKind.DONE
    assert judged(world, transaction_of(world, Form(APPLICANT), NARROW_CALL)).outcome is OutcomeKind.DONE
    adoption = _adoption(8, 1)(world)
    assert judged(world, adoption).outcome is OutcomeKind.DONE


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    ("step", "rejection"),
    [(-1, R.LAST_HEIGHT_MUST_NOT_HAVE_PASSED), (0, None), (1, None), (LAST_HEIGHT_AHEAD_MAX - 1, None),
     (LAST_HEIGHT_AHEAD_MAX, None), (LAST_HEIGHT_AHEAD_MAX + 1, R.LAST_HEIGHT_MUST_BE_NEAR)],
)  # fmt: skip
def test_the_bounds_of_the_last_height(step: int, rejection: Rejection | None) -> None:
    world = beginning()
    receipt = judged(world, transaction_of(world, Form(APPLICANT, last_height_step=step), apply()))
    assert receipt.code == (rejection or 0)


def test_the_bounds_of_a_certificates_validity() -> None:
    """Both ends are included (RFC 5280, 4.1.2.5); what counts is the time of the block."""
    world = beginning()
    end_s = BEGIN_MS // 1000 + VALID_S
    for moment_s, rejection in ((end_s, None), (end_s + 1, R.CERTIFICATE_MUST_NOT_BE_EXPIRED)):
        world.time_ms = moment_s * 1000
        receipt = judged(world, transaction_of(world, Form(EXPIRED), Call("nothing", 1, "act", ())))
        assert receipt.code == (rejection or R.CONTRACT_MUST_BE_KNOWN)
    begin_s = EARLY_MS // 1000
    for moment_s, rejection in ((begin_s - 1, R.CERTIFICATE_MUST_BE_VALID_ALREADY), (begin_s, None)):
        world.time_ms = moment_s * 1000
        receipt = judged(world, transaction_of(world, Form(EARLY), Call("nothing", 1, "act", ())))
        assert receipt.code == (rejection or R.CONTRACT_MUST_BE_KNOWN)


def test_an_instrument_governs_through_its_last_day() -> None:
    world = World()
    world.adopt(variant(ENDED, ("effective 2026-01-01", "effective 2026-01-01\n  expires 2026-01-20")))
    world.add_holder(APPLICANT, HolderKind.PERSON)
    last_moment_ms = BEGIN_MS + 16 * DAY_MS - 8 * 3_600_000 - 2  # 2026-01-20, 23:59:59.998 at UTC+8
    for moment_ms, code in ((last_moment_ms, 0), (last_moment_ms + 1, R.CONTRACT_MUST_NOT_HAVE_EXPIRED)):
        world.time_ms = moment_ms
        data = transaction_of(world, Form(APPLICANT), Call(ENDED, 1, "apply", apply().arguments))
        assert judged(world, data).code == code


# ---------------------------------------------------------------- precedence


def test_of_several_grounds_of_identity_and_time_the_lowest_is_named() -> None:
    world = beginning()
    ledgers = ((None, None), (bytes(32), R.LEDGER_MUST_BE_THIS_ONE))
    signers = (
        ("Macao", None), (None, R.SIGNER_MUST_BE_ADMITTED), (EARLY, R.CERTIFICATE_MUST_BE_VALID_ALREADY),
        (EXPIRED, R.CERTIFICATE_MUST_NOT_BE_EXPIRED), (REVOKED, R.CERTIFICATE_MUST_NOT_BE_REVOKED),
    )  # fmt: skip
    signatures = ((False, None), (True, R.SIGNATURE_MUST_VERIFY))
    heights = ((0, None), (-1, R.LAST_HEIGHT_MUST_NOT_HAVE_PASSED), (10**6, R.LAST_HEIGHT_MUST_BE_NEAR))
    sequences = ((0, None), (-1, R.SEQUENCE_MUST_BE_UNUSED), (9, R.SEQUENCE_MUST_BE_NEXT))
    payloads: tuple[tuple[Payload, Rejection | None], ...] = (
        (Call("nothing", 1, "act", ()), R.CONTRACT_MUST_BE_KNOWN),
        (AdmitCertificate(b""), R.CERTIFICATE_MUST_BE_ACCEPTABLE),
    )
    for ledger, signer, signature, height, sequence, payload in product(
        ledgers, signers, signatures, heights, sequences, payloads
    ):
        if sequence[0] < 0 and signer[0] != "Macao":
            continue  # the others have used no number yet
        form = Form(signer[0], ledger[0], sequence[0], height[0], spoils_signature=signature[0])
        grounds = [each[1] for each in (ledger, signer, signature, height, sequence, payload) if each[1] is not None]
        assert judged(world, transaction_of(world, form, payload[0])).code == min(grounds), (form, payload)


def test_a_large_call_is_too_large_before_anything_else() -> None:
    world = beginning()
    large = Call("nothing", 1, "act", (bytes(ARGUMENT_BYTES_MAX), bytes(ARGUMENT_BYTES_MAX)))
    data = transaction_of(world, Form(None, bytes(32), spoils_signature=True), large)
    assert judged(world, data).code == R.TRANSACTION_MUST_BE_WITHIN_SIZE


def test_an_expired_certificate_that_was_also_revoked_has_expired() -> None:
    world = beginning()
    world.carry_out("Macao", RevokeCertificate(world.holders[EXPIRED].fingerprint, ""))
    receipt = judged(world, transaction_of(world, Form(EXPIRED, spoils_signature=True), apply()))
    assert receipt.code == R.CERTIFICATE_MUST_NOT_BE_EXPIRED


def test_of_several_grounds_against_a_call_the_lowest_is_named() -> None:
    world = beginning()
    contracts = (
        (NARROW, None), ("nothing", R.CONTRACT_MUST_BE_KNOWN), (LATER, R.CONTRACT_MUST_HAVE_COMMENCED),
        (ENDED, R.CONTRACT_MUST_NOT_HAVE_EXPIRED),
    )  # fmt: skip
    versions = ((1, None), (2, R.VERSION_MUST_BE_IN_FORCE))
    acts = (("decide", None), ("nothing", R.ACT_MUST_BE_DECLARED))
    arguments = ((call("decide", place="Guangzhou", applicant=APPLICANT).arguments, None), ((), R.ARGUMENTS_MUST_FIT))
    signers = ((OFFICE, ()), (APPLICANT, (R.ACTOR_MUST_BE_PERMITTED,)), (NEITHER_PARTY, (R.CITY_MUST_BE_PARTY,)))
    for contract, version, act, given, signer in product(contracts, versions, acts, arguments, signers):
        grounds = [each[1] for each in (contract, version, act, given) if each[1] is not None]
        grounds.extend(signer[1])
        if not grounds:
            continue
        payload = Call(contract[0], version[0], act[0], given[0])
        assert judged(world, transaction_of(world, Form(signer[0]), payload)).code == min(grounds), payload


def test_of_several_grounds_against_a_position_the_lowest_is_named() -> None:
    world = beginning()
    ballots = ((_ballot(world, None, 1), None), (_ballot(world, None, 4, Position.OBJECT), R.BALLOT_MUST_BE_OPEN),
               (bytes(32), R.BALLOT_MUST_BE_KNOWN))  # fmt: skip
    digests = ((None, None), (bytes(32), R.DIGEST_MUST_BE_THE_BALLOTS))
    cities = ((NAMES[10], None), (NAMES[0], R.POSITION_MUST_BE_THE_FIRST))
    for ballot, digest, city in product(ballots, digests, cities):
        grounds = [each[1] for each in (ballot, digest, city) if each[1] is not None]
        receipt = judged(world, transaction_of(world, Form(city[0]), _vote(ballot[0], digest[0])))
        assert receipt.code == min(grounds, default=0)


PRECEDENCE: tuple[tuple[Rejection, str, Scenario], ...] = (
    (R.SIGNER_MUST_BE_A_CITY, "and no ballot", _of(Form(APPLICANT), _vote(bytes(32)))),
    (R.VERSION_MUST_BE_NEXT, "and another form of a register", _city(
        Propose(Subject.CONTRACT, variant(NAME, ("version 1", "version 3"), ANOTHER_FORM, ANOTHER_ENTRY))
    )),
    (R.VERSION_MUST_BE_NEXT, "and no rule that decides", _city(
        Propose(Subject.CONTRACT, changed_charter(("version 2", "version 3"), CHARTER_CALLS))
    )),
    (R.BALLOT_MUST_BE_CARRIED, "and early", _adoption(7, 0)),
    (R.COMMENCEMENT_MUST_NOT_BE_EARLY, "and overtaken", _overtaken(0)),
    (R.COMMENCEMENT_MUST_NOT_BE_EARLY, "and no charter that names a day", _under_a_charter_that_names_no_day(-10_000)),
    (R.BALLOT_MUST_NOT_BE_OVERTAKEN, "and later than any day", _overtaken(10**6)),
    (R.CHARTER_MUST_DECIDE, "and later than any day", _under_a_charter_that_names_no_day(10**6)),
    (R.CERTIFICATE_MUST_BE_OF_THE_SIGNERS_CITY, "and revoked already", _revocation(REVOKED, "Foshan")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rejection", "scenario"),
    [(rejection, scenario) for rejection, _, scenario in PRECEDENCE],
    ids=[f"{rejection.name.lower()} {name}" for rejection, name, _ in PRECEDENCE],
)
def test_of_two_grounds_in_the_making_of_rules_the_lower_is_named(rejection: Rejection, scenario: Scenario) -> None:
    world = beginning()
    assert judged(world, scenario(world)).code == rejection


def test_an_expired_certificate_is_not_acceptable_even_where_it_is_not_new() -> None:
    world = beginning()
    certificate = _certify_from(world, EXPIRED, BEGIN_MS)
    receipt = judged(world, transaction_of(world, Form("Macao"), AdmitCertificate(certificate)))
    assert (receipt.code, receipt.detail) == (R.CERTIFICATE_MUST_BE_ACCEPTABLE, CertificateRefusal.EXPIRED)
