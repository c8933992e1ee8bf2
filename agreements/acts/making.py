"""A further agreement beside or after one that lives: renewed, or annual under a fixed one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from agreements.acts.common import iso
from agreements.announcing import about
from agreements.models import Agreement, AgreementTemplate
from casework.context import Context
from casework.numbers import case_number


def create(
    context: Context, beside: Agreement, signed: Sequence[dict[str, str]] = (), *, kind: str, first: date, last: date, reason: str = "",
    **more: Any,
) -> Agreement:  # fmt: skip
    """A further agreement of the institution of ``beside``, with its paper.

    ``signed``: both signatures; ``reason``: of a term that is not one year (M10.4).
    """
    institution, main = beside.institution, more.get("main")
    template = AgreementTemplate.on(institution.kind, context.on)
    number = case_number("agreement", context.on, institution.district_id)
    made = Agreement.objects.create(
        institution=institution, number=number, kind=kind, template=template, first_day=first, last_day=last, ended_on=last, **more
    )
    span: dict[str, Any] = {"from": iso(first), "to": iso(last)}
    context.fact("signed", case=made, **span, kind=kind, template=template.pk)
    written = {"number": number, "first_day": iso(first), "last_day": iso(last), "template_version": f"第{template.version}版"}
    written |= {"term_reason": reason} if reason else {}
    written |= {"kind": "main" if main is None else kind, "main_number": main.number if main is not None else ""}
    if kind == "supplementary" and main is not None:
        written["physical"] = main.institution.name
    sections = [{"heading": each["heading"], "paragraphs": each["paragraphs"]} for each in template.articles]
    data = {**about(beside), "agreement": written, **({"sections": sections} if sections else {})}
    data |= {"signatures": list(signed)} if signed else {}
    context.issue(16, data, about=[institution.pk], recipient=institution.name)
    return made
