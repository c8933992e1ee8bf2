from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "disputes"
    verbose_name = "争议处理"

    def ready(self) -> None:
        from disputes import acts, wiring  # noqa: F401
