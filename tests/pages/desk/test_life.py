"""The life of agreements at the desk: what is under way, the lists, the campaign, the settlement question, what a decision reaches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, Change
from casework.models import Proposal
from deadlines.models import Deadline
from tests.driving import Driver, on
from tests.factories import ChainFactory, HospitalFactory, PharmacyFactory

pytestmark = pytest.mark.django_db
LATER = "2026-04-20"


def life(seat, actor, **filters) -> str:
    return seat(actor).page("/desk/life/", **filters)


def case_page(seat, actor, case: Agreement) -> str:
    return seat(actor).page(f"/desk/agreements/{case.pk}/")


@pytest.fixture
def told(signed: Driver) -> Driver:
    """Signed on 2026-03-18; a termination intended on 2026-04-01, heard by 2026-04-09."""
    with on("2026-04-01"):
        signed.do("intend", act="terminate", ground=["M43(3)"], facts="虚构住院")
    return signed


@pytest.mark.clause("M38.6", "M43")
def test_a_case_shows_what_is_under_way_with_its_last_day(seat, told):
    with on("2026-04-02"):
        page = case_page(seat, told.city, told.agreement)
    assert "拟解除医保协议" in page
    assert "等待陈述申辩" in page
    assert "陈述申辩最后一日" in page
    assert "第四十三条第（三）项 查实欺诈骗保" in page


@pytest.mark.clause("M38.6")
def test_the_desk_sends_no_intended_decision_without_its_facts(seat, signed):
    with on("2026-04-01"):
        answer = seat(signed.city).act("intend", signed.agreement, act="terminate", ground=["M43(3)"], facts=" ")
    assert "请写明认定的事实，或者在每一选定的情形下分别写明" in answer.content.decode()
    assert not signed.agreement.facts.filter(kind="intended").exists()


@pytest.mark.clause("M42.6", "M43.1")
def test_a_suspension_says_who_waits_for_whom(seat, signed):
    with on("2026-04-01"):
        signed.do("suspend", ground="M42.6(1)", to_on="2026-06-01", urgent_reason="基金风险")
    with on("2026-04-02"):
        page = case_page(seat, signed.city, signed.agreement)
    assert "整改验收" in page
    assert "区经办机构" in page
    with on("2026-05-01"):
        signed.do("record_rectification", passed=False)
        page = case_page(seat, signed.city, signed.agreement)
    assert "决定解除或者结案" in page
    assert "解除立案" in page


@pytest.mark.clause("R7")
def test_what_only_wakes_the_timer_is_shown_to_nobody(seat, signed):
    with on("2026-04-01"):
        signed.do("suspend", ground="M42.6(1)", from_on="2026-04-15", to_on="2026-06-01", urgent_reason="基金风险")
    assert Deadline.objects.filter(kind="state_change", case_id=signed.agreement.pk).exists()
    with on("2026-04-02"):
        city = seat(signed.city)
        for address in (f"/desk/agreements/{signed.agreement.pk}/", "/desk/calendar/?whose=all&month=2026-04", "/desk/"):
            assert "状态变化" not in city.page(address)


@pytest.mark.clause("M43", "M12.5", "M12.7")
def test_a_termination_shows_its_bans_and_people_before_it_is_done(seat, told):
    with on(LATER):
        answer = seat(told.city).act("terminate", told.agreement, ground=["M43(3)"], facts="虚构住院")
    page = answer.content.decode()
    assert "请核对后果" in page
    assert "严重违法违规" in page
    holder = told.institution.posts.first().person
    assert f"（{holder.name}）" in page
    assert "2029-04-20" in page
    assert "2031-04-20" in page
    assert Agreement.objects.get(pk=told.agreement.pk).state == "active"
    assert not Proposal.objects.filter(word="terminate").exists()


@pytest.mark.clause("P40.14", "R10")
def test_a_cascade_shows_every_branch_before_it_is_done(seat):
    chain = ChainFactory()
    head = chain.legal_representative
    stores = [Driver(PharmacyFactory(chain=chain)) for _ in range(2)]
    for store in stores:
        store.institution.posts.filter(post="legal_representative").update(person=head)
        with on("2026-03-02"):
            take_over(store)
    with on("2026-04-01"):
        city = seat(stores[0].city)
        data = {"ground": ["P40(4)"], "facts": "伪造处方", "urgent_reason": "立即处理", "head_office_at_fault": head.pk}
        form = city.page(f"/desk/act/agreement/{stores[0].agreement.pk}/terminate/")
        page = city.act("terminate", stores[0].agreement, **data).content.decode()
    assert f"{head.name}（法定代表人、连锁总部法定代表人）" in form
    assert "解除协议的机构（2 家）" in page
    assert stores[1].institution.name in page
    assert stores[1].agreement.derived(stores[1].agreement.first_day) == "active"


@pytest.mark.clause("P40.14", "R10", "M38.6")
def test_the_desk_shows_before_the_decision_whom_it_has_not_told_and_tells_them(seat):
    chain = ChainFactory()
    head = chain.legal_representative
    origin, branch = (Driver(PharmacyFactory(chain=chain)) for _ in range(2))
    for store in (origin, branch):
        store.institution.posts.filter(post="legal_representative").update(person=head)
        with on("2026-03-02"):
            take_over(store)
    data = {"ground": ["P40(4)"], "facts": "伪造处方", "head_office_at_fault": head.pk}
    with on("2026-04-01"):
        origin.do("intend", act="terminate", ground=["P40(4)"], facts="伪造处方")
        origin.do("hear", statement="")
        city = seat(origin.city)
        page = city.act("terminate", origin.agreement, **data).content.decode()
        assert f"一并解除的{branch.institution.name}尚未收到拟处理告知书" in page
        assert "解除协议的机构（" not in page
        city.act("intend", origin.agreement, step="confirm", act="terminate", **data)
        own = seat(branch.owner)
        assert "陈述申辩" in own.page("/portal/")
        address = f"/portal/agreements/{branch.agreement.pk}/"
        assert "可以陈述申辩至" in own.page(address)
        form = own.page(f"{address}hear/")
        assert 'name="statement"' in form
        told = {"version": branch.agreement.version, "step": "confirm", "statement": "本店没有参与"}
        own.post(f"{address}hear/", **told)
        page = city.act("terminate", origin.agreement, **data).content.decode()
    assert branch.agreement.facts.get(kind="heard").data["statement"] == "本店没有参与"
    assert "解除协议的机构（2 家）" in page


def take_over(store: Driver) -> None:
    """An agreement that began before, taken over from the paper file."""
    number = f"旧协{store.institution.pk}"
    store.do("take_over_agreement", number=number, first_day="2026-01-01", last_day="2026-12-31", kind="annual")


@pytest.mark.clause("M43")
def test_only_people_of_the_institution_are_offered(seat, told):
    stranger = HospitalFactory().posts.first().person
    with on(LATER):
        page = seat(told.city).page(f"/desk/act/agreement/{told.agreement.pk}/terminate/")
    assert told.institution.posts.first().person.name in page
    assert f'value="{stranger.pk}"' not in page.partition("应负责的人员")[2].partition("</fieldset>")[0]


@pytest.mark.clause("M42.4")
def test_silence_grants_nothing_and_refuses_nothing(seat, signed):
    with on("2026-04-01"):
        signed.do("request_suspension", from_on="2026-08-01", days=60)
        answer = seat(signed.city).act("decide_suspension", signed.agreement, reason="")
    assert "请选择" in answer.content.decode()


@pytest.mark.clause("M40", "M3")
def test_the_list_shows_one_kind_and_only_ones_own_district(seat, signed, stranger):
    with on("2026-04-01"):
        signed.do("report_change", field="phone", value="010-1")
        assert signed.institution.name in life(seat, signed.district, sort="change")
        assert signed.institution.name not in life(seat, signed.district, sort="renewal")
        assert signed.institution.name not in life(seat, stranger, sort="change")
        assert signed.institution.name in life(seat, signed.city, sort="change", district="110105", kind="hospital")
        assert "没有符合条件的事项" in life(seat, signed.city, sort="change", district="110108")
        assert "</strong>核准变更" in seat(signed.district).page("/desk/")
        assert "</strong>核准变更" not in seat(signed.city).page("/desk/")
        signed.do("approve_change", role="district_agency")
        assert signed.institution.name not in life(seat, signed.district, sort="change")
        assert signed.institution.name in life(seat, signed.district, sort="change", state="approved")


@pytest.mark.parametrize("name", ["sort", "state", "kind", "district", "q", "after"])
def test_nonsense_in_the_address_shows_the_list(seat, signed, name):
    with on("2026-04-01"):
        for address in ("/desk/life/", "/desk/renewals/"):
            assert seat(signed.city).get(address, **{name: "\x00'<script>" * 40}).status_code == 200


def changes(signed: Driver, number: int) -> None:
    Change.objects.bulk_create(
        Change(
            agreement=signed.agreement, institution=signed.institution, opened_by=10_000 + each, opened_on="2026-04-01", field="phone",
            state="reported",
        )
        for each in range(number)
    )  # fmt: skip


def test_the_lists_cost_the_same_for_one_and_for_fifty(seat, signed):
    with on("2026-04-01"):
        city = seat(signed.city)
        for address in ("/desk/life/?sort=change", "/desk/renewals/", "/desk/"):
            Change.objects.all().delete()
            changes(signed, 1)
            city.page(address)
            with CaptureQueriesContext(connection) as one:
                city.page(address)
            Change.objects.all().delete()
            changes(signed, 50)
            with CaptureQueriesContext(connection) as fifty:
                city.page(address)
            assert len(one) == len(fifty), address


@pytest.mark.clause("M41.1")
def test_the_campaign_calls_many_and_says_where_it_stands(seat, signed):
    pk = signed.agreement.pk
    with on("2026-10-01"):
        district = seat(signed.district)
        assert "没有符合条件" not in district.page("/desk/renewals/", stage="quiet")
        tried = district.post("/desk/batch/", word="call_for_renewal", rows=[f"agreement-{pk}"], step="try")
        assert "可以办理" in tried.content.decode()
        done = district.post("/desk/batch/", word="call_for_renewal", rows=[f"agreement-{pk}"], step="do")
        assert "已办理 1 件" in done.content.decode()
        assert signed.institution.name in district.page("/desk/renewals/", stage="called")
        assert signed.institution.name not in district.page("/desk/renewals/", stage="quiet")
        signed.do("request_renewal")
        assert "待决定" in seat(signed.city).page("/desk/renewals/", stage="asked")


@pytest.mark.clause("M33", "M42.1", "R8")
def test_settlement_is_asked_for_a_day_and_as_it_was_known(seat, signed, stranger):
    code = signed.institution.national_code or signed.institution.uscc
    with on("2026-04-01"):
        signed.do("suspend", ground="M42.6(1)", to_on="2026-06-01", urgent_reason="基金风险")
    with on("2026-04-05"):
        city = seat(signed.city)
        assert "不予结算" in city.page("/desk/settlement/", code=code, service_on="2026-04-02")
        assert "可以结算" in city.page("/desk/settlement/", code=code, service_on="2026-06-02")
        assert "可以结算" in city.page("/desk/settlement/", code=code, service_on="2026-04-02", known_on="2026-03-31")
        assert "手工报销" in city.page("/desk/settlement/", code=code, service_on="2026-04-02", emergency="on")
        assert "没有找到这个编码" in seat(stranger).page("/desk/settlement/", code=code, service_on="2026-04-02")
        assert "请按 2026-03-02 的格式" in city.page("/desk/settlement/", code=code, service_on="31.2.")
        assert "不能晚于" in city.page("/desk/settlement/", code=code, service_on="2026-04-02", admitted_on="2026-04-03")
        assert city.get("/desk/settlement/", code="\x00", service_on="2026-04-02").status_code == 200


@pytest.mark.clause("M12.5", "M42.1")
def test_the_institution_has_its_life_on_one_line(seat, told):
    with on(LATER):
        told.do("terminate", ground=["M43(3)"], facts="虚构住院", penalty_open=True)
    with on("2026-05-01"):
        page = seat(told.city).page(f"/desk/institutions/{told.institution.pk}/")
    line = page.partition("<svg")[2].partition("</svg>")[0]
    assert "dd-line__bar--term" in line
    assert "dd-line__bar--ban" in line
    assert "style=" not in line
    assert "须先履行完行政处罚" in page
    assert "逐项列出" in page


@pytest.mark.clause("M12.7")
def test_a_person_shows_todays_bans(seat, told):
    with on(LATER):
        told.do("terminate", ground=["M43(3)"], facts="虚构住院")
        person = told.institution.posts.first().person
        page = seat(told.city).page(f"/desk/people/{person.pk}/")
    assert "2031-04-20" in page


@pytest.mark.clause("M46", "M3")
def test_a_dispute_has_its_page(seat, signed, stranger):
    with on("2026-04-01"):
        signed.do("demand_correction", text="未按时拨付")
        row = signed.institution.disputes.get()
        assert "未按时拨付" in seat(signed.city).page(f"/desk/disputes/{row.pk}/")
        assert seat(stranger).get(f"/desk/disputes/{row.pk}/").status_code == 404
        assert row.number in life(seat, signed.city, sort="dispute")
