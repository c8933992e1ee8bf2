"""What was found for each ground of a decision, with its evidence (M42.6, M43, P39.5, P40)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agreements.grounds import suspension_grounds, termination_grounds
from casework.attaching import FindingsField, names_of
from casework.context import Context
from casework.inputs import ActForm


class FindingsForm(ActForm):
    """Base of the forms that choose grounds. ``every_ground``: none without its facts; a written case need not tell them."""

    findings = FindingsField(label="分情形的查证和证据", help_text="每一选定的情形分别写明事实、附上证据；文书按情形列出。")
    every_ground = False

    def offer(self, grounds: Mapping[str, str]) -> None:
        """The grounds of this form, with their titles."""
        field = self.fields["findings"]
        assert isinstance(field, FindingsField)
        field.offer({clause: f"{clause} {label}" for clause, label in grounds.items()})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = data.get("ground") or []
        grounds = [chosen] if isinstance(chosen, str) else chosen
        own = {row["ground"] for row in data.get("findings") or []}
        for ground in sorted(own - set(grounds)):
            self.add_error("findings", f"写了{ground}的事实或证据,但没有选定这一情形。")
        told = {row["ground"] for row in data.get("findings") or [] if row["facts"]}
        if self.every_ground and not data.get("facts") and (not grounds or set(grounds) - told):
            self.add_error("facts", "请写明认定的事实,或者在每一选定的情形下分别写明。")
        return data


def told(context: Context) -> dict[str, Any]:
    """What a fact keeps of facts and evidence; nothing where nothing was said."""
    return {name: context.data[name] for name in ("facts", "findings") if context.data[name]}


def grounds_rows(
    context: Context, grounds: Iterable[str], facts: str = "", findings: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Grounds as papers print them: each with its own facts, else those common to all, and the names of its evidence."""
    kind = context.institution.kind
    labels = {**suspension_grounds(kind), **{clause: each.label for clause, each in termination_grounds(kind).items()}}
    own = {row["ground"]: row for row in findings}
    rows = []
    for clause in grounds:
        found = own.get(clause, {})
        row = {"clause": clause, "sentence": labels.get(clause, "")}
        if text := found.get("facts") or facts:
            row["facts"] = text
        if names := list(names_of(found.get("files") or []).values()):
            row["evidence"] = "、".join(names)
        rows.append(row)
    return rows
