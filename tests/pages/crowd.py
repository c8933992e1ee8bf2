"""The world of tests/permissions with company: ``number`` rows of every kind that a page or a route can show.

Institutions come with every story of the made-up country; what lies in a case is one row of the world taken as often as
asked. Every kind has a row even with ``number=1``, so that two such worlds differ in numbers alone.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from agreements.models import Agreement, AgreementTemplate, Allocation, TemplateComment
from applications.models import Application, ApplicationFact, ConditionRule, Material, MaterialSlot
from casework.models import ActRecord, Proposal
from consistency.models import Found, Run
from country import making
from country.loading import bare, run
from country.mould import Mould, Moulding
from country.people import Made, people
from country.stories import WEIGHTS, tell
from deadlines import calendar_changes, clock
from deadlines.models import CalendarDay, Deadline, EffectSwitch
from disputes.models import Dispute, DisputeFact
from documents.models import Document, DocumentSubject
from evaluations.models import Finding, Notice, NoticeEntry, Objection, Rubric
from institutions.models import Institution, Licence, Manager, Practitioner
from offices.models import AccountEvent, Invitation, Membership, Office, Setting, SignUp, User
from offices.seeding import seed_offices
from standing.models import StandingFact
from tests.driving import on
from tests.factories import HospitalFactory, MembershipFactory, OfficeFactory, PersonFactory
from tests.permissions.world import ADMINISTRATOR, CITY, EVALUATOR, HERE, SUPERVISOR, TODAY, World

_SERIAL = itertools.count(1)


class EachStory(making.Making):
    """Every story in turn, not drawn by its weight."""

    def __init__(self) -> None:
        super().__init__(1)
        self.turn = itertools.cycle(WEIGHTS)

    def mould(self, kind: str) -> Mould:
        key = (next(self.turn), kind, 0)
        if key not in self.moulds:
            self.moulds[key] = Moulding(tell(key[0], kind, self.today, 0), self.calendar, self.office).make()
        return self.moulds[key]


def stories(number: int) -> None:
    """So many institutions of one district with each story, every other one a pharmacy; before any other institution."""
    seed_offices()
    calendar_changes.seed()
    told = EachStory()
    made = {kind: _of_kind(kind) for kind in ("hospital", "pharmacy")}
    with bare(making.MODELS, lambda _: None):
        for kind in itertools.islice(itertools.cycle(made), number * len(WEIGHTS)):
            told.one(replace(next(made[kind]), district=HERE), next(_SERIAL), due=False)
        told.flush()
        told.finish()
    run("set constraints all deferred")  # as they are in any other transaction


def _of_kind(kind: str) -> Iterator[Made]:
    return (made for made in people(10**9, Random(1)) if made.kind == kind)


def copies(row: Model, number: int, /, **changes: Any) -> list[Any]:
    """The row again and again; what is callable in the changes is asked for each with a number nobody else has."""
    found = []
    for _ in range(number):
        serial = next(_SERIAL)
        each: Any = copy.copy(row)
        each._state = copy.copy(row._state)
        each._state.adding, each.pk = True, None
        for name, value in changes.items():
            setattr(each, name, value(serial) if callable(value) else value)
        found.append(each)
    return list(type(row)._default_manager.bulk_create(found))


def crowd(number: int) -> World:
    """The world, and its company."""
    stories(max(1, number // 3))
    world = World()
    for fill in (_logs, _papers, _deadlines, _road, _institution, _living, _accounts, _set_by_the_city, _machinery):
        fill(world, number)
    return world


def _cases(world: World) -> list[Any]:
    signed = world.drivers["signed"]
    return [driver.application for driver in world.drivers.values()] + [signed.agreement, signed.institution, world.dispute]


def _about(case: Any) -> dict[str, Any]:
    return {"case_label": case._meta.model_name, "case_id": case.pk, "institution_id": getattr(case, "institution_id", case.pk)}


def _logs(world: World, number: int) -> None:
    """What was done in each case, by the owner's district: a change of state, so that the institution sees it too."""
    record = ActRecord.objects.filter(word="accept").latest("id")
    for case in _cases(world):
        copies(record, number, **_about(case))


def _papers(world: World, number: int) -> None:
    for case in _cases(world):
        about = _about(case)
        rows = copies(
            world.paper, number, case_label=about["case_label"], case_id=about["case_id"],
            number=lambda serial: f"试{serial}号", serial=lambda serial: 50_000 + serial, code=lambda serial: f"{serial:012d}",
        )  # fmt: skip
        DocumentSubject.objects.bulk_create([DocumentSubject(document=row, institution_id=about["institution_id"]) for row in rows])
    rows = copies(
        world.public_paper, number, number=lambda serial: f"公{serial}号", serial=lambda serial: 50_000 + serial,
        code=lambda serial: f"{serial:012d}",
    )  # fmt: skip
    assert Document.objects.filter(pk__in=[row.pk for row in rows]).count() == number


def _deadlines(world: World, number: int) -> None:
    for case in _cases(world):
        given = dict(
            kind="supplement", nature="duty", state="open", due_on=TODAY + timedelta(days=3), clause="M8.2", steps=["一步"],
            responsible="city_agency", district=HERE, **_about(case),
        )  # fmt: skip
        Deadline.objects.bulk_create([Deadline(**given, key=f"n{next(_SERIAL)}") for _ in range(number)])
    failing = Deadline.objects.filter(key__startswith="n").values("pk")[:number]
    Deadline.objects.filter(pk__in=failing).update(attempts=5, last_error="ValueError: 试", wake_at=clock.now())


def _applications(number: int, state: str, kinds: tuple[str, ...], **given: Any) -> list[Application]:
    """Applications with the facts that a list reads, each of an institution of its own unless one is given."""
    record = ActRecord.objects.filter(word="submit_application").latest("id")
    found = []
    for _ in range(number):
        serial = next(_SERIAL)
        institution = given.get("institution") or HospitalFactory(district=HERE)
        case = Application.objects.create(
            institution=institution, number=f"试申{serial}", state=state, started_on=date(2026, 3, 2), filed_on=date(2026, 3, 2),
            due_on=TODAY, waits_for="city_agency",
        )  # fmt: skip
        ApplicationFact.objects.bulk_create(
            [ApplicationFact(application=case, kind=kind, on=date(2026, 3, 2), at=clock.at(date(2026, 3, 2)), act=record) for kind in kinds]
        )
        found.append(case)
    return found


def _road(world: World, number: int) -> None:
    """What lies in applications: materials, findings, objections, entries of a notice."""
    _applications(number, "submitted", ("drafted", "filed"))
    for state in ("draft", "signed", "supplementing", "evaluating"):
        old = world.drivers[state].application.materials.latest("id") if state != "draft" else None
        old = old or world.material
        copies(old, number, application=world.drivers[state].application, replaced_at=clock.now())
    evaluation = world.drivers["evaluating"].application.evaluations.get()
    clerk = User.objects.get(pk=world.users[CITY])
    old = {"met": True, "evidence": "现场", "recorded_by": clerk, "recorded_at": clock.now(), "replaced_at": clock.now()}
    Finding.objects.bulk_create([Finding(evaluation=evaluation, item="licence", **old) for _ in range(number)])
    shown = world.drivers["public_notice"]
    for index in range(number):
        with on(world.notice.last_day):
            shown.do("object", role="public", text=f"异议{index}", objector="赵某", contact="13800000000")
    entries = [NoticeEntry(notice=world.notice, application=case) for case in _applications(number, "public_notice", ("drafted", "filed"))]
    NoticeEntry.objects.bulk_create(entries)
    for case in _applications(number, "public_notice", ("drafted", "filed")):
        NoticeEntry.objects.create(notice=copies(world.notice, 1)[0], application=case)
    assert Objection.objects.filter(application=shown.application).count() == number
    assert Notice.objects.count() > number


def _institution(world: World, number: int) -> None:
    """What an institution has of its own, and what is held against it and its people."""
    institution = world.drivers["signed"].institution
    since = date(2020, 1, 1)
    Licence.objects.bulk_create(
        [
            Licence(institution=institution, kind="practice_licence", number=f"旧{n}", valid_from=since, valid_to=since)
            for n in range(number)
        ]
    )
    Manager.objects.bulk_create([Manager(institution=institution, name=f"某{n}", contract_from=since) for n in range(number)])
    practitioner = institution.practitioners.first()
    assert practitioner is not None
    copies(practitioner, number, name=lambda serial: f"医师{serial}")
    assert Practitioner.objects.filter(institution=institution).count() > number
    record = ActRecord.objects.latest("id")
    about = {"on": TODAY, "at": clock.now(), "act": record}
    for _ in range(number):
        StandingFact.objects.create(kind="penalty", institution=institution, data={"by": "2026-12-31"}, **about)
        StandingFact.objects.create(kind="dishonest_listed", person=PersonFactory(), data={"source": "名单"}, **about)
        StandingFact.objects.create(kind="termination", institution=HospitalFactory(district=HERE), data={"natures": ["breach"]}, **about)
    person = institution.posts.first().person
    for post in [HospitalFactory(district=HERE).posts.first() for _ in range(number)]:
        type(post).objects.filter(pk=post.pk).update(person=person)


def _living(world: World, number: int) -> None:
    """What hangs on an agreement: those that follow it, disputes, second signatures that wait."""
    signed = world.drivers["signed"]
    for row in copies(
        world.dispute, number, number=lambda serial: f"试争{serial}", opened_on=TODAY, kind="mediation", against=world.record
    ):  # fmt: skip
        fact = world.dispute.facts.first()
        DisputeFact.objects.create(dispute=row, kind=fact.kind, on=fact.on, at=fact.at, data=fact.data, act=fact.act)
    for _ in range(number):
        follower = Institution.objects.create(
            kind="hospital", category="internet", name=f"互联网医院{next(_SERIAL)}", district_id=HERE, parent=signed.institution
        )
        _agreement(world, follower, kind="supplementary", main=signed.agreement)
        soon = TODAY + timedelta(days=90)
        _agreement(world, HospitalFactory(district=HERE), last_day=soon, ended_on=soon)
    copies(world.proposal, number, case_id=lambda serial: HospitalFactory(district=HERE).pk)
    assert Dispute.objects.count() > number
    assert Proposal.objects.count() > number
    assert Agreement.objects.filter(main=signed.agreement).count() == number


def _agreement(world: World, institution: Institution, **changes: Any) -> None:
    """Another agreement like that of the world, signed by the same fact."""
    signed = world.drivers["signed"].agreement
    row = copies(signed, 1, institution=institution, number=lambda serial: f"试协{serial}", **changes)[0]
    fact = signed.facts.filter(kind="signed").get()
    data = {**fact.data, "to": row.last_day.isoformat()}
    type(fact).objects.create(agreement=row, kind=fact.kind, on=fact.on, at=fact.at, data=data, act=fact.act)


def _accounts(world: World, number: int) -> None:
    """People of the own district's agency, messages, sign-ups, tokens, offices."""
    office = world.member.office
    for name in (CITY, SUPERVISOR, EVALUATOR, ADMINISTRATOR):
        recipient = Office.objects.get(pk=world.actors[name].office_id)
        copies(world.notification, number, recipient=recipient, key=lambda serial: f"crowd{serial}")
    owner = Office.objects.get(pk=world.drivers["signed"].owner.office_id)
    copies(world.notification, number, recipient=owner, key=lambda serial: f"crowd{serial}")
    for place in (office, Office.objects.get(pk=world.actors[CITY].office_id)):
        for _ in range(number):
            MembershipFactory(office=place)
    copies(world.invitation, number, token_digest=lambda serial: f"{serial}")
    copies(world.sign_up, number, uscc=lambda serial: f"U{serial}", username=lambda serial: f"u{serial}", code=lambda serial: f"c{serial}")
    copies(world.tokens[CITY], number, digest=lambda serial: f"{serial}")
    by = User.objects.get(pk=world.users[ADMINISTRATOR])
    AccountEvent.objects.bulk_create([AccountEvent(user=world.member.user, office=office, what="locked", by=by) for _ in range(number)])
    for _ in range(number):
        OfficeFactory(role="third_party", name=f"评估机构{next(_SERIAL)}")
    Setting.objects.bulk_create(
        [Setting(key="sign_up_open", value=True, from_on=TODAY - timedelta(days=n), by=by, reason="试") for n in range(number)]
    )
    assert SignUp.objects.count() > number
    assert Invitation.objects.count() > number
    assert Membership.objects.filter(office=office).count() > number


def _set_by_the_city(world: World, number: int) -> None:
    """Versions of what the city sets, comments on a template, places."""
    record = ActRecord.objects.latest("id")
    for _ in range(number):
        Allocation.objects.create(kind="hospital", year=2026, district_id=HERE, places=5, act=record, recorded_at=clock.now())
        TemplateComment.objects.create(
            template=world.template, institution=HospitalFactory(district=HERE), text="请说明", made_at=clock.now()
        )  # fmt: skip
        ConditionRule.objects.create(kind="hospital", code=f"c{next(_SERIAL)}", title="条件", from_on=TODAY)
    copies(MaterialSlot.objects.latest("id"), number, slot=lambda serial: f"M7({serial})", from_on=date(2030, 1, 1))
    copies(AgreementTemplate.objects.latest("id"), number, version=lambda serial: serial + 10)
    copies(Rubric.objects.latest("id"), number, version=lambda serial: serial + 10, from_on=date(2030, 1, 1))
    for word in ("set_slot", "set_condition", "publish_rubric", "propose_template", "set_allocation"):
        copies(record, number, word=word, case_label="", case_id=None, institution_id=None)
    assert Material.objects.count() > number


def _machinery(world: World, number: int) -> None:
    """What the machine has found, and what people overruled."""
    check = Run.objects.create(on=TODAY, started_at=clock.now(), ended_at=clock.now(), looked=1, found=number)
    institution = world.drivers["signed"].institution.pk
    Found.objects.bulk_create([Found(run=check, check_name="state", institution_id=institution, sentence="不一致") for _ in range(number)])
    about = {"source": "override", "by_name": "赵一", "reason": "通知", "recorded_at": clock.now()}
    CalendarDay.objects.bulk_create([CalendarDay(day=date(2026, 3, 9), working=True, **about) for _ in range(number)])
    off = {"off_since": clock.now(), "off_by_name": "赵一", "reason": "核对", "on_since": clock.now(), "on_by_name": "赵一"}
    EffectSwitch.objects.bulk_create([EffectSwitch(district=HERE, kind=f"k{n}", **off) for n in range(number)])
