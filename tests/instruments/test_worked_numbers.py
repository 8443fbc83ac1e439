"""The worked numbers of the rules that the instruments carry out: from the published rules, or by hand from them.

R01: 財稅〔2019〕31號, 財稅〔2023〕34號, 粵財稅〔2023〕21號 and the annual table of individual income tax. R06: State
Council Order 716. R09: 廣東省科學技術廳 measures of 2023. R25: 行政許可法, its articles named at each case. No number
here was read off our own output.
"""

from __future__ import annotations

import pytest

from tests.instruments.applying import Instrument

SUBSIDY = Instrument.bundled("talent_subsidy")
SHARING = Instrument.bundled("instrument_sharing")
LICENCES = Instrument.bundled("licences")


# ---------------------------------------------------------------- R01, the income-tax subsidy

ANNUAL_TABLE = (
    # taxable income, tax: 個人所得稅法, rates of comprehensive income with their quick deductions
    (300_000, 300_000 * 20 // 100 - 16_920),
    (1_000_000, 1_000_000 * 45 // 100 - 181_920),
    (20_000_000, 20_000_000 * 45 // 100 - 181_920),
)


def test_the_taxes_of_the_worked_cases_follow_the_annual_table() -> None:
    assert [tax for _, tax in ANNUAL_TABLE] == [43_080, 268_080, 8_818_080]


@pytest.mark.parametrize(
    ("tax", "income", "subsidy"),
    [
        ("268_080 CNY", "1_000_000 CNY", "118_080.00 CNY"),
        ("8_818_080 CNY", "20_000_000 CNY", "5_000_000.00 CNY"),
        ("43_080 CNY", "300_000 CNY", "0.00 CNY"),
    ],
)
def test_the_subsidy(tax: str, income: str, subsidy: str) -> None:
    assert SUBSIDY.apply("subsidy", tax, income, "false") == subsidy


def test_whoever_elected_the_relief_gets_no_subsidy() -> None:
    assert SUBSIDY.apply("subsidy", "268_080 CNY", "1_000_000 CNY", "true") == "0.00 CNY"


def test_the_nansha_relief_is_greater_for_a_tax_of_120_000_at_home() -> None:
    assert SUBSIDY.apply("nansha_relief", "268_080 CNY", "120_000 CNY") == "148_080.00 CNY"
    assert SUBSIDY.apply("comparison", "268_080 CNY", "1_000_000 CNY", "120_000 CNY") == (
        "Comparison(subsidy_amount: 118_080.00 CNY, relief_amount: 148_080.00 CNY, outcome: relief_is_greater)"
    )


@pytest.mark.parametrize(
    ("filed", "answer"),
    [
        # Zhongshan, 2019: 1 June to 31 July of the following year; a missed year once in the next window, then lost.
        ("2026-05-31", "too_early"),
        ("2026-06-01", "in_time"),
        ("2026-07-31", "in_time"),
        ("2026-08-01", "between_windows"),
        ("2027-06-01", "late"),
        ("2027-07-31", "late"),
        ("2027-08-01", "lost"),
    ],
)
def test_a_missed_year_may_be_claimed_once_in_the_next_window(filed: str, answer: str) -> None:
    window = ("2026-06-01", "2026-07-31", "some 2027-06-01", "some 2027-07-31")
    assert SUBSIDY.apply("filing", filed, *window) == answer


# ---------------------------------------------------------------- R09, large instruments


@pytest.mark.parametrize(
    ("used", "rated", "must_open", "hours", "shown"),
    [
        ("1_500", "1_800", "true", "300", "83.3%"),
        ("1_530", "1_800", "false", "0", "85%"),
        ("1_529", "1_800", "true", "271", "84.9%"),
    ],
)
def test_idle_hours_below_85_per_cent(used: str, rated: str, must_open: str, hours: str, shown: str) -> None:
    assert SHARING.apply("must_open", used, rated) == must_open
    assert SHARING.apply("hours_to_be_opened", used, rated) == hours
    assert SHARING.apply("utilisation_shown", used, rated) == shown


def test_instruments_of_500_000_and_more_bought_with_public_money_must_join() -> None:
    assert SHARING.apply("obliged_to_join", "true", "500_000 CNY") == "true"
    assert SHARING.apply("obliged_to_join", "true", "499_999.99 CNY") == "false"
    assert SHARING.apply("obliged_to_join", "false", "500_000 CNY") == "false"


def test_cancelling_48_hours_before_costs_nothing() -> None:
    starts = "2026-03-20T09:00"
    assert SHARING.apply("cancellation_charge", "400 CNY", "2026-03-18T09:00", starts) == "0.00 CNY"
    assert SHARING.apply("cancellation_charge", "400 CNY", "2026-03-18T09:01", starts) == "200.00 CNY"


def test_the_fee_is_hours_times_rate_and_consumables_less_the_voucher() -> None:
    # 1,000 yuan an hour, a small or medium-sized enterprise at 60 %, a city's discount of 10 %: 540; three hours and 80
    # of consumables.
    assert SHARING.apply("rate_for", "1_000 CNY", "small_or_medium_enterprise", "10%") == "540.00 CNY"
    assert SHARING.apply("charge_before_voucher", "3", "540 CNY", "80 CNY") == "1700.00 CNY"
    assert SHARING.apply("voucher_applied", "1_700 CNY", "500 CNY") == "500.00 CNY"
    assert SHARING.apply("voucher_applied", "1_700 CNY", "5_000 CNY") == "1700.00 CNY"


# ---------------------------------------------------------------- R25 and R06, licences

PERIODS = [
    # (city, day of the event, Art 32: five days for defects, Art 42: twenty, and ten more), counted by hand on the
    # notices of 2026: Ching Ming 4–6 April in the Mainland, Good Friday to Easter Monday 3–7 April in both SARs.
    ("Guangzhou", "2026-03-16", "2026-03-23", "2026-04-14", "2026-04-28"),
    ("HongKong", "2026-03-16", "2026-03-23", "2026-04-16", "2026-04-30"),
    ("Macao", "2026-03-16", "2026-03-23", "2026-04-16", "2026-04-30"),
]


@pytest.mark.parametrize(("city", "day", "defects", "decision", "extended"), PERIODS)
def test_periods_of_the_licensing_law(city: str, day: str, defects: str, decision: str, extended: str) -> None:
    assert LICENCES.apply("last_day_for_defects", city, day) == defects
    assert LICENCES.apply("decision_due", city, day, "false") == decision
    assert LICENCES.apply("decision_due", city, day, "true") == extended


def test_renewal_is_asked_thirty_days_before_the_end() -> None:
    assert LICENCES.apply("last_day_to_renew", "2026-12-31") == "2026-12-01"


@pytest.mark.parametrize(
    ("unlawful", "improper_means", "harm", "duty"),
    [
        # Art 69: may annul what was unlawful; must annul what was got by fraud, bribery or other improper means;
        # neither if it greatly harms the public.
        ("false", "false", "false", "must_not_annul"),
        ("true", "false", "false", "may_annul"),
        ("true", "true", "false", "must_annul"),
        ("false", "true", "false", "must_annul"),
        ("true", "true", "true", "must_not_annul"),
        ("true", "false", "true", "must_not_annul"),
    ],
)
def test_annulment(unlawful: str, improper_means: str, harm: str, duty: str) -> None:
    assert LICENCES.apply("annulment", unlawful, improper_means, harm) == duty


def test_an_annulment_owes_damages_and_a_withdrawal_compensation() -> None:
    # Art 8: compensation (補償) for a withdrawal. Art 69: damages (賠償) for an annulment, and benefits got by improper
    # means are not protected.
    assert LICENCES.apply("compensation_owed", "withdrawn", "12_500 CNY") == "12_500.00 CNY"
    assert LICENCES.apply("damages_owed", "withdrawn", "false", "12_500 CNY") == "0.00 CNY"
    assert LICENCES.apply("compensation_owed", "annulled", "12_500 CNY") == "0.00 CNY"
    assert LICENCES.apply("damages_owed", "annulled", "false", "12_500 CNY") == "12_500.00 CNY"
    assert LICENCES.apply("damages_owed", "annulled", "true", "12_500 CNY") == "0.00 CNY"


def test_which_instant_counts_for_a_licence_that_ends_between_application_and_decision() -> None:
    # Valid on the day of application (day 1), expired on day 3, decision on day 5.
    term = "Term(valid_from: 2025-03-03, valid_until: 2026-03-03, ended_from: none, ended_as: not_ended)"
    assert LICENCES.apply("status_on", term, "[]", "2026-03-01") == "in_force"
    assert LICENCES.apply("status_on", term, "[]", "2026-03-03") == "in_force"
    assert LICENCES.apply("status_on", term, "[]", "2026-03-05") == "expired"


def test_refusing_a_licence_in_force_is_a_breach_unless_the_law_requires_the_original() -> None:
    # Order 716, Art 10; Guangdong business-environment regulation, Art 34.
    assert LICENCES.apply("refusal_is_breach", "in_force", "true", "other_ground") == "true"
    assert LICENCES.apply("refusal_is_breach", "in_force", "true", "original_required_by_law") == "false"
    assert LICENCES.apply("refusal_is_breach", "expired", "true", "licence_not_in_force") == "false"
