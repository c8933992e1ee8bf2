"""Which font stands for which, what is said where a named one is missing, and characters that would vanish."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from documents import conf, fonts
from documents.management.commands import install_fonts


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site without fonts of its own."""
    monkeypatch.setattr(conf, "font_folder", lambda: tmp_path / "fonts")
    (tmp_path / "fonts").mkdir()
    fonts.lookup.cache_clear()
    fonts._covered.cache_clear()
    yield tmp_path / "fonts"
    fonts.lookup.cache_clear()
    fonts._covered.cache_clear()


def test_the_sites_own_fonts_come_first() -> None:
    choice = fonts.lookup()["fangsong"]
    assert choice.named
    assert choice.file is not None
    assert choice.file.is_relative_to(conf.font_folder())
    assert fonts.families("fangsong").startswith('"dingdian-fangsong", "Noto Serif CJK SC"')


def test_without_them_every_stand_in_is_said(empty_folder: Path) -> None:
    said = fonts.stand_ins()
    assert "仿宋：未安装，以 Noto Serif CJK SC 代替" in said
    assert "黑体：未安装，以 Noto Sans CJK SC 代替" in said
    assert "小标宋：未安装，以 Noto Serif CJK SC（粗体） 代替" in said
    assert fonts.face_rules() == ""


def test_an_office_can_bring_the_font_that_the_standard_names(empty_folder: Path) -> None:
    from fontTools.ttLib import TTFont

    source = next(Path(conf.settings.FONT_DIR).glob("FandolHei-Regular.otf"))
    with TTFont(source) as font:
        for record in font["name"].names:
            if record.nameID == 1:
                record.string = "FZXiaoBiaoSong-B05S"
        font.save(empty_folder / "own.otf")
    fonts.lookup.cache_clear()
    assert fonts.lookup()["title"].named
    assert "小标宋：FZXiaoBiaoSong-B05S" in [choice.sentence for choice in fonts.lookup().values()]


def test_a_broken_file_in_the_folder_is_passed_over(empty_folder: Path) -> None:
    (empty_folder / "broken.otf").write_bytes(b"not a font")
    assert fonts.lookup()["fangsong"].file is None


@pytest.mark.parametrize(
    ("letter", "rare"),
    [
        ("中", False),
        ("镕", True),
        ("𬀩", True),
        ("A", False),
        ("　", False),
        ("（", False),
        ("〔", False),
    ],
)
def test_rare_characters_are_those_that_the_body_font_lacks(letter: str, rare: bool) -> None:
    assert fonts.is_rare(letter) is rare
    assert not fonts.is_missing(letter)


def test_a_character_that_no_font_has_is_known_to_be_missing() -> None:
    assert fonts.missing("姓名\U0003134f\U0003134f") == ["\U0003134f"]


def test_installing_again_fetches_nothing_and_says_what_is_used(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_fetching(folder: Path) -> str:
        raise AssertionError("fetched what was there")

    monkeypatch.setattr(install_fonts, "fetch", no_fetching)
    call_command("install_fonts")
    assert "仿宋：FandolFang" in capsys.readouterr().out


def test_a_machine_without_apt_is_told_what_is_used_instead(
    empty_folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "apt-get" else real(name))
    call_command("install_fonts")
    said = capsys.readouterr()
    assert "没有取得 Fandol 字体：本机没有 apt-get" in said.err
    assert "仿宋：未安装，以 Noto Serif CJK SC 代替" in said.out
