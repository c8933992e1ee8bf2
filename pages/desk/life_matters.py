"""What waits for an office beside living agreements, as sources and rows of the list of what to do (R6, R16, M40–M44, M49.2)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse

from agreements.models import AgreementFact, Change, Renewal, Suspension, TerminationCase, TerminationRequest
from deadlines.models import Deadline
from offices.actors import Actor
from offices.models import Role
from pages.desk.steps import holder_title

DONE_BY = {"bureau_report": "reported", "rectification": "rectification_recorded"}  # kind of deadline → the fact that fulfils it
DUTIES = {Role.CITY_AGENCY: "bureau_report", Role.DISTRICT_AGENCY: "rectification"}


def waiting(actor: Actor) -> Iterator[tuple[str, str, QuerySet[Any], Any]]:
    """Name of the source, matter, rows, due day of each kind that the actor's office has to act on."""
    if actor.role == Role.CITY_AGENCY:
        yield "suspension", "decide_suspension", Suspension.objects.filter(state="requested"), None
        yield "resumption", "resume", resuming(), None
        yield "termination_case", "termination_case", TerminationCase.objects.filter(state="open"), None
        yield "termination_request", "decide_termination", TerminationRequest.objects.filter(state="requested"), None
        yield "renewal", "renewal", Renewal.objects.filter(state="requested"), F("last_day")
        yield "change", "change", Change.objects.filter(state="reported", major=True), None
    if actor.role == Role.DISTRICT_AGENCY:
        yield "change", "change", Change.objects.visible_to(actor).filter(state="reported", major=False), None


def resuming() -> QuerySet[Suspension]:
    """Suspensions at request that the institution has asked to end, not yet confirmed."""
    facts = AgreementFact.objects.filter(agreement=OuterRef("agreement"), voided_at__isnull=True, pk__gt=OuterRef("opened_by"))
    rows: QuerySet[Suspension] = Suspension.objects.filter(
        Exists(facts.filter(kind="resumption_requested")), ~Exists(facts.filter(kind="resumed")), state="running", imposed=False
    )
    return rows


def duties(actor: Actor) -> QuerySet[Deadline]:
    """Duties of the office that are neither fulfilled nor cancelled."""
    kind = DUTIES[Role(actor.role)]
    rows = Deadline.announced.filter(case_label="agreement", kind=kind, responsible=actor.role, state__in=["open", "missed"])
    if actor.role == Role.DISTRICT_AGENCY:
        rows = rows.filter(district=actor.district or "")
    done = AgreementFact.objects.filter(agreement_id=OuterRef("case_id"), kind=DONE_BY[kind], voided_at__isnull=True)
    of = done.annotate(of=Cast(KT("data__of"), CharField())).filter(of=OuterRef("key"))
    return rows.filter(~Exists(of))


def loader(model: Any, step: str) -> Any:
    """How the rows of one source are loaded: the page of the agreement is where they are dealt with."""

    def load(ids: list[int]) -> dict[int, dict[str, Any]]:
        rows = model.objects.filter(pk__in=ids).select_related("agreement", "institution__district", "agreement__owner")
        return {
            row.pk: {
                "key": f"agreement-{row.agreement_id}",
                "url": reverse("desk:agreement", args=[row.agreement_id]),
                "institution": row.institution,
                "number": row.agreement.number,
                "step": step,
                "state": row.get_state_display(),
                "due": row.agreement.last_day if model is Renewal else None,
                "owner": str(row.agreement.owner or ""),
                "holder": holder_title("district_agency" if model is Change and not row.major else "city_agency"),
            }
            for row in rows
        }

    return load


LOADERS = {
    "suspension": ("decide_suspension", loader(Suspension, "同意或者不同意")),
    "resumption": ("resume", loader(Suspension, "确认，次日起恢复履行")),
    "termination_case": ("termination_case", loader(TerminationCase, "告知、决定解除或者结案")),
    "termination_request": ("decide_termination", loader(TerminationRequest, "同意或者不同意")),
    "renewal": ("renewal", loader(Renewal, "协商，同意或者不予续签")),
    "change": ("change", loader(Change, "核准或者不予核准")),
}
