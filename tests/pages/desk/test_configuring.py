"""What the city sets, each from a day on: materials, conditions, rubrics, templates, places."""

from datetime import date

import pytest

from agreements.models import AgreementTemplate, Allocation
from applications.materials import items_on
from applications.models import ConditionRule, MaterialSlot
from evaluations.models import Rubric
from tests.driving import on, people
from tests.pages.desk.conftest import DAY

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.mark.clause("M7")
def test_a_material_is_changed_from_a_day_on_and_what_was_filed_keeps_its_list(submitted, seat):
    given = {"kind": "hospital", "slot": "M7(6)", "title": "消防验收意见", "parts": "验收表\n现场照片", "from_on": "2026-04-01"}
    with on(DAY):
        bureau = seat(submitted.bureau)
        assert bureau.act("set_slot", **given)["Location"] == "/desk/settings/"
        assert "已有自这一日" in bureau.act("set_slot", **given).content.decode()
        assert "不能早于今天" in bureau.act("set_slot", **given | {"from_on": "2026-03-01"}).content.decode()
        assert "消防验收意见" in bureau.page("/desk/settings/materials/")
    assert [item.id for item in items_on("hospital", date(2026, 3, 31))][-1] == "M7(6)"
    assert [item.id for item in items_on("hospital", date(2026, 4, 1))][-2:] == ["M7(6).1", "M7(6).2"]
    with on("2026-04-02"):
        listed = seat(submitted.district).get(f"/desk/applications/{submitted.application.pk}/materials/").context["listed"]
        assert [row["item"].id for row in listed][-1] == "M7(6)"


@pytest.mark.clause("M7")
def test_a_material_is_ended(submitted, seat):
    slot = MaterialSlot.objects.get(slot="M7(6)")
    with on(DAY):
        seat(submitted.bureau).act("end_slot", slot=slot.pk, to_on="2026-03-31")
    assert "M7(6)" not in [item.id for item in items_on("hospital", date(2026, 4, 1))]


@pytest.mark.clause("M6.6", "P5.7")
def test_a_further_condition_is_checked_from_its_day(submitted, seat):
    with on(DAY):
        bureau = seat(submitted.bureau)
        bureau.act("set_condition", kind="hospital", code="fire", title="已通过消防验收", from_on=DAY)
        bureau.act("set_condition", kind="hospital", code="fire", title="已通过消防验收和备案", from_on="2026-05-01")
        page = bureau.page("/desk/settings/conditions/")
        assert "已通过消防验收和备案" in page
        rows = ConditionRule.objects.order_by("from_on").values_list("from_on", "to_on")
        assert list(rows) == [(TODAY, date(2026, 4, 30)), (date(2026, 5, 1), None)]
        bureau.act("end_condition", condition=ConditionRule.objects.latest("from_on").pk, to_on="2026-06-30")
    assert ConditionRule.objects.latest("from_on").to_on == date(2026, 6, 30)


def rubric(**changes) -> dict[str, str]:
    codes = ["licence", "staff", "facilities", "rules-1", "rules-2", "system"]
    given = {"kind": "hospital", "from_on": "2026-04-01", "remark": "细化制度"}
    for number, code in enumerate(codes):
        weight = "10" if code.startswith("rules") else "20"
        given |= {
            f"items-{number}-code": code,
            f"items-{number}-title": f"项目{code}",
            f"items-{number}-specialty": "finance",
            f"items-{number}-weight": weight,
            f"items-{number}-mandatory": "yes",
        }
    return given | changes


@pytest.mark.clause("M9.3", "M9.9")
def test_a_finer_rubric_from_a_day_on(evaluating, seat):
    with on(DAY):
        city = seat(evaluating.city)
        assert city.act("publish_rubric", **rubric()).status_code == 302
        assert "医疗机构评估细则第2版" in city.page("/desk/settings/rubrics/")
        assert Rubric.on("hospital", TODAY).version == 1
        assert Rubric.on("hospital", date(2026, 4, 1)).version == 2
    assert evaluating.application.evaluations.get().rubric.version == 1
    assert Rubric.objects.get(version=2, kind="hospital").items[3]["mandatory"] is True


@pytest.mark.clause("M9.3")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"items-0-code": "other"}, "缺少法定评估内容"),
        ({"items-0-weight": "30"}, "权重合计应为100"),
        ({"items-1-code": "licence"}, "编号不能重复"),
        ({"items-0-code": "Ä1"}, "编号用小写字母开头"),
        ({"items-0-weight": "-5"}, "权重应为"),
        ({"items-0-title": ""}, "请写明项目"),
        ({"from_on": "2026-03-01"}, "不能早于今天"),
        ({"items-0-title": "有\x00字符"}, "不能保存的字符"),
    ],
)
def test_a_rubric_that_will_not_do_is_refused(evaluating, seat, changes, sentence):
    with on(DAY):
        answer = seat(evaluating.city).act("publish_rubric", **rubric(**changes))
    assert sentence in answer.content.decode()
    assert Rubric.objects.filter(kind="hospital").count() == 1


@pytest.mark.clause("M52", "M10.3")
def test_a_template_is_proposed_commented_and_adopted(submitted, seat):
    with on(DAY):
        bureau = seat(submitted.bureau)
        given = {"kind": "hospital", "title": "服务协议", "articles": "# 总则\n双方自愿<b>订立</b>。", "comment_days": "10"}
        assert bureau.act("propose_template", **given).status_code == 302
        template = AgreementTemplate.objects.get(version=2)
        submitted.do("comment_template", submitted.institution, template=template.pk, text="第一条请说明")
        page = bureau.page(f"/desk/settings/templates/{template.pk}/")
        assert "双方自愿&lt;b&gt;订立&lt;/b&gt;" in page
        assert "第一条请说明" in page
        assert "第一条请说明" not in seat(people("district_agency", "110108")[0]).page(f"/desk/settings/templates/{template.pk}/")
        assert "应先征求意见" in bureau.act("adopt_template", template=template.pk, in_force_from="2026-03-05").content.decode()
        assert bureau.act("adopt_template", template=template.pk, in_force_from="2026-03-13").status_code == 302
    assert AgreementTemplate.on("hospital", date(2026, 3, 13)) == template


@pytest.mark.clause("M4")
def test_places_are_allocated_once_however_often_the_form_is_sent(submitted, seat):
    with on(DAY):
        bureau = seat(submitted.bureau)
        given = {"kind": "hospital", "places": "5", "year": "2026", "version": 0}
        assert bureau.act("set_allocation", **given).status_code == 302
        assert bureau.act("set_allocation", **given).status_code == 409
        assert "全市" in bureau.page("/desk/settings/places/")
    assert Allocation.objects.count() == 1


@pytest.mark.clause("M4", "M6.6", "M7", "M52")
def test_each_change_keeps_who_made_it_and_why(submitted, seat):
    slot = {"kind": "hospital", "slot": "M7(6)", "title": "消防验收意见", "from_on": "2026-04-01"}
    condition = {"kind": "hospital", "code": "fire", "title": "已通过消防验收", "from_on": "2026-04-01"}
    template = {"kind": "hospital", "title": "服务协议", "articles": "# 总则\n双方自愿。", "comment_days": "10"}
    places = {"kind": "hospital", "places": "5", "year": "2026", "version": 0}
    changes = {
        "materials": ("set_slot", slot), "conditions": ("set_condition", condition), "templates": ("propose_template", template),
        "places": ("set_allocation", places),
    }  # fmt: skip
    with on(DAY):
        bureau = seat(submitted.bureau)
        for part, (word, given) in changes.items():
            assert bureau.act(word, **given, reason=f"按{part}会议纪要").status_code == 302
            page = bureau.page(f"/desk/settings/{part}/")
            assert f"按{part}会议纪要" in page
            assert submitted.bureau.user_name in page
    with on("2026-04-02"):
        bureau = seat(submitted.bureau)
        ended = ConditionRule.objects.latest("id")
        bureau.act("end_condition", condition=ended.pk, to_on="2026-06-30", reason="市级规定废止")
        assert "市级规定废止" in bureau.page("/desk/settings/conditions/")


def test_only_the_office_in_charge_changes_what_all_may_read(submitted, seat):
    with on(DAY):
        for part in ("", "materials/", "conditions/", "rubrics/", "templates/", "places/"):
            for actor in (submitted.district, submitted.city, submitted.bureau, people("auditor")[0]):
                assert seat(actor).get(f"/desk/settings/{part}").status_code == 200
        assert seat(submitted.city).get("/desk/settings/nonsense/").status_code == 404
        assert seat(submitted.owner).get("/desk/settings/").status_code == 404
        assert seat(submitted.city).get("/desk/act/set_slot/").status_code == 404
        assert seat(submitted.bureau).get("/desk/act/publish_rubric/").status_code == 404
