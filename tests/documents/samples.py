"""Made-up data for every kind of document that has a template, for a hospital and for a pharmacy."""

from __future__ import annotations

from datetime import date
from typing import Any

from offices.models import District, Office, Role
from tests.documents.life import AGREEMENT, life

AGENCY = "北京市朝阳区医疗保险事务管理中心"
CITY_AGENCY = "北京市医疗保险事务管理中心"
CITY_BUREAU = "北京市医疗保障局"


def a_district(code: str = "110105", name: str = "朝阳区") -> District:
    return District.objects.get_or_create(code=code, defaults={"name": name})[0]


def the_agency() -> Office:
    """The agency of Chaoyang; made once."""
    return Office.objects.get_or_create(
        role=Role.DISTRICT_AGENCY,
        district=a_district(),
        defaults={
            "name": AGENCY,
            "short_name": "朝医保",
            "address": "北京市朝阳区安定路甲9号",
            "phone": "010-00001105",
        },
    )[0]


def the_city_agency() -> Office:
    return Office.objects.get_or_create(
        role=Role.CITY_AGENCY,
        defaults={
            "name": CITY_AGENCY,
            "short_name": "京医保中心",
            "address": "北京市通州区留庄路6号院",
            "phone": "010-00001100",
        },
    )[0]


def the_city_bureau() -> Office:
    return Office.objects.get_or_create(role=Role.CITY_BUREAU, defaults={"name": CITY_BUREAU, "short_name": "京医保局"})[0]


def an_office(short_name: str, role: str = Role.THIRD_PARTY) -> Office:
    return Office.objects.get_or_create(short_name=short_name, defaults={"role": role, "name": f"{short_name}试验中心"})[0]


INSTITUTIONS: dict[str, dict[str, Any]] = {
    "hospital": {
        "name": "北京安和康复医院",
        "kind": "hospital",
        "uscc": "91110105MA00A1B2X3",
        "licence": "PDY00001X11010517A1002",
        "national_code": "H11010500001",
        "district": "朝阳区",
        "district_code": "110105",
        "address": "北京市朝阳区晨光路18号",
    },
    "pharmacy": {
        "name": "北京瑞草堂大药房有限公司晨光路店",
        "kind": "pharmacy",
        "uscc": "91110105MA00C3D4X5",
        "licence": "京CB0100001",
        "national_code": "P11010500002",
        "district": "朝阳区",
        "district_code": "110105",
        "address": "北京市朝阳区晨光路20号1层",
    },
}
EXPLAINED = "受理 2026-03-02 + 3个月 = 2026-06-02"


def _common(kind: str) -> dict[str, Any]:
    return {"institution": INSTITUTIONS[kind], "case": {"label": "申请编号", "number": "110105-2026-000123"}}


def _rows(kind: str, **fields: Any) -> list[dict[str, Any]]:
    title = {"hospital": "医疗机构", "pharmacy": "零售药店"}[kind]
    names = {
        "hospital": ["北京安和康复医院", "北京仁济中医门诊部", "北京晨光社区卫生服务中心"],
        "pharmacy": ["北京瑞草堂大药房晨光路店", "北京百草药房"],
    }[kind]
    return [{"name": name, "kind_title": title, "district": "朝阳区", **fields} for name in names]


TEAM = [
    {"name": "王敏", "specialty": "医疗保障", "organisation": "朝阳区医保中心"},
    {"name": "李镕喆", "specialty": "医药卫生", "organisation": "某三级医院"},
    {"name": "赵堃", "specialty": "财务管理", "organisation": "某会计师事务所"},
    {"name": "钱祎", "specialty": "信息技术", "organisation": "某信息中心"},
]


def sample(number: int, kind: str = "hospital") -> dict[str, Any]:
    """Data for document ``number`` about an institution of this kind."""
    pharmacy = kind == "pharmacy"
    article = {"refusal": "P11" if pharmacy else "M12", "evaluation": "P8" if pharmacy else "M9"}
    own: dict[int, dict[str, Any]] = {
        1: {
            "received_at": "2026-03-02T09:30:00+08:00",
            "materials": [
                {"name": "定点零售药店申请表" if pharmacy else "定点医疗机构申请表", "file": "申请表.pdf", "digest": "3f5a" * 16},
                {"name": "药品经营许可证复印件" if pharmacy else "医疗机构执业许可证复印件", "file": "许可证.pdf", "digest": "9c1d" * 16},
                {"name": "内部管理制度和财务制度文本", "file": "制度.pdf", "digest": "07be" * 16, "note": "共 6 项"},
            ],
        },
        2: {"accepted_on": date(2026, 3, 2), "dates": [{"label": "评估最后一日", "day": date(2026, 6, 2), "explanation": EXPLAINED}]},
        3: {
            "items": [
                {
                    "what": "医疗机构信息系统相关材料",
                    "wrong": "未提交与医保信息系统接口的测试记录",
                    "required": "补交近 3 个月内的接口联调测试记录，加盖公章",
                    "basis": "P6(6)" if pharmacy else "M7(4)",
                },
                {"what": "财务制度文本", "wrong": "缺第 3 页", "required": "补交完整文本", "basis": "P6(5)" if pharmacy else "M7(3)"},
            ],
            "dates": [
                {
                    "label": "告知最后一日",
                    "day": date(2026, 3, 9),
                    "explanation": "收到材料 2026-03-02 + 5个工作日 = 2026-03-09；其间非工作日2天不计",
                },
            ],
        },
        4: {
            "facts": ["你单位于2026年3月2日提出医保定点申请。经核查，你单位法定代表人旻頔曾任另一定点机构法定代表人。"],
            "grounds": [
                {
                    "clause": f"{article['refusal']}.{5 if pharmacy else 7}",
                    "sentence": "法定代表人曾因严重违法违规导致原定点机构被解除医保协议，未满5年。",
                    "evidence": "解除医保协议决定书（京医保中心解〔2023〕第0004号）",
                    "from": date(2023, 5, 10),
                    "until": date(2028, 5, 10),
                },
                {
                    "clause": f"{article['refusal']}.{1 if pharmacy else 3}",
                    "sentence": "行政处罚决定尚未执行完毕。",
                    "evidence": "行政处罚决定书及缴款记录",
                    "from": date(2025, 11, 3),
                    "until": None,
                },
            ],
        },
        5: {"variant": "closing", "ended_on": date(2026, 4, 20), "reason": "补正材料到期后仍不符合要求"},
        6: {
            "commissioned": "北京某评估咨询有限公司",
            "scope": ["核查许可证照", "核查专业技术人员执业信息", "核查基础设施和仪器设备"],
            "days": "自收到本委托书次日起20个工作日内",
            "institutions": _rows(kind, case_number="110105-2026-000123"),
        },
        7: {"mode": "on_site", "team": TEAM, "at": "2026-03-18T09:00:00+08:00", "place": "北京市朝阳区晨光路18号"},
        8: {
            "items": [{"what": "护士执业证书复印件", "reason": "与执业登记信息不一致，须核对原件"}],
            "dates": [{"label": "提交期限", "day": date(2026, 3, 30), "explanation": "送达 2026-03-23 + 5个工作日 = 2026-03-30"}],
        },
        9: {
            "mode": "on_site",
            "evaluated_on": date(2026, 4, 1),
            "team": TEAM,
            "attempt": 1,
            "rubric": "2026年第1版",
            "findings": [
                {"item": "核查许可证照", "clause": f"{article['evaluation']}(1)", "met": True, "evidence": "许可证原件与登记信息一致"},
                {"item": "核查专业技术人员", "clause": f"{article['evaluation']}(2)", "met": True, "evidence": "执业信息查询记录"},
                {"item": "核查基础设施", "clause": f"{article['evaluation']}(3)", "met": False, "evidence": "药品未分区存放，见照片3"},
            ],
            "passed": False,
        },
        10: {
            "batch": "2026年第一批",
            "institutions": _rows(kind, case_number="110105-2026-000123", result="合格", decided_on=date(2026, 4, 3)),
        },
        11: {"evaluated_on": date(2026, 4, 3), "notice": {"from_on": date(2026, 4, 7), "until_on": date(2026, 4, 14)}},
        12: {
            "evaluated_on": date(2026, 4, 3),
            "attempt": 1,
            "items": [
                {
                    "item": "药品贮存及发放",
                    "reason": "药品未分区存放，冷藏药品无温度记录",
                    "suggestion": "按规范分区存放，配备温度自动记录设备并保存记录",
                },
                {"item": "医保信息系统接口", "reason": "不具备直接联网结算条件", "suggestion": "完成接口改造并通过联调测试"},
            ],
        },
        13: {
            "batch": "2026年第一批",
            "institutions": _rows(kind, address="北京市朝阳区晨光路18号"),
            "from_on": date(2026, 4, 7),
            "until_on": date(2026, 4, 14),
            "dates": [{"label": "公示最后一日", "day": date(2026, 4, 14), "explanation": "公示 2026-04-07 + 5个工作日 = 2026-04-14"}],
        },
        14: {
            "objection": {"matter": "反映该机构实际经营地址与登记地址不一致", "filed_on": date(2026, 4, 9)},
            "facts": ["经现场核查，该机构实际经营地址与许可证登记地址一致。"],
            "upheld": False,
        },
        15: {
            "at": "2026-04-20T14:00:00+08:00",
            "place": "北京市朝阳区安定路甲9号3层协商室",
            "points": ["协议文本自公示结束之日起可在平台查阅", "请法定代表人或者持授权委托书的代理人到场"],
        },
        16: {
            "agreement": {
                "number": "110105-2026-000045",
                "first_day": date(2026, 5, 1),
                "last_day": date(2027, 4, 30),
                "template_version": "2026年版",
            },
        },
        17: {
            "institutions": _rows(
                kind,
                agreement_number="京医保中心协〔2026〕第0001号",
                first_day=date(2026, 5, 1),
                last_day=date(2027, 4, 30),
            ),
        },
        18: {"institutions": _rows(kind, address="北京市朝阳区晨光路18号", from_on=date(2026, 5, 1))},
        22: {
            "agreement": {"number": "京医保中心协〔2026〕第0001号", "first_day": date(2026, 5, 1), "last_day": date(2027, 4, 30)},
            "reason": "协议期满，双方未就续签达成一致",
            "clearing": "请于30日内完成协议期内费用的申报和清算。",
        },
        43: {
            "proof": {
                "method": "left",
                "method_title": "留置送达",
                "delivered_on": date(2026, 4, 6),
                "served_on": date(2026, 4, 6),
                "time": "10:20",
                "served_by": "张三、李四",
                "addressee": INSTITUTIONS[kind]["name"],
                "place": "北京市朝阳区晨光路18号",
                "recipient": "",
                "relation": "",
                "witness": "晨光社区居委会 周旻頔",
                "reason": "前台拒绝签收",
                "remark": "",
                "receipt": "",
                "evidence": True,
                "consent": "",
            },
            "documents": [
                {"number": "朝医保定不受〔2026〕第0001号", "title": "不予受理决定书"},
                {"number": "朝医保定结〔2026〕第0002号", "title": "结束办理告知书"},
            ],
        },
        45: {
            "agreement": {"number": "京医保中心协〔2026〕第0001号", "first_day": date(2026, 5, 1), "last_day": date(2027, 4, 30)},
            "public_url": "https://dingdian.example/designated/1/",
        },
    }
    of_life = life(kind)
    case = {"case": {"label": "协议编号", "number": AGREEMENT["number"]}} if number in of_life else {}
    return {**_common(kind), **case, **(own | of_life)[number], "kind": kind}


NUMBERS = (*range(1, 23), 24, 25, 26, *range(28, 38), 42, 43, 45, 47)
