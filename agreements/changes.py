"""Which data of an institution change how (M40): major ones by the city, the others by the district.

The lists of the Measures are fixed here; the city bureau extends them by a dated setting (M40.1).
"""

from __future__ import annotations

from datetime import date

from offices import settings

POSTS = {"legal_representative": "法定代表人", "principal": "主要负责人", "controller": "实际控制人"}
HOSPITAL_MAJOR = {
    "name": "名称", **POSTS, "address": "地址", "bank_account": "银行账户", "departments": "诊疗科目", "scale": "规模",
    "ownership": "所有制", "grade": "等级", "category": "类别",
}  # fmt: skip
PHARMACY_MAJOR = {"name": "名称", **POSTS, "address": "注册地址", "drug_scope": "经营范围"}
GENERAL = {"phone": "电话"}
MAJOR = {"hospital": HOSPITAL_MAJOR, "pharmacy": PHARMACY_MAJOR}


def fields_of(kind: str) -> dict[str, str]:
    """Every field of a kind of institution that can be changed under its agreement, with its title."""
    more = {"bank_account": "银行账户"} if kind == "pharmacy" else {"beds": "编制床位数"}
    return {**MAJOR[kind], **GENERAL, **more}


def is_major(kind: str, field: str, day: date) -> bool:
    """Whether a change reported on this day goes to the city agency, after the authority's approval."""
    return field in MAJOR[kind] or field in settings.value(f"{kind}_major_more", day)
