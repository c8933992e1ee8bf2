"""`./test` runs each test in one part and forgets none."""

from itertools import product
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from launch import testing

MARKS = ("browser", "processes", "long", "slow")


def chosen_by(arguments: list[str], marks: set[str]) -> list[str]:
    """The parts of `./test ARGUMENTS` that run a test with these marks."""
    found = []
    for part in testing.parts(arguments):
        if part.report:
            expression = part.command[part.command.index("-m", 2) + 1]
            if Expression.compile(expression).evaluate(lambda name, **_: name in marks):
                found.append(part.name)
    return found


@pytest.mark.parametrize("combination", list(product([False, True], repeat=len(MARKS))))
def test_each_test_runs_exactly_once(combination: tuple[bool, ...]) -> None:
    marks = {mark for mark, there in zip(MARKS, combination, strict=True) if there}
    assert len(chosen_by(["long"], marks)) == 1
    assert len(chosen_by([], marks)) == ("long" not in marks)
    assert len(chosen_by(["quick"], marks)) == (not marks)


def test_arguments_go_to_pytest_and_nothing_else_runs() -> None:
    _, part = testing.parts(["-k", "name", "tests/offices"])
    assert part.command[-3:] == ("-k", "name", "tests/offices")
    _, part = testing.parts(["long", "-x"])
    assert part.command[-1] == "-x"


def test_the_tests_of_all_reports_are_counted(tmp_path: Path) -> None:
    report = '<testsuites><testsuite tests="5" failures="1" errors="1" skipped="0"/></testsuites>'
    (tmp_path / "one.xml").write_text(report)
    (tmp_path / "two.xml").write_text(report.replace('failures="1"', 'failures="0"'))
    assert testing.counted(tmp_path) == (7, 3)


@pytest.mark.parametrize(
    ("statuses", "report", "expected"),
    [((0, 0), 'tests="1"', 0), ((1, 0), 'tests="1"', 1), ((0, 0), 'tests="1" failures="1"', 1), ((0, 0), 'tests="0"', 1)],
)
def test_any_failure_and_no_test_at_all_fail(statuses: tuple[int, ...], report: str, expected: int, tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(f"<testsuites><testsuite {report}/></testsuites>")
    outcomes = [testing.Outcome(f"part {number}", 1.0, status) for number, status in enumerate(statuses)]
    assert testing.summary(outcomes, tmp_path, 2.0) == expected
