"""Input of acts: forms that read a web form, an API body and a written case alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

# Days outside of these are slips of the pen, and no period can be counted from them.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class ActForm(forms.Form):
    """Base of all inputs: knows the case, so that choices can depend on it."""

    def __init__(self, *args: Any, subject: Any = None, **kwargs: Any):
        self.subject = subject
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if hasattr(field, "about"):
                field.about(subject)  # names files of the case (casework/attaching.py)
            if isinstance(field, forms.DateField):
                field.validators = [
                    *field.validators,
                    MinValueValidator(EARLIEST, f"日期不能早于{EARLIEST.year}年。"),
                    MaxValueValidator(LATEST, f"日期不能晚于{LATEST.year}年。"),
                ]

    def raw(self) -> dict[str, Any]:
        """The input as it came, to be kept with a proposal and read again at confirmation."""
        return {name: self[name].data for name in self.fields if not isinstance(self.fields[name], forms.FileField)}


class RuleForm(ActForm):
    """A change of what is in force: dated by the act, with who made it and why, which its log keeps."""

    reason = forms.CharField(label="理由", required=False, max_length=500, help_text="为何这样定,如依据的文件或决定;留在变更记录中。")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])  # asked last


class CollectiveForm(forms.Form):
    """Added to the input of decisions of large effect (M29)."""

    collective_record = forms.CharField(label="集体讨论记录", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class LinesField(forms.CharField):
    """A list of short texts: one per line on a page, a list in the API and in replay."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return []
        rows = value if isinstance(value, list | tuple) else str(value).splitlines()
        if any(not isinstance(row, str) for row in rows):
            raise ValidationError("每一项应为文字。")
        lines = [row.strip() for row in rows if row.strip()]
        if len(lines) > 100 or any(len(line) > 500 for line in lines):
            raise ValidationError("最多100项,每项不超过500字。")
        return lines

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"])

    def run_validators(self, value: Any) -> None:
        for line in value:
            super().run_validators(line)


class RowsWidget(forms.Widget):
    """A small table of inputs; names are ``field-row-column``."""

    template_name = "partials/rows_widget.html"

    def __init__(self, columns: dict[str, Any], rows: int = 6, attrs: dict[str, Any] | None = None):
        self.columns, self.rows = columns, rows
        super().__init__(attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if isinstance(data.get(name), list):
            return data.get(name)
        found = []
        for row in range(50):
            values = {column: data.get(f"{name}-{row}-{column}") for column in self.columns}
            if all(value is None for value in values.values()):
                break
            if any(values.values()):
                found.append({column: value for column, value in values.items() if value})
        return found

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = value if isinstance(value, list) else []
        rows = []
        for number in range(max(self.rows, len(given))):
            row = given[number] if number < len(given) and isinstance(given[number], dict) else {}
            rows.append(
                [
                    {"name": f"{name}-{number}-{column}", "title": title, "choices": choices, "value": row.get(column, "")}
                    for column, (title, choices) in self.columns.items()
                ]
            )
        context["widget"].update({"rows": rows, "titles": [title for title, _ in self.columns.values()]})
        return context


class RowsField(forms.Field):
    """A list of small records. ``columns``: name → (title, choices or None)."""

    def __init__(self, columns: dict[str, Any], rows: int = 6, **kwargs: Any):
        self.columns = columns
        super().__init__(widget=RowsWidget(columns, rows), **kwargs)

    def to_python(self, value: Any) -> list[dict[str, str]]:
        if not value:
            return []
        if not isinstance(value, list) or len(value) > 50:
            raise ValidationError("应为记录列表,最多50行。")
        rows = []
        for number, row in enumerate(value, 1):
            if not isinstance(row, dict) or set(row) - set(self.columns):
                raise ValidationError(f"第{number}行的栏目不正确。")
            clean = {}
            for column, (title, choices) in self.columns.items():
                text = str(row.get(column) or "").strip()
                if "\x00" in text:
                    raise ValidationError(f"第{number}行“{title}”含有不能保存的字符。")
                if len(text) > 500:
                    raise ValidationError(f"第{number}行“{title}”不超过500字。")
                if choices and text and text not in dict(choices):
                    raise ValidationError(f"第{number}行“{title}”不在可选范围内。")
                clean[column] = text
            rows.append(clean)
        return rows
