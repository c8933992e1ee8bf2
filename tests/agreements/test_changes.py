"""Changes of data under an agreement: the district makes the general ones, an unfiled major one opens a case (M40.2, M43.6)."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.models import Change, TerminationCase
from documents.models import Document
from offices import settings
from pages.desk.changes import of_institution
from standing.reading import bans_of
from tests.agreements.life import URGENT, contradictions, life, record, refused
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db
UNFILED = {"hospital": "M43(6)", "pharmacy": "P40(9)"}


def report(driver: Driver, day: str, value: str, field: str = "phone") -> None:
    with on(day):
        driver.do("report_change", field=field, value=value, approved_on=day if field != "phone" else "")


@pytest.mark.clause("M40.2", "P37.2")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_other_data_are_told_by_the_institution_and_changed_by_its_district(kind: str) -> None:
    driver = life(kind, phone="010-10000000")
    report(driver, "2026-06-01", "010-20000000")
    with on("2026-06-02"):
        assert refused(lambda: driver.do("approve_change", role="city_agency")) == ["permission"]
        driver.institution.refresh_from_db()
        assert driver.institution.phone == "010-10000000"
        driver.do("approve_change", role="district_agency")
    driver.institution.refresh_from_db()
    assert driver.institution.phone == "010-20000000"
    receipt = Document.objects.get(catalogue=20, case_id=driver.agreement.pk)
    assert receipt.issuer.role == "district_agency"
    assert receipt.data["changes"] == [{"field": "电话", "before": "010-10000000", "after": "010-20000000"}]
    assert not Document.objects.filter(catalogue=19).exists()
    assert contradictions("2026-06-02") == []


@pytest.mark.clause("M40.2", "P37.2")
def test_a_field_keeps_every_value_it_had_and_a_mistake_gives_the_old_one_back() -> None:
    driver = life(phone="010-10000000")
    for day, value in (("2026-06-01", "010-20000000"), ("2026-07-01", "010-30000000")):
        report(driver, day, value)
        with on(day):
            driver.do("approve_change", role="district_agency")
    told = sorted((each.before, each.after) for each in of_institution(driver.institution) if each.field == "电话")
    assert told == [("010-10000000", "010-20000000"), ("010-20000000", "010-30000000")]
    with on("2026-07-02"):
        driver.do("void", record("approve_change"), role="district_agency", reason="录错号码")
    driver.institution.refresh_from_db()
    assert driver.institution.phone == "010-20000000"
    assert set(Change.objects.values_list("state", flat=True)) == {"approved", "reported"}


@pytest.mark.clause("M40.2", "M40.1")
def test_a_major_change_is_not_the_districts() -> None:
    driver = life()
    report(driver, "2026-06-01", "北京市新址路1号", "address")
    with on("2026-06-02"):
        assert refused(lambda: driver.do("approve_change", role="district_agency")) == ["permission"]
        driver.do("approve_change", role="city_agency")
    driver.institution.refresh_from_db()
    assert driver.institution.address == "北京市新址路1号"


@pytest.mark.clause("M40.1", "P37.1")
@pytest.mark.parametrize(("kind", "field", "value"), [("hospital", "beds", "30"), ("pharmacy", "bank_account", "0200001")])
def test_the_bureau_makes_further_fields_major_from_a_day_on(kind: str, field: str, value: str) -> None:
    driver = life(kind)
    settings.put(f"{kind}_major_more", [field], from_on=date(2026, 6, 1), by=None, reason="京医保发〔2026〕3号")
    report(driver, "2026-05-29", value, field)
    with on("2026-05-29"):
        driver.do("approve_change", role="district_agency")
    report(driver, "2026-06-01", value, field)
    with on("2026-06-02"):
        assert refused(lambda: driver.do("approve_change", role="district_agency")) == ["permission"]
        driver.do("approve_change", role="city_agency")
    assert list(Change.objects.order_by("pk").values_list("major", flat=True)) == [False, True]


@pytest.mark.clause("M43.6", "P40.9", "M40.1")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_an_unfiled_major_change_opens_a_case_once_that_a_termination_closes(kind: str) -> None:
    driver = life(kind)
    with on("2026-06-01"):
        driver.do("open_termination_case", reason="地址已变更,未申报")
        assert refused(lambda: driver.do("open_termination_case", reason="又一次")) == ["state"]
    case = TerminationCase.objects.get()
    assert (case.state, case.ground, case.opened_on) == ("open", UNFILED[kind], date(2026, 6, 1))
    with on("2026-06-10"):
        driver.do("terminate", ground=[UNFILED[kind]], **URGENT)
    case.refresh_from_db()
    assert case.state == "closed"
    (ban,) = bans_of(driver.institution, date(2026, 6, 10))
    assert (ban.clause, ban.until) == ("M12.6" if kind == "hospital" else "P11.4", date(2027, 6, 10))
    assert contradictions("2026-06-10") == []


@pytest.mark.clause("M43.6", "P40.9")
def test_a_case_that_is_closed_without_a_termination_can_be_opened_anew() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("open_termination_case", reason="地址已变更,未申报")
    with on("2026-06-03"):
        driver.do("close_termination_case", reason="当日已补报")
        driver.do("open_termination_case", reason="另一项未申报")
    assert [(each.state, each.ground) for each in TerminationCase.objects.order_by("id")] == [("closed", "M43(6)"), ("open", "M43(6)")]
    assert contradictions("2026-06-03") == []
