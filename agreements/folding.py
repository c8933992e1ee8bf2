"""Folds the facts of an agreement, in the order recorded, into its term (R7). Pure.

Facts (days in ``data`` are ISO text; ``of`` names the fact that opened what a later one is about):

- ``signed`` from, to, kind, taken_over; ``filed``
- ``suspension_requested`` from, to · ``suspension_decided`` of, granted, from, to · ``resumption_requested`` of · ``resumed`` of
  · ``lapse_prevented`` of, to · ``request_revived`` of, last or to: what had cut it was undone
- ``replaced`` by, from: another agreement was signed while this one was believed ended
- ``suspended`` from, to, ground · ``suspension_amended`` of, to · ``rectification_recorded`` of, passed
- ``termination_requested`` effective · ``termination_decided`` of, granted, effective · ``terminated`` on = first day out, grounds, leading
  · ``effect_moved`` of: the decision was served later than it was to take effect (R5)
- ``full_check_ordered``, ``full_check_found`` items, still to be dealt with, ``full_check_closed``
- ``request_withdrawn`` of: what the institution asked for is gone
- ``renewal_called`` · ``renewal_requested`` late · ``non_renewal_requested`` · ``renewal_decided`` of, agreed, agreement
- ``change_reported`` field, value, approved_on, major, late · ``change_supplement_asked``,
  ``change_passed_on`` of · ``change_decided`` of, approved, opens
- ``part_suspended`` department or person, code, from, to, ended · ``part_restored`` of
- ``hold_demanded``, ``held`` clause, ``hold_released``
- ``intended`` act, days, urgent · ``intention_served`` of, from, last_day · ``heard`` of
- ``intention_dropped`` of · ``case_opened`` ground · ``case_closed`` of · ``reported`` of
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from agreements.matters import Change, Hold, Intention, Part, Renewal, TerminationCase, TerminationRequest
from agreements.suspensions import Suspension, cut
from agreements.term import Term, Termination
from casework.facts import PlainFact, as_served, day_of, in_effect
from casework.refusals import Impossible


def read(facts: Iterable[PlainFact], main: Term | None = None, previous: Term | None = None) -> Term:
    """Fold facts, in the order recorded. Raises Impossible for a fact whose ground is gone."""
    term = Term(main=main, previous=previous)
    for fact in in_effect(as_served(facts)):
        folding = _FOLDS.get(fact.kind)
        if folding is None:
            continue
        if term.annulled and fact.kind not in ("signed", "filed"):
            raise Impossible(fact.kind, "annulled")
        folding(term, fact)
        _use(term, fact)
        _serve(term, fact)
    _release(term)
    cut(term.suspensions)
    return term


# Decisions about what was asked for; known by what was asked.
ANSWERS = ("suspension_decided", "termination_decided", "renewal_decided")

_FOLDS: dict[str, Callable[[Term, PlainFact], None]] = {}


def _folds(*kinds: str) -> Callable[[Callable[[Term, PlainFact], None]], Callable[[Term, PlainFact], None]]:
    """Decorator: this function takes facts of these kinds into the term."""

    def add(folding: Callable[[Term, PlainFact], None]) -> Callable[[Term, PlainFact], None]:
        _FOLDS.update(dict.fromkeys(kinds, folding))
        return folding

    return add


def _use(term: Term, fact: PlainFact) -> None:
    """A decision follows the intention that was told for it (M38.6)."""
    told = fact.data.get("intention")
    if told is None:
        return
    intention = next((each for each in term.intentions if each.id == told), None)
    if intention is None:
        raise Impossible(fact.kind, "none")
    intention.used = True


def _serve(term: Term, fact: PlainFact) -> None:
    """A decision's paper was served on another day than that of the decision: its remedies count from then (R11)."""
    served = day_of(fact.data.get("served_on"))
    if served is not None:
        answered = fact.data.get("of") if fact.kind in ANSWERS else None
        term.served[answered or fact.id] = served


def _release(term: Term) -> None:
    """A failed rectification keeps the agreement suspended until the case it opened is closed (R6)."""
    for suspension in term.suspensions:
        if suspension.rectified is False and suspension.rectified_on is not None:
            failed_on = suspension.rectified_on
            closings = [day for day in term.closings.values() if day >= failed_on]
            suspension.released_on = min(closings, default=None)


def _day(fact: PlainFact) -> date:
    """The day a fact was recorded: the day of the act."""
    return fact.at.date() if fact.at else fact.on


def _find(rows: Iterable[Any], fact: PlainFact) -> Any:
    """What a fact is about, by the fact that opened it."""
    for row in rows:
        if row.id == fact.data.get("of"):
            return row
    raise Impossible(fact.kind, "none")


def _required(value: Any) -> date:
    day = day_of(value)
    assert day is not None
    return day


@_folds("signed")
def _signed(term: Term, fact: PlainFact) -> None:
    term.first_day, term.last_day, term.annulled = _required(fact.data["from"]), _required(fact.data["to"]), False
    term.taken_over_on = _day(fact) if fact.data.get("taken_over") else None
    term.signed_on = _day(fact)


@_folds("filed")
def _filed(term: Term, fact: PlainFact) -> None:
    term.filed_on = fact.on


@_folds("suspension_requested")
def _suspension_requested(term: Term, fact: PlainFact) -> None:
    first, last = _required(fact.data["from"]), _required(fact.data["to"])
    term.suspensions.append(Suspension(fact.id, False, first, last, requested_on=_day(fact)))


@_folds("suspension_decided")
def _suspension_decided(term: Term, fact: PlainFact) -> None:
    suspension = _find(term.suspensions, fact)
    suspension.granted, suspension.decided_on = bool(fact.data["granted"]), _day(fact)
    if suspension.granted:
        suspension.first_day, suspension.stated_last = _required(fact.data["from"]), _required(fact.data["to"])


def _granted(term: Term, fact: PlainFact) -> Suspension:
    """The suspension at request that a fact is about; one that was never granted cannot be resumed or prolonged."""
    suspension: Suspension = _find(term.suspensions, fact)
    if not suspension.granted:
        raise Impossible(fact.kind, "requested")
    return suspension


@_folds("resumption_requested")
def _resumption_requested(term: Term, fact: PlainFact) -> None:
    _granted(term, fact).resumption_on = _day(fact)


@_folds("resumed")
def _resumed(term: Term, fact: PlainFact) -> None:
    suspension = _granted(term, fact)
    if suspension.resumption_on is None:
        raise Impossible(fact.kind, "none")
    suspension.resumed_on = _day(fact)


@_folds("lapse_prevented")
def _lapse_prevented(term: Term, fact: PlainFact) -> None:
    _granted(term, fact).prevented_to = _required(fact.data["to"])


@_folds("request_revived")
def _request_revived(term: Term, fact: PlainFact) -> None:
    """Stays ended on the day it was believed to have ended, or lapses later; nothing where it was itself undone meanwhile."""
    last, to = day_of(fact.data.get("last")), day_of(fact.data.get("to"))
    for each in term.suspensions:
        if each.id == fact.data["of"] and each.granted:
            each.cut_on = last + timedelta(days=1) if last else each.cut_on
            each.prevented_to = to or each.prevented_to


@_folds("replaced")
def _replaced(term: Term, fact: PlainFact) -> None:
    term.replaced_from = min(term.replaced_from, _required(fact.data["from"]))


@_folds("suspended")
def _suspended(term: Term, fact: PlainFact) -> None:
    first, last = _required(fact.data["from"]), _required(fact.data["to"])
    term.suspensions.append(Suspension(fact.id, True, first, last, fact.data.get("ground", ""), decided_on=_day(fact)))


@_folds("suspension_amended")
def _suspension_amended(term: Term, fact: PlainFact) -> None:
    _find(term.suspensions, fact).stated_last = _required(fact.data["to"])


@_folds("rectification_recorded")
def _rectification_recorded(term: Term, fact: PlainFact) -> None:
    suspension = _find(term.suspensions, fact)
    passed, day = bool(fact.data["passed"]), _day(fact)
    # Recorded after the last day it opens the case, but the agreement has gone on (M42.2, R6).
    if day <= suspension.stated_last:
        suspension.rectified, suspension.rectified_on = passed, day
    if not passed:
        term.opened.append(TerminationCase(fact.id, "M43(1)", day, suspension=suspension.id))


@_folds("termination_requested")
def _termination_requested(term: Term, fact: PlainFact) -> None:
    term.requests.append(TerminationRequest(fact.id, _day(fact), _required(fact.data["effective"])))


@_folds("termination_decided")
def _termination_decided(term: Term, fact: PlainFact) -> None:
    request = _find(term.requests, fact)
    request.granted, request.decided_on = bool(fact.data["granted"]), _day(fact)
    if request.granted:
        effective = max(_required(fact.data["effective"]), fact.on)
        term.decisions.append(Termination(fact.id, effective, "M43(12)", _day(fact), at_request=True, grounds=("M43(12)",)))


@_folds("terminated")
def _terminated(term: Term, fact: PlainFact) -> None:
    grounds = tuple(fact.data.get("grounds", ())) or (str(fact.data.get("ground", "")),)
    decided = day_of(fact.data.get("decided_on")) or min(_day(fact), fact.on)
    named = str(fact.data.get("leading") or grounds[0])
    term.decisions.append(Termination(fact.id, fact.on, named, decided, grounds=grounds))


@_folds("full_check_ordered")
def _full_check_ordered(term: Term, fact: PlainFact) -> None:
    term.checks.append((_day(fact), None))


@_folds("full_check_closed")
def _full_check_closed(term: Term, fact: PlainFact) -> None:
    if not term.checks or term.checks[-1][1] is not None:
        raise Impossible(fact.kind, "none")
    term.checks[-1] = (term.checks[-1][0], _day(fact))


@_folds("renewal_called")
def _renewal_called(term: Term, fact: PlainFact) -> None:
    term.called_on = _day(fact)


@_folds("renewal_requested", "non_renewal_requested")
def _renewal_requested(term: Term, fact: PlainFact) -> None:
    wanted = fact.kind == "renewal_requested"
    term.renewals.append(Renewal(fact.id, _day(fact), wanted, late=bool(fact.data.get("late"))))


@_folds("renewal_decided")
def _renewal_decided(term: Term, fact: PlainFact) -> None:
    renewal = _find(term.renewals, fact)
    renewal.agreed, renewal.decided_on, renewal.agreement = bool(fact.data["agreed"]), _day(fact), fact.data.get("agreement")


@_folds("request_withdrawn")
def _request_withdrawn(term: Term, fact: PlainFact) -> None:
    """Only what was asked for and waits can be taken back."""
    asked = [*(each for each in term.suspensions if not each.imposed), *term.requests, *term.renewals, *term.changes]
    request = _find(asked, fact)
    if not request.waits:
        raise Impossible(fact.kind, "decided")
    request.withdrawn_on = _day(fact)


@_folds("change_reported")
def _change_reported(term: Term, fact: PlainFact) -> None:
    data = fact.data
    approved = day_of(data.get("approved_on"))
    change = Change(fact.id, str(data["field"]), data.get("value"), bool(data.get("major")), _day(fact), approved)
    change.late = bool(data.get("late"))
    term.changes.append(change)


@_folds("change_supplement_asked")
def _change_supplement_asked(term: Term, fact: PlainFact) -> None:
    _find(term.changes, fact).asked_on = _day(fact)


@_folds("change_passed_on")
def _change_passed_on(term: Term, fact: PlainFact) -> None:
    _find(term.changes, fact).passed_on = _day(fact)


@_folds("change_decided")
def _change_decided(term: Term, fact: PlainFact) -> None:
    change = _find(term.changes, fact)
    change.approved, change.decided_on = bool(fact.data["approved"]), _day(fact)
    if fact.data.get("opens"):
        term.opened.append(TerminationCase(fact.id, str(fact.data["opens"]), _day(fact)))


@_folds("part_suspended")
def _part_suspended(term: Term, fact: PlainFact) -> None:
    data = fact.data
    first, last = _required(data["from"]), day_of(data.get("to"))
    department, person = str(data.get("department") or ""), data.get("person")
    code = str(data.get("code") or "")
    term.parts.append(Part(fact.id, first, last, bool(data.get("ended")), _day(fact), department, person, code))


@_folds("part_restored")
def _part_restored(term: Term, fact: PlainFact) -> None:
    part = _find(term.parts, fact)
    part.last_day = _day(fact) if part.last_day is None else min(part.last_day, _day(fact))


@_folds("hold_demanded")
def _hold_demanded(term: Term, fact: PlainFact) -> None:
    term.hold_demanded_on = _day(fact)


@_folds("held")
def _held(term: Term, fact: PlainFact) -> None:
    term.holds.append(Hold(fact.id, _day(fact), str(fact.data["clause"])))


@_folds("hold_released")
def _hold_released(term: Term, fact: PlainFact) -> None:
    _find(term.holds, fact).released_on = _day(fact)
    term.hold_demanded_on = None


@_folds("intended")
def _intended(term: Term, fact: PlainFact) -> None:
    last, origin = _required(fact.data["last_day"]), fact.data.get("origin")
    told = Intention(fact.id, str(fact.data["act"]), _day(fact), last, bool(fact.data.get("urgent")))
    told.origin = int(str(origin)) if origin is not None else None
    term.intentions.append(told)


@_folds("heard")
def _heard(term: Term, fact: PlainFact) -> None:
    _find(term.intentions, fact).heard_on = _day(fact)


@_folds("intention_served")
def _intention_served(term: Term, fact: PlainFact) -> None:
    intention = _find(term.intentions, fact)
    intention.on, intention.last_day = _required(fact.data["from"]), _required(fact.data["last_day"])


@_folds("intention_dropped")
def _intention_dropped(term: Term, fact: PlainFact) -> None:
    _find(term.intentions, fact).dropped_on = _day(fact)


@_folds("case_opened")
def _case_opened(term: Term, fact: PlainFact) -> None:
    term.opened.append(TerminationCase(fact.id, str(fact.data["ground"]), _day(fact)))


@_folds("case_closed")
def _case_closed(term: Term, fact: PlainFact) -> None:
    """``of`` is a case opened by a fact, or the second suspension itself; closing it before it opens is impossible."""
    of = fact.data.get("of")
    known = {each.id for each in term.opened} | {each.id for each in term.suspensions if each.imposed}
    if of not in known:
        raise Impossible(fact.kind, "none")
    term.closings[int(str(of))] = _day(fact)
    term.opened = [each if each.id != of else replace(each, closed_on=_day(fact)) for each in term.opened]


@_folds("reported")
def _reported(term: Term, fact: PlainFact) -> None:
    term.reported[int(str(fact.data["of"]))] = _day(fact)
