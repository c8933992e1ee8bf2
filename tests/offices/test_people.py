from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from deadlines import clock
from offices import people
from offices.actors import actor_of
from offices.models import AccountEvent, Invitation, Membership, Notification, Role, User
from tests.factories import DistrictFactory, MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-one-7"


@pytest.fixture
def supervisor() -> Membership:
    return MembershipFactory(supervisor=True)


def test_an_invitation_makes_one_user_with_the_powers_it_names(supervisor):
    _, token = people.invite(supervisor.office, "周敏", may_review=True, by=supervisor.user)
    place = people.accept_invitation(token, username="zhoumin", password=PASSWORD)
    assert (place.office, place.may_review, place.supervisor) == (supervisor.office, True, False)
    assert place.user.full_name == "周敏"
    assert place.user.check_password(PASSWORD)
    with pytest.raises(people.NotPossible, match="失效"):
        people.accept_invitation(token, username="zhoumin2", password=PASSWORD)
    assert User.objects.count() == 2


def test_only_a_digest_of_the_link_is_kept(supervisor):
    invitation, token = people.invite(supervisor.office, "周敏", by=supervisor.user)
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())


def test_an_invitation_dies_by_time_and_by_being_taken_back(supervisor):
    late, late_token = people.invite(supervisor.office, "周敏", by=supervisor.user)
    back, back_token = people.invite(supervisor.office, "吴刚", by=supervisor.user)
    people.withdraw_invitation(back)
    assert people.open_invitation(back_token) is None
    with clock.frozen(late.expires_at + timedelta(seconds=1)):
        assert people.open_invitation(late_token) is None
    assert people.open_invitation(late_token) == late


def test_a_taken_name_is_refused_and_the_link_lives_on(supervisor):
    _, token = people.invite(supervisor.office, "周敏", by=supervisor.user)
    with pytest.raises(ValidationError, match="已被使用"):
        people.accept_invitation(token, username=supervisor.user.username, password=PASSWORD)
    assert people.open_invitation(token) is not None


def test_somebody_with_an_account_joins_a_further_office_with_it(supervisor):
    other = MembershipFactory(office=OfficeFactory(role=Role.CITY_AGENCY))
    _, token = people.invite(supervisor.office, "周敏", by=supervisor.user)
    people.join_by_invitation(token, other.user)
    assert {place.office for place in other.user.memberships.all()} == {other.office, supervisor.office}
    _, second = people.invite(supervisor.office, "周敏", by=supervisor.user)
    with pytest.raises(people.NotPossible, match="已在该单位"):
        people.join_by_invitation(second, other.user)


@pytest.mark.clause("M3")
def test_a_supervisor_looks_after_the_own_office_the_administrator_after_all(supervisor):
    clerk = MembershipFactory(office=supervisor.office)
    elsewhere = OfficeFactory(role=Role.CITY_AGENCY)
    administrator = MembershipFactory(office__role=Role.ADMINISTRATOR)
    allowed = [
        people.may_manage(actor_of(place.user), office)
        for place, office in (
            (supervisor, supervisor.office),
            (supervisor, elsewhere),
            (clerk, supervisor.office),
            (administrator, elsewhere),
        )
    ]
    assert allowed == [True, False, False, True]


@pytest.mark.clause("M3")
def test_a_district_helps_its_own_institutions_and_no_others(supervisor):
    here, there = (OfficeFactory(role=Role.INSTITUTION, district=DistrictFactory(code=code)) for code in ("110105", "110106"))
    clerk = MembershipFactory(office=supervisor.office)
    assert [people.may_manage(actor_of(supervisor.user), office) for office in (here, there)] == [True, False]
    assert not people.may_manage(actor_of(clerk.user), here)


@pytest.mark.clause("M3")
def test_an_account_is_touched_only_by_whoever_looks_after_all_its_offices(supervisor):
    clerk = MembershipFactory(office=supervisor.office)
    administrator = MembershipFactory(office__role=Role.ADMINISTRATOR)
    assert people.may_touch_account(actor_of(supervisor.user), clerk.user)
    MembershipFactory(user=clerk.user, office__role=Role.CITY_AGENCY)
    assert not people.may_touch_account(actor_of(supervisor.user), clerk.user)
    assert people.may_touch_account(actor_of(administrator.user), clerk.user)


def test_whoever_left_is_out_of_the_old_supervisors_reach(supervisor):
    gone = MembershipFactory(office=supervisor.office, from_on="2020-01-01", to_on="2020-12-31")
    assert not people.may_touch_account(actor_of(supervisor.user), gone.user)


@pytest.mark.clause("M3")
def test_a_clerks_account_never_joins_an_institution_nor_the_other_way_round(supervisor):
    institution = MembershipFactory(office__role=Role.INSTITUTION, supervisor=True)
    for host, guest in ((institution, supervisor), (supervisor, institution)):
        _, token = people.invite(host.office, "周敏", by=host.user)
        with pytest.raises(people.NotPossible, match="不能与"):
            people.join_by_invitation(token, guest.user)
        assert people.open_invitation(token) is not None


def test_a_new_password_link_is_made_known_to_its_owner(supervisor):
    clerk = MembershipFactory(office=supervisor.office)
    people.reset_password(clerk.user, supervisor.office, by=supervisor.user)
    message = Notification.objects.get()
    assert (message.user, supervisor.user.full_name in message.text) == (clerk.user, True)


def test_locking_and_unlocking_leave_their_reasons(supervisor):
    clerk = MembershipFactory(office=supervisor.office)
    people.lock(clerk.user, supervisor.office, by=supervisor.user, reason="手机遗失")
    assert not User.objects.get(pk=clerk.user_id).is_active
    with pytest.raises(people.NotPossible, match="已锁定"):
        people.lock(clerk.user, supervisor.office, by=supervisor.user, reason="再锁")
    people.unlock(clerk.user, supervisor.office, by=supervisor.user, reason="已找回")
    assert User.objects.get(pk=clerk.user_id).is_active
    rows = AccountEvent.objects.filter(user=clerk.user).order_by("id").values_list("what", "reason", "by")
    assert list(rows) == [("锁定账户", "手机遗失", supervisor.user_id), ("解除锁定", "已找回", supervisor.user_id)]


def test_nobody_locks_the_own_account(supervisor):
    with pytest.raises(people.NotPossible, match="自己"):
        people.lock(supervisor.user, supervisor.office, by=supervisor.user, reason="误按")


def test_an_office_keeps_a_supervisor(supervisor):
    with pytest.raises(people.NotPossible, match="唯一"):
        people.change_powers(supervisor, may_review=True, supervisor=False, by=supervisor.user, reason="调整")
    MembershipFactory(office=supervisor.office, supervisor=True)
    people.change_powers(supervisor, may_review=False, supervisor=False, by=supervisor.user, reason="调整")
    place = Membership.objects.get(pk=supervisor.pk)
    assert (place.may_review, place.supervisor) == (False, False)


@pytest.mark.clause("M29")
def test_powers_taken_away_bind_the_next_act(supervisor):
    clerk = MembershipFactory(office=supervisor.office, may_review=True)
    people.change_powers(clerk, may_review=False, supervisor=False, by=supervisor.user, reason="不再复核")
    assert actor_of(clerk.user).may_review is False


def test_what_was_done_to_an_account_cannot_be_rewritten(supervisor):
    clerk = MembershipFactory(office=supervisor.office)
    people.lock(clerk.user, supervisor.office, by=supervisor.user, reason="手机遗失")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        AccountEvent.objects.update(reason="别的理由")


def test_history_sees_a_bulk_update():
    place = MembershipFactory(may_review=False)
    Membership.objects.filter(pk=place.pk).update(may_review=True)
    events = place.events.order_by("pgh_id").values_list("pgh_label", "may_review")
    assert list(events) == [("insert", False), ("update", True)]
