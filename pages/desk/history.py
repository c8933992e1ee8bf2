"""The log of a case: who did what and when, before and after, what was put in, which papers went out, what was corrected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from casework.acts import registry
from casework.attaching import given_with
from casework.models import ActRecord, Attachment, Fact, Proposal
from documents.models import Document, ProofOfService
from offices.actors import Actor
from pages.desk.words import Titles, said, titles_for

UPLOAD = "upload_material"


@dataclass
class Entry:
    record: ActRecord
    given: list[tuple[str, str]]
    before: str
    after: str
    documents: list[Document]
    voided_by: ActRecord | None
    correct_url: str
    files: list[Attachment]


def of_case(label: str, pk: int, actor: Actor, states: Mapping[str, str], codes: Mapping[str, str] | None = None) -> list[Entry]:
    """The whole log of one case, newest first; a constant number of queries."""
    records = list(ActRecord.objects.filter(case_label=label, case_id=pk).order_by("-id"))
    return entries(records, actor, states, codes)


def entries(records: list[ActRecord], actor: Actor, states: Mapping[str, str], codes: Mapping[str, str] | None = None) -> list[Entry]:
    ids = [record.pk for record in records]
    titles: Titles = titles_for(records, codes)
    papers: dict[int, list[Document]] = {}
    for document in Document.objects.filter(act_id__in=ids).order_by("id").defer("data"):
        papers.setdefault(document.act_id or 0, []).append(document)
    files = given_with(ids, actor)
    standing, voided = facts_of(ids)
    proofs = ProofOfService.objects.filter(act_id__in=ids, voided_at__isnull=True)
    standing |= {act_id for act_id in proofs.values_list("act_id", flat=True) if act_id}
    proposed = set(Proposal.objects.filter(case_label="actrecord", case_id__in=ids, state=Proposal.OPEN).values_list("case_id", flat=True))
    correct = registry["void"]
    found: list[Entry] = []
    for record in records:
        if found and _same_run(found[-1].record, record):
            found[-1].given = [("材料", f"{text}、{given}") for _, text in found[-1].given[:1] for given in [_item(record, titles)]]
            continue
        may = record.pk in standing and actor.role in correct.roles and record.office_id == actor.office_id and record.pk not in proposed
        url = reverse("desk:act", args=["actrecord", record.pk, "void"]) if may else ""
        given = [("材料", _item(record, titles))] if record.word == UPLOAD else said(record.word, record.data, titles)
        found.append(
            Entry(
                record,
                given,
                states.get(record.before, record.before),
                states.get(record.after, record.after),
                papers.get(record.pk, []),
                voided.get(record.pk),
                url,
                files.get(record.pk, []),
            )
        )
    return found


def _same_run(last: ActRecord, record: ActRecord) -> bool:
    """One upload after another by the same person on the same day is told once."""
    return last.word == record.word == UPLOAD and last.user_id == record.user_id and last.on == record.on


def _item(record: ActRecord, titles: Titles) -> str:
    item = str(record.data.get("item", ""))
    return titles.codes.get(item, item)


def facts_of(ids: Iterable[int]) -> tuple[set[int], dict[int, ActRecord]]:
    """Records whose facts still stand, and record → the correction that voided its facts; one query for each app with facts."""
    standing: set[int] = set()
    voided: dict[int, int] = {}
    wanted = list(ids)
    for model in Fact.__subclasses__():
        rows: Any = model._default_manager.filter(act_id__in=wanted).values_list("act_id", "voided_by_id")
        for act_id, voided_by in rows:
            if voided_by is None:
                standing.add(act_id)
            else:
                voided[act_id] = voided_by
    corrections: Any = ActRecord.objects.in_bulk(set(voided.values()))
    return standing, {act_id: corrections[by] for act_id, by in voided.items()}
