"""What an office must do, from stored projections: one list over applications, agreements, reviews and sign-ups.

Sorted by due day; what has no due day comes after, what is paused last. Pages are cut by the key of the last row shown.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, DateField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from agreements.models import Agreement, AgreementFact
from applications.models import Application
from applications.road import FINAL
from casework.models import Proposal
from deadlines import clock
from deadlines.models import Deadline
from evaluations.models import Objection
from institutions.models import Institution
from offices.actors import Actor
from offices.models import Role, SignUp
from pages.desk import life_matters
from pages.desk.filters import Filters
from pages.desk.steps import MATTERS

FAR = date(9999, 12, 31)
KEY = re.compile(r"([012])\.(\d{4}-\d{2}-\d{2})\.([a-z_]{1,20})\.(\d{1,18})")
Key = tuple[int, date, str, int]


@dataclass
class Source:
    """One sort of row: its model, what of it belongs on the list, where its institution, number and due day are."""

    name: str
    rows: QuerySet[Any]
    institution: str = "institution"
    number: str = "number"
    owner: str = ""
    due: Any = field(default_factory=lambda: Value(None, DateField()))
    paused: Any = field(default_factory=lambda: Value(None, DateField()))
    matter: str = ""  # the kind of matter, where all rows are of one


def sources_of(actor: Actor) -> list[Source]:
    """Everything that waits for this person's office."""
    found = []
    if actor.role in (Role.CITY_AGENCY, Role.DISTRICT_AGENCY):
        found.append(applications(Application.objects.visible_to(actor).filter(mine(actor))))
    if actor.role == Role.THIRD_PARTY:
        found.append(applications(Application.objects.visible_to(actor).filter(commissioned(actor))))
    if actor.role == Role.CITY_AGENCY:
        filed = AgreementFact.objects.filter(agreement=OuterRef("pk"), kind="filed", voided_at__isnull=True)
        unfiled = Agreement.objects.filter(~Exists(filed), ended_on__gte=clock.today(), annulled=False)
        found.append(Source("agreement", unfiled, matter="file_agreement", owner="owner"))
    for name, matter, rows, due in life_matters.waiting(actor):
        dated = due if due is not None else Value(None, DateField())
        found.append(Source(name, rows, number="agreement__number", due=dated, matter=matter))
    if actor.role in life_matters.DUTIES:
        kind = life_matters.DUTIES[Role(actor.role)]
        found.append(Source("duty", life_matters.duties(actor), institution="institution_id", number="", due=F("due_on"), matter=kind))
    if actor.may_review and actor.office_id:
        waiting = Proposal.objects.filter(office_id=actor.office_id, state=Proposal.OPEN).exclude(handler_id=actor.user_id)
        due = Application.objects.filter(pk=OuterRef("case_id")).values("due_on")[:1]
        found.append(
            Source(
                "proposal",
                waiting,
                institution="institution_id",
                number="word",
                matter="review",
                due=Case(When(case_label="application", then=Subquery(due)), default=None, output_field=DateField()),
            )
        )
    if actor.role == Role.DISTRICT_AGENCY and actor.district:
        asking = SignUp.objects.filter(state=SignUp.State.WAITING, district_id=actor.district)
        found.append(Source("sign_up", asking, institution="", number="name", matter="sign_up"))
    return found


def applications(rows: QuerySet[Application]) -> Source:
    # The stored day of a notice that is over is nobody's any more (R7).
    due = Case(When(Q(state="public_notice") & in_state("negotiating"), then=Value(None)), default=F("due_on"), output_field=DateField())
    return Source("application", rows, owner="owner", due=due, paused=F("paused_since"))


def mine(actor: Actor) -> Q:
    """Waiting for the office, or for the institution with the office's clock standing still or its notice unanswered.

    Also what only the calendar has brought back to it since the last act (R7).
    """
    waiting = Q(waits_for=actor.role)
    if actor.role == Role.DISTRICT_AGENCY:
        waiting |= Q(state="supplementing")
    if actor.role == Role.CITY_AGENCY:
        waiting |= Q(state="evaluating", paused_since__isnull=False)
        over = Deadline.objects.filter(
            case_label="application", case_id=OuterRef("pk"), kind="re_evaluation_gate", due_on__lt=clock.today()
        ).exclude(state=Deadline.State.CANCELLED)
        waiting |= Q(Exists(over), state="rectifying")
    return waiting


def commissioned(actor: Actor) -> Q:
    """Evaluations under way that the office was asked to do."""
    return Q(
        pk__in=Application.objects.filter(
            evaluations__commissioned_to_id=actor.office_id, evaluations__state__in=["under_way", "waiting"]
        ).values("pk")
    )


def every_application(actor: Actor) -> Source:
    """Everything filed that the office may see; a draft is the institution's own until it files it."""
    return applications(Application.objects.visible_to(actor).exclude(state="draft"))


def in_state(state: str) -> Q:
    """Applications in a state today: the notice may be over since the last act (R7)."""
    still = Objection.objects.filter(application=OuterRef("pk"), resolved_at__isnull=True)
    over = Q(~Exists(still), state="public_notice", due_on__lt=clock.today())
    if state == "negotiating":
        return Q(state="negotiating") | over
    if state == "public_notice":
        return Q(state="public_notice") & ~over
    return Q(state=state)


def narrowed(source: Source, filters: Filters, actor: Actor) -> QuerySet[Any]:
    """The source's rows that pass the filters; none where a filter does not suit it."""
    rows, name = source.rows, source.institution
    about = f"{name}__" if name == "institution" else ""
    for key, column in (("kind", "kind"), ("district", "district_id")):
        value = filters.get(key)
        if value and (about or source.name == "sign_up"):
            rows = rows.filter(**{f"{about}{column}": value})
        elif value:
            rows = rows.filter(institution_id__in=Institution.objects.filter(**{column: value}).values("pk"))
    if filters.get("q"):
        rows = rows.filter(_words(source, filters.get("q")))
    matter = filters.get("matter")
    if matter and source.name == "application":
        rows = rows.filter(in_state(matter)) if matter in MATTERS else rows.none()
    elif matter and source.matter != matter:
        rows = rows.none()
    if filters.get("state"):
        state = filters.get("state")
        rows = rows.exclude(state__in=FINAL) if state == "open" else rows.filter(in_state(state))
    if filters.get("holder"):
        rows = rows.filter(waits_for=filters.get("holder"))
    if filters.get("owner"):
        if not source.owner:
            return rows.none()
        rows = rows.filter(owner_id=actor.user_id) if filters.get("owner") == "me" else rows.filter(owner__isnull=True)
    return rows


def _words(source: Source, text: str) -> Q:
    """Name, pinyin initials and codes of the institution, or the matter's own number."""
    if source.name == "sign_up":
        return Q(name__contains=text) | Q(uscc__startswith=text.upper())
    found = Institution.objects.search(text).values("pk")
    named = Q(institution_id__in=found)
    return named | Q(**{f"{source.number}__icontains": text}) if source.number.endswith("number") else named


def sorted_rows(source: Source, filters: Filters, actor: Actor, after: Key | None = None) -> QuerySet[Any]:
    """(rank, day, sort of row, pk) of each row, filtered; rows up to ``after`` left out."""
    rows = narrowed(source, filters, actor).order_by()
    rows = rows.annotate(due_day=source.due, paused_day=source.paused, sort=Value(source.name, CharField()), **_ranked())
    rows = _due(rows, filters.get("due"))
    if after is not None:
        rank, day, sort, pk = after
        rows = rows.filter(
            Q(rank__gt=rank)
            | Q(rank=rank, day__gt=day)
            | Q(rank=rank, day=day, sort__gt=sort)
            | Q(rank=rank, day=day, sort=sort, pk__gt=pk)
        )
    return rows.values_list("rank", "day", "sort", "pk")


def _ranked() -> dict[str, Any]:
    """What a row is sorted by: with a due day, without one, paused; then the day."""
    paused, none = When(paused_day__isnull=False, then=Value(2)), When(due_day__isnull=True, then=Value(1))
    rank = Case(paused, none, default=Value(0), output_field=IntegerField())
    return {"rank": rank, "day": Coalesce(F("paused_day"), F("due_day"), Value(FAR), output_field=DateField())}


def _due(rows: QuerySet[Any], due: str) -> QuerySet[Any]:
    today = clock.today()
    if due == "overdue":
        return rows.filter(rank=0, day__lt=today)
    if due == "week":
        return rows.filter(rank=0, day__gte=today, day__lte=today + timedelta(days=7))
    if due == "paused":
        return rows.filter(rank=2)
    return rows.filter(rank=1) if due == "none" else rows


def keys(sources: list[Source], filters: Filters, actor: Actor, *, size: int, after: Key | None = None) -> list[Key]:
    """The keys of one page in order: one query."""
    parts = [sorted_rows(source, filters, actor, after) for source in sources]
    if not parts:
        return []
    whole = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return list(whole.order_by("rank", "day", "sort", "pk")[:size])


def counts(sources: list[Source], filters: Filters, actor: Actor) -> dict[str, int]:
    """Kind of matter → how many, with every filter but that of the kind; one query for each sort of row."""
    others = replace(filters, chosen={name: value for name, value in filters.chosen.items() if name != "matter"})
    found: dict[str, int] = {}
    for source in sources:
        rows = narrowed(source, others, actor).order_by()
        rows = _due(rows.annotate(due_day=source.due, paused_day=source.paused, **_ranked()), filters.get("due"))
        if source.matter:
            found[source.matter] = rows.count()
            continue
        today = Case(When(in_state("negotiating"), then=Value("negotiating")), default=F("state"), output_field=CharField())
        for state, number in rows.annotate(today=today).values_list("today").annotate(number=Count("pk")).order_by("today"):
            found[state] = number
    return {matter: found[matter] for matter in MATTERS if found.get(matter)}


def key_of(text: str) -> Key | None:
    """The key in an address; nonsense shows the first page."""
    match = KEY.fullmatch(text)
    if match is None:
        return None
    try:
        return int(match[1]), date.fromisoformat(match[2]), match[3], int(match[4])
    except ValueError:
        return None


def key_text(key: Key) -> str:
    rank, day, sort, pk = key
    return f"{rank}.{day.isoformat()}.{sort}.{pk}"
