"""The table of diagnostics: each number with its name, its severity and the facts its sentence may use.

Numbers are never reused. E01 reading, E02 names and structure, E03 values and types, E04 cases and exceptions, E05 acts
and power, E06 calendars, E07 limits of a program.
"""

from __future__ import annotations

from dataclasses import dataclass

from gbalang.diagnostics.model import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """One row."""

    number: str
    slug: str
    facts: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR


def _warning(number: str, slug: str, *facts: str) -> Code:
    return Code(number, slug, facts, Severity.WARNING)


def _error(number: str, slug: str, *facts: str) -> Code:
    return Code(number, slug, facts)


CODES: tuple[Code, ...] = (
    _error("E0101", "text_not_utf8", "reason"),
    _error("E0102", "source_too_large", "size", "limit"),
    _error("E0103", "character_not_allowed", "character", "codepoint"),
    _error("E0104", "name_not_composed", "name", "composed"),
    _error("E0105", "text_not_closed"),
    _error("E0106", "bracketed_name_not_closed"),
    _error("E0107", "unexpected_word", "found", "expected", "nearest"),
    _error("E0108", "unexpected_end", "expected"),
    _error("E0109", "keyword_used_as_name", "word"),
    _error("E0110", "run_of_words_not_understood", "word", "keyword"),
    _error("E0111", "mixed_keyword_languages", "word", "language", "file_language"),
    _error("E0112", "number_too_long", "digits", "limit"),
    _error("E0113", "nesting_too_deep", "limit"),
    _error("E0114", "not_an_instrument", "found"),
    _error("E0115", "language_given_twice", "language"),
    _error("E0116", "header_line_given_twice", "line"),
    _error("E0117", "unknown_escape", "escape"),
    _error("E0118", "name_too_long", "name", "limit"),
    _error("E0119", "unknown_currency", "currency", "nearest"),
    _error("E0120", "unknown_language_tag", "tag"),
    _error("E0121", "float_point_form_not_allowed", "text"),
    _error("E0122", "name_in_brackets_empty"),
    _error("E0123", "written_another_way", "found", "suggestion"),
    _error("E0124", "too_many_parts_joined", "limit"),
    _error("E0201", "undefined_name", "name", "kind", "nearest"),
    _error("E0202", "defined_twice", "name"),
    _error("E0204", "lookalike_names", "name", "other"),
    _error("E0205", "wrong_kind_of_name", "name", "found_kind", "wanted_kind"),
    _error("E0206", "import_not_found", "name"),
    _error("E0207", "import_cycle", "cycle"),
    _error("E0208", "import_not_a_library", "name"),
    _error("E0209", "rule_recursion", "cycle"),
    _error("E0210", "article_label_twice", "label"),
    _error("E0211", "article_empty", "label"),
    _error("E0212", "article_text_only_without_reason", "label"),
    _error("E0213", "unknown_city", "name", "nearest"),
    _error("E0214", "unknown_calendar", "name", "nearest"),
    _error("E0215", "no_effective_date"),
    _error("E0216", "dates_out_of_order", "earlier", "later"),
    _error("E0217", "date_does_not_exist", "date"),
    _error("E0218", "party_named_twice", "name"),
    _error("E0219", "no_parties"),
    _error("E0220", "wrong_number_of_arguments", "name", "wanted", "found"),
    _error("E0221", "field_missing", "record", "field"),
    _error("E0222", "field_unknown", "record", "field", "nearest"),
    _error("E0223", "field_given_twice", "field"),
    _error("E0224", "time_does_not_exist", "time"),
    _error("E0225", "too_many_of", "what", "count", "limit"),
    _error("E0226", "not_allowed_in_library", "what"),
    _error("E0227", "version_not_positive"),
    _error("E0228", "ambiguous_name", "name", "choices", "first"),
    _error("E0229", "record_contains_itself", "record"),
    _error("E0230", "field_with_equals_sign", "field"),
    _warning("E0231", "prevailing_text_missing", "label", "language"),
    _error("E0301", "type_mismatch", "wanted", "found"),
    _error("E0302", "currency_mix", "left", "right"),
    _error("E0303", "lossy_value", "found_places", "wanted_places", "smallest"),
    _error("E0304", "ratio_not_rounded", "wanted", "smallest"),
    _error("E0305", "and_or_mixed", "first", "second"),
    _error("E0306", "comparison_of_different_kinds", "left", "right"),
    _error("E0307", "no_order", "type"),
    _error("E0308", "money_times_money", "left", "right"),
    _error("E0309", "operator_not_for_type", "operator", "type"),
    _error("E0310", "literal_out_of_range", "value", "low", "high"),
    _error("E0311", "range_empty", "low", "high"),
    _error("E0312", "rounding_unit_not_positive", "unit"),
    _warning("E0313", "rounding_not_needed"),
    _error("E0314", "month_end_not_stated", "unit"),
    _error("E0315", "calendar_missing", "unit"),
    _error("E0316", "calendar_not_wanted", "unit"),
    _error("E0317", "option_used_as_value", "type"),
    _error("E0318", "none_without_type"),
    _error("E0319", "empty_list_without_type"),
    _error("E0320", "collection_too_large", "count", "limit"),
    _error("E0321", "text_too_long", "count", "limit"),
    _error("E0322", "division_by_zero"),
    _error("E0323", "not_constant", "what"),
    _error("E0324", "condition_not_truth", "found"),
    _error("E0325", "cannot_iterate", "found"),
    _error("E0326", "not_an_enumeration", "found"),
    _error("E0327", "date_unit_mismatch", "unit", "found"),
    _error("E0328", "amount_too_fine", "text", "places"),
    _error("E0329", "no_field", "type", "field"),
    _error("E0330", "rounding_given_for_days", "unit"),
    _error("E0331", "currency_of_another_place", "wanted", "found"),
    _error("E0332", "none_where_value_needed", "wanted"),
    _error("E0401", "match_not_complete", "missing"),
    _error("E0402", "match_case_repeated", "case"),
    _error("E0403", "match_case_unreachable", "case"),
    _error("E0404", "exceptions_conflict", "rule", "first", "second", "example"),
    _error("E0405", "rule_undecided", "rule", "example"),
    _error("E0406", "exception_cycle", "cycle"),
    _error("E0407", "over_not_a_sibling", "name", "target"),
    _error("E0408", "table_incomplete", "missing"),
    _error("E0409", "table_row_repeated", "row"),
    _error("E0410", "dates_not_ascending", "name"),
    _warning("E0411", "parameter_starts_late", "name", "first", "effective"),
    _error("E0412", "rule_without_give", "rule"),
    _error("E0413", "statement_after_refuse"),
    _warning("E0414", "cases_not_all_tried", "rule", "tried"),
    _error("E0502", "role_not_declared", "name", "nearest"),
    _error("E0503", "anyone_may_not_act", "act"),
    _error("E0504", "of_needs_city", "name"),
    _error("E0505", "refusal_not_declared", "name", "nearest"),
    _warning("E0506", "refusal_never_used", "name"),
    _error("E0507", "register_key_not_field", "key", "record", "nearest"),
    _error("E0508", "key_field_amended", "field"),
    _error("E0509", "key_type_not_allowed", "type"),
    _error("E0510", "statement_not_allowed_here", "statement", "place"),
    _error("E0511", "context_not_allowed_here", "what", "place"),
    _error("E0512", "register_not_readable_here", "register", "place"),
    _error("E0513", "entries_without_limit", "register"),
    _error("E0514", "cost_above_limit", "act", "cost", "limit"),
    _warning("E0515", "register_never_written", "name"),
    _warning("E0516", "event_never_announced", "name"),
    _warning("E0517", "parameter_never_used", "name"),
    _error("E0518", "local_parameter_not_allowed_here", "name"),
    _error("E0519", "invariant_without_register", "name"),
    _warning("E0520", "act_changes_nothing", "act"),
    _warning("E0521", "no_legal_basis"),
    _warning("E0522", "rule_never_used", "name"),
    _error("E0523", "example_uses_ledger", "what"),
    _error("E0524", "key_of_another_length", "register", "wanted", "found"),
    _error("E0525", "holder_kind_not_said", "name", "kinds", "first"),
    _error("E0526", "holder_of_no_kind", "name"),
    _error("E0527", "city_under_another_name", "name"),
    _error("E0528", "nobody_of_that_name", "name", "nearest"),
    _error("E0529", "deed_before_the_last"),
    _error("E0530", "holder_without_city", "name"),
    _error("E0601", "calendar_day_outside_year", "date", "year"),
    _error("E0602", "calendar_day_twice", "date"),
    _error("E0603", "working_day_already_working", "date"),
    _error("E0605", "calendar_range_backwards", "start", "end"),
    _error("E0606", "weekend_day_twice"),
    _error("E0607", "half_day_not_working", "date"),
    _warning("E0608", "calendar_years_end", "years", "until"),
    _error("E0701", "program_too_large", "what", "size", "limit"),
    _warning("E0702", "findings_left_out", "count"),
)

BY_NUMBER: dict[str, Code] = {row.number: row for row in CODES}
BY_SLUG: dict[str, Code] = {row.slug: row for row in CODES}
assert len(BY_NUMBER) == len(CODES) == len(BY_SLUG), "numbers and names are used once"
