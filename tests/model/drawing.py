"""What happens next in a random history: days that bite, legal and illegal steps, each for the model and as a row of a written case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as some

from tests.model.changes import PERSONS
from tests.model.facts import DAY, Institution, Life
from tests.model.model import World
from tests.model.natures import by_ground
from tests.model.periods import latest_notice, plus_days, plus_months, term_of_years
from tests.model.scene import FILED, HEAD, PARENTS, PEOPLE, STAFF, is_hospital

Draw = Callable[[some.SearchStrategy[Any]], Any]
LAST_DAY = date(2040, 1, 1)
NEW = {"name": "北京新名示例", "bank_account": "6222000000000", "phone": "010-55550"}


class Drawn(NamedTuple):
    """A step: the model's word and arguments, and the row of a case (without day and institution)."""

    word: str
    given: dict[str, Any]
    row: dict[str, Any]


def next_day(draw: Draw, world: World, who: str) -> date:
    """Today, soon, or a day on which something begins or ends, the day before and the day after."""
    how = draw(some.integers(0, 9))
    if how < 3:
        return world.today
    if how < 5:
        return plus_days(world.today, draw(some.sampled_from([1, 2, 9, 31])))
    biting = sorted(day for day in _biting(world, who) if world.today <= day <= LAST_DAY)
    if not biting:
        return plus_days(world.today, draw(some.integers(1, 120)))
    # The nearer ones more often: a history is short.
    return biting[min(draw(some.integers(0, len(biting) - 1)), draw(some.integers(0, len(biting) - 1)))]


def _biting(world: World, who: str) -> set[date]:
    house = world.institutions[who]
    days = [until for _, until in world.bans(who) if until]
    if house.filing and house.filing.notice_last:
        days.append(house.filing.notice_last)
    days += [penalty.by for penalty in house.penalties if penalty.by]
    if house.asked_suspension:
        days.append(house.asked_suspension[0])
    if house.life:
        days += _of_life(house.life)
    if house.asked_termination:
        days.append(house.asked_termination)
    month_end = plus_months(world.today.replace(day=1), 1) - DAY
    return {each + timedelta(days=off) for each in [*days, month_end] for off in (-1, 0, 1)}


def _of_life(life: Life) -> list[date]:
    days = [life.last, life.end()[0], latest_notice(life.last), plus_months(life.last, -6)]
    for each in life.suspensions:
        days += [each.first, each.last] + ([] if each.imposed else [each.cap])
    if life.termination:
        days.append(life.termination.effective)
    return days


# The kinds of steps, as the modules of the model have them.
KINDS: dict[str, list[str]] = {
    "road": ["apply", "accept", "evaluate", "sign", "withdraw"],
    "suspension": ["suspend", "record_rectification", "amend_suspension"],
    "suspension_at_request": ["request_suspension", "decide_suspension", "request_resumption", "resume", "prevent_lapse"],
    "termination": ["terminate"],
    "leaving": ["request_termination", "decide_termination", "order_full_check", "close_full_check"],
    "renewal": ["request_renewal", "decide_renewal", "request_non_renewal"],
    "changes": ["report_change", "approve_change"],
    "holding": ["hold_settlement", "suspend_part", "release_hold"],
    "adverse": [
        "impose_penalty", "list_dishonest", "discover_fraud", "record_second_fail", "fulfil_penalty", "fulfil_liability",
        "unlist_dishonest",
    ],
    "undoing": ["void", "annul"],
}  # fmt: skip


def fitting(world: World, who: str, kind: str) -> list[str]:
    """Words of a kind that may be due by the state of the institution's matters, today or soon."""
    house, life = world.institutions[who], world.institutions[who].life
    due = _known(world, house)
    if world.undoable(who):
        due |= {"void", "annul"}
    due |= _of_the_living(house, life, world.today) if life and house.living(world.today) else _of_others(house)
    return [word for word in KINDS[kind] if word in due]


def _known(world: World, house: Institution) -> set[str]:
    due = {"impose_penalty", "list_dishonest", "discover_fraud"}
    owing = [life.termination for life in house.lives if life.termination]
    if any(each.owes("penalty") for each in owing) or any(not each.done for each in house.penalties):
        due.add("fulfil_penalty")
    if any(each.owes("liability") for each in owing):
        due.add("fulfil_liability")
    if world.dishonest:
        due.add("unlist_dishonest")
    if any(released is None for _, released in house.holds):
        due.add("release_hold")
    if house.full_check:
        due.add("close_full_check")
    return due


def _of_others(house: Institution) -> set[str]:
    if house.filing is None:
        return {"apply", "record_second_fail"}
    return {"accept"} if not house.filing.accepted else {"sign"} if house.filing.notice_last else {"evaluate"}


def _of_the_living(house: Institution, life: Life, today: date) -> set[str]:
    due = {"suspend", "terminate", "hold_settlement", "suspend_part", "report_change"}
    due.add("decide_suspension" if house.asked_suspension else "request_suspension")
    due.add("decide_termination" if house.asked_termination else "request_termination")
    due |= {"decide_renewal"} if life.renewal_asked else {"request_renewal", "request_non_renewal"}
    if any(not each.approved for each in life.changes):
        due = due - {"report_change"} | {"approve_change"}
    if life.termination and life.termination.by_request and not house.full_check:
        due.add("order_full_check")
    suspended = life.suspended_on(today)
    if suspended and suspended.imposed:
        due = due - {"suspend"} | {"record_rectification", "amend_suspension"}
    elif suspended or any(not each.imposed and each.first > today for each in life.suspensions):
        due = due - {"request_suspension"} | {"request_resumption", "prevent_lapse", "resume"}
    return due


def _plain(word: str, row: dict[str, Any] | None = None) -> Callable[[Draw, World, str], Drawn]:
    return lambda draw, world, who: Drawn(word, {}, row or {"do": word})


def _kind(who: str) -> str:
    return "hospital" if is_hospital(who) else "pharmacy"


def _near(draw: Draw, day: date, *offsets: int) -> date:
    return plus_days(day, draw(some.sampled_from(offsets)))


def _ahead(draw: Draw, world: World) -> date:
    """A day three months ahead, or just short of it."""
    return _near(draw, plus_months(world.today, 3), -1, 0, 0, 1, 3, 30)


def _suspend(draw: Draw, world: World, who: str) -> Drawn:
    first = _near(draw, world.today, 0, 0, 1, 10, -1)
    last = _near(draw, first, 179, 180, 29, 9, 0)
    number = draw(some.integers(1, 4))
    ground = f"M42.6({number})" if _kind(who) == "hospital" else f"P39.5({number})"
    return Drawn("suspend", {"first": first, "last": last}, {"do": "suspend", "ground": ground, "from": first, "to": last})


def _request_suspension(draw: Draw, world: World, who: str) -> Drawn:
    first, days = _ahead(draw, world), draw(some.sampled_from([180, 181, 30, 1]))
    return Drawn("request_suspension", {"first": first, "days": days}, {"do": "request_suspension", "from": first, "days": days})


def _decide(word: str) -> Callable[[Draw, World, str], Drawn]:
    def build(draw: Draw, world: World, who: str) -> Drawn:
        granted, exception = draw(some.sampled_from([True, True, True, False])), draw(some.booleans())
        row = {"do": word, "granted": granted} | ({"exception_reason": "整体搬迁"} if exception else {})
        return Drawn(word, {"granted": granted, "exception": exception}, row)

    return build


def _terminate(draw: Draw, world: World, who: str) -> Drawn:
    natures = by_ground(_kind(who))
    grounds = draw(some.lists(some.sampled_from(sorted(natures)), min_size=1, max_size=2, unique=True))
    given: dict[str, Any] = {"grounds": tuple(grounds), "penalty_open": draw(some.booleans()), "liability_open": draw(some.booleans())}
    letter = "M43" if _kind(who) == "hospital" else "P40"
    row: dict[str, Any] = {"do": "terminate", "ground": [f"{letter}({number})" for number in grounds]}
    if len(grounds) == 1 and (natures[grounds[0]] is None or draw(some.integers(0, 4)) == 0) and draw(some.integers(0, 4)):
        given["nature"] = row["nature"] = draw(some.sampled_from(["serious_violation", "violation", "serious_breach", "none"]))
        if draw(some.booleans()):
            given["reason"], row["reason"] = True, "见调查报告"
    if draw(some.integers(0, 3)) == 0:
        given["effective"] = row["effective"] = _near(draw, world.today, 0, 1, 15)
    if draw(some.integers(0, 4)) == 0:
        named = draw(some.lists(some.sampled_from(sorted(world.institutions[who].people)), min_size=1, unique=True))
        given["persons"], row["persons"] = frozenset(named), named
    if letter == "P40" and draw(some.integers(0, 2)) == 0:
        given["head"] = row["head_office_at_fault"] = HEAD
        given["penalty_open"] = False
        for name in ("effective", "persons"):
            given.pop(name, None)
            row.pop(name, None)
    row |= {"penalty_open": given["penalty_open"], "liability_open": given["liability_open"]}
    return Drawn("terminate", given, row)


def _request_termination(draw: Draw, world: World, who: str) -> Drawn:
    effective = _ahead(draw, world)
    return Drawn("request_termination", {"effective": effective}, {"do": "request_termination", "effective": effective})


def _record_rectification(draw: Draw, world: World, who: str) -> Drawn:
    passed = draw(some.booleans())
    return Drawn("record_rectification", {"passed": passed}, {"do": "record_rectification", "passed": passed})


def _amend_suspension(draw: Draw, world: World, who: str) -> Drawn:
    to = _near(draw, world.today, 1, 5, 20)
    return Drawn("amend_suspension", {"to": to}, {"do": "amend_suspension", "to": to, "reason": "整改提前完成"})


def _prevent_lapse(draw: Draw, world: World, who: str) -> Drawn:
    life = world.institutions[who].life
    caps = [each.cap for each in life.suspensions if not each.imposed] if life else []
    to = _near(draw, caps[-1] if caps else world.today, 1, 10)
    return Drawn("prevent_lapse", {"to": to}, {"do": "prevent_lapse", "to": to, "reason": "修缮工程延期"})


def _suspend_part(draw: Draw, world: World, who: str) -> Drawn:
    first = _near(draw, world.today, 0, 1)
    last = draw(some.sampled_from([first, plus_days(first, 20), None]))
    row = {"do": "suspend_part", "person": STAFF, "from": first} | ({"to": last} if last else {"ended": True})
    return Drawn("suspend_part", {"person": STAFF, "first": first, "last": last}, row)


def _impose_penalty(draw: Draw, world: World, who: str) -> Drawn:
    by = draw(some.sampled_from([None, world.today, plus_days(world.today, 15)]))
    return Drawn("impose_penalty", {"by": by}, {"do": "impose_penalty"} | ({"by": by} if by else {}))


def _sign(draw: Draw, world: World, who: str) -> Drawn:
    """Of an internet hospital a supplementary agreement; of others sometimes one of another length, with or without its reason."""
    if who in PARENTS:
        return Drawn("sign", {}, {"do": "sign", "kind": "supplementary"})
    if draw(some.integers(0, 3)):
        return Drawn("sign", {}, {"do": "sign"})
    to, reason = term_of_years(world.today, draw(some.sampled_from([1, 2, 3]))), draw(some.booleans())
    row = {"do": "sign", "kind": "fixed", "to": to} | ({"reason": "考核优秀"} if reason else {})
    return Drawn("sign", {"to": to, "reason": reason}, row)


def _report_change(draw: Draw, world: World, who: str) -> Drawn:
    """About the last day to report it, 30 working days on; people who bar an institution come in this way too."""
    data = draw(some.sampled_from([*PERSONS, *PERSONS, "name", "bank_account", "phone"]))
    value = draw(some.sampled_from(PEOPLE)) if data in PERSONS else f"{NEW[data]}{draw(some.integers(100, 999))}"
    approved = max(plus_days(world.today, -draw(some.sampled_from([0, 0, 1, 41, 42, 43, 44, 45, 46, 60, -1]))), FILED)
    row = {"do": "report_change", "field": data, "value": value, "approved_on": approved}
    return Drawn("report_change", {"data": data, "value": value, "approved_on": approved}, row)


def _decide_renewal(draw: Draw, world: World, who: str) -> Drawn:
    agreed = draw(some.sampled_from([True, True, False]))
    return Drawn("decide_renewal", {"agreed": agreed}, {"do": "decide_renewal", "agreed": agreed})


def _dishonest(word: str) -> Callable[[Draw, World, str], Drawn]:
    def build(draw: Draw, world: World, who: str) -> Drawn:
        person = draw(
            some.sampled_from(
                sorted(world.dishonest) if world.dishonest and draw(some.booleans()) else sorted(world.institutions[who].people)
            )
        )
        return Drawn(word, {"person": person}, {"do": word, "person": person})

    return build


STEPS: dict[str, Callable[[Draw, World, str], Drawn]] = {
    **{word: _plain(word) for word in (
        "apply", "accept", "withdraw", "evaluate", "approve_change", "request_resumption", "resume", "order_full_check", "close_full_check",
        "request_renewal", "request_non_renewal", "hold_settlement", "release_hold", "fulfil_penalty", "fulfil_liability",
        "discover_fraud", "record_second_fail", "void", "annul",
    )},
    **{word: _decide(word) for word in ("decide_suspension", "decide_termination")},
    **{word: _dishonest(word) for word in ("list_dishonest", "unlist_dishonest")},
    "sign": _sign, "report_change": _report_change,
    "suspend": _suspend, "request_suspension": _request_suspension, "terminate": _terminate, "request_termination": _request_termination,
    "record_rectification": _record_rectification, "amend_suspension": _amend_suspension, "prevent_lapse": _prevent_lapse,
    "suspend_part": _suspend_part, "impose_penalty": _impose_penalty, "decide_renewal": _decide_renewal,
}  # fmt: skip
