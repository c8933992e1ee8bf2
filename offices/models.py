"""Offices, the people in them, and what they set (M3, R16).

A person signs in as a user; what the user may do comes only from a membership: which office, since when, whether the
person may approve what another handled (M29), whether the person looks after the office's other users.
"""

from datetime import date

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from deadlines import clock


class District(models.Model):
    """One of Beijing's sixteen districts, or the economic development area (经开区), which has no code of its own."""

    code = models.CharField(
        "区划代码", max_length=6, primary_key=True, validators=[RegexValidator(r"^(\d{6}|bda)$", "区划代码是六位数字或 bda。")]
    )
    name = models.CharField("名称", max_length=40)
    order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = "区"

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What an office is; its powers follow from this alone (R16)."""

    CITY_BUREAU = "city_bureau", "市医疗保障局"
    CITY_AGENCY = "city_agency", "市经办机构"
    DISTRICT_BUREAU = "district_bureau", "区医疗保障局"
    DISTRICT_AGENCY = "district_agency", "区经办机构"
    THIRD_PARTY = "third_party", "第三方评估机构"
    INSTITUTION = "institution", "医药机构"
    PUBLIC = "public", "社会公众"
    AUDITOR = "auditor", "审计"
    ADMINISTRATOR = "administrator", "平台管理"
    SYSTEM = "system", "系统"


DISTRICT_ROLES = (Role.DISTRICT_BUREAU, Role.DISTRICT_AGENCY, Role.INSTITUTION)
CLERK_ROLES = (Role.CITY_BUREAU, Role.CITY_AGENCY, Role.DISTRICT_BUREAU, Role.DISTRICT_AGENCY)


@pghistory.track()
class Office(models.Model):
    """An office, an evaluator or an institution as an addressee: whoever acts, issues or receives."""

    role = models.CharField("类别", max_length=20, choices=Role.choices)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, verbose_name="所在区")
    name = models.CharField("全称", max_length=200)
    short_name = models.CharField("机关代字", max_length=20, blank=True, help_text="用于发文字号，如“京医保”。")
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    contact = models.CharField("联系人", max_length=60, blank=True)
    online_service_consent_on = models.DateField("同意线上送达之日", null=True, blank=True)
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "单位"
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=[str(role) for role in DISTRICT_ROLES]) | Q(district__isnull=False),
                name="office_of_a_district_names_it",
                violation_error_message="区级单位和医药机构必须写明所在区。",
            ),
            models.UniqueConstraint(
                fields=["role", "district"],
                condition=Q(active=True, role__in=[str(Role.DISTRICT_BUREAU), str(Role.DISTRICT_AGENCY)]),
                name="one_bureau_and_one_agency_a_district",
                violation_error_message="本区已有同类单位。",
            ),
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(active=True, role__in=[str(Role.CITY_BUREAU), str(Role.CITY_AGENCY)]),
                name="one_city_bureau_and_one_city_agency",
                violation_error_message="市级已有同类单位。",
            ),
            # Numbers of documents begin with it; one that is given up is not given to another, whose numbers would meet the old ones.
            models.UniqueConstraint(
                fields=["short_name"],
                condition=~Q(short_name=""),
                name="no_two_offices_share_a_short_name",
                violation_error_message="这个机关代字已被其他单位（包括已停用的单位）使用；文号会重复，请换一个。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users; there is no superuser, for nobody may do everything (M3)."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person who signs in. Locked means ``is_active`` is off: sessions and tokens stop at once."""

    username = models.CharField(
        "用户名",
        max_length=40,
        unique=True,
        error_messages={"unique": "这个用户名已被使用，请换一个。"},
        validators=[RegexValidator(r"^[\w.@+-]+$", "用户名只能用文字、数字和 . @ + - _ 。")],
    )
    full_name = models.CharField("姓名", max_length=60)
    phone = models.CharField("手机", max_length=20, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    is_active = models.BooleanField("可登录", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    created_at = models.DateTimeField("建立时间", default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["id"]
        verbose_name = "用户"

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> "MembershipQuerySet":
        """Those that hold on this day; first and last day belong to them."""
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=day), from_on__lte=day)


@pghistory.track()
class Membership(models.Model):
    """A person's place in an office, first and last day included."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name="用户")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="memberships", verbose_name="单位")
    may_review = models.BooleanField("可复核", default=False)
    supervisor = models.BooleanField("负责人", default=False, help_text="邀请、锁定本单位的用户，分派和移交事项。")
    from_on = models.DateField("起始日", default=clock.today)
    to_on = models.DateField("最后一日", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office"],
                condition=Q(to_on__isnull=True),
                name="one_open_membership_of_a_user_in_an_office",
                violation_error_message="该用户已在本单位。",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="membership_ends_after_it_begins",
                violation_error_message="最后一日不能早于起始日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}（{self.office}）"


class Setting(models.Model):
    """A value from a day on, with who set it and why; a later row never rewrites an earlier one (see ``offices.settings``)."""

    key = models.CharField("项目", max_length=60)
    value = models.JSONField("值")
    from_on = models.DateField("自何日起")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, verbose_name="设定人")
    reason = models.CharField("理由", max_length=500)
    recorded_at = models.DateTimeField("记录时间", default=clock.now, editable=False)

    class Meta:
        ordering = ["key", "-from_on", "-id"]
        verbose_name = "设置"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.key} {self.from_on}"


class Notification(models.Model):
    """A message to an office, or to one person in it. ``key`` makes a repeated sweep send it once."""

    recipient = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="notifications", verbose_name="收件单位")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, verbose_name="收件人")
    kind = models.CharField("类别", max_length=40)
    text = models.CharField("内容", max_length=500)
    link = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("发出时间", default=clock.now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    key = models.CharField("去重键", max_length=200, unique=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "通知"
        indexes = [models.Index(fields=["recipient", "-id"], name="notification_inbox")]

    def __str__(self) -> str:
        return self.text


class SignUp(models.Model):
    """An institution asks for access; the agency of its district confirms or declines (M7: the district is its door)."""

    class State(models.TextChoices):
        WAITING = "waiting", "待核对"
        CONFIRMED = "confirmed", "已开通"
        DECLINED = "declined", "未开通"

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", "医疗机构"
        PHARMACY = "pharmacy", "零售药店"

    kind = models.CharField("机构类别", max_length=10, choices=Kind.choices)
    name = models.CharField("机构全称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18)
    licence_number = models.CharField("许可证号", max_length=60)
    district = models.ForeignKey(District, on_delete=models.PROTECT, verbose_name="所在区")
    contact = models.CharField("联系人", max_length=60)
    phone = models.CharField("手机", max_length=20)
    email = models.EmailField("电子邮箱", blank=True)
    username = models.CharField("用户名", max_length=40)
    password = models.CharField("密码摘要", max_length=200)
    code = models.CharField("查询码", max_length=40, unique=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField("理由", max_length=500, blank=True)
    recorded_at = models.DateTimeField("提交时间", default=clock.now, editable=False)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, verbose_name="处理人")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, verbose_name="开通的单位")

    class Meta:
        ordering = ["id"]
        verbose_name = "机构注册"
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=Q(state="waiting"),
                name="one_waiting_sign_up_a_uscc",
                violation_error_message="该机构已提交注册，正在核对中。",
            ),
            models.UniqueConstraint(
                fields=["username"],
                condition=Q(state="waiting"),
                name="one_waiting_sign_up_a_username",
                violation_error_message="这个用户名已被使用，请换一个。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A one-time link by which a supervisor lets a further person into the office; only a digest of it is kept."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="invitations", verbose_name="单位")
    full_name = models.CharField("姓名", max_length=60)
    phone = models.CharField("手机", max_length=20, blank=True)
    may_review = models.BooleanField("可复核", default=False)
    supervisor = models.BooleanField("负责人", default=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="邀请人")
    created_at = models.DateTimeField("邀请时间", default=clock.now, editable=False)
    expires_at = models.DateTimeField("有效至")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    used_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="使用人")
    withdrawn_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "邀请"

    def __str__(self) -> str:
        return f"{self.full_name}（{self.office}）"


class AccountEvent(models.Model):
    """What was done to an account, by whom and why: invited, locked, unlocked, reset, left, handed over. Append-only."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="account_events", verbose_name="用户")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, verbose_name="单位")
    what = models.CharField("事项", max_length=40)
    reason = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经手人")
    at = models.DateTimeField("时间", default=clock.now, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = "账户记录"
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user} {self.what}"
