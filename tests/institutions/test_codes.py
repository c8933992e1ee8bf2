"""The three codes of an institution, with check digit and without."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as some

from institutions.codes import USCC_ALPHABET, BadCode, legacy_code_of, national_code_of, uscc_of
from institutions.madeup import uscc
from institutions.validators import validate_legacy_code, validate_national_code, validate_uscc


@pytest.mark.parametrize(
    "text",
    ["91110000600037341L", "91110000600037341l", " 9111 0000 6000 37341L", "91110000-600037341-L", "９１１１００００６０００３７３４１Ｌ"],
)
def test_uscc_is_brought_to_its_standard_writing(text: str) -> None:
    assert uscc_of(text) == "91110000600037341L"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "0 位"),
        ("9111000060003734", "16 位"),
        ("91110000600037341LL", "19 位"),
        ("91110000600037341M", "校验码"),
        ("91110000600037314L", "校验码"),
        ("9111000060003734IL", "不允许的字符"),
        ("91A10000600037341L", "不允许的字符"),
        ("01110000600037341L", "不允许的字符"),
        ("O1110000600037341L", "不允许的字符"),
    ],
)
def test_wrong_uscc_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadCode, match=reason):
        uscc_of(text)


@pytest.mark.parametrize("leading", ["A1", "N2", "Y1", "12", "52", "91"])
def test_uscc_of_a_military_body_begins_with_a_letter(leading: str) -> None:
    code = uscc(7, leading=leading)
    assert uscc_of(code) == code
    wrong = code[:-1] + USCC_ALPHABET[USCC_ALPHABET.index(code[-1]) - 1]
    with pytest.raises(BadCode, match="校验码"):
        uscc_of(wrong)


@given(some.integers(0, 887_503_680), some.integers(0, 17), some.sampled_from(USCC_ALPHABET))
def test_no_single_wrong_sign_passes(serial: int, place: int, sign: str) -> None:
    code = uscc(serial)
    wrong = code[:place] + sign + code[place + 1 :]
    if wrong == code:
        return
    with pytest.raises(BadCode):
        uscc_of(wrong)


@pytest.mark.parametrize(("text", "kind"), [("H11010500001", "hospital"), ("p11010500001", "pharmacy"), ("H 110105 00001", "")])
def test_national_code(text: str, kind: str) -> None:
    assert national_code_of(text, kind) in ("H11010500001", "P11010500001")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("11010500001", ""), ("H1101050000", ""), ("X11010500001", ""), ("H11010500001", "pharmacy"), ("P11010500001", "hospital")],
)
def test_wrong_national_code(text: str, kind: str) -> None:
    with pytest.raises(BadCode, match="国家医保编码"):
        national_code_of(text, kind)


@pytest.mark.parametrize(("text", "reason"), [("0211000", "8 位"), ("021100031", "8 位"), ("0211000A", "8 位"), ("77777777", "汇总")])
def test_wrong_legacy_code(text: str, reason: str) -> None:
    assert legacy_code_of("02110003") == "02110003"
    with pytest.raises(BadCode, match=reason):
        legacy_code_of(text)


@pytest.mark.parametrize(
    ("validate", "value"),
    [
        (validate_uscc, "91110000600037341M"),
        (validate_uscc, "91110000600037341l"),
        (validate_national_code, "h11010500001"),
        (validate_legacy_code, "1234"),
    ],
)
def test_fields_take_only_the_standard_writing(validate, value: str) -> None:
    with pytest.raises(ValidationError):
        validate(value)
