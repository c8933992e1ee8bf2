"""What a rendered page holds, read back from the PDF: characters with their base lines in millimetres from the top."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pdfplumber
from PIL import Image
from pypdf import PdfReader

from documents import rendering
from documents.models import Document

MM = 72 / 25.4
TEXT_TOP, TEXT_LEFT, TEXT_WIDTH, TEXT_HEIGHT = 37.0, 28.0, 156.0, 225.0
LINE = 225 / 22


@contextmanager
def opened(document: Document) -> Iterator[pdfplumber.PDF]:
    with pdfplumber.open(io.BytesIO(rendering.pdf(document))) as pdf:
        yield pdf


def text_of(document: Document) -> str:
    """All text, line breaks, blanks and page numbers taken out."""
    with opened(document) as pdf:
        pages = ["".join(char["text"] for char in page.chars).replace(" ", "") for page in pdf.pages]
    return "".join(re.sub(r"—\d+—$", "", page) for page in pages)


def base_lines(page: Any) -> dict[float, list[dict[str, Any]]]:
    """Characters by their base line, in millimetres from the page's top."""
    lines: dict[float, list[dict[str, Any]]] = defaultdict(list)
    for char in page.chars:
        lines[round((float(page.height) - char["matrix"][5]) / MM, 2)].append(char)
    return {y: sorted(chars, key=lambda char: char["x0"]) for y, chars in sorted(lines.items())}


def line_with(page: Any, text: str) -> tuple[float, list[dict[str, Any]]]:
    """The first line that holds a text."""
    for y, chars in base_lines(page).items():
        if text in "".join(char["text"] for char in chars):
            return y, chars
    raise AssertionError(f"no line holds {text}")


def red_bands(page: Any) -> list[tuple[float, float, float, float]]:
    """Bands of red on the page: top, bottom, left, right in millimetres."""
    image: Image.Image = page.to_image(resolution=254).original.convert("RGB")
    width, height = image.size
    pixels = image.load()
    assert pixels is not None

    def red(x: int, y: int) -> bool:
        r, g, b = pixels[x, y]  # type: ignore[misc]
        return r > 150 and g < 110 and b < 110

    bands: list[list[int]] = []
    for y in range(height):
        found = [x for x in range(0, width, 2) if red(x, y)]
        if not found:
            continue
        if bands and y - bands[-1][1] <= 1:
            bands[-1] = [bands[-1][0], y, min(bands[-1][2], found[0]), max(bands[-1][3], found[-1])]
        else:
            bands.append([y, y, found[0], found[-1]])
    return [(top / 10, (bottom + 1) / 10, left / 10, right / 10) for top, bottom, left, right in bands]


def rules(page: Any) -> list[tuple[float, float]]:
    """Black lines across the text block: place of the lower edge and thickness, in millimetres."""
    image = page.to_image(resolution=508).original.convert("L")
    scale = 20
    dark = [y for y in range(image.height) if all(image.getpixel((x * scale, y)) < 128 for x in range(30, 183, 3))]
    bands: list[list[int]] = []
    for y in dark:
        if bands and y - bands[-1][1] == 1:
            bands[-1][1] = y
        else:
            bands.append([y, y])
    return [((bottom + 1) / scale, (bottom + 1 - top) / scale) for top, bottom in bands]


def embedded_fonts(document: Document) -> dict[str, bool]:
    """Each font the document uses, and whether its outlines are in the file."""
    found = {}
    for page in PdfReader(io.BytesIO(rendering.pdf(document))).pages:
        for font in page["/Resources"]["/Font"].values():
            base = font.get_object()
            descriptor = base["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found[str(base["/BaseFont"])] = bool({"/FontFile2", "/FontFile3"} & set(descriptor))
    return found
