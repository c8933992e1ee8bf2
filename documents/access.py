"""Who may open a document (M3, R16). Whoever may not is told that it does not exist."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from documents.catalogue import CATALOGUE, Reader
from documents.models import Document, DocumentSubject
from offices.actors import Actor
from offices.models import Role


def _kinds(reader: Reader) -> list[int]:
    return [kind.number for kind in CATALOGUE.values() if reader in kind.readers]


def visible_to(actor: Actor) -> QuerySet[Document]:
    """The documents an actor may open: for lists and pages alike.

    City offices and the auditor all; a district those of its district, its own and those sent to it; an institution those about
    it that are addressed to institutions; everybody public notices and announcements that stand. The administrator has no cases.
    """
    everything = Document.objects.all()
    if actor.whole_city:
        return everything
    allowed = Q(catalogue__in=_kinds("public"), voided_at__isnull=True)
    if actor.role in (Role.DISTRICT_AGENCY, Role.DISTRICT_BUREAU) and actor.district:
        allowed |= Q(district=actor.district, catalogue__in=_kinds("district"))
        allowed |= Q(issuer_id=actor.office_id) | Q(recipient=actor.office_name)
    elif actor.role == Role.INSTITUTION and actor.institution_id:
        about = DocumentSubject.objects.filter(institution_id=actor.institution_id).values("document_id")
        allowed |= Q(id__in=about, catalogue__in=_kinds("institution"))
    elif actor.role == Role.THIRD_PARTY and actor.office_id:
        allowed |= Q(issuer_id=actor.office_id) | Q(recipient=actor.office_name, catalogue__in=_kinds("third_party"))
    return everything.filter(allowed)
