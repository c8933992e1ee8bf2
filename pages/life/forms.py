"""How the forms of acts on a living agreement are shown: people by name, yes or no by choice, days filled in, rules beside the fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from agreements import intentions
from agreements.acts.changing import waiting
from agreements.acts.findings import FindingsForm
from agreements.acts.renewing import DecideForm
from agreements.changes import fields_of, is_major
from agreements.grounds import NATURES, termination_grounds
from agreements.models import Agreement
from agreements.suspensions import MOST_DAYS
from agreements.voluntary import earliest_effect
from casework.acts import Act
from deadlines import clock
from deadlines.periods import status_last_day, term_last_day
from documents.citations import place
from institutions.models import Institution, Person, Post, PostName
from law.clauses import numbered

# What a box unticked would decide by silence is asked as a question: act → field → answers.
QUESTIONS: Mapping[str, tuple[str, str]] = {
    "granted": ("同意", "不同意"),
    "agreed": ("协商一致，同意续签", "未能协商一致，不予续签"),
    "passed": ("整改到位", "整改不到位（由此立案处理）"),
    "refused": ("不予核准", "核准"),  # asked with the usual answer first, under a label of its own
}
HELPS: Mapping[tuple[str, str], tuple[str, str]] = {  # act and field → clause in the hospital numbering, sentence
    ("suspend", "to_on"): ("M42.6", "首尾两日都在内，最长180日；期满次日自动恢复履行。"),
    ("suspend", "rectify"): ("M43.1", "写进决定书；中止期内须验收，验收不到位的立案解除。"),
    ("suspend", "urgent_reason"): ("M38.6", "只在没有先发拟处理告知书时填写。"),
    ("terminate", "urgent_reason"): ("M38.6", "只在没有先发拟处理告知书时填写。"),
    ("suspend_part", "urgent_reason"): ("M38.6", "只在没有先发拟处理告知书时填写。"),
    ("terminate", "effective_on"): ("R5", "这一天起已不在协议内，当日费用不予结算。"),
    ("terminate", "nature"): ("R5", "不选的，按情形的一般性质；没有一般性质的情形必须选。"),
    ("terminate", "reason"): ("R5", "所选性质与情形的一般性质不同时，必须写明。"),
    ("terminate", "persons"): ("M12.7", "只在性质为严重违法违规时及于人员；不选的，为今天在任的三类人员。"),
    ("terminate", "head_office_at_fault"): ("P40(14)", "选了的，同一连锁中由此人任三类人员的各分支同日解除，下一步列出全部。"),
    ("terminate", "penalty_open"): ("M12.5", "未履行完毕之前一直不得申请。"),
    ("terminate", "liability_open"): ("M12.6", "未履行完毕之前一直不得申请。"),
    ("intend", "head_office_at_fault"): (
        "P40(14)",
        "选了的，由此人任三类人员的各分支同时收到告知书；机构已告知而分支未告知的，补发给分支。",
    ),
    ("intend", "days"): ("M38.6", "自送达次日起算的工作日。"),
    ("prevent_lapse", "to_on"): ("M42.5", "须在第180日之前记录。"),
    ("amend_suspension", "to_on"): ("M42.6", "只能缩短，不能早于今天。"),
    ("decide_suspension", "exception_reason"): ("M44.2", "公立医疗机构原则上不得主动提出；同意的必须写明。"),
    ("decide_termination", "exception_reason"): ("M44.2", "公立医疗机构原则上不得主动提出；同意的必须写明。"),
    ("decide_non_renewal", "exception_reason"): ("M44.2", "公立医疗机构原则上不得主动提出；同意的必须写明。"),
    ("decide_renewal", "from_on"): ("M41.2", "不早于原协议期满次日。"),
    ("decide_renewal", "record"): ("M41.4", "履行情况和绩效考核情况，每行一项，写进文书。"),
    ("report_change", "approved_on"): ("M40.1", "重大信息变更自批准之日起30个工作日内申报；逾期照收并注明。"),
    ("request_suspension", "from_on"): ("M44.1", "须提前3个月提出。"),
    ("request_suspension", "days"): ("M42.4", "首尾两日都在内。到期不会自动恢复，须另行申请恢复履行；到第180日未申请的，协议自动终止。"),
    ("request_termination", "effective_on"): ("M44.1", "须提前3个月提出；这一天起不在协议内。全面核查未结束的，顺延到核查结束次日。"),
    ("suspend_part", "department"): ("M45", "与人员二者填一。"),
    ("suspend_part", "code"): ("R8", "登记过的人员可以不填；结算按编码核对，没有编码的按姓名核对。"),
    ("open_termination_case", "reason"): ("M43(6)", "写明何项重大信息变更没有申报、怎样发现。"),
}
BEYOND = {"decide_suspension", "decide_termination", "decide_non_renewal"}


def dress(act: Act, subject: Any, form: forms.Form) -> None:
    """Widgets, choices and helps of one form; the rules stay with the act, which reads what was typed again."""
    if not isinstance(subject, Agreement):
        return
    institution = subject.institution
    for name, field in list(form.fields.items()):
        if name in QUESTIONS and isinstance(field, forms.BooleanField):
            form.fields[name] = _question(field, *QUESTIONS[name])
        if (help_ := HELPS.get((act.word, name))) is not None:
            where = place(numbered(help_[0], institution.kind), institution.kind)
            form.fields[name].help_text = f"{help_[1]}（{where}）" if where else help_[1]
    _people(act, institution, form)
    if act.word == "terminate":
        _natures(institution, form)
    if act.word == "suspend_part" and institution.kind == "pharmacy":
        del form.fields["department"]
    if isinstance(form, DecideForm):
        form.signature_needed = True
    if isinstance(form, FindingsForm):
        # Nobody can answer what is not said.
        form.every_ground = True
    if act.word in BEYOND and institution.kind == "pharmacy":
        del form.fields["exception_reason"]
    if act.word in ("report_change", "approve_change"):
        _changes(act, subject, form)


def _question(field: forms.Field, yes: str, no: str) -> forms.TypedChoiceField:
    answers = [("True", yes), ("False", no)]
    label = field.label
    if label == yes:
        label, answers = "结果", answers[::-1]
    return forms.TypedChoiceField(
        label=label, choices=answers, coerce=lambda text: text == "True", widget=forms.RadioSelect,
        help_text=field.help_text, error_messages={"required": "请选择。", "invalid_choice": "请选择其中一项。"},
    )  # fmt: skip


def people_of(institution: Institution) -> QuerySet[Person]:
    """Everybody who holds or held one of the three posts here, and those of the chain's head office."""
    chain = institution.chain
    head = [chain.legal_representative_id, chain.principal_id, chain.controller_id] if chain is not None else []
    return Person.objects.filter(Q(pk__in=Post.objects.filter(institution=institution).values("person")) | Q(pk__in=head)).order_by("pk")


def _named(institution: Institution) -> dict[int, str]:
    """Name with post, and until when for those who have left."""
    found: dict[int, list[str]] = {}
    today = clock.today()
    for post in Post.objects.filter(institution=institution).order_by("person_id", "id"):
        left = f"，任至{post.to_on}" if post.to_on and post.to_on < today else ""
        found.setdefault(post.person_id, []).append(f"{PostName(post.post).label}{left}")
    if institution.chain is not None:
        for name in PostName.values:
            holder = getattr(institution.chain, f"{name}_id")
            if holder:
                found.setdefault(holder, []).append(f"连锁总部{PostName(name).label}")
    return {person: "、".join(dict.fromkeys(posts)) for person, posts in found.items()}


def _people(act: Act, institution: Institution, form: forms.Form) -> None:
    """Only people of this institution and its head office, with their posts."""
    fields = {name: each for name, each in form.fields.items() if getattr(each, "queryset", None) is not None}
    fields = {name: each for name, each in fields.items() if each.queryset.model is Person}  # type: ignore[attr-defined]
    if not fields:
        return
    posts = _named(institution)
    for name, field in fields.items():
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people_of(institution)
        if name == "head_office_at_fault":
            chain = institution.chain
            if chain is None:
                del form.fields[name]
                continue
            field.queryset = Person.objects.filter(pk__in=[chain.legal_representative_id, chain.principal_id, chain.controller_id])
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.widget = forms.CheckboxSelectMultiple()
        named = [(person.pk, f"{person.name}（{posts.get(person.pk, '')}）") for person in field.queryset]
        single = not isinstance(field, forms.ModelMultipleChoiceField)
        field.widget.choices = [("", "（不选）"), *named] if single else named


def _natures(institution: Institution, form: forms.Form) -> None:
    """Each ground says its own nature."""
    offered = []
    for clause, ground in termination_grounds(institution.kind).items():
        own = NATURES[ground.nature] if ground.nature else "须在决定中写明性质"
        offered.append((clause, f"{place(clause, institution.kind)} {ground.label}（{own}）"))
    nature = form.fields["nature"]
    assert isinstance(nature, forms.ChoiceField)
    nature.choices = [("", "按情形的一般性质"), *NATURES.items()]
    form.fields["ground"].widget = forms.CheckboxSelectMultiple(choices=offered)


def _changes(act: Act, agreement: Agreement, form: forms.Form) -> None:
    """To report: any field, the major ones first. To decide: what waits, the earliest chosen."""
    institution = agreement.institution
    today, titles = clock.today(), fields_of(institution.kind)
    major = [(name, title) for name, title in titles.items() if is_major(institution.kind, name, today)]
    general = [(name, title) for name, title in titles.items() if (name, title) not in major]
    field = form.fields["field"]
    assert isinstance(field, forms.ChoiceField)
    if act.word == "report_change":
        field.choices = [("重大信息（市经办机构核准）", major), ("一般信息（区经办机构办理）", general)]
    elif asked := waiting(agreement.term().changes):
        field.label, field.choices = "变更事项", [(each.field, f"{titles[each.field]}（{each.on}申报）") for each in asked]


def initial(act: Act, subject: Any) -> dict[str, Any]:
    """Days that hold if nothing else is said: the same that the act takes for an empty field."""
    if not isinstance(subject, Agreement):
        return {}
    today = clock.today()
    if act.word == "suspend":
        return {"from_on": today, "to_on": status_last_day(today, MOST_DAYS), **_told(act, subject)}
    if act.word == "terminate":
        return {"effective_on": today, **_told(act, subject)}
    if act.word == "suspend_part":
        return {"from_on": today}
    if act.word == "request_suspension":
        return {"from_on": earliest_effect(today), "days": MOST_DAYS}
    if act.word == "request_termination":
        return {"effective_on": earliest_effect(today)}
    if act.word == "decide_renewal":
        return _renewed(subject.last_day)
    return {}


def _told(act: Act, agreement: Agreement) -> dict[str, Any]:
    """Grounds, facts and evidence as the institution was told them; the decision may differ."""
    intention = intentions.waiting(agreement.term(), act.word)
    if intention is None:
        return {}
    known = agreement.facts.get(pk=intention.id).data
    grounds = known.get("ground") or []
    ground = grounds if act.word == "terminate" else next(iter(grounds), None)
    return {"ground": ground, "facts": known.get("facts", ""), "findings": known.get("findings", [])}


def _renewed(last_day: date) -> dict[str, Any]:
    first = last_day + timedelta(days=1)
    return {"from_on": first, "to_on": term_last_day(first, 1)}
