import pytest
from django.core.cache import cache

from deadlines import clock
from institutions.models import Institution
from offices import settings
from offices.models import Role, SignUp, User
from pages.accounts.sign_ups import SIGN_UPS_AN_HOUR
from tests.factories import DistrictFactory, HospitalFactory, MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-one-7"
# A made-up code with the right check digit (GB 32100).
USCC = "91110105MA01EXAM11"


@pytest.fixture
def filled() -> dict[str, str]:
    return {
        "kind": "hospital",
        "name": "北京示例门诊部",
        "uscc": USCC.lower(),
        "licence_number": "PDY00001-1",
        "district": DistrictFactory().pk,
        "contact": "王芳",
        "phone": "13900000000",
        "email": "",
        "username": "shili",
        "password": PASSWORD,
        "again": PASSWORD,
    }


@pytest.fixture
def clerk():
    return MembershipFactory(office__role=Role.DISTRICT_AGENCY)


@pytest.mark.clause("M7", "R16")
def test_from_asking_to_signing_in(client, enter, clerk, filled):
    page = client.post("/account/sign-up/", filled).content.decode()
    row = SignUp.objects.get()
    assert row.code in page
    assert (row.uscc, row.state) == (USCC, "waiting")
    assert "待核对" in client.post("/account/sign-up/status/", {"code": f" {row.code.lower()}"}).content.decode()
    browser = enter(clerk)
    assert row.name in browser.get("/account/sign-ups/").content.decode()
    assert browser.get("/account/notifications/").content.decode().count(row.name) == 1
    assert browser.post(f"/account/sign-ups/{row.pk}/", {"answer": "confirm"})["Location"] == "/account/sign-ups/"
    browser.logout()
    assert browser.post("/login/", {"username": "shili", "password": PASSWORD}).status_code == 302
    assert browser.get("/account/").wsgi_request.actor.role == Role.INSTITUTION


def test_an_institution_on_the_books_is_tied_to_its_own_office(client, enter, clerk, filled):
    hospital = HospitalFactory()
    client.post("/account/sign-up/", filled | {"uscc": hospital.uscc})
    enter(clerk).post(f"/account/sign-ups/{SignUp.objects.get().pk}/", {"answer": "confirm"})
    place = User.objects.get(username="shili").memberships.get()
    assert Institution.objects.get(office=place.office) == hospital


def test_a_newcomer_gets_a_record_to_fill_in(client, enter, clerk, filled):
    client.post("/account/sign-up/", filled)
    enter(clerk).post(f"/account/sign-ups/{SignUp.objects.get().pk}/", {"answer": "confirm"})
    institution = Institution.objects.get(uscc=USCC)
    assert (institution.name, institution.district_id, institution.complete) == ("北京示例门诊部", "110105", False)
    assert institution.office == User.objects.get(username="shili").memberships.get().office


def test_a_row_of_an_old_list_without_code_is_found_by_its_name(client, enter, clerk, filled):
    row = Institution.objects.create(kind="hospital", name="北京示例门诊部", district=DistrictFactory())
    client.post("/account/sign-up/", filled)
    enter(clerk).post(f"/account/sign-ups/{SignUp.objects.get().pk}/", {"answer": "confirm"})
    assert Institution.objects.get(uscc=USCC) == row


def test_a_known_institution_of_another_district_or_kind_is_told_so(client, filled):
    uscc = HospitalFactory(district="110106").uscc
    assert "登记在丰台区" in client.post("/account/sign-up/", filled | {"uscc": uscc}).content.decode()
    assert "登记的是" in client.post("/account/sign-up/", filled | {"uscc": uscc, "kind": "pharmacy"}).content.decode()
    assert not SignUp.objects.exists()


def test_declining_tells_the_reason(client, enter, clerk, filled):
    client.post("/account/sign-up/", filled)
    row = SignUp.objects.get()
    browser = enter(clerk)
    assert "该字段" in browser.post(f"/account/sign-ups/{row.pk}/", {"answer": "decline", "reason": ""}).content.decode()
    browser.post(f"/account/sign-ups/{row.pk}/", {"answer": "decline", "reason": "许可证已过期"})
    assert "许可证已过期" in client.post("/account/sign-up/status/", {"code": row.code}).content.decode()
    again = browser.post(f"/account/sign-ups/{row.pk}/", {"answer": "confirm"}, follow=True)
    assert "已处理" in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("uscc", "123", "18 位"),
        ("uscc", "9111０105MA01EXAM1！", "18 位"),
        ("uscc", "91110105MA01EXAM12", "校验码"),
        ("kind", "clinic", "选择"),
        ("district", "999999", "选"),
        ("phone", "<script>", "请填电话号码"),
        ("username", "有 空格", "用户名只能用"),
        ("name", "长" * 300, "200"),
        ("again", "another", "两次输入的密码不一致"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_kept(client, filled, field, value, sentence):
    response = client.post("/account/sign-up/", filled | {field: value})
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not SignUp.objects.exists()


def test_the_same_institution_twice_is_told_so(client, filled):
    client.post("/account/sign-up/", filled)
    response = client.post("/account/sign-up/", filled | {"username": "other"})
    assert "正在核对中" in response.content.decode()
    assert SignUp.objects.count() == 1


def test_a_script_in_a_name_is_shown_as_text(client, enter, clerk, filled):
    client.post("/account/sign-up/", filled | {"name": "<script>alert(1)</script>"})
    page = enter(clerk).get("/account/sign-ups/").content.decode()
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page


@pytest.mark.clause("M3")
def test_another_districts_sign_ups_do_not_exist(client, enter, filled):
    client.post("/account/sign-up/", filled)
    row = SignUp.objects.get()
    others = [
        MembershipFactory(office=OfficeFactory(role=Role.DISTRICT_AGENCY, district=DistrictFactory(code="110106"))),
        *(MembershipFactory(office__role=role) for role in (Role.DISTRICT_BUREAU, Role.CITY_AGENCY, Role.ADMINISTRATOR, Role.INSTITUTION)),
    ]
    for place in others:
        browser = enter(place)
        assert browser.get(f"/account/sign-ups/{row.pk}/").status_code == 404
        assert browser.post(f"/account/sign-ups/{row.pk}/", {"answer": "confirm"}).status_code == 404
        assert row.name not in browser.get("/account/sign-ups/").content.decode()


def test_a_wrong_code_says_so(client):
    assert "没有这个查询码" in client.post("/account/sign-up/status/", {"code": "0000"}).content.decode()


def test_sign_up_can_be_closed_by_setting(client, filled):
    settings.put("sign_up_open", False, from_on=clock.today(), by=None, reason="系统切换")
    assert client.post("/account/sign-up/", filled).status_code == 403
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_costs_the_same_for_one_and_for_fifty(enter, clerk, number, django_assert_max_num_queries):
    for index in range(number):
        SignUp.objects.create(
            kind="hospital",
            name=f"门诊部{index}",
            uscc=f"{index:018d}",
            licence_number="1",
            district_id="110105",
            contact="王",
            phone="1",
            username=f"u{index}",
            code=str(index),
        )
    browser = enter(clerk)
    with django_assert_max_num_queries(9):
        assert browser.get("/account/sign-ups/").content.decode().count("门诊部") == number


def test_too_many_from_one_address_are_held_back_and_nothing_typed_is_lost(client, filled):
    for _ in range(SIGN_UPS_AN_HOUR):
        assert client.post("/account/sign-up/", filled).status_code == 200
    cache.clear()  # what another process remembers: nothing
    answer = client.post("/account/sign-up/", filled)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "太多" in page
    assert filled["name"] in page
    assert client.post("/account/sign-up/", filled, REMOTE_ADDR="192.0.2.7").status_code == 200
