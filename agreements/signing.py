"""What must hold before an agreement is signed: one list for inviting, signing and the pages (M9.4, M9.5, M10, M4, M5.2, R4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from agreements.models import Agreement
from agreements.places import places_for
from applications import entry
from applications.models import Application
from casework.context import Context
from casework.refusals import Refusal
from deadlines.periods import term_last_day
from institutions.models import Institution


def main_agreement(institution: Institution, day: date) -> Agreement | None:
    """The living agreement of the physical institution an internet hospital leans on (M5.2)."""
    if institution.parent_id is None:
        return None
    rows = Agreement.objects.filter(institution_id=institution.parent_id, ended_on__gte=day, annulled=False)
    return rows.exclude(kind="supplementary").order_by("first_day").first()


def terms(application: Application, data: dict[str, Any], day: date) -> dict[str, Any]:
    """Kind, first and last day with their defaults: from today for one year; a supplementary one within its main agreement."""
    first = data.get("from_on") or day
    last = data.get("to_on")
    kind = data.get("kind") or "annual"
    main = main_agreement(application.institution, first) if kind == "supplementary" else None
    if last is None:
        last = term_last_day(first, 1)
        if main is not None:
            last = min(last, main.ended_on)
    return {"kind": kind, "first_day": first, "last_day": last, "main": main}


def against(context: Context, chosen: dict[str, Any]) -> Iterable[Refusal]:
    """Every reason against signing today on these terms."""
    application, institution = context.subject, context.institution
    road = application.road()
    if road.round is None or road.round.result != "pass":
        yield context.refuse("M9.4", "评估尚未合格,不能签约。")
    elif not road.notice_over(context.on):
        last = f"(公示至{road.notice_last_day})" if road.notice_last_day else ""
        yield context.refuse("M9.5", f"公示尚未期满{last},不能签约。")
    elif road.open_objections:
        yield context.refuse("M9.5", "尚有未处理完的公示异议,不能签约。")
    yield from entry.bars(institution, context.on)
    yield from _terms(context, chosen)


def _terms(context: Context, chosen: dict[str, Any]) -> Iterable[Refusal]:
    institution, reason = context.institution, context.data.get("reason")
    first, last, kind = chosen["first_day"], chosen["last_day"], chosen["kind"]
    if first < context.on:
        yield context.refuse("M10.1", f"协议起始日{first}不得早于签约日{context.on}。")
    if last < first:
        yield context.refuse("M10.4", "协议最后一日早于起始日。")
    elif last != term_last_day(first, 1) and not reason and chosen["main"] is None:
        yield context.refuse("M10.4", f"协议期限一般为1年({first}至{term_last_day(first, 1)}),另定期限须写明理由。")
    if (institution.category == "internet") != (kind == "supplementary"):
        yield context.refuse("M5.2", "互联网医院只能在所依托实体医疗机构的协议下签订补充协议,其他机构不签补充协议。")
    elif kind == "supplementary" and chosen["main"] is None:
        yield context.refuse("M5.2", "所依托的实体医疗机构没有有效协议。")
    elif kind == "supplementary" and (last > chosen["main"].ended_on or first < chosen["main"].first_day):
        term = f"{chosen['main'].first_day}至{chosen['main'].ended_on}"
        yield context.refuse("M5.2", f"补充协议的期限应在主协议的期限之内({term})。")
    places = places_for(institution, context.on)
    if places is not None and places.left <= 0 and not reason and kind != "supplementary":
        yield context.refuse("M4", f"配置名额{places.allocated}个已用{places.used}个,超出须由市经办机构写明理由。")
