"""The generated pages of docs/ are those that the registry makes today."""

import re

import pytest

from casework.acts import registry
from casework.tables import PAGES, ROOT, machines
from law.clauses import table


@pytest.mark.parametrize("name", PAGES)
def test_docs_are_generated_from_the_registry(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), "run ./run manage make_docs"


def test_every_clause_an_act_names_exists() -> None:
    """Clauses are rows of the table, articles of it, or readings."""
    articles = {clause.split(".")[0] for clause in table()}
    named = {clause for act in registry.values() for clause in act.clauses}
    assert {clause for clause in named if clause not in table() and clause not in articles and not re.fullmatch(r"R\d+", clause)} == set()


@pytest.mark.clause("M26", "P25")
def test_every_act_says_what_it_is() -> None:
    for word, act in registry.items():
        assert act.title, word
        assert act.roles, word
        assert act.clauses, word
        assert act.__doc__, word


@pytest.mark.clause("M26")
def test_every_source_state_of_an_act_exists() -> None:
    titles = {model: dict(field.choices) for model, field in machines()}
    for word, act in registry.items():
        if act.subject in titles:
            assert set(act.sources) <= set(titles[act.subject]), word
