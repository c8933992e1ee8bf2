"""Each case has a database of its own; one that is given is used only if nothing of anybody's can be lost."""
from collections.abc import Iterator

import pytest
from django.db import connection
from institutions.models import Institution
from offices.models import Office
from replay import databases as own
from replay.databases import Databases, NoDatabase
from tests.factories import HospitalFactory, OfficeFactory


@pytest.fixture
def given(databases: Databases) -> Iterator[dict[str, object]]:
    """An empty database that somebody has set up for replay."""
    name = f"{databases.working['NAME']}_given"
    with databases._server() as server:
        server.execute(f'drop database if exists "{name}" with (force)')
        server.execute(f'create database "{name}" template template0')
    yield {**databases.working, "NAME": name}
    connection.close()
    with databases._server() as server:
        server.execute(f'drop database "{name}" with (force)')


def test_every_case_begins_with_the_offices_and_nothing_else(databases: Databases) -> None:
    for _ in range(2):
        with databases.fresh():
            assert Office.objects.filter(role="city_agency").count() == 1
            assert not Institution.objects.exists()
            HospitalFactory()


def test_a_changed_seed_or_migration_makes_a_new_template(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    with databases.fresh():
        pass
    built = []
    monkeypatch.setattr(own, "fingerprint", lambda: "changed")
    monkeypatch.setattr(own, "_fill", lambda: built.append(connection.settings_dict["NAME"]))
    with databases._server() as server:
        before = {name for name in _databases(server) if name.startswith(databases._prefix())}
        monkeypatch.setattr(Databases, "_tidy", lambda *_: None)
        assert databases._template() == databases._prefix() + "changed"
        assert databases._template() == databases._prefix() + "changed"
        assert built == [databases._prefix() + "changed_new"]
        assert set(_databases(server)) >= before
        server.execute(f'drop database "{databases._prefix()}changed"')


def _databases(server) -> list[str]:
    server.execute("select datname from pg_database")
    return [name for (name,) in server.fetchall()]


def test_a_given_database_is_emptied_for_every_case(databases: Databases, given: dict[str, object]) -> None:
    databases.given = given
    for _ in range(2):
        with databases.fresh():
            assert connection.settings_dict["NAME"] == given["NAME"]
            assert Office.objects.filter(role="city_agency").count() == 1
            assert not Institution.objects.exists()
            HospitalFactory()
    assert connection.settings_dict["NAME"] == databases.working["NAME"]


def test_a_given_database_with_something_else_in_it_is_left_alone(databases: Databases, given: dict[str, object]) -> None:
    databases.given = given
    with own._connected(given), connection.cursor() as cursor:
        cursor.execute("create table precious (id int)")
    with pytest.raises(NoDatabase, match="不是空的"), databases.fresh():
        pass
    with own._connected(given), connection.cursor() as cursor:
        cursor.execute("select count(*) from precious")


def test_the_working_database_cannot_be_given(databases: Databases) -> None:
    databases.given = dict(databases.working)
    with pytest.raises(NoDatabase, match="工作数据库"), databases.fresh():
        pass
