"""What the words of written cases leave out and a site shows all the same: drafts, checklists, half-done work, lists taken in.

Each is one act, or what a page does, as the same people would do it.
"""

import io
from collections.abc import Callable

from agreements import importing as agreements_importing
from applications.materials import items_on
from casework import proposals
from casework.acts import registry
from deadlines import clock
from deadlines.periods import add_months
from demo.stage import DemoStage
from institutions.importing import read_and_import as read_institutions
from institutions.madeup import id_number, uscc
from institutions.posts import holders
from offices import signup
from offices.models import Office, Role, SignUp
from replay.case import As, Step
from replay.steps.applying import upload
from standing import importing as dishonest_importing

WORDS: dict[str, Callable[[DemoStage, Step], None]] = {}
TAKEN_BY = "示例数据"
# Legacy code and name, as Beijing's old list has them: no address, no licence, so none of these can apply yet.
OLD_LIST = "05141901\t北京示例街第一诊所\n08162902\t北京市海淀区示例社区卫生服务站（松涛）\n04131903\t北京市宣武区示例门诊部\n"


def word(play: Callable[[DemoStage, Step], None]) -> Callable[[DemoStage, Step], None]:
    WORDS[play.__name__] = play
    return play


@word
def draft(stage: DemoStage, step: Step) -> None:
    """Begun and not filed: without some of the materials."""
    stage.act(step, "start_application", stage.institution(step))
    application = stage.application(step)
    listed = items_on(application.institution.kind, clock.today())
    upload(stage, step, application, [item.id for item in listed if not {item.id, item.slot} & set(step.given["without"])])


@word
def assign(stage: DemoStage, step: Step) -> None:
    handler, _ = stage.cast.of_office(Role.DISTRICT_AGENCY, stage.institution(step).district_id)
    stage.act(step, "assign", stage.application(step), {"owner": handler.user_id}, acting=As(Role.DISTRICT_AGENCY))


@word
def check(stage: DemoStage, step: Step) -> None:
    """The checklist: ``fit`` of the first items are, ``unfit`` are not, with the reason."""
    application = stage.application(step)
    fit = [item.id for item in items_on(application.institution.kind, clock.today())][: step.given.get("fit", 0)]
    for item in fit:
        stage.act(step, "check_material", application, {"item": item, "fit": True})
    for item, note in step.given.get("unfit", {}).items():
        stage.act(step, "check_material", application, {"item": item, "fit": False, "note": note})


@word
def findings(stage: DemoStage, step: Step) -> None:
    """Of the commissioned third party: all, or the first ``count``."""
    application = stage.application(step)
    for item in application.evaluations.latest("round").rubric.items[: step.given.get("count")]:
        data = {"item": item["code"], "met": True, "evidence": stage.finding}
        stage.act(step, "record_finding", application, data, acting=As(Role.THIRD_PARTY))


@word
def propose(stage: DemoStage, step: Step) -> None:
    """Prepared by the handler, waiting for the reviewer (M29)."""
    data = dict(step.given)
    act = registry[data.pop("act")]
    application = stage.application(step)
    handler, _ = stage.cast.of_office(act.roles[0], application.institution.district_id if act.roles[0] == Role.DISTRICT_AGENCY else None)
    proposals.propose(act.word, application, actor=handler, data=data, version=application.version)


@word
def tell_intention(stage: DemoStage, step: Step) -> None:
    """A termination is intended on one ground; the institution may still speak."""
    facts = "现场检查发现医保结算设备由邻街门店使用，设备定位记录和现场照片相互印证。"
    stage.act(step, "intend", stage.agreement(step), {"act": "terminate", "ground": [step.given["ground"]], "facts": facts})


@word
def invite(stage: DemoStage, step: Step) -> None:
    record = "双方就费用审核、结算周期和信息系统对接逐项协商，意见一致。"
    from_on = add_months(clock.today().replace(day=1), 1)
    stage.act(step, "invite_to_sign", stage.application(step), {"record": record, "from_on": from_on})


@word
def institution_signs(stage: DemoStage, step: Step) -> None:
    signer = holders(stage.institution(step))["legal_representative"].name
    stage.act(step, "institution_signs", stage.application(step), {"signer": signer})


@word
def take_over(stage: DemoStage, step: Step) -> None:
    """The district's running agreements and past terminations, from a list."""
    rows = ["uscc,number,first_day,last_day,terminated_on,nature,ground"]
    for story, *row in step.given["rows"]:
        rows.append(",".join(map(str, [stage.built.institutions[story].uscc, *row])))
    summary = agreements_importing.read_and_import("既有协议.csv", _file("\n".join(rows)), by=TAKEN_BY)
    assert not summary.outcomes["未录入"], summary


@word
def receive_list(stage: DemoStage, step: Step) -> None:
    summary = read_institutions("原名单.tsv", _file(OLD_LIST), source="原名单.tsv")
    assert summary.incomplete == summary.outcomes["新增"] == 3, summary


@word
def list_as_dishonest(stage: DemoStage, step: Step) -> None:
    """From a list: people of the stories, and others who hold no post yet."""
    rows = ["姓名,身份证号码,列入日期,来源"]
    rows += [f"{stage.person(each).name},{stage.person(each).reveal_id_number()},,示例法院第1号决定" for each in step.given["people"]]
    rows += [f"{name},{id_number(8000 + number)},,示例法院第2号决定" for number, name in enumerate(step.given["others"])]
    summary = dishonest_importing.read_and_import("失信人名单.csv", _file("\n".join(rows)), by=TAKEN_BY)
    assert not summary.outcomes["未录入"], summary


@word
def ask_for_access(stage: DemoStage, step: Step) -> None:
    """An institution signs up and waits for its district's answer."""
    given = step.given
    number = 9000 + Office.objects.count() + SignUp.objects.count()
    request = SignUp(
        kind=given["kind"],
        name=given["name"],
        district_id=given["district"],
        contact=given["contact"],
        phone="010-60000000",
        uscc=uscc(number),
        licence_number=f"京示{number:010d}",
        username=f"waiting{number}",
    )
    signup.ask(request, "")


def _file(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())
