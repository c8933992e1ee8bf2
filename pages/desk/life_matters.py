"""What waits for an office beside living agreements, as sources and rows of the list of what to do (R6, R16, M40–M44, M49.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from agreements.models import Agreement, AgreementFact, Change, Renewal, Suspension, TerminationCase, TerminationRequest
from deadlines import clock
from deadlines.models import Deadline
from offices.actors import Actor
from offices.models import Role
from pages.desk.loading import asked
from pages.desk.steps import holder_title
from pages.life.today import in_state, there_is, unswept, with_state

DONE_BY = {"bureau_report": "reported", "rectification": "rectification_recorded"}  # kind of deadline → the fact that fulfils it
DUTIES = {Role.CITY_AGENCY: "bureau_report", Role.DISTRICT_AGENCY: "rectification"}


def waiting(actor: Actor) -> Iterator[tuple[str, str, QuerySet[Any], Any]]:
    """Name of the source, matter, rows, due day of each kind that the actor's office has to act on."""
    if actor.role == Role.CITY_AGENCY:
        day = unswept(clock.today())
        yield "suspension", "decide_suspension", Suspension.objects.filter(in_state(Suspension, "requested", day)), None
        yield "resumption", "resume", resuming(day), None
        yield "termination_case", "termination_case", TerminationCase.objects.filter(in_state(TerminationCase, "open", day)), None
        yield (
            "termination_request",
            "decide_termination",
            TerminationRequest.objects.filter(in_state(TerminationRequest, "requested", day)),
            None,
        )
        yield "renewal", "renewal", Renewal.objects.filter(in_state(Renewal, "requested", day)), F("last_day")
        yield "change", "change", Change.objects.filter(state="reported", major=True), None
    if actor.role == Role.DISTRICT_AGENCY:
        own = Change.objects.visible_to(actor).filter(state="reported")
        yield "change", "change", own.filter(major=False), None
        yield "passing", "passing", own.filter(~Q(passed_on()), major=True), None


def on_agreements(actor: Actor) -> Iterator[tuple[str, QuerySet[Agreement]]]:
    """Agreements on which the city agency has something to do that has no row of its own: name in ON_AGREEMENTS, rows."""
    if actor.role != Role.CITY_AGENCY:
        return
    today, standing = clock.today(), Agreement.objects.filter(annulled=False)
    yield "agreement", standing.filter(filed_on__isnull=True, ended_on__gte=today)
    yield "decision", standing.filter(decision_from__lte=today, ended_on__gte=today)
    yield "full_check", standing.filter(check_since__isnull=False)
    yield "hold", standing.filter(hold_demanded_on__isnull=False)


ON_AGREEMENTS = {  # name of the source → matter, step
    "agreement": ("file_agreement", "备案并公告"),
    "decision": ("decision", "已陈述申辩或期满，作出决定"),
    "full_check": ("full_check", "核查，记录结论"),
    "hold": ("hold", "按医保行政部门的要求暂停"),
}

# Which disputes an office answers, and the step.
DISPUTES = {Role.CITY_AGENCY: ("correction", "reconsideration", "lawsuit"), Role.CITY_BUREAU: ("mediation",)}
ANSWERS = {"correction": "答复", "mediation": "协调处理，答复", "reconsideration": "登记复议结果", "lawsuit": "登记诉讼结果"}


def resuming(day: date | None) -> QuerySet[Suspension]:
    """Suspensions at request that the institution has asked to end, not yet confirmed."""
    facts = AgreementFact.objects.filter(agreement=OuterRef("agreement"), voided_at__isnull=True, pk__gt=OuterRef("opened_by"))
    rows: QuerySet[Suspension] = Suspension.objects.filter(
        Exists(facts.filter(kind="resumption_requested")),
        ~Exists(facts.filter(kind="resumed")),
        in_state(Suspension, "running", day),
        imposed=False,
    )
    return rows


def passed_on() -> Coalesce:
    """Of a change: whether the district agency has passed it on to the city agency (R16)."""
    facts = AgreementFact.objects.annotate(of=Cast(KT("data__of"), CharField()))
    of = Cast(OuterRef("opened_by"), CharField())
    return there_is(facts.filter(agreement=OuterRef("agreement"), kind="change_passed_on", of=of, voided_at__isnull=True))


def duties(actor: Actor) -> QuerySet[Deadline]:
    """Duties of the office that are neither fulfilled nor cancelled."""
    kind = DUTIES[Role(actor.role)]
    rows = Deadline.announced.filter(case_label="agreement", kind=kind, state__in=["open", "missed"])
    if actor.role == Role.DISTRICT_AGENCY:
        # Rectification is the districts' alone. Saying that they are responsible would let the database read all districts' rows
        # by an index of kind and office, instead of one district's by its own.
        rows = rows.filter(district=actor.district or "")
    else:
        rows = rows.filter(responsible=actor.role)
    done = AgreementFact.objects.filter(agreement_id=OuterRef("case_id"), kind=DONE_BY[kind], voided_at__isnull=True)
    of = done.annotate(of=Cast(KT("data__of"), CharField())).filter(of=OuterRef("key"))
    return rows.filter(~Exists(of))


# Name of the source → model, matter, step; the page of the agreement is where they are dealt with.
KINDS: dict[str, tuple[Any, str, str]] = {
    "suspension": (Suspension, "decide_suspension", "同意或者不同意"),
    "resumption": (Suspension, "resume", "确认，次日起恢复履行"),
    "termination_case": (TerminationCase, "termination_case", "告知、决定解除或者结案"),
    "termination_request": (TerminationRequest, "decide_termination", "同意或者不同意"),
    "renewal": (Renewal, "renewal", "协商，同意或者不予续签"),
    "change": (Change, "change", "核准或者不予核准"),
    "passing": (Change, "passing", "核对材料，转报市经办机构"),
}


COLUMNS = ("sort", "pk", "agreement_id", "stands", "city", "passed")


@dataclass(frozen=True)
class Told:
    """What a row of one of these sources says beside its agreement."""

    agreement: int
    state: str
    holder: str
    step: str


def load(wanted: Mapping[str, list[int]]) -> dict[tuple[str, int], Told]:
    """Source and id → the row; one query for all sources."""
    parts = []
    day = unswept(clock.today())
    for name, ids in wanted.items():
        model = KINDS[name][0]
        city = F("major") if name == "change" else Value(name != "passing", BooleanField())
        passed: Any = Value(False, BooleanField())
        if name == "change":
            passed = passed_on()
        rows = with_state(model.objects.filter(pk__in=asked(ids)).order_by(), day)
        parts.append(rows.annotate(sort=Value(name, CharField()), city=city, passed=passed).values_list(*COLUMNS))
    whole = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found = {}
    for name, pk, agreement, state, city, passed in whole:
        title, step = dict(KINDS[name][0].STATES)[state], KINDS[name][2]
        if name == "change" and city:
            step += "（区经办机构已转报）" if passed else "（区经办机构尚未转报）"
        found[name, pk] = Told(agreement, title, holder_title("city_agency" if city else "district_agency"), step)
    return found
