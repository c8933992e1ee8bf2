"""What somebody may do to a case now, and for the rest why not, with clause: asked of the acts themselves, never kept here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from casework.acts import Act, acts_for
from casework.context import Context
from casework.models import Proposal
from casework.refusals import Refusal
from deadlines import clock
from offices.actors import Actor
from pages.desk.inputs import empty_data
from pages.desk.subjects import label_of

# Acts of one subject on a page, by what they are about; the rest stand below without a title.
GROUPS = {
    "续签": ("call_for_renewal", "decide_renewal", "decide_non_renewal"),
    "中止与恢复": (
        "suspend", "amend_suspension", "record_rectification", "record_late_rectification", "decide_suspension", "resume", "prevent_lapse",
    ),
    "解除与退出": (
        "open_termination_case", "terminate", "close_termination_case", "decide_termination", "order_full_check", "close_full_check",
    ),
    "告知与陈述": ("intend", "hear"),
    "信息变更": ("report_change", "approve_change"),
    "科室、人员与拨付": ("suspend_part", "demand_hold", "hold_settlement", "release_hold"),
    "归属": ("set_parent", "end_parent", "set_chain", "end_chain", "record_chain_post", "end_chain_post"),
    "更正": ("correct_register", "correct_person"),
    "备案与报告": ("file_agreement", "report_decision"),
}  # fmt: skip
# Acts that have a page better suited than their form alone.
OWN_PAGES = {"check_material": "desk:materials", "record_finding": "desk:findings"}


@dataclass(frozen=True)
class Option:
    """One act: possible now if there is no refusal. ``proposal``: it already waits for its second signature."""

    act: Act
    url: str
    refusals: tuple[Refusal, ...] = ()
    proposal: Proposal | None = None


@dataclass(frozen=True)
class Options:
    now: list[Option]
    later: list[Option]

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        """What is possible now by what it is about; one untitled group where there is nothing to part."""
        found = [(title, [each for each in self.now if each.act.word in words]) for title, words in GROUPS.items()]
        grouped = {word for words in GROUPS.values() for word in words}
        rest = [each for each in self.now if each.act.word not in grouped]
        found.append(("其他" if any(each for _, each in found) else "", rest))
        return [(title, each) for title, each in found if each]


class NeedsInput(Exception):
    """A guard wants to know what has not been typed yet."""


class Probe(dict[str, Any]):
    """Input that notices being read: a refusal given before that does not depend on what somebody types."""

    def __init__(self, data: dict[str, Any], fields: Iterable[str]) -> None:
        super().__init__(data)
        self.fields = set(fields)
        self.read = False

    def __getitem__(self, key: str) -> Any:
        self.read = True
        if key in self.fields and key not in self:
            raise NeedsInput
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self.fields else super().get(key, default)


def options_of(subject: Any, actor: Actor) -> Options:
    """Every act of the actor's office on this subject. The subject's state must be today's (``subjects.as_of_today``)."""
    label = label_of(subject)
    waiting = {row.word: row for row in Proposal.objects.filter(case_label=label, case_id=subject.pk, state=Proposal.OPEN)}
    now: list[Option] = []
    later: list[Option] = []
    for act in acts_for(type(subject)):
        if actor.role not in act.roles:
            continue
        refusals = tuple(against(act, subject, actor))
        url = reverse(OWN_PAGES[act.word], args=[subject.pk]) if act.word in OWN_PAGES else address(act, subject)
        option = Option(act, url, refusals, waiting.get(act.word))
        (later if refusals else now).append(option)
    return Options(now, later)


def address(act: Act, subject: Any) -> str:
    if subject is None:
        return reverse("desk:act_alone", args=[act.word])
    return reverse("desk:act", args=[label_of(subject), subject.pk, act.word])


def against(act: Act, subject: Any, actor: Actor) -> Iterator[Refusal]:
    """Why the act is not possible now whatever is typed; nothing when it is."""
    state = getattr(subject, "state", "") or ""
    here = not act.sources or state in act.sources
    reasons = list(_asked(act, subject, actor, here))
    yield from reasons
    if not here:
        yield Refusal("state", f"现在是“{_title(subject, state)}”，须在{_listed(subject, act.sources)}时办理。")
    elif not reasons and not act.available(subject):
        yield Refusal("state", "目前没有可以办理的内容，前一步尚未完成或者已经办过。")


def _asked(act: Act, subject: Any, actor: Actor, here: bool) -> Iterator[Refusal]:
    form = act.form(subject=subject)
    free = not any(field.required for field in form.fields.values())
    probe = Probe(empty_data(form), form.fields)
    context = Context(act, subject, actor, None, probe, clock.now(), record_id=0)
    try:
        for refusal in act.guard(context):
            # What hangs on the input is told when there is input; where nothing need be typed and the state forbids it anyhow, at once.
            if not probe.read or not form.fields or (free and not here):
                yield refusal
    except NeedsInput:
        return


def _title(subject: Any, state: str) -> str:
    return dict(type(subject)._meta.get_field("state").choices or []).get(state, state)


def _listed(subject: Any, states: Iterable[str]) -> str:
    return "、".join(f"“{_title(subject, state)}”" for state in states)
