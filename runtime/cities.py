"""The eleven cities and the three zones: codes, names in four languages, order. The one home of this knowledge.

The order is the order of the members' list and of the turns to propose. Relies on nothing.

Sources: GB/T 2260 for the codes of the nine Mainland cities; 810000 and 820000 are the codes of the two special
administrative regions in the same standard. A jurisdiction is written as its ISO 3166-1 alpha-2 code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Jurisdiction: TypeAlias = Literal["CN", "HK", "MO"]
Calendar: TypeAlias = Literal["Mainland", "HongKong", "Macao"]


@dataclass(frozen=True, slots=True)
class City:
    """A member. `index` is its place in CITIES, `identifier` its name in instruments and references."""

    index: int
    code: str
    identifier: str
    en: str
    zh_hant: str
    zh_hans: str
    pt: str
    jurisdiction: Jurisdiction
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Zone:
    """A place within a city that acts under that city's delegation; it is no member and has no vote.

    `city` is the identifier of the delegating city.
    """

    identifier: str
    city: str
    en: str
    zh_hant: str
    zh_hans: str
    pt: str


CITIES: tuple[City, ...] = (
    City(0, "810000", "HongKong", "Hong Kong", "香港", "香港", "Hong Kong", "HK", "HongKong"),
    City(1, "820000", "Macao", "Macao", "澳門", "澳门", "Macau", "MO", "Macao"),
    City(2, "440100", "Guangzhou", "Guangzhou", "廣州", "广州", "Guangzhou", "CN", "Mainland"),
    City(3, "440300", "Shenzhen", "Shenzhen", "深圳", "深圳", "Shenzhen", "CN", "Mainland"),
    City(4, "440400", "Zhuhai", "Zhuhai", "珠海", "珠海", "Zhuhai", "CN", "Mainland"),
    City(5, "440600", "Foshan", "Foshan", "佛山", "佛山", "Foshan", "CN", "Mainland"),
    City(6, "441300", "Huizhou", "Huizhou", "惠州", "惠州", "Huizhou", "CN", "Mainland"),
    City(7, "441900", "Dongguan", "Dongguan", "東莞", "东莞", "Dongguan", "CN", "Mainland"),
    City(8, "442000", "Zhongshan", "Zhongshan", "中山", "中山", "Zhongshan", "CN", "Mainland"),
    City(9, "440700", "Jiangmen", "Jiangmen", "江門", "江门", "Jiangmen", "CN", "Mainland"),
    City(10, "441200", "Zhaoqing", "Zhaoqing", "肇慶", "肇庆", "Zhaoqing", "CN", "Mainland"),
)

ZONES: tuple[Zone, ...] = (
    Zone("Qianhai", "Shenzhen", "Qianhai", "前海", "前海", "Qianhai"),
    Zone("Hengqin", "Zhuhai", "Hengqin", "橫琴", "横琴", "Hengqin"),
    Zone("Nansha", "Guangzhou", "Nansha", "南沙", "南沙", "Nansha"),
)

CITY_COUNT = len(CITIES)
FAULTY_MAX = 3
"""Cities that may fail or lie while the others still agree and go on."""

QUORUM = 8
"""Signatures that make a header final."""

assert CITY_COUNT == 11
assert CITY_COUNT >= 3 * FAULTY_MAX + 1, "fewer members cannot bear so many faults (Pease, Shostak and Lamport 1980)"
assert QUORUM * 2 > CITY_COUNT + FAULTY_MAX, "two quorums share at least one city that does not lie"
assert QUORUM <= CITY_COUNT - FAULTY_MAX, "the cities that do not fail are a quorum"


def _by_name() -> dict[str, City]:
    table: dict[str, City] = {}
    for city in CITIES:
        assert CITIES[city.index] is city
        for name in (city.code, city.identifier, city.en, city.zh_hant, city.zh_hans, city.pt):
            assert table.setdefault(name, city) is city, "no name stands for two cities"
    return table


_CITY_BY_CODE = {city.code: city for city in CITIES}
_CITY_BY_IDENTIFIER = {city.identifier: city for city in CITIES}
_CITY_BY_NAME = _by_name()
_ZONE_BY_NAME = {
    name: zone for zone in ZONES for name in (zone.identifier, zone.en, zone.zh_hant, zone.zh_hans, zone.pt)
}

assert len(_CITY_BY_CODE) == len(_CITY_BY_IDENTIFIER) == CITY_COUNT
assert all(zone.city in _CITY_BY_IDENTIFIER for zone in ZONES)
assert not any(name in _CITY_BY_NAME for name in _ZONE_BY_NAME), "no name stands for a city and a zone"


def city_by_code(code: str) -> City | None:
    """Return the city with that six-digit code, or None."""
    return _CITY_BY_CODE.get(code)


def city_by_identifier(identifier: str) -> City | None:
    """Return the city that instruments call so, or None."""
    return _CITY_BY_IDENTIFIER.get(identifier)


def city_by_name(name: str) -> City | None:
    """Return the city with that code, identifier or name in any of the four languages, written exactly so, or None."""
    return _CITY_BY_NAME.get(name)


def zone_by_name(name: str) -> Zone | None:
    """Return the zone with that identifier or name in any of the four languages, written exactly so, or None."""
    return _ZONE_BY_NAME.get(name)
