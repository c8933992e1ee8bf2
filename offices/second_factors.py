"""Who must show a one-time number besides the password; asked wherever people sign in, by page or for a token."""

from django_otp import devices_for_user

from deadlines import clock
from offices import settings
from offices.actors import memberships_of
from offices.models import CLERK_ROLES, User


def needed(user: User) -> bool:
    """Whoever has a device uses it; by setting everybody with a place in a bureau or an agency must have one."""
    if any(devices_for_user(user)):
        return True
    clerk = any(place.office.role in CLERK_ROLES for place in memberships_of(user))
    return clerk and bool(settings.value("second_factor", clock.today()))
