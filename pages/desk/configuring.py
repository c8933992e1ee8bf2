"""What the city sets, each with its dates: materials, conditions, rubrics, templates, places. Changed by acts only."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from agreements.models import AgreementTemplate, Allocation
from applications.models import ConditionRule, MaterialSlot
from casework.acts import registry
from casework.models import ActRecord
from deadlines import clock
from evaluations.models import SPECIALTIES, Rubric
from pages.desk import history
from pages.desk.gate import READERS, only
from pages.desk.options import address
from pages.requests import SignedIn

# Part → title, the acts that change it.
PARTS = {
    "materials": ("申请材料", ("set_slot", "end_slot")),
    "conditions": ("市级条件", ("set_condition", "end_condition")),
    "rubrics": ("评估细则", ("publish_rubric",)),
    "templates": ("协议范本", ("propose_template", "adopt_template")),
    "places": ("资源配置", ("set_allocation",)),
}


@only(*READERS)
@require_GET
def settings(request: SignedIn, part: str = "materials") -> HttpResponse:
    if part not in PARTS:
        raise Http404
    title, words = PARTS[part]
    acts = [registry[word] for word in words if request.actor.role in registry[word].roles]
    records = list(ActRecord.objects.filter(word__in=words).order_by("-id")[:30])
    context = {
        "part": part,
        "parts": [(name, each[0]) for name, each in PARTS.items()],
        "title": title,
        "acts": [(act, address(act, None)) for act in acts],
        "rows": READ[part](),
        "log": history.entries(records, request.actor, {}),
        "today": clock.today(),
    }
    return render(request, f"desk/settings_{part}.html", context)


def _materials() -> list[MaterialSlot]:
    return list(MaterialSlot.objects.order_by("kind", "slot", "-from_on"))


def _conditions() -> list[ConditionRule]:
    return list(ConditionRule.objects.order_by("kind", "code", "-from_on"))


def _rubrics() -> list[dict[str, Any]]:
    specialties = dict(SPECIALTIES)
    return [
        {"row": row, "items": [{**item, "specialty_title": specialties.get(item.get("specialty", ""), "")} for item in row.items]}
        for row in Rubric.objects.order_by("kind", "-version")
    ]


def _templates() -> list[AgreementTemplate]:
    return list(AgreementTemplate.objects.prefetch_related("comments__institution").order_by("kind", "-version"))


def _places() -> list[Allocation]:
    return list(Allocation.objects.select_related("district", "act").order_by("-year", "kind", "-id"))


READ: dict[str, Callable[[], list[Any]]] = {
    "materials": _materials,
    "conditions": _conditions,
    "rubrics": _rubrics,
    "templates": _templates,
    "places": _places,
}


@only(*READERS)
@require_GET
def template(request: SignedIn, pk: int) -> HttpResponse:
    """One version of the agreement's text, and what institutions said about it (M52)."""
    row = get_object_or_404(AgreementTemplate, pk=pk)
    comments = row.comments.select_related("institution__district")
    if not request.actor.whole_city:
        comments = comments.filter(institution__district_id=request.actor.district)
    return render(request, "desk/template.html", {"row": row, "comments": comments, "today": clock.today()})
