"""Where a case stands, who must act, by when, and why that date: the one line at the head of a case, and the way as a picture."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agreements import term as rules
from agreements.models import Agreement
from agreements.suspensions import Suspension
from applications.models import Application
from applications.road import FINAL, STATES, Road
from deadlines import registry
from deadlines.models import Deadline
from law.clauses import numbered
from pages.desk.steps import holder_of, holder_title, next_step


@dataclass(frozen=True)
class Whereabouts:
    """``tone`` colours the edge: overdue, paused, done or nothing."""

    state: str
    step: str
    holder: str
    due: date | None = None
    paused_since: date | None = None
    provisional: bool = False
    clause: str = ""
    kind: str = ""
    steps: list[str] = field(default_factory=list)
    tone: str = ""


def of_application(case: Application, road: Road, deadlines: list[Deadline], day: date) -> Whereabouts:
    """Read from the road and the deadline rows, which say how each date was made."""
    state = road.state(day)
    holder = holder_title(holder_of(case.waits_for, road, day))
    due = case.due_on if not (case.state == "negotiating" and road.notice_last_day == case.due_on) else None
    row = next((each for each in deadlines if each.due_on == due and each.state in ("open", "missed", "met")), None) if due else None
    if case.paused_since is not None:
        row = next((each for each in deadlines if each.state == Deadline.State.PAUSED), None)
    tone = "paused" if case.paused_since else "overdue" if due and due < day else "" if road.is_open(day) else "done"
    return Whereabouts(
        STATES.get(state, state),
        next_step(road, day) if road.is_open(day) or road.unserved_failure else "",
        holder,
        due,
        case.paused_since,
        row.provisional if row else False,
        row.clause if row else "",
        registry.title(row.kind) if row else "",
        list(row.steps) if row else [],
        tone,
    )


def of_agreement(case: Agreement, deadlines: list[Deadline], day: date) -> Whereabouts:
    """The end of the term, and whether it has been filed."""
    term = case.term()
    state = term.state(day)
    alive = state in ("pending", "active", "suspended")
    row = next((each for each in deadlines if each.kind == "term_end"), None)
    step, holder = ("备案并公告", holder_title("city_agency")) if alive and term.filed_on is None else ("", "")
    running = next((each for each in term.all_suspensions if each.covers(day)), None) if state == "suspended" else None
    if running is not None:
        kind = "rectification" if running.imposed else "suspension_cap"
        row = next((each for each in deadlines if each.kind == kind and each.key == str(running.id) and each.state == "open"), row)
        step, holder = _suspended(running)
    return Whereabouts(
        rules.STATES[state],
        step,
        holder,
        row.due_on if row and alive else None,
        None,
        False,
        row.clause if row else "",
        registry.title(row.kind) if row else "",
        list(row.steps) if row else [],
        "paused" if state == "suspended" else "" if alive else "done",
    )


def _suspended(running: Suspension) -> tuple[str, str]:
    """What a suspended agreement waits for, and whom."""
    if running.rectified is False:
        return "决定解除或者结案", holder_title("city_agency")
    if running.imposed:
        return ("中止期满", "") if running.rectified else ("整改验收", holder_title("district_agency"))
    if running.resumption_on is not None:
        return "确认恢复履行", holder_title("city_agency")
    return "申请恢复履行", "协议机构"


def stages_of(road: Road, day: date, kind: str) -> list[dict[str, Any]]:
    """The way through the stages with its gates, for ``partials/stages.html``."""
    state = road.state(day)
    reached = _reached(road, state)
    stopped = state in FINAL and state != "signed"
    stages = [
        {"title": "申请", "note": _on(road.filed_on)},
        {"title": "受理", "note": _on(road.accepted_on), "gate": _supplement_gate(road)},
        {"title": "评估", "note": _result(road), "gate": _evaluation_gate(road, day, kind)},
        {"title": "公示", "note": _notice(road), "gate": "先报备案" if state == "passed" and not road.result_filed_on else ""},
        {"title": "协商签约", "note": STATES["signed"] if state == "signed" else "", "gate": _sign_gate(road, day, state)},
        {"title": "备案公布", "note": ""},
    ]
    for number, stage in enumerate(stages):
        if number < reached:
            stage["state"] = "done"
        elif number == reached:
            stage["state"] = "stopped" if stopped else "current"
            if stopped:
                stage["note"] = f"{STATES[state]} {_on(road.ended_on)}".strip()
        else:
            stage["state"] = "todo"
    return stages


def _reached(road: Road, state: str) -> int:
    """The stage the case is in; of an ended one the stage in which it ended."""
    if state == "signed":
        return 5
    if state in FINAL:
        before = [each for _, each in road.steps if each not in FINAL]
        state = before[-1] if before else "submitted"
        if state == "public_notice" and road.notice_over(road.ended_on or date.max):
            state = "negotiating"
    order = {
        "draft": 0,
        "submitted": 1,
        "supplementing": 1,
        "accepted": 2,
        "evaluating": 2,
        "failed": 2,
        "rectifying": 2,
        "passed": 3,
        "public_notice": 3,
        "negotiating": 4,
    }
    return order.get(state, 0)


def _on(day: date | None) -> str:
    return day.isoformat() if day else ""


def _supplement_gate(road: Road) -> str:
    if road.accepted_on is None and road.supplement_on is not None and road.missing:
        return f"补正{len(road.missing)}项"
    return ""


def _result(road: Road) -> str:
    each = road.round
    if each is None:
        return ""
    title = {"pass": "合格", "fail": "不合格", "": ""}[each.result]
    number = f"第{len(road.rounds)}次" if len(road.rounds) > 1 else ""
    return f"{number}{title} {_on(each.result_on)}".strip()


def _evaluation_gate(road: Road, day: date, kind: str) -> str:
    if road.round and road.round.open_items:
        return f"补齐{len(road.round.open_items)}项后继续"
    opens = road.re_evaluation_from(numbered("M9.7", kind), day)
    if opens is not None and road.re_evaluation_on is None and day < opens:
        return f"{opens}起可再次评估"
    return ""


def _notice(road: Road) -> str:
    return f"{_on(road.notice_on)} 至 {_on(road.notice_last_day)}" if road.notice_on else ""


def _sign_gate(road: Road, day: date, state: str) -> str:
    if state != "public_notice":
        return ""
    if road.open_objections:
        return f"{len(road.open_objections)}件异议未办结"
    return "公示期满后"
