"""An institution's life on one line, newest first: applications, terms, adverse facts, bans with their last day."""

from datetime import date
from typing import Any

from agreements.models import Agreement
from applications.failures import roads_of
from applications.models import Application
from applications.road import FINAL, STATES
from institutions.models import Institution
from standing.reading import facts_of

ADVERSE = {
    "second_fail": "再次评估不合格",
    "application_fraud": "发现以不正当手段申请",
    "termination": "协议解除",
    "penalty": "行政处罚",
    "penalty_fulfilled": "行政处罚履行完毕",
    "liability_fulfilled": "违约责任履行完毕",
}
GOOD = {"penalty_fulfilled", "liability_fulfilled"}


def of_institution(row: Institution, applications: list[Application], agreements: list[Agreement], day: date) -> list[dict[str, Any]]:
    """Entries for ``partials/timeline.html``; what lies ahead stands on top."""
    found: list[tuple[date, dict[str, Any]]] = []
    roads = roads_of([row.pk])
    for case in applications:
        road = roads.get(case.pk)
        if road is None or road.filed_on is None:
            continue
        found.append((road.filed_on, {"what": "提交定点申请", "note": str(case)}))
        for number, each in enumerate(road.rounds, 1):
            if each.result_on:
                title = "评估合格" if each.result == "pass" else "评估不合格"
                found.append((each.result_on, {"what": f"第{number}次{title}", "note": str(case), "adverse": each.result == "fail"}))
        if road.ended_on and road.now in FINAL and road.now != "signed":
            found.append((road.ended_on, {"what": f"申请{STATES[road.now]}", "note": str(case), "adverse": road.now == "refused"}))
    for agreement in agreements:
        if agreement.annulled:
            continue
        kind = agreement.get_kind_display()
        found.append((agreement.first_day, {"what": f"{kind}生效", "note": f"{agreement.number},至{agreement.last_day}"}))
        ended = "期满" if agreement.ended_on == agreement.last_day else "提前结束"
        found.append(
            (agreement.ended_on, {"what": f"{kind}最后一日", "note": f"{agreement.number}({ended})", "system": agreement.ended_on > day})
        )
    for fact in facts_of(row):
        note = str(fact.data.get("remark") or "")
        found.append((fact.on, {"what": ADVERSE.get(fact.kind, fact.kind), "note": note, "adverse": fact.kind not in GOOD}))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [{**entry, "when": on.isoformat() + ("（未到）" if on > day else "")} for on, entry in found]
