"""Every act on an agreement and on a dispute, tried in every state by every role: done only where the registry says so (M3, R16, M29)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agreements.models import Agreement
from casework import door
from casework.acts import acts_for
from casework.refusals import Invalid, Missing, Refused
from disputes.models import Dispute
from offices.actors import PUBLIC, Actor
from tests.agreements.life import FIRST, LAST, URGENT, life, record, suspend, suspended_at_request, terminate
from tests.driving import Driver, on, people

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

GROUNDS = {"hospital": ("M42.6(2)", "M43(3)"), "pharmacy": ("P39.5(2)", "P40(4)")}
STATES: dict[str, str] = {
    "pending": "2026-06-15", "active": "2026-06-15", "imposed": "2026-06-15", "at_request": "2026-06-15", "expired": "2027-01-05",
    "terminated": "2026-06-15", "annulled": "2026-06-15",
}  # fmt: skip
STORED = {"imposed": "suspended", "at_request": "suspended"}
ROLES = [
    "city_bureau", "city_agency", "district_bureau", "district_agency", "other_district", "third_party", "institution",
    "other_institution", "public", "auditor", "administrator",
]  # fmt: skip


def given_to(word: str, kind: str) -> dict[str, object]:
    """Input with which an act can be done where nothing but the state speaks against it."""
    suspension, termination = GROUNDS[kind]
    return {
        "suspend": {"ground": suspension, "to_on": "2026-07-10", **URGENT},
        "terminate": {"ground": [termination], **URGENT},
        "intend": {"act": "terminate", "ground": [termination]},
        "drop_intention": {"reason": "陈述的理由成立"},
        "restore_part": {"reason": "整改合格"},
        "suspend_part": {"person": "孙某", **URGENT},
        "amend_suspension": {"to_on": "2026-06-20"},
        "prevent_lapse": {"to_on": "2026-12-20", "reason": "已安排复业"},
        "open_termination_case": {"reason": "地址变更未报"},
        "close_termination_case": {"reason": "情节轻微"},
        "report_change": {"field": "phone", "value": "010-12345678"},
        "report_decision": {"what": "suspension"},
        "decide_suspension": {"granted": True},
        "decide_termination": {"granted": True},
        "decide_non_renewal": {"granted": True},
        "decide_renewal": {"agreed": True},
        "record_rectification": {"passed": True},
        "record_late_rectification": {"passed": True},
        "answer_correction": {"conclusion": "已纠正"},
        "answer_mediation": {"conclusion": "已协调"},
        "decide_remedy": {"outcome": "upheld"},
    }.get(word, {})


def reach(state: str, kind: str) -> Driver:
    """An agreement in a state on that state's day."""
    span = ("2026-07-01", "2027-06-30") if state == "pending" else (FIRST, LAST)
    driver = life(kind, *span)
    ways: dict[str, Callable[[], object]] = {
        "imposed": lambda: suspend(driver, "2026-06-01", "2026-06-30"),
        "at_request": lambda: suspended_at_request(driver),
        "terminated": lambda: terminate(driver, "2026-06-10", GROUNDS[kind][1]),
    }
    ways.get(state, lambda: None)()
    if state == "annulled":
        with on("2026-01-02"):
            driver.do("void", record("take_over_agreement"), role="city_agency", reason="登记有误")
    with on(STATES[state]):
        agreement = door.bring_up_to_date(Agreement, driver.agreement.pk)
    assert agreement.state == STORED.get(state, state)
    return driver


def actors_of(driver: Driver) -> dict[str, tuple[Actor, Actor | None]]:
    other = people("institution", institution=life(driver.institution.kind).institution)
    return {
        **driver.offices,
        "district_bureau": people("district_bureau", "110105"),
        "other_district": people("district_agency", "110108"),
        "other_institution": (other[0], None),
        "third_party": people("third_party"),
        "auditor": people("auditor"),
        "administrator": people("administrator"),
        "public": (PUBLIC, None),
    }


def try_every_act(subject: object, model: object, state: str, kind: str, actors: dict[str, tuple[Actor, Actor | None]]) -> set:
    """Acts done, by role; whatever else comes is a refusal, never another exception."""
    done: set[tuple[str, str]] = set()
    for act in acts_for(model):
        for role, (actor, reviewer) in actors.items():
            second = reviewer if act.signatures > 1 else None
            data = given_to(act.word, kind)
            error = door.perform_many(act.word, [subject], actor=actor, reviewer=second, data=data, dry_run=True)[0].error
            if error is None:
                done.add((act.word, role))
                assert actor.role in act.roles, (act.word, role)
                assert not act.sources or state in act.sources, (act.word, state)
                continue
            assert isinstance(error, Refused | Invalid | Missing), (act.word, role, error)
            if role in ("other_district", "other_institution", "administrator", "public", "third_party"):
                assert isinstance(error, Missing), (act.word, role, error)
            elif actor.role not in act.roles:
                assert isinstance(error, Refused), (act.word, role, error)
                assert error.clauses == ["permission"], (act.word, role, error)
            elif act.sources and state not in act.sources:
                assert isinstance(error, Refused), (act.word, role, state, error)
    return done


def expected(model: object, state: str) -> set[tuple[str, str]]:
    return {
        (act.word, role) for act in acts_for(model) for role in ROLES if role in act.roles and (not act.sources or state in act.sources)
    }


@pytest.mark.clause("M3", "P3", "M29", "R16")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
@pytest.mark.parametrize("state", STATES)
def test_every_act_on_an_agreement_by_every_role(state: str, kind: str) -> None:
    driver = reach(state, kind)
    actors = actors_of(driver)
    stored = STORED.get(state, state)
    with on(STATES[state], 10):
        done = try_every_act(driver.agreement, Agreement, stored, kind, actors)
    may = expected(Agreement, stored)
    assert done <= may
    left = {word for word, _ in may - done} - NEEDS_MORE - NOT_IN.get(state, set())
    assert not left, f"{state} {kind}: {sorted(left)}"
    silent = {word for word, _ in done} & NEEDS_MORE
    assert not silent, f"needs nothing more: {silent}"


# Possible in the state, but only after something else: each has its own test beside this one.
NEEDS_MORE = {
    "hear", "drop_intention",  # an intended decision must have been told
    "file_agreement",  # one taken over was filed long ago
    "approve_change", "pass_on_change",  # something must have been reported
    "decide_suspension", "decide_termination", "decide_renewal", "decide_non_renewal", "withdraw_request",  # asked for
    "request_renewal", "request_non_renewal", "call_for_renewal",  # the last six months of the term
    "resume",  # resumption must have been asked for
    "record_late_rectification",  # a check must have been missed
    "close_full_check",  # one must have been ordered
    "release_hold",  # there must be a hold
    "restore_part",  # one must have been suspended
    "close_termination_case",  # there must be a case
    "sign_annual",  # only under a fixed agreement
}  # fmt: skip
# What the state itself cannot show: who wanted the suspension, and whether there is one at all.
NO_SUSPENSION = {"amend_suspension", "report_decision"}
NOT_IN = {
    "pending": {"report_decision"},
    "active": NO_SUSPENSION,
    "imposed": {"suspend", "request_resumption", "prevent_lapse"},
    "at_request": {"record_rectification", *NO_SUSPENSION},
    "expired": {"report_decision"},
    "terminated": {"report_decision"},
}


def dispute_of(driver: Driver, what: str) -> Dispute:
    """One matter of the register, raised on 2026-06-02 against a suspension."""
    outcome = suspend(driver, "2026-06-01", "2026-06-30")
    with on("2026-06-02"):
        if what == "correction":
            driver.do("demand_correction", text="未按时拨付")
        elif what == "mediation":
            driver.do("request_mediation", text="未按时拨付", agency_breach=True)
        else:
            driver.do("file_remedy", role="city_agency", what=what, against=outcome.record.pk)
    return Dispute.objects.get(institution=driver.institution)


ANSWERS = {
    "correction": ("answer_correction", "city_agency"),
    "mediation": ("answer_mediation", "city_bureau"),
    "reconsideration": ("decide_remedy", "city_agency"),
    "lawsuit": ("decide_remedy", "city_agency"),
}


@pytest.mark.clause("M3", "M46", "P42", "I7", "R11", "R16", "M29")
@pytest.mark.parametrize(
    ("what", "state"),
    [(what, state) for what in ANSWERS for state in ("open", "closed")] + [("reconsideration", "annulled"), ("lawsuit", "annulled")],
)
def test_every_act_on_a_dispute_by_every_role(what: str, state: str) -> None:
    driver = life()
    dispute = dispute_of(driver, what)
    word, role = ANSWERS[what]
    actors = actors_of(driver)
    with on("2026-06-10"):
        if state == "closed":
            driver.do(word, dispute, **given_to(word, "hospital"))
        if state == "annulled":
            driver.do("void", record("file_remedy"), role="city_agency", reason="登记有误")
        dispute.refresh_from_db()
        assert dispute.state == state
        done = try_every_act(dispute, Dispute, state, "hospital", actors)
    assert done == ({(word, role)} if state == "open" else set())


@pytest.mark.clause("M3", "R16")
@pytest.mark.parametrize("kind", ["hospital", "pharmacy"])
def test_the_acts_of_other_districts_and_institutions_do_not_even_say_that_there_is_an_agreement(kind: str) -> None:
    driver = reach("active", kind)
    actors = actors_of(driver)
    with on("2026-06-15"):
        for role in ("other_district", "other_institution"):
            for act in acts_for(Agreement):
                with pytest.raises(Missing):
                    door.perform(act.word, driver.agreement, actor=actors[role][0], reviewer=actors[role][1], data=given_to(act.word, kind))
