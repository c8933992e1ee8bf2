"""What evaluations add to acts below: a round ends with its application, a notice ends with its period."""

from __future__ import annotations

from datetime import date
from typing import Any

from applications.models import Application, ApplicationFact
from applications.road import FINAL, Round
from casework.acts import catch_up_handlers, when_done
from casework.context import Context
from casework.facts import SERVICE_PROVED
from casework.serving import counts_from_service
from deadlines import clock
from evaluations.models import Evaluation, Notice, Objection
from standing.recording import record_second_failure

counts_from_service(8, "evidence_requested")
counts_from_service(11, "result_served")
counts_from_service(12, "result_served")


@when_done("withdraw", "close_application", "refuse", "decline", "terminate")
def end_round(context: Context) -> None:
    """An evaluation under way ends when its application ends (R2), be it refused with a chain's cascade (R10)."""
    ended = [case.pk for case in [context.subject, *context.touched] if isinstance(case, Application) and case.state in FINAL]
    for evaluation in Evaluation.objects.filter(application__in=ended, state__in=["under_way", "waiting"]):
        evaluation.end()
        evaluation.save()


@when_done("serve_document", "confirm_receipt")
def bar_from_service(context: Context) -> None:
    """A second failure bars from the day its result is served; by post that day is known when the receipt is back (M9.8)."""
    for fact in ApplicationFact.objects.filter(act_id=context.record_id, kind=SERVICE_PROVED).select_related("application__institution"):
        served = ApplicationFact.objects.get(pk=fact.data["of"])
        road = fact.application.road()
        if served.kind == "result_served" and road.second_failure:
            record_second_failure(context, fact.application.institution, fact.on, document=fact.data["document"])


@when_done("void")
def realign_rounds(context: Context) -> None:
    """After a correction each round's state follows the road again."""
    for application in [case for case in context.touched if case._meta.model_name == "application"]:
        rounds = application.road().rounds
        of_evaluation = {each.evaluation: each for each in rounds}
        for evaluation in application.evaluations.order_by("round"):
            wanted = _state(of_evaluation.get(evaluation.pk), application)
            if evaluation.state != wanted:
                evaluation.realign(wanted)
                evaluation.save()


@when_done("void")
def reopen_objections(context: Context) -> None:
    """An answer that was voided is none: the objection is open again (M9.5)."""
    for application in [case for case in context.touched if case._meta.model_name == "application"]:
        still = [each.id for each in application.road().open_objections]
        rows = Objection.objects.filter(application=application, fact_id__in=still, resolved_at__isnull=False)
        rows.update(outcome="", upheld=None, resolved_at=None)


def _state(each: Round | None, application: Application) -> str:
    if each is None:
        return "ended"
    if each.result:
        return "passed" if each.result == "pass" else "failed"
    if application.state in FINAL:
        return "ended"
    return "waiting" if each.open_items else "under_way"


def finish_notices(case: Any, on: date) -> None:
    """Notices whose last day has passed are over."""
    for notice in Notice.objects.filter(entries__application=case, state="open", last_day__lt=clock.today()):
        notice.finish()
        notice.save()


catch_up_handlers.setdefault("application", []).append(finish_notices)
