"""What agreements tell the floors below: what blocks an application, timers, conflict sentences."""

from __future__ import annotations

from datetime import date

from agreements import announcing, deadlines, effect, reviving  # noqa: F401  effect, reviving: follow other acts
from agreements.acts import changing, hearing
from agreements.models import Agreement, AgreementFact
from agreements.signing import main_agreement
from agreements.timers import AgreementCases
from applications import entry
from casework import door, timers
from casework.acts import when_done
from casework.context import Context
from casework.refusals import Refusal
from casework.serving import counts_from_service
from deadlines.registry import Kind, kinds
from documents.models import ProofOfService
from institutions.acts import settled
from institutions.models import Institution
from law.clauses import numbered

kinds["term_end"] = Kind("协议期满", "period", (30, 15, 7, 1), on_due=announcing.expiry)
kinds["renewal_application"] = Kind(
    "续签申请", "duty", (30, 15, 7, 1), on_warning=announcing.renewal_call, escalate_to=("district_agency",)
)
kinds["suspension_end"] = Kind("中止期届满", "period", (15, 7, 1))
kinds["suspension_cap"] = Kind("中止第180日", "period", (30, 15, 7, 1), on_due=announcing.lapse)
kinds["rectification"] = Kind("中止期内整改验收", "duty", (15, 7, 1), escalate_to=("city_agency",))
kinds["hearing"] = Kind("陈述申辩期", "period")
kinds["change_filing"] = Kind("变更申报", "duty", (7, 1), escalate_to=("district_agency",))
kinds["bureau_report"] = Kind("向医保行政部门报告", "duty", (1,), escalate_to=("city_bureau",))
kinds[deadlines.STATE_CHANGE] = Kind("协议状态变化", "period", announced=False)

timers.register(Agreement, AgreementCases)
# The remedies of these decisions count from the service of their papers (R11).
counts_from_service(28, "part_suspended")
counts_from_service(29, "suspension_decided", "termination_decided", "renewal_decided")
counts_from_service(30, "suspended")
counts_from_service(34, "terminated")
counts_from_service(35, "terminated")
counts_from_service(47, "renewal_decided")
door.constraint_messages["one_agreement_number"] = "该协议编号刚刚被登记,请刷新后核对。"
door.constraint_messages["one_agreement_at_a_time"] = "该机构在此期间已有一份协议,不能重复签订。"


def living_agreement(institution: Institution, day: date) -> list[Refusal]:
    """No application beside a pending or living agreement."""
    alive = Agreement.objects.filter(institution=institution, ended_on__gte=day, annulled=False).first()
    return [Refusal("state", f"协议{alive.number}尚未终止(至{alive.ended_on}),不必另行申请。")] if alive is not None else []


def main_agreement_in_force(institution: Institution, day: date) -> list[Refusal]:
    """An internet hospital can only add to the living agreement of the hospital it leans on (M5.2)."""
    if institution.category != "internet" or main_agreement(institution, day) is not None:
        return []
    return [Refusal("M5.2", "互联网医院不单独签订医保协议;所依托的实体医疗机构没有有效协议,不能申请补充协议。")]


def open_full_check(institution: Institution, day: date) -> list[Refusal]:
    """Until the full check of a leaving institution is closed it cannot apply again (I12, R9)."""
    ordered = Agreement.objects.filter(institution=institution, annulled=False, facts__kind="full_check_ordered").distinct()
    if not any(agreement.term().open_check(day) for agreement in ordered):
        return []
    return [Refusal("I12", "退出全面核查尚未结束,结束之前不能再次申请。")]


entry.blockers += [living_agreement, open_full_check]
entry.higher_conditions.append(main_agreement_in_force)


def agreement_alive(institution: Institution, day: date) -> Refusal | None:
    """Under an agreement data change by the change procedure only (M40.1)."""
    alive = Agreement.objects.filter(institution=institution, ended_on__gte=day, annulled=False).first()
    if alive is None:
        return None
    return Refusal(numbered("M40.1", institution.kind), f"协议{alive.number}有效期内的变更须按信息变更办理。")


settled.holds.append(agreement_alive)


@when_done("serve_document")
def hear_from_the_day_of_service(context: Context) -> None:
    """The days to be heard count from the proof of service of the notice, unless it was decided meanwhile (documents.md 25)."""
    papers = [context.subject.pk, *(each.pk for each in context.data["also"])]
    for proof in ProofOfService.objects.filter(act_id=context.record_id):
        for document in proof.documents.filter(catalogue=25, variant="notice", pk__in=papers):
            about = document.subjects.values("institution_id")
            for fact in AgreementFact.objects.filter(act_id=document.act_id, kind="intended", agreement__institution__in=about):
                hearing.count_from(context, fact, proof.served_on)


@when_done("void", "decide_remedy")
def restore_what_a_change_replaced(context: Context) -> None:
    """A change of data whose approval was voided is taken back; the record keeps both values (M40)."""
    for fact in AgreementFact.objects.filter(voided_by_id=context.record_id, kind="change_decided", data__approved=True):
        changing.restore(fact)
