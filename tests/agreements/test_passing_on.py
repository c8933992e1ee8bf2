"""A major change goes through the district agency to the city's (M40.1, P37.1)."""

from datetime import date

import pytest

from agreements.models import Change
from documents.models import Document
from tests.agreements.life import contradictions, life, refused
from tests.driving import on

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M40.1", "P37.1")]


@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_the_district_asks_for_what_is_missing_and_passes_it_on(kind: str) -> None:
    driver = life(kind)
    with on("2026-05-06"):
        assert refused(lambda: driver.do("pass_on_change")) == ["state"]
        driver.do("report_change", field="address", value="示例路2号", approved_on="2026-05-01", approval="示例批复")
    with on("2026-05-07"):
        driver.do("pass_on_change", items="批准文件复印件\n新的许可证")
        paper = Document.objects.filter(catalogue=19).latest("id")
        assert (paper.title, paper.issuer.role) == ("变更材料补正告知书", "district_agency")
        assert [each["what"] for each in paper.data["items"]] == ["批准文件复印件", "新的许可证"]
    with on("2026-05-11"):
        driver.do("pass_on_change", field="address", opinion="材料齐全，拟同意")
        (change,) = driver.agreement.term().changes
        assert (change.asked_on, change.passed_on) == (date(2026, 5, 7), date(2026, 5, 11))
        assert refused(lambda: driver.do("pass_on_change")) == ["state"]
        driver.do("approve_change")
        assert Change.objects.get().state == "approved"
        assert contradictions("2026-05-11") == []


def test_a_general_change_stays_with_the_district() -> None:
    driver = life()
    with on("2026-05-06"):
        driver.do("report_change", field="phone", value="010-12345678")
        assert refused(lambda: driver.do("pass_on_change")) == ["state"]
