"""Makes the pictures of docs/walk.md anew: ``python -m tests.browser.make_walk``.

The tests of the road and of the life of agreements run once more, with somebody who takes pictures; a picture is what a test
has just looked at.
"""

import io
import sys
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WALK = FOLDER.parent / "walk.md"
TESTS = [f"tests/browser/test_{name}.py" for name in ("hospital", "pharmacy", "life")]
MOST_BYTES = 150_000
COLOURS = 128


class Shutter:
    """A plugin of pytest; the fixture ``town`` looks for it on the configuration."""

    def __init__(self, wanted: set[str]) -> None:
        self.wanted, self.taken = wanted, set[str]()

    def pytest_configure(self, config: pytest.Config) -> None:
        config.shutter = self.take  # type: ignore[attr-defined]

    def take(self, page: Page, name: str) -> None:
        if name not in self.wanted or name in self.taken:
            return
        page.evaluate("window.scrollTo(0, 0)")
        page.mouse.move(0, 0)
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        picture = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        kept = io.BytesIO()
        picture.save(kept, "PNG", optimize=True)
        assert kept.tell() <= MOST_BYTES, (name, kept.tell())
        (FOLDER / f"{name}.png").write_bytes(kept.getvalue())
        self.taken.add(name)


def wanted() -> set[str]:
    """The pictures that the walk shows."""
    return {part.split(".png)")[0] for part in WALK.read_text().split("](pictures/")[1:]}


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    shutter = Shutter(wanted())
    code = pytest.main(["-p", "no:randomly", *sys.argv[1:], *TESTS], plugins=[shutter])
    for lacking in sorted(shutter.wanted - shutter.taken):
        print(f"没有拍到 {lacking}")
    for file in FOLDER.glob("*.png"):
        if file.stem not in shutter.wanted:
            file.unlink()
    return int(code) or bool(shutter.wanted - shutter.taken)


if __name__ == "__main__":
    sys.exit(main())
