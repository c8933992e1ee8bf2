"""The form of a question about dates, the same on the page and for programs."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from deadlines.questions import QUESTIONS

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


class CalculatorForm(forms.Form):
    what = forms.ChoiceField(
        label="算什么", choices=[(name, f"{each.title}（如：{each.example}）") for name, each in QUESTIONS.items()],
        widget=forms.RadioSelect, error_messages={"required": "请选择算什么。", "invalid_choice": "请从下面的选项中选择。"},
    )  # fmt: skip
    start = forms.DateField(
        label="从哪一天起算", help_text="事情发生的那一天（如收到、受理、送达之日），例如 2026-03-02。",
        error_messages={"required": "请填写日期。", "invalid": "没有这一天，请按 2026-03-02 的样子填写。"},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": str(EARLIEST), "max": str(LATEST)}),
    )  # fmt: skip
    n = forms.IntegerField(
        label="多少", required=False, min_value=1, help_text="不填的，按《办法》规定的数计算。",
        widget=forms.NumberInput(attrs={"class": "dd-tiny", "inputmode": "numeric"}),
        error_messages={"invalid": "请填写整数。", "min_value": "至少填 1。"},
    )  # fmt: skip

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        if not EARLIEST <= start <= LATEST:
            raise ValidationError("只能计算 2000 年至 2099 年之间的日期。")
        return start

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        question = QUESTIONS.get(data.get("what", ""))
        if question and data.get("n") and data["n"] > question.most:
            self.add_error("n", f"最多填 {question.most}{question.unit}。")
        return data
