"""The stories of the demonstration: at least one institution in every stage of the road, in three districts."""

from datetime import date, timedelta

from deadlines.periods import add_months, add_years
from demo import living
from demo.days import Days
from demo.telling import FAILED, ROAD, Event, Story, road, road_to

HOSPITAL, PHARMACY = "hospital", "pharmacy"
CHAOYANG, HAIDIAN, BDA = "110105", "110108", "bda"
SIGNED_AFTER = next(after for key, after, _, _ in ROAD if key == "sign")

PEOPLE = {
    "cao": {"name": "曹示安"},  # comes onto the dishonest list while an application runs
    "zheng": {"name": "郑示远"},  # stood behind a termination for serious violation (M12.7)
    "rare": {"name": "朱镕喆"},
    "rarer": {"name": "翀旻頔"},
}
CHAINS = {"tonghe": {"name": "同和大药房连锁有限公司（示例）"}}


def stories(days: Days) -> list[Story]:
    """All of them; events of no institution stand under an empty id."""
    return [
        *_filing(days),
        *_evaluating(days),
        *_after_result(days),
        *_noticed(days),
        *_agreed(days),
        *_ended(days),
        *_special(days),
        *living.stories(days),
        _city(days),
    ]


def _filing(days: Days) -> list[Story]:
    return [
        Story("draft", PHARMACY, CHAOYANG, [Event(days.ago(3), "draft", {"without": ["P6(3)", "P6(5)"]})]),
        Story(
            "submitted",
            HOSPITAL,
            CHAOYANG,
            [Event(days.ago(2), "apply"), Event(days.ago(1), "assign"), Event(days.ago(1), "check", {"fit": 3})],
            {"category": "tcm"},
        ),
        Story("due_today", HOSPITAL, CHAOYANG, [Event(days.ago(5), "apply", {"materials": ["M7(5)"]})], {"category": "clinic"}),
        Story("overdue", PHARMACY, CHAOYANG, [Event(days.ago(9), "apply", {"materials": ["P6(7)", "P6(5).2"]})]),
        Story(
            "supplementing",
            HOSPITAL,
            CHAOYANG,
            [
                Event(days.ago(9), "apply", {"materials": ["M7(3).4", "M7(5)"]}),
                Event(days.ago(7), "check", {"unfit": {"M7(4)": "材料中的接口版本已停用，请提交现行版本的说明"}}),
                Event(days.ago(6), "request_supplement"),
            ],
            {"category": "rehabilitation"},
        ),
        Story(
            "supplied",
            PHARMACY,
            HAIDIAN,
            [
                Event(days.ago(12), "apply", {"materials": ["P6(4)"]}),
                Event(days.ago(10), "request_supplement"),
                Event(days.ago(2), "supply"),
            ],
        ),
        Story(
            "late_notice",
            HOSPITAL,
            BDA,
            [Event(days.ago(12), "apply", {"materials": ["M7(6)"]}), Event(days.ago(4), "request_supplement")],
            {"category": "outpatient"},
        ),
        Story(
            "corrected",
            HOSPITAL,
            HAIDIAN,
            [
                Event(days.ago(8), "apply"),
                Event(days.ago(7), "accept", id="accepted by mistake"),
                Event(
                    days.ago(5),
                    "void",
                    {"what": "accepted by mistake", "reason": "误将另一机构的材料核对结果登记到本件，制度文本实际缺页。"},
                ),
                Event(days.ago(5), "check", {"unfit": {"M7(3).1": "文本缺第3至6页"}}),
                Event(days.ago(4), "request_supplement"),
            ],
            {"category": "nursing"},
        ),
        Story(
            "accepted",
            HOSPITAL,
            CHAOYANG,
            road_to(days, "accept", 2),
            {"name": "北京昇祺堃医院", "legal_representative": "rare", "principal": "rarer"},
        ),
        Story(
            "insisted",
            PHARMACY,
            CHAOYANG,
            [
                Event(days.ago(4), "apply", {"insist": True}),
                Event(
                    days.ago(2),
                    "propose",
                    {"act": "refuse", "ground": ["P5.1"], "evidence": "营业执照和首笔销售记录显示正式经营未满3个月。"},
                ),
            ],
            {"opened_on": days.back(months=1).isoformat()},
        ),
    ]


def _evaluating(days: Days) -> list[Story]:
    soon, late = days.back(months=3, days=-5), days.back(months=3, days=9)
    return [
        Story("evaluating", HOSPITAL, CHAOYANG, [*road_to(days, "team", 6), Event(days.ago(2), "findings", {"count": 3})], {"beds": 120}),
        Story("due_soon", PHARMACY, CHAOYANG, [*road(soon, days, "team"), Event(days.ago(3), "findings")]),
        Story("evaluation_overdue", HOSPITAL, HAIDIAN, [*road(late, days, "team"), Event(days.ago(8), "findings", {"count": 2})]),
        Story(
            "paused",
            HOSPITAL,
            HAIDIAN,
            [
                *road_to(days, "team", 18),
                Event(
                    days.ago(11),
                    "request_evidence",
                    {"items": ["医疗设备清单和发票", "近三个月收费票据存根", "信息系统安全等级保护备案证明"]},
                ),
                Event(days.ago(6), "supply_evidence", {"items": ["医疗设备清单和发票"]}),
            ],
            {"category": "specialist"},
        ),
        Story(
            "decided",
            PHARMACY,
            HAIDIAN,
            [
                *road_to(days, "team", 10),
                Event(days.ago(3), "findings"),
                Event(days.ago(1), "propose", {"act": "record_result", "result": "pass", "reasons": "各项评估内容均符合要求。"}),
            ],
        ),
    ]


def _after_result(days: Days) -> list[Story]:
    served = days.back(months=1)
    over = days.back(months=3, days=6)
    again = days.back(months=4)
    return [
        Story("passed", HOSPITAL, HAIDIAN, road_to(days, "result"), {"category": "community_centre", "ownership": "public"}),
        Story("passed_filed", PHARMACY, HAIDIAN, road_to(days, "serve")),
        Story("passed_filed_too", PHARMACY, BDA, road_to(days, "serve", 2)),
        Story("failed", HOSPITAL, BDA, road_to(days, "result", 2, result=FAILED), {"category": "clinic"}),
        Story("rectifying", HOSPITAL, HAIDIAN, _failed(days, served), {"category": "dialysis"}),
        Story("gate_over", PHARMACY, CHAOYANG, _failed(days, over)),
        Story("re_evaluating", HOSPITAL, BDA, [*_failed(days, again), *_again(days, 6)], {"category": "hospice"}),
        Story(
            "failed_twice",
            PHARMACY,
            BDA,
            [
                *_failed(days, days.back(months=5)),
                *_again(days, 25),
                Event(days.ago(14), "record_result", FAILED),
                Event(days.ago(12), "serve_result"),
            ],
        ),
    ]


def _failed(days: Days, served: date) -> list[Event]:
    """The first evaluation failed; its result is served on a day."""
    events = road(days.before(served, 14), days, "file_result", result=FAILED)
    return [*events, Event(served, "serve_result")]


def _again(days: Days, ago: int) -> list[Event]:
    return [Event(days.ago(ago), "start_re_evaluation"), Event(days.ago(ago - 2), "form_team", ROAD[2][3])]


def _noticed(days: Days) -> list[Story]:
    objection = "该店营业时间内多次无药师在岗，请核实。"
    return [
        Story("on_notice", PHARMACY, CHAOYANG, road_to(days, "notice", 2)),
        Story(
            "objected",
            PHARMACY,
            BDA,
            [*road_to(days, "notice", 3), Event(days.ago(1), "object", {"text": objection})],
            {"chain": "tonghe", "name": "同和大药房荷塘店（示例）"},
        ),
        Story(
            "objection_open",
            HOSPITAL,
            CHAOYANG,
            [*road_to(days, "notice", 9), Event(days.ago(6), "object", {"text": "机构门前公示的诊疗科目与执业许可证不一致。"})],
            {"category": "outpatient"},
        ),
        Story("negotiating", HOSPITAL, HAIDIAN, road_to(days, "notice", 7), {"category": "maternal_child", "ownership": "public"}),
        Story("invited", PHARMACY, CHAOYANG, [*road_to(days, "notice", 9), Event(days.ago(2), "invite")]),
        Story(
            "institution_signed",
            HOSPITAL,
            BDA,
            [
                *road_to(days, "notice", 10),
                Event(days.ago(3), "invite"),
                Event(days.ago(2), "institution_signs"),
                Event(days.ago(1), "propose", {"act": "sign"}),
            ],
            {"category": "elderly_care"},
        ),
    ]


def _agreed(days: Days) -> list[Story]:
    next_month = add_months(days.today.replace(day=1), 1)
    near_end = add_years(days.today, -1) + timedelta(days=21)
    expired = add_months(days.today, -13)
    return [
        Story("pending", PHARMACY, HAIDIAN, road_to(days, "sign", 3, sign={"from": next_month})),
        Story("signed", HOSPITAL, CHAOYANG, road_to(days, "sign", 2), {"category": "integrated"}),
        Story("active", HOSPITAL, CHAOYANG, _in_force(days, days.back(months=5)), {"ownership": "public", "beds": 300}),
        Story("near_end", HOSPITAL, HAIDIAN, _in_force(days, near_end), {"category": "community_station", "ownership": "public"}),
        Story("expired", PHARMACY, BDA, _in_force(days, expired)),
    ]


def _in_force(days: Days, first: date) -> list[Event]:
    """Signed some days before, for a year from a day, and filed."""
    start = days.before(first, SIGNED_AFTER + 5)
    return road(start, days, "file_agreement", sign={"from": first})


def _ended(days: Days) -> list[Story]:
    upheld = "经实地核查，异议所述属实：申报材料中的药师在他处执业。"
    return [
        Story(
            "withdrawn", HOSPITAL, CHAOYANG, [Event(days.ago(15), "apply"), Event(days.ago(13), "withdraw", {"reason": "拟先完成搬迁。"})]
        ),
        Story(
            "closed",
            PHARMACY,
            HAIDIAN,
            [
                Event(days.back(months=3), "apply", {"materials": ["P6(2)"]}),
                Event(days.after(days.back(months=3), 3), "request_supplement"),
                Event(days.ago(6), "close_application", {"reason": "告知补正后两个多月未补交，经联系该店表示不再申请。"}),
            ],
        ),
        Story(
            "declined",
            PHARMACY,
            CHAOYANG,
            [*road_to(days, "notice", 14), Event(days.ago(4), "decline", {"reason": "对结算周期条款未达成一致。"})],
        ),
        Story(
            "objection_upheld",
            PHARMACY,
            HAIDIAN,
            [
                *road_to(days, "notice", 9),
                Event(days.ago(7), "object", {"text": "该店登记的药师同时在另一家药店上班。"}),
                Event(days.ago(4), "resolve_objection", {"upheld": True, "outcome": upheld}),
            ],
        ),
        Story(
            "refused",
            HOSPITAL,
            BDA,
            [Event(days.ago(14), "apply", {"insist": True}), Event(days.ago(11), "refuse", {"ground": ["M12.5"]})],
            {"category": "outpatient"},
        ),
        Story(
            "refused_later",
            HOSPITAL,
            HAIDIAN,
            [*road_to(days, "team", 12), Event(days.ago(3), "refuse", {"ground": ["M12.8"]})],
            {"category": "clinic", "controller": "cao"},
        ),
    ]


def _special(days: Days) -> list[Story]:
    parent = days.back(months=7)
    return [
        Story("dishonest", PHARMACY, HAIDIAN, [Event(days.ago(7), "apply")], {"controller": "cao"}),
        Story(
            "penalty", HOSPITAL, CHAOYANG, [Event(days.back(months=2), "impose_penalty", {"by": days.ago(10)})], {"category": "outpatient"}
        ),
        Story(
            "with_internet", HOSPITAL, HAIDIAN, _in_force(days, parent), {"ownership": "public", "beds": 500, "name": "北京云溪仁和医院"}
        ),
        Story(
            "internet",
            HOSPITAL,
            HAIDIAN,
            road_to(days, "sign", 5, sign={"kind": "supplementary"}),
            {"category": "internet", "parent": "with_internet", "name": "北京云溪仁和互联网医院", "ownership": "public"},
        ),
        Story(
            "military",
            HOSPITAL,
            HAIDIAN,
            road_to(days, "accept", 3),
            {"ownership": "military", "name": "示例部队松涛门诊部", "category": "outpatient"},
        ),
        Story("chain_signed", PHARMACY, BDA, _in_force(days, days.back(months=3)), {"chain": "tonghe", "name": "同和大药房翠屏店（示例）"}),
        Story("chain_applying", PHARMACY, BDA, road_to(days, "apply", 2), {"chain": "tonghe", "name": "同和大药房银杏店（示例）"}),
        Story("barred", PHARMACY, CHAOYANG, [], {"controller": "zheng"}),
        Story("terminated", PHARMACY, CHAOYANG, [], {"controller": "zheng"}),
        Story("old_chaoyang", HOSPITAL, CHAOYANG, [], {"ownership": "public", "beds": 220}),
        Story("old_haidian", HOSPITAL, HAIDIAN, [], {"category": "township", "ownership": "public"}),
        Story("old_bda", PHARMACY, BDA, []),
        Story("old_xicheng", HOSPITAL, "110102", [], {"category": "specialist"}),
        Story("old_fengtai", PHARMACY, "110106", []),
        Story("old_tongzhou", HOSPITAL, "110112", [], {"category": "village", "beds": 0}),
    ]


def _city(days: Days) -> Story:
    """What concerns no single institution: places, lists taken in, institutions that ask for access."""
    year, over = days.today.year, add_months(days.today, -18)
    first = add_months(days.today.replace(day=1), -6)  # a term that holds today
    old = ["old_chaoyang", "old_haidian", "old_bda", "old_xicheng", "old_fengtai", "old_tongzhou"]
    rows = [
        (story, f"旧协{first.year}-{number:03d}", first, add_years(first, 1) - timedelta(days=1)) for number, story in enumerate(old, 1)
    ]
    past = date(over.year, 1, 1), date(over.year, 12, 31), max(over, date(over.year, 1, 2))
    ended = [
        ("refused", f"旧协{over.year}-007", *past, "violation", "M43(4)"),
        ("terminated", f"旧协{over.year}-008", *past, "serious_violation", "P40(4)"),
    ]
    return Story(
        "",
        "",
        "",
        [
            Event(days.ago(100), "take_over", {"rows": [*ended, *rows, *living.taken_over(days)]}),
            Event(days.ago(60), "set_allocation", {"kind": HOSPITAL, "places": 60, "year": year}),
            Event(days.ago(60), "set_allocation", {"kind": PHARMACY, "places": 40, "year": year}),
            Event(days.ago(20), "receive_list"),
            Event(days.ago(6), "list_as_dishonest", {"people": ["cao"], "others": ["贾示礼", "甄示义"]}),
            Event(days.ago(4), "ask_for_access", {"name": "北京枫桥明德诊所", "kind": HOSPITAL, "district": CHAOYANG, "contact": "温以宁"}),
            Event(days.ago(1), "ask_for_access", {"name": "北京兰亭济民药店", "kind": PHARMACY, "district": CHAOYANG, "contact": "齐思远"}),
        ],
    )
