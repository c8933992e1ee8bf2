"""Rows of a list of matters, ready to be shown or written into a sheet: a constant number of queries for a page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse

from agreements.models import Agreement
from applications.failures import roads_of
from applications.models import Application
from applications.road import STATES
from casework.acts import registry
from casework.models import Proposal
from deadlines import clock
from deadlines import registry as registry_of_deadlines
from deadlines.loading import working_calendar
from deadlines.models import Deadline
from disputes.models import Dispute
from institutions.models import Institution
from offices.models import SignUp
from pages.desk import life_matters
from pages.desk.loading import asked
from pages.desk.matters import Key, Source
from pages.desk.steps import MATTERS, holder_of, holder_title, next_step


@dataclass
class Row:
    """One matter as a list shows it."""

    key: str  # such as application-12: what a ticked box sends
    url: str
    name: str
    kind: str = ""
    district: str = ""
    uscc: str = ""
    number: str = ""
    matter: str = ""
    step: str = ""
    state: str = ""
    holder: str = ""
    owner: str = ""
    due: date | None = None
    paused_since: date | None = None
    provisional: bool = False
    reviewing: bool = False


def load(keys: Iterable[Key], sources: Iterable[Source]) -> list[Row]:
    """The rows behind the keys, in their order; every source of the list is asked, whether it has a row among them or not."""
    wanted: dict[str, list[int]] = {source.name: [] for source in sources}
    order = list(keys)
    for _, _, sort, pk in order:
        wanted[sort].append(pk)
    loaded = {(sort, pk): row for sort, load in LOADERS.items() if sort in wanted for pk, row in load(wanted[sort]).items()}
    with_agreement = {sort: ids for sort, ids in wanted.items() if sort not in LOADERS}
    if with_agreement:
        loaded |= _of_agreements(with_agreement)
    return [loaded[sort, pk] for _, _, sort, pk in order if (sort, pk) in loaded]


def _of_institution(institution: Institution | None) -> dict[str, Any]:
    if institution is None:
        return {"name": "—"}
    return {
        "name": institution.name,
        "kind": institution.get_kind_display(),
        "district": institution.district.name if institution.district else "",
        "uscc": institution.uscc or "",
    }


def _applications(ids: list[int]) -> dict[int, Row]:
    today = clock.today()
    ids = asked(ids)
    cases = Application.objects.filter(pk__in=ids).select_related("institution__district", "owner")
    found = {case.pk: case for case in cases}
    roads = roads_of(asked({case.institution_id for case in found.values()}), calendar=working_calendar())
    uncertain = set(Deadline.objects.filter(case_label="application", case_id__in=ids, provisional=True).values_list("case_id", "due_on"))
    reviewing = set(
        Proposal.objects.filter(case_label="application", case_id__in=ids, state=Proposal.OPEN).values_list("case_id", flat=True)
    )
    rows = {}
    for pk, case in found.items():
        road = roads.get(pk)
        state = road.state(today) if road else case.state
        holder = holder_of(case.waits_for, road, today) if road else case.waits_for
        rows[pk] = Row(
            f"application-{pk}",
            reverse("desk:application", args=[pk]),
            **_of_institution(case.institution),
            number=str(case),
            matter=MATTERS.get(state, "申请"),
            step=next_step(road, today) if road else "",
            state=STATES.get(state, state),
            holder=holder_title(holder),
            owner=str(case.owner or ""),
            due=None if _over(case, state) else case.due_on,
            paused_since=case.paused_since,
            provisional=(pk, case.due_on) in uncertain,
            reviewing=pk in reviewing,
        )
    return rows


def _over(case: Application, state: str) -> bool:
    """The stored day was that of the notice, which is over."""
    return case.state == "public_notice" and state == "negotiating"


def _proposals(ids: list[int]) -> dict[int, Row]:
    found = Proposal.objects.filter(pk__in=asked(ids)).select_related("handler", "office")
    institutions = Institution.objects.select_related("district").in_bulk(asked(row.institution_id for row in found))
    cases = Application.objects.in_bulk(asked(row.case_id for row in found if row.case_label == "application"))
    rows = {}
    for each in found:
        case = cases.get(each.case_id) if each.case_label == "application" else None
        act = registry.get(each.word)
        rows[each.pk] = Row(
            f"proposal-{each.pk}",
            reverse("desk:proposal", args=[each.pk]),
            **_of_institution(institutions.get(each.institution_id)),
            number=str(case or ""),
            matter=MATTERS["review"],
            step=act.title if act else each.word,
            state="待复核",
            holder=holder_title(each.office.role),
            owner=f"经办 {each.handler}",
            due=case.due_on if case else None,
        )
    return rows


def _sign_ups(ids: list[int]) -> dict[int, Row]:
    rows = {}
    for each in SignUp.objects.filter(pk__in=asked(ids)).select_related("district"):
        rows[each.pk] = Row(
            f"sign_up-{each.pk}",
            reverse("accounts:sign_up_answer", args=[each.pk]),
            each.name,
            each.get_kind_display(),
            str(each.district),
            each.uscc,
            matter=MATTERS["sign_up"],
            step="核对机构与联系人",
            state=each.get_state_display(),
            holder=holder_title("district_agency"),
        )
    return rows


def _of_agreements(wanted: dict[str, list[int]]) -> dict[tuple[str, int], Row]:
    """Agreements to be filed or decided on, duties under them, and what is under way beside them: at most three queries."""
    duties = {row.pk: row for row in Deadline.announced.filter(pk__in=asked(wanted["duty"]))} if "duty" in wanted else {}
    matters = {sort: ids for sort, ids in wanted.items() if sort in life_matters.KINDS}
    told = life_matters.load(matters) if matters else {}
    named = [(sort, pk) for sort in life_matters.ON_AGREEMENTS for pk in wanted.get(sort, [])]
    ids = {*(pk for _, pk in named), *(row.case_id for row in duties.values()), *(each.agreement for each in told.values())}
    cases = Agreement.objects.select_related("institution__district", "owner").in_bulk(asked(ids))
    rows = {}
    for sort, pk in named:
        if pk in cases:
            matter, step = life_matters.ON_AGREEMENTS[sort]
            rows[sort, pk] = replace(_of_agreement(cases[pk], matter), step=step, holder=holder_title("city_agency"))
    for (sort, pk), each in told.items():
        case, (_, matter, _) = cases[each.agreement], life_matters.KINDS[sort]
        due = case.last_day if sort == "renewal" else None
        rows[sort, pk] = replace(_of_agreement(case, matter), step=each.step, state=each.state, holder=each.holder, due=due)
    for pk, row in duties.items():
        rows["duty", pk] = replace(
            _of_agreement(cases[row.case_id], row.kind),
            step=registry_of_deadlines.title(row.kind),
            holder=holder_title(row.responsible),
            due=row.due_on,
            provisional=row.provisional,
        )
    return rows


def _of_agreement(case: Agreement, matter: str) -> Row:
    """What every row about an agreement says."""
    return Row(
        f"agreement-{case.pk}",
        reverse("desk:agreement", args=[case.pk]),
        **_of_institution(case.institution),
        number=case.number,
        matter=MATTERS[matter],
        state=case.get_state_display(),
        owner=str(case.owner or ""),
    )


def _disputes(ids: list[int]) -> dict[int, Row]:
    return {
        each.pk: Row(
            f"dispute-{each.pk}",
            reverse("desk:dispute", args=[each.pk]),
            **_of_institution(each.institution),
            number=each.number,
            matter=MATTERS["dispute"],
            step=life_matters.ANSWERS[each.kind],
            state=each.get_state_display(),
            holder=holder_title("city_bureau" if each.kind == "mediation" else "city_agency"),
            owner=str(each.owner or ""),
            due=each.due_on,
        )
        for each in Dispute.objects.filter(pk__in=asked(ids)).select_related("institution__district", "owner")
    }


# Sources that are not read through an agreement.
LOADERS: dict[str, Callable[[list[int]], dict[int, Row]]] = {
    "application": _applications,
    "proposal": _proposals,
    "sign_up": _sign_ups,
    "dispute": _disputes,
}
