"""What Beijing's old eight-digit codes and the names of their time tell: district, category, ownership. Pure.

Digits 1–2 are a district of then, 3–5 a kind, 6–8 a serial number. All of it is a hint for a record that somebody will
complete; what cannot be told is said instead of guessed.
"""

import re
from dataclasses import dataclass

from institutions.names import tidy_name
from institutions.places import DISTRICTS

CANCELLED = "已取消定点"
_OLD_DISTRICTS = {
    "01": "东城",
    "02": "西城",
    "03": "东城",
    "04": "西城",
    "05": "朝阳",
    "06": "丰台",
    "07": "石景山",
    "08": "海淀",
    "09": "门头沟",
    "11": "房山",
    "12": "通州",
    "23": "通州",
    "13": "顺义",
    "22": "顺义",
    "14": "昌平",
    "21": "昌平",
    "24": "大兴",
    "26": "平谷",
    "27": "怀柔",
    "28": "密云",
    "29": "延庆",
}
_MERGED_NOTES = {"03": "原崇文区，已并入东城区", "04": "原宣武区，已并入西城区"}
_KINDS = {
    "110": "general",
    "111": "general",
    "120": "township",
    "130": "outpatient",
    "131": "outpatient",
    "140": "clinic",
    "141": "clinic",
    "151": "tcm",
    "152": "maternal_child",
    "153": "specialist",
    "154": "specialist",
    "155": "specialist",
    "159": "specialist",
    "161": "community_centre",
    "162": "community_station",
}
# The first that fits decides; a name says more than the old kind, for many a work hospital has become a community centre.
_BY_NAME = (
    ("elderly_care", r"(老年公寓|敬老院|养老|福利院|福利中心).*(医务室|卫生所|卫生室)|社会福利院$|养老院$"),
    ("community_station", r"社区卫生服务站"),
    ("community_centre", r"社区卫生服务中心"),
    ("village", r"村卫生[室所]"),
    ("township", r"卫生院"),
    ("outpatient", r"门诊部"),
    ("clinic", r"诊所"),
    ("health_room", r"医务[室所]|卫生[所站室]"),
    ("maternal_child", r"妇幼保健"),
    ("emergency", r"急救|医疗救援|医学救援|急诊抢救"),
    ("disease_prevention", r"防治[所院站]|防治中心|预防控制中心"),
    ("nursing", r"护理院"),
    ("hospice", r"安宁疗护"),
    ("dialysis", r"血液透析中心"),
    ("rehabilitation", r"康复医院"),
    ("integrated", r"中西医结合"),
    ("ethnic", r"[蒙藏回]医医?院|民族医医院"),
    ("tcm", r"中医医院|中医院"),
    ("specialist", r"(肿瘤|口腔|眼科|骨科|骨伤|皮肤病|脑科|儿童|妇产|胸科|精神病|传染病|肛肠|整形).*医院"),
)
_MILITARY = re.compile(r"中国人民解放军|人民武装警察|武警|军区")
_RENAMED = re.compile(r"崇文区|宣武区|密云县|延庆县")
_CANCELLED = re.compile(rf"（?{CANCELLED}）?$")


@dataclass(frozen=True)
class Hints:
    """``district``, ``category`` and ``ownership`` are empty where neither code nor name tells."""

    name: str
    district: str
    category: str
    ownership: str
    legacy_status: str
    notes: tuple[str, ...]


def _main_name(name: str) -> str:
    """Without what stands in brackets: a second name, or an addition."""
    return re.sub(r"（[^）]*）", "", name)


def category_of(name: str, kind: str = "") -> str:
    """By the main name first, then by the three digits of the old code; empty where neither says.

    A home for the elderly may be named in the brackets only, so that is looked for in the whole name.
    """
    main = _main_name(name)
    for category, pattern in _BY_NAME:
        if re.search(pattern, name if category == "elderly_care" else main):
            return category
    if kind in _KINDS:
        return _KINDS[kind]
    return "general" if not kind and main.endswith("医院") else ""


def balanced(name: str) -> tuple[str, str]:
    """The name with its brackets closed, and a note where that took a change or was not possible."""
    opened, closed = name.count("（"), name.count("）")
    if opened == closed:
        return name, ""
    if opened == closed + 1:
        return f"{name}）", "名称的括号缺右半，已补上"
    return name, "名称的括号不成对，未改"


def read(code: str, written: str) -> Hints:
    """A row of an old list: eight digits and the name as written."""
    notes = []
    name = tidy_name(written)
    cancelled = bool(_CANCELLED.search(name))
    if cancelled:
        name = _CANCELLED.sub("", name)
        notes.append("原名单注明已取消定点")
    name, bracket_note = balanced(name)
    if re.search(r"[()]", written) and re.search(r"[（）]", written):
        notes.append("名称的括号全角半角混用，已统一")
    notes += [bracket_note] if bracket_note else []

    place = _OLD_DISTRICTS.get(code[:2])
    if code[:2] in _MERGED_NOTES:
        notes.append(_MERGED_NOTES[code[:2]])
    if _RENAMED.search(name):
        notes.append("名称中的区县已合并或改名，请核对名称")
    category = category_of(name, code[2:5])
    if code[2:5] not in _KINDS:
        notes.append("原编码的类别不明，按名称推断" if category else "原编码的类别不明，待核定")
    military = bool(_MILITARY.search(name))
    if military:
        notes.append("军队医疗机构多已更名，请核对名称")
    return Hints(
        name=name,
        district=DISTRICTS[place] if place else "",
        category=category,
        ownership="military" if military else "",
        legacy_status=CANCELLED if cancelled else "",
        notes=tuple(notes),
    )
