"""A maker of documents for the tests of this floor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from documents.issuing import issue
from documents.models import Document
from tests.documents.samples import INSTITUTIONS, sample, the_agency, the_city_agency, the_city_bureau

DISTRICT = {1, 2, 3, 4, 5, 20, 21}
RECIPIENTS = {6: "北京某评估咨询有限公司", 13: "", 18: "", 36: ""} | dict.fromkeys((10, 17, 37), "北京市医疗保障局")


@pytest.fixture
def issued(db: None) -> Callable[..., Document]:
    """``issued(4, "pharmacy", reviewer="陈立", facts=[…])``: one document with made-up data."""

    def make(number: int, kind: str = "hospital", **changes: Any) -> Document:
        data = sample(number, kind)
        taken = {name: changes.pop(name) for name in ("supersedes", "institutions", "recipient", "on") if name in changes}
        given = {"institutions": [7], "on": date(2026, 3, 2), "recipient": RECIPIENTS.get(number, INSTITUTIONS[kind]["name"]), **taken}
        office = the_agency() if number in DISTRICT else the_city_bureau() if number == 42 else the_city_agency()
        return issue(number, issuer=office, data=data | changes, handler="周宁", reviewer="陈立", **given)

    return make
