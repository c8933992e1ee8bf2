"""People who matter beyond one institution: the list of dishonest persons (M12.8), and the page of a person."""

import re

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from casework.acts import registry
from casework.models import Proposal
from deadlines import clock
from institutions.models import Kind, Person, Post
from offices.models import Role
from pages.desk import history
from pages.desk.filters import Choice, filters_of
from pages.desk.gate import only
from pages.desk.options import options_of
from pages.paging import page_of
from pages.requests import SignedIn
from standing.bans import bans_on
from standing.reading import listed_on, people_with_facts

CITY = (Role.CITY_AGENCY, Role.CITY_BUREAU, Role.AUDITOR)
LAST_FOUR = re.compile(r"\d{3}[\dXx]")
MOST = 5000  # numbers are stored enciphered: only so many are opened to find four places
FACTS = {
    "dishonest_listed": "列入失信人名单",
    "dishonest_unlisted": "移出失信人名单",
    "barred_person": "因所在机构被解除协议5年内禁止",
}
SCOPE = {"listed": "在名单中", "all": "全部人员"}


@only(*CITY)
@require_GET
def listing(request: SignedIn) -> HttpResponse:
    """The list, searched by name or by the last four places of the number; or everybody known, to list somebody."""
    filters = filters_of(request, Choice("q", "搜索"), Choice("scope", "范围", SCOPE))
    words = filters.get("q")
    everybody = filters.get("scope") == "all"
    rows = Person.objects.all() if everybody else listed_on(clock.today())
    hint = ""
    if LAST_FOUR.fullmatch(words):
        if everybody:
            hint = "在全部人员中只能按姓名查找；末四位只在名单内查找。"
            rows = rows.none()
        else:
            rows = rows.filter(pk__in=[row.pk for row in rows[:MOST] if row.masked_id_number.endswith(words.upper())])
    elif len(re.sub(r"\D", "", words)) > 4:
        hint = "请只输入姓名，或者证件号码的末四位：完整号码不应出现在地址栏和日志里。"
        rows = rows.none()
    elif words:
        rows = rows.filter(name__contains=words)
    page = page_of(request, rows)
    held: dict[int, list[Post]] = {}
    for post in posts_today().filter(person__in=page.rows).select_related("institution").order_by("institution_id", "id"):
        held.setdefault(post.person_id, []).append(post)
    shown = listed_on(clock.today()).filter(pk__in=[row.pk for row in page.rows])
    on_list = set(shown.values_list("pk", flat=True)) if everybody else set()
    listed = [{"row": row, "posts": held.get(row.pk, []), "on_list": not everybody or row.pk in on_list} for row in page.rows]
    mine = request.actor.role in registry["list_dishonest"].roles
    context = {"page": page, "listed": listed, "filters": filters, "hint": hint, "mine": mine, "everybody": everybody}
    return render(request, "desk/people.html", context)


def posts_today() -> QuerySet[Post]:
    day = clock.today()
    return Post.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day)


@only(*CITY)
@require_GET
def person(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(Person, pk=pk)
    today = clock.today()
    people = people_with_facts([row])
    facts = sorted(people[0].facts, key=lambda fact: (fact.on, fact.id), reverse=True)
    bans = {kind.value: bans_on(today, kind.value, (), people) for kind in Kind}
    context = {
        "bans": [(Kind(kind).label, ban) for kind, found in bans.items() for ban in found],
        "person": row,
        "on_list": listed_on(today).filter(pk=pk).exists(),
        "posts": row.posts.select_related("institution__district").order_by("-from_on", "id"),
        "facts": [(fact, FACTS.get(fact.kind, fact.kind), fact.data.get("source") or fact.data.get("where") or "") for fact in facts],
        "options": options_of(row, request.actor),
        "proposals": Proposal.objects.filter(case_label="person", case_id=pk, state=Proposal.OPEN).select_related("handler", "office"),
        "office_id": request.actor.office_id,
        "institution": {"kind": ""},  # clauses in the numbering of either kind
        "log": history.of_case("person", pk, request.actor, {}),
        "today": today,
    }
    return render(request, "desk/person.html", context)
