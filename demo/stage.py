"""The working database as a stage: the people who can sign in do the steps, and hand in files that can be opened."""

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.materials import items_on
from deadlines import clock
from demo.papers import pdf
from offices.actors import Actor, actor_for
from offices.models import Membership, Office
from replay.case import Step
from replay.people import Cast
from replay.stage import Stage


class Clerks(Cast):
    """Handler and reviewer of an office: whoever came first, and the first of the others who may review."""

    @staticmethod
    def _pair(office: Office) -> tuple[Actor, Actor]:
        people = [actor_for(each) for each in Membership.objects.filter(office=office).select_related("user", "office").order_by("id")]
        reviewer = next((each for each in people[1:] if each.may_review), people[0])
        return people[0], reviewer


class DemoStage(Stage):
    """Plays the words of written cases, and those of ``demo.steps`` besides."""

    finding = "现场查看，并查阅制度、台账和系统记录，与申报材料核对。"
    facts = "现场检查笔录、结算数据核对结果和询问记录相互印证，机构对事实没有异议。"
    approval = "示例批复〔2026〕18号"
    shortcomings = {
        "rules": "医保管理制度只有目录，没有执行记录；上一年度财务制度未更新。",
        "system": "信息系统没有完成接口改造，现场联网测试未通过。",
    }

    def unmet(self, item: str) -> str:
        return self.shortcomings.get(item, "")

    def play(self, step: Step) -> None:
        from demo.steps import WORDS

        if step.word in WORDS:
            WORDS[step.word](self, step)
        else:
            super().play(step)

    def file(self, step: Step, item: str) -> SimpleUploadedFile:
        institution = self.institution(step)
        title = next((each.title for each in items_on(institution.kind, clock.today()) if each.id == item), item)
        name = f"{title.replace(':', '：')[:60]}.pdf"
        return SimpleUploadedFile(name, pdf(title, institution.name, clock.today().isoformat(), "示例材料，内容虚构"))
