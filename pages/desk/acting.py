"""One page for every act: fill in, see what will happen, do it or send it to the reviewer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from casework import door, preview, proposals
from casework.acts import Act, registry
from casework.attaching import NamesFiles, in_words
from casework.models import ActRecord, Proposal
from casework.refusals import Conflict, Invalid, Missing, NotDone, Refused, Stale
from documents.catalogue import CATALOGUE
from pages.acting import version_in
from pages.attaching import received, tell
from pages.desk import reached, subjects
from pages.desk.gate import EVERYBODY, only
from pages.desk.inputs import choices_of, form_for, hidden_copy
from pages.desk.options import against
from pages.requests import SignedIn

RELOAD = "页面上缺少版本，或者您打开页面之后这件事项已有人办理。您的提交没有生效，请看清最新情况后再决定是否办理。"


@only(*EVERYBODY)
@require_http_methods(["GET", "POST"])
def act(request: SignedIn, word: str, label: str = "", pk: int | None = None) -> HttpResponse:
    """Do an act to a case. GET: the form. POST: check; for a grave or two-signature act first what would happen."""
    chosen = _act(request, word, label)
    subject = subjects.find(label, pk, request.actor) if pk is not None else None
    if request.method == "GET":
        # Choices on a page may fill in a field: the item that was being looked at.
        given = {name: request.GET[name] for name in chosen.form.base_fields if name in request.GET and "\x00" not in request.GET[name]}
        return _form_page(request, chosen, subject, form_for(chosen, subject, request.actor, initial=given))
    if version_in(request.POST) != subjects.version_of(word, subject):
        return conflict(request, subject, RELOAD)
    data, problems = received(request, chosen, subject)
    form = form_for(chosen, subject, request.actor, data, request.FILES)
    tell(form, problems)
    if request.POST.get("step") == "edit" or not form.is_valid():
        if request.POST.get("step") == "edit":
            form = form_for(chosen, subject, request.actor, initial=_typed(form))
        return _form_page(request, chosen, subject, form)
    try:
        if careful(chosen) and request.POST.get("step") != "confirm":
            return _preview_page(request, chosen, subject, form)
        return _done(request, chosen, subject, form)
    except Missing as error:
        raise Http404 from error
    except (Stale, Conflict) as error:
        return conflict(request, subject, str(error))
    except Invalid as error:
        for name, sentences in error.errors.items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)
        return _form_page(request, chosen, subject, form)
    except Refused as error:
        return _form_page(request, chosen, subject, form, refusals=error.refusals)


def careful(act: Act) -> bool:
    """Whether pages show the consequences before it is done."""
    return act.grave or act.signatures > 1


def conflict(request: SignedIn, subject: Any, sentence: str) -> HttpResponse:
    """409: what was done meanwhile and by whom; nothing of this request has taken effect."""
    context: dict[str, Any] = {"sentence": sentence, "records": [], "back": subjects.address(subject), "name": subjects.name_of(subject)}
    if subject is not None:
        label, pk = subjects.label_of(subject), subject.pk
        if isinstance(subject, ActRecord):
            label, pk = subject.case_label, subject.case_id
        context["records"] = ActRecord.objects.filter(case_label=label, case_id=pk).order_by("-id")[:5]
    return render(request, "desk/conflict.html", context, status=409)


def _act(request: SignedIn, word: str, label: str) -> Act:
    chosen = registry.get(word)
    if chosen is None or subjects.label_of(chosen.subject) != label or request.actor.role not in chosen.roles:
        raise Http404
    return chosen


def _typed(form: forms.Form) -> dict[str, Any]:
    return {name: form[name].data for name in form.fields}


def _form_page(request: SignedIn, act: Act, subject: Any, form: forms.Form, refusals: Any = ()) -> HttpResponse:
    context = _about(act, subject)
    if not refusals and request.method == "GET" and subject is not None:
        refusals = tuple(against(act, subject, request.actor))
    proposal = None
    if act.signatures > 1 and subject is not None:
        rows = Proposal.objects.filter(case_label=subjects.label_of(subject), case_id=subject.pk, word=act.word, state=Proposal.OPEN)
        proposal = rows.select_related("handler").first()
    context |= {"form": form, "refusals": refusals, "proposal": proposal, "careful": careful(act)}
    return render(request, "desk/act.html", context)


def _about(act: Act, subject: Any) -> dict[str, Any]:
    institution = subject if subject is not None and subjects.label_of(subject) == "institution" else getattr(subject, "institution", None)
    return {
        "act": act,
        "subject": subject,
        "institution": institution,
        "kind": institution.kind if institution is not None else "",
        "name": subjects.name_of(subject),
        "back": subjects.address(subject),
        "version": subjects.version_of(act.word, subject),
        "papers": [CATALOGUE[number].name for number in act.papers if number in CATALOGUE],
    }


def _preview_page(request: SignedIn, act: Act, subject: Any, form: Any) -> HttpResponse:
    found = preview.preview(act.word, subject, actor=request.actor, data=form.raw(), version=_row_version(subject))
    if found.error is not None:
        raise found.error
    context = _about(act, subject) | {"preview": consequences(subject, found), "hidden": hidden_copy(form), "form": form}
    context["given"] = given(form)
    return render(request, "desk/preview.html", context)


def _row_version(subject: Any) -> int | None:
    return getattr(subject, "version", None)


def consequences(subject: Any, found: preview.Preview) -> dict[str, Any]:
    """A preview as the page lists it."""
    titles = {}
    if subject is not None and any(each.name == "state" for each in subject._meta.fields):
        titles = dict(subject._meta.get_field("state").choices or [])
    return {
        "before": titles.get(found.before, found.before),
        "after": titles.get(found.after, found.after),
        "moved": found.before != found.after,
        "states": [each for each in found.states if each.title != str(subject) or each.institution],
        "papers": found.papers,
        "withdrawn": found.withdrawn,
        "deadlines": found.deadlines,
        "reached": reached.by(found.documents),
        "bans": found.others,
        "notes": found.notes,
    }


def given(form: forms.Form) -> list[tuple[str, str]]:
    """What was filled in, to be read once more before it counts."""
    rows = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if isinstance(value, QuerySet):
            value = list(value)
        if value in (None, "", [], False) and not isinstance(value, bool):
            continue
        rows.append((str(field.label), shown(field, value)))
    return rows


def shown(field: forms.Field, value: Any) -> str:
    """A cleaned value as people read it."""
    if isinstance(field, NamesFiles):
        return "\n".join(in_words(field, value))
    if isinstance(value, bool):
        told = {str(key): text for key, text in choices_of(field).items()} if isinstance(field, forms.ChoiceField) else {}
        return str(told.get(str(value), "是" if value else "否"))
    choices = {} if isinstance(field, forms.ModelChoiceField) else choices_of(field)
    if isinstance(value, list):
        return "\n".join(_line(field, each, choices) for each in value)
    return str(choices.get(value, value))


def _line(field: forms.Field, each: Any, choices: dict[Any, Any]) -> str:
    if not isinstance(each, dict):
        return str(choices.get(each, each))
    columns = getattr(field.widget, "columns", {})
    parts = [f"{title}:{dict(options or ()).get(each[key], each[key])}" for key, (title, options) in columns.items() if each.get(key)]
    if not parts:
        parts = [str(each.get("heading", ""))]
    return ",".join(parts)


def _done(request: SignedIn, act: Act, subject: Any, form: Any) -> HttpResponse:
    version = _row_version(subject)
    if act.signatures > 1:
        proposal = proposals.propose(act.word, subject, actor=request.actor, data=form.raw(), version=version)
        messages.success(request, f"“{act.title}”已提交复核，由本单位另一名有复核权限的人员签署后生效。")
        return redirect("desk:proposal", proposal.pk)
    outcome = door.perform(act.word, subject, actor=request.actor, data=form.raw(), files=request.FILES.dict(), version=version)
    messages.success(request, done_sentence(act, outcome.documents))
    if subject is None and outcome.record.data.get("person"):
        return redirect("desk:person", outcome.record.data["person"])
    return redirect(subjects.address(subject))


def done_sentence(act: Act, documents: list[Any]) -> str:
    listed = "、".join(f"《{document.title}》{document.number}" for document in documents)
    return f"已办理“{act.title}”。" + (f"已制发{listed}。" if listed else "")


__all__ = ["NotDone", "act", "careful", "conflict", "consequences", "done_sentence", "given"]
