"""Log lines carry no personal data."""

import logging
import sys

import pytest

from config.logs import MaskingFormatter, RequestIdFilter, masked


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("身份证 11010519491231002X 重复", "身份证 110105************ 重复"),
        ("身份证 110105194912310021", "身份证 110105************"),
        ("old form 110105491231002", "old form 110105************"),
        ("电话 13812345678。", "电话 138****5678。"),
    ],
)
def test_identity_and_telephone_numbers_are_blotted_out(said: str, written: str) -> None:
    assert masked(said) == written


@pytest.mark.parametrize(
    "said", ["2026-03-02 10:00", "case 1234567", "in 0.010397299999999995s", "统一社会信用代码 91110105MA01234567", "H11010500123"]
)
def test_other_numbers_stay(said: str) -> None:
    assert masked(said) == said


def test_a_traceback_is_masked_too() -> None:
    try:
        raise ValueError("Key (number)=(11010519491231002X) already exists")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", None, sys.exc_info())
    assert RequestIdFilter().filter(record)
    line = MaskingFormatter("[%(request_id)s] %(message)s").format(record)
    assert line.startswith("[-] failed")
    assert "already exists" in line
    assert "19491231" not in line
