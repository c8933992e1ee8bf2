"""Signing: terms, bars, places, supplementary agreements, templates, the public list (M10, M4, M5.2, M11, M52)."""

from datetime import date

import pytest

from agreements.models import Agreement, AgreementTemplate
from casework import door
from casework.refusals import Refused
from documents.models import Document
from institutions.posts import holders
from standing.reading import bans_of
from tests.driving import Driver, on
from tests.factories import HospitalFactory, PharmacyFactory

pytestmark = pytest.mark.django_db


def negotiating(driver: Driver) -> Driver:
    with on("2026-03-02"):
        driver.apply()
        driver.do("accept")
        driver.form_team()
        driver.record_result()
        driver.open_notice()
    return driver


def refused(driver: Driver, word: str, **data: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        driver.do(word, **data)
    return caught.value.clauses


@pytest.mark.clause("M10.1", "M10.4", "P9.4", "R1")
def test_terms() -> None:
    driver = negotiating(Driver())
    with on("2026-03-16"):
        assert refused(driver, "invite_to_sign", from_on="2026-03-15") == ["M10.1"]
        assert refused(driver, "invite_to_sign", to_on="2027-03-14") == ["M10.4"]
        assert refused(driver, "invite_to_sign", to_on="2026-03-01", reason="误") == ["M10.4"]
        assert refused(driver, "sign") == ["M10.1"]
        driver.do("invite_to_sign", from_on="2026-04-01", to_on="2026-12-31", reason="与年度一致")
        assert refused(driver, "sign") == ["M10.1"]
        driver.do("institution_signs", signer="赵一")
        driver.do("sign")
        assert driver.agreement.state == "pending"
    with on("2026-04-01"):
        assert door.bring_up_to_date(Agreement, driver.agreement.pk).state == "active"
        assert list(Agreement.objects.in_force_on(date(2026, 4, 1))) == [driver.agreement]
    with on("2027-01-01"):
        assert door.bring_up_to_date(Agreement, driver.agreement.pk).state == "expired"
        assert driver.agreement.term().ended_by(date(2027, 1, 1)) == "M41.3"


@pytest.mark.clause("M12.8", "R3", "R4")
def test_a_bar_before_signing_ends_the_application_by_refusal() -> None:
    driver = negotiating(Driver())
    with on("2026-03-16"):
        driver.do("list_dishonest", holders(driver.institution)["legal_representative"])
        assert refused(driver, "invite_to_sign") == ["M12.8"]
        driver.do("refuse", ground=["M12.8"])
    assert driver.application.state == "refused"


@pytest.mark.clause("M4", "P4")
def test_signing_beyond_the_places_needs_a_reason() -> None:
    driver = negotiating(Driver())
    with on("2026-03-16"):
        driver.do("set_allocation", kind="hospital", places=0, year=2026)
        assert refused(driver, "invite_to_sign") == ["M4"]
        driver.sign(reason="居民就医需要")
    assert driver.agreement.state == "active"


@pytest.mark.clause("M5.2")
def test_an_internet_hospital_signs_a_supplement_under_its_physical_hospital_and_ends_with_it() -> None:
    parent = negotiating(Driver())
    internet = Driver(HospitalFactory(district="110105", category="internet", parent=parent.institution))
    with on("2026-03-16"):
        with pytest.raises(Refused) as caught:
            internet.apply()
        assert caught.value.clauses == ["M5.2"]
        parent.sign(to_on="2026-12-31", reason="与年度一致")
        internet.do("submit_application")
        internet.do("accept")
        internet.form_team()
        internet.record_result()
        internet.open_notice()
    with on("2026-03-30"):
        assert refused(internet, "invite_to_sign") == ["M5.2"]
        internet.sign(kind="supplementary")
    assert (internet.agreement.main, internet.agreement.last_day) == (parent.agreement, date(2026, 12, 31))


@pytest.mark.clause("M10.3", "P9.3", "M52", "P49")
def test_a_template_is_commented_before_it_is_used_and_old_agreements_keep_theirs() -> None:
    driver = negotiating(Driver(PharmacyFactory(district="110105")))
    with on("2026-03-03"):
        driver.do("propose_template", kind="pharmacy", title="定点零售药店服务协议", articles="# 总则\n新的文字", comment_days=10)
        proposed = AgreementTemplate.objects.get(kind="pharmacy", version=2)
        driver.do("comment_template", template=proposed.pk, text="建议明确拨付时限")
        assert refused(driver, "adopt_template", template=proposed.pk, in_force_from="2026-03-13") == ["M52"]
        driver.do("adopt_template", template=proposed.pk, in_force_from="2026-04-01")
        assert refused_for_other_kind(proposed) == ["M52"]
    with on("2026-03-16"):
        driver.sign()
    assert driver.agreement.template.version == 1
    assert Document.objects.get(catalogue=16).data["agreement"]["template_version"] == "第1版"
    assert proposed.comments.count() == 1


@pytest.mark.clause("M10.1", "M10.3")
def test_both_sign_the_text_that_was_offered_whatever_is_adopted_in_between() -> None:
    driver = negotiating(Driver())
    with on("2026-03-03"):
        driver.do("propose_template", kind="hospital", title="定点医疗机构服务协议", articles="# 总则\n新的文字", comment_days=10)
        proposed = AgreementTemplate.objects.get(kind="hospital", version=2)
        driver.do("adopt_template", template=proposed.pk, in_force_from="2026-03-17")
    with on("2026-03-16"):
        driver.do("invite_to_sign")
        driver.do("institution_signs", signer="赵一")
    with on("2026-03-17"):
        driver.do("sign")
    assert driver.agreement.template.version == 1
    assert Document.objects.get(catalogue=16).data["agreement"]["template_version"] == "第1版"
    assert any("第1版" in point for point in Document.objects.get(catalogue=15).data["points"])


@pytest.mark.clause("M10.1", "M10.3")
def test_offered_anew_the_new_text_is_signed_anew() -> None:
    driver = negotiating(Driver())
    with on("2026-03-03"):
        driver.do("propose_template", kind="hospital", title="定点医疗机构服务协议", articles="# 总则\n新的文字", comment_days=10)
        driver.do("adopt_template", template=AgreementTemplate.objects.get(kind="hospital", version=2).pk, in_force_from="2026-03-17")
    with on("2026-03-16"):
        driver.do("invite_to_sign")
        driver.do("institution_signs", signer="赵一")
    with on("2026-03-17"):
        driver.do("invite_to_sign")
        assert refused(driver, "sign") == ["M10.1"]
        driver.do("institution_signs", signer="赵一")
        driver.do("sign")
    assert driver.agreement.template.version == 2


@pytest.mark.clause("M10.4", "P9.4")
def test_the_agreement_states_why_its_term_is_not_a_year() -> None:
    driver = negotiating(Driver())
    with on("2026-03-16"):
        driver.sign(to_on="2026-12-31", reason="与年度一致")
    assert Document.objects.get(catalogue=16).data["agreement"]["term_reason"] == "与年度一致"


@pytest.mark.clause("M10.4", "M4")
def test_a_reason_for_places_is_no_reason_for_the_term() -> None:
    driver = negotiating(Driver())
    with on("2026-03-16"):
        driver.do("set_allocation", kind="hospital", places=0, year=2026)
        driver.sign(reason="居民就医需要")
    assert "term_reason" not in Document.objects.get(catalogue=16).data["agreement"]


def refused_for_other_kind(template: AgreementTemplate) -> list[str]:
    return refused(Driver(), "comment_template", template=template.pk, text="不是本类机构")


@pytest.mark.clause("M10.1", "P9.1")
@pytest.mark.parametrize("role", ["institution", "city_agency"])
def test_either_party_may_decline_with_the_reason_kept(role: str) -> None:
    driver = negotiating(Driver())
    with on("2026-03-16"):
        driver.do("decline", role=role, reason="未达成一致")
    assert driver.application.state == "declined"
    assert driver.application.facts.get(kind="declined").data == {
        "reason": "未达成一致",
        "by": "institution" if role == "institution" else "agency",
    }


@pytest.mark.clause("M12.5", "M12.7", "P11.5", "R4")
def test_a_past_termination_taken_over_bars_at_once_everywhere() -> None:
    driver = Driver(PharmacyFactory(district="110105"))
    person = holders(driver.institution)["controller"]
    elsewhere = PharmacyFactory(district="110108", controller=person)
    hospital = HospitalFactory(district="110108", controller=person)
    with on("2026-03-02"):
        past = {"first_day": "2024-01-01", "last_day": "2024-12-31", "terminated_on": "2024-06-01"}
        driver.do("take_over_agreement", number="旧2024-1", nature="serious_violation", ground="P40(4)", **past)
        day = date(2026, 3, 2)
        assert [(ban.clause, ban.until) for ban in bans_of(driver.institution, day)] == [
            ("P11.3", date(2027, 6, 1)), ("P11.5", date(2029, 6, 1)),
        ]  # fmt: skip
        assert [ban.clause for ban in bans_of(elsewhere, day)] == ["P11.5"]
        assert bans_of(hospital, day) == []
    assert driver.agreement.state == "terminated"
    assert not Agreement.objects.in_force_on(date(2024, 6, 1)).exists()
    assert Agreement.objects.in_force_on(date(2024, 5, 31)).exists()


@pytest.mark.clause("M10.2", "M11", "M20", "P18", "I4")
def test_filing_many_at_once_makes_one_list_and_a_plate_each() -> None:
    drivers = [negotiating(Driver()) for _ in range(3)]
    with on("2026-03-16"):
        for driver in drivers:
            driver.sign()
        first = drivers[0]
        results = door.perform_many("file_agreement", [driver.agreement for driver in drivers], actor=first.city)
        assert all(result.error is None for result in results)
        again = door.perform_many("file_agreement", [driver.agreement for driver in drivers], actor=first.city)
        assert all(isinstance(result.error, Refused) for result in again)
    assert [Document.objects.filter(catalogue=number).count() for number in (17, 18, 45)] == [1, 1, 3]
    assert len(Document.objects.get(catalogue=17).data["institutions"]) == 3


@pytest.mark.clause("M10.1", "M10.4")
def test_an_invitation_without_a_first_day_begins_on_the_day_of_signing() -> None:
    """Nobody knows on the day of the invitation when both will have signed."""
    driver = negotiating(Driver())
    with on("2026-03-10"):
        driver.do("invite_to_sign")
    with on("2026-03-16"):
        driver.do("institution_signs", signer="赵一")
    with on("2026-03-18"):
        driver.do("sign")
    agreement = driver.agreement
    assert (agreement.first_day.isoformat(), agreement.last_day.isoformat()) == ("2026-03-18", "2027-03-17")
