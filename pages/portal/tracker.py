"""The way of an application as a parcel tracker: stages with dates and gates, drawn from the road alone (R7)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements.acts.signing import accepted_by_institution, invitation
from agreements.models import Agreement
from applications.models import Application
from applications.road import FINAL, Road
from deadlines.models import Deadline
from law.clauses import numbered
from pages.portal.wording import SIGNING, Words, seen_state, words_of

TITLES = ["提交", "受理", "评估", "公示", "签约", "公布"]
# The stage at which an application stands in each state.
STAGE = {
    "draft": 0, "submitted": 1, "supplementing": 1, "accepted": 2, "evaluating": 2, "failed": 2, "rectifying": 2, "passed": 3,
    "public_notice": 3, "negotiating": 4, "signed": 5,
}  # fmt: skip
REMEDIES = ("reconsideration", "lawsuit")  # R11
KIND_OF_STAGE = {1: "supplement", 2: "evaluation", 3: "notice_period"}


@dataclass(frozen=True)
class Tracked:
    """One application for its institution's home."""

    application: Application
    road: Road
    state: str
    words: Words
    stages: list[dict[str, Any]]
    deadline: Deadline | None
    gate: Deadline | None
    remedies: list[Deadline]
    ended: bool


def track(
    application: Application, day: date, agreement: Agreement | None = None, road: Road | None = None, listed: list[Deadline] | None = None
) -> Tracked:
    """Everything a home page shows about an application on a day; ``road`` and deadlines ``listed`` where they are at hand."""
    road = road or application.road()
    state = seen_state(road, day)
    rows = [row for row in (application.deadlines() if listed is None else listed) if row.state != Deadline.State.CANCELLED]
    deadline = _deadline(state, rows)
    gate = next((row for row in rows if row.kind == "re_evaluation_gate"), None) if state == "rectifying" else None
    remedies = [row for row in rows if row.kind in REMEDIES and row.due_on is not None and row.due_on >= day]
    ended = state in FINAL or state == "failed"
    stages = _stages(application, road, state, deadline, gate, agreement, day)
    words = SIGNING[accepted_by_institution(application)] if state == "negotiating" and invitation(application) else words_of(road, day)
    return Tracked(application, road, state, words, stages, deadline, gate, remedies, ended)


def _deadline(state: str, rows: list[Deadline]) -> Deadline | None:
    """The period that matters now: of several rows of a kind the last one."""
    if state in FINAL or state in ("draft", "supplementing", "failed", "rectifying", "passed"):
        return None
    kind = KIND_OF_STAGE.get(STAGE[state], "")
    found = [row for row in rows if row.kind == kind]
    return found[-1] if found else None


def reached(road: Road) -> int:
    """How far an application came that has ended: the stage where it stopped."""
    for number, happened in ((4, road.notice_last_day), (3, road.notice_on), (2, road.accepted_on), (1, road.filed_on)):
        if happened is not None:
            return number
    return 0


def _stages(
    application: Application, road: Road, state: str, deadline: Deadline | None, gate: Deadline | None,
    agreement: Agreement | None, day: date,
) -> list[dict[str, Any]]:  # fmt: skip
    stopped = state in FINAL - {"signed"} or state == "failed"
    if state == "negotiating" or (stopped and road.notice_over(road.ended_on or day)):
        at = 4
    else:
        at = min(reached(road), 3) if stopped else STAGE[state]
    notes = _notes(road, state, agreement)
    stages = []
    for number, title in enumerate(TITLES):
        position = "done" if number < at else "todo"
        if number == at:
            position = "stopped" if stopped else "current"
        if state == "signed" and number == 5 and agreement is not None and agreement.first_day <= day:
            position = "done"
        note = notes[number] if position in ("done", "current") else ""
        if position == "stopped":
            note = f"{words_of(road, day).title}" + (f" {road.ended_on}" if road.ended_on else "")
        stages.append({"title": title, "state": position, "note": note, "gate": ""})
    if not stopped:
        _gates(stages, at, road, gate, application.institution.kind)
    return stages


def _notes(road: Road, state: str, agreement: Agreement | None) -> list[str]:
    """The date of each stage, as far as it has one."""
    result = road.round.result_on if road.round and state not in ("evaluating", "accepted") else None
    signed = next((first for first, reached in road.steps if reached == "signed"), None)
    return [
        str(road.filed_on or ""),
        str(road.accepted_on or ""),
        str(result or ""),
        f"至 {road.notice_last_day}" if road.notice_on else "",
        str(signed or ""),
        f"{agreement.first_day} 起" if agreement is not None else "",
    ]


def _gates(stages: list[dict[str, Any]], at: int, road: Road, gate: Deadline | None, kind: str) -> None:
    """What must be over before the next stage can begin."""
    if at == 2 and gate is not None and gate.due_on is not None:
        stages[2]["gate"] = f"整改至 {gate.due_on}"
    if at == 3 and road.notice_last_day is not None:
        open_objections = len(road.open_objections)
        stages[4]["gate"] = f"异议 {open_objections} 件待办结" if open_objections else f"公示期满后（{numbered('M9.5', kind)}）"
    if at < 3:
        stages[4]["gate"] = "公示期满、无异议"
