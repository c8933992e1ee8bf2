"""The steps of a start that need Django, in one process: `python -m launch.steps migrate seed collect demo logins fonts`.

They run inside the virtual environment. What they say goes to standard error; standard output carries only what the start
itself reads: `fresh`, `made` and the demo logins.
"""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

# What every site has, and people may change afterwards: each function leaves alone what is there already.
SEEDS = (
    ("deadlines.calendar_changes", "seed"),
    ("offices.seeding", "seed_offices"),
    ("applications.seeding", "seed_slots"),
    ("evaluations.seeding", "seed_rubrics"),
    ("agreements.seeding", "seed_templates"),
)

# As pytest-xdist names the processes of `-n 2`.
TEST_WORKERS = ("gw0", "gw1")


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
    from django.db import transaction

    with transaction.atomic():
        for module, function in SEEDS:
            if find_spec(module):
                getattr(import_module(module), function)()


def fonts() -> None:
    from django.core.management import call_command

    call_command("install_fonts", stdout=sys.stderr)


def demo() -> None:
    """Prints `made` when there is a command for it and it succeeded."""
    from django.core.management import call_command, get_commands

    if "make_demo" in get_commands():
        call_command("make_demo", stdout=sys.stderr)
        sys.stdout.write("made\n")


def logins() -> None:
    from django.core.management import call_command, get_commands

    if "show_logins" in get_commands():
        call_command("show_logins")


def drop_test_databases() -> None:
    """What an earlier run left, or this one leaves on a server that is not the tests' own."""
    from django.db import connection

    name = connection.settings_dict["TEST"]["NAME"]
    with connection._nodb_cursor() as cursor:
        for database in (name, *(f"{name}_{worker}" for worker in TEST_WORKERS)):
            cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(database)} WITH (FORCE)")


def test_databases() -> None:
    """An empty migrated database for the tests, and a copy for each worker: copying takes a tenth of a second."""
    from django.db import connection

    drop_test_databases()
    connection.creation.create_test_db(verbosity=0)
    for worker in TEST_WORKERS:
        connection.creation.clone_test_db(worker, verbosity=0)


STEPS: dict[str, Callable[[], None]] = {
    "migrate": migrate,
    "seed": seed,
    "collect": collect,
    "fonts": fonts,
    "demo": demo,
    "logins": logins,
    "test-databases": test_databases,
    "drop-test-databases": drop_test_databases,
}


def main(names: list[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for name in names:
        STEPS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
