"""Clause ids as documents cite them."""

import pytest

from documents.citations import chinese, cite, place

M, P, NATIONAL = (
    "《北京市医疗机构医疗保障定点管理暂行办法》",
    "《北京市零售药店医疗保障定点管理暂行办法》",
    "《医疗保障基金使用监督管理条例实施细则》",
)


@pytest.mark.parametrize(
    ("clauses", "kind", "text"),
    [
        (["M12.7"], "hospital", M + "第十二条第（七）项"),
        (["M12.7"], "pharmacy", P + "第十一条第（五）项"),
        (["P11.3"], "hospital", M + "第十二条第（五）项"),
        (["M8", "M9"], "hospital", M + "第八条、第九条"),
        (["M8", "M9"], "pharmacy", P + "第七条、第八条"),
        (["M8.2"], "hospital", M + "第八条"),
        (["M42.6(2)"], "pharmacy", P + "第三十九条第（二）项"),
        (["M6.1"], "pharmacy", P + "第五条第（一）项"),
        (["M10", "I4"], "hospital", M + "第十条、" + NATIONAL + "第四条"),
        (["M10", "I4"], "", M + "第十条、" + P + "第九条、" + NATIONAL + "第四条"),
        (["R15", "permission", "state", "N3"], "hospital", ""),
    ],
)
def test_cite(clauses: list[str], kind: str, text: str) -> None:
    assert cite(clauses, kind) == text


def test_place_names_the_law_only_where_it_is_another_one() -> None:
    assert place("M7(4)", "hospital") == "第七条第（四）项"
    assert place("I7", "hospital") == NATIONAL + "第七条"
    assert place("说明", "hospital") == ""


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (46, "四十六"), (99, "九十九")])
def test_counting(number: int, text: str) -> None:
    assert chinese(number) == text
