"""Working days for the model (R1): the State Council's arrangement of 2026, copied from its notice; other years provisionally."""

from datetime import date, timedelta

_OFF_2026 = [
    (date(2026, 1, 1), 3), (date(2026, 2, 15), 9), (date(2026, 4, 4), 3), (date(2026, 5, 1), 5), (date(2026, 6, 19), 3),
    (date(2026, 9, 25), 3), (date(2026, 10, 1), 7),
]  # fmt: skip
OFF = {first + timedelta(days=n) for first, days in _OFF_2026 for n in range(days)}
MADE_UP = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)}
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def working(day: date) -> bool:
    if day.year == 2026:
        return day in MADE_UP or (day.weekday() < 5 and day not in OFF)
    return day.weekday() < 5 and (day.month, day.day) not in FIXED
