"""The steps of a start that need Django, in one process: `python -m launch.steps migrate collect seed demo logins`.

Runs inside the virtual environment. Everything it says goes to standard error, except the demo logins.
"""

import os
import sys
from collections.abc import Callable

# Commands that fill in what every site has; each leaves alone what is there already.
SEEDS = ("seed_calendar", "seed_offices", "seed_documents", "seed_materials", "seed_rubric", "seed_templates")


def migrate() -> None:
    """Bring the tables up to date; prints `fresh` when there were none."""
    from django.core.management import call_command
    from django.db import connection

    if "django_migrations" not in connection.introspection.table_names():
        sys.stdout.write("fresh\n")
    call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)


def collect() -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, clear=True, verbosity=0, stdout=sys.stderr)


def seed() -> None:
    from django.core.management import call_command, get_commands

    for command in SEEDS:
        if command in get_commands():
            call_command(command, stdout=sys.stderr)


def demo() -> None:
    from django.core.management import call_command, get_commands

    if "make_demo" in get_commands():
        call_command("make_demo", stdout=sys.stderr)


def logins() -> None:
    from django.core.management import call_command, get_commands

    if "show_logins" in get_commands():
        call_command("show_logins")


STEPS: dict[str, Callable[[], None]] = {"migrate": migrate, "collect": collect, "seed": seed, "demo": demo, "logins": logins}


def main(names: list[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for name in names:
        STEPS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
