"""Public notice and objections (M9.5, R12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.timezone import localtime

from applications import papers
from applications.models import Application
from applications.road import notice_last_day
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from evaluations.models import Notice, NoticeEntry, Objection
from offices import settings as office_settings


class NoticeForm(ActForm):
    days = forms.IntegerField(label="公示工作日数", required=False, min_value=1, max_value=60)
    reason = forms.CharField(label="短于规定公示期的理由", required=False, max_length=300, help_text="印在公示上;不缩短的不必填写。")


@register
class OpenNotice(Act):
    """Show passed applications to the public; one notice for all rows of the call."""

    word = "open_notice"
    title = "发布公示"
    subject = Application
    clauses = ("M9.4", "M9.5")
    roles = ("city_agency",)
    writes = ("notice_opened",)
    sources = ("passed",)
    transition = "publish"
    form = NoticeForm
    papers = (13,)
    in_batches = True

    def guard(self, context: Context) -> Iterable[Refusal]:
        road = context.subject.road()
        if road.notice_on is None and road.result_filed_on is None:
            yield context.refuse("M9.4", "评估结果尚未报同级医疗保障行政部门备案。")
        if self.shortened(context) and not context.data["reason"]:
            usual = office_settings.value("notice_days", context.on)
            yield context.refuse("M9.5", f"市医疗保障局规定公示{usual}个工作日,短于此的须写明理由。")

    @staticmethod
    def shortened(context: Context) -> bool:
        """Whether the period is shorter than the bureau's setting (R12)."""
        return bool(context.data["days"]) and context.data["days"] < int(office_settings.value("notice_days", context.on))

    def effect(self, context: Context) -> None:
        days = context.data["days"] or int(office_settings.value("notice_days", context.on))
        stated = {"reason": context.data["reason"]} if self.shortened(context) else {}
        if "notice" not in context.shared:
            last = notice_last_day(context.on, days, context.calendar, context.clause("M9.5"))
            context.shared["notice"] = Notice.objects.create(opened_on=context.on, last_day=last.day, days=days)
            context.shared["dates"] = papers.when("公示截止", last)
        notice = context.shared["notice"]
        NoticeEntry.objects.create(notice=notice, application=context.subject)
        context.fact("notice_opened", days=days, notice=notice.pk, **stated)

    def together(self, contexts: Sequence[Context]) -> None:
        rows = []
        for context in contexts:
            rows.append({**papers.listed(context), "address": context.institution.address})
        first = contexts[0]
        notice = first.shared["notice"]
        period = {"from_on": notice.opened_on.isoformat(), "until_on": notice.last_day.isoformat()}
        office = first.office
        to = f"书面向{office.name}提出" + (f"(电话{office.phone})" if office.phone else "") if office else ""
        data = {"batch": f"第{notice.pk}批", "institutions": rows, "dates": first.shared["dates"], "objections_to": to, **period}
        if self.shortened(first):
            data["shortened"] = {"days": notice.days, "reason": first.data["reason"]}
        first.issue(13, data, about=[context.institution.pk for context in contexts], recipient="")


class ObjectForm(ActForm):
    text = forms.CharField(label="异议内容", widget=forms.Textarea, max_length=2000)
    objector = forms.CharField(label="姓名或单位", required=False, max_length=120)
    contact = forms.CharField(label="联系方式", required=False, max_length=120)


@register
class Object(Act):
    """Anybody may object through the last day of the notice."""

    word = "object"
    title = "提出异议"
    subject = Application
    clauses = ("M9.5",)
    roles = ("public", "institution")
    writes = ("objected",)
    sources = ("public_notice",)
    form = ObjectForm
    public = True

    def guard(self, context: Context) -> Iterable[Refusal]:
        road = context.subject.road()
        if road.notice_last_day is None:
            yield context.refuse("M9.5", "该申请不在公示中。")
            yield Refusal("state", "没有公示,无从提出异议。")
        elif road.notice_over(context.on):
            yield context.refuse("M9.5", f"公示已于{road.notice_last_day}截止。")
            yield Refusal("state", "公示期满后不再受理异议。")

    def effect(self, context: Context) -> None:
        fact = context.fact("objected", by=context.actor.role)
        Objection.objects.create(
            application=context.subject, fact_id=fact.pk, text=context.data["text"], objector=context.data["objector"],
            contact=context.data["contact"], made_at=context.at,
        )  # fmt: skip
        context.log = {"objection": fact.pk}


class ResolveForm(ActForm):
    objection = forms.TypedChoiceField(label="异议", required=False, coerce=int, empty_value=None)
    upheld = forms.BooleanField(label="异议成立", required=False, help_text="成立的,申请随即结束办理。")
    outcome = forms.CharField(label="核查结论", widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["objection"]
        assert isinstance(field, forms.ChoiceField)
        waiting = Objection.objects.filter(application=self.subject, resolved_at__isnull=True)
        field.choices = [("", "最早的一件"), *((each.fact_id, str(each)) for each in waiting)]


@register
class ResolveObjection(Act):
    """Answer an objection; upheld closes the application (R12)."""

    word = "resolve_objection"
    title = "处理异议"
    subject = Application
    clauses = ("M9.5",)
    roles = ("city_agency",)
    writes = ("objection_resolved",)
    sources = ("public_notice",)
    form = ResolveForm
    papers = (14,)
    grave = True

    def available(self, subject: Application) -> bool:
        return subject.state == "public_notice" and bool(subject.road().open_objections)

    def guard(self, context: Context) -> Iterable[Refusal]:
        wanted = context.data["objection"]
        still = [each.id for each in context.subject.road().open_objections]
        if not still or (wanted and wanted not in still):
            yield Refusal("state", "没有待处理的异议。")

    def effect(self, context: Context) -> None:
        application, data = context.subject, context.data
        number = data["objection"] or application.road().open_objections[0].id
        context.fact("objection_resolved", objection=number, upheld=data["upheld"])
        Objection.objects.filter(fact_id=number).update(outcome=data["outcome"], upheld=data["upheld"], resolved_at=context.at)
        if data["upheld"]:
            application.close()
        elif application.road().state(context.on) == "negotiating":
            application.begin_negotiation()
        objection = Objection.objects.get(fact_id=number)
        conclusion = "异议成立,申请结束办理。" if data["upheld"] else "异议不成立。"
        about = {"matter": objection.text, "filed_on": localtime(objection.made_at).date().isoformat()}
        paper = papers.base(context, objection=about, facts=[data["outcome"]], conclusion=conclusion, upheld=data["upheld"])
        context.issue(14, paper)
        if objection.objector:
            # A paper of its own: the institution must not learn who objected (M35), so this one is not among its documents.
            context.issue(14, paper, recipient=objection.objector, about=[])
