"""Agreements and past terminations of a running district, taken over from its paper or old system (R16: facts taken over)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms

from agreements.grounds import NATURES
from agreements.models import KINDS, Agreement
from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm
from casework.refusals import Refusal
from institutions.models import Institution
from institutions.posts import holders
from standing.recording import before_measures, record


class TakeOverForm(ActForm):
    number = forms.CharField(label="协议编号", max_length=40)
    kind = forms.ChoiceField(label="协议种类", choices=KINDS[:2], required=False)
    first_day = forms.DateField(label="起始日")
    last_day = forms.DateField(label="最后一日")
    terminated_on = forms.DateField(label="解除生效日(首个不在协议内的日子)", required=False)
    nature = forms.ChoiceField(label="解除性质", choices=[("", ""), *NATURES.items()], required=False)
    ground = forms.CharField(label="解除情形,如 M43(3)", max_length=20, required=False)
    penalty_open = forms.BooleanField(label="行政处罚尚未履行完毕", required=False)
    liability_open = forms.BooleanField(label="违约责任尚未履行完毕", required=False)
    source = forms.CharField(label="依据", required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last, ended = data.get("first_day"), data.get("last_day"), data.get("terminated_on")
        if first and last and last < first:
            self.add_error("last_day", "最后一日早于起始日。")
        if ended and not data.get("nature"):
            self.add_error("nature", "已解除的,须写明解除性质。")
        if data.get("nature") and not ended and "terminated_on" not in self.errors:
            self.add_error("terminated_on", "写明了解除性质的,须写明解除生效日。")
        if ended and first and last and not first < ended <= last:
            self.add_error("terminated_on", "解除生效日应在协议期内。")
        return data


@register
class TakeOverAgreement(Act):
    """Record an agreement as it was signed on paper, and how it was terminated; its bans follow at once (R4)."""

    word = "take_over_agreement"
    title = "登记既有协议"
    subject = Institution
    clauses = ("M10.1", "M12.4", "M12.5", "M12.6", "M12.7", "M53")
    roles = ("city_agency",)
    writes = ("signed", "filed", "terminated")
    signatures = 2
    form = TakeOverForm

    def available(self, subject: Institution) -> bool:
        return True

    def guard(self, context: Context) -> Iterable[Refusal]:
        data = context.data
        if Agreement.objects.filter(number=data["number"], annulled=False).exists():
            yield Refusal("state", f"协议{data['number']}已登记。")
        if data["terminated_on"] and data["terminated_on"] > context.on:
            yield Refusal("state", "解除生效日不能晚于今天。")
        if data["terminated_on"] and data["nature"] != "none":
            yield from before_measures(context, data["terminated_on"])

    def effect(self, context: Context) -> None:
        data, institution = context.data, context.subject
        agreement = Agreement(institution=institution, number=data["number"], kind=data["kind"] or "annual")
        agreement.first_day, agreement.last_day, agreement.ended_on = data["first_day"], data["last_day"], data["last_day"]
        first, last = data["first_day"].isoformat(), data["last_day"].isoformat()
        if data["terminated_on"]:
            agreement.ended_on = data["terminated_on"] - timedelta(days=1)
        agreement.save()
        context.fact("signed", data["first_day"], agreement, **{"from": first, "to": last}, taken_over=True)
        context.fact("filed", data["first_day"], agreement)
        if data["terminated_on"]:
            grounds = [data["ground"]] if data["ground"] else []
            context.fact("terminated", data["terminated_on"], agreement, grounds=grounds, natures=[data["nature"]])
            self._terminated(context, data, institution)
        context.log["agreement"] = agreement.pk

    @staticmethod
    def _terminated(context: Context, data: dict[str, Any], institution: Institution) -> None:
        on, nature = data["terminated_on"], data["nature"]
        open_ends = {"penalty_open": data["penalty_open"], "liability_open": data["liability_open"]}
        decided = on.isoformat()
        record(
            context, "termination", on, institution=institution, natures=[nature], grounds=[data["ground"]], decided_on=decided, **open_ends
        )
        if nature == "serious_violation":
            for person in {person.pk: person for person in holders(institution, on).values()}.values():
                record(context, "barred_person", on, person=person, institution_kind=institution.kind, where=institution.name)
