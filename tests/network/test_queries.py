"""Questions are turned away on the same grounds as acts, by what the ledger says of the certificate."""

from __future__ import annotations

from gbalang.isa.civil import days_from_civil
from gbalang.vm.host import Done, Refused
from runtime.calls import ask_query
from runtime.certificates import HolderKind
from runtime.identities import certificate_fields, expiring, reference
from runtime.outcome import Circumstances
from runtime.programs import open_program, program_digest
from runtime.records import Adopt, OutcomeKind, RevokeCertificate, Subject
from runtime.rejections import Rejection
from runtime.transition import day_of
from tests.network.harness import World, compile_text

TEXT = """contract files version 1
  title en "Files"
  basis "An agreement"
  parties Guangzhou, Macao
  effective 2026-01-01
  expires 2026-12-31

article 1 "Files"
  role officer is department
  refusal nothing_there en "There is no such file."
  query secret(number: Int) by officer gives Int
    require number > 0 else refuse nothing_there
    give 42
  query day() by anyone gives Date
    give today
"""
OFFICER = "Macao/office"


def world() -> World:
    made = World()
    made.add_holder(OFFICER, HolderKind.DEPARTMENT, ("officer",))
    made.add_holder("Zhuhai/office", HolderKind.DEPARTMENT, ("officer",))
    made.add_holder("Macao/clerk", HolderKind.DEPARTMENT)
    made.adopt(compile_text("files.gba", TEXT))
    return made


def ask(made: World, query: str, who: str | None, *arguments: int, day: int | None = None) -> object:
    leader = made.network.leader()
    today = day_of(made.time_ms) if day is None else day
    now_s = made.time_ms // 1000 if day is None else (day * 24 - 8) * 3_600
    at = Circumstances(leader.end.height + 1, now_s, today, leader.programs)
    signer = None if who is None else made.holders[who].fingerprint
    answer = ask_query(leader.state, "files", query, arguments, signer, at)
    return answer if isinstance(answer, Rejection) else answer[1]


def test_a_standing_officer_is_answered() -> None:
    outcome = ask(world(), "secret", OFFICER, 1)
    assert isinstance(outcome, Done)
    assert outcome.result == 42
    assert isinstance(ask(world(), "secret", OFFICER, 0), Refused)


def test_nothing_is_shown_to_whom_the_ledger_does_not_know_or_no_longer_trusts() -> None:
    made = world()
    assert ask(made, "secret", None, 1) is Rejection.ACTOR_MUST_BE_PERMITTED
    assert ask(made, "secret", "Macao/clerk", 1) is Rejection.ACTOR_MUST_BE_PERMITTED
    assert ask(made, "secret", "Zhuhai/office", 1) is Rejection.ACTOR_MUST_BE_PERMITTED, "no party"
    made.certify("Macao/stranger", HolderKind.DEPARTMENT, ("officer",))
    assert ask(made, "secret", "Macao/stranger", 1) is Rejection.SIGNER_MUST_BE_ADMITTED
    revocation = RevokeCertificate(made.holders[OFFICER].fingerprint, "left")
    assert made.carry_out("Macao", revocation).outcome is OutcomeKind.DONE
    assert ask(made, "secret", OFFICER, 1) is Rejection.CERTIFICATE_MUST_NOT_BE_REVOKED


def test_a_question_is_asked_at_a_moment() -> None:
    made = world()
    last = days_from_civil(2026, 12, 31)
    outcome = ask(made, "day", None, day=last)
    assert isinstance(outcome, Done)
    assert outcome.result == last
    assert ask(made, "day", None, day=last + 1) is Rejection.CONTRACT_MUST_NOT_HAVE_EXPIRED
    assert ask(made, "day", None, day=days_from_civil(2025, 12, 31)) is Rejection.CONTRACT_MUST_BE_KNOWN
    assert ask(made, "nothing", None) is Rejection.ACT_MUST_BE_DECLARED


def test_a_text_that_would_have_ended_before_it_begins_is_not_adopted() -> None:
    made = World()
    content = compile_text("files.gba", TEXT)
    ballot = made.agree(Subject.CONTRACT, content, program_digest(open_program(content)))
    late = made.carry_out("Macao", Adopt(ballot, days_from_civil(2027, 1, 1)))
    assert (late.outcome, late.code) == (OutcomeKind.REJECTED, Rejection.COMMENCEMENT_MUST_PRECEDE_EXPIRY)
    assert made.carry_out("Macao", Adopt(ballot, days_from_civil(2026, 12, 31))).outcome is OutcomeKind.DONE


def test_what_expires_soon_is_told_unless_it_has_a_successor() -> None:
    made = World()
    now_s = made.time_ms // 1_000
    made.add_holder("Macao/clerk", HolderKind.DEPARTMENT)
    ends_s = certificate_fields(made.network.leader().state, made.holders["Macao/clerk"].fingerprint)
    assert ends_s is not None
    before, day = ends_s.not_after_s - now_s, 86_400

    def told() -> list[str]:
        found = expiring(made.network.leader().state, now_s, before)
        return [reference(fields) for fields in found if fields.kind != HolderKind.CITY]

    assert told() == ["Macao/clerk"]
    assert not expiring(made.network.leader().state, now_s, before - day)
    made.time_ms += 2 * day * 1_000
    made.add_holder("Macao/clerk", HolderKind.DEPARTMENT)
    assert not told()
