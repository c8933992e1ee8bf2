"""Who can sign in to the demonstration data, and what can be tried as whom. One password for all; it opens nothing else."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from institutions.madeup import MadeUp
from institutions.models import Institution
from offices.directory import office_of
from offices.models import Office, Role, User
from offices.people import add_person

PASSWORD = "dingdian-demo"  # noqa: S105  printed at every start, for made-up people only


@dataclass(frozen=True)
class Login:
    """``story``: the institution of the demonstration that this is a person of."""

    username: str
    full_name: str
    role: Role
    title: str
    tries: str
    district: str | None = None
    may_review: bool = False
    supervisor: bool = False
    story: str = ""


LOGINS = (
    Login("chaoyang1", "林晓嘉", Role.DISTRICT_AGENCY, "朝阳区经办 经办人", "核对材料、一次性告知补正、受理，提出不予受理", "110105"),
    Login(
        "chaoyang2",
        "顾文博",
        Role.DISTRICT_AGENCY,
        "朝阳区经办 复核人",
        "复核不予受理、核对机构注册、管理本单位人员",
        "110105",
        may_review=True,
        supervisor=True,
    ),
    Login("haidian1", "沈若溪", Role.DISTRICT_AGENCY, "海淀区经办 经办人", "只看得到海淀区的事项", "110108"),
    Login("haidian2", "丁景行", Role.DISTRICT_AGENCY, "海淀区经办 复核人", "同上，复核", "110108", may_review=True, supervisor=True),
    Login("jingkai1", "陆知远", Role.DISTRICT_AGENCY, "经开区经办 经办人", "经开区没有六位区划代码，另设经办机构", "bda"),
    Login("jingkai2", "白若宁", Role.DISTRICT_AGENCY, "经开区经办 复核人", "同上，复核", "bda", may_review=True, supervisor=True),
    Login("shi1", "程以诺", Role.CITY_AGENCY, "市经办 经办人", "组成评估小组、作出结果、公示、处理异议、签约、备案，批量办理"),
    Login("shi2", "江予安", Role.CITY_AGENCY, "市经办 复核人", "复核评估结果和签约，登记失信人", may_review=True, supervisor=True),
    Login("sanfang1", "罗清和", Role.THIRD_PARTY, "第三方评估机构", "记录受委托评估的意见和证据", supervisor=True),
    Login("chaoyangju1", "贺长宁", Role.DISTRICT_BUREAU, "朝阳区医保局", "查看本区概览、申请和协议", "110105", supervisor=True),
    Login("shiju1", "崔明远", Role.CITY_BUREAU, "市医保局 经办人", "概览、名额、材料和条件的设置"),
    Login("shiju2", "梁静姝", Role.CITY_BUREAU, "市医保局 复核人", "同上，复核更正", may_review=True, supervisor=True),
    Login("shenji1", "范知行", Role.AUDITOR, "审计", "查看全部事项和办理记录，不能办理", supervisor=True),
    Login("guanli1", "史安然", Role.ADMINISTRATOR, "平台管理员", "单位与人员、工作日历、自动处理；看不到任何事项", supervisor=True),
    Login("yiyuan1", "柳正清", Role.INSTITUTION, "医院 补正中", "补交材料，查看和签收文书", story="supplementing", supervisor=True),
    Login("yiyuan2", "秦雨桐", Role.INSTITUTION, "医院 评估停钟", "提交评估要求补充的材料，时钟随即恢复", story="paused", supervisor=True),
    Login("yiyuan3", "乔建国", Role.INSTITUTION, "医院 履行中", "查看协议、铭牌，期满前的提醒", story="near_end", supervisor=True),
    Login("yaodian1", "苏婉清", Role.INSTITUTION, "药店 待签约", "签署协议，或者说明理由不签", story="invited", supervisor=True),
    Login("yaodian2", "许嘉禾", Role.INSTITUTION, "药店 草稿", "“能否申请”、上传材料、提交申请", story="draft", supervisor=True),
    Login(
        "yaodian3",
        "韩立新",
        Role.INSTITUTION,
        "药店 受限制",
        "看到每一条限制、依据和最早可申请日；仍可要求受理机构作出决定",
        story="barred",
        supervisor=True,
    ),
)


def hire_clerks() -> None:
    """The people of the offices. Within ``clock.frozen``: they begin on that day."""
    for login in LOGINS:
        if login.role != Role.INSTITUTION:
            _hire(office_of(login.role, login.district), login)


def hire_at(institutions: dict[str, Institution], made: MadeUp) -> None:
    """One person for each institution: the login that tells its story, else somebody called jigou1, jigou2 …"""
    of_story = {login.story: login for login in LOGINS if login.story}
    for number, (story, institution) in enumerate(institutions.items(), 1):
        name = made.fill("person")["name"]
        login = of_story.get(story) or Login(f"jigou{number}", name, Role.INSTITUTION, "", "", supervisor=True)
        assert institution.office is not None
        _hire(institution.office, login)


def _hire(office: Office, login: Login) -> None:
    add_person(office, login.username, login.full_name, may_review=login.may_review, supervisor=login.supervisor)


def open_accounts() -> None:
    """Everybody hired so far can sign in with the one password; hashed once, for a hash takes half a second."""
    User.objects.update(password=make_password(PASSWORD))


def usable() -> list[Login]:
    """The logins that still work: the people are there, not locked, and have not chosen another password."""
    there = {user.username: user for user in User.objects.filter(username__in=[login.username for login in LOGINS], is_active=True)}
    holds = {stored: User(password=stored).check_password(PASSWORD) for stored in {user.password for user in there.values()}}
    return [login for login in LOGINS if login.username in there and holds[there[login.username].password]]
