"""What is or was under way beside an agreement, as programs read it: every list from the facts, by the day of asking (R7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from agreements.changes import fields_of
from agreements.grounds import own_ground
from agreements.intentions import MEASURES
from agreements.models import Agreement
from agreements.suspensions import MOST_DAYS
from institutions.models import Person


def _day(words: str, *, may_lack: bool = True) -> serializers.DateField:
    return serializers.DateField(allow_null=may_lack, help_text=words)


class SuspensionOut(serializers.Serializer[Any]):
    """Imposed, or at the institution's request (M42)."""

    imposed = serializers.BooleanField(help_text="是否由市经办机构决定;否则为机构申请。")
    state = serializers.CharField(help_text="requested、withdrawn、refused、coming、running、over。")
    ground = serializers.CharField(allow_blank=True, help_text="决定中止的情形。")
    requested_on = _day("申请之日。")
    decided_on = _day("决定之日。")
    first_day = _day("第一日。", may_lack=False)
    stated_last_day = _day("决定或者申请写明的最后一日。", may_lack=False)
    last_day = _day("按已知事实的最后一日;空为尚不能确定。")
    day_180 = _day("依申请的,第180日或者另定的终止日。")
    resumption_requested_on = _day("申请恢复履行之日。")
    resumed_on = _day("确认恢复履行之日,当日仍在中止。")
    rectified = serializers.BooleanField(allow_null=True, help_text="整改是否验收合格。")


class TerminationCaseOut(serializers.Serializer[Any]):
    """A duty to decide on a termination (M43)."""

    ground = serializers.CharField(help_text="情形。")
    state = serializers.CharField(help_text="coming、open、closed。")
    opened_on = _day("立案之日。", may_lack=False)
    closed_on = _day("结案之日。")


class TerminationOut(serializers.Serializer[Any]):
    """A decision to terminate; the effective day is the first day out (R5)."""

    grounds = serializers.ListField(child=serializers.CharField(), help_text="情形。")
    at_request = serializers.BooleanField(help_text="是否依机构申请。")
    decided_on = _day("决定之日。", may_lack=False)
    effective_on = _day("生效日,首个不在协议内的日子。", may_lack=False)


class LeavingOut(serializers.Serializer[Any]):
    """The institution asked to leave (M44.1)."""

    state = serializers.CharField(help_text="requested、withdrawn、granted、refused、over。")
    requested_on = _day("申请之日。", may_lack=False)
    effective_on = _day("申请的生效日。", may_lack=False)
    decided_on = _day("答复之日。")


class RenewalOut(serializers.Serializer[Any]):
    """What the institution asked about the time after the term (M41)."""

    wanted = serializers.BooleanField(help_text="是否申请续签;否则为申请不再续签。")
    state = serializers.CharField(help_text="requested、withdrawn、agreed、declined、over。")
    requested_on = _day("申请之日。", may_lack=False)
    late = serializers.BooleanField(help_text="是否逾期提出。")
    decided_on = _day("决定之日。")
    agreement_id = serializers.IntegerField(allow_null=True, help_text="续签的协议。")


class AgreementChangeOut(serializers.Serializer[Any]):
    """A change of the institution's data (M40)."""

    field = serializers.CharField(help_text="事项。")
    title = serializers.CharField(help_text="事项的名称。")
    major = serializers.BooleanField(help_text="是否重大信息。")
    state = serializers.CharField(help_text="reported、approved、refused、withdrawn。")
    before = serializers.CharField(allow_blank=True, help_text="变更前。")
    after = serializers.CharField(allow_blank=True, help_text="变更后。")
    approved_by_authority_on = _day("主管部门批准之日。")
    reported_on = _day("申报之日。", may_lack=False)
    late = serializers.BooleanField(help_text="是否逾期申报。")
    passed_on = _day("区经办机构转报之日。")
    decided_on = _day("核准或者不予核准之日。")


class PartOut(serializers.Serializer[Any]):
    """A department or person suspended or ended for settlement (M45, I5)."""

    name = serializers.CharField(help_text="科室或者人员。")
    is_person = serializers.BooleanField(help_text="是否人员。")
    code = serializers.CharField(allow_blank=True, help_text="人员医保编码。")
    ended = serializers.BooleanField(help_text="终止;否则为中止。")
    decided_on = _day("决定之日。", may_lack=False)
    first_day = _day("第一日。", may_lack=False)
    last_day = _day("最后一日。")


class HoldOut(serializers.Serializer[Any]):
    """Settlement and payment held (I17, M38.2)."""

    clause = serializers.CharField(help_text="依据。")
    since = _day("第一日。", may_lack=False)
    released_on = _day("解除之日。")


class HearingOut(serializers.Serializer[Any]):
    """An intended decision, told so that the institution can speak (M38.6)."""

    measure = serializers.CharField(help_text="拟作的处理。")
    told_on = _day("告知之日。", may_lack=False)
    last_day = _day("陈述申辩的最后一日。", may_lack=False)
    heard_on = _day("陈述申辩之日。")
    dropped_on = _day("决定不予处理之日。")
    urgent = serializers.BooleanField(help_text="情况紧急,先行处理。")
    decided = serializers.BooleanField(help_text="是否已作出决定。")


class FullCheckOut(serializers.Serializer[Any]):
    """A full check of costs before the agreement is left (I12)."""

    ordered_on = _day("启动之日。", may_lack=False)
    closed_on = _day("结束之日。")


class LifeOut(serializers.Serializer[Any]):
    """Everything that happened to one agreement, kind by kind, in the order of the facts."""

    suspensions = SuspensionOut(many=True)
    termination_cases = TerminationCaseOut(many=True)
    terminations = TerminationOut(many=True)
    termination_requests = LeavingOut(many=True)
    renewals = RenewalOut(many=True)
    changes = AgreementChangeOut(many=True)
    parts = PartOut(many=True)
    holds = HoldOut(many=True)
    hearings = HearingOut(many=True)
    full_checks = FullCheckOut(many=True)


def life_of(agreement: Agreement, day: date) -> dict[str, list[dict[str, Any]]]:
    """As ``LifeOut`` tells it; two queries beyond the facts."""
    term, kind = agreement.term(), agreement.institution.kind
    titles, people = fields_of(kind), dict(Person.objects.filter(pk__in=[each.person_id for each in term.parts]).values_list("pk", "name"))
    said = {fact.pk: fact.data for fact in agreement.facts.all()}
    return {
        "suspensions": [
            {
                "imposed": each.imposed, "state": each.state(day, term.ended_on),
                "ground": own_ground(each.ground, kind) if each.ground else "",
                "requested_on": each.requested_on, "decided_on": each.decided_on, "first_day": each.first_day,
                "stated_last_day": each.stated_last, "last_day": each.last_day,
                "day_180": None if each.imposed else each.cap or each.first_day + timedelta(days=MOST_DAYS - 1),
                "resumption_requested_on": each.resumption_on, "resumed_on": each.resumed_on, "rectified": each.rectified,
            }
            for each in term.all_suspensions
        ],
        "termination_cases": [
            {
                "ground": own_ground(each.ground, kind), "state": each.state(day), "opened_on": each.opened_on,
                "closed_on": each.closed_on if each.state(day) == "closed" else None,
            }
            for each in term.all_cases
        ],
        "terminations": [
            {
                "grounds": [own_ground(ground, kind) for ground in each.grounds], "at_request": each.at_request,
                "decided_on": each.decided_on, "effective_on": each.effective,
            }
            for each in term.terminations
        ],
        "termination_requests": [
            {
                "state": each.state(day, term.ended_on), "requested_on": each.on, "effective_on": each.effective,
                "decided_on": each.decided_on,
            }
            for each in term.all_requests
        ],
        "renewals": [
            {
                "wanted": each.wanted, "state": each.state(day, term.ended_on), "requested_on": each.on, "late": each.late,
                "decided_on": each.decided_on, "agreement_id": each.agreement,
            }
            for each in term.renewals
        ],
        "changes": [
            {
                "field": each.field, "title": titles.get(each.field, each.field), "major": each.major, "state": each.state,
                "before": said[each.id].get("before") or "", "after": said[each.id].get("shown") or "",
                "approved_by_authority_on": each.approved_by_authority_on, "reported_on": each.on, "late": each.late,
                "passed_on": each.passed_on, "decided_on": each.decided_on,
            }
            for each in term.changes
        ],
        "parts": [
            {
                "name": each.name(people), "is_person": not each.department, "code": each.code, "ended": each.ended,
                "decided_on": each.decided_on, "first_day": each.first_day, "last_day": each.last_day,
            }
            for each in term.parts
        ],
        "holds": [{"clause": own_ground(each.clause, kind), "since": each.on, "released_on": each.released_on} for each in term.holds],
        "hearings": [
            {
                "measure": MEASURES[each.act], "told_on": each.on, "last_day": each.last_day, "heard_on": each.heard_on,
                "dropped_on": each.dropped_on, "urgent": each.urgent, "decided": each.used,
            }
            for each in term.intentions
        ],
        "full_checks": [{"ordered_on": ordered, "closed_on": closed} for ordered, closed in term.checks],
    }  # fmt: skip
