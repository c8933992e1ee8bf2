"""What a replay says: one line per step for people, or one JSON object per file."""

from __future__ import annotations

import json
from typing import Any

from replay.case import Case, Step
from replay.playing import Played


def as_json(case: Case, played: list[Played]) -> str:
    """The whole case on one line."""
    return json.dumps({"case": case.title, "ok": ok(played), "steps": [_object(each) for each in played]}, ensure_ascii=False)


def ok(played: list[Played]) -> bool:
    return all(each.held is not False for each in played)


def _object(each: Played) -> dict[str, Any]:
    step = each.step
    row: dict[str, Any] = {"n": step.n, "on": step.on.isoformat(), "ask" if step.asks else "do": step.word}
    if step.asks:
        row["answer"] = each.answer
    else:
        row["result"] = each.result
    if each.result == "refused":
        row |= {"clauses": each.clauses, "message": each.message}
    elif each.result == "error":
        row["message"] = each.message
    if step.asks and step.expects:
        row["expected"] = step.expect
    elif step.refused is not None:
        row["expected"] = list(step.refused)
    if each.held is not None:
        row["held"] = each.held
    return row


def as_lines(case: Case, played: list[Played], name: str) -> list[str]:
    """For people: the case, a line per step, the outcome."""
    lines = [f"{case.title}({name})", *(_line(each) for each in played)]
    failed = [str(each.step.n) for each in played if each.held is False]
    return [*lines, f"  不符合预期的步骤:{'、'.join(failed)}" if failed else "  各项预期均成立"]


def _line(each: Played) -> str:
    step = each.step
    said = " ".join(filter(None, ["ask" if step.asks else "", step.word, step.who or ""]))
    sign = {None: " ", True: "✓", False: "✗"}[each.held]
    return f"  {sign} {step.n:>3}  {step.at:%Y-%m-%d %H:%M}  {said}:{_outcome(each, step)}"


def _outcome(each: Played, step: Step) -> str:
    if step.asks:
        answer = json.dumps(each.answer, ensure_ascii=False)
        return answer if each.held is not False else f"{answer} —— 预期{json.dumps(step.expect, ensure_ascii=False)}"
    refused = f"被拒绝({'、'.join(each.clauses)}):{each.message}"
    said = {"done": "已办", "refused": refused, "error": each.message}[each.result]
    if each.held is not False:
        return said
    return f"{said} —— 预期" + (f"以{'、'.join(step.refused)}拒绝" if step.refused else "办成")
