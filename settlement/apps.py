from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "settlement"
    verbose_name = "结算答复"

    def ready(self) -> None:
        from settlement import keeping  # noqa: F401
