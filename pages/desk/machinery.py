"""For the administrator: timers that fail, automatic effects switched off, the working calendar. No case is to be seen here (M3)."""

from calendar import Calendar
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deadlines import calendar_changes, clock, registry, switches
from deadlines.loading import working_calendar
from deadlines.models import CalendarDay, Deadline, EffectSwitch, Firing, PublishedYear
from deadlines.timers import failing
from offices.models import District, Role
from pages.desk import bounded
from pages.desk.gate import EVERYBODY, only
from pages.paging import page_of
from pages.requests import SignedIn

SEE_TIMERS = (Role.ADMINISTRATOR, Role.CITY_BUREAU, Role.AUDITOR)
SWITCH = (Role.ADMINISTRATOR,)
SET_DAYS = (Role.ADMINISTRATOR, Role.CITY_BUREAU)


class SwitchForm(forms.Form):
    kind = forms.ChoiceField(label="自动处理的种类")
    district = forms.ModelChoiceField(District.objects.all(), label="区", empty_label="请选择")
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(name, each.title) for name, each in registry.kinds.items() if each.on_due is not None]


@only(*SEE_TIMERS)
@require_http_methods(["GET", "POST"])
def timers(request: SignedIn) -> HttpResponse:
    """What waits, what fails and why, what is switched off since when and by whom."""
    mine = request.actor.role in SWITCH
    form = SwitchForm(request.POST if request.POST.get("switch") == "off" else None)
    if request.method == "POST":
        if not mine:
            raise Http404
        answer = _switch(request, form)
        if answer is not None:
            return answer
    now = clock.now()
    page = page_of(request, failing(), newest_first=False)
    districts = dict(District.objects.values_list("code", "name"))

    def named(row: Any) -> dict[str, Any]:
        return {"row": row, "title": registry.title(row.kind), "district": districts.get(row.district, row.district)}

    last = Firing.objects.order_by("-fired_at").first()
    context = {
        "form": form,
        "kinds": [each for each in registry.kinds.values() if each.on_due is not None],
        "mine": mine,
        "page": page,
        "failing": [named(row) for row in page.rows],
        "waiting": bounded.shown(bounded.counts([Deadline.objects.filter(wake_at__lte=now)])[0]),
        "oldest": Deadline.objects.filter(wake_at__lte=now).order_by("wake_at").values_list("wake_at", flat=True).first(),
        "last": last.fired_at if last else None,
        "switches": [named(row) for row in EffectSwitch.objects.order_by("on_since", "-off_since")[:100]],
        "now": timezone.localtime(now),
    }
    return render(request, "desk/timers.html", context)


def _switch(request: SignedIn, form: SwitchForm) -> HttpResponse | None:
    """Off with a reason, or on again; None when the form has to be shown again."""
    try:
        if request.POST.get("switch") == "on":
            kind, district = request.POST.get("kind", ""), request.POST.get("district", "")
            if kind not in registry.kinds or "\x00" in district:
                raise Http404
            switches.switch_on(district, kind, request.actor)
            messages.success(request, f"{registry.title(kind)}的自动处理已恢复，停用期间到期的将补办。")
            return redirect("desk:timers")
        if request.POST.get("switch") == "off" and form.is_valid():
            data = form.cleaned_data
            switches.switch_off(data["district"].pk, data["kind"], request.actor, data["reason"])
            messages.success(request, f"{data['district']}的“{registry.title(data['kind'])}”自动处理已停用，提醒和督办照常。")
            return redirect("desk:timers")
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("desk:timers")
    return None


class DayForm(forms.Form):
    day = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2026-03-02 的格式填写日期。"},
    )
    working = forms.TypedChoiceField(
        label="改定为", choices=[("yes", "工作日"), ("no", "非工作日")], coerce=lambda text: text == "yes", widget=forms.RadioSelect
    )
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="写明依据，如通知的文号。")

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if not 2022 <= day.year <= clock.today().year + 10:
            raise ValidationError("日期不在2022年以后的十年之内，请核对。")
        return day


@only(*EVERYBODY, Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def workdays(request: SignedIn) -> HttpResponse:
    """Which days are working days, and who overruled what; deadlines still open are computed anew after a change (R1)."""
    mine = request.actor.role in SET_DAYS
    form = DayForm(request.POST or None)
    if request.method == "POST":
        if not mine:
            raise Http404
        if form.is_valid():
            data = form.cleaned_data
            calendar_changes.overrule(data["day"], data["working"], request.actor, data["reason"])
            messages.success(request, f"{data['day']}已改定为{'工作日' if data['working'] else '非工作日'}，未到期的期限随即重新计算。")
            return redirect("desk:workdays")
    return render(request, "desk/workdays.html", {"form": form, "mine": mine, **_year(request)})


def _year(request: SignedIn) -> dict[str, Any]:
    """A year as twelve small months, with the days that differ from Monday to Friday."""
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 and 2004 <= int(given) <= 2100 else clock.today().year
    working = working_calendar()
    months = []
    overruled = set(CalendarDay.objects.filter(source=CalendarDay.Source.OVERRIDE, day__year=year).values_list("day", flat=True))
    for number in range(1, 13):
        weeks = [
            [
                {
                    "day": day,
                    "here": day.month == number,
                    "rest": not working.is_working(day),
                    "overruled": day in overruled,
                    "odd": working.is_working(day) != (day.weekday() < 5),
                }
                for day in week
            ]
            for week in Calendar().monthdatescalendar(year, number)
        ]
        months.append({"number": number, "weeks": weeks})
    return {
        "year": year,
        "months": months,
        "before": year - 1,
        "after": year + 1,
        "today": clock.today(),
        "published": PublishedYear.objects.filter(year=year).first(),
        "overrulings": CalendarDay.objects.filter(source=CalendarDay.Source.OVERRIDE).order_by("-id")[:100],
    }
