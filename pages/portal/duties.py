"""What the institution must or may do now, and by when: the first thing on its home."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from agreements.acts.signing import accepted_by_institution, invitation
from agreements.intentions import MEASURES, open_intentions
from agreements.models import Agreement, AgreementTemplate
from agreements.term import Term
from deadlines.models import Deadline
from deadlines.periods import add_months
from institutions.completeness import missing_sentence
from institutions.models import Institution
from law.clauses import numbered
from pages.portal.tracker import Tracked

RENEWAL_SHOWN_MONTHS = 6  # not before 6 months ahead: M41.1


@dataclass(frozen=True)
class Duty:
    """One thing to do; without ``url`` it is only to be known."""

    title: str
    why: str
    url: str = ""
    due: date | None = None
    paused_since: date | None = None
    clause: str = ""
    explanation: str = ""


def of_record(institution: Institution) -> list[Duty]:
    """A record that is not complete keeps the institution from applying."""
    sentence = "" if institution.complete else missing_sentence(institution)
    if not sentence:
        return []
    return [Duty("补全机构资料", f"{sentence}补全以后才可以申请。", reverse("portal:record"), clause=numbered("M7", institution.kind))]


def of_application(tracked: Tracked) -> list[Duty]:
    """What the state of an application asks of its institution."""
    application, road = tracked.application, tracked.road
    kind = application.institution.kind
    address = [application.pk]
    if tracked.state == "draft":
        return [Duty("完成并提交申请", "草稿还没有提交，区经办机构看不到。", reverse("portal:draft", args=address))]
    if tracked.state == "supplementing":
        why = f"还差 {len(road.missing)} 项材料；补齐之日为受理日。"
        return [Duty("补正材料", why, reverse("portal:supplement", args=address), clause=numbered("M8.2", kind))]
    if tracked.state == "evaluating" and road.round is not None and road.round.open_items:
        why = f"评估小组要求补充：{'、'.join(road.round.open_items)}。"
        since = road.round.pauses[-1][0]
        return [Duty("补充评估材料", why, reverse("portal:evidence", args=address), paused_since=since, clause=numbered("M9.2", kind))]
    if tracked.state == "negotiating" and invitation(application) is not None and not accepted_by_institution(application):
        url = reverse("portal:agreement", args=address)
        return [Duty("阅读并签署协议", "市经办机构已发出签约通知。", url, clause=numbered("M10.1", kind))]
    if tracked.state == "rectifying" and road.re_evaluation_on is None and tracked.gate is not None:
        computed = tracked.gate.computed
        explanation = computed.explanation if computed else ""
        why = "按整改建议完成整改。期满次日起可以再次评估，再次评估只有一次。"
        return [Duty("完成整改", why, due=tracked.gate.due_on, clause=tracked.gate.clause, explanation=explanation)]
    return []


def of_papers(institution: Institution, waiting: int) -> list[Duty]:
    """Papers to confirm, or the consent without which nothing can be served online."""
    consent = institution.office.online_service_consent_on if institution.office else None
    if consent is None:
        why = "同意以后，文书直接送达本账户；没有同意的，文书以邮寄等方式送达。"
        return [Duty("签署线上送达同意书", why, reverse("portal:consent"))]
    return [Duty(f"签收 {waiting} 份文书", "文书已经到达本账户。", reverse("portal:documents"))] if waiting else []


def of_templates(institution: Institution, day: date) -> list[Duty]:
    """A proposed agreement text on which the institution may comment (M52)."""
    open_now = AgreementTemplate.objects.filter(
        kind=institution.kind, in_force_from__isnull=True, comments_from__lte=day, comments_to__gte=day
    )
    clause = numbered("M52", institution.kind)
    return [
        Duty(f"对《{each}》提意见", "协议范本正在征求意见。", reverse("portal:template", args=[each.pk]), each.comments_to, clause=clause)
        for each in open_now
    ]


def of_agreement(agreement: Agreement | None, day: date, listed: list[Deadline]) -> list[Duty]:
    """What a living agreement asks of its institution: to be heard, to resume in time, to renew in time (M38.6, M42.5, M41.1)."""
    if agreement is None:
        return []
    term = agreement.term()
    return [*_hearings(agreement, term, day), *_resumption(agreement, term, day), *_renewal(agreement, term, day, listed)]


def _hearings(agreement: Agreement, term: Term, day: date) -> list[Duty]:
    clause, url = numbered("M38.6", agreement.institution.kind), reverse("portal:ask", args=[agreement.pk, "hear"])
    rows = [each for each in open_intentions(term.intentions) if day <= each.last_day]
    return [Duty("陈述申辩", f"市经办机构拟{MEASURES[each.act]}，期满可以作出决定。", url, each.last_day, clause=clause) for each in rows]


def _resumption(agreement: Agreement, term: Term, day: date) -> list[Duty]:
    """Suspended at one's own request: unless asked by day 180 the agreement ends by itself."""
    suspension = term.suspension(day, imposed=False)
    if suspension is None or suspension.lapses_on is None:
        return []
    url = reverse("portal:ask", args=[agreement.pk, "request_resumption"])
    why = "中止到期不会自动恢复；到这一天没有申请的，协议自动终止。"
    return [Duty("申请恢复履行", why, url, suspension.lapses_on, clause=numbered("M42.5", agreement.institution.kind))]


def _renewal(agreement: Agreement, term: Term, day: date, listed: list[Deadline]) -> list[Duty]:
    """The last day to ask, shown from six months before the end."""
    if term.renewal is not None or day < add_months(agreement.last_day, -RENEWAL_SHOWN_MONTHS):
        return []
    row = next((each for each in listed if each.kind == "renewal_application"), None)
    if row is None or row.due_on is None:
        return []
    late = "期限已过，仍可以提出，按逾期登记。" if row.due_on < day else ""
    why = f"协议 {agreement.number} 至 {agreement.last_day} 期满。{late}"
    url, explanation = reverse("portal:ask", args=[agreement.pk, "request_renewal"]), row.computed.explanation if row.computed else ""
    return [Duty("申请续签", why, url, row.due_on, clause=row.clause, explanation=explanation)]
