"""What is written about an institution carries its district and kind, by whatever road either is written (M3, R16)."""

import pytest

from agreements.models import Agreement, Change, Suspension
from applications.models import Application
from deadlines.models import Deadline
from institutions.models import Institution
from tests.driving import Driver, on
from tests.factories import DistrictFactory
from tests.settlement.conftest import taken_over

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M3"), pytest.mark.clause("R16")]
ELSEWHERE = "110106"


@pytest.fixture
def lived() -> Driver:
    driver = taken_over()
    with on("2026-05-04"):
        driver.do("suspend", ground="M42.6(1)", from_on="2026-05-10", to_on="2026-06-30", urgent_reason="紧急")
        driver.do("report_change", field="phone", value="010-12345678", approved_on="2026-05-01", actor="institution")
    return driver


def carried(model, driver: Driver) -> set[tuple[str, str]]:
    key = {"institution_id": driver.institution.pk}
    columns = ("district",) if model is Deadline else ("district", "institution_kind")
    return set(model.objects.filter(**key).values_list(*columns))


def test_rows_take_over_the_district_and_kind_of_their_institution(lived: Driver) -> None:
    here = (lived.institution.district_id, "hospital")
    assert here[0] != ELSEWHERE
    assert [carried(model, lived) for model in (Agreement, Suspension, Change)] == [{here}] * 3


def test_rows_follow_their_institution_to_another_district(lived: Driver) -> None:
    """As an import that fills in a district writes it: past every act, in one statement over many."""
    applying = Driver()
    with on("2026-05-05"):
        applying.do("start_application")
    DistrictFactory(code=ELSEWHERE)
    Institution.objects.update(district=ELSEWHERE)
    assert carried(Application, applying) == {(ELSEWHERE, "hospital")}
    assert [carried(model, lived) for model in (Agreement, Suspension, Change)] == [{(ELSEWHERE, "hospital")}] * 3
    assert carried(Deadline, lived) == {(ELSEWHERE,)}


def test_what_is_saved_with_an_old_district_at_hand_keeps_the_new_one(lived: Driver) -> None:
    row = lived.agreement
    DistrictFactory(code=ELSEWHERE)
    Institution.objects.filter(pk=lived.institution.pk).update(district=ELSEWHERE)
    row.save()
    assert carried(Agreement, lived) == {(ELSEWHERE, "hospital")}


def test_no_district_finds_the_case_of_an_institution_whose_district_is_unknown(lived: Driver) -> None:
    Institution.objects.filter(pk=lived.institution.pk).update(district=None, complete=False)
    assert carried(Agreement, lived) == {("", "hospital")}
    assert not Agreement.objects.visible_to(lived.district).exists()
    assert Agreement.objects.visible_to(lived.city).count() == 1
