"""A termination that reaches a whole chain: all or none, shown before, no branch too many and none forgotten (P40(14), R10)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from agreements.models import Agreement, AgreementFact
from applications.models import Application
from casework import door
from casework.models import ActRecord
from casework.preview import preview
from casework.refusals import NotDone, Refused
from documents.models import Document
from institutions.models import Chain, Person
from institutions.posts import appoint
from standing.models import StandingFact
from standing.reading import bans_of
from tests.agreements.life import URGENT, contradictions, life, record, refused, state, suspend
from tests.driving import Driver, on
from tests.factories import ChainFactory, PersonFactory, PharmacyFactory

pytestmark = pytest.mark.django_db

DAY = "2026-06-10"


class Scene:
    """A chain whose controller holds posts in branches of two districts; one branch is somebody else's."""

    def __init__(self) -> None:
        self.fault: Person = PersonFactory()
        self.chain: Chain = ChainFactory(controller=self.fault)
        self.origin = self.branch(principal=self.fault)
        self.suspended = self.branch(district="110108", controller=self.fault)
        suspend(self.suspended, "2026-06-01", "2026-06-30")
        self.pending = self.branch("2026-08-01", "2027-07-31", legal_representative=self.fault)
        self.free = self.branch()
        self.left = self.branch(principal=self.fault)
        # Whoever left the post before the decision makes the branch no part of it.
        appoint(self.left.institution, "principal", PersonFactory(), date(2026, 5, 1))
        self.applying = Driver(PharmacyFactory(district="110106", chain=self.chain, principal=self.fault))
        with on("2026-05-20"):
            self.applying.apply()
            self.applying.do("accept")
            self.applying.form_team()

    def branch(self, first: str = "2026-01-01", last: str = "2026-12-31", **posts: object) -> Driver:
        return life("pharmacy", first, last, chain=self.chain, **posts)

    @property
    def hit(self) -> list[Driver]:
        return [self.suspended, self.pending]

    def given(self, **more: object) -> dict[str, object]:
        return {"ground": ["P40(4)"], "head_office_at_fault": self.fault.pk, **URGENT, **more}

    def terminate(self, **more: object) -> door.Outcome:
        with on(DAY):
            return self.origin.do("terminate", **self.given(**more))


def counted() -> list[int]:
    return [model.objects.count() for model in (AgreementFact, StandingFact, Document, ActRecord)] + [
        Agreement.objects.filter(state="terminated").count(),
        Application.objects.filter(state="refused").count(),
    ]


@pytest.mark.clause("P40.14", "R10", "P11.3", "P11.5", "R4")
def test_every_branch_with_that_person_ends_the_same_day_with_its_own_decision() -> None:
    scene = Scene()
    outcome = scene.terminate()
    for driver in (scene.origin, *scene.hit):
        assert state(driver, DAY) == "terminated"
        assert driver.agreement.ended_on == date(2026, 6, 9)
    for driver in (scene.free, scene.left):
        assert state(driver, DAY) == "active"
        assert not Document.objects.filter(catalogue=35, subjects__institution_id=driver.institution.pk).exists()
    for driver in scene.hit:
        assert driver.agreement.term().end.clause == "P40(14)"
        papers = Document.objects.filter(catalogue=35, subjects__institution_id=driver.institution.pk)
        assert papers.get().recipient == driver.institution.name
        assert ("P11.3", date(2029, 6, 10)) in [(ban.clause, ban.until) for ban in bans_of(driver.institution, date.fromisoformat(DAY))]
    assert {document.catalogue for document in outcome.documents} == {4, 34, 35, 36, 37}
    with on(DAY):
        assert contradictions(DAY) == []


@pytest.mark.clause("P40.14", "R10", "P11")
def test_an_open_application_of_a_branch_is_refused_and_its_evaluation_ends() -> None:
    scene = Scene()
    evaluation = scene.applying.application.evaluations.get()
    scene.terminate()
    assert scene.applying.application.state == "refused"
    evaluation.refresh_from_db()
    assert evaluation.state == "ended"
    paper = Document.objects.get(catalogue=4)
    assert paper.recipient == scene.applying.institution.name
    assert paper.data["grounds"][0]["clause"] == "P40(14)"
    assert paper.issuer.district_id == "110106"
    running = scene.applying.application.deadlines().filter(state__in=["open", "paused"])
    assert set(running.values_list("kind", flat=True)) == {"reconsideration", "lawsuit"}


@pytest.mark.clause("P40.14", "R10")
def test_the_preview_shows_every_branch_application_and_ban_and_changes_nothing() -> None:
    scene = Scene()
    before = counted()
    with on(DAY):
        shown = preview("terminate", scene.origin.agreement, actor=scene.origin.city, data=scene.given())
    assert shown.error is None
    assert counted() == before
    ended = {each.institution for each in shown.states if each.after == "已解除"}
    assert ended == {"", *(driver.institution.name for driver in scene.hit)}
    refused_there = [each.institution for each in shown.states if each.case == "application"]
    assert refused_there == [scene.applying.institution.name]
    recipients = {recipient for number, _, recipient in shown.papers if number in (4, 35)}
    assert recipients == {driver.institution.name for driver in (*scene.hit, scene.applying)}
    told = "".join(str(document.data) for document in shown.documents)
    assert scene.fault.name in told


@pytest.mark.clause("P40.14", "R10")
@pytest.mark.parametrize("breaks", ["paper", "fact", "application"])
def test_where_one_branch_fails_nothing_is_changed_anywhere(breaks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    before = counted()
    if breaks == "application":
        # The last thing that happens to the chain: the evaluation of an open application cannot be ended.
        monkeypatch.setattr(Application, "refuse", _broken)
    elif breaks == "paper":
        from agreements.cascade import Branch

        monkeypatch.setattr(Branch, "issue", _broken)
    else:
        _refuse_in_the_database(scene.pending)
    with on(DAY), pytest.raises((RuntimeError, NotDone)):
        scene.origin.do("terminate", **scene.given())
    assert counted() == before
    for driver in (scene.origin, *scene.hit):
        assert state(driver, DAY) in ("active", "suspended", "pending")
        assert bans_of(driver.institution, date.fromisoformat(DAY)) == []
    assert scene.applying.application.state == "evaluating"


def _broken(*args: object, **kwargs: object) -> None:
    raise RuntimeError("this branch cannot be written")


def _refuse_in_the_database(driver: Driver) -> None:
    """A constraint that the termination of one branch would break; gone with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"alter table standing_standingfact add constraint broken check (institution_id <> {driver.institution.pk}) not valid"
        )


@pytest.mark.clause("P40.14", "R10", "M12.7")
def test_nobody_is_hit_by_a_breach_by_another_person_or_from_outside_a_chain() -> None:
    scene = Scene()
    somebody = PersonFactory()
    with on(DAY):
        assert "P40(14)" in refused(lambda: scene.origin.do("terminate", **scene.given(ground=["P40(7)"])))
        assert "P40(14)" in refused(lambda: scene.origin.do("terminate", **scene.given(head_office_at_fault=somebody.pk)))
        alone = life("pharmacy")
        assert "P40(14)" in refused(lambda: alone.do("terminate", **scene.given()))
    assert all(state(driver, DAY) != "terminated" for driver in (scene.origin, *scene.hit))


@pytest.mark.clause("P40.14", "R4", "R10")
def test_the_five_years_fall_on_the_person_at_fault_not_on_the_other_people_of_the_branches() -> None:
    scene = Scene()
    scene.terminate()
    day = date.fromisoformat(DAY)
    barred = {ban.person for ban in bans_of(scene.suspended.institution, day) if ban.clause == "P11.5"}
    assert barred == {scene.fault.name}
    assert [ban.clause for ban in bans_of(scene.free.institution, day)] == []


@pytest.mark.clause("P40.14", "R10", "R4", "M29")
def test_a_voided_cascade_gives_every_branch_back() -> None:
    scene = Scene()
    scene.terminate()
    with on("2026-06-11"):
        scene.origin.do("void", record("terminate"), role="city_agency", reason="认定有误")
        assert contradictions("2026-06-11") == []
    assert [state(driver, "2026-06-11") for driver in (scene.origin, *scene.hit)] == ["active", "suspended", "pending"]
    for driver in (scene.origin, *scene.hit, scene.applying):
        assert bans_of(driver.institution, date(2026, 6, 11)) == []
    assert scene.applying.application.state == "evaluating"
    answered = Document.objects.filter(catalogue__in=[4, 34, 35, 36, 37], voided_at__isnull=False)
    assert answered.count() == 6
    assert all(Document.objects.filter(supersedes=document).exists() for document in answered)


@pytest.mark.clause("M49.2", "P46.2", "R10", "M29")
def test_a_report_made_meanwhile_does_not_stand_in_the_way_of_a_correction() -> None:
    scene = Scene()
    scene.terminate()
    with on("2026-06-12"):
        scene.origin.do("report_decision", what="termination")
        scene.origin.do("void", record("terminate"), role="city_agency", reason="认定有误")
        assert contradictions("2026-06-12") == []
    assert state(scene.origin, "2026-06-12") == "active"


@pytest.mark.clause("R10", "M38.6")
def test_every_branch_told_of_the_intention_is_heard_before_the_decision() -> None:
    scene = Scene()
    told = {name: value for name, value in scene.given().items() if name != "urgent_reason"}
    with on(DAY):
        scene.origin.do("intend", act="terminate", ground=["P40(4)"], facts="伪造处方", head_office_at_fault=scene.fault.pk)
        notice = Document.objects.get(catalogue=25)
        assert {subject.institution_id for subject in notice.subjects.all()} == {
            driver.institution.pk for driver in (scene.origin, *scene.hit)
        }
        scene.origin.do("hear", statement="没有意见")
    with on("2026-06-11"):
        # The origin has spoken; two branches still may.
        with pytest.raises(Refused) as both:
            scene.origin.do("terminate", **told)
        assert [each.clause for each in both.value.refusals] == ["state", "state"]
        scene.suspended.do("hear", statement="本店没有参与")
        with pytest.raises(Refused) as one:
            scene.origin.do("terminate", **told)
        assert [scene.pending.institution.name in each.message for each in one.value.refusals] == [True]
    with on("2026-06-18"):  # five working days from 06-10 end on 06-17
        scene.origin.do("terminate", **told)
    papers = {paper.recipient: paper.data for paper in Document.objects.filter(catalogue=35)}
    assert papers[scene.suspended.institution.name]["hearing"]["stated"] == "本店没有参与"
    assert papers[scene.pending.institution.name]["intended"]["number"] == notice.number
    assert all(intention.used for driver in scene.hit for intention in driver.agreement.term().intentions)


@pytest.mark.clause("R10", "P40.14", "M38.6")
def test_a_branch_never_told_stops_the_decision_until_it_was_told_and_could_speak() -> None:
    scene = Scene()
    told = {name: value for name, value in scene.given().items() if name != "urgent_reason"}
    intended = {"act": "terminate", "ground": ["P40(4)"], "facts": "伪造处方"}
    with on(DAY):
        # The notice names nobody of the head office: only the origin gets it.
        scene.origin.do("intend", **intended)
        scene.origin.do("hear", statement="没有意见")
        shown = preview("terminate", scene.origin.agreement, actor=scene.origin.city, data=told)
        assert isinstance(shown.error, Refused)
        with pytest.raises(Refused) as refusal:
            scene.origin.do("terminate", **told)
    for error in (shown.error, refusal.value):
        assert error.clauses == ["state"]
        message = error.refusals[0].message
        assert "第四十条第（十四）项" in message
        assert [driver.institution.name in message for driver in (*scene.hit, scene.free, scene.left)] == [True, True, False, False]
    with on("2026-06-11"):
        # Without a cascade nothing stands in the way; with it the branches get a notice of their own days.
        assert preview("terminate", scene.origin.agreement, actor=scene.origin.city, data={"ground": ["P40(4)"]}).error is None
        scene.origin.do("intend", **intended, head_office_at_fault=scene.fault.pk)
        notice = Document.objects.filter(catalogue=25).latest("id")
        assert {each.institution_id for each in notice.subjects.all()} == {driver.institution.pk for driver in scene.hit}
        assert scene.fault.name in notice.data["grounds"][-1]["facts"]
        assert "state" in refused(lambda: scene.origin.do("intend", **intended, head_office_at_fault=scene.fault.pk))
        assert "state" in refused(lambda: scene.origin.do("terminate", **told))
        for driver in scene.hit:
            driver.do("hear", statement="")
        scene.origin.do("terminate", **told)
    assert [state(driver, "2026-06-11") for driver in (scene.origin, *scene.hit)] == ["terminated"] * 3
    assert contradictions("2026-06-11") == []


@pytest.mark.clause("R10", "M38.6")
def test_a_branchs_own_notice_is_none_of_the_cascade_and_the_other_way_round() -> None:
    scene = Scene()
    told = {name: value for name, value in scene.given().items() if name != "urgent_reason"}
    intended = {"act": "terminate", "ground": ["P40(4)"]}
    with on(DAY):
        scene.pending.do("intend", act="terminate", ground=["P40(7)"])
        scene.pending.do("hear", statement="已经整改")
        scene.origin.do("intend", **intended, head_office_at_fault=scene.fault.pk)
        for driver in (scene.origin, scene.suspended):
            driver.do("hear", statement="")
        # Heard on its own case, not on the chain's.
        assert "state" in refused(lambda: scene.origin.do("terminate", **told))
        # Told of the chain's case, not of one of its own.
        assert "state" in refused(lambda: scene.suspended.do("terminate", ground=["P40(7)"]))
        assert scene.suspended.agreement.decision_from is None
        scene.suspended.do("intend", act="terminate", ground=["P40(7)"])
        scene.pending.do("hear", statement="没有参与")
        scene.origin.do("terminate", **told)
    assert state(scene.pending, DAY) == "terminated"


@pytest.mark.clause("R10", "M42.6")
def test_only_a_termination_is_told_to_other_branches() -> None:
    scene = Scene()
    with on(DAY):
        given = {"act": "suspend", "ground": ["P39.5(1)"], "head_office_at_fault": scene.fault.pk}
        assert refused(lambda: scene.origin.do("intend", **given)) == ["P40(14)"]


@pytest.mark.clause("R10", "M38.6")
def test_an_urgent_cascade_says_so_to_every_branch() -> None:
    scene = Scene()
    scene.terminate()
    assert [paper.data["urgent_reason"] for paper in Document.objects.filter(catalogue=35)] == [URGENT["urgent_reason"]] * 2
