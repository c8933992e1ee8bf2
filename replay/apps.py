from django.apps import AppConfig


class ReplayConfig(AppConfig):
    name = "replay"
    verbose_name = "推演"

    def ready(self) -> None:
        from replay import questions, steps  # noqa: F401
