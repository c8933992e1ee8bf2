"""Notifications of the office and of the person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from offices import notifications
from pages.paging import page_of
from pages.requests import SignedIn


def inbox(request: SignedIn) -> HttpResponse:
    rows = notifications.inbox(request.actor)
    only_unread = request.GET.get("unread") == "1"
    page = page_of(request, rows.filter(read_at__isnull=True) if only_unread else rows)
    return render(request, "accounts/notifications.html", {"page": page, "only_unread": only_unread})


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
