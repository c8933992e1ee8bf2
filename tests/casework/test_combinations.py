"""Every act tried in every state by every role: done only where the registry says so (M3, R16, M29)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Agreement
from applications.models import Application
from applications.road import STATES
from casework import door
from casework.acts import acts_for
from casework.refusals import Invalid, Missing, Refused
from offices.actors import PUBLIC, Actor
from tests.driving import PDF, Driver, on, people

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MEMBERS = [{"name": f"评估员{n}", "specialty": each} for n, each in enumerate(("insurance", "medicine", "finance", "it"))]
INPUT: dict[str, dict[str, object]] = {
    "upload_material": {"item": "M7(1)"},
    "check_material": {"item": "M7(1)", "fit": True},
    "request_supplement": {"items": [{"item": "M7(1)", "wrong": "模糊"}]},
    "refuse": {"ground": ["M12.8"]},
    "close_application": {"reason": "测试"},
    "form_team": {"members": MEMBERS},
    "request_evidence": {"items": ["补充材料"]},
    "record_finding": {"item": "licence", "met": True, "evidence": "现场核查"},
    "record_result": {"result": "fail", "reasons": "测试", "suggestions": "测试"},
    "object": {"text": "异议"},
    "resolve_objection": {"outcome": "不成立"},
    "institution_signs": {"signer": "赵一"},
    "decline": {"reason": "测试"},
}
ROLES = [
    "city_bureau",
    "city_agency",
    "district_bureau",
    "district_agency",
    "other_district",
    "third_party",
    "institution",
    "public",
    "auditor",
    "administrator",
]


def reach(driver: Driver, state: str) -> None:
    """Bring the driver's application into a state, at the end of 2026-03-02 or later."""
    road: dict[str, Callable[[], None]] = {}

    def early() -> None:
        with on("2026-03-02"):
            driver.apply(missing=("M7(5)",) if state == "supplementing" else ())
            if state == "supplementing":
                driver.do("request_supplement")
            elif state not in ("submitted",):
                driver.do("accept")
                if state not in ("accepted",):
                    driver.form_team()

    def draft() -> None:
        with on("2026-03-02"):
            driver.do("start_application")

    road = dict.fromkeys(STATES, early) | {"draft": draft}
    road[state]()
    with on("2026-03-05"):
        if state in ("failed", "rectifying"):
            driver.record_result("fail")
        elif state in ("passed", "public_notice", "negotiating", "signed", "declined"):
            driver.record_result("pass")
        if state == "rectifying":
            driver.do("serve_result")
        if state in ("public_notice", "negotiating", "signed", "declined"):
            driver.open_notice()
        if state == "refused":
            person = driver.institution.posts.first().person
            driver.do("list_dishonest", person)
            driver.do("refuse", ground=["M12.8"])
        if state == "withdrawn":
            driver.do("withdraw")
        if state == "closed":
            driver.do("close_application", reason="测试")
    if state in ("negotiating", "signed", "declined"):
        with on("2026-03-16"):
            if state == "negotiating":
                door.bring_up_to_date(Application, driver.application.pk)
            elif state == "signed":
                driver.sign()
            else:
                driver.do("decline", reason="测试")
    assert driver.application.state == state


def actors_of(driver: Driver) -> dict[str, tuple[Actor, Actor | None]]:
    return {
        **driver.offices,
        "district_bureau": people("district_bureau", "110105"),
        "other_district": people("district_agency", "110108"),
        "third_party": people("third_party"),
        "auditor": people("auditor"),
        "administrator": people("administrator"),
        "public": (PUBLIC, None),
    }


@pytest.mark.clause("M3", "P3", "M29", "R16")
@pytest.mark.parametrize("state", STATES)
def test_every_act_by_every_role(state: str) -> None:
    driver = Driver()
    reach(driver, state)
    actors = actors_of(driver)
    done: set[tuple[str, str]] = set()
    with on("2026-03-16" if state in ("negotiating", "signed", "declined") else "2026-03-06", 10):
        for act in acts_for(Application):
            for role, (actor, reviewer) in actors.items():
                data = dict(INPUT.get(act.word, {}))
                files = {"file": SimpleUploadedFile("材料.pdf", PDF)} if act.word == "upload_material" else {}
                second = reviewer if act.signatures > 1 else None
                result = door.perform_many(
                    act.word, [driver.application], actor=actor, reviewer=second, data=data, files=files, dry_run=True
                )[0]
                if result.error is None:
                    done.add((act.word, role))
                    assert actor.role in act.roles, (act.word, role)
                    assert not act.sources or state in act.sources, (act.word, state)
                    assert role != "other_district", act.word
                    continue
                assert isinstance(result.error, Refused | Invalid | Missing), (act.word, role, result.error)
                if actor.role not in act.roles:
                    outside = isinstance(result.error, Missing) or result.error.clauses == ["permission"]
                    assert outside, (act.word, role, result.error)
    expected = {
        (act.word, role)
        for act in acts_for(Application)
        for role in ROLES
        if role in act.roles and (not act.sources or state in act.sources)
    }
    assert done <= expected
    assert expected - done <= NEEDS_MORE, f"{state}: {sorted(expected - done - NEEDS_MORE)}"


# Possible in the state, but only after something that the plain road does not bring: each has its own test elsewhere.
NEEDS_MORE = {
    ("refuse", "district_agency"),  # a bar must exist
    ("request_supplement", "district_agency"),  # something must be missing
    ("supply", "institution"),  # something must have been uploaded
    ("submit_application", "institution"),
    ("record_finding", "district_agency"),  # only when commissioned
    ("record_finding", "third_party"),
    ("supply_evidence", "institution"),  # something must have been asked for
    ("record_result", "city_agency"),  # every item needs its finding
    ("serve_result", "city_agency"),  # after the end only a failed result not yet served
    ("start_re_evaluation", "city_agency"),  # after the gate
    ("form_team", "city_agency"),  # when rectifying, after the start of the re-evaluation
    ("open_notice", "city_agency"),  # after filing
    ("object", "public"),
    ("object", "institution"),
    ("resolve_objection", "city_agency"),
    ("institution_signs", "institution"),  # after the invitation
    ("sign", "city_agency"),  # after the institution's signature
}


@pytest.mark.clause("M29", "P28")
def test_handler_cannot_review_own_act() -> None:
    driver = Driver()
    reach(driver, "negotiating")
    with on("2026-03-16"):
        driver.do("invite_to_sign")
        driver.do("institution_signs", signer="赵一")
        with pytest.raises(Refused) as refused:
            door.perform("sign", driver.application, actor=driver.city, reviewer=driver.city)
        assert refused.value.clauses == ["M29"]
        assert not Agreement.objects.exists()
