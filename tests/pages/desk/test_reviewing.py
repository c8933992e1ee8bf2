"""The second signature: seen, signed, returned, taken back; by somebody else of the same office only (M29)."""

import pytest

from casework import proposals
from casework.models import Proposal
from offices.models import Notification
from tests.driving import on, people
from tests.pages.desk.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M29")]


@pytest.fixture
def proposed(evaluating) -> Proposal:
    with on(DAY):
        for item in evaluating.application.evaluations.get().rubric.items:
            evaluating.do("record_finding", item=item["code"], met=True, evidence="现场核查")
        return proposals.propose(
            "record_result", evaluating.application, actor=evaluating.city, data={"result": "pass", "reasons": "<b>各项符合</b>"}
        )


def test_a_colleague_sees_what_it_will_do_and_signs(evaluating, proposed, seat):
    with on(DAY):
        reviewer = seat(evaluating.city_reviewer)
        page = reviewer.page(f"/desk/proposals/{proposed.pk}/")
        assert "&lt;b&gt;各项符合&lt;/b&gt;" in page
        assert "签署，使其生效" in page
        effects = reviewer.post(f"/desk/proposals/{proposed.pk}/consequences/").content.decode()
        assert "评估合格" in effects
        assert "医保定点评估报告" in effects
        assert evaluating.application.state == "evaluating"
        answer = reviewer.post(f"/desk/proposals/{proposed.pk}/", answer="confirm")
        assert answer["Location"] == f"/desk/applications/{evaluating.application.pk}/"
        assert evaluating.application.state == "passed"
        assert reviewer.post(f"/desk/proposals/{proposed.pk}/", answer="confirm").status_code == 409
    told = Notification.objects.get(kind="proposal")
    assert told.user_id == evaluating.city.user_id


def test_nobody_signs_what_oneself_proposed(evaluating, proposed, seat):
    with on(DAY):
        handler = seat(evaluating.city)
        assert "签署，使其生效" not in handler.page(f"/desk/proposals/{proposed.pk}/")
        answer = handler.post(f"/desk/proposals/{proposed.pk}/", answer="confirm")
        assert "不得为同一人" in answer.content.decode()
        assert handler.post(f"/desk/proposals/{proposed.pk}/", answer="withdraw").status_code == 302
    assert Proposal.objects.get().state == "withdrawn"
    assert evaluating.application.state == "evaluating"


def test_a_return_needs_a_remark_and_reaches_the_handler(evaluating, proposed, seat):
    with on(DAY):
        reviewer = seat(evaluating.city_reviewer)
        assert "退回须写明意见" in reviewer.post(f"/desk/proposals/{proposed.pk}/", answer="return").content.decode()
        reviewer.post(f"/desk/proposals/{proposed.pk}/", answer="return", remark="第三项证据不足")
        assert "第三项证据不足" in seat(evaluating.city).page("/desk/proposals/?state=returned")
    assert Proposal.objects.get().state == "returned"
    assert "第三项证据不足" in Notification.objects.get(kind="proposal").text


def test_a_case_that_moved_meanwhile_is_not_signed(evaluating, proposed, seat):
    with on(DAY):
        evaluating.do("request_evidence", items=["补充材料"])
        reviewer = seat(evaluating.city_reviewer)
        assert "又有办理" in reviewer.page(f"/desk/proposals/{proposed.pk}/")
        answer = reviewer.post(f"/desk/proposals/{proposed.pk}/", answer="confirm")
    assert answer.status_code == 409
    assert "要求补充材料" in answer.content.decode()


def test_other_offices_proposals_do_not_exist(evaluating, proposed, seat, stranger):
    with on(DAY):
        for actor in (stranger, evaluating.district, evaluating.bureau, evaluating.owner, people("administrator")[0]):
            browser = seat(actor)
            assert browser.get(f"/desk/proposals/{proposed.pk}/").status_code == 404
            assert browser.post(f"/desk/proposals/{proposed.pk}/", answer="confirm").status_code == 404
            assert browser.post(f"/desk/proposals/{proposed.pk}/consequences/").status_code == 404


@pytest.mark.parametrize("answer", ["", "nonsense"])
def test_an_unknown_answer_changes_nothing(evaluating, proposed, seat, answer):
    with on(DAY):
        page = seat(evaluating.city_reviewer).post(f"/desk/proposals/{proposed.pk}/", answer=answer)
    assert page.status_code == 200
    assert Proposal.objects.get().state == "open"


def test_the_list_counts_each_state(evaluating, proposed, seat):
    with on(DAY):
        page = seat(evaluating.city).page("/desk/proposals/", state="nonsense")
    assert "作出评估结果" in page
    assert "待同事复核" in page
