from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "申请"

    def ready(self) -> None:
        from applications import acts, wiring  # noqa: F401
