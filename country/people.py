"""Names, codes and addresses of made-up institutions: believable, distinct, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from institutions.madeup import _HOUSE_FIRST, _HOUSE_SECOND, _NEIGHBOURHOODS, _SUFFIXES, _SURNAMES, uscc
from institutions.names import initials_of
from offices.seeding import DISTRICTS

HOSPITALS = {
    "general": 4, "tcm": 3, "specialist": 5, "maternal_child": 1, "community_centre": 8, "community_station": 20, "outpatient": 18,
    "clinic": 28, "health_room": 8, "village": 30, "dialysis": 1, "nursing": 2, "elderly_care": 4,
}  # fmt: skip
HOSPITAL_SHARE = 0.4
FIRST_SERIAL = 40_000_000
"""Beyond the serials of demonstration data and tests."""


@dataclass(frozen=True)
class Made:
    """One institution's own data."""

    kind: str
    category: str
    district: str
    name: str
    initials: str
    uscc: str
    national_code: str
    beds: int


@cache
def initials(part: str) -> str:
    return initials_of(part)


def people(number: int, random: Random, start: int = 0) -> Iterator[Made]:
    """So many institutions, spread over the districts as their size is."""
    codes = [code for code, _, _ in DISTRICTS]
    sizes = [6, 8, 18, 12, 4, 17, 3, 7, 9, 7, 9, 9, 4, 4, 4, 3, 5]
    categories, weights = list(HOSPITALS), list(HOSPITALS.values())
    counted: dict[tuple[str, str], int] = {}
    for serial in range(start, start + number):
        district = random.choices(codes, sizes)[0]
        hospital = random.random() < HOSPITAL_SHARE
        category = random.choices(categories, weights)[0] if hospital else ""
        # 经开区 has no code of its own: it takes the upper half of 大兴区's numbers.
        place, first = (district, 0) if district != "bda" else ("110115", 50_000)
        letter = "H" if hospital else "P"
        counted[letter, district] = mine = counted.get((letter, district), first + start % 50_000) + 1
        parts = ("北京", random.choice(_NEIGHBOURHOODS), random.choice(_HOUSE_FIRST) + random.choice(_HOUSE_SECOND))
        suffix = _SUFFIXES[category] if hospital else "大药房"
        name = f"{''.join(parts)}第{serial + 1}{suffix}"
        short = "".join(map(initials, parts)) + f"d{serial + 1}" + initials(suffix)
        beds = random.choice((30, 60, 120, 300)) if category in ("general", "tcm", "specialist") else 0
        code = f"{letter}{place}{mine % 100_000:05d}" if mine < 100_000 else f"{letter}{int(place) + 900_000}{mine % 100_000:05d}"
        yield Made("hospital" if hospital else "pharmacy", category, district, name, short, uscc(FIRST_SERIAL + serial, place), code, beds)


def person(random: Random) -> str:
    return random.choice(_SURNAMES) + random.choice(_HOUSE_FIRST) + random.choice(_HOUSE_SECOND)
