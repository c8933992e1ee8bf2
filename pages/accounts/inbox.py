"""Notifications of the office and of the person, and what the office was lately reminded of."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from deadlines import clock, reminders
from institutions.models import Institution
from offices import notifications
from offices.actors import Actor
from offices.models import Membership
from pages.desk.gate import READERS
from pages.desk.subjects import address_by
from pages.paging import page_of
from pages.requests import SignedIn

LATELY = timedelta(days=30)
MOST = 20


def inbox(request: SignedIn) -> HttpResponse:
    rows = notifications.inbox(request.actor)
    only_unread = request.GET.get("unread") == "1"
    page = page_of(request, rows.filter(read_at__isnull=True) if only_unread else rows)
    context = {"page": page, "only_unread": only_unread, "reminded": _reminded(request.actor)}
    return render(request, "accounts/notifications.html", context)


def _reminded(actor: Actor) -> list[dict[str, Any]]:
    """Warnings before a due day and missed duties that this office was told of in the last days (M8.2, M9.2)."""
    found = reminders.addressed_to(actor.role, actor.district, actor.institution_id, supervising=_supervises(actor))
    rows = list(found.filter(created_at__gte=clock.now() - LATELY).select_related("deadline")[:MOST])
    names = Institution.objects.in_bulk({row.institution_id for row in rows})
    desk = actor.role in READERS
    return [
        {
            "row": row,
            "institution": names.get(row.institution_id),
            "url": address_by(row.deadline.case_label, row.deadline.case_id) if desk else "",
        }
        for row in rows
    ]


def _supervises(actor: Actor) -> bool:
    """Whether a missed duty of the own office is told to this person: to its supervisors, to everybody where it has none."""
    own = Membership.objects.on(clock.today()).filter(office_id=actor.office_id or 0, supervisor=True)
    return actor.supervisor or not own.exists()


@require_POST
def open_one(request: SignedIn, pk: int) -> HttpResponse:
    """Read a message and go where it leads."""
    actor = request.actor
    message = get_object_or_404(notifications.inbox(actor), pk=pk)
    notifications.mark_read(actor, message.pk)
    if message.link and url_has_allowed_host_and_scheme(message.link, allowed_hosts=None):
        return redirect(message.link)
    return redirect("accounts:notifications")


@require_POST
def read_all(request: SignedIn) -> HttpResponse:
    count = notifications.mark_read(request.actor)
    messages.success(request, f"{count} 条通知已标为已读。" if count else "没有未读通知。")
    return redirect("accounts:notifications")
