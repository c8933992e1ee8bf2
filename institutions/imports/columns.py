"""The columns a list may have, under their Chinese and English names."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("名称", "机构名称", "机构全称", "医疗机构名称", "药店名称", "单位名称", "医院名称"),
    "kind": ("类型", "机构类型", "机构种类"),
    "category": ("类别", "机构类别", "医疗机构类别"),
    "ownership": ("所有制", "所有制形式"),
    "district": ("区", "所在区", "所属区", "区县", "所属区县", "行政区"),
    "uscc": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "national_code": ("国家医保编码", "国家医保代码", "国家编码", "医保编码"),
    "legacy_code": ("原北京编码", "北京编码", "原编码", "医院编码", "机构编码"),
    "address": ("地址", "机构地址", "注册地址", "详细地址", "执业地址", "经营地址"),
    "phone": ("电话", "联系电话", "机构电话"),
    "opened_on": ("正式运营之日", "正式运营日期", "开业日期", "开业时间"),
    "beds": ("床位数", "床位", "编制床位"),
    "insurance_department": ("医保管理部门", "设有医保管理部门"),
    "bank_account": ("银行账户", "银行账号"),
    "departments": ("诊疗科目", "科室"),
    "grade": ("等级", "医院等级", "机构等级"),
    "scale": ("规模",),
    "drug_scope": ("经营范围",),
    "licence_kind": ("证照类型", "许可证类型"),
    "licence_number": ("许可证号", "执业许可证号", "医疗机构执业许可证号", "药品经营许可证号", "备案证号", "登记号"),
    "licence_valid_from": ("许可证有效期起", "有效期起", "发证日期"),
    "licence_valid_to": ("许可证有效期止", "有效期止", "有效期至"),
    "legal_representative": ("法定代表人", "法人代表"),
    "legal_representative_id_number": ("法定代表人证件号码", "法定代表人身份证号", "法定代表人身份证号码"),
    "principal": ("主要负责人", "企业负责人", "负责人"),
    "principal_id_number": ("主要负责人证件号码", "主要负责人身份证号", "主要负责人身份证号码", "企业负责人身份证号"),
    "controller": ("实际控制人",),
    "controller_id_number": ("实际控制人证件号码", "实际控制人身份证号", "实际控制人身份证号码"),
    "parent_uscc": ("所依托机构统一社会信用代码", "实体医疗机构统一社会信用代码", "所依托的实体医疗机构", "依托机构信用代码"),
    "chain_name": ("连锁总部", "连锁企业", "所属连锁"),
    "chain_uscc": ("连锁总部统一社会信用代码", "连锁总部信用代码"),
}
HEADERLESS = ("legacy_code", "name")  # Beijing's old list: eight digits and a name


def plain(header: str) -> str:
    """A heading as it is compared: no blanks, no asterisk, nothing in brackets, small letters."""
    text = unicodedata.normalize("NFKC", header).lower()
    return re.sub(r"\(.*?\)|[\s*:_]", "", text)


def looks_headerless(first: Sequence[str]) -> bool:
    return len(first) == 2 and re.fullmatch(r"\d{8}", first[0]) is not None


@dataclass(frozen=True)
class Columns:
    """The headings of one sort of list: field → its names; of each group in ``needed`` one field must be there, or ``missing`` is said.

    ``headerless``: the fields of a file whose first row ``looks_headerless``; none: such a file has no heading we know.
    """

    names: Mapping[str, Sequence[str]]
    needed: Sequence[Sequence[str]]
    missing: str
    headerless: Sequence[str] = ()

    @cached_property
    def _fields(self) -> dict[str, str]:
        return {plain(name): field for field, names in self.names.items() for name in (field, *names)}

    def of_header(self, header: Sequence[str]) -> tuple[list[str], list[str]]:
        """The field under each heading, empty where none is known; and the headings nobody knows."""
        fields = [self._fields.get(plain(text), "") for text in header]
        if not all(set(group) & set(fields) for group in self.needed):
            raise ValueError(self.missing)
        twice = {field for field in fields if field and fields.count(field) > 1}
        if twice:
            raise ValueError(f"表头重复：{'、'.join(self.names[field][0] for field in sorted(twice))}。")
        return fields, [text for text, field in zip(header, fields, strict=True) if text and not field]


INSTITUTIONS = Columns(
    COLUMNS,
    [("name",)],
    "没有认出表头：第一行要有“机构名称”（name）一栏，或者整个文件是“8 位原编码、名称”两栏。",
    HEADERLESS,
)
