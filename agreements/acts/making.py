"""A further agreement beside or after one that lives: renewed, or annual under a fixed one."""

from __future__ import annotations

from datetime import date
from typing import Any

from agreements.acts.common import iso, paper
from agreements.models import Agreement, AgreementTemplate
from casework.context import Context
from casework.numbers import case_number


def create(context: Context, beside: Agreement, *, kind: str, first: date, last: date, **more: Any) -> Agreement:
    """A further agreement of the same institution, with its paper."""
    institution = context.institution
    template = AgreementTemplate.on(institution.kind, context.on)
    number = case_number("agreement", context.on, institution.district_id)
    made = Agreement.objects.create(
        institution=institution, number=number, kind=kind, template=template, first_day=first, last_day=last, ended_on=last, **more
    )
    span: dict[str, Any] = {"from": iso(first), "to": iso(last)}
    context.fact("signed", case=made, **span, kind=kind, template=template.pk)
    about = {"number": number, "first_day": iso(first), "last_day": iso(last), "template_version": f"第{template.version}版"}
    sections = [{"heading": each["heading"], "paragraphs": each["paragraphs"]} for each in template.articles]
    beside_fixed = {"kind": "annual", "main_number": beside.number} if more.get("main") is not None else {"kind": "main"}
    context.issue(16, paper(context, agreement={**about, **beside_fixed}, **({"sections": sections} if sections else {})))
    return made
