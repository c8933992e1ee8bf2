from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = "时限"

    def ready(self) -> None:
        from deadlines.calendar_changes import on_calendar_change
        from deadlines.timers import wake_open_cases

        on_calendar_change(wake_open_cases)
