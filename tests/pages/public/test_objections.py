"""Objections by anybody: within the period, once, without names in public, not a hundred from one address (M9.5, R12, M35)."""

import pytest
from django.core.cache import cache

from evaluations.models import Objection
from tests.driving import Driver, on
from tests.factories import actor

pytestmark = pytest.mark.django_db


def address(driver):
    return f"/public/notices/{driver.application.pk}/object/"


def object_to(client, driver, text="营业地址与公示不符。", day="2026-03-03", **more):
    with on(day):
        return client.post(address(driver), {"text": text, "objector": "", "contact": "", "website": "", **more})


@pytest.mark.clause("M9.5")
def test_anybody_may_object_without_signing_in(client, on_notice):
    response = object_to(client, on_notice, objector="王某", contact="13800000000")
    assert response["Location"] == f"{address(on_notice)}done/"
    kept = Objection.objects.get()
    assert (kept.text, kept.objector) == ("营业地址与公示不符。", "王某")
    with on("2026-03-03"):
        assert "异议已收到" in client.get(response["Location"]).content.decode()
        public = client.get("/public/notices/").content.decode()
    assert "王某" not in public
    assert "营业地址与公示不符" not in public


@pytest.mark.clause("M9.5", "R12")
def test_on_the_last_day_yes_on_the_next_no_and_nothing_typed_is_lost(client, on_notice):
    assert object_to(client, on_notice, day="2026-03-09").status_code == 302
    page = object_to(client, on_notice, text="迟到一天的异议内容", day="2026-03-10").content.decode()
    assert "公示期已满" in page
    assert "迟到一天的异议内容" in page
    assert Objection.objects.count() == 1


def test_a_double_click_objects_once(client, on_notice):
    object_to(client, on_notice)
    assert object_to(client, on_notice).status_code == 302
    assert Objection.objects.count() == 1


def test_a_robot_that_fills_in_the_hidden_box_is_left_alone(client, on_notice):
    assert object_to(client, on_notice, website="http://spam.example").status_code == 302
    assert Objection.objects.count() == 0


def test_too_many_from_one_address_are_held_back_and_nothing_typed_is_lost(client, on_notice):
    for number in range(5):
        object_to(client, on_notice, text=f"第{number}件异议的内容")
        cache.clear()  # what another process remembers: nothing
    response = object_to(client, on_notice, text="第六件异议的内容")
    assert response.status_code == 429
    assert "第六件异议的内容" in response.content.decode()
    assert Objection.objects.count() == 5
    with on("2026-03-03"):
        other = client.post(address(on_notice), {"text": "别处来的异议内容"}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302


@pytest.mark.parametrize("text", ["", "   ", "无", "长" * 2001, "\x00\x00\x00\x00\x00\x00"])
def test_an_unfit_text_is_told(client, on_notice, text):
    response = object_to(client, on_notice, text=text)
    assert response.status_code == 200
    assert "dd-errors" in response.content.decode()
    assert Objection.objects.count() == 0


def test_a_script_in_an_objection_is_text_everywhere(client, on_notice, enter):
    from offices.models import Membership

    object_to(client, on_notice, text="<script>alert(1)</script>")
    owner = Membership.objects.get(user_id=on_notice.owner.user_id)
    with on("2026-03-03"):
        page = enter(owner).get(f"/portal/applications/{on_notice.application.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_application_that_is_not_on_a_notice_does_not_exist(client, db):
    driver = Driver()
    with on("2026-03-02"):
        driver.apply()
        assert client.get(address(driver)).status_code == 404
        assert client.post(address(driver), {"text": "试一试能不能提"}).status_code == 404
    assert Objection.objects.count() == 0


def test_whoever_is_signed_in_objects_as_the_public(enter, on_notice):
    from casework.models import ActRecord
    from offices.models import Membership

    clerk = Membership.objects.get(user_id=actor("district_agency").user_id)
    object_to(enter(clerk), on_notice)
    assert ActRecord.objects.get(word="object").role == "public"


@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_methods_are_refused(client, on_notice, method):
    with on("2026-03-03"):
        assert getattr(client, method)(address(on_notice)).status_code == 405
