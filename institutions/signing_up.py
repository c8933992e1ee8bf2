"""What this floor knows when an institution asks for access (``offices.signup``): its codes, its record, its office.

An institution is known by its uscc; one taken over from an old list, which has none, by licence number or by its name in the
district. The agency of the district has compared the papers before it confirms (M7).
"""

from institutions.codes import BadCode, uscc_of
from institutions.models import Institution
from offices import signup
from offices.models import Office, SignUp


def record_of(request: SignUp) -> Institution | None:
    """The institution's row, if there is one."""
    known = Institution.objects.filter(uscc=request.uscc).first()
    if known is not None:
        return known
    without_code = Institution.objects.filter(uscc__isnull=True, kind=request.kind, district_id=request.district_id)
    for same in ({"licences__number__iexact": request.licence_number}, {"name": request.name}):
        found = list(without_code.filter(**same).distinct()[:2])
        if len(found) == 1:
            return found[0]
    return None


def complaints(request: SignUp) -> dict[str, str]:
    """A code that cannot be, and a record that says otherwise."""
    try:
        uscc_of(request.uscc)
    except BadCode as bad:
        return {"uscc": str(bad)}
    known = record_of(request)
    if known is None:
        return {}
    if known.kind != request.kind:
        return {"kind": f"该统一社会信用代码登记的是{known.get_kind_display()}。"}
    if known.district_id not in (None, request.district_id):
        return {"district": f"该机构登记在{known.district}，请选择该区；已经迁址的，请先联系该区经办机构。"}
    return {}


def office_of(request: SignUp) -> Office | None:
    known = record_of(request)
    return known.office if known else None


def tie(request: SignUp, office: Office) -> None:
    """Find or make the institution and give it its office; a new one is incomplete until it fills in the rest."""
    wrong = complaints(request)
    if wrong:
        raise signup.NotPossible("；".join(wrong.values()))
    institution = record_of(request) or Institution(kind=request.kind, name=request.name)
    institution.uscc = institution.uscc or request.uscc
    institution.district = institution.district or request.district
    institution.phone = institution.phone or request.phone
    institution.office = office
    institution.save()


def register() -> None:
    """Called once when the program starts."""
    signup.checks.append(complaints)
    signup.find_office.append(office_of)
    signup.on_confirmed.append(tie)
