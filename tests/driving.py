"""Takes an institution down the road through the one door, as the different people, for tests of every kind."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Agreement
from agreements.seeding import seed_templates
from applications import materials
from applications.materials import items_on
from applications.models import Application
from applications.seeding import seed_slots
from applications.statements import statements_of
from casework import door
from deadlines import clock
from evaluations.models import Finding
from evaluations.seeding import seed_rubrics
from institutions.models import Institution
from offices.actors import PUBLIC, Actor, actor_for
from offices.models import Office, Role
from tests.factories import HospitalFactory, MembershipFactory, OfficeFactory

PDF = b"%PDF-1.7\n%made up for a test\n"
STARTED = datetime(2026, 3, 2, 9, 0, tzinfo=clock.SHANGHAI)


def seed() -> None:
    """Slots, rubrics and templates as a new site has them."""
    seed_slots()
    seed_rubrics()
    seed_templates()


# No two offices share a short name: numbers of papers begin with it.
_OFFICES = itertools.count(1)


def people(role: str, district: str | None = None, institution: Institution | None = None) -> tuple[Actor, Actor]:
    """A handler and a different reviewer of one office."""
    if institution is not None:
        if institution.office is None:
            institution.office = OfficeFactory(role=Role.INSTITUTION, district=institution.district, name=institution.name)
            institution.save()
        office: Office = institution.office
        office.online_service_consent_on = date(2022, 1, 1)
        office.save()
    else:
        from tests.factories import DistrictFactory

        office = OfficeFactory(role=role, district=DistrictFactory(code=district) if district else None, short_name=f"测{next(_OFFICES)}")
    since = date(2022, 1, 1)
    first, second = (actor_for(MembershipFactory(office=office, from_on=since)) for _ in range(2))
    return first, second


class Driver:
    """One institution and the people it meets. Each method is one step; ``until(state)`` makes every step up to a state."""

    def __init__(self, institution: Institution | None = None, **given: Any):
        seed()
        self.institution = institution or HospitalFactory(district="110105", **given)
        self.owner, _ = people("institution", institution=self.institution)
        self.district, self.district_reviewer = people("district_agency", self.institution.district_id)
        self.city, self.city_reviewer = people("city_agency")
        self.bureau, _ = people("city_bureau")

    @property
    def application(self) -> Application:
        return self.institution.applications.latest("id")

    @property
    def agreement(self) -> Agreement:
        return self.institution.agreements.latest("id")

    @cached_property
    def offices(self) -> dict[str, tuple[Actor, Actor | None]]:
        return {
            "institution": (self.owner, None),
            "district_agency": (self.district, self.district_reviewer),
            "city_agency": (self.city, self.city_reviewer),
            "city_bureau": (self.bureau, None),
            "third_party": people("third_party"),
            "public": (PUBLIC, None),
        }

    def do(self, word: str, subject: Any = None, role: str | None = None, **data: Any) -> door.Outcome:
        """One act as its first office does it."""
        from casework.acts import registry

        act = registry[word]
        actor, reviewer = self.offices[role or act.roles[0]]
        files = {name: value for name, value in data.items() if isinstance(value, SimpleUploadedFile)}
        subject = subject or (
            self.application if act.subject is Application else self.agreement if act.subject is Agreement else self.institution
        )
        if word == "submit_application":
            data["attest"] = {each.code: True for each in statements_of(subject, clock.today())} | data.get("attest", {})
        return door.perform(word, subject, actor=actor, reviewer=reviewer if act.signatures > 1 else None, data=data, files=files)

    def upload(self, *items: str) -> None:
        """Files in their slots, laid there without an act each: thousands of applications are made so, and the act has its own tests."""
        application, now = self.application, clock.now()
        for item in items or [item.id for item in items_on(self.institution.kind, clock.today())]:
            materials.store(application, item, SimpleUploadedFile("材料.pdf", PDF), self.owner.user_id, now)

    def apply(self, missing: tuple[str, ...] = (), **data: Any) -> None:
        self.do("start_application")
        self.upload(
            *[item.id for item in items_on(self.institution.kind, clock.today()) if item.id not in missing and item.slot not in missing]
        )
        self.do("submit_application", **data)

    def form_team(self) -> None:
        members = [{"name": f"评估员{n}", "specialty": each} for n, each in enumerate(("insurance", "medicine", "finance", "it"))]
        self.do("form_team", members=members)

    def record_result(self, result: str = "pass") -> None:
        """The findings laid down like the files (see ``upload``), the result by its act."""
        evaluation, now = self.application.evaluations.latest("round"), clock.now()
        evaluation.findings.filter(replaced_at__isnull=True).update(replaced_at=now)
        given = {"met": result == "pass", "evidence": "现场核查记录", "recorded_by_id": self.city.user_id, "recorded_at": now}
        Finding.objects.bulk_create(Finding(evaluation=evaluation, item=item["code"], **given) for item in evaluation.rubric.items)
        self.do("record_result", result=result, reasons="" if result == "pass" else "制度不全", suggestions="补齐制度")

    def open_notice(self) -> None:
        self.do("file_result")
        self.do("open_notice")

    def sign(self, **terms: Any) -> None:
        self.do("invite_to_sign", **terms)
        self.do("institution_signs", signer="赵一")
        self.do("sign")


@contextmanager
def on(day: date | str, hour: int = 9) -> Iterator[None]:
    """The clock at an hour of a day."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    with clock.frozen(clock.at(day, hour)):
        yield
