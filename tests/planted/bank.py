"""Defects planted into sound instruments, as a drafter makes them, and what `gba test` says of each by default.

`before` stands exactly once in its file. `says` is None where nothing is said; then `why` is the reason, which
docs/testing.md gives as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

What: TypeAlias = Literal["example", "property", "invariant", "finding"]

SHARING = "contracts/instrument_sharing/contract.gba"
LICENCES = "contracts/licences/contract.gba"
TALENT = "contracts/talent_subsidy/contract.gba"
SPLITS = "stdlib/splits.gba"


@dataclass(frozen=True, slots=True)
class Planted:
    """One defect. `says`: what fails, by its title or name; a finding by its kind and its act or rule."""

    group: Literal["threshold", "power", "sum"]
    path: str
    before: str
    after: str
    says: tuple[What, str] | None
    why: str = ""


PLANTED: tuple[Planted, ...] = (
    # off by one at a threshold
    Planted("threshold", TALENT, "else if filed <= closes\n", "else if filed < closes\n",
        ("example", "On the first and the last day of the window")),
    Planted("threshold", SHARING, "price >= joining_threshold", "price > joining_threshold",
        ("example", "At the threshold")),
    Planted("threshold", SHARING, "used_hours / rated_hours < full_use", "used_hours / rated_hours <= full_use",
        ("example", "Exactly eighty-five per cent is not below it")),
    Planted("threshold", SHARING, "when hours from cancelled_at to starts < hours_of_notice",
        "when hours from cancelled_at to starts <= hours_of_notice",
        ("example", "Forty-eight hours before: no charge")),
    Planted("threshold", SHARING, "require today > held.confirm_until else refuse answer_still_possible",
        "require today >= held.confirm_until else refuse answer_still_possible",
        ("finding", "edge_drawn_twice confirm_by_silence")),
    Planted("threshold", LICENCES, "give on_day > last_day_for_defects(place, received_on)",
        "give on_day >= last_day_for_defects(place, received_on)",
        ("example", "On that Monday the period still runs; on Tuesday it is over")),
    Planted("threshold", LICENCES, "require today <= old_end else refuse deemed_renewed\n    require licence.term",
        "require today < old_end else refuse deemed_renewed\n    require licence.term",
        ("finding", "edge_drawn_twice grant_renewal")),
    Planted("threshold", LICENCES, "    when term.valid_from <= on_day\n", "    when term.valid_from < on_day\n",
        ("finding", "edge_drawn_twice suspended_then")),
    Planted("threshold", SHARING, "customer.open_bookings < open_bookings_allowed",
        "customer.open_bookings <= open_bookings_allowed", None,
        "forty bookings of one unit are more than a drawn history has, and no example says what the act does at forty"),
    Planted("threshold", TALENT, "require today <= opens else refuse window_backdated",
        "require today < opens else refuse window_backdated", None,
        "only the legal text says whether a window may be published on its first day"),
    # an act that somebody without power can call
    Planted("power", SHARING, "    require actor = held.user else refuse not_a_party_to_it\n", "", None,
        "a stranger can do it only with an open booking of its own, or at a charge: no drawn history is so rich"),
    Planted("power", SHARING, "    require actor = held.owner or actor = held.user else refuse not_a_party_to_it\n", "",
        ("finding", "not_their_own confirm_by_silence")),
    Planted("power", LICENCES, "    require actor = held.applicant else refuse not_your_case\n", "",
        ("finding", "not_their_own invoke_acceptance_by_silence")),
    Planted("power", LICENCES, "    require actor = licence.held_by else refuse not_your_case\n"
        "    let old_end", "    let old_end",
        ("example", "The authority records the deemed renewal as well, and a stranger does not")),
    Planted("power", LICENCES, "    require actor = cases(place, case_number).applicant else refuse not_your_case\n"
        "    require cases(place, case_number).stage = to_be_corrected",
        "    require cases(place, case_number).stage = to_be_corrected", ("finding", "not_their_own make_good")),
    Planted("power", LICENCES, "    by issuing_authority of place\n    require not types_of_licence has",
        "    by holder\n    require not types_of_licence has", ("finding", "not_their_own define_type")),
    Planted("power", LICENCES, "    by issuing_authority of place\n    require not types_of_licence has",
        "    by issuing_authority\n    require not types_of_licence has", ("finding", "another_city define_type")),
    Planted("power", LICENCES, "case_number: Text(30 max characters)) by officer of place",
        "case_number: Text(30 max characters)) by officer", ("finding", "another_city sign_examination")),
    Planted("power", TALENT, "opens: Date, closes: Date)\n    by science_bureau of place",
        "opens: Date, closes: Date)\n    by science_bureau", ("finding", "another_city publish_window")),
    Planted("power", TALENT, "    require city of actor = held.place else refuse not_of_this_city\n"
        "    require held.status = approved", "    require held.status = approved", ("finding", "another_city pay")),
    Planted("power", SHARING, "by science_department\n    require city of actor = city of unit else refuse "
        "unit_of_another_city\n    require not users", "by science_department\n    require not users",
        ("finding", "another_city register_user")),
    Planted("power", TALENT, "    by audit_office\n    require payments has",
        "    by finance_bureau\n    require payments has", None,
        "one office in the place of another: only the legal text says which of them has the power"),
    # a sum that does not add up
    Planted("sum", SPLITS, "if place_in_queue(remainders, position) <= left_over",
        "if place_in_queue(remainders, position) < left_over", ("property", "The parts add up to the amount")),
    Planted("sum", SPLITS, "    give amounts_cny(largest_remainder(units_cny(amount), weights))\n",
        "    let total = sum of weight for each weight in weights\n"
        "    give list of round half up (amount * weight / total) to 0.01 CNY for each weight in weights\n",
        ("finding", "does_not_add_up split_cny")),
    Planted("sum", SPLITS, "    give amounts_mop(largest_remainder(units_mop(amount), weights))\n",
        "    let total = sum of weight for each weight in weights\n"
        "    give list of round floor (amount * weight / total) to 0.01 MOP for each weight in weights\n",
        ("finding", "does_not_add_up split_mop")),
    Planted("sum", SHARING, "  rule fee_due(place: City, from_day: Date) gives Date\n",
        "  record PartsOfFee\n    of_owner: Money CNY\n    of_city: Money CNY\n\n"
        "  rule parts_of_fee(fee: Money CNY from 0 CNY to 100_000_000 CNY) gives PartsOfFee\n"
        "    give PartsOfFee(\n        of_owner: round half up (fee * 70%) to 0.01 CNY,\n"
        "        of_city: round half up (fee * 30%) to 0.01 CNY\n      )\n\n"
        "  rule fee_due(place: City, from_day: Date) gives Date\n", ("finding", "does_not_add_up parts_of_fee")),
    Planted("sum", LICENCES, "damages: damages_owed(withdrawn, false, loss),\n"
        "        compensation: compensation_owed(withdrawn, loss),",
        "damages: round half up (loss * 37.5%) to 0.01 CNY,\n"
        "        compensation: round half up (loss * 62.5%) to 0.01 CNY,",
        ("invariant", "no_payment_for_a_penalty")),
    Planted("sum", SHARING, "    let fee = charge - voucher_used\n",
        "    let fee = round down (charge - voucher_used) to 1 CNY\n", ("invariant", "charges_add_up")),
    Planted("sum", TALENT, "amount * interest_rate * (days from paid_on to ordered_on) / 365",
        "amount * interest_rate * (days from paid_on to ordered_on) / 360", ("example",
        "A hundred days at 3.65 per cent a year are one per cent")),
)  # fmt: skip
