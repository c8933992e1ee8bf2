"""An intended decision that is not made: the institution is told so, and a decision needs a new notice (M38.6, documents.md 25)."""

import pytest

from casework.refusals import Refused
from deadlines.models import Deadline
from documents.models import Document
from tests.agreements.life import contradictions, life, record, refused
from tests.agreements.test_cascade import DAY, Scene
from tests.driving import on

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M38.6")
@pytest.mark.parametrize(("kind", "ground"), [("hospital", "M42.6(1)"), ("pharmacy", "P39.5(1)")])
def test_after_it_is_dropped_no_decision_follows_without_a_new_notice(kind: str, ground: str) -> None:
    driver = life(kind)
    with on("2026-06-01"):
        assert refused(lambda: driver.do("drop_intention", reason="没有告知过")) == ["state"]
        driver.do("intend", act="suspend", ground=[ground])
    with on("2026-06-03"):
        driver.do("hear", statement="数据已经补传")
        assert refused(lambda: driver.do("drop_intention", act="terminate", reason="不是这一项")) == ["state"]
        driver.do("drop_intention", reason="数据已经补传,情形不成立")
        paper = Document.objects.filter(catalogue=25).latest("id")
        assert (paper.title, paper.variant) == ("不予处理告知书", "dropped")
        assert (paper.data["told_on"], paper.data["heard_on"]) == ("2026-06-01", "2026-06-03")
        assert refused(lambda: driver.do("suspend", ground=ground, to_on="2026-06-30")) == ["state"]
        assert refused(lambda: driver.do("hear")) == ["state"]
        assert refused(lambda: driver.do("drop_intention", reason="再一次")) == ["state"]
        assert contradictions("2026-06-03") == []
    with on("2026-06-10"):
        driver.do("intend", act="suspend", ground=[ground])
        driver.do("hear")
        driver.do("suspend", ground=ground, to_on="2026-06-30")
        assert contradictions("2026-06-10") == []


@pytest.mark.clause("M38.6")
def test_dropped_before_its_days_are_over_nobody_is_reminded_of_them() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("intend", act="terminate", ground=["M43(3)"])
        assert Deadline.objects.get(kind="hearing").state == "open"
        driver.do("drop_intention", reason="告知有误")
    assert Deadline.objects.get(kind="hearing").state == "cancelled"


@pytest.mark.clause("M38.6")
def test_with_several_the_one_must_be_named() -> None:
    driver = life()
    with on("2026-06-01"):
        driver.do("intend", act="suspend", ground=["M42.6(1)"])
        driver.do("intend", act="terminate", ground=["M43(3)"])
        assert refused(lambda: driver.do("drop_intention", reason="哪一项")) == ["state"]
        driver.do("drop_intention", act="suspend", reason="改为解除")
        assert [each.act for each in driver.agreement.term().intentions if each.waits] == ["terminate"]


@pytest.mark.clause("R10", "P40.14")
def test_branches_told_with_it_are_told_that_it_is_dropped() -> None:
    scene = Scene()
    with on(DAY):
        scene.origin.do("intend", act="terminate", ground=["P40(4)"], head_office_at_fault=scene.fault.pk)
        # What came from another store is decided there.
        with pytest.raises(Refused) as caught:
            scene.suspended.do("drop_intention", reason="与本店无关")
        assert scene.origin.institution.name in str(caught.value)
        scene.origin.do("drop_intention", reason="事实不成立")
        told = Document.objects.filter(catalogue=25, variant="dropped")
        assert {each.recipient for each in told} == {each.institution.name for each in (scene.origin, *scene.hit)}
        for driver in (scene.origin, *scene.hit):
            assert not any(each.waits for each in driver.agreement.term().intentions)
        scene.origin.do("void", record("drop_intention"), role="city_agency", reason="误点")
        assert all(each.waits for driver in scene.hit for each in driver.agreement.term().intentions)
        assert contradictions(DAY) == []


@pytest.mark.clause("R10", "P40.14")
def test_a_branch_left_out_of_the_decision_is_told_so() -> None:
    scene = Scene()
    with on(DAY):
        scene.origin.do("intend", act="terminate", ground=["P40(4)"], head_office_at_fault=scene.fault.pk)
        scene.origin.do("hear")
        scene.origin.do("terminate", ground=["P40(4)"])
        scene.suspended.do("drop_intention", reason="决定不及于该店")
        assert not any(each.waits for each in scene.suspended.agreement.term().intentions)
