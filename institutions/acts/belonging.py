"""To whom an institution belongs: the hospital an internet hospital leans on (M5.2), the chain of a pharmacy and its head office (R10).

No ban is read from these rows: the five years of P40(14) fall on a person by a dated fact (R4). A decision asks for the head office's
people as they are on its own day; every row keeps its history.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from institutions import codes
from institutions.acts.completing import DayField, check, read_code
from institutions.acts.people import PostForm, known_person
from institutions.acts.settled import against_change
from institutions.models import Chain, Institution, Kind, PostName
from institutions.names import tidy_name


class _Belonging(Act):
    """Base: what belongs to hospitals or to pharmacies only, by the district's agency."""

    subject = Institution
    roles = ("district_agency",)
    kind = Kind.PHARMACY

    def available(self, subject: Institution) -> bool:
        return subject.kind == self.kind


class ReasonForm(ActForm):
    ended_on = DayField(label="最后一日")
    reason = forms.CharField(label="理由和依据", widget=forms.Textarea, max_length=1000)


class ParentForm(ActForm):
    parent_uscc = forms.CharField(label="实体医疗机构的统一社会信用代码", max_length=40)

    def clean_parent_uscc(self) -> Institution:
        uscc = read_code(codes.uscc_of, self.cleaned_data["parent_uscc"])
        found = Institution.objects.filter(uscc=uscc, kind=Kind.HOSPITAL).exclude(pk=self.subject.pk).first()
        if found is None:
            raise ValidationError("没有登记该代码的医疗机构,请核对代码,或先登记实体医疗机构。")
        if found.category == "internet":
            raise ValidationError("所依托的应为实体医疗机构,不能是另一家互联网医院。")
        return found


@register
class SetParent(_Belonging):
    """Record the physical hospital that an internet hospital leans on; its agreement is a supplementary one to that hospital's (M5.2)."""

    word = "set_parent"
    title = "登记所依托的医疗机构"
    clauses = ("M5.2",)
    kind = Kind.HOSPITAL
    form = ParentForm

    def available(self, subject: Institution) -> bool:
        return subject.category == "internet" and subject.parent_id is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.category != "internet":
            yield context.refuse("M5.2", "只有互联网医院依托另一家医疗机构。")
        elif context.subject.parent_id is not None:
            yield Refusal("state", f"已登记依托{context.subject.parent},变更的先终止原依托关系。")

    def effect(self, context: Context) -> None:
        institution, parent = context.subject, context.data["parent_uscc"]
        institution.parent = parent
        check(institution)
        context.log = {"parent": {"before": None, "after": parent.pk}, "name": parent.name}


@register
class EndParent(_Belonging):
    """The internet hospital leans on that hospital no longer; not while an application or an agreement rests on it."""

    word = "end_parent"
    title = "终止依托关系"
    clauses = ("M5.2", "M40.1")
    kind = Kind.HOSPITAL
    form = ReasonForm

    def available(self, subject: Institution) -> bool:
        return subject.parent_id is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.parent_id is None:
            yield Refusal("state", "没有登记所依托的医疗机构。")
        else:
            yield from against_change(context, ["所依托的医疗机构"])

    def effect(self, context: Context) -> None:
        institution = context.subject
        context.log |= {"parent": {"before": institution.parent_id, "after": None}, "name": institution.parent.name}
        institution.parent = None


class ChainForm(ActForm):
    name = forms.CharField(label="连锁总部名称", max_length=200)
    uscc = forms.CharField(label="连锁总部统一社会信用代码", max_length=40)
    from_on = DayField(label="加入之日")

    def clean_name(self) -> str:
        return tidy_name(self.cleaned_data["name"])

    def clean_uscc(self) -> str:
        return read_code(codes.uscc_of, self.cleaned_data["uscc"])


@register
class SetChain(_Belonging):
    """Record the chain that a pharmacy belongs to; a termination can reach it through the head office from then on (R10)."""

    word = "set_chain"
    title = "登记连锁总部"
    clauses = ("P40.14", "R10")
    form = ChainForm

    def available(self, subject: Institution) -> bool:
        return super().available(subject) and subject.chain_id is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.kind != Kind.PHARMACY:
            yield Refusal("state", "只有零售药店有连锁总部。")
        elif context.subject.chain_id is not None:
            yield Refusal("state", f"已登记属于{context.subject.chain},变更的先登记退出。")
        known = Chain.objects.filter(uscc=context.data["uscc"]).first()
        if known is not None and known.name != context.data["name"]:
            yield Refusal("state", f"该代码已登记为“{known.name}”,请核对名称和代码。")

    def effect(self, context: Context) -> None:
        data, institution = context.data, context.subject
        chain = Chain.objects.filter(uscc=data["uscc"]).first()
        if chain is None:
            # A list may have named the chain without its code.
            chain = Chain.objects.filter(name=data["name"], uscc__isnull=True).order_by("pk").first() or Chain(name=data["name"])
            chain.uscc = data["uscc"]
            check(chain)
            chain.save()
        institution.chain = chain
        context.log |= {"chain": {"before": None, "after": chain.pk}}


@register
class EndChain(_Belonging):
    """The pharmacy left its chain. With a second signature: whoever has left is out of reach of R10."""

    word = "end_chain"
    title = "登记退出连锁"
    clauses = ("P40.14", "R10", "M29")
    signatures = 2
    grave = True
    form = ReasonForm

    def available(self, subject: Institution) -> bool:
        return subject.chain_id is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.chain_id is None:
            yield Refusal("state", "没有登记连锁总部。")

    def effect(self, context: Context) -> None:
        institution = context.subject
        context.log |= {"chain": {"before": institution.chain_id, "after": None}, "name": institution.chain.name}
        institution.chain = None


class _HeadOffice(_Belonging):
    """Base: the people of a chain's head office, by the city's agency, for branches stand in several districts."""

    roles = ("city_agency",)

    def available(self, subject: Institution) -> bool:
        return subject.chain_id is not None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.chain_id is None:
            yield Refusal("state", "该机构没有登记连锁总部。")

    def institutions(self, subject: Institution, data: dict[str, Any]) -> set[int]:
        """Every branch: a decision that reaches the chain waits, or is waited for."""
        if subject.chain_id is None:
            return {subject.pk}
        return set(Institution.objects.filter(chain_id=subject.chain_id).values_list("pk", flat=True))


def _head_office(context: Context) -> Chain:
    return Chain.objects.select_for_update().get(pk=context.subject.chain_id)


@register
class RecordChainPost(_HeadOffice):
    """Record who holds one of the three posts of the head office (P40(14), R10). The number is kept encrypted and never logged (M35)."""

    word = "record_chain_post"
    title = "登记连锁总部负责人"
    clauses = ("P40.14", "R10", "M35")
    form = PostForm

    def effect(self, context: Context) -> None:
        data, chain = context.data, _head_office(context)
        person = known_person(data["name"], data["id_number"])
        before = getattr(chain, f"{data['post']}_id")
        setattr(chain, data["post"], person)
        chain.save()
        context.log = {"chain": chain.pk, "post": data["post"], "person": {"before": before, "after": person.pk}}
        context.log |= {"name": person.name, "from_on": data["from_on"]}


class ChainPostEndForm(ReasonForm):
    post = forms.ChoiceField(label="职务", choices=PostName.choices)


@register
class EndChainPost(_HeadOffice):
    """Record that a post of the head office is held by nobody any more; whoever was at fault before is named no longer (R10)."""

    word = "end_chain_post"
    title = "登记连锁总部负责人离任"
    clauses = ("P40.14", "R10", "M29")
    signatures = 2
    grave = True
    form = ChainPostEndForm

    def guard(self, context: Context) -> Iterable[Refusal]:
        yield from super().guard(context)
        chain = context.subject.chain
        if chain is not None and getattr(chain, f"{context.data['post']}_id") is None:
            yield Refusal("state", "该职务没有登记人员。")

    def effect(self, context: Context) -> None:
        chain, post = _head_office(context), context.data["post"]
        person = getattr(chain, post)
        setattr(chain, post, None)
        chain.save()
        context.log |= {"chain": chain.pk, "person": {"before": person.pk, "after": None}, "name": person.name}
