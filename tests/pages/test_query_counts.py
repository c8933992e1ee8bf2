"""Every page and every route that is only read takes as many statements with fifty rows as with one.

What is asked is the list of tests/permissions (a page that is missing there fails there), by somebody who is answered. A
page must show visibly more in the larger world, or it measures nothing; those that rightly do not are named here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api.base import Listing
from deadlines import clock
from tests.pages.crowd import crowd
from tests.permissions.expected import Row
from tests.permissions.pages import DESK, PAGES
from tests.permissions.programs import ROUTES
from tests.permissions.walking import routes
from tests.permissions.world import (
    ADMINISTRATOR,
    ANONYMOUS,
    CITY,
    CITY_BUREAU,
    EVALUATOR,
    OWN_DISTRICT,
    OWNER,
    SUPERVISOR,
    TODAY,
    World,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEW, MANY = 1, 50
# The page of the first that is let in is measured.
ASKING = (CITY, OWN_DISTRICT, OWNER, EVALUATOR, CITY_BUREAU, SUPERVISOR, ADMINISTRATOR, ANONYMOUS)
MORE = 5  # rows that many must show beyond few, or nothing was measured
PAGE = {FEW: 20, MANY: 50}  # rows of a list of the API


@dataclass(frozen=True)
class Cost:
    statements: Counter[str]
    rows: int


READ: dict[str, tuple[Row, bool]] = {name: (row, False) for name, row in PAGES.items()}
READ |= {name: (methods["GET"], True) for name, methods in ROUTES.items() if "GET" in methods}


LISTS = {name for name, view in routes().items() if isinstance(view, type) and issubclass(view, Listing)}


def asking(name: str, row: Row) -> list[str]:
    """Who opens the page: one that is let in; a list of the desk is different for a district."""
    answers = row.get | ({ANONYMOUS: 200} if row.outside and row.outside[0] == 200 else {})
    found = [who for who in ASKING if answers.get(who) == 200]
    return found[:2] if name in DESK else found[:1]


SHOWN = [(name, who) for name, (row, _) in READ.items() for who in asking(name, row)]


# A row of a table, an entry of a list, a choice, an object of the API.
ROW = re.compile(rb"<tr|<li|<option|<article|\{")


def shape(sql: str) -> str:
    """A statement without what differs from row to row, so that a failure can say which one there are more of."""
    return re.sub(r"\(\?(, \?)+\)", "(…)", re.sub(r"'[^']*'|_sync_\d+|\b\d+\b", "?", sql))


def measured(world: World, number: int, times: int) -> dict[tuple[str, str], Cost]:
    """What each page costs when it is opened for the last time: what a process keeps, it keeps from the first time on."""
    found = {}
    world.ask(CITY, "GET", reverse("desk:calendar"))
    for name, who in SHOWN:
        row, api = READ[name]
        address = reverse(name, kwargs=row.named(world)) + (f"?limit={PAGE[number]}" if name in LISTS else "")
        for _ in range(times):
            with CaptureQueriesContext(connection) as queries:
                answer = world.ask(who, "GET", address, row.of, api=api)
            assert answer.status_code == 200, (name, who, answer.status_code)
        statements = Counter(shape(query["sql"]) for query in queries if "SAVEPOINT" not in query["sql"])
        found[name, who] = Cost(statements, 0 if answer.streaming or "pdf" in answer["Content-Type"] else len(ROW.findall(answer.content)))
    return found


@pytest.fixture(scope="module")
def costs(django_db_setup, django_db_blocker) -> list[dict[tuple[str, str], Cost]]:
    found = []
    for number, times in ((FEW, 2), (MANY, 1)):
        with django_db_blocker.unblock(), transaction.atomic(), clock.frozen(clock.at(TODAY, 10)):
            found.append(measured(crowd(number), number, times))
            transaction.set_rollback(True)
    return found


# What rightly shows as many rows however many there are.
FORMS = """
    documents:verify documents:verified accounts:forgotten accounts:reset accounts:sign_up accounts:sign_up_status accounts:sign_in
    accounts:invitation accounts:second_factor_setup accounts:password accounts:me accounts:invite accounts:powers accounts:act
    accounts:sign_up_answer administration:office administration:office_new administration:settings public:objection
    public:objection_done public:calculator portal:apply portal:apply_for portal:consent portal:dispute portal:fill_in
    portal:template portal:slot portal:statements portal:check_answers portal:filed portal:supplement portal:evidence
    portal:withdraw portal:decline portal:ask portal:paper portal:settlement desk:settlement desk:proposal
"""
SINGLE = """
    health home public:guide public:institution api:me api:application api:agreement api:dispute api:document api:record api:proposal
    api:institutions-bans api:institutions-may-apply api:public-institution api:settlement-answer api:openapi
"""
# The law's own lists, figures, files of one institution,
# and a list whose page is full with the offices every site has (tests/pages/administration counts it).
AS_LONG_AS_EVER = """
    portal:draft desk:materials desk:findings desk:overview api:applications-evaluations administration:offices
    api:institutions-attachments
"""
# Files, and lists that are sent piece by piece: their statements count, their rows are not looked at.
FILES = """
    desk:feed desk:export desk:applications_export desk:life_export desk:material desk:service_evidence portal:material portal:attachment
    documents:file documents:public_file public:designated_download public:notices_download public:terminated_download
    api:material-file api:attachment-file api:document-file api:public-document-file api:settlement-snapshot
"""
STILL = {*FORMS.split(), *SINGLE.split(), *AS_LONG_AS_EVER.split(), *FILES.split()}
# Each internet hospital that leans on the own one is a case of its own there; tests/pages/portal/test_home.py counts the rest.
FAMILIES = {"portal:home"}
# Some statements for each term back of the longest chain of renewals on the page.
CHAINS = {"api:agreements"}


@pytest.mark.parametrize(("name", "who"), SHOWN)
def test_fifty_rows_take_the_statements_of_one(costs, name: str, who: str) -> None:
    few, many = (each[name, who] for each in costs)
    more = many.statements.total() - few.statements.total()
    allowed = name in FAMILIES or (more < 0 and name in CHAINS)
    assert more == 0 or allowed, (many.statements - few.statements, few.statements - many.statements)


def test_what_is_measured_shows_more_where_there_is_more(costs) -> None:
    grown = {name for name, who in SHOWN if costs[1][name, who].rows - costs[0][name, who].rows >= MORE}
    still = {name for name, _ in SHOWN} - grown
    assert (sorted(still - STILL), sorted(STILL - still)) == ([], [])
