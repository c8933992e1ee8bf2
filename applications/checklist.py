"""What only a person can judge, answered item by item at acceptance: M6.4–M6.6, M12.1, M12.2, M12.9 and their twins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from applications.acts.filing import StatementField
from applications.models import Application
from applications.statements import STATEMENTS, Statement, statements_of
from casework.context import Context
from casework.refusals import Refusal
from law.clauses import numbered


def items_for(application: Application) -> list[Statement]:
    """The items, each with the institution's own statement: those of the day the application was filed."""
    return statements_of(application, application.filed_on or application.started_on)


def clause_of(code: str, kind: str) -> str:
    """The clause of an item: its own, or that of the further conditions of the city (M6.6, P5.7)."""
    return code if code in STATEMENTS[kind] else numbered("M6.6", kind)


def against(context: Context) -> Iterable[Refusal]:
    """Each item judged as not fulfilled, with its clause."""
    kind = context.institution.kind
    texts = {each.code: each.text for each in items_for(context.subject)}
    for code, fulfilled in context.data["judged"].items():
        if not fulfilled:
            yield Refusal(clause_of(code, kind), f"经核对不符合“{texts[code].rstrip('。')}”,不能受理;属实的,应作出不予受理决定。")


class JudgementWidget(forms.Widget):
    """Yes or no for each item beside what the institution states; a page marks which items it asks, so that none is skipped."""

    template_name = "partials/judgement_widget.html"
    items: Iterable[Statement] = ()
    kind = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        asked = data.getlist(f"{name}-asked") if hasattr(data, "getlist") else []
        if not asked:
            return data.get(name)
        return {code: {"yes": True, "no": False}.get(data.get(f"{name}-{code}")) for code in asked}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = value if isinstance(value, dict) else {}
        rows = [{"item": each, "clause": clause_of(each.code, self.kind), "given": given.get(each.code)} for each in self.items]
        context["widget"].update({"rows": rows, "kind": self.kind})
        return context


class JudgementField(StatementField):
    """Item → whether it is fulfilled. An item that is not named is judged as fulfilled; one that a page asked must be answered."""

    widget = JudgementWidget

    def for_application(self, application: Application | None) -> None:
        """Ask the items of this application."""
        if application is not None:
            self.widget.items, self.widget.kind = items_for(application), application.institution.kind

    def clean(self, value: object) -> dict[str, bool]:
        texts = {each.code: each.text for each in self.widget.items}
        if isinstance(value, dict):
            unanswered = [texts[code] for code, each in value.items() if each is None and code in texts]
            if unanswered:
                raise ValidationError([f"请判断:{text}" for text in unanswered])
        given = {numbered(code, self.widget.kind): fulfilled for code, fulfilled in super().clean(value).items()}
        for code in given:
            if code not in texts:
                raise ValidationError(f"没有“{code}”这一项。")
        return {code: given.get(code, True) for code in texts}

    def bound_data(self, data: Any, initial: Any) -> Any:
        """It comes as a mapping, from the page as from a program."""
        return data if isinstance(data, dict) else super().bound_data(data, initial)

    def prepare_value(self, value: Any) -> Any:
        return value
