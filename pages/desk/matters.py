"""What an office must do, from stored projections: one list over applications, agreements, reviews and sign-ups.

Sorted by due day; what has no due day comes after, what is paused last. Pages are cut by the key of the last row shown: each cut
of each source gives its own first rows in the order of an index, so that a page costs the same however long the list is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, DateField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from applications.models import Application
from applications.road import OPEN
from casework.models import Proposal
from deadlines import clock
from deadlines.models import Deadline
from disputes.models import Dispute
from evaluations.states import in_state, notice_over
from institutions.models import Institution
from institutions.placing import Placed
from offices.actors import Actor
from offices.models import Role, SignUp
from pages.desk import bounded, life_matters
from pages.desk.filters import Filters
from pages.desk.searching import searched
from pages.desk.steps import MATTERS, STEPS

FAR = date(9999, 12, 31)
KEY = re.compile(r"([012])\.(\d{4}-\d{2}-\d{2})\.([a-z_]{1,20})\.(\d{1,18})")
Key = tuple[int, date, str, int]
PLACED = {"kind": "institution_kind", "district": "district"}  # filter → column of a row that carries it


@dataclass(frozen=True)
class Cut:
    """The rows of a source that stand together: by a due day (rank 0), without one (1), or paused (2); ``day`` is what sorts them."""

    rank: int
    day: Any = None
    only: Q = field(default_factory=Q)


UNDATED = (Cut(1),)


@dataclass
class Source:
    """One sort of row: its model, what of it belongs on the list, where its institution and number are, how it is sorted.

    Sources of one name have no row in common.
    """

    name: str
    rows: QuerySet[Any]
    institution: str = "institution"
    number: str = "number"
    owner: str = ""
    cuts: tuple[Cut, ...] = UNDATED
    matter: str = ""  # the kind of matter, where all rows are of one


def sources_of(actor: Actor) -> list[Source]:
    """Everything that waits for this person's office."""
    found = []
    if actor.role in (Role.CITY_AGENCY, Role.DISTRICT_AGENCY):
        found += mine(actor)
    if actor.role == Role.THIRD_PARTY:
        found.append(applications(Application.objects.visible_to(actor).filter(commissioned(actor))))
    for name, agreements in life_matters.on_agreements(actor):
        found.append(Source(name, agreements, matter=life_matters.ON_AGREEMENTS[name][0], owner="owner"))
    if actor.role in life_matters.DISPUTES:
        raised = Dispute.objects.filter(state="open", kind__in=life_matters.DISPUTES[Role(actor.role)])
        dated = (Cut(0, F("due_on"), Q(due_on__isnull=False)), Cut(1, None, Q(due_on__isnull=True)))
        found.append(Source("dispute", raised, cuts=dated, matter="dispute", owner="owner"))
    for name, matter, rows, due in life_matters.waiting(actor):
        cuts = (Cut(0, due),) if due is not None else UNDATED
        found.append(Source(name, rows, number="agreement__number", cuts=cuts, matter=matter))
    if actor.role in life_matters.DUTIES:
        kind = life_matters.DUTIES[Role(actor.role)]
        by_day = (Cut(0, F("due_on")),)  # open or missed: never without a day
        found.append(Source("duty", life_matters.duties(actor), institution="institution_id", number="", cuts=by_day, matter=kind))
    if actor.may_review and actor.office_id:
        waiting = Proposal.objects.filter(office_id=actor.office_id, state=Proposal.OPEN).exclude(handler_id=actor.user_id)
        due = Application.objects.filter(pk=OuterRef("case_id")).values("due_on")[:1]
        day = Case(When(case_label="application", then=Subquery(due)), default=None, output_field=DateField())
        waiting = waiting.annotate(due_day=day)
        dated = (Cut(0, F("due_day"), Q(due_day__isnull=False)), Cut(1, None, Q(due_day__isnull=True)))
        found.append(Source("proposal", waiting, institution="institution_id", number="word", matter="review", cuts=dated))
    if actor.role == Role.DISTRICT_AGENCY and actor.district:
        asking = SignUp.objects.filter(state=SignUp.State.WAITING, district_id=actor.district)
        found.append(Source("sign_up", asking, institution="", number="name", matter="sign_up"))
    return found


def applications(rows: QuerySet[Application]) -> Source:
    # The stored day of a notice that is over is nobody's any more (R7).
    over = notice_over()
    cuts = (
        Cut(0, F("due_on"), Q(paused_since__isnull=True, due_on__isnull=False) & ~over),
        Cut(1, None, Q(paused_since__isnull=True, due_on__isnull=True)),
        Cut(1, None, Q(paused_since__isnull=True) & over),
        PAUSED,
    )
    return Source("application", rows, owner="owner", cuts=cuts)


PAUSED = Cut(2, F("paused_since"), Q(paused_since__isnull=False))


def mine(actor: Actor) -> list[Source]:
    """Waiting for the office, or for the institution with the office's clock standing still or its notice unanswered.

    Also what only the calendar has brought back to it since the last act (R7). Each in a source of its own: one condition over
    all of them would follow no index.
    """
    rows = Application.objects.visible_to(actor)
    found = [applications(rows.filter(waits_for=actor.role))]
    others = rows.exclude(waits_for=actor.role)
    if actor.role == Role.DISTRICT_AGENCY:
        found.append(applications(others.filter(state="supplementing")))
    if actor.role == Role.CITY_AGENCY:
        found.append(Source("application", others.filter(state="evaluating"), owner="owner", cuts=(PAUSED,)))
        over = Deadline.objects.filter(
            case_label="application", case_id=OuterRef("pk"), kind="re_evaluation_gate", due_on__lt=clock.today()
        ).exclude(state=Deadline.State.CANCELLED)
        found.append(applications(others.filter(Exists(over), state="rectifying")))
    return found


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


def narrowed(source: Source, filters: Filters, actor: Actor) -> QuerySet[Any]:
    """The source's rows that pass the filters; none where a filter does not suit it."""
    rows = source.rows
    for key, column in (("kind", "kind"), ("district", "district_id")):
        value = filters.get(key)
        if value and issubclass(rows.model, Placed):
            rows = rows.filter(**{PLACED[key]: value})
        elif value and source.name == "sign_up":
            rows = rows.filter(**{column: value})
        elif value:
            rows = rows.filter(institution_id__in=Institution.objects.filter(**{column: value}).values("pk"))
    if filters.get("q"):
        rows = searched(rows, filters.get("q"), source.number if source.number.endswith("number") else "")
    matter = filters.get("matter")
    if matter and source.name == "application":
        rows = rows.filter(in_state(matter)) if matter in MATTERS else rows.none()
    elif matter and source.matter != matter:
        rows = rows.none()
    if filters.get("state"):
        state = filters.get("state")
        rows = rows.filter(state__in=sorted(OPEN)) if state == "open" else rows.filter(in_state(state))
    if filters.get("holder"):
        rows = rows.filter(waits_for=filters.get("holder"))
    if filters.get("owner"):
        if not source.owner:
            return rows.none()
        rows = rows.filter(owner_id=actor.user_id) if filters.get("owner") == "me" else rows.filter(owner__isnull=True)
    return rows


def sorted_rows(source: Source, filters: Filters, actor: Actor, after: Key | None = None) -> list[QuerySet[Any]]:
    """(rank, day, sort of row, pk) of each row, filtered, a list for each cut in its order; rows up to ``after`` left out."""
    rows = narrowed(source, filters, actor)
    found = []
    for cut in _cuts(source, filters):
        if after is not None and cut.rank < after[0]:
            continue
        day = cut.day if cut.day is not None else Value(FAR, DateField())
        part = _due(rows.filter(cut.only).annotate(day=day), filters)
        if after is not None and cut.rank == after[0]:
            part = _after(part, source, after)
        part = part.annotate(rank=Value(cut.rank, IntegerField()), sort=Value(source.name, CharField()))
        part = part.order_by("day", "pk") if cut.day is not None else part.order_by("pk")
        found.append(part.values_list("rank", "day", "sort", "pk"))
    return found


def _after(rows: QuerySet[Any], source: Source, after: Key) -> QuerySet[Any]:
    _, day, sort, pk = after
    if source.name < sort:
        return rows.filter(day__gt=day)
    if source.name > sort:
        return rows.filter(day__gte=day)
    return rows.filter(Q(day__gt=day) | Q(pk__gt=pk), day__gte=day)


RANKS = {"overdue": 0, "week": 0, "none": 1, "paused": 2}


def _cuts(source: Source, filters: Filters) -> list[Cut]:
    """Those in which rows can pass the filter of the due day."""
    rank = RANKS.get(filters.get("due"))
    return [cut for cut in source.cuts if rank is None or cut.rank == rank]


def _due(rows: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    today = clock.today()
    if filters.get("due") == "overdue":
        return rows.filter(day__lt=today)
    if filters.get("due") == "week":
        return rows.filter(day__range=(today, today + timedelta(days=7)))
    return rows


def keys(sources: list[Source], filters: Filters, actor: Actor, *, size: int, after: Key | None = None) -> list[Key]:
    """The keys of one page in order: one query, which reads at most ``size`` rows of each cut."""
    parts = [part[:size] for source in sources for part in sorted_rows(source, filters, actor, after)]
    if not parts:
        return []
    whole = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return list(whole.order_by("rank", "day", "sort", "pk")[:size]) if len(parts) > 1 else list(whole)


def most(filters: Filters) -> int:
    """How far ``counts`` counts."""
    return bounded.MOST_FOUND if filters.get("q") else bounded.MOST


def counts(sources: list[Source], filters: Filters, actor: Actor) -> dict[str, int]:
    """Kind of matter → how many (``bounded``), with every filter but that of the kind; one query."""
    others = replace(filters, chosen={name: value for name, value in filters.chosen.items() if name != "matter"})
    asked = [(matter, rows) for source in sources for matter, rows in _counted(source, others, actor)]
    found: dict[str, int] = {}
    for (matter, _), number in zip(asked, bounded.counts((rows for _, rows in asked), most(filters)), strict=True):
        found[matter] = found.get(matter, 0) + number
    return {matter: found[matter] for matter in MATTERS if found.get(matter)}


def _counted(source: Source, filters: Filters, actor: Actor) -> Iterator[tuple[str, QuerySet[Any]]]:
    """The rows of a source for each kind of matter."""
    whole = narrowed(source, filters, actor)
    if filters.get("due"):
        parts = [_due(whole.filter(cut.only).annotate(day=cut.day or Value(FAR, DateField())), filters) for cut in _cuts(source, filters)]
    else:
        parts = [whole]
    for rows in parts:
        if source.matter:
            yield source.matter, rows
        else:
            yield from ((state, rows.filter(in_state(state))) for state in STEPS)


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
