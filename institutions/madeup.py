"""Made-up people, chains and institutions: distinct, valid, and meeting every condition for applying (M5–M6, P5).

Replay fills in what a written case leaves out, demonstration data and tests are made of nothing else. No database here:
``fill`` gives plain data in the words of a written case, ``institutions.building`` writes it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import count
from math import prod
from typing import Any

from stdnum.cn import ric
from stdnum.cn import uscc as stdnum_uscc

from institutions.codes import USCC_ALPHABET

FROM, TO = date(2010, 1, 1), date(2049, 12, 31)
POSTS = ("legal_representative", "principal", "controller")

_SURNAMES = (
    "安白蔡曹陈程邓丁董杜范方冯高葛龚顾郭韩何贺洪侯胡黄江姜蒋金康孔赖雷黎李梁廖林刘卢陆罗吕马毛孟潘彭钱秦"
    "邱任邵沈石史宋苏孙谭汤唐陶田万汪王魏温吴武夏肖谢徐许薛严杨姚叶易余袁曾张赵郑钟周朱邹"
)
_FIRST = "嘉明志文晓春建国海永思雨佳欣子浩天宇俊立新学德正安瑞"
_SECOND = "华强军平辉芳敏静丽艳娟霞婷雪梅琳玲洁慧颖峰磊斌鹏超"
_HOUSE_FIRST = "安康和泰仁济惠民同春永宁德善嘉禾清源广益福盛景明"
_HOUSE_SECOND = "和宁康泰安济源仁善慧诚华清正达瑞祥恒远隆昌兴旺顺"
_NEIGHBOURHOODS = (
    "翠屏",
    "柳荫",
    "松涛",
    "云溪",
    "望山",
    "听泉",
    "杏园",
    "竹里",
    "荷塘",
    "梅岭",
    "枫桥",
    "兰亭",
    "石泉",
    "青石",
    "白鹭",
    "银杏",
    "槐荫",
    "晨光",
)
_SUFFIXES = {
    "general": "医院",
    "tcm": "中医医院",
    "integrated": "中西医结合医院",
    "ethnic": "民族医医院",
    "specialist": "专科医院",
    "rehabilitation": "康复医院",
    "disease_prevention": "皮肤病防治所",
    "maternal_child": "妇幼保健院",
    "community_centre": "社区卫生服务中心",
    "community_station": "社区卫生服务站",
    "township": "乡镇卫生院",
    "outpatient": "门诊部",
    "clinic": "诊所",
    "health_room": "医务室",
    "village": "村卫生室",
    "emergency": "急救中心",
    "hospice": "安宁疗护中心",
    "dialysis": "血液透析中心",
    "nursing": "护理院",
    "elderly_care": "养老院医务室",
    "internet": "互联网医院",
}
_BEDS = {
    "general": 60,
    "tcm": 60,
    "integrated": 60,
    "ethnic": 40,
    "specialist": 50,
    "rehabilitation": 60,
    "maternal_child": 40,
    "township": 20,
    "community_centre": 20,
    "hospice": 30,
    "nursing": 60,
}
_WITH_BEDS_SCALE = "二级规模"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class UnknownField(ValueError):
    """A word that people, chains or institutions do not have."""


def id_number(serial: int) -> str:
    """A resident number that holds up to every check; another one for every serial up to 14 million."""
    born = date(1955, 1, 1) + timedelta(days=serial * 7919 % 14_000)
    body = f"110101{born:%Y%m%d}{serial // 14_000 + 1:03d}"
    return body + ric.calc_check_digit(body + "0")


def uscc(serial: int, place: str = "110105", leading: str = "91") -> str:
    """A unified social credit code with both check digits right, the organisation's own and the last one."""
    body, rest = "", serial
    for _ in range(6):
        rest, place_value = divmod(rest, 31)
        body = USCC_ALPHABET[place_value] + body
    organisation = "MA" + body
    values = [int(sign, 36) for sign in organisation]
    check = (11 - sum(weight * value for weight, value in zip(_ORG_WEIGHTS, values, strict=True)) % 11) % 11
    code = leading + place + organisation + ("X" if check == 10 else str(check))
    return code + stdnum_uscc.calc_check_digit(code)


def _pick(serial: int, *sets: Sequence[str]) -> str:
    """One sign from each set, scattered over all combinations; a number follows when those are used up."""
    again, place = divmod(serial, prod(map(len, sets)))
    place = place * 7919 % prod(map(len, sets))
    text = ""
    for signs in sets:
        place, index = divmod(place, len(signs))
        text += signs[index]
    return f"{text}{again + 1}" if again else text


class MadeUp:
    """Fills in what is left out. What was given, or ``reserve``d, is never made up a second time.

    Good for 100,000 institutions of a district and kind: the national code has five digits for them.
    """

    def __init__(self, start: int = 0, taken: Iterable[str] = ()) -> None:
        self._serials = count(start)
        self._taken = set(taken)

    def reserve(self, values: Iterable[str]) -> None:
        """These names, codes and numbers belong to somebody already."""
        self._taken.update(values)

    def fill(self, kind: str, /, **given: Any) -> dict[str, Any]:
        """All the data of a ``person``, ``chain``, ``hospital`` or ``pharmacy``; what is given stays, None too."""
        makers: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "person": self._person,
            "chain": self._chain,
            "hospital": self._hospital,
            "pharmacy": self._pharmacy,
        }
        self.reserve(value for value in given.values() if isinstance(value, str))
        filled = makers[kind](given)
        unknown = [word for word in given if word not in filled]
        if unknown:
            raise UnknownField("、".join(unknown))
        return {**filled, **self._lists(given, filled), **{word: value for word, value in given.items() if word not in _LISTS}}

    def _new(self, make: Callable[[int], str]) -> str:
        """The first that nobody has; counting never goes back, so the search is short."""
        value = next(value for value in map(make, self._serials) if value not in self._taken)
        self._taken.add(value)
        return value

    def _person(self, _given: Mapping[str, Any]) -> dict[str, Any]:
        return {"name": self._new(lambda serial: _pick(serial, _SURNAMES, _FIRST, _SECOND)), "id_number": self._new(id_number)}

    def _people(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {post: given[post] if post in given else self.fill("person") for post in POSTS}

    def _chain(self, given: Mapping[str, Any]) -> dict[str, Any]:
        name = self._new(lambda serial: f"{_pick(serial, _HOUSE_FIRST, _HOUSE_SECOND)}大药房连锁有限公司")
        return {"name": name, "uscc": self._new(lambda serial: uscc(serial, leading="91")), **self._people(given)}

    def _common(self, given: Mapping[str, Any], suffix: str, letter: str) -> dict[str, Any]:
        district = given.get("district") or "110105"
        place = district if district.isdigit() else "110115"  # 经开区 has no code of its own
        military = given.get("ownership") == "military"
        number = next(self._serials)
        return {
            "district": district,
            "ownership": "private",
            "name": self._new(lambda serial: f"北京{_pick(serial, _NEIGHBOURHOODS, _HOUSE_FIRST, _HOUSE_SECOND)}{suffix}"),
            "uscc": self._new(lambda serial: uscc(serial, place, "A1" if military else "91")),
            "national_code": self._new(lambda serial: f"{letter}{place}{serial % 100_000:05d}"),
            "legacy_code": None,
            "address": f"北京市示例路{number + 1}号",
            "phone": f"010-{60_000_000 + number:08d}",
            "opened_on": date(2015, 1, 1),
            "bank_account": f"0200{number:015d}",
            **self._people(given),
            "insurance_managers": [],
            "licences": [],
        }

    def _hospital(self, given: Mapping[str, Any]) -> dict[str, Any]:
        category = given.get("category") or "general"
        beds = _BEDS.get(category, 0)
        return {
            **self._common(given, _SUFFIXES.get(category, "医院"), "H"),
            "kind": "hospital",
            "category": category,
            "beds": beds,
            "insurance_department": True,
            "departments": ["内科", "外科", "中医科"] if beds else ["全科医疗科"],
            "grade": "二级" if beds else "未定级",
            "scale": _WITH_BEDS_SCALE if beds else "一级以下规模",
            "doctors": [],
            "parent": None,
        }

    def _pharmacy(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **self._common(given, "药店", "P"),
            "kind": "pharmacy",
            "category": "",
            "chain": None,
            "pharmacists": [],
            "drug_scope": "中药饮片、中成药、化学药制剂、抗生素制剂、生化药品、生物制品",
        }

    def _lists(self, given: Mapping[str, Any], filled: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """Staff and licences row by row: a given row keeps what it says, a list left out gets what the conditions ask for."""
        whole = {**filled, **given}
        return {word: [self._row(word, row, whole) for row in _rows(word, given, whole)] for word in _LISTS if word in filled}

    def _row(self, word: str, row: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
        number = next(self._serials)
        contract = {"contract_from": FROM, "contract_to": TO, "ended_on": None}
        if word == "licences":
            made: dict[str, Any] = {
                "kind": _licence_kinds(whole)[0],
                "number": f"京示{number:010d}",
                "valid_from": FROM,
                "valid_to": TO,
            }
        elif word == "insurance_managers":
            made = {"name": _pick(number, _SURNAMES, _FIRST, _SECOND), "full_time": True, **contract}
        else:
            made = {
                "name": _pick(number, _SURNAMES, _FIRST, _SECOND),
                "kind": "physician" if word == "doctors" else "licensed_pharmacist",
                "certificate_number": f"1101{number:011d}",
                "registered_here": True,
                "first_registered_on": FROM,
                **contract,
            }
        unknown = [f"{word}.{field}" for field in row if field not in made]
        if unknown:
            raise UnknownField("、".join(unknown))
        return {**made, **row}


_LISTS = ("licences", "doctors", "pharmacists", "insurance_managers")


def _licence_kinds(whole: Mapping[str, Any]) -> list[str]:
    if whole["kind"] == "pharmacy":
        return ["drug_licence", "business_licence"]
    return ["military_permit"] if whole.get("ownership") == "military" else ["practice_licence"]


def _rows(word: str, given: Mapping[str, Any], whole: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    if word in given:
        return given[word] or []
    if word == "licences":
        return [{"kind": kind} for kind in _licence_kinds(whole)]
    enough = 2 if word == "insurance_managers" and whole["kind"] == "pharmacy" else 1
    return [{} for _ in range(enough)]
