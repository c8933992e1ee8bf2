"""Which institution of the database a row means: by its codes, else by its name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from institutions.imports.cells import Refuse, label_of
from institutions.imports.rows import Candidate
from institutions.models import Institution

CODES = ("uscc", "national_code", "legacy_code")


class Known:
    """The institutions that a batch of rows could mean; those that the batch itself adds join in."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._by_code: dict[tuple[str, str], Institution] = {}
        self._by_name: dict[tuple[str, str], list[Institution]] = defaultdict(list)
        for institution in _load(candidates):
            self.add(institution)

    def add(self, institution: Institution) -> None:
        for code in CODES:
            if getattr(institution, code):
                self._by_code[code, getattr(institution, code)] = institution
        same_name = self._by_name[institution.kind, institution.name]
        if institution not in same_name:
            same_name.append(institution)

    def find(self, candidate: Candidate) -> Institution | None:
        """None: nobody yet. Refuse: the codes belong to several, or the name alone cannot tell."""
        found = list({id(row): row for key in candidate.codes.items() if (row := self._by_code.get(key))}.values())
        if len(found) > 1:
            raise Refuse(f"各编码分属不同机构：{'、'.join(row.name for row in found)}。")
        if found:
            _must_agree(candidate, found[0])
            return found[0]
        fields = candidate.fields
        namesakes = [row for row in self._by_name[fields["kind"], fields["name"]] if _could_be(candidate, row)]
        if len(namesakes) > 1:
            raise Refuse(f"有 {len(namesakes)} 家同名机构，仅凭名称不能确定是哪一家，请加编码或所在区。")
        return namesakes[0] if namesakes else None


def _must_agree(candidate: Candidate, institution: Institution) -> None:
    """A code found must not sit beside another code, or on another kind, that contradicts it."""
    if institution.kind != candidate.fields["kind"]:
        raise Refuse(f"编码属于另一类机构“{institution.name}”。")
    for code, value in candidate.codes.items():
        stored = getattr(institution, code)
        if stored and stored != value:
            raise Refuse(f"编码属于“{institution.name}”，但其{label_of(code)}不同（库中为 {stored}）。")


def _could_be(candidate: Candidate, institution: Institution) -> bool:
    """Same kind and name are given; no code may differ, and neither may the district."""
    if any(getattr(institution, code) not in (None, value) for code, value in candidate.codes.items()):
        return False
    district = candidate.fields["district_id"]
    return district is None or institution.district_id in (None, district)


def _load(candidates: Iterable[Candidate]) -> list[Institution]:
    """Locked in the order of the one door (institutions by id), as the rows may be filled in."""
    candidates = list(candidates)
    found: set[int] = set()
    for code in CODES:
        values = [candidate.codes[code] for candidate in candidates if code in candidate.codes]
        found.update(Institution.objects.filter(**{f"{code}__in": values}).values_list("pk", flat=True))
    names = {candidate.fields["name"] for candidate in candidates}
    found.update(Institution.objects.filter(name__in=names).values_list("pk", flat=True))
    rows = Institution.objects.select_for_update(of=("self",)).filter(pk__in=found).order_by("pk")
    return list(rows.prefetch_related("licences", "posts"))
