"""Proof of service starts the clocks: the day it proves counts, and counts no more once the proof is voided (documents.md, Service)."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application
from casework.models import ActRecord
from casework.refusals import Refused
from deadlines.models import Deadline
from documents.models import Document
from standing.reading import bans_of
from tests.agreements.life import life, suspend
from tests.driving import PDF, Driver, on

pytestmark = pytest.mark.django_db


def paper(number: int) -> Document:
    return Document.objects.filter(catalogue=number, voided_at__isnull=True).latest("id")


def serve(driver: Driver, number: int, day: str, role: str = "city_agency", **how: object) -> None:
    driver.do("serve_document", paper(number), role=role, **{"method": "post", "on": day, "receipt": "EX001", **how})


def void_service(driver: Driver, role: str = "city_agency") -> None:
    driver.do("void", ActRecord.objects.filter(word="serve_document").latest("id"), role=role, reason="地址有误")


def evaluating() -> Driver:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
    return driver


def remedies(label: str, pk: int) -> dict[str, date | None]:
    rows = Deadline.objects.filter(case_label=label, case_id=pk, kind__in=("reconsideration", "lawsuit"))
    return dict(rows.values_list("kind", "due_on"))


@pytest.mark.clause("M9.2", "R2")
def test_the_clock_stops_on_the_day_the_request_is_proved_served() -> None:
    driver = evaluating()
    with on("2026-03-10"):
        driver.do("request_evidence", items=["补充材料"])
        assert driver.application.paused_since == date(2026, 3, 10), "presumed served on the day of issue"
    with on("2026-03-20"):
        serve(driver, 8, "2026-03-19")
        assert driver.application.paused_since == date(2026, 3, 19)
    with on("2026-03-25"):
        driver.do("supply_evidence", file=SimpleUploadedFile("报表.pdf", PDF))
        assert driver.application.due_on == date(2026, 6, 8), "2026-06-02 and 6 days that stood still"
        void_service(driver)
        assert driver.application.due_on == date(2026, 6, 17), "15 days, from the day of issue"


@pytest.mark.clause("M9.2", "R2")
def test_what_arrived_before_the_request_was_served_stopped_no_clock() -> None:
    driver = evaluating()
    with on("2026-03-10"):
        driver.do("request_evidence", items=["补充材料"])
    with on("2026-03-12"):
        driver.do("supply_evidence", file=SimpleUploadedFile("报表.pdf", PDF))
    with on("2026-03-20"):
        serve(driver, 8, "2026-03-19")
        assert driver.application.due_on == date(2026, 6, 2)


@pytest.mark.clause("M12", "R11")
def test_the_remedies_against_a_refusal_count_from_its_service() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("refuse", ground=["M12.9"], evidence="测试")
        assert remedies("application", driver.application.pk)["reconsideration"] == date(2026, 5, 6)
    with on("2026-03-18"):
        serve(driver, 4, "2026-03-16", role="district_agency")
        assert remedies("application", driver.application.pk) == {"reconsideration": date(2026, 5, 15), "lawsuit": date(2026, 9, 16)}
        void_service(driver, role="district_agency")
        assert remedies("application", driver.application.pk)["reconsideration"] == date(2026, 5, 6)


@pytest.mark.clause("M42.6", "R11")
def test_the_remedies_against_a_suspension_count_from_its_service() -> None:
    driver = life()
    suspend(driver, "2026-05-11", "2026-08-31")
    with on("2026-05-20"):
        serve(driver, 30, "2026-05-18")
        found = remedies("agreement", driver.agreement.pk)
        assert found["lawsuit"] == date(2026, 11, 18)
        void_service(driver)
        assert remedies("agreement", driver.agreement.pk)["lawsuit"] == date(2026, 11, 11)


def failed(driver: Driver, day: str) -> None:
    with on(day):
        driver.record_result("fail")
        driver.do("serve_result", method="post", receipt="EX001")


@pytest.mark.clause("M9.6", "M9.7")
def test_a_result_sent_by_post_is_served_on_the_day_of_the_receipt() -> None:
    driver = evaluating()
    failed(driver, "2026-03-10")
    assert (driver.application.state, driver.application.road().gate("M9.7")) == ("failed", None)
    with on("2026-03-11"), pytest.raises(Refused, match="交寄"):
        driver.do("serve_result", method="post")
    with on("2026-03-20"):
        serve(driver, 12, "2026-03-17")
        assert driver.application.state == "rectifying"
        assert driver.application.road().gate("M9.7").day == date(2026, 6, 17)
        with pytest.raises(Refused, match="已于2026-03-17送达"):
            serve(driver, 12, "2026-03-18")
        void_service(driver)
        assert driver.application.state == "failed", "without the proof it is not served"
        serve(driver, 12, "2026-03-18")
    assert driver.application.road().gate("M9.7").day == date(2026, 6, 18)
    assert Document.objects.filter(catalogue=12).count() == 1, "the paper stands; only its service was wrong"


@pytest.mark.clause("M9.6", "M9.7")
def test_an_institution_that_agreed_to_be_served_online_confirms_before_the_receipt_is_back() -> None:
    driver = evaluating()
    failed(driver, "2026-03-10")
    with on("2026-03-12"):
        driver.do("confirm_receipt", document=paper(12).pk)
    assert (driver.application.state, driver.application.road().gate("M9.7").day) == ("rectifying", date(2026, 6, 10))


@pytest.mark.clause("M9.7", "M29")
def test_a_service_on_which_a_re_evaluation_rests_is_not_voided_before_it() -> None:
    driver = evaluating()
    failed(driver, "2026-03-10")
    with on("2026-03-17"):
        serve(driver, 12, "2026-03-17")
    with on("2026-06-18"):
        driver.do("start_re_evaluation")
        with pytest.raises(Refused, match="开始再次评估"):
            void_service(driver)


@pytest.mark.clause("M9.8", "R4")
def test_the_second_failure_bars_from_the_day_of_the_receipt() -> None:
    driver = evaluating()
    with on("2026-03-10"):
        driver.record_result("fail")
        driver.do("serve_result")
    with on("2026-06-11"):
        driver.do("start_re_evaluation")
        driver.form_team()
    failed(driver, "2026-06-15")
    with on("2026-06-22"):
        assert not bans_of(driver.institution, date(2026, 6, 22))
        serve(driver, 12, "2026-06-18")
        assert [each.until for each in bans_of(driver.institution, date(2026, 6, 22))] == [date(2027, 6, 18)]
        void_service(driver)
        assert not bans_of(driver.institution, date(2026, 6, 22))
        serve(driver, 12, "2026-06-19")
        # The result itself taken back takes with it what its service set going.
        driver.do("void", ActRecord.objects.filter(word="serve_result").latest("id"), role="city_agency", reason="误发")
        assert not bans_of(driver.institution, date(2026, 6, 22))
    assert Application.objects.get().state == "failed"


@pytest.mark.clause("M29")
def test_service_of_a_paper_without_a_clock_is_corrected_too() -> None:
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
    with on("2026-03-05"):
        serve(driver, 2, "2026-03-04", role="district_agency")
        void_service(driver, role="district_agency")
        with pytest.raises(Refused, match="已经更正"):
            void_service(driver, role="district_agency")
        serve(driver, 2, "2026-03-05", role="district_agency")
    proofs = paper(2).proofs.order_by("id")
    assert [(each.served_on, each.voided_at is None) for each in proofs] == [(date(2026, 3, 4), False), (date(2026, 3, 5), True)]
    first, annulment, second = Document.objects.filter(catalogue=43).order_by("id")
    assert (first.voided_at is None, annulment.supersedes, second.voided_at) == (False, first, None)
