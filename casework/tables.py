"""Tables and diagrams derived from the registry and the state machines, for docs/ and its test."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django_fsm import FSMField

from casework.acts import Act, acts_for, registry
from law.clauses import Clause, numbered, table
from offices.models import Role

ROOT = Path(settings.BASE_DIR)
NOTE = "<!-- 由 ./run manage make_docs 生成,请勿手改 -->"


def machines() -> list[tuple[Any, FSMField]]:
    """Every model with a state machine."""
    found = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FSMField):
                found.append((model, field))
    return found


def states_page() -> str:
    """Diagrams of all machines, then state × act × role for those whose acts are registered."""
    parts = [
        "# 状态与办理",
        NOTE,
        "",
        "每个状态机的转换只能经由“一扇门”(casework.door)发生;下表与测试 tests/casework/test_combinations.py 同源。",
        "",
    ]
    for model, field in machines():
        titles = dict(field.choices or [])
        parts += [f"## {model.__name__}.{field.name}", "", "```mermaid", "stateDiagram-v2"]
        parts += [f"    {state}: {title}" for state, title in titles.items()]
        for source, target, title in sorted(set(_edges(model, field, titles))):
            parts.append(f"    {source} --> {target}: {title}")
        parts += ["```", ""]
        parts += _act_table(model, titles)
    return "\n".join(parts).rstrip() + "\n"


def _edges(model: Any, field: FSMField, titles: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for transition in field.get_all_transitions(model):
        title = transition.custom.get("title", transition.name)
        if transition.source == "*":
            continue  # corrections lead anywhere the facts say; drawing them would hide the road
        if isinstance(transition.target, str):
            yield str(transition.source), str(transition.target), str(title)


def _act_table(model: Any, titles: dict[str, str]) -> list[str]:
    acts = acts_for(model)
    if not acts:
        return []
    lines = ["| 办理 | 词 | 机构 | 签字 | 可在状态 | 条款 | 文书 |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for act in acts:
        states = "、".join(titles.get(state, state) for state in titles if state in act.sources) or "不限"
        lines.append(f"| {act.title} | `{act.word}` | {_offices(act)} | {act.signatures} | {states} | {_clauses(act)} | {_papers(act)} |")
    return [*lines, ""]


def _offices(act: Act) -> str:
    return "、".join(Role(role).label for role in act.roles)


def _clauses(act: Act) -> str:
    return "、".join(act.clauses)


def _papers(act: Act) -> str:
    return "、".join(str(number) for number in act.papers)


def clauses_page() -> str:
    """Clause → acts and rules → tests."""
    acts: dict[str, list[str]] = defaultdict(list)
    for act in registry.values():
        for clause in act.clauses:
            for name in {clause, numbered(clause, "pharmacy")}:
                acts[name].append(f"`{act.word}`")
    rules, tests = _mentions(), _tests()
    parts = ["# 条款对照", NOTE, "", "条款 → 办理和规则 → 测试。“记录类”只需留存,“不涉”不在本产品范围。空白处尚未实现。", ""]
    parts += ["| 条款 | 孪生 | 类 | 要求 | 办理 | 规则 | 测试 |", "| --- | --- | --- | --- | --- | --- | --- |"]
    seen: set[int] = set()
    for row in table().values():
        if id(row) in seen:
            continue
        seen.add(id(row))
        parts.append(_clause_row(row, acts, rules, tests))
    return "\n".join(parts) + "\n"


def _clause_row(clause: Clause, acts: dict[str, list[str]], rules: dict[str, set[str]], tests: dict[str, set[str]]) -> str:
    names = [name for name in (clause.id, clause.twin) if name]
    done = "、".join(dict.fromkeys(each for name in names for each in acts[name]))
    where = "、".join(sorted({each for name in names for each in rules[name]}))
    shown = "、".join(sorted({each for name in names for each in tests[name]}))
    kind = {"rule": "规则", "record": "记录", "out": "不涉"}.get(clause.kind, clause.kind)
    return f"| {clause.id} | {clause.twin} | {kind} | {clause.text.replace('|', '/')} | {done} | {where} | {shown} |"


CLAUSE = re.compile(r"\b([MPIYN]\d+(?:\.\d+)?)\b")
# From below; api, replay and demo hold no rule, and pages at most the telling of one.
FLOORS = "law deadlines offices documents casework institutions standing applications evaluations agreements settlement disputes pages"


def _sources() -> Iterator[Path]:
    for app in FLOORS.split():
        yield from sorted((ROOT / app).rglob("*.py"))


def _mentions() -> dict[str, set[str]]:
    """Clause → modules whose code or comments name it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in _sources():
        if "migrations" in path.parts:
            continue
        for clause in CLAUSE.findall(path.read_text(encoding="utf-8")):
            found[clause].add(str(path.relative_to(ROOT)))
    return found


def _tests() -> dict[str, set[str]]:
    """Clause → tests marked with it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = [clause for node in tree.body if isinstance(node, ast.Assign) for clause in _of_module(node)]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                own = [clause for decorator in node.decorator_list for clause in _marked(decorator)]
                for clause in [*own, *(whole if node.name.startswith("test_") else [])]:
                    found[clause].add(f"{path.relative_to(ROOT / 'tests')}::{node.name}")
    for path in sorted((ROOT / "docs" / "cases").glob("*.yaml")):
        for clause in set(CLAUSE.findall(path.read_text(encoding="utf-8"))):
            found[clause].add(f"cases/{path.name}")
    return found


def _of_module(node: ast.Assign) -> list[str]:
    """What ``pytestmark`` says of every test in its file."""
    if not any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets):
        return []
    marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
    return [clause for mark in marks for clause in _marked(mark)]


def _marked(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "clause":
        return [argument.value for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
    return []


PAGES = {"states.md": states_page, "clauses.md": clauses_page}
