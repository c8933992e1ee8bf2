"""Filing: what the system sees stops it with clause and earliest day; the right to a decision (M6, M7, R15, R13)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import entry
from applications.models import Application
from casework.refusals import Invalid, Refused
from documents.models import Document
from institutions.completeness import refresh
from institutions.posts import holders
from offices import settings
from tests.driving import PDF, Driver, on
from tests.factories import HospitalFactory, PharmacyFactory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M6.1", "R13")
def test_three_months_in_operation_count_the_opening_day_as_the_event() -> None:
    driver = Driver(HospitalFactory(district="110105", opened_on=date(2026, 1, 15)))
    with on("2026-04-14"):
        answer = entry.may_apply(driver.institution, date(2026, 4, 14))
        assert (answer.yes, answer.clauses, answer.earliest_on) == (False, ["M6.1"], date(2026, 4, 15))
        with pytest.raises(Refused) as refused:
            driver.apply()
        assert refused.value.clauses == ["M6.1"]
    with on("2026-04-15"):
        driver.do("submit_application")
    assert driver.application.state == "submitted"


@pytest.mark.clause("M6.3", "I45")
@pytest.mark.parametrize(("beds", "department", "clauses"), [(99, False, []), (100, False, ["M6.3"]), (100, True, [])])
def test_a_hundred_beds_include_the_hundredth(beds: int, department: bool, clauses: list[str]) -> None:
    institution = HospitalFactory(district="110105", beds=beds, insurance_department=department)
    assert entry.may_apply(institution, date(2026, 3, 2)).clauses == clauses


@pytest.mark.clause("P5.2", "P5.3")
def test_a_pharmacy_needs_a_pharmacist_and_two_managers() -> None:
    institution = PharmacyFactory(district="110105", pharmacists=[], insurance_managers=[])
    assert entry.may_apply(institution, date(2026, 3, 2)).clauses == ["P5.2", "P5.3"]


@pytest.mark.clause("M53", "P50")
def test_nothing_is_dated_before_the_measures() -> None:
    institution = PharmacyFactory(district="110105")
    answer = entry.may_apply(institution, date(2021, 12, 31))
    assert answer.clauses == ["P50"]
    assert not answer.yes


@pytest.mark.clause("M12.8", "M8.1", "R4", "R11", "R15")
def test_an_insisted_filing_must_be_answered_and_cannot_be_accepted_while_barred() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.do("list_dishonest", holders(driver.institution)["controller"])
        with pytest.raises(Refused) as refused:
            driver.apply()
        assert refused.value.clauses == ["M12.8"]
        driver.do("submit_application", insist=True)
        assert driver.application.deadlines().get(kind="supplement").due_on == date(2026, 3, 9)
    with on("2026-03-03"):
        with pytest.raises(Refused) as refused:
            driver.do("accept")
        assert refused.value.clauses == ["M12.8"]
        driver.do("refuse", ground=["M12.8"])
    assert driver.application.state == "refused"
    paper = Document.objects.get(catalogue=4)
    assert paper.data["grounds"][0]["clause"] == "M12.8"
    # Until taken off the list (R4); a district's decision is not reconsidered where the city's are (R11).
    assert (paper.data["grounds"][0]["from"], paper.data["grounds"][0]["until"]) == ("2026-03-02", "")
    assert paper.data["paper"]["bodies"]["reconsideration"] == settings.value("district_reconsideration_body", date(2026, 3, 3))
    assert {row.kind for row in driver.application.deadlines()} >= {"reconsideration", "lawsuit"}


@pytest.mark.clause("M7", "R15")
def test_an_incomplete_record_cannot_be_insisted_upon() -> None:
    driver = Driver(HospitalFactory(district="110105", uscc=None, address=""))
    refresh(driver.institution)
    with on("2026-03-02"):
        with pytest.raises(Refused) as refused:
            driver.apply(insist=True)
        assert refused.value.clauses == ["state"]
        assert "统一社会信用代码、地址" in refused.value.refusals[0].message
        assert entry.may_apply(driver.institution, date(2026, 3, 2)).clauses == ["state"]
    assert driver.application.state == "draft"


@pytest.mark.clause("M53", "R15")
def test_insisting_does_not_reach_back_before_the_measures() -> None:
    driver = Driver()
    with on("2021-12-31"), pytest.raises(Refused) as refused:
        driver.apply(insist=True)
    assert refused.value.clauses == ["M53"]


@pytest.mark.clause("M12.4", "R4")
def test_a_refusal_states_from_when_to_when_the_institution_is_barred() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.do("discover_fraud", driver.institution)
    with on("2026-03-03"):
        driver.apply(insist=True)
        driver.do("refuse", ground=["M12.4"])
    ground = Document.objects.get(catalogue=4).data["grounds"][0]
    assert (ground["from"], ground["until"], ground["earliest_on"]) == ("2026-03-02", "2029-03-02", "2029-03-03")


@pytest.mark.clause("M6.1", "R15")
def test_a_condition_not_met_on_the_filing_day_bars_acceptance_later_too() -> None:
    driver = Driver(HospitalFactory(district="110105", opened_on=date(2026, 1, 15)))
    with on("2026-04-14"):
        driver.apply(insist=True)
    with on("2026-04-16"):
        with pytest.raises(Refused) as refused:
            driver.do("accept")
        assert refused.value.clauses == ["M6.1"]
        driver.do("refuse", ground=["M6.1"])
    assert driver.application.state == "refused"


@pytest.mark.clause("M12.4")
def test_a_ground_the_system_can_check_must_hold() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        with pytest.raises(Refused) as refused:
            driver.do("refuse", ground=["M12.4"])
    assert refused.value.clauses == ["M12.4"]


@pytest.mark.clause("M12.1", "M12.2", "M12.9", "R3")
@pytest.mark.parametrize("ground", ["M12.1", "M12.2", "M12.9"])
def test_judged_grounds_need_evidence_and_end_with_acceptance(ground: str) -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        with pytest.raises(Invalid):
            driver.do("refuse", ground=[ground])
        driver.do("accept")
        with pytest.raises(Refused) as refused:
            driver.do("refuse", ground=[ground], evidence="现场照片")
    assert ground in refused.value.clauses


@pytest.mark.clause("M7", "P6", "M6.4", "P5.5")
def test_a_missing_internal_rule_is_named() -> None:
    driver = Driver(PharmacyFactory(district="110105"))
    with on("2026-03-02"):
        driver.apply(missing=("P6(5).2",))
        driver.do("request_supplement")
    row = Document.objects.get(catalogue=3).data["items"][0]
    assert row["what"] == "内部管理和财务制度文本：财务管理制度"


@pytest.mark.clause("M7", "P6")
@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b""), ("a.pdf", b"MZ\x90 not a pdf"), ("a.png", PDF), ("a.exe", PDF), ("a.jpg", b"\x89PNG\r\n\x1a\n")]
)
def test_an_upload_that_lies_about_itself_is_not_taken(name: str, content: bytes) -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.do("start_application")
        with pytest.raises(Invalid) as invalid:
            driver.do("upload_material", item="M7(1)", file=SimpleUploadedFile(name, content))
    assert "file" in invalid.value.errors
    assert not driver.application.materials.exists()


@pytest.mark.clause("M7", "P6")
def test_a_replaced_upload_stays_on_record() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.do("start_application")
        driver.upload("M7(1)")
        driver.upload("M7(1)")
        rows = driver.application.materials.order_by("id")
        assert [row.replaced_at is None for row in rows] == [False, True]
        assert rows[0].digest == rows[1].digest
        assert rows[0].file.name != rows[1].file.name
        assert rows[0].uploaded_by_id == driver.owner.user_id


@pytest.mark.clause("M7")
def test_one_application_at_a_time() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        with pytest.raises(Refused) as refused:
            driver.do("start_application")
    assert refused.value.clauses == ["state"]
    assert Application.objects.count() == 1
