from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = "协议"

    def ready(self) -> None:
        from agreements import acts, wiring  # noqa: F401
