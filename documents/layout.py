"""Measures of the page that depend on what is written on it (GB/T 9704-2012), in millimetres from the top of the text block."""

from __future__ import annotations

import math
from dataclasses import dataclass

POINT = 25.4 / 72
WIDTH, HEIGHT = 156.0, 225.0
LINE, CHARACTER = HEIGHT / 22, WIDTH / 28
BODY = 16 * POINT
RED_HEAD_TOP, RED_HEAD_MOST = 35.0, 15.0
LETTER_TOP, TOP_MARGIN = 30.0, 37.0
LETTER_MOST = 11.0
RULE_GAP = 4.0
WHITE_ABOVE, WHITE_BELOW = 0.066, -0.014
"""Shares of a character's height between its box and its strokes; the standard's distances are measured from the strokes."""


def head_size(name: str, most: float, width: float) -> float:
    """Height in millimetres of the issuer's name so that it fits one line, and never above the standard's largest."""
    return min(most, width / max(len(name), 1))


@dataclass(frozen=True)
class RedHead:
    """Where name, number and red line stand, and after how many lines the title comes."""

    size: float
    top: float
    number_top: float
    rule_top: float
    lines: int


def red_head(name: str) -> RedHead:
    """The name 35 mm below the text block's top, the number two lines below it, the line 4 mm below that, the title two lines on."""
    size = head_size(name, RED_HEAD_MOST, WIDTH - 8)
    top = RED_HEAD_TOP - WHITE_ABOVE * size
    number_top = top + size + 2 * LINE
    rule_top = number_top + (LINE + BODY) / 2 + RULE_GAP
    return RedHead(size, top, number_top, rule_top, math.ceil((rule_top + 2 * LINE - 0.5) / LINE))


def letter_head(name: str) -> RedHead:
    """The name 30 mm from the page's top edge, the double line 4 mm below it, the number at the right, the title two lines on."""
    size = head_size(name, LETTER_MOST, WIDTH)
    top = LETTER_TOP - TOP_MARGIN - WHITE_ABOVE * size
    rule_top = top + (1 - WHITE_BELOW) * size + RULE_GAP
    # The number stands 7/8 of a character below the double line.
    number_top = rule_top + 1.5 + BODY * 7 / 8 - (LINE - BODY) / 2
    return RedHead(size, top, number_top, rule_top, math.ceil((number_top + (LINE + BODY) / 2 + 2 * LINE - 0.5) / LINE))


def closing_inset(name: str, date_text: str) -> float:
    """How far the date stands from the right: 4 characters, more where a long name centred above it would leave the text block."""
    date_width = sum(0.5 if letter.isascii() else 1.0 for letter in date_text)
    beyond = max(0.0, (len(name) - date_width) / 2)
    return max(4.0, beyond + 0.1) * CHARACTER


TITLE_CHARACTERS = 20
_WORDS = ("拟签订", "医保", "医疗机构", "零售药店", "医药机构", "定点", "评估", "结果", "名单", "备案", "新增", "协议", "暨", "（")


def title_lines(title: str) -> list[str]:
    """A title of 22 pt as lines of the text block; a long one is broken before the word nearest to its middle."""
    if len(title) <= TITLE_CHARACTERS:
        return [title]
    breaks = [place for place in range(4, len(title) - 3) if title.startswith(_WORDS, place)]
    breaks = [place for place in breaks if title[place - 2 : place + 2] != "医保协议"]
    inside = [place for place in breaks if max(place, len(title) - place) <= TITLE_CHARACTERS]
    if not inside:
        return [title]
    middle = min(inside, key=lambda place: (abs(2 * place - len(title)), place))
    return [title[:middle], title[middle:]]
