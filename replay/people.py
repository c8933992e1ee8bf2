"""Who acts: a handler and a different reviewer in each office, there before the case begins."""

from __future__ import annotations

from functools import cache

from institutions.madeup import FROM
from offices.actors import PUBLIC, Actor, actor_for
from offices.directory import office_of
from offices.models import Membership, Office, Role, User

TITLES = ("经办人", "复核人")


def seed_people() -> None:
    """Two people in every office that is there."""
    for office in Office.objects.all():
        employ(office)


def employ(office: Office) -> None:
    """A handler and a reviewer; nobody can sign in as them."""
    for title in TITLES:
        user = User.objects.create(username=f"replay-{office.pk}-{title}", full_name=f"{office.short_name}{title}", password="!")  # noqa: S106
        Membership.objects.create(user=user, office=office, may_review=True, from_on=FROM)


class Cast:
    """The people of one case's offices."""

    def __init__(self) -> None:
        self.pair = cache(self._pair)

    def of_office(self, role: str, district: str | None = None) -> tuple[Actor, Actor]:
        """Handler and reviewer of the office with this role (R16)."""
        return (PUBLIC, PUBLIC) if role == Role.PUBLIC else self.pair(office_of(role, district))

    @staticmethod
    def _pair(office: Office) -> tuple[Actor, Actor]:
        handler, reviewer = Membership.objects.filter(office=office).select_related("user", "office").order_by("id")
        return actor_for(handler), actor_for(reviewer)
