"""The command: figures and reasons on stdout, the bar on stderr, every row in the report file."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from institutions.models import Institution
from offices.seeding import seed_districts
from tests.institutions.lists import LEGACY, text_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def old_list(tmp_path: Path) -> Path:
    seed_districts()
    return text_file(tmp_path, "old.tsv", LEGACY)


def test_figures_and_reasons_on_stdout_and_the_bar_on_stderr(old_list: Path, capfd: pytest.CaptureFixture[str]) -> None:
    call_command("import_institutions", old_list)
    said = capfd.readouterr()
    assert "共 9 行" in said.out
    assert "新增 8" in said.out
    assert "未录入 第 7 行 77777777 社区汇总医院：77777777 是汇总行" in said.out
    assert "请核对 1 行：所在区不明，待核定（第 6 行）。" in said.out
    assert "9/9" in said.err
    assert "9/9" not in said.out


def test_dry_run_says_that_nothing_was_written(old_list: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_institutions", old_list, "--dry-run")
    assert "没有写入" in capsys.readouterr().out
    assert not Institution.objects.exists()


def test_report_has_every_row(old_list: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    call_command("import_institutions", old_list, "--report", report)
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["行"]: row for row in csv.DictReader(file)}
    assert len(rows) == 9
    assert (rows["7"]["结果"], rows["1"]["结果"]) == ("未录入", "新增")
    assert rows["7"]["未录入的原因"]
    assert "已取消定点" in rows["3"]["请核对"]


def test_more_refused_rows_than_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed_districts()
    path = text_file(tmp_path, "bad.csv", [("名称", "类型"), *[("甲诊所", "宾馆")] * 203])
    call_command("import_institutions", path)
    out = capsys.readouterr().out
    assert out.count("不在可选") == 200
    assert "还有 3 行未录入，请用 --report 写出" in out


@pytest.mark.parametrize(
    ("name", "report", "reason"),
    [("nowhere.csv", None, "无法打开"), ("old.txt", None, "只能读取"), ("old.tsv", "no/folder.csv", "无法写报告")],
)
def test_what_cannot_be_done_is_said(old_list: Path, tmp_path: Path, name: str, report: str | None, reason: str) -> None:
    (tmp_path / "old.txt").write_text("x")
    options = ["--report", tmp_path / report] if report else []
    with pytest.raises(CommandError, match=reason):
        call_command("import_institutions", tmp_path / name, *options)
    assert not Institution.objects.exists()
