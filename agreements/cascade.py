"""Chain pharmacies: a termination for which the head office's person is at fault reaches every branch with that person (P40(14), R10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements import intentions
from agreements.announcing import about
from agreements.grounds import CASCADE, VIOLATIONS
from agreements.models import Agreement
from applications import papers as application_papers
from applications.entry import open_application
from applications.models import Application
from casework.context import Context
from casework.refusals import Refusal
from deadlines import clock
from documents.sharing import listed_by
from institutions.models import Institution, Person, PostName
from institutions.papers import describe
from institutions.posts import holders
from standing.bans import bans_on
from standing.models import StandingFact
from standing.recording import record


def concerned(agreement: Agreement, data: dict[str, Any]) -> set[int]:
    """Every pharmacy of the chain where a person of its head office is at fault, for the locks."""
    chain = agreement.institution.chain_id
    if chain is None or not data.get("head_office_at_fault"):
        return set()
    return set(Institution.objects.filter(chain_id=chain).values_list("pk", flat=True))


def against(context: Context, natures: Iterable[str], person: Person) -> Iterable[Refusal]:
    """Only a violation reaches the other branches, and only through a person of the head office."""
    chain = context.institution.chain
    if chain is None:
        yield Refusal(CASCADE, "该药店不属于连锁企业。")
        return
    if not VIOLATIONS & set(natures):
        yield Refusal(CASCADE, "性质不是违法违规的,不及于其他分支。")
    if person.pk not in {chain.legal_representative_id, chain.principal_id, chain.controller_id}:
        yield Refusal(CASCADE, f"{person.name}不是连锁总部的法定代表人、主要负责人或实际控制人。")


def hit(institution: Institution, person: Person, day: date) -> list[Institution]:
    """The other branches with that person in one of their three posts on the day."""
    # One without a chain has no branches; a null would match every pharmacy without one.
    branches = Institution.objects.filter(chain=institution.chain, chain__isnull=False).exclude(pk=institution.pk)
    branches = branches.select_related("district").order_by("pk")
    return [each for each in branches if person.pk in {holder.pk for holder in holders(each, day).values()}]


def living(institution: Institution, day: date) -> list[Agreement]:
    """Agreements of a branch that are pending, in force or suspended."""
    rows = Agreement.objects.select_for_update(of=("self",)).filter(institution=institution, ended_on__gte=day, annulled=False)
    return [each for each in rows.order_by("pk") if each.derived(day) in ("pending", "active", "suspended")]


def reached(institution: Institution, person: Person, day: date) -> list[Agreement]:
    """Every agreement of another branch that a decision of that day would end."""
    return [agreement for branch in hit(institution, person, day) for agreement in living(branch, day)]


def untold(origin: Agreement, person: Person, day: date) -> list[Agreement]:
    """Those of them that have no notice yet that the termination of ``origin`` is to reach them."""
    return intentions.untold(origin, reached(origin.institution, person, day))


def first_application(agreement: Agreement) -> int | None:
    """The application that led to the first agreement of the chain of terms."""
    row = agreement
    while row.application_id is None and row.previous is not None:
        row = row.previous
    return row.application_id


def listed(agreement: Agreement, grounds: Iterable[str], effective: date | None, act: int | None = None) -> dict[str, Any]:
    """One row of the public list and the report; with the act, so that one branch alone can be taken off.

    No effective day: the day of service (R5).
    """
    institution = agreement.institution
    return {
        **(listed_by(act, agreement.pk) if act is not None else {}),
        "name": institution.name,
        "kind_title": institution.get_kind_display(),
        "district": institution.district.name if institution.district else "",
        "agreement_number": agreement.number,
        "grounds": list(grounds),
        "effective_on": effective.isoformat() if effective else "",
    }


@dataclass
class Branch:
    """One branch terminated with the origin."""

    agreement: Agreement
    effective: date
    stated: date | None  # None: the day of service
    fact: StandingFact
    origin: str
    post: str
    heard: dict[str, Any]

    def listed(self, act: int | None = None) -> dict[str, Any]:
        return listed(self.agreement, [CASCADE], self.stated, act)

    def issue(self, context: Context, every: list[dict[str, Any]], person: Person | None, nature: str) -> None:
        """Its own decision (document 35)."""
        bans = bans_on(self.effective, "pharmacy", [self.fact.plain()])
        rows = [
            {
                "clause": ban.clause,
                "sentence": ban.sentence,
                "from": ban.starts_on.isoformat(),
                "until": ban.until.isoformat() if ban.until else "",
                "remains": ban.remains,
            }
            for ban in bans
        ]
        data = {
            **about(self.agreement),
            "origin": {"name": self.origin, "decided_on": context.on.isoformat()},
            "person": {"name": person.name if person else "", "post": self.post},
            "institutions": every,
            "nature": nature,
            "bans": rows,
            **self.heard,
        }
        institution = self.agreement.institution
        context.issue(35, data, about=[institution.pk], recipient=institution.name)


def terminate(context: Context, natures: Iterable[str], person: Person, effective: date, owed: dict[str, Any]) -> list[Branch]:
    """All or none: every living agreement of the branches ends the same day, their open applications are refused."""
    found = []
    chain = context.institution.chain
    posts = [name for name in PostName.values if getattr(chain, f"{name}_id") == person.pk]
    post = "、".join(str(PostName(name).label) for name in posts)
    carried = [nature for nature in natures if nature in VIOLATIONS]
    for institution in hit(context.institution, person, context.on):
        # Also one that runs out before the decision takes effect: what lives on the day of the decision is terminated by it (R10).
        for agreement in living(institution, context.on):
            decided = context.on.isoformat()
            known: dict[str, Any] = {"grounds": [CASCADE], "natures": carried, "decided_on": decided, "origin": context.subject.pk}
            intention = intentions.waiting(agreement.term(), "terminate", context.subject.pk)
            if intention is not None:
                known["intention"] = intention.id
            heard = intentions.procedure(agreement, intention) or {"urgent_reason": context.data.get("urgent_reason", "")}
            context.fact("terminated", effective, agreement, **known)
            fact = record(
                context, "termination", effective, institution=institution, natures=carried, grounds=[CASCADE], decided_on=decided,
                application=first_application(agreement), **owed,
            )  # fmt: skip
            stated = effective if effective != context.on else None
            found.append(Branch(agreement, effective, stated, fact, context.institution.name, post, heard))
        application = open_application(institution, clock.today())
        if application is not None and application.state != "draft":
            _refuse(context, application, person)
    return found


def _refuse(context: Context, application: Application, person: Person) -> None:
    """An open application of a branch is refused with the cascade."""
    row = Application.objects.select_for_update(of=("self",)).select_related("institution__district").get(pk=application.pk)
    row.refuse()
    row.save()
    sentence = f"同一连锁企业的分支因{person.name}违法违规被解除协议。"
    context.fact("refused", case=row, grounds=[CASCADE], served_on=context.on.isoformat())
    data = {
        "institution": describe(row.institution),
        "case": {"number": row.number or ""},
        "grounds": [{"clause": CASCADE, "sentence": sentence}],
    }
    agency = application_papers.agency_of(row.institution)
    context.issue(4, data, issuer=agency, about=[row.institution_id], recipient=row.institution.name)
