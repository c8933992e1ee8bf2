"""Negotiation, both signatures, the agreement (M10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements import signing
from agreements.models import KINDS, Agreement, AgreementTemplate
from applications import papers
from applications.models import Application
from casework.acts import Act, register
from casework.context import Context
from casework.facts import day_of
from casework.inputs import ActForm
from casework.numbers import case_number
from casework.refusals import Refusal
from deadlines.periods import term_last_day
from standing.reading import warnings_of


class TermsForm(ActForm):
    from_on = forms.DateField(label="协议起始日(空为签约日)", required=False)
    to_on = forms.DateField(label="协议最后一日(空为1年)", required=False)
    kind = forms.ChoiceField(label="协议种类", choices=KINDS, required=False)
    reason = forms.CharField(label="另定期限或超出名额的理由", required=False, max_length=500)
    record = forms.CharField(label="协商记录", required=False, widget=forms.Textarea, max_length=4000)
    at = forms.CharField(label="签约时间", required=False, max_length=60)
    place = forms.CharField(label="签约地点", required=False, max_length=200)


@register
class InviteToSign(Act):
    """Record the negotiation and invite the institution to sign on these terms (M10.1)."""

    word = "invite_to_sign"
    title = "协商并通知签约"
    subject = Application
    clauses = ("M10.1", "M9.4", "M9.5", "M10.4", "M4", "M5.2")
    roles = ("city_agency",)
    writes = ("invited",)
    sources = ("negotiating",)
    form = TermsForm
    papers = (15,)

    def guard(self, context: Context) -> Iterable[Refusal]:
        return signing.against(context, signing.terms(context.subject, context.data, context.on))

    def effect(self, context: Context) -> None:
        # A first day left open is the day of signing, whenever that will be.
        kind = signing.terms(context.subject, context.data, context.on)["kind"]
        days = {"from": context.data["from_on"], "to": context.data["to_on"]}
        stated: dict[str, Any] = {name: day.isoformat() if day else None for name, day in days.items()}
        template = AgreementTemplate.on(context.institution.kind, context.on)
        context.fact("invited", record=context.data["record"], **stated, kind=kind, reason=context.data["reason"], template=template.pk)
        office = context.office
        context.log["warnings"] = warnings_of(context.institution, context.on)
        at, place = context.data["at"] or context.on.isoformat(), context.data["place"] or (office.address if office else "") or "线上"
        context.issue(15, papers.base(context, at=at, place=place, points=[f"协议期限:{offered_term(stated)}", f"协议文本:{template}"]))


def offered_term(offer: dict[str, Any]) -> str:
    """The term last offered, in words: an open first day is the day of signing, an open last day a year later (M10.4)."""
    first = f"自{offer['from']}起" if offer.get("from") else "自签署之日起"
    return f"{first}至{offer['to']}" if offer.get("to") else f"{first}1年"


def invitation(application: Application) -> dict[str, Any] | None:
    """The terms last offered; a later invitation replaces an earlier one and its signature."""
    invited = _standing(application, "invited")
    return {**invited[-1].data, "fact": invited[-1].pk, "on": invited[-1].on} if invited else None


def offered_text(application: Application, offer: dict[str, Any]) -> AgreementTemplate:
    """The text both sides sign: the one in force when the terms were offered, whatever is adopted meanwhile (M10.1, M10.3)."""
    if offer.get("template"):
        return AgreementTemplate.objects.get(pk=offer["template"])
    return AgreementTemplate.on(application.institution.kind, offer["on"])


def accepted_by_institution(application: Application) -> bool:
    """Whether the institution has signed the terms last offered."""
    offer = invitation(application)
    if offer is None:
        return False
    return any(fact.data.get("invitation") == offer["fact"] for fact in _standing(application, "institution_signed"))


def _standing(application: Application, kind: str) -> list[Any]:
    """Facts of a kind in their order; from those at hand where a page has read them for many."""
    return sorted((each for each in application.facts.all() if each.kind == kind and each.voided_at is None), key=lambda each: each.pk)


class SignatureForm(ActForm):
    signer = forms.CharField(label="签字人", max_length=80)


@register
class InstitutionSigns(Act):
    """The institution signs the offered agreement, of its own will (M10.1)."""

    word = "institution_signs"
    title = "签署协议"
    subject = Application
    clauses = ("M10.1",)
    roles = ("institution",)
    writes = ("institution_signed",)
    sources = ("negotiating",)
    form = SignatureForm
    grave = True

    def available(self, subject: Application) -> bool:
        return subject.state == "negotiating" and invitation(subject) is not None and not accepted_by_institution(subject)

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.state != "negotiating":
            return
        if invitation(context.subject) is None:
            yield context.refuse("M10.1", "市经办机构尚未发出签约通知。")
        elif accepted_by_institution(context.subject):
            yield Refusal("state", "本机构已签署。")

    def effect(self, context: Context) -> None:
        offer = invitation(context.subject)
        assert offer is not None
        context.fact("institution_signed", invitation=offer["fact"], signer=context.data["signer"])


@register
class Sign(Act):
    """The city agency signs; everything that speaks against it is checked again under the locks (M10.1, R4)."""

    word = "sign"
    title = "签订协议"
    subject = Application
    clauses = ("M9.4", "M9.5", "M10.1", "M10.4", "M4", "M5.2", "M12.3", "M12.4", "M12.5", "M12.6", "M12.7", "M12.8")
    roles = ("city_agency",)
    writes = ("signed",)
    sources = ("negotiating",)
    transition = "sign"
    signatures = 2
    papers = (16,)
    grave = True

    def available(self, subject: Application) -> bool:
        return subject.state == "negotiating" and accepted_by_institution(subject)

    def guard(self, context: Context) -> Iterable[Refusal]:
        offer = invitation(context.subject)
        context.data["reason"] = offer["reason"] if offer else ""
        yield from signing.against(context, self.chosen(context))
        if context.subject.state == "negotiating" and not accepted_by_institution(context.subject):
            yield context.refuse("M10.1", "机构尚未签署协议。")

    @staticmethod
    def chosen(context: Context) -> dict[str, Any]:
        offer = invitation(context.subject) or {}
        data = {"from_on": day_of(offer.get("from")), "to_on": day_of(offer.get("to")), "kind": offer.get("kind")}
        return signing.terms(context.subject, data, context.on)

    def institutions(self, subject: Application, data: dict[str, Any]) -> set[int]:
        parent = subject.institution.parent_id
        return {subject.institution_id, parent} if parent else {subject.institution_id}

    def effect(self, context: Context) -> None:
        application, institution, chosen = context.subject, context.institution, self.chosen(context)
        offer = invitation(application)
        assert offer is not None
        template = offered_text(application, offer)
        number = case_number("agreement", context.on, institution.district_id)
        agreement = Agreement.objects.create(
            application=application, institution=institution, main=chosen["main"], number=number, kind=chosen["kind"], template=template,
            first_day=chosen["first_day"], last_day=chosen["last_day"], ended_on=chosen["last_day"],
            state="active" if chosen["first_day"] <= context.on else "pending",
        )  # fmt: skip
        first, last = chosen["first_day"].isoformat(), chosen["last_day"].isoformat()
        context.fact("signed", case=agreement, **{"from": first, "to": last}, kind=chosen["kind"], template=template.pk)
        context.fact("signed", agreement=agreement.pk)
        context.log["agreement"] = agreement.pk
        signer = application.facts.filter(kind="institution_signed", voided_at__isnull=True).last()
        signed = [
            {"party": "agency", "name": context.reviewer.user_name if context.reviewer else "", "on": context.on.isoformat()},
            {"party": "institution", "name": signer.data["signer"] if signer else "", "on": signer.on.isoformat() if signer else ""},
        ]
        about = {
            "number": number, "first_day": first, "last_day": last, "template_version": f"第{template.version}版",
            "kind": {"annual": "main"}.get(chosen["kind"], chosen["kind"]), "main_number": chosen["main"].number if chosen["main"] else "",
            "physical": institution.parent.name if institution.parent else "",
        }  # fmt: skip
        if chosen["last_day"] != term_last_day(chosen["first_day"], 1):
            about["term_reason"] = offer["reason"]
        sections = [{"heading": each["heading"], "paragraphs": each["paragraphs"]} for each in template.articles]
        context.issue(16, papers.base(context, agreement=about, signatures=signed, **({"sections": sections} if sections else {})))
