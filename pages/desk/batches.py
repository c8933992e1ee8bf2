"""One act for many rows: chosen on a list, tried first, then done, with a result for each row."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from casework import door
from casework.acts import Act, registry
from casework.refusals import Conflict, Invalid, NotDone, Refused
from pages.desk import subjects
from pages.desk.gate import AGENCIES, only
from pages.desk.inputs import form_for, hidden_copy
from pages.requests import SignedIn

# Days filled in for one case would be wrong for the next; left empty, each row takes its own.
OPEN_DAYS = {"from_on": None, "to_on": None}
MOST = 200  # rows of one call: it holds the locks of all of them


@only(*AGENCIES)
@require_POST
def batch(request: SignedIn) -> HttpResponse:
    """``rows`` are ticked boxes (application-12), ``word`` the act; ``step``: nothing, try or do."""
    act = registry.get(request.POST.get("word", ""))
    if act is None or not act.in_batches or request.actor.role not in act.roles:
        raise Http404
    ids, others = _chosen(request, act)
    label = subjects.label_of(act.subject)
    rows = act.subject._default_manager.visible_to(request.actor).filter(pk__in=ids).select_related("institution").order_by("pk")
    found = list(rows)
    form = form_for(act, found[0] if found else None, request.actor, request.POST if request.POST.get("step") else None, initial=OPEN_DAYS)
    context: dict[str, Any] = {
        "act": act,
        "rows": found,
        "label": label,
        "others": others,
        "form": form,
        "most": MOST,
        "back": _back(request),
        "version": "",
        "too_many": len(ids) > MOST,
        "step": "",
        "missing": len(ids) - len(found),
    }
    if not found or len(ids) > MOST or request.POST.get("step") not in ("try", "do") or not form.is_valid():
        return render(request, "desk/batch.html", context)
    versions = [_version(request, label, row) for row in found]
    dry = request.POST["step"] == "try"
    try:
        results = door.perform_many(act.word, found, actor=request.actor, data=form.raw(), versions=versions, dry_run=dry)
    except Conflict as error:
        context |= {"sentence": str(error)}
        return render(request, "desk/batch.html", context, status=409)
    listed = [{"row": row, **_told(result)} for row, result in zip(found, results, strict=True)]
    done = [each for each in listed if each["done"]]
    context |= {"results": listed, "done": len(done), "failed": len(listed) - len(done)}
    context |= {"step": request.POST["step"], "hidden": hidden_copy(form)}
    context["papers"] = [document for result in results if result.outcome for document in result.outcome.documents]
    return render(request, "desk/batch.html", context)


def _chosen(request: SignedIn, act: Act) -> tuple[list[int], int]:
    """Ids of the ticked rows that the act can be done to, and how many others were ticked."""
    label = subjects.label_of(act.subject)
    ids, others = [], 0
    for key in request.POST.getlist("rows"):
        sort, _, number = key.partition("-")
        if sort == label and number.isdecimal() and len(number) < 19:
            ids.append(int(number))
        else:
            others += 1
    return sorted(set(ids)), others


def _version(request: SignedIn, label: str, row: Any) -> int | None:
    """The version the row had when it was tried; what changed since is refused in its row."""
    given = request.POST.get(f"version-{label}-{row.pk}", "")
    return int(given) if given.isdecimal() and len(given) < 10 else row.version


def _told(result: door.RowResult) -> dict[str, Any]:
    error: NotDone | None = result.error
    if error is None:
        return {"done": True, "refusals": (), "sentence": "", "documents": result.outcome.documents if result.outcome else []}
    if isinstance(error, Refused):
        return {"done": False, "refusals": error.refusals, "sentence": "", "documents": []}
    if isinstance(error, Invalid):
        return {"done": False, "refusals": (), "sentence": ";".join(s for each in error.errors.values() for s in each), "documents": []}
    return {"done": False, "refusals": (), "sentence": str(error), "documents": []}


def _back(request: SignedIn) -> str:
    """The list one came from; only an address of this site's desk."""
    given = request.POST.get("back", "")
    return given if given.startswith("/desk/") and "\\" not in given and "//" not in given else "/desk/"
