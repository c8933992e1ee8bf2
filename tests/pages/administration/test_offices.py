import pytest

from offices.models import Office, Role
from offices.seeding import seed_offices
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    seed_offices()
    return MembershipFactory(office=Office.objects.get(role=Role.ADMINISTRATOR))


def test_offices_are_found_by_name_and_kind(enter, administrator):
    browser = enter(administrator)
    assert "北京市医疗保障局" in browser.get("/administration/offices/").content.decode()
    found = browser.get("/administration/offices/", {"q": "朝阳", "role": "district_agency"}).context["listed"]
    assert [office.name for office, _ in found] == ["北京市朝阳区医疗保险事务管理中心"]
    assert "没有符合条件" in browser.get("/administration/offices/", {"q": "不存在的"}).content.decode()


def test_an_office_is_set_up_and_its_first_person_invited(enter, administrator):
    browser = enter(administrator)
    given = {
        "role": "third_party",
        "district": "",
        "name": "新评估中心",
        "short_name": "",
        "address": "",
        "phone": "",
        "contact": "",
        "active": "on",
    }
    response = browser.post("/administration/offices/new/", given)
    office = Office.objects.get(name="新评估中心")
    assert response["Location"] == f"/account/people/office/{office.pk}/"
    assert "还没有人员" in browser.get(response["Location"]).content.decode()
    assert "invitation" in browser.post(f"/account/people/invite/{office.pk}/", {"full_name": "周敏"}).content.decode()


@pytest.mark.parametrize("active", ["on", ""])
def test_no_two_offices_share_the_short_name_that_numbers_of_papers_begin_with(enter, administrator, active):
    there = Office.objects.get(role=Role.CITY_AGENCY)
    Office.objects.filter(pk=there.pk).update(active=bool(active))
    given = {"role": "third_party", "district": "", "name": "多余的单位", "short_name": there.short_name, "active": "on"}
    response = enter(administrator).post("/administration/offices/new/", given)
    assert response.status_code == 200
    assert "机关代字已被其他单位（包括已停用的单位）使用" in response.content.decode()
    assert not Office.objects.filter(name="多余的单位").exists()


@pytest.mark.clause("M3")
@pytest.mark.parametrize(
    ("role", "district", "sentence"),
    [
        ("city_agency", "", "市级已有同类单位"),
        ("district_agency", "110105", "本区已有同类单位"),
        ("district_agency", "", "请选择所在区"),
        ("auditor", "110105", "市级单位不选区"),
        ("institution", "110105", "选择"),
        ("system", "", "选择"),
    ],
)
def test_an_office_that_cannot_be_is_refused_with_a_sentence(enter, administrator, role, district, sentence):
    given = {"role": role, "district": district, "name": "多余的单位", "active": "on"}
    response = enter(administrator).post("/administration/offices/new/", given)
    assert sentence in response.content.decode()
    assert not Office.objects.filter(name="多余的单位").exists()


@pytest.mark.clause("M3")
def test_what_an_office_is_never_changes(enter, administrator):
    office = Office.objects.get(role=Role.DISTRICT_AGENCY, district_id="110105")
    given = {"role": "city_bureau", "district": "110106", "name": "朝阳经办中心", "active": "on"}
    enter(administrator).post(f"/administration/offices/{office.pk}/", given)
    office.refresh_from_db()
    assert (office.role, office.district_id, office.name) == (Role.DISTRICT_AGENCY, "110105", "朝阳经办中心")


@pytest.mark.clause("M3")
@pytest.mark.parametrize("role", [Role.CITY_BUREAU, Role.CITY_AGENCY, Role.DISTRICT_AGENCY, Role.INSTITUTION, Role.AUDITOR])
def test_only_the_administrator_keeps_offices(enter, role):
    browser = enter(MembershipFactory(office__role=role))
    assert [browser.get(f"/administration/offices/{end}").status_code for end in ("", "new/")] == [403, 403]


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_costs_the_same_for_one_and_for_fifty(enter, number, django_assert_max_num_queries):
    administrator = MembershipFactory(office__role=Role.ADMINISTRATOR)
    Office.objects.bulk_create(Office(role=Role.THIRD_PARTY, name=f"评估中心{index}") for index in range(number))
    browser = enter(administrator)
    with django_assert_max_num_queries(7):
        assert browser.get("/administration/offices/").status_code == 200
