"""Deadlines by month, and as a calendar that other programs subscribe to by a secret link."""

import calendar
from datetime import UTC, date, timedelta
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_GET, require_safe

from deadlines import clock, registry
from deadlines.loading import working_calendar
from deadlines.models import Deadline
from evaluations.models import Evaluation
from institutions.models import Institution
from offices.actors import Actor, actor_for, memberships_of
from offices.models import Role, User
from pages.desk import bounded
from pages.desk.filters import Choice, Filters, filters_of
from pages.desk.gate import AGENCIES, EVERYBODY, only
from pages.desk.steps import holder_title
from pages.desk.subjects import TITLES, address_by
from pages.desk.terms import shown
from pages.paging import page_of
from pages.requests import SignedIn

SALT = "desk.feed"
A_DAY = 4  # rows of one day in the month; the rest on the day's own list
BEHIND, AHEAD, MOST = timedelta(days=60), timedelta(days=400), 3000


def visible(actor: Actor) -> QuerySet[Deadline]:
    """Deadlines of the cases an actor may see."""
    rows = Deadline.announced.exclude(state=Deadline.State.CANCELLED)
    if actor.whole_city:
        return rows
    if actor.role in (Role.DISTRICT_AGENCY, Role.DISTRICT_BUREAU) and actor.district:
        return rows.filter(district=actor.district)
    if actor.role == Role.THIRD_PARTY and actor.office_id:
        own = Evaluation.objects.filter(commissioned_to_id=actor.office_id).values("application_id")
        return rows.filter(case_label="application", case_id__in=own, kind="evaluation")
    return rows.none()


def _filters(request: SignedIn) -> Filters:
    whose = {"mine": "本机构的", "all": "全部"}
    kinds = {name: kind.title for name, kind in registry.announced().items()}
    return filters_of(request, Choice("whose", "谁的", whose), Choice("sort", "种类", kinds))


def _rows(actor: Actor, filters: Filters) -> QuerySet[Deadline]:
    rows = visible(actor)
    mine = filters.get("whose") != "all" if actor.role in AGENCIES else filters.get("whose") == "mine"
    if mine:
        rows = rows.filter(responsible=actor.role)
    return rows.filter(kind=filters.get("sort")) if filters.get("sort") else rows


@only(*EVERYBODY)
@require_GET
def month(request: SignedIn) -> HttpResponse:
    """A month of deadlines, or the list of one day."""
    actor, filters = request.actor, _filters(request)
    rows = _rows(actor, filters)
    day = _date(request.GET.get("day", ""))
    if day is not None:
        page = page_of(request, rows.filter(due_on=day), newest_first=False)
        context = {"page": page, "listed": described(list(page.rows)), "day": day, "filters": filters, "back": f"{_month(day)}"}
        return render(request, "desk/day.html", context)
    first = _date(f"{request.GET.get('month', '')}-01") or clock.today().replace(day=1)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    days = [day for week in weeks for day in week]
    totals = dict(zip(days, bounded.counts(rows.filter(due_on=day) for day in days), strict=True))
    firsts: dict[date, list[Any]] = {}
    for row in described(_first_of(rows, [day for day in days if totals[day]])):
        firsts.setdefault(row["row"].due_on, []).append(row)
    working = working_calendar()
    grid = [
        [
            {
                "day": each,
                "here": each.month == first.month,
                "rest": not working.is_working(each),
                "rows": firsts.get(each, []),
                "more": bounded.shown(max(totals[each] - A_DAY, 0), bounded.MOST - A_DAY),
                "total": totals[each],
                "unsure": working.is_provisional(each),
            }
            for each in week
        ]
        for week in weeks
    ]
    context = {
        "weeks": grid,
        "first": first,
        "today": clock.today(),
        "filters": filters,
        "titles": "一二三四五六日",
        "feed": request.build_absolute_uri(_feed_address(request)),
        "total": sum(totals.values()),
        "before": _month(first - timedelta(days=1)),
        "after": _month(first + timedelta(days=32)),
        "provisional": working.is_provisional(first),
    }
    return render(request, "desk/month.html", context)


def _first_of(rows: QuerySet[Deadline], days: list[date]) -> list[Deadline]:
    """The first few rows of each day, each day by its index; one query."""
    parts = [rows.filter(due_on=day).order_by("id").values("pk")[:A_DAY] for day in days]
    if not parts:
        return []
    chosen = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return list(Deadline.announced.filter(pk__in=chosen).order_by("due_on", "id"))


def _month(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def _date(text: str) -> date | None:
    """A date in the address; nonsense, and years in which nobody plans, count as none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def described(rows: list[Deadline]) -> list[dict[str, Any]]:
    """Rows with title, institution and the page of their case; one query."""
    names = Institution.objects.in_bulk({row.institution_id for row in rows})
    today = clock.today()
    return [
        {
            "row": row,
            "stand": shown(row, today),
            "title": registry.title(row.kind),
            "institution": names.get(row.institution_id),
            "url": address_by(row.case_label, row.case_id),
            "case": TITLES.get(row.case_label, ""),
            "responsible": holder_title(row.responsible),
            "done": shown(row, today).done,
        }
        for row in rows
    ]


# ---- the feed


def _feed_address(request: SignedIn) -> str:
    token = signing.dumps({"u": request.user.pk, "o": request.actor.office_id, "p": _print(request.user)}, salt=SALT)
    return reverse("desk:feed", args=[token])


def _print(user: User) -> str:
    """A new password makes every link given out before void."""
    return salted_hmac(SALT, user.password).hexdigest()[:16]


def actor_of_token(token: str) -> Actor | None:
    """Who the link was made for, if that person is still in the office and has the same password."""
    try:
        told = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    if not isinstance(told, dict):
        return None
    user = User.objects.filter(pk=told.get("u") or 0, is_active=True).first()
    if user is None or _print(user) != told.get("p"):
        return None
    place = next((each for each in memberships_of(user) if each.office_id == told.get("o")), None)
    return actor_for(place) if place is not None else None


@require_safe
def feed(request: SignedIn, token: str) -> HttpResponse:
    """The office's deadlines as iCalendar (RFC 5545). Public address: the token in it is the key."""
    actor = actor_of_token(token)
    if actor is None:
        raise Http404
    today = clock.today()
    rows = visible(actor).filter(due_on__range=(today - BEHIND, today + AHEAD))
    if actor.role in AGENCIES:
        rows = rows.filter(responsible=actor.role)
    found = described(list(rows.order_by("due_on", "id")[:MOST]))
    answer = HttpResponse(as_ics(found, request.build_absolute_uri("/").rstrip("/")), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="dingdian.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def as_ics(rows: list[dict[str, Any]], site: str) -> str:
    stamp = clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dingdian//deadlines//ZH", "X-WR-CALNAME:定点通期限", "METHOD:PUBLISH"]
    for each in rows:
        row: Deadline = each["row"]
        assert row.due_on is not None
        name = each["institution"].name if each["institution"] else ""
        mark = {"met": "[已办]", "over": "[届满]", "missed": "[超期]"}.get(each["stand"].stand, "")
        lines += [
            "BEGIN:VEVENT",
            f"UID:deadline-{row.pk}@{site.partition('//')[2]}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{row.due_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{row.due_on + timedelta(days=1):%Y%m%d}",
            "SUMMARY:" + _escaped(f"{mark}{each['title']} {name}"),
            "DESCRIPTION:" + _escaped(f"{';'.join(row.steps)}（依据 {row.clause}）"),
            f"URL:{site}{each['url']}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never broken inside a character."""
    parts, current, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > 73:
            parts.append(current)
            current, size = "", 0
        current += sign
        size += octets
    return "\r\n ".join([*parts, current])
