"""May this institution apply today? Every reason against it, with clause and the earliest day (R4, R15, M5–M6, M12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from applications.failures import gate_for
from applications.models import Application, ConditionRule
from casework.refusals import Refusal
from deadlines.loading import working_calendar
from institutions.completeness import missing_sentence
from institutions.conditions import unmet
from institutions.models import Institution
from institutions.profiles import profile_of
from law.clauses import numbered
from law.rulesets import MEASURES_FROM
from standing.reading import bans_of

# What higher floors know that stands in the way: a living agreement, an open full check.
blockers: list[Callable[[Institution, date], list[Refusal]]] = []
# Conditions that only a higher floor can see: an internet hospital's main agreement (M5.2).
higher_conditions: list[Callable[[Institution, date], list[Refusal]]] = []


@dataclass(frozen=True)
class Answer:
    """Yes or no on a day; ``earliest_on`` is None when it depends on an act or something is still alive."""

    yes: bool
    refusals: tuple[Refusal, ...]
    earliest_on: date | None

    @property
    def clauses(self) -> list[str]:
        return list(dict.fromkeys(refusal.clause for refusal in self.refusals))


def open_application(institution: Institution, day: date) -> Application | None:
    """The application that still occupies the institution, if any."""
    latest = institution.applications.exclude(state__in=["signed", "refused", "withdrawn", "closed", "declined"]).order_by("-id").first()
    if latest is None:
        return None
    if latest.state == "draft":
        return latest
    return latest if latest.road().is_open(day) else None


def alive(institution: Institution, day: date) -> list[Refusal]:
    """An open application or a living agreement: no second application beside it."""
    found = []
    current = open_application(institution, day)
    if current is not None and current.state != "draft":
        found.append(Refusal("state", f"已有办理中的申请{current},办结后方可再次申请。"))
    return found + [refusal for blocker in blockers for refusal in blocker(institution, day)]


def conditions(institution: Institution, day: date, attest: dict[str, bool]) -> list[Refusal]:
    """Conditions not met on a day, the institution's own statements and the dated further conditions included."""
    found = unmet(profile_of(institution, day), day, attest, working_calendar())
    refusals = [Refusal(each.clause, each.sentence, each.earliest_on) for each in found]
    further = numbered("M6.6", institution.kind)
    rules = ConditionRule.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), kind=institution.kind, from_on__lte=day)
    for rule in rules:
        if attest.get(rule.code) is False:
            refusals.append(Refusal(further, f"不符合市级规定的其他条件:{rule.title}。"))
    return refusals + [refusal for condition in higher_conditions for refusal in condition(institution, day)]


def bars(institution: Institution, day: date) -> list[Refusal]:
    """Every ban of the day as a refusal (R4)."""
    return [Refusal(ban.clause, ban.sentence, ban.opens_on) for ban in bans_of(institution, day)]


def gate(institution: Institution, day: date) -> list[Refusal]:
    """The 3-month gate after a first failure (M9.7, R3)."""
    computed = gate_for(institution, day)
    if computed is None:
        return []
    sentence = f"评估不合格的整改期未满:{computed.explanation},次日起可再次申请。"
    return [Refusal(computed.clause, sentence, computed.day + timedelta(days=1))]


def unanswerable(institution: Institution, day: date) -> list[Refusal]:
    """What insisting does not overcome: no law to decide by yet (M53), or a record too incomplete to address a decision to."""
    if day < MEASURES_FROM:
        return [Refusal(numbered("M53", institution.kind), "本办法自2022年1月1日起施行,此前不能依本办法申请。", MEASURES_FROM)]
    if not institution.complete:
        return [Refusal("state", f"{missing_sentence(institution)}请先补全机构信息。")]
    return []


def reasons(institution: Institution, day: date, attest: dict[str, bool] | None = None) -> list[Refusal]:
    """Everything of law against filing on a day."""
    first = unanswerable(institution, day)
    if day < MEASURES_FROM:
        return first
    return [*conditions(institution, day, attest or {}), *bars(institution, day), *gate(institution, day), *first]


def may_apply(institution: Institution, day: date, attest: dict[str, bool] | None = None) -> Answer:
    """The answer for a day. The earliest day is found by asking again on the day each reason says it ends."""
    living = alive(institution, day)
    against = [*living, *reasons(institution, day, attest)]
    if not against:
        return Answer(True, (), day)
    if living:
        return Answer(False, tuple(against), None)
    candidate, left = day, against
    for _ in range(12):
        days = [refusal.earliest_on for refusal in left]
        if any(each is None or each <= candidate for each in days):
            return Answer(False, tuple(against), None)
        candidate = max(each for each in days if each is not None)
        left = reasons(institution, candidate, attest)
        if not left:
            return Answer(False, tuple(against), candidate)
    return Answer(False, tuple(against), None)
