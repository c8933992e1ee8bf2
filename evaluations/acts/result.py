"""Result, its filing with the bureau, its service, and the way to a re-evaluation (M9.4, M9.6–M9.8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django import forms

from applications import papers
from applications.models import Application
from applications.road import FINAL, sources_of
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from deadlines.periods import add_years
from documents.models import Document
from documents.service import Method, problem, record_service, served_on_day
from evaluations.models import Evaluation
from offices.models import Office
from standing.recording import record_second_failure


class ResultForm(ActForm):
    result = forms.ChoiceField(label="评估结果", choices=[("pass", "合格"), ("fail", "不合格")])
    reasons = forms.CharField(label="理由", required=False, widget=forms.Textarea, max_length=4000)
    suggestions = forms.CharField(label="整改建议", required=False, widget=forms.Textarea, max_length=4000)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("result") == "fail":
            for field, lacking in (("reasons", "不合格的,须写明理由。"), ("suggestions", "不合格的,须写明整改建议(M9.6、P8.6)。")):
                if not cleaned.get(field) and field not in self.errors:
                    self.add_error(field, lacking)
        return cleaned


@register
class RecordResult(Act):
    """Decide pass or fail by handler and reviewer; no result while an item or an evidence request is open (M9.3, M29)."""

    word = "record_result"
    title = "作出评估结果"
    subject = Application
    clauses = ("M9.3", "M9.4", "M29")
    roles = ("city_agency",)
    writes = ("result_recorded",)
    sources = ("evaluating",)
    signatures = 2
    collective = True
    form = ResultForm
    papers = (9,)
    grave = True

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state != "evaluating":
            return
        each = context.subject.road().round
        if each and each.open_items:
            yield context.refuse("M9.3", f"补充材料未到齐({'、'.join(each.open_items)}),不能作出结果。")
        evaluation = context.subject.evaluations.latest("round")
        found = {finding.item: finding.met for finding in evaluation.findings.filter(replaced_at__isnull=True)}
        lacking = [item["title"] for item in evaluation.rubric.items if item["code"] not in found]
        if lacking:
            yield context.refuse("M9.3", f"尚无评估意见的项目:{'、'.join(lacking)}。")
        unmet = [item["title"] for item in evaluation.rubric.items if item.get("mandatory") and found.get(item["code"]) is False]
        if unmet and context.data["result"] == "pass":
            yield context.refuse("M9.3", f"必备项目不符合,不能评为合格:{'、'.join(unmet)}。")

    def effect(self, context: Context) -> None:
        application, data = context.subject, context.data
        evaluation = application.evaluations.latest("round")
        passed = data["result"] == "pass"
        context.fact("result_recorded", result=data["result"], reasons=data["reasons"], suggestions=data["suggestions"])
        for case in (application, evaluation):
            case.passes() if passed else case.fails()
        evaluation.save()
        paper = papers.base(context, **report(evaluation, context.on.isoformat()), passed=passed, reason=data["reasons"])
        # The team reports to the agency; the institution learns the result by paper 11 or 12.
        context.issue(9, paper, recipient=context.office.name if context.office else "")


def report(evaluation: Evaluation, evaluated_on: str) -> dict[str, object]:
    """Findings and team as the report prints them."""
    found = {finding.item: finding for finding in evaluation.findings.filter(replaced_at__isnull=True)}
    rows = [
        {
            "item": item["title"],
            "clause": item.get("clause", ""),
            "met": found[item["code"]].met,
            "evidence": found[item["code"]].evidence,
        }
        for item in evaluation.rubric.items
        if item["code"] in found
    ]
    team = [{"name": m.name, "specialty": m.get_specialty_display(), "organisation": m.unit} for m in evaluation.members.all()]
    common = {"mode": evaluation.mode, "evaluated_on": evaluated_on, "attempt": evaluation.round}
    return {"findings": rows, "team": team, "rubric": str(evaluation.rubric), **common}


@register
class FileResult(Act):
    """File results with the bureau of the same level, one batch report for all rows (M9.4)."""

    word = "file_result"
    title = "评估结果备案"
    subject = Application
    clauses = ("M9.4",)
    roles = ("city_agency",)
    writes = ("result_filed",)
    sources = ("passed", "failed", "rectifying")
    papers = (10,)
    in_batches = True

    def available(self, subject: Application) -> bool:
        road = subject.road()
        return subject.state in self.sources and road.result_filed_on is None and road.re_evaluation_on is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        road = context.subject.road()
        if road.re_evaluation_on is not None:
            yield context.refuse("M9.4", "再次评估已开始,尚无结果;再次评估的结果作出之后方可备案。")
            yield Refusal("state", "再次评估期间没有可备案的结果。")
        elif road.result_filed_on is not None:
            yield Refusal("state", "评估结果已备案。")

    def effect(self, context: Context) -> None:
        context.fact("result_filed")

    def together(self, contexts: Sequence[Context]) -> None:
        bureau = Office.objects.filter(role="city_bureau", active=True).first()
        rows = []
        for context in contexts:
            result = context.subject.road().round.result
            decided = context.subject.road().round.result_on
            outcome = {"result": "合格" if result == "pass" else "不合格", "decided_on": decided.isoformat()}
            rows.append({**papers.listed(context), **outcome})
        about = [context.institution.pk for context in contexts]
        day = contexts[0].on
        data = {"batch": f"{day.year}年{day.month}月{day.day}日", "institutions": rows}
        contexts[0].issue(10, data, about=about, recipient=bureau.name if bureau else "")


class ServeForm(ActForm):
    method = forms.ChoiceField(label="送达方式", choices=Method.choices, required=False)
    on = forms.DateField(label="送达之日", required=False, help_text="空为今天；邮寄的，收到回执后再登记签收之日，这里不填。")
    recipient = forms.CharField(label="收件人", required=False, max_length=80)
    relation = forms.CharField(label="与机构的关系", required=False, max_length=80)
    place = forms.CharField(label="送达地点", required=False, max_length=200)
    witness = forms.CharField(label="见证人", required=False, max_length=80)
    receipt = forms.CharField(label="邮件号或公告载体", required=False, max_length=120)
    reason = forms.CharField(label="拒收或代收事由", required=False, max_length=300)
    remark = forms.CharField(label="备注", required=False, max_length=300)


@register
class ServeResult(Act):
    """Tell the institution; the day on the proof of service starts the clocks (M9.6, M9.7; announcement: after 30 days).

    A failed result also where the application ended first: the gate and the count bind a new one (R3).
    By post the paper goes out now and is served on the day on the receipt, recorded by ``serve_document`` when it comes back.
    """

    word = "serve_result"
    title = "送达评估结果"
    subject = Application
    clauses = ("M9.6", "M9.7", "M9.8")
    roles = ("city_agency",)
    writes = ("result_served",)
    sources = tuple(sources_of("result_served"))
    form = ServeForm
    papers = (11, 12)

    def available(self, subject: Application) -> bool:
        road = subject.road()
        unsent = road.round is not None and road.round.sent_on is None
        return unsent and (road.unserved_failure if subject.state in FINAL else subject.state in self.sources)

    def guard(self, context: Context) -> Iterable[Refusal]:
        road = context.subject.road()
        if road.round and road.round.served_on is not None:
            yield Refusal("state", f"结果已送达({road.round.served_on})。")
        elif road.round and road.round.sent_on is not None:
            yield Refusal("state", f"结果已于{road.round.sent_on}交寄,收到回执后对告知书登记送达。")
        elif context.subject.state in FINAL and not road.unserved_failure:
            yield Refusal("state", "申请已结束,没有待送达的不合格结果。")
        if context.data["on"] not in (None, context.on):
            yield Refusal("state", "告知书今天制发,送达之日只能是今天;邮寄的留空,收到回执后再登记签收之日。")
        method, witness = context.data["method"] or Method.ONLINE, context.data["witness"]
        complaint = problem(method, [context.institution.pk], context.on, witness=witness)
        if complaint:
            yield context.refuse("M9.6", complaint)

    def effect(self, context: Context) -> None:
        application = context.subject
        method = context.data["method"] or Method.ONLINE
        posted = method == Method.POST and context.data["on"] is None
        served_on = None if posted else served_on_day(method, context.on)
        if served_on is None:
            context.fact("result_served", method=method, awaits_receipt=True)
        else:
            context.fact("result_served", method=method, served_on=served_on.isoformat())
        road = application.road()
        details = {name: context.data[name] for name in ("recipient", "relation", "place", "witness", "receipt", "reason", "remark")}

        def prove(document: Document) -> None:
            if served_on is None:
                return
            record_service([document], method=method, on=context.on, by=context.actor.user_name, act_id=context.record_id, **details)

        if road.round.result == "pass":
            known = road.notice_on is not None and road.notice_last_day is not None
            notice = {"from_on": road.notice_on.isoformat(), "until_on": road.notice_last_day.isoformat()} if known else None
            evaluated_on = road.round.result_on.isoformat()
            context.issue(11, papers.base(context, evaluated_on=evaluated_on, **({"notice": notice} if notice else {})), then=prove)
            return
        if road.second_failure and served_on is not None:
            record_second_failure(context, context.institution, served_on)
        elif application.state == "failed" and road.served_by(context.on):
            application.begin_rectification()
        evaluation = application.evaluations.latest("round")
        recorded = application.facts.filter(kind="result_recorded", voided_at__isnull=True).latest("id")
        gate = road.gate(context.clause("M9.7"))
        items = failed_items(evaluation, recorded.data["suggestions"], recorded.data["reasons"])
        # A paper on its way cannot say when its periods end; it says that they run from its service.
        dates = papers.when("整改期满", gate) if served_on is not None else []
        if road.second_failure and served_on is not None:
            until = add_years(served_on, 1)
            steps = f"结果送达 {served_on} + 1年 = {until}"
            dates = [{"label": "不得再次申请至", "day": until.isoformat(), "explanation": steps, "provisional": False}]
        attempt = 2 if road.second_failure else 1
        outcome = {"evaluated_on": road.round.result_on.isoformat(), "attempt": attempt, "items": items, "reason": recorded.data["reasons"]}
        context.issue(12, papers.base(context, **outcome, dates=dates, remedies=road.second_failure), then=prove)


def failed_items(evaluation: Evaluation, suggestions: str, reasons: str) -> list[dict[str, str]]:
    """The items that were not met, with the evidence as reason; all together carry the suggestions (M9.6).

    Where each item by itself was met, the reasons stated for the whole stand in their place.
    """
    unmet = {finding.item: finding for finding in evaluation.findings.filter(replaced_at__isnull=True, met=False)}
    rows = [item for item in evaluation.rubric.items if item["code"] in unmet]
    listed = [{"item": item["title"], "reason": unmet[item["code"]].evidence, "suggestion": suggestions} for item in rows]
    return listed or [{"item": "综合评估", "reason": reasons, "suggestion": suggestions}]


@register
class StartReEvaluation(Act):
    """Begin the one re-evaluation, no earlier than the day after the 3 months from service (M9.7)."""

    word = "start_re_evaluation"
    title = "开始再次评估"
    subject = Application
    clauses = ("M9.7",)
    roles = ("city_agency",)
    writes = ("re_evaluation_started",)
    sources = ("rectifying",)

    def available(self, subject: Application) -> bool:
        return subject.state == "rectifying" and subject.road().re_evaluation_on is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        road = context.subject.road()
        if road.re_evaluation_on is not None:
            yield Refusal("state", "再次评估已开始,请组成评估小组。")
            return
        if road.now != "failed":
            return
        clause = context.clause("M9.7")
        gate = road.gate(clause)
        if road.failures >= 2:
            yield context.refuse("M9.7", "再次评估只有一次。")
        elif gate is None:
            yield context.refuse("M9.7", "评估结果尚未送达,整改期没有开始。")
        elif context.on <= gate.day:
            opens = gate.day + timedelta(days=1)
            yield context.refuse("M9.7", f"整改满3个月方可再次评估:{gate.explanation},{opens}起可以。", opens)

    def effect(self, context: Context) -> None:
        context.fact("re_evaluation_started")
