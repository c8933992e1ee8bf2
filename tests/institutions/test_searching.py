"""Words of every length find the same institutions, whichever index serves them."""

import itertools

import pytest
from django.db import connection

from institutions.models import Institution
from institutions.names import initials_of
from tests.factories import DistrictFactory

pytestmark = pytest.mark.django_db
NAMES = ["安康大药房", "北京安康医院", "康安诊所", "平安健康门诊部", "AK口腔诊所", "ak中医馆", "示例医院第2分院", "安 康药店"]


@pytest.fixture
def known() -> dict[str, Institution]:
    place = DistrictFactory(code="110105")
    Institution.objects.bulk_create(
        Institution(kind="hospital", district=place, name=name, initials=initials_of(name), legacy_code=f"0211000{number}")
        for number, name in enumerate(NAMES)
    )
    return {row.name: row for row in Institution.objects.all()}


def expected(known: dict[str, Institution], word: str) -> set[str]:
    """By the rule itself, in plain words: part of the name or the initials, or beginning of a code."""
    return {
        name
        for name, row in known.items()
        if word in name or (word.isascii() and (word.lower() in row.initials or str(row.legacy_code).startswith(word)))
    }


def test_every_part_of_every_name_finds_what_has_it(known: dict[str, Institution]) -> None:
    texts = [*NAMES, *(row.initials for row in known.values()), "0211", "AK", "Ak", "药院", "康安康"]
    words = {text[start : start + size] for text, size in itertools.product(texts, (1, 2, 3)) for start in range(len(text))}
    words = {word for word in words if word.strip() == word and " " not in word}
    assert len(words) > 100
    assert {word: {row.name for row in Institution.objects.search(word)} for word in words} == {
        word: expected(known, word) for word in words
    }


def test_several_words_are_all_wanted_whatever_their_length(known: dict[str, Institution]) -> None:
    assert {row.name for row in Institution.objects.search("安 健康 门诊部")} == {"平安健康门诊部"}
    assert not Institution.objects.search("安康 馆").exists()


@pytest.mark.parametrize("word", ["安康", "康", "ak", "2"])
def test_short_words_are_read_from_an_index(known: dict[str, Institution], word: str) -> None:
    """With sequential reading forbidden an index on pieces is what is left for the name."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_indexscan = off")
    assert "institution_pieces" in Institution.objects.search(word).explain()
