"""The file of a backup: whole or refused, never half taken."""

import io
import random
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from launch.archive import FORMAT, MANIFEST, unpacked, written
from launch.saying import Stop

CONTENTS = {
    "database.dump": b"PGDMP" + bytes(range(256)) * 40,
    "media/材料/申请表.pdf": b"%PDF-1.7",
    "keys/identity.json": b"[]",
    "media/empty": b"",
}


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    path = tmp_path / "backup.tar"
    with written(path, {"server": 15}) as archive:
        for name, content in CONTENTS.items():
            source = tmp_path / "source"
            source.write_bytes(content)
            archive.add(name, source)
    return path


def laid_out(path: Path, to: Path) -> dict[str, bytes]:
    to.mkdir()
    unpacked(path, to)
    found = {each.relative_to(to).as_posix(): each.read_bytes() for each in to.rglob("*") if each.is_file()}
    return {name: content for name, content in found.items() if name not in (FORMAT, MANIFEST)}


def test_what_is_written_is_laid_out_again_byte_for_byte(backup: Path, tmp_path: Path) -> None:
    assert laid_out(backup, tmp_path / "out") == CONTENTS
    assert unpacked(backup, tmp_path / "again")["server"] == 15


def test_only_its_owner_reads_it(backup: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    laid_out(backup, tmp_path / "out")
    assert {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "out").rglob("*") if each.is_file()} == {0o600}


def test_no_file_is_written_over_and_a_failure_leaves_none(backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(Stop, match="there already"), written(backup, {}):
        pass
    assert backup.read_bytes() == before
    with pytest.raises(ValueError, match="full"), written(tmp_path / "other.tar", {}):
        raise ValueError("full")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backup.tar", "source"]


def test_cut_short_anywhere_it_is_refused(backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    with tarfile.open(backup) as tar:
        manifest = tar.getmember(MANIFEST)
    end = manifest.offset_data + manifest.size
    for number, length in enumerate([600, 1024, 2000, manifest.offset - 512, manifest.offset, manifest.offset_data, end - 1]):
        cut = tmp_path / f"cut{number}.tar"
        cut.write_bytes(content[:length])
        with pytest.raises(Stop, match="is damaged"):
            laid_out(cut, tmp_path / f"out{number}")


def test_one_changed_byte_anywhere_is_found_or_changes_nothing(backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    chance, refused = random.Random(7), []
    for number in range(300):
        place = chance.randrange(len(content))
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        path = tmp_path / "changed.tar"
        path.write_bytes(changed)
        try:
            assert laid_out(path, tmp_path / f"out{number}") == CONTENTS
        except Stop as stop:
            refused.append(str(stop))
    assert len(refused) > 100
    assert all("is damaged" in each or "is no backup" in each for each in refused)


def test_a_changed_file_is_named(backup: Path, tmp_path: Path) -> None:
    backup.write_bytes(backup.read_bytes().replace(b"PGDMP", b"PGDMQ"))
    with pytest.raises(Stop, match=r"damaged \(database.dump is not as it was written\)"):
        laid_out(backup, tmp_path / "out")


def foreign(kind: str, path: Path) -> None:
    if kind == "text":
        path.write_text("not a backup")
    elif kind == "empty":
        path.touch()
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("database.dump", "x")
    else:
        with tarfile.open(path, "w") as tar:
            for name in {"tar": ["notes.txt", MANIFEST], "outside": ["../outside"], "absolute": ["/etc/outside"]}[kind]:
                member = tarfile.TarInfo(name)
                member.size = 2
                tar.addfile(member, io.BytesIO(b"{}"))


@pytest.mark.parametrize("kind", ["text", "empty", "zip", "tar", "outside", "absolute"])
def test_another_programs_file_is_refused_and_writes_nothing_outside(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "foreign"
    foreign(kind, path)
    with pytest.raises(Stop, match="is no backup of Dingdian"):
        laid_out(path, tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_not_there_and_a_folder_are_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="does not exist"):
        laid_out(tmp_path / "none", tmp_path / "out")
    with pytest.raises(Stop, match="cannot be read"):
        laid_out(tmp_path, tmp_path / "out2")
