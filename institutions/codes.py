"""Codes of an institution: the unified social credit code, the national insurance code, Beijing's legacy code; and of its staff.

Each ``…_of`` function gives the code in its standard writing or raises ``BadCode`` with a sentence for the person who typed it.
"""

import re
import unicodedata

from stdnum.cn import uscc as stdnum_uscc

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"(?!0)[{USCC_ALPHABET}]{{2}}\d{{6}}[{USCC_ALPHABET}]{{10}}")
_NATIONAL = re.compile(r"[HP]\d{6}\d{5}")
_LEGACY = re.compile(r"\d{8}")
_PERSON = re.compile(r"[A-Z]{1,2}\d{12}")
_LETTER_OF_KIND = {"hospital": "H", "pharmacy": "P"}
_NO_INSTITUTION = {"77777777"}


class BadCode(ValueError):
    """What was given is no such code; the message says why."""


def compact(text: str) -> str:
    """Full-width characters made narrow, blanks and hyphens gone, letters large."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def uscc_of(text: str) -> str:
    """The 18-character unified social credit code (GB 32100).

    Codes of military bodies begin with a letter (A…) and have the same check digit; the library alone would turn them down.
    """
    code = compact(text)
    if len(code) != 18:
        raise BadCode(f"统一社会信用代码应为 18 位，现为 {len(code)} 位。")
    if not _USCC.fullmatch(code):
        raise BadCode("统一社会信用代码含有不允许的字符（不用 I、O、S、V、Z，第 3 至 8 位为数字）。")
    if stdnum_uscc.calc_check_digit(code[:17]) != code[17]:
        raise BadCode("统一社会信用代码的校验码不对，请核对。")
    return code


def national_code_of(text: str, kind: str = "") -> str:
    """The national insurance code: H for hospitals or P for pharmacies, six digits of the place, five of a serial number."""
    code = compact(text)
    if not _NATIONAL.fullmatch(code):
        raise BadCode("国家医保编码应为 H 或 P 加 11 位数字。")
    if kind and code[0] != _LETTER_OF_KIND[kind]:
        raise BadCode("国家医保编码以 H 开头的为医疗机构，以 P 开头的为零售药店，与机构类别不符。")
    return code


def person_code_of(text: str) -> str:
    """A doctor's or pharmacist's national insurance code: one or two letters, six digits of the place, six of a serial number."""
    code = compact(text)
    if not _PERSON.fullmatch(code):
        raise BadCode("人员医保编码应为 1 至 2 位字母加 12 位数字。")
    return code


def legacy_code_of(text: str) -> str:
    """Beijing's own eight digits of before the national codes; see ``institutions.legacy`` for what they say."""
    code = compact(text)
    if not _LEGACY.fullmatch(code):
        raise BadCode("原北京编码应为 8 位数字。")
    if code in _NO_INSTITUTION:
        raise BadCode("77777777 是汇总行，不是一家机构。")
    return code
