"""Institutions: search, and 一户一档: everything known about one on one page."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agreements.models import Agreement
from agreements.reading import of_day, with_chain
from agreements.term import STATES as TERM_STATES
from applications.entry import gate, may_apply
from applications.models import Application
from applications.road import STATES
from casework.models import ActRecord, Proposal
from deadlines import clock
from documents.access import visible_to as documents_visible_to
from documents.models import DocumentSubject
from institutions.completeness import missing_sentence
from institutions.models import Category, Institution, Kind, Ownership, Post, PostName
from institutions.posts import holders
from offices.actors import Actor
from offices.models import District
from pages.desk import changes, history, timeline
from pages.desk.agreements import state_of as agreement_state
from pages.desk.filters import Choice, filters_of
from pages.desk.gate import READERS, only
from pages.desk.loading import asked
from pages.desk.options import options_of
from pages.life import underway
from pages.life.asking import of_today
from pages.life.drawing import bars_of, draw
from pages.paging import page_of
from pages.requests import SignedIn
from settlement.states import spans_of
from standing.reading import bans_of, bans_through_today, warnings_of

STANDS = {"designated": "定点", "none": "未定点", "incomplete": "资料不齐"}
LOGGED = 30  # entries of the log on the page; the rest on their cases


@only(*READERS)
@require_GET
def listing(request: SignedIn) -> HttpResponse:
    known = [Choice("q", "搜索"), Choice("kind", "类别", dict(Kind.choices)), Choice("stands", "定点", STANDS)]
    if request.actor.whole_city:
        known.append(Choice("district", "区", dict(District.objects.values_list("code", "name"))))
    filters = filters_of(request, *known)
    day = clock.today()
    rows = Institution.objects.visible_to(request.actor).select_related("district")
    if filters.get("q"):
        rows = rows.search(filters.get("q"))
    for name in ("kind", "district"):
        if filters.get(name):
            rows = rows.filter(**{"district_id" if name == "district" else name: filters.get(name)})
    living = Agreement.objects.in_force_on(day).filter(institution=OuterRef("pk"))
    if filters.get("stands") in ("designated", "none"):
        rows = rows.filter(Exists(living) if filters.get("stands") == "designated" else ~Exists(living))
    elif filters.get("stands") == "incomplete":
        rows = rows.filter(complete=False)
    page = page_of(request, rows)
    ids = asked(row.pk for row in page.rows)
    signed: dict[int, list[Agreement]] = defaultdict(list)
    for each in Agreement.objects.filter(institution__in=ids):
        signed[each.institution_id].append(each)
    agreements = {pk: found for pk, each in signed.items() if (found := of_day(each, day)) is not None}
    cases: dict[int, Application] = {}
    for case in Application.objects.filter(institution__in=ids).exclude(state="draft").order_by("id"):
        cases[case.institution_id] = case
    suspended = spans_of(agreements.values(), day)
    listed = [
        {
            "row": row,
            "agreement": agreements.get(row.pk),
            "agreement_state": agreement_state(agreements[row.pk], day, suspended) if row.pk in agreements else None,
            "case": cases.get(row.pk),
            "case_state": STATES.get(cases[row.pk].state) if row.pk in cases else "",
        }
        for row in page.rows
    ]
    return render(request, "desk/institutions.html", {"page": page, "listed": listed, "filters": filters})


@only(*READERS)
@require_GET
def institution(request: SignedIn, pk: int) -> HttpResponse:
    actor, day = request.actor, clock.today()
    rows = Institution.objects.visible_to(actor).select_related(
        "district", "chain__legal_representative", "chain__principal", "chain__controller", "parent", "office"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    applications = list(Application.objects.filter(institution=found).exclude(state="draft").order_by("-id"))
    agreements = list(Agreement.objects.filter(institution=found).select_related("main", "institution").order_by("-first_day", "-id"))
    with_chain(agreements)
    terms = [(each, each.term()) for each in agreements]
    suspended = spans_of(agreements, day)
    items = [item for each, term in terms for item in underway.of_agreement(each, term, day, carried=False)]
    bans = bans_of(found, day)
    about = DocumentSubject.objects.filter(institution_id=pk).values("document_id")
    records = list(ActRecord.objects.filter(institution_id=pk).order_by("-id")[:LOGGED])
    context: dict[str, Any] = {
        "institution": found,
        "lacking": missing_sentence(found) if not found.complete else "",
        "summary": summary_of(found),
        "people": people_of(found, actor, day),
        "bans": bans,
        "gate": gate(found, day),
        "warnings": warnings_of(found, day),
        "may_apply": may_apply(found, day),
        "applications": [(each, STATES.get(each.state, each.state)) for each in applications],
        "agreements": [(each, *agreement_state(each, day, suspended)) for each in agreements],
        "documents": documents_visible_to(actor).filter(pk__in=about).defer("data").order_by("-id")[:50],
        "licences": found.licences.order_by("-valid_from"),
        "practitioners": found.practitioners.order_by("ended_on", "id"),
        "managers": found.managers.order_by("ended_on", "id"),
        "internet_hospitals": found.internet_hospitals.all(),
        "kind": found.kind,
        "disputes": found.disputes.order_by("-id"),
        "settled": of_today(found),
        "picture": draw(bars_of(terms, bans_through_today(found, day)), day),
        "going": [item for item in items if item.open],
        "changed": [item for item in items if item.kind == "change"],
        "measures": [item for item in items if item.adverse and not item.open],
        "owed": [ban for ban in bans if ban.remains],
        "timeline": timeline.of_institution(found, applications, agreements, day),
        "changes": changes.of_institution(found),
        "options": options_of(found, actor),
        "proposals": Proposal.objects.filter(institution_id=pk, state=Proposal.OPEN).select_related("handler", "office"),
        "office_id": actor.office_id,
        "log": history.entries(records, actor, {**TERM_STATES, **STATES}),
        "logged": LOGGED,
        "today": day,
    }
    return render(request, "desk/institution.html", context)


def summary_of(row: Institution) -> list[tuple[str, Any]]:
    """The record as label and value; what the kind of institution does not have is left out."""
    found: list[tuple[str, Any]] = [
        ("统一社会信用代码", row.uscc),
        ("国家医保编码", row.national_code),
        ("原北京编码", row.legacy_code),
        ("类别", dict(Category.choices).get(row.category, "")),
        ("所有制", dict(Ownership.choices).get(row.ownership, "")),
        ("地址", row.address),
        ("电话", row.phone),
        ("正式运营之日", row.opened_on),
    ]
    if row.kind == Kind.HOSPITAL:
        found += [
            ("等级", row.grade),
            ("规模", row.scale),
            ("床位", row.beds),
            ("诊疗科目", "、".join(map(str, row.departments))),
            ("内部医保管理部门", "有" if row.insurance_department else "无"),
            ("所依托的实体医疗机构", row.parent),
        ]
    else:
        found += [("经营范围", row.drug_scope), ("连锁总部", row.chain)]
        found += [(f"连锁总部{post.label}", getattr(row.chain, post.value)) for post in PostName if row.chain is not None]
    found += [("银行账户", row.bank_account), ("原名单注记", row.legacy_status)]
    return [(label, value) for label, value in found if value not in ("", None)]


def people_of(row: Institution, actor: Actor, day: date) -> list[dict[str, Any]]:
    """The holders of the three posts with the other institutions where they hold one (M12.7).

    A district sees the names of its own institutions; of others only how many there are (M3).
    """
    posts = holders(row, day)
    elsewhere = Post.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), person__in=set(posts.values()), from_on__lte=day)
    held: dict[int, list[Post]] = {}
    for post in elsewhere.exclude(institution=row).select_related("institution__district").order_by("institution_id", "id"):
        held.setdefault(post.person_id, []).append(post)
    return [
        {
            "post": PostName(name).label,
            "person": person,
            "masked": person.masked_id_number,
            "linked": actor.whole_city,
            "others": [post for post in held.get(person.pk, []) if _mine(post, actor)],
            "hidden": sum(1 for post in held.get(person.pk, []) if not _mine(post, actor)),
        }
        for name, person in posts.items()
    ]


def _mine(post: Post, actor: Actor) -> bool:
    return actor.whole_city or post.institution.district_id == actor.district
