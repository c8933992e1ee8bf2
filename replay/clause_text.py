"""Clauses as people write them in a case: ``M12(5)`` stands for the row ``M12.5`` where there is one."""

from __future__ import annotations

import re

from law.clauses import table

FORM = re.compile(r"permission|state|[IMNPY]\d+(\.\d+)*(\(\d+\))?|R\d+")


def standard(text: str) -> str:
    """The clause in the writing of the clause table; any other text comes back as it is."""
    match = re.fullmatch(r"([IMNPY]\d+)\((\d+)\)", text)
    if match and f"{match[1]}.{match[2]}" in table():
        return f"{match[1]}.{match[2]}"
    return text
