from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = "医药机构"

    def ready(self) -> None:
        from casework import locks
        from institutions import acts, posts, signing_up  # noqa: F401

        locks.people_of = posts.person_ids
        signing_up.register()
