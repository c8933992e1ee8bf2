"""The page of GB/T 9704-2012, read back from the PDF: 22 lines of 28 characters, fonts, sizes, places."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from documents import fonts
from documents.models import Document
from tests.documents.pages_of import (
    LINE,
    MM,
    TEXT_HEIGHT,
    TEXT_LEFT,
    TEXT_TOP,
    TEXT_WIDTH,
    base_lines,
    embedded_fonts,
    line_with,
    opened,
    red_bands,
    rules,
)

RARE = "镕喆堃祎昇珺瑄旻頔翀𬀩"
Maker = Callable[..., Document]


def long_paper(issued: Maker, text: str = "") -> Document:
    """An agreement of several pages; its sections are plain paragraphs."""
    paragraph = "甲乙丙丁戊己庚辛壬癸" * 60
    return issued(16, sections=[{"heading": "试验", "paragraphs": [paragraph, text or paragraph, paragraph, paragraph]}])


def body_lines(page: Any) -> dict[float, list[dict[str, Any]]]:
    return {y: chars for y, chars in base_lines(page).items() if y < TEXT_TOP + TEXT_HEIGHT}


def test_a_full_page_holds_22_lines_of_28_characters(issued: Maker) -> None:
    with opened(long_paper(issued)) as pdf:
        page = pdf.pages[1]
        lines = body_lines(page)
        assert (float(page.width) / MM, float(page.height) / MM) == (pytest.approx(210, abs=0.1), pytest.approx(297, abs=0.1))
    assert len(lines) == 22
    ys = list(lines)
    assert all(after - before == pytest.approx(LINE, abs=0.02) for before, after in itertools.pairwise(ys))
    full = [chars for chars in lines.values() if len(chars) == 28]
    assert len(full) >= 18
    for chars in full:
        assert chars[0]["x0"] / MM == pytest.approx(TEXT_LEFT, abs=0.15)
        assert chars[-1]["x1"] / MM == pytest.approx(TEXT_LEFT + TEXT_WIDTH, abs=0.15)
    # The first line's characters stand in the middle of the first 10.23 mm below the top margin.
    assert TEXT_TOP + LINE / 2 < ys[0] < TEXT_TOP + LINE


def test_body_is_fangsong_of_16_points_and_the_title_of_22(issued: Maker) -> None:
    with opened(issued(2)) as pdf:
        _, body = line_with(pdf.pages[0], "你单位提出的")
        _, title = line_with(pdf.pages[0], "受理通知书")
        fonts_used = {char["fontname"].split("+")[1] for char in body if not char["text"].isascii()}
        assert fonts_used == {"dingdian-fangsong"}
        assert {round(char["size"], 2) for char in body} == {16.0}
        assert {round(char["size"], 2) for char in title} == {22.0}
        middle = (title[0]["x0"] + title[-1]["x1"]) / 2 / MM
    assert middle == pytest.approx(TEXT_LEFT + TEXT_WIDTH / 2, abs=0.3)


def test_headings_are_hei_and_figures_song(issued: Maker) -> None:
    with opened(issued(4)) as pdf:
        _, heading = line_with(pdf.pages[0], "一、事实")
        _, body = line_with(pdf.pages[0], "你单位于2026年")
        assert {char["fontname"].split("+")[1] for char in heading} == {"dingdian-hei"}
        assert {char["fontname"].split("+")[1] for char in body if char["text"].isdigit()} == {"dingdian-song"}


def test_rare_names_are_printed_with_an_embedded_font_and_keep_the_grid(issued: Maker) -> None:
    document = long_paper(issued, f"负责人{RARE}签字" * 20)
    with opened(document) as pdf:
        page = pdf.pages[1]
        printed = "".join(char["text"] for page in pdf.pages for char in page.chars)
        assert all(letter in printed for letter in RARE)
        ys = list(body_lines(page))
    assert len(ys) == 22
    assert all(after - before == pytest.approx(LINE, abs=0.02) for before, after in itertools.pairwise(ys))
    assert all(embedded_fonts(document).values())


def test_a_character_that_no_font_has_is_printed_as_its_code_point_and_said(issued: Maker) -> None:
    document = long_paper(issued, "负责人\U000e0041\U0003134f签字")
    with opened(document) as pdf:
        printed = "".join(char["text"] for page in pdf.pages for char in page.chars)
    assert "[U+3134F]" in printed
    document.refresh_from_db()
    assert "\U0003134f" in document.fonts["missing"]


def test_the_page_number_stands_7_mm_below_the_text_right_on_odd_and_left_on_even_pages(issued: Maker) -> None:
    with opened(long_paper(issued)) as pdf:
        for page in pdf.pages[:3]:
            [chars] = [chars for y, chars in base_lines(page).items() if y > TEXT_TOP + TEXT_HEIGHT]
            assert "".join(char["text"] for char in chars).replace(" ", "") == f"—{page.page_number}—"
            assert {(round(char["size"], 2), char["fontname"].split("+")[1]) for char in chars} == {(14.0, "dingdian-song")}
            one_character = 14 / MM
            if page.page_number % 2:
                assert chars[-1]["x1"] / MM == pytest.approx(TEXT_LEFT + TEXT_WIDTH - one_character, abs=0.3)
            else:
                assert chars[0]["x0"] / MM == pytest.approx(TEXT_LEFT + one_character, abs=0.3)
            image = page.to_image(resolution=254).original.convert("L")
            left, right = int(chars[0]["x0"] / MM * 10) + 5, int(chars[0]["x1"] / MM * 10) - 5
            ink = [row for row in range(2620, 2800) if any(image.getpixel((x, row)) < 128 for x in range(left, right))]
            assert ink[0] / 10 == pytest.approx(TEXT_TOP + TEXT_HEIGHT + 7, abs=0.25)


def test_date_without_zeros_four_characters_in_and_the_issuer_centred_above(issued: Maker) -> None:
    with opened(issued(10)) as pdf:
        page = pdf.pages[-1]
        y, date = [(y, chars) for y, chars in base_lines(page).items() if "".join(char["text"] for char in chars) == "2026年3月2日"][-1]
        above, name = [(other, chars) for other, chars in base_lines(page).items() if y - 1.2 * LINE < other < y - 0.5 * LINE][-1]
    name = [char for char in name if char["size"] > 12]
    assert date[-1]["x1"] / MM == pytest.approx(TEXT_LEFT + TEXT_WIDTH - 4 * TEXT_WIDTH / 28, abs=0.3)
    assert y - above == pytest.approx(LINE, abs=0.05)
    assert (name[0]["x0"] + name[-1]["x1"]) / 2 == pytest.approx((date[0]["x0"] + date[-1]["x1"]) / 2, abs=1.5)


def test_a_long_issuer_stays_inside_the_text_block(issued: Maker) -> None:
    with opened(issued(2)) as pdf:
        _, chars = [line for line in base_lines(pdf.pages[0]).items() if "医疗保险事务管理中心" in "".join(c["text"] for c in line[1])][-1]
    assert chars[-1]["x1"] / MM <= TEXT_LEFT + TEXT_WIDTH + 0.15


def test_red_headed_paper(issued: Maker) -> None:
    document = issued(13, copies=["北京市医疗保障局"])
    with opened(document) as pdf:
        page = pdf.pages[0]
        name, rule = red_bands(page)
        number_y, _ = line_with(page, document.number)
        title_y, _ = line_with(page, "拟签订")
        last = pdf.pages[-1]
        imprint_y, imprint = line_with(last, "印发")
        lines = rules(last)
    assert name[0] == pytest.approx(TEXT_TOP + 35, abs=0.5)
    assert (rule[2], rule[3]) == (pytest.approx(28, abs=0.3), pytest.approx(184, abs=0.3))
    number_bottom = number_y + 0.12 * 16 / MM
    assert rule[0] - number_bottom == pytest.approx(4, abs=0.6)
    assert number_y - name[1] > 2 * LINE
    assert title_y - rule[1] > 2 * LINE
    assert "〔2026〕1号" in document.number
    assert imprint_y < TEXT_TOP + TEXT_HEIGHT
    assert "".join(char["text"] for char in imprint).endswith("2026年3月2日印发")
    assert {round(char["size"], 1) for char in imprint} == {14.0}
    # Of the closing block the first and the last line are 0.35 mm, the one between 0.25 mm.
    assert [thickness for _, thickness in lines[-3:]] == [pytest.approx(each, abs=0.05) for each in (0.35, 0.25, 0.35)]
    assert lines[-1][0] == pytest.approx(TEXT_TOP + TEXT_HEIGHT, abs=0.5)


def test_letter(issued: Maker) -> None:
    document = issued(10)
    with opened(document) as pdf:
        page = pdf.pages[0]
        bands = red_bands(page)
        _, number = line_with(page, document.number)
        below = [y for y in base_lines(page) if y > TEXT_TOP + TEXT_HEIGHT]
        second = [y for y in base_lines(pdf.pages[1]) if y > TEXT_TOP + TEXT_HEIGHT] if len(pdf.pages) > 1 else [1.0]
    name, thick, thin, thin_below, thick_below = bands
    assert name[0] == pytest.approx(30, abs=0.5)
    assert thick[0] - name[1] == pytest.approx(4, abs=0.5)
    assert thick[1] - thick[0] > thin[1] - thin[0]
    assert thick_below[1] - thick_below[0] > thin_below[1] - thin_below[0]
    assert thick_below[1] == pytest.approx(297 - 20, abs=0.3)
    for line in (thick, thin, thin_below, thick_below):
        assert line[3] - line[2] == pytest.approx(170, abs=0.5)
    assert number[-1]["x1"] / MM == pytest.approx(TEXT_LEFT + TEXT_WIDTH, abs=0.3)
    assert not below
    assert second


def test_the_program_says_which_named_font_it_replaced(issued: Maker) -> None:
    document = issued(2)
    with opened(document):
        document.refresh_from_db()
    assert document.fonts["stand_ins"] == fonts.stand_ins()
    replaced = [choice for choice in fonts.lookup().values() if not choice.named]
    assert [choice.wanted.title in sentence for choice, sentence in zip(replaced, fonts.stand_ins(), strict=True)] == [True] * len(replaced)
