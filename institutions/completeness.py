"""Whether an institution's record is complete enough to apply with: uscc, licence, address, district."""

from institutions.models import Institution, LicenceKind

_SAID = {"uscc": "统一社会信用代码", "licence": "许可证或备案证", "address": "地址", "district": "所在区"}


def missing(institution: Institution) -> list[str]:
    """What is still lacking, by field name. One query."""
    lacking = [field for field in ("uscc", "address", "district_id") if not getattr(institution, field)]
    fields = [field.removesuffix("_id") for field in lacking]
    # A business licence says that a shop exists, not that it may sell drugs.
    if not institution.licences.exclude(kind=LicenceKind.BUSINESS_LICENCE).exists():
        fields.append("licence")
    return fields


def missing_sentence(institution: Institution) -> str:
    """For a screen; empty when nothing is lacking."""
    fields = missing(institution)
    return f"资料不齐：缺{'、'.join(_SAID[field] for field in fields)}。" if fields else ""


def refresh(institution: Institution) -> None:
    """Brings the stored mark into step; every act and import that fills in a record calls it."""
    complete = not missing(institution)
    if complete != institution.complete:
        institution.complete = complete
        institution.save(update_fields=["complete"])
