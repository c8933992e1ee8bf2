"""The list of every route of the API: who is answered what, with a token (M3, R16). A route that is not here fails the walk.

Without a token, and with one of somebody locked or without an office, the answer is 401 wherever a token is needed; who
has left shows a dead token and is told so even where none is needed. Acts are walked by tests/permissions/test_acts.py.
"""

from __future__ import annotations

from typing import Any

from tests.permissions.expected import (
    CASE_READERS,
    READERS,
    WHOLE_CITY,
    Answers,
    Row,
    agreement,
    case,
    everybody,
    institution,
    only,
    person,
    pk,
)
from tests.permissions.world import (
    ADMINISTRATOR,
    AUDITOR,
    CITY,
    CITY_BUREAU,
    EVALUATOR,
    OTHER_EVALUATOR,
    OTHER_INSTITUTION,
    OWN_BUREAU,
    OWN_DISTRICT,
    OWNER,
)

ALL = everybody()
SENDERS = only(OWN_DISTRICT, CITY, CITY_BUREAU, OWNER, answer=415, forbidden=[OWN_BUREAU, AUDITOR])  # JSON holds no file
UNUSABLE = everybody(400)  # the question lacks what must be asked
CASE = only(*CASE_READERS, OWNER)
CLOSED = (401, 401, 401)


def closed(answers: Answers, method: str = "GET", **more: Any) -> dict[str, Row]:
    """A method that needs a token."""
    return {method: Row(answers, outside=CLOSED, **more)}


def opened(answers: Answers, **more: Any) -> dict[str, Row]:
    """Everybody may ask; a token that holds no longer is refused all the same."""
    status = next(iter(answers.values()))
    return {"GET": Row(answers, outside=(status, 401, 401), **more)}


signed = case("signed")
evaluating = case("evaluating")
proposal = pk(lambda world: world.proposal)
paper = pk(lambda world: world.paper)

ROUTES: dict[str, dict[str, Row]] = {
    # Lists hold what one may see (tests/api/test_reading.py), so that everybody may ask for them.
    **{f"api:{name}": closed(ALL) for name in (
        "applications", "agreements", "institutions", "people", "documents", "deadlines", "records", "proposals", "offices", "colleagues",
        "me",
    )},
    "api:tokens": closed(ALL) | {"POST": Row(UNUSABLE, outside=(400, 401, 401))},
    "api:token": closed(only(CITY, answer=204), "DELETE", named=pk(lambda world: world.tokens[CITY])),
    # A case of the own district
    "api:application": closed(only(*CASE_READERS, OWNER, EVALUATOR), **evaluating),
    "api:applications-materials": closed(only(*CASE_READERS, OWNER, EVALUATOR), **evaluating),
    "api:applications-evaluations": closed(only(*CASE_READERS, OWNER, EVALUATOR), **evaluating),
    "api:applications-deadlines": closed(only(*CASE_READERS, OWNER, EVALUATOR), **evaluating),
    "api:applications-documents": closed(only(*CASE_READERS, OWNER, EVALUATOR), **evaluating),
    "api:applications-log": closed(only(*CASE_READERS, OWNER, EVALUATOR), **evaluating),
    "api:material-file": closed(CASE, named=lambda world: {"pk": world.material.application_id, "material": world.material.pk}),
    **{f"api:{name}": closed(CASE, named=pk(agreement)) for name in (
        "agreement", "agreements-deadlines", "agreements-documents", "agreements-log",
    )},
    **{f"api:{name}": closed(CASE, named=pk(institution)) for name in (
        "institution", "institutions-bans", "institutions-may-apply", "institutions-deadlines", "institutions-documents",
        "institutions-log",
    )},
    "api:institutions-attachments": closed(CASE, named=pk(institution))
    | {"POST": Row(SENDERS, outside=CLOSED, named=pk(institution))},
    "api:attachment-file": closed(CASE, named=pk(lambda world: world.attachment)),
    "api:disputes": closed(ALL),
    **{f"api:{name}": closed(CASE, named=pk(lambda world: world.dispute)) for name in (
        "dispute", "disputes-deadlines", "disputes-documents", "disputes-log",
    )},
    "api:person": closed(only(*WHOLE_CITY), named=pk(person)),
    "api:document": closed(CASE, named=paper),
    "api:document-file": closed(CASE, named=paper),
    "api:record": closed(CASE, named=pk(lambda world: world.record)),
    # The second signature: the office's own; the auditor reads
    "api:proposal": closed(only(CITY, AUDITOR), named=proposal),
    "api:proposal-confirm": closed(only(CITY), "POST", named=proposal),
    "api:proposal-return": closed(only(CITY, answer=400), "POST", named=proposal),  # without a reason
    "api:proposal-withdraw": closed(only(CITY, answer=422), "POST", named=proposal),  # by its handler alone
    # Settlement: offices for their district or the city, an institution for itself (R8)
    "api:settlement-answer": closed(
        only(*CASE_READERS, OWNER, forbidden=[ADMINISTRATOR, EVALUATOR, OTHER_EVALUATOR]),
        named=lambda world: {"code": institution(world).uscc},
    ),
    "api:settlement-answers": closed(
        only(*READERS, OWNER, OTHER_INSTITUTION, answer=400, forbidden=[ADMINISTRATOR, EVALUATOR, OTHER_EVALUATOR]), "POST"
    ),
    "api:settlement-snapshot": closed(only(*READERS, others=403)),
    "api:settlement-changes": closed(only(*READERS, answer=400, others=403)),
    # Everybody
    **{f"api:public-{name}": opened(ALL) for name in ("institutions", "notices", "terminations", "templates")},
    **{f"api:public-{name}": opened(UNUSABLE) for name in ("verification", "calendar", "calculator", "materials")},
    "api:public-institution": opened(ALL, named=pk(institution)),
    "api:public-document-file": opened(ALL, named=lambda world: {"code": world.public_paper.code}),
    "api:openapi": opened(ALL),
}  # fmt: skip

# The page that shows the description, and the answer to every other address.
PAGES = {"api:docs", "api:nowhere"}
