from datetime import date

import pytest

from deadlines import clock
from offices.actors import PUBLIC, actor_of
from offices.models import Role
from tests.factories import HospitalFactory, MembershipFactory, OfficeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.clause("M3", "R16")
def test_a_clerk_acts_for_the_office_in_its_district():
    place = MembershipFactory(office__role=Role.DISTRICT_AGENCY, may_review=False)
    actor = actor_of(place.user)
    assert (actor.role, actor.office_id, actor.district) == ("district_agency", place.office_id, "110105")
    assert (actor.user_id, actor.user_name, actor.may_review) == (place.user_id, place.user.full_name, False)
    assert not actor.whole_city


@pytest.mark.clause("M3")
@pytest.mark.parametrize(
    ("role", "whole"),
    [(Role.CITY_BUREAU, True), (Role.CITY_AGENCY, True), (Role.AUDITOR, True), (Role.ADMINISTRATOR, False), (Role.THIRD_PARTY, False)],
)
def test_only_the_citys_offices_and_the_auditor_see_every_district(role, whole):
    assert actor_of(MembershipFactory(office__role=role).user).whole_city is whole


def test_an_institutions_user_carries_the_institution():
    hospital = HospitalFactory()
    assert actor_of(MembershipFactory(office=hospital.office).user).institution_id == hospital.pk
    assert actor_of(MembershipFactory(office__role=Role.INSTITUTION).user).institution_id is None


def test_with_several_offices_the_chosen_one_counts_and_a_foreign_one_never():
    first, other = MembershipFactory(), OfficeFactory(role=Role.CITY_AGENCY)
    second = MembershipFactory(user=first.user, office=other)
    stranger = MembershipFactory(office__role=Role.AUDITOR)
    assert actor_of(first.user).office_id == first.office_id
    assert actor_of(first.user, second.office_id).role == Role.CITY_AGENCY
    assert actor_of(first.user, stranger.office_id).office_id == first.office_id


@pytest.mark.clause("M3")
def test_whoever_is_in_no_office_is_the_public():
    locked = MembershipFactory(user__is_active=False).user
    closed = MembershipFactory(office__role=Role.THIRD_PARTY, office__active=False).user
    assert [actor_of(user) for user in (UserFactory(), locked, closed, None)] == [PUBLIC] * 4


def test_a_membership_holds_from_its_first_through_its_last_day():
    place = MembershipFactory(from_on=date(2026, 3, 2), to_on=date(2026, 3, 10))
    for day, inside in ((1, False), (2, True), (10, True), (11, False)):
        with clock.frozen(clock.at(date(2026, 3, day), 12)):
            assert (actor_of(place.user) != PUBLIC) is inside
