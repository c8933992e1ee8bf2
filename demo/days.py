"""Days of the past as demonstration needs them: told from today, so that desks show what is due, overdue and paused. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from deadlines.calendar import WorkingCalendar
from deadlines.periods import add_months


@dataclass(frozen=True)
class Days:
    """Everything happens before today, on working days."""

    today: date
    calendar: WorkingCalendar

    def ago(self, days: int) -> date:
        """That many working days before today; 1 is the last working day."""
        return self.before(self.today, days)

    def before(self, day: date, days: int) -> date:
        """That many working days before a day."""
        for _ in range(days):
            day = self._last_working(day - timedelta(days=1))
        return day

    def back(self, months: int = 0, days: int = 0) -> date:
        """Months and days back on the calendar (``days`` may be negative), on the next working day, but before today."""
        day = self.calendar.next_working(add_months(self.today, -months) - timedelta(days=days))
        return min(day, self.ago(1))

    def after(self, day: date, days: int) -> date:
        """That many working days after a day."""
        return self.calendar.add_working_days(day, days) if days else day

    def _last_working(self, day: date) -> date:
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        return day
