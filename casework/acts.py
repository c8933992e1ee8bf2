"""The registry of acts. Pages, API, replay words, diagrams and tests are derived from it; no rule about an act lives elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from casework.inputs import ActForm, CollectiveForm
from casework.refusals import Refusal

if TYPE_CHECKING:
    from casework.context import Context

registry: dict[str, Act] = {}

# Effects that a higher floor adds to an act of a lower one: word → handlers, run inside the act's transaction.
handlers: dict[str, list[Callable[[Context], None]]] = {}
# The same when a case is brought up to date by the calendar: label → handlers.
catch_up_handlers: dict[str, list[Callable[[Any, date], None]]] = {}


class Act:
    """One thing an office can do to a case: clauses, offices, source states, input, guard and effect in one place."""

    word: ClassVar[str] = ""  # the name in replay, API addresses and the log
    title: ClassVar[str] = ""  # what a button says
    subject: ClassVar[Any] = None  # model of the case; None: the act has no case (settings)
    clauses: ClassVar[Sequence[str]] = ()
    roles: ClassVar[Sequence[str]] = ()  # R16
    sources: ClassVar[Sequence[str]] = ()  # stored states from which it is possible; empty: any
    transition: ClassVar[str] = ""  # named transition on the subject, made before the effect; empty: the effect makes it, or none
    signatures: ClassVar[int] = 1  # 2: handler and reviewer (M29)
    form: ClassVar[type[ActForm]] = ActForm
    writes: ClassVar[Sequence[str]] = ()  # kinds of facts it records
    papers: ClassVar[Sequence[int]] = ()  # numbers of documents.md it issues
    public: ClassVar[bool] = False  # done without signing in (objections)
    in_batches: ClassVar[bool] = False  # offered for many rows at once
    grave: ClassVar[bool] = False  # pages show the consequences first
    collective: ClassVar[bool] = False  # of large effect: the office may require the record of a collective decision (M29)

    def guard(self, context: Context) -> Iterable[Refusal]:
        """Every reason of law against the act. Called whatever the state, so that a refusal can name its clause."""
        return ()

    def effect(self, context: Context) -> None:
        """Write the facts and order the papers."""

    def together(self, contexts: Sequence[Context]) -> None:
        """Once after all rows of one call: what the rows share (one list, one public notice)."""

    def institutions(self, subject: Any, data: dict[str, Any]) -> set[int]:
        """Institutions to lock; their people are locked with them."""
        return set(subject.institution_ids()) if subject is not None else set()

    def people(self, subject: Any, data: dict[str, Any]) -> set[int]:
        """People to lock beyond the post holders of the locked institutions."""
        return set()

    def available(self, subject: Any) -> bool:
        """Whether pages offer it for this case at all; the door decides."""
        return not self.sources or subject.state in self.sources


def register(act: type[Act]) -> type[Act]:
    """Class decorator: put an act into the registry under its word."""
    if act.word in registry:
        raise ValueError(f"act {act.word} is registered twice")
    if act.collective:
        act.form = type(act.form.__name__, (CollectiveForm, act.form), {"__module__": act.form.__module__})
    registry[act.word] = act()
    return act


def acts_for(model: Any) -> list[Act]:
    """Every act on cases of this model, in the order of registration."""
    return [act for act in registry.values() if act.subject is model]


def when_done(*words: str) -> Callable[[Callable[[Context], None]], Callable[[Context], None]]:
    """Decorator for a higher floor's handler of acts below."""

    def add(handler: Callable[[Context], None]) -> Callable[[Context], None]:
        for word in words:
            handlers.setdefault(word, []).append(handler)
        return handler

    return add
