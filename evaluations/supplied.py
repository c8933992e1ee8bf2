"""Files handed in while an evaluation asks for them: with which round, for what, and who sees them (M9.2, R16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from applications.models import Application, Material
from evaluations.models import Evaluation
from offices.actors import Actor

PLACE = "evidence."  # followed by the number of the act that handed it in: each supply has a place of its own


@dataclass(frozen=True)
class Supplied:
    """One file: the evaluation that asked for it, the items it answers, the day it came in; ``voided`` if that was corrected later."""

    file: Material
    evaluation: int | None
    items: tuple[str, ...]
    on: date
    voided: bool

    @property
    def title(self) -> str:
        return "、".join(self.items)


def supplied(application: Application, actor: Actor) -> list[Supplied]:
    """Every file of the rounds that the actor may see, in the order in which they came in."""
    files = {row.item: row for row in application.materials.filter(item__startswith=PLACE, replaced_at__isnull=True)}
    if not files:
        return []
    seen = set(Evaluation.objects.visible_to(actor).filter(application=application).values_list("pk", flat=True))
    found, evaluation = [], None
    for fact in sorted(application.facts.all(), key=lambda each: each.pk):
        if fact.kind == "team_formed":
            evaluation = fact.data.get("evaluation")
        file = files.get(f"{PLACE}{fact.act_id}")
        if fact.kind == "evidence_supplied" and file is not None and evaluation in seen:
            found.append(Supplied(file, evaluation, tuple(fact.data["items"]), fact.on, fact.voided_at is not None))
    return found


def files_for(application: Application, actor: Actor) -> QuerySet[Material]:
    """The files of an application that the actor may open: of an evaluation that is not its own a third party sees nothing (R16)."""
    rows: QuerySet[Material] = application.materials.all()
    if actor.role != "third_party":
        return rows
    own = [each.file.pk for each in supplied(application, actor)]
    return rows.exclude(item__startswith=PLACE) | rows.filter(pk__in=own)
