"""Papers that only a timer issues: the call to renew, the end of the term, the lapse (documents 21, 22, 32; R7, R14).

They say what the calendar has already done; nothing in the case changes by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects

from agreements.deadlines import renewal_last_day
from agreements.models.agreement import Agreement, AgreementFact
from agreements.term import Term
from agreements.timers import AgreementCases
from casework.models import ActRecord
from deadlines import clock
from deadlines.loading import working_calendar
from deadlines.models import Deadline
from deadlines.periods import add_months
from documents.catalogue import CATALOGUE
from documents.issuing import Order, issue_all
from documents.models import Document
from institutions.papers import describe
from law.rulesets import kept
from offices.models import Office

CLEARING = "已发生且符合规定的医保费用按协议约定清算。"
RENEWAL_OPENS_MONTHS = 6
CALL = 21


@dataclass
class Announcement:
    """One paper of the system's in the name of an office, with its row in the log, dated ``on``; ordered and issued at ``at``."""

    agreement: Agreement
    number: int
    on: date
    role: str
    data: dict[str, Any]
    at: datetime = field(default_factory=clock.now)


def about(agreement: Agreement) -> dict[str, Any]:
    """What every paper of an agreement carries, with the version of the Measures it is under (M53)."""
    rules = kept(agreement.institution.kind, agreement.first_day)
    first, last = agreement.first_day.isoformat(), agreement.last_day.isoformat()
    term = {"number": agreement.number, "first_day": first, "last_day": last, "rules": rules}
    return {"institution": describe(agreement.institution), "agreement": term}


def expiry(rows: list[Deadline], cases: AgreementCases) -> None:
    """The term is over and nothing follows it (M41.3, M42.2)."""
    for row in rows:
        agreement, term = cases.of(row)
        if term.ended_on != term.last_day or (term.renewal is not None and term.renewal.agreed):
            continue
        reason = "协议期满时仍在中止期内,协议到期终止。" if term.end.clause == "M42.2" else "协议期满,未续签。"
        data = {"reason": reason, "clearing": CLEARING}
        cases.announcements.append(Announcement(agreement, 22, term.last_day, "city_agency", data))


def lapse(rows: list[Deadline], cases: AgreementCases) -> None:
    """Day 180 is over and nobody asked to resume (M42.5)."""
    grants = _standing(29, [row.case_id for row in rows])
    for row in rows:
        agreement, term = cases.of(row)
        suspension = next((each for each in term.all_suspensions if str(each.id) == row.key), None)
        # One that goes on beyond the term ends the agreement that followed (R6).
        while suspension is not None and term.successor is not None and suspension.id in term.going_on and term.renewal is not None:
            agreement, term = cases.loaded.rows[term.renewal.agreement or 0], term.successor
        if suspension is None or term.end.clause != "M42.5" or suspension.lapses_on is None:
            continue
        first, last = suspension.first_day.isoformat(), suspension.lapses_on.isoformat()
        data: dict[str, Any] = {"first_day": first, "day_180": last, "clearing": CLEARING}
        if granted := grants.get(row.case_id):
            data["granted"] = {"number": granted.number, "issued_on": granted.issued_on.isoformat()}
        cases.announcements.append(Announcement(agreement, 32, term.ended_on, "city_agency", data))


def renewal_call(rows: list[Deadline], cases: AgreementCases) -> None:
    """The first warning goes with the call to renew (M41.1); once per agreement."""
    for row in rows:
        agreement, term = cases.of(row)
        if term.renewal_stage == "quiet":
            data = call_data(agreement, term)
            cases.announcements.append(Announcement(agreement, CALL, clock.today(), "district_agency", data))


def call_data(agreement: Agreement, term: Term) -> dict[str, Any]:
    """Own fields of the call to renew."""
    by = renewal_last_day(agreement.institution.kind, term, working_calendar()).day
    opens = add_months(term.last_day, -RENEWAL_OPENS_MONTHS)
    return {"apply_by": by.isoformat(), "from_on": opens.isoformat()}


def _standing(number: int, agreements: Iterable[int]) -> dict[int, Document]:
    """The latest paper of a kind that stands, by agreement."""
    rows = Document.objects.filter(case_label="agreement", case_id__in=agreements, catalogue=number, voided_at__isnull=True)
    return {row.case_id or 0: row for row in rows.order_by("id")}


def announce(listed: list[Announcement]) -> None:
    """Write the log and issue the papers, all together."""
    if not listed:
        return
    prefetch_related_objects([each.agreement.institution for each in listed], "licences")
    issuers: dict[tuple[str, str | None], Office] = {}
    for office in Office.objects.filter(role__in={each.role for each in listed}, active=True):
        issuers.setdefault((office.role, office.district_id if office.role == "district_agency" else None), office)
    records = ActRecord.objects.bulk_create(_record(each) for each in listed)
    _note_calls((each, record) for each, record in zip(listed, records, strict=True) if each.number == CALL)
    orders = []
    for each, record in zip(listed, records, strict=True):
        agreement = each.agreement
        district = agreement.institution.district_id if each.role == "district_agency" else None
        order = Order(
            each.number, issuer=issuers.get((each.role, district)), institutions=[agreement.institution_id], on=each.at.date(),
            data={**about(agreement), **each.data}, recipient=agreement.institution.name, case_label=agreement.label,
            case_id=agreement.pk, act_id=record.pk, at=each.at,
        )  # fmt: skip
        orders.append(order)
    issue_all(orders)


def _note_calls(listed: Iterable[tuple[Announcement, ActRecord]]) -> None:
    """That an institution was called is a fact, whoever called it: the campaign tells who still is to be (M41.1)."""
    facts = [AgreementFact(agreement=each.agreement, kind="renewal_called", on=each.on, at=each.at, act=record) for each, record in listed]
    AgreementFact.objects.bulk_create(facts)
    Agreement.objects.filter(pk__in=[each.agreement_id for each in facts]).update(renewal_stage="called")


def _record(each: Announcement) -> ActRecord:
    agreement = each.agreement
    return ActRecord(
        word="announce", title=f"制发《{CATALOGUE[each.number].name}》", case_label=agreement.label, case_id=agreement.pk,
        institution_id=agreement.institution_id, on=each.on, at=each.at, role="system", by_system=True,
        before=agreement.state, after=agreement.state, version=agreement.version,
    )  # fmt: skip
