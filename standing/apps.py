from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "standing"
    verbose_name = "失信与禁止"

    def ready(self) -> None:
        from standing import acts  # noqa: F401
