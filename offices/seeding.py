"""The offices that every site has: the city's, each district's, and made-up evaluators for demonstration and tests.

Idempotent: what is already there is left as people changed it.
"""

from offices.models import District, Office, Role

# Code, full name and the short form used in the names of its offices.
DISTRICTS = (
    ("110101", "东城区", "东城"),
    ("110102", "西城区", "西城"),
    ("110105", "朝阳区", "朝阳"),
    ("110106", "丰台区", "丰台"),
    ("110107", "石景山区", "石景山"),
    ("110108", "海淀区", "海淀"),
    ("110109", "门头沟区", "门头沟"),
    ("110111", "房山区", "房山"),
    ("110112", "通州区", "通州"),
    ("110113", "顺义区", "顺义"),
    ("110114", "昌平区", "昌平"),
    ("110115", "大兴区", "大兴"),
    ("110116", "怀柔区", "怀柔"),
    ("110117", "平谷区", "平谷"),
    ("110118", "密云区", "密云"),
    ("110119", "延庆区", "延庆"),
    ("bda", "北京经济技术开发区", "经开"),
)
# Role, name, short name for document numbers.
CITY_OFFICES = (
    (Role.CITY_BUREAU, "北京市医疗保障局", "京医保"),
    (Role.CITY_AGENCY, "北京市医疗保险事务管理中心", "京医保中心"),
    (Role.THIRD_PARTY, "京衡医药评估中心（示例）", "京衡评"),
    (Role.THIRD_PARTY, "首诚健康评估事务所（示例）", "首诚评"),
    (Role.AUDITOR, "医保基金审计组", ""),
    (Role.ADMINISTRATOR, "平台管理办公室", ""),
)


def seed_districts() -> None:
    """The sixteen districts and 经开区, in the order of their codes."""
    for order, (code, name, _) in enumerate(DISTRICTS, start=1):
        District.objects.get_or_create(code=code, defaults={"name": name, "order": order})


def seed_offices() -> None:
    """Districts, each with bureau and agency, and the offices of the whole city."""
    seed_districts()
    for role, name, short_name in CITY_OFFICES:
        # A site has one of each; only evaluators are told apart by name.
        same = {"role": role, "name": name} if role == Role.THIRD_PARTY else {"role": role}
        if not Office.objects.filter(**same).exists():
            Office.objects.create(role=role, name=name, short_name=short_name, phone="010-00000000", address="北京市（示例地址）")
    for code, name, short in DISTRICTS:
        prefix = name if code == "bda" else f"北京市{name}"
        for role, title, mark in (
            (Role.DISTRICT_BUREAU, "医疗保障局", "医保"),
            (Role.DISTRICT_AGENCY, "医疗保险事务管理中心", "医保中心"),
        ):
            if not Office.objects.filter(role=role, district_id=code).exists():
                Office.objects.create(
                    role=role,
                    district_id=code,
                    name=prefix + title,
                    short_name=f"京{short}{mark}",
                    phone="010-00000000",
                    address=f"{prefix}（示例地址）",
                )
