"""What an undone decision brings back to life, and how far: never two agreements at once, never an end that nobody saw coming.

An agreement that is in force again ends the day before one signed meanwhile begins (M10.1). A suspension at the institution's request
that an undone one had cut could not be resumed while it was believed cut (R6): where the agreement has gone on since, it stays as it was
lived, and what was settled stays settled; where it is still suspended, day 180 is put off so that the lapse can be announced (R14).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Q

from agreements.acts.common import owner_of
from agreements.folding import read
from agreements.models import Agreement, AgreementFact
from agreements.reading import Loaded, load
from agreements.suspensions import Suspension
from agreements.term import Term
from casework.acts import when_done
from casework.context import Context

ONE_DAY = timedelta(days=1)
ANNOUNCED_DAYS = 30
"""A lapse is announced from 30 days ahead (R14): a revived suspension leaves at least as many."""


@when_done("void", "decide_remedy")
def revive_what_was_cut(context: Context) -> None:
    """Suspensions at request go on where an undone one had ended them (R6)."""
    undone = AgreementFact.objects.filter(voided_by_id=context.record_id, kind="suspended").select_related("agreement__institution")
    for fact in undone.order_by("pk"):
        imposed = _as_believed(fact, context.record_id)
        if imposed is None or imposed.first_day > context.on:
            continue
        # Also the one that the agreement which followed carries on.
        for agreement in load([fact.agreement_id]).moved:
            for each in agreement.term().all_suspensions:
                if not each.imposed and each.resumed_on is None and each.cut_on is None and each.covers(imposed.first_day):
                    _go_on(context, agreement, each, imposed)
                    break


def _as_believed(fact: AgreementFact, act: int) -> Suspension | None:
    """The undone suspension as it stood before it was undone."""
    agreement = fact.agreement
    rows = agreement.facts.filter(Q(voided_at__isnull=True) | Q(voided_by_id=act))
    term = read([replace(each.plain(), voided_at=None) for each in rows], None, agreement.previous.term() if agreement.previous else None)
    return next((each for each in term.suspensions if each.id == fact.pk), None)


def _go_on(context: Context, agreement: Agreement, asked: Suspension, imposed: Suspension) -> None:
    owner = owner_of(agreement, asked)
    if imposed.last_day is not None and imposed.last_day < context.on:
        context.fact("request_revived", case=owner, of=asked.id, last=imposed.last_day.isoformat())
        context.warn(
            f"被撤销的中止曾使机构申请的中止(自{asked.first_day}起)提前结束,协议自{imposed.last_day + ONE_DAY}起已恢复履行:"
            f"机构申请的中止计至{imposed.last_day},其后已经履行和结算的不变。"
        )
        return
    cap, earliest = asked.cap, context.on + timedelta(days=ANNOUNCED_DAYS)
    if cap is not None and cap < earliest:
        context.fact("request_revived", case=owner, of=asked.id, to=earliest.isoformat())
        context.warn(
            f"机构申请的中止(自{asked.first_day}起)继续,其第180日({cap})原会使协议自动终止:因此前无从申请恢复履行,自动终止日改为{earliest},"
            "机构可在此之前申请恢复履行;市经办机构可另定更晚的日期。"
        )


@when_done("void", "decide_remedy", "serve_document", "confirm_receipt")
def yield_to_the_newer(context: Context) -> None:
    """No two agreements overlap: what is in force again, or longer, ends the day before the one signed meanwhile begins."""
    touched = [case.pk for case in (context.subject, *context.touched) if isinstance(case, Agreement)]
    _follow_the_undone(context)
    # One at a time, each read anew: what follows an agreement ends with it.
    for pk in sorted(each.pk for each in load(touched).moved) if touched else ():
        loaded = load([pk])
        agreement = loaded.rows[pk]
        newer = _newer(loaded, agreement, loaded.term(agreement))
        if newer is None:
            continue
        since: dict[str, Any] = {"from": newer.first_day.isoformat()}
        context.fact("replaced", case=agreement, by=newer.pk, **since)
        days = f"恢复履行至{newer.first_day - ONE_DAY}为止"
        context.warn(f"协议{agreement.number}{days};机构已另签协议{newer.number},自{newer.first_day}起按该协议履行。")


def _newer(loaded: Loaded, agreement: Agreement, term: Term) -> Agreement | None:
    """The first agreement signed later, beside none of its own chain, whose days it would overlap."""
    if term.annulled or not term.began():
        return None
    rows = Agreement.objects.filter(institution=agreement.institution_id, annulled=False, pk__gt=agreement.pk)
    rows = rows.exclude(pk__in=loaded.rows).exclude(main__in=loaded.rows).order_by("first_day", "pk")
    return next((each for each in rows if _in_force(each) and _overlap(each, term)), None)


def _in_force(agreement: Agreement) -> bool:
    return agreement.ended_on >= agreement.first_day


def _overlap(newer: Agreement, term: Term) -> bool:
    return newer.first_day <= term.ended_on and newer.ended_on >= term.first_day


def _follow_the_undone(context: Context) -> None:
    """An agreement that was itself undone replaces nothing any more."""
    gone = [case.pk for case in context.touched if isinstance(case, Agreement) and case.term().annulled]
    rows: Iterable[AgreementFact] = AgreementFact.objects.filter(kind="replaced", data__by__in=gone, voided_at__isnull=True) if gone else ()
    for fact in rows:
        fact.voided_at, fact.voided_by_id = context.at, context.record_id
        fact.save(update_fields=["voided_at", "voided_by"])
        context.touch(fact.agreement)
