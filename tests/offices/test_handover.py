import pytest

from deadlines import clock
from offices import handover
from offices.actors import actor_of
from offices.models import AccountEvent, Membership
from offices.people import NotPossible
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


class Desk:
    """Open matters of a floor above, kept in a dictionary: matter → user."""

    def __init__(self) -> None:
        self.held: dict[str, int] = {}

    def count(self, office, user) -> int:
        return list(self.held.values()).count(user.pk)

    def move(self, office, from_user, to_user, by) -> int:
        moved = [matter for matter, holder in self.held.items() if holder == from_user.pk]
        self.held |= dict.fromkeys(moved, to_user.pk)
        return len(moved)


@pytest.fixture
def desk(monkeypatch) -> Desk:
    desk = Desk()
    monkeypatch.setattr(handover, "holders", {})
    handover.register("申请", count=desk.count, move=desk.move)
    return desk


@pytest.fixture
def clerk(desk) -> Membership:
    place = MembershipFactory()
    desk.held = {"甲": place.user_id, "乙": place.user_id, "丙": 0}
    return place


def test_a_clerk_with_open_matters_cannot_just_leave(clerk):
    with pytest.raises(NotPossible, match="申请 2 件"):
        handover.leave(clerk, by=None, reason="调动")
    assert Membership.objects.get(pk=clerk.pk).to_on is None


def test_leaving_hands_everything_over_and_today_is_the_last_day(clerk, desk):
    colleague = MembershipFactory(office=clerk.office)
    assert handover.leave(clerk, by=colleague.user, reason="调动", successor=colleague.user) == 2
    assert desk.held == {"甲": colleague.user_id, "乙": colleague.user_id, "丙": 0}
    assert Membership.objects.get(pk=clerk.pk).to_on == clock.today()
    assert list(AccountEvent.objects.order_by("id").values_list("what", flat=True)) == ["移交事项", "离开单位"]
    with pytest.raises(NotPossible, match="已离开"):
        handover.leave(clerk, by=None, reason="再走一次")


def test_matters_stay_in_the_office(clerk, desk):
    stranger = MembershipFactory(office__role="city_agency")
    locked = MembershipFactory(office=clerk.office, user__is_active=False)
    for taker in (stranger.user, locked.user, clerk.user):
        with pytest.raises(NotPossible, match="接手人"):
            handover.hand_over(clerk.office, clerk.user, taker, by=None, reason="休假")
    assert list(desk.held.values()).count(clerk.user_id) == 2


def test_the_only_supervisor_stays_until_there_is_another(desk):
    boss = MembershipFactory(supervisor=True)
    with pytest.raises(NotPossible, match="唯一的负责人"):
        handover.leave(boss, by=None, reason="退休")
    MembershipFactory(office=boss.office, supervisor=True)
    assert handover.leave(boss, by=None, reason="退休") == 0


def test_a_clerk_of_two_offices_leaves_one_and_keeps_the_other(desk):
    first = MembershipFactory()
    second = MembershipFactory(user=first.user, office__role="city_agency")
    handover.leave(first, by=None, reason="调动")
    with clock.frozen(clock.at(clock.today().replace(year=clock.today().year + 1))):
        assert actor_of(first.user, first.office_id).office_id == second.office_id
