"""Issued documents: number, frozen data, digest; the PDF is added once. Nothing issued is ever changed or deleted."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.core.files.storage import FileSystemStorage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from deadlines import clock
from documents.codes import readable_code

FROZEN = [
    "catalogue",
    "variant",
    "number",
    "title",
    "issuer",
    "year",
    "serial",
    "recipient",
    "district",
    "case_label",
    "case_id",
    "act_id",
    "data",
    "template_version",
    "digest",
    "code",
    "issued_at",
    "issued_on",
    "supersedes",
    "handler",
    "reviewer",
]
WRITTEN_ONCE = ["pdf", "pdf_digest", "rendered_at", "fonts"]
VOIDING = ["voided_at", "void_reason"]


def once_set(mark: str, columns: list[str]) -> pgtrigger.Condition:
    """A change of any of these columns after ``mark`` was set."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Condition(f"OLD.{mark} IS NOT NULL AND ({old}) IS DISTINCT FROM ({new})")


def pdf_store() -> FileSystemStorage:
    """Where PDFs lie: under MEDIA_ROOT, handed out by permission only. A file left by a rendering that was rolled back is written over."""
    return FileSystemStorage(allow_overwrite=True)


class Counter(models.Model):
    """The last serial number given by one issuer for one kind of document in one year; gapless, for a rollback gives it back."""

    issuer = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    catalogue = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["issuer_id", "catalogue", "year"]
        verbose_name = "文号计数"
        constraints = [models.UniqueConstraint(fields=["issuer", "catalogue", "year"], name="one_counter_per_issuer_kind_year")]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="forward",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__last__lte=pgtrigger.F("old__last")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id}/{self.catalogue}/{self.year}: {self.last}"


class Document(models.Model):
    """One document of the catalogue (documents.md), as issued.

    ``data`` is all that a rendering needs: what the act gave, and what issuing adds (issuer, bodies of remedy, address of
    verification). ``district`` is the code of the district whose case it is; empty for the whole city.
    """

    catalogue = models.PositiveSmallIntegerField("文书种类")
    variant = models.CharField("文书细类", max_length=30, blank=True)
    number = models.CharField("文号", max_length=60, unique=True)
    title = models.CharField("标题", max_length=200)
    issuer = models.ForeignKey("offices.Office", models.PROTECT, related_name="+", verbose_name="发文机关")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    recipient = models.CharField("主送", max_length=300, blank=True)
    district = models.CharField("所在区代码", max_length=6, blank=True)
    case_label = models.CharField(max_length=40, blank=True)
    case_id = models.BigIntegerField(null=True)
    act_id = models.BigIntegerField(null=True)
    data = models.JSONField(encoder=DjangoJSONEncoder)
    template_version = models.CharField("模板版本", max_length=20)
    digest = models.CharField("内容摘要", max_length=64)
    code = models.CharField("核验码", max_length=12, unique=True)
    issued_at = models.DateTimeField("制发时间")
    issued_on = models.DateField("成文日期")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="superseded_by", verbose_name="代替")
    handler = models.CharField("经办人", max_length=80, blank=True)
    reviewer = models.CharField("复核人", max_length=80, blank=True)

    pdf = models.FileField("PDF", storage=pdf_store, blank=True)
    pdf_digest = models.CharField("PDF 摘要", max_length=64, blank=True)
    rendered_at = models.DateTimeField("生成时间", null=True)
    fonts = models.JSONField("字体替代情况", null=True)

    voided_at = models.DateTimeField("作废时间", null=True)
    void_reason = models.CharField("作废原因", max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "文书"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "catalogue", "year", "serial"], name="one_document_per_serial"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="void_document_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(rendered_at__isnull=True, pdf="", pdf_digest="")
                | (Q(rendered_at__isnull=False) & ~Q(pdf="") & ~Q(pdf_digest="")),
                name="rendered_document_has_file",
            ),
            models.CheckConstraint(condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")), name="document_does_not_replace_itself"),
        ]
        indexes = [
            models.Index(fields=["case_label", "case_id", "id"], name="document_case"),
            models.Index(fields=["district", "-id"], name="document_district"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="frozen", fields=FROZEN),
            pgtrigger.Protect(
                name="rendered_once",
                operation=pgtrigger.Update,
                condition=once_set("rendered_at", WRITTEN_ONCE),
            ),
            pgtrigger.Protect(
                name="void_stays_void",
                operation=pgtrigger.Update,
                condition=once_set("voided_at", VOIDING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def withdraws(self) -> bool:
        """Whether it takes back a paper that went out, putting nothing in its place."""
        return self.supersedes_id is not None and bool(self.data.get("annulled"))

    @property
    def takes_out(self) -> bool:
        """Whether it takes single rows off a list that went out and that stands for the others."""
        return self.supersedes_id is not None and bool(self.data.get("taken_out"))

    @property
    def institution_name(self) -> str:
        """Full name of the one institution it is about; empty for a batch."""
        named: dict[str, Any] = self.data.get("institution") or {}
        return str(named.get("name", ""))

    @property
    def institution_id(self) -> int | None:
        """The one institution it is about; None for a batch."""
        about = list(self.subjects.values_list("institution_id", flat=True)[:2])
        return about[0] if len(about) == 1 else None

    @property
    def readable_code(self) -> str:
        """The verification code as printed, in groups of four."""
        return readable_code(self.code)


class DocumentSubject(models.Model):
    """An institution that a document is about (institutions stand on a floor above, so the id only)."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="subjects")
    institution_id = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        verbose_name = "文书所涉机构"
        constraints = [models.UniqueConstraint(fields=["document", "institution_id"], name="institution_once_per_document")]
        indexes = [models.Index(fields=["institution_id", "-document"], name="document_subject_institution")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.institution_id}"


class ProofOfService(models.Model):
    """How and when documents reached their addressee (送达回证). A clock "from service" starts on ``served_on``.

    A mistake (wrong address, wrong day) is voided with a reason and recorded anew, never changed.
    """

    class Method(models.TextChoices):
        ONLINE = "online", "电子送达"
        IN_PERSON = "in_person", "直接送达"
        POST = "post", "邮寄送达"
        LEFT = "left", "留置送达"
        ANNOUNCEMENT = "announcement", "公告送达"

    documents = models.ManyToManyField(Document, related_name="proofs", through="ServedDocument", verbose_name="送达文书")
    method = models.CharField("送达方式", max_length=12, choices=Method.choices)
    delivered_on = models.DateField("送达、签收或公告之日")
    delivered_time = models.TimeField("时间", null=True)
    served_on = models.DateField("视为送达之日")
    served_by = models.CharField("送达人", max_length=120)
    addressee = models.CharField("受送达人", max_length=200)
    place = models.CharField("送达地点", max_length=200, blank=True)
    recipient = models.CharField("签收人", max_length=80, blank=True)
    relation = models.CharField("与受送达人关系", max_length=60, blank=True)
    witness = models.CharField("见证人", max_length=120, blank=True)
    reason = models.CharField("拒收或代收事由", max_length=300, blank=True)
    remark = models.CharField("备注", max_length=300, blank=True)
    receipt = models.CharField("邮件号或公告载体", max_length=120, blank=True)
    evidence = models.FileField("证明材料", upload_to="service/%Y/%m", blank=True)
    evidence_digest = models.CharField("证明材料摘要", max_length=64, blank=True)
    consent = models.CharField("电子送达确认书", max_length=200, blank=True)
    act_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField("作废原因", max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "送达记录"
        constraints = [
            models.CheckConstraint(condition=Q(served_on__gte=F("delivered_on")), name="served_after_delivery"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="void_proof_has_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="proof_stands", exclude=["voided_at", "void_reason"]),
            pgtrigger.Protect(
                name="void_stays_void",
                operation=pgtrigger.Update,
                condition=once_set("voided_at", VOIDING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.served_on}"


class ServedDocument(models.Model):
    """One document on one proof of service."""

    proof = models.ForeignKey(ProofOfService, models.PROTECT, related_name="served")
    document = models.ForeignKey(Document, models.PROTECT, related_name="served")

    class Meta:
        ordering = ["id"]
        verbose_name = "送达的文书"
        constraints = [models.UniqueConstraint(fields=["proof", "document"], name="document_once_per_proof")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.proof_id}: {self.document_id}"
