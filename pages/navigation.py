"""The main navigation: one list, filtered by the role of whoever looks. Pages add their entry here, in the order shown."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from offices.actors import PUBLIC, Actor
from offices.models import Role
from offices.notifications import unread_count

CLERKS = frozenset({Role.CITY_BUREAU, Role.CITY_AGENCY, Role.DISTRICT_BUREAU, Role.DISTRICT_AGENCY})
EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Entry:
    """``url_name`` is a name without arguments; ``icon`` one of bootstrap-icons, without ``bi-``."""

    title: str
    url_name: str
    roles: frozenset[Role]
    icon: str = ""


AGENCIES = frozenset({Role.CITY_AGENCY, Role.DISTRICT_AGENCY})
BUREAUS = frozenset({Role.CITY_BUREAU, Role.DISTRICT_BUREAU})
READERS = CLERKS | {Role.AUDITOR}

ENTRIES: list[Entry] = [
    Entry("首页", "portal:home", frozenset({Role.INSTITUTION}), "house"),
    Entry("能否申请", "portal:apply", frozenset({Role.INSTITUTION}), "clipboard-check"),
    Entry("文书", "portal:documents", frozenset({Role.INSTITUTION}), "envelope-paper"),
    Entry("机构资料", "portal:record", frozenset({Role.INSTITUTION}), "building"),
    Entry("待办", "desk:todo", AGENCIES | {Role.THIRD_PARTY}, "check2-square"),
    Entry("概览", "desk:overview", BUREAUS, "bar-chart"),
    Entry("申请", "desk:applications", READERS, "file-earmark-text"),
    Entry("公示与异议", "desk:notices", READERS, "megaphone"),
    Entry("协议", "desk:agreements", READERS, "file-earmark-check"),
    Entry("在办", "desk:life", READERS, "arrow-left-right"),
    Entry("机构", "desk:institutions", READERS, "hospital"),
    Entry("复核", "desk:proposals", AGENCIES | {Role.CITY_BUREAU}, "pen"),
    Entry("结算查询", "desk:settlement", READERS, "question-circle"),
    Entry("期限日历", "desk:calendar", READERS | {Role.THIRD_PARTY}, "calendar3"),
    Entry("失信人名单", "desk:people", frozenset({Role.CITY_AGENCY, Role.CITY_BUREAU, Role.AUDITOR}), "person-exclamation"),
    Entry("规定", "desk:settings", READERS, "journal-text"),
    Entry("机构注册", "accounts:sign_ups", frozenset({Role.DISTRICT_AGENCY}), "building-check"),
    Entry("单位与人员", "administration:offices", frozenset({Role.ADMINISTRATOR}), "buildings"),
    Entry("账户记录", "administration:account_log", frozenset({Role.ADMINISTRATOR, Role.AUDITOR}), "journal-text"),
    Entry("自动处理", "desk:timers", frozenset({Role.ADMINISTRATOR}), "clock-history"),
    Entry("一致性检查", "desk:consistency", frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.CITY_AGENCY}), "shield-check"),
    Entry("工作日历", "desk:workdays", frozenset({Role.ADMINISTRATOR}), "calendar-week"),
    Entry("定点名单", "public:designated", frozenset({Role.PUBLIC}), "card-list"),
    Entry("公示", "public:notices", frozenset({Role.PUBLIC}), "megaphone"),
    Entry("办理指南", "public:guide", frozenset({Role.PUBLIC}), "signpost-split"),
    Entry("日期计算", "public:calculator", frozenset({Role.PUBLIC}), "calendar3"),
    Entry("核验文书", "documents:verify", frozenset({Role.PUBLIC}), "patch-check"),
    Entry("设置", "administration:settings", frozenset({Role.CITY_BUREAU, Role.ADMINISTRATOR, Role.AUDITOR}), "sliders"),
]


def entries_for(actor: Actor) -> list[Entry]:
    return [entry for entry in ENTRIES if actor.role in entry.roles]


def home_of(actor: Actor) -> str:
    """Where a person of this role starts: the first entry of the navigation, else the own account."""
    entries = entries_for(actor)
    return reverse(entries[0].url_name if entries else "accounts:me")


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: the navigation, and the count of unread messages when the page asks for it."""
    actor = getattr(request, "actor", PUBLIC)
    entries = [(entry, reverse(entry.url_name)) for entry in entries_for(actor)]
    here = max((url for _, url in entries if request.path.startswith(url)), key=len, default="")
    navigation = [{"title": entry.title, "url": url, "icon": entry.icon, "current": url == here} for entry, url in entries]
    return {"navigation": navigation, "unread": lambda: unread_count(actor)}
