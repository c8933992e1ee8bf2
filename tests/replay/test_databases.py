"""Each case has a database of its own; one that is given is used only if nothing of anybody's can be lost."""

from collections.abc import Iterator

import pytest
from django.db import connection

from institutions.models import Institution
from offices.models import Office
from replay import databases as own
from replay.databases import Databases, NoDatabase
from tests.factories import HospitalFactory

pytestmark = pytest.mark.slow


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


def test_a_changed_seed_or_migration_makes_a_new_template_and_drops_the_old(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    databases.prefix = f"{databases.prefix}t_"
    monkeypatch.setattr(own, "_fill", lambda: None)
    for fingerprint in ("one", "one", "two"):
        databases.count, databases.fingerprint = 0, fingerprint
        with databases.fresh():
            assert connection.settings_dict["NAME"].startswith(f"{databases.prefix}run_")
        with databases._server() as server:
            assert _databases(server, databases.prefix) == [f"{databases.prefix}{fingerprint}"]
    with databases._server() as server:
        server.execute(f'drop database "{databases.prefix}two"')


def test_leftovers_are_dropped_but_nothing_of_anybody_else(databases: Databases) -> None:
    databases.prefix = f"{databases.prefix}u_"
    left_over, foreign = f"{databases.prefix}run_1000000000_1_1", f"{databases.prefix}site"
    with databases._server() as server:
        own._create(server, left_over, "template0")
        server.execute(f'create database "{foreign}" template template0')
        databases._tidy(server, "none")
        assert _databases(server, databases.prefix) == [foreign]
        server.execute(f'drop database "{foreign}"')


def _databases(server, prefix: str) -> list[str]:
    server.execute("select datname from pg_database where starts_with(datname, %s) order by datname", [prefix])
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
