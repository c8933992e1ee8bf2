"""How an institution is named on papers: the frozen description that every document carries."""

from __future__ import annotations

from typing import Any

from institutions.models import Institution


def describe(institution: Institution) -> dict[str, Any]:
    """Full name, codes, licence and district, as documents freeze them (documents.md, "Every document has")."""
    licences = [each for each in institution.licences.all() if each.kind != "business_licence"]
    licence = max(licences, key=lambda each: each.valid_from, default=None)
    return {
        "kind": institution.kind,
        "name": institution.name,
        "uscc": institution.uscc or "",
        "licence": licence.number if licence else "",
        "national_code": institution.national_code or "",
        "district": institution.district.name if institution.district else "",
        "district_code": institution.district_id or "",
        "address": institution.address,
    }
