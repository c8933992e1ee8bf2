"""Data of the papers on the road, frozen at issue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from casework.context import Context
from casework.refusals import Refusal
from deadlines.periods import Computed
from documents.sharing import listed_by
from institutions.papers import describe
from law.rulesets import kept
from offices.models import Office
from standing.bans import Ban


def agency_of(institution: Any) -> Office | None:
    """The agency of the institution's own district (M7, M25.2)."""
    return Office.objects.filter(role="district_agency", district_id=institution.district_id, active=True).first()


def base(context: Context, **more: Any) -> dict[str, Any]:
    """What every paper of an application carries, with the version of the Measures it is under (M53)."""
    rules = kept(context.institution.kind, context.subject.filed_on or context.on)
    return {"institution": describe(context.institution), "case": {"number": context.subject.number or "", "rules": rules}, **more}


def listed(context: Context) -> dict[str, Any]:
    """One row of a list of institutions."""
    institution = context.institution
    named = {"name": institution.name, "kind_title": institution.get_kind_display(), "district": institution.district.name}
    return {**named, "case_number": context.subject.number or "", **listed_by(context.record_id, context.subject.pk)}


def when(label: str, computed: Computed | None) -> list[dict[str, Any]]:
    """A date with its computation, as papers print it; nothing where there is no date."""
    if computed is None:
        return []
    row = {"label": label, "day": computed.day.isoformat(), "explanation": computed.explanation, "provisional": computed.provisional}
    return [{**row, "clause": computed.clause}]


def grounds(refusals: Iterable[Refusal], evidence: str = "", bans: Iterable[Ban] = ()) -> list[dict[str, Any]]:
    """Grounds of a refusal with their sentences, from when to when each bars, and the first day on which it does so no more."""
    # Of several under one clause the one that lasts longest.
    of_clause = {each.clause: each for each in sorted(bans, key=lambda each: each.until or date.max)}
    rows = []
    for refusal in refusals:
        row = {"clause": refusal.clause, "sentence": refusal.message, "evidence": evidence}
        bar = of_clause.get(refusal.clause)
        opens_on = bar.opens_on if bar else refusal.earliest_on
        row["earliest_on"] = opens_on.isoformat() if opens_on else ""
        if bar:
            row |= {"sentence": bar.sentence, "from": bar.starts_on.isoformat(), "until": bar.until.isoformat() if bar.until else ""}
        rows.append(row)
    return rows
