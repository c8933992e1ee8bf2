"""Answers and outcomes; a decision that is annulled is undone, with its bans and its count (M39, M46, I7, R4, R11)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.announcing import about
from casework.acts import Act, register
from casework.attaching import FilesField
from casework.context import Context
from casework.inputs import ActForm, LinesField
from casework.refusals import Refusal
from casework.void import facts_of, resting_on, undo
from disputes.models import Dispute
from institutions.papers import describe


class AnswerForm(ActForm):
    conclusion = forms.CharField(label="答复", widget=forms.Textarea, max_length=4000)
    attachments = FilesField(label="答复的附件", shared=True)


class _Answering(Act):
    subject = Dispute
    sources = ("open",)
    writes = ("closed",)
    kinds: tuple[str, ...] = ()

    def available(self, subject: Dispute) -> bool:
        return subject.state == "open" and subject.kind in self.kinds

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.kind not in self.kinds:
            yield Refusal("state", f"“{self.title}”不适用于{context.subject.get_kind_display()}。")


@register
class AnswerCorrection(_Answering):
    """The agency answers the demand (I7)."""

    word = "answer_correction"
    title = "答复纠正要求"
    clauses = ("I7", "M46")
    roles = ("city_agency",)
    kinds = ("correction",)
    form = AnswerForm

    def effect(self, context: Context) -> None:
        context.fact("closed", outcome="answered", conclusion=context.data["conclusion"])


class MediationForm(AnswerForm):
    measures = LinesField(label="对经办机构的处理(每行一项)", required=False)


@register
class AnswerMediation(_Answering):
    """The bureau answers, within 60 days where the agency's own breach is claimed (I7, M39)."""

    word = "answer_mediation"
    title = "答复协调处理"
    clauses = ("M46", "I7", "M39")
    roles = ("city_bureau",)
    kinds = ("mediation",)
    papers = (42,)
    form = MediationForm

    def effect(self, context: Context) -> None:
        dispute, data = context.subject, context.data
        context.fact("closed", outcome="answered", conclusion=data["conclusion"], measures=data["measures"])
        base: dict[str, Any] = {"institution": describe(dispute.institution)}
        if dispute.agreement is not None:
            base = about(dispute.agreement)
        due = dispute.wanted(context.on)
        more = {"measures": data["measures"]} if data["measures"] else {}
        answer_by = {"answer_by": due[0].due.day.isoformat()} if due and due[0].due else {}
        context.issue(
            42, {**base, "matter": dispute.text or "协议履行争议", "requested_on": dispute.opened_on.isoformat(),
                 "conclusion": data["conclusion"], "agreement_breach": dispute.agency_breach, **more, **answer_by},
        )  # fmt: skip


class OutcomeForm(ActForm):
    outcome = forms.ChoiceField(label="结果", choices=[("upheld", "维持"), ("annulled", "撤销")])
    text = forms.CharField(label="文书和主要内容", required=False, widget=forms.Textarea, max_length=4000)
    attachments = FilesField(label="复议决定书或者裁判文书", shared=True)


@register
class DecideRemedy(_Answering):
    """The outcome is recorded; an annulled decision is undone by this act, its papers answered by papers (R4, R11)."""

    word = "decide_remedy"
    title = "登记复议或诉讼结果"
    clauses = ("M46", "R4", "R11")
    roles = ("city_agency",)
    kinds = ("reconsideration", "lawsuit")
    signatures = 2
    grave = True
    form = OutcomeForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        yield from super().guard(context)
        record = context.subject.against
        if context.data["outcome"] == "annulled" and record is not None and not facts_of(record):
            yield Refusal("state", "该决定已更正或撤销,没有可撤销的内容。")

    def institutions(self, subject: Dispute, data: dict[str, Any]) -> set[int]:
        found = {subject.institution_id}
        for fact in facts_of(subject.against) if subject.against else []:
            case = getattr(fact, "agreement", None) or getattr(fact, "application", None)
            found |= {case.institution_id} if case is not None else set()
        return found

    def effect(self, context: Context) -> None:
        dispute, outcome = context.subject, context.data["outcome"]
        context.fact("closed", outcome=outcome, text=context.data["text"])
        record = dispute.against
        if outcome != "annulled" or record is None:
            return
        # A branch that attacks a cascade frees itself; the origin's success frees all that followed from it (R10).
        only = None if record.institution_id == dispute.institution_id else dispute.institution_id
        # What was done since upon the decision (its check, its amendment, its report) falls with it.
        for each in [*resting_on(record), record]:
            undo(context, each, f"{dispute.get_kind_display()}撤销原决定。", only)
