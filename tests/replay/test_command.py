"""The command: what it prints, with which status it ends, and what it leaves behind."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from institutions.models import Institution
from replay.databases import Databases

CASE = """\
    case: 不得提前签约
    institutions: {h1: {name: 北京示例医院}}
    steps:
      - {on: 2026-03-02, do: apply, who: h1}
      - {on: 2026-03-05, do: sign, who: h1, refused: M9.4}
      - {on: 2026-03-06, ask: agreement, who: h1, expect: {state: none}}
"""
WRONG = """\
    institutions: {h1: {}}
    steps:
      - {on: 2026-03-02, do: accept, who: h1}
      - {on: 2026-03-02, do: apply, who: h1, refused: M6.1}
      - {on: 2026-03-02, ask: application, who: h1, expect: {state: signed}}
      - {on: 2026-03-02, ask: application, who: h1}
"""
UNUSABLE = "{steps: [{on: 2026-03-02, do: apply}]}"
Write = Callable[..., Path]

pytestmark = pytest.mark.slow


def run(*arguments: object) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("replay", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture(autouse=True)
def _open(databases: Databases) -> None:
    """Every test here reaches the database server."""


def test_json_is_one_object_a_file_on_one_line(written: Write) -> None:
    status, out, err = run(written(CASE), "--json")
    assert (status, err, out.count("\n")) == (0, "", 1)
    told = json.loads(out)
    message = told["steps"][1].pop("message")
    assert "合格" in message
    assert told == {
        "case": "不得提前签约",
        "ok": True,
        "steps": [
            {"n": 1, "on": "2026-03-02", "do": "apply", "result": "done"},
            {"n": 2, "on": "2026-03-05", "do": "sign", "result": "refused", "clauses": ["M9.4"], "expected": ["M9.4"], "held": True},
            {"n": 3, "on": "2026-03-06", "ask": "agreement", "answer": {"state": "none"}, "expected": {"state": "none"}, "held": True},
        ],
    }


def test_what_did_not_hold_is_told_and_the_case_goes_on(written: Write) -> None:
    status, out, _ = run(written(WRONG), "--json")
    told = json.loads(out)
    accept, apply, first, second = told["steps"]
    assert (status, told["ok"], told["case"]) == (1, False, "case")
    assert (accept["result"], accept["clauses"], accept["held"]) == ("refused", ["state"], False)
    assert apply == {"n": 2, "on": "2026-03-02", "do": "apply", "result": "done", "expected": ["M6.1"], "held": False}
    assert (first["answer"]["state"], first["expected"], first["held"]) == ("submitted", {"state": "signed"}, False)
    assert "held" not in second
    assert "expected" not in second


def test_lines_for_people(written: Write) -> None:
    status, out, _ = run(written(CASE), written(WRONG, "wrong.yaml"))
    lines = out.splitlines()
    assert status == 1
    assert lines[0] == "不得提前签约(case.yaml)"
    assert [line[2] for line in lines[1:4]] == [" ", "✓", "✓"]
    assert lines[-1] == "  不符合预期的步骤:1、2、3"


def test_a_file_that_cannot_be_used_is_named_and_the_highest_status_counts(written: Write, tmp_path: Path) -> None:
    path = written(UNUSABLE, "unusable.yaml")
    status, out, err = run(path, written(CASE), tmp_path / "missing.yaml", "--json")
    assert (status, out.count("\n")) == (2, 1)
    assert err.splitlines()[0] == f"{path}:第1步(apply),who:应写明机构。"
    assert "missing.yaml" in err


@pytest.mark.parametrize(
    ("scene", "told"),
    [
        ("institutions: {h1: {uscc: 12345}}", "institutions,h1,uscc"),
        (f"institutions: {{h1: {{}}}}, people: {{zhao: {{name: {'赵' * 101}}}}}", "people,zhao"),
        ("institutions: {h1: {}}, chains: {c1: {uscc: 91110105MA0000000B}, c2: {uscc: 91110105MA0000000B}}", "chains,c2"),
    ],
)
def test_what_cannot_be_kept_is_a_mistake_of_the_file(scene: str, told: str, written: Write) -> None:
    status, _, err = run(written(f"{{{scene}, steps: [{{on: 2026-03-02, ask: bans, who: h1}}]}}"))
    assert status == 2
    assert told in err


@pytest.mark.django_db(transaction=True)
def test_the_working_database_is_not_touched_and_nothing_is_left(written: Write, databases: Databases) -> None:
    before = connection.settings_dict["NAME"]
    run(written(CASE))
    assert connection.settings_dict["NAME"] == before
    assert not Institution.objects.filter(name="北京示例医院").exists()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_database where datname like %s", [f"{before[:24]}\\_replay\\_run\\_%"])
        assert cursor.fetchone() == (0,)


def test_papers_are_rendered_on_request(written: Write, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    status, _, _ = run(written(CASE), "--pdf", folder)
    assert status == 0
    assert [path.name for path in folder.iterdir()] == ["case-001-01.pdf"]
    assert next(folder.iterdir()).read_bytes().startswith(b"%PDF-")
