"""Findings on small instruments: what is noticed, and what looks alike and is not."""

from __future__ import annotations

from gbalang.isa.types import Number
from gbalang.testing.draw import Source
from gbalang.testing.findings import Findings
from gbalang.testing.found import Finding
from gbalang.testing.histories import run_histories
from gbalang.testing.sums import Amount, Measured, Relation, Relations, measure
from tests.unit.drafting.texts import runner

BOARD = """article 1 "A board of notices"
  role citizen is any person
  role clerk is department
  record Notice
    place: City
    number: Int from 1 to 99
    author: Person
    seen: Bool
  register notices: Notice by place, number
  record Count
    place: City
    notices_made: Int from 0 to 1_000
  register counts: Count by place
  refusal exists en "It exists."
  refusal missing en "It is missing."
  refusal not_yours en "It is another's."

  act publish(place: City, number: Int from 1 to 99) by citizen
    require not notices has (place, number) else refuse exists
    enter Notice(place: place, number: number, author: actor, seen: false) in notices

  act count_one(place: City) by clerk of place
    if counts has (place) then
      amend counts(place) with notices_made: counts(place).notices_made + 1
    else
      enter Count(place: place, notices_made: 1) in counts
    end

  act see(place: City, number: Int from 1 to 99) by clerk of place
    require notices has (place, number) else refuse missing
    amend notices(place, number) with seen: true

  act take_down(place: City, number: Int from 1 to 99) by citizen
    require notices has (place, number) else refuse missing
    require notices(place, number).author = actor else refuse not_yours
    remove notices(place, number)
"""

POOL = """article 1 "A pool"
  role treasurer is department
  record Share
    year: Int from 2000 to 2099
    city: City
    amount: Money CNY
  register shares: Share by year, city
  refusal shared en "It is shared."

  act share_out(year: Int from 2000 to 2099, total: Money CNY from 0 CNY to 1_000_000 CNY) by treasurer
    require not shares has (year, Guangzhou) else refuse shared
    let third = round half up (total / 3) to 0.01 CNY
    enter Share(year: year, city: Guangzhou, amount: third) in shares
    enter Share(year: year, city: Macao, amount: third) in shares
    enter Share(year: year, city: HongKong, amount: LAST) in shares
"""


def found(text: str) -> tuple[Finding, ...]:
    made = runner(text)
    findings = Findings(made.trial, 1)
    run_histories(made, 1, watch=findings)
    return findings.found()


def told(text: str) -> list[tuple[str, str]]:
    return [(each.kind, each.name) for each in found(text)]


def test_nothing_is_found_where_everybody_keeps_to_their_own() -> None:
    assert told(BOARD) == []


def test_a_missing_condition_on_the_actor_is_found_with_two_deeds() -> None:
    (finding,) = found(BOARD.replace("    require notices(place, number).author = actor else refuse not_yours\n", ""))
    assert (finding.kind, finding.name) == ("not_their_own", "take_down")
    assert [sentence.split("  ")[2].partition("(")[0] for sentence in finding.story] == ["publish", "take_down"]
    facts = dict(finding.facts)
    assert facts["register"] == "notices"
    assert facts["actor"] not in finding.story[0]


def test_an_office_replaced_by_anybody_is_found() -> None:
    text = BOARD.replace("act count_one(place: City) by clerk of place", "act count_one(place: City) by citizen")
    assert told(text) == [("not_their_own", "count_one")]


def test_a_city_left_out_is_found_beside_acts_that_have_it() -> None:
    text = BOARD.replace("99) by clerk of place", "99) by clerk")
    (finding,) = found(text)
    assert (finding.kind, finding.name) == ("another_city", "see")
    assert dict(finding.facts)["sibling"] == "count_one"


def test_where_no_act_is_bound_to_its_city_none_is_measured_by_another() -> None:
    assert told(BOARD.replace("by clerk of place", "by clerk")) == []


def test_shares_rounded_each_on_its_own_are_found_in_an_act() -> None:
    (finding,) = found(POOL.replace("LAST", "third"))
    assert (finding.kind, finding.name) == ("does_not_add_up", "share_out")
    assert dict(finding.facts)["whole"] == "total"
    assert len(finding.story) == 1


def test_shares_whose_last_one_is_the_rest_are_not() -> None:
    assert told(POOL.replace("LAST", "total - third - third")) == []


def test_a_sum_that_is_far_off_is_no_sum() -> None:
    """Random parts: chance alone never brings them near in four of five cases."""
    source, money = Source(3), Number(2, "CNY")
    relations: Relations[int] = Relations()
    for case in range(200):
        amounts = [Amount((name,), money, (source.below(100_000),), is_several=False) for name in ("a", "b", "c", "d")]
        relations.add(tuple(amounts), case)
    assert relations.missed() is None


def test_a_sum_counts_only_where_chance_is_excluded() -> None:
    """A third of 100.00 three times is 99.99: one unit off, near, and counted. Of 1.00 it would say nothing."""
    assert Measured(10_000, (3_333, 3_333, 3_333)).off == -1
    assert Measured(10_000, (3_333, 3_333, 3_333)).is_near
    assert Measured(10_000, (3_333, 3_333, 3_333)).counts
    assert not Measured(100, (33, 33, 33)).counts
    assert not Measured(10_000, (9_999, 0, 0)).counts
    assert not Measured(10_000, (5_000, 4_996)).is_near


def test_several_amounts_under_one_name_are_parts() -> None:
    whole = Amount(("argument", "total"), Number(2, "CNY"), (100,), is_several=False)
    parts = Amount(("result",), Number(2, "CNY"), (33, 33, 33), is_several=True)
    relation = Relation(("argument", "total"), (("result",),))
    assert measure(relation, (whole, parts)) == Measured(100, (33, 33, 33))


EDGES = """article 1 "A period"
  role clerk is department
  record Case
    place: City
    until: Date
    answered: Bool
  register cases: Case by place
  refusal late en "It is late."
  refusal early en "It is early."

  act open_case(place: City) by clerk of place
    enter Case(place: place, until: 5 days after today, answered: false) in cases

  act answer(place: City) by clerk of place
    require today <= cases(place).until else refuse late
    amend cases(place) with answered: true

  act close(place: City) by clerk of place
    let held = cases(place)
    require today > held.until else refuse early
    remove cases(place)
"""


def test_an_edge_on_which_two_acts_agree_is_no_finding() -> None:
    assert told(EDGES) == []


def test_an_edge_on_which_both_acts_apply_is_found() -> None:
    (finding,) = found(EDGES.replace("today > held", "today >= held"))
    assert (finding.kind, finding.name) == ("edge_drawn_twice", "close")
    facts = dict(finding.facts)
    assert facts["one"] == "answer: today <= cases.until"
    assert facts["other"] == "close: today >= cases.until"


def test_an_edge_on_which_neither_act_applies_is_found() -> None:
    assert told(EDGES.replace("today <= cases", "today < cases")) == [("edge_drawn_twice", "close")]
