"""What agreements tell the floors below: what blocks an application, timers, conflict sentences."""
from __future__ import annotations

from datetime import date

from agreements.models import Agreement
from agreements.signing import main_agreement
from applications import entry
from casework import door, timers
from casework.refusals import Refusal
from deadlines.registry import Kind, kinds
from institutions.acts import settled
from institutions.models import Institution
from law.clauses import numbered

kinds["term_end"] = Kind("协议期满", "period", (30, 15, 7, 1))
kinds["renewal_application"] = Kind("续签申请", "duty", (30, 15, 7, 1), escalate_to=("district_agency",))

timers.register(Agreement)
door.constraint_messages["one_agreement_at_a_time"] = "该机构在此期间已有一份协议,不能重复签订。"


def living_agreement(institution: Institution, day: date) -> list[Refusal]:
    """No application beside a pending or living agreement; an internet hospital needs the living one of its parent (M5.2)."""
    found = []
    alive = Agreement.objects.filter(institution=institution, ended_on__gte=day, annulled=False).first()
    if alive is not None:
        found.append(Refusal("state", f"协议{alive.number}尚未终止(至{alive.ended_on}),不必另行申请。"))
    if institution.category == "internet" and main_agreement(institution, day) is None:
        found.append(Refusal(numbered("M5.2", institution.kind), "所依托的实体医疗机构没有有效协议,不能申请补充协议。"))
    return found


entry.blockers.append(living_agreement)


def agreement_alive(institution: Institution, day: date) -> Refusal | None:
    """Under an agreement data change by the change procedure only (M40.1)."""
    alive = Agreement.objects.filter(institution=institution, ended_on__gte=day, annulled=False).first()
    if alive is None:
        return None
    return Refusal(numbered("M40.1", institution.kind), f"协议{alive.number}有效期内的变更须按信息变更办理。")


settled.holds.append(agreement_alive)
