"""What agreements tell the floors below: what blocks an application, timers, conflict sentences."""
from __future__ import annotations

from datetime import date

from applications import entry
from casework import door, timers
from casework.refusals import Refusal
from deadlines.registry import Kind, kinds
from institutions.models import Institution
from law.clauses import numbered

from agreements.models import Agreement
from agreements.signing import main_agreement

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
