"""Who may open which document: the page says 404 to everybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from documents.access import visible_to
from documents.issuing import void
from documents.models import Document
from offices.actors import PUBLIC, Actor
from tests.documents.samples import a_district, the_city_agency

Maker = Callable[..., Document]
ACTORS = {
    "city agency": Actor("city_agency", 90001, "市中心"),
    "city bureau": Actor("city_bureau", 90002, "市局"),
    "auditor": Actor("auditor", 90003, "审计"),
    "own district": Actor("district_agency", 90004, "区中心", "110105"),
    "own bureau": Actor("district_bureau", 90005, "区局", "110105"),
    "other district": Actor("district_agency", 90006, "海淀区中心", "110108"),
    "institution": Actor("institution", 90007, "北京安和康复医院", "110105", institution_id=7),
    "other institution": Actor("institution", 90008, "别家", "110105", institution_id=8),
    "evaluator": Actor("third_party", 90009, "北京某评估咨询有限公司"),
    "administrator": Actor("administrator", 90010, "平台"),
    "public": PUBLIC,
}
CITY = {"city agency", "city bureau", "auditor"}


def may_read(actor: Actor, document: Document) -> bool:
    return document in visible_to(actor)


@pytest.mark.clause("M3", "R16")
@pytest.mark.parametrize(
    ("number", "others"),
    [
        (4, {"own district", "own bureau", "institution"}),
        (6, {"evaluator"}),
        (9, {"own district", "own bureau"}),
        (10, set()),
        (13, set(ACTORS) - CITY),
        (16, {"own district", "own bureau", "institution"}),
    ],
)
def test_readers(issued: Maker, number: int, others: set[str]) -> None:
    document = issued(number)
    if number in (6, 10):
        # These are about several institutions; what is frozen names none of its own.
        document = issued(number, institution=None)
    assert {name for name, actor in ACTORS.items() if may_read(actor, document)} == CITY | others


def test_a_void_public_notice_is_no_longer_public(issued: Maker) -> None:
    document = issued(13)
    void(document, "有误")
    assert not may_read(PUBLIC, document)
    assert may_read(ACTORS["city agency"], document)


def test_a_district_reads_what_is_sent_to_it(issued: Maker) -> None:
    document = issued(6, recipient="海淀区中心", institution=None)
    assert may_read(ACTORS["other district"], document)
    assert not may_read(ACTORS["own district"], document)


def test_a_list_costs_one_query(issued: Maker, django_assert_num_queries: Callable[[int], object]) -> None:
    for _ in range(3):
        issued(4)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert len(list(visible_to(ACTORS["institution"]))) == 3


def test_names_of_the_samples_are_as_above(issued: Maker) -> None:
    assert issued(4).district == a_district().pk == "110105"
    assert issued(10, institution=None).district == ""
    assert the_city_agency().district_id is None
