"""What waits beside living agreements and has no row of its own: decisions after a hearing, full checks, demanded holds; disputes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.agreements.life import URGENT, contradictions, life
from tests.driving import Driver, on

pytestmark = pytest.mark.django_db


def waiting(seat: Any, actor: Any, day: str) -> list[tuple[str, str]]:
    """Matter and institution of each row on a day, but for agreements that wait to be filed."""
    with on(day):
        rows = seat(actor).get("/desk/").context["rows"]
    return [(row.matter, row.step) for row in rows if row.matter not in ("协议备案", "报告处理决定")]


@pytest.fixture
def driver(db: None) -> Driver:
    return life()


DECIDE = [("作出处理决定", "已陈述申辩或期满，作出决定")]


@pytest.mark.clause("M38.6", "R7", "M26")
def test_a_decision_waits_from_the_day_after_the_last_day_to_be_heard(seat: Any, driver: Driver) -> None:
    with on("2026-06-01"):
        driver.do("intend", act="suspend", ground=["M42.6(1)"])  # 5 working days: through 2026-06-08
    assert [waiting(seat, driver.city, day) for day in ("2026-06-08", "2026-06-09")] == [[], DECIDE]
    assert waiting(seat, driver.district, "2026-06-09") == []
    assert waiting(seat, driver.city, "2027-01-01") == []
    with on("2026-06-09"):
        driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30")
    assert waiting(seat, driver.city, "2026-06-09") == []


@pytest.mark.clause("M38.6", "M26")
def test_a_decision_waits_as_soon_as_the_institution_was_heard(seat: Any, driver: Driver) -> None:
    with on("2026-06-01"):
        driver.do("intend", act="terminate", ground=["M43(3)"])
    with on("2026-06-03"):
        driver.do("hear", statement="没有意见")
    assert [waiting(seat, driver.city, day) for day in ("2026-06-02", "2026-06-03")] == [[], DECIDE]
    assert contradictions("2026-06-03") == []


@pytest.mark.clause("I12", "M26")
def test_an_open_full_check_waits_until_it_is_closed(seat: Any, driver: Driver) -> None:
    with on("2026-03-02"):
        driver.do("request_termination")
        driver.do("decide_termination", granted=True)
    with on("2026-03-03"):
        driver.do("order_full_check", scope="住院费用")
    assert waiting(seat, driver.city, "2026-03-03") == [("退出全面核查", "核查，记录结论")]
    with on("2026-03-10"):
        driver.do("close_full_check")
    assert waiting(seat, driver.city, "2026-03-10") == []


@pytest.mark.clause("I17", "M26")
def test_a_demanded_hold_waits_for_the_agency_until_it_holds(seat: Any, driver: Driver) -> None:
    with on("2026-06-04"):
        driver.do("demand_hold", reason="拒不提供账册")
    assert waiting(seat, driver.city, "2026-06-04") == [("暂停结算拨付", "按医保行政部门的要求暂停")]
    with on("2026-06-05"):
        driver.do("hold_settlement")
    assert waiting(seat, driver.city, "2026-06-05") == []
    with on("2026-06-08"):
        driver.do("release_hold")
    assert waiting(seat, driver.city, "2026-06-08") == []


@pytest.mark.clause("M46", "I7", "R11", "M26")
def test_a_dispute_waits_for_the_office_that_answers_it(seat: Any, driver: Driver) -> None:
    with on("2026-06-01"):
        driver.do("suspend", ground="M42.6(1)", to_on="2026-06-30", **URGENT)
        decision = driver.agreement.facts.get(kind="suspended").act_id
        driver.do("demand_correction", text="少付费用")
        driver.do("request_mediation", text="少付费用", agency_breach=True, clause="第三条")
        driver.do("file_remedy", text="不服", against=decision, what="lawsuit")
    assert sorted(waiting(seat, driver.city, "2026-06-02")) == [
        ("答复争议", "登记诉讼结果"), ("答复争议", "答复"),
    ]  # fmt: skip
    assert waiting(seat, driver.bureau, "2026-06-02") == [("答复争议", "协调处理，答复")]
    with on("2026-06-02"):
        (row,) = seat(driver.bureau).get("/desk/").context["rows"]
        assert str(row.due) == "2026-07-31"
        assert seat(driver.bureau).get(row.url).status_code == 200
        driver.do("answer_mediation", driver.institution.disputes.get(kind="mediation"), conclusion="已补付")
    assert waiting(seat, driver.bureau, "2026-06-03") == []


@pytest.mark.clause("M40.1", "R16", "M26")
def test_a_major_change_waits_for_the_district_until_it_is_passed_on_and_the_city_sees_which(seat: Any, driver: Driver) -> None:
    with on("2026-06-01"):
        driver.do("report_change", field="address", value="示例路2号", approved_on="2026-05-25", approval="示例批复")
    assert waiting(seat, driver.district, "2026-06-01") == [("转报变更", "核对材料，转报市经办机构")]
    assert waiting(seat, driver.city, "2026-06-01") == [("核准变更", "核准或者不予核准（区经办机构尚未转报）")]
    with on("2026-06-02"):
        driver.do("pass_on_change", items="批准文件复印件")
    assert waiting(seat, driver.district, "2026-06-02") == [("转报变更", "核对材料，转报市经办机构")]
    with on("2026-06-03"):
        driver.do("pass_on_change", field="address", opinion="材料齐全，拟同意")
    assert waiting(seat, driver.district, "2026-06-03") == []
    assert waiting(seat, driver.city, "2026-06-03") == [("核准变更", "核准或者不予核准（区经办机构已转报）")]
