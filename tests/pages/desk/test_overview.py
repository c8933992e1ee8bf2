"""The bureau's overview: each figure opens the list it counts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.driving import PDF, Driver, on, people
from tests.factories import PharmacyFactory
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db


def figures(answer) -> dict[str, int]:
    return {row["title"]: row["total"] for row in answer.context["funnel"] if row["total"]}


@pytest.mark.clause("M47")
def test_every_figure_opens_its_list(seat, evaluating):
    other = Driver(PharmacyFactory(district="110105"))
    with on(DAY):
        other.apply()
    with on("2026-03-20"):
        bureau = seat(evaluating.bureau)
        answer = bureau.get("/desk/overview/")
        assert figures(answer) == {"待核对": 1, "评估中": 1}
        links = [(cell["number"], cell["url"]) for row in answer.context["funnel"] for cell in row["cells"] if cell["number"]]
        links += [(row["total"], row["url"]) for row in answer.context["funnel"] if row["total"]]
        links += [(row["number"], row["url"]) for row in answer.context["late"] if row["number"]]
        links += [figure for row in answer.context["coverage"] for cell in row["cells"] for figure in cell["figures"] if figure[0]]
        assert len(links) > 8
        for number, url in links:
            found = bureau.get(url).context
            assert len(found["rows"] if "rows" in found else found["listed"]) == number, url


@pytest.mark.clause("R2")
def test_handling_time_gross_and_net_of_pauses(seat, evaluating):
    with on("2026-03-12"):
        evaluating.do("request_evidence", items=["财务报表"])
    with on("2026-03-22"):
        evaluating.do("supply_evidence", file=SimpleUploadedFile("报表.pdf", PDF))
    with on("2026-04-01"):
        evaluating.record_result("pass")
        handling = dict(seat(evaluating.bureau).get("/desk/overview/").context["handling"])
    assert (handling["医疗机构"].number, handling["医疗机构"].gross, handling["医疗机构"].net) == (1, 30, 20)
    assert handling["零售药店"] is None


@pytest.mark.clause("M4")
def test_places_allocated_used_and_left(seat, signed):
    with on("2026-03-18"):
        signed.do("set_allocation", kind="hospital", places=3, year=2026)
        rows = seat(signed.bureau).get("/desk/overview/").context["places"]
    assert [(row["where"], row["row"].places, row["used"], row["left"]) for row in rows] == [("全市", 3, 1, 2)]


@pytest.mark.clause("R7")
def test_figures_follow_the_calendar(seat, noticed):
    with on("2026-03-17"):
        assert figures(seat(noticed.bureau).get("/desk/overview/")) == {"公示中": 1}
    with on("2026-03-18"):
        assert figures(seat(noticed.bureau).get("/desk/overview/")) == {"待签约": 1}


@pytest.mark.clause("M3")
def test_a_district_bureau_counts_its_own(seat, submitted):
    with on(DAY):
        own, other = people("district_bureau", "110105")[0], people("district_bureau", "110108")[0]
        assert figures(seat(own).get("/desk/overview/")) == {"待核对": 1}
        assert figures(seat(other).get("/desk/overview/")) == {}
        assert [str(row["district"]) for row in seat(other).get("/desk/overview/").context["coverage"]] == ["海淀区"]
        for actor in (submitted.owner, people("third_party")[0], people("administrator")[0]):
            assert seat(actor).get("/desk/overview/").status_code == 404
