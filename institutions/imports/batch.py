"""One batch of rows, matched and written in one transaction: new institutions, blanks filled in, never a value replaced."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from deadlines import clock
from institutions import identity
from institutions.imports.cells import Refuse, label_of
from institutions.imports.known import Known
from institutions.imports.rows import Candidate
from institutions.models import Chain, Institution, Licence, LicenceKind, Person, Post
from institutions.names import initials_of

CREATED, FILLED, UNCHANGED, REFUSED = "新增", "补全", "未变", "未录入"


@dataclass
class Taken:
    """What became of one row."""

    candidate: Candidate
    institution: Institution
    outcome: str
    changed: set[str] = field(default_factory=set)


@dataclass
class Batch:
    """``seen``: institution id → number of the row that was taken for it, over the whole file."""

    candidates: Sequence[Candidate]
    seen: dict[int, int]
    taken: list[Taken] = field(default_factory=list)
    refused: list[tuple[Candidate, str]] = field(default_factory=list)

    @transaction.atomic
    def write(self) -> None:
        self._match()
        self._write_institutions()
        people = _people(self.candidates)
        added = [*self._licences(), *self._posts(people)]
        Licence.objects.bulk_create(row for row in added if isinstance(row, Licence))
        Post.objects.bulk_create(row for row in added if isinstance(row, Post))

    def _match(self) -> None:
        known = Known(self.candidates)
        here: dict[int, int] = {}  # by identity of the object: a new institution has no id yet
        for candidate in self.candidates:
            try:
                institution = known.find(candidate)
                if institution is None:
                    institution = _new(candidate)
                    self.taken.append(Taken(candidate, institution, CREATED))
                else:
                    earlier = here.get(id(institution)) or self.seen.get(institution.pk)
                    if earlier:
                        raise Refuse(f"与第 {earlier} 行是同一家机构“{institution.name}”。")
                    self.taken.append(_fill(candidate, institution))
                known.add(institution)
                here[id(institution)] = candidate.number
            except Refuse as error:
                self.refused.append((candidate, str(error)))

    def _write_institutions(self) -> None:
        for each in self.taken:
            if each.candidate.chain and not each.institution.chain_id:
                each.institution.chain = _chain(*each.candidate.chain)
                each.changed.add("chain")
                _supplemented(each)
            _mark_complete(each)
        new = [each.institution for each in self.taken if each.outcome == CREATED]
        Institution.objects.bulk_create(new)
        self._parents()
        filled = [each for each in self.taken if each.outcome != CREATED and each.changed]
        for each in filled:
            each.institution.version += 1
        for names in {frozenset(each.changed) for each in filled}:
            rows = [each.institution for each in filled if each.changed == names]
            Institution.objects.bulk_update(rows, [*names, "version"])

    def _parents(self) -> None:
        """After the new rows are there, for one file may hold both; one that is not there yet is filled in by the next import."""
        wanted = {each.candidate.parent for each in self.taken if each.candidate.parent}
        there = {row.uscc: row for row in Institution.objects.filter(uscc__in=wanted, kind="hospital").exclude(category="internet")}
        created = []
        for each in (row for row in self.taken if row.candidate.parent):
            parent = there.get(each.candidate.parent)
            if each.institution.category != "internet":
                each.candidate.notes.append("库中不是互联网医院，所依托的医疗机构未填")
            elif parent is None:
                each.candidate.notes.append("所依托的医疗机构还没有登记，未填，登记后再导入一次即补上")
            elif each.institution.parent_id is None:
                each.institution.parent = parent
                if each.outcome == CREATED:
                    created.append(each.institution)
                else:
                    each.changed.add("parent")
                    _supplemented(each)
            elif each.institution.parent_id != parent.pk:
                each.candidate.notes.append("所依托的实体医疗机构与库中不一致，未改动")
        Institution.objects.bulk_update(created, ["parent"])

    def _licences(self) -> list[Licence]:
        added = []
        for each in self.taken:
            licence = each.candidate.licence
            if licence is None:
                continue
            there = [row for row in _rows(each, "licences") if row.kind == licence["kind"]]
            if not there:
                added.append(Licence(institution=each.institution, **licence))
                _supplemented(each)
            elif all(row.number != licence["number"] for row in there):
                each.candidate.notes.append("许可证号与库中不一致，未改动")
        return added

    def _posts(self, people: dict[str, Person]) -> list[Post]:
        added = []
        for each in self.taken:
            held = {row.post: row.person_id for row in _rows(each, "posts") if row.to_on is None}
            for post, (_, number) in each.candidate.people.items():
                person = people[number]
                if post not in held:
                    from_on = each.institution.opened_on or clock.today()
                    added.append(Post(institution=each.institution, post=post, person=person, from_on=from_on))
                    _supplemented(each)
                elif held[post] != person.pk:
                    each.candidate.notes.append("任职人员与库中不一致，未改动")
        return added


def _rows(each: Taken, relation: str) -> list[Any]:
    return [] if each.outcome == CREATED else list(getattr(each.institution, relation).all())


def _supplemented(each: Taken) -> None:
    if each.outcome == UNCHANGED:
        each.outcome = FILLED


def _new(candidate: Candidate) -> Institution:
    institution = Institution(**candidate.fields)
    institution.initials = initials_of(institution.name)
    candidate.notes += filter(None, candidate.inferred.values())
    if institution.district_id is None:
        candidate.notes.append("所在区不明，待核定")
    return institution


def _fill(candidate: Candidate, institution: Institution) -> Taken:
    """Blanks take the row's value; where both have one and differ, the stored one stays and the row is noted.

    What was only inferred is never held against what is stored.
    """
    changed = set()
    for name, value in candidate.fields.items():
        stored = getattr(institution, name)
        if value in (None, "", [], 0, False) or stored == value:
            continue
        if stored in (None, "", [], 0, False):
            setattr(institution, name, value)
            changed.add(name.removesuffix("_id"))
            candidate.notes += filter(None, [candidate.inferred.get(name)])
        elif name not in candidate.inferred:
            candidate.notes.append(f"{label_of(name.removesuffix('_id'))}与库中不一致，未改动")
    return Taken(candidate, institution, FILLED if changed else UNCHANGED, changed)


def _mark_complete(each: Taken) -> None:
    """As ``institutions.completeness`` has it, reckoned before the rows are written."""
    institution, licence = each.institution, each.candidate.licence
    kinds = {row.kind for row in _rows(each, "licences")} | ({licence["kind"]} if licence else set())
    licensed = bool(kinds - {LicenceKind.BUSINESS_LICENCE})
    complete = bool(institution.uscc and institution.address and institution.district_id and licensed)
    if complete and not institution.complete:
        institution.complete = True
        each.changed.add("complete")


def _chain(name: str, uscc: str) -> Chain:
    """By its code, else by its name."""
    if uscc:
        return Chain.objects.filter(uscc=uscc).first() or Chain.objects.create(name=name, uscc=uscc)
    return Chain.objects.filter(name=name).order_by("pk").first() or Chain.objects.create(name=name)


def _people(candidates: Sequence[Candidate]) -> dict[str, Person]:
    """Everybody named in the batch by identity number, the new ones written; two statements however many people."""
    names = {number: name for candidate in candidates for name, number in candidate.people.values()}
    hashes = {mark: number for number in names for mark in identity.hashes_of(number)}
    found = {hashes[row.id_number_hash or ""]: row for row in Person.objects.filter(id_number_hash__in=hashes)}
    new = {}
    for number, name in names.items():
        if number not in found:
            new[number] = Person(name=name)
            new[number].set_id_number(number)
    Person.objects.bulk_create(new.values())
    for candidate in candidates:
        for name, number in candidate.people.values():
            if number in found and found[number].name != name:
                candidate.notes.append("证件号码已登记在另一姓名下，按号码认定为同一人")
    return found | new
