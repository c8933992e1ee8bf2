"""What the administrator keeps: offices, their people, settings. No case is to be seen from here (M3)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from deadlines import clock
from offices import settings as dated
from offices.models import AccountEvent, Office, Role, Setting
from pages.administration.forms import OfficeForm, SettingForm
from pages.paging import page_of
from pages.requests import SignedIn

MAY_READ_SETTINGS = (Role.CITY_BUREAU, Role.ADMINISTRATOR, Role.AUDITOR)


def offices(request: SignedIn) -> HttpResponse:
    """Every office with the number of its people; institutions on pages of their own, found by name."""
    _administrator(request)
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    role = request.GET.get("role", "")
    rows = Office.objects.select_related("district")
    if wanted:
        rows = rows.filter(name__icontains=wanted)
    if role in Role.values:
        rows = rows.filter(role=role)
    page = page_of(request, rows, newest_first=False)
    counts = dict(
        Office.objects.filter(pk__in=[office.pk for office in page.rows])
        .annotate(people=Count("memberships", filter=_today("memberships")))
        .values_list("pk", "people"),
    )
    listed = [(office, counts[office.pk]) for office in page.rows]
    roles = [(value, label) for value, label in Role.choices if value not in (Role.PUBLIC, Role.SYSTEM)]
    return render(request, "administration/offices.html", {"page": page, "listed": listed, "wanted": wanted, "role": role, "roles": roles})


@require_http_methods(["GET", "POST"])
def office(request: SignedIn, pk: int | None = None) -> HttpResponse:
    """Set up an office, or change how it is called and reached."""
    _administrator(request)
    instance = get_object_or_404(Office, pk=pk) if pk else None
    form = OfficeForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, f"{saved.name}已保存。")
        return redirect("accounts:people_of", saved.pk)
    return render(request, "administration/office.html", {"form": form, "office": instance})


def settings(request: SignedIn) -> HttpResponse:
    """Each setting with today's value, who set it and why, and what is to come."""
    actor = _reader(request)
    today = clock.today()
    rows: dict[str, list[Setting]] = {}
    for row in Setting.objects.select_related("by").order_by("-from_on", "-id"):
        rows.setdefault(row.key, []).append(row)
    listed = []
    for known in dated.KNOWN.values():
        now = next((row for row in rows.get(known.key, []) if row.from_on <= today), None)
        ahead = [row for row in reversed(rows.get(known.key, [])) if row.from_on > today]
        value = known.default if now is None else now.value
        listed.append({"known": known, "value": value, "row": now, "ahead": ahead, "mine": actor.role in known.roles})
    return render(request, "administration/settings.html", {"listed": listed})


@require_http_methods(["GET", "POST"])
def setting(request: SignedIn, key: str) -> HttpResponse:
    """One setting: its history, and a form for whoever may set it."""
    actor = _reader(request)
    known = dated.KNOWN.get(key)
    if known is None:
        raise Http404
    mine = actor.role in known.roles
    if request.method == "POST" and not mine:
        raise PermissionDenied
    value = dated.value(key, clock.today())
    initial = ("yes" if value else "no") if isinstance(value, bool) else value
    form = SettingForm(request.POST or None, known=known, initial={"value": initial, "from_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        dated.put(key, data["value"], from_on=data["from_on"], by=request.user, reason=data["reason"])
        messages.success(request, f"{known.title}已设定。")
        return redirect("administration:settings")
    history = Setting.objects.filter(key=key).select_related("by").order_by("-from_on", "-id")
    context: dict[str, Any] = {"form": form, "known": known, "value": value, "history": history, "mine": mine}
    return render(request, "administration/setting.html", context)


def account_log(request: SignedIn) -> HttpResponse:
    """What was done to accounts, by whom and why; for the administrator and the auditor."""
    if request.actor.role not in (Role.ADMINISTRATOR, Role.AUDITOR):
        raise PermissionDenied
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    rows = AccountEvent.objects.select_related("user", "by", "office")
    if wanted:
        rows = rows.filter(Q(user__full_name__icontains=wanted) | Q(user__username__icontains=wanted))
    return render(request, "administration/account_log.html", {"page": page_of(request, rows), "wanted": wanted})


def _administrator(request: SignedIn) -> None:
    if request.actor.role != Role.ADMINISTRATOR:
        raise PermissionDenied


def _reader(request: SignedIn) -> Any:
    actor = request.actor
    if actor.role not in MAY_READ_SETTINGS:
        raise PermissionDenied
    return actor


def _today(path: str) -> Q:
    today = clock.today()
    return Q(**{f"{path}__from_on__lte": today}) & (Q(**{f"{path}__to_on__isnull": True}) | Q(**{f"{path}__to_on__gte": today}))
