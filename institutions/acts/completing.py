"""An institution or its district fills in what its record lacks (M7: complete before it can apply; M40.2: by the district)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casework.acts import Act, register
from casework.context import Context
from casework.inputs import ActForm, LinesField
from casework.refusals import Invalid, Refusal
from deadlines import clock
from institutions import codes
from institutions.acts.settled import against_change
from institutions.completeness import refresh
from institutions.models import Category, Institution, Kind, Ownership

EARLIEST = date(1900, 1, 1)
YES_OR_NO = [("", "未填"), ("yes", "是"), ("no", "否")]
# The uscc says who the institution is: once on record only its district's agency corrects it.
IDENTITY = ("uscc",)


class DayField(forms.DateField):
    """A day between 1900 and today, or later by ``ahead`` years where that makes sense."""

    def __init__(self, *args: Any, ahead: int = 0, **kwargs: Any):
        self.ahead = ahead
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(*args, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        today = clock.today()
        if value < EARLIEST:
            raise ValidationError("日期不能早于1900年。")
        if not self.ahead and value > today:
            raise ValidationError("日期不能晚于今天。")
        if self.ahead and value.year > today.year + self.ahead:
            raise ValidationError(f"日期不能晚于{today.year + self.ahead}年。")


def read_code(reading: Any, value: str, *more: str) -> str:
    """A code in its standard writing; empty stays empty."""
    if not value:
        return ""
    try:
        return str(reading(value, *more))
    except codes.BadCode as error:
        raise ValidationError(str(error)) from error


class CompleteForm(ActForm):
    """Every field may be left out: what is not sent stays as it is."""

    uscc = forms.CharField(label="统一社会信用代码", max_length=40, required=False, help_text="18 位,与营业执照或事业单位法人证书一致。")
    national_code = forms.CharField(
        label="国家医保编码", max_length=20, required=False, help_text="H(医疗机构)或 P(药店)加 11 位数字;没有的可不填。"
    )
    address = forms.CharField(label="地址", max_length=300, required=False, help_text="与许可证上的地址一致。")
    phone = forms.CharField(label="电话", max_length=40, required=False)
    category = forms.ChoiceField(label="类别", choices=[("", "请选择"), *Category.choices], required=False)
    ownership = forms.ChoiceField(label="所有制", choices=[("", "请选择"), *Ownership.choices], required=False)
    opened_on = DayField(label="正式运营之日", required=False, help_text="取得许可证后正式对外执业或营业的第一天;须运营满3个月方可申请。")
    beds = forms.IntegerField(label="编制床位数", min_value=0, max_value=20000, required=False)
    insurance_department = forms.ChoiceField(
        label="设有内部医保管理部门并有专职人员", choices=YES_OR_NO, required=False, help_text="100张床位以上的医疗机构应当设有。"
    )
    departments = LinesField(label="诊疗科目(每行一项)", required=False)
    grade = forms.CharField(label="等级", max_length=40, required=False)
    scale = forms.CharField(label="规模", max_length=100, required=False)
    drug_scope = forms.CharField(label="经营范围", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    bank_account = forms.CharField(label="银行账户", max_length=100, required=False)

    HOSPITAL_ONLY = ("category", "beds", "insurance_department", "departments", "grade", "scale")
    PHARMACY_ONLY = ("drug_scope",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in self.PHARMACY_ONLY if self.subject.kind == Kind.HOSPITAL else self.HOSPITAL_ONLY:
            del self.fields[name]

    def clean_uscc(self) -> str:
        return read_code(codes.uscc_of, self.cleaned_data["uscc"])

    def clean_national_code(self) -> str:
        return read_code(codes.national_code_of, self.cleaned_data["national_code"], self.subject.kind)

    def clean_insurance_department(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["insurance_department"])


def shown(institution: Institution) -> dict[str, Any]:
    """What is on record, as the form's initial values."""
    values = {name: getattr(institution, name) for name in CompleteForm.base_fields}
    values["insurance_department"] = "yes" if institution.insurance_department else ""
    values["departments"] = "\n".join(institution.departments)
    return values


@register
class CompleteInstitution(Act):
    """Fill in the record. What is blank can always be filled in; what is there changes only while nothing rests on it."""

    word = "complete_institution"
    title = "补全机构资料"
    subject = Institution
    clauses = ("M7", "M40.1", "M40.2")
    roles = ("district_agency", "institution")
    form = CompleteForm

    def available(self, subject: Institution) -> bool:
        return True

    def guard(self, context: Context) -> Iterable[Refusal]:
        changed = [name for name, (old, _) in changes(context).items() if old not in (None, "", [], 0, False)]
        if context.actor.role == "institution":
            for name in IDENTITY:
                if name in changed:
                    yield Refusal("permission", "统一社会信用代码已登记,如有错误请由所在区经办机构更正。")
        yield from against_change(context, [str(context.act.form.base_fields[name].label) for name in changed])

    def effect(self, context: Context) -> None:
        institution = context.subject
        found = changes(context)
        for name, (_, new) in found.items():
            setattr(institution, name, new)
        context.log = {name: {"before": old, "after": new} for name, (old, new) in found.items()}
        check(institution)
        institution.save()
        refresh(institution)


def changes(context: Context) -> dict[str, tuple[Any, Any]]:
    """Field → value before and after, of what was sent and differs; a blank leaves the field as it is."""
    found = {}
    for name, new in context.data.items():
        if new in (None, "", []):
            continue
        old = getattr(context.subject, name)
        if new != old:
            found[name] = (old, new)
    return found


def check(row: Any) -> None:
    """The model's own checks, said as the act's input errors: a code that somebody else has, dates that run backwards."""
    try:
        row.full_clean()
    except ValidationError as error:
        named = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
        raise Invalid({name: [str(each) for each in messages] for name, messages in named.items()}) from error
