import pytest

from offices.actors import PUBLIC, actor_of
from offices.models import Notification
from offices.notifications import inbox, mark_read, notify, unread_count
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def test_one_message_per_key_however_often_a_sweep_runs():
    office = MembershipFactory().office
    assert [notify(office, "due", "明天到期", key="due:1:1"), notify(office, "due", "明天到期", key="due:1:1")] == [True, False]
    assert Notification.objects.count() == 1


def test_an_inbox_holds_the_offices_messages_and_ones_own():
    clerk = MembershipFactory()
    colleague = MembershipFactory(office=clerk.office)
    stranger = MembershipFactory(office__role="city_agency")
    notify(clerk.office, "due", "给单位", key="1")
    notify(clerk.office, "due", "给经办人", key="2", user=clerk.user)
    notify(stranger.office, "due", "给别的单位", key="3")
    texts = {place: [row.text for row in inbox(actor_of(place.user))] for place in (clerk, colleague, stranger)}
    assert list(texts.values()) == [["给经办人", "给单位"], ["给单位"], ["给别的单位"]]
    assert not inbox(PUBLIC).exists()


def test_reading_counts_down_and_touches_no_other_office():
    clerk, stranger = MembershipFactory(), MembershipFactory(office__role="city_agency")
    for number, place in enumerate((clerk, clerk, stranger)):
        notify(place.office, "due", "到期", key=str(number))
    actor = actor_of(clerk.user)
    other = Notification.objects.get(recipient=stranger.office)
    assert mark_read(actor, other.pk) == 0
    assert mark_read(actor, inbox(actor)[0].pk) == 1
    assert unread_count(actor) == 1
    assert mark_read(actor) == 1
    assert (unread_count(actor), unread_count(actor_of(stranger.user))) == (0, 1)
