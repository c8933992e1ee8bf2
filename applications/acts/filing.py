"""The institution starts, fills and files an application (M7, R15)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from applications import entry, materials, papers
from applications.deadlines import answer_days
from applications.models import Application
from applications.statements import statements_of
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm, LinesField
from casework.numbers import case_number
from casework.refusals import Invalid, Refusal
from deadlines import clock
from documents.uploads import Unfit, check_file
from institutions.models import Institution


class StatementField(forms.JSONField):
    """Statements: clause or condition code → true or false."""

    def clean(self, value: object) -> dict[str, bool]:
        cleaned = super().clean(value) or {}
        if not isinstance(cleaned, dict) or any(not isinstance(each, bool) for each in cleaned.values()):
            raise forms.ValidationError("申明应为“条款:是或否”的对应表。")
        if any(len(str(clause)) > 30 or not str(clause).isprintable() for clause in cleaned):
            raise forms.ValidationError("申明的条款编号不正确。")
        return {str(clause): each for clause, each in cleaned.items()}


@register
class StartApplication(Act):
    """Open a draft. Everything that speaks against applying is told here already, but stops nothing (R15)."""

    word = "start_application"
    title = "开始申请"
    subject = Institution
    clauses = ("M7",)
    roles = ("institution",)
    writes = ("drafted",)

    def available(self, subject: Institution) -> bool:
        return True

    def guard(self, context: Context) -> Iterable[Refusal]:
        found = entry.alive(context.subject, context.on)
        draft = entry.open_application(context.subject, context.on)
        if draft is not None and draft.state == "draft":
            found.append(Refusal("state", "已有一份草稿,请继续填写。"))
        return found

    def effect(self, context: Context) -> None:
        application = Application.objects.create(institution=context.subject, started_on=context.on)
        context.fact("drafted", case=application)
        context.log["application"] = application.pk


class UploadForm(ActForm):
    item = forms.CharField(label="材料", max_length=30)
    file = forms.FileField(label="文件")

    def clean_item(self) -> str:
        item = self.cleaned_data["item"]
        # A draft follows the list of today: that is the one it will be held against when it is filed.
        day = self.subject.filed_on or clock.today()
        if item not in {each.id for each in materials.items_on(self.subject.institution.kind, day)}:
            raise forms.ValidationError("没有这一项材料。")
        return item

    def clean_file(self) -> object:
        try:
            check_file(self.cleaned_data["file"])
        except Unfit as error:
            raise forms.ValidationError(str(error)) from error
        return self.cleaned_data["file"]


@register
class UploadMaterial(Act):
    """Put a file into a slot, while drafting or supplementing; digest, size, uploader and time are kept."""

    word = "upload_material"
    title = "上传材料"
    subject = Application
    clauses = ("M7",)
    roles = ("institution",)
    sources = ("draft", "supplementing")
    form = UploadForm

    def effect(self, context: Context) -> None:
        user = context.actor.user_id
        material = materials.store(context.subject, context.data["item"], context.data["file"], user, context.at)
        context.log = {"item": material.item, "name": material.name, "digest": material.digest, "size": material.size}


class SubmitForm(ActForm):
    attest = StatementField(label="申明", required=False)
    insist = forms.BooleanField(label="知悉上述情形,仍要求受理机构作出决定", required=False)

    def clean(self) -> dict[str, Any]:
        """What only a person can judge is stated one by one, well or ill (M6.4–M6.6); silence is neither."""
        data = super().clean() or {}
        if self.subject is not None and self.subject.state == "draft" and "attest" in data:
            given = {**self.subject.attest, **data["attest"]}
            left = [each for each in statements_of(self.subject, clock.today()) if given.get(each.code) is None]
            if left:
                self.add_error("attest", f"还有 {len(left)} 条申明没有填写（{'、'.join(each.code for each in left)}），请先完成申明。")
        return data


@register
class SubmitApplication(Act):
    """File. What the system can see for itself stops the filing, unless the institution insists on a decision (R15)."""

    word = "submit_application"
    title = "提交申请"
    subject = Application
    clauses = ("M7", "M6.1", "M6.2", "M6.3", "M6.4", "M6.5", "M6.6", "M9.7", "M9.8", "M53")
    roles = ("institution",)
    writes = ("filed",)
    sources = ("draft",)
    transition = "submit"
    form = SubmitForm
    papers = (1,)

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state != "draft":
            return []
        blocked = [refusal for blocker in entry.blockers for refusal in blocker(context.institution, context.on)]
        if context.data["insist"]:
            return [*blocked, *entry.unanswerable(context.institution, context.on)]
        return [*blocked, *entry.reasons(context.institution, context.on, self.attest(context))]

    @staticmethod
    def attest(context: Context) -> dict[str, bool]:
        return {**context.subject.attest, **context.data["attest"]}

    def effect(self, context: Context) -> None:
        application, institution = context.subject, context.institution
        attest = self.attest(context)
        # What held on the filing day goes on speaking against acceptance: conditions, and the gate of an earlier failure (R3, R15).
        conditions = [*entry.conditions(institution, context.on, attest), *entry.gate(institution, context.on)]
        missing = [item.id for item in materials.missing_items(application, context.on)]
        against = entry.reasons(institution, context.on, attest)
        if application.number is None:
            application.number = case_number("application", context.on, institution.district_id)
        application.attest = attest
        context.fact(
            "filed",
            missing=missing,
            attest=attest,
            insisted=bool(against),
            unmet=[refusal.clause for refusal in conditions],
            unmet_sentences={refusal.clause: refusal.message for refusal in conditions},
        )
        have = materials.on_file(application)
        rows = []
        for item in materials.items_on(institution.kind, context.on):
            file = have.get(item.id)
            rows.append(
                {
                    "name": item.title,
                    "file": file.name if file else "",
                    "digest": file.digest if file else "",
                    "note": "" if file else "未提交",
                }
            )
        road = application.road()
        due = road.supplement_due(context.clause("M8.2"), answer_days(road))
        data = papers.base(context, received_at=f"{context.at:%Y-%m-%d %H:%M}", materials=rows, dates=papers.when("核对答复期限", due))
        context.issue(1, data, issuer=papers.agency_of(institution))


class AttestForm(ActForm):
    attest = StatementField(label="申明", required=False)


@register
class SaveDraft(Act):
    """Keep the draft's statements; pages call it by themselves."""

    word = "save_draft"
    title = "保存草稿"
    subject = Application
    clauses = ("M7",)
    roles = ("institution",)
    sources = ("draft",)
    form = AttestForm

    def effect(self, context: Context) -> None:
        context.subject.attest = {**context.subject.attest, **context.data["attest"]}


class SupplyForm(ActForm):
    items = LinesField(label="本次补交的材料", required=False)


@register
class Supply(Act):
    """Hand in what the supplement notice asked for; acceptance will be dated the day the last item arrived (R3)."""

    word = "supply"
    title = "提交补正材料"
    subject = Application
    clauses = ("M8.2",)
    roles = ("institution",)
    writes = ("supplied",)
    sources = ("supplementing",)
    form = SupplyForm

    def effect(self, context: Context) -> None:
        application = context.subject
        road = application.road()
        known = materials.items_on(context.institution.kind, road.filed_on)
        asked = materials.expand(context.data["items"], known) or list(road.missing)
        notice = application.facts.filter(kind="supplement_requested", voided_at__isnull=True).latest("id")
        fresh = set(application.materials.filter(uploaded_at__gte=notice.at, replaced_at__isnull=True).values_list("item", flat=True))
        arrived = [item for item in asked if item in road.missing and item in fresh]
        if not arrived:
            titles = {item.id: item.title for item in known}
            lacking = "、".join(titles.get(item, item) for item in road.missing)
            raise Invalid({"items": [f"尚未上传补正材料:{lacking}。"]})
        context.fact("supplied", items=arrived)
        if set(road.missing) <= set(arrived):
            application.complete_supplement()
