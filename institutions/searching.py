"""Search for institutions by words: in the name, in its pinyin initials, at the beginning of a code.

A trigram index needs three characters; Chinese words have two. For one and two, the single characters and neighbouring
pairs of name and initials are indexed by a function of the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import StrIndex

if TYPE_CHECKING:
    from institutions.models import InstitutionQuerySet

SHORT = 2
# For the migration: costly to compute row by row, and said to be so. Written as a loop, which takes a fifth of what a query in
# the function takes; where rows are read in their order it is computed for each that is shown. Doubles do not matter to an index.
PIECES = """
    create function institution_pieces(name text, initials text) returns text[] language plpgsql immutable strict parallel safe cost 1000
    as $$
    declare
        given text;
        signs text[];
        pieces text[] := '{}';
    begin
        foreach given in array array[name, initials] loop
            signs := string_to_array(given, null);
            pieces := pieces || signs;
            for place in 1 .. cardinality(signs) - 1 loop
                pieces := pieces || (signs[place] || signs[place + 1]);
            end loop;
        end loop;
        return pieces;
    end $$
"""


class Pieces(Func):
    """Characters and pairs of name and initials."""

    function = "institution_pieces"
    output_field = ArrayField(TextField())

    def __init__(self) -> None:
        super().__init__(F("name"), F("initials"))


def search(rows: InstitutionQuerySet, words: str) -> InstitutionQuerySet:
    """Every word must occur in the name or the pinyin initials, or begin one of the codes."""
    for word in words.split():
        rows = _short(rows, word) if len(word) <= SHORT else rows.filter(_long(word))
    return rows


def _codes(word: str) -> Q:
    begins = Q(legacy_code__startswith=word)
    return begins | Q(uscc__startswith=word.upper()) | Q(national_code__startswith=word.upper())


def _long(word: str) -> Q:
    named = Q(name__contains=word)
    return named | Q(initials__contains=word.lower()) | _codes(word) if word.isascii() else named


def _short(rows: InstitutionQuerySet, word: str) -> InstitutionQuerySet:
    """Asked twice: of the index, and cheaply of each row, where the word is so common that rows are read in their order instead.

    "Not at place 0", because the database takes a third of the rows to be "beyond 0", thinks the word that much rarer than it
    is, and gathers ten thousand rows to sort them where it had better read on till a page is full.
    """
    rows = rows.alias(pieces=Pieces(), in_name=StrIndex("name", Value(word)), in_initials=StrIndex("initials", Value(word.lower())))
    indexed, exact = Q(pieces__contains=[word]), ~Q(in_name=0)
    if word.isascii():
        indexed |= Q(pieces__contains=[word.lower()]) | _codes(word)
        exact |= ~Q(in_initials=0) | _codes(word)
    return rows.filter(indexed, exact)
