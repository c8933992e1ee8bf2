"""Forms of signing in, of accounts and of an office's people."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from offices.models import District, Membership, SignUp, User

USERNAME = RegexValidator(r"^[\w.@+-]+$", "用户名只能用文字、数字和 . @ + - _ 。")
PHONE = RegexValidator(r"^[0-9+\- ]{7,20}$", "请填电话号码，只用数字、空格、+ 和 - 。")


class SignIn(AuthenticationForm):
    error_messages = {
        "invalid_login": "用户名或密码不正确，或账户已被锁定。请核对后重试；忘记密码可以申请重设。",
        "inactive": "账户已被锁定，请联系本单位负责人。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].label = "密码"


class OneTimePassword(forms.Form):
    token = forms.CharField(
        label="动态口令",
        max_length=6,
        help_text="打开手机上的动态口令程序，输入显示的六位数字。",
        validators=[RegexValidator(r"^\d{6}$", "请输入六位数字。")],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "dd-tiny"}),
    )


def _new_password(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        help_text="至少 10 位，不能全是数字，不能是常见密码，也不要和用户名相似。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def _again() -> forms.CharField:
    return forms.CharField(label="再输一遍密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))


class NewPassword(forms.Form):
    """A new password, typed twice and judged by the site's rules for this user."""

    password = _new_password("新密码")
    again = _again()

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("password"), data.get("again")
        if first and second and first != second:
            self.add_error("again", "两次输入的密码不一致。")
        if first:
            try:
                password_validation.validate_password(first, self.user or self._user_to_be(data))
            except ValidationError as error:
                self.add_error("password", error)
        return data

    def _user_to_be(self, data: dict[str, Any]) -> User:
        return User(username=data.get("username", ""), full_name=data.get("full_name", ""))


class ChangePassword(NewPassword):
    field_order = ["current", "password", "again"]
    current = forms.CharField(label="现在的密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if self.user is None or not self.user.check_password(current):
            raise ValidationError("现在的密码不对。")
        return current


class Forgotten(forms.Form):
    username = forms.CharField(label="用户名", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username"}))


class Contact(forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "phone", "email"]

    phone = forms.CharField(label="手机", max_length=20, required=False, validators=[PHONE])


class Invite(forms.Form):
    full_name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(label="手机", max_length=20, required=False, validators=[PHONE])
    may_review = forms.BooleanField(label="可以复核他人经办的事项", required=False, help_text="同一件事项的经办人和复核人不能是同一人。")
    supervisor = forms.BooleanField(label="作为本单位负责人", required=False, help_text="可以邀请、锁定本单位人员，移交事项。")


class Accept(NewPassword):
    """Whoever follows an invitation chooses a name and a password."""

    field_order = ["username", "password", "again"]
    username = forms.CharField(
        label="用户名",
        max_length=40,
        validators=[USERNAME],
        help_text="登录时用，可以用文字、数字和 . @ + - _ 。",
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


class Powers(forms.Form):
    may_review = forms.BooleanField(label="可以复核他人经办的事项", required=False)
    supervisor = forms.BooleanField(label="作为本单位负责人", required=False)
    reason = forms.CharField(label="理由", max_length=300)


class Reason(forms.Form):
    reason = forms.CharField(
        label="理由", max_length=300, help_text="记入账户记录，审计人员可以看到。", widget=forms.Textarea(attrs={"rows": 2})
    )


class Leave(Reason):
    field_order = ["successor", "reason"]
    successor = forms.ModelChoiceField(
        queryset=Membership.objects.none(),
        label="接手人",
        required=False,
        empty_label="没有需要移交的事项",
        help_text="手上还有未办结事项时必须选择。",
    )

    def __init__(self, *args: Any, colleagues: Any, required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["successor"].label_from_instance = lambda row: row.user.full_name  # type: ignore[attr-defined]
        self.fields["successor"].required = required
        if required:
            self.fields["successor"].empty_label = "请选择"  # type: ignore[attr-defined]


class RequestSignUp(NewPassword):
    """An institution asks for access; everything is checked again by the agency of its district."""

    field_order = ["kind", "name", "uscc", "licence_number", "district", "contact", "phone", "email", "username", "password", "again"]
    kind = forms.ChoiceField(label="机构类别", choices=SignUp.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label="机构全称", max_length=200, help_text="与执业许可证、药品经营许可证上的名称一致。")
    uscc = forms.CharField(label="统一社会信用代码", max_length=40, help_text="18 位。军队医疗机构也有统一社会信用代码。")
    licence_number = forms.CharField(
        label="许可证号",
        max_length=60,
        help_text="医疗机构填《医疗机构执业许可证》登记号，零售药店填《药品经营许可证》编号。",
    )
    district = forms.ModelChoiceField(
        label="所在区",
        queryset=District.objects.all(),
        empty_label="请选择",
        help_text="按许可证上的地址选择，由该区经办机构核对。",
    )
    contact = forms.CharField(label="联系人", max_length=60, help_text="开通后由联系人负责本机构的账户，可以再邀请同事。")
    phone = forms.CharField(
        label="手机", max_length=20, validators=[PHONE], widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    )
    email = forms.EmailField(label="电子邮箱", required=False)
    username = forms.CharField(
        label="用户名",
        max_length=40,
        validators=[USERNAME],
        help_text="开通后登录用，可以用文字、数字和 . @ + - _ 。",
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )

    def clean_uscc(self) -> str:
        code = "".join(self.cleaned_data["uscc"].split()).upper()
        if len(code) != 18 or not code.isascii() or not code.isalnum():
            raise ValidationError("统一社会信用代码是 18 位数字和大写字母，请核对。")
        return code

    def request(self) -> SignUp:
        """The request that the form describes, not saved."""
        fields = ("kind", "name", "uscc", "licence_number", "district", "contact", "phone", "email", "username")
        return SignUp(**{field: self.cleaned_data[field] for field in fields})


class SignUpCode(forms.Form):
    code = forms.CharField(label="查询码", max_length=40, help_text="提交注册时页面上给出的 16 位字母和数字。")

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).upper()
