"""Termination by decision: grounds, nature, bans, persons named, the cascade over a chain (M43, P40, R4, R5, R10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements import cascade
from agreements.acts.common import ALIVE, AgreementAct, iso, paper, through, with_the_fixed
from agreements.acts.findings import FindingsForm, grounds_rows, told
from agreements.acts.hearing import heard_fields, unheard, waiting
from agreements.announcing import CLEARING
from agreements.grounds import NATURES, SERIOUS, gravest, leading, nature_of, serious_beside_cascade, termination_grounds
from agreements.intentions import branches_unheard
from casework.acts import register
from casework.context import Context
from casework.refusals import Refusal
from institutions.models import Person
from institutions.posts import holders
from offices.models import Office
from standing.bans import Ban, PersonFacts, bans_on
from standing.recording import record


class TerminateForm(FindingsForm):
    field_order = ("ground", "findings")

    ground = forms.MultipleChoiceField(label="情形")
    nature = forms.ChoiceField(label="性质(空为该情形的一般性质)", choices=[("", ""), *NATURES.items()], required=False)
    reason = forms.CharField(label="另定性质的理由", required=False, widget=forms.Textarea, max_length=2000)
    facts = forms.CharField(label="认定的事实和证据", required=False, widget=forms.Textarea, max_length=4000)
    effective_on = forms.DateField(label="生效日(首个不在协议内的日子,空为送达之日)", required=False)
    persons = forms.ModelMultipleChoiceField(Person.objects.all(), label="应负责的人员(空为三类人员)", required=False)
    head_office_at_fault = forms.ModelChoiceField(Person.objects.all(), label="连锁总部有过错的人员", required=False)
    penalty_open = forms.BooleanField(label="行政处罚尚未履行完毕", required=False)
    liability_open = forms.BooleanField(label="违约责任尚未履行完毕", required=False)
    urgent_reason = forms.CharField(label="情况紧急未先行告知的理由", required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        institution = self.subject.institution
        ground = self.fields["ground"]
        assert isinstance(ground, forms.MultipleChoiceField)
        ground.choices = [(clause, f"{clause} {each.label}") for clause, each in termination_grounds(institution.kind).items()]
        self.offer({clause: each.label for clause, each in termination_grounds(institution.kind).items()})
        if institution.chain_id is None and institution.kind != "pharmacy":
            del self.fields["head_office_at_fault"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data.setdefault("head_office_at_fault", None)
        return data


@register
class Terminate(AgreementAct):
    """The city agency must terminate on the listed grounds; the nature decides the bans (R4, R5)."""

    word = "terminate"
    title = "解除协议"
    clauses = ("M43", "M12.4", "M12.5", "M12.6", "M12.7", "M38.6")
    roles = ("city_agency",)
    sources = ALIVE
    writes = ("terminated",)
    papers = (34, 35, 36, 37)
    signatures = 2
    collective = True
    grave = True
    form = TerminateForm

    def institutions(self, subject: Any, data: dict[str, Any]) -> set[int]:
        return super().institutions(subject, data) | cascade.concerned(subject, data)

    def people(self, subject: Any, data: dict[str, Any]) -> set[int]:
        named = [*_listed(data.get("persons")), data.get("head_office_at_fault")]
        return {int(getattr(each, "pk", each)) for each in named if each and str(getattr(each, "pk", each)).isdigit()}

    def guard(self, context: Context) -> Iterable[Refusal]:
        data, kind = context.data, context.institution.kind
        data["effective_on"] = data["effective_on"] or context.on
        yield from with_the_fixed(context)
        nature = nature_of(kind, data["ground"], data["nature"], data["reason"])
        for ground in nature.unstated:
            yield Refusal(ground, f"{ground}没有一般性质,须在决定中写明。")
        for ground in nature.deviating:
            yield Refusal(ground, f"所定性质与{ground}的一般性质不同,须写明理由。")
        if data["head_office_at_fault"] is not None:
            yield from cascade.against(context, nature.natures, data["head_office_at_fault"])
        if context.subject.state not in self.sources:
            yield Refusal("state", "协议已终止或解除。")
        elif data["effective_on"] < context.on:
            yield Refusal("state", "生效日不能早于作出决定之日。")
        elif data["effective_on"] > through(context)[0]:
            yield Refusal("state", f"协议至{through(context)[0]}止,生效日在其之后。")
        yield from unheard(context, "terminate")
        if data["head_office_at_fault"] is not None and not data.get("urgent_reason"):
            branches = cascade.reached(context.institution, data["head_office_at_fault"], context.on)
            yield from branches_unheard(context.subject, branches, context.on)

    def effect(self, context: Context) -> None:
        data, institution = context.data, context.institution
        natures = nature_of(institution.kind, data["ground"], data["nature"], data["reason"]).natures
        intention = waiting(context, "terminate")
        known = {"intention": intention.id} if intention else {}
        fault = data["head_office_at_fault"]
        owed = {"penalty_open": data["penalty_open"], "liability_open": data["liability_open"]}
        context.fact(
            "terminated", data["effective_on"], grounds=data["ground"], natures=natures, decided_on=iso(context.on), reason=data["reason"],
            leading=leading(institution.kind, data["ground"], data["nature"]),
            **owed, **known, **told(context),
        )  # fmt: skip
        terminated = record(
            context, "termination", data["effective_on"], institution=institution, natures=natures, grounds=data["ground"],
            decided_on=iso(context.on), application=cascade.first_application(context.subject), **owed,
        )  # fmt: skip
        people = self._persons(context, natures)
        barred = [
            record(
                context, "barred_person", data["effective_on"], person=person, institution_kind=institution.kind, where=institution.name
            )
            for person in people
        ]  # fmt: skip
        branches = cascade.terminate(context, natures, fault, data["effective_on"], owed) if fault is not None else []
        bans = bans_on(
            data["effective_on"], institution.kind, [terminated.plain()],
            [PersonFacts(person.name, (fact.plain(),)) for person, fact in zip(people, barred, strict=True)],
        )  # fmt: skip
        self._papers(context, natures, bans, branches, fault)

    @staticmethod
    def _persons(context: Context, natures: Iterable[str]) -> list[Person]:
        """On whom the 5-year ban falls: those named, else those in the three posts today; with the head office's person (R4).

        P40(14) bars the institution only, and of people nobody but the head office's person; with other grounds besides, these decide (R5).
        """
        if SERIOUS not in natures:
            return []
        data = context.data
        named: list[Person] = []
        if serious_beside_cascade(context.institution.kind, data["ground"], data["nature"], natures):
            named = list(data["persons"]) or list(holders(context.institution, context.on).values())
        fault = data["head_office_at_fault"]
        return list({person.pk: person for person in [*named, *([fault] if fault else [])]}.values())

    @staticmethod
    def _papers(context: Context, natures: Iterable[str], bans: list[Ban], branches: list[cascade.Branch], fault: Person | None) -> None:
        data, institution = context.data, context.institution
        nature = gravest(natures)
        rows = grounds_rows(context, data["ground"], data["facts"], data["findings"])
        stated = data["effective_on"] if data["effective_on"] != context.on else None
        own = {
            "nature": nature,
            "nature_reason": data["reason"],
            "bans": ban_rows(bans),
            "clearing": CLEARING,
            "decided_on": iso(context.on),
        }
        context.issue(34, paper(context, grounds=rows, effective_on=iso(stated), **own, **heard_fields(context, "terminate")))
        for branch in branches:
            branch.issue(context, [each.listed() for each in branches], fault, nature)
        act = context.record_id
        listed = [cascade.listed(context.subject, data["ground"], stated, act), *(each.listed(act) for each in branches)]
        about = [institution.pk, *(each.agreement.institution_id for each in branches)]
        context.issue(36, {"institutions": listed}, recipient="", about=about)
        bureau = Office.objects.filter(role="city_bureau", active=True).first()
        report = {"measure": "解除医保协议", "institutions": listed, "decided_on": iso(context.on)}
        context.issue(37, report, recipient=bureau.name if bureau else "", about=about)


def ban_rows(bans: Iterable[Ban]) -> list[dict[str, Any]]:
    """Bans as papers print them."""
    return [
        {
            "clause": ban.clause,
            "sentence": ban.sentence,
            "subject": ban.person,
            "from": iso(ban.starts_on),
            "until": iso(ban.until),
            "remains": ban.remains,
        }
        for ban in bans
    ]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple | set) or hasattr(value, "all") else [value]
