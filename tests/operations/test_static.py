"""Static files come from the installed packages, and only those that pages use."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from config.static import FILES, VendorFinder


@pytest.mark.parametrize("name", [name for names in FILES.values() for name in names])
def test_every_listed_file_is_found(name: str) -> None:
    assert Path(finders.find(name)).stat().st_size > 0


def test_collecting_opens_the_listed_files_under_their_new_names() -> None:
    listed = dict(VendorFinder().list([]))
    assert set(listed) == {name for names in FILES.values() for name in names}
    with listed["vendor/htmx/htmx.min.js"].open("vendor/htmx/htmx.min.js") as file:
        assert b"htmx" in file.read(2000)


def test_what_is_not_listed_is_not_found() -> None:
    assert finders.find("django_htmx/htmx-2.js") is None
    assert finders.find("bootstrap-icons/alarm.svg") is None
