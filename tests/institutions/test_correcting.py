"""Mistakes in the register: corrected by an act with reason and second signature, every field's history kept (issue 2, road 6)."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from casework import door
from casework.models import ActRecord
from casework.proposals import confirm, propose
from casework.refusals import Invalid, Missing, NotDone, Refused
from institutions.madeup import id_number
from institutions.models import Institution, Licence, Post
from institutions.posts import holders
from offices.models import User
from tests.agreements.life import life
from tests.conftest import MODEL_BACKEND
from tests.driving import Driver, on
from tests.factories import HospitalFactory

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


@pytest.fixture
def driver() -> Driver:
    return Driver()


def correct(driver: Driver, what: str, field: str, value: str = "", **more: str) -> ActRecord:
    with on(DAY):
        return driver.do("correct_register", driver.institution, what=what, field=field, value=value, reason="误录", **more).record


def history(row: object, field: str) -> list[object]:
    return list(row.events.order_by("pgh_id").values_list(field, flat=True))  # type: ignore[attr-defined]


@pytest.mark.clause("M29", "M40.1")
def test_a_wrong_field_is_put_right_even_under_an_agreement_and_the_old_value_is_kept() -> None:
    driver = life("hospital", "2026-01-01", "2026-12-31")
    licence = driver.institution.licences.first()
    old = licence.number
    record = correct(driver, f"licence-{licence.pk}", "number", "京朝0099")
    licence.refresh_from_db()
    assert licence.number == "京朝0099"
    assert record.data["number"] == {"before": old, "after": "京朝0099"}
    assert (record.data["reason"], record.reviewer_name != "") == ("误录", True)
    assert history(licence, "number")[-2:] == [old, "京朝0099"]


@pytest.mark.clause("M29", "M7")
def test_a_whole_wrong_entry_leaves_the_register_but_not_its_history(driver: Driver) -> None:
    wrong = driver.institution.licences.get(kind="practice_licence")
    record = correct(driver, f"licence-{wrong.pk}", "entry")
    driver.institution.refresh_from_db()
    assert not Licence.objects.filter(pk=wrong.pk).exists()
    assert not driver.institution.complete, "without a licence it cannot apply"
    assert record.data["before"]["number"] == wrong.number
    assert history(wrong, "pgh_label")[-1] == "delete"
    with on(DAY), pytest.raises(Invalid):
        driver.do("correct_register", driver.institution, what=f"licence-{wrong.pk}", field="entry", reason="误录")


@pytest.mark.clause("M29", "M12.7", "M12.8")
def test_a_wrong_holder_of_a_post_goes_and_the_one_before_goes_on(driver: Driver) -> None:
    institution = driver.institution
    before = holders(institution, date(2026, 3, 2))["principal"]
    with on(DAY):
        given = {"post": "principal", "name": "钱二", "id_number": id_number(9), "from_on": "2026-02-01"}
        driver.do("record_post", institution, role="district_agency", **given)
    wrong = Post.objects.get(institution=institution, person__name="钱二")
    assert holders(institution, date(2026, 3, 2))["principal"] == wrong.person
    correct(driver, f"post-{wrong.pk}", "entry")
    assert holders(institution, date(2026, 3, 2))["principal"] == before
    assert Post.objects.get(institution=institution, post="principal").to_on is None


@pytest.mark.clause("M29", "M6.2", "M6.3")
def test_staff_and_managers_are_put_right_field_by_field(driver: Driver) -> None:
    doctor, manager = driver.institution.practitioners.first(), driver.institution.managers.first()
    correct(driver, f"staff-{doctor.pk}", "registered_here", "否")
    correct(driver, f"staff-{doctor.pk}", "first_registered_on", "2025-01-05")
    correct(driver, f"staff-{doctor.pk}", "contract_to")
    correct(driver, f"manager-{manager.pk}", "name", "孙三")
    doctor.refresh_from_db()
    manager.refresh_from_db()
    assert (doctor.registered_here, doctor.first_registered_on, doctor.contract_to) == (False, date(2025, 1, 5), None)
    assert manager.name == "孙三"


@pytest.mark.clause("M29", "M40.1")
def test_the_institution_s_name_is_put_right_and_found_under_it(driver: Driver) -> None:
    old = driver.institution.name
    correct(driver, f"institution-{driver.institution.pk}", "name", "示例正名医院")
    driver.institution.refresh_from_db()
    assert driver.institution.name == "示例正名医院"
    assert Institution.objects.all().search("slzm").get() == driver.institution
    assert history(driver.institution, "name")[-2:] == [old, "示例正名医院"]


@pytest.mark.clause("M29", "M12.7", "R16")
def test_a_person_s_name_is_put_right_and_the_number_stays(driver: Driver) -> None:
    person = holders(driver.institution, date(2026, 3, 2))["principal"]
    number, old = person.reveal_id_number(), person.name
    with on(DAY):
        with pytest.raises(Missing):
            driver.do("correct_person", person, role="district_agency", name="赵正", reason="误录")
        driver.do("correct_person", person, name="赵正", reason="误录")
        with pytest.raises(Refused):
            driver.do("correct_person", person, name="赵正", reason="误录")
    person.refresh_from_db()
    assert (person.name, person.reveal_id_number()) == ("赵正", number)
    assert history(person, "name")[-2:] == [old, "赵正"]


@pytest.mark.clause("M29", "M3")
def test_a_person_s_correction_waits_for_its_signature_at_no_institution(driver: Driver) -> None:
    person = holders(driver.institution, date(2026, 3, 2))["principal"]
    with on(DAY):
        waiting = propose("correct_person", person, actor=driver.city, data={"name": "赵正", "reason": "误录"})
        assert waiting.institution_id is None
        confirm(waiting.pk, actor=driver.city_reviewer)
    person.refresh_from_db()
    assert person.name == "赵正"


@pytest.mark.clause("M29", "R16")
def test_only_an_agency_with_reason_and_two_signatures(driver: Driver) -> None:
    licence, institution = driver.institution.licences.first(), driver.institution
    given = {"what": f"licence-{licence.pk}", "field": "number", "value": "京朝0099", "reason": "误录"}
    with on(DAY):
        with pytest.raises(Refused) as caught:
            door.perform("correct_register", institution, actor=driver.district, reviewer=driver.district, data=given)
        assert caught.value.clauses == ["M29"]
        with pytest.raises(NotDone):
            driver.do("correct_register", institution, role="institution", **given)
        with pytest.raises(Invalid) as wrong:
            driver.do("correct_register", institution, **{**given, "reason": ""})
        assert set(wrong.value.errors) == {"reason"}
        with pytest.raises(Refused):
            driver.do("correct_register", institution, **{**given, "value": licence.number})


@pytest.mark.clause("M29")
@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("licence", "valid_from", "三月"), ("licence", "valid_from", "1800-01-01"), ("licence", "valid_from", ""),
        ("licence", "number", "9" * 61),
        ("licence", "registered_here", "是"), ("institution", "entry", ""), ("institution", "name", ""),
        ("licence", "valid_to", "1990-01-01"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field_and_nothing_changes(driver: Driver, table: str, field: str, value: str) -> None:
    row = driver.institution if table == "institution" else driver.institution.licences.first()
    before = ActRecord.objects.count()
    with pytest.raises(Invalid):
        correct(driver, f"{table}-{row.pk}", field, value)
    assert ActRecord.objects.count() == before


@pytest.mark.clause("M3", "M29")
def test_another_institution_s_entry_is_no_choice(driver: Driver) -> None:
    other = HospitalFactory().licences.first()
    with pytest.raises(Invalid):
        correct(driver, f"licence-{other.pk}", "number", "京朝0099")


@pytest.mark.clause("M29")
def test_the_correction_is_on_the_desk_with_its_consequences_and_in_the_history(driver: Driver) -> None:
    licence, address = driver.institution.licences.first(), f"/desk/act/institution/{driver.institution.pk}/correct_register/"
    with on(DAY):
        client = Client()
        client.force_login(User.objects.get(pk=driver.district.user_id), backend=MODEL_BACKEND)
        assert address in client.get(f"/desk/institutions/{driver.institution.pk}/").content.decode()
        assert licence.number in client.get(address).content.decode()
    old = licence.number
    correct(driver, f"licence-{licence.pk}", "number", "京朝0099")
    with on(DAY):
        page = client.get(f"/desk/institutions/{driver.institution.pk}/").content.decode()
    assert "京朝0099" in page
    assert old in page, "the history of changes keeps it"
