"""What `gba new` writes: a small instrument that checks, tests and deploys, with a README beside it."""

from __future__ import annotations

from pathlib import Path

from gbalang.ast.nodes import Language
from gbalang.ast.printer import print_document
from gbalang.cli.session import ExitCode, Session, write_bytes
from gbalang.cli.sources import parse_text

CONTRACT = """contract {name} version 1
  title en "A grant for seniors' transport cards"
        zh-Hant "長者乘車卡資助"
  basis "(name the instrument that this contract carries out)"
  parties all cities
  effective 2026-01-01

article 1 "Terms"
  text en "An applicant is a natural person. The transport office of a city decides on applications in that city."

  role applicant is any person
  role transport_office is department

  enum Status: received, granted

  record Application
    applicant: Person
    place: City
    age: Int from 0 to 150
    fare: Money CNY from 0 CNY to 10_000 CNY
    status: Status

  register applications: Application by applicant

article 2 "Amount of the grant"
  text en "The grant is half of the yearly fare, rounded half up to a fen, and at most the ceiling."

  parameter ceiling: Money CNY = 600 CNY from 2026-01-01

  rule grant(fare: Money CNY) gives Money CNY
    give least of (ceiling, round half up (fare / 2) to 0.01 CNY)

  exception nothing_paid to grant when fare <= 0 CNY
    give 0 CNY

  example "Half of the fare"
    grant(801 CNY) = 400.5 CNY
  example "The ceiling"
    grant(5_000 CNY) = 600 CNY

  property "No grant is above the ceiling" for any fare: Money CNY from 0 CNY to 10_000 CNY
    holds grant(fare) <= 600 CNY

article 3 "Applying and deciding"
  text en "A person of at least 65 years applies once. The transport office of the place grants the application."

  refusal too_young en "The applicant is younger than 65 years."
  refusal already_applied en "An application of this person is already registered."
  refusal already_granted en "The application has been granted already."
  refusal other_place en "The application belongs to another city."

  event application_received(applicant: Person)
  event grant_decided(applicant: Person, amount: Money CNY)

  act apply(place: City, age: Int from 0 to 150, fare: Money CNY from 0 CNY to 10_000 CNY) by applicant
    require age >= 65 else refuse too_young
    require not applications has (actor) else refuse already_applied
    enter Application(applicant: actor, place: place, age: age, fare: fare, status: received) in applications
    announce application_received(actor)

  act decide(place: City, applicant: Person) by transport_office of place
    let application = applications(applicant)
    require application.place = place else refuse other_place
    require application.status = received else refuse already_granted
    amend applications(applicant) with status: granted
    announce grant_decided(applicant, grant(application.fare))

  query application_of(applicant: Person) by anyone gives Application
    give applications(applicant)

  invariant seniors_only "Nobody younger than 65 stands in the register"
    holds every application in entries of applications satisfies application.age >= 65

  example "Applied for from the age of 65, and granted once by the office of the place"
    with alice as applicant of Guangzhou, office as transport_office of Guangzhou
    on 2026-03-02 alice does apply(Guangzhou, 64, 801 CNY) refused too_young
    on 2026-03-02 alice does apply(Guangzhou, 65, 801 CNY)
    on 2026-03-02 alice does decide(Guangzhou, alice) without power
    on 2026-03-02 office does decide(Guangzhou, alice)
    then applications(alice).status = granted
    on 2026-03-03 office does decide(Guangzhou, alice) refused already_granted
"""

README = """# {name}

    gba check {name}
    gba test {name}
    gba net init
    gba deploy {name}/contract.gba

Then, as a person and as an office:

    gba id issue Guangzhou/alice --kind person
    gba id issue Guangzhou/transport --kind department --role transport_office
    gba call {name} apply place=Guangzhou age=70 fare="801 CNY" --as Guangzhou/alice
    gba call {name} decide place=Guangzhou applicant=Guangzhou/alice --as Guangzhou/transport
    gba query {name} application_of applicant=Guangzhou/alice

Nothing personal belongs on the ledger in this form: use invented data.
"""


def write_new(session: Session, folder: Path, name: str, keywords: Language) -> list[Path]:
    """Write the folder of a new instrument and return its files."""
    if not name.isidentifier() or len(name) > 60:
        session.fail(ExitCode.AT_FAULT, "name_malformed", name=name)
    document = parse_text(session, f"{name}/contract.gba", CONTRACT.replace("{name}", name))
    texts = {
        "contract.gba": print_document(document, keywords),
        "README.md": README.replace("{name}", name),
    }
    paths = [folder / name / file_name for file_name in texts]
    for path in paths:
        if path.exists():
            session.fail(ExitCode.AT_FAULT, "file_exists", path=path)
    for path, text in zip(paths, texts.values(), strict=True):
        write_bytes(session, path, text.encode("utf-8"), force=False)
    return paths
