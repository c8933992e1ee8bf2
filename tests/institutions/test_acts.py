"""An institution's own record through the one door: what is blank is filled in, what others rest on stands, nothing half done."""

from __future__ import annotations

from typing import Any

import pytest

from casework import door
from casework.models import ActRecord
from casework.refusals import Invalid, Refused
from documents.models import Document, ProofOfService
from institutions.acts.receiving import receipts, unconfirmed
from institutions.madeup import id_number, uscc
from institutions.models import Institution
from offices.models import Office
from tests.driving import Driver, on
from tests.factories import HospitalFactory, PharmacyFactory

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


@pytest.fixture
def driver() -> Driver:
    return Driver()


def do(driver: Driver, word: str, role: str = "institution", **data: Any) -> door.Outcome:
    """By the institution, or by its district's agency; the institution as it is stored then."""
    with on(DAY):
        outcome = driver.do(word, driver.institution, role=role, **data)
    driver.institution = Institution.objects.get(pk=driver.institution.pk)
    return outcome


def invalid(driver: Driver, word: str, **data: Any) -> dict[str, Any]:
    """The fields that are wrong; nothing was recorded."""
    before = ActRecord.objects.count()
    with pytest.raises(Invalid) as caught:
        do(driver, word, **data)
    assert ActRecord.objects.count() == before
    return caught.value.errors


def refused(driver: Driver, word: str, **data: Any) -> str:
    before = ActRecord.objects.count()
    with pytest.raises(Refused) as caught:
        do(driver, word, **data)
    assert ActRecord.objects.count() == before
    return str(caught.value)


# ---- the record


@pytest.mark.clause("M7")
def test_what_is_blank_is_filled_in_and_the_log_says_before_and_after(driver: Driver) -> None:
    Institution.objects.filter(pk=driver.institution.pk).update(bank_account="", grade="")
    driver.institution.refresh_from_db()
    name, beds = driver.institution.name, driver.institution.beds
    record = do(driver, "complete_institution", bank_account="6222", grade="一级").record
    assert (driver.institution.bank_account, driver.institution.grade) == ("6222", "一级")
    assert (driver.institution.name, driver.institution.beds) == (name, beds)
    assert record.data == {"grade": {"before": "", "after": "一级"}, "bank_account": {"before": "", "after": "6222"}}


@pytest.mark.clause("M7")
def test_an_incomplete_record_becomes_complete_when_the_last_blank_is_filled(driver: Driver) -> None:
    Institution.objects.filter(pk=driver.institution.pk).update(address="", complete=False)
    driver.institution.refresh_from_db()
    do(driver, "complete_institution", role="district_agency", address="北京市朝阳区示例路1号")
    assert driver.institution.complete


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uscc", "91110105000000000X"),
        ("national_code", "P11010500001"),
        ("opened_on", "2026-03-03"),
        ("opened_on", "1899-12-31"),
        ("opened_on", "2026-02-30"),
        ("beds", "-1"),
        ("beds", "20001"),
        ("category", "nonsense"),
        ("phone", "1" * 41),
        ("address", "有\x00字符"),
    ],
)
def test_what_cannot_be_so_is_told_and_nothing_is_kept(driver: Driver, field: str, value: str) -> None:
    before = Institution.objects.values().get(pk=driver.institution.pk)
    assert invalid(driver, "complete_institution", **{field: value})
    assert Institution.objects.values().get(pk=driver.institution.pk) == before


def test_a_code_that_another_has_is_told(driver: Driver) -> None:
    other = HospitalFactory(district="110105")
    Institution.objects.filter(pk=driver.institution.pk).update(uscc=None, complete=False)
    assert "uscc" in invalid(driver, "complete_institution", uscc=other.uscc)


@pytest.mark.clause("M40.2")
def test_who_the_institution_is_only_its_district_corrects(driver: Driver) -> None:
    new = uscc(39_000_001)
    assert "由所在区经办机构更正" in refused(driver, "complete_institution", uscc=new)
    do(driver, "complete_institution", role="district_agency", uscc=new)
    assert driver.institution.uscc == new


@pytest.mark.clause("M40.1")
@pytest.mark.parametrize("role", ["institution", "district_agency"])
def test_what_an_application_rests_on_stands(driver: Driver, role: str) -> None:
    with on(DAY):
        driver.apply()
    assert "地址" in refused(driver, "complete_institution", role=role, address="别处")
    assert "证照" in refused(driver, "record_licence", role=role, kind="practice_licence", number="新1", valid_from="2026-01-01")


def test_a_pharmacy_is_not_asked_for_beds() -> None:
    driver = Driver(PharmacyFactory(district="110105"))
    before = driver.institution.beds
    do(driver, "complete_institution", beds="12", drug_scope="中成药")
    assert (driver.institution.beds, driver.institution.drug_scope) == (before, "中成药")


# ---- licences and people


@pytest.mark.clause("M5")
def test_a_licence_is_recorded_once_and_of_its_kind(driver: Driver) -> None:
    driver.institution.licences.all().delete()
    given = {"kind": "practice_licence", "number": "京1", "valid_from": "2025-01-01"}
    assert "valid_to" in invalid(driver, "record_licence", **given, valid_to="2024-12-31")
    assert "kind" in invalid(driver, "record_licence", **given | {"kind": "drug_licence"})
    do(driver, "record_licence", **given)
    assert invalid(driver, "record_licence", **given)
    assert driver.institution.licences.count() == 1


@pytest.mark.clause("M12.7", "M35")
def test_a_new_person_in_a_post_ends_the_term_of_the_one_before(driver: Driver) -> None:
    number = id_number(9_100_001)
    record = do(driver, "record_post", post="legal_representative", name="孙新", id_number=number, from_on="2026-03-01").record
    held = list(driver.institution.posts.filter(post="legal_representative").order_by("from_on"))
    assert str(held[-2].to_on) == "2026-02-28"
    assert (held[-1].person.name, held[-1].person.reveal_id_number(), held[-1].to_on) == ("孙新", number, None)
    assert number not in str(record.data)
    before = {"post": "legal_representative", "name": "李早", "id_number": id_number(9_100_002), "from_on": "2026-02-01"}
    assert "不能早于该日" in refused(driver, "record_post", **before)


@pytest.mark.clause("M12.7", "M35")
def test_a_known_number_under_another_name_is_told_without_the_name(driver: Driver) -> None:
    person = driver.institution.posts.first().person
    given = {"post": "legal_representative", "name": "别名", "id_number": person.reveal_id_number(), "from_on": "2026-03-01"}
    errors = invalid(driver, "record_post", **given)
    assert person.name not in str(errors)
    assert "name" in errors
    assert "id_number" in invalid(driver, "record_post", **given | {"id_number": "110101199003071234"})


@pytest.mark.clause("M6.2", "M6.3")
def test_staff_come_and_leave_and_the_row_stays(driver: Driver) -> None:
    given = {"kind": "physician", "name": "周医", "registered_here": "on", "first_registered_on": "2025-01-01"}
    assert "national_code" in invalid(driver, "record_staff", **given, national_code="D1101050012")
    do(driver, "record_staff", **given, national_code="d110105 001234")
    do(driver, "record_manager", name="吴管", full_time="on", contract_from="2025-01-01")
    doctor, manager = driver.institution.practitioners.get(name="周医"), driver.institution.managers.get(name="吴管")
    assert doctor.national_code == "D110105001234"
    assert "ended_on" in invalid(driver, "end_staff", who=f"staff-{doctor.pk}", ended_on="2026-03-03")
    for who in (f"staff-{doctor.pk}", f"manager-{manager.pk}"):
        do(driver, "end_staff", who=who, ended_on="2026-02-28")
        assert "who" in invalid(driver, "end_staff", who=who, ended_on="2026-02-28")
    doctor.refresh_from_db()
    manager.refresh_from_db()
    assert [str(row.ended_on) for row in (doctor, manager)] == ["2026-02-28"] * 2
    stranger = HospitalFactory(district="110105").practitioners.first()
    assert "who" in invalid(driver, "end_staff", who=f"staff-{stranger.pk}", ended_on="2026-02-28")


# ---- service online


@pytest.mark.clause("M35")
def test_consent_is_given_once_and_taken_back(driver: Driver) -> None:
    Office.objects.filter(pk=driver.institution.office_id).update(online_service_consent_on=None)
    assert "agree" in invalid(driver, "consent_online_service", signer="赵一")
    do(driver, "consent_online_service", signer="赵一", agree="on")
    assert str(Office.objects.get(pk=driver.institution.office_id).online_service_consent_on) == DAY
    assert "已于2026-03-02同意" in refused(driver, "consent_online_service", signer="赵一", agree="on")
    do(driver, "withdraw_online_service", signer="赵一")
    assert Office.objects.get(pk=driver.institution.office_id).online_service_consent_on is None
    assert "没有同意过" in refused(driver, "withdraw_online_service", signer="赵一")


@pytest.mark.clause("M35")
def test_a_receipt_proves_service_on_the_day_the_paper_arrived(driver: Driver) -> None:
    with on(DAY):
        driver.apply(missing=("M7(5)",))
        driver.do("request_supplement")
    paper = unconfirmed(driver.institution.pk).get(catalogue=3)
    ProofOfService.objects.filter(documents=paper).update(voided_at="2026-03-02T01:00Z", void_reason="试")
    with on("2026-03-05"):
        driver.do("confirm_receipt", driver.institution, document=paper.pk)
    proof = paper.proofs.get(voided_at__isnull=True)
    assert (str(proof.served_on), proof.method) == (DAY, "online")
    assert list(receipts(driver.institution.pk, [paper.pk])) == [paper.pk]
    assert "已签收" in refused(driver, "confirm_receipt", document=paper.pk)


@pytest.mark.clause("M35", "M3")
def test_a_paper_of_another_or_without_consent_is_not_confirmed(driver: Driver) -> None:
    other = Driver()
    for each in (driver, other):
        with on(DAY):
            each.apply(missing=("M7(5)",))
            each.do("request_supplement")
    paper = Document.objects.get(catalogue=3, subjects__institution_id=other.institution.pk)
    assert "不是送达本机构的" in refused(driver, "confirm_receipt", document=paper.pk)
    Office.objects.filter(pk=other.institution.office_id).update(online_service_consent_on=None)
    assert "尚未同意线上送达" in refused(other, "confirm_receipt", document=paper.pk)
