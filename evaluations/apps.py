from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "评估"

    def ready(self) -> None:
        from evaluations import acts, wiring  # noqa: F401
