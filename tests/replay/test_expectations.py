"""When an answer is as expected."""

import pytest

from replay.expectations import holds

ANSWER = {"state": "accepted", "due": "2026-06-02", "days": 14, "clauses": ["M12.4", "M12.8"], "yes": False, "none": None}
ROWS = [{"clause": "M12.4", "until": "2029-03-10"}, {"clause": "M12.8", "until": None}]


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ({}, ANSWER),
        ({"state": "accepted", "due": "2026-06-02", "days": 14, "yes": False, "none": None}, ANSWER),
        ({"days": "14"}, ANSWER),
        ({"absent": None}, ANSWER),
        ({"clauses": ["M12.8", "M12(4)"]}, ANSWER),
        ({"clauses": {"contains": ["M12.8"], "lacks": ["M9.8"]}}, ANSWER),
        ([{"clause": "M12.8"}, {"clause": "M12.4", "until": "2029-03-10"}], ROWS),
        # The first item fits both rows, the second only the first: each finds one of its own.
        ([{}, {"clause": "M12.4"}], ROWS),
        ({"contains": [{"until": None}], "lacks": [{"clause": "M9.8"}]}, ROWS),
        ({"contains": 13}, [1, 13]),
        ([], []),
    ],
)
def test_holds(expected: object, answer: object) -> None:
    assert holds(expected, answer)


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ({"state": "refused"}, ANSWER),
        ({"none": False}, ANSWER),
        ({"yes": None}, ANSWER),
        ({"due": None}, ANSWER),
        ({"clauses": ["M12.4"]}, ANSWER),
        ([{"clause": "M12.4"}], ROWS),
        ([{"clause": "M12.4"}, {"clause": "M12.4"}], ROWS),
        ({"contains": [{"clause": "M12.8", "until": "2029-03-10"}]}, ROWS),
        ({"lacks": [{"clause": "M12.8"}]}, ROWS),
        ([1, 1, 13], [1, 13, 13]),
        ({"state": ["accepted"]}, ANSWER),
    ],
)
def test_does_not_hold(expected: object, answer: object) -> None:
    assert not holds(expected, answer)
