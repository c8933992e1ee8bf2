"""The one page for every act: filled in, previewed, done, or refused with words that help."""

import pytest

from applications.models import Application
from casework.acts import registry
from casework.models import ActRecord, Proposal
from offices.actors import actor_for
from offices.models import Role
from tests.driving import on, people
from tests.factories import MembershipFactory
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db


def test_a_plain_act_is_done_at_once_and_tells_which_paper_went_out(submitted, seat):
    with on(DAY):
        clerk = seat(submitted.district)
        assert "受理" in clerk.page(f"/desk/act/application/{submitted.application.pk}/accept/")
        answer = clerk.act("accept", submitted.application)
        assert answer["Location"] == f"/desk/applications/{submitted.application.pk}/"
        assert submitted.application.state == "accepted"
        assert "医保定点申请受理通知书" in clerk.page(answer["Location"])


@pytest.mark.parametrize("version", ["", "nonsense", "-1", "99999999999999999999", "0"])
def test_a_form_without_the_right_version_is_refused(submitted, seat, version):
    with on(DAY):
        answer = seat(submitted.district).act("accept", submitted.application, version=version)
    assert answer.status_code == 409
    assert submitted.application.state == "submitted"


def test_a_stale_form_says_who_did_what_meanwhile(submitted, seat):
    case = submitted.application
    with on(DAY):
        first, second = seat(submitted.district), seat(submitted.district_reviewer)
        opened = case.version
        first.act("check_material", case, item="M7(1)", fit="on")
        answer = second.act("accept", case, version=opened)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "核对材料" in text
    assert submitted.district.user_name in text
    assert submitted.application.state == "submitted"


def test_sent_twice_it_is_done_once(submitted, seat):
    with on(DAY):
        clerk, opened = seat(submitted.district), submitted.application.version
        assert clerk.act("accept", submitted.application, version=opened).status_code == 302
        assert clerk.act("accept", submitted.application, version=opened).status_code == 409
    assert ActRecord.objects.filter(word="accept").count() == 1


@pytest.mark.clause("M8.2")
def test_a_refusal_shows_clause_and_sentence_and_loses_nothing(submitted, seat):
    with on(DAY):
        answer = seat(submitted.district).act("request_supplement", submitted.application, remark="请尽快<b>补正</b>")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "应即时受理" in text
    assert "M8.1" in text
    assert "请尽快&lt;b&gt;补正&lt;/b&gt;" in text


def test_what_cannot_be_used_is_told_at_its_field(submitted, seat):
    with on(DAY):
        answer = seat(submitted.district).act("check_material", submitted.application, item="M7(1)", fit="")
        assert "请写明问题" in answer.content.decode()
        answer = seat(submitted.district).act("check_material", submitted.application, item="no such", fit="on")
        assert "没有这一项材料" in answer.content.decode()


@pytest.mark.parametrize("text", ["x" * 200_000, "有\x00空字符", "<script>alert(1)</script>"])
def test_odd_texts_are_refused_or_shown_as_text(submitted, seat, text):
    with on(DAY):
        answer = seat(submitted.district).act("close_application", submitted.application, reason=text)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert submitted.application.state == "submitted"


def test_a_grave_act_shows_its_consequences_first(submitted, seat):
    case = submitted.application
    with on(DAY):
        clerk = seat(submitted.district)
        page = clerk.act("close_application", case, reason="机构已注销").content.decode()
        assert "请核对后果" in page
        assert "待核对" in page
        assert "已结束" in page
        assert "医保定点申请结束办理告知书" in page
        assert 'name="reason" value="机构已注销"' in page
        assert submitted.application.state == "submitted"
        back = clerk.act("close_application", case, reason="机构已注销", step="edit").content.decode()
        assert "机构已注销</textarea>" in back
        assert clerk.act("close_application", case, reason="机构已注销", step="confirm").status_code == 302
    assert submitted.application.state == "closed"


@pytest.mark.clause("M29")
def test_two_signatures_make_a_proposal(evaluating, seat):
    case = evaluating.application
    with on(DAY):
        for item in case.evaluations.get().rubric.items:
            evaluating.do("record_finding", item=item["code"], met=True, evidence="现场核查")
        handler = seat(evaluating.city)
        preview = handler.act("record_result", case, result="pass").content.decode()
        assert "评估合格" in preview
        assert "提交复核" in preview
        answer = handler.act("record_result", case, result="pass", step="confirm")
        proposal = Proposal.objects.get()
        assert answer["Location"] == f"/desk/proposals/{proposal.pk}/"
        assert "正在等待复核" in handler.page(f"/desk/act/application/{case.pk}/record_result/")
        again = handler.act("record_result", case, result="pass", step="confirm")
        assert again.status_code == 409
    assert Proposal.objects.count() == 1
    assert evaluating.application.state == "evaluating"


def test_only_the_offices_of_an_act_find_its_page(submitted, seat, stranger):
    address = f"/desk/act/application/{submitted.application.pk}/accept/"
    with on(DAY):
        others = [submitted.city, submitted.bureau, submitted.owner, stranger, people("auditor")[0], people("administrator")[0]]
        for actor in others:
            browser = seat(actor)
            assert browser.get(address).status_code == 404, actor.role
            assert browser.post(address, version="1").status_code == 404, actor.role
    assert submitted.application.state == "submitted"


@pytest.mark.parametrize(
    "address",
    [
        "/desk/act/application/{pk}/no_such_act/",
        "/desk/act/agreement/{pk}/accept/",
        "/desk/act/nothing/{pk}/accept/",
        "/desk/act/application/999999999999999999999/accept/",
        "/desk/act/accept/",
        "/desk/act/set_slot/",
    ],
)
def test_made_up_addresses_lead_nowhere(submitted, seat, address):
    with on(DAY):
        browser = seat(submitted.district)
        assert browser.get(address.format(pk=submitted.application.pk)).status_code == 404
        assert browser.post(address.format(pk=submitted.application.pk)).status_code == 404


@pytest.mark.clause("M26")
def test_a_matter_is_given_to_a_colleague_only(submitted, seat):
    elsewhere = actor_for(MembershipFactory(office__role=Role.CITY_AGENCY))
    with on(DAY):
        clerk = seat(submitted.district)
        page = clerk.page(f"/desk/act/application/{submitted.application.pk}/assign/")
        assert submitted.district_reviewer.user_name in page
        assert elsewhere.user_name not in page
        clerk.act("assign", submitted.application, owner=submitted.district_reviewer.user_id)
        assert submitted.application.owner_id == submitted.district_reviewer.user_id
        clerk.act("assign", submitted.application, owner=elsewhere.user_id)
        assert submitted.application.owner_id == submitted.district_reviewer.user_id


@pytest.mark.clause("M9.1")
def test_the_team_is_asked_for_with_the_four_specialties_filled_in(accepted, seat):
    case = accepted.application
    with on(DAY):
        city = seat(accepted.city)
        page = city.page(f"/desk/act/application/{case.pk}/form_team/")
        assert page.count(" selected>") >= 4
        rows = {}
        for number, specialty in enumerate(("insurance", "medicine", "finance")):
            rows |= {f"members-{number}-name": f"评估员{number}", f"members-{number}-specialty": specialty}
        answer = city.act("form_team", case, **rows)
        assert "评估小组缺少信息技术专业人员" in answer.content.decode()
        assert "评估员2" in answer.content.decode()
        rows |= {"members-3-name": "评估员3", "members-3-specialty": "it"}
        assert city.act("form_team", case, **rows).status_code == 302
    assert accepted.application.evaluations.get().members.count() == 4


def test_every_act_of_the_desk_has_a_page_that_opens(signed, seat):
    """The forms of all acts on what this road has produced, whatever the state: none may break."""
    subjects = {
        "application": signed.application,
        "agreement": signed.agreement,
        "institution": signed.institution,
        "person": signed.institution.posts.first().person,
        "actrecord": ActRecord.objects.filter(word="sign").get(),
    }
    opened = 0
    with on("2026-03-18"):
        seats = {"district_agency": seat(signed.district), "city_agency": seat(signed.city), "city_bureau": seat(signed.bureau)}
        for act in registry.values():
            label = act.subject._meta.model_name if act.subject else ""
            for role in set(act.roles) & set(seats):
                if label in subjects or not label:
                    own = f"{label}/{subjects[label].pk}/" if label else ""
                    answer = seats[role].get(f"/desk/act/{own}{act.word}/")
                    expected = 404 if label == "actrecord" and role != "city_agency" else 200
                    assert answer.status_code == expected, (act.word, role)
                    opened += 1
    assert opened > 20


@pytest.mark.clause("R7")
def test_a_day_that_has_passed_since_the_last_act_blocks_no_form(noticed, seat):
    with on("2026-03-18"):
        city = seat(noticed.city)
        assert Application.objects.get().state == "public_notice"
        assert "现在不能办理" not in city.page(f"/desk/act/application/{noticed.application.pk}/invite_to_sign/")
        assert city.act("invite_to_sign", noticed.application).status_code == 302
    assert noticed.application.state == "negotiating"
