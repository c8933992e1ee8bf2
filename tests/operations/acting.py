"""Goes on acting in a database of its own until it is stopped: `python -m tests.operations.acting`, one line for each application."""

import itertools
import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from documents import rendering
    from documents.models import Document
    from institutions.madeup import MadeUp
    from offices.models import User
    from tests import driving, factories
    from tests.driving import Driver, on

    # What is made up is counted; this database may have some of it already.
    there = User.objects.count()
    factories.UserFactory.reset_sequence(there)
    factories.made = MadeUp(start=1000 * there)
    driving._OFFICES = itertools.count(1000 * there)
    while True:
        with on("2026-03-02"):
            driver = Driver()
            driver.apply()
            driver.do("accept")
        rendering.pdf(Document.objects.latest("pk"))
        print(Document.objects.count(), flush=True)


if __name__ == "__main__":
    main()
