"""The list of every page: who is answered what (M3, R16, M29). A page that is not here fails the walk; add it to its group.

200 the page, 302 on to the next one, 403 not this person's task though the office is right, 404 does not exist for this
office, 405 wrong method, 409 the form was stale (an empty one always is), 410 a link that is used up.
"""

from __future__ import annotations

from tests.permissions.expected import (
    AGENCIES,
    CASE_READERS,
    DISTRICT_AGENCIES,
    EVALUATORS,
    INSTITUTIONS,
    READERS,
    WHOLE_CITY,
    Answers,
    Row,
    agreement,
    case,
    everybody,
    given,
    institution,
    only,
    person,
    pk,
)
from tests.permissions.world import ADMINISTRATOR, AUDITOR, CITY, CITY_BUREAU, EVALUATOR, OWN_DISTRICT, OWNER, SUPERVISOR, World

# Open to everybody, signed in or not (each stands in settings.PUBLIC_URLS).
OPEN = (200, 200, 200)
ALL = everybody()

PUBLIC: dict[str, Row] = {
    "health": Row(ALL, outside=OPEN),
    "documents:verify": Row(ALL, outside=OPEN),
    "documents:verified": Row(ALL, named=lambda world: {"code": world.paper.code}, outside=OPEN),
    "documents:public_file": Row(ALL, named=lambda world: {"code": world.public_paper.code}, outside=OPEN),
    "accounts:forgotten": Row(ALL, ALL, outside=OPEN),
    "accounts:reset": Row(ALL, ALL, named=lambda world: dict(zip(("uid", "token"), world.reset_link, strict=True)), outside=OPEN),
    "accounts:sign_up": Row(ALL, ALL, outside=OPEN),
    "accounts:sign_up_status": Row(ALL, ALL, outside=OPEN),
    "desk:feed": Row(ALL, named=lambda world: {"token": world.feed}, outside=OPEN),
    "public:designated": Row(ALL, outside=OPEN),
    "public:designated_download": Row(ALL, named=given(form="csv"), outside=OPEN),
    "public:institution": Row(ALL, named=pk(institution), outside=OPEN),
    "public:notices": Row(ALL, outside=OPEN),
    "public:notices_download": Row(ALL, named=given(form="csv"), outside=OPEN),
    "public:objection": Row(ALL, ALL, **case("public_notice"), outside=OPEN),
    "public:objection_done": Row(ALL, **case("public_notice"), outside=OPEN),
    "public:terminated": Row(ALL, outside=OPEN),
    "public:terminated_download": Row(ALL, named=given(form="csv"), outside=OPEN),
    "public:guide": Row(ALL, outside=OPEN),
    "public:guide_for": Row(ALL, named=given(kind="hospital"), outside=OPEN),
    "public:calculator": Row(ALL, outside=OPEN),
}

# Signing in and out: anonymous, locked, without an office any more.
DOOR: dict[str, Row] = {
    "home": Row(everybody(302), outside=(200, 200, 302)),
    "accounts:sign_in": Row(everybody(302), everybody(302), outside=(200, 200, 302)),
    "accounts:sign_out": Row(everybody(405), everybody(302), outside=(302, 302, 405)),
    "accounts:invitation": Row(ALL, everybody(302), named=lambda world: {"token": world.invitation_text}, outside=OPEN),
    "accounts:no_office": Row(everybody(302), outside=(302, 302, 403)),
    "accounts:second_factor": Row(everybody(302), everybody(302), outside=(302, 302, 302)),
    "accounts:second_factor_setup": Row(ALL, ALL, outside=(302, 302, 200)),
    "accounts:password": Row(ALL, ALL, outside=(302, 302, 200)),
    # Everybody's own
    "accounts:me": Row(ALL, ALL),
    "accounts:office": Row(everybody(405), everybody(302)),
    "accounts:notifications": Row(ALL),
    "accounts:notifications_read": Row(everybody(405), everybody(302)),
    "accounts:notification": Row(everybody(405), only(OWN_DISTRICT, answer=302), named=pk(lambda world: world.notification)),
}

# The people of the own district's agency: for its supervisor and the administrator.
BOSSES = only(SUPERVISOR, ADMINISTRATOR, forbidden=[OWN_DISTRICT])
member = pk(lambda world: world.member)


def office_of_member(world: World) -> dict[str, int]:
    return {"office_id": world.member.office_id}


PEOPLE: dict[str, Row] = {
    "accounts:people": Row(only(SUPERVISOR, ADMINISTRATOR, others=403)),
    "accounts:people_of": Row(BOSSES, named=office_of_member),
    "accounts:invite": Row(BOSSES, BOSSES, named=office_of_member),
    "accounts:withdraw": Row(
        everybody(405),
        only(SUPERVISOR, ADMINISTRATOR, answer=302, forbidden=[OWN_DISTRICT]),
        named=pk(lambda world: world.invitation),
    ),
    "accounts:person": Row(BOSSES, named=member),
    "accounts:reset_link": Row(everybody(405), BOSSES, named=member),
    "accounts:powers": Row(BOSSES, BOSSES, named=member),
    "accounts:leave": Row(BOSSES, BOSSES, named=member),
    "accounts:act": Row(BOSSES, BOSSES, named=lambda world: {"pk": world.member.pk, "what": "lock"}),
    "accounts:sign_ups": Row(only(*DISTRICT_AGENCIES)),
    "accounts:sign_up_answer": Row(only(OWN_DISTRICT), only(OWN_DISTRICT), named=pk(lambda world: world.sign_up)),
}

ADMINISTRATORS = only(ADMINISTRATOR, others=403)
SETTINGS = only(ADMINISTRATOR, CITY_BUREAU, AUDITOR, others=403)
ADMINISTRATION: dict[str, Row] = {
    "administration:offices": Row(ADMINISTRATORS),
    "administration:office_new": Row(ADMINISTRATORS, ADMINISTRATORS),
    "administration:office": Row(ADMINISTRATORS, ADMINISTRATORS, named=lambda world: {"pk": world.member.office_id}),
    "administration:account_log": Row(only(ADMINISTRATOR, AUDITOR, others=403)),
    "administration:settings": Row(SETTINGS),
    "administration:setting": Row(SETTINGS, ADMINISTRATORS, named=given(key="sign_up_open")),
}

# The desk of agencies, bureaus, evaluators and the auditor. What is a list of one's own is there for all of them.
DESK_PEOPLE = only(*READERS, *EVALUATORS)
LIST: Answers = only(*READERS)
CASE: Answers = only(*CASE_READERS)
DESK: dict[str, Row] = {
    "desk:todo": Row(DESK_PEOPLE),
    "desk:export": Row(DESK_PEOPLE),
    "desk:proposals": Row(DESK_PEOPLE),
    "desk:calendar": Row(DESK_PEOPLE),
    "desk:overview": Row(LIST),
    "desk:applications": Row(LIST),
    "desk:applications_export": Row(LIST),
    "desk:life_export": Row(LIST),
    "desk:agreements": Row(LIST),
    "desk:institutions": Row(LIST),
    "desk:life": Row(LIST),
    "desk:renewals": Row(LIST),
    "desk:settlement": Row(LIST),
    "desk:notices": Row(LIST),
    "desk:people": Row(only(*WHOLE_CITY)),
    # What the city sets, for all to read
    "desk:settings": Row(LIST),
    "desk:settings_part": Row(LIST, named=given(part="places")),
    "desk:template": Row(LIST, named=pk(lambda world: world.template)),
    "desk:timers": Row(only(CITY_BUREAU, AUDITOR, ADMINISTRATOR), only(ADMINISTRATOR)),
    "desk:consistency": Row(only(CITY, AUDITOR, ADMINISTRATOR)),
    "desk:workdays": Row(only(*READERS, *EVALUATORS, ADMINISTRATOR), only(CITY_BUREAU, ADMINISTRATOR)),
    "desk:batch": Row(only(method=AGENCIES), everybody(404)),
}
# A case of the own district: for everybody else it does not exist.
CASES: dict[str, Row] = {
    "desk:application": Row(CASE, **case("signed")),
    "desk:materials": Row(CASE, only(OWN_DISTRICT, answer=409), **case("signed")),
    "desk:findings": Row(only(*CASE_READERS, EVALUATOR), only(OWN_DISTRICT, CITY, EVALUATOR, answer=409), **case("evaluating")),
    "desk:material": Row(CASE, named=pk(lambda world: world.material)),
    "desk:service_evidence": Row(CASE, named=pk(lambda world: world.proof)),
    "desk:agreement": Row(CASE, named=pk(agreement)),
    "desk:institution": Row(CASE, named=pk(institution)),
    "desk:dispute": Row(CASE, named=pk(lambda world: world.dispute)),
    "desk:person": Row(only(*WHOLE_CITY), named=pk(person)),
    "desk:notice": Row(CASE, named=pk(lambda world: world.notice)),
    "desk:proposal": Row(only(CITY, AUDITOR), only(CITY), named=pk(lambda world: world.proposal)),
    "desk:proposal_consequences": Row(only(method=[*READERS, *EVALUATORS]), only(CITY), named=pk(lambda world: world.proposal)),
    "documents:file": Row(only(*CASE_READERS, OWNER), named=pk(lambda world: world.paper)),
    "portal:attachment": Row(only(*CASE_READERS, OWNER), named=pk(lambda world: world.attachment)),
    "portal:material": Row(only(*CASE_READERS, OWNER), named=pk(lambda world: world.material)),
}

# The portal: an institution's own. Other offices are told that it is not theirs; a case in it does not exist for them.
PORTAL = only(*INSTITUTIONS, others=403)
MINE = only(OWNER)
PORTAL_PAGES: dict[str, Row] = {
    "portal:home": Row(PORTAL),
    "portal:apply": Row(PORTAL, only(*INSTITUTIONS, answer=302, others=403)),
    "portal:documents": Row(PORTAL),
    "portal:consent": Row(PORTAL, PORTAL),
    "portal:record": Row(PORTAL),
    "portal:settlement": Row(PORTAL),
    "portal:disputes": Row(PORTAL),
    "portal:dispute": Row(PORTAL, PORTAL, named=given(word="demand_correction")),
    "portal:fill_in": Row(PORTAL, only(*INSTITUTIONS, answer=302, others=403), named=given(what="basics")),
    "portal:template": Row(only(*INSTITUTIONS), only(*INSTITUTIONS), named=pk(lambda world: world.template)),
}
PORTAL_CASES: dict[str, Row] = {
    "portal:apply_for": Row(MINE, only(OWNER, answer=302), named=pk(institution)),
    "portal:application": Row(MINE, **case("signed")),
    "portal:log": Row(MINE, **case("signed")),
    "portal:draft": Row(MINE, **case("draft")),
    "portal:slot": Row(MINE, MINE, **case("draft", name="M7(1)")),
    "portal:statements": Row(MINE, only(OWNER, answer=302), **case("draft")),
    "portal:check_answers": Row(MINE, MINE, **case("draft")),
    "portal:filed": Row(MINE, **case("signed")),
    "portal:supplement": Row(MINE, MINE, **case("supplementing")),
    "portal:evidence": Row(MINE, MINE, **case("evaluating")),
    "portal:withdraw": Row(MINE, MINE, **case("supplementing")),
    "portal:decline": Row(MINE, MINE, **case("negotiating")),
    "portal:agreement": Row(only(OWNER, answer=302), only(OWNER, answer=302), **case("signed")),
    "portal:living": Row(MINE, named=pk(agreement)),
    "portal:ask": Row(MINE, MINE, named=lambda world: {"pk": agreement(world).pk, "word": "request_renewal"}),
    "portal:paper": Row(MINE, MINE, named=pk(lambda world: world.paper)),
    "portal:confirm": Row(only(method=INSTITUTIONS), only(OWNER, answer=302), named=pk(lambda world: world.paper)),
}

# Addresses that do any act of the registry: tests/permissions/test_acts.py walks those.
ACTS = {"desk:act", "desk:act_alone"}

PAGES: dict[str, Row] = {**PUBLIC, **DOOR, **PEOPLE, **ADMINISTRATION, **DESK, **CASES, **PORTAL_PAGES, **PORTAL_CASES}
