"""Commission and team: four specialties, nobody with a tie to the institution (M9.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q

from applications import papers
from applications.models import Application
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm, RowsField
from casework.refusals import Refusal
from evaluations.models import SPECIALTIES, Evaluation, Rubric, TeamMember
from offices.models import Office


class TeamForm(ActForm):
    commissioned_to = forms.ModelChoiceField(
        Office.objects.filter(role__in=["third_party", "district_agency"], active=True), label="受托组织评估的机构", required=False
    )
    mode = forms.ChoiceField(label="评估形式", choices=[("on_site", "现场"), ("written", "书面")], required=False)
    visit_on = forms.DateField(label="评估日期", required=False)
    place = forms.CharField(label="地点", required=False, max_length=200)
    members = RowsField(
        {"name": ("姓名", None), "specialty": ("专业", SPECIALTIES), "unit": ("单位", None), "tied_to": ("与机构的利害关系(无则空)", None)},
        label="评估小组成员",
        required=False,  # an empty team lacks every specialty: the guard says so with its clause
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offices = self.fields["commissioned_to"]
        assert isinstance(offices, forms.ModelChoiceField)
        assert offices.queryset is not None
        # Another district's agency may not see the case (M3), so it cannot be commissioned with it.
        offices.queryset = offices.queryset.filter(Q(role="third_party") | Q(district_id=self.subject.institution.district_id))


@register
class FormTeam(Act):
    """Commission the evaluation and form the team; for a re-evaluation a new one."""

    word = "form_team"
    title = "组成评估小组"
    subject = Application
    clauses = ("M9.1",)
    roles = ("city_agency",)
    writes = ("team_formed",)
    sources = ("accepted", "rectifying")
    transition = "begin_evaluation"
    form = TeamForm
    papers = (6, 7)

    def available(self, subject: Application) -> bool:
        return subject.state == "accepted" or (subject.state == "rectifying" and subject.road().re_evaluation_on is not None)

    def guard(self, context: Context) -> Iterable[Refusal]:
        present = {member["specialty"] for member in context.data["members"]}
        lacking = [title for value, title in SPECIALTIES if value not in present]
        if lacking:
            yield context.refuse("M9.1", f"评估小组缺少{'、'.join(lacking)}专业人员。")
        tied = [member["name"] or "成员" for member in context.data["members"] if member["tied_to"]]
        if tied:
            yield context.refuse("M9.1", f"{'、'.join(tied)}与申请机构有利害关系,应当回避。")
        if context.subject.state == "rectifying" and context.subject.road().re_evaluation_on is None:
            yield context.refuse("M9.7", "须先开始再次评估。")

    def effect(self, context: Context) -> None:
        application, data = context.subject, context.data
        number = application.evaluations.count() + 1
        rubric = Rubric.on(context.institution.kind, context.on)
        evaluation = Evaluation.objects.create(
            application=application, round=number, rubric=rubric, commissioned_to=data["commissioned_to"],
            mode=data["mode"] or "on_site", started_on=context.on,
        )  # fmt: skip
        members = [TeamMember(evaluation=evaluation, name=m["name"], specialty=m["specialty"], unit=m["unit"]) for m in data["members"]]
        TeamMember.objects.bulk_create(members)
        context.fact("team_formed", evaluation=evaluation.pk)
        clock = application.road().clock(context.clause("M9.2"))
        dates = papers.when("评估期限", clock.due if clock else None)
        team = [{"name": m.name, "specialty": m.get_specialty_display(), "organisation": m.unit} for m in members]
        office = data["commissioned_to"] or context.office
        assert office is not None
        commission = {
            "commissioned": office.name,
            "scope": [item["title"] for item in rubric.items],
            "days": f"至{clock.due.day}" if clock and clock.due else "",
            "institutions": [papers.listed(context)],
            "dates": dates,
        }
        context.issue(6, commission, recipient=office.name)
        visit = {"at": (data["visit_on"] or context.on).isoformat(), "place": data["place"] or context.institution.address}
        context.issue(7, papers.base(context, mode=evaluation.mode, team=team, dates=dates, **visit))
