"""Institutions to be signed, shown to the public, and objections to them (M9.5, R12)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agreements import public
from casework.refusals import Invalid, Refused
from deadlines import clock
from deadlines.loading import working_calendar
from evaluations.models import Objection
from offices.actors import PUBLIC
from pages.acting import Stopped, do, tell
from pages.paging import page_of
from pages.public.searching import search_of
from pages.requests import Request
from pages.throttle import too_often

OBJECTIONS_AN_HOUR = 5


def to_be_signed(request: HttpRequest) -> HttpResponse:
    today, search = clock.today(), search_of(request)
    entries = public.notice_entries().filter(notice__opened_on__lte=today)
    if search.narrowed:
        entries = entries.filter(application__institution__in=search.matching())
    page = page_of(request, entries)
    calendar = working_calendar()
    rows = [public.shown(entry, today, calendar) for entry in page.rows]
    return render(request, "public/notices.html", {"page": page, "rows": rows, "search": search, "today": today})


class ObjectionForm(forms.Form):
    """``website`` is left empty by people, who never see it."""

    text = forms.CharField(
        label="异议内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明哪一家机构、什么问题、有什么依据。最多 2000 字。",
    )  # fmt: skip
    objector = forms.CharField(label="姓名或单位", max_length=120, required=False, help_text="不会公开，也不会告诉被异议的机构。")
    contact = forms.CharField(label="联系方式", max_length=120, required=False, help_text="留下联系方式，核查结论才能告诉您。")
    website = forms.CharField(required=False)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        if len(text) < 5:
            raise ValidationError("请写清楚异议的内容（至少 5 个字）。")
        return text


@require_http_methods(["GET", "POST"])
def objection(request: Request, pk: int) -> HttpResponse:
    """Anybody may object through the last day of the notice; the clerk of the city's agency looks into it."""
    shown = _shown(pk)
    form = ObjectionForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid() and shown.open:
        data = form.cleaned_data
        if data.pop("website") or _sent_before(pk, data["text"]):  # a robot, or the same form sent twice
            return redirect("public:objection_done", pk)
        if too_often(request, "objection", limit=OBJECTIONS_AN_HOUR):
            sentence = "一小时内提出的异议太多，已暂停受理。您写的内容还在下面，请稍后再提交；也可以书面向市经办机构提出。"
            form.add_error(None, sentence)
            status = 429
        elif (response := _object(request, pk, data, form)) is not None:
            return response
    return render(request, "public/objection.html", {"shown": shown, "form": form}, status=status)


def _object(request: Request, pk: int, data: dict[str, Any], form: forms.Form) -> HttpResponse | None:
    # Whoever is signed in objects as a member of the public all the same.
    request.actor = PUBLIC
    try:
        do(request, "object", pk, data=data)
    except (Refused, Invalid) as error:
        tell(form, error)
        return None
    except Stopped as stopped:
        return stopped.response
    return redirect("public:objection_done", pk)


def objection_done(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "public/objection_done.html", {"shown": _shown(pk)})


def _shown(application_id: int) -> public.Shown:
    """The entry on the public notice; applications that are not on one do not exist here."""
    entry = public.notice_entries().filter(application_id=application_id).order_by("-pk").first()
    if entry is None or entry.notice.opened_on > clock.today():
        raise Http404
    return public.shown(entry, clock.today())


def _sent_before(application_id: int, text: str) -> bool:
    return Objection.objects.filter(application_id=application_id, text=text, resolved_at__isnull=True).exists()
