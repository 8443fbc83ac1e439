"""The table of cities against GB/T 2260 and the names the governments use."""

from __future__ import annotations

import pytest

from runtime.cities import (
    CITIES,
    CITY_COUNT,
    FAULTY_MAX,
    QUORUM,
    ZONES,
    city_by_code,
    city_by_identifier,
    city_by_name,
    zone_by_name,
)

IDENTIFIER_BY_CODE = {
    "810000": "HongKong",
    "820000": "Macao",
    "440100": "Guangzhou",
    "440300": "Shenzhen",
    "440400": "Zhuhai",
    "440600": "Foshan",
    "441300": "Huizhou",
    "441900": "Dongguan",
    "442000": "Zhongshan",
    "440700": "Jiangmen",
    "441200": "Zhaoqing",
}


def test_the_eleven_cities_stand_in_their_order_with_their_codes() -> None:
    assert [(city.code, city.identifier) for city in CITIES] == list(IDENTIFIER_BY_CODE.items())
    assert [city.index for city in CITIES] == list(range(11))


@pytest.mark.parametrize(("code", "identifier"), IDENTIFIER_BY_CODE.items())
def test_a_city_is_found_by_its_code_and_its_identifier(code: str, identifier: str) -> None:
    city = city_by_code(code)
    assert city is not None
    assert city.identifier == identifier
    assert city_by_identifier(identifier) is city


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Hong Kong", "HongKong"),
        ("香港", "HongKong"),
        ("澳門", "Macao"),
        ("澳门", "Macao"),
        ("Macau", "Macao"),
        ("廣州", "Guangzhou"),
        ("广州", "Guangzhou"),
        ("深圳", "Shenzhen"),
        ("珠海", "Zhuhai"),
        ("佛山", "Foshan"),
        ("惠州", "Huizhou"),
        ("東莞", "Dongguan"),
        ("东莞", "Dongguan"),
        ("中山", "Zhongshan"),
        ("江門", "Jiangmen"),
        ("江门", "Jiangmen"),
        ("肇慶", "Zhaoqing"),
        ("肇庆", "Zhaoqing"),
        ("440300", "Shenzhen"),
    ],
)
def test_a_city_is_found_by_each_of_its_names(name: str, identifier: str) -> None:
    city = city_by_name(name)
    assert city is not None
    assert city.identifier == identifier


@pytest.mark.parametrize("name", ["", "Beijing", "北京", "440000", "guangzhou", "Guangzhou ", "前海"])
def test_what_is_no_city_is_not_found(name: str) -> None:
    assert city_by_name(name) is None
    assert city_by_code(name) is None
    assert city_by_identifier(name) is None


def test_an_identifier_is_not_a_display_name() -> None:
    assert city_by_identifier("Hong Kong") is None
    assert city_by_identifier("廣州") is None


def test_jurisdictions_and_calendars() -> None:
    special = {city.identifier: (city.jurisdiction, city.calendar) for city in CITIES[:2]}
    assert special == {"HongKong": ("HK", "HongKong"), "Macao": ("MO", "Macao")}
    assert {(city.jurisdiction, city.calendar) for city in CITIES[2:]} == {("CN", "Mainland")}


def test_simplified_names_use_no_traditional_characters() -> None:
    names = [city.zh_hans for city in CITIES] + [zone.zh_hans for zone in ZONES]
    assert not set("".join(names)) & set("門廣東慶橫")


def test_three_cities_may_fail_and_eight_decide() -> None:
    assert (CITY_COUNT, FAULTY_MAX, QUORUM) == (11, 3, 8)


@pytest.mark.parametrize(
    ("zone", "city", "zh_hant", "zh_hans"),
    [
        ("Qianhai", "Shenzhen", "前海", "前海"),
        ("Hengqin", "Zhuhai", "橫琴", "横琴"),
        ("Nansha", "Guangzhou", "南沙", "南沙"),
    ],
)
def test_a_zone_acts_under_its_city(zone: str, city: str, zh_hant: str, zh_hans: str) -> None:
    row = zone_by_name(zone)
    assert row is not None
    assert (row.city, row.zh_hant, row.zh_hans) == (city, zh_hant, zh_hans)
    assert zone_by_name(zh_hant) is zone_by_name(zh_hans) is row


def test_there_are_three_zones_and_a_city_is_none() -> None:
    assert len(ZONES) == 3
    assert zone_by_name("Shenzhen") is None
