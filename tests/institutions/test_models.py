"""What the tables promise: history by any road, constraints, who sees what, search."""

from datetime import date

import pghistory
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from institutions.condition_rules import LISTED_CATEGORIES
from institutions.models import Category, Institution, Licence, Manager, Post, Practitioner
from tests.factories import ChainFactory, DistrictFactory, HospitalFactory, PersonFactory, PharmacyFactory, actor

pytestmark = pytest.mark.django_db


def events(name: str):
    return apps.get_model("institutions", f"{name}Event").objects.order_by("pgh_id")


def test_history_keeps_what_was_written_by_save_update_bulk_and_sql() -> None:
    hospital = HospitalFactory(beds=10)
    start = events("Institution").count()
    hospital.beds = 20
    hospital.save()
    Institution.objects.filter(pk=hospital.pk).update(beds=30)
    hospital.beds = 40
    Institution.objects.bulk_update([hospital], ["beds"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE institutions_institution SET beds = 50 WHERE id = %s", [hospital.pk])
    assert [row.beds for row in events("Institution")[start:]] == [20, 30, 40, 50]


def test_history_keeps_bulk_creation_and_deletion() -> None:
    hospital = HospitalFactory(insurance_managers=[])
    Manager.objects.bulk_create([Manager(institution=hospital, name="甲"), Manager(institution=hospital, name="乙")])
    Manager.objects.filter(name="甲").delete()
    assert [(row.name, row.pgh_label) for row in events("Manager")] == [("甲", "insert"), ("乙", "insert"), ("甲", "delete")]


@pytest.mark.parametrize("name", ["Person", "Chain", "Institution", "Post", "Licence", "Practitioner", "Manager"])
def test_every_table_has_a_history(name: str) -> None:
    HospitalFactory()
    ChainFactory()
    assert events(name).exists()


def test_history_says_in_what_context() -> None:
    hospital = HospitalFactory()
    with pghistory.context(user=7, request="r-1"):
        Institution.objects.filter(pk=hospital.pk).update(phone="010-1")
    assert events("Institution").last().pgh_context.metadata == {"user": 7, "request": "r-1"}


def test_a_new_version_alone_leaves_no_history() -> None:
    hospital = HospitalFactory()
    before = events("Institution").count()
    Institution.objects.filter(pk=hospital.pk).update(version=5)
    assert events("Institution").count() == before


@pytest.mark.clause("M5")
def test_categories_of_the_law_are_those_of_the_field() -> None:
    assert set(Category.values) - {"internet"} == LISTED_CATEGORIES


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"uscc": ""}, "institution_codes_null_not_empty"),
        ({"national_code": ""}, "institution_codes_null_not_empty"),
        ({"address": ""}, "complete_institution_has_uscc_address_district"),
        ({"uscc": None}, "complete_institution_has_uscc_address_district"),
        ({"district": None}, "complete_institution_has_uscc_address_district"),
        ({"kind": "pharmacy"}, "pharmacy_has_no_category"),
    ],
)
def test_contradictions_are_refused_by_the_database(change: dict, constraint: str) -> None:
    hospital = HospitalFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Institution.objects.filter(pk=hospital.pk).update(**change)


@pytest.mark.clause("M5.2")
def test_only_an_internet_hospital_leans_on_another() -> None:
    hospital = HospitalFactory()
    assert HospitalFactory(category="internet", parent=hospital).parent == hospital
    with pytest.raises(ValidationError, match=r"M5\.2"):
        HospitalFactory(category="general", parent=hospital)


def test_only_a_pharmacy_belongs_to_a_chain() -> None:
    hospital = HospitalFactory()
    hospital.chain = ChainFactory()
    with pytest.raises(ValidationError, match="连锁"):
        hospital.full_clean()


@pytest.mark.parametrize("field", ["uscc", "national_code", "legacy_code"])
def test_a_code_belongs_to_one_institution(field: str) -> None:
    first = HospitalFactory(legacy_code="05110001")
    with pytest.raises(ValidationError) as caught:
        HospitalFactory(**{field: getattr(first, field)})
    assert list(caught.value.message_dict) == [field]


def test_a_post_has_one_holder_at_a_time() -> None:
    hospital = HospitalFactory(principal=None)
    first, second = PersonFactory(), PersonFactory()
    Post.objects.create(institution=hospital, post="principal", person=first, from_on=date(2026, 1, 1), to_on=date(2026, 3, 1))
    Post.objects.create(institution=hospital, post="principal", person=second, from_on=date(2026, 3, 2))
    with pytest.raises(IntegrityError, match="one_holder_of_a_post_at_a_time"), transaction.atomic():
        Post.objects.create(institution=hospital, post="principal", person=first, from_on=date(2026, 3, 1), to_on=date(2026, 3, 1))
    with pytest.raises(ValidationError, match="只能有一人"):
        Post(institution=hospital, post="principal", person=first, from_on=date(2027, 1, 1)).full_clean()


@pytest.mark.parametrize(
    "row",
    [
        Post(post="principal", from_on=date(2026, 1, 2), to_on=date(2026, 1, 1)),
        Licence(kind="practice_licence", number="1", valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 1)),
        Practitioner(kind="physician", name="甲", contract_from=date(2026, 1, 2), contract_to=date(2026, 1, 1)),
        Manager(name="甲", contract_from=date(2026, 1, 2), contract_to=date(2026, 1, 1)),
    ],
    ids=lambda row: type(row).__name__,
)
def test_no_period_ends_before_it_begins(row) -> None:
    row.institution = HospitalFactory(principal=None)
    if isinstance(row, Post):
        row.person = PersonFactory()
    row.pk = None
    with pytest.raises(ValidationError, match="不能早于"):
        row.full_clean()
    with pytest.raises(IntegrityError, match="ends_after_it_begins"), transaction.atomic():
        row.save()


@pytest.mark.clause("M3", "R16", "M25.2")
@pytest.mark.parametrize(
    ("role", "district", "seen"),
    [
        ("city_bureau", None, {"here", "other", "bda"}),
        ("city_agency", None, {"here", "other", "bda"}),
        ("auditor", None, {"here", "other", "bda"}),
        ("district_bureau", "110105", {"here"}),
        ("district_agency", "110105", {"here"}),
        ("district_agency", "bda", {"bda"}),
        ("third_party", None, set()),
        ("administrator", None, set()),
        ("public", None, set()),
    ],
)
def test_a_district_sees_its_own_institutions_only(role: str, district: str | None, seen: set[str]) -> None:
    for name, code in [("here", "110105"), ("other", "110106"), ("bda", "bda")]:
        HospitalFactory(name=name, district=code)
    rows = Institution.objects.visible_to(actor(role, district))
    assert {row.name for row in rows} == seen


@pytest.mark.clause("M5.2", "R16")
def test_an_institution_sees_itself_and_its_internet_hospital() -> None:
    hospital = HospitalFactory()
    internet = HospitalFactory(category="internet", parent=hospital)
    PharmacyFactory()
    assert set(Institution.objects.visible_to(actor("institution", institution=hospital))) == {hospital, internet}
    assert set(Institution.objects.visible_to(actor("institution", institution=internet))) == {internet}


def test_an_institution_of_unknown_district_is_seen_by_the_city_only() -> None:
    Institution.objects.create(kind="hospital", name="未定")
    DistrictFactory(code="110105")
    assert not Institution.objects.visible_to(actor("district_agency", "110105")).exists()
    assert Institution.objects.visible_to(actor("city_agency")).exists()


@pytest.mark.parametrize("words", ["示例", "示例 医院", "slyy", "SLYY", "yy2", "9111010", "h110108", "0211"])
def test_search_by_name_initials_and_codes(words: str) -> None:
    wanted = HospitalFactory(name="示例医院2", district="110108", legacy_code="02110003")
    HospitalFactory(name="别家诊所", uscc=None, national_code=None)
    assert list(Institution.objects.search(words)) == [wanted]


@pytest.mark.parametrize("words", ["示例 诊所", "%", "_", "x' OR 1=1", "\\"])
def test_search_finds_nothing_for_what_is_not_there(words: str) -> None:
    HospitalFactory(name="示例医院")
    assert not Institution.objects.search(words).exists()


def test_lengths_that_an_import_checks_are_those_of_the_fields() -> None:
    from institutions.imports.cells import LENGTHS

    assert {name: Institution._meta.get_field(name).max_length for name in LENGTHS} == LENGTHS


def test_initials_follow_the_name() -> None:
    hospital = HospitalFactory(name="示例医院")
    hospital.name = "重庆路第二门诊部"
    hospital.save(update_fields=["name"])
    hospital.refresh_from_db()
    assert hospital.initials == "cqldemzb"
