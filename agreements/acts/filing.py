"""Filing with the bureau, announcement to the public, designation plate (M10.2, M11, M20, I4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from agreements.models import Agreement
from casework.acts import Act, register
from casework.context import Context
from casework.refusals import Refusal
from documents import conf
from documents.sharing import listed_by
from institutions.papers import describe
from offices.models import Office


@register
class FileAgreement(Act):
    """File signed agreements: one filing list and one announcement for all rows, a plate for each institution."""

    word = "file_agreement"
    title = "协议备案并公告"
    subject = Agreement
    clauses = ("M10.2", "M11", "M20", "I4")
    roles = ("city_agency",)
    writes = ("filed",)
    sources = ("pending", "active", "suspended")
    papers = (17, 18, 45)
    in_batches = True

    def available(self, subject: Agreement) -> bool:
        return subject.state in self.sources and subject.term().filed_on is None

    def guard(self, context: Context) -> Iterable[Refusal]:
        if context.subject.term().filed_on is not None:
            yield Refusal("state", f"协议已于{context.subject.term().filed_on}备案。")

    def effect(self, context: Context) -> None:
        context.fact("filed")

    def together(self, contexts: Sequence[Context]) -> None:
        bureau = Office.objects.filter(role="city_bureau", active=True).first()
        rows = [_row(context) for context in contexts]
        about = [context.institution.pk for context in contexts]
        first = contexts[0]
        first.issue(17, {"institutions": rows}, about=about, recipient=bureau.name if bureau else "")
        first.issue(18, {"institutions": rows}, about=about, recipient="")
        for context in contexts:
            agreement = context.subject
            term = {"number": agreement.number, "first_day": agreement.first_day.isoformat(), "last_day": agreement.last_day.isoformat()}
            link = f"{conf.base_url()}/public/institutions/{context.institution.pk}/"
            case = {"label": "协议编号", "number": agreement.number}
            context.issue(45, {"institution": describe(context.institution), "case": case, "agreement": term, "public_url": link})


def _row(context: Context) -> dict[str, Any]:
    institution, agreement = context.institution, context.subject
    return {
        **listed_by(context.record_id, agreement.pk),
        "name": institution.name,
        "kind_title": institution.get_kind_display(),
        "district": institution.district.name,
        "address": institution.address,
        "agreement_number": agreement.number,
        "first_day": agreement.first_day.isoformat(),
        "last_day": agreement.last_day.isoformat(),
        "from_on": agreement.first_day.isoformat(),
    }
