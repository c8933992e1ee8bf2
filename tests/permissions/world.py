"""One small world for the walk over every address: cases at several points of the road, and somebody of every kind."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from agreements.models import AgreementTemplate
from api import tokens
from api.models import Token
from casework import proposals
from casework.attaching import keep
from casework.models import ActRecord
from deadlines import clock
from disputes.models import Dispute
from documents import rendering
from documents.access import visible_to
from documents.models import Document
from documents.service import record_service
from evaluations.models import Notice
from offices import people as accounts
from offices import signup
from offices.actors import PUBLIC, Actor, actor_for
from offices.models import Membership, Notification, Office, SignUp, User
from offices.notifications import notify
from tests.casework.test_combinations import MEMBERS, reach
from tests.conftest import MODEL_BACKEND
from tests.driving import PDF, Driver, on, people
from tests.factories import DistrictFactory, HospitalFactory, MembershipFactory, actor

TODAY = date(2026, 3, 24)
HERE, ELSEWHERE = "110105", "110108"
STATES = ("draft", "supplementing", "evaluating", "public_notice", "negotiating", "signed")

# Everybody who comes by. "Own" and "another" are said of the case that is asked for: it lies in HERE.
OWN_DISTRICT, OTHER_DISTRICT = "own district agency", "another district's agency"
OWN_BUREAU, OTHER_BUREAU = "own district bureau", "another district's bureau"
OWNER, OTHER_INSTITUTION = "institution", "another institution"
CITY, CITY_BUREAU = "city agency", "city bureau"
EVALUATOR, OTHER_EVALUATOR = "evaluator", "another evaluator"
AUDITOR, ADMINISTRATOR = "auditor", "administrator"
SUPERVISOR = "supervisor of the own district agency"
ANONYMOUS, LOCKED, LEFT = "anonymous", "locked", "left the office"
IN_OFFICE = (
    OWN_DISTRICT, SUPERVISOR, OTHER_DISTRICT, OWN_BUREAU, OTHER_BUREAU, CITY, CITY_BUREAU, EVALUATOR, OTHER_EVALUATOR,
    OWNER, OTHER_INSTITUTION, AUDITOR, ADMINISTRATOR,
)  # fmt: skip
OUTSIDE = (ANONYMOUS, LOCKED, LEFT)
EVERYBODY = IN_OFFICE + OUTSIDE


class World:
    """Made once. Each request has a savepoint of its own, so that nothing in it ever changes."""

    def __init__(self) -> None:
        self.drivers = {state: Driver(HospitalFactory(district=HERE)) for state in STATES}
        evaluator = people("third_party")[0]
        for state, driver in self.drivers.items():
            reach(driver, "accepted" if state == "evaluating" else state)
        evaluating = self.drivers["evaluating"]
        with on("2026-03-06"):
            evaluating.do("form_team", members=MEMBERS, commissioned_to=evaluator.office_id)
            evaluating.do("request_evidence", items=["补充材料"])
        self.actors: dict[str, Actor] = {
            OWN_DISTRICT: people("district_agency", HERE)[0],
            SUPERVISOR: actor("district_agency", HERE, supervisor=True),
            OTHER_DISTRICT: people("district_agency", ELSEWHERE)[0],
            OWN_BUREAU: people("district_bureau", HERE)[0],
            OTHER_BUREAU: people("district_bureau", ELSEWHERE)[0],
            CITY: people("city_agency")[0],
            CITY_BUREAU: people("city_bureau")[0],
            EVALUATOR: evaluator,
            OTHER_EVALUATOR: people("third_party")[0],
            OTHER_INSTITUTION: people("", institution=HospitalFactory(district=ELSEWHERE))[0],
            AUDITOR: people("auditor")[0],
            ADMINISTRATOR: people("administrator")[0],
            ANONYMOUS: PUBLIC,
        }
        self.gone: dict[str, tuple[User, Office]] = {}
        with clock.frozen(clock.at(TODAY, 9)):
            self._papers_of_people()
            self._browsers()

    def _papers_of_people(self) -> None:
        """What lies on the desks of the own district's agency and of the city's."""
        office = Office.objects.get(pk=self.actors[OWN_DISTRICT].office_id)
        by = User.objects.get(pk=self.actors[SUPERVISOR].user_id)
        self.member = MembershipFactory(office=office)
        self.invitation, self.invitation_text = accounts.invite(office, "来人", by=by)
        self.reset_link = accounts.password_link(self.member.user)
        notify(office, "test", "看一看", key="permissions")
        self.notification = Notification.objects.get(key="permissions")
        self.sign_up = signup.ask(
            SignUp(
                kind="hospital", name="北京新来医院", uscc="911101050000000001", licence_number="1", district=DistrictFactory(code=HERE),
                contact="赵一", phone="13800000000", username="newcomer",
            ),
            "a-long-password",
        )  # fmt: skip
        driver = self.drivers["signed"]
        driver.do("request_mediation", text="对协议的履行有不同意见，请求协调。")
        self.dispute = Dispute.objects.latest("id")
        self.attachment = keep(SimpleUploadedFile("批复.pdf", PDF), driver.institution.pk, driver.owner)
        driver.do("report_change", field="phone", value="010-10000000", approval_files=[self.attachment.pk], role="institution")
        driver.institution.refresh_from_db()
        self.proposal = proposals.propose("impose_penalty", driver.institution, actor=driver.city, data={})
        self.template = AgreementTemplate.objects.filter(kind="hospital").latest("id")
        self.record = ActRecord.objects.filter(word="sign").latest("id")
        self.notice = Notice.objects.filter(entries__application=self.drivers["public_notice"].application).get()
        self.material = driver.application.materials.latest("id")
        self.paper = Document.objects.filter(catalogue=2, case_label="application", case_id=driver.application.pk).get()
        receipt = Document.objects.filter(catalogue=1, case_label="application", case_id=driver.application.pk).get()
        photo = ContentFile(PDF, "照片.pdf")
        self.proof = record_service([receipt], method="left", on=receipt.issued_on, by="张三", evidence=photo)
        self.public_paper = visible_to(PUBLIC).latest("id")
        for document in (self.paper, self.public_paper):
            rendering.pdf(document)  # here, for what is rendered in a savepoint is rendered again by everybody

    def _browsers(self) -> None:
        """A browser and a token for everybody, the institutions of all cases too."""
        self.browser = Client()
        self.users: dict[str, int | None] = {}
        self.cookies: dict[str, str] = {}
        self.tokens: dict[str, Token] = {}
        self.headers: dict[str, dict[str, str]] = {}
        for name, who in self.actors.items():
            self._enter(name, who)
        for state, driver in self.drivers.items():
            self._enter(f"{OWNER} {state}", driver.owner)
        office = Office.objects.get(pk=self.actors[OWN_DISTRICT].office_id)
        for name in (LOCKED, LEFT):
            place = MembershipFactory(office=office)
            self._enter(name, actor_for(place))
        User.objects.filter(pk=self.users[LOCKED]).update(is_active=False)
        Membership.objects.filter(user_id=self.users[LEFT]).update(from_on="2026-01-01", to_on="2026-03-23")
        calendar = self.ask(CITY, "GET", "/desk/calendar/")
        self.feed = calendar.context["feed"].split("/")[-1].removesuffix(".ics")

    def _enter(self, name: str, who: Actor) -> None:
        self.users[name], self.cookies[name], self.headers[name] = who.user_id, "", {}
        if who.user_id is not None:
            user, browser = User.objects.get(pk=who.user_id), Client()
            browser.force_login(user, backend=MODEL_BACKEND)
            self.cookies[name] = browser.cookies[settings.SESSION_COOKIE_NAME].value
            self.tokens[name], text = tokens.issue(user, Office.objects.get(pk=who.office_id))
            self.headers[name] = {"Authorization": f"Bearer {text}"}

    def ask(self, who: str, method: str, address: str, state: str = "signed", data: Any = None, api: bool = False) -> HttpResponse:
        """One request by somebody; the institution is the one whose case is in that state."""
        name = f"{OWNER} {state}" if who == OWNER else who
        # The cookie is put in anew each time, for one of the addresses signs out.
        self.browser.cookies.clear()
        if not api and (cookie := self.cookies[name]):
            self.browser.cookies[settings.SESSION_COOKIE_NAME] = cookie
        body, kind = (json.dumps(data or {}), "application/json") if api else ("", "application/x-www-form-urlencoded")
        with transaction.atomic():
            answer = self.browser.generic(
                method, address, body if method != "GET" else "", content_type=kind, headers=self.headers[name] if api else None
            )
            if answer.streaming:
                b"".join(answer.streaming_content)  # a file is closed when it has been read
            transaction.set_rollback(True)
        return answer
