"""Which district a text means: today's names, those since merged or renamed, an address, 经开区 by its several names. Pure."""

import re

DISTRICTS = {
    "东城": "110101",
    "西城": "110102",
    "朝阳": "110105",
    "丰台": "110106",
    "石景山": "110107",
    "海淀": "110108",
    "门头沟": "110109",
    "房山": "110111",
    "通州": "110112",
    "顺义": "110113",
    "昌平": "110114",
    "大兴": "110115",
    "怀柔": "110116",
    "平谷": "110117",
    "密云": "110118",
    "延庆": "110119",
}
CODES = frozenset(DISTRICTS.values()) | {"bda"}
_MERGED = {"崇文": "110101", "宣武": "110102"}  # in 2010 into 东城 and 西城
_DEVELOPMENT_AREA = re.compile(r"经济技术开发区|经开区|亦庄开发区")
_NAMED = re.compile(rf"(?:北京市?)?({'|'.join([*DISTRICTS, *_MERGED])})(?:区|县)")
_PLAIN = re.compile(rf"(?:北京市?)?({'|'.join([*DISTRICTS, *_MERGED])})(?:区|县)?")


def district_named(text: str) -> str | None:
    """The code that a column "district" means: 110105, bda, 朝阳, 朝阳区, 北京市朝阳区, 密云县, 宣武区, 经开区."""
    text = re.sub(r"\s", "", text)
    if text.lower() in CODES:
        return text.lower()
    if _DEVELOPMENT_AREA.search(text):
        return "bda"
    found = _PLAIN.fullmatch(text)
    return {**DISTRICTS, **_MERGED}[found[1]] if found else None


def district_of_address(text: str) -> str | None:
    """The district an address or a full name begins with; 经开区 wherever it is named, for it lies inside other districts."""
    text = re.sub(r"\s", "", text)
    if _DEVELOPMENT_AREA.search(text):
        return "bda"
    found = _NAMED.match(text)
    return {**DISTRICTS, **_MERGED}[found[1]] if found else None
