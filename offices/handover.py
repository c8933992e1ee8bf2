"""A clerk who moves or leaves hands over open matters first; nothing is left with a person who is gone.

Open matters belong to floors above this one. Each floor that gives matters to a person registers how to count and how to
move them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from deadlines import clock
from offices.models import AccountEvent, Membership, Office, User
from offices.people import NotPossible, another_supervisor


@dataclass(frozen=True)
class Holder:
    """``count(office, user)`` open matters; ``move(office, from_user, to_user, by)`` gives them on and says how many."""

    title: str
    count: Callable[[Office, User], int]
    move: Callable[[Office, User, User, User | None], int]


holders: dict[str, Holder] = {}


def register(title: str, *, count: Callable[[Office, User], int], move: Callable[[Office, User, User, User | None], int]) -> None:
    """Name a kind of open matter. Registering a title again replaces it."""
    holders[title] = Holder(title, count, move)


def open_matters(office: Office, user: User) -> dict[str, int]:
    """How many open matters of each kind the person holds in this office; kinds with none are left out."""
    counts = {holder.title: holder.count(office, user) for holder in holders.values()}
    return {title: number for title, number in counts.items() if number}


@transaction.atomic
def hand_over(office: Office, from_user: User, to_user: User, *, by: User | None, reason: str) -> int:
    """Give every open matter of one person to a colleague of the same office; how many moved."""
    if from_user.pk == to_user.pk:
        raise NotPossible("接手人不能是本人。")
    colleague = Membership.objects.on(clock.today()).filter(office=office, user=to_user, user__is_active=True).exists()
    if not colleague:
        raise NotPossible("接手人须是本单位在岗且可登录的人员。")
    moved = sum(holder.move(office, from_user, to_user, by) for holder in holders.values())
    AccountEvent.objects.create(user=from_user, office=office, what="移交事项", by=by, reason=f"移交 {moved} 件给{to_user}：{reason}"[:500])
    return moved


@transaction.atomic
def leave(membership: Membership, *, by: User | None, reason: str, successor: User | None = None) -> int:
    """End a membership with today as its last day, after handing over what is open; how many matters moved.

    Refused while matters are open and no successor is named, and for the last supervisor of an office. Whoever must be
    out at once is locked as well.
    """
    # The office's row is locked so that its last two supervisors cannot leave at once.
    office = Office.objects.select_for_update().get(pk=membership.office_id)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    user = membership.user
    if membership.to_on is not None and membership.to_on <= clock.today():
        raise NotPossible("该人员已离开本单位。")
    if membership.supervisor and not another_supervisor(membership):
        raise NotPossible("这是本单位唯一的负责人。请先指定另一位负责人。")
    moved = 0
    if successor is not None:
        moved = hand_over(office, user, successor, by=by, reason=reason)
    elif waiting := open_matters(office, user):
        listed = "、".join(f"{title} {number} 件" for title, number in waiting.items())
        raise NotPossible(f"该人员手上还有未办结事项：{listed}。请选择接手人。")
    membership.to_on = clock.today()
    membership.save(update_fields=["to_on"])
    AccountEvent.objects.create(user=user, office=office, what="离开单位", by=by, reason=reason)
    return moved
