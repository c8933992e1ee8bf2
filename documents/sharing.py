"""Papers that several rows of one call share: a list of results, a public notice, a filing (documents 10, 13, 17, 18, 36, 37).

Each row of such a list bears the act that put it there and its case. What is corrected later for one row is answered by a paper that
names this row alone; the list itself stands for the others (M29).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from documents.models import Document


def listed_by(act_id: int, case_id: int) -> dict[str, int]:
    """The mark on a row of a shared list."""
    return {"act": act_id, "case": case_id}


def listing(act_id: int, institution_id: int | None) -> Q:
    """The papers of an act: its own, and the lists it shares with other rows."""
    own = Q(act_id=act_id)
    if institution_id is None:
        return own
    rows = Document.objects.filter(subjects__institution_id=institution_id, data__institutions__contains=[{"act": act_id}])
    return own | Q(pk__in=list(rows.values_list("pk", flat=True)))


def of_case(label: str, case_id: int, institution_id: int) -> Q:
    """The papers of a case: its own, the lists that name it, and what corrects these lists."""
    rows = Document.objects.filter(subjects__institution_id=institution_id, case_label=label)
    shared = list(rows.filter(data__institutions__contains=[{"case": case_id}]).values_list("pk", flat=True))
    corrects = Q(supersedes__in=shared, data__has_key="taken_out")
    return Q(case_label=label, case_id=case_id) | Q(pk__in=shared) | corrects


def heirs(document: Document) -> list[Document]:
    """What replaces a paper or takes it back as a whole, in order."""
    return list(document.superseded_by.exclude(data__has_key="taken_out").order_by("id"))


def corrections(document: Document) -> list[Document]:
    """The papers that took single rows off this list, in order."""
    return list(document.superseded_by.filter(data__has_key="taken_out").order_by("id"))


def rows_of(document: Document) -> list[dict[str, Any]]:
    """The marked rows of a shared list; none where the paper is not one."""
    rows = document.data.get("institutions") or []
    return [row for row in rows if isinstance(row, dict) and "act" in row]
