from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "standing"
    verbose_name = "失信与禁止"

    def ready(self) -> None:
        from casework import preview
        from standing import acts  # noqa: F401
        from standing.reading import bans_as_text

        preview.compared.append(bans_as_text)
