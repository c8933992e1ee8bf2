"""Names as they are kept and searched."""

import re


def initials_of(name: str) -> str:
    """Pinyin initials in small letters, for search: 示例医院 → slyy. Letters and digits stay, signs go."""
    from pypinyin import Style, lazy_pinyin  # a quarter of a second, which only who writes a name should pay

    parts = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(re.sub(r"[^a-z0-9]", "", part.lower()) for part in parts)[:200]


def tidy_name(text: str) -> str:
    """Blanks at the ends and between Chinese characters gone, other runs of blanks made one, brackets full-width."""
    text = re.sub(r"\s+", " ", text.replace("\u3000", " ").replace("(", "（").replace(")", "）")).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text)
