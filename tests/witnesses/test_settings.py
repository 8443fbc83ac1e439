"""How eleven processes are made to differ."""

from __future__ import annotations

from itertools import combinations

import pytest

from gbalang.vm.engines import ENGINES
from runtime.cities import CITIES
from runtime.witnesses.settings import ENGINE, INTERPRETER, all_axes, design, ordinary

AXES = all_axes(("one", "two", "three", "four"))


def test_every_value_of_every_axis_is_somebodys() -> None:
    rows = design(AXES).cities
    assert list(rows) == [city.identifier for city in CITIES]
    for axis in AXES:
        assert {settings.of(axis.name) for settings in rows.values()} == set(axis.values)


def test_the_pairs_are_counted_as_they_are() -> None:
    planned = design(AXES)
    met = {
        pair
        for settings in planned.cities.values()
        for pair in combinations(zip((axis.name for axis in AXES), settings.values, strict=True), 2)
    }
    there = [len(one.values) * len(two.values) for one, two in combinations(AXES, 2)]
    assert (planned.met, planned.pairs) == (len(met), sum(there))
    assert planned.met > 0.95 * planned.pairs, "eleven rows nearly suffice"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_machine_with_few_interpreters_has_eleven_cities_too(count: int) -> None:
    planned = design(all_axes(("one", "two", "three")[:count]))
    assert len(set(planned.cities.values())) == len(CITIES)
    assert design(all_axes(("one", "two", "three")[:count])) == planned


def test_the_first_city_is_an_ordinary_machine() -> None:
    assert design(AXES).cities["HongKong"] == ordinary(AXES)
    assert ordinary(AXES).of(INTERPRETER) == "one"
    assert ordinary(AXES).of(ENGINE) in ENGINES


def test_settings_that_differ_are_named_and_one_can_be_taken_over() -> None:
    usual, other = ordinary(AXES), design(AXES).cities["Macao"]
    assert usual.differing(usual) == ()
    for name in usual.differing(other):
        changed = usual.only(name, other)
        assert usual.differing(changed) == (name,)
        assert changed.of(name) == other.of(name)
