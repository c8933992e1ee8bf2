"""The first agreement template of each kind, a short text of our own that states rights, duties and liabilities (M10.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from agreements.models import AgreementTemplate

FROM = date(2022, 1, 1)


def articles(kind: str) -> list[dict[str, Any]]:
    """The text for a kind of institution."""
    measures = "《北京市医疗机构医疗保障定点管理暂行办法》" if kind == "hospital" else "《北京市零售药店医疗保障定点管理暂行办法》"
    service = "医疗服务" if kind == "hospital" else "药品服务"
    return [
        {"heading": "总则", "paragraphs": [f"双方依据{measures}自愿订立本协议,共同保障参保人员获得合理、必要的{service}。"]},
        {
            "heading": "甲方的权利和义务",
            "paragraphs": [
                "甲方按时审核并拨付符合规定的费用,公开经办流程,提供咨询和培训。",
                "甲方有权获得管理所需的信息,开展稽核检查和绩效考核,并保护个人信息。",
            ],
        },
        {
            "heading": "乙方的权利和义务",
            "paragraphs": [
                "乙方有权获得应付费用,监督甲方履约,提出意见,并可要求纠正或者申请协调处理。",
                f"乙方核验身份凭证,合理提供{service},执行目录和价格政策,如实上传数据,配合检查,悬挂统一标识。",
                "重大信息变更自批准之日起30个工作日内提出申请。",
            ],
        },
        {
            "heading": "违约责任",
            "paragraphs": [
                "违反本协议的,甲方可以约谈、暂停或者不予拨付、追回费用、要求支付违约金、中止或者解除协议;甲方违约的,依法承担责任。"
            ],
        },
        {
            "heading": "期限、变更、续签和争议",
            "paragraphs": [
                "协议期满前3个月提出续签申请;未达成一致的,期满自动终止。",
                "主动要求中止、解除或者不再续签的,应提前3个月提出。",
                "争议可以协商、申请协调处理,也可以依法申请行政复议或者提起行政诉讼。",
            ],
        },
    ]


def seed_templates() -> None:
    """Create version 1 of each kind if there is none."""
    for kind, title in (("hospital", "定点医疗机构服务协议"), ("pharmacy", "定点零售药店服务协议")):
        AgreementTemplate.objects.get_or_create(
            kind=kind, version=1,
            defaults={"title": title, "articles": articles(kind), "comments_from": FROM, "comments_to": FROM, "in_force_from": FROM},
        )  # fmt: skip
