"""The page of one institution, behind the QR code of its plate: today's state (M20, R7)."""

from datetime import date

import pytest

from documents.models import Document
from tests.driving import on
from tests.factories import HospitalFactory

from .conftest import agreement

pytestmark = pytest.mark.django_db


def page(client, institution, day="2026-03-02", status=200):
    with on(day):
        response = client.get(f"/public/institutions/{institution.pk}/")
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.clause("M20", "R7")
@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-03-01", "已签约，协议尚未开始"),
        ("2026-03-02", "<strong>是医保定点机构"),
        ("2027-03-01", "<strong>是医保定点机构"),
        ("2027-03-02", "协议已终止，最后一日是 2027年3月1日"),
    ],
)
def test_the_state_of_the_day_whether_any_timer_ran_or_not(client, day, words):
    hospital = HospitalFactory()
    agreement(hospital)
    assert words in page(client, hospital, day)


@pytest.mark.clause("M42.1")
def test_a_suspended_one_says_so(client):
    hospital = HospitalFactory()
    agreement(hospital, state="suspended")
    assert "协议中止中" in page(client, hospital)


@pytest.mark.clause("M9.5")
def test_one_on_notice_is_not_yet_designated(client, on_notice):
    assert "还不是医保定点机构" in page(client, on_notice.institution)
    assert "公示已于 2026年3月9日 期满" in page(client, on_notice.institution, "2026-03-10")


@pytest.mark.clause("M20")
def test_the_plates_code_leads_here(client, on_notice):
    with on("2026-03-10"):
        on_notice.sign()
        on_notice.do("file_agreement")
    plate = Document.objects.get(catalogue=45)
    assert plate.data["public_url"].endswith(f"/public/institutions/{on_notice.institution.pk}/")
    assert "是医保定点机构" in page(client, on_notice.institution, "2026-03-10")


@pytest.mark.clause("M35")
def test_what_the_public_may_not_know_is_not_there(client):
    hospital = HospitalFactory()
    agreement(hospital)
    text = page(client, hospital)
    post = hospital.posts.select_related("person").first()
    assert post.person.name not in text
    assert hospital.bank_account not in text


def test_one_that_the_public_never_heard_of_does_not_exist(client, db):
    unknown = HospitalFactory()
    assert unknown.name not in page(client, unknown, status=404)


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999"])
def test_a_number_that_was_never_given_is_not_found(client, db, pk):
    assert client.get(f"/public/institutions/{pk}/").status_code == 404


@pytest.mark.clause("M5.2")
def test_an_internet_hospital_names_its_parent(client):
    parent = HospitalFactory()
    child = HospitalFactory(category="internet", parent=parent)
    main = agreement(parent)
    agreement(child, kind="supplementary", main=main)
    assert parent.name in page(client, child)


def test_the_page_costs_the_same_after_many_agreements(client, django_assert_max_num_queries):
    hospital = HospitalFactory()
    for year in range(2005, 2027):
        agreement(hospital, date(year, 3, 2), date(year + 1, 3, 1))
    with on("2026-03-02"), django_assert_max_num_queries(3):
        client.get(f"/public/institutions/{hospital.pk}/")
