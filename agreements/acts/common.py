"""What the acts on a living agreement share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from agreements.announcing import about
from agreements.grounds import own_ground
from agreements.matters import TerminationCase, TerminationRequest
from agreements.models import Agreement
from agreements.suspensions import Suspension
from agreements.term import Term
from casework.acts import Act
from casework.context import Context
from casework.refusals import Refusal

ALIVE = ("pending", "active", "suspended")
IN_FORCE = ("active", "suspended")


class AgreementAct(Act):
    """An act on one agreement."""

    subject: ClassVar[Any] = Agreement

    def institutions(self, subject: Agreement, data: dict[str, Any]) -> set[int]:
        return set(subject.institution_ids())


def term_of(context: Context) -> Term:
    """The fold as it stands before the act, read once."""
    if "term" not in context.__dict__:
        context.__dict__["term"] = context.subject.term()
    term: Term = context.__dict__["term"]
    return term


def through(context: Context) -> tuple[date, date | None]:
    """The last day agreed upon: of the term, or of the next one if that is signed; with the first day of that one."""
    term = term_of(context)
    renewed = term.renewal.agreement if term.renewal is not None and term.renewal.agreed else None
    following = Agreement.objects.get(pk=renewed).term() if renewed and term.end.last_day == term.last_day else None
    if following is None or following.annulled:
        return term.ended_on, None
    return max(term.ended_on, following.ended_on), following.first_day


def outside(context: Context, first: date, words: str) -> Iterable[Refusal]:
    """A first day that lies in no term agreed upon: neither in this one nor in the next one signed (R6, R9)."""
    term = term_of(context)
    last, following = through(context)
    if first > last:
        yield Refusal("state", f"协议至{last}止,{words}。")
    elif following is not None and term.ended_on < first < following:
        yield Refusal("state", f"协议至{term.ended_on}止,续签的协议自{following}起,{first}不在其中。")


def running(context: Context, *, imposed: bool) -> Suspension | None:
    """The suspension that runs today."""
    return term_of(context).suspension(context.on, imposed=imposed)


def owner_of(agreement: Agreement, suspension: Suspension | TerminationCase | TerminationRequest) -> Agreement:
    """The agreement whose fact opened a suspension, a case or a request: one carried into a new term belongs to the term before (R6)."""
    row: Agreement | None = agreement
    while row is not None and not row.facts.filter(pk=suspension.id).exists():
        row = row.previous
    return row or agreement


def with_the_fixed(context: Context) -> Iterable[Refusal]:
    """An annual agreement lives and dies with the fixed one beside it: what suspends or ends is done there, and reaches both (M41.4)."""
    row = context.subject
    if row.kind == "annual" and row.main is not None:
        yield context.refuse("M41.4", f"该年度协议随固定协议{row.main.number},请对固定协议办理。")


def own(context: Context, clause: str) -> str:
    """A ground in the numbering of the institution's kind."""
    return own_ground(clause, context.institution.kind)


def paper(context: Context, **more: Any) -> dict[str, Any]:
    """Data of a paper about this agreement."""
    return {**about(context.subject), **more}


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""
