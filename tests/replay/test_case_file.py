"""A file that cannot be used says which step and which field is wrong."""

from datetime import date

import pytest

from deadlines import clock
from replay.case import As
from replay.case_file import case_of
from replay.unusable import Unusable
from replay.yaml_text import parse

HEAD = "people: {zhao: {}}\ninstitutions: {h1: {}, p1: {kind: pharmacy}}\nsteps:\n"


def read(*steps: str):
    return case_of(parse(HEAD + "".join(f"  - {step}\n" for step in steps)), "test")


def complaint(*steps: str) -> str:
    with pytest.raises(Unusable) as error:
        read(*steps)
    return str(error.value)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("{do: apply, who: h1}", "第1步(apply),on"),
        ("{on: 2026-02-30, do: apply, who: h1}", "第1步(apply),on:没有“2026-02-30”"),
        ("{on: 2026-3-2, do: apply, who: h1}", "on"),
        ("{on: 2026-03-02T25:00, do: apply, who: h1}", "on"),
        ("{on: 1999-03-02, do: apply, who: h1}", "on"),
        ("{on: 2026-03-02, who: h1}", "do"),
        ("{on: 2026-03-02, do: apply, ask: bans, who: h1}", "do"),
        ("{on: 2026-03-02, do: aply, who: h1}", "第1步(aply),do:没有“aply”这个步骤"),
        ("{on: 2026-03-02, ask: ban, who: h1}", "第1步(ban),ask:没有“ban”这个问题"),
        ("{on: 2026-03-02, do: open_breach, who: h1}", "第1步(open_breach),do:not yet"),
        ("{on: 2026-03-02, do: take_measure, who: h1}", "not yet"),
        ("{on: 2026-03-02, do: suspend, who: h1, ground: M43(1)}", "第1步(suspend),ground:没有“M43(1)”这一情形"),
        ("{on: 2026-03-02, do: terminate, who: h1}", "第1步(terminate),ground:不能缺少"),
        ("{on: 2026-03-02, ask: settlement, who: h1, with: {service: 2026-03-02}}", "service"),
        ("{on: 2026-03-02, do: file, who: h1, what: letter}", "what"),
        ("{on: 2026-03-02, do: file, who: h1}", "第1步(file),what:不能缺少"),
        ("{on: 2026-03-02, do: apply}", "第1步(apply),who"),
        ("{on: 2026-03-02, do: apply, who: h9}", "第1步(apply),who:institutions中没有“h9”"),
        ("{on: 2026-03-02, do: apply, who: h1, hurry: true}", "第1步(apply),hurry:没有这个字段"),
        ("{on: 2026-03-02, do: apply, who: h1, insist: 1}", "第1步(apply),insist"),
        ("{on: 2026-03-02, do: apply, who: h1, materials: none}", "materials"),
        ("{on: 2026-03-02, do: apply, who: h1, materials: {missing: [M7(9)]}}", "第1步(apply),materials,missing:没有“M7(9)”"),
        ("{on: 2026-03-02, do: apply, who: p1, materials: {missing: [M7(5)]}}", "materials,missing"),
        ("{on: 2026-03-02, do: apply, who: h1, attest: {M6.9: false}}", "第1步(apply),attest,M6.9"),
        ("{on: 2026-03-02, do: apply, who: h1, attest: {M6.4: perhaps}}", "attest,M6.4"),
        ("{on: 2026-03-02, do: apply, who: h1, refused: yes}", "第1步(apply),refused"),
        ("{on: 2026-03-02, do: accept, who: h1, as: clerk}", "第1步(accept),as"),
        ("{on: 2026-03-02, do: accept, who: h1, as: 'district_agency:999999'}", "as"),
        ("{on: 2026-03-02, do: accept, who: h1, as: 'institution:h9'}", "as"),
        ("{on: 2026-03-02, do: set_day, day: 2026-03-03, working: true, as: district_agency}", "as"),
        ("{on: 2026-03-02, do: accept, who: h1, reviewer: other}", "reviewer"),
        ("{on: 2026-03-02, do: form_team, who: h1, members: [{specialty: law}]}", "第1步(form_team),members,specialty"),
        ("{on: 2026-03-02, do: form_team, who: h1, members: [{specialty: it, tied_to: h9}]}", "tied_to"),
        ("{on: 2026-03-02, do: record_result, who: h1, result: good}", "result"),
        ("{on: 2026-03-02, do: serve_result, who: h1, method: pigeon}", "method"),
        ("{on: 2026-03-02, do: open_notice, who: h1, days: five}", "days"),
        ("{on: 2026-03-02, do: sign, who: h1, from: soon}", "第1步(sign),from"),
        ("{on: 2026-03-02, do: sign, who: h1, kind: eternal}", "kind"),
        ("{on: 2026-03-02, do: list_dishonest, person: qian}", "第1步(list_dishonest),person:people中没有“qian”"),
        ("{on: 2026-03-02, do: refuse, who: h1}", "ground"),
        ("{on: 2026-03-02, do: refuse, who: h1, ground: bad manners}", "ground"),
        ("{on: 2026-03-02, do: void, what: earlier}", "第1步(void),what"),
        ("{on: 2026-03-02, do: set_allocation, kind: bakery, places: 1}", "kind"),
        ("{on: 2026-03-02, ask: bans, who: h1, refused: M9.4}", "refused"),
        ("{on: 2026-03-02, ask: application, who: h1, expect: {stat: accepted}}", "第1步(application),expect,stat"),
        ("{on: 2026-03-02, ask: application, who: h1, expect: [accepted]}", "expect"),
        ("{on: 2026-03-02, ask: bans, who: h1, expect: {clause: M9.8}}", "expect"),
        ("{on: 2026-03-02, ask: bans, who: h1, expect: [{clauses: M9.8}]}", "expect,clauses"),
        ("{on: 2026-03-02, ask: documents, who: h1, expect: 5}", "expect"),
        ("{on: 2026-03-02, ask: public_list, who: h1}", "with,list"),
        ("{on: 2026-03-02, ask: public_list, who: h1, with: {list: all}}", "第1步(public_list),with,list"),
        ("{on: 2026-03-02, ask: bans, who: h1, with: {since: x}}", "with,since"),
        ("apply", "第1步"),
    ],
)
def test_a_wrong_step_is_told_with_its_field(step: str, told: str) -> None:
    assert told in complaint(step)


def test_days_never_go_back() -> None:
    first = "{on: 2026-03-02, do: apply, who: h1}"
    assert "第2步(accept),on:日期2026-03-01早于上一步" in complaint(first, "{on: 2026-03-01, do: accept, who: h1}")
    assert "第2步(accept),on:时间早于上一步" in complaint(first, "{on: 2026-03-02T08:00, do: accept, who: h1}")


def test_an_id_is_given_once() -> None:
    assert "第2步(accept),id" in complaint("{on: 2026-03-02, do: apply, who: h1, id: a}", "{on: 2026-03-02, do: accept, who: h1, id: a}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[1]", "一组字段"),
        ("{cases: x}", "cases"),
        ("{sweep: maybe, steps: []}", "sweep"),
        ("{steps: []}", "steps"),
        ("{case: x}", "steps"),
        ("{institutions: {h1: {beds: many}}}", "institutions,h1,beds"),
        ("{institutions: {h1: {bed: 5}}}", "institutions,h1,bed:没有这个字段"),
        ("{institutions: {h1: {pharmacists: [{}]}}}", "institutions,h1,pharmacists:这一类没有这个字段"),
        ("{institutions: {h1: {district: '999999'}}}", "institutions,h1,district"),
        ("{institutions: {h1: {category: castle}}}", "institutions,h1,category"),
        ("{institutions: {h1: {principal: nobody}}}", "institutions,h1,principal:people中没有“nobody”"),
        ("{institutions: {p1: {kind: pharmacy, chain: c9}}}", "institutions,p1,chain"),
        ("{institutions: {n1: {category: internet, parent: n1}}}", "institutions,n1,parent"),
        ("{institutions: {h1: {doctors: [{since: 2020-01-01}]}}}", "institutions,h1,doctors,since"),
        ("{institutions: {h1: {opened_on: yesterday}}}", "institutions,h1,opened_on"),
        ("{people: {zhao: {age: 5}}}", "people,zhao,age"),
        ("{people: [zhao]}", "people"),
        ("{chains: {c1: {district: '110105'}}}", "chains,c1,district"),
    ],
)
def test_a_wrong_scene_is_told_with_its_field(text: str, told: str) -> None:
    with pytest.raises(Unusable) as error:
        case_of(parse(text), "test")
    assert told in str(error.value)


def test_what_is_left_out_is_made_up_and_distinct() -> None:
    text = "{institutions: {h1: , h2: {beds: 30}, p1: {kind: pharmacy}}, steps: [{on: 2026-03-02, ask: bans, who: h1}]}"
    case = case_of(parse(text), "标题")
    made = case.scene.institutions
    assert (case.title, case.sweep) == ("标题", True)
    assert made["h2"]["beds"] == 30
    assert made["h1"]["kind"] == "hospital"
    assert len({data["uscc"] for data in made.values()}) == len({data["name"] for data in made.values()}) == 3


def test_steps_of_a_day_follow_one_another_from_nine_unless_timed() -> None:
    case = read(
        "{on: 2026-03-02, do: apply, who: h1}", "{on: '2026-03-02', ask: bans, who: h1}", "{on: 2026-03-02 14:30, do: accept, who: h1}",
        "{on: 2026-03-03T00:00, ask: bans, who: h1}",
    )  # fmt: skip
    moments = [step.at for step in case.steps]
    assert moments == sorted(moments)
    assert [f"{moment:%d %H:%M}" for moment in moments] == ["02 09:00", "02 09:00", "02 14:30", "03 00:00"]
    assert {moment.tzinfo for moment in moments} == {clock.SHANGHAI}


def test_whom_a_step_names() -> None:
    case = read(
        "{on: 2026-03-02, do: accept, who: h1, as: 'district_agency:110106'}", "{on: 2026-03-02, do: accept, who: h1, as: institution}",
        "{on: 2026-03-02, do: accept, who: h1, as: 'institution:p1', reviewer: same, refused: [M9(5), state]}",
    )  # fmt: skip
    assert [step.acting for step in case.steps] == [As("district_agency", "110106"), As("institution", "h1"), As("institution", "p1")]
    assert case.steps[2].same_reviewer
    assert case.steps[2].refused == ("M9.5", "state")


def test_dates_of_a_step_may_carry_a_time() -> None:
    case = read("{on: 2026-03-02, do: sign, who: h1, from: 2026-03-02T09:00, to: '2027-03-01'}")
    assert case.steps[0].given == {"from": date(2026, 3, 2), "to": date(2027, 3, 1)}
