"""One row of a list of agreements, understood: which agreement it says there is, of which institution, or why that cannot be told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from agreements.grounds import NATURES
from agreements.models import KINDS, Agreement
from institutions.codes import compact, national_code_of, uscc_of
from institutions.imports import cells
from institutions.imports.cells import Refuse, choice, date_cell, label_of, legacy_cell, yes_or_no
from institutions.imports.columns import COLUMNS as OF_INSTITUTIONS
from institutions.imports.columns import Columns
from institutions.models import Institution
from institutions.names import tidy_name

CODES = ("uscc", "national_code", "legacy_code")
# Any of the three codes may stand under these headings.
ANY_CODE = ("编码", "机构编码", "机构代码", "代码", "定点编码", "定点医药机构编码")

COLUMNS = Columns(
    {
        "code": ANY_CODE,
        **{code: [name for name in OF_INSTITUTIONS[code] if name not in ANY_CODE] for code in CODES},
        "name": OF_INSTITUTIONS["name"],
        "number": ("协议编号", "协议号", "编号"),
        "kind": ("协议种类", "种类", "协议类型"),
        "first_day": ("起始日", "协议起始日", "起始日期", "有效期起", "生效日"),
        "last_day": ("最后一日", "终止日", "终止日期", "截止日期", "有效期止", "有效期至"),
        "terminated_on": ("解除生效日", "解除日", "解除日期"),
        "nature": ("解除性质", "性质"),
        "ground": ("解除情形", "解除依据", "情形"),
        "penalty_open": ("行政处罚未履行完毕", "处罚未履行", "行政处罚尚未履行完毕"),
        "liability_open": ("违约责任未履行完毕", "责任未履行", "违约责任尚未履行完毕"),
    },
    [("number",), ("first_day",), ("last_day",), ("code", *CODES)],
    "没有认出表头：第一行要有“协议编号”（number）、“起始日”（first_day）、“最后一日”（last_day）和“机构编码”（code，"
    "统一社会信用代码、国家医保编码、原北京编码均可）各栏。",
)


def _any_code(text: str) -> tuple[str, str]:
    """The sort of code told by its form, and the code in its standard writing."""
    if re.fullmatch(r"\d{7,8}", compact(text)):
        return "legacy_code", cells.code(legacy_cell)(text)
    if len(compact(text)) == 12:
        return "national_code", cells.code(national_code_of)(text)
    return "uscc", cells.code(uscc_of)(text)


_READINGS: cells.Readings = {
    "code": _any_code,
    "uscc": cells.code(uscc_of),
    "national_code": cells.code(national_code_of),
    "legacy_code": cells.code(legacy_cell),
    "kind": choice(KINDS[:2], "协议种类"),
    "first_day": date_cell("起始日"),
    "last_day": date_cell("最后一日"),
    "terminated_on": date_cell("解除生效日"),
    "nature": choice(list(NATURES.items()), "解除性质"),
    "penalty_open": yes_or_no("行政处罚未履行完毕"),
    "liability_open": yes_or_no("违约责任未履行完毕"),
}
_NEEDED = {"number": "协议编号", "first_day": "起始日", "last_day": "最后一日"}


@dataclass(frozen=True)
class Candidate:
    """What a row says: ``data`` as the act ``take_over_agreement`` wants it."""

    row: int
    codes: Mapping[str, str]
    name: str
    data: Mapping[str, Any]

    @property
    def number(self) -> str:
        return str(self.data["number"])

    @property
    def code(self) -> str:
        return next(iter(self.codes.values()))

    def says(self) -> tuple[Any, ...]:
        """What must be equal for an agreement that is registered already to be this one."""
        return self.data.get("kind", "annual"), self.data["first_day"], self.data["last_day"], self.data.get("terminated_on")


def on_record(agreement: Agreement) -> tuple[str, date, date, date | None]:
    """What is registered, as ``Candidate.says`` puts it."""
    out = agreement.ended_on + timedelta(days=1) if agreement.ended_on < agreement.last_day else None
    return agreement.kind, agreement.first_day, agreement.last_day, out


def read_row(number: int, row: Mapping[str, str]) -> Candidate:
    """The candidate that a row makes, or Refuse with every reason."""
    values, wrong = cells.read_cells(row, _READINGS)
    wrong += [f"没有{title}。" for field, title in _NEEDED.items() if not row.get(field)]
    if not any(row.get(field) for field in ("code", *CODES)):
        wrong.append("没有机构编码。")
    if wrong:
        raise Refuse(" ".join(wrong))
    codes = {field: values.pop(field) for field in CODES if field in values}
    if "code" in values:
        field, code = values.pop("code")
        if codes.setdefault(field, code) != code:
            raise Refuse(f"“编码”与“{label_of(field)}”两栏不一致。")
    return Candidate(number, codes, tidy_name(values.pop("name", "")), values)


def institutions_of(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Institution | Refuse]]:
    """The institution that each row's codes mean, or why there is none. Three queries for all rows."""
    known: dict[tuple[str, str], Institution] = {}
    for field in CODES:
        wanted = {candidate.codes[field] for candidate in candidates if field in candidate.codes}
        for institution in Institution.objects.filter(**{f"{field}__in": wanted}):
            known[field, getattr(institution, field)] = institution
    for candidate in candidates:
        try:
            yield candidate, _one(candidate, known)
        except Refuse as error:
            yield candidate, error


def _one(candidate: Candidate, known: Mapping[tuple[str, str], Institution]) -> Institution:
    found = {known[key] for key in candidate.codes.items() if key in known}
    if len(found) > 1:
        raise Refuse(f"各编码分属不同机构：{'、'.join(sorted(each.name for each in found))}。")
    if not found:
        raise Refuse("没有这个编码的机构，请先导入机构名单。")
    institution = found.pop()
    for field, code in candidate.codes.items():
        stored = getattr(institution, field)
        if stored and stored != code:
            raise Refuse(f"编码属于“{institution.name}”，但其{label_of(field)}不同（库中为 {stored}）。")
    return institution
