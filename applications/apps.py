from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "申请"

    def ready(self) -> None:
        from applications import acts, handing_over, wiring  # noqa: F401
