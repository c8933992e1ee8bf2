"""The agreement template: proposed with a comment period, commented by institutions, adopted with a date (M52, P49)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms

from agreements.models import INSTITUTION_KINDS, AgreementTemplate, TemplateComment
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm, RuleForm
from casework.refusals import Refusal
from institutions.models import Institution

COMMENT_DAYS = 15


class ArticlesField(forms.CharField):
    """Articles of the agreement: a heading line starting with #, then paragraphs."""

    widget = forms.Textarea(attrs={"rows": 20})

    def clean(self, value: Any) -> list[dict[str, Any]]:
        articles: list[dict[str, Any]] = []
        for line in str(super().clean(value)).splitlines():
            text = line.strip()
            if text.startswith("#"):
                articles.append({"heading": text.lstrip("# "), "paragraphs": []})
            elif text and articles:
                articles[-1]["paragraphs"].append(text)
            elif text:
                raise forms.ValidationError("每一部分应先有以“#”开头的标题行。")
        if not articles:
            raise forms.ValidationError("请至少写一个部分。")
        return articles


class ProposeForm(RuleForm):
    kind = forms.ChoiceField(label="机构类别", choices=INSTITUTION_KINDS)
    title = forms.CharField(label="名称", max_length=120)
    articles = ArticlesField(label="协议文本(标题行以#开头)", max_length=60000)
    comment_days = forms.IntegerField(label="征求意见天数", min_value=1, max_value=365, required=False)


@register
class ProposeTemplate(Act):
    """Put a new version to the institutions for comment."""

    word = "propose_template"
    title = "协议范本征求意见"
    clauses = ("M52", "M10.3")
    roles = ("city_bureau",)
    form = ProposeForm

    def effect(self, context: Context) -> None:
        data = context.data
        last = AgreementTemplate.objects.filter(kind=data["kind"]).order_by("-version").values_list("version", flat=True).first()
        template = AgreementTemplate.objects.create(
            kind=data["kind"], version=(last or 0) + 1, title=data["title"], articles=data["articles"], comments_from=context.on,
            comments_to=context.on + timedelta(days=data["comment_days"] or COMMENT_DAYS),
        )  # fmt: skip
        context.log = {"template": template.pk, "kind": template.kind, "version": template.version, "reason": data["reason"]}


class CommentForm(ActForm):
    template = forms.ModelChoiceField(AgreementTemplate.objects.all(), label="协议范本")
    text = forms.CharField(label="意见", widget=forms.Textarea, max_length=4000)


@register
class CommentTemplate(Act):
    """An institution comments on a proposed template of its kind, through the last day."""

    word = "comment_template"
    title = "对协议范本提意见"
    subject = Institution
    clauses = ("M52", "M13")
    roles = ("institution",)
    form = CommentForm

    def available(self, subject: Institution) -> bool:
        return AgreementTemplate.objects.filter(kind=subject.kind, in_force_from__isnull=True).exists()

    def guard(self, context: Context) -> Iterable[Refusal]:
        template = context.data["template"]
        if template.kind != context.subject.kind or context.on > template.comments_to:
            yield context.refuse("M52", "该范本不在征求本机构意见的期间内。")

    def effect(self, context: Context) -> None:
        template, text = context.data["template"], context.data["text"]
        TemplateComment.objects.create(template=template, institution=context.subject, text=text, made_at=context.at)


class AdoptForm(RuleForm):
    template = forms.ModelChoiceField(AgreementTemplate.objects.filter(in_force_from__isnull=True), label="协议范本")
    in_force_from = forms.DateField(label="自何日起使用")


@register
class AdoptTemplate(Act):
    """Bring a version into force, from a day after the comment period; signed agreements keep theirs."""

    word = "adopt_template"
    title = "启用协议范本"
    clauses = ("M52", "M10.3")
    roles = ("city_bureau",)
    form = AdoptForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        template, day = context.data["template"], context.data["in_force_from"]
        if day <= template.comments_to or day < context.on:
            yield Refusal("M52", f"应先征求意见(至{template.comments_to}),次日以后方可启用。", template.comments_to + timedelta(days=1))

    def effect(self, context: Context) -> None:
        AgreementTemplate.objects.filter(pk=context.data["template"].pk).update(in_force_from=context.data["in_force_from"])
