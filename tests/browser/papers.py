"""Made-up files that people hand in: pictures of pages, small enough to be drawn anew each time."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

FACES = ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
PDF = b"%PDF-1.7\n%made up for a test\n"


@cache
def _face(size: int) -> Any:
    face = next((path for path in FACES if Path(path).exists()), None)
    return ImageFont.truetype(face, size) if face else ImageFont.load_default(size)


def scan(title: str, name: str = "材料.png") -> dict[str, Any]:
    """A scanned page with a title, as the browser hands it in."""
    page = Image.new("L", (620, 877), 250)
    drawing = ImageDraw.Draw(page)
    drawing.rectangle((30, 30, 590, 847), outline=120)
    drawing.text((310, 110), title, 30, font=_face(26), anchor="mm")
    drawing.text((310, 160), "（样张，内容为虚构）", 110, font=_face(16), anchor="mm")
    for line in range(230, 760, 36):
        drawing.line((80, line, 540 - line * 7 % 120, line), 190, 2)
    drawing.ellipse((410, 690, 530, 810), outline=140, width=3)
    drawing.text((470, 750), "样章", 140, font=_face(20), anchor="mm")
    kept = BytesIO()
    page.save(kept, "PNG", optimize=True)
    return {"name": name, "mimeType": "image/png", "buffer": kept.getvalue()}


def pdf(name: str = "材料.pdf") -> dict[str, Any]:
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}
