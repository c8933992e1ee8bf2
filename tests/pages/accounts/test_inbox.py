import pytest

from offices.models import Notification
from offices.notifications import notify
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def test_opening_a_message_reads_it_and_goes_where_it_leads(enter):
    clerk = MembershipFactory()
    notify(clerk.office, "due", "明天到期", key="1", link="/account/")
    browser = enter(clerk)
    assert "1<span" in browser.get("/account/").content.decode()
    message = Notification.objects.get()
    assert browser.get(f"/account/notifications/{message.pk}/").status_code == 405
    assert browser.post(f"/account/notifications/{message.pk}/")["Location"] == "/account/"
    assert Notification.objects.get().read_at is not None


def test_a_link_out_of_the_site_is_not_followed(enter):
    clerk = MembershipFactory()
    notify(clerk.office, "due", "明天到期", key="1", link="https://elsewhere.example/")
    response = enter(clerk).post(f"/account/notifications/{Notification.objects.get().pk}/")
    assert response["Location"] == "/account/notifications/"


@pytest.mark.clause("M3")
def test_another_offices_messages_do_not_exist(enter):
    notify(MembershipFactory(office__role="city_agency").office, "due", "别人的事", key="1")
    browser = enter(MembershipFactory())
    assert browser.post(f"/account/notifications/{Notification.objects.get().pk}/").status_code == 404
    assert "别人的事" not in browser.get("/account/notifications/").content.decode()
    assert "没有通知" in browser.get("/account/notifications/").content.decode()


def test_all_are_read_at_once(enter):
    clerk = MembershipFactory()
    for number in range(3):
        notify(clerk.office, "due", "到期", key=str(number))
    enter(clerk).post("/account/notifications/read/")
    assert not Notification.objects.filter(read_at=None).exists()


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_costs_the_same_for_one_and_for_fifty(enter, number, django_assert_max_num_queries):
    clerk = MembershipFactory()
    for index in range(number):
        notify(clerk.office, "due", "到期提醒", key=str(index))
    browser = enter(clerk)
    with django_assert_max_num_queries(8):
        assert browser.get("/account/notifications/").content.decode().count("到期提醒") == number


def test_pages_follow_one_another_without_loss(enter):
    clerk = MembershipFactory()
    for number in range(60):
        notify(clerk.office, "due", f"提醒{number:02d}号", key=str(number))
    browser = enter(clerk)
    first = browser.get("/account/notifications/")
    page = first.context["page"]
    second = browser.get(page.next_url)
    shown = [row.text for response in (first, second) for row in response.context["page"].rows]
    assert shown == [f"提醒{number:02d}号" for number in reversed(range(60))]
    assert (second.context["page"].next_url, second.context["page"].first_url) == ("", "/account/notifications/")
    assert len(browser.get("/account/notifications/?after=nonsense").context["page"].rows) == 50
