"""Who acts: the office and the person as one frozen value, handed to every act (R16, M29)."""

from dataclasses import dataclass, replace

from deadlines import clock
from offices.models import Membership, Role, User


@dataclass(frozen=True)
class Actor:
    """One person acting for one office. ``district`` is the district's code, None for offices of the whole city."""

    role: str
    office_id: int | None = None
    office_name: str = ""
    district: str | None = None
    user_id: int | None = None
    user_name: str = ""
    may_review: bool = False
    institution_id: int | None = None
    supervisor: bool = False

    @property
    def whole_city(self) -> bool:
        """Sees cases of every district; the administrator sees none (M3)."""
        return self.role in (Role.CITY_BUREAU, Role.CITY_AGENCY, Role.AUDITOR, Role.SYSTEM)

    @property
    def is_system(self) -> bool:
        """The system itself: no office's person, whatever an office may be called."""
        return self.role == Role.SYSTEM and self.user_id is None


SYSTEM = Actor(role=str(Role.SYSTEM), office_name="系统")
PUBLIC = Actor(role=str(Role.PUBLIC), office_name="社会公众")


def system_run_by(name: str) -> Actor:
    """The system, set to work by somebody at its console: the log shows who (imports)."""
    return replace(SYSTEM, user_name=name[:60])


def memberships_of(user: User) -> list[Membership]:
    """The user's places today in offices that are in use, oldest first."""
    today = clock.today()
    found = Membership.objects.on(today).filter(user=user, office__active=True).select_related("office", "user")
    return list(found.order_by("from_on", "id"))


def actor_for(membership: Membership) -> Actor:
    """The actor that a membership makes of its user."""
    office = membership.office
    # The institution points at its office from a floor above; an office without one has no such attribute.
    institution = getattr(office, "institution", None) if office.role == Role.INSTITUTION else None
    return Actor(
        role=office.role,
        office_id=office.pk,
        office_name=office.name,
        district=office.district_id,
        user_id=membership.user_id,
        user_name=membership.user.full_name,
        may_review=membership.may_review,
        institution_id=institution.pk if institution is not None else None,
        supervisor=membership.supervisor,
    )


def choose(places: list[Membership], office_id: int | None) -> Actor:
    """The actor in the chosen office if it is among the places, else in the first; without any place the public."""
    for membership in places:
        if membership.office_id == office_id:
            return actor_for(membership)
    return actor_for(places[0]) if places else PUBLIC


def actor_of(user: object, office_id: int | None = None) -> Actor:
    """The actor that a signed-in user is today; a user in no office, a locked one and an anonymous one are the public."""
    if not isinstance(user, User) or not user.is_active:
        return PUBLIC
    return choose(memberships_of(user), office_id)
