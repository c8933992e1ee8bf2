"""A hospital and a pharmacy from filing to the filed agreement, through the one door."""

from datetime import date

import pytest

from agreements.models import Agreement
from documents.models import Document
from tests.driving import Driver, on
from tests.factories import HospitalFactory, PharmacyFactory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M8.1", "M9.1", "M9.5", "M10.1", "M10.2", "M10.4", "M11", "P7.1", "P8.1", "P8.5", "P9.1", "P9.2", "P9.4", "P10", "R12")
@pytest.mark.parametrize("factory", [HospitalFactory, PharmacyFactory])
def test_from_filing_to_the_filed_agreement(factory) -> None:
    driver = Driver(factory(district="110105"))
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
    with on("2026-03-10"):
        driver.record_result("pass")
        driver.do("serve_result")
        driver.open_notice()
    with on("2026-03-18"):
        driver.sign()
        driver.do("file_agreement")
    agreement = driver.agreement
    assert (agreement.first_day, agreement.last_day, agreement.state) == (date(2026, 3, 18), date(2027, 3, 17), "active")
    papers = Document.objects.filter(subjects__institution_id=driver.institution.pk).order_by("id")
    assert list(papers.values_list("catalogue", flat=True)) == [1, 2, 6, 7, 9, 11, 10, 13, 15, 16, 17, 18, 45]
    assert list(Agreement.objects.in_force_on(date(2027, 3, 17))) == [agreement]
    assert not Agreement.objects.in_force_on(date(2027, 3, 18)).exists()
