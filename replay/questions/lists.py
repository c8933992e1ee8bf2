"""Deadlines, documents and cases of an institution, and the public lists."""

from __future__ import annotations

from typing import Any

from agreements import deadlines as of_agreements
from agreements import public
from agreements.grounds import own_ground
from agreements.models import Agreement
from applications import deadlines as of_applications
from applications.models import Application
from deadlines import clock
from deadlines.loading import working_calendar
from disputes.models import Dispute
from documents.models import Document
from replay import fields
from replay.case import Step
from replay.stage import Stage
from replay.words import question


@question("deadlines", "kind", "due_on", "state", listed=True)
def deadlines(stage: Stage, asked: Step) -> list[dict[str, Any]]:
    """Derived from the facts, whether or not a timer has run (R7)."""
    institution, today = stage.institution(asked), clock.today()
    rows = []
    for application in Application.objects.filter(institution=institution):
        rows += of_applications.wanted(application, application.road(), today)
    for agreement in Agreement.objects.filter(institution=institution):
        rows += of_agreements.wanted(agreement, agreement.term(), working_calendar(), today)
    for dispute in Dispute.objects.filter(institution=institution):
        rows += dispute.wanted(today)
    rows = [row for row in rows if row.kind != of_agreements.STATE_CHANGE]
    return [{"kind": row.kind, "due_on": row.due.day if row.due else None, "state": row.state} for row in rows]


@question("documents", listed=True)
def documents(stage: Stage, asked: Step) -> list[int]:
    about = Document.objects.filter(subjects__institution_id=stage.institution(asked).pk)
    return list(about.order_by("id").values_list("catalogue", flat=True))


@question("cases", "kind", "ground", "state", listed=True)
def cases(stage: Stage, asked: Step) -> list[dict[str, Any]]:
    """Termination cases of every agreement; what is disputed (breaches come later)."""
    institution, today = stage.institution(asked), clock.today()
    rows: list[dict[str, Any]] = []
    for agreement in Agreement.objects.filter(institution=institution, annulled=False):
        for case in agreement.term().cases:
            if case.state(today) != "coming":
                rows.append({"kind": "termination", "ground": own_ground(case.ground, institution.kind), "state": case.state(today)})
    for dispute in Dispute.objects.filter(institution=institution):
        if dispute.kind != "correction":
            kind = "mediation" if dispute.kind == "mediation" else "remedy"
            rows.append({"kind": kind, "ground": dispute.clause or None, "state": dispute.derived(today)})
    return [row for row in rows if row["state"] != "annulled"]


@question("public_list", "listed", options={"list": fields.choice("designated", "to_be_signed", "terminated")}, required=("list",))
def public_list(stage: Stage, asked: Step) -> dict[str, Any]:
    institution, today = stage.institution(asked), clock.today()
    wanted = asked.given["list"]
    if wanted == "designated":
        return {"listed": public.designated(today).filter(pk=institution.pk).exists()}
    if wanted == "to_be_signed":
        return {"listed": any(shown.institution == institution for shown in public.to_be_signed(today))}
    return {"listed": public.terminations(today).filter(institution=institution).exists()}
