from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "办理"

    def ready(self) -> None:
        from casework import serving, settings_acts, void  # noqa: F401
