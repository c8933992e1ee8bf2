"""Papers that only a timer issues: the call to renew, the end of the term, the lapse (documents 21, 22, 32; R7, R14).

They say what the calendar has already done; nothing in the case changes by them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from agreements.deadlines import renewal_last_day
from agreements.models.agreement import Agreement
from agreements.term import Term
from casework.models import ActRecord
from deadlines import clock
from deadlines.loading import working_calendar
from deadlines.models import Deadline
from deadlines.periods import add_months
from documents.catalogue import CATALOGUE
from documents.issuing import issue
from documents.models import Document
from institutions.papers import describe
from offices.models import Office

CLEARING = "已发生且符合规定的医保费用按协议约定清算。"
RENEWAL_OPENS_MONTHS = 6


def agreement_of(row: Deadline) -> Agreement:
    return Agreement.objects.select_related("institution__district").get(pk=row.case_id)


def about(agreement: Agreement) -> dict[str, Any]:
    """What every paper of an agreement carries."""
    term = {"number": agreement.number, "first_day": agreement.first_day.isoformat(), "last_day": agreement.last_day.isoformat()}
    return {"institution": describe(agreement.institution), "agreement": term}


def expiry(row: Deadline) -> None:
    """The term is over and nothing follows it (M41.3, M42.2)."""
    agreement = agreement_of(row)
    term = agreement.term()
    if term.ended_on != term.last_day or (term.renewal is not None and term.renewal.agreed):
        return
    reason = "协议期满时仍在中止期内,协议到期终止。" if term.end.clause == "M42.2" else "协议期满,未续签。"
    _announce(agreement, 22, term.last_day, "city_agency", reason=reason, clearing=CLEARING)


def lapse(row: Deadline) -> None:
    """Day 180 is over and nobody asked to resume (M42.5)."""
    agreement = agreement_of(row)
    term = agreement.term()
    suspension = next((each for each in term.all_suspensions if str(each.id) == row.key), None)
    # One that goes on beyond the term ends the agreement that followed (R6).
    while suspension is not None and term.successor is not None and suspension.id in term.going_on and term.renewal is not None:
        agreement, term = Agreement.objects.select_related("institution__district").get(pk=term.renewal.agreement or 0), term.successor
    if suspension is None or term.end.clause != "M42.5" or suspension.lapses_on is None:
        return
    answers = Document.objects.filter(case_label="agreement", case_id=row.case_id, catalogue=29, voided_at__isnull=True)
    granted = answers.order_by("-id").first()
    known = {"granted": {"number": granted.number, "issued_on": granted.issued_on.isoformat()}} if granted else {}
    first, last = suspension.first_day.isoformat(), suspension.lapses_on.isoformat()
    _announce(agreement, 32, term.ended_on, "city_agency", first_day=first, day_180=last, clearing=CLEARING, **known)


def renewal_call(row: Deadline, days_left: int) -> None:
    """The first warning goes with the call to renew (M41.1); once per agreement."""
    agreement = agreement_of(row)
    if not called(agreement) and agreement.term().renewal is None:
        call(agreement, agreement.term(), clock.today())


def called(agreement: Agreement) -> bool:
    """Whether the call to renew has gone out."""
    return Document.objects.filter(case_label="agreement", case_id=agreement.pk, catalogue=21, voided_at__isnull=True).exists()


def call_data(agreement: Agreement, term: Term) -> dict[str, Any]:
    """Own fields of the call to renew."""
    by = renewal_last_day(agreement.institution.kind, term, working_calendar()).day
    opens = add_months(term.last_day, -RENEWAL_OPENS_MONTHS)
    return {"apply_by": by.isoformat(), "from_on": opens.isoformat()}


def call(agreement: Agreement, term: Term, on: date) -> None:
    """Issue the call to renew by the district agency."""
    _announce(agreement, 21, on, "district_agency", **call_data(agreement, term))


def _announce(agreement: Agreement, number: int, on: date, role: str, **data: Any) -> None:
    """A paper of the system's in the name of an office, with its row in the log, dated as due."""
    offices = Office.objects.filter(role=role, active=True)
    if role == "district_agency":
        offices = offices.filter(district_id=agreement.institution.district_id)
    issuer = offices.first()
    record = ActRecord.objects.create(
        word="announce", title=f"制发《{CATALOGUE[number].name}》", case_label=agreement.label, case_id=agreement.pk,
        institution_id=agreement.institution_id, on=on, at=clock.now(), role="system", by_system=True,
        before=agreement.state, after=agreement.state, version=agreement.version,
    )  # fmt: skip
    issue(
        number, issuer=issuer, institutions=[agreement.institution_id], on=clock.today(), data={**about(agreement), **data},
        recipient=agreement.institution.name, case_label=agreement.label, case_id=agreement.pk, act_id=record.pk,
    )  # fmt: skip
