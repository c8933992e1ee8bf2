"""The search that the public lists share: by words, district and kind of institution, kept in the address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest

from institutions.models import Institution, InstitutionQuerySet, Kind
from offices.models import District

MOST_WORDS = 5
TOO_LONG = "最多输入 60 个字。"


class SearchForm(forms.Form):
    q = forms.CharField(
        label="名称、拼音首字母或编码", max_length=60, required=False, error_messages={"max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    district = forms.ChoiceField(label="所在区", required=False, error_messages={"invalid_choice": "没有这个区。"})
    kind = forms.ChoiceField(
        label="机构类别", required=False, choices=[("", "全部类别"), *Kind.choices], error_messages={"invalid_choice": "没有这个类别。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["district"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全市"), *((district.code, district.name) for district in District.objects.all())]


@dataclass(frozen=True)
class Search:
    """What was asked for; a part that makes no sense is told on the form and left out of the search."""

    form: SearchForm
    words: str
    district: str
    kind: str

    @property
    def narrowed(self) -> bool:
        return bool(self.words or self.district or self.kind)

    def narrow(self, rows: InstitutionQuerySet) -> InstitutionQuerySet:
        if self.words:
            rows = rows.search(" ".join(self.words.split()[:MOST_WORDS]))
        if self.district:
            rows = rows.filter(district_id=self.district)
        return rows.filter(kind=self.kind) if self.kind else rows

    def matching(self) -> InstitutionQuerySet:
        """The institutions asked for, for lists that are not lists of institutions."""
        return self.narrow(Institution.objects.all())

    @property
    def query(self) -> str:
        """The same search as the tail of an address, for downloads and the neighbouring lists."""
        asked = {"q": self.words, "district": self.district, "kind": self.kind}
        return urlencode({name: value for name, value in asked.items() if value})


def search_of(request: HttpRequest) -> Search:
    """The search in the address."""
    form = SearchForm(request.GET)
    form.is_valid()
    good = form.cleaned_data
    return Search(form, good.get("q", ""), good.get("district", ""), good.get("kind", ""))
