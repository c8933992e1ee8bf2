from datetime import timedelta

import pytest

from deadlines import clock
from offices import settings
from offices.models import Role, Setting
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("R12", "R16")
def test_the_city_bureau_sets_a_period_from_a_day_on(enter):
    bureau = MembershipFactory(office__role=Role.CITY_BUREAU)
    ahead = clock.today() + timedelta(days=30)
    browser = enter(bureau)
    browser.post("/administration/settings/notice_days/", {"value": "7", "from_on": ahead.isoformat(), "reason": "京医保发〔2026〕9号"})
    row = Setting.objects.get()
    assert (row.value, row.by, row.reason) == (7, bureau.user, "京医保发〔2026〕9号")
    assert (settings.value("notice_days", clock.today()), settings.value("notice_days", ahead)) == (5, 7)
    page = browser.get("/administration/settings/").content.decode()
    assert "默认值" in page
    assert "京医保发" in browser.get("/administration/settings/notice_days/").content.decode()


def test_yes_and_no_are_kept_as_such(enter):
    browser = enter(MembershipFactory(office__role=Role.CITY_BUREAU))
    today = clock.today()
    browser.post("/administration/settings/person_ban_across_kinds/", {"value": "yes", "from_on": today.isoformat(), "reason": "决定"})
    assert settings.value("person_ban_across_kinds", today) is True


@pytest.mark.clause("M40.1")
def test_a_list_is_ticked_shown_by_its_titles_and_can_be_emptied(enter):
    browser, today = enter(MembershipFactory(office__role=Role.CITY_BUREAU)), clock.today()
    address, filled = "/administration/settings/hospital_major_more/", {"from_on": today.isoformat(), "reason": "决定"}
    browser.post(address, filled | {"value": ["beds", "phone"]})
    assert settings.value("hospital_major_more", today) == ["beds", "phone"]
    assert "编制床位数、电话" in browser.get("/administration/settings/").content.decode()
    assert "选择一个有效的选项" in browser.post(address, filled | {"value": ["name"]}).content.decode()
    browser.post(address, filled)
    assert settings.value("hospital_major_more", today) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"value": "0"}, "1 至 60"),
        ({"value": "九"}, "整数"),
        ({"from_on": "2020-01-01"}, "不能早于今天"),
        ({"from_on": "9999-01-01"}, "日期太远"),
        ({"from_on": "31/12"}, "格式"),
        ({"reason": " "}, "必填"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(enter, given, sentence):
    filled = {"value": "7", "from_on": clock.today().isoformat(), "reason": "决定"} | given
    response = enter(MembershipFactory(office__role=Role.CITY_BUREAU)).post("/administration/settings/notice_days/", filled)
    assert sentence in response.content.decode()
    assert not Setting.objects.exists()


@pytest.mark.clause("M3", "R16")
def test_each_office_sets_its_own_and_others_read_or_see_nothing(enter):
    filled = {"value": "no", "from_on": clock.today().isoformat(), "reason": "决定"}
    bureau = enter(MembershipFactory(office__role=Role.CITY_BUREAU))
    assert bureau.post("/administration/settings/sign_up_open/", filled).status_code == 403
    auditor = enter(MembershipFactory(office__role=Role.AUDITOR))
    assert auditor.get("/administration/settings/").status_code == 200
    assert auditor.post("/administration/settings/notice_days/", filled).status_code == 403
    clerk = enter(MembershipFactory(office__role=Role.DISTRICT_AGENCY))
    assert clerk.get("/administration/settings/").status_code == 403
    assert clerk.get("/administration/settings/notice_days/").status_code == 403
    assert not Setting.objects.exists()


def test_an_unknown_setting_is_not_found(enter):
    assert enter(MembershipFactory(office__role=Role.ADMINISTRATOR)).get("/administration/settings/nonsense/").status_code == 404
