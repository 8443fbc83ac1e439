"""When a header is final: the signatures of eight different cities, each verified, and no other among them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.chain import BlockRefusal, header_message, judge_signatures
from runtime.cities import CITIES, QUORUM
from runtime.records import HeaderSignature
from tests.unit.ledger.samples import HEADER, MEMBER

NAMES = sorted(city.identifier for city in CITIES)
MEMBERS = tuple(replace(MEMBER, city=city, public_key=city.encode()) for city in NAMES)


class Checker:
    """In place of a suite: a city's signature is its key and the message."""

    def verify(self, suite: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
        assert suite == MEMBER.suite
        return signature == public_key + message


def signed(*cities: str) -> tuple[HeaderSignature, ...]:
    return tuple(HeaderSignature(city, city.encode() + header_message(HEADER)) for city in cities)


def judge(signatures: tuple[HeaderSignature, ...]) -> BlockRefusal | None:
    return judge_signatures(HEADER, signatures, MEMBERS, Checker())


def test_eight_cities_of_eleven_make_a_header_final_and_seven_do_not() -> None:
    assert (len(NAMES), QUORUM) == (11, 8)
    assert judge(signed(*NAMES)) is None
    assert judge(signed(*NAMES[:8])) is None
    assert judge(signed(*NAMES[3:])) is None
    assert judge(signed(*NAMES[:7])) is BlockRefusal.SIGNATURES_MUST_BE_A_QUORUM
    assert judge(()) is BlockRefusal.SIGNATURES_MUST_BE_A_QUORUM


@pytest.mark.parametrize(
    "cities",
    [NAMES[:1] * 8, [*NAMES[:7], NAMES[6]], [*NAMES, NAMES[10]], NAMES[:8][::-1], [*NAMES[:8], "Peking"]],
    ids=["one eight times", "seven and one of them again", "all and one again", "out of order", "a stranger"],
)
def test_a_city_counts_once_and_strangers_do_not_count(cities: list[str]) -> None:
    assert judge(signed(*cities)) is BlockRefusal.SIGNATURES_MUST_BE_OF_DIFFERENT_MEMBERS


def test_one_false_signature_spoils_the_set_though_eight_others_are_true() -> None:
    true = signed(*NAMES)
    for place in range(len(true)):
        false = replace(true[place], signature=true[place - 1].signature)
        assert judge((*true[:place], false, *true[place + 1 :])) is BlockRefusal.SIGNATURES_MUST_VERIFY
