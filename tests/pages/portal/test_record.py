"""The institution's own record on its pages; the acts themselves are shown in tests/institutions/acts."""

import pytest

from institutions.models import Institution
from offices.models import Office, Role
from tests.driving import Driver, on, people
from tests.factories import DistrictFactory, made

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


@pytest.fixture
def newcomer(db):
    """As a sign-up leaves it: a name, a district, nothing else."""
    district = DistrictFactory()
    office = Office.objects.create(role=Role.INSTITUTION, district=district, name="北京示例门诊部")
    return Institution.objects.create(kind="hospital", name="北京示例门诊部", district=district, office=office)


@pytest.fixture
def browser(newcomer, signed_in):
    return signed_in(people("institution", institution=newcomer)[0])


def fill(browser, what, **data):
    with on(DAY):
        return browser.post(f"/portal/record/{what}/", data, follow=True)


@pytest.mark.clause("M7")
def test_a_newcomer_fills_in_its_record_and_may_apply(newcomer, browser):
    with on(DAY):
        assert "资料不齐" in browser.get("/portal/record/").content.decode()
    code = made.fill("hospital", district="110105")["uscc"]
    fill(browser, "basics", uscc=code, address="北京市示例路1号", category="outpatient", ownership="private", opened_on="2025-06-01")
    fill(browser, "licence", kind="practice_licence", number="京示001", valid_from="2025-05-01", valid_to="2040-04-30")
    person = made.fill("person")
    for post in ("legal_representative", "principal", "controller"):
        fill(browser, "post", post=post, from_on="2025-05-01", **person)
    fill(browser, "staff", kind="physician", name="周敏", registered_here="on", first_registered_on="2025-06-01")
    fill(browser, "manager", name="郑军", full_time="on", contract_from="2025-06-01")
    with on(DAY):
        page = browser.get("/portal/record/").content.decode()
        assert "资料不齐" not in page
        assert "今天可以申请" in browser.get("/portal/apply/").content.decode()
    newcomer.refresh_from_db()
    assert newcomer.complete


@pytest.mark.clause("M35")
def test_identity_numbers_are_masked(newcomer, browser):
    person = made.fill("person")
    fill(browser, "post", post="principal", from_on="2025-05-01", **person)
    with on(DAY):
        page = browser.get("/portal/record/").content.decode()
    assert person["id_number"] not in page
    assert person["id_number"][:3] + "***********" + person["id_number"][-4:] in page


@pytest.mark.parametrize(
    ("what", "data", "sentence"),
    [
        ("basics", {"uscc": "123"}, "应为 18 位"),
        ("basics", {"opened_on": "2026-02-30"}, "有效"),
        ("basics", {"opened_on": "2999-01-01"}, "不能晚于"),
        ("basics", {"opened_on": "0001-01-01"}, "不能早于"),
        ("basics", {"beds": "-1"}, "0"),
        ("basics", {"beds": "9" * 30}, "20000"),
        ("basics", {"category": "castle"}, "castle"),
        ("basics", {"address": "长" * 301}, "300"),
        ("licence", {"kind": "drug_licence", "number": "1", "valid_from": "2025-01-01"}, "drug_licence"),
        ("licence", {"kind": "practice_licence", "number": "1", "valid_from": "2025-01-02", "valid_to": "2025-01-01"}, "不能早于第一日"),
        ("post", {"post": "principal", "name": "赵一", "id_number": "110101199003070000", "from_on": "2025-01-01"}, "校验码"),
        ("staff", {"kind": "licensed_pharmacist", "name": "王"}, "licensed_pharmacist"),
        ("manager", {"name": "\x00"}, "空"),
        ("leaving", {"who": "staff-999", "ended_on": "2025-01-01"}, "staff-999"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(newcomer, browser, what, data, sentence):
    response = fill(browser, what, **data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "请先改正下列问题" in page
    assert sentence in page
    typed = next((value for value in data.values() if value.isprintable() and value.isascii() and value.isdecimal() is False), "")
    assert typed in page


def test_a_script_in_a_name_is_shown_as_text(newcomer, browser):
    fill(browser, "manager", name="<script>alert(1)</script>")
    with on(DAY):
        page = browser.get("/portal/record/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_stale_form_gets_409_naming_who_changed_what(newcomer, browser):
    stale = newcomer.version
    fill(browser, "basics", address="北京市示例路1号")
    response = fill(browser, "basics", address="北京市示例路2号", version=stale)
    assert response.status_code == 409
    assert "补全机构资料" in response.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.address == "北京市示例路1号"


@pytest.mark.clause("M40.1")
def test_while_an_application_is_in_hand_what_was_declared_stands(signed_in):
    driver = Driver()
    browser = signed_in(driver.owner)
    with on(DAY):
        driver.apply()
    page = fill(browser, "basics", opened_on="2020-01-01").content.decode()
    assert "正在办理，已申报的资料不能更改" in page
    driver.institution.refresh_from_db()
    assert str(driver.institution.opened_on) == "2015-01-01"


@pytest.mark.parametrize("what", ["nothing", "basics%00", "..%2F"])
def test_a_part_that_does_not_exist_is_not_found(browser, what):
    assert browser.get(f"/portal/record/{what}/").status_code == 404
