"""What the database knows of an institution, as the profile that the conditions look at."""

from datetime import date

from django.db.models import Q

from institutions.conditions import LicenceRow, ManagerRow, PractitionerRow, Profile, Span
from institutions.models import Institution, PostName


def profile_of(institution: Institution, day: date) -> Profile:
    """The rows that count on the day or later: what ended before it is left out. Four queries, however many rows."""
    licences = institution.licences.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    here = Q(ended_on__isnull=True) | Q(ended_on__gte=day)
    principals = institution.posts.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), post=PostName.PRINCIPAL)
    return Profile(
        kind=institution.kind,
        category=institution.category,
        ownership=institution.ownership,
        opened_on=institution.opened_on,
        beds=institution.beds,
        insurance_department=institution.insurance_department,
        licences=tuple(LicenceRow(row.kind, Span(row.valid_from, row.valid_to)) for row in licences),
        practitioners=tuple(
            PractitionerRow(row.kind, row.registered_here, row.first_registered_on, Span(row.contract_from, row.contract_to), row.ended_on)
            for row in institution.practitioners.filter(here)
        ),
        managers=tuple(
            ManagerRow(row.full_time, Span(row.contract_from, row.contract_to), row.ended_on) for row in institution.managers.filter(here)
        ),
        principals=tuple(Span(row.from_on, row.to_on) for row in principals),
    )
