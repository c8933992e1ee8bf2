"""The code checks as field validators."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from institutions import codes


def _validate(reading: Callable[[str], str], value: str) -> None:
    try:
        standard = reading(value)
    except codes.BadCode as error:
        raise ValidationError(str(error), code="bad_code") from error
    if standard != value:
        raise ValidationError(f"请写成标准形式：{standard}", code="not_standard")


def validate_uscc(value: str) -> None:
    _validate(codes.uscc_of, value)


def validate_national_code(value: str) -> None:
    _validate(codes.national_code_of, value)


def validate_legacy_code(value: str) -> None:
    _validate(codes.legacy_code_of, value)


def validate_person_code(value: str) -> None:
    _validate(codes.person_code_of, value)
