"""Hospitals and pharmacies, the people in their three posts, their licences and staff (M5, M6, P5).

Rows change inside the one door, or by the import; every field's history is kept by database triggers (pghistory), so a
bulk update leaves its trace too. First and last day of a period both belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper

from institutions import identity, searching
from institutions.names import initials_of
from institutions.tracking import tracked
from institutions.validators import validate_legacy_code, validate_national_code, validate_person_code, validate_uscc
from offices.actors import Actor
from offices.models import Role


class Kind(models.TextChoices):
    HOSPITAL = "hospital", "医疗机构"
    PHARMACY = "pharmacy", "零售药店"


class Category(models.TextChoices):
    """The categories of M5, and the internet hospital of M5.2."""

    GENERAL = "general", "综合医院"
    TCM = "tcm", "中医医院"
    INTEGRATED = "integrated", "中西医结合医院"
    ETHNIC = "ethnic", "民族医医院"
    SPECIALIST = "specialist", "专科医院"
    REHABILITATION = "rehabilitation", "康复医院"
    DISEASE_PREVENTION = "disease_prevention", "专科疾病防治院（所、站）"
    MATERNAL_CHILD = "maternal_child", "妇幼保健院"
    COMMUNITY_CENTRE = "community_centre", "社区卫生服务中心"
    COMMUNITY_STATION = "community_station", "社区卫生服务站"
    TOWNSHIP = "township", "卫生院（中心、乡镇、街道）"
    OUTPATIENT = "outpatient", "门诊部"
    CLINIC = "clinic", "诊所"
    HEALTH_ROOM = "health_room", "卫生所（站）、医务室"
    VILLAGE = "village", "村卫生室（所）"
    EMERGENCY = "emergency", "独立设置的急救中心"
    HOSPICE = "hospice", "安宁疗护中心"
    DIALYSIS = "dialysis", "血液透析中心"
    NURSING = "nursing", "护理院"
    ELDERLY_CARE = "elderly_care", "养老机构内设医疗机构"
    INTERNET = "internet", "互联网医院"


class Ownership(models.TextChoices):
    PUBLIC = "public", "公立"
    PRIVATE = "private", "社会办"
    MILITARY = "military", "军队"


class PostName(models.TextChoices):
    """The three posts of M12.7 and M12.8."""

    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
    PRINCIPAL = "principal", "主要负责人"
    CONTROLLER = "controller", "实际控制人"


class LicenceKind(models.TextChoices):
    PRACTICE_LICENCE = "practice_licence", "医疗机构执业许可证"
    TCM_CLINIC_FILING = "tcm_clinic_filing", "中医诊所备案证"
    MILITARY_PERMIT = "military_permit", "军队医疗机构为民服务许可证"
    DRUG_LICENCE = "drug_licence", "药品经营许可证"
    BUSINESS_LICENCE = "business_licence", "营业执照"


class PractitionerKind(models.TextChoices):
    PHYSICIAN = "physician", "执业医师"
    VILLAGE_DOCTOR = "village_doctor", "乡村医生"
    TCM_SPECIALIST = "tcm_specialist", "中医（专长）医师"
    LICENSED_PHARMACIST = "licensed_pharmacist", "执业药师"
    PHARMACY_TECHNICIAN = "pharmacy_technician", "药学技术人员"


class DaysOf(Func):
    """Two date columns as one range with both ends inside."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, first: str, last: str) -> None:
        super().__init__(F(first), F(last), Value("[]"))


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """City offices and the auditor see people across institutions and districts; everybody else sees them only as post
        holders of an institution that they may see (M3, R16)."""
        return self if actor.whole_city else self.none()


@tracked()
class Person(models.Model):
    """Someone who may hold a post. The identity number is never stored in the clear and never shown unmasked (M35)."""

    name = models.CharField("姓名", max_length=100)
    id_number_ciphertext = models.TextField("证件号码（密文）", blank=True, editable=False)
    id_number_hash = models.CharField("证件号码（键控摘要）", max_length=64, unique=True, null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "人员"
        indexes = [models.Index(fields=["name"], name="person_name")]

    def __str__(self) -> str:
        return self.name

    def set_id_number(self, id_number: str) -> None:
        """Keeps the number's ciphertext and keyed hash on the row, without saving it."""
        self.id_number_ciphertext = identity.encrypt(id_number)
        self.id_number_hash = identity.hash_of(id_number)

    def reveal_id_number(self) -> str:
        """The number in the clear, for a document that must bear it; screens and logs take ``masked_id_number``."""
        return identity.decrypt(self.id_number_ciphertext) if self.id_number_ciphertext else ""

    @property
    def masked_id_number(self) -> str:
        return identity.masked(self.reveal_id_number())

    @classmethod
    def by_id_number(cls, id_number: str) -> Person | None:
        return cls.objects.filter(id_number_hash__in=identity.hashes_of(id_number)).first()

    @classmethod
    def get_or_create_by_id_number(cls, name: str, id_number: str) -> Person:
        """The person with this number, whatever the name given: bans follow the person, not the spelling (M12.7).

        Returns the Person alone, not a pair. Forms and imports check the number first (``identity.resident_number_of``).
        """
        found = cls.by_id_number(id_number)
        if found is not None:
            return found
        person = cls(name=name)
        person.set_id_number(id_number)
        try:
            with transaction.atomic():
                person.save()
        except IntegrityError:
            return cls.objects.get(id_number_hash__in=identity.hashes_of(id_number))
        return person


@tracked()
class Chain(models.Model):
    """The head office of chain pharmacies; its three people can be at fault for a branch (P40(14), R10)."""

    name = models.CharField("名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True, null=True, blank=True, validators=[validate_uscc])
    legal_representative = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="法定代表人")
    principal = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主要负责人")
    controller = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="实际控制人")

    class Meta:
        ordering = ["id"]
        verbose_name = "连锁总部"
        constraints = [models.CheckConstraint(condition=~Q(uscc=""), name="chain_uscc_null_not_empty")]

    def __str__(self) -> str:
        return self.name


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, actor: Actor) -> InstitutionQuerySet:
        """City offices and the auditor see all, a district's offices their own district's, an institution itself (with
        its internet hospitals), everybody else none (M3, R16)."""
        if actor.whole_city:
            return self
        if actor.role in (Role.DISTRICT_BUREAU, Role.DISTRICT_AGENCY) and actor.district:
            return self.filter(district_id=actor.district)
        if actor.role == Role.INSTITUTION and actor.institution_id:
            return self.filter(Q(pk=actor.institution_id) | Q(parent_id=actor.institution_id))
        return self.none()

    def search(self, words: str) -> InstitutionQuerySet:
        """Every word must occur in the name or the pinyin initials, or begin one of the codes."""
        return searching.search(self, words)


@tracked(exclude=["version", "initials"])
class Institution(models.Model):
    """A hospital or a pharmacy, designated or not."""

    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    category = models.CharField("类别", max_length=20, choices=Category.choices, blank=True)
    ownership = models.CharField("所有制", max_length=10, choices=Ownership.choices, blank=True)
    # Null only on an incomplete row of an old list whose district cannot be told.
    district = models.ForeignKey("offices.District", models.PROTECT, null=True, blank=True, db_index=False, verbose_name="所在区")
    name = models.CharField("名称", max_length=200)
    initials = models.CharField("拼音首字母", max_length=200, blank=True, editable=False)
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True, null=True, blank=True, validators=[validate_uscc])
    national_code = models.CharField("国家医保编码", max_length=12, unique=True, null=True, blank=True, validators=[validate_national_code])
    legacy_code = models.CharField("原北京编码", max_length=8, unique=True, null=True, blank=True, validators=[validate_legacy_code])
    address = models.CharField("地址", max_length=300, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    opened_on = models.DateField("正式运营之日", null=True, blank=True)
    beds = models.PositiveIntegerField("床位数", default=0)
    insurance_department = models.BooleanField("设有内部医保管理部门并有专职人员", default=False)
    chain = models.ForeignKey(Chain, models.PROTECT, null=True, blank=True, related_name="branches", verbose_name="连锁总部")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="internet_hospitals", verbose_name="所依托的实体医疗机构"
    )
    bank_account = models.CharField("银行账户", max_length=100, blank=True)
    departments = models.JSONField("诊疗科目", default=list, blank=True)
    grade = models.CharField("等级", max_length=40, blank=True)
    scale = models.CharField("规模", max_length=100, blank=True)
    drug_scope = models.CharField("经营范围", max_length=300, blank=True)
    complete = models.BooleanField("资料齐全", default=False, help_text="已有统一社会信用代码、许可证、地址和所在区，可以申请。")
    legacy_status = models.CharField("原名单注记", max_length=40, blank=True)
    office = models.OneToOneField(
        "offices.Office", models.PROTECT, null=True, blank=True, related_name="institution", verbose_name="本机构的单位"
    )
    version = models.PositiveIntegerField("版本", default=0, editable=False)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "医药机构"
        indexes = [
            models.Index(fields=["district", "name"], name="institution_district_name"),
            models.Index(fields=["kind", "district", "name"], name="institution_kind_district_name"),
            models.Index(fields=["name"], name="institution_name"),
            GinIndex(OpClass(F("name"), name="gin_trgm_ops"), name="institution_name_trigram"),
            GinIndex(OpClass(F("initials"), name="gin_trgm_ops"), name="institution_initials_trigram"),
            models.Index(fields=["district", "kind", "id"], name="institution_district_kind"),
            # With district and kind, so that words within a district are found without looking through all of it.
            GinIndex(searching.Pieces(), F("district"), F("kind"), name="institution_pieces"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(uscc="") & ~Q(national_code="") & ~Q(legacy_code=""), name="institution_codes_null_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(kind="hospital") | Q(category=""),
                name="pharmacy_has_no_category",
                violation_error_message="零售药店不分类别。",
            ),
            models.CheckConstraint(
                condition=Q(category="internet") | Q(parent__isnull=True),
                name="only_internet_hospital_has_parent",
                violation_error_message="只有互联网医院依托另一家医疗机构（M5.2）。",
            ),
            models.CheckConstraint(
                condition=Q(kind="pharmacy") | Q(chain__isnull=True),
                name="only_pharmacy_has_chain",
                violation_error_message="只有零售药店有连锁总部。",
            ),
            models.CheckConstraint(
                condition=Q(complete=False) | (Q(uscc__isnull=False, district__isnull=False) & ~Q(address="")),
                name="complete_institution_has_uscc_address_district",
                violation_error_message="资料齐全的机构须有统一社会信用代码、地址和所在区。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *, update_fields: Iterable[str] | None = None, **options: object) -> None:
        """Keeps the initials in step with the name; bulk writers call ``initials_of`` themselves."""
        self.initials = initials_of(self.name)
        if update_fields is not None and "name" in set(update_fields):
            update_fields = {*update_fields, "initials"}
        super().save(update_fields=update_fields, **options)  # type: ignore[arg-type]

    def institution_ids(self) -> Iterable[int]:
        """Institutions that an act on this one locks."""
        return [self.pk]


@tracked()
class Post(models.Model):
    """Who holds one of the three posts, and when; at most one holder at a time."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="posts", verbose_name="机构")
    post = models.CharField("职务", max_length=20, choices=PostName.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="人员")
    from_on = models.DateField("起始日")
    to_on = models.DateField("最后一日", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="post_ends_after_it_begins",
                violation_error_message="最后一日不能早于起始日。",
            ),
            ExclusionConstraint(
                name="one_holder_of_a_post_at_a_time",
                expressions=[
                    ("institution", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    (DaysOf("from_on", "to_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="同一职务同一天只能有一人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.person}"

    def clean(self) -> None:
        """Said before the database makes a range of the two days: it fails on one that runs backwards."""
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise ValidationError({"to_on": "最后一日不能早于起始日。"})


@tracked()
class Licence(models.Model):
    """A licence, filing or permit with its own number and validity (M5, P5)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="licences", verbose_name="机构")
    kind = models.CharField("证照", max_length=20, choices=LicenceKind.choices)
    number = models.CharField("证号", max_length=60)
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "证照"
        indexes = [models.Index(Upper("number"), name="licence_number")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="licence_ends_after_it_begins",
                violation_error_message="有效期止不能早于有效期起。",
            ),
            models.UniqueConstraint(
                fields=["institution", "kind", "number", "valid_from"],
                name="licence_once",
                violation_error_message="该证照已登记。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


@tracked()
class Practitioner(models.Model):
    """A doctor (M6.2) or pharmacist (P5.2). ``registered_here``: this is the first registered place, or the place of registration."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="practitioners", verbose_name="机构")
    name = models.CharField("姓名", max_length=100)
    kind = models.CharField("资格", max_length=20, choices=PractitionerKind.choices)
    certificate_number = models.CharField("证书编号", max_length=60, blank=True)
    national_code = models.CharField("人员医保编码", max_length=14, blank=True, validators=[validate_person_code])
    registered_here = models.BooleanField("（第一）注册地在本机构", default=False)
    first_registered_on = models.DateField("注册之日", null=True, blank=True)
    contract_from = models.DateField("劳动合同起", null=True, blank=True)
    contract_to = models.DateField("劳动合同止", null=True, blank=True)
    ended_on = models.DateField("在本机构的最后一日", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "执业人员"
        constraints = [
            models.CheckConstraint(
                condition=Q(contract_to__isnull=True) | Q(contract_to__gte=F("contract_from")),
                name="practitioner_contract_ends_after_it_begins",
                violation_error_message="合同止不能早于合同起。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Manager(models.Model):
    """Someone who looks after insurance matters (M6.3, P5.3)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="managers", verbose_name="机构")
    name = models.CharField("姓名", max_length=100)
    full_time = models.BooleanField("专职", default=False)
    contract_from = models.DateField("劳动合同起", null=True, blank=True)
    contract_to = models.DateField("劳动合同止", null=True, blank=True)
    ended_on = models.DateField("在本机构的最后一日", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "医保管理人员"
        constraints = [
            models.CheckConstraint(
                condition=Q(contract_to__isnull=True) | Q(contract_to__gte=F("contract_from")),
                name="manager_contract_ends_after_it_begins",
                violation_error_message="合同止不能早于合同起。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
