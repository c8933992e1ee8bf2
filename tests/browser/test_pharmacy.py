"""A pharmacy on the telephone: the first evaluation fails, the gate holds for three months, the second one passes."""

import pytest

from tests.browser import road, settling
from tests.browser.settling import PHARMACY

NAME = PHARMACY.name
MANAGERS = "核查医保管理人员劳动合同"


@pytest.mark.clause("P6", "P7.3", "P8.1", "P8.4", "P8.6", "P8.7", "M29", "R2", "R13")
def test_a_pharmacy_fails_waits_and_passes(town):
    pharmacy = settling.sign_up(town, PHARMACY, width=390, height=844)
    settling.confirm(town, PHARMACY, pharmacy)
    settling.record_of_pharmacy(pharmacy)
    pharmacy.menu("首页").photo("phone-home")
    settling.consent(pharmacy, "夏斌甲")
    road.may_apply(pharmacy)
    road.upload_all(pharmacy)
    road.state_all(pharmacy)
    road.submit(pharmacy)

    # Complete: accepted on the day after, by the day of arrival.
    town.move_to("2026-03-03")
    clerk = town["district"]
    road.case(clerk, NAME)
    road.check_materials(clerk)
    road.judge_all(road.act(clerk, "受理")).press("受理").sees("已办理“受理”").standing("2026年6月2日")

    # One listed item is not met: a pass is refused with its clause, a fail needs two people.
    town.move_to("2026-03-10")
    road.form_team(town, NAME)
    city = town["city"]
    road.record_findings(city, unmet=MANAGERS)
    road.act(city, "作出评估结果").choose("评估结果", "合格").press("下一步:查看后果")
    city.sees("现在不能办理", f"必备项目不符合,不能评为合格:{MANAGERS}", "第八条").look("refused").photo("refused")
    city.choose("评估结果", "不合格").press("下一步:查看后果").sees("须写明理由", "须写明整改建议")
    city.fill("理由", "医保管理人员劳动合同不足1年。").fill("整改建议", "与医保管理人员签订1年以上劳动合同。")
    road.propose(city, "作出评估结果")
    road.countersign(town, NAME, "作出评估结果").standing("评估不合格")
    pharmacy.menu("首页").sees("评估中").does_not_see("不合格")
    road.case(city, NAME)
    road.act(city, "送达评估结果").press("送达评估结果").sees("已办理“送达评估结果”").standing("整改")
    pharmacy.menu("首页").sees("评估不合格，整改中", "2026年6月10日").photo("phone-rectifying")
    pharmacy.menu("文书").sees("评估不合格告知书暨整改建议书")

    # The gate: three months from service are full on 10 June, so the day after is the first.
    town.move_to("2026-06-10")
    road.cannot(city.menu("申请").follow(NAME), "开始再次评估", "2026-06-11起可以", "第八条")
    city.photo("gate")
    town.move_to("2026-06-11")
    road.act(road.case(city, NAME), "开始再次评估").press("开始再次评估").sees("已办理“开始再次评估”")
    pharmacy.menu("首页").sees("再次评估已开始")
    road.form_team(town, NAME)
    road.record_findings(city)
    road.act(city, "作出评估结果").choose("评估结果", "合格")
    road.propose(city, "作出评估结果")
    road.countersign(town, NAME, "作出评估结果").standing("评估合格")
    road.publish(town, NAME)
    pharmacy.menu("首页").sees("公示中", "至 2026-06-18")

    # Nobody objects; after the notice both sign.
    town.move_to("2026-06-22")
    road.sign(town, NAME, pharmacy, "夏斌甲")
    road.file_agreement(town, NAME)
    pharmacy.menu("首页").sees("履行中", "2026年6月22日至2027年6月21日")
    pharmacy.follow("定点机构名单", within=".dd-footer").sees(NAME).follow(NAME).sees("是医保定点机构")
    town.looker.report()
