"""The working-day table, the deadline rows, and what the timers have done. Nothing here is ever deleted."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from deadlines import registry
from deadlines.periods import Computed


class CalendarDay(models.Model):
    """What was stated about one day, and by whom (R1). Append-only: a person's last overruling counts, else the last statement."""

    class Source(models.TextChoices):
        LIBRARY = "library", "节假日数据库"
        IMPORT = "import", "导入"
        OVERRIDE = "override", "人工改定"

    day = models.DateField("日期")
    working = models.BooleanField("是否工作日")
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    by_id = models.BigIntegerField("改定人编号", null=True, blank=True)
    by_name = models.CharField("改定人", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "工作日记录"
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["day", "id"], name="calendar_day_history")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source="override") | (~Q(reason="") & ~Q(by_name="")),
                name="calendar_override_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {'工作日' if self.working else '非工作日'}（{self.get_source_display()}）"


class PublishedYear(models.Model):
    """A year whose arrangement by the State Council is known; days of any other year are provisional (R1)."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    source = models.CharField("来源", max_length=10, choices=CalendarDay.Source.choices)
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "已公布放假安排的年度"
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarEdition(models.Model):
    """One row: the token changes with every change of the calendar, so that each process sees at once that its copy is old."""

    token = models.UUIDField("版本")
    recomputed = models.UUIDField("时限已按此版本重算", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历版本"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="calendar_edition_one_row")]

    def __str__(self) -> str:
        return str(self.token)


class AnnouncedManager(models.Manager["Deadline"]):
    """The rows that people and programs are shown; what only wakes the timer is not among them."""

    def get_queryset(self) -> models.QuerySet[Deadline]:
        internal = registry.kinds.keys() - registry.announced().keys()
        return super().get_queryset().exclude(kind__in=internal)


class Deadline(models.Model):
    """One announced date of a case: a projection of its facts (deadlines.sync), plus what the timer has done about it."""

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        MET = "met", "已完成"
        MISSED = "missed", "已逾期"
        CANCELLED = "cancelled", "已取消"
        PAUSED = "paused", "停钟"

    class Nature(models.TextChoices):
        DUTY = "duty", "办理时限"
        PERIOD = "period", "期间"

    kind = models.CharField("种类", max_length=40)
    case_label = models.CharField("事项类别", max_length=40)
    case_id = models.BigIntegerField("事项编号")
    key = models.CharField("序号", max_length=80, blank=True)
    institution_id = models.BigIntegerField("机构编号", db_index=True)
    district = models.CharField("区", max_length=6)
    nature = models.CharField("性质", max_length=6, choices=Nature.choices)
    state = models.CharField("状态", max_length=9, choices=State.choices)
    starts_on = models.DateField("起算日", null=True, blank=True)
    due_on = models.DateField("截止日", null=True, blank=True)
    last_due_on = models.DateField("最近一次的截止日", null=True, blank=True, help_text="停钟期间保留停钟前的截止日")
    clause = models.CharField("依据", max_length=40)
    steps = ArrayField(models.TextField(), verbose_name="计算过程", default=list, blank=True)
    provisional = models.BooleanField("暂定", default=False)
    responsible = models.CharField("责任单位", max_length=40)

    wake_at = models.DateTimeField("下次处理时间", null=True, blank=True)
    warned = ArrayField(models.SmallIntegerField(), verbose_name="已提醒", default=list, blank=True)
    escalated_at = models.DateTimeField("督办时间", null=True, blank=True)
    fired_at = models.DateTimeField("到期处理时间", null=True, blank=True)
    attempts = models.PositiveIntegerField("失败次数", default=0)
    last_error = models.TextField("最近一次错误", blank=True)

    objects = models.Manager["Deadline"]()
    announced = AnnouncedManager()

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case_label", "case_id", "kind", "key"], name="deadline_once_per_case"),
            models.CheckConstraint(
                condition=Q(state="cancelled") | (Q(state="paused") & Q(due_on=None)) | (~Q(state="paused") & ~Q(due_on=None)),
                name="deadline_paused_has_no_due_date",
            ),
            models.CheckConstraint(condition=~Q(nature="period", state="missed"), name="deadline_period_is_never_missed"),
        ]
        indexes = [
            models.Index(fields=["wake_at", "id"], condition=~Q(wake_at=None), name="deadline_waking"),
            models.Index(fields=["district", "state", "due_on"], name="deadline_by_district"),
            models.Index(fields=["state", "due_on"], name="deadline_by_state"),
            # The calendar of an office, of a district's office, and of everybody: a day's rows are counted from the index alone.
            models.Index(
                fields=["responsible", "due_on", "id"], include=["kind"], condition=~Q(state="cancelled"), name="deadline_of_office"
            ),
            models.Index(
                fields=["responsible", "district", "due_on", "id"],
                include=["kind"],
                condition=~Q(state="cancelled"),
                name="deadline_of_district_office",
            ),
            models.Index(
                fields=["district", "due_on", "id"], include=["kind"], condition=~Q(state="cancelled"), name="deadline_of_district"
            ),
            models.Index(fields=["due_on", "id"], include=["kind"], condition=~Q(state="cancelled"), name="deadline_of_day"),
            models.Index(fields=["kind", "responsible", "due_on", "id"], condition=Q(state__in=["open", "missed"]), name="deadline_undone"),
            models.Index(
                fields=["district", "due_on", "id"],
                condition=Q(kind="rectification", state__in=["open", "missed"]),
                name="deadline_undone_district",
            ),
            models.Index(fields=["id"], condition=Q(attempts__gt=0), name="deadline_failing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_label} {self.case_id} {self.due_on or '停钟'}"

    @property
    def computed(self) -> Computed | None:
        """The due date with its explanation; None while the clock stands still (R2)."""
        return Computed(self.due_on, self.clause, tuple(self.steps), self.provisional) if self.due_on else None

    def days_left(self, today: date) -> int | None:
        """Calendar days through the due day: 0 on the due day itself, negative after it; None while paused."""
        return (self.due_on - today).days if self.due_on else None


class Firing(models.Model):
    """The timer acted on this due date of this row: at most once, and the database says so."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="firings", verbose_name="时限")
    due_on = models.DateField("截止日")
    fired_at = models.DateTimeField("处理时间")

    class Meta:
        verbose_name = verbose_name_plural = "到期处理记录"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["deadline", "due_on"], name="firing_once_per_due_date")]
        indexes = [models.Index(fields=["fired_at"], name="firing_at")]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.due_on}"


class Reminder(models.Model):
    """A warning before a due date, or the escalation after a missed duty, addressed to an office role of the case's district."""

    ESCALATION = "overdue"

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="reminders", verbose_name="时限")
    due_on = models.DateField("截止日")
    mark = models.CharField("提醒档", max_length=8, help_text="提前天数；overdue 为逾期督办")
    role = models.CharField("接收角色", max_length=40)
    district = models.CharField("区", max_length=6)
    institution_id = models.BigIntegerField("机构编号")
    days_left = models.IntegerField("剩余天数")
    text = models.TextField("内容")
    created_at = models.DateTimeField("发出时间")

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["deadline", "due_on", "mark", "role"], name="reminder_once_per_mark")]
        indexes = [
            models.Index(fields=["role", "district", "created_at"], name="reminder_to_office"),
            models.Index(fields=["institution_id", "created_at"], name="reminder_to_institution"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_escalation(self) -> bool:
        return self.mark == self.ESCALATION


class EffectSwitch(models.Model):
    """Automatic effects of one kind are off in one district, from `off_since` until `on_since` (craft rule 10). Warnings go on."""

    district = models.CharField("区", max_length=6)
    kind = models.CharField("种类", max_length=40)
    off_since = models.DateTimeField("停用时间")
    off_by_id = models.BigIntegerField("停用人编号", null=True, blank=True)
    off_by_name = models.CharField("停用人", max_length=60)
    reason = models.CharField("停用理由", max_length=500)
    on_since = models.DateTimeField("恢复时间", null=True, blank=True)
    on_by_id = models.BigIntegerField("恢复人编号", null=True, blank=True)
    on_by_name = models.CharField("恢复人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "自动处理开关"
        ordering = ["-off_since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "kind"], condition=Q(on_since=None), name="effect_switch_one_open"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(off_by_name=""), name="effect_switch_says_who_and_why"),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.kind}"
