"""Finds the office that a step belongs to (R16): one city bureau and agency, one bureau and agency a district."""

from offices.models import Office, Role


class NoOffice(LookupError):
    """The site lacks the office; the message tells the administrator which one to set up."""


def office_of(role: str, district: str | None = None) -> Office:
    """The office in use with this role, in this district for the roles of a district."""
    found = Office.objects.filter(role=role, active=True)
    if district is not None:
        found = found.filter(district_id=district)
    office = found.order_by("id").first()
    if office is None:
        raise NoOffice(f"平台尚未设立{Role(role).label}（{district or '市级'}），请平台管理员先行设立。")
    return office


def city_bureau() -> Office:
    return office_of(Role.CITY_BUREAU)


def city_agency() -> Office:
    return office_of(Role.CITY_AGENCY)


def district_bureau(district: str) -> Office:
    return office_of(Role.DISTRICT_BUREAU, district)


def district_agency(district: str) -> Office:
    return office_of(Role.DISTRICT_AGENCY, district)
