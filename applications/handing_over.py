"""Open applications go to a colleague when the clerk who looks after them moves or leaves (``offices.handover``)."""

from django.db.models import QuerySet

from applications.acts.owning import Assign
from applications.models import Application
from casework import door
from deadlines import clock
from offices import handover
from offices.actors import Actor, actor_for
from offices.models import Membership, Office, User
from offices.people import NotPossible


def _held(office: Office, user: User) -> QuerySet[Application]:
    seen_by = Actor(role=office.role, office_id=office.pk, district=office.district_id)
    return Application.objects.visible_to(seen_by).filter(owner=user, state__in=Assign.sources)


def count(office: Office, user: User) -> int:
    """How many open applications the user looks after for this office."""
    return _held(office, user).count()


def move(office: Office, from_user: User, to_user: User, by: User | None) -> int:
    """Assign each to the colleague, through the one door. Whoever orders it from outside the office acts on no case: then the
    colleague takes the matters over."""
    members = Membership.objects.on(clock.today()).filter(office=office).select_related("office", "user")
    place = members.filter(user=by).first() or members.get(user=to_user)
    rows = list(_held(office, from_user))
    results = door.perform_many(Assign.word, rows, actor=actor_for(place), data={"owner": to_user.pk})
    stuck = [result for result in results if result.error is not None]
    if stuck:
        raise NotPossible(f"{len(stuck)} 件申请没有移交成功：{stuck[0].error}")
    return len(results)


handover.register("承办的申请", count=count, move=move)
