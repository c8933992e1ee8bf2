"""The form of an act as a page shows it: same fields, with widgets and choices that suit a reader."""

from collections.abc import Mapping
from typing import Any

from django import forms

from applications.acts.check import items_of
from applications.acts.refusing import JUDGED, Refuse
from applications.materials import unfit_items
from applications.road import AFTER_ACCEPTANCE
from casework.acts import Act, registry
from casework.context import Context
from casework.inputs import ActForm, RowsWidget
from deadlines import clock
from documents.citations import place
from evaluations.models import SPECIALTIES
from offices.actors import Actor
from offices.models import Membership, User
from pages.attaching import shown_to
from pages.life import forms as life_forms

PREFIX = "act"  # ids of fields, apart from those of other forms on a page


def form_for(
    act: Act, subject: Any, actor: Actor, data: Any = None, files: Any = None, initial: Mapping[str, Any] | None = None
) -> ActForm:
    """The act's form: bound when ``data`` is given. The rules stay the act's; only looks and choices are set here."""
    known = {**_initial(act, subject), **life_forms.initial(act, subject), **(initial or {})}
    form = act.form(data, files, subject=subject, initial=known, auto_id=f"{PREFIX}_%s")
    for name, field in form.fields.items():
        if isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            field.error_messages["invalid"] = "请按 2026-03-02 的格式填写日期。"
        elif isinstance(field.widget, forms.Textarea):
            field.widget.attrs.setdefault("rows", 4)
            field.widget.attrs["rows"] = min(int(field.widget.attrs["rows"]), 14) if field.widget.attrs["rows"] != "10" else 4
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = "（不选）"
            if field.queryset is not None and field.queryset.model is User:
                field.queryset = colleagues(actor)
        if isinstance(field, forms.MultipleChoiceField):
            offered = _grounds(subject, actor) if act.word == "refuse" else list(choices_of(field).items())
            field.widget = forms.CheckboxSelectMultiple(choices=offered)
        if act.word == "request_supplement" and name == "items" and isinstance(field.widget, RowsWidget):
            choices = [(item.id, item.title) for item in items_of(subject)]
            field.widget.columns = {**field.widget.columns, "item": ("材料", choices)}
    if act.word == "serve_document" and not choices_of(form.fields["also"]):
        del form.fields["also"]
    life_forms.dress(act, subject, form)
    shown_to(form, actor)
    return form


def choices_of(field: forms.Field) -> dict[Any, Any]:
    """What can be chosen, value and title; nothing for a field without choices."""
    return dict(getattr(field, "choices", ()))


def colleagues(actor: Actor) -> Any:
    """Whom a matter can be given to: the people of one's own office today."""
    here = Membership.objects.on(clock.today()).filter(office_id=actor.office_id or 0)
    return User.objects.filter(is_active=True, pk__in=here.values("user_id")).order_by("full_name", "id")


def _initial(act: Act, subject: Any) -> dict[str, Any]:
    """What can be filled in already; the clerk may change it."""
    if act.word == "form_team":
        return {"members": [{"specialty": value} for value, _ in SPECIALTIES], "visit_on": clock.today()}
    if act.word == "request_supplement" and subject.state == "submitted":
        lacking = dict.fromkeys(subject.road().missing, "未提交") | unfit_items(subject)
        return {"items": [{"item": item, "wrong": wrong, "required": ""} for item, wrong in lacking.items()]}
    return {}


def _grounds(case: Any, actor: Actor) -> list[tuple[str, str]]:
    """Grounds that hold by what the system can see, each with its sentence, then those that only a person can judge."""
    context = Context(registry["refuse"], case, actor, None, {}, clock.now(), record_id=0)
    kind = case.institution.kind
    seen = [(refusal.clause, f"{place(refusal.clause, kind)}：{refusal.message}") for refusal in Refuse.holding(context)]
    judged = [] if case.state in AFTER_ACCEPTANCE else JUDGED[kind].items()
    return [*seen, *((clause, f"{place(clause, kind)}：{title}") for clause, title in judged)]


def empty_data(form: ActForm) -> dict[str, Any]:
    """What the fields make of nothing at all; a field that must be filled in is left out."""
    cleaned = {}
    for name, field in form.fields.items():
        try:
            cleaned[name] = field.clean(None)
        except forms.ValidationError:
            continue
    return cleaned


def hidden_copy(form: ActForm) -> list[tuple[str, str]]:
    """What was typed, as name and value pairs for hidden fields, so that nothing is lost between two pages."""
    pairs = []
    for name in form.fields:
        if isinstance(form.fields[name], forms.FileField):
            continue
        data = form.data
        keys = [key for key in data if key == name or key.startswith(f"{name}-")]
        for key in keys:
            values = data.getlist(key) if hasattr(data, "getlist") else [data[key]]
            pairs += [(key, str(value)) for value in values]
    return pairs
