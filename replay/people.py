"""Who acts: a handler and a different reviewer in each office, made when first needed."""
from __future__ import annotations

from functools import cache

from institutions.madeup import FROM
from offices.actors import PUBLIC, Actor, actor_for
from offices.directory import office_of
from offices.models import Membership, Office, Role, User


class Cast:
    """The people of one case's offices."""

    def __init__(self) -> None:
        self.pair = cache(self._pair)

    def of_office(self, role: str, district: str | None = None) -> tuple[Actor, Actor]:
        """Handler and reviewer of the office with this role (R16)."""
        if role == Role.PUBLIC:
            return PUBLIC, PUBLIC
        return self.pair(office_of(role, district))

    @staticmethod
    def _pair(office: Office) -> tuple[Actor, Actor]:
        handler, reviewer = (
            actor_for(Membership.objects.create(user=_user(office, title), office=office, may_review=True, from_on=FROM))
            for title in ("经办人", "复核人")
        )
        return handler, reviewer


def _user(office: Office, title: str) -> User:
    number = User.objects.count() + 1
    return User.objects.create(username=f"replay{number}", full_name=f"{title}{number}", password="!")  # noqa: S106  nobody signs in here
