"""What every page shares: the safe frame, its files, its errors, its navigation."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.views import defaults

from offices.actors import Actor
from offices.models import Role
from pages.navigation import ENTRIES, entries_for, home_of
from tests.factories import MembershipFactory

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_script_or_style_of_its_own(template):
    """The content security policy would refuse it in silence."""
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|hx-on", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "//cdn" not in text


def test_every_file_that_a_template_asks_for_is_there():
    asked = {name for path in TEMPLATES for name in re.findall(r"\{% static ['\"]([^'\"]+)", path.read_text(encoding="utf-8"))}
    assert len(asked) >= 6
    assert [name for name in asked if finders.find(name) is None] == []


def test_the_policy_lets_nothing_foreign_or_inline_in(client, db):
    policy = client.get("/login/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_a_missing_page_says_what_to_do_to_everybody(client, enter):
    for browser in (client, enter(MembershipFactory())):
        response = browser.get("/nowhere/")
        assert response.status_code == 404
        assert "找不到这个页面" in response.content.decode()


@pytest.mark.parametrize(
    ("view", "error", "status", "sentence"),
    [
        (defaults.bad_request, SuspiciousOperation(), 400, "服务器读不懂"),
        (defaults.permission_denied, PermissionDenied(), 403, "由别的单位或别的人员办理"),
        (defaults.server_error, None, 500, "这一步没有完成"),
    ],
)
def test_errors_say_what_to_do_next(view, error, status, sentence, rf: RequestFactory, db):
    request = rf.get("/")
    request.user = AnonymousUser()
    response = view(request, error) if error is not None else view(request)
    assert response.status_code == status
    page = response.content.decode()
    assert sentence in page
    assert "回到首页" in page


@pytest.mark.django_db
def test_a_forged_form_is_refused_with_words(client):
    client.handler.enforce_csrf_checks = True
    response = client.post("/login/", {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


@pytest.mark.django_db
def test_too_many_and_changed_meanwhile_have_pages_too(rf: RequestFactory):
    request = rf.get("/")
    request.user = AnonymousUser()
    assert "请稍候再试" in render_to_string("429.html", request=request)
    assert "您的提交没有生效" in render_to_string("409.html", request=request)


def test_every_entry_of_the_navigation_leads_somewhere():
    assert all(reverse(entry.url_name).startswith("/") for entry in ENTRIES)


@pytest.mark.clause("M3")
def test_the_administrators_navigation_leads_to_no_case():
    titles = [entry.title for entry in entries_for(Actor(role=Role.ADMINISTRATOR))]
    assert {"单位与人员", "设置"} <= set(titles)
    assert not {"待办", "机构注册"} & set(titles)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM)])
def test_each_role_starts_on_a_page_that_it_may_see(enter, role):
    place = MembershipFactory(office__role=role)
    browser = enter(place)
    assert browser.get("/")["Location"] == home_of(browser.get("/account/").wsgi_request.actor)
    assert browser.get("/", follow=True).status_code == 200
