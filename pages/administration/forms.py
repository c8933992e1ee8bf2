"""Forms of the administrator: offices and dated settings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from deadlines import clock
from offices.models import DISTRICT_ROLES, Office, Role
from offices.settings import Known

# Institutions come by sign-up; the public and the system are nobody's office.
SET_UP = [role for role in Role if role not in (Role.INSTITUTION, Role.PUBLIC, Role.SYSTEM)]


class OfficeForm(forms.ModelForm):
    class Meta:
        model = Office
        fields = ["role", "district", "name", "short_name", "address", "phone", "contact", "active"]

    role = forms.ChoiceField(label="类别", choices=[(role.value, role.label) for role in SET_UP])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].empty_label = "全市"  # type: ignore[attr-defined]
        self.fields["district"].help_text = "区级单位须选择所在区，市级单位不选。"
        self.fields["active"].help_text = "停用后，本单位人员不能再以本单位身份办理。"
        if self.instance.pk:  # what an office is decides its powers and never changes
            self.fields["role"].disabled = True
            self.fields["district"].disabled = True
            if self.instance.role == Role.INSTITUTION:
                self.fields["role"].choices = [(Role.INSTITUTION.value, Role.INSTITUTION.label)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        district, role = data.get("district"), data.get("role")
        if role in DISTRICT_ROLES and district is None:
            self.add_error("district", "请选择所在区。")
        if role and role not in DISTRICT_ROLES and district is not None:
            self.add_error("district", "市级单位不选区。")
        return data


class SettingForm(forms.Form):
    """A new value of one setting, from a day on, with the reason."""

    field_order = ["value", "from_on", "reason"]
    from_on = forms.DateField(
        label="自何日起",
        help_text="当日起的事项按新值计算；以前的事项不受影响。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2026-03-02 的格式填写日期。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明依据，如决定的文号。平台管理员受托录入的，写明是谁的决定。",
    )

    def __init__(self, *args: Any, known: Known, **kwargs: Any) -> None:
        self.known = known
        super().__init__(*args, **kwargs)
        self.fields["value"] = self._value_field()
        self.order_fields(self.field_order)

    def _value_field(self) -> forms.Field:
        label = self.known.title + (f"（{self.known.unit}）" if self.known.unit else "")
        if isinstance(self.known.default, bool):
            choices = [("yes", "是"), ("no", "否")]
            return forms.TypedChoiceField(
                label=label,
                choices=choices,
                coerce=lambda text: text == "yes",
                widget=forms.RadioSelect,
                help_text=self.known.help,
            )
        if self.known.choices:
            choices = list(self.known.choices.items())
            widget = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(label=label, choices=choices, widget=widget, required=False, help_text=self.known.help)
        if isinstance(self.known.default, int):
            return forms.IntegerField(label=label, help_text=self.known.help, widget=forms.NumberInput(attrs={"class": "dd-tiny"}))
        return forms.CharField(label=label, max_length=200, help_text=self.known.help)

    def clean_value(self) -> Any:
        new = self.cleaned_data["value"]
        if complaint := self.known.check(new):
            raise ValidationError(complaint)
        return new

    def clean_from_on(self) -> Any:
        day = self.cleaned_data["from_on"]
        if day < clock.today():
            raise ValidationError("不能早于今天：已经按原值办理的事项不得改变。")
        if day.year > clock.today().year + 10:
            raise ValidationError("日期太远，请核对。")
        return day
